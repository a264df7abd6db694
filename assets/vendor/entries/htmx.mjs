// htmx with the settings our security policy and our privacy ask for, set before it looks at the page.
import htmx from "htmx.org";

Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  // Pages hold customers' data: none of it is kept in the browser's storage.
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  // Each element says what it does itself.
  disableInheritance: true,
  scrollIntoViewOnBoost: false,
  // A form that comes back with its errors (422) is an answer, not a failure.
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "422", swap: true },
    { code: "[45]..", swap: false, error: true },
  ],
});

window.htmx = htmx;
