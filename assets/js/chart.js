// `<onsight-chart>`: draws the table inside it, and gives the table back on request; the table is the data.

import { number } from "./locale.js";

const MARKS = ["bar", "stacked", "line", "area", "pie", "scatter", "histogram", "combined"];
const DASHES = ["solid", "dashed", "dotted", [8, 3, 2, 3]];
const SYMBOLS = ["circle", "rect", "triangle", "diamond", "roundRect", "pin"];
const CROWDED = 80;
const DAY = 86_400_000;

class Chart extends HTMLElement {
  #plot;
  #chart;
  #leave;

  connectedCallback() {
    if (this.#plot) return this.#watch();
    this.table = this.querySelector("table");
    if (!this.table) return;
    this.data = read(this.table, this.dataset);
    if (this.data.rows.length === 0) return;
    this.hideable = this.querySelector(".report") ?? this.table;
    this.#plot = document.createElement("div");
    this.#plot.className = "plot";
    const label = this.dataset.label ?? describe(this.#title(), this.data);
    this.#plot.setAttribute("role", "img");
    this.#plot.setAttribute("aria-label", label);
    if (this.data.leads) this.#walk(label);
    this.prepend(this.#plot);
    this.hideable.hidden = true;
    this.#addToggle();
    this.#watch();
  }

  disconnectedCallback() {
    this.#leave?.abort();
    this.#chart?.dispose();
    this.#chart = null;
  }

  #title() {
    return this.dataset.title ?? this.table.caption?.textContent.trim() ?? this.closest(".card")?.querySelector("h2, h3")?.textContent.trim() ?? "Chart";
  }

  // Where points lead somewhere, the picture is walked through with the arrows and left with Enter.
  #walk(label) {
    const { keys, lines, labels } = this.data;
    const said = this.querySelector(":scope > [role=status]") ?? document.createElement("p");
    said.className = "hidden-text";
    said.setAttribute("role", "status");
    this.append(said);
    this.#plot.tabIndex = 0;
    this.#plot.setAttribute("role", "application");
    this.#plot.setAttribute("aria-label", `${label} Arrow keys go through it, Enter opens what is behind a point.`);
    let [at, line] = [-1, 0];
    const point = () => {
      const value = lines[line].values[at];
      const name = lines.length > 1 ? `${lines[line].name}, ` : "";
      said.textContent = `${name}${labels[at]}: ${value === null ? "nothing" : number({ maximumFractionDigits: 2 }).format(value)}`;
      this.#chart?.dispatchAction({ type: "downplay" });
      this.#chart?.dispatchAction({ type: "highlight", seriesIndex: line, dataIndex: at });
      this.#chart?.dispatchAction({ type: "showTip", seriesIndex: line, dataIndex: at });
    };
    this.#plot.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const other = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const end = { Home: 0, End: keys.length - 1 }[event.key];
      if (event.key === "Enter" && at >= 0) return this.#open(line, at);
      if (step === undefined && other === undefined && end === undefined) return;
      event.preventDefault();
      if (step) at = Math.min(Math.max(at + step, 0), keys.length - 1);
      else if (other) [at, line] = [Math.max(at, 0), (line + other + lines.length) % lines.length];
      else at = end;
      point();
    });
    this.#plot.addEventListener("blur", () => this.#chart?.dispatchAction({ type: "hideTip" }));
  }

  // The link stands in the table; it is followed as if it had been clicked there.
  #open(line, at) {
    this.data.lines[line]?.links[at]?.click();
  }

  #addToggle() {
    const header = this.closest(".card")?.querySelector(":scope > header");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn quiet small tool";
    button.textContent = "Table";
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => {
      const asTable = this.hideable.hidden;
      this.hideable.hidden = !asTable;
      this.#plot.hidden = asTable;
      button.setAttribute("aria-pressed", String(asTable));
      if (!asTable) this.#chart?.resize();
    });
    if (header) header.append(button);
    else this.append(button);
  }

  // The library is fetched when the chart comes near the screen, not before.
  #watch() {
    this.#leave = new AbortController();
    const { signal } = this.#leave;
    const near = new IntersectionObserver((seen) => {
      if (!seen.some((one) => one.isIntersecting)) return;
      near.disconnect();
      this.#draw(signal);
    }, { rootMargin: "300px" });
    near.observe(this);
    signal.addEventListener("abort", () => near.disconnect());
    addEventListener("beforeprint", () => this.#chart ?? this.#draw(signal), { signal });
  }

  async #draw(signal) {
    const { init } = await import("../vendor/dist/echarts.js");
    if (signal.aborted || this.#chart) return;
    this.#chart = init(this.#plot, null, { renderer: "canvas" });
    if (this.data.leads) this.#chart.on("click", ({ seriesIndex, dataIndex }) => this.#open(seriesIndex, dataIndex));
    const paint = () => this.#chart?.setOption(option(this.data, palette(this), this.#plot), true);
    paint();
    const size = new ResizeObserver(() => {
      if (!this.#plot.clientWidth) return;
      this.#chart?.resize();
      if (this.data.mark === "pie") paint();
    });
    size.observe(this.#plot);
    signal.addEventListener("abort", () => size.disconnect());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint, { signal });
    document.addEventListener("onsight:theme", paint, { signal });
  }
}

