// An app of two tables that belong together, and one of a template: made by hand, used with the keyboard, on a phone.
import { equal, ok } from "node:assert/strict";
import { test } from "node:test";
import { bring, seen } from "./built.mjs";
import { instance } from "./field.mjs";

const CUSTOMERS = "id,name,city\n1,Ada,Bern\n2,Grace,Bern\n3,Mary,Thun\n4,Joan,Thun\n";
const ORDERS = "id,customer_id,status,day,amount\n1,2,new,2026-09-02,10\n2,1,paid,2026-10-03,20\n3,2,paid,2026-10-09,5\n4,2,new,2026-11-01,7\n";

test("two tables become an app, and a child is added on its parent's page", async (story) => {
  const { page } = await instance(story);
  await bring(page, "customers.csv", CUSTOMERS);
  await bring(page, "orders.csv", ORDERS);
  await page.getByText("names rows of").waitFor();

  await page.goto("/apps/new");
  await page.getByRole("link", { name: "From several tables…" }).click();
  await page.getByLabel(/^Orders/).check();
  await page.getByRole("button", { name: "See what will be made" }).press("Enter");
  await page.getByLabel(/^Customers/).check();
  await page.getByRole("button", { name: "See what will be made" }).click();
  await page.getByText("A page of one customer, with its orders").waitFor();
  await seen(page, [page.url()]);
  await page.getByLabel("Title").fill("Shop");
  await page.getByRole("button", { name: "Make the app" }).click();
  await page.waitForURL("**/apps/shop");

  await page.goto("/apps/shop/p/customer?id=3");
  await page.getByText("Nothing belongs to it yet.").waitFor();
  await page.getByRole("link", { name: "New order" }).press("Enter");
  await page.waitForURL("**/customer-order-new?id=3");
  await page.getByText("Mary").waitFor();
  await page.getByLabel("Day").fill("2026-11-20");
  await page.getByRole("radio", { name: "new" }).check();
  await page.getByRole("button", { name: "Save" }).press("Enter");
  await page.waitForURL("**/customer?id=3");
  equal(await page.locator("#w-orders_of_customer tbody tr").count(), 1);

  // A customer who is not there is refused, with what was typed still in the form.
  await page.goto("/apps/shop/p/order-change?id=1");
  await page.getByLabel("Customer").fill("Nobody");
  await page.getByRole("button", { name: "Save" }).click();
  await page.locator("[data-error-summary]").waitFor();
  equal(await page.getByLabel("Customer").inputValue(), "Nobody");

  await seen(page, ["/apps/shop", "/apps/shop/p/orders", "/apps/shop/p/customer?id=2", "/apps/shop/p/order-new"]);
});

test("a template says what it has, is made, and its board moves a card", async (story) => {
  const { page } = await instance(story);
  await page.goto("/apps/new");
  await page.getByRole("link", { name: "Issue tracker" }).press("Enter");
  await page.getByRole("heading", { name: "Tables" }).waitFor();
  await seen(page, [page.url()]);
  ok(await page.getByLabel(/With the sample rows/).isChecked());
  await page.getByRole("button", { name: "Make the Issue tracker" }).press("Enter");
  await page.waitForURL("**/apps/issue-tracker");
  await page.getByText("Scanner loses its connection").first().waitFor();

  await page.goto("/apps/issue-tracker/p/board");
  await page.getByText("Labels for the boxes").first().waitFor();
  await seen(page, ["/apps/issue-tracker", "/apps/issue-tracker/p/board", "/apps/issue-tracker/p/issue?id=1"]);
});
