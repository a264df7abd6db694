// Every kind of question, as respondents meet it: to be understood and hit by everybody, in every state, and light.
import { deepEqual, equal, ok } from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { DESK, PHONE, instance, publish } from "./field.mjs";
import { picture } from "./picture.mjs";
import { dice, takePart } from "./respondent.mjs";
import { barriers, person } from "./support.mjs";

const here = join(import.meta.dirname, "surveys");

test("every kind of question is for everybody, in every state", async (story) => {
  const { browser, server, page } = await instance(story);
  const packs = [["red.png", [190, 30, 40]], ["blue.png", [30, 60, 170]]];
  const pictures = packs.map(([name, colour]) => ({ name, mimeType: "image/png", buffer: picture(colour) }));
  const id = await publish(page, join(here, "kinds.toml"), pictures);
  for (const [options, lang] of [[{ ...DESK }, "en"], [{ ...PHONE, colorScheme: "dark" }, "ar"]]) {
    const guest = await person(browser, server.address, { ...options, reducedMotion: "reduce" });
    const start = `/s/${id}?lang=${lang}`;
    await guest.goto(start);
    await fits(guest);
    await guest.locator("form.page button[type=submit]").click();
    await guest.getByRole("alert").waitFor();
    await fits(guest);
    const before = new Set();
    const said = await takePart(guest, start, dice(5), async (shown) => {
      await fits(shown);
      deepEqual(await small(shown), []);
      await shown.locator("form[data-survey] .go button:not([name])").click();
      await shown.locator("#faults").waitFor();
      before.add(await shown.locator("[name='.page']").inputValue());
      await shown.waitForFunction(() => document.activeElement?.id === "faults");
      await fits(shown);
    });
    deepEqual([...before], ["choices", "fields", "grids", "scales", "pictures"]);
    ok(said.typed.size > 20, `${said.typed.size}`);
    await fits(guest);
    equal(await guest.locator("html").getAttribute("dir"), lang === "ar" ? "rtl" : "ltr");
    deepEqual(guest.trouble, []);
    await guest.context().close();
  }
});

/** Nothing serious for axe, no wider than its window, and light. */
async function fits(page) {
  deepEqual(await barriers(page), [], page.url());
  const [wide, width] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  ok(wide <= width, `${page.url()} is ${wide} wide at ${width}`);
  const weight = await page.evaluate(() =>
    [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
      .filter((one) => one.initiatorType !== "img")
      .reduce((sum, one) => sum + (one.encodedBodySize || 0), 0),
  );
  ok(weight < 60_000, `${page.url()} weighs ${weight} bytes`);
}

/** What is too small to be hit with a finger: under 24 by 24. */
const small = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll("button, input:not([type=hidden]), select, summary, textarea")]
      .map((field) => [field.outerHTML.slice(0, 90), (field.closest("label") ?? field).getBoundingClientRect()])
      .filter(([, box]) => box.width > 0 && (box.width < 24 || box.height < 24))
      .map(([html]) => html),
  );
