// Every kind of widget in every state it has, for everybody: with rows, without any, when its query fails, filled in
// wrongly, opened, being changed. By keyboard all that can be pressed is reached, and where it is can be seen.
import { deepEqual, equal, ok } from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { barriers, folder, follow, launch, person, serve, setUp } from "./support.mjs";

const ROWS = `title,town,state,hours,day
Paint the fence,Oslo,new,3,2026-11-02
Donaudampfschifffahrtsgesellschaftskapitaensmuetze,Bergen,busy,9,2026-11-03
"Mend the roof, ""quickly""",,done,,2026-11-03
Sweep the yard,Oslo,new,5,2026-11-03
`;
const STATES = { full: "true", none: "false", broken: "json_extract(title, '$.x') is null" };
const WAYS = [1280, 390].flatMap((width) => ["light", "dark"].map((colorScheme) => ({ width, colorScheme })));

/** The widgets of one page, with what their queries are called in that state. */
const widgets = (state) => ({
  words: 'type = "text"\ntext = "# A heading\\n\\nSome *words* and [a link](https://example.org)."',
  filters: `type = "filter"\ninputs = ["${state}.place", "${state}.q", "${state}.since"]`,
  parts: 'type = "tabs"\nlabel = "Two views"\ntabs = [{ label = "List", widgets = ["list"] }, { label = "Cards", widgets = ["cards"] }]',
  list: `type = "report"
title = "Jobs"
query = "${state}"
columns = ["title", "town", "state", "hours", "day"]
hidden = ["town"]
pinned = true
format = { state = "badge", day = "date" }
badges = { done = "good", busy = "warn" }
groups = [{ label = "Effort", columns = ["hours", "day"] }]
highlight = [{ column = "hours", when = "> 8", tone = "bad" }]
totals = { hours = "sum" }
export = ["csv", "xlsx"]
row = { goto = "none", with = { q = "title" } }
actions = [{ label = "Drop", run = "drop", confirm = "The job is gone then.", style = "danger" }]
edit = [{ column = "hours", run = "set_hours" }]`,
  cards: `type = "cards"\ntitle = "Cards"\nquery = "${state}"\nheading = "title"\ntext = "town"\nbadge = "state"\ncolumns = ["hours"]\nrow = { goto = "none", with = { q = "title" } }`,
  one: `type = "detail"\ntitle = "One job"\nquery = "${state}_one"\nformat = { day = "date", state = "badge" }`,
  board: `type = "kanban"\ntitle = "Board"\nquery = "${state}"\nstatus = "state"\nstates = ["new", "busy", "done"]\nheading = "title"\ntext = "town"\nmove = "set_state"`,
  month: `type = "calendar"\ntitle = "Days"\nquery = "${state}"\nday = "day"\nheading = "title"\nbadge = "state"\nrow = { goto = "none", with = { q = "title" } }`,
  past: `type = "timeline"\ntitle = "What was"\nquery = "${state}"\nwhen = "day"\nheading = "title"\ntext = "town"`,
  pivot: `type = "pivot"\ntitle = "Hours by town"\nquery = "${state}"\ndown = "town"\nacross = "state"\nvalue = "hours"`,
  sum: `type = "stat"\nlabel = "Hours on the last day"\nquery = "${state}_daily"\nvalue = "hours"\nover = "day"`,
  ...Object.fromEntries(
    ["bar", "line", "area", "pie", "scatter", "histogram", "heatmap", "combined"].map((mark) => [`chart_${mark}`, chart(state, mark)]),
  ),
  adding: 'type = "modal"\nlabel = "Add in a box"\nwidgets = ["boxed"]',
  boxed: 'type = "form"\nsubmit = "add"\nbutton = "Add it"',
  form: `type = "form"
title = "A job"
submit = "add"
button = "Add"
help = { hours = "Whole hours." }
choices = [{ field = "town", query = "${state}_towns", value = "town" }]
when = { note = "\${hours} > 5" }
[[page.${state}.widget.form.lines]]
id = "below"
line = "Part"
submit = "add_below"`,
  close: 'type = "button"\nlabel = "Close all"\nrun = "close"\nconfirm = "Every job is done then."\nstyle = "danger"',
  map: 'type = "embed"\ntitle = "The map"\nsrc = "https://maps.example.org/"',
  dot: 'type = "image"\nsrc = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"\nalt = "A dot"',
});

