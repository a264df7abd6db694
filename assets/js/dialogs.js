// Asks before something happens, naming the thing, and gives the focus back afterwards.

/** `confirm` the question, `confirmText` what goes with it, `confirmVerb` the button, `confirmType` a name to type first. */
export function confirmed({ confirm, confirmText, confirmVerb = "Go on", confirmType, confirmKind = "danger" }) {
  const dialog = document.createElement("dialog");
  dialog.className = "box";
  dialog.setAttribute("aria-labelledby", "confirm-title");

  const title = piece("h2", { id: "confirm-title", textContent: confirm });
  const header = piece("header", {}, title);
  const body = piece("div", { className: "body" });
  if (confirmText) body.append(piece("p", { id: "confirm-text", textContent: confirmText }));
  if (confirmText) dialog.setAttribute("aria-describedby", "confirm-text");

  const go = piece("button", { value: "go", textContent: confirmVerb, className: `btn primary ${confirmKind === "danger" ? "danger" : ""}` });
  const stay = piece("button", { value: "", textContent: "Cancel", className: "btn", autofocus: !confirmType });
  const form = piece("form", { method: "dialog" }, body, piece("div", { className: "actions" }, stay, go));

  if (confirmType) {
    const input = piece("input", { id: "confirm-name", autocomplete: "off", autofocus: true, spellcheck: false });
    const label = piece("label", { htmlFor: "confirm-name", textContent: `Type “${confirmType}” to go on` });
    body.append(piece("div", { className: "field" }, label, input));
    go.disabled = true;
    input.addEventListener("input", () => (go.disabled = input.value.trim() !== confirmType));
    // Enter in the field must not press Cancel, the first button of the form.
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      if (!go.disabled) go.click();
    });
  }

  dialog.append(header, form);
  if (!body.childElementCount) body.remove();
  document.body.append(dialog);
  return open(dialog).then((answer) => (dialog.remove(), answer === "go"));
}

/** Opens a dialog as a modal; ends with its return value. */
export function open(dialog) {
  const before = document.activeElement;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((done) => {
    dialog.addEventListener("close", () => {
      before?.focus?.();
      done(dialog.returnValue);
    }, { once: true });
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close(""));
  });
}

function piece(name, properties, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}
