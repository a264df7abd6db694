// Makes the pages of respondents better; without it they work. Conditions of the
// same page, items that go with no other, sums as they stand, sending on a bad line.
import { evaluate, isTrue, number } from './expr.js';

const arrived = performance.now();

function begin(form) {
  const known = JSON.parse(form.dataset.known || '{}');
  const asks = [...form.querySelectorAll('[data-ask]')];
  restore(form);
  for (const ask of asks) {
    ask.querySelector('.hint-if')?.remove();
    ranks(ask);
    maps(ask);
  }
  const refresh = () => {
    appear(asks, known);
    asks.forEach(sums);
    besides(form);
  };
  form.addEventListener('input', (event) => {
    alone(event.target);
    refresh();
    keep(form);
  });
  form.addEventListener('submit', (event) => send(event, form));
  refresh();
}

// --- what is there ---

function appear(asks, known) {
  const gone = new Set();
  const scope = {
    now: Date.now(),
    minutesEast: -new Date().getTimezoneOffset(),
    value: (name) => answered(asks, gone, name, known),
  };
  for (const ask of asks) {
    if (!ask.dataset.when) continue;
    const is = JSON.parse(ask.dataset.when).every((when) => isTrue(evaluate(when, scope)));
    ask.hidden = !is;
    if (!is) gone.add(ask.dataset.ask);
  }
}

function answered(asks, gone, name, known) {
  const own = asks.find((ask) => ask.dataset.ask === name);
  if (own) return gone.has(name) ? null : valueOf(own, name);
  const part = asks.find((ask) => fields(ask, name).length > 0);
  if (part) return gone.has(part.dataset.ask) ? null : valueOf(part, name);
  return known[name] ?? null;
}

const fields = (ask, name) => [...ask.querySelectorAll('input, select, textarea')].filter((field) => field.name === name);

function valueOf(ask, name) {
  const own = fields(ask, name);
  if (ask.dataset.kind === 'upload') return named(own);
  const chosen = own.filter((field) => field.checked || isHit(ask, field));
  const kind = ask.dataset.kind;
  if (own.some((field) => field.type === 'checkbox')) return chosen.length ? chosen.map(code) : null;
  if (own.some((field) => field.type === 'radio')) return chosen.length ? code(chosen[0]) : null;
  if (kind === 'rank') {
    const placed = [...ask.querySelectorAll('select')].filter((field) => field.value !== '');
    placed.sort((one, other) => one.value - other.value);
    return placed.length ? placed.map(code) : null;
  }
  if (kind === 'sum') {
    const numbers = [...ask.querySelectorAll('input')].map((field) => number(field.value)).filter((each) => each !== null);
    return numbers.length ? numbers.reduce((sum, each) => sum + each, 0) : null;
  }
  const text = (own[0]?.value ?? '').trim();
  if (text === '') return null;
  if (own[0].tagName === 'SELECT') return code(own[0].selectedOptions[0]);
  return kind === 'number' ? number(text.replace(',', '.')) : text;
}

// The names of files: those the server has, and those that go with this page.
function named(own) {
  const there = own.filter((field) => field.checked).map((field) => field.value);
  const chosen = own.filter((field) => field.type === 'file');
  const names = [...there, ...chosen.flatMap((field) => [...field.files].map((file) => file.name))];
  if (names.length === 0) return null;
  return chosen.some((field) => field.multiple) ? names : names.at(-1);
}

// What expressions compare with: the name of the item, or its number.
const code = (field) => field.dataset.name ?? number(field.value) ?? field.value;

// --- what goes with what ---

function alone(field) {
  if (field.type !== 'checkbox' || !field.checked) return;
  const others = [...document.getElementsByName(field.name)].filter((other) => other !== field);
  const alone = 'alone' in field.dataset;
  for (const other of others) {
    if (alone || 'alone' in other.dataset) other.checked = false;
  }
}

function besides(form) {
  for (const text of form.querySelectorAll('[data-beside]')) {
    const item = document.getElementById(text.dataset.beside);
    text.hidden = !item?.checked;
  }
}

