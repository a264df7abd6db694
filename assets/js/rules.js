// Fields of a form that come and go with what others say, and fields that are worked out:
// the page follows while one types. What is saved the server decides, by the same trees.
import { evaluate, isTrue, number, text } from "./expr.js";

const followed = new WeakSet();

/** Follows the forms in a piece of page, each once. */
export function follow(root) {
  const forms = [...root.querySelectorAll("form[data-rules]"), root.closest?.("form[data-rules]")];
  for (const form of forms.filter((form) => form && !followed.has(form))) {
    followed.add(form);
    for (const hint of form.querySelectorAll(".hint-if")) hint.remove();
    form.addEventListener("input", () => refresh(form));
    refresh(form);
  }
}

const joined = (path, name) => (path ? `${path}.${name}` : name);
const above = (path) => path.split(".").slice(0, -2).join(".");
const levelOf = (name) => name.split(".").slice(0, -1).join(".");

function refresh(form) {
  const asks = new Map([...form.querySelectorAll("[data-ask]")].map((ask) => [ask.dataset.ask, ask]));
  const lists = [...form.querySelectorAll("[data-lines]")];
  const known = new Map();

  const scope = (level) => ({ now: Date.now(), minutesEast: -new Date().getTimezoneOffset(), value: (name) => find(level, name) });
  const holds = (element, level) => !element.dataset.when || isTrue(evaluate(JSON.parse(element.dataset.when), scope(level)));
  const there = new Map();
  function has(list) {
    if (!there.has(list)) {
      there.set(list, false);
      there.set(list, holds(list, levelOf(list.dataset.lines)));
    }
    return there.get(list);
  }

  function find(level, name) {
    if (asks.has(joined(level, name))) return value(joined(level, name));
    const inside = lists.filter((list) => !level || list.dataset.lines.startsWith(`${level}.`));
    const those = inside.filter((list) => list.dataset.fields.split(" ").includes(name));
    if (those.length) return those.filter(isThere).flatMap((list) => [...asks.keys()].filter((one) => above(one) && `${levelOf(levelOf(one))}.` === `${list.dataset.lines}.` && one.endsWith(`.${name}`)).map(value));
    for (let up = level; up; ) {
      up = above(up);
      if (asks.has(joined(up, name))) return value(joined(up, name));
    }
    return null;
  }

  // A list in a list that is not asked is not asked either.
  function isThere(list) {
    return lists.filter((one) => one.contains(list)).every(has);
  }

  function value(name) {
    if (known.has(name)) return known.get(name);
    // What asks for itself finds nothing.
    known.set(name, null);
    const ask = asks.get(name);
    const level = levelOf(name);
    let found = null;
    if (holds(ask, level)) found = ask.dataset.compute ? evaluate(JSON.parse(ask.dataset.compute), scope(level)) : typed(ask);
    known.set(name, found);
    return found;
  }

  for (const [name, ask] of asks) {
    const now = value(name);
    if (ask.dataset.when) ask.hidden = !holds(ask, levelOf(name));
    if (ask.dataset.compute) ask.querySelector("input, textarea").value = text(now);
  }
  for (const list of lists) if (list.dataset.when) list.hidden = !has(list);
}

function typed(ask) {
  const fields = [...ask.querySelectorAll("input, select, textarea")].filter((field) => field.name === ask.dataset.ask);
  const boxes = fields.filter((field) => field.type === "checkbox" || field.type === "radio");
  const given = (boxes.length ? boxes.filter((field) => field.checked) : fields).map((field) => field.value.trim()).filter(Boolean);
  if (ask.dataset.type === "list") return given;
  if (ask.dataset.type === "bool" && boxes.length) return given.length > 0;
  if (!given.length) return null;
  const last = given.at(-1);
  if (ask.dataset.type === "bool") return ["on", "yes", "true", "1"].includes(last);
  return ask.dataset.type === "number" ? number(last) : last;
}
