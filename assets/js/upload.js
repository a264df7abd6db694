// Sends a `<form data-upload>` with a drop zone, progress, time left and a way to stop; without this it is a plain form.

import { bytes, duration } from "./locale.js";

for (const form of document.querySelectorAll("form[data-upload]")) enhance(form);
addEventListener("htmx:load", (event) => event.target.querySelectorAll("form[data-upload]").forEach(enhance));

function enhance(form) {
  if (form.dataset.ready) return;
  form.dataset.ready = "true";
  const input = form.querySelector("input[type=file]");
  const zone = form.querySelector(".drop") ?? form;
  acceptDrops(zone, input);
  input.addEventListener("change", () => {
    if (form.dataset.upload === "now" && input.files.length) form.requestSubmit();
  });
  // Before the double-submit guard, which listens at the window and would say “Saving…”.
  form.addEventListener("submit", (event) => {
    if (!input.files.length) return;
    event.preventDefault();
    send(form, event.submitter);
  });
}

function acceptDrops(zone, input) {
  let depth = 0;
  zone.addEventListener("dragenter", () => zone.classList.toggle("over", ++depth > 0));
  zone.addEventListener("dragleave", () => zone.classList.toggle("over", --depth > 0));
  zone.addEventListener("dragover", (event) => event.preventDefault());
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    depth = 0;
    zone.classList.remove("over");
    if (!event.dataTransfer.files.length) return;
    const taken = new DataTransfer();
    const files = input.multiple ? [...event.dataTransfer.files] : [event.dataTransfer.files[0]];
    files.forEach((file) => taken.items.add(file));
    input.files = taken.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

function send(form, submitter) {
  // Before the fields are switched off: what is switched off is not sent.
  const body = new FormData(form, submitter);
  const request = new XMLHttpRequest();
  const view = progressView(form, () => request.abort());
  const started = performance.now();

  request.upload.addEventListener("progress", ({ loaded, total, lengthComputable }) => {
    if (!lengthComputable) return view.show(null, bytes(loaded), "");
    const passed = (performance.now() - started) / 1000;
    const left = passed > 1 && loaded ? ((total - loaded) * passed) / loaded : null;
    view.show(loaded / total, `${bytes(loaded)} of ${bytes(total)}`, left === null ? "" : `${duration(left)} left`);
  });
  request.upload.addEventListener("load", () => view.show(null, "Sent. Reading the file…", ""));
  request.addEventListener("load", () => arrive(form, request, view));
  request.addEventListener("error", () => view.fail("The connection broke off. Nothing was saved; try again."));
  request.addEventListener("abort", () => view.fail("Stopped. Nothing was saved."));

  request.open("POST", form.action);
  request.setRequestHeader("X-Upload", "1");
  request.send(body);
}

// Three ways to answer: a Location to go to, a redirect that was followed, or the page with its errors.
function arrive(form, request, view) {
  const to = request.getResponseHeader("Location") ?? request.getResponseHeader("HX-Redirect");
  if (to) return location.assign(to);
  if (request.status < 300) return location.assign(request.responseURL);
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const again = form.id && page.getElementById(form.id);
  if (!again) {
    return view.fail(request.status === 413 ? "That file is larger than this server takes." : `The server refused the file (${request.status}).`);
  }
  form.replaceWith(again);
  enhance(again);
  (again.querySelector("[data-error-summary]") ?? again.querySelector("input[type=file]"))?.focus();
}

function progressView(form, stop) {
  form.querySelector(".progress")?.remove();
  const box = document.createElement("div");
  box.className = "progress";
  const name = Object.assign(document.createElement("strong"), { textContent: "Uploading" });
  const cancel = Object.assign(document.createElement("button"), { type: "button", className: "btn small", textContent: "Cancel" });
  const bar = document.createElement("progress");
  bar.setAttribute("aria-label", "Upload");
  const amount = Object.assign(document.createElement("span"), { role: "status" });
  const left = document.createElement("span");
  box.append(name, cancel, bar, amount, left);
  cancel.addEventListener("click", stop);
  const fields = [...form.querySelectorAll("button, input, select")].filter((field) => !field.disabled);
  fields.forEach((field) => (field.disabled = true));
  form.append(box);

  return {
    show(share, words, rest) {
      if (share === null) bar.removeAttribute("value");
      else bar.value = share;
      name.textContent = share === null ? "Uploading" : `Uploading, ${Math.floor(share * 100)} %`;
      amount.textContent = words;
      left.textContent = rest;
    },
    fail(words) {
      fields.forEach((field) => (field.disabled = false));
      const error = Object.assign(document.createElement("p"), { className: "note bad", role: "alert", textContent: words });
      box.replaceChildren(error);
      box.className = "progress failed";
    },
  };
}