function sums(ask) {
  const shown = ask.querySelector('[data-so-far]');
  if (!shown) return;
  shown.dataset.total ??= shown.textContent;
  const numbers = [...ask.querySelectorAll('input')].map((field) => number(field.value.replace(',', '.')) ?? 0);
  const sum = Math.round(numbers.reduce((all, each) => all + each, 0) * 1e6) / 1e6;
  shown.textContent = `${sum} / ${shown.dataset.total}`;
  shown.closest('.total').classList.toggle('off', sum !== Number(shown.dataset.total));
}

// Buttons beside the places: up and down by one, no dragging.
function ranks(ask) {
  const list = ask.querySelector('[data-rank]');
  if (!list) return;
  const selects = [...list.querySelectorAll('select')];
  const swap = (select, by) => {
    const count = selects.filter((each) => each.value !== '').length;
    const from = Number(select.value) || count + 1;
    const to = Math.max(1, from + by);
    const other = selects.find((each) => each !== select && Number(each.value) === to);
    if (select.value === '' && by < 0) select.value = String(Math.min(from, selects.length));
    else if (other) [other.value, select.value] = [String(from), String(to)];
    select.dispatchEvent(new Event('input', { bubbles: true }));
  };
  for (const select of selects) {
    const moves = document.createElement('span');
    moves.className = 'moves';
    for (const [by, sign] of [[-1, '↑'], [1, '↓']]) {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = sign;
      button.setAttribute('aria-label', `${select.getAttribute('aria-label')} ${sign}`);
      button.addEventListener('click', () => swap(select, by));
      moves.append(button);
    }
    select.closest('li').append(moves);
  }
}

// Points on a picture, in ten-thousandths: set by a tap, taken back by a button. Who does not point ticks names.
function maps(ask) {
  const map = ask.querySelector('[data-map]');
  const ground = map?.querySelector('.ground');
  if (!ground) return;
  const undo = Object.assign(document.createElement('button'), { type: 'button', className: 'btn', textContent: map.dataset.undo });
  map.append(undo);
  const changed = () => {
    ground.querySelectorAll('.point').forEach((mark) => mark.remove());
    for (const [at, point] of pointsOf(ask).entries()) {
      const mark = document.createElement('span');
      mark.className = 'point';
      mark.setAttribute('aria-hidden', 'true');
      mark.textContent = at + 1;
      [mark.style.left, mark.style.top] = point.map((part) => `${part / 100}%`);
      ground.append(mark);
    }
    undo.hidden = pointsOf(ask).length === 0;
  };
  ground.addEventListener('click', (event) => {
    const box = ground.querySelector('img').getBoundingClientRect();
    const part = (of, size) => Math.min(10_000, Math.max(0, Math.round((of / size) * 10_000)));
    const inputs = [...map.querySelectorAll('input')];
    // One too many takes the place of the first.
    if (inputs.length >= Number(map.dataset.most)) inputs[0].remove();
    setPoint(map, `${part(event.clientX - box.left, box.width)},${part(event.clientY - box.top, box.height)}`);
    ask.querySelectorAll('[data-alone]').forEach((field) => (field.checked = false));
    changed();
    map.dispatchEvent(new Event('input', { bubbles: true }));
  });
  undo.addEventListener('click', () => {
    [...map.querySelectorAll('input')].at(-1)?.remove();
    changed();
    map.dispatchEvent(new Event('input', { bubbles: true }));
  });
  ask.addEventListener('input', (event) => {
    if (!('alone' in event.target.dataset) || !event.target.checked) return;
    map.querySelectorAll('input').forEach((point) => point.remove());
    changed();
  });
  changed();
}

function setPoint(map, value) {
  map.append(Object.assign(document.createElement('input'), { type: 'hidden', name: map.dataset.map, value }));
}

const pointsOf = (ask) => [...ask.querySelectorAll('[data-map] input')].map((field) => field.value.split(',').map(Number));

// Does a point lie in the region of that box?
function isHit(ask, field) {
  if (!field.dataset.at) return false;
  const [left, top, right, bottom] = field.dataset.at.split(',').map(Number);
  return pointsOf(ask).some(([x, y]) => left <= x && x <= right && top <= y && y <= bottom);
}

