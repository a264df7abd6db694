// Works conditions out in the page: the tree that the server made of an expression,
// and the answers as they stand. The twin of src/expr; a test holds both together.
//
//   evaluate(tree, scope) -> null | number | string | boolean | array
//
// A scope is an object. Only `value` is needed:
//   value(name)                 what ${name} says
//   itself                      the answer a check stands at
//   label(name, code)           the text of a choice
//   now, minutesEast            milliseconds since 1970 in UTC, and the zone
//   seed, turn                  what chance is made of; the turn of the loop
//   turns(loop), inTurn(name, turn)
//   column(name)                of the choice that is filtered
//   rows(list), cell(list, row, column)

const MOST = 1_000_000;
const DAY = 86_400_000;
const FIRST = -719_162;
const LAST = 2_932_896;

export function evaluate(tree, scope) {
  const run = { scope, left: MOST };
  const value = one(run, tree, {});
  return run.left === 0 ? null : value;
}

// --- values ---

const clean = (value) => {
  if (value === undefined || value === null || Number.isNaN(value)) return null;
  if (Array.isArray(value)) return value.map(clean);
  return value;
};

const ofNumber = (number) => (number === null || Number.isNaN(number) ? null : number === 0 ? 0 : number);
const ofText = (text) => (text === '' ? null : text);

export const isEmpty = (value) =>
  value === null || value === '' || (Array.isArray(value) && value.every(isEmpty));

export function isTrue(value) {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0;
  return !isEmpty(value);
}

export function text(value) {
  if (value === null) return '';
  if (typeof value === 'number') return written(value);
  if (Array.isArray(value)) return value.filter((each) => !isEmpty(each)).map(text).join(' ');
  return String(value);
}

export function number(value) {
  if (value === null) return null;
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (Array.isArray(value)) return value.length === 1 ? number(value[0]) : null;
  const read = readNumber(value);
  return read === null ? days(value) : read;
}

function equals(left, right) {
  if (typeof left === 'boolean' || typeof right === 'boolean') return isTrue(left) === isTrue(right);
  if (typeof left === 'number' || typeof right === 'number') {
    const [a, b] = [number(left), number(right)];
    return a !== null && b !== null && a === b;
  }
  return text(left) === text(right);
}

// The white space of Unicode, as the server knows it.
const SPACE = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/u;
const words = (string) => string.split(SPACE).filter((word) => word !== '');

const chosen = (value) => (Array.isArray(value) ? value.flatMap(chosen) : words(text(value)));

const members = (value) => {
  if (value === null) return [];
  if (!Array.isArray(value)) return [value];
  return value.flatMap((each) => (Array.isArray(each) ? members(each) : [each]));
};

// --- numbers as text ---

const trimmed = (string) => string.replace(/^[ \t\n\r]+|[ \t\n\r]+$/gu, '');

function readNumber(string) {
  const bare = trimmed(string);
  return /^-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)$/u.test(bare) ? Number(bare) : null;
}

function written(value) {
  if (value === 0) return '0';
  const short = String(value);
  const parts = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/u.exec(short);
  if (!parts) return short;
  const [, sign, whole, fraction = '', exponent] = parts;
  const digits = whole + fraction;
  const places = Number(exponent);
  if (places > 0) return sign + digits.padEnd(places + 1, '0');
  return `${sign}0.${'0'.repeat(-places - 1)}${digits}`;
}

const settled = (value) => (Number.isFinite(value) ? Number(value.toExponential(11)) : value);

function tenTo(places) {
  let scale = 1;
  for (let left = places; left > 0; left -= 1) scale *= 10;
  return scale;
}

function rounded(value, places) {
  if (!Number.isFinite(value) || Number.isNaN(places)) return value;
  const wanted = Math.min(15, Math.max(-15, Math.trunc(places)));
  const scale = tenTo(Math.abs(wanted));
  const scaled = wanted < 0 ? value / scale : value * scale;
  if (Math.abs(scaled) >= 9_007_199_254_740_992) return value;
  const whole = Math.floor(scaled + 0.5);
  return wanted < 0 ? whole * scale : whole / scale;
}

