// A page of an app that follows: the server says which widgets show something else now, and the page asks for those, as
// whoever looks. Nothing is written anew under somebody's hands, and nobody at the screen is not somebody at work.
import { PART, ask, focus, isDragged, pieces, refocus, wake } from "./widgets.js";

const line = document.querySelector("[data-follow]");
const [mark, words] = line.children;
const BY_ITSELF = { "onsight-follow": "1", accept: "application/json, text/html, text/event-stream" };
// Milliseconds: between two redraws, until a silent line is given up, and between tries.
const [REST, SILENCE, SOON, LATE] = [1000, 40_000, 1000, 60_000];
const LOST = "The connection is lost: what stands here may be old. Trying again.";
const OVER = "This page no longer follows changes. Load it again to see what is new.";

let place = line.dataset.since;
let [tries, heard, drawn] = [0, 0, 0];
let stream, timer, soon, over;
const wanted = new Set();

// ——— the line ———

async function listen() {
  clearTimeout(timer);
  if (over || stream || document.hidden) return;
  const own = (stream = new AbortController());
  heard = Date.now();
  const answer = await ask(`${line.dataset.follow}?since=${place}`, { headers: BY_ITSELF, signal: own.signal });
  if (own !== stream) return;
  if (answer?.ok && !answer.redirected) await read(answer.body, own);
  if (own !== stream) return;
  stream = null;
  if (answer && !answer.ok) return refused(answer);
  later(Math.min(SOON * 2 ** tries++, LATE));
}

async function read(body, own) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done || own !== stream) return;
      heard = Date.now();
      const events = (text + value).split("\n\n");
      text = events.pop();
      for (const event of events) told(event);
    }
  } catch {
    // It was cut off: it is tried again.
  }
}

function told(event) {
  const said = Object.fromEntries(event.split("\n").map((each) => [each.split(":", 1)[0], each.slice(each.indexOf(":") + 1).trim()]));
  if (said.id) place = said.id;
  if (said.event === "here") stands();
  if (said.event === "changed") want(said.data.split(" "));
  if (said.event === "anew") anew();
}

function stands() {
  tries = 0;
  mark.hidden = false;
  tell("");
}

// Another version of the app: the page may have other widgets. What was begun stays until it is sent.
function anew() {
  const widgets = [...document.querySelectorAll("main .g12[data-live] > *")];
  if (document.querySelector("dialog:modal") || widgets.some(isBusy)) return stop("This app was changed. Load the page again to see it as it is now.");
  over = true;
  location.reload();
}

async function refused(answer) {
  if (answer.status === 409) {
    // As many follow as may: somebody may close theirs.
    const problem = await answer.json().catch(() => null);
    tell(problem?.detail ? `${problem.detail[0].toUpperCase()}${problem.detail.slice(1)}.` : OVER);
    mark.hidden = true;
    return later(LATE);
  }
  if (answer.status < 500 && answer.status !== 429) return stop(OVER);
  later(Math.min(SOON * 2 ** tries++, LATE));
}

// Not all at the same moment: a server that begins again would be asked by everybody at once.
function later(wait) {
  clearTimeout(timer);
  if (over || document.hidden) return;
  if (tries > 1) lost();
  timer = setTimeout(listen, wait * (1 + Math.random()));
}

function lost() {
  mark.hidden = true;
  tell(LOST);
}

function hangUp() {
  const own = stream;
  stream = null;
  own?.abort();
  clearTimeout(timer);
}

function stop(why) {
  over = true;
  hangUp();
  mark.hidden = true;
  tell(why);
}

// It is said when it changes, and read out when nothing else is: not with each change of a row.
function tell(text) {
  if (words.textContent !== text) words.textContent = text;
}

// ——— the widgets ———

function want(widgets) {
  for (const widget of widgets) if (widget) wanted.add(widget);
  turn();
}

function turn(wait = 0) {
  const rest = Math.max(wait, drawn + REST - Date.now(), 0);
  if (wanted.size) soon ??= setTimeout(redraw, rest + Math.random() * 200);
}

const widgetOf = (name) => document.getElementById(`w-${name}`);

