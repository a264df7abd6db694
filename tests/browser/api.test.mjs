// An API that answers with JSON: connected, described, tried, asked by SQL, shown by an app.
import { deepEqual, equal, ok } from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import { join } from "node:path";
import { test } from "node:test";
import { authority } from "./authority.mjs";
import { barriers, folder, follow, launch, person, serve, setUp } from "./support.mjs";

const SECRET = "Bearer KANARIE-of-the-api";
const TABLES = `[orders]
get  = "/orders"
rows = "data.items"
page = "page"
[orders.columns]
id       = "integer"
customer = { path = "customer.name", type = "text" }
amount   = { path = "total", type = "decimal" }
placed   = { path = "created_at", type = "datetime" }
`;
const APP = `format = 1
id = "orders"
title = "Orders"
[uses.shop]
kind = "http"
needs = ["read"]
[query.list]
use = "shop"
kind = "read"
sql = "select id, customer, amount, placed from orders where (:customer is null or customer = :customer)"
paging = { size = 20, key = "id", sort = ["amount", "id"] }
param.customer = { from = "url.customer", type = "text", null = true }
[query.sums]
use = "shop"
kind = "read"
sql = "select customer, sum(amount) as amount from orders group by customer order by customer"
[page.home]
title = "Orders"
path = "/"
[page.home.widget.filter]
type = "filter"
at = [1, 1, 12]
inputs = ["list.customer"]
[page.home.widget.sums]
type = "chart"
at = [2, 1, 12]
query = "sums"
mark = "bar"
x = "customer"
y = ["amount"]
[page.home.widget.list]
type = "report"
at = [3, 1, 12]
query = "list"
format = { amount = "number:2" }
`;
const WAYS = [1280, 390].flatMap((width) =>
  ["light", "dark"].map((colorScheme) => ({ viewport: { width, height: 900 }, colorScheme })),
);

/** An API with 60 orders, 25 a page, that lets in who says the secret. */
async function machine(story, files) {
  const all = Array.from({ length: 60 }, (_, at) => ({
    id: at + 1, customer: { name: at % 3 ? "Ngozi" : "Éva" }, total: `${at}.50`, created_at: "2026-11-21T20:18:08+01:00",
  }));
  const asked = [];
  const server = createServer({ cert: await readFile(files.cert), key: await readFile(files.key) }, (request, answer) => {
    asked.push(request.url);
    answer.statusCode = request.headers.authorization === SECRET ? 200 : 403;
    const page = Number(new URL(request.url, "https://localhost").searchParams.get("page"));
    const items = all.slice((page - 1) * 25, page * 25);
    answer.end(answer.statusCode === 200 ? JSON.stringify({ data: { items } }) : "nobody");
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  story.after(() => server.close());
  return { port: server.address().port, asked };
}

test("an API is connected, described, and asked as if it were a database", async (story) => {
  const data = await folder(story);
  const { ca, files } = await authority(data);
  const { port, asked } = await machine(story, files);
  const config = join(data, "onsight.toml");
  await writeFile(config, `[egress]\nallow = ["localhost:${port}"]\n`);
  process.env.ONSIGHT_CONFIG = config;
  story.after(() => delete process.env.ONSIGHT_CONFIG);
  const server = await serve(join(data, "onsight"));
  story.after(() => server.stop());
  const page = await person(await launch(story), server.address);
  await setUp(page, server.code);

  await page.goto("/sources");
  await follow(page, page.getByRole("link", { name: "Connect an API" }));
  const field = (label) => page.getByRole("textbox", { name: new RegExp(`^${label}( optional)?$`) });
  await field("Name").fill("Shop");
  await field("Address").fill(`https://localhost:${port}/v1`);
  await field("Header that lets us in").fill("Authorization");
  await page.getByLabel("What it says").fill(SECRET);
  await field("Tables").fill(TABLES.replace("data.items", "data..items"));
  await page.getByLabel("How it is secured").selectOption("ca");
  await field("Certificate of the authority").fill(ca);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("line 3: `data..items` is no path").first().waitFor();
  await field("Tables").fill(TABLES);
  await page.getByLabel("What it says").fill(SECRET);
  await follow(page, page.getByRole("button", { name: "Save" }));
  await follow(page, page.getByRole("button", { name: "Test the connection" }));
  await page.getByRole("heading", { name: "How far the test came" }).waitFor();
  equal(await page.locator("dl.facts .badge.bad").count(), 0, await page.locator("dl.facts").innerText());
  ok(!(await page.content()).includes("KANARIE"));
  const place = new URL(page.url()).pathname.replace(/\/test$/, "");

  await page.goto(`${place}/tables`);
  await page.getByText("customer").first().waitFor();
  await page.goto("/apps/new");
  const file = { name: "orders.toml", mimeType: "application/toml", buffer: Buffer.from(APP) };
  await page.locator("input[type=file]").first().setInputFiles(file);
  await page.getByRole("button", { name: /^Import|^Bring/ }).first().click();
  await page.waitForURL("**/edit/orders*");
  await page.goto("/edit/orders/publish");
  await page.getByRole("button", { name: /^Publish/ }).last().click();
  await page.waitForURL("**/apps/orders");
  await page.getByRole("cell", { name: "Éva" }).first().waitFor();
  equal(await page.locator("[aria-labelledby=t-list] tbody tr").count(), 20);
  ok(asked.some((url) => url === "/v1/orders?page=4"), asked.join(" "));
  await page.goto("/apps/orders?customer=Ngozi&sort=-amount");
  deepEqual((await page.locator("[aria-labelledby=t-list] tbody tr:first-child td").allInnerTexts()).slice(0, 3), ["60", "Ngozi", "59.50"]);

  for (const options of WAYS) {
    await page.setViewportSize(options.viewport);
    await page.emulateMedia({ colorScheme: options.colorScheme });
    for (const path of ["/apps/orders", "/sources", "/sources/new?kind=http", place, `${place}/tables`]) {
      await page.goto(path);
      deepEqual(await barriers(page), [], `${path} at ${options.viewport.width}, ${options.colorScheme}`);
      const [wide, width] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      ok(wide <= width, `${path} is ${wide} wide at ${width}`);
      if (process.env.ONSIGHT_PICTURES) {
        const name = path.replace(/[^a-z]+/g, "-");
        await page.screenshot({ path: join(process.env.ONSIGHT_PICTURES, `api${name}-${options.viewport.width}-${options.colorScheme}.png`), fullPage: true });
      }
    }
  }
  deepEqual(page.trouble, []);
});
