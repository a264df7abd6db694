// One app over three engines: the same text but for a line, the same clicks, the same rows.
import { deepEqual, equal, ok } from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { test } from "node:test";
import { authority, freePort } from "./authority.mjs";
import { barriers, folder, launch, person, serve, setUp } from "./support.mjs";

const HERE = resolve(import.meta.dirname, "../it/sources");
const ROWS = "title,code,hours,due,at,done\nFirst,own-0,1.5,2026-11-20,2026-11-20T08:00:00Z,true\n";
const PASSWORDS = { postgres: "pg-PASSWORT-kanarie", mysql: "my-PASSWORT-kanarie" };
const WAYS = [1280, 390].flatMap((width) =>
  ["light", "dark"].map((colorScheme) => ({ viewport: { width, height: 900 }, colorScheme })),
);

/** A database on loopback with tables to work on, gone with the story. */
async function database(story, program, files) {
  const port = await freePort();
  const args = [program, String(port), files.cert, files.key, join(HERE, `${program}.sql`)];
  const child = spawn(join(HERE, "server.sh"), args, { stdio: ["pipe", "pipe", "inherit"] });
  story.after(() => child.stdin.end());
  await new Promise((ready, failed) => {
    child.stdout.on("data", ready);
    child.on("exit", (code) => failed(new Error(`${program} ended with ${code}`)));
  });
  return port;
}

test("the same app does the same over our own database, PostgreSQL and MariaDB", async (story) => {
  const data = await folder(story);
  const { ca, files } = await authority(data);
  const ports = { postgres: await database(story, "postgres", files), mysql: await database(story, "mariadb", files) };
  const config = join(data, "onsight.toml");
  await writeFile(config, `[egress]\nallow = ["localhost:${ports.postgres}", "localhost:${ports.mysql}"]\n`);
  process.env.ONSIGHT_CONFIG = config;
  story.after(() => delete process.env.ONSIGHT_CONFIG);
  const server = await serve(join(data, "onsight"));
  story.after(() => server.stop());
  const page = await person(await launch(story), server.address);
  await setUp(page, server.code);
  await rows(page);
  for (const [kind, port] of Object.entries(ports)) await connect(page, kind, port, ca);

  const text = await readFile(join(HERE, "jobs.toml"), "utf8");
  for (const kind of ["sqlite", "postgres", "mysql"]) {
    const app = `jobs-${kind}`;
    await bring(page, app, text.replace('kind = "sqlite"', `kind = "${kind}"`));
    if (kind !== "sqlite") await choose(page, app, kind);
    await work(page, app, kind);
  }
  // What was chosen stands apart from the text: it is the same as before.
  const exported = await page.request.get("/edit/jobs-postgres/export");
  ok((await exported.text()).includes('[uses.main]\nkind = "postgres"'));
  for (const options of WAYS) {
    await page.setViewportSize(options.viewport);
    await page.emulateMedia({ colorScheme: options.colorScheme });
    const sources = await page.request.get("/sources");
    const place = (await sources.text()).match(/\/sources\/[0-9a-f-]{32,36}/)[0];
    for (const path of ["/apps/jobs-mysql?mark=story-%25", "/edit/jobs-mysql/settings", "/sources", place, `${place}/tables`]) {
      await page.goto(path);
      deepEqual(await barriers(page), [], `${path} at ${options.viewport.width}, ${options.colorScheme}`);
      const [wide, width] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      ok(wide <= width, `${path} is ${wide} wide at ${width}`);
      if (process.env.ONSIGHT_PICTURES) {
        const name = path.replace(/[^a-z]+/g, "-");
        await page.screenshot({ path: join(process.env.ONSIGHT_PICTURES, `engines${name}-${options.viewport.width}-${options.colorScheme}.png`), fullPage: true });
      }
    }
  }
  await stopped(page, ports.postgres);
  deepEqual(page.trouble, []);
});

/** Our own table of jobs, from a file. */
async function rows(page) {
  await page.goto("/data/import");
  await page.getByLabel("Drop a file here, or choose one").setInputFiles({ name: "job.csv", mimeType: "text/csv", buffer: Buffer.from(ROWS) });
  await page.waitForURL("**/data/import/*", { timeout: 60_000 });
  await page.getByRole("button", { name: /^Import 1 row/ }).click();
  await page.getByRole("heading", { name: /in job$/ }).waitFor({ timeout: 60_000 });
}

