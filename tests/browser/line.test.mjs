// A line to a survey that breaks: nothing is lost, nothing counts twice.
import { deepEqual, equal, match } from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { DESK, PHONE, exported, instance, publish } from "./field.mjs";
import { person } from "./support.mjs";

const here = join(import.meta.dirname, "surveys");

test("a line that breaks in the middle of a page loses nothing and counts nothing twice", async (story) => {
  const { browser, server, page } = await instance(story);
  const id = await publish(page, join(here, "visitors.toml"));
  const guest = await person(browser, server.address, PHONE);
  await guest.goto(`/s/${id}`);
  await guest.getByRole("button", { name: "Begin" }).click();
  await guest.getByLabel("Train").check();
  await guest.getByLabel("Which line?").fill("S 41");

  await guest.context().setOffline(true);
  await guest.getByRole("button", { name: "Next" }).click();
  await guest.getByRole("status").waitFor();
  match(await guest.getByRole("status").innerText(), /not .*(sent|reached)|again/i);
  equal(await guest.getByLabel("Which line?").inputValue(), "S 41");
  await guest.waitForTimeout(20_000);
  await guest.context().setOffline(false);

  await guest.getByLabel("How many nights?").fill("2");
  await guest.getByRole("button", { name: "Next" }).click();
  await guest.locator(".end").waitFor();
  const rows = await exported(page, id);
  equal(rows.length, 1);
  equal(rows[0].line, "S 41");
  equal(rows[0].how_1, "1");
  equal(rows[0].nights, "2");
  // The answer was kept, and its way back did not arrive: sent again, it counts once.
  const late = await person(browser, server.address, DESK);
  await late.goto(`/s/${id}`);
  await late.getByRole("button", { name: "Begin" }).click();
  await late.getByLabel("Car").check();
  let lost = 0;
  await late.route("**/s/**", async (route) => {
    if (route.request().method() !== "POST" || lost > 0) return route.continue();
    lost += 1;
    await route.fetch({ maxRedirects: 0 });
    return route.abort("connectionreset");
  });
  await late.getByRole("button", { name: "Next" }).click();
  await late.getByLabel("How many nights?").fill("1");
  await late.getByRole("button", { name: "Next" }).click();
  await late.locator(".end").waitFor();
  equal(lost, 1);
  deepEqual((await exported(page, id)).map((row) => row.how_2), ["0", "1"]);
});
