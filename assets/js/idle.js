// A page nobody looks at does not show its figures for ever: once the server has locked the
// session, the lock screen takes its place. What was typed and not sent keeps the page; sent from
// there, it is kept on the server while one unlocks.

const QUIET = 4 * 60_000;
const EVERY = 60_000;

let last = Date.now();
let typed = false;
for (const event of ["pointerdown", "keydown", "scroll"]) {
  addEventListener(event, () => (last = Date.now()), { passive: true, capture: true });
}
addEventListener("input", () => (typed = true), { capture: true });

async function look() {
  if (typed || Date.now() - last < QUIET) return;
  const answer = await fetch("/locked", { redirect: "manual" }).catch(() => null);
  // While the session is open, the lock screen sends us away again.
  if (answer?.ok) location.assign(`/locked?then=${encodeURIComponent(location.pathname + location.search)}`);
}

setInterval(look, EVERY);