async function connect(page, kind, port, ca) {
  await page.goto("/sources/new");
  const fields = { Name: `Shop ${kind}`, Host: "localhost", Port: String(port), Database: "shop", "Who signs in": "reader", Password: PASSWORDS[kind], "Who signs in to change rows": "writer", "Its password": PASSWORDS[kind], "Certificate of the authority": ca };
  await page.getByLabel("Kind").selectOption(kind);
  await page.getByLabel("How it is secured").selectOption("ca");
  for (const [label, value] of Object.entries(fields)) {
    await page.getByRole("textbox", { name: new RegExp(`^${label}( optional)?$`) }).fill(value);
  }
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("test it now").waitFor();
  await page.getByRole("button", { name: "Test the connection" }).click();
  await page.getByRole("heading", { name: "How far the test came" }).waitFor();
  equal(await page.locator("dl.facts .badge.bad").count(), 0, await page.locator("dl.facts").innerText());
  await page.getByText("as writer").waitFor();
}

async function bring(page, app, text) {
  await page.goto("/apps/new");
  const file = { name: "jobs.toml", mimeType: "application/toml", buffer: Buffer.from(text.replace('id = "jobs"', `id = "${app}"`)) };
  await page.locator("input[type=file]").first().setInputFiles(file);
  await page.getByRole("button", { name: /^Import|^Bring/ }).first().click();
  await page.waitForURL(`**/edit/${app}*`);
  await page.goto(`/edit/${app}/publish`);
  await page.getByRole("button", { name: /^Publish/ }).last().click();
  await page.waitForURL(`**/apps/${app}`);
}

async function choose(page, app, kind) {
  await page.goto(`/edit/${app}/settings`);
  await page.getByLabel(/^main/).selectOption({ label: `Shop ${kind}` });
  await page.getByRole("button", { name: "Ask these" }).click();
  await page.getByText(`It asks Shop ${kind}`).waitFor();
}

/** What somebody does there. */
async function work(page, app, kind) {
  await page.goto(`/apps/${app}?mark=story-%25`);
  for (const [title, hours] of [["Brakes", "2.25"], ["Tyres", "0.75"]]) {
    const form = page.locator("form", { has: page.getByRole("button", { name: "Save" }) });
    await form.getByLabel(/^Title/).fill(title);
    await form.getByLabel(/^Code/).fill(`story-${title}`);
    await form.getByLabel(/^Hours/).fill(hours);
    await form.getByLabel(/^Due/).fill("2026-11-30");
    await form.getByRole("button", { name: "Save" }).click();
    await page.getByRole("cell", { name: title, exact: true }).waitFor();
  }
  await page.getByText("3.00", { exact: true }).first().waitFor();
  await page.getByRole("link", { name: /^Hours/ }).click();
  await page.locator("tbody tr:first-child td:first-child", { hasText: "Tyres" }).waitFor();
  const order = await page.locator("tbody tr td:first-child").allInnerTexts();
  deepEqual(order.slice(0, 2), ["Tyres", "Brakes"], kind);
  await page.getByRole("row", { name: /Tyres/ }).getByRole("button", { name: "Finish" }).click();
  await page.getByRole("row", { name: /Tyres.*(yes|true|✓|1)/i }).waitFor();
  // Twice the same code: the field says so, and nothing is added.
  if (kind !== "sqlite") {
    const form = page.locator("form", { has: page.getByRole("button", { name: "Save" }) });
    await form.getByLabel(/^Title/).fill("Again");
    await form.getByLabel(/^Code/).fill("story-Tyres");
    await form.getByRole("button", { name: "Save" }).click();
    await page.getByText("another entry has that value already").first().waitFor();
    equal(await page.getByRole("cell", { name: "Again", exact: true }).count(), 0);
  }
}

/** A query that somebody cancels ends at the server. */
async function stopped(page, port) {
  const running = async () => {
    const sql = "select count(*) from pg_stat_activity where state = 'active' and query like '%pg_sleep(60)%' and pid <> pg_backend_pid()";
    const args = ["-XAtc", sql, "-h", "127.0.0.1", "-p", String(port), "-U", "reader", "shop"];
    const told = await promisify(execFile)("psql", args, { env: { ...process.env, PGPASSWORD: PASSWORDS.postgres } });
    return Number(told.stdout);
  };
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto("/queries/new");
  await page.getByLabel("Database").selectOption({ label: "Shop postgres, PostgreSQL" });
  await page.waitForLoadState("networkidle");
  await page.locator("onsight-editor").click({ position: { x: 80, y: 14 } });
  await page.keyboard.press("Control+a");
  // Typed over lines that are marked, Chromium wants to keep their look in a style of its own, which the policy refuses.
  await page.keyboard.press("Delete");
  await page.keyboard.insertText("select pg_sleep(60)");
  await page.getByRole("button", { name: /^Run/ }).click();
  while ((await running()) === 0) await page.waitForTimeout(20);
  const clicked = Date.now();
  await page.getByRole("button", { name: "Cancel" }).click();
  while ((await running()) > 0) await page.waitForTimeout(20);
  console.log(`# gone from the server's list ${Date.now() - clicked} ms after the click`);
}
