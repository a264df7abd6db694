// An app is looked at before it is published: its tests, what the rules find, and what changes.
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { test } from "node:test";
import { instance } from "./field.mjs";
import { barriers } from "./support.mjs";

const WAYS = [
  { viewport: { width: 1280, height: 900 }, colorScheme: "light" },
  { viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
  { viewport: { width: 390, height: 844 }, colorScheme: "light" },
  { viewport: { width: 390, height: 844 }, colorScheme: "dark" },
];
const ROWS = "name,salary\nBo,100\nLi,200\n";
const APP = `format = 1
id = "desk"
title = "Desk"

[uses.main]
kind = "sqlite"
needs = ["read", "write"]

[query.rows]
use = "main"
kind = "read"
sql = "select id, name, salary from staff"

# Somebody new
[query.add]
use = "main"
kind = "write"
sql = "insert into staff (name) values (:name)"
param.name = { from = "form.name", type = "text" }

[page.home]
title = "Home"
path = "/"

[page.home.widget.list]
type = "report"
at = [1, 1, 12]
query = "rows"

[page.home.widget.form]
type = "form"
at = [2, 1, 6]
submit = "add"

[test.two]
as = { role = "user" }
run = "rows"
expect = "select count(*) = 3 from result"

[test.adds]
as = { role = "user" }
run = "add"
with = { name = "Ma" }
expect = "select rows = 1 from result"
`;

test("tests and findings stand before a version, and two versions beside each other", async (story) => {
  const { page } = await instance(story);
  await page.goto("/data/import");
  await page.getByLabel("Drop a file here, or choose one").setInputFiles({ name: "staff.csv", mimeType: "text/csv", buffer: Buffer.from(ROWS) });
  await page.waitForURL("**/data/import/*", { timeout: 60_000 });
  await page.getByRole("button", { name: /^Import 2 rows/ }).click();
  await page.getByRole("heading", { name: "2 rows are in staff" }).waitFor({ timeout: 60_000 });
  await page.goto("/apps/new");
  await page.locator("input[type=file]").first().setInputFiles({ name: "desk.toml", mimeType: "text/plain", buffer: Buffer.from(APP) });
  await page.getByRole("button", { name: /^Import/ }).click();
  await page.waitForURL("**/edit/desk");

  // The tests run one after the other; the one that fails says what came.
  await page.goto("/edit/desk/review");
  await page.getByRole("button", { name: "Run tests" }).click();
  const tests = page.locator("#tests");
  await tests.getByText("passed", { exact: true }).waitFor();
  await tests.getByText("the query gave 2 rows").waitFor();
  equal(await tests.getByText("failed", { exact: true }).count(), 1);

  // It stands in the way, and is mended in the text.
  await page.goto("/edit/desk/publish");
  await page.getByLabel(/^Why it is published/).fill("Pay is public here");
  await page.getByRole("button", { name: "Publish version 1" }).click();
  await page.getByText("the test two failed").or(page.getByText("the test `two` failed")).first().waitFor();
  await save(page, APP.replace("count(*) = 3", "count(*) = 2"));

  // A finding is put right at a press; the comment stays; undone at another.
  await page.goto("/edit/desk/review");
  await page.getByRole("button", { name: "Write expect = 1" }).click();
  await page.getByRole("button", { name: /^Undo/ }).waitFor();
  const fixed = await text(page);
  match(fixed, /# Somebody new\n\[query\.add\]/);
  match(fixed, /expect = 1\n/);
  await page.goto("/edit/desk/review");
  await page.getByRole("button", { name: /^Undo/ }).click();
  await page.getByRole("button", { name: "Write expect = 1" }).waitFor();

  // What weighs most is published with a reason.
  await page.goto("/edit/desk/publish");
  await page.getByText("`salary` (pay or a bank account)").waitFor();
  await page.getByLabel(/^Why it is published/).fill("Pay is public here");
  await page.getByRole("button", { name: "Publish version 1" }).click();
  await page.waitForURL("**/apps/desk");

  // Another version, who may open it first; and back with that in sight.
  await save(page, `${(await text(page)).trim()}\n`.replace("[uses.main]", '[access]\nopen = ["group:pay"]\n\n[uses.main]'));
  await page.goto("/edit/desk/publish");
  await page.getByText("who may open: group pay").waitFor();
  await page.getByRole("button", { name: "Publish version 2" }).click();
  await page.waitForURL("**/apps/desk");
  await page.goto("/edit/desk/versions");
  await page.getByRole("link", { name: /^Go back to version 1/ }).click();
  await page.getByText("who may open: group pay").waitFor();
  equal(await page.locator(".beside .gone").count() > 0, true);

  for (const options of WAYS) {
    await page.setViewportSize(options.viewport);
    await page.emulateMedia({ colorScheme: options.colorScheme });
    for (const one of ["edit/desk/review", "edit/desk/publish", "edit/desk/versions?from=2&version=1", "edit/desk", "apps/desk/api"]) {
      await page.goto(`/${one}`);
      deepEqual(await barriers(page), [], `${one} at ${options.viewport.width}, ${options.colorScheme}`);
      const [wide, width] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      ok(wide <= width, `${one} is ${wide} wide at ${width}`);
    }
  }

  await page.goto("/edit/desk/versions?from=2&version=1");
  await page.getByRole("button", { name: "Go back to version 1" }).click();
  await page.getByText("Version 3 is published, with the text of version 1").waitFor();
  deepEqual(page.trouble, []);
});

/** The draft as the text editor has it. */
async function text(page) {
  await page.goto("/edit/desk");
  return page.locator("#text").inputValue();
}

/** Saves another text in its place. */
async function save(page, words) {
  await page.goto("/edit/desk");
  const status = await page.evaluate(async (text) => {
    const seen = document.querySelector("[name=draft_at]").value;
    const body = new URLSearchParams({ draft_at: seen, text });
    return (await fetch("/edit/desk", { method: "POST", body })).status;
  }, words);
  equal(status, 200);
}
