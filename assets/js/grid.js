// Moves through a `<table data-grid>` with the arrows and edits a `td[data-edit]` where it stands.

import { enhance, say } from "./onsight.js";

document.querySelectorAll("table[data-grid]").forEach(start);
addEventListener("htmx:load", (event) => event.target.querySelectorAll?.("table[data-grid]").forEach(start));

function start(table) {
  if (table.getAttribute("role") === "grid") return;
  table.setAttribute("role", "grid");
  for (const cell of table.querySelectorAll("tbody :is(td, th)")) {
    if (cell.matches("td")) cell.setAttribute("role", "gridcell");
    cell.tabIndex = -1;
    if (cell.dataset.edit) cell.setAttribute("aria-readonly", "false");
  }
  const first = table.querySelector("tbody :is(td, th)");
  if (first) first.tabIndex = 0;
  table.addEventListener("keydown", press);
  table.addEventListener("focusin", (event) => rove(table, event.target.closest("tbody :is(td, th)")));
  table.addEventListener("dblclick", (event) => edit(event.target.closest("td[data-edit]")));
}

// One cell of the table is in the tab order: the one that was visited last.
function rove(table, cell) {
  if (!cell) return;
  table.querySelectorAll('tbody [tabindex="0"]:is(td, th)').forEach((one) => (one.tabIndex = -1));
  cell.tabIndex = 0;
}

const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function press(event) {
  const cell = event.target.closest("tbody :is(td, th)");
  if (!cell) return;
  if (cell.classList.contains("editing")) return pressInForm(event, cell);
  if (event.target !== cell) return;
  if (MOVES[event.key]) return go(event, beside(cell, ...MOVES[event.key]));
  if (event.key === "Home") return go(event, event.ctrlKey ? corner(cell, 0, 0) : cell.parentElement.cells[0]);
  if (event.key === "End") return go(event, event.ctrlKey ? corner(cell, -1, -1) : [...cell.parentElement.cells].at(-1));
  if (event.key === "PageDown") return go(event, beside(cell, 10, 0) ?? corner(cell, -1, cell.cellIndex));
  if (event.key === "PageUp") return go(event, beside(cell, -10, 0) ?? corner(cell, 0, cell.cellIndex));
  if (event.key === "Enter" || event.key === "F2") {
    event.preventDefault();
    if (cell.dataset.edit) edit(cell);
    else cell.querySelector("a, button, input")?.click();
  }
}

function pressInForm(event, cell) {
  if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    cancel(cell);
    cell.focus();
  }
  if (event.key === "Tab") {
    event.preventDefault();
    save(cell, beside(cell, 0, event.shiftKey ? -1 : 1) ?? cell);
  }
  if (event.key === "Enter" && !(event.target.matches("textarea") && event.shiftKey)) {
    event.preventDefault();
    save(cell, beside(cell, 1, 0) ?? cell);
  }
}

function go(event, cell) {
  event.preventDefault();
  cell?.focus();
}

function beside(cell, down, right) {
  const row = cell.closest("tbody").rows[cell.parentElement.sectionRowIndex + down];
  return row?.cells[cell.cellIndex + right];
}

function corner(cell, row, column) {
  return [...[...cell.closest("tbody").rows].at(row).cells].at(column);
}

const before = new WeakMap();

async function edit(cell) {
  if (!cell || cell.classList.contains("editing")) return;
  cell.classList.add("saving");
  const answer = await ask(cell.dataset.edit);
  cell.classList.remove("saving");
  if (!answer?.ok) return say("This cell cannot be edited now.", { bad: true });
  before.set(cell, [...cell.childNodes]);
  show(cell, answer.text);
}

function show(cell, html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  // Taking a form away makes it lose the focus, which must not save it once more.
  cell.classList.remove("editing");
  cell.replaceChildren(template.content);
  cell.classList.add("editing");
  const form = cell.querySelector("form");
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    save(cell, cell);
  });
  const field = cell.querySelector("input:not([type=hidden]), select, textarea");
  if (field && !field.getAttribute("aria-label")) field.setAttribute("aria-label", columnName(cell));
  field?.focus();
  field?.select?.();
  cell.querySelector("form")?.addEventListener("focusout", (event) => {
    // Clicking elsewhere keeps what was typed: it is saved, as a spreadsheet does.
    // Not so when only the window lost the focus, or when the value was just refused and is unchanged.
    const form = event.currentTarget;
    const left = document.hasFocus() && !cell.contains(event.relatedTarget) && cell.classList.contains("editing");
    if (left && !(field.defaultValue === field.value && form.querySelector("[aria-invalid=true]"))) save(cell, null);
  });
}

async function save(cell, then) {
  const form = cell.querySelector("form");
  if (!form || cell.classList.contains("saving")) return;
  const fields = new URLSearchParams(new FormData(form));
  if (unchanged(form)) {
    cancel(cell);
    then?.focus();
    return;
  }
  cell.classList.add("saving");
  const answer = await ask(form.getAttribute("action") || cell.dataset.edit, fields);
  cell.classList.remove("saving");
  if (answer?.status === 422) return show(cell, answer.text);
  if (!answer?.ok) {
    return say(answer ? "The cell was not saved." : "The server did not answer; the cell is not saved yet.", { bad: true });
  }
  cell.classList.remove("editing");
  cell.innerHTML = answer.text;
  cell.classList.add("saved");
  setTimeout(() => cell.classList.remove("saved"), 1200);
  enhance(cell);
  then?.focus();
}

function unchanged(form) {
  if (form.querySelector("[aria-invalid=true]")) return false;
  return [...form.elements].every((field) => {
    if (field.matches("select")) return [...field.options].every((option) => option.selected === option.defaultSelected);
    if (field.matches("[type=checkbox], [type=radio]")) return field.checked === field.defaultChecked;
    return field.defaultValue === undefined || field.value === field.defaultValue;
  });
}

function cancel(cell) {
  cell.classList.remove("editing");
  cell.replaceChildren(...(before.get(cell) ?? []));
}

function columnName(cell) {
  const head = cell.closest("table").tHead?.rows[0]?.cells[cell.cellIndex];
  return head?.textContent.trim() ?? "Value";
}

async function ask(url, body) {
  try {
    const answer = await fetch(url, { method: body ? "POST" : "GET", body, headers: { "HX-Request": "true" } });
    return { ok: answer.ok, status: answer.status, text: await answer.text() };
  } catch {
    return null;
  }
}
