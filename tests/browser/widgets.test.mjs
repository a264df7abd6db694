// The widgets of an app, each by mouse and by keyboard, at both widths, light and dark, for everybody.
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
sql = "select id, name, town, state, hours, day, substr(day, 1, 7) as month from jobs where (:state is null or state = :state) order by id"
[query.every.param]
state = { from = "url.state", type = "enum", values = ["new", "busy", "done"], null = true }
[query.sums]
use = "main"
kind = "read"
sql = "select state, sum(hours) as hours, count(*) as jobs from jobs group by state order by state"
[query.daily]
use = "main"
kind = "read"
sql = "select day, sum(hours) as hours from jobs group by day order by day"
[query.one]
use = "main"
kind = "read"
sql = "select name, town, state, hours, day from jobs where id = :id"
[query.one.param]
id = { from = "url.id", type = "int", default = 1 }
[query.set_state]
use = "main"
kind = "write"
audit = "job.move"
expect = 1
sql = "update jobs set state = :state where id = :id and state = :before"
[query.set_state.param]
state = { from = "form.state", type = "enum", values = ["new", "busy", "done"] }
id = { from = "row.id", type = "int" }
before = { from = "row.state", type = "text" }
[query.set_hours]
use = "main"
kind = "write"
audit = "job.hours"
expect = 1
sql = "update jobs set hours = :hours where id = :id and hours is :before"
[query.set_hours.param]
hours = { from = "form.hours", type = "int", min = 0, max = 99 }
id = { from = "row.id", type = "int" }
before = { from = "row.hours", type = "int", null = true }
[query.drop]
use = "main"
kind = "write"
audit = "job.drop"
expect = 1
sql = "delete from jobs where id = :id"
[query.drop.param]
id = { from = "row.id", type = "int" }
[query.add]
use = "main"
kind = "write"
audit = "job.add"
expect = 1
sql = "insert into jobs (name, town, state, hours, day) values (:name, 'Oslo', 'new', 1, :today)"
[query.add.param]
name = { from = "form.name", type = "text", min = 2, max = 60 }
today = { from = "server.today", type = "date" }
[page.work]
title = "Work"
path = "/"
[page.work.widget.filters]
type = "filter"
at = [1, 1, 9]
inputs = ["every.state"]
[page.work.widget.adding]
type = "modal"
at = [1, 10, 3]
label = "Add a job"
widgets = ["form"]
shape = "drawer"
[page.work.widget.form]
type = "form"
at = [2, 1, 12]
submit = "add"
button = "Add"
then = { toast = "Added" }
[page.work.widget.table]
type = "report"
at = [3, 1, 12]
title = "All jobs"
query = "every"
columns = ["name", "town", "state", "hours", "day", "month"]
hidden = ["month"]
pinned = true
groups = [{ label = "Effort", columns = ["hours", "day"] }]
highlight = [{ column = "hours", when = "> 8", tone = "warn" }]
row = { goto = "one", with = { id = "id" } }
actions = [{ label = "Drop", run = "drop", confirm = "The job is gone then.", style = "danger", then = { toast = "Dropped" } }]
edit = [{ column = "hours", run = "set_hours" }]
[page.work.widget.board]
type = "kanban"
at = [4, 1, 12]
title = "Board"
query = "every"
status = "state"
states = ["new", "busy", "done"]
heading = "name"
text = "town"
move = "set_state"
then = { toast = "Moved" }
[page.figures]
title = "Figures"
path = "/figures"
[page.figures.widget.sums]
type = "chart"
at = [1, 1, 6]
title = "Hours"
query = "sums"
mark = "combined"
x = "state"
y = ["hours"]
right = ["jobs"]
row = { goto = "work", with = { state = "state" } }
[page.figures.widget.spread]
type = "chart"
at = [1, 7, 6]
title = "Spread"
query = "every"
mark = "histogram"
x = "hours"
bins = 4
[page.figures.widget.heat]
type = "chart"
at = [2, 1, 6]
title = "Town and state"
query = "every"
mark = "heatmap"
x = "state"
series = "town"
y = ["hours"]
[page.figures.widget.last]
type = "stat"
at = [2, 7, 3]
label = "Hours on the last day"
query = "daily"
value = "hours"
over = "day"
[page.figures.widget.pivot]
type = "pivot"
at = [3, 1, 12]
title = "Hours by town and state"
query = "every"
down = "town"
across = "state"
value = "hours"
row = { goto = "work", with = { state = "state" } }
[page.one]
title = "One job"
path = "/one"
[page.one.widget.detail]
type = "detail"
at = [1, 1, 6]
title = "The job"
query = "one"
format = { day = "date", state = "badge" }
[page.one.widget.cards]
type = "cards"
at = [1, 7, 6]
title = "Others"
query = "every"
heading = "name"
text = "town"
badge = "state"
columns = ["hours"]
row = { goto = "one", with = { id = "id" } }
[page.one.widget.days]
type = "calendar"
at = [2, 1, 12]
title = "Days"
query = "every"
day = "day"
heading = "name"
row = { goto = "one", with = { id = "id" } }
[page.one.widget.past]
type = "timeline"
at = [3, 1, 6]
title = "What was"
query = "every"
when = "day"
heading = "name"
text = "town"
[page.one.widget.map]
type = "embed"
at = [3, 7, 6]
title = "The map"
src = "https://maps.example.org/"
[page.one.widget.dot]
type = "image"
at = [4, 1, 3]
src = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
alt = "A dot"
`;

const ROWS = [
  ["Paint <b>fence</b>", "Oslo", "new", 3, "2026-11-02"],
  ["Mend roof", "Bergen", "busy", 9, "2026-11-03"],
  ["\"><img src=x onerror=alert(1)>", "Oslo", "done", 5, "2026-11-03"],
];

test("widgets are looked at, moved and changed by mouse and by keyboard", async (story) => {
  const server = await serve(await folder(story));
  story.after(() => server.stop());
  const browser = await launch(story);
  const ada = await person(browser, server.address);
  await setUp(ada, server.code);
  await make(ada);

  await ada.goto("/apps/jobs");
  await ada.evaluate(() => (globalThis.stayed = true));
  const stayed = () => ada.evaluate(() => globalThis.stayed === true);

  await story.test("a card is dragged, and moved by keyboard", async () => {
    const lane = (state) => ada.locator(`#w-board .lane[data-state="${state}"]`);
    await lane("new").getByRole("heading", { name: /Paint/ }).dragTo(lane("busy"));
    await ada.getByText("Moved").first().waitFor();
    await lane("busy").getByRole("heading", { name: /Paint/ }).waitFor();
    await lane("busy").locator("li", { hasText: "Paint" }).locator("summary").focus();
    await ada.keyboard.press("Enter");
    await ada.keyboard.press("Tab");
    await ada.keyboard.press("Tab");
    await ada.keyboard.press("Enter");
    await lane("done").getByRole("heading", { name: /Paint/ }).waitFor();
    // The focus is on the card that moved, and the table above says the same.
    await ada.waitForFunction(() => document.activeElement.closest(".lane")?.dataset.state === "done");
    await ada.locator("#w-table tr", { hasText: "Paint" }).getByText("done").waitFor();
    assert.ok(await stayed());
  });

  await story.test("a cell is changed, refused, left and changed by keyboard", async () => {
    const cell = ada.locator("#w-table tr", { hasText: "Mend roof" }).locator(".cell-edit");
    await cell.focus();
    await ada.keyboard.press("Enter");
    const field = ada.locator(".cell-form input[name=hours]");
    await field.waitFor();
    await ada.waitForFunction(() => document.activeElement.matches(".cell-form input[name=hours]"));
    await field.fill("7");
    await ada.keyboard.press("Enter");
    await ada.getByText("Saved").first().waitFor();
    await ada.locator("#w-table tr", { hasText: "Mend roof" }).locator(".cell-edit", { hasText: "7" }).click();
    await field.waitFor();
    await ada.keyboard.press("Escape");
    await field.waitFor({ state: "detached" });
    assert.ok(await stayed());
  });

  await story.test("somebody else was faster, and nothing is lost", async () => {
    await ada.locator("#w-table tr", { hasText: "Mend roof" }).locator(".cell-edit").click();
    const field = ada.locator(".cell-form input[name=hours]");
    await field.waitFor();
    const other = await ada.context().newPage();
    await other.goto("/apps/jobs");
    await other.locator("#w-table tr", { hasText: "Mend roof" }).locator(".cell-edit").click();
    await other.locator(".cell-form input[name=hours]").fill("6");
    await other.keyboard.press("Enter");
    await other.getByText("Saved").first().waitFor();
    await other.close();
    await field.fill("5");
    await ada.keyboard.press("Enter");
    await ada.getByText("perhaps somebody else was faster").first().waitFor();
    await ada.goto("/apps/jobs");
    await ada.locator("#w-table tr", { hasText: "Mend roof" }).locator(".cell-edit", { hasText: "6" }).waitFor();
    await ada.evaluate(() => (globalThis.stayed = true));
  });

  await story.test("a filter narrows down in place, and going back widens again", async () => {
    await ada.getByLabel("State").selectOption("busy");
    await ada.locator("#w-table tr", { hasText: "Paint" }).waitFor({ state: "detached" });
    assert.match(ada.url(), /state=busy/);
    assert.ok(await stayed());
    await ada.goBack();
    await ada.locator("#w-table tr", { hasText: "Paint" }).waitFor();
    await ada.getByRole("link", { name: "All columns" }).click();
    await ada.getByRole("columnheader", { name: "Month" }).waitFor();
    assert.ok(await stayed());
  });

  await story.test("a drawer is opened, closed and sent by keyboard", async () => {
    await ada.getByRole("link", { name: "Add a job" }).focus();
    await ada.keyboard.press("Enter");
    const drawer = ada.getByRole("dialog", { name: "Add a job" });
    await drawer.waitFor();
    assert.deepEqual(await barriers(ada), []);
    await ada.keyboard.press("Escape");
    await drawer.waitFor({ state: "hidden" });
    await ada.waitForFunction(() => document.activeElement.textContent === "Add a job");
    await ada.keyboard.press("Enter");
    await drawer.getByLabel("Name").fill("X");
    await drawer.getByRole("button", { name: "Add" }).click();
    await drawer.getByText("must be at least 2 characters").first().waitFor();
    await drawer.getByLabel("Name").fill("Clean up");
    await ada.keyboard.press("Enter");
    await ada.getByText("Added").first().waitFor();
    await drawer.waitFor({ state: "hidden" });
    await ada.locator("#w-board").getByRole("heading", { name: "Clean up" }).waitFor();
    assert.ok(await stayed());
  });

  await story.test("a button of a row asks, and does it once", async () => {
    const drop = ada.getByRole("button", { name: "Drop: Clean up" });
    await drop.click();
    await ada.getByRole("button", { name: "Cancel" }).click();
    await drop.focus();
    await ada.keyboard.press("Enter");
    await ada.getByRole("dialog").getByRole("button", { name: "Drop" }).click();
    await ada.getByText("Dropped").first().waitFor();
    await ada.locator("#w-board").getByRole("heading", { name: "Clean up" }).waitFor({ state: "detached" });
    assert.ok(await stayed());
  });

  await story.test("a bar leads on, by mouse and by keyboard", async () => {
    await ada.goto("/apps/jobs/p/figures");
    const plot = ada.locator("#w-sums .plot");
    await plot.locator("canvas").waitFor();
    await plot.focus();
    await ada.keyboard.press("ArrowRight");
    await ada.locator("#w-sums [role=status]", { hasText: /busy|done|new/ }).waitFor({ state: "attached" });
    await ada.keyboard.press("Enter");
    await ada.waitForURL("**/apps/jobs?state=*");
    await ada.goto("/apps/jobs/p/figures");
    await plot.locator("canvas").waitFor();
    // The bars are redrawn when they have grown; a click in the middle of the first.
    const box = await plot.boundingBox();
    await ada.mouse.click(box.x + box.width * 0.27, box.y + box.height * 0.8);
    await ada.waitForURL("**/apps/jobs?state=*");
    await ada.goto("/apps/jobs/p/figures");
    await ada.locator("#w-pivot .cell-link").first().focus();
    await ada.keyboard.press("Enter");
    await ada.waitForURL("**/apps/jobs?state=*");
  });

  await story.test("months are turned in place, and nothing of another site is asked", async () => {
    await ada.goto("/apps/jobs/p/one?days=2026-11");
    await ada.locator("#w-days").getByText("Mend roof").waitFor();
    await ada.evaluate(() => (globalThis.stayed = true));
    await ada.getByRole("link", { name: "Month after" }).click();
    await ada.locator("#w-days").getByText("Nothing is in this month").waitFor();
    await ada.getByRole("link", { name: "Month before" }).focus();
    await ada.keyboard.press("Enter");
    await ada.locator("#w-days").getByText("Mend roof").waitFor();
    assert.ok(await stayed());
    assert.equal(await ada.locator("iframe").count(), 0);
    await ada.getByText("[apps] show = [\"https://maps.example.org\"]").waitFor();
  });

  await story.test("for everybody: at both widths, light and dark, without a script", async () => {
    const cookies = await ada.context().storageState();
    for (const [width, colorScheme] of [[1280, "light"], [390, "light"], [1280, "dark"], [390, "dark"]]) {
      const eve = await person(browser, server.address, { viewport: { width, height: 844 }, colorScheme, storageState: cookies, reducedMotion: "reduce" });
      for (const path of ["", "/p/figures", "/p/one?days=2026-11", "?adding=open"]) {
        await eve.goto(`/apps/jobs${path}`);
        await eve.waitForLoadState("networkidle");
        assert.deepEqual(await barriers(eve), [], `${path} at ${width}, ${colorScheme}`);
        const wide = await eve.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(wide <= width, `${path} is ${wide} wide at ${width}`);
      }
      assert.deepEqual(eve.trouble, []);
      await eve.context().close();
    }
    const bare = await person(browser, server.address, { storageState: cookies, javaScriptEnabled: false });
    await bare.goto("/apps/jobs");
    const card = bare.locator("#w-board li", { hasText: "Mend roof" });
    await card.locator("summary").click();
    await card.getByRole("button", { name: "To New" }).click();
    await bare.locator("#w-board .lane[data-state=new]").getByRole("heading", { name: "Mend roof" }).waitFor();
    await bare.getByRole("link", { name: "Add a job" }).click();
    await bare.getByRole("button", { name: "Add", exact: true }).waitFor();
    await bare.goto("/apps/jobs/p/figures");
    await bare.locator("#w-sums table").waitFor();
    await bare.context().close();
  });
  assert.deepEqual(ada.trouble, []);
});

/** A table, its rows, the app over it, published. */
async function make(ada) {
  const send = (path, fields) =>
    ada.evaluate(async ([path, fields]) => (await fetch(path, { method: "POST", body: new URLSearchParams(fields) })).status, [path, fields]);
  await ada.goto("/data/new");
  const columns = [["Name", "text"], ["Town", "text"], ["State", "text"], ["Hours", "integer"], ["Day", "date"]];
  const made = await send("/data/new", [["title", "Jobs"], ...columns.flatMap(([name, type]) => [["column", name], ["type", type]])]);
  assert.equal(made, 200);
  for (const row of ROWS) {
    const names = ["name", "town", "state", "hours", "day"];
    await send("/data/jobs/rows/new", names.map((name, at) => [`v.${name}`, String(row[at])]));
  }
  await ada.goto("/apps/new");
  await ada.locator("input[type=file]").setInputFiles({ name: "jobs.toml", mimeType: "application/toml", buffer: Buffer.from(APP) });
  await ada.getByRole("button", { name: "Import the app" }).click();
  await ada.waitForURL("**/edit/jobs**");
  await ada.goto("/edit/jobs/publish");
  await follow(ada, ada.getByRole("button", { name: "Publish version 1" }));
}
