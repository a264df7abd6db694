// CodeMirror behind one function, so that onsight-editor need not know its parts.
import { autocompletion, closeBrackets, closeBracketsKeymap, completeAnyWord, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { MSSQL, MySQL, PostgreSQL, SQLite, StandardSQL, keywordCompletionSource, schemaCompletionSource, sql } from "@codemirror/lang-sql";
import { HighlightStyle, StreamLanguage, bracketMatching, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { toml } from "@codemirror/legacy-modes/mode/toml";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers, placeholder } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const DIALECTS = { mssql: MSSQL, mysql: MySQL, postgres: PostgreSQL, sqlite: SQLite };

/**
 * Opens an editor in `parent`, whose shadow root is `root`.
 * `onChange(text)`, `onSubmit()` (Ctrl+Enter); `single` makes Enter submit too.
 */
export function open({ parent, root, text, language, label, hint, readOnly, single, onChange, onSubmit }) {
  const tongue = new Compartment();
  const submit = { run: () => (onSubmit(), true) };
  const view = new EditorView({
    parent,
    root,
    state: EditorState.create({
      doc: text,
      extensions: [
        single ? [] : [lineNumbers(), highlightActiveLineGutter(), highlightActiveLine(), lintGutter()],
        highlightSpecialChars(), history(), drawSelection(), indentOnInput(), bracketMatching(), closeBrackets(),
        highlightSelectionMatches(), search({ top: true }), autocompletion({ icons: false }),
        keymap.of([
          { key: "Mod-Enter", ...submit },
          ...(single ? [{ key: "Enter", ...submit }] : []),
          ...closeBracketsKeymap, ...completionKeymap, ...searchKeymap, ...historyKeymap, ...lintKeymap, ...defaultKeymap,
          // Tab indents; after Esc it leaves, which the editor tells screen readers below.
          ...(single ? [] : [indentWithTab]),
        ]),
        tongue.of(speak(language, {})),
        syntaxHighlighting(COLOURS), THEME,
        EditorState.readOnly.of(Boolean(readOnly)),
        hint ? placeholder(hint) : [],
        EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0", ...(single ? {} : { "aria-description": "Press Escape, then Tab, to leave the editor" }), spellcheck: "false", autocapitalize: "off" }),
        EditorView.updateListener.of((update) => update.docChanged && onChange(update.state.doc.toString())),
      ],
    }),
  });

  return {
    get text() { return view.state.doc.toString(); },
    set text(next) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next } });
    },
    focus: () => view.focus(),
    close: () => view.destroy(),
    /** `{ dialect, tables: [{ name, columns: [{ name, type }] }], params: ["name"], words: [{ label, detail }] }` */
    know: (schema) => view.dispatch({ effects: tongue.reconfigure(speak(language, schema)) }),
    /** `[{ line, column, message, level }]`, lines and columns from 1 */
    complain: (problems) => view.dispatch(setDiagnostics(view.state, problems.map((one) => place(view.state.doc, one)))),
    goTo(line, column = 1) {
      const { from } = place(view.state.doc, { line, column });
      view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
      view.focus();
    },
  };
}

function speak(language, schema) {
  const words = [
    ...(schema.words ?? []),
    ...(schema.params ?? []).map((name) => ({ label: `:${name}`, type: "variable", detail: "parameter" })),
  ];
  const ours = (context) => {
    const word = context.matchBefore(/[:\w.]+/);
    return word && words.length ? { from: word.from, options: words } : null;
  };
  if (language === "toml") {
    const tongue = StreamLanguage.define(toml);
    return [tongue, tongue.data.of({ autocomplete: ours }), tongue.data.of({ autocomplete: completeAnyWord })];
  }
  if (language !== "sql") return [];
  const dialect = DIALECTS[schema.dialect] ?? StandardSQL;
  const tables = {};
  for (const { name, columns = [] } of schema.tables ?? []) {
    tables[name] = columns.map((column) => ({ label: column.name, type: "property", detail: column.type }));
  }
  const spoken = sql({ dialect });
  return [
    spoken,
    dialect.language.data.of({ autocomplete: schemaCompletionSource({ dialect, schema: tables }) }),
    dialect.language.data.of({ autocomplete: keywordCompletionSource(dialect) }),
    dialect.language.data.of({ autocomplete: ours }),
  ];
}

function place(doc, { line = 1, column = 1, message = "", level = "error" }) {
  const at = doc.line(Math.min(Math.max(line, 1), doc.lines));
  const from = Math.min(at.from + Math.max(column - 1, 0), at.to);
  const word = /^[\w:.]+/.exec(at.text.slice(from - at.from));
  return { from, to: from + (word ? word[0].length : 0), severity: level, message };
}

const COLOURS = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.definitionKeyword], color: "var(--accent)", fontWeight: "600" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--good)" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: "var(--info)" },
  { tag: [tags.comment, tags.lineComment, tags.blockComment], color: "var(--ink-3)", fontStyle: "italic" },
  { tag: [tags.typeName, tags.standard(tags.name)], color: "var(--warn)" },
  { tag: [tags.propertyName, tags.special(tags.name)], color: "var(--info)" },
  { tag: [tags.operator, tags.punctuation, tags.bracket], color: "var(--ink-2)" },
  { tag: tags.invalid, color: "var(--bad)" },
]);

const THEME = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "transparent", fontSize: "var(--t-s)", height: "100%" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6", overflow: "auto" },
  ".cm-content": { padding: "var(--s-2) 0", caretColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--ink-3)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--ink) 4%, transparent)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "color-mix(in srgb, var(--accent) 25%, transparent)" },
  ".cm-selectionMatch": { backgroundColor: "color-mix(in srgb, var(--warn) 20%, transparent)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "color-mix(in srgb, var(--accent) 20%, transparent)" },
  ".cm-placeholder": { color: "var(--ink-3)" },
  ".cm-tooltip": { border: "1px solid var(--line)", borderRadius: "var(--r-s)", backgroundColor: "var(--raised)", color: "var(--ink)", boxShadow: "var(--shadow-2)" },
  ".cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", maxHeight: "16rem" },
  ".cm-tooltip-autocomplete > ul > li": { padding: "3px 8px" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--accent-soft)", color: "var(--ink)" },
  ".cm-completionDetail": { color: "var(--ink-3)", fontStyle: "normal", marginLeft: "1rem" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  ".cm-diagnostic": { padding: "4px 8px", fontFamily: "var(--font)", borderLeftWidth: "3px" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--bad)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--warn)" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--bad)" },
  ".cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline wavy var(--warn)" },
  ".cm-panels": { backgroundColor: "var(--sunken)", color: "var(--ink)", fontFamily: "var(--font)" },
  ".cm-panels.cm-panels-top": { borderBottom: "1px solid var(--line)" },
  ".cm-textfield": { border: "1px solid var(--line-field)", borderRadius: "var(--r-s)", backgroundColor: "var(--surface)", color: "var(--ink)", padding: "3px 6px" },
  ".cm-button": { border: "1px solid var(--line-strong)", borderRadius: "var(--r-s)", backgroundImage: "none", backgroundColor: "var(--surface)", color: "var(--ink)", padding: "3px 8px" },
  ".cm-searchMatch": { backgroundColor: "var(--warn-soft)", outline: "1px solid var(--warn)" },
});
