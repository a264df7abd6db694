// Follows a job: asks a `data-poll` address for the fragment again until it says `data-done`.

import { enhance } from "./onsight.js";

const SLOWEST = 15_000;

document.querySelectorAll("[data-poll]").forEach(follow);
addEventListener("htmx:load", (event) => {
  if (event.target.matches?.("[data-poll]")) follow(event.target);
  event.target.querySelectorAll?.("[data-poll]").forEach(follow);
});

async function follow(fragment) {
  if (fragment.dataset.followed) return;
  fragment.dataset.followed = "";
  const every = Number(fragment.dataset.every ?? 1000);
  let wait = every;
  while (fragment.isConnected && !isDone(fragment)) {
    await pause(wait);
    const next = await ask(fragment.dataset.poll);
    if (!next) {
      // The server may be restarting: ask again, less and less often, and say so.
      wait = Math.min(wait * 2, SLOWEST);
      fragment.dataset.stale = "";
      continue;
    }
    wait = every;
    next.dataset.followed = "";
    fragment.replaceWith(next);
    fragment = next;
    enhance(fragment);
  }
  const to = fragment.querySelector("[data-done]")?.dataset.done || fragment.dataset.done;
  if (to) location.assign(to);
}

function isDone(fragment) {
  return fragment.hasAttribute("data-done") || fragment.querySelector("[data-done]") !== null;
}

async function ask(url) {
  try {
    const answer = await fetch(url, { headers: { "HX-Request": "true" } });
    if (!answer.ok) return null;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return page.querySelector("[data-poll], [data-done]");
  } catch {
    return null;
  }
}

// A page in the background need not ask at all.
function pause(milliseconds) {
  return new Promise((done) => {
    setTimeout(() => {
      if (!document.hidden) return done();
      document.addEventListener("visibilitychange", done, { once: true });
    }, milliseconds);
  });
}
