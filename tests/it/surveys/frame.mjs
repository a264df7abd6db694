// A page of a survey in a frame, as little of it as the script needs. Prints what the
// site around is sent, a line each: to whom, and what.
const [about, ancestor, link] = JSON.parse(process.argv[2]);
const said = [];
const anchor = link && { href: link.href, target: link.target ?? '' };
const body = { dataset: about, children: [{ tagName: 'MAIN', getBoundingClientRect: () => ({ bottom: 400 }) }] };
const left = [];

globalThis.document = {
  body,
  documentElement: {},
  querySelector: (wanted) => (wanted === 'a[data-leave]' ? anchor : null),
};
globalThis.window = {
  scrollY: 0,
  location: { ancestorOrigins: ancestor ? [ancestor] : undefined, assign: (to) => left.push(`frame ${to}`) },
  open: (to, where) => left.push(`${where} ${to}`),
};
window.parent = about.alone ? window : { postMessage: (message, to) => said.push([to, message]) };
globalThis.ResizeObserver = class {
  constructor(told) {
    this.told = told;
  }

  observe() {
    this.told();
  }
};

await import('./survey-frame.mjs');
console.log(JSON.stringify({ said, left }));
