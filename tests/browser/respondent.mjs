// Somebody who answers a survey: a random but valid way through its pages, with a seed, and what was typed on it.

import { picture } from "./picture.mjs";
import { follow } from "./support.mjs";

const TEXTS = [
  "Ada", "two words", "=1+1", 'says "no", twice', "Zoë in Zürich", "line one\nline two", "<b>bold</b> & more", "مرحبا", "🦀", "12",
  "48.1 11.6",
];
const PAGES = 120;

/** The same numbers for the same seed (mulberry32). */
export function dice(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/**
 * Goes in at `address` and answers until no question is left. Gives what was typed: variable → value, as
 * "CSV with codes" names and writes them; `open` are those that a script would have hidden.
 */
export async function takePart(page, address, roll, onPage = async () => {}) {
  const said = { typed: new Map(), open: new Set(), pages: 0 };
  await page.goto(address);
  const agree = page.locator("#agree");
  if (await agree.count()) await agree.check();
  await follow(page, page.locator("main form button[type=submit]").first());
  for (; said.pages < PAGES; said.pages += 1) {
    if (!(await page.locator("form[data-survey]").count())) return said;
    await onPage(page, said.pages);
    await send(page, roll, said);
  }
  throw new Error(`${address} has no end: page ${await page.locator("[name='.page']").inputValue()}`);
}

/** Waits until another page stands there, or the same one drawn anew. */
async function another(page, nonce) {
  for (;;) {
    try {
      await page.waitForFunction(
        (nonce) => document.readyState === "complete" && document.querySelector("[name='.nonce']")?.value !== nonce,
        nonce,
      );
      return;
    } catch (error) {
      // The page that was looked at went while it was looked at: the next one is meant.
      if (!/context was destroyed|navigat/i.test(error.message)) throw error;
    }
  }
}

/** Fills the page and sends it, with other answers as long as they are refused. */
async function send(page, roll, said) {
  const before = await place(page);
  for (let attempt = 0; attempt < 12; attempt += 1) {
    const answers = await fill(page, roll, attempt);
    const { nonce } = await place(page);
    const sent = page.waitForResponse((answer) => answer.request().method() === "GET" || answer.status() >= 400);
    await page.locator("form[data-survey] .go button:not([name])").click();
    await sent;
    await another(page, nonce);
    if (!(await page.locator("#faults").count())) {
      for (const [name, value] of answers.typed) said.typed.set(name + before.turn, value);
      for (const name of answers.open) said.open.add(name + before.turn);
      return;
    }
  }
  const why = await page.locator("#faults").innerText();
  throw new Error(`page ${before.page} takes nothing: ${why}`);
}

async function place(page) {
  const hidden = (name) => page.locator(`[name="${name}"]`).inputValue();
  const turn = Number(await hidden(".turn"));
  return { page: await hidden(".page"), nonce: await hidden(".nonce"), turn: turn > 0 ? `_${turn}` : "" };
}

/** What stands in a question's fields, from the page itself. */
const questions = (page) =>
  page.locator("[data-ask]").evaluateAll((asks) =>
    asks.map((ask) => ({
      id: ask.dataset.ask,
      kind: ask.dataset.kind,
      depends: "when" in ask.dataset,
      total: ask.querySelector("[data-so-far]")?.textContent.split("/").at(-1).trim(),
      fields: [...ask.querySelectorAll("input, select, textarea")].map((field) => ({
        name: field.name,
        type: field.tagName === "INPUT" ? field.type : field.tagName.toLowerCase(),
        value: field.value,
        min: field.min,
        max: field.max,
        step: field.getAttribute("step"),
        mode: field.inputMode,
        beside: field.dataset.beside,
        id: field.id,
        alone: "alone" in field.dataset,
        readOnly: field.readOnly === true,
        accept: field.accept ?? "",
        options: [...(field.options ?? [])].map((option) => option.value).filter((value) => value !== ""),
      })),
    })),
  );

async function fill(page, roll, attempt) {
  const answers = { typed: new Map(), open: new Set() };
  for (const ask of await questions(page)) {
    const place = page.locator(`[data-ask="${ask.id}"]`);
    if (!(await place.isVisible())) continue;
    const mine = new Map();
    await one(page, place, ask, roll, attempt, mine);
    for (const [name, value] of mine) {
      answers.typed.set(name, value);
      if (ask.depends) answers.open.add(name);
    }
  }
  // What was typed into a question that has gone since was not said.
  for (const ask of await questions(page)) {
    if (await page.locator(`[data-ask="${ask.id}"]`).isVisible()) continue;
    for (const field of ask.fields) {
      for (const name of [field.name, `${field.name}_${field.value}`]) answers.typed.delete(name);
    }
  }
  return answers;
}

async function one(page, place, ask, roll, attempt, typed) {
  const skips = attempt === 0 && roll(8) === 0;
  const fields = ask.fields.filter((field) => !field.readOnly);
  if (ask.kind === "upload") return skips ? undefined : file(place, fields, typed);
  const named = (type) => grouped(fields.filter((field) => field.type === type));
  for (const [name, choices] of named("radio")) {
    if (skips) continue;
    const choice = choices[roll(choices.length)];
    await tick(place, choice, true);
    typed.set(name, choice.value);
  }
  for (const [, choices] of named("checkbox")) await several(place, choices, roll, skips, typed);
  if (ask.kind === "rank") return rank(place, fields, roll, typed);
  if (ask.kind === "sum") return sum(place, fields, Number(ask.total), roll, typed);
  for (const field of fields) {
    if (field.type === "radio" || field.type === "checkbox") continue;
    if (field.type === "select") {
      const value = field.options[roll(field.options.length)];
      await place.locator(`[name="${field.name}"]`).selectOption(value);
      typed.set(field.name, value);
      continue;
    }
    if (field.beside && !(await page.locator(`[id="${field.beside}"]`).isChecked())) continue;
    if (field.name.endsWith("_text") && !field.beside && !typed.has(field.name)) {
      const owner = fields.find((other) => other.type === "select");
      if (owner && field.name !== `${owner.name}_${typed.get(owner.name)}_text`) continue;
    }
    const value = skips && !field.beside ? "" : written(field, roll, attempt);
    await place.locator(`[name="${field.name}"]`).fill(value);
    if (value !== "") typed.set(field.name, value);
  }
}

/** Fields by their name. */
function grouped(fields) {
  const groups = new Map();
  for (const field of fields) groups.set(field.name, [...(groups.get(field.name) ?? []), field]);
  return groups;
}

const tick = (place, field, on) =>
  place.locator(`[name="${field.name}"][value="${field.value}"]`).setChecked(on, { force: true });

async function several(place, choices, roll, skips, typed) {
  const alone = choices.filter((choice) => choice.alone);
  const others = choices.filter((choice) => !choice.alone);
  let wanted = others.filter(() => roll(2) === 0);
  if (wanted.length === 0 && others.length > 0) wanted = [others[roll(others.length)]];
  if (alone.length > 0 && roll(5) === 0) wanted = [alone[roll(alone.length)]];
  if (skips) wanted = [];
  for (const choice of choices) {
    if (!wanted.includes(choice)) await tick(place, choice, false);
  }
  for (const choice of wanted) await tick(place, choice, true);
  for (const choice of wanted.length ? choices : []) {
    typed.set(`${choice.name}_${choice.value}`, wanted.includes(choice) ? "1" : "0");
  }
}

/** Chooses a file, unless the one that was sent before is here yet. */
async function file(place, fields, typed) {
  const field = fields.find((field) => field.type === "file");
  const sent = fields.filter((field) => field.type === "checkbox");
  const [name, buffer] = chosen(field.accept);
  if (sent.length === 0) {
    await place.locator(`[name="${field.name}"]`).setInputFiles({ name, mimeType: "application/octet-stream", buffer });
  }
  typed.set(field.name, sent.at(-1)?.value ?? name);
}

function chosen(accept) {
  if (accept.startsWith("application/pdf")) return ["paper.pdf", Buffer.from("%PDF-1.4\n")];
  if (accept.startsWith("text/")) return ["words.txt", Buffer.from("two words\n")];
  return ["photo.png", picture([20, 90, 160])];
}

async function rank(place, fields, roll, typed) {
  const left = fields.map((field) => field.name);
  const places = fields[0].options;
  for (const name of left) await place.locator(`[name="${name}"]`).selectOption("");
  for (const value of places) {
    const [name] = left.splice(roll(left.length), 1);
    await place.locator(`[name="${name}"]`).selectOption(value);
    typed.set(name, value);
  }
}

async function sum(place, fields, total, roll, typed) {
  let left = total;
  for (const [at, field] of fields.entries()) {
    const part = at === fields.length - 1 ? left : roll(left + 1);
    left -= part;
    await place.locator(`[name="${field.name}"]`).fill(String(part));
    typed.set(field.name, String(part));
  }
}

/** Something that fits the field. */
function written(field, roll, attempt) {
  const [low, high] = [field.min, field.max];
  if (field.type === "date" || field.type === "datetime-local") {
    const day = (text, other) => Date.parse(text ? text.slice(0, 10) : other);
    const [from, until] = [day(low, "2020-01-01"), day(high, "2026-06-30")];
    const date = new Date(from + roll(Math.max(1, (until - from) / 864e5)) * 864e5).toISOString().slice(0, 10);
    return field.type === "date" ? date : `${date}T${String(roll(24)).padStart(2, "0")}:30`;
  }
  if (field.type === "time") return `${String(roll(24)).padStart(2, "0")}:${String(roll(60)).padStart(2, "0")}`;
  if (field.mode === "numeric" || field.mode === "decimal" || field.type === "number") {
    const from = low === "" ? 0 : Number(low);
    const until = high === "" ? from + [90, 9, 3, 1][Math.min(attempt, 3)] : Number(high);
    const number = from + roll(Math.floor(until - from) + 1);
    return String(field.mode === "decimal" && number < until ? number + 0.5 : number);
  }
  if (field.mode === "email") return `a${roll(100)}@example.org`;
  if (field.mode === "tel") return `+49 30 ${roll(1e6)}`;
  // What was refused is tried with each of them in turn.
  const text = TEXTS[(attempt === 0 ? roll(TEXTS.length) : attempt - 1) % TEXTS.length];
  return field.type === "textarea" ? text : text.replaceAll("\n", " ");
}
