// Tells the site that shows a survey in a frame what happens in it. Only the sites that
// the survey names are told, and never the address, which is the respondent's key.
const about = document.body.dataset;
const origins = (about.origins ?? '').split(' ').filter(Boolean);
// The height that was told last.
let told = 0;

if (window.parent !== window && origins.length > 0) begin();

function begin() {
  say('ready');
  if (about.outcome) {
    say('outcome', { outcome: about.outcome });
    leave();
  } else if (Number(about.pages) > 0) {
    say('page', { page: Number(about.page), pages: Number(about.pages) });
  }
  new ResizeObserver(resized).observe(document.documentElement);
  for (const part of document.body.children) new ResizeObserver(resized).observe(part);
  resized();
}

// The site around, where the browser says which it is; else each that may be it: a
// message to a site that is not there is not delivered.
function around() {
  const said = window.location.ancestorOrigins?.[0];
  return said ? origins.filter((origin) => origin === said) : origins;
}

function say(type, more = {}) {
  const message = { source: 'onsight', v: 1, type, surveyId: about.surveyId, ...more };
  if (Number(about.respondent) > 0) message.respondent = Number(about.respondent);
  for (const origin of around()) window.parent.postMessage(message, origin);
}

function resized() {
  const parts = [...document.body.children].filter((part) => part.tagName !== 'SCRIPT');
  const ends = parts.map((part) => part.getBoundingClientRect().bottom + window.scrollY);
  const height = Math.ceil(Math.max(0, ...ends)) + 24;
  if (height === told) return;
  told = height;
  say('resize', { height });
}

// On to where they go in the end: in the frame, or the whole window where the survey
// says so. A browser may ask for a press of the button instead.
function leave() {
  const link = document.querySelector('a[data-leave]');
  if (!link || document.querySelector('.preview')) return;
  if (link.target === '_top') window.open(link.href, '_top');
  else window.location.assign(link.href);
}
