// Surveys from a file to data: questionnaires are brought, published, answered with and without scripts on a desk and
// on a phone, and what comes out is what was typed.
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { test } from "node:test";
import { instance, publish } from "./field.mjs";
import { photograph, picture } from "./picture.mjs";
import { dice, takePart } from "./respondent.mjs";
import { barriers, folder, onsight, person } from "./support.mjs";

const here = join(import.meta.dirname, "surveys");
const collection = process.env.ONSIGHT_XLSFORMS ?? resolve(import.meta.dirname, "../../../shared/data/xlsforms");
const FORMS = ["example_xls__xlsform_spec_test.xlsx", "example_xls__attribute_columns_test.xlsx"];
/** The pictures they show, which do not come with a sheet. */
const SHOWN = { "a.jpg": "teal", "b.jpg": "maroon" };
const DESK = { viewport: { width: 1280, height: 900 } };
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };
const COMPLETE = "3";
const SECONDS = /^((?:\d{4}-\d\d-\d\dT)?\d\d:\d\d):00Z?$/;
const WAYS = [
  { ...DESK, javaScriptEnabled: true },
  { ...PHONE, javaScriptEnabled: true },
  { ...DESK, javaScriptEnabled: false },
  { ...PHONE, javaScriptEnabled: false },
];

test("a long questionnaire and one in four languages, from XLSForm to the same answers", async (story) => {
  const root = await folder(story);
  const files = [];
  for (const name of ["household", "visitors"]) {
    files.push(join(root, `${name}.xlsx`));
    await onsight(root, "survey", "export", "--out", files.at(-1), join(here, `${name}.toml`));
  }
  await carriedThrough(story, files, 2);
});

test("two forms of a collection that was used elsewhere", { skip: existsSync(collection) ? false : `no ${collection}` }, async (story) => {
  await carriedThrough(story, FORMS.map((name) => join(collection, name)), 1, SHOWN);
});

test("every kind of question is for everybody, in every state", async (story) => {
  const { browser, server, page } = await instance(story);
  const packs = [["red.png", [190, 30, 40]], ["blue.png", [30, 60, 170]]];
  const pictures = packs.map(([name, colour]) => ({ name, mimeType: "image/png", buffer: picture(colour) }));
  const id = await publish(page, join(here, "kinds.toml"), pictures);
  for (const [options, lang] of [[{ ...DESK }, "en"], [{ ...PHONE, colorScheme: "dark" }, "ar"]]) {
    const guest = await person(browser, server.address, { ...options, reducedMotion: "reduce" });
    const start = `/s/${id}?lang=${lang}`;
    await guest.goto(start);
    await fits(guest);
    await guest.locator("form.page button[type=submit]").click();
    await guest.getByRole("alert").waitFor();
    await fits(guest);
    const before = new Set();
    const said = await takePart(guest, start, dice(5), async (shown) => {
      await fits(shown);
      deepEqual(await small(shown), []);
      await shown.locator("form[data-survey] .go button:not([name])").click();
      await shown.locator("#faults").waitFor();
      before.add(await shown.locator("[name='.page']").inputValue());
      equal(await shown.evaluate(() => document.activeElement?.id), "faults");
      await fits(shown);
    });
    deepEqual([...before], ["choices", "fields", "grids", "scales", "pictures"]);
    ok(said.typed.size > 20, `${said.typed.size}`);
    await fits(guest);
    equal(await guest.locator("html").getAttribute("dir"), lang === "ar" ? "rtl" : "ltr");
    deepEqual(guest.trouble, []);
    await guest.context().close();
  }
});

test("a line that breaks in the middle of a page loses nothing and counts nothing twice", async (story) => {
  const { browser, server, page } = await instance(story);
  const id = await publish(page, join(here, "visitors.toml"));
  const guest = await person(browser, server.address, PHONE);
  await guest.goto(`/s/${id}`);
  await guest.getByRole("button", { name: "Begin" }).click();
  await guest.getByLabel("Train").check();
  await guest.getByLabel("Which line?").fill("S 41");

  await guest.context().setOffline(true);
  await guest.getByRole("button", { name: "Next" }).click();
  await guest.getByRole("status").waitFor();
  match(await guest.getByRole("status").innerText(), /not .*(sent|reached)|again/i);
  equal(await guest.getByLabel("Which line?").inputValue(), "S 41");
  await guest.waitForTimeout(20_000);
  await guest.context().setOffline(false);

  await guest.getByLabel("How many nights?").fill("2");
  await guest.getByRole("button", { name: "Next" }).click();
  await guest.locator(".end").waitFor();
  const rows = await exported(page, id);
  equal(rows.length, 1);
  equal(rows[0].line, "S 41");
  equal(rows[0].how_1, "1");
  equal(rows[0].nights, "2");
  // The answer was kept, and its way back did not arrive: sent again, it counts once.
  const late = await person(browser, server.address, DESK);
  await late.goto(`/s/${id}`);
  await late.getByRole("button", { name: "Begin" }).click();
  await late.getByLabel("Car").check();
  let lost = 0;
  await late.route("**/s/**", async (route) => {
    if (route.request().method() !== "POST" || lost > 0) return route.continue();
    lost += 1;
    await route.fetch({ maxRedirects: 0 });
    return route.abort("connectionreset");
  });
  await late.getByRole("button", { name: "Next" }).click();
  await late.getByLabel("How many nights?").fill("1");
  await late.getByRole("button", { name: "Next" }).click();
  await late.locator(".end").waitFor();
  equal(lost, 1);
  deepEqual((await exported(page, id)).map((row) => row.how_2), ["0", "1"]);
});

