// Whoever runs the server asks to come into a workspace that is not theirs: seen, marked, ended.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PASSWORD, barriers, enrol, folder, follow, launch, person, serve, setUp } from "./support.mjs";

const REASON = "Ticket 4711: the report of March shows no row";

test("an operator comes in with a reason, is seen, marked, and out when an admin says so", async (story) => {
  const server = await serve(await folder(story));
  story.after(() => server.stop());
  const browser = await launch(story);
  const ada = await person(browser, server.address);
  await setUp(ada, server.code);

  // Another workspace, with an admin of its own; Ada runs the server and is not in it.
  await ada.goto("/workspaces");
  await ada.getByLabel("Name", { exact: true }).fill("Southgate Clinic");
  await ada.getByLabel("First admin's e-mail address").fill("grace@example.org");
  await ada.getByLabel("First admin's name").fill("Grace");
  await ada.getByRole("button", { name: "Make the workspace" }).click();
  const link = await ada.locator("#made-link").innerText();
  const grace = await person(browser, server.address);
  await grace.goto(link);
  await grace.getByLabel("Password").fill(PASSWORD);
  await grace.getByRole("button", { name: "Join" }).click();
  await grace.waitForURL("**/account/factors");
  await enrol(grace);
  await follow(grace, grace.getByRole("link", { name: "I have kept them" }));
  await grace.goto("/data/import");
  await grace.getByLabel("Drop a file here").setInputFiles({
    name: "patients.csv", mimeType: "text/csv", buffer: Buffer.from("name,ward\nEdith,7\nFlorence,9\n"),
  });
  await grace.waitForURL(/\/data\/import\/.+/);
  await grace.locator("form#order button.primary").click();
  await grace.getByRole("button", { name: "Make an app" }).click();
  await grace.waitForURL("**/apps/patients");
  await grace.goto("/members/break-glass");
  const second = grace.getByLabel("Somebody else has to agree");
  if (!(await second.isChecked())) {
    await second.check();
    await grace.getByRole("button", { name: "Save" }).click();
  }

  // From outside nothing is seen: not the app, not by going there.
  assert.equal((await ada.goto("/apps/patients")).status(), 404);
  await ada.goto("/workspaces");
  await ada.getByRole("button", { name: "More for Southgate Clinic" }).click();
  await ada.getByRole("link", { name: "Ask to come into Southgate Clinic" }).click();
  assert.deepEqual(await barriers(ada), []);
  await ada.getByLabel("Why").fill(REASON);
  await ada.getByRole("button", { name: "Ask" }).click();
  await ada.waitForURL("**/workspaces/break-glass");
  await ada.getByText("waits", { exact: true }).waitFor();
  await ada.goto("/workspace");
  assert.equal(await ada.getByRole("button", { name: "Go to Southgate Clinic" }).count(), 0, "nobody agreed yet");

  // Its admin is told on every page, reads why, and lets them in.
  await grace.goto("/apps");
  await grace.getByText("An operator is in this workspace or asks to come in.").waitFor();
  await grace.getByRole("link", { name: "See who and why" }).click();
  await grace.getByText(REASON).waitFor();
  assert.deepEqual(await barriers(grace), []);
  await grace.getByRole("button", { name: "Let Ada Lovelace in" }).click();
  await grace.getByText("inside", { exact: true }).waitFor();

  await ada.goto("/workspace");
  await ada.locator("main").getByRole("button", { name: "Go to Southgate Clinic" }).click();
  await ada.getByText("You are a visitor in Southgate Clinic").waitFor();
  assert.equal((await ada.goto("/apps/patients")).status(), 200);
  assert.match(await ada.locator("main").innerText(), /Florence/);
  assert.deepEqual(await barriers(ada), []);
  assert.equal((await ada.goto("/data")).status(), 403, "no more than the role that was asked for");

  // Ended by the admin: the next request is refused.
  await grace.goto("/members/break-glass");
  await grace.getByRole("button", { name: "End the stay of Ada Lovelace" }).click();
  await grace.getByText("over", { exact: true }).waitFor();
  const after = await ada.goto("/apps/patients");
  assert.ok(!(await ada.content()).includes("Florence"));
  assert.ok([403, 404].includes(after.status()) || !ada.url().endsWith("/apps/patients"), `${after.status()} ${ada.url()}`);

  // The trail of the workspace: who asked why, who agreed, what was read under it, and the end.
  await grace.goto("/audit");
  for (const action of ["grant.asked", "grant.agreed", "grant.ended"]) {
    await grace.getByRole("cell", { name: action, exact: true }).waitFor();
  }
  const marked = grace.getByRole("row").filter({ hasText: "break-glass" }).filter({ hasText: "Ada Lovelace" });
  await marked.first().waitFor();
  assert.ok((await marked.filter({ hasText: /patients/i }).count()) > 0, "what was read is marked");
  await grace.goto("/audit?action=grant.asked");
  await grace.locator("a.row-link").first().click();
  await grace.getByText(REASON).first().waitFor();
  assert.deepEqual([...ada.trouble, ...grace.trouble], []);
});