async function redraw() {
  soon = null;
  if (over || document.hidden) return;
  drawn = Date.now();
  // What is not on the page, as behind a tab, comes with it when it does.
  for (const name of wanted) if (!widgetOf(name)) wanted.delete(name);
  const free = document.querySelector("dialog:modal") ? [] : [...wanted].filter((name) => !isBusy(widgetOf(name)));
  if (free.length) await fetched(free);
  turn(REST);
}

async function fetched(names) {
  const address = location.href.replace(/#.*/, "");
  for (const name of names) wanted.delete(name);
  const answer = await ask(address, { headers: { ...PART, ...BY_ITSELF, "onsight-only": names.join(" ") } });
  const html = answer?.ok && !answer.redirected ? await answer.text().catch(() => null) : null;
  // Meanwhile the page went elsewhere: that brought everything.
  if (address !== location.href.replace(/#.*/, "")) return;
  if (html === null) {
    // Whoever may not look any more is told so over the line.
    if (!answer || answer.status >= 500) for (const name of names) wanted.add(name);
    return;
  }
  const fresh = pieces(html);
  if (!fresh) return;
  const held = focus();
  for (const name of names) {
    const [old, piece] = [widgetOf(name), fresh.getElementById(`w-${name}`)];
    if (old && isBusy(old)) wanted.add(name);
    else if (old && piece && old.dataset.v !== piece.dataset.v) put(old, piece);
  }
  refocus(held);
}

// The new one in the place of the old one, scrolled as that was.
function put(old, piece) {
  const scrolled = [...old.querySelectorAll("*"), old].filter((each) => each.scrollTop || each.scrollLeft);
  const places = scrolled.map((each) => [each.className, [...old.getElementsByClassName(each.className)].indexOf(each), each.scrollLeft, each.scrollTop]);
  const open = [...old.querySelectorAll("details")].map((each) => each.open);
  // Where it stands in a box, the classes of its place are those of the box.
  if (old.closest(".held")) piece.className = old.className;
  old.replaceWith(piece);
  wake(piece);
  for (const [index, each] of [...piece.querySelectorAll("details")].entries()) if (open[index]) each.open = true;
  for (const [name, index, left, top] of places) {
    const same = index < 0 ? piece : piece.getElementsByClassName(name)[index];
    same?.scrollTo({ left, top, behavior: "instant" });
  }
}

// Somebody types in it, has begun something in it, has a menu of it open, marks its text or holds a card of it.
function isBusy(widget) {
  const field = document.activeElement;
  if (widget.contains(field) && field.matches("input:not([type=hidden]), textarea, select, [contenteditable]")) return true;
  const marked = getSelection();
  if (!marked.isCollapsed && widget.contains(marked.anchorNode)) return true;
  return isDragged(widget) || Boolean(widget.querySelector("dialog[open], details.move[open], [popover]:popover-open")) || isBegun(widget);
}

function isBegun(widget) {
  const typed = [...widget.querySelectorAll("input:not([type=hidden]), textarea")];
  if (typed.some((field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked)) return true;
  const chosen = [...widget.querySelectorAll("select")].filter((select) => select.querySelector("[selected]") || select.selectedIndex > 0);
  return chosen.some((select) => [...select.options].some((option) => option.selected !== option.defaultSelected));
}

// ——— start ———

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return hangUp();
  tries = 0;
  listen();
  turn();
});
// Sums and counts that a widget asks for when it arrives: nobody pressed anything.
addEventListener("htmx:configRequest", ({ target, detail }) => {
  if (target.matches?.("[hx-trigger=load]")) Object.assign(detail.headers, { "onsight-follow": "1" });
});
// A page kept by the browser for the way back hears nothing meanwhile.
addEventListener("pagehide", hangUp);
addEventListener("pageshow", (event) => event.persisted && listen());
addEventListener("online", () => {
  tries = 0;
  if (!stream) listen();
});
setInterval(() => {
  if (!stream || Date.now() - heard < SILENCE) return;
  hangUp();
  later(SOON);
}, 5000);
listen();
