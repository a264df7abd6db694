// An app made without its text: by mouse, then by keyboard; then the text is written and the page follows.
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
const ROWS = "customer,status,amount\nBo,new,12.5\nLi,paid,7\nMa,new,30\n";

test("an app is built by mouse, by keyboard and in its text", async (story) => {
  const { page } = await instance(story);
  await rows(page);
  await page.goto("/apps/new");
  await page.getByLabel("Title").fill("Order desk");
  await page.getByRole("button", { name: "Begin an empty app" }).click();
  await page.waitForURL("**/edit/*");
  const id = page.url().match(/edit\/([^/?]+)/)[1];
  const at = `/edit/${id}`;
  const begun = await text(page, at);

  // A question without SQL, and a table that shows its answer.
  await page.goto(`${at}/queries`);
  await page.getByRole("button", { name: "New query" }).click();
  await page.getByLabel("Name").fill("all-orders");
  await page.getByLabel("Filter 1: column").selectOption("status");
  await page.getByLabel("People choose, filter 1").check();
  await page.locator("#sql", { hasText: ":status is null" }).waitFor();
  await page.getByLabel("Shown by a new").selectOption({ label: "Report" });
  await page.getByRole("button", { name: "Save the query" }).click();
  await page.waitForURL("**/pages/home/widgets/report");
  await page.locator("#held-report").getByText("Ma").waitFor();

  // Settings: what is filled in is seen on the page at once.
  await page.getByLabel(/^Title/).fill("Every order");
  await page.locator("#held-report").getByText("Every order").waitFor();
  await page.locator("#tools").getByText(/change report/).waitFor({ state: "attached" });

  // By mouse: another widget from the gallery, taken by its bar to the right, and made narrower.
  await page.getByText("Add a widget").click();
  await page.locator("#add-text").click();
  await page.waitForSelector("#held-text");
  equal(await place(page, "text"), "2,1,12");
  const side = await page.locator("#held-text .stretch").boundingBox();
  await drag(page, side.x + side.width / 2, side.y + side.height / 2, -(await step(page)) * 8, 0);
  await page.waitForSelector("#held-text[data-at='2,1,4']");
  const bar = await page.locator("#held-text > header .grip").boundingBox();
  await drag(page, bar.x + bar.width / 2, bar.y + bar.height / 2, (await step(page)) * 4, 0);
  await page.waitForSelector("#held-text[data-at='2,5,4']");

  // By keyboard: the arrows move it, and a screen reader is told.
  await page.locator("#open-text").focus();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  match(await page.locator("#placed").innerText(), /row 2, column 3, 4 wide/);
  await page.waitForFunction(() => document.querySelector("#held-text").getAttribute("aria-label").includes("column 3"));
  await focused(page, "open-text");
  await page.keyboard.press("Shift+ArrowRight");
  await page.waitForFunction(() => document.querySelector("#held-text").getAttribute("aria-label").includes("5 wide"));
  await page.waitForFunction(() => document.activeElement.id === "open-text");
  await page.keyboard.press("ArrowUp");
  await page.waitForSelector("#held-report[data-at='2,1,12']");
  equal(await place(page, "text"), "1,3,5");
  await focused(page, "open-text");

  // What was removed comes back whole.
  const before = await text(page, at);
  await page.goto(`${at}/pages/home`);
  await page.locator("#open-text").focus();
  await page.keyboard.press("Delete");
  await page.waitForFunction(() => !document.querySelector("#held-text"));
  await page.locator("#undo").click();
  await page.waitForSelector("#held-text");
  equal(await text(page, at), before);
  ok(before.includes("# An app is this one text."), "comments stay");
  ok(begun.split("\n").filter((line) => line.startsWith("#")).every((line) => before.includes(line)), "every comment stays");

  // The text is written, and the page follows.
  await page.goto(`${at}/pages/home/widgets/report`);
  await page.getByRole("navigation", { name: "Ways to edit" }).getByRole("link", { name: "Text" }).click();
  await page.waitForURL(/\?line=\d+/);
  const saved = await page.evaluate(async ([at, text]) => {
    const seen = document.querySelector("[name=draft_at]").value;
    const body = new URLSearchParams({ draft_at: seen, text: text.replace("Every order", "All of them") });
    return (await fetch(at, { method: "POST", body })).status;
  }, [at, before]);
  equal(saved, 200);
  await page.goto(`${at}/pages/home`);
  await page.locator("#held-report").getByText("All of them").waitFor();

  for (const options of WAYS) {
    await page.setViewportSize(options.viewport);
    await page.emulateMedia({ colorScheme: options.colorScheme });
    for (const one of ["pages", "pages/home", "pages/home/widgets/report", "pages/home/widgets/text", "queries", "query?name=all-orders"]) {
      await page.goto(`${at}/${one}`);
      deepEqual(await barriers(page), [], `${one} at ${options.viewport.width}, ${options.colorScheme}`);
      const [wide, width] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      ok(wide <= width, `${one} is ${wide} wide at ${width}`);
    }
  }
  deepEqual(page.trouble, []);
});

/** A table of orders, from a file. */
async function rows(page) {
  await page.goto("/data/import");
  await page.getByLabel("Drop a file here, or choose one").setInputFiles({ name: "orders.csv", mimeType: "text/csv", buffer: Buffer.from(ROWS) });
  await page.waitForURL("**/data/import/*", { timeout: 60_000 });
  await page.getByRole("button", { name: /^Import 3 rows/ }).click();
  await page.getByRole("heading", { name: "3 rows are in orders" }).waitFor({ timeout: 60_000 });
}

async function place(page, widget) {
  return page.locator(`#held-${widget}`).getAttribute("data-at");
}

/** The width of one of the twelve columns. */
async function step(page) {
  return (await page.locator("[data-grid]").boundingBox()).width / 12;
}

async function drag(page, x, y, right, down) {
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + right / 2, y + down / 2, { steps: 4 });
  await page.mouse.move(x + right, y + down, { steps: 4 });
  await page.mouse.up();
}

function focused(page, id) {
  return page.waitForFunction((id) => document.activeElement?.id === id, id);
}

/** The draft as the text editor has it. */
async function text(page, at) {
  await page.goto(at);
  return page.locator("textarea#text").inputValue();
}
