// A dashboard over flights whose pictures narrow each other, built without a word of the app's text; then the text is written.
import assert, { deepEqual, equal, ok } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { add, begin, publish, put, seen, set, text, write } from "./built.mjs";
import { instance } from "./field.mjs";
import { follow } from "./support.mjs";

const FLIGHTS = process.env.ONSIGHT_FLIGHTS;

test("a dashboard with filters that all its widgets share is built by mouse and keyboard only", async (story) => {
  assert.ok(FLIGHTS, "ONSIGHT_FLIGHTS names flights.csv");
  const { page } = await instance(story);
  const flights = await rows(page);
  const count = (is) => flights.filter((one) => Object.entries(is).every(([name, value]) => one[name] === value)).length;
  const at = await begin(page, "Departures");

  // Every question is asked without SQL, and everybody can narrow each down by the same three columns.
  await ask(page, at, { name: "flights-by-carrier", group: "carrier", measure: "count", sort: "how_many", kind: "Chart" });
  await set(page, { "k.title": "Flights by carrier" });
  await ask(page, at, { name: "flights-by-month", group: "month", measure: "count", sort: "month", kind: "Chart" });
  await set(page, { "k.title": "Flights by month", "k.mark": "line", "k.x": "month", "k.y": "how_many" });
  await ask(page, at, { name: "all-flights", measure: "count", kind: "Stat" });
  await set(page, { "k.label": "Flights" });
  await ask(page, at, { name: "delay", measure: "avg", of: "dep_delay", kind: "Stat" });
  await set(page, { "k.label": "Minutes late, on average", "k.format": "number:1" });
  await ask(page, at, { name: "flights", columns: ["Carrier", "Flight", "Origin", "Dest", "Dep delay"], kind: "Report" });
  await set(page, { "k.title": "Every flight" });

  // Far too many rows for one page: the rest of what a query says has fields as well.
  await page.goto(`${at}/queries`);
  await follow(page, page.getByRole("link", { name: /^SQL\s+of flights$/ }));
  await page.locator("[name='k.paging.size']").fill("12");
  await page.locator("[name='k.paging.sort']").first().fill("dep_delay");
  await page.locator("[name='p.origin.type']").selectOption("enum");
  await page.getByText("More about :origin").click();
  const origins = page.locator("[name='p.origin.values']");
  await origins.nth(0).fill("EWR");
  await origins.nth(1).fill("JFK");
  await follow(page, page.getByRole("button", { name: "Show its values" }));
  await origins.nth(2).fill("LGA");
  await follow(page, page.getByRole("button", { name: "Save the query" }));
  // What another query says of the value goes for this one, too.
  await follow(page, page.getByRole("link", { name: /^SQL\s+of flights-by-month$/ }));
  await page.getByText("More about :origin").click();
  await page.locator("[name='p.origin.same_as']").selectOption("flights.origin");
  await follow(page, page.getByRole("button", { name: "Save the query" }));

  // One filter for all of them.
  await page.goto(`${at}/pages/home`);
  const filter = await add(page, "filter", { Sets: "flights.origin" });
  await page.locator("[name='k.inputs']").nth(1).selectOption("flights.carrier");
  await page.locator("[name='k.inputs']").nth(2).selectOption("flights.month");
  await page.locator("#held-filter").getByText("Month").waitFor();
  await put(page, at, filter, [1, 1, 12]);
  await put(page, at, "stat", [2, 1, 3]);
  await put(page, at, "stat-2", [2, 4, 4]);
  await put(page, at, "chart", [3, 1, 6]);
  await put(page, at, "chart-2", [3, 7, 6]);
  await put(page, at, "report", [4, 1, 12]);

  // A point narrows the others, and what was chosen before stays.
  for (const chart of ["chart", "chart-2"]) {
    await page.goto(`${at}/pages/home/widgets/${chart}`);
    await set(page, { "k.row.goto": "home" });
    const keys = page.locator("[name='k.row.with.key']");
    const values = page.locator("[name='k.row.with.value']");
    for (const [number, name] of ["carrier", "month", "origin"].entries()) {
      await keys.nth(number).fill(name);
      await values.nth(number).fill(name);
      if (number === 1) await set(page, {});
    }
    await set(page, {});
  }

  await publish(page, at);
  const app = at.replace("/edit/", "/apps/");
  const shows = async (is) => {
    const said = count(is).toLocaleString("en-GB");
    await page.locator("#w-stat", { hasText: said }).waitFor();
    // No more rows than these are counted for a pager.
    const most = count(is) > 10_000 ? "more than 10,000" : said;
    await page.locator("#w-report").getByText(new RegExp(`of ${most}$`)).waitFor();
  };
  await page.goto(app);
  await shows({});
  const carriers = page.locator("#w-chart .plot");
  await carriers.locator("canvas").waitFor();
  await carriers.focus();
  await page.keyboard.press("ArrowRight");
  await page.locator("#w-chart [role=status]", { hasText: "UA" }).waitFor({ state: "attached" });
  await page.keyboard.press("Enter");
  await page.waitForURL(/carrier=UA/);
  await shows({ carrier: "UA" });
  const months = page.locator("#w-chart-2 .plot");
  await months.locator("canvas").waitFor();
  await months.focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.waitForURL(/month=/);
  const month = new URL(page.url()).searchParams.get("month");
  await shows({ carrier: "UA", month });
  await page.getByLabel("Origin").selectOption("EWR");
  await page.waitForURL(/origin=EWR/);
  await shows({ carrier: "UA", month, origin: "EWR" });
  // A point keeps what the filter says.
  await months.locator("canvas").waitFor();
  await months.focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.waitForFunction((month) => new URLSearchParams(location.search).get("month") === month, month);
  await shows({ carrier: "UA", month, origin: "EWR" });
  await page.getByRole("link", { name: "Clear" }).click();
  await shows({});

  const made = await text(page, at);
  ok(made.includes('inputs = ["flights.origin", "flights.carrier", "flights.month"]'), made);
  ok(made.includes('origin = { same_as = "flights.origin" }'), made);
  ok(made.includes('values = ["EWR", "JFK", "LGA"]'), made);
  ok(made.includes("paging = { size = 12"), made);
  equal(await write(page, at, ["avg(dep_delay) as avg_dep_delay", "max(dep_delay) as max_dep_delay"]), 200);
  await page.goto(`${at}/query?name=delay`);
  equal(await page.getByLabel("Work out").inputValue(), "max");
  equal(await write(page, at, ['"Flights by month"', '"Month by month"']), 200);
  await page.goto(`${at}/pages/home`);
  await page.locator("#held-chart-2").getByText("Month by month").waitFor();

  await seen(page, [`${at}/queries`, `${at}/query?name=flights`, `${at}/statement?name=flights`, `${at}/pages/home`, `${at}/pages/home/widgets/chart`, `${at}/pages/home/widgets/filter`, app, `${app}?carrier=UA&origin=EWR`]);
  deepEqual(page.trouble, []);
});

