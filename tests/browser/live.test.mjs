// Live events: what a page notes while it is open is in the file, each event once and none left out, whatever
// the network does meanwhile; and the respondent is told.
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { cable, instance, publish } from "./field.mjs";
import { person } from "./support.mjs";

const here = join(import.meta.dirname, "surveys");
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };
const CUT = 20_000;

test("a network that is gone for 20 s in the middle of the exchange loses no event and doubles none", async (story) => {
  const { browser, server, page } = await instance(story);
  const id = await publish(page, join(here, "visitors.toml"));
  const line = await cable(story, server.address);
  const guest = await person(browser, line.address, PHONE);
  const log = await watch(guest);
  await begin(guest, id);
  await guest.getByLabel("Train").check();
  await guest.getByLabel("Which line?").fill("S 4");
  await guest.waitForTimeout(1500);
  ok((await kept(page, id)).length > 0, "the first events arrived while the page was open");

  line.cut();
  const cut = Date.now();
  await guest.getByLabel("Which line?").fill("S 41");
  await guest.getByLabel("Car").check();
  const status = guest.getByRole("status");
  await status.getByText(/not reached.*stays on this page/).waitFor();
  // Nobody stops because of that.
  for (const far of ["On foot", "Car", "On foot"]) await guest.getByLabel(far).click();
  const before = await kept(page, id);
  await guest.waitForTimeout(Math.max(0, CUT - (Date.now() - cut)));
  deepEqual(await kept(page, id), before, "nothing gets through");
  equal(await guest.getByLabel("Which line?").inputValue(), "S 41");
  line.mend();

  await status.getByText("The connection is back.").waitFor();
  equal(await guest.getByLabel("Which line?").inputValue(), "S 41");
  await answer(guest);
  const found = await same(page, id, log);
  const kinds = found.map((event) => event.event);
  for (const kind of ["shown", "first_touch", "last_touch", "changed", "end_reached", "submit_tried", "line_lost", "line_back"]) {
    ok(kinds.includes(kind), `${kind} is not among ${kinds}`);
  }
  deepEqual(guest.trouble, []);
  // The page of one response shows them, and nothing that was typed.
  await page.goto(`/surveys/${id}/responses/1`);
  await page.getByRole("region", { name: "Events" }).getByText("connection lost").first().waitFor();
});

test("where no socket gets through the same events go over HTTPS, also those of a page that was loaded anew", async (story) => {
  const { browser, server, page } = await instance(story);
  const id = await publish(page, join(here, "visitors.toml"));
  const guest = await person(browser, server.address);
  const log = await watch(guest);
  await guest.addInitScript(() => {
    // A proxy that lets none through.
    globalThis.WebSocket = class {
      constructor() {
        setTimeout(() => this.onclose?.({ code: 1006 }), 50);
      }

      close() {}
    };
  });
  await guest.route("**/live", (route) => route.abort());
  await begin(guest, id);
  await guest.getByLabel("Train").check();
  await guest.getByRole("status").getByText(/not reached/).waitFor();
  deepEqual(await kept(page, id), []);

  await guest.unroute("**/live");
  await guest.reload();
  await guest.getByLabel("Which line?").fill("S 41");
  await answer(guest);

  const found = await same(page, id, log);
  equal(new Set(found.map((event) => event.visit)).size, 3, "two showings of the first page, one of the second");
  deepEqual(guest.trouble, []);
});

test("without scripts nothing is noted and nothing is missing", async (story) => {
  const { browser, server, page } = await instance(story);
  const id = await publish(page, join(here, "visitors.toml"));
  const guest = await person(browser, server.address, { javaScriptEnabled: false });

  await begin(guest, id);
  await guest.getByLabel("Car").check();
  await answer(guest);

  deepEqual(await kept(page, id), []);
});

async function begin(guest, id) {
  await guest.goto(`/s/${id}`);
  await guest.getByRole("button", { name: "Begin" }).click();
  await guest.locator("form[data-survey]").waitFor();
}

/** From the first page to the end. */
async function answer(guest) {
  await guest.getByRole("button", { name: "Next" }).click();
  await guest.getByLabel("How many nights?").fill("2");
  await guest.getByRole("button", { name: "Next" }).click();
  await guest.locator(".end").waitFor();
}

/** What the page itself says it noted: `visit seq kind question`, whatever becomes of it. */
async function watch(guest) {
  const log = new Set();
  await guest.context().exposeBinding("onsightNoted", (_, text) => {
    for (const { visit, events } of JSON.parse(text)) {
      for (const { seq, kind, question = "" } of events) log.add(`${visit} ${seq} ${kind} ${question}`);
    }
  });
  await guest.addInitScript(() => {
    const { getItem, setItem } = Storage.prototype;
    const tell = (key, value) => {
      if (value && key.startsWith("live:")) globalThis.onsightNoted(value);
      return value;
    };
    Storage.prototype.setItem = function (key, value) {
      setItem.call(this, key, tell(key, value));
    };
    // What was noted while a page went is read by the next.
    Storage.prototype.getItem = function (key) {
      return tell(key, getItem.call(this, key));
    };
  });
  return log;
}

/** All that is kept, as a program gets it. */
async function kept(page, id) {
  page.key ??= await key(page, id);
  const headers = { authorization: `Bearer ${page.key}`, cookie: "" };
  const told = await page.request.get(`/api/v1/surveys/${id}/events`, { headers });
  equal(told.status(), 200, await told.text());
  const lines = (await told.text()).split("\n").filter(Boolean);
  return lines.map((one) => JSON.parse(one));
}

async function key(page, id) {
  const made = await page.request.post("/account/keys", { form: { name: "R", apps: `survey:${id}` } });
  return (await made.text()).match(/onsight_[\w-]{20,}/)[0];
}

/** The file holds what the page noted: each once, none missing, in order, and no answer. */
async function same(page, id, log) {
  let found = [];
  for (let wait = 0; wait < 50 && found.length < log.size; wait += 1) {
    await new Promise((go) => setTimeout(go, 100));
    found = await kept(page, id);
  }
  const lines = found.map(({ visit, seq, event, question = "" }) => `${visit} ${seq} ${event} ${question}`);
  ok(lines.length > 12, `hardly anything was noted: ${lines}`);
  deepEqual([...lines].sort(), [...log].sort());
  equal(new Set(lines).size, lines.length);
  const last = new Map();
  for (const { visit, seq } of found) {
    equal(seq, (last.get(visit) ?? 0) + 1, `${visit} goes on without a gap`);
    last.set(visit, seq);
  }
  ok(!JSON.stringify(found).match(/S 4|"value"/), "no answer is among them");
  match(found[0].event, /^shown$/);
  return found;
}
