// Notes what happens on a respondent's page, never what is answered, and sends it until the server has it: over a
// socket, or over HTTPS where none gets through. What is said on both lines stands in docs/surveys.md.
const place = document.querySelector('[data-live]');
const { live, lineGone, lineBack } = place.dataset;
const token = location.pathname.split('/').at(-1);
const store = `live:${location.pathname}`;
const [MOST, KEPT, AT_ONCE] = [1000, 400, 100];
// Closed for good: nothing is noted here any more.
const ENDS = [4400, 4401, 4404, 4410, 403, 404, 409, 413, 422];
const begun = performance.now();
const now = () => Math.round(performance.now() - begun);
const [seen, touched] = [new Set(), new Map()];
let [seq, tries, misses, beats] = [0, 0, 0, 0];
let socket, known, asked, sending, gone, over, away, soon, timer;

// Visits with what is not known to be kept, the oldest first. The last page only sends what is left.
const waiting = recall();
const field = (name) => place.elements[name].defaultValue;
const part = ({ events, ...of }) => ({ ...of, events: events.slice(0, AT_ONCE) });
const own = place.elements && { visit: field('.nonce'), page: field('.page'), turn: +field('.turn'), events: [] };
if (own) begin();
else flush();
setInterval(beat, 4000);

function recall() {
  try {
    // Where no socket got through lately none is tried: each costs a connection of its own.
    if (Date.now() - sessionStorage.getItem('live-https') < 600_000) tries = 9;
    return (JSON.parse(sessionStorage.getItem(store)) ?? []).slice(-20);
  } catch {
    return [];
  }
}

function keep() {
  stow(store, JSON.stringify(waiting.filter((visit) => visit.events.length)));
}

function stow(name, value) {
  try {
    sessionStorage.setItem(name, value);
  } catch {
    // Nothing is kept where nothing may be kept.
  }
}

function begin() {
  waiting.push(own);
  note('shown');
  for (const type of ['focusin', 'pointerdown', 'input', 'change']) place.addEventListener(type, touch);
  place.addEventListener('submit', () => {
    leave('submit_tried');
    flush();
  });
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) hide();
    else note('shown_again');
    away = document.hidden;
    flush();
  });
  addEventListener('pagehide', () => {
    hide();
    for (const visit of waiting.filter((visit) => visit.events.length)) {
      navigator.sendBeacon(live, JSON.stringify({ token, events: part(visit) }));
    }
  });
  new IntersectionObserver(([end], watch) => {
    if (!end.isIntersecting) return;
    watch.disconnect();
    note('end_reached');
  }).observe(place.querySelector('.go'));
  let [wide, high, settled] = [innerWidth, innerHeight];
  addEventListener('resize', () => {
    clearTimeout(settled);
    settled = setTimeout(() => {
      // A keyboard on the screen changes the height alone.
      if (innerWidth !== wide) note(innerWidth > innerHeight === wide > high ? 'resized' : 'turned');
      [wide, high] = [innerWidth, innerHeight];
    }, 300);
  });
  addEventListener('offline', drop);
  addEventListener('online', connect);
}

function touch({ type, target, isTrusted }) {
  const question = target.closest('[data-ask]')?.dataset.ask;
  if (!question) return;
  if (!seen.has(question)) note('first_touch', question);
  seen.add(question);
  touched.set(question, now());
  // A button that moves something says `input` by a script.
  if (type === 'change' || (type === 'input' && !isTrusted)) note('changed', question);
}

function leave(kind) {
  for (const [question, ms] of touched) note('last_touch', question, ms);
  touched.clear();
  note(kind);
}

// Left twice over, as a tab that is closed is, it is left once.
function hide() {
  if (!away) leave('hidden');
  away = true;
}

function note(kind, question, ms = now()) {
  const held = waiting.reduce((sum, visit) => sum + visit.events.length, 0);
  if (over || seq >= MOST || held >= KEPT) return;
  own.events.push({ seq: ++seq, ms, kind, question });
  keep();
  soon ??= setTimeout(flush, 1000);
  if (!timer && tries < 9) connect();
}

// --- the two lines ---

function flush() {
  clearTimeout(soon);
  soon = null;
  const next = waiting.find((visit) => visit.events.length);
  if (over || sending || !next) return;
  if (known) {
    sending = 'line';
    socket.send(JSON.stringify({ events: part(next) }));
  } else if (tries || !socket) post(next);
}

async function post(visit) {
  sending = 'post';
  try {
    const body = JSON.stringify({ token, events: part(visit) });
    const answer = await fetch(live, { method: 'POST', body, keepalive: true, signal: AbortSignal.timeout(10_000) });
    sending = null;
    if (answer.ok) {
      heard(await answer.json());
      misses = 0;
      if (tries && !known) stow('live-https', Date.now());
    } else if (ENDS.includes(answer.status)) stop();
  } catch {
    sending = null;
    misses += 1;
    lost();
  }
}

function connect() {
  clearTimeout(timer);
  timer = null;
  if (over || socket) return;
  const line = new WebSocket(`wss://${location.host}${live}`);
  socket = line;
  line.onopen = () => line.send(JSON.stringify({ hello: { token } }));
  line.onmessage = ({ data }) => line === socket && heard(JSON.parse(data));
  line.onclose = ({ code }) => line === socket && closed(code);
}

function heard(said) {
  asked = false;
  known ||= said === 'hello';
  if (said.ack) {
    for (const visit of waiting) {
      if (visit.visit === said.ack.visit) visit.events = visit.events.filter((event) => event.seq > said.ack.seq);
    }
    // Where only HTTPS gets through, a socket is tried seldom.
    if (known) tries = 0;
    sending = null;
    keep();
  }
  if (gone) {
    gone = false;
    note('line_back');
    tell(lineBack);
  }
  flush();
}

function closed(code) {
  socket = known = asked = null;
  if (sending === 'line') sending = null;
  if (ENDS.includes(code)) return stop();
  // Nobody did anything for long: the next event connects again.
  if (code === 4408) return;
  timer = setTimeout(connect, Math.min(500 * 1.5 ** tries++, 30_000) * (1 + Math.random() / 2));
  // Is it the socket or the whole line?
  if (!sending) post(waiting.find((visit) => visit.events.length) ?? own);
}

function beat() {
  beats += 1;
  if (!known && beats % Math.min(1 + misses, 8) === 0) flush();
  if (!socket) return;
  if (asked) return drop();
  asked = true;
  if (known) socket.send('"beat"');
}

// Whoever is not heard any more is not waited for.
function drop() {
  const dead = socket;
  lost();
  if (dead) closed();
  dead?.close();
}

function stop() {
  over = true;
  waiting.length = 0;
  keep();
  socket?.close();
  socket = known = null;
}

// --- what the respondent sees ---

function lost() {
  if (gone || !own) return;
  gone = true;
  note('line_lost');
  tell(lineGone);
}

function tell(text) {
  let line = place.querySelector('.unsent');
  // What is said about sending the page matters more.
  if (line && ![lineGone, lineBack].includes(line.textContent)) return;
  if (!line) {
    line = Object.assign(document.createElement('p'), { className: 'unsent' });
    line.setAttribute('role', 'status');
    place.append(line);
  }
  line.textContent = text;
  if (text === lineBack) setTimeout(() => line.textContent === lineBack && line.remove(), 8000);
}
