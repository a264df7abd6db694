// The chapter for a first app, followed step by step as its reader would.
import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { PASSWORD, barriers, codeOf, folder, launch, person, serve } from "./support.mjs";
import { read, take, understood } from "./tutorial.mjs";

const CHAPTER = join(import.meta.dirname, "../../docs/tutorial.md");

test("a step in other words is a failure that names its line", () => {
  const { steps, files } = read("# A\n\nKeep this as `a.csv`:\n\n```csv\n1. b\n```\n\n1. Press\n   **Go**.\n2. Try something.\n");

  deepEqual(steps.map(({ line, text }) => [line, text]), [[9, "Press **Go**."], [11, "Try something."]]);
  equal(files["a.csv"], "1. b\n");
  ok(understood(steps[0]));
  throws(() => understood(steps[1]), /line 11: nobody knows how to do “Try something\.”/);
});

test("a control that is not there is a failure that names its line", async (story) => {
  const page = await person(await launch(story), undefined);
  await page.setContent("<main><button>Go on</button><a href='#a'>Twice</a><a href='#b'>Twice</a></main>");
  const desk = { page };

  await take(desk, [{ line: 3, text: "Press **Go on**." }]);
  const twice = await take(desk, [{ line: 4, text: "Press **Twice**." }]).catch((error) => error.message);
  const missing = await take(desk, [{ line: 5, text: "Press **Go**." }]).catch((error) => error.message);

  ok(twice.startsWith("line 4: “Press **Twice**.”: 2 things"), twice);
  ok(missing.startsWith("line 5: “Press **Go**.”: there is no “Go”"), missing);
});

test("the chapter leads from an empty server to an app that a colleague uses", async (story) => {
  const { steps, files } = read(await readFile(CHAPTER, "utf8"));
  ok(steps.length > 40, `${steps.length} steps`);
  const server = await serve(await folder(story));
  story.after(() => server.stop());
  const browser = await launch(story);
  const permissions = ["clipboard-read", "clipboard-write"];
  const ada = await person(browser, server.address, { permissions });
  const pages = [ada];
  const desk = {
    page: ada,
    files,
    code: server.code,
    password: PASSWORD,
    factor: async (page) => codeOf(await page.locator("#seed").innerText()),
    async colleague() {
      pages.push(await person(browser, server.address));
      return pages.at(-1);
    },
  };

  await take(desk, steps);

  equal(pages.length, 2, "a colleague was there");
  for (const path of ["/help", "/help/tutorial", "/help/format", "/help/widgets", "/help/widgets/chart", "/help/widgets/form", "/help/widgets/report"]) {
    for (const width of [1280, 390]) {
      await ada.setViewportSize({ width, height: 900 });
      await ada.goto(path);
      await ada.waitForLoadState("networkidle");
      deepEqual(await barriers(ada), [], `${path} at ${width}`);
      const wide = await ada.evaluate(() => document.documentElement.scrollWidth);
      ok(wide <= width, `${path} is ${wide} wide at ${width}`);
    }
  }
  deepEqual(pages.flatMap((page) => page.trouble), []);
  equal(server.complaints, "");
});