// ——— the table ———

function read(table, { mark = "bar", x, y, right = "", series, unit = "" }) {
  const heads = [...table.tHead.rows[0].cells].map((cell) => ({ name: cell.dataset.name ?? cell.textContent.trim(), title: cell.dataset.title ?? cell.textContent.trim(), numeric: cell.classList.contains("n") }));
  const column = (name) => heads.findIndex((head) => head.name === name);
  const rows = [...table.tBodies].flatMap((body) => [...body.rows]).map((row) => [...row.cells]);
  const xAt = x ? column(x) : 0;
  const split = series ? column(series) : -1;
  const yAt = (y ? y.split(",").map((name) => column(name.trim())) : heads.map((head, index) => (head.numeric ? index : -1))).filter((index) => index >= 0 && index !== xAt);
  if (xAt < 0 || yAt.length === 0) return { rows: [] };

  // Points of a scatter are rows; elsewhere rows with one x are added up.
  const place = (row, index) => (mark === "scatter" ? String(index) : raw(row[xAt]));
  const keys = [...new Set(rows.map(place))];
  const onRight = right.split(",").map((name) => column(name.trim()));
  const lines = new Map();
  for (const [index, row] of rows.entries()) {
    const key = place(row, index);
    for (const at of yAt) {
      const name = split >= 0 ? row[split].textContent.trim() : heads[at].title;
      if (!lines.has(name)) lines.set(name, { isRight: onRight.includes(at), values: new Map(), links: new Map() });
      const { values, links } = lines.get(name);
      const number = value(row[at]);
      if (number !== null || !values.has(key)) values.set(key, number === null ? null : (values.get(key) ?? 0) + number);
      links.set(key, links.get(key) ?? row[xAt].querySelector("a"));
    }
  }
  const first = new Map(rows.map((row, index) => [place(row, index), row[xAt]]).toReversed());
  return {
    mark: MARKS.includes(mark) ? mark : "bar",
    rows, keys, unit,
    labels: keys.map((key) => dateLabel(raw(first.get(key))) ?? first.get(key).textContent.trim()),
    across: mark === "scatter" ? measure(keys.map((key) => raw(first.get(key)))) : { type: "category" },
    xTitle: heads[xAt].title,
    leads: table.tBodies[0]?.querySelector("a.row-link") !== null,
    lines: [...lines].map(([name, { isRight, values, links }]) => ({ name, isRight, values: keys.map((key) => values.get(key) ?? null), links: keys.map((key) => links.get(key)) })),
  };
}

/** What the points of a scatter lie along: numbers, moments, or names side by side. */
function measure(along) {
  if (along.every((one) => one !== "" && Number.isFinite(Number(one)))) return { type: "value", at: along.map(Number) };
  if (along.every((one) => dateLabel(one) && !Number.isNaN(Date.parse(one)))) return { type: "time", at: along.map(Date.parse) };
  return { type: "category" };
}

function raw(cell) {
  return cell.dataset.value ?? cell.querySelector("data")?.value ?? cell.querySelector("time")?.dateTime ?? cell.textContent.trim();
}

function value(cell) {
  const found = Number(raw(cell).replaceAll("−", "-").replace(/[^\d.eE+-]/g, ""));
  return raw(cell) === "" || Number.isNaN(found) ? null : found;
}