// --- sending ---

const key = () => `survey:${location.pathname}`;
const pageOf = (form) => `${form.elements['.page'].value}/${form.elements['.turn'].value}`;

function keep(form) {
  const pairs = [...new FormData(form)].filter(([name, value]) => !name.startsWith('.') && typeof value === 'string');
  try {
    sessionStorage.setItem(key(), JSON.stringify({ page: pageOf(form), pairs }));
  } catch {
    // Nothing is kept where nothing may be kept.
  }
}

function restore(form) {
  if (document.getElementById('faults')) return;
  let kept = null;
  try {
    kept = JSON.parse(sessionStorage.getItem(key()));
  } catch {
    return;
  }
  if (kept?.page !== pageOf(form)) return;
  for (const field of form.elements) {
    if (!field.name || field.name.startsWith('.') || field.type === 'file') continue;
    const own = kept.pairs.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === 'radio' || field.type === 'checkbox') field.checked = own.includes(field.value);
    else if (!field.readOnly && !field.closest('[data-map]')) field.value = own[0] ?? '';
  }
  for (const map of form.querySelectorAll('[data-map]')) {
    map.querySelectorAll('input').forEach((point) => point.remove());
    kept.pairs.filter(([name]) => name === map.dataset.map).forEach(([, value]) => setPoint(map, value));
  }
}

function forget() {
  try {
    sessionStorage.removeItem(key());
  } catch {
    // Nothing was kept.
  }
}

let sending = false;

async function send(event, form) {
  event.preventDefault();
  if (sending) return;
  sending = true;
  keep(form);
  form.elements['.spent'].value = String(Math.round(performance.now() - arrived));
  const data = new FormData(form, event.submitter);
  const body = hasFiles(form) ? data : new URLSearchParams(data);
  for (let wait = 500; ; wait = Math.min(wait * 2, 15_000)) {
    const answer = await attempt(form, body);
    if (answer) return follow(answer);
    tell(form, form.dataset.notSent);
    await rest(wait + Math.random() * 500);
    tell(form, form.dataset.sending);
  }
}

const hasFiles = (form) => form.enctype === 'multipart/form-data';

// The same page with the same nonce: sent twice, it counts once. Files take their time.
async function attempt(form, body) {
  const signal = AbortSignal.timeout(hasFiles(form) ? 600_000 : 20_000);
  try {
    const answer = await fetch(form.action, { method: 'POST', body, signal });
    return answer.status === 503 || answer.status === 502 || answer.status === 504 ? null : answer;
  } catch (reason) {
    // Sent to another host in the end: a fetch may not follow there, a page may.
    return navigator.onLine && reason instanceof TypeError && (await isThere(form)) ? 'gone' : null;
  }
}

async function isThere(form) {
  try {
    const way = form.action.replace(/\/files$/, '');
    const answer = await fetch(way, { redirect: 'manual', signal: AbortSignal.timeout(20_000) });
    return answer.type === 'opaqueredirect';
  } catch {
    return false;
  }
}

function follow(answer) {
  if (answer !== 'gone' && !answer.ok) {
    // Nothing was taken in: sent once more the plain way, it says what has to be put right.
    HTMLFormElement.prototype.submit.call(form);
    return;
  }
  forget();
  location.assign(answer === 'gone' || !answer.redirected ? location.pathname : answer.url);
}

function rest(wait) {
  return new Promise((go) => {
    const timer = setTimeout(done, wait);
    function done() {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      go();
    }
    window.addEventListener('online', done);
  });
}

function tell(form, text) {
  let banner = form.querySelector('.unsent');
  if (!banner) {
    banner = document.createElement('p');
    banner.className = 'unsent';
    banner.setAttribute('role', 'status');
    form.append(banner);
  }
  banner.textContent = text;
}

// --- all of it ---

document.getElementById('faults')?.focus();
const form = document.querySelector('form[data-survey]');
if (form) begin(form);
// Nobody could begin at that moment: the button is pressed again.
const again = document.querySelector('form[data-again]');
if (again) setTimeout(() => again.requestSubmit(), Number(again.dataset.again) * 1000);
