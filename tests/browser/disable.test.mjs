// Shut out: two open browsers and a program of one person, refused within five seconds of a click.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PASSWORD, folder, launch, person, serve, setUp } from "./support.mjs";

const WITHIN = 5_000;

test("who is disabled is out everywhere within five seconds, and in again when enabled", async (story) => {
  const server = await serve(await folder(story));
  story.after(() => server.stop());
  const browser = await launch(story);
  const ada = await person(browser, server.address);
  await setUp(ada, server.code);
  await ada.goto("/members");
  await ada.getByLabel("E-mail address").fill("bob@example.org");
  await ada.getByLabel("Name", { exact: true }).fill("Bob");
  await ada.getByRole("button", { name: "Make an invitation" }).click();
  const link = await ada.locator("#made-link").innerText();

  const desk = await person(browser, server.address);
  await desk.goto(link);
  await desk.getByLabel("Password").fill(PASSWORD);
  await desk.getByRole("button", { name: "Join" }).click();
  await desk.waitForURL("**/apps");
  await desk.goto("/account/keys");
  await desk.getByLabel("Name").fill("Excel");
  await desk.getByRole("button", { name: "Make a key" }).click();
  const key = await desk.locator("#made-key").innerText();
  const phone = await person(browser, server.address, { viewport: { width: 390, height: 844 } });
  await signIn(phone);
  await phone.waitForURL("**/apps");

  // An app that is not there: the key is looked at first, so 404 is a key that is good.
  const stranger = await person(browser, server.address);
  const program = async (secret) => {
    const headers = { authorization: `Bearer ${secret}` };
    return (await stranger.request.get("/api/v1/apps/none/queries/none", { headers })).status();
  };
  const window = async (page) => (await page.request.get("/apps", { maxRedirects: 0 })).status();
  const doors = [() => window(desk), () => window(phone), () => program(key)];
  const all = () => Promise.all(doors.map((door) => door()));
  assert.deepEqual(await all(), [200, 200, 404]);
  assert.equal(await program(`${key.slice(0, -4)}AAAA`), 401, "a key nobody has");

  await ada.goto("/members");
  const row = ada.getByRole("row", { name: /bob@example\.org/ });
  await row.getByRole("button", { name: /^More for/ }).click();
  await row.getByRole("button", { name: "Disable" }).click();
  const clicked = Date.now();
  await ada.getByRole("dialog").getByRole("button", { name: "Shut out" }).click();
  const isOut = ([one, other, api]) => one === 303 && other === 303 && api === 401;
  let seen = await all();
  while (!isOut(seen)) {
    assert.ok(Date.now() - clicked < WITHIN, `still open after five seconds: ${seen}`);
    seen = await all();
  }
  for (const page of [desk, phone]) {
    await page.goto("/apps");
    assert.match(page.url(), /\/sign-in\?then=/);
  }
  // Out is out: not by the password either.
  const form = { email: "bob@example.org", password: PASSWORD, then: "/" };
  const tried = await phone.request.post("/sign-in", { form, maxRedirects: 0 });
  assert.equal(tried.status(), 422, (await tried.text()).match(/<main[^]*<\/main>/)?.[0]);
  assert.equal(await window(phone), 303);

  await row.getByText("disabled", { exact: true }).waitFor();
  await row.getByRole("button", { name: "Let in again" }).click();
  await row.getByText("disabled", { exact: true }).waitFor({ state: "detached" });
  assert.equal(await program(key), 404, "the key works again");
  assert.equal(await window(desk), 303, "what was ended stays ended");
  for (const page of [desk, phone]) {
    await signIn(page);
    await page.waitForURL("**/apps");
  }
  await ada.goto("/audit");
  for (const action of ["member.disabled", "member.enabled"]) {
    await ada.getByRole("cell", { name: action, exact: true }).waitFor();
  }
  assert.deepEqual([...ada.trouble, ...desk.trouble, ...phone.trouble], []);
});

async function signIn(page) {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail address").fill("bob@example.org");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
}
