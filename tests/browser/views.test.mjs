// Somebody keeps how they look at a page, opens it again, and has the app stand first.
import { deepEqual, equal, ok } from "node:assert/strict";
import { test } from "node:test";
import { bring, seen } from "./built.mjs";
import { barriers, folder, follow, launch, person, serve, setUp } from "./support.mjs";

const ROWS = "Name,Region\nAalto,north\nBerg,south\nCohen,north\nDiaz,east\n";
const APP = (id, title) => `format = 1
id = "${id}"
title = "${title}"
[uses.main]
kind = "sqlite"
needs = ["read"]
[query.all]
use = "main"
kind = "read"
sql = "select id, name, region from shops where (:region is null or region = :region)"
paging = { size = 20, sort = ["name"], default = "name", key = "id" }
[query.all.param]
region = { from = "url.region", type = "enum", values = ["north", "south", "east"], null = true }
[page.home]
title = "Shops"
path = "/"
[page.home.widget.which]
type = "filter"
at = [1, 1, 4]
inputs = ["all.region"]
labels = { "all.region" = "Region" }
[page.home.widget.rows]
type = "report"
at = [2, 1, 12]
title = "All shops"
query = "all"
[page.home.widget.open]
type = "text"
at = [1, 5, 8]
text = "What is open."
`;

async function publish(page, id, title) {
  await page.goto("/apps/new");
  await page.locator("input[type=file]").setInputFiles({ name: `${id}.toml`, mimeType: "application/toml", buffer: Buffer.from(APP(id, title)) });
  await page.getByRole("button", { name: "Import the app" }).click();
  await page.waitForURL(`**/edit/${id}**`);
  await page.goto(`/edit/${id}/publish`);
  deepEqual(await page.locator(".bad-text").allInnerTexts(), []);
  await follow(page, page.getByRole("button", { name: "Publish version 1" }));
}

const names = (page) => page.locator("#w-rows tbody tr td:nth-child(2)").allInnerTexts();
const menu = (page) => page.getByRole("button", { name: /^View/ });

test("a page is kept as it is looked at, and the app stands first", { timeout: 300_000 }, async (story) => {
  const server = await serve(await folder(story));
  story.after(() => server.stop());
  const browser = await launch(story);
  const ada = await person(browser, server.address);
  await setUp(ada, server.code);
  await bring(ada, "Shops.csv", ROWS);
  for (const [id, title] of [["shops", "Shops of ours"], ["zebra", "Zebra"]]) await publish(ada, id, title);

  await story.test("what a filter shows is kept, without loading the page again in between", async () => {
    await ada.goto("/apps/shops");
    await ada.getByLabel("Region").selectOption("north");
    await ada.waitForFunction(() => document.querySelectorAll("#w-rows tbody tr").length === 2);
    await menu(ada).press("Enter");
    await follow(ada, ada.getByRole("button", { name: "Keep or change views…" }));
    deepEqual(await ada.locator("#new .chip").allInnerTexts(), ["Region: north"]);
    await ada.getByLabel("Name", { exact: true }).fill("The north");
    await ada.getByLabel("Open Shops with it").check();
    await follow(ada, ada.getByRole("button", { name: "Keep the view" }));
    equal((await menu(ada).innerText()).replace(/\s+/g, " "), "View: The north");
    deepEqual(await names(ada), ["Aalto", "Cohen"]);
  });

  await story.test("the page opens with it, and everything is one press away", async () => {
    await ada.goto("/apps/shops");
    deepEqual(await names(ada), ["Aalto", "Cohen"]);
    await menu(ada).click();
    await follow(ada, ada.getByRole("link", { name: "Without a view" }));
    deepEqual(await names(ada), ["Aalto", "Berg", "Cohen", "Diaz"]);
    await menu(ada).click();
    await follow(ada, ada.getByRole("link", { name: /^The north/ }));
    deepEqual(await names(ada), ["Aalto", "Cohen"]);
  });

  await story.test("it is shared under another name, replaced and deleted", async () => {
    await ada.goto("/apps/shops?region=south");
    await menu(ada).click();
    await follow(ada, ada.getByRole("button", { name: "Keep or change views…" }));
    const field = ada.getByLabel("Name of The north");
    await field.fill("One region");
    await ada.getByLabel("Shared", { exact: true }).check();
    await follow(ada, ada.getByRole("button", { name: "Save name and sharing of The north" }));
    await ada.getByRole("button", { name: /^Replace with what is shown now/ }).click();
    await follow(ada, ada.getByRole("button", { name: "Replace it" }));
    deepEqual(await names(ada), ["Berg"]);
    await menu(ada).click();
    await follow(ada, ada.getByRole("button", { name: "Keep or change views…" }));
    await ada.getByRole("button", { name: "Delete One region" }).click();
    await follow(ada, ada.getByRole("button", { name: "Delete the view" }));
    equal(await ada.getByText("One region", { exact: true }).count(), 0);
    await ada.goto("/apps/shops");
    deepEqual(await names(ada), ["Aalto", "Berg", "Cohen", "Diaz"]);
  });

  await story.test("a star puts the app first, and those opened last stand above", async () => {
    await ada.goto("/apps/zebra");
    await follow(ada, ada.getByRole("button", { name: "Put it first in your list of apps" }));
    await ada.getByRole("button", { name: "Take the star away" }).waitFor();
    await ada.goto("/apps");
    const titles = await ada.locator("section.card h2").allInnerTexts();
    deepEqual(titles.slice(0, 2), ["Zebra", "Shops of ours"]);
    // What was opened is written a moment later, with what others opened.
    const last = ada.getByRole("navigation", { name: "Opened last" }).getByRole("link");
    for (let turn = 0; turn < 40 && (await last.first().innerText()) !== "Zebra"; turn++) {
      await ada.waitForTimeout(250);
      await ada.reload();
    }
    deepEqual(await last.allInnerTexts(), ["Zebra", "Shops of ours"]);
  });

  await story.test("all of it is for everybody, on a phone too", async () => {
    await ada.goto("/apps/shops?region=east");
    await menu(ada).click();
    deepEqual(await barriers(ada), []);
    await follow(ada, ada.getByRole("button", { name: "Keep or change views…" }));
    await ada.getByLabel("Name", { exact: true }).fill("The east, where the sun rises over the shops");
    await follow(ada, ada.getByRole("button", { name: "Keep the view" }));
    await seen(ada, ["/apps/shops?", "/apps/shops/views", "/apps/shops/views?page=home&shown=region%3Deast", "/apps"]);
  });
  ok(ada.trouble.length === 0, ada.trouble.join("\n"));
});
