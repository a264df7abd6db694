// Surveys in the field: a server with somebody who makes them, and a line to it that can be cut.
import { deepEqual } from "node:assert/strict";
import { connect, createServer } from "node:net";
import { basename } from "node:path";
import { barriers, folder, launch, person, serve, setUp } from "./support.mjs";

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
  await page.getByRole("button", { name: "Bring the survey" }).click();
  await page.waitForLoadState();
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