function power(base, exponent) {
  if (!Number.isInteger(exponent) || Math.abs(exponent) > 64) return settled(base ** exponent);
  let product = 1;
  for (let left = Math.abs(exponent); left > 0; left -= 1) product *= base;
  return exponent < 0 ? 1 / product : product;
}

// --- dates: a day since 1970 and the milliseconds of that day ---

const floorDiv = (a, b) => Math.floor(a / b);
const remainder = (a, b) => a - b * Math.floor(a / b);

function civil(day) {
  const shifted = day + 719_468;
  const era = floorDiv(shifted, 146_097);
  const ofEra = remainder(shifted, 146_097);
  const yearOfEra = floorDiv(
    ofEra - floorDiv(ofEra, 1_460) + floorDiv(ofEra, 36_524) - floorDiv(ofEra, 146_096),
    365,
  );
  const ofYear = ofEra - (365 * yearOfEra + floorDiv(yearOfEra, 4) - floorDiv(yearOfEra, 100));
  const fromMarch = floorDiv(5 * ofYear + 2, 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: ofYear - floorDiv(153 * fromMarch + 2, 5) + 1,
  };
}

function dayOf(year, month, day) {
  const shifted = month <= 2 ? year - 1 : year;
  const era = floorDiv(shifted, 400);
  const ofEra = remainder(shifted, 400);
  const fromMarch = month > 2 ? month - 3 : month + 9;
  const ofYear = floorDiv(153 * fromMarch + 2, 5) + day - 1;
  return era * 146_097 + ofEra * 365 + floorDiv(ofEra, 4) - floorDiv(ofEra, 100) + ofYear - 719_468;
}

function readDate(string) {
  const parts = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/u.exec(string);
  if (!parts) return null;
  const [year, month, day] = parts.slice(1).map(Number);
  if (year < 1 || month < 1 || month > 12) return null;
  const found = dayOf(year, month, day);
  const again = civil(found);
  return again.year === year && again.month === month && again.day === day ? found : null;
}

