// An admin sees an app as a colleague does, whom a policy binds.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PASSWORD, barriers, folder, follow, launch, person, serve, setUp } from "./support.mjs";

const APP = (id) => `format = 1
id = "${id}"
title = "Visits"
[uses.main]
kind = "sqlite"
needs = ["read", "write"]
[query.all]
use = "main"
kind = "read"
sql = "select id, town, owner from visits"
paging = { size = 50, sort = ["id"], default = "id", key = "id" }
[query.add]
use = "main"
kind = "write"
sql = "insert into visits (town, owner) values (:town, :me)"
[query.add.param]
town = { from = "form.town", type = "text" }
me = { from = "user.email", type = "text" }
[page.home]
title = "Visits"
path = "/"
[page.home.widget.list]
type = "report"
at = [1, 1, 12]
title = "All visits"
query = "all"
export = ["csv"]
[page.home.widget.form]
type = "form"
at = [2, 1, 12]
title = "Add a visit"
submit = "add"
button = "Add"
`;

test("an admin sees exactly the rows of the member they look as, and sends nothing", async (story) => {
  const data = await folder(story);
  const server = await serve(data);
  story.after(() => server.stop());
  const browser = await launch(story);
  const ada = await person(browser, server.address);
  await setUp(ada, server.code);

  // A colleague, and rows of both.
  await ada.goto("/members");
  await ada.getByLabel("E-mail address").fill("bob@example.org");
  await ada.getByLabel("Name", { exact: true }).fill("Bob");
  await ada.getByRole("button", { name: "Make an invitation" }).click();
  const link = await ada.locator("#made-link").innerText();
  const bob = await person(browser, server.address);
  await bob.goto(link);
  await bob.getByLabel("Password").fill(PASSWORD);
  await bob.getByRole("button", { name: "Join" }).click();
  await bob.waitForURL("**/apps");

  const send = (page, path, fields) =>
    page.evaluate(
      async ([path, fields]) => (await fetch(path, { method: "POST", body: new URLSearchParams(fields) })).status,
      [path, fields],
    );
  await ada.goto("/data/new");
  assert.equal(
    await send(ada, "/data/new", [["title", "Visits"], ["column", "Town"], ["type", "text"], ["column", "Owner"], ["type", "text"]]),
    200,
  );
  for (const [town, owner] of [["Oslo", "ada@example.org"], ["Bergen", "bob@example.org"], ["Turku", "bob@example.org"]]) {
    await send(ada, "/data/visits/rows/new", [["v.town", town], ["v.owner", owner]]);
  }

  // A condition that is none is refused, with what was typed kept.
  await ada.goto("/data/visits/policy");
  await ada.getByLabel("Rows people see").fill("owner in (select owner from visits)");
  await ada.getByRole("button", { name: "Save the policy" }).click();
  await ada.getByText("sub-queries are refused").first().waitFor();
  assert.equal(await ada.getByLabel("Rows people see").inputValue(), "owner in (select owner from visits)");
  await ada.getByLabel("Rows people see").fill("owner = ctx('user.email')");
  await ada.getByRole("button", { name: "Save the policy" }).click();
  await ada.getByText("The policy holds from now on").waitFor();
  assert.deepEqual(await barriers(ada), []);

  const file = { name: "visits.toml", mimeType: "application/toml", buffer: Buffer.from(APP("visits")) };
  await ada.goto("/apps/new");
  await ada.locator("input[type=file]").setInputFiles(file);
  await ada.getByRole("button", { name: "Import the app" }).click();
  await ada.waitForURL("**/edit/visits**");
  await ada.goto("/edit/visits/publish");
  await follow(ada, ada.getByRole("button", { name: "Publish version 1" }));

  const towns = async (page) => {
    await page.goto("/apps/visits");
    const text = await page.locator("main").innerText();
    return ["Oslo", "Bergen", "Turku"].filter((town) => text.includes(town));
  };
  assert.deepEqual(await towns(ada), ["Oslo", "Bergen", "Turku"]);
  assert.deepEqual(await towns(bob), ["Bergen", "Turku"]);
  assert.equal((await bob.goto("/apps/visits/view-as")).status(), 403);

  await ada.goto("/apps/visits");
  await ada.getByRole("link", { name: "View as" }).click();
  await ada.getByLabel("Whose view").locator("option", { hasText: "bob@example.org" }).waitFor({ state: "attached" });
  assert.deepEqual(await barriers(ada), []);
  await ada.getByRole("button", { name: "View as this member" }).click();
  await ada.getByText("Nothing can be sent from here.").first().waitFor();
  assert.deepEqual(await towns(ada), ["Bergen", "Turku"]);
  assert.equal(await ada.getByRole("button", { name: "Add", exact: true }).isDisabled(), true);
  const csv = await ada.evaluate(async () => (await fetch("/apps/visits/export/home/list/csv")).text());
  assert.ok(csv.includes("Turku") && !csv.includes("Oslo"), csv);
  const sent = await send(ada, "/apps/visits/run/add", [["_page", "home"], ["_widget", "form"], ["town", "Rome"]]);
  assert.equal(sent, 422);
  assert.deepEqual(await barriers(ada), []);

  await ada.getByRole("button", { name: "End" }).click();
  await ada.getByText("You see this app as yourself again").waitFor();
  assert.deepEqual(await towns(ada), ["Oslo", "Bergen", "Turku"]);
  await ada.goto("/audit");
  await ada.getByText("app.viewed_as").first().waitFor();
});