async function carriedThrough(story, files, each, shown = {}) {
  const { browser, server, page } = await instance(story);
  const pictures = [];
  for (const [name, colour] of Object.entries(shown)) {
    pictures.push({ name, mimeType: "image/jpeg", buffer: await photograph(page, colour) });
  }
  for (const file of files) {
    const id = await publish(page, file, pictures);
    const people = [];
    for (const [at, options] of WAYS.entries()) {
      for (let turn = 0; turn < each; turn += 1) {
        const guest = await person(browser, server.address, options);
        const said = await takePart(guest, `/s/${id}`, dice(100 * at + turn));
        deepEqual(guest.trouble, []);
        people.push({ ...said, hasScript: options.javaScriptEnabled });
        await guest.context().close();
      }
    }
    compare(basename(file), people, await exported(page, id));
    for (const tab of ["", "/responses", "/results?which=all", "/exports"]) {
      await page.goto(`/surveys/${id}${tab}`);
      deepEqual(await barriers(page), [], `${id}${tab}`);
    }
    deepEqual(page.trouble, []);
  }
}

/** Every answer stands in the file as it was typed, and nothing else does. */
function compare(name, people, rows) {
  equal(rows.length, people.length, name);
  for (const [at, { typed, open, hasScript }] of people.entries()) {
    const row = rows[at];
    equal(row.outcome, COMPLETE, `${name}, respondent ${at + 1}: ${JSON.stringify(row)}`);
    for (const [field, value] of typed) {
      const variable = named(field);
      const found = row[variable];
      ok(found !== undefined, `${name} has no variable ${variable} for ${field}`);
      // Without scripts a question that depends on its own page is there to be filled, and may not count.
      if (found === "" && !hasScript && open.has(field)) continue;
      equal(found.replace(SECONDS, "$1"), value, `${name}, respondent ${at + 1}, ${variable}`);
    }
  }
  ok(people.some(({ typed }) => typed.size > 4), `${name}: hardly anything was typed`);
}

/** As a variable is called: letters, digits and `_`, a letter first. */
function named(field) {
  const plain = field.replace(/[^A-Za-z0-9_]/g, "_");
  return /^[A-Za-z]/.test(plain) ? plain : `v_${plain}`;
}

/** The rows of "CSV with codes" of all who began, without what guards against formulas. */
async function exported(page, id) {
  const answer = await page.request.get(`/surveys/${id}/exports/csv?which=all&lang=en`);
  equal(answer.status(), 200);
  const [head, ...rows] = cells((await answer.text()).replace(/^\ufeff/, ""));
  return rows.map((row) => Object.fromEntries(head.map((name, at) => [name, row[at].replace(/^'(?=[=+\-@])/, "")])));
}

/** RFC 4180. */
function cells(text) {
  const rows = [[""]];
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    const row = rows.at(-1);
    if (quoted && letter === '"' && text[at + 1] === '"') row[row.length - 1] += text[(at += 1)];
    else if (letter === '"') quoted = !quoted;
    else if (!quoted && letter === ",") row.push("");
    else if (!quoted && letter === "\n") rows.push([""]);
    else if (quoted || letter !== "\r") row[row.length - 1] += letter;
  }
  return rows.filter((row) => row.length > 1);
}

/** Nothing serious for axe, no wider than its window, and light. */
async function fits(page) {
  deepEqual(await barriers(page), [], page.url());
  const [wide, width] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  ok(wide <= width, `${page.url()} is ${wide} wide at ${width}`);
  const weight = await page.evaluate(() =>
    [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
      .filter((one) => one.initiatorType !== "img")
      .reduce((sum, one) => sum + (one.encodedBodySize || 0), 0),
  );
  ok(weight < 60_000, `${page.url()} weighs ${weight} bytes`);
}

/** What is too small to be hit with a finger: under 24 by 24. */
const small = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll("button, input:not([type=hidden]), select, summary, textarea")]
      .map((field) => [field.outerHTML.slice(0, 90), (field.closest("label") ?? field).getBoundingClientRect()])
      .filter(([, box]) => box.width > 0 && (box.width < 24 || box.height < 24))
      .map(([html]) => html),
  );
