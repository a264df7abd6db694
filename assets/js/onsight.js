// What every page gains when JavaScript runs: theme, toasts, confirmations, shortcuts, and the modules its parts need.

import { confirmed } from "./dialogs.js";
import { localise } from "./locale.js";
import { listenForKeys } from "./keys.js";

/** Makes a piece of page that has just arrived behave like the rest; safe to call twice. */
export function enhance(root) {
  localise(root);
  for (const toast of root.querySelectorAll("[data-toast]:not([data-seen])")) tend(toast);
  root.querySelector("[data-error-summary]")?.focus();
  fetchWhatItNeeds(root);
}

// A page pays only for what stands on it; a fragment that arrives later brings its module along.
const MODULES = {
  "onsight-chart": () => import("./chart.js"),
  "onsight-editor": () => import("./editor.js"),
  "onsight-find": () => import("./find.js"),
  "form[data-upload]": () => import("./upload.js"),
  "form[data-rules]": async (root) => (await import("./rules.js")).follow(root),
  "[data-poll]": () => import("./progress.js"),
  "table[data-grid]": () => import("./grid.js"),
  "[data-passkey], [data-passkey-new]": () => import("./passkey.js"),
  "[data-builder]": () => import("./builder.js"),
  "[data-go-on]": () => import("./go-on.js"),
  "[data-runner]": () => import("./runner.js"),
  ".g12[data-live], [data-opens]": () => import("./widgets.js"),
  "[data-follow]": () => import("./follow.js"),
  ".shell": () => import("./idle.js"),
};

function fetchWhatItNeeds(root) {
  for (const [selector, load] of Object.entries(MODULES)) {
    if (root.matches?.(selector) || root.querySelector(selector)) load(root);
  }
}

/** Says what happened, at the bottom of the page; `undo` is a URL that takes a POST. */
export function say(text, { undo, bad } = {}) {
  const toast = document.createElement("div");
  toast.className = bad ? "toast bad" : "toast";
  toast.dataset.toast = "";
  const words = document.createElement("p");
  words.textContent = text;
  toast.append(words);
  if (undo) toast.append(undoForm(undo));
  toasts().append(toast);
  tend(toast);
}

function undoForm(url) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = url;
  const button = document.createElement("button");
  button.className = "btn small";
  button.textContent = "Undo";
  form.append(button);
  return form;
}

function toasts() {
  return document.querySelector(".toasts") ?? document.body.appendChild(Object.assign(document.createElement("div"), { className: "toasts", role: "status" }));
}

// A toast leaves by itself, later if it can be undone, and never while somebody is at it.
function tend(toast) {
  toast.dataset.seen = "";
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn quiet small only";
  close.setAttribute("aria-label", "Dismiss");
  close.textContent = "×";
  toast.append(close);

  const leave = () => {
    toast.classList.add("leaving");
    setTimeout(() => toast.remove(), 250);
  };
  const rest = toast.classList.contains("bad") ? Infinity : toast.querySelector("form") ? 15_000 : 6_000;
  let timer;
  const start = () => rest < Infinity && (timer = setTimeout(leave, rest));
  const stop = () => clearTimeout(timer);
  close.addEventListener("click", leave);
  for (const event of ["pointerenter", "focusin"]) toast.addEventListener(event, stop);
  for (const event of ["pointerleave", "focusout"]) toast.addEventListener(event, start);
  start();
}

// ——— theme ———

function setTheme(theme) {
  const root = document.documentElement;
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  else delete root.dataset.theme;
  try {
    if (root.dataset.theme) localStorage.setItem("theme", theme);
    else localStorage.removeItem("theme");
  } catch {
    // It holds for this page, then.
  }
  showTheme();
  document.dispatchEvent(new CustomEvent("onsight:theme"));
}

