// A PostgreSQL of its own for a story, and the form that connects it.
import { equal } from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { authority, freePort } from "./authority.mjs";
import { folder, follow, launch, person, serve, setUp } from "./support.mjs";

const SERVER = resolve(import.meta.dirname, "../it/sources/server.sh");
const SECRET = "pg-PASSWORT-kanarie";

/** A server of ours that may call a PostgreSQL set up by `sql`, with its first admin at it. */
export async function beside(story, sql) {
  const data = await folder(story);
  const { ca, files } = await authority(data);
  const port = await freePort();
  const child = spawn(SERVER, ["postgres", String(port), files.cert, files.key, sql], { stdio: ["pipe", "pipe", "inherit"] });
  story.after(() => child.stdin.end());
  await new Promise((ready, failed) => {
    child.stdout.on("data", ready);
    child.on("exit", (code) => failed(new Error(`postgres ended with ${code}`)));
  });
  const config = join(data, "onsight.toml");
  await writeFile(config, `[egress]\nallow = ["localhost:${port}"]\n`);
  process.env.ONSIGHT_CONFIG = config;
  story.after(() => delete process.env.ONSIGHT_CONFIG);
  const server = await serve(join(data, "onsight"));
  story.after(() => server.stop());
  const page = await person(await launch(story), server.address);
  await setUp(page, server.code);
  /** What the database itself says. */
  const rows = async (question) => {
    const args = ["-XAtc", question, "-h", "127.0.0.1", "-p", String(port), "-U", "reader", "shop"];
    const told = await promisify(execFile)("psql", args, { env: { ...process.env, PGPASSWORD: SECRET } });
    return told.stdout.trim();
  };
  return { page, port, ca, rows };
}

/** The admin connects it and tests the connection. */
export async function connect(page, { port, ca }, name) {
  await page.goto("/sources/new");
  const fields = { Name: name, Host: "localhost", Port: String(port), Database: "shop", "Who signs in": "reader", Password: SECRET, "Who signs in to change rows": "writer", "Its password": SECRET, "Certificate of the authority": ca };
  await page.getByLabel("Kind").selectOption("postgres");
  await page.getByLabel("How it is secured").selectOption("ca");
  for (const [label, value] of Object.entries(fields)) {
    await page.getByRole("textbox", { name: new RegExp(`^${label}( optional)?$`) }).fill(value);
  }
  await follow(page, page.getByRole("button", { name: "Save" }));
  await follow(page, page.getByRole("button", { name: "Test the connection" }));
  await page.getByRole("heading", { name: "How far the test came" }).waitFor();
  equal(await page.locator("dl.facts .badge.bad").count(), 0, await page.locator("dl.facts").innerText());
}