function chart(state, mark) {
  const base = `type = "chart"\ntitle = "As ${mark}"\nmark = "${mark}"\n`;
  if (mark === "histogram") return `${base}query = "${state}"\nx = "hours"\nbins = 4`;
  if (mark === "heatmap") return `${base}query = "${state}"\nx = "state"\nseries = "town"\ny = ["hours"]`;
  if (mark === "scatter") return `${base}query = "${state}"\nx = "day"\ny = ["hours"]`;
  if (mark === "area") return `${base}query = "${state}"\nx = "state"\ny = ["hours"]`;
  if (mark === "combined") return `${base}query = "${state}_sums"\nx = "state"\ny = ["hours"]\nright = ["jobs"]\nrow = { goto = "full", with = { place = "state" } }`;
  return `${base}query = "${state}_sums"\nx = "state"\ny = ["hours"]`;
}

/** The text of the app: a page for each state, the same widgets on each. */
function app() {
  const read = (name, sql, param = "") => `[query.${name}]\nuse = "main"\nkind = "read"\nsql = """${sql}"""\n${param}`;
  const write = (name, sql, param = "") => `[query.${name}]\nuse = "main"\nkind = "write"\nexpect = 1\nsql = "${sql}"\n${param}`;
  const filters = (name) =>
    `[query.${name}.param]\nplace = { from = "url.place", type = "enum", values = ["new", "busy", "done"], null = true }\nq = { from = "url.q", type = "text", max = 80, null = true }\nsince = { from = "url.since", type = "date", null = true }\n`;
  const queries = Object.entries(STATES).flatMap(([state, where]) => [
    read(state, `select id, title, town, state, hours, day from work where ${where} and (:place is null or state = :place) and (:q is null or title like '%' || :q || '%') and (:since is null or day >= :since) order by id`, filters(state)),
    read(`${state}_one`, `select title, town, state, hours, day from work where ${where} order by id limit 1`),
    read(`${state}_sums`, `select state, sum(hours) as hours, count(*) as jobs from work where ${where} group by state`),
    read(`${state}_daily`, `select day, sum(hours) as hours from work where ${where} group by day order by day`),
    read(`${state}_towns`, `select distinct town from work where town is not null and ${where} order by town`),
  ]);
  const row = (name, more) => `[query.${name}.param]\nid = { from = "row.id", type = "int" }\n${more}`;
  const writes = [
    write("add", "insert into work (title, town, state, hours, day) values (:title, :town, 'new', :hours, coalesce(:day, '2026-11-04') || substr(:note, 0, 0))",
      '[query.add.param]\ntitle = { from = "form.title", type = "text", min = 2, max = 60 }\ntown = { from = "form.town", type = "text", null = true }\nhours = { from = "form.hours", type = "int", min = 0, max = 99 }\nday = { from = "form.day", type = "date" }\nnote = { from = "form.note", type = "text", max = 500, null = true }\n'),
    write("add_below", "insert into work (title, town, state, hours, day) values (:title || :job, '', 'new', 1, '2026-11-04')",
      '[query.add_below.param]\njob = { from = "parent.id", type = "int" }\ntitle = { from = "form.title", type = "text", min = 2 }\n'),
    write("drop", "delete from work where id = :id", row("drop", "")),
    write("set_hours", "update work set hours = :hours where id = :id and hours is :before",
      row("set_hours", 'hours = { from = "form.hours", type = "int", min = 0, max = 99 }\nbefore = { from = "row.hours", type = "int", null = true }\n')),
    write("set_state", "update work set state = :state where id = :id and state = :before",
      row("set_state", 'state = { from = "form.state", type = "enum", values = ["new", "busy", "done"] }\nbefore = { from = "row.state", type = "text" }\n')),
    write("close", "update work set state = 'done' where state = 'new'").replace("expect = 1\n", ""),
  ];
  const pages = Object.keys(STATES).map((state) => {
    const all = Object.entries(widgets(state)).map(([id, text], at) => {
      const [kind, ...rest] = text.split("\n");
      return [`[page.${state}.widget.${id}]`, kind, `at = [${at + 1}, 1, 12]`, ...rest].join("\n");
    });
    return [`[page.${state}]\ntitle = "${state}"\npath = "${state === "full" ? "/" : `/${state}`}"`, ...all].join("\n");
  });
  return ['format = 1\nid = "states"\ntitle = "States"\n[uses.main]\nkind = "sqlite"\nneeds = ["read", "write"]', ...queries, ...writes, ...pages].join("\n");
}

