// Two people at one page: what one changes the other sees, without a hand on the page, and never under their hands.
import assert from "node:assert/strict";
import { test } from "node:test";
import { barriers, folder, follow, launch, person, serve, setUp } from "./support.mjs";

const APP = `format = 1
id = "jobs"
title = "Jobs"
[uses.main]
kind = "sqlite"
needs = ["read", "write"]
[query.every]
use = "main"
kind = "read"
sql = "select id, name, hours from jobs order by id"
[query.sums]
use = "main"
kind = "read"
sql = "select count(*) as jobs from jobs"
[query.notes]
use = "main"
kind = "read"
sql = "select id, said from notes order by id"
[query.add]
use = "main"
kind = "write"
sql = "insert into jobs (name, hours) values (:name, 1)"
[query.add.param]
name = { from = "form.name", type = "text", max = 60 }
[query.set_hours]
use = "main"
kind = "write"
expect = 1
sql = "update jobs set hours = :hours where id = :id and hours = :was"
[query.set_hours.param]
hours = { from = "form.hours", type = "int", min = 0, max = 99 }
was = { from = "row.hours", type = "int" }
id = { from = "row.id", type = "int" }
[page.work]
title = "Work"
path = "/"
live = true
[page.work.widget.table]
type = "report"
at = [1, 1, 12]
title = "All jobs"
query = "every"
edit = [{ column = "hours", run = "set_hours" }]
[page.work.widget.sum]
type = "stat"
at = [2, 1, 6]
label = "Jobs"
query = "sums"
[page.work.widget.notes]
type = "report"
at = [2, 7, 6]
title = "Notes"
query = "notes"
[page.work.widget.form]
type = "form"
at = [3, 1, 12]
submit = "add"
button = "Add"
then = { toast = "Added" }
`;

/** Two tables, their rows, the app over them, published. */
async function make(ada) {
  const send = (path, fields) =>
    ada.evaluate(async ([path, fields]) => (await fetch(path, { method: "POST", body: new URLSearchParams(fields) })).status, [path, fields]);
  await ada.goto("/data/new");
  await send("/data/new", [["title", "Jobs"], ["column", "Name"], ["type", "text"], ["column", "Hours"], ["type", "integer"]]);
  await send("/data/new", [["title", "Notes"], ["column", "Said"], ["type", "text"]]);
  for (const [name, hours] of [["Paint", 3], ["Sweep", 1]]) await send("/data/jobs/rows/new", [["v.name", name], ["v.hours", String(hours)]]);
  assert.equal(await send("/data/notes/rows/new", [["v.said", "Quiet"]]), 200);
  await ada.goto("/apps/new");
  await ada.locator("input[type=file]").setInputFiles({ name: "jobs.toml", mimeType: "application/toml", buffer: Buffer.from(APP) });
  await ada.getByRole("button", { name: "Import the app" }).click();
  await ada.waitForURL("**/edit/jobs**");
  await ada.goto("/edit/jobs/publish");
  await follow(ada, ada.getByRole("button", { name: "Publish version 1" }));
}

/** What the page asked for by itself, each with the widgets it named. */
function asked(page) {
  const all = [];
  page.on("request", (request) => {
    const only = request.headers()["onsight-only"];
    if (only) all.push(only);
  });
  return all;
}

const add = async (page, name) => {
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Add" }).click();
  await page.locator("#w-table").getByText(name).waitFor();
};

test("an open page shows what somebody else changes", { timeout: 300_000 }, async (story) => {
  const data = await folder(story);
  const server = await serve(data);
  story.after(() => server.stop());
  const browser = await launch(story);
  const ada = await person(browser, server.address);
  await setUp(ada, server.code);
  await make(ada);

  // The same person at two windows hears as two people do.
  await ada.goto("/apps/jobs");
  const other = await ada.context().newPage();
  other.trouble = [];
  other.on("pageerror", (error) => other.trouble.push(error.message));
  await other.goto("/apps/jobs");
  await other.getByText("Live", { exact: true }).waitFor();
  const requests = asked(other);
  await other.evaluate(() => (document.body.dataset.kept = "yes"));

  await add(ada, "Mend");
  await other.locator("#w-table").getByText("Mend").waitFor();
  await other.locator("#w-sum").getByText("3").waitFor();
  assert.equal(await other.evaluate(() => document.body.dataset.kept), "yes", "the page was not loaded again");
  assert.ok(requests.every((only) => !only.includes("notes")), "what did not change is not asked for");

  // The focus stays where it is.
  const edit = other.locator("#w-table .cell-edit").first();
  await edit.focus();
  await add(ada, "Wash");
  await other.locator("#w-table").getByText("Wash").waitFor();
  assert.ok(await edit.evaluate((link) => link === document.activeElement), "the focus is where it was");

  // Nothing is written anew under somebody's hands.
  await edit.press("Enter");
  const field = other.locator(".cell-form input:not([type=hidden])");
  await field.fill("42");
  await add(ada, "Weed");
  await other.locator("#w-sum").getByText("5").waitFor();
  assert.equal(await field.inputValue(), "42");
  assert.equal(await other.locator("#w-table").getByText("Weed").count(), 0);
  await field.press("Escape");
  await other.locator("#w-table").getByText("Weed").waitFor();

  // What is half filled in stays.
  await other.getByLabel("Name").fill("Half a word");
  await add(ada, "Rake");
  await other.locator("#w-table").getByText("Rake").waitFor();
  assert.equal(await other.getByLabel("Name").inputValue(), "Half a word");

  for (const [width, height] of [[1280, 900], [390, 844]]) {
    await other.setViewportSize({ width, height });
    for (const colorScheme of ["light", "dark"]) {
      await other.emulateMedia({ colorScheme });
      assert.deepEqual(await barriers(other), [], `${width} ${colorScheme}`);
    }
    const over = await other.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(over <= 0, `${width}: ${over} pixels stick out`);
  }

  // Without a server the page says so.
  const status = other.locator(".follow [role=status]");
  await server.stop();
  await status.getByText("The connection is lost").waitFor({ timeout: 60_000 });
  assert.ok(await other.getByText("Live", { exact: true }).isHidden());

  assert.deepEqual([...ada.trouble, ...other.trouble], []);
});

test("without a script nothing follows and nothing is said", { timeout: 120_000 }, async (story) => {
  const data = await folder(story);
  const server = await serve(data);
  story.after(() => server.stop());
  const browser = await launch(story);
  const ada = await person(browser, server.address);
  await setUp(ada, server.code);
  await make(ada);

  const plain = await browser.newContext({ baseURL: server.address, ignoreHTTPSErrors: true, javaScriptEnabled: false });
  await plain.addCookies(await ada.context().cookies());
  const page = await plain.newPage();
  await page.goto("/apps/jobs");

  assert.ok(await page.getByText("Paint").isVisible());
  assert.ok(await page.locator(".follow .badge").isHidden());
});
