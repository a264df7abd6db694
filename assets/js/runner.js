// The test runner: the list follows the page in the frame; device, light and dark change where they stand, and the
// frame is scaled to fit. Without this the same choices are links.

import { enhance } from "./onsight.js";

const runner = document.querySelector("[data-runner]");
const device = runner.querySelector(".device");
const frame = device.querySelector("iframe");
const way = runner.querySelector("#way");
const said = runner.querySelector("[data-said]");

// Only the newest list counts: answers may come in another order than they were asked for.
let asked = 0;

async function follow() {
  // Who is changing an answer goes on with that.
  if (way.querySelector("#change")) return;
  const number = ++asked;
  const query = new URLSearchParams(location.search);
  try {
    const answer = await fetch(`${runner.dataset.way}?${query}`, { headers: { "HX-Request": "true" } });
    if (!answer.ok || number !== asked) return;
    const part = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (number !== asked) return;
    const before = way.scrollTop;
    way.replaceChildren(...part.body.childNodes);
    way.scrollTop = before;
    enhance(way);
    arrive();
  } catch {
    // What stands there is older than the frame: the link beside the heading asks again.
  }
}

// Where the respondent is comes into sight, and is said.
function arrive() {
  const here = way.querySelector('[aria-current="step"]');
  if (!here) return;
  const top = here.offsetTop - way.offsetTop;
  if (top < way.scrollTop || top + here.offsetHeight > way.scrollTop + way.clientHeight) {
    way.scrollTop = Math.max(0, top - 16);
  }
  said.textContent = here.querySelector("h3").innerText;
}

// A page of ours takes a scheme of its own where one was chosen.
function dress() {
  const root = frame.contentDocument?.documentElement;
  if (!root) return;
  if (device.dataset.scheme) root.dataset.theme = device.dataset.scheme;
  else delete root.dataset.theme;
}

function fit() {
  frame.style.transform = "";
  device.style.height = "";
  const width = frame.offsetWidth;
  const scale = Math.min(1, device.clientWidth / width);
  device.dataset.fits = "";
  if (scale === 1) return;
  frame.style.transform = `scale(${scale})`;
  device.style.height = `${Math.ceil(frame.offsetHeight * scale)}px`;
}

for (const list of runner.querySelectorAll("[data-choose]")) {
  list.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    choose(list, link);
  });
}

function choose(list, link) {
  const name = list.dataset.choose;
  device.dataset[name] = link.dataset.value;
  for (const one of list.querySelectorAll("a")) one.toggleAttribute("aria-current", one === link);
  link.setAttribute("aria-current", "true");
  const query = new URLSearchParams(location.search);
  query.set(name, link.dataset.value);
  history.replaceState(null, "", `?${query}`);
  for (const field of runner.querySelectorAll(`input[type="hidden"][name="${name}"]`)) field.value = link.dataset.value;
  carry(name, link.dataset.value);
  dress();
  fit();
}

// The other links bring the choice along.
function carry(name, value) {
  for (const link of runner.querySelectorAll('a[href^="?"]')) {
    if (link.closest("[data-choose]")?.dataset.choose === name) continue;
    const query = new URLSearchParams(link.getAttribute("href"));
    query.set(name, value);
    link.setAttribute("href", `?${query}`);
  }
}

frame.addEventListener("load", () => {
  dress();
  follow();
});
// Its height follows from the frame's: only another width needs another scale.
let wide = 0;
new ResizeObserver(([stage]) => {
  const now = Math.round(stage.contentRect.width);
  if (now === wide) return;
  wide = now;
  requestAnimationFrame(fit);
}).observe(runner.querySelector(".stage"));
dress();
fit();
arrive();
