// What was acknowledged is there: the server is killed in the middle of a
// thousand posts, twenty times, and every row it said yes to is found again.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { Agent, request } from "node:https";
import { test } from "node:test";
import { folder, onsight, serve } from "./support.mjs";

const ROUNDS = 20;
const POSTS = 1000;
const AT_ONCE = 64;

/** One request; `null` when the connection broke. */
function ask(agent, address, method, path, { cookie = "", form } = {}) {
  const body = form ? new URLSearchParams(form).toString() : "";
  return new Promise((done) => {
    const asked = request(address + path, {
      agent, method, rejectUnauthorized: false,
      headers: {
        cookie,
        ...(method === "POST" && {
          "content-type": "application/x-www-form-urlencoded",
          "content-length": Buffer.byteLength(body),
        }),
      },
    }, (answer) => {
      let text = "";
      answer.on("data", (piece) => (text += piece));
      answer.on("end", () => done({ status: answer.statusCode, headers: answer.headers, text }));
      answer.on("error", () => done(null));
    });
    asked.on("error", () => done(null));
    asked.end(body);
  });
}

async function signIn(agent, data, address) {
  const link = (await onsight(data, "user", "link", "demo@example.org")).trim();
  const answer = await ask(agent, address, "POST", link.slice(link.indexOf("/link/")), { form: {} });
  assert.equal(answer.status, 303);
  return answer.headers["set-cookie"].find((one) => one.startsWith("__Host-session")).split(";")[0];
}

/** The records of rows that were added, once no more arrive in the chain. */
async function trail(agent, address, cookie) {
  for (let before = -1; ;) {
    const { text } = await ask(agent, address, "GET", "/audit/export/ndjson?object=penguins%2Fadd", { cookie });
    const found = text.trim().split("\n").map((line) => JSON.parse(line)).filter((row) => row.row === "record");
    if (found.length === before) return found;
    before = found.length;
    await new Promise((done) => setTimeout(done, 1000));
  }
}

test("every acknowledged row survives being killed", { timeout: 600_000 }, async (story) => {
  const data = await folder(story);
  const acknowledged = new Map();
  let next = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const server = await serve(data, { command: "demo" });
    story.after(() => server.child.kill("SIGKILL"));
    const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
    const cookie = await signIn(agent, data, server.address);
    const until = acknowledged.size + 1 + Math.floor(Math.random() * (POSTS - AT_ONCE));
    let killed;
    const posts = Array.from({ length: POSTS }, async () => {
      const mass = (next += 1);
      const form = {
        _page: "new", _widget: "form", _at: "", _once: randomUUID().replaceAll("-", ""), species: "Adelie",
        island: "Dream", body_mass_g: mass, year: 3000,
      };
      const answer = await ask(agent, server.address, "POST", "/apps/penguins/run/add", { cookie, form });
      if (answer?.status === 303) acknowledged.set(mass, round);
      else if (answer) assert.fail(`${answer.status}: ${answer.text.match(/<main[^]*<\/main>/)?.[0].slice(0, 500)}`);
      if (acknowledged.size >= until) killed ??= server.stop("SIGKILL");
    });
    await Promise.all(posts);
    await (killed ?? server.stop("SIGKILL"));
    agent.destroy();
  }

  // The demo's admin has no second factor, which only a demo lets pass.
  const server = await serve(data, { command: "demo" });
  story.after(() => server.stop());
  const agent = new Agent({ keepAlive: true });
  const cookie = await signIn(agent, data, server.address);
  const { text } = await ask(agent, server.address, "GET", "/data/penguins/export.csv", { cookie });
  const records = await trail(agent, server.address, cookie);
  agent.destroy();
  const [head, ...rows] = text.trim().split("\r\n").map((line) => line.split(","));
  const [mass, year, island] = ["body_mass_g", "year", "island"].map((name) => head.indexOf(name));
  const found = rows.filter((row) => row[year] === "3000");
  const masses = found.map((row) => Number(row[mass]));
  const lost = [...acknowledged.keys()].filter((one) => !masses.includes(one));
  assert.deepEqual(lost, [], "acknowledged and not there");
  assert.equal(new Set(masses).size, masses.length, "a row came twice");
  assert.ok(found.every((row) => row[island] === "Dream"), "half a row");
  assert.ok(acknowledged.size > ROUNDS * 10, `${acknowledged.size} rows were acknowledged`);
  // Each row has its record and each record its row, whatever was acknowledged.
  assert.equal(records.length, found.length, "rows and records");
  assert.equal(new Set(records.map((one) => one.seq)).size, records.length);
  await server.stop();
  assert.match(await onsight(data, "audit", "verify"), /whole up to record/);
  assert.match(await onsight(data, "check"), /chain: .* whole/);
  story.diagnostic(`${acknowledged.size} acknowledged in ${ROUNDS} rounds, ${found.length} there, none lost`);
});
