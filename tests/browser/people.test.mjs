// How people come in, seen in a browser.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PASSWORD, barriers, folder, launch, person, serve, setUp } from "./support.mjs";

test("the first admin invites a colleague, who joins and sees less", async (story) => {
  const data = await folder(story);
  const server = await serve(data);
  story.after(() => server.stop());
  const browser = await launch(story);
  const ada = await person(browser, server.address);
  await setUp(ada, server.code);

  await ada.goto("/members");
  await ada.getByLabel("E-mail address").fill("bob@example.org");
  await ada.getByLabel("Name", { exact: true }).fill("Bob");
  await ada.getByRole("button", { name: "Make an invitation" }).click();
  const link = await ada.locator("#made-link").innerText();
  assert.match(link, /^https:\/\/127\.0\.0\.1:\d+\/link\/\S{43}$/);
  assert.deepEqual(await barriers(ada), []);

  const bob = await person(browser, server.address, { viewport: { width: 390, height: 844 } });
  await bob.goto(link);
  await bob.getByLabel("Password").fill(PASSWORD);
  await bob.getByRole("button", { name: "Join" }).click();
  await bob.waitForURL("**/apps");
  assert.equal(await bob.getByRole("link", { name: "Members" }).count(), 0);
  assert.equal((await bob.goto("/members")).status(), 403);
  assert.deepEqual(await barriers(bob), []);

  for (const path of ["/account", "/audit", "/security", "/trust"]) {
    await ada.goto(path);
    assert.deepEqual(await barriers(ada), [], path);
  }
  assert.deepEqual([...ada.trouble, ...bob.trouble], []);
});
