// An orders desk over PostgreSQL, built without a word of the app's text; then the text is written.
import { deepEqual, equal, ok } from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { add, begin, publish, seen, set, statement, text, write } from "./built.mjs";
import { beside, connect } from "./postgres.mjs";
import { follow } from "./support.mjs";

test("an orders desk over PostgreSQL is built by mouse and keyboard only", async (story) => {
  const { page, rows, ...place } = await beside(story, join(import.meta.dirname, "desk.sql"));
  await connect(page, place, "Shop");
  const at = await begin(page, "Orders");

  // Which database it asks.
  await follow(page, page.getByRole("link", { name: "Pages", exact: true }).first());
  await follow(page, page.getByRole("link", { name: "Queries of this app" }));
  await page.getByLabel("Ask another database").selectOption({ label: "Shop" });
  await page.getByLabel("Rows are changed there, too").check();
  await follow(page, page.getByRole("button", { name: "Ask it" }));
  await page.getByRole("heading", { name: "What Shop has" }).waitFor();

  // The orders, without SQL.
  await follow(page, page.getByRole("link", { name: "Ask about orders" }));
  await page.getByLabel("Name", { exact: true }).fill("list-orders");
  await page.getByLabel("Filter 1: column").selectOption("status");
  await page.getByLabel("People choose, filter 1").check();
  await page.locator("#sql", { hasText: ":status is null" }).waitFor();
  await page.getByLabel("Sorted by").selectOption("ordered");
  await page.getByLabel("The largest first").check();
  await page.locator("#sql", { hasText: "order by ordered desc" }).waitFor();
  await page.getByLabel("Shown by a new").selectOption({ label: "Report" });
  await follow(page, page.getByRole("button", { name: "Save the query" }));
  await page.waitForURL("**/pages/home/widgets/report");
  await page.locator("#held-report").getByText("Mill & Sons").waitFor();

  // Two statements that change rows, each in its own field.
  await page.goto(`${at}/queries`);
  await follow(page, page.getByRole("link", { name: /Ask it something.*shop$/ }));
  await follow(page, page.getByRole("link", { name: "Write SQL that changes rows" }));
  await statement(page, {
    name: "add-order",
    sql: "insert into orders (customer, amount, ordered)\nvalues (:customer, :amount, :ordered)",
    values: ["customer", "amount", "ordered"],
    say: { "p.customer.max": "60" },
  });
  await follow(page, page.getByRole("link", { name: /Ask it something.*shop$/ }));
  await follow(page, page.getByRole("link", { name: "Write SQL that changes rows" }));
  await statement(page, {
    name: "mark-sent",
    sql: "update orders set status = 'sent', sent_at = :now\n where id = :id and status <> 'sent'",
    values: ["now", "id"],
    say: { "k.audit": "order.sent" },
  });

  // The page: a filter above, the report with a button in each row, a form.
  await page.goto(`${at}/pages/home/widgets/report`);
  const columns = page.locator("[name='k.hidden']").first().locator("option");
  deepEqual((await columns.allInnerTexts()).slice(1), ["id", "customer", "status", "amount", "ordered", "sent_at"]);
  await set(page, { "k.title": "All orders", "k.hidden": "id", "k.actions.0.label": "Mark as sent", "k.actions.0.run": "mark-sent" });
  await page.locator("#held-report").getByText("Mark as sent").first().waitFor();
  const filter = await add(page, "filter", { Sets: "list-orders.status" });
  await page.locator(`#open-${filter}`).focus();
  await page.keyboard.press("ArrowUp");
  await page.waitForSelector("#held-report[data-at='2,1,12']");
  await add(page, "form", { "Sends to": "add-order" });
  await set(page, { "k.title": "New order", "k.button": "Add the order" });
  await page.locator("#held-form").getByText("Add the order").waitFor();

  // What people are given, and what the database has then.
  await publish(page, at);
  const app = at.replace("/edit/", "/apps/");
  await page.goto(app);
  const form = page.locator("form", { has: page.getByRole("button", { name: "Add the order" }) });
  await form.getByLabel(/^Customer/).fill("Bakery Finch");
  await form.getByLabel(/^Amount/).fill("18.90");
  await form.getByLabel(/^Ordered/).fill("2026-11-02");
  await form.getByRole("button", { name: "Add the order" }).click();
  await page.getByRole("cell", { name: "Bakery Finch", exact: true }).waitFor();
  equal(await rows("select status, amount, ordered from orders where customer = 'Bakery Finch'"), "new|18.90|2026-11-02");
  await page.getByRole("row", { name: /Quay 7/ }).getByRole("button", { name: "Mark as sent" }).click();
  await page.getByRole("row", { name: /^Quay 7 sent/ }).waitFor();
  equal(await rows("select status, sent_at > now() - interval '1 minute' from orders where customer = 'Quay 7'"), "sent|t");
  equal(await rows("select count(*) from orders where sent_at is not null"), "1");
  await page.getByLabel("Status").fill("new");
  await page.getByLabel("Status").press("Enter");
  await page.waitForURL(/status=new/);
  await page.getByRole("cell", { name: "Quay 7", exact: true }).waitFor({ state: "detached" });
  deepEqual(await page.locator("tbody tr td:first-child").allInnerTexts(), ["Bakery Finch", "Mill & Sons"]);
  // What the database does not allow is said, and nothing is added.
  await form.getByLabel(/^Customer/).fill("Nobody");
  await form.getByLabel(/^Amount/).fill("-5");
  await form.getByLabel(/^Ordered/).fill("2026-11-02");
  await form.getByRole("button", { name: "Add the order" }).click();
  await page.getByText("does not meet the rule “positive”").first().waitFor();
  equal(await rows("select count(*) from orders"), "4");

  // The text that came of it.
  const made = await text(page, at);
  ok(made.includes('[uses.shop]\nkind  = "postgres"\nneeds = ["read", "write"]'), made);
  ok(made.includes("sql  = '''\nselect *\n  from orders\n where (:status is null or status = :status)\n order by ordered desc\n'''"), made);
  ok(made.includes('id = { from = "row.id", type = "int" }'), made);
  ok(made.includes('customer = { from = "form.customer", type = "text", max = 60 }'), made);
  ok(made.includes("# An app is this one text."), "comments stay");

  // The text is written, and what is made without it follows.
  equal(await write(page, at, ["order by ordered desc", "order by ordered"]), 200);
  await page.goto(`${at}/query?name=list-orders`);
  equal(await page.getByLabel("The largest first").isChecked(), false);
  equal(await write(page, at, ['"All orders"', '"Every order"']), 200);
  await page.goto(`${at}/pages/home`);
  await page.locator("#held-report").getByText("Every order").waitFor();

  await seen(page, [`${at}/queries`, `${at}/tables?use=shop`, `${at}/query?name=list-orders`, `${at}/query?use=shop&table=orders`, `${at}/statement?name=add-order`, `${at}/statement?new=1&use=shop&kind=read`, `${at}/pages/home`, `${at}/pages/home/widgets/report`, `${at}/pages/home/widgets/form`, app]);
  deepEqual(page.trouble, []);
});
