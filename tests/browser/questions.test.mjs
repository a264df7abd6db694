// A survey made without its text: by mouse and by keyboard, in two languages, published and answered.
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { test } from "node:test";
import { instance } from "./field.mjs";
import { barriers, follow, person } from "./support.mjs";

const WAYS = [
  { viewport: { width: 1280, height: 900 }, colorScheme: "light" },
  { viewport: { width: 390, height: 844 }, colorScheme: "dark" },
];

test("a survey is made in lists and forms, published and answered", async (story) => {
  const { browser, server, page } = await instance(story);
  await page.goto("/surveys/new");
  await page.getByLabel("Title").fill("Breakfast");
  await page.getByRole("button", { name: "Begin" }).first().click();
  await page.waitForURL("**/edit");
  const id = page.url().match(/surveys\/([^/]+)\/edit/)[1];
  const at = `/surveys/${id}`;

  await page.locator("nav[aria-label='Ways to edit']").getByRole("link", { name: "Questions" }).click();
  await page.waitForURL("**/questions");
  equal(await page.locator(".asked > li").count(), 2);

  // By mouse: a question of another kind, worded, with its answers.
  await page.getByLabel("Kind of question for page 1").selectOption({ label: "Several answers" });
  await page.getByRole("button", { name: /Add a question.*page 1/ }).click();
  await page.waitForURL("**/questions/q*");
  await page.getByLabel(/^Text/).first().fill("What do you have for breakfast?");
  await page.getByLabel("answer 1, text", { exact: true }).fill("Bread");
  await page.getByLabel("answer 2, text", { exact: true }).fill("Porridge");
  await page.getByLabel("New answer 3, text", { exact: true }).fill("Nothing");
  await page.getByLabel("Alone: answer 3").check();
  await page.getByLabel("Id", { exact: true }).fill("breakfast");
  await page.getByRole("button", { name: "Save the draft" }).first().click();
  await page.waitForURL("**/questions/breakfast");
  equal(await page.getByLabel("answer 3, code", { exact: true }).inputValue(), "3");

  // What is wrong is said at its field, and what was typed is still there.
  await page.getByLabel(/^Asked only when/).fill("${satisfied} == 1");
  await page.getByRole("button", { name: "Save the draft" }).first().click();
  await page.getByRole("alert").waitFor();
  match(await page.locator("#when-error").innerText(), /write = once/);
  equal(await page.getByLabel(/^Asked only when/).inputValue(), "${satisfied} == 1");
  await page.getByLabel(/^Asked only when/).fill("");
  await page.getByRole("button", { name: "Save, and back to all questions" }).click();
  await page.waitForURL(/\/questions(\?|$)/);

  // By keyboard: up, and the arrow keeps the focus.
  const up = page.getByRole("button", { name: "Move question 2 up" });
  await up.focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/at=up/);
  // It is the first now: the other arrow has the focus.
  await page.waitForFunction(() => document.activeElement?.value === "down question breakfast");
  equal(await page.locator(".asked > li").first().getAttribute("id"), "q-breakfast");
  await page.getByRole("button", { name: /^Undo/ }).click();
  await page.waitForURL(/at=undo/);
  equal(await page.locator(".asked > li").first().getAttribute("id"), "q-satisfied");

  // What was removed comes back whole.
  const before = await text(page, at);
  await page.goto(`${at}/questions`);
  await page.getByRole("button", { name: "Remove question 1" }).click();
  await page.getByRole("button", { name: "Remove it" }).click();
  await page.waitForURL(/at=remove/);
  equal(await page.locator("#q-satisfied").count(), 0);
  await page.getByRole("button", { name: /^Undo/ }).click();
  await page.waitForURL(/at=undo/);
  equal(await text(page, at), before);
  ok(before.includes("# A survey is this text."), "comments stay");

  // Another language: what is missing is said, and filled in beside the first.
  await page.goto(`${at}/settings`);
  await page.getByLabel("Languages").fill("en\nde");
  await follow(page, page.getByRole("button", { name: "Save the draft" }).first());
  await page.goto(`${at}/questions/breakfast`);
  await page.getByLabel("Text de").first().fill("Was essen Sie zum Frühstück?");
  await page.getByRole("button", { name: "Save the draft" }).first().click();
  await page.getByText("Draft saved").waitFor();

  for (const options of WAYS) {
    await page.setViewportSize(options.viewport);
    await page.emulateMedia({ colorScheme: options.colorScheme });
    for (const one of ["questions", "questions/breakfast", "settings", "pages/first", "exits/complete", "edit?line=3"]) {
      await page.goto(`${at}/${one}`);
      deepEqual(await barriers(page), [], `${one} at ${options.viewport.width}`);
      const [wide, width] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      ok(wide <= width, `${one} is ${wide} wide at ${width}`);
    }
  }

  await page.goto(`${at}/publish`);
  await page.getByRole("button", { name: /Publish version/ }).click();
  await page.getByText("live", { exact: true }).waitFor();
  const guest = await person(browser, server.address);
  await guest.goto(`/s/${id}?lang=de`);
  const begin = guest.getByRole("button", { name: /Begin|Beginnen/ });
  if (await begin.count()) await begin.click();
  await guest.getByText("Was essen Sie zum Frühstück?").waitFor();
  await guest.getByLabel("Very satisfied").check();
  await guest.getByLabel("Bread").check();
  await guest.locator("form[data-survey] .go button:not([name])").click();
  await guest.locator(".end").waitFor();
  deepEqual([...page.trouble, ...guest.trouble], []);
});

/** The draft as the text editor has it. */
async function text(page, at) {
  await page.goto(`${at}/edit`);
  return page.locator("textarea#text").inputValue();
}
