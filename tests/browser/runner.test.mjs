// A builder tries a draft out: answers it in its frame, sees why a page is skipped, jumps
// to it, changes an answer, and looks at it on other devices, light and dark.
import { test } from "node:test";
import { deepEqual, equal, ok } from "node:assert/strict";
import { join } from "node:path";
import { barriers, folder, launch, person, serve, setUp } from "./support.mjs";

const file = join(import.meta.dirname, "surveys/visitors.toml");

/** Brings a survey as a draft and opens its test runner. */
async function draft(page) {
  await page.goto("/surveys/new");
  await page.locator("#file").setInputFiles(file);
  await page.getByRole("button", { name: "Bring the survey" }).click();
  await page.waitForURL("**/edit");
  await page.getByRole("link", { name: "Test runner" }).click();
  await page.waitForURL("**/try");
}

const framed = (page) => page.frameLocator("iframe");

/** The line of a page or a question in the list. */
const line = (page, id) =>
  page.locator("#way li").filter({ has: page.locator(`:scope > h3 > .id:text-is("${id}"), :scope > .id:text-is("${id}")`) }).first();

async function shown(page, width, height) {
  await page.setViewportSize({ width, height });
  for (const scheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: scheme });
    deepEqual(await barriers(page), [], `${width} ${scheme}`);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    ok(over <= 0, `${width} ${scheme}: ${over} pixels stick out`);
  }
  await page.emulateMedia({ colorScheme: null });
}

test("a draft is tried, explained, jumped about in and looked at on devices", { timeout: 300_000 }, async (story) => {
  const data = await folder(story);
  const server = await serve(data);
  story.after(() => server.stop());
  const browser = await launch(story);
  const ada = await person(browser, server.address);
  await setUp(ada, server.code);
  await draft(ada);
  await shown(ada, 390, 844);
  await shown(ada, 1280, 900);

  await ada.getByRole("button", { name: "Begin" }).click();
  await ada.waitForURL(/\/try\?.*run=/);
  const frame = framed(ada);
  await frame.getByLabel("Car").check();
  await frame.getByRole("button", { name: "Next" }).click();
  await frame.getByLabel("How many nights?").fill("2");
  await frame.getByRole("button", { name: "Next" }).click();
  // The list follows the frame.
  const more = line(ada, "more");
  await more.getByText("skipped").waitFor();
  ok((await more.innerText()).includes("nights is 2"), await more.innerText());
  ok((await more.innerText()).includes("${nights} > 3"), await more.innerText());
  equal(await line(ada, "line").getByText("not asked").count(), 1);

  // Jumped to, with other answers than were given.
  await more.getByRole("button", { name: /^Go to more/ }).click();
  await frame.locator('input[name=".page"][value="more"]').waitFor({ state: "attached" });
  await ada.getByText("other answers took its place").waitFor();

  // An answer is changed from the list, and the survey goes on from there.
  await line(ada, "nights").getByRole("link", { name: "Change nights" }).click();
  await ada.locator("#change input[name='v.nights']").fill("1");
  await ada.getByRole("button", { name: "Change and go on" }).click();
  await line(ada, "more").getByText("skipped").waitFor();

  // Devices by keyboard; the address remembers the choice.
  const width = () => ada.locator("iframe").evaluate((one) => one.offsetWidth);
  const fits = () =>
    ada.locator("iframe").evaluate((one) => one.getBoundingClientRect().width <= one.parentElement.clientWidth + 1);
  equal(await width(), 390);
  for (const [name, wide] of [["Tablet 820", 820], ["Desk 1280", 1280], ["Phone 390", 390]]) {
    await ada.getByRole("link", { name }).focus();
    await ada.keyboard.press("Enter");
    await ada.waitForFunction((wide) => document.querySelector("iframe").offsetWidth === wide, wide);
    ok(await fits(), name);
  }
  await ada.getByRole("link", { name: "Dark", exact: true }).click();
  const ground = () => frame.locator("body").evaluate((body) => getComputedStyle(body).backgroundColor);
  equal(await ground(), "rgb(15, 20, 24)");
  await ada.getByRole("link", { name: "Tablet 820" }).click();
  ok(ada.url().includes("device=tablet") && ada.url().includes("scheme=dark"), ada.url());
  await ada.reload();
  equal(await width(), 820);
  await frame.locator("html[data-theme=dark]").waitFor({ state: "attached" });
  await ada.getByRole("link", { name: "العربية" }).click();
  await frame.locator("html[dir=rtl]").waitFor({ state: "attached" });

  await shown(ada, 390, 844);
  await shown(ada, 1280, 900);
  deepEqual(ada.trouble, []);
  equal(server.complaints, "");
});

test("without JavaScript the list has a link, and the choices are links", { timeout: 180_000 }, async (story) => {
  const data = await folder(story);
  const server = await serve(data);
  story.after(() => server.stop());
  const browser = await launch(story);
  const ada = await person(browser, server.address);
  await setUp(ada, server.code);
  await draft(ada);
  const state = await ada.context().storageState();
  const plain = await person(browser, server.address, { javaScriptEnabled: false, storageState: state });
  await plain.goto("/surveys/visitors/try");

  await plain.getByRole("button", { name: "Begin" }).click();
  await framed(plain).getByLabel("Train").check();
  await framed(plain).getByRole("button", { name: "Next" }).click();
  await framed(plain).getByLabel("How many nights?").waitFor();
  await plain.getByRole("link", { name: "Refresh" }).click();
  await line(plain, "arrival").getByText("sent").waitFor();
  await plain.getByRole("link", { name: "Desk 1280" }).click();
  await plain.locator('.device[data-device="desk"]').waitFor();
  equal(plain.url().includes("device=desk"), true);
});
