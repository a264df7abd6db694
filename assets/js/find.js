// A field that is searched on the server: type, and pick from what is found. Without it
// the same is a search with a button, and a list.

const PAUSE = 200;

function parsed(html) {
  const template = document.createElement("template");
  try {
    template.innerHTML = html;
  } catch {
    // The policy refused it.
    return null;
  }
  return template.content;
}

class Find extends HTMLElement {
  #found = [];
  #at = -1;
  #asked = 0;
  #timer;

  connectedCallback() {
    if (this.list) return;
    const [input, button, select] = ["input", "button", "select"].map((name) => this.querySelector(name));
    Object.assign(this, { input, select, list: document.createElement("ul"), said: document.createElement("p") });
    button.hidden = select.hidden = true;
    // The label, the error and whoever asks by id mean the field that is typed in.
    const { id } = select;
    select.id = `${id}-value`;
    for (const name of ["aria-invalid", "aria-describedby", "autofocus"]) if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
    if (select.required) input.setAttribute("aria-required", "true");
    input.id = id;
    input.type = "text";
    input.removeAttribute("name");
    input.removeAttribute("aria-label");
    const marks = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${id}-list` };
    for (const [name, value] of Object.entries(marks)) input.setAttribute(name, value);
    Object.assign(this.list, { id: `${id}-list`, role: "listbox", hidden: true });
    this.list.setAttribute("aria-label", this.closest(".field")?.querySelector("label")?.textContent ?? "");
    Object.assign(this.said, { className: "hidden-text", role: "status" });
    this.append(this.list, this.said);
    this.#show();
    input.addEventListener("input", () => this.#soon());
    input.addEventListener("keydown", (event) => this.#press(event));
    input.addEventListener("blur", () => this.#leave());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.#pick([...this.list.children].indexOf(event.target.closest("li"))));
    if (select.hasAttribute("autofocus")) input.focus();
  }

  // What is chosen stands in the field.
  #show() {
    this.input.value = this.select.selectedOptions[0]?.value ? this.select.selectedOptions[0].textContent : "";
  }

  #soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#search(), PAUSE);
  }

  async #search() {
    const turn = ++this.#asked;
    const answer = await fetch(`${this.getAttribute("from")}&_q=${encodeURIComponent(this.input.value)}`).catch(() => null);
    const html = answer?.ok && !answer.redirected ? parsed(await answer.text()) : null;
    // The last one counts, and only for who is still there.
    if (turn !== this.#asked || document.activeElement !== this.input) return;
    if (html === null) return this.#tell("The search did not work. Try again.");
    this.#found = [...html.querySelectorAll("option")];
    this.list.replaceChildren(...this.#found.map((option, at) => {
      const item = document.createElement("li");
      Object.assign(item, { id: `${this.list.id}-${at}`, role: "option", textContent: option.textContent });
      return item;
    }));
    this.#open(this.#found.length > 0);
    this.#mark(-1);
    this.#tell(this.#found.length ? `${this.#found.length} found` : "Nothing is called that");
  }

  #tell(words) {
    this.said.textContent = words;
    this.said.classList.toggle("hidden-text", this.#found.length > 0);
  }

  #open(is) {
    this.list.hidden = !is;
    this.input.setAttribute("aria-expanded", String(is));
  }

  #mark(at) {
    this.#at = at;
    for (const [index, item] of [...this.list.children].entries()) item.setAttribute("aria-selected", String(index === at));
    const item = this.list.children[at];
    if (!item) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", item.id);
    item.scrollIntoView({ block: "nearest" });
  }

  #press(event) {
    const { key } = event;
    const last = this.list.children.length - 1;
    if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      if (this.list.hidden) return this.#search();
      const next = this.#at + (key === "ArrowDown" ? 1 : -1);
      this.#mark(next > last ? 0 : next < 0 ? last : next);
    } else if (key === "Enter" && !this.list.hidden) {
      event.preventDefault();
      if (this.#at >= 0) this.#pick(this.#at);
    } else if (key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      this.#open(false);
    }
  }

  #pick(at) {
    const option = this.#found[at];
    if (!option) return;
    this.#choose(new Option(option.textContent, option.value, true, true));
    this.#open(false);
    this.#tell("");
    this.input.focus();
  }

  #choose(...options) {
    const [empty] = this.select.querySelectorAll("option[value='']");
    this.select.replaceChildren(...[empty].filter(Boolean), ...options);
    this.#show();
    this.select.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // An emptied field chooses nothing; half a word chooses what was chosen before.
  #leave() {
    clearTimeout(this.#timer);
    this.#asked++;
    this.#open(false);
    this.#tell("");
    if (this.input.value === "" && this.select.value !== "") this.#choose();
    else this.#show();
  }
}

customElements.define("onsight-find", Find);
