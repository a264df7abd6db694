// A survey invites by mail: from the list to the letter, from its link to the end, and no letters after that.
import { deepEqual, equal, match } from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { homedir } from "node:os";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { authority } from "./authority.mjs";
import { publish } from "./field.mjs";
import { barriers, folder, follow, launch, person, serve, setUp } from "./support.mjs";

const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "onsight-tests");
const PYTHON = process.env.ONSIGHT_SMTPD ?? join(CACHE, "aiosmtpd-1.4.6/bin/python");
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, colorScheme: "dark" };
const LIST = "name,email\nAnn,ann@example.net\nBen,ben@example.net\n";
const TEXT = "Dear ${name},\n\nhow was your stay?\n\n${link}\n";

/** A server for mail that keeps what it is sent; `letter` waits for the next. */
async function sink(story, files) {
  const want = { cert: files.cert, key: files.key };
  const script = resolve(import.meta.dirname, "../it/mail/sink.py");
  const child = spawn(PYTHON, [script, JSON.stringify(want)], { stdio: ["pipe", "pipe", "inherit"] });
  const exited = new Promise((done) => child.on("exit", done));
  story.after(() => child.kill("SIGTERM") && exited);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => JSON.parse((await lines.next()).value);
  const { port } = await next();
  return { port, letter: next };
}

/** The text of a letter as people read it. */
function words({ text }) {
  const body = text.slice(text.search(/\r?\n\r?\n/)).trim();
  if (/^content-transfer-encoding: base64/im.test(text)) return Buffer.from(body, "base64").toString();
  if (!/^content-transfer-encoding: quoted-printable/im.test(text)) return body;
  const bytes = body.replace(/=\r?\n/g, "").replace(/=([0-9A-F]{2})/g, (_, code) => `%${code}`);
  return bytes.replace(/%([0-9A-F]{2})/g, (_, code) => String.fromCharCode(parseInt(code, 16)));
}

test("people are invited by mail, answer by their link, and stop the letters", async (story) => {
  const data = await folder(story);
  const { ca, files } = await authority(data);
  const mail = await sink(story, files);
  const config = join(data, "onsight.toml");
  await writeFile(config, `[egress]\nallow = ["localhost:${mail.port}"]\n`);
  process.env.ONSIGHT_CONFIG = config;
  story.after(() => delete process.env.ONSIGHT_CONFIG);
  const server = await serve(join(data, "onsight"));
  story.after(() => server.stop());
  const browser = await launch(story);
  const ada = await person(browser, server.address);
  await setUp(ada, server.code);
  const id = await publish(ada, join(import.meta.dirname, "surveys/visitors.toml"));
  const looked = async (page) => deepEqual(await barriers(page), [], page.url());

  // Nothing can be sent yet, and the page says why.
  await ada.goto(`/surveys/${id}/invitations`);
  await ada.getByRole("note").getByText("No server for mail is set up").waitFor();
  await looked(ada);
  await ada.goto("/mail/server");
  await ada.getByLabel("Host").fill("localhost");
  await ada.getByLabel("Port").fill(String(mail.port));
  await ada.getByLabel("Certificate of the authority").fill(ca);
  await ada.getByLabel("Letters are from").fill("onsight@corp.example");
  await ada.getByRole("button", { name: "Save", exact: true }).click();
  await ada.getByText("on", { exact: true }).waitFor();
  await looked(ada);

  // The list, the letter with a test, the round.
  await ada.goto(`/surveys/${id}/invitations`);
  await ada.locator("#file").setInputFiles({ name: "people.csv", mimeType: "text/csv", buffer: Buffer.from(LIST) });
  await ada.getByRole("button", { name: "Bring the list" }).click();
  await ada.getByText("ben@example.net").waitFor();
  await looked(ada);
  await ada.goto(`/surveys/${id}/invitations/letters`);
  await ada.locator("#invitation-subject-en").fill("Your stay, ${name}");
  await ada.locator("#invitation-text-en").fill(TEXT.replace("${link}", "${lnk}"));
  await ada.getByRole("button", { name: "Save", exact: true }).first().click();
  await ada.getByRole("alert").waitFor();
  equal(await ada.locator("#invitation-subject-en").inputValue(), "Your stay, ${name}");
  await looked(ada);
  await ada.locator("#invitation-text-en").fill(TEXT);
  await ada.locator("button[value='invitation:en']").click();
  await ada.getByText("A test went to ada@example.org").waitFor();
  match((await mail.letter()).to.join(), /ada@example.org/);
  await follow(ada, ada.getByRole("button", { name: "Save", exact: true }).first());
  await ada.goto(`/surveys/${id}/invitations`);
  await ada.getByRole("button", { name: "Send the invitation" }).click();
  await ada.getByRole("dialog").getByRole("button", { name: "Send", exact: true }).click();
  await ada.getByRole("region", { name: "Rounds of letters" }).waitFor();
  await looked(ada);
  const letters = new Map();
  for (const letter of [await mail.letter(), await mail.letter()]) letters.set(letter.to.join(), letter);
  deepEqual([...letters.keys()].sort(), ["ann@example.net", "ben@example.net"]);

  // Ann answers on her telephone; Ben wants no more of them.
  const link = (letter) => words(letter).match(/https:\/\/\S+\/s\/\S+/g);
  const [hers] = link(letters.get("ann@example.net"));
  match(words(letters.get("ann@example.net")), /^Dear Ann,/);
  const ann = await person(browser, server.address, PHONE);
  await ann.goto(hers);
  await ann.getByRole("button", { name: "Begin" }).click();
  await ann.getByLabel("Car").check();
  await ann.getByRole("button", { name: "Next" }).click();
  await ann.getByLabel("How many nights?").fill("2");
  await ann.getByRole("button", { name: "Next" }).click();
  await ann.locator(".end").waitFor();
  const ben = await person(browser, server.address, PHONE);
  await ben.goto(link(letters.get("ben@example.net")).find((one) => one.includes("/stop")));
  await looked(ben);
  await follow(ben, ben.locator("form button"));
  await looked(ben);
  await ada.goto(`/surveys/${id}/invitations`);
  await ada.getByText("completed", { exact: true }).waitFor();
  await ada.getByText("wants no letters", { exact: true }).waitFor();
  for (const page of [ada, ann, ben]) deepEqual(page.trouble, []);
});