test("every kind of widget is for everybody, in every state", async (story) => {
  const server = await serve(await folder(story));
  story.after(() => server.stop());
  const browser = await launch(story);
  const ada = await person(browser, server.address);
  await setUp(ada, server.code);
  await make(ada);
  const storageState = await ada.context().storageState();

  for (const { width, colorScheme } of WAYS) {
    const viewport = { width, height: 900 };
    const eve = await person(browser, server.address, { viewport, colorScheme, storageState, reducedMotion: "reduce" });
    const shown = async (what) => {
      await eve.waitForLoadState("networkidle");
      await fits(eve, `${what} at ${width}, ${colorScheme}`);
    };
    await story.test(`each state at ${width}, ${colorScheme}`, async () => {
      for (const state of Object.keys(STATES)) {
        await eve.goto(`/apps/states${state === "full" ? "" : `/p/${state}`}`);
        await drawn(eve);
        await shown(state);
        if (process.env.ONSIGHT_PICTURES) {
          await eve.screenshot({ path: join(process.env.ONSIGHT_PICTURES, `states-${state}-${width}-${colorScheme}.png`), fullPage: true });
        }
        await eve.getByRole("tab", { name: "Cards" }).or(eve.getByRole("link", { name: "Cards", exact: true })).first().click();
        await shown(`${state}, the other tab`);
      }
    });
    if ((width === 390) === (colorScheme === "dark")) {
      await story.test(`what is opened and filled in at ${width}, ${colorScheme}`, () => opened(eve, shown));
    }
    deepEqual(eve.trouble, []);
    await eve.context().close();
  }
  await story.test("no row hides behind another of the same day, town or state", async () => {
    await ada.goto("/apps/states");
    await ada.getByLabel(/^As scatter\. Scatter chart: 4 points from 3 to 9/).waitFor();
    await ada.getByLabel(/^As area\. Area chart: 3 points from 8 to 9/).waitFor();
    await ada.locator("#w-chart_heatmap").getByRole("row", { name: /^Oslo/ }).getByRole("cell", { name: "8", exact: true }).waitFor();
  });
  await story.test("by keyboard everything is reached, and where it is can be seen", async () => {
    for (const state of Object.keys(STATES)) {
      await ada.goto(`/apps/states${state === "full" ? "" : `/p/${state}`}`);
      await ada.waitForLoadState("networkidle");
      await reached(ada, state);
    }
  });
  deepEqual(ada.trouble, []);
});

/** Charts are drawn when they come in sight. */
async function drawn(page) {
  for (const plot of await page.locator(".plot:visible").all()) {
    await plot.scrollIntoViewIfNeeded();
    await plot.locator("canvas").first().waitFor();
  }
  await page.evaluate(() => scrollTo(0, 0));
}