function dateLabel(key) {
  const found = /^(\d{4})-(\d\d)(?:-(\d\d))?(?:T|$)/.exec(key);
  if (!found) return null;
  const [, year, month, day] = found;
  const style = day ? { day: "numeric", month: "short" } : { month: "short", year: "2-digit" };
  return new Intl.DateTimeFormat(navigator.languages, { ...style, timeZone: "UTC" }).format(new Date(Date.UTC(year, month - 1, day ?? 1)));
}

const moment = (at) => dateLabel(new Date(at).toISOString());

function describe(title, { mark, lines, keys }) {
  const values = lines.flatMap((line) => line.values).filter((one) => one !== null);
  const plain = number({ maximumFractionDigits: 2 });
  const names = lines.length > 1 ? `, ${lines.map((line) => line.name).join(", ")}` : "";
  const kind = { stacked: "Stacked bar", combined: "Bar and line" }[mark] ?? mark[0].toUpperCase() + mark.slice(1);
  return `${title}. ${kind} chart${names}: ${keys.length} points from ${plain.format(Math.min(...values))} to ${plain.format(Math.max(...values))}.`;
}

// ——— the drawing ———

// light-dark() is settled only in a computed colour, so a probe has to wear each one.
function palette(host) {
  const probe = document.createElement("i");
  probe.hidden = true;
  host.append(probe);
  const styles = getComputedStyle(probe);
  const colour = (name) => {
    // Where the system forces its colours, lines and text follow; series must stay apart.
    probe.style.forcedColorAdjust = name.startsWith("chart") ? "none" : "auto";
    probe.style.color = `var(--${name})`;
    return styles.color;
  };
  const found = {
    series: [1, 2, 3, 4, 5, 6].map((index) => colour(`chart-${index}`)),
    ink: colour("ink"), quiet: colour("ink-3"), line: colour("line"), strong: colour("line-strong"), surface: colour("surface"), raised: colour("raised"), sunken: colour("sunken"),
    font: getComputedStyle(host).fontFamily,
  };
  probe.remove();
  return found;
}

function option(data, colours, plot) {
  const { mark, lines, labels } = data;
  const text = { fontFamily: colours.font, fontSize: 12, color: colours.quiet };
  const legend = lines.length > 1;
  const crowded = mark !== "pie" && labels.length > CROWDED;
  const full = number({ maximumFractionDigits: 20 });
  const short = number({ notation: "compact", maximumFractionDigits: 1 });
  const unit = data.unit ? ` ${data.unit}` : "";
  const across = data.across.type;
  const axis = { type: "value", axisLabel: { ...text, formatter: (one) => short.format(one) }, splitLine: { lineStyle: { color: colours.line } }, splitNumber: 4, scale: mark === "scatter", minInterval: mark === "histogram" ? 1 : 0 };
  return {
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    animationDuration: 250,
    color: colours.series,
    textStyle: { fontFamily: colours.font },
    // Colour alone does not tell series apart: bars get a pattern, lines a dash and a symbol, slices a name.
    aria: { enabled: true, label: { enabled: false }, decal: { show: mark === "pie" || (legend && mark !== "line" && mark !== "area" && mark !== "scatter"), decals: patterns(colours.surface) } },
    tooltip: {
      trigger: mark === "pie" || mark === "scatter" ? "item" : "axis",
      renderMode: "richText", // an HTML tooltip would need inline styles
      confine: true,
      backgroundColor: colours.raised, borderColor: colours.strong, borderWidth: 1, padding: [6, 10],
      textStyle: { ...text, color: colours.ink },
      axisPointer: { type: mark === "line" || mark === "area" ? "line" : "shadow", lineStyle: { color: colours.strong }, shadowStyle: { color: colours.line, opacity: 0.4 } },
      valueFormatter: (one) => (one === null || one === undefined ? "–" : full.format(one) + unit),
    },
    legend: mark === "pie" ? shares(data, text) : { show: legend, top: 0, left: 0, icon: mark === "line" ? undefined : "roundRect", itemWidth: 14, itemHeight: 10, itemGap: 16, textStyle: text, inactiveColor: colours.strong },
    ...(mark !== "pie" && {
      grid: { left: 4, right: 12, top: legend ? 34 : 14, bottom: crowded ? 40 : 4, containLabel: true },
      xAxis: {
        type: across, minInterval: across === "time" ? DAY : 0, data: across === "category" ? [...new Set(labels)] : undefined, scale: true,
        boundaryGap: ["bar", "stacked", "histogram", "combined"].includes(mark) ? true : mark === "scatter" ? undefined : false,
        axisLabel: { ...text, hideOverlap: true, formatter: { value: (one) => short.format(one), time: moment }[across] }, axisLine: { lineStyle: { color: colours.strong } }, axisTick: { show: false },
        splitLine: { show: false },
      },
      yAxis: mark === "combined" ? [axis, { ...axis, splitLine: { show: false } }] : axis,
    }),
    ...(crowded && { dataZoom: [{ type: "slider", height: 20, bottom: 6, borderColor: colours.line, textStyle: text, fillerColor: colours.line, handleStyle: { color: colours.surface, borderColor: colours.quiet } }] }),
    series: mark === "pie" ? [slices(data, colours, plot)] : lines.map((line, index) => drawn(line, index, data, colours)),
  };
}

