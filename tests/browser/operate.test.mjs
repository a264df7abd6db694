// What an operator does in the first hour: copies elsewhere, proof that they can be put back, and something
// deleted that is had back.
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { barriers, folder, follow, launch, onsight, person, serve, setUp } from "./support.mjs";

const FILE = {
  name: "people.csv",
  mimeType: "text/csv",
  buffer: Buffer.from("name,born\nAda,1815-12-10\nGrace,1906-12-09\n"),
};

test("from nothing to a backup that proved itself, and back on a bare machine", async (story) => {
  const root = await folder(story);
  const [data, bare, cellar] = ["data", "bare", "cellar"].map((name) => join(root, name));
  await Promise.all([data, cellar].map((path) => mkdir(path)));
  const server = await serve(data);
  story.after(() => server.stop());
  const browser = await launch(story);
  const page = await person(browser, server.address);
  await setUp(page, server.code);
  await table(page);

  await page.goto("/backup");
  await page.getByRole("heading", { name: "Two steps and it begins" }).waitFor();
  const identity = await onsight(join(root, "none"), "backup", "identity");
  await page.getByRole("link", { name: "Enter a public key" }).click();
  await page.getByLabel("Whose").fill("the safe");
  await page.getByLabel("Public key", { exact: true }).fill(identity.match(/age1\w+/)[0]);
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("cell", { name: "the safe", exact: true }).waitFor();
  await page.goto("/backup/destinations");
  await page.getByLabel("Name", { exact: true }).fill("Cellar");
  await page.getByLabel("Address", { exact: true }).fill(cellar);
  await page.getByRole("button", { name: "Try it and add it" }).click();
  await page.getByRole("cell", { name: "Cellar", exact: true }).waitFor();
  await fits(page);

  await page.goto("/backup");
  await page.getByRole("button", { name: "Back up now" }).click();
  await until(page, (text) => text.includes("one place only"));
  await page.getByRole("button", { name: "Test a restore" }).click();
  await until(page, (text) => /whole in \d/.test(text));
  await fits(page);

  const file = join(root, "identity");
  await writeFile(file, identity, { mode: 0o600 });
  const said = await onsight(bare, "restore", "--from", cellar, "--identity", file);
  match(said, /all compared with the manifest/);
  await server.stop();
  const again = await serve(bare);
  story.after(() => again.stop());
  const [, path] = (await onsight(bare, "user", "link", "ada@example.org")).match(/https:\/\/[^/]+(\/link\/\S+)/);
  const back = await person(browser, again.address);
  await back.goto(path);
  await back.getByRole("button", { name: /Sign in|Go on/ }).click();
  await back.waitForURL((url) => !url.pathname.startsWith("/link/"));
  ok(!back.url().includes("/sign-in?"), back.url());
  deepEqual(page.trouble, []);
});

test("a table that was deleted is gone at once and had back whole", async (story) => {
  const server = await serve(await folder(story));
  story.after(() => server.stop());
  const page = await person(await launch(story), server.address);
  await setUp(page, server.code);
  await table(page);

  await page.goto("/delete/table/people");
  await fits(page);
  await page.locator("main input[name=typed]").fill("people");
  await page.getByRole("button", { name: "Delete" }).click();
  await page.waitForURL("**/deleting**");
  equal((await page.request.get("/data/people")).status(), 404);
  await fits(page);
  await follow(page, page.getByRole("button", { name: "Have people back" }));
  await page.goto("/data/people");
  match(await page.locator("main").innerText(), /Grace/);
  deepEqual(page.trouble, []);
});

async function table(page) {
  await page.goto("/data/import");
  await page.getByLabel("Drop a file here").setInputFiles(FILE);
  await page.waitForURL(/\/data\/import\/.+/);
  await page.getByRole("heading", { name: "Columns" }).waitFor();
  await page.locator("form#order button.primary").click();
  await page.getByRole("link", { name: /table|rows/i }).first().waitFor();
}

/** Looks again until the page says so: what takes long goes on without it. */
async function until(page, says) {
  for (let tries = 0; tries < 120; tries += 1) {
    if (says(await page.locator("main").innerText())) return;
    await page.waitForTimeout(500);
    await page.goto("/backup");
  }
  throw new Error(await page.locator("main").innerText());
}

async function fits(page) {
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 844 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    equal(wide <= width, true, `${page.url()} is ${wide} wide at ${width}`);
    deepEqual(await barriers(page), []);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}