/** What is not there when a page comes: what was sent wrongly, boxes, fields in cells, menus. */
async function opened(page, shown) {
  await page.goto("/apps/states");
  const form = page.locator("#w-form");
  await form.getByLabel(/^Title/).fill("X");
  await form.getByLabel(/^Hours/).fill("7");
  await form.getByLabel(/^Day/).fill("2026-11-04");
  await form.getByRole("button", { name: "Add", exact: true }).click();
  await form.getByText("must be at least 2 characters").first().waitFor();
  await shown("a form with faults");
  await form.getByLabel(/^Note/).waitFor();
  await form.getByRole("button", { name: "Add: Part" }).click();
  await form.getByRole("group", { name: /^Part \d/ }).first().waitFor();
  await shown("a form with lines");
  await page.goto("/apps/states");
  await page.locator("#w-list .cell-edit").first().click();
  await page.locator(".cell-form input[name=hours]").waitFor();
  await shown("a cell that is changed");
  // The browser lets none of it through; the server has to say it all the same.
  await page.locator(".cell-form").evaluate((one) => (one.closest("form").noValidate = true));
  await page.locator(".cell-form input[name=hours]").fill("200");
  await page.keyboard.press("Enter");
  await page.getByText(/at most 99/).first().waitFor();
  await shown("a cell that was refused");
  await page.goto("/apps/states");
  await page.locator("#w-board summary").first().click();
  await shown("a card that is moved");
  await page.getByRole("button", { name: /^Drop/ }).first().click();
  await page.getByRole("dialog").waitFor();
  await shown("a question before it is done");
  await page.goto("/apps/states?adding=open");
  await page.getByRole("dialog", { name: "Add in a box" }).waitFor();
  await shown("a box");
  await page.goto("/apps/states?place=busy&q=nothing-like-that");
  await shown("filtered down to nothing");
}

/** Tab goes through everything that can be pressed or filled in, and each shows that it has the focus. */
async function reached(page, state) {
  const all = await page.evaluate(() => {
    const can = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
    const seen = [...document.querySelectorAll(`main :is(${can})`)].filter(
      (one) => !one.disabled && one.tabIndex >= 0 && one.checkVisibility({ visibilityProperty: true }) && !one.closest("[inert], dialog:not([open])"),
    );
    // Of radio buttons with one name Tab comes to one.
    const groups = new Set();
    return seen.filter((one) => {
      if (one.type !== "radio") return true;
      const is = !groups.has(one.name);
      groups.add(one.name);
      return is;
    }).map((one, at) => ((one.dataset.seen = String(at)), one.outerHTML.slice(0, 160)));
  });
  ok(all.length > 8, `${state}: ${all.length} places`);
  await page.locator("main").evaluate((main) => {
    main.tabIndex = -1;
    main.focus();
  });
  const met = new Set();
  for (let press = 0; press < all.length * 2 + 20 && met.size < all.length; press += 1) {
    await page.keyboard.press("Tab");
    const [at, ring] = await page.evaluate(() => {
      const one = document.activeElement;
      const looks = [undefined, "::after"].map((part) => getComputedStyle(one, part));
      const has = looks.some((look) => (look.outlineStyle !== "none" && parseFloat(look.outlineWidth) > 0) || look.boxShadow !== "none");
      return [one.dataset?.seen, has];
    });
    // Within a field for a date Tab goes on to its parts, which have a look of their own.
    if (at === undefined || met.has(Number(at))) continue;
    met.add(Number(at));
    equal(ring, true, `${state}: nothing shows that this has the focus: ${all[at]}`);
  }
  deepEqual(all.filter((_, at) => !met.has(at)), [], `${state}: Tab does not come to these`);
}

/** Nothing serious for axe, and no wider than its window. */
async function fits(page, what) {
  deepEqual(await barriers(page), [], what);
  const [wide, width] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  ok(wide <= width, `${what}: ${wide} wide`);
}

/** The table and the app over it, published. */
async function make(page) {
  await page.goto("/data/import");
  await page.getByLabel("Drop a file here, or choose one").setInputFiles({ name: "work.csv", mimeType: "text/csv", buffer: Buffer.from(ROWS) });
  await page.waitForURL("**/data/import/*", { timeout: 60_000 });
  await page.getByRole("button", { name: /^Import 4 rows/ }).click();
  await page.getByRole("heading", { name: /in work$/ }).waitFor({ timeout: 60_000 });
  await page.goto("/apps/new");
  await page.locator("input[type=file]").first().setInputFiles({ name: "states.toml", mimeType: "application/toml", buffer: Buffer.from(app()) });
  await page.getByRole("button", { name: "Import the app" }).click();
  await page.waitForURL("**/edit/states**");
  await page.goto("/edit/states/publish");
  await follow(page, page.getByRole("button", { name: /^Publish version 1/ }));
}