/** Every tenth flight of a year, as a table; gives them. */
async function rows(page) {
  const lines = (await readFile(FLIGHTS, "utf8")).trim().split("\n");
  const some = lines.filter((_, at) => at % 10 === 0);
  await page.goto("/data/import");
  await page.getByLabel("Drop a file here, or choose one").setInputFiles({ name: "flights.csv", mimeType: "text/csv", buffer: Buffer.from(some.join("\n")) });
  await page.waitForURL("**/data/import/*", { timeout: 60_000 });
  await page.getByRole("button", { name: /^Import 33,677 rows/ }).click();
  await page.getByRole("heading", { name: "33,677 rows are in flights" }).waitFor({ timeout: 60_000 });
  const names = some[0].split(",");
  return some.slice(1).map((line) => Object.fromEntries(line.split(",").map((value, at) => [names[at], value])));
}

/** A question about flights that people narrow down, and what shows its answer. */
async function ask(page, at, { name, columns = [], group, measure, of, sort, kind }) {
  await page.goto(`${at}/queries`);
  await page.getByLabel("Ask about").selectOption("flights");
  await follow(page, page.getByRole("button", { name: "New query" }));
  await page.getByLabel("Name", { exact: true }).fill(name);
  for (const column of columns) await page.getByRole("checkbox", { name: column, exact: true }).check();
  for (const [number, column] of ["carrier", "month", "origin"].entries()) {
    // There are two lines to begin with.
    if (number === 2) await follow(page, page.getByRole("button", { name: "Show the SQL" }));
    await page.getByLabel(`Filter ${number + 1}: column`).selectOption(column);
    await page.getByLabel(`People choose, filter ${number + 1}`).check();
  }
  if (group) await page.getByLabel("Put together by, first").selectOption(group);
  if (measure) await page.getByLabel("Work out").selectOption(measure);
  if (of) await page.getByLabel("Of the column").selectOption(of);
  await page.locator("#sql", { hasText: ":origin is null" }).waitFor();
  if (sort) {
    await follow(page, page.getByRole("button", { name: "Show the SQL" }));
    await page.getByLabel("Sorted by").selectOption(sort);
    if (sort === "how_many") await page.getByLabel("The largest first").check();
  }
  await page.getByLabel("Shown by a new").selectOption({ label: kind });
  await follow(page, page.getByRole("button", { name: "Save the query" }));
  await page.waitForURL("**/pages/home/widgets/*");
}
