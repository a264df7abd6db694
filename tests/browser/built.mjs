// What stories of apps that are built without their text have alike.
import { deepEqual, ok } from "node:assert/strict";
import { barriers, follow } from "./support.mjs";

const WAYS = [1280, 390].flatMap((width) =>
  ["light", "dark"].map((colorScheme) => ({ viewport: { width, height: 900 }, colorScheme })),
);

/** Begins an empty app and gives the address of its editor. */
export async function begin(page, title) {
  await page.goto("/apps/new");
  await page.getByLabel("Title").fill(title);
  await follow(page, page.getByRole("button", { name: "Begin an empty app" }));
  return new URL(page.url()).pathname;
}

/** Brings a file of four rows in. */
export async function bring(page, name, text) {
  await page.goto("/data/import");
  await page.getByLabel("Drop a file here, or choose one").setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
  await page.waitForURL("**/data/import/*", { timeout: 60_000 });
  await page.getByRole("button", { name: /^Import 4 rows/ }).click();
  await page.getByRole("heading", { name: /^4 rows are in/ }).waitFor({ timeout: 60_000 });
}

/** Adds a widget from the gallery; `choices` are made beside it. Gives its id. */
export async function add(page, kind, choices = {}) {
  const gallery = page.locator("#gallery");
  if ((await gallery.getAttribute("open")) === null) await gallery.locator("summary").click();
  for (const [label, value] of Object.entries(choices)) await gallery.getByLabel(label).selectOption(value);
  const before = await page.locator("[data-widget]").evaluateAll((all) => all.map((one) => one.dataset.widget));
  await page.locator(`#add-${kind}`).click();
  const came = page.locator(["[data-widget]", ...before.map((id) => `:not([data-widget="${id}"])`)].join(""));
  await came.waitFor();
  const id = await came.getAttribute("data-widget");
  await page.locator("#panel-title", { hasText: id }).waitFor();
  return id;
}

/** Fills fields of the open settings in, saves them and waits for the page that follows. */
export async function set(page, fields) {
  const form = page.locator("#settings");
  for (const [name, value] of Object.entries(fields)) {
    const field = form.locator(`[name="${name}"]`).first();
    const tag = await field.evaluate((one) => one.tagName);
    if (tag === "SELECT") await field.selectOption(value);
    else await field.fill(value);
  }
  const saved = page.waitForResponse((one) => one.request().method() === "POST" && one.url().includes("/widgets/"));
  await form.getByRole("button", { name: "Save", exact: true }).click();
  await saved;
  await page.waitForFunction(() => !document.querySelector(".htmx-request"));
}

/** Types a statement into its own field, says of its values what is to be said, and saves it. */
export async function statement(page, { name, sql, values = [], say = {} }) {
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("SQL", { exact: true }).fill(sql);
  for (const value of values) await page.getByRole("group", { name: `Value :${value}` }).waitFor();
  for (const [field, text] of Object.entries(say)) {
    const place = page.locator(`[name="${field}"]`).first();
    if ((await place.isVisible()) === false) await page.locator("details", { has: place }).locator("summary").click();
    if ((await place.evaluate((one) => one.tagName)) === "SELECT") await place.selectOption(text);
    else await place.fill(text);
  }
  await follow(page, page.getByRole("button", { name: "Save the query" }));
  await page.getByRole("heading", { name: "Queries of this app" }).waitFor();
}

export async function publish(page, at) {
  await page.goto(`${at}/publish`);
  const refused = await page.locator(".bad-text").allInnerTexts();
  deepEqual(refused, []);
  await follow(page, page.getByRole("button", { name: /^Publish/ }).last());
  await page.waitForURL("**/apps/*");
}

/** The draft as the text editor has it. */
export async function text(page, at) {
  await page.goto(at);
  return page.locator("textarea#text").inputValue();
}

/** The text is written where text is written. */
export async function write(page, at, change) {
  await page.goto(at);
  return page.evaluate(async ([at, from, to]) => {
    const seen = document.querySelector("[name=draft_at]").value;
    const was = document.querySelector("textarea#text").value;
    const body = new URLSearchParams({ draft_at: seen, text: was.replace(from, to) });
    return was.includes(from) ? (await fetch(at, { method: "POST", body })).status : 0;
  }, [at, ...change]);
}

/** Each page is open to everybody, and not wider than the window. */
export async function seen(page, paths) {
  for (const options of WAYS) {
    await page.setViewportSize(options.viewport);
    await page.emulateMedia({ colorScheme: options.colorScheme });
    for (const path of paths) {
      await page.goto(path);
      deepEqual(await barriers(page), [], `${path} at ${options.viewport.width}, ${options.colorScheme}`);
      const [wide, width] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      ok(wide <= width, `${path} is ${wide} wide at ${width}`);
    }
  }
}

/** Puts a widget at a row and a column, so wide, by its three numbers. */
export async function put(page, at, widget, place) {
  await page.goto(`${at}/pages/home/widgets/${widget}`);
  for (const [number, label] of ["Row", "Column", "Width"].entries()) {
    await page.getByLabel(label, { exact: true }).first().fill(String(place[number]));
  }
  await page.getByRole("button", { name: "Put it there" }).click();
  await page.waitForSelector(`#held-${widget}[data-at='${place.join(",")}']`);
}
