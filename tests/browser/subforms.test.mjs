// A form with lines below it: by mouse, by keyboard, without scripts, at both widths, light and dark, for everybody.
import assert from "node:assert/strict";
import { test } from "node:test";
import { barriers, folder, follow, launch, person, serve, setUp } from "./support.mjs";

const APP = `format = 1
id = "bills"
title = "Bills"
[uses.main]
kind = "sqlite"
needs = ["read", "write"]
[query.every]
use = "main"
kind = "read"
sql = "select bills.id, bills.payer, (select group_concat(parts.name || ' ' || parts.qty, ', ') from parts where parts.bill = bills.id) as parts from bills order by bills.id"
[query.one]
use = "main"
kind = "read"
sql = "select id, payer from bills where id = :id"
[query.one.param]
id = { from = "url.id", type = "int", null = true }
[query.add]
use = "main"
kind = "write"
audit = "bill.add"
expect = 1
sql = "insert into bills (payer) values (:payer)"
[query.add.param]
payer = { from = "form.payer", type = "text", min = 2, max = 60 }
[query.change]
use = "main"
kind = "write"
audit = "bill.change"
expect = 1
sql = "update bills set payer = :payer where id = :id"
[query.change.param]
payer = { same_as = "add.payer" }
id = { from = "url.id", type = "int" }
[query.parts]
use = "main"
kind = "read"
sql = "select id, name, qty from parts where bill = :bill order by id"
[query.parts.param]
bill = { from = "parent.id", type = "int" }
[query.add_part]
use = "main"
kind = "write"
expect = 1
sql = "insert into parts (bill, name, qty) values (:bill, :name, :qty)"
[query.add_part.param]
bill = { from = "parent.id", type = "int" }
name = { from = "form.name", type = "text", max = 60 }
qty = { from = "form.qty", type = "int", min = 1, max = 99, default = 1 }
[query.change_part]
use = "main"
kind = "write"
expect = 1
sql = "update parts set name = :name, qty = :qty where id = :id"
[query.change_part.param]
name = { same_as = "add_part.name" }
qty = { same_as = "add_part.qty" }
id = { from = "row.id", type = "int" }
[query.drop_part]
use = "main"
kind = "write"
expect = 1
sql = "delete from parts where id = :id"
[query.drop_part.param]
id = { from = "row.id", type = "int" }
[page.bill]
title = "Bill"
path = "/"
[page.bill.widget.form]
type = "form"
at = [1, 1, 8]
title = "Bill"
submit = "add"
load = "one"
change = "change"
then = { toast = "Bill saved" }
[[page.bill.widget.form.lines]]
id = "parts"
title = "Parts"
line = "Part"
submit = "add_part"
load = "parts"
change = "change_part"
remove = "drop_part"
min = 1
max = 4
[page.bill.widget.list]
type = "report"
at = [2, 1, 12]
title = "All bills"
query = "every"
columns = ["payer", "parts"]
row = { goto = "bill", with = { id = "id" } }
[query.goods]
use = "main"
kind = "read"
sql = "select id, name from goods order by id"
[query.order]
use = "main"
kind = "write"
audit = "order.add"
expect = 1
sql = "insert into orders (goods, qty, price, total, express, day) values (:goods, :qty, :price, :total, :express, :day)"
[query.order.param]
goods = { from = "form.goods", type = "int" }
qty = { from = "form.qty", type = "int", min = 1, max = 99, default = 1 }
price = { from = "form.price", type = "decimal", scale = 2, default = 2 }
total = { from = "form.total", type = "decimal", scale = 2 }
express = { from = "form.express", type = "bool" }
day = { from = "form.day", type = "date", null = true }
[query.orders]
use = "main"
kind = "read"
sql = "select orders.id, goods.name, orders.total, orders.day from orders join goods on goods.id = orders.goods order by orders.id"
[page.order]
title = "Order"
path = "/order"
[page.order.widget.form]
type = "form"
at = [1, 1, 8]
title = "Order"
submit = "order"
choices = [{ field = "goods", query = "goods", label = "name" }]
when = { day = "\${express}" }
compute = { total = "\${qty} * \${price}" }
then = { toast = "Order saved" }
[page.order.widget.list]
type = "report"
at = [2, 1, 12]
title = "All orders"
query = "orders"
columns = ["name", "total", "day"]
`;

