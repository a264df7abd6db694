// A server of its own for a story, and a browser to tell it with.
import { spawn, execFile } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { get } from "node:https";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { chromium } from "playwright-core";
import AxeBuilder from "@axe-core/playwright";

const root = resolve(import.meta.dirname, "../..");
export const BINARY =
  process.env.ONSIGHT_BIN ?? join(root, "target/x86_64-unknown-linux-gnu/release/onsight");
export const PASSWORD = "correct horse battery staple";

/** Runs the executable to its end; gives what it printed. */
export async function onsight(data, ...args) {
  const run = promisify(execFile);
  return (await run(BINARY, ["--data", data, ...args])).stdout;
}

/** A folder that is gone when the story is. */
export async function folder(story) {
  const path = await mkdtemp(join(tmpdir(), "onsight-story-"));
  story.after(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** Starts a server on a free port. `said` is what it printed, `stop` ends it. */
export async function serve(data, { command = "serve", listen = "127.0.0.1:0" } = {}) {
  const child = spawn(BINARY, ["--data", data, "--listen", listen, command], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  let complaints = "";
  child.stderr.on("data", (piece) => (complaints += piece));
  const last = command === "demo" ? "Stop with" : "certificate";
  await new Promise((ready, failed) => {
    child.stdout.on("data", (piece) => {
      said += piece;
      if (said.includes(last)) ready();
    });
    child.on("exit", (code) => failed(new Error(`onsight ended with ${code}: ${complaints}`)));
  });
  // It answers when it has said everything, the set-up code too.
  await answers(child, said.match(/https:\/\/[^/\s]+/)[0]);
  const exited = new Promise((done) => child.on("exit", done));
  return {
    child,
    get said() {
      return said;
    },
    get complaints() {
      return complaints;
    },
    address: said.match(/https:\/\/[^/\s]+/)[0],
    code: said.match(/set-up code\s+(\S+)/)?.[1],
    async stop(signal = "SIGTERM") {
      child.kill(signal);
      return exited;
    },
  };
}

/** Waits until somebody answers there. */
async function answers(child, address) {
  while (child.exitCode === null) {
    const is = await new Promise((done) => {
      const asked = get(address, { rejectUnauthorized: false }, (answer) => done(Boolean(answer.resume())));
      asked.on("error", () => done(false));
    });
    if (is) return;
    await new Promise((go) => setTimeout(go, 20));
  }
}

/** Presses it and waits for the page it leads to: a click alone does not wait until what it sends has arrived. */
export async function follow(page, place) {
  const came = page.waitForEvent("framenavigated", (frame) => frame === page.mainFrame());
  await Promise.all([came, place.click()]);
  await page.waitForLoadState();
}

/** Debian's Chromium, calling nobody. */
export async function launch(story) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync",
      "--disable-dev-shm-usage",
    ],
  });
  story.after(() => browser.close());
  return browser;
}

/** A person with a window of their own. `trouble` collects what must not happen. */
export async function person(browser, address, options = {}) {
  const context = await browser.newContext({
    baseURL: address,
    ignoreHTTPSErrors: true,
    viewport: { width: 1280, height: 900 },
    locale: "en-GB",
    ...options,
  });
  const page = await context.newPage();
  page.trouble = [];
  page.on("pageerror", (error) => page.trouble.push(`script: ${error.message}`));
  await context.exposeBinding("onsightViolation", (_, text) => page.trouble.push(`CSP: ${text}`));
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      globalThis.onsightViolation(`${event.violatedDirective} ${event.blockedURI} on ${location.pathname}`);
    });
  });
  return page;
}

/** Whoever has the code sets the instance up and is its first admin. */
export async function setUp(page, code, email = "ada@example.org") {
  await page.goto("/");
  await page.getByLabel("Set-up code").fill(code);
  await page.getByLabel("Workspace").fill("Northgate Supply");
  await page.getByLabel("Your name").fill("Ada Lovelace");
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Set up" }).click();
  await page.waitForURL("**/account/factors");
  const app = await enrol(page);
  await page.getByRole("link", { name: "I have kept them" }).click();
  await page.waitForURL("**/telemetry/ask");
  await page.getByRole("button", { name: "No, send nothing" }).click();
  await page.waitForURL("**/apps");
  return app;
}

/** Sets up an authenticator app on the page of second factors: its seed, the recovery codes. */
export async function enrol(page) {
  const seed = await page.locator("#seed").innerText();
  await page.getByLabel("Code from the app").fill(codeOf(seed));
  await page.getByRole("button", { name: "Set up the app" }).click();
  const codes = (await page.locator("#codes").innerText()).trim().split(/\s+/);
  return { seed, codes };
}

/** What an authenticator app shows for a seed (RFC 6238), so many steps from now. */
export function codeOf(seed, steps = 0) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...seed].map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const bytes = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const tag = createHmac("sha1", bytes).update(counter).digest();
  const number = tag.readUInt32BE(tag[19] & 15) & 0x7fffffff;
  return String(number % 1e6).padStart(6, "0");
}

/** What axe finds that matters: nothing, or a list to read. */
export async function barriers(page) {
  const found = await new AxeBuilder({ page }).analyze();
  return found.violations
    .filter((one) => ["serious", "critical"].includes(one.impact))
    .map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" | ").slice(0, 400)}`);
}
