// Surveys from a file to data: questionnaires are brought, published, answered with and without scripts on a desk and
// on a phone, and what comes out is what was typed.
import { deepEqual, equal, ok } from "node:assert/strict";
import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { test } from "node:test";
import { DESK, PHONE, exported, instance, publish } from "./field.mjs";
import { photograph } from "./picture.mjs";
import { dice, takePart } from "./respondent.mjs";
import { barriers, folder, onsight, person } from "./support.mjs";

const here = join(import.meta.dirname, "surveys");
const collection = process.env.ONSIGHT_XLSFORMS ?? resolve(import.meta.dirname, "../../../shared/data/xlsforms");
const FORMS = ["example_xls__xlsform_spec_test.xlsx", "example_xls__attribute_columns_test.xlsx"];
/** The pictures they show, which do not come with a sheet. */
const SHOWN = { "a.jpg": "teal", "b.jpg": "maroon" };
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