test("a form and its lines are filled in, changed and saved together", async (story) => {
  const server = await serve(await folder(story));
  story.after(() => server.stop());
  const browser = await launch(story);
  const ada = await person(browser, server.address);
  await setUp(ada, server.code);
  await make(ada);

  const part = (page, number) => page.getByRole("group", { name: `Part ${number}`, exact: true });
  const row = (page, payer) => page.locator("#w-list tr", { hasText: payer });
  const stays = () => ada.evaluate(() => (globalThis.stayed = true));
  const stayed = () => ada.evaluate(() => globalThis.stayed === true);

  await story.test("lines are added and removed by mouse, and nothing typed is lost", async () => {
    await ada.goto("/apps/bills");
    await stays();
    await ada.getByLabel("Payer").fill("Quay 7");
    await part(ada, 1).getByLabel("Name").fill("Bolt");
    await ada.getByRole("button", { name: "Add: Part" }).click();
    await part(ada, 2).getByLabel("Name").fill("Nut");
    await ada.getByRole("button", { name: "Add: Part" }).click();
    await part(ada, 3).getByLabel("Name").fill("Cog");
    await ada.getByRole("button", { name: "Remove: Part 2" }).click();
    await part(ada, 3).waitFor({ state: "detached" });
    assert.equal(await part(ada, 2).getByLabel("Name").inputValue(), "Cog");
    assert.equal(await ada.getByLabel("Payer").inputValue(), "Quay 7");
    await part(ada, 2).getByLabel("Qty").fill("200");
    await ada.getByRole("button", { name: "Save" }).click();
    await ada.getByRole("link", { name: "Part 2, Qty: must be at most 99" }).click();
    await ada.waitForFunction((field) => field === document.activeElement, await part(ada, 2).getByLabel("Qty").elementHandle());
    await part(ada, 2).getByLabel("Qty").fill("2");
    await ada.getByRole("button", { name: "Save" }).click();
    await ada.getByText("Bill saved").first().waitFor();
    await row(ada, "Quay 7").getByText("Bolt 1, Cog 2").waitFor();
    assert.ok(await stayed());
  });

  await story.test("the same by keyboard: the focus goes where somebody goes on", async () => {
    await ada.goto("/apps/bills?id=1");
    await stays();
    const on = (name) =>
      ada.waitForFunction((name) => {
        const at = document.activeElement;
        return (at.getAttribute("aria-label") || at.name || at.textContent) === name;
      }, name);
    await ada.getByRole("button", { name: "Add: Part" }).focus();
    await ada.keyboard.press("Enter");
    await part(ada, 3).waitFor();
    await on("parts.2.name");
    await ada.keyboard.type("Pin");
    await ada.getByRole("button", { name: "Remove: Part 1" }).focus();
    await ada.keyboard.press("Space");
    await ada.getByText("It is removed when you save.").waitFor();
    await on("Put back: Part 1");
    await ada.keyboard.press("Enter");
    await part(ada, 1).getByLabel("Name").waitFor();
    assert.equal(await part(ada, 1).getByLabel("Name").inputValue(), "Bolt");
    await ada.getByRole("button", { name: "Remove: Part 2" }).focus();
    await ada.keyboard.press("Enter");
    await ada.getByRole("button", { name: "Put back: Part 2" }).waitFor();
    // Enter in a field saves; it presses none of the buttons of the lines.
    await part(ada, 3).getByLabel("Name").focus();
    await ada.keyboard.press("Enter");
    await ada.getByText("Bill saved").first().waitFor();
    await row(ada, "Quay 7").getByText("Bolt 1, Pin 1").waitFor();
    assert.ok(await stayed());
  });

  await story.test("somebody else was faster, and is not overwritten", async () => {
    await ada.goto("/apps/bills?id=1");
    const other = await ada.context().newPage();
    await other.goto("/apps/bills?id=1");
    await part(other, 1).getByLabel("Qty").fill("7");
    await other.getByRole("button", { name: "Save" }).click();
    await other.getByText("Bill saved").first().waitFor();
    await other.close();
    await part(ada, 1).getByLabel("Qty").fill("8");
    await ada.getByRole("button", { name: "Save" }).click();
    await ada.getByText("Part 1: somebody else changed this line").first().waitFor();
    await ada.goto("/apps/bills?id=1");
    assert.equal(await part(ada, 1).getByLabel("Qty").inputValue(), "7");
  });

  await story.test("one of many is searched and picked by keyboard and by mouse; fields follow what is typed", async () => {
    await ada.goto("/apps/bills/p/order");
    const goods = ada.getByRole("combobox", { name: "Goods" });
    await goods.fill("thing 5");
    const list = ada.getByRole("listbox");
    await list.getByRole("option", { name: "Thing 5", exact: true }).waitFor();
    assert.equal(await goods.getAttribute("aria-expanded"), "true");
    assert.deepEqual(await barriers(ada), []);
    await ada.keyboard.press("ArrowDown");
    await ada.keyboard.press("ArrowDown");
    assert.equal(await list.getByRole("option", { selected: true }).textContent(), "Thing 50");
    await ada.keyboard.press("Enter");
    assert.equal(await goods.inputValue(), "Thing 50");
    assert.ok(await list.isHidden());
    // Half a word changes nothing.
    await goods.fill("thing");
    await ada.getByLabel("Qty").focus();
    assert.equal(await goods.inputValue(), "Thing 50");
    await goods.fill("thing 58");
    await list.getByRole("option", { name: "Thing 58" }).click();
    assert.ok(await ada.getByLabel("Day").isHidden());
    await ada.getByLabel("Qty").fill("3");
    await ada.getByLabel("Price").fill("1.15");
    assert.equal(await ada.getByLabel("Total").inputValue(), "3.45");
    await ada.getByLabel("Express").check();
    await ada.getByLabel("Day").fill("2026-12-01");
    await ada.getByRole("button", { name: "Save" }).click();
    await ada.getByText("Order saved").first().waitFor();
    await ada.locator("#w-list tr", { hasText: "Thing 58" }).getByText("3.45").waitFor();
  });

  await story.test("at both widths, light and dark, for everybody, and without scripts", async () => {
    const storageState = await ada.context().storageState();
    for (const [width, colorScheme] of [[1280, "light"], [390, "light"], [1280, "dark"], [390, "dark"]]) {
      const eve = await person(browser, server.address, { storageState, colorScheme, viewport: { width, height: 844 } });
      await eve.goto("/apps/bills?id=1");
      await eve.getByRole("button", { name: "Remove: Part 1" }).click();
      await eve.getByText("It is removed when you save.").waitFor();
      await eve.getByRole("button", { name: "Add: Part" }).click();
      await part(eve, 3).waitFor();
      await eve.getByRole("button", { name: "Save" }).click();
      await eve.getByRole("link", { name: "Part 3, Name: this is required" }).waitFor();
      assert.deepEqual(await barriers(eve), []);
      const wide = await eve.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= width, `${wide} wide at ${width}`);
      assert.deepEqual(eve.trouble, []);
      await eve.context().close();
    }
    const bare = await person(browser, server.address, { storageState, javaScriptEnabled: false });
    await bare.goto("/apps/bills");
    await bare.getByLabel("Payer").fill("Lighthouse");
    await part(bare, 1).getByLabel("Name").fill("Lamp");
    await bare.getByRole("button", { name: "Add: Part" }).click();
    await part(bare, 2).getByLabel("Name").fill("Lens");
    await bare.keyboard.press("Enter");
    await row(bare, "Lighthouse").getByText("Lamp 1, Lens 1").waitFor();
    await bare.goto("/apps/bills?id=2");
    await bare.getByRole("button", { name: "Remove: Part 1" }).click();
    await bare.getByText("It is removed when you save.").waitFor();
    await bare.getByRole("button", { name: "Save" }).click();
    await row(bare, "Lighthouse").getByText("Lens 1", { exact: true }).waitFor();
    await bare.goto("/apps/bills/p/order");
    await bare.getByLabel("Search: Goods").fill("Thing 57");
    await bare.getByRole("button", { name: "Search" }).click();
    await bare.getByLabel("Goods", { exact: true }).selectOption({ label: "Thing 57" });
    await bare.getByLabel("Day").fill("2026-12-01");
    await bare.getByRole("button", { name: "Save" }).click();
    const saved = bare.locator("#w-list tr", { hasText: "Thing 57" });
    await saved.waitFor();
    assert.ok(!(await saved.textContent()).includes("2026"), "what is not asked is not saved");
    await bare.context().close();
  });
  assert.deepEqual(ada.trouble, []);
});

