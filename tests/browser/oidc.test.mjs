// Signing in by a provider: oidc-provider (certified) on this machine.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import { join } from "node:path";
import { test } from "node:test";
import Provider from "oidc-provider";
import { authority, freePort } from "./authority.mjs";
import { barriers, folder, launch, person, serve, setUp } from "./support.mjs";

const SECRET = "a secret of the client, never shown";
/** Who they are over there; stories change it. */
const people = {
  bob: { email: "bob@corp.example", email_verified: true, name: "Bob", groups: ["makers"] },
  eve: { email: "eve@corp.example", email_verified: false, name: "Eve", groups: ["makers"] },
  mallory: { email: "ada@example.org", email_verified: true, name: "Mallory", groups: ["makers"] },
};

function provider(issuer, back) {
  const made = new Provider(issuer, {
    clients: [{ client_id: "onsight", client_secret: SECRET, redirect_uris: [back],
      grant_types: ["authorization_code"], response_types: ["code"] }],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name", "groups"] },
    pkce: { required: () => true },
    cookies: { keys: ["a key for cookies"] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
  });
  return made.callback();
}

/** Starts the machine of a provider; who answers there is decided later. */
async function machine(story, files) {
  const options = { cert: await readFile(files.cert), key: await readFile(files.key) };
  let answer = (_, response) => response.writeHead(503).end();
  const server = createServer(options, (request, response) => answer(request, response));
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  story.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const issuer = `https://localhost:${server.address().port}`;
  return { issuer, serve: (back) => (answer = provider(issuer, back)) };
}

/** Through the provider's own pages, as that account; `before` it sends them back. */
async function through(page, account, before = () => {}) {
  await page.goto("/sign-in");
  await page.getByRole("link", { name: "Sign in with Corp" }).click();
  await page.locator("input[name=login]").fill(account);
  await page.locator("input[name=password]").fill("whatever");
  await page.locator("button[type=submit]").click();
  await page.getByRole("button", { name: "Continue" }).waitFor();
  await before();
  await page.getByRole("button", { name: "Continue" }).click();
}

test("people come in by a provider, in their place, and by no trick", async (story) => {
  const data = await folder(story);
  const { ca, files } = await authority(data);
  const there = await machine(story, files);
  const url = `https://127.0.0.1:${await freePort()}`;
  const config = join(data, "onsight.toml");
  await writeFile(config, `[site]\nurl = "${url}"\n[egress]\nallow = ["${new URL(there.issuer).host}"]\n`);
  process.env.ONSIGHT_CONFIG = config;
  story.after(() => delete process.env.ONSIGHT_CONFIG);
  const server = await serve(join(data, "onsight"), { listen: new URL(url).host });
  story.after(() => server.stop());
  const browser = await launch(story);
  const ada = await person(browser, url);
  await setUp(ada, server.code);

  // An operator enters it; the test says what is wrong with it, then what is right.
  await ada.goto("/sign-in-methods");
  assert.deepEqual(await barriers(ada), []);
  await ada.getByRole("link", { name: "Add a provider" }).first().click();
  await ada.getByLabel("Name").fill("Corp");
  await ada.getByLabel("Issuer").fill(there.issuer);
  await ada.getByLabel("Client id").fill("onsight");
  await ada.getByLabel("Client secret").fill(SECRET);
  await ada.getByLabel("Make accounts").check();
  await ada.getByRole("button", { name: "Keep it" }).click();
  await ada.waitForURL(/sign-in-methods\/[0-9a-f]{32}$/);
  const method = ada.url().split("/").at(-1);
  there.serve(`${url}/sign-in/back/${method}`);

  await ada.getByRole("button", { name: "Test what is saved" }).click();
  const step = (name) => ada.locator(`[data-step="${name}"]`);
  await step("Certificate").getByText("failed").waitFor();
  assert.match(await step("Certificate").innerText(), /CN=localhost, signed by CN=Corp Root.*SHA-256 ([0-9A-F]{2}:){31}/s);
  assert.match(await step("Discovery").innerText(), /UnknownIssuer/);
  await ada.getByLabel("Certificate of the authority").fill(ca);
  await ada.getByLabel("Client secret").fill(SECRET);
  await ada.getByRole("button", { name: "Save", exact: true }).click();
  await ada.getByRole("button", { name: "Test what is saved" }).click();
  await step("Discovery").getByText("fine").waitFor();
  assert.equal(await ada.getByText("failed", { exact: true }).count(), 0);
  await ada.getByLabel("Group there").fill("makers");
  await ada.getByLabel("Role", { exact: true }).selectOption("builder");
  await ada.getByRole("button", { name: "Give it this place" }).click();
  await ada.getByRole("cell", { name: "makers", exact: true }).waitFor();
  assert.deepEqual(await barriers(ada), []);
  assert.ok(!(await ada.content()).includes(SECRET));
  await ada.getByRole("button", { name: "Switch on" }).click();

  // Bob has no account here; his group makes him a builder.
  const bob = await person(browser, url);
  let returned;
  bob.on("request", (request) => {
    if (request.url().includes("/sign-in/back/")) returned = request.url();
  });
  await through(bob, "bob");
  await bob.waitForURL("**/apps");
  await bob.getByRole("link", { name: "Data" }).waitFor();
  assert.match(returned, new RegExp(`^${url}/sign-in/back/${method}\\?code=`));

  // What came back opens nothing twice, nothing elsewhere, and nothing invented.
  const stranger = await person(browser, url);
  for (const [page, address] of [
    [bob, returned],
    [stranger, returned],
    [stranger, `/sign-in/back/${method}?code=x&state=x`],
    [stranger, `/sign-in/back/${method}`],
  ]) {
    const answer = await page.goto(address);
    assert.equal(answer.status(), 422, address);
    await page.getByText("begin again").waitFor();
  }
  const thief = await person(browser, url);
  await through(thief, "bob", () => thief.context().clearCookies({ name: "__Host-arriving" }));
  await thief.getByText("begin again").waitFor();
  assert.equal((await thief.goto("/apps")).url(), `${url}/sign-in?then=%2Fapps`, "not the browser that began");

  // An address that is not verified, one of an operator, a group that is gone.
  for (const [account, why] of [["eve", "verified"], ["mallory", "not joined"]]) {
    const one = await person(browser, url);
    await through(one, account);
    await one.getByText(why).waitFor();
    assert.deepEqual(await barriers(one), []);
    assert.equal((await one.goto("/apps")).url(), `${url}/sign-in?then=%2Fapps`);
  }
  people.bob.groups = [];
  const later = await person(browser, url);
  await through(later, "bob");
  await later.getByText("no place in any workspace").waitFor();
  const before = await bob.request.get("/data", { maxRedirects: 0 });
  assert.notEqual(before.status(), 200, "the place is gone for the session he had, too");

  // The secret goes to no other destination.
  await ada.goto(`/sign-in-methods/${method}`);
  await ada.getByLabel("Issuer").fill("https://evil.example");
  await ada.getByRole("button", { name: "Save", exact: true }).click();
  await ada.getByText("None is kept").waitFor();

  // A workspace's trail tells who came and went; the instance's, whose account was made, who was refused.
  for (const [trail, actions] of [
    ["/audit", ["sign_in_method.added", "placement.added", "member.added", "member.removed"]],
    ["/audit/instance", ["member.joined", "session.refused"]],
  ]) {
    await ada.goto(trail);
    for (const action of actions) {
      assert.ok(await ada.getByRole("cell", { name: action, exact: true }).count(), `${action} in ${trail}`);
    }
    assert.ok(!(await ada.content()).includes(SECRET), trail);
  }
  assert.deepEqual([...ada.trouble, ...bob.trouble], []);
});
