// `<onsight-editor>`: CodeMirror around a textarea that stays the form's field and stays visible if this does not load.

const QUIET = 500;

const sheet = new CSSStyleSheet();
sheet.replaceSync(`
  :host { contain: inline-size }
  .frame { block-size: 100%; min-block-size: inherit; cursor: text }
`);

class Editor extends HTMLElement {
  #editor;
  #asked = 0;
  #timer;

  async connectedCallback() {
    this.textarea = this.querySelector("textarea");
    if (!this.textarea || this.shadowRoot) return;
    // CodeMirror writes its styles where it is mounted; in a shadow root it does so without a style element.
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    root.append(document.createElement("slot"));
    try {
      const { open } = await import("../vendor/dist/codemirror.js");
      if (this.isConnected) this.#start(open, root);
    } catch {
      // The textarea in the slot serves.
    }
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
  }

  get value() {
    return this.#editor?.text ?? this.textarea.value;
  }

  set value(text) {
    if (this.#editor) this.#editor.text = text;
    else this.textarea.value = text;
  }

  focus() {
    (this.#editor ?? this.textarea).focus();
  }

  goTo(line, column) {
    this.#editor?.goTo(line, column);
  }

  /** The line the cursor is in, as far as it is in sight. */
  get line() {
    if (this.#editor) return Number(this.shadowRoot.querySelector(".cm-lineNumbers .cm-activeLineGutter")?.textContent);
    return this.textarea.value.slice(0, this.textarea.selectionStart).split("\n").length;
  }

  #start(open, root) {
    const { textarea } = this;
    const hadFocus = document.activeElement === textarea;
    const frame = document.createElement("div");
    frame.className = "frame";
    root.replaceChildren(frame);
    this.#editor = open({
      parent: frame, root,
      text: textarea.value,
      language: this.getAttribute("language"),
      label: textarea.getAttribute("aria-label") ?? textarea.labels[0]?.textContent.trim() ?? "Text",
      hint: textarea.placeholder,
      readOnly: textarea.readOnly || textarea.disabled,
      single: this.dataset.size === "line",
      onChange: (text) => this.#changed(text),
      onSubmit: () => textarea.form?.requestSubmit(),
    });
    frame.addEventListener("click", (event) => event.target === frame && this.focus());
    for (const label of textarea.labels) label.addEventListener("click", () => this.focus());
    textarea.form?.addEventListener("reset", () => setTimeout(() => (this.value = textarea.defaultValue)));
    // A field that cannot be seen cannot show the browser's own complaint; the server says it instead.
    textarea.required = false;
    if (hadFocus) this.focus();
    const line = Number(this.dataset.line);
    if (line > 0) this.goTo(line, 1);
    if (this.dataset.schema) this.#learn();
    if (this.dataset.check) this.#check();
    this.#beside()?.addEventListener("change", () => {
      this.#learn();
      this.#check();
    });
  }

  // The field of the same form that says what the text is about.
  #beside() {
    return this.dataset.beside && this.textarea.form?.elements[this.dataset.beside];
  }

  #changed(text) {
    this.textarea.value = text;
    this.textarea.dispatchEvent(new Event("input", { bubbles: true }));
    if (!this.dataset.check) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#check(), QUIET);
  }

  async #learn() {
    const beside = this.#beside();
    const about = beside ? `?${new URLSearchParams({ [beside.name]: beside.value })}` : "";
    const schema = await ask(beside ? this.dataset.schema.split("?")[0] + about : this.dataset.schema);
    if (schema) this.#editor.know(schema);
  }

  async #check() {
    const asked = ++this.#asked;
    const sent = new URLSearchParams({ text: this.value });
    const beside = this.#beside();
    if (beside) sent.set(beside.name, beside.value);
    const problems = await ask(this.dataset.check, sent);
    // Only the answer to what stands there now counts.
    if (!Array.isArray(problems) || asked !== this.#asked) return;
    this.#editor.complain(problems);
    this.#list(problems);
    this.dispatchEvent(new CustomEvent("onsight:checked", { bubbles: true, detail: problems }));
  }

  #list(problems) {
    const list = this.dataset.problems && document.getElementById(this.dataset.problems);
    if (!list) return;
    list.replaceChildren(...problems.map((problem) => {
      const item = document.createElement("li");
      item.className = problem.level === "warning" ? "warn" : "bad-text";
      const go = document.createElement("button");
      go.type = "button";
      go.className = "link-button";
      go.textContent = `Line ${problem.line}`;
      go.addEventListener("click", () => this.goTo(problem.line, problem.column));
      const words = document.createElement("span");
      words.textContent = problem.message;
      item.append(go, words);
      return item;
    }));
  }
}

async function ask(url, body) {
  try {
    const answer = await fetch(url, { method: body ? "POST" : "GET", body, headers: { Accept: "application/json" } });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

// A link to where the same is changed in another way begins at the line that is being written.
addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-at-line]");
  const line = link && document.getElementById(link.dataset.atLine)?.closest("onsight-editor")?.line;
  if (!line) return;
  const url = new URL(link.href);
  url.searchParams.set("line", line);
  link.href = url.href;
});

customElements.define("onsight-editor", Editor);
