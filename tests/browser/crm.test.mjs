// A CRM with forms in forms, built by mouse and keyboard alone out of four files; then used, and its text read and written.
import { deepEqual, equal, ok } from "node:assert/strict";
import { test } from "node:test";
import { begin, bring, seen, text } from "./built.mjs";
import { instance } from "./field.mjs";
import { follow } from "./support.mjs";

const FILES = {
  customers: "id,name,city\n1,Ada Stone,Bern\n2,Grace Field,Bern\n3,Mary Brook,Thun\n4,Joan Hill,Thun\n",
  vehicles: "id,customer_id,plate,model\n1,1,BE 101,Van\n2,2,BE 202,Truck\n3,3,BE 303,Estate\n4,4,BE 404,Coupe\n",
  job_cards:
    "id,vehicle_id,day,work,express,collect_on,hours,rate,total\n1,1,2026-10-02,Brakes,no,,2,80,160\n2,2,2026-10-03,Oil change,yes,2026-10-04,1,80,80\n3,3,2026-10-09,New lamp,no,,1,90,90\n4,4,2026-11-01,Gearbox,no,,9,95,855\n",
  parts: "id,job_card_id,name,qty\n1,1,Brake pad,4\n2,2,Oil filter,1\n3,3,Lamp,2\n4,4,Seal,1\n",
};

test("a CRM is built by mouse and keyboard, and saves a job card with its parts", async (story) => {
  const { page } = await instance(story);
  for (const [name, rows] of Object.entries(FILES)) await bring(page, `${name}.csv`, rows);
  const at = await begin(page, "Garage");
  const app = at.replace("/edit/", "/apps/");
  const panel = page.locator("#panel");
  const drawn = page.locator("#held-form");

  // Questions without SQL: which vehicles there are, and the cards, with a table that shows them.
  await ask(page, at, "vehicles", "vehicles", ["Id", "Plate"]);
  await ask(page, at, "job_cards", "cards", ["Id", "Work", "Day", "Total"], "Report");
  await page.waitForURL("**/pages/home/widgets/report");

  // A row of the table opens the card.
  await page.locator("[id='k.row.goto']").selectOption("home");
  await page.locator("[name='k.row.with.key']").first().fill("id");
  await page.locator("[name='k.row.with.value']").first().fill("id");
  await page.locator("[name='k.row.with.value']").first().press("Tab");
  await page.locator("#held-report a[href*='id=1']").first().waitFor({ state: "attached" });

  // A form for a table, at a press, and the lines below it.
  await page.getByText("Add a widget").click();
  await page.getByLabel("A form for the table").selectOption("job_cards");
  await page.getByRole("button", { name: "Make the form" }).click();
  await drawn.getByText("Work").waitFor();
  await page.getByText("Lines below it").click();
  await page.getByLabel("Lines from").selectOption({ label: "Parts, by Job card id" });
  await page.getByRole("button", { name: "Add these lines" }).click();
  await page.locator("[id='l.min']").fill("1");
  await page.locator("[id='l.min']").press("Tab");
  await drawn.getByRole("group", { name: "Part 1" }).waitFor();

  // A vehicle is chosen among the rows of a query.
  await page.getByRole("link", { name: "All of form" }).click();
  await panel.getByRole("link", { name: "Vehicle id" }).click();
  await page.getByLabel("Label").fill("Vehicle");
  await page.getByLabel("Rows of the query").selectOption("vehicles");
  await page.locator("#chosen option[value='plate']").first().waitFor({ state: "attached" });
  await page.getByLabel("Column that people read").selectOption("plate");
  await drawn.locator("option", { hasText: "BE 303" }).waitFor({ state: "attached" });

  // A day that is asked for in some cases, and a sum that is worked out: by keyboard.
  await go(page, panel, "Express");
  await page.getByLabel("May be left empty").selectOption("");
  await drawn.locator("[type='checkbox']").waitFor({ state: "attached" });
  await go(page, panel, "Collect on");
  await page.getByLabel("Asked when").focus();
  await page.keyboard.type("${expres}");
  await page.keyboard.press("Tab");
  await page.locator("#panel-said").getByText("there is no field `expres`").waitFor();
  await page.getByLabel("Asked when").press("ControlOrMeta+a");
  await page.keyboard.type("${express}");
  await page.keyboard.press("Tab");
  await drawn.locator("[data-when]").waitFor({ state: "attached" });
  await go(page, panel, "Total");
  await page.getByLabel("Worked out as").focus();
  await page.keyboard.type("${hours} * ${rate}");
  await page.keyboard.press("Tab");
  await drawn.locator("[data-compute]").waitFor({ state: "attached" });

  // Fields in another order: the keyboard stays at the button.
  await page.getByRole("link", { name: "All of form" }).press("Enter");
  const up = panel.getByRole("button", { name: "Move Work up" });
  await up.press("Enter");
  await page.waitForFunction(() => document.querySelector("#forming li:nth-child(2) a")?.textContent === "Work");
  await page.waitForFunction(() => document.activeElement.getAttribute("aria-label") === "Move Work up");

  // A field that is taken out comes back whole.
  const before = await text(page, at);
  await page.goto(`${at}/pages/home/widgets/form`);
  await panel.getByRole("button", { name: "Remove Name of Parts" }).press("Enter");
  await panel.getByRole("link", { name: "Name of Parts" }).waitFor({ state: "detached" });
  await page.waitForFunction(() => document.activeElement.id === "undo");
  await page.keyboard.press("Enter");
  await panel.getByRole("link", { name: "Name of Parts" }).waitFor();
  equal(await text(page, at), before);

  // Customers with their vehicles, on a page of their own.
  await page.goto(`${at}/pages`);
  await page.getByLabel("A new page called").fill("Customers");
  await page.getByRole("button", { name: "Add the page" }).press("Enter");
  await page.waitForURL("**/pages/customers");
  await page.getByLabel("A form for the table").selectOption("customers");
  await page.getByRole("button", { name: "Make the form" }).press("Enter");
  await page.getByText("Lines below it").click();
  await page.getByLabel("Lines from").selectOption({ label: "Vehicles, by Customer id" });
  await page.getByRole("button", { name: "Add these lines" }).press("Enter");
  await page.locator("[id='l.min']").waitFor();

  // What came out is what one would have written.
  const made = await text(page, at);
  for (const said of [
    'choices = [\n  { field = "vehicle_id", query = "vehicles", label = "plate" },\n]',
    'when = { collect_on = "${express}" }',
    'compute = { total = "${hours} * ${rate}" }',
    "[[page.home.widget.form.lines]]\n",
    "insert into parts (job_card_id, name, qty)\nvalues (:job_card_id, :name, :qty)",
    'job_card_id = { from = "parent.id", type = "int" }',
    'id = { from = "row.id", type = "int" }',
    "[[page.customers.widget.form.lines]]\n",
    "# An app is this one text.",
  ]) {
    ok(made.includes(said), `${said}\n${made}`);
  }

  await page.goto(`${at}/publish`);
  await follow(page, page.getByRole("button", { name: "Publish version 1" }));
  await used(page, app);

  // The text is written, and the page follows.
  const status = await page.evaluate(async ([at, text]) => {
    const page = new DOMParser().parseFromString(await (await fetch(at)).text(), "text/html");
    const body = new URLSearchParams({ draft_at: page.querySelector("[name=draft_at]").value, text });
    return (await fetch(at, { method: "POST", body })).status;
  }, [at, made.replace('vehicle_id = "Vehicle"', 'vehicle_id = "Car"')]);
  equal(status, 200);
  await page.goto(`${at}/pages/home/widgets/form`);
  await drawn.locator("label", { hasText: "Car" }).waitFor();
  await panel.getByRole("link", { name: "Car", exact: true }).waitFor();

  const form = `${at}/pages/home/widgets/form`;
  await seen(page, [form, `${form}/fields/vehicle_id`, `${form}/lists/parts`, `${at}/pages/customers`, app, `${app}?id=1`]);
  deepEqual(page.trouble, []);
});

