// Writes dates and numbers as people of the reader's language write them; the server's text stays where this does not run.

const LANGUAGES = navigator.languages?.length ? navigator.languages : [navigator.language];
const made = new Map();

/** Rewrites every `<time data-format>` and `<data data-format>` in `root`. */
export function localise(root) {
  for (const element of root.querySelectorAll("time[data-format]:not([data-written])")) write(element, dateText(element));
  for (const element of root.querySelectorAll("data[data-format]:not([data-written])")) write(element, numberText(element));
}

function write(element, text) {
  element.dataset.written = "";
  if (text) element.textContent = text;
}

function dateText(element) {
  const { format } = element.dataset;
  const written = element.dateTime;
  const day = /^(\d{4})-(\d\d)(?:-(\d\d))?$/.exec(written);
  // A bare date is a day, not an instant: it must not move with the time zone.
  const at = day ? new Date(Date.UTC(day[1], day[2] - 1, day[3] ?? 1)) : new Date(written);
  if (Number.isNaN(at.getTime())) return null;
  if (format === "ago") {
    element.title = date({ dateStyle: "long", timeStyle: "short" }).format(at);
    return ago(at);
  }
  if (format === "month") return date({ month: "long", year: "numeric", timeZone: "UTC" }).format(at);
  if (format === "datetime") return date({ dateStyle: "medium", timeStyle: "short" }).format(at);
  return date({ dateStyle: "medium", ...(day && { timeZone: "UTC" }) }).format(at);
}

const STEPS = [["second", 60], ["minute", 60], ["hour", 24], ["day", 30], ["month", 12], ["year", Infinity]];

function ago(at) {
  let amount = (at - Date.now()) / 1000;
  for (const [unit, size] of STEPS) {
    if (Math.abs(amount) < size) {
      return keep(`ago`, () => new Intl.RelativeTimeFormat(LANGUAGES, { numeric: "auto" })).format(Math.round(amount), unit);
    }
    amount /= size;
  }
}

/** `number`, `number:2` (digits), `money:EUR`, `percent`, `bytes` */
function numberText(element) {
  const [format, detail] = element.dataset.format.split(":");
  const value = Number(element.value);
  if (element.value === "" || !Number.isFinite(value)) return null;
  if (format === "money") return number({ style: "currency", currency: detail || "EUR" }).format(value);
  if (format === "percent") return number({ style: "percent", maximumFractionDigits: Number(detail ?? 1) }).format(value);
  if (format === "bytes") return bytes(value);
  // More digits than a double holds: what the server wrote is more exact than what we could.
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) return null;
  return number(detail ? { minimumFractionDigits: Number(detail), maximumFractionDigits: Number(detail) } : { maximumFractionDigits: 20 }).format(value);
}

/** 1536 → “1.5 kB” in the reader's language */
export function bytes(amount) {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];
  const step = Math.min(Math.floor(Math.log10(Math.max(amount, 1)) / 3), units.length - 1);
  return number({ style: "unit", unit: units[step], unitDisplay: "short", maximumFractionDigits: step ? 1 : 0 }).format(amount / 1000 ** step);
}

/** 75 → “1 min 15 sec”, coarser the longer it is */
export function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const part = (value, unit) => number({ style: "unit", unit, unitDisplay: "short" }).format(value);
  if (whole < 60) return part(whole, "second");
  if (whole < 3600) return `${part(Math.floor(whole / 60), "minute")} ${part(whole % 60, "second")}`;
  return `${part(Math.floor(whole / 3600), "hour")} ${part(Math.floor((whole % 3600) / 60), "minute")}`;
}

/** A number formatter in the reader's language, kept. */
export function number(options) {
  return keep(`n${JSON.stringify(options)}`, () => new Intl.NumberFormat(LANGUAGES, options));
}

function date(options) {
  return keep(`d${JSON.stringify(options)}`, () => new Intl.DateTimeFormat(LANGUAGES, options));
}

// Making a formatter costs far more than using one, and a report has thousands of cells.
function keep(key, make) {
  if (!made.has(key)) made.set(key, make());
  return made.get(key);
}
