// The widgets of a page on their grid: taken hold of with the mouse or moved with the arrows. What
// comes of it is sent to the server, which says what had to make room.

import { say } from "./onsight.js";

const COLUMNS = 12;
/** Waits for the arrow that follows at once. */
const QUIET = 350;
/** Where the arrows lead a widget while the server does not know yet. */
let wanted;
let isBusy = false;
let timer;

document.querySelectorAll("[data-builder]").forEach(start);
addEventListener("htmx:load", (event) => {
  const arrived = event.target;
  if (arrived.matches?.("[data-builder]")) start(arrived, true);
  else arrived.querySelectorAll?.("[data-builder]").forEach((one) => start(one, true));
});

// A page that has just come back hears at once.
addEventListener("keydown", press);
addEventListener("pointerdown", (event) => {
  const builder = event.target.closest?.("[data-builder]");
  if (builder) take(builder, event);
});

function start(builder, isNew) {
  if (builder.dataset.held) return;
  builder.dataset.held = "";
  const { said } = builder.dataset;
  if (isNew === true && said) say(said);
  isBusy = false;
  if (wanted) go(builder);
}

// ——— where things are ———

function held(builder) {
  return [...builder.querySelectorAll("[data-widget]")];
}

function at(frame) {
  return frame.dataset.at.split(",").map(Number);
}

function inside([row, column, width]) {
  const wide = Math.min(Math.max(width, 1), COLUMNS);
  const from = Math.min(Math.max(column, 1), COLUMNS + 1 - wide);
  return [Math.max(row, 1), from, wide];
}

/** Sends where a widget is to stand; the page comes back as it is then. */
function place(builder, frame, [row, column, width]) {
  const { page } = builder.dataset;
  send(builder, { do: `place widget ${page} ${frame.dataset.widget}`, row, column, width });
}

function send(builder, fields) {
  const form = builder.querySelector("#placing");
  isBusy = true;
  for (const [name, value] of Object.entries(fields)) form.elements[name].value = value;
  form.requestSubmit();
}

// ——— keys ———

const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

function press(event) {
  const link = event.target.closest?.("[data-builder] .held > header > a");
  if (!link || event.ctrlKey || event.altKey || event.metaKey) return;
  const frame = link.closest("[data-widget]");
  const builder = frame.closest("[data-builder]");
  if (event.key === "Delete") {
    event.preventDefault();
    const { page } = builder.dataset;
    return send(builder, { do: `remove widget ${page} ${frame.dataset.widget}` });
  }
  const move = MOVES[event.key];
  if (!move) return;
  event.preventDefault();
  const [row, column, width] = at(frame);
  const [down, right] = move;
  if (event.shiftKey && down) return tell(builder, "A widget is as high as what it shows.");
  const to = event.shiftKey
    ? [row, column, Math.min(Math.max(width + right, 1), COLUMNS + 1 - column)]
    : inside([row + down, column + right, width]);
  if (String(to) === String(at(frame))) return tell(builder, "It is at the edge.");
  wanted = { widget: frame.dataset.widget, to, isDown: down !== 0 };
  tell(builder, `${frame.dataset.widget}: row ${to[0]}, column ${to[1]}, ${to[2]} wide`);
  go(builder);
}

// Shows where it is to be, and sends it once no other arrow follows.
function go(builder) {
  const frame = held(builder).find((one) => one.dataset.widget === wanted.widget);
  if (!frame) return (wanted = undefined);
  frame.dataset.at = wanted.to.join();
  show(frame, wanted.to, wanted.isDown);
  clearTimeout(timer);
  timer = setTimeout(() => {
    if (isBusy || !wanted) return;
    const { to } = wanted;
    wanted = undefined;
    place(builder, frame, to);
  }, QUIET);
}

addEventListener("htmx:afterRequest", () => (isBusy = false));

function tell(builder, words) {
  builder.querySelector("#placed").textContent = words;
}

// Where it will be is seen at once; rows are the server's to count.
function show(frame, [, column, width], isDown) {
  for (const name of [...frame.classList]) {
    if (/^[cw]-\d+$/.test(name)) frame.classList.remove(name);
  }
  frame.classList.add(`c-${column}`, `w-${width}`);
  frame.classList.toggle("going", isDown);
}

// ——— the mouse ———

function take(builder, event) {
  const frame = event.target.closest?.("[data-widget]");
  const isStretch = event.target.closest?.(".stretch");
  const isGrip = event.target.closest?.(".held > header") && !event.target.closest("a, button");
  if (!frame || event.button !== 0 || !(isStretch || isGrip)) return;
  event.preventDefault();
  const grid = builder.querySelector("[data-grid]");
  const from = { x: event.clientX, y: event.clientY, at: at(frame) };
  let to = from.at;
  frame.setPointerCapture(event.pointerId);
  frame.classList.add("taken");
  const move = (event) => {
    to = isStretch ? stretched(grid, from, event) : dropped(builder, grid, frame, from, event);
    mark(grid, to);
  };
  const end = (event) => {
    frame.removeEventListener("pointermove", move);
    frame.removeEventListener("pointerup", end);
    frame.removeEventListener("pointercancel", end);
    frame.classList.remove("taken");
    grid.querySelector(".target")?.remove();
    if (event.type === "pointerup" && String(to) !== String(from.at)) place(builder, frame, to);
  };
  frame.addEventListener("pointermove", move);
  frame.addEventListener("pointerup", end);
  frame.addEventListener("pointercancel", end);
}

function step(grid) {
  return grid.getBoundingClientRect().width / COLUMNS;
}

function stretched(grid, { x, at: [row, column, width] }, event) {
  const more = Math.round((event.clientX - x) / step(grid));
  return [row, column, Math.min(Math.max(width + more, 1), COLUMNS + 1 - column)];
}

// The row is that of the widgets beside the pointer, or one below them all.
function dropped(builder, grid, frame, { x, at: [row, column, width] }, event) {
  const aside = Math.round((event.clientX - x) / step(grid));
  const others = held(builder).filter((one) => one !== frame);
  const beside = others.find((one) => {
    const box = one.getBoundingClientRect();
    return event.clientY >= box.top && event.clientY <= box.bottom;
  });
  const own = frame.getBoundingClientRect();
  const isHome = event.clientY >= own.top && event.clientY <= own.bottom;
  const last = Math.max(row, ...others.map((one) => at(one)[0]));
  const isBelow = event.clientY > grid.getBoundingClientRect().bottom;
  const to = beside ? at(beside)[0] : isBelow ? last + 1 : row;
  return inside([isHome ? row : to, column + aside, width]);
}

// A frame on the grid says where it would land.
function mark(grid, [row, column, width]) {
  let target = grid.querySelector(".target");
  if (!target) {
    target = document.createElement("i");
    target.setAttribute("aria-hidden", "true");
    grid.append(target);
  }
  const same = [...grid.querySelectorAll("[data-widget]")].find((one) => at(one)[0] === row);
  const line = same && [...same.classList].find((name) => /^r-\d+$/.test(name));
  target.className = `target c-${column} w-${width}${line ? ` ${line}` : ""}`;
}
