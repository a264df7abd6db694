// What a page of an app gains when JavaScript runs: it changes in place, boxes open over it, cards are dragged.

import { enhance, release, say } from "./onsight.js";

/** Asks for widgets without the page around them. */
export const PART = { "onsight-part": "1" };

// ——— in place of loading the page ———

// The last one asked for counts: who types on does not want the answers in between.
let asked = 0;
// What is shown, without the place on the page: going to another place changes nothing.
let shown = bare(location.href);

function bare(address) {
  return address.replace(/#.*/, "");
}

// The view that an address came from: the page's own menu says which it is.
const viewOf = (address) => new URL(address, location.href).searchParams.get("_view");

/** Fetches the page's widgets from `address` and puts those that changed where they stand. */
async function show(address, how = "pushState") {
  if (viewOf(address) !== viewOf(shown)) return how ? location.assign(address) : location.reload();
  const turn = ++asked;
  const grid = document.querySelector("main .g12[data-live]");
  grid.classList.add("loading", "htmx-request");
  const answer = await ask(address, { headers: PART });
  grid.classList.remove("loading", "htmx-request");
  if (turn !== asked) return;
  if (!answer?.ok || answer.redirected) return location.assign(address);
  if (how) history[how]({ part: true }, "", address);
  shown = bare(location.href);
  for (const field of document.querySelectorAll("input[data-shown]")) field.value = location.search.slice(1);
  put(grid, await answer.text());
}

// Widgets that stay are left as they are, with what is typed and drawn in them.
function put(grid, html) {
  const fresh = pieces(html)?.querySelector(".g12");
  if (!fresh) return location.reload();
  const held = focus();
  for (const old of [...grid.children]) {
    if (!fresh.querySelector(`:scope > #${CSS.escape(old.id)}`)) old.remove();
  }
  let before = null;
  for (const piece of [...fresh.children]) {
    const old = document.getElementById(piece.id);
    const now = old && keeps(old, piece) ? old : piece;
    const isOpen = old?.querySelector("dialog:modal");
    if (old) carry(old, piece);
    if (old && now !== old) old.replaceWith(now);
    else if (!old) (before ? before.after(now) : grid.prepend(now));
    if (now === piece) wake(now);
    else now.className = piece.className;
    if (isOpen) raise(now.querySelector("dialog"));
    before = now;
  }
  refocus(held);
}

// The same; or being filled in: nothing that was typed is lost.
function keeps(old, piece) {
  if (old.dataset.v === piece.dataset.v || isTypedIn(old)) return true;
  const isBegun = old.querySelector("form[data-begun]") || [...old.querySelectorAll("form[data-keep] :is(input:not([type=hidden]), textarea)")].some((field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked);
  // What it sends comes back to where the page is now.
  if (isBegun) for (const at of old.querySelectorAll("input[name=_at]")) at.value = location.search.slice(1);
  return Boolean(isBegun);
}

function isTypedIn(widget) {
  const field = document.activeElement;
  return widget.contains(field) && field.matches("form[data-auto] :is(textarea, input:not([type=checkbox], [type=radio], [type=date]))");
}

// Filters stay as they were opened, and those that stay say how many are set.
function carry(old, piece) {
  const [was, now] = [old, piece].map((one) => one.querySelector("details.filters"));
  if (!was || !now) return;
  now.open ||= was.open;
  if (!isTypedIn(old)) return;
  was.querySelector("summary").replaceChildren(...now.querySelector("summary").cloneNode(true).childNodes);
  was.querySelector("form > a")?.remove();
  const clear = now.querySelector("form > a");
  if (clear) was.querySelector("form").append(clear.cloneNode(true));
}

/** Makes a widget that has just arrived behave like the rest. */
export function wake(piece) {
  globalThis.htmx?.process(piece);
  enhance(piece);
  piece.querySelector(".cell-form :is(input:not([type=hidden]), select, textarea), form [autofocus]")?.focus();
  for (const dialog of piece.querySelectorAll("dialog[open]")) raise(dialog);
  // What came back unsaved is asked about before the page is left, as if typed just now.
  piece.querySelector("form[data-begun] input")?.dispatchEvent(new Event("input", { bubbles: true }));
}

/** The HTML as a fragment; nothing where the policy refused it. */
export function pieces(html) {
  const template = document.createElement("template");
  try {
    template.innerHTML = html;
  } catch {
    // The policy refused it, as it does with a page of another site in it.
    return null;
  }
  return template.content;
}

/** The answer; nothing where there was none. */
export async function ask(address, options) {
  try {
    return await fetch(address, options);
  } catch {
    return null;
  }
}

// ——— the focus, when its place was written anew ———

const SAME = ["data-cell", "rel", "href", "name", "data-opens"];

/** Where the focus is, in words that outlive the widget it is in. */
export function focus() {
  const at = document.activeElement;
  const widget = at?.closest(".g12[data-live] > *, .held > *");
  if (!widget) return null;
  const [card, cell] = [at.closest("[data-key]"), at.closest("td")];
  const place = cell && [cell.parentElement.rowIndex, cell.cellIndex];
  return { id: at.id, widget: widget.id, card: card?.dataset.key, place, marks: SAME.map((name) => [name, at.getAttribute(name)]).filter(([, value]) => value), at };
}

/** Brings it back there, if its place was written anew. */
export function refocus(held) {
  if (!held || held.at.isConnected || document.activeElement !== document.body) return;
  const widget = document.getElementById(held.widget);
  if (!widget) return;
  const card = held.card && widget.querySelector(`[data-key="${CSS.escape(held.card)}"] summary`);
  const same = held.marks.map(([name, value]) => widget.querySelector(`[${name}="${CSS.escape(value)}"]`)).find(Boolean);
  const cell = held.place && widget.querySelector("table")?.rows[held.place[0]]?.cells[held.place[1]]?.querySelector("a, button");
  const next = card || (held.id && document.getElementById(held.id)) || same || cell || widget.querySelector(".report[tabindex], h2") || widget;
  if (!next.matches("a, button, input, select, textarea, summary, [tabindex]")) next.tabIndex = -1;
  next.focus({ preventScroll: true });
}

// ——— links and forms of the page ———

const isHere = (address) => address.origin === location.origin && address.pathname === location.pathname;

function follow(event) {
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest?.("a[href]");
  if (!link) return;
  if (link.matches("[data-opens]")) return event.preventDefault(), raise(document.getElementById(link.dataset.opens));
  if (link.matches("[data-closes]") && link.closest("dialog:modal")) return event.preventDefault(), link.closest("dialog").close();
  const isOurs = link.closest(".g12[data-live]") && !link.target && !link.hasAttribute("download");
  if (!isOurs || !isHere(new URL(link.href)) || link.getAttribute("href").startsWith("#")) return;
  event.preventDefault();
  show(bare(link.href));
}

function sent(event) {
  const form = event.target;
  if (event.defaultPrevented || !form.closest(".g12[data-live]")) return;
  // A field of the form may be called like one of its properties.
  const method = form.getAttribute("method");
  if (method === "get" && isHere(new URL(form.getAttribute("action") || location.href, location.href))) {
    event.preventDefault();
    const fields = [...new FormData(form)].filter(([, value]) => value !== "");
    // A word that is being typed is one step back, not one for each letter.
    const isStep = !isTypedIn(form) || !history.state?.part;
    return show(`${location.pathname}?${new URLSearchParams(fields)}`, isStep ? "pushState" : "replaceState");
  }
  if (!form.hasAttribute("data-run")) return;
  event.preventDefault();
  send(form, event.submitter);
}

async function send(form, submitter) {
  const body = new URLSearchParams(new FormData(form, submitter));
  const busy = submitter ?? form.querySelector("button");
  busy?.setAttribute("aria-disabled", "true");
  sending.add(form);
  const answer = await ask(form.getAttribute("action"), { method: "POST", body, headers: { ...PART, accept: "application/json, text/html" } });
  sending.delete(form);
  busy?.removeAttribute("aria-disabled");
  release(form);
  if (!answer) return say("The server did not answer. Check the connection and try again.", { bad: true });
  // Somebody has to sign in or say once more who they are: that is a page of its own.
  if (answer.status === 401 || answer.redirected) return location.reload();
  if (answer.status === 204) return location.assign(answer.headers.get("location"));
  const isPart = answer.headers.get("content-type")?.startsWith("text/html");
  if (!isPart) return say((await problem(answer)) ?? "That did not work.", { bad: true });
  const html = await answer.text();
  const words = answer.headers.get("onsight-said");
  // Without a word nothing was saved: a form came back with a line more or less.
  if (answer.ok && words) {
    form.closest("dialog:modal")?.close();
    if (form.matches(".cell-form")) {
      history.replaceState({ part: true }, "", bare(form.querySelector("[data-cancel]").href));
      shown = bare(location.href);
    }
  }
  some(html);
  if (answer.ok && words) say(decodeURIComponent(words.replaceAll("+", " ")));
}

const sending = new WeakSet();

async function problem(answer) {
  try {
    const { detail } = await answer.json();
    return detail && `${detail[0].toUpperCase()}${detail.slice(1)}.`;
  } catch {
    return null;
  }
}

// Widgets that came because they changed; the others stay.
function some(html) {
  const fresh = pieces(html);
  if (!fresh) return location.reload();
  const held = focus();
  for (const piece of [...fresh.querySelectorAll(".g12 > *")]) {
    const old = document.getElementById(piece.id);
    if (!old) continue;
    // Where it stands in a box, the classes of its place are those of the box.
    piece.className = old.closest(".held") ? old.className : piece.className;
    old.replaceWith(piece);
    wake(piece);
  }
  refocus(held);
}

// ——— boxes ———

function raise(dialog) {
  if (!dialog || dialog.matches(":modal")) return;
  dialog.removeAttribute("open");
  const before = document.activeElement;
  dialog.showModal();
  dialog.addEventListener("close", () => before?.focus?.(), { once: true });
  dialog.querySelector("[data-error-summary]")?.focus();
}

// A click beside the box closes it, unless something was typed in it.
function beside(event) {
  const dialog = event.target;
  if (!(dialog instanceof HTMLDialogElement) || !dialog.id.startsWith("d-")) return;
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  const isInside = event.clientX >= left && event.clientX <= right && event.clientY >= top && event.clientY <= bottom;
  const isTyped = [...dialog.querySelectorAll("input:not([type=hidden]), textarea")].some((field) => field.value !== field.defaultValue);
  if (!isInside && !isTyped) dialog.close();
}

// ——— boards ———

let dragged = null;

/** Is a card of that widget in the hand? */
export const isDragged = (widget) => widget.contains(dragged);

function drag(event) {
  const card = event.target.closest?.("[data-board] [draggable]");
  if (!card) return;
  dragged = card;
  event.dataTransfer.effectAllowed = "move";
  // Firefox drags nothing that carries nothing.
  event.dataTransfer.setData("text/plain", card.querySelector("h4")?.textContent ?? "");
  card.classList.add("dragged");
}

function over(event) {
  const lane = target(event);
  for (const other of document.querySelectorAll(".lane.over")) if (other !== lane) other.classList.remove("over");
  if (!lane) return;
  event.preventDefault();
  lane.classList.add("over");
}

// The lane it may be dropped on: of the same board, and not its own.
function target(event) {
  const lane = dragged && event.target.closest?.(".lane");
  return lane && lane.closest("[data-board]") === dragged.closest("[data-board]") && lane !== dragged.closest(".lane") ? lane : null;
}

function drop(event) {
  const lane = target(event);
  if (!lane) return;
  event.preventDefault();
  const form = dragged.querySelector(".move form");
  const button = [...form.querySelectorAll("button")].find((one) => one.value === lane.dataset.state);
  if (button && !button.disabled && !sending.has(form)) form.requestSubmit(button);
}

function dropped() {
  dragged?.classList.remove("dragged");
  for (const lane of document.querySelectorAll(".lane.over")) lane.classList.remove("over");
  dragged = null;
}

function press(event) {
  if (event.key !== "Escape") return;
  const cancel = event.target.closest?.(".cell-form")?.querySelector("[data-cancel]");
  if (cancel) return event.preventDefault(), cancel.click();
  const move = event.target.closest?.("details.move[open]");
  if (move) (move.open = false), move.querySelector("summary").focus();
}

addEventListener("click", follow);
addEventListener("click", beside);
addEventListener("submit", sent);
addEventListener("keydown", press);
addEventListener("popstate", () => bare(location.href) !== shown && document.querySelector("main .g12[data-live]") && show(location.href, null));
addEventListener("dragstart", drag);
addEventListener("dragover", over);
addEventListener("drop", drop);
addEventListener("dragend", dropped);
for (const dialog of document.querySelectorAll("dialog[id^='d-'][open]")) raise(dialog);