/** Two tables and the app over them, published. */
async function make(ada) {
  const send = (path, fields) =>
    ada.evaluate(async ([path, fields]) => (await fetch(path, { method: "POST", body: new URLSearchParams(fields) })).status, [path, fields]);
  await ada.goto("/data/new");
  for (const [title, columns] of [["Bills", [["Payer", "text"]]], ["Parts", [["Bill", "integer"], ["Name", "text"], ["Qty", "integer"]]], ["Goods", [["Name", "text"]]], ["Orders", [["Goods", "integer"], ["Qty", "integer"], ["Price", "number"], ["Total", "number"], ["Express", "boolean"], ["Day", "date"]]]]) {
    const made = await send("/data/new", [["title", title], ...columns.flatMap(([name, type]) => [["column", name], ["type", type]])]);
    assert.equal(made, 200);
  }
  for (let number = 1; number <= 60; number++) await send("/data/goods/rows/new", [["v.name", `Thing ${number}`]]);
  await ada.goto("/apps/new");
  await ada.locator("input[type=file]").setInputFiles({ name: "bills.toml", mimeType: "application/toml", buffer: Buffer.from(APP) });
  await ada.getByRole("button", { name: "Import the app" }).click();
  await ada.waitForURL("**/edit/bills**");
  await ada.goto("/edit/bills/publish");
  await follow(ada, ada.getByRole("button", { name: "Publish version 1" }));
}
