// Rows come in as a file, from the browser, and nothing on the way is wider than a phone.
import { test } from "node:test";
import { deepEqual, equal, match } from "node:assert/strict";
import { barriers, folder, launch, person, serve, setUp } from "./support.mjs";

const FILE = {
  name: "people.csv",
  mimeType: "text/csv",
  buffer: Buffer.from("name,born,amount\nAda,1815-12-10,3\nGrace,1906-12-09,4.5\nNobody,never,much\n"),
};

test("a file that is chosen arrives, is looked at and becomes a table", async (story) => {
  const server = await serve(await folder(story));
  story.after(() => server.stop());
  const page = await person(await launch(story), server.address);
  await setUp(page, server.code);

  await page.goto("/data/import");
  await page.getByLabel("Drop a file here").setInputFiles(FILE);
  await page.waitForURL(/\/data\/import\/.+/);
  await page.getByRole("heading", { name: "Columns" }).waitFor();
  await fits(page);

  await page.getByLabel("Leave the cell empty").check();
  await page.locator("form#order button.primary").click();
  await page.getByRole("link", { name: /table|rows/i }).first().waitFor();
  await fits(page);

  await page.goto("/data/people");
  match(await page.locator("main").innerText(), /Ada/);
  await page.setViewportSize({ width: 1280, height: 900 });
  const tops = await page.locator(".filters .field").evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top));
  equal(new Set(tops).size, 1, "column, condition and value stand in one row");
  // What is typed while the conditions of another column are on their way stays.
  let arrive;
  const arrives = new Promise((done) => (arrive = done));
  await page.route("**/conditions*", async (route) => {
    await arrives;
    await route.continue();
  });
  await page.getByLabel("Column").selectOption("name");
  await page.getByLabel("Value").fill("Gra");
  const conditions = page.waitForResponse(/\/conditions/);
  arrive();
  await conditions;
  await page.waitForFunction(() => !document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling"));
  equal(await page.getByLabel("Value").inputValue(), "Gra");
  await page.getByRole("button", { name: "Add the filter" }).click();
  await page.getByRole("link", { name: /Gra/ }).waitFor();
  await fits(page);
  deepEqual(page.trouble, []);
});

async function fits(page) {
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 844 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    equal(wide <= width, true, `${page.url()} is ${wide} wide at ${width}`);
    deepEqual(await barriers(page), []);
  }
}
