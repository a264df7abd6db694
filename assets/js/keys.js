// The keyboard: the list under `?`, Ctrl K for search, `g` and a letter to go somewhere, arrows in the found list.

import { open } from "./dialogs.js";

export function listenForKeys() {
  addEventListener("keydown", press);
  addEventListener("click", (event) => {
    const trigger = event.target.closest?.("[data-search]");
    if (trigger && openSearch()) event.preventDefault();
    if (event.target.closest?.("[data-keys]")) openKeys();
  });
}

let going = false;

function press(event) {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
    if (openSearch()) event.preventDefault();
    return;
  }
  const dialog = event.target.closest?.("dialog.search");
  if (dialog) return walk(event, dialog);
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event) || document.querySelector("dialog[open]")) return;
  if (going) {
    going = false;
    return follow(document.querySelector(`a[data-key="g ${CSS.escape(event.key)}"]`), event);
  }
  if (event.key === "?") return openKeys();
  if (event.key === "/") {
    if (openSearch()) event.preventDefault();
    return;
  }
  if (event.key === "g") {
    going = true;
    setTimeout(() => (going = false), 1200);
    return;
  }
  follow(document.querySelector(`[data-key="${CSS.escape(event.key)}"]`), event);
}

function follow(target, event) {
  if (!target) return;
  event.preventDefault();
  target.click();
}

function isTyping({ target }) {
  return target.isContentEditable || target.matches?.("input:not([type=checkbox], [type=radio], [type=button]), textarea, select, onsight-editor");
}

function openSearch() {
  const dialog = document.querySelector("dialog.search");
  if (!dialog) return false;
  if (!dialog.open) open(dialog);
  dialog.querySelector("input")?.select();
  return true;
}

function walk(event, dialog) {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const stops = [dialog.querySelector("input"), ...dialog.querySelectorAll(".found a")];
  const at = stops.indexOf(document.activeElement);
  const next = stops[(at + (event.key === "ArrowDown" ? 1 : -1) + stops.length) % stops.length];
  event.preventDefault();
  next.focus();
}

function openKeys() {
  const dialog = document.createElement("dialog");
  dialog.className = "box";
  dialog.setAttribute("aria-label", "Keyboard shortcuts");
  const list = document.createElement("dl");
  list.className = "keys";
  for (const [keys, words] of shortcuts()) list.append(keyTerm(keys), described(words));
  const title = Object.assign(document.createElement("h2"), { textContent: "Keyboard shortcuts" });
  const header = document.createElement("header");
  const close = Object.assign(document.createElement("button"), { className: "btn quiet small", textContent: "Close", autofocus: true });
  close.addEventListener("click", () => dialog.close());
  header.append(title, close);
  const body = Object.assign(document.createElement("div"), { className: "body" });
  body.append(list);
  dialog.append(header, body);
  document.body.append(dialog);
  open(dialog).then(() => dialog.remove());
}

// What always works, then whatever this page declares with `data-key`.
function shortcuts() {
  const always = [["Ctrl K", "Search"], ["?", "This list"]];
  if (document.querySelector("[data-grid]")) always.push(["↑ ↓ ← →", "Move in the table"], ["Enter", "Edit the cell, save it"], ["Esc", "Leave the cell as it was"]);
  if (document.querySelector("onsight-editor")) always.push(["Ctrl Enter", "Run or save"], ["Ctrl Space", "Complete"], ["Esc Tab", "Leave the editor"]);
  const here = [...document.querySelectorAll("[data-key]")].map((one) => [one.dataset.key, one.dataset.keyText ?? one.textContent.trim()]);
  return [...always, ...here];
}

function keyTerm(keys) {
  const term = document.createElement("dt");
  for (const key of keys.split(" ")) term.append(Object.assign(document.createElement("kbd"), { textContent: key }), " ");
  return term;
}

function described(words) {
  return Object.assign(document.createElement("dd"), { textContent: words });
}
