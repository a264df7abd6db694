// Surveys in the field: a server with somebody who makes them, and a line to it that can be cut.
import { deepEqual, equal } from "node:assert/strict";
import { connect, createServer } from "node:net";
import { basename } from "node:path";
import { barriers, folder, follow, launch, person, serve, setUp } from "./support.mjs";

export const DESK = { viewport: { width: 1280, height: 900 } };
export const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };

/** A server with somebody who makes surveys. */
export async function instance(story) {
  const server = await serve(await folder(story));
  story.after(() => server.stop());
  const browser = await launch(story);
  const page = await person(browser, server.address);
  await setUp(page, server.code);
  return { browser, server, page };
}

/** Brings a file and the pictures it names, publishes what came of it, gives its id. */
export async function publish(page, file, pictures = []) {
  await page.goto("/surveys/new");
  await page.locator("#file").setInputFiles(file);
  await follow(page, page.getByRole("button", { name: "Bring the survey" }));
  const path = page.url().includes("/edit") ? page.url() : await page.locator("main a[href$='/edit']").first().getAttribute("href");
  const id = path.match(/\/surveys\/([^/]+)\/edit/)[1];
  deepEqual(await barriers(page), [], `after ${basename(file)}`);
  if (pictures.length > 0) {
    await page.goto(`/surveys/${id}/assets`);
    deepEqual(await barriers(page), [], `assets of ${basename(file)}`);
    await page.locator("#file").setInputFiles(pictures);
    await page.getByRole("button", { name: "Bring them" }).click();
    await page.getByText(pictures.at(-1).name, { exact: true }).waitFor();
    deepEqual(await barriers(page), [], `assets of ${basename(file)}`);
  }
  await page.goto(`/surveys/${id}/publish`);
  await page.getByRole("button", { name: /Publish version/ }).click();
  await page.getByText("live", { exact: true }).waitFor();
  return id;
}

/** The rows of "CSV with codes" of all who began, without what guards against formulas. */
export async function exported(page, id) {
  const answer = await page.request.get(`/surveys/${id}/exports/csv?which=all&lang=en`);
  equal(answer.status(), 200);
  const [head, ...rows] = cells((await answer.text()).replace(/^\ufeff/, ""));
  return rows.map((row) => Object.fromEntries(head.map((name, at) => [name, row[at].replace(/^'(?=[=+\-@])/, "")])));
}

/** RFC 4180. */
function cells(text) {
  const rows = [[""]];
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    const row = rows.at(-1);
    if (quoted && letter === '"' && text[at + 1] === '"') row[row.length - 1] += text[(at += 1)];
    else if (letter === '"') quoted = !quoted;
    else if (!quoted && letter === ",") row.push("");
    else if (!quoted && letter === "\n") rows.push([""]);
    else if (quoted || letter !== "\r") row[row.length - 1] += letter;
  }
  return rows.filter((row) => row.length > 1);
}

/**
 * A line to a server that can be cut, as a network is: nothing gets through any more, and nobody is told. `mend` makes it
 * whole; what was open when it was cut is not there any more.
 */
export async function cable(story, address) {
  const to = new URL(address);
  const ends = new Set();
  let isCut = false;
  const hold = (end) => {
    ends.add(end);
    end.on("error", () => {});
    end.on("close", () => ends.delete(end));
  };
  const door = createServer((near) => {
    hold(near);
    if (isCut) return near.pause();
    const far = connect(to.port, to.hostname);
    hold(far);
    for (const [one, other] of [[near, far], [far, near]]) {
      one.on("data", (bytes) => isCut || other.write(bytes));
      one.on("end", () => isCut || other.end());
    }
  });
  await new Promise((ready) => door.listen(0, "127.0.0.1", ready));
  story.after(() => {
    for (const end of ends) end.destroy();
    door.close();
  });
  return {
    address: `https://127.0.0.1:${door.address().port}`,
    cut() {
      isCut = true;
    },
    mend() {
      isCut = false;
      for (const end of ends) end.destroy();
    },
  };
}
