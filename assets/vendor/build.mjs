// Bundles what we did not write into dist/, the icons into one sprite, and writes down what is in them and under which licence.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");

const BUNDLES = {
  "htmx.js": { entry: "htmx.mjs", format: "iife" },
  "echarts.js": { entry: "echarts.mjs", format: "esm" },
  "codemirror.js": { entry: "codemirror.mjs", format: "esm" },
};

// htmx holds these behind `allowEval`, which our entry switches off: hx-on, hx-vals "js:", trigger filters.
const KNOWN_EVAL = { "htmx.js": { "eval(": 1, "Function(": 4 } };

const ICONS = [
  "arrow-down", "arrow-left", "arrow-right", "arrow-up", "ban", "calendar", "chart-column", "check", "chevron-down",
  "chevron-left", "chevron-right", "chevrons-up-down", "circle-alert", "circle-check", "circle-help", "clipboard-list",
  "clock", "copy", "database", "download", "ellipsis", "external-link", "eye", "eye-off", "file-spreadsheet", "file-text",
  "fingerprint-pattern", "folder", "git-compare", "grip-vertical", "hard-drive", "history", "info", "key-round", "keyboard",
  "layout-grid", "link", "list-filter", "lock", "log-out", "mail", "menu", "monitor", "moon", "pencil", "play", "plus",
  "refresh-cw", "rotate-ccw", "scroll-text", "search", "send", "server", "settings", "shield-check", "square-terminal",
  "sun", "table", "trash-2", "triangle-alert", "undo-2", "upload", "user", "users", "workflow", "x",
];

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);

const used = new Set(["lucide-static"]);
const files = [];
for (const [name, { entry, format }] of Object.entries(BUNDLES)) {
  const { metafile } = await build({
    entryPoints: [join(here, "entries", entry)],
    outfile: join(dist, name),
    absWorkingDir: here,
    bundle: true,
    minify: true,
    format,
    target: ["chrome123", "firefox120", "safari17.5"],
    define: { "process.env.NODE_ENV": '"production"' },
    legalComments: "none",
    charset: "utf8",
    metafile: true,
    logLevel: "warning",
  });
  const inside = new Set(Object.keys(metafile.inputs).map(packageOf).filter(Boolean));
  inside.forEach((one) => used.add(one));
  const text = readFileSync(join(dist, name), "utf8");
  refuseEval(name, text);
  files.push({ file: `dist/${name}`, bytes: Buffer.byteLength(text), sha256: digest(text), holds: [...inside].sort() });
}

const sprite = drawSprite();
writeFileSync(join(here, "..", "icons", "icons.svg"), sprite);
files.push({ file: "../icons/icons.svg", bytes: Buffer.byteLength(sprite), sha256: digest(sprite), holds: ["lucide-static"] });

const packages = [...used].sort().map(describe);
writeFileSync(
  join(here, "manifest.json"),
  JSON.stringify({ packages: packages.map(({ text, ...rest }) => rest), files }, null, 2) + "\n",
);
writeFileSync(join(here, "LICENSES.txt"), licences(packages));
for (const { file, bytes } of files) console.log(`${String(bytes).padStart(8)}  ${file}`);

function packageOf(path) {
  const found = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path);
  return found?.[1];
}

function refuseEval(name, text) {
  for (const [what, pattern] of Object.entries({ "eval(": /(?<![\w$.])eval\s*\(/g, "Function(": /(?<![\w$.])Function\s*\(/g })) {
    const met = text.match(pattern)?.length ?? 0;
    const known = KNOWN_EVAL[name]?.[what] ?? 0;
    if (met !== known) throw new Error(`${name} has ${met} × ${what}…), ${known} are known; look at each before allowing it`);
  }
}

function drawSprite() {
  const symbols = ICONS.map((name) => {
    const source = readFileSync(join(here, "node_modules/lucide-static/icons", `${name}.svg`), "utf8");
    const shapes = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(source)[1].replace(/\s*\n\s*/g, "").replace(/ \/>/g, "/>");
    return `<symbol id="${name}" viewBox="0 0 24 24">${shapes}</symbol>`;
  });
  const version = describe("lucide-static").version;
  return `<!-- Lucide ${version}, ISC and MIT; see ../vendor/LICENSES.txt. Written by ../vendor/build.mjs. -->\n<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`;
}

function describe(name) {
  const folder = join(here, "node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const text = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((file) => file.isFile() && /^(licen[cs]e|notice|copying)/i.test(file.name))
    .filter((file) => file.parentPath === folder || /\/licenses$/.test(file.parentPath))
    .map((file) => join(file.parentPath, file.name))
    .sort()
    .map((file) => readFileSync(file, "utf8").trim())
    .join("\n\n");
  if (!license) throw new Error(`${name} does not name its licence`);
  if (!text) console.warn(`${name} brings no licence text`);
  return { name, version, license, text };
}

function licences(packages) {
  const rule = "=".repeat(78);
  const parts = packages.map(({ name, version, license, text }) => `${rule}\n${name} ${version} (${license})\n${rule}\n\n${text}\n`);
  return `What stands in assets/vendor/dist and assets/icons, and the terms it comes under.\n\n${parts.join("\n")}`;
}

function digest(text) {
  return createHash("sha256").update(text).digest("hex");
}