/** The app as people use it: a card with two parts, opened again and changed. */
async function used(page, app) {
  const form = page.locator("#w-form");
  const part = (number) => page.getByRole("group", { name: `Part ${number}`, exact: true });
  await page.goto(app);
  await form.getByLabel("Vehicle").selectOption({ label: "BE 303" });
  await form.getByLabel("Work").fill("Clutch");
  await form.getByLabel("Day").fill("2026-11-20");
  ok(await form.getByLabel("Collect on").isHidden());
  await form.getByLabel("Express").check();
  await form.getByLabel("Collect on").fill("2026-11-21");
  await form.getByLabel("Hours").fill("3");
  await form.getByLabel("Rate").fill("90");
  await page.waitForFunction(() => Number(document.querySelector("[name=total]").value) === 270);
  await part(1).getByLabel("Name").fill("Clutch disc");
  await page.getByRole("button", { name: "Add: Part" }).press("Enter");
  await part(2).getByLabel("Name").fill("Bearing");
  await part(2).getByLabel("Qty").fill("2");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Job card saved").first().waitFor();
  const row = page.locator("#w-report tr", { hasText: "Clutch" });
  await row.getByText("270").waitFor();
  await follow(page, row.getByRole("link").first());
  equal(await part(2).getByLabel("Name").inputValue(), "Bearing");
  equal(await form.getByLabel("Vehicle").inputValue(), "3");
  await page.getByRole("button", { name: "Remove: Part 1" }).click();
  await page.getByText("It is removed when you save.").waitFor();
  await form.getByLabel("Hours").fill("4");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Job card saved").first().waitFor();
  await row.getByText("360").waitFor();
  await page.reload();
  equal(await part(1).getByLabel("Name").inputValue(), "Bearing");
}

/** A query without SQL about some columns of a table. */
async function ask(page, at, table, name, columns, shown) {
  await page.goto(`${at}/queries`);
  await page.getByLabel("Ask about").selectOption(table);
  await follow(page, page.getByRole("button", { name: "New query" }));
  await page.getByLabel("Name", { exact: true }).fill(name);
  for (const column of columns) await page.getByRole("checkbox", { name: column, exact: true }).check();
  if (shown) await page.getByLabel("Shown by a new").selectOption({ label: shown });
  await follow(page, page.getByRole("button", { name: "Save the query" }));
}

/** From one field of the form to another. */
async function go(page, panel, name) {
  await page.getByRole("link", { name: "All of form" }).press("Enter");
  await panel.getByRole("link", { name, exact: true }).press("Enter");
  await page.locator("#about-type").waitFor();
}
