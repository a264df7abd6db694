// The main job, from the set-up code to a colleague at work, in a browser.
import assert from "node:assert/strict";
import { readFile, stat } from "node:fs/promises";
import { test } from "node:test";
import { PASSWORD, barriers, folder, follow, launch, person, serve, setUp } from "./support.mjs";

const FLIGHTS = process.env.ONSIGHT_FLIGHTS;

/** Counts the clicks of the road to the first app. */
function counting(page) {
  const clicks = { count: 0 };
  return {
    clicks,
    async press(role, name) {
      clicks.count += 1;
      await page.getByRole(role, { name }).first().click();
    },
  };
}

test("from a spreadsheet of 336,776 rows to an app that a colleague works with", async (story) => {
  assert.ok(FLIGHTS && (await stat(FLIGHTS)).size > 1e6, "ONSIGHT_FLIGHTS names flights.csv");
  const data = await folder(story);
  const server = await serve(data);
  story.after(() => server.stop());
  const browser = await launch(story);
  const ada = await person(browser, server.address, { acceptDownloads: true });
  const { clicks, press } = counting(ada);

  // Set-up code, first admin.
  clicks.count += 1;
  await setUp(ada, server.code);

  // A spreadsheet.
  await press("link", "Import a file with rows");
  clicks.count += 1;
  await ada.getByLabel("Drop a file here, or choose one").setInputFiles(FLIGHTS);
  await ada.waitForURL("**/data/import/*", { timeout: 120_000 });
  await ada.getByRole("button", { name: /^Import 336,776 rows/ }).waitFor({ timeout: 120_000 });
  assert.deepEqual(await barriers(ada), []);
  const types = await ada.locator("select[name^=type_]").evaluateAll((all) =>
    all.map((one) => one.value));
  assert.equal(types.filter((type) => type === "integer").length, 14);
  assert.equal(types.filter((type) => type === "datetime").length, 1);
  assert.equal(types.filter((type) => type === "text").length, 4);
  await press("button", /^Import 336,776 rows/);

  // An app in one click.
  await ada.getByRole("heading", { name: "336,776 rows are in flights" }).waitFor({ timeout: 180_000 });
  await press("button", "Make an app");
  await ada.waitForURL("**/apps/flights", { timeout: 60_000 });
  assert.ok(clicks.count <= 12, `${clicks.count} clicks to the first app`);
  await ada.locator("onsight-chart canvas").first().waitFor();
  assert.deepEqual(await barriers(ada), []);

  // A colleague.
  await ada.goto("/members");
  await ada.getByLabel("E-mail address").fill("bob@example.org");
  await ada.getByLabel("Name", { exact: true }).fill("Bob");
  await ada.getByRole("button", { name: "Make an invitation" }).click();
  const link = await ada.locator("#made-link").innerText();
  const bob = await person(browser, server.address, { acceptDownloads: true });
  await bob.goto(link);
  await bob.getByLabel("Password").fill(PASSWORD);
  await bob.getByRole("button", { name: "Join" }).click();
  await bob.getByRole("link", { name: "Flights" }).click();
  await bob.waitForURL("**/apps/flights");
  assert.equal(await bob.getByRole("link", { name: "Edit" }).count(), 0);

  // Filter, chart.
  await bob.locator("onsight-chart canvas").first().waitFor();
  const carrier = bob.getByLabel("Carrier", { exact: true });
  await carrier.selectOption("HA");
  await bob.waitForURL(/carrier=HA/);
  const rows = bob.locator("table:not(onsight-chart table) tbody tr");
  assert.ok((await rows.count()) > 0);
  await bob.getByText("of 342").waitFor();

  // A row through the form, seen in the report.
  await bob.goto("/apps/flights");
  await bob.getByRole("link", { name: /^New flight/ }).click();
  const form = bob.locator("main form[method=post]");
  await form.evaluate((one) => (one.noValidate = true));
  await bob.getByLabel("Flight", { exact: false }).fill("4242");
  await bob.getByRole("button", { name: "Save" }).click();
  await bob.locator(".error-summary").waitFor();
  assert.deepEqual(await barriers(bob), []);
  assert.equal(await bob.getByLabel("Flight", { exact: false }).inputValue(), "4242");
  await bob.getByLabel("Year", { exact: false }).fill("2013");
  await bob.getByLabel("Carrier").selectOption("HA");
  await bob.getByLabel("JFK").check();
  await bob.getByLabel("Time hour").fill("2013-12-31T23:00");
  await bob.getByRole("button", { name: "Save" }).click();
  await bob.locator(".toast").waitFor();
  await bob.goto("/apps/flights?carrier=HA");
  await bob.getByText("of 343").waitFor();

  // Export.
  const download = bob.waitForEvent("download");
  await bob.getByRole("link", { name: "Download as CSV" }).click();
  const csv = await readFile(await (await download).path(), "utf8");
  assert.equal(csv.trim().split("\n").length, 344);
  assert.match(csv, /HA,,JFK,,2013-12-31T23:00:00/);

  // A changed version, and back.
  await ada.goto("/edit/flights/settings");
  await ada.getByLabel("Title").fill("Flights of 2013");
  await follow(ada, ada.getByRole("button", { name: /rename/i }));
  await ada.goto("/edit/flights/publish");
  await follow(ada, ada.getByRole("button", { name: /^Publish version 2/ }));
  await bob.goto("/apps/flights");
  await bob.getByRole("navigation", { name: "Where you are" }).getByText("Flights of 2013").waitFor();
  await ada.goto("/edit/flights/versions");
  await ada.getByRole("link", { name: /^Go back to version 1/ }).click();
  await ada.getByText("the title: “Flights of 2013” before, “Flights” now").waitFor();
  await ada.getByRole("button", { name: "Go back to version 1" }).click();
  await ada.getByText(/version 3/i).first().waitFor();
  await bob.goto("/apps/flights");
  await bob.getByRole("navigation", { name: "Where you are" }).getByText("Flights", { exact: true }).waitFor();

  assert.deepEqual([...ada.trouble, ...bob.trouble], []);
  assert.equal(server.complaints, "");
});