function showTheme() {
  const now = document.documentElement.dataset.theme ?? "system";
  for (const button of document.querySelectorAll("[data-theme-set]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeSet === now));
  }
}

// ——— forms ———

const waiting = new WeakMap();

// Runs after everybody else: a form that something took over is only ours if htmx did.
function mark(event) {
  const form = event.target;
  if (event.defaultPrevented && !form.matches("[hx-post], [hx-put], [hx-patch], [hx-delete]")) return;
  // A download answers without leaving the page, so nothing would give the button back.
  if (form.method === "dialog" || form.hasAttribute("data-download") || (form.method === "get" && !event.defaultPrevented)) return;
  const button = event.submitter ?? form.querySelector("button:not([type=button])");
  if (!button) return;
  const words = [...button.childNodes];
  waiting.set(form, () => {
    button.removeAttribute("aria-disabled");
    button.replaceChildren(...words);
  });
  // The button's own name and value must still be sent, so it is not disabled, only said to be.
  setTimeout(() => {
    if (!waiting.has(form)) return;
    button.setAttribute("aria-disabled", "true");
    if (button.classList.contains("only")) return;
    button.textContent = button.dataset.busy ?? form.dataset.busy ?? "Saving…";
  });
}

/** Gives a form back its button, once the answer is here. */
export function release(form) {
  waiting.get(form)?.();
  waiting.delete(form);
}

// Runs before everybody else: a second press is swallowed, a risky first one is asked about.
async function askFirst(event) {
  const form = event.target;
  if (waiting.has(form)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  const asked = event.submitter?.dataset.confirm ? event.submitter : form;
  if (!asked.dataset.confirm || form.hasAttribute("data-confirmed")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const { submitter } = event;
  if (!(await confirmed(asked.dataset))) return;
  form.toggleAttribute("data-confirmed", true);
  form.requestSubmit(submitter);
  form.removeAttribute("data-confirmed");
}

const timers = new WeakMap();

function autosubmit(event) {
  const form = event.target.form;
  if (!form?.hasAttribute("data-auto") || event.target.hasAttribute("data-no-auto")) return;
  const typed = event.type === "input" && event.target.matches("textarea, input:not([type=checkbox], [type=radio], [type=date])");
  if (event.type === "input" && !typed) return;
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => form.requestSubmit(), typed ? 400 : 0));
}

// What was typed is never lost: a form that says so asks before the page is left.
let unsaved = false;
function noteTyping(event) {
  if (event.target.form?.hasAttribute("data-keep")) unsaved = true;
}

// Saved in the background, so nothing is left behind.
function saved(element) {
  if ((element.form ?? element.closest?.("form"))?.hasAttribute("data-keep")) unsaved = false;
}

// ——— menus, where the browser does not place them by itself ———

function placeMenu(event) {
  const menu = event.target;
  if (event.newState !== "open" || !menu.classList?.contains("menu") || CSS.supports("position-area", "block-end")) return;
  const opener = document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
  if (!opener) return;
  requestAnimationFrame(() => {
    const at = opener.getBoundingClientRect();
    const { width, height } = menu.getBoundingClientRect();
    const below = at.bottom + height < innerHeight;
    menu.style.left = `${Math.max(8, Math.min(at.right - width, innerWidth - width - 8))}px`;
    menu.style.top = `${below ? at.bottom : Math.max(8, at.top - height - 8)}px`;
  });
}

// ——— start ———

addEventListener("submit", askFirst, true);
addEventListener("submit", (event) => (unsaved = false, mark(event)));
addEventListener("input", (event) => (noteTyping(event), autosubmit(event)));
addEventListener("change", autosubmit);
addEventListener("toggle", placeMenu, true);
addEventListener("pageshow", (event) => event.persisted && document.querySelectorAll("form").forEach(release));
addEventListener("beforeunload", (event) => unsaved && event.preventDefault());
addEventListener("click", (event) => {
  const chosen = event.target.closest?.("[data-theme-set]");
  if (chosen) setTheme(chosen.dataset.themeSet);
  const copied = event.target.closest?.("[data-copy], [data-copy-from]");
  if (copied) copy(copied);
});
addEventListener("htmx:load", (event) => enhance(event.target));
addEventListener("htmx:oobBeforeSwap", keepTyped);
addEventListener("htmx:beforeOnLoad", (event) => event.detail.xhr.status < 300 && saved(event.target));
addEventListener("htmx:afterRequest", (event) => release(event.target));
addEventListener("htmx:responseError", (event) => say(refusal(event.detail.xhr), { bad: true }));
addEventListener("htmx:sendError", () => say("The server did not answer. Check the connection and try again.", { bad: true }));
addEventListener("toast", (event) => say(event.detail.text ?? event.detail.value, event.detail));

// A field that another one takes the place of: what was typed in it while that was on its way stays.
function keepTyped({ detail: { target, fragment } }) {
  for (const field of target.querySelectorAll("input[name]")) {
    const other = fragment.querySelector(`input[name="${CSS.escape(field.name)}"]`);
    if (other && other.type === field.type && field.value !== field.defaultValue) other.value = field.value;
  }
}

listenForKeys();
showTheme();
enhance(document);

function refusal(xhr) {
  const id = xhr.getResponseHeader("x-request-id");
  const what = xhr.status === 403 ? "You may not do that." : "That did not work.";
  return id ? `${what} Request ${id}.` : what;
}

async function copy(button) {
  const text = button.dataset.copy || document.getElementById(button.dataset.copyFrom)?.textContent;
  try {
    await navigator.clipboard.writeText(text.trim());
    say("Copied");
  } catch {
    say("The browser did not allow copying. Select the text and copy it yourself.", { bad: true });
  }
}