function readTime(string) {
  const parts = /^([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?$/u.exec(string);
  if (!parts) return null;
  const [hour, minute, second] = parts.slice(1, 4).map((part) => Number(part ?? '0'));
  if (hour > 23 || minute > 59 || second > 59) return null;
  const milli = Number(`${parts[4] ?? '0'}000`.slice(0, 3));
  return ((hour * 60 + minute) * 60 + second) * 1000 + milli;
}

function withoutZone(string) {
  const bare = string.replace(/[Zz]$/u, '');
  const at = Math.max(bare.lastIndexOf('+'), bare.lastIndexOf('-'));
  if (at < 0) return bare;
  return /^[0-9]{2,4}$/u.test(bare.slice(at + 1).replaceAll(':', '')) ? bare.slice(0, at) : bare;
}

function readMoment(string) {
  const bare = trimmed(string);
  const alone = readTime(bare);
  if (alone !== null) return { day: 0, time: alone };
  const day = readDate(bare.slice(0, 10));
  if (day === null) return null;
  const rest = bare.slice(10);
  if (rest === '') return { day, time: 0 };
  if (!/^[Tt ]/u.test(rest)) return null;
  const time = readTime(withoutZone(rest.slice(1)));
  return time === null ? null : { day, time };
}

function momentAt(count) {
  if (count === null || !(count >= FIRST && count < LAST + 1)) return null;
  const all = rounded(count * DAY, 0);
  return { day: floorDiv(all, DAY), time: remainder(all, DAY) };
}

function moment(value) {
  if (typeof value === 'number') return momentAt(value);
  const string = text(value);
  return readMoment(string) ?? momentAt(readNumber(string));
}

const daysOf = ({ day, time }) => day + time / DAY;

function days(string) {
  const read = readMoment(string);
  return read && daysOf(read);
}

const pad = (value, length) => String(value).padStart(length, '0');

function clock({ time }) {
  const seconds = Math.trunc(time / 1000);
  return {
    hour: Math.trunc(seconds / 3600),
    minute: Math.trunc(seconds / 60) % 60,
    second: seconds % 60,
    milli: time % 1000,
  };
}

function dateText({ day }) {
  const date = civil(day);
  return `${pad(date.year, 4)}-${pad(date.month, 2)}-${pad(date.day, 2)}`;
}

function momentText(at) {
  const { hour, minute, second, milli } = clock(at);
  return `${dateText(at)}T${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}.${pad(milli, 3)}`;
}

function local(scope) {
  const east = Math.min(1440, Math.max(-1440, scope.minutesEast ?? 0)) * 60_000;
  const all = (scope.now ?? 0) + east;
  const day = Math.min(LAST, Math.max(FIRST, floorDiv(all, DAY)));
  return { day, time: remainder(all, DAY) };
}

function zone(scope) {
  const east = Math.min(1440, Math.max(-1440, scope.minutesEast ?? 0));
  const minutes = Math.abs(east);
  return `${east < 0 ? '-' : '+'}${pad(Math.trunc(minutes / 60), 2)}:${pad(minutes % 60, 2)}`;
}

function monthsUntil(from, to) {
  const [a, b] = [civil(from.day), civil(to.day)];
  const apart = b.year * 12 + b.month - (a.year * 12 + a.month);
  const later = b.day === a.day ? Math.sign(to.time - from.time) : Math.sign(b.day - a.day);
  if (apart > 0 && later < 0) return apart - 1;
  if (apart < 0 && later > 0) return apart + 1;
  return apart;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

function formatted(at, pattern) {
  const date = civil(at.day);
  const { hour, minute, second, milli } = clock(at);
  const parts = {
    Y: () => pad(date.year, 4),
    y: () => pad(date.year % 100, 2),
    m: () => pad(date.month, 2),
    n: () => String(date.month),
    b: () => MONTHS[date.month - 1],
    d: () => pad(date.day, 2),
    e: () => String(date.day),
    H: () => pad(hour, 2),
    h: () => String(hour),
    M: () => pad(minute, 2),
    S: () => pad(second, 2),
    3: () => pad(milli, 3),
    a: () => DAYS[remainder(at.day + 4, 7)],
    '%': () => '%',
  };
  return pattern.replace(/%(.)?/gsu, (whole, sign) => {
    if (sign === undefined) return '%';
    return Object.hasOwn(parts, sign) ? parts[sign]() : whole;
  });
}

// --- chance ---

function seeded(string) {
  const bytes = new TextEncoder().encode(string);
  return [0x811c9dc5, 0x01b873c3, 0x5bd1e995, 0x9e3779b9].map((start) => {
    let word = start;
    for (const byte of bytes) word = Math.imul(word ^ byte, 0x01000193);
    word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
    word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
    return (word ^ (word >>> 16)) >>> 0;
  });
}

const hex = (word, length) => word.toString(16).padStart(length, '0');

function uuid(string) {
  const [a, b, c, d] = seeded(string);
  const version = (b & 0x0fff) | 0x4000;
  const variant = ((c >>> 16) & 0x3fff) | 0x8000;
  return `${hex(a, 8)}-${hex(b >>> 16, 4)}-${hex(version, 4)}-${hex(variant, 4)}-${hex(c & 0xffff, 4)}${hex(d, 8)}`;
}

// --- functions ---

const of = (given, make) => {
  const value = number(given[0]);
  return value === null ? null : ofNumber(make(value));
};

const ofTwo = (given, make) => {
  const [a, b] = [number(given[0]), number(given[1])];
  return a === null || b === null ? null : ofNumber(make(a, b));
};

const ofMoment = (value, make) => {
  const at = moment(value);
  return at === null ? null : make(at);
};

function fold(given, start, make) {
  let sum = start;
  for (const value of given) {
    if (value === null) return null;
    for (const member of members(value)) {
      const next = number(member);
      if (next === null) return null;
      sum = sum === null ? next : make(sum, next);
    }
  }
  return ofNumber(sum);
}

const isIndex = (value, most) => Number.isInteger(value) && value >= 0 && value <= most;
const isTicked = (value) => value !== 'no' && isTrue(value);

function isWithin(least, most, ticked) {
  const sum = ticked.reduce((all, [is, weight]) => (is ? all + weight : all), 0);
  const holds = (bound, fits) => bound === null || bound < 0 || fits(bound);
  return holds(least, (bound) => sum >= bound) && holds(most, (bound) => sum <= bound);
}

function within(at, length) {
  const whole = Math.trunc(at);
  const count = Math.abs(whole);
  return whole < 0 ? Math.max(0, length - count) : Math.min(count, length);
}

function substr(given) {
  const letters = Array.from(text(given[0]));
  const place = (value) => {
    const at = number(value);
    return at === null ? null : within(at, letters.length);
  };
  const start = place(given[1]);
  const end = given.length > 2 ? place(given[2]) : letters.length;
  if (start === null || end === null || start >= end) return null;
  return letters.slice(start, end).join('');
}

function translate(given) {
  const [from, to] = [Array.from(text(given[1])), Array.from(text(given[2]))];
  const swapped = Array.from(text(given[0])).map((letter) => {
    const place = from.indexOf(letter);
    return place < 0 ? letter : (to[place] ?? '');
  });
  return ofText(swapped.join(''));
}

function cut(given, make) {
  const [whole, mark] = [text(given[0]), text(given[1])];
  const at = whole.indexOf(mark);
  return at < 0 ? null : ofText(make(whole, at, mark.length));
}

const MANY = new Set(['sum', 'min', 'max', 'count', 'count-non-empty', 'join', 'concat']);

const FUNCTIONS = {
  true: () => true,
  false: () => false,
  not: (given) => !isTrue(given[0]),
  boolean: (given) => isTrue(given[0]),
  'boolean-from-string': (given) => ['true', '1'].includes(text(given[0]).toLowerCase()),
  if: (given) => (isTrue(given[0]) ? given[1] : given[2]),
  coalesce: (given) => given.find((value) => !isEmpty(value)) ?? null,
  once: (given, scope) => {
    const before = clean(scope.itself);
    return isEmpty(before) ? given[0] : before;
  },
  checklist: (given) =>
    isWithin(number(given[0]), number(given[1]), given.slice(2).map((value) => [isTicked(value), 1])),
  'weighted-checklist': (given) => {
    const pairs = [];
    for (let at = 2; at + 1 < given.length; at += 2) {
      pairs.push([isTicked(given[at]), number(given[at + 1]) ?? 0]);
    }
    return isWithin(number(given[0]), number(given[1]), pairs);
  },

  selected: (given) => {
    const wanted = text(given[1]).replace(new RegExp(`^${SPACE.source}|${SPACE.source}$`, 'gu'), '');
    return wanted !== '' && chosen(given[0]).includes(wanted);
  },
  'selected-at': (given) => {
    const place = number(given[1]);
    return isIndex(place, Number.MAX_SAFE_INTEGER) ? (chosen(given[0])[place] ?? null) : null;
  },
  'count-selected': (given) => chosen(given[0]).length,
  count: (given) => members(given[0]).length,
  'count-non-empty': (given) => members(given[0]).filter((each) => !isEmpty(each)).length,
  sum: (given) => fold(given, 0, (a, b) => a + b),
  min: (given) => fold(given, null, Math.min),
  max: (given) => fold(given, null, Math.max),
  join: (given) => ofText(given.slice(1).flatMap(members).map(text).join(text(given[0]))),

  number: (given) => of(given, (value) => value),
  int: (given) => of(given, Math.trunc),
  floor: (given) => of(given, Math.floor),
  ceiling: (given) => of(given, Math.ceil),
  abs: (given) => of(given, Math.abs),
  round: (given) => (given.length > 1 ? ofTwo(given, rounded) : of(given, (value) => rounded(value, 0))),
  pow: (given) => ofTwo(given, power),
  sqrt: (given) => of(given, Math.sqrt),
  exp: (given) => of(given, (value) => settled(Math.exp(value))),
  exp10: (given) => of(given, (value) => power(10, value)),
  log: (given) => of(given, (value) => settled(Math.log(value))),
  log10: (given) => of(given, (value) => settled(Math.log10(value))),
  sin: (given) => of(given, (value) => settled(Math.sin(value))),
  cos: (given) => of(given, (value) => settled(Math.cos(value))),
  tan: (given) => of(given, (value) => settled(Math.tan(value))),
  asin: (given) => of(given, (value) => settled(Math.asin(value))),
  acos: (given) => of(given, (value) => settled(Math.acos(value))),
  atan: (given) => of(given, (value) => settled(Math.atan(value))),
  atan2: (given) => ofTwo(given, (y, x) => settled(Math.atan2(y, x))),
  pi: () => Math.PI,

  string: (given) => ofText(text(given[0])),
  concat: (given) => ofText(given.flatMap(members).map(text).join('')),
  'string-length': (given) => Array.from(text(given[0])).length,
  contains: (given) => text(given[0]).includes(text(given[1])),
  'starts-with': (given) => text(given[0]).startsWith(text(given[1])),
  'ends-with': (given) => text(given[0]).endsWith(text(given[1])),
  substr,
  'substring-before': (given) => cut(given, (whole, at) => whole.slice(0, at)),
  'substring-after': (given) => cut(given, (whole, at, length) => whole.slice(at + length)),
  'normalize-space': (given) =>
    ofText(text(given[0]).split(/[ \t\n\r]/u).filter((word) => word !== '').join(' ')),
  translate,

  today: (given, scope) => dateText(local(scope)),
  now: (given, scope) => momentText(local(scope)) + zone(scope),
  date: (given) => ofMoment(given[0], dateText),
  'date-time': (given) => ofMoment(given[0], momentText),
  'decimal-date-time': (given) => ofMoment(given[0], daysOf),
  'decimal-time': (given) => ofMoment(given[0], (at) => at.time / DAY),
  'format-date': (given) => ofMoment(given[0], (at) => ofText(formatted(at, text(given[1])))),
  'format-date-time': (given) => ofMoment(given[0], (at) => ofText(formatted(at, text(given[1])))),
  'difference-in-months': (given) => {
    const [from, to] = [moment(given[0]), moment(given[1])];
    return from === null || to === null ? null : monthsUntil(from, to);
  },
};

// --- the tree ---

const PICKS = new Set(['rows', 'turns', 'those']);

// Of rows and turns that were picked the first; anything else as it is.
function one(run, tree, here) {
  const value = all(run, tree, here);
  if (Array.isArray(tree) && PICKS.has(tree[0])) return value?.[0] ?? null;
  return value;
}

function all(run, tree, here) {
  if (run.left === 0) return null;
  run.left -= 1;
  if (typeof tree === 'string') return ofText(tree);
  if (!Array.isArray(tree)) return tree;
  const node = NODES[tree[0]];
  return node ? node(run, tree, here) : null;
}

const NODES = {
  $: ({ scope }, [, name]) => clean(scope.value(name)),
  '.': ({ scope }, tree, here) => ('answer' in here ? here.answer : clean(scope.itself)),
  column: (run, [, name], here) => told(run, here, name),
  turn: ({ scope }) => scope.turn ?? null,
  place: (run, tree, here) => here.place ?? null,
  '-': (run, [, node], here) => {
    const value = number(one(run, node, here));
    return value === null ? null : ofNumber(-value);
  },
  chain: (run, [, first, ...rest], here) => {
    let left = one(run, first, here);
    for (let at = 0; at < rest.length; at += 2) {
      left = joined(left, rest[at], one(run, rest[at + 1], here));
    }
    return left;
  },
  call: (run, [, name, ...given], here) => {
    const ask = MANY.has(name) ? all : one;
    const values = given.map((node) => ask(run, node, here));
    return Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name](values, run.scope) : null;
  },
  label: (run, [, code, name], here) => {
    const found = run.scope.label?.(name, text(one(run, code, here)));
    return ofText(found ?? '');
  },
  matches: (run, [, node, pattern], here) => new RegExp(pattern, 'u').test(text(one(run, node, here))),
  random: ({ scope }, [, at]) => seeded(key(scope, at))[0] / 4_294_967_296,
  uuid: ({ scope }, [, at]) => uuid(key(scope, at)),
  lookup: (run, [, parts], here) => {
    const [list, wanted, column, wish] = parts.map((part) => text(one(run, part, here)));
    const count = run.scope.rows?.(list) ?? 0;
    for (let row = 0; row < count; row += 1) {
      if (text(clean(run.scope.cell(list, row, column))) === wish) {
        return clean(run.scope.cell(list, row, wanted));
      }
    }
    return null;
  },
  inturn: (run, [, name, turn], here) => {
    const which = number(one(run, turn, here));
    return isIndex(which, 4_294_967_295) ? clean(run.scope.inTurn?.(name, which)) : null;
  },
  rows: (run, [, list, filters, column]) => {
    const rows = Array.from({ length: run.scope.rows?.(list) ?? 0 }, (_, row) => ({ list, row }));
    return kept(run, rows, filters).map((row) => told(run, row, column));
  },
  turns: (run, [, loop, filters, name]) => {
    const turns = Array.from({ length: run.scope.turns?.(loop) ?? 0 }, (_, at) => ({ turn: at + 1 }));
    return kept(run, turns, filters).map((turn) => told(run, turn, name));
  },
  those: (run, [, name, filters]) => {
    const answers = members(clean(run.scope.value(name))).map((answer) => ({ answer }));
    return kept(run, answers, filters).map((each) => each.answer);
  },
};

function kept(run, everything, filters) {
  let left = everything;
  for (const filter of filters) {
    left = left.filter((around, before) => {
      const value = one(run, filter, { ...around, place: before + 1 });
      return typeof value === 'number' ? value === before + 1 : isTrue(value);
    });
  }
  return left;
}

function told({ scope }, here, name) {
  if ('row' in here) return clean(scope.cell?.(here.list, here.row, name));
  if ('turn' in here) return clean(scope.inTurn?.(name, here.turn));
  if ('answer' in here) {
    const turn = number(here.answer);
    return isIndex(turn, 4_294_967_295) ? clean(scope.inTurn?.(name, turn)) : null;
  }
  return clean(scope.column?.(name));
}

const key = (scope, at) => `${scope.seed ?? ''}:${scope.turn ?? 0}:${at}`;

const compare = (left, right, holds) => {
  const [a, b] = [number(left), number(right)];
  return a !== null && b !== null && holds(a, b);
};

const reckon = (left, right, make) => {
  const [a, b] = [number(left), number(right)];
  return a === null || b === null ? null : ofNumber(make(a, b));
};

function joined(left, op, right) {
  switch (op) {
    case 'or':
      return isTrue(left) || isTrue(right);
    case 'and':
      return isTrue(left) && isTrue(right);
    case '=':
      return equals(left, right);
    case '!=':
      return !equals(left, right);
    case '<':
      return compare(left, right, (a, b) => a < b);
    case '<=':
      return compare(left, right, (a, b) => a <= b);
    case '>':
      return compare(left, right, (a, b) => a > b);
    case '>=':
      return compare(left, right, (a, b) => a >= b);
    case '+':
      return reckon(left, right, (a, b) => a + b);
    case '-':
      return reckon(left, right, (a, b) => a - b);
    case '*':
      return reckon(left, right, (a, b) => a * b);
    case 'div':
      return reckon(left, right, (a, b) => a / b);
    default:
      return reckon(left, right, (a, b) => a % b);
  }
}
