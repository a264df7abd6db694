// The security policy, seen in a browser: our own pages keep to it everywhere, and what is not ours does not pass.
import assert from "node:assert/strict";
import { test } from "node:test";
import { barriers, folder, launch, person, serve } from "./support.mjs";

async function inside(story) {
  const server = await serve(await folder(story), { command: "demo" });
  story.after(() => server.stop());
  const page = await person(await launch(story), server.address);
  await page.goto(server.said.match(/sign in\s+(\S+)/)[1]);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/apps");
  return page;
}

test("every page that a link leads to keeps to the policy", async (story) => {
  const page = await inside(story);
  const seen = new Set();
  const waiting = ["/apps", "/account", "/account/keys", "/members/keys", "/nowhere", "/search?q=pen"];
  while (waiting.length && seen.size < 80) {
    const path = waiting.shift();
    // Of many pages that differ by their parameters a few are enough.
    const kind = path.replace(/[0-9a-f-]{16,}/g, "…").replace(/\?.*/, "?");
    if (seen.has(kind)) continue;
    seen.add(kind);
    const answer = await page.goto(path).catch((error) => {
      if (!/ERR_ABORTED|Download/.test(error.message)) throw error;
    });
    if (!answer || !(answer.headers()["content-type"] ?? "").startsWith("text/html")) continue;
    const csp = answer.headers()["content-security-policy"];
    assert.match(csp, /require-trusted-types-for 'script'; trusted-types onsight default$/, path);
    await page.waitForTimeout(150);
    const links = await page.locator("a[href^='/']").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
    waiting.push(...links);
  }
  assert.ok(seen.size > 15, [...seen].join(" "));
  assert.deepEqual(page.trouble, []);
});

test("parts that arrive later keep to the policy too", async (story) => {
  const page = await inside(story);
  await page.keyboard.press("Control+k");
  await page.getByRole("searchbox", { name: "queries and people" }).fill("penguins");
  await page.locator("#found a").first().waitFor();
  await page.goto("/data/penguins");
  await page.locator("td[data-edit]").first().dblclick({ timeout: 8000 });
  await page.locator("td.editing").waitFor();
  assert.deepEqual(page.trouble, []);
});

test("a text with a script in it does not become a page", async (story) => {
  const page = await inside(story);
  const tried = await page.evaluate(() => {
    const attempts = {
      handler: (box) => (box.innerHTML = "<img src=x onerror='globalThis.hit = 1'>"),
      script: (box) => (box.innerHTML = "<script>globalThis.hit = 1<\/script>"),
      foreign: (box) => (box.innerHTML = "<script src='https://evil.example/x.js'><\/script>"),
      link: (box) => (box.innerHTML = "<a href=' java\nscript:alert(1)'>x</a><a href='javascript:alert(1)'>x</a>"),
      frame: (box) => (box.innerHTML = "<iframe srcdoc='<p>x</p>'></iframe>"),
      nested: (box) => (box.innerHTML = "<template><b onclick='globalThis.hit = 1'>x</b></template>"),
      adjacent: (box) => box.insertAdjacentHTML("beforeend", "<b onclick='globalThis.hit = 1'>x</b>"),
      parser: () => new DOMParser().parseFromString("<b onclick='1'>x</b>", "text/html"),
      address: () => (document.createElement("script").src = "/assets/x.js"),
      policy: () => trustedTypes.createPolicy("mine", { createHTML: (html) => html }),
      again: () => trustedTypes.createPolicy("onsight", { createHTML: (html) => html }),
    };
    const passed = [];
    for (const [name, attempt] of Object.entries(attempts)) {
      try {
        attempt(document.createElement("div"));
        passed.push(name);
      } catch (error) {
        if (!(error instanceof TypeError)) passed.push(`${name}: ${error}`);
      }
    }
    const box = document.createElement("div");
    box.innerHTML = "<p class='muted'>1 &lt; 2</p>";
    return { passed, hit: globalThis.hit ?? 0, fine: box.textContent };
  });
  assert.deepEqual(tried, { passed: [], hit: 0, fine: "1 < 2" });
});

test("the pages of the edges have no barriers", async (story) => {
  const page = await inside(story);
  for (const path of ["/account/keys", "/members/keys", "/security"]) {
    await page.goto(path);
    assert.deepEqual(await barriers(page), [], path);
  }
  await page.goto("/account/keys");
  await page.getByLabel("Name").fill("Excel");
  await page.getByLabel("Only from these networks").fill("10.0.0.5/8");
  await page.getByRole("button", { name: "Make a key" }).click();
  await page.getByText("is no network").waitFor();
  await page.getByLabel("Only from these networks").fill("10.0.0.0/8");
  await page.getByRole("button", { name: "Make a key" }).click();
  assert.match(await page.locator("#made-key").innerText(), /^onsight_\S{43}$/);
  assert.deepEqual(await barriers(page), []);
  assert.deepEqual(page.trouble, []);
});