function drawn(line, index, { mark, across, labels }, colours) {
  if (mark === "scatter") {
    const lies = across.at ?? labels;
    return { type: "scatter", name: line.name, symbol: SYMBOLS[index % 6], symbolSize: 8, data: line.values.map((one, at) => [lies[at], one]), itemStyle: { opacity: 0.8 } };
  }
  if (mark === "line" || mark === "area" || line.isRight) {
    const many = line.values.length > 40;
    return {
      type: "line", name: line.name, data: line.values, yAxisIndex: line.isRight ? 1 : 0, symbol: SYMBOLS[index % 6], symbolSize: 6, showSymbol: !many, connectNulls: false, sampling: "lttb",
      lineStyle: { width: 2, type: DASHES[index % 4] }, ...(mark === "area" && { areaStyle: { opacity: 0.15 } }), emphasis: { disabled: true },
    };
  }
  const top = { borderRadius: mark === "stacked" ? 0 : [2, 2, 0, 0], ...(mark === "stacked" && { borderColor: colours.surface, borderWidth: 1 }) };
  return { type: "bar", name: line.name, data: line.values, stack: mark === "stacked" ? "all" : undefined, barMaxWidth: mark === "histogram" ? undefined : 36, barCategoryGap: mark === "histogram" ? "4%" : "32%", barGap: "8%", itemStyle: top, emphasis: { disabled: true } };
}

// Names stand in the list beside the pie: around it they would be cut on a phone.
function shares({ lines, labels }, text) {
  const values = new Map(labels.map((name, index) => [name, lines[0].values[index] ?? 0]));
  const whole = [...values.values()].reduce((sum, one) => sum + one, 0) || 1;
  const percent = number({ style: "percent", maximumFractionDigits: 1 });
  return {
    type: "scroll", orient: "vertical", left: "54%", top: "middle", itemWidth: 14, itemHeight: 10, itemGap: 12, icon: "roundRect", textStyle: { ...text, fontSize: 13 },
    formatter: (name) => `${name}  ${percent.format(values.get(name) / whole)}`,
  };
}

function slices({ lines, labels }, colours, plot) {
  const radius = Math.min(plot.clientWidth * 0.24, plot.clientHeight * 0.4);
  return {
    type: "pie", radius: [radius * 0.6, radius], center: ["27%", "50%"], name: lines[0].name,
    data: lines[0].values.map((value, index) => ({ value, name: labels[index] })),
    label: { show: false },
    itemStyle: { borderColor: colours.surface, borderWidth: 2 }, emphasis: { scale: false },
  };
}

function patterns(colour) {
  const base = { color: colour };
  const lines = (rotation, gap) => ({ ...base, symbol: "line", dashArrayX: [1, 0], dashArrayY: [1.5, gap], rotation, symbolSize: 1 });
  return [{ symbol: "none" }, lines(-Math.PI / 4, 5), { ...base, symbol: "circle", dashArrayX: [[6, 6], [0, 6, 6, 0]], dashArrayY: [6, 0], symbolSize: 0.45 }, lines(Math.PI / 4, 5), lines(0, 5), lines(Math.PI / 2, 5)];
}

customElements.define("onsight-chart", Chart);
