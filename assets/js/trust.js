// The one place where a text becomes HTML in the browser (Trusted Types): it passes unchanged, or not at all.
// Runs before every other script, so that nobody else can make these policies.

(() => {
  if (!globalThis.trustedTypes) return;

  // Ours alone, and only to look: a template runs nothing and loads nothing.
  const inert = trustedTypes.createPolicy("onsight", { createHTML: (html) => html });
  const assets = new URL("/assets/", location.origin).href;

  // What our pages never hold, so that whoever wrote it was not us.
  function isForeign(root) {
    for (const element of root.querySelectorAll("*")) {
      if (element instanceof HTMLTemplateElement && isForeign(element.content)) return true;
      if (element.localName === "script" && !isOurScript(element)) return true;
      if (["iframe", "object", "embed", "base"].includes(element.localName)) return true;
      for (const { name, value } of element.attributes) {
        if (name.startsWith("on") || name === "srcdoc" || name.startsWith("hx-on")) return true;
        if (/^[\s\u0000-\u001f]*(javascript|vbscript)\s*:/i.test(value)) return true;
      }
    }
    return false;
  }

  function isOurScript(script) {
    const source = script.getAttribute("src");
    return source !== null && script.textContent.trim() === "" && new URL(source, location.href).href.startsWith(assets);
  }

  trustedTypes.createPolicy("default", {
    createHTML(html) {
      // Nothing in it can be an element.
      if (!html.includes("<")) return html;
      const template = document.createElement("template");
      template.innerHTML = inert.createHTML(html);
      if (!isForeign(template.content)) return html;
      console.error("A piece of page was refused: it holds a script that is not ours.");
      return null;
    },
    // No createScript and no createScriptURL: no text becomes a program here.
  });
})();
