// What leaves a survey by itself: messages to a program that listens, and a file by a link that opens once.
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import { join } from "node:path";
import { test } from "node:test";
import { authority } from "./authority.mjs";
import { publish } from "./field.mjs";
import { dice, takePart } from "./respondent.mjs";
import { barriers, folder, launch, person, serve, setUp } from "./support.mjs";

/** A program that listens; `messages` waits until it heard so many. */
async function listener(story, files) {
  const heard = [];
  const server = createServer({ cert: await readFile(files.cert), key: await readFile(files.key) }, (asked, answer) => {
    let body = "";
    asked.on("data", (piece) => (body += piece));
    asked.on("end", () => {
      heard.push({ headers: asked.headers, body });
      answer.end();
    });
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  story.after(() => server.close());
  return {
    port: server.address().port,
    async messages(count) {
      while (heard.length < count) await new Promise((go) => setTimeout(go, 50));
      return heard;
    },
  };
}

/** The signature of a message, by the Standard Webhooks specification. */
function signature(secret, { headers, body }) {
  const key = Buffer.from(secret.replace("whsec_", ""), "base64");
  const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
  return `v1,${createHmac("sha256", key).update(signed).digest("base64")}`;
}

async function begun(story, port, data) {
  const config = join(data, "onsight.toml");
  await writeFile(config, `[egress]\nallow = ["localhost:${port}"]\n`);
  process.env.ONSIGHT_CONFIG = config;
  story.after(() => delete process.env.ONSIGHT_CONFIG);
  const server = await serve(join(data, "onsight"));
  story.after(() => server.stop());
  const browser = await launch(story);
  const ada = await person(browser, server.address);
  await setUp(ada, server.code);
  const id = await publish(ada, join(import.meta.dirname, "surveys/visitors.toml"));
  return { server, browser, ada, id };
}

test("a program is told who completed, and a file is had by a link that opens once", async (story) => {
  const data = await folder(story);
  const { ca, files } = await authority(data);
  const program = await listener(story, files);
  const { server, browser, ada, id } = await begun(story, program.port, data);
  const looked = async (page) => deepEqual(await barriers(page), [], page.url());

  // An address that cannot be is said to be wrong, and what was typed stays.
  await ada.goto(`/surveys/${id}/webhooks`);
  await looked(ada);
  await ada.getByLabel("Name").fill("Warehouse");
  await ada.getByLabel("Address").fill("http://localhost/");
  await ada.getByRole("button", { name: "Add the webhook" }).click();
  await ada.getByRole("alert").waitFor();
  equal(await ada.getByLabel("Name").inputValue(), "Warehouse");
  await looked(ada);
  await ada.getByLabel("Address").fill(`https://localhost:${program.port}/in`);
  await ada.getByLabel("Authority of its server").fill(ca);
  await ada.getByRole("button", { name: "Add the webhook" }).click();
  const secret = await ada.locator("#secret").innerText();
  match(secret, /^whsec_/);
  await looked(ada);
  await ada.getByRole("button", { name: "Send a test message" }).click();
  await ada.getByText("it took the message").waitFor();
  ok(!(await ada.content()).includes(secret));
  await looked(ada);

  for (const seed of [7, 8]) {
    const guest = await person(browser, server.address);
    await takePart(guest, `/s/${id}?lang=en`, dice(seed));
    deepEqual(guest.trouble, []);
    await guest.context().close();
  }
  const [tried, ...told] = await program.messages(3);
  for (const message of [tried, ...told]) equal(message.headers["webhook-signature"], signature(secret, message));
  deepEqual(told.map(({ body }) => JSON.parse(body).event), ["response.complete", "response.complete"]);
  await ada.goto(`/surveys/${id}/webhooks`);
  await ada.getByText("taken", { exact: true }).nth(1).waitFor();
  await looked(ada);

  // A delivery without a schedule: asked for, made, and had once.
  await ada.goto(`/surveys/${id}/deliveries`);
  await looked(ada);
  await ada.getByRole("link", { name: "Set up a delivery" }).click();
  await looked(ada);
  await ada.getByLabel("Name", { exact: true }).fill("Weekly");
  await ada.getByRole("button", { name: "Set it up" }).click();
  await ada.getByRole("button", { name: "Deliver now: Weekly" }).click();
  const made = ada.getByText("lies here", { exact: true });
  while ((await made.count()) === 0) {
    await ada.waitForTimeout(200);
    await ada.goto(`/surveys/${id}/deliveries`);
  }
  await ada.getByRole("button", { name: "Make a link" }).click();
  const link = await ada.locator("#made-link").innerText();
  await looked(ada);
  const agency = await person(browser, server.address);
  await agency.goto(link);
  await looked(agency);
  const [download] = await Promise.all([agency.waitForEvent("download"), agency.locator("main form button").click()]);
  const rows = (await readFile(await download.path(), "utf8")).trim().split("\n");
  equal(rows.length, 3);
  const again = await agency.request.get(link);
  equal(again.status(), 404);
  await ada.goto(`/surveys/${id}/deliveries`);
  await ada.getByText(/taken .* from 127\.0\.0\.1/).waitFor();
  await looked(ada);
  for (const page of [ada, agency]) deepEqual(page.trouble, []);
});
