// Pictures of pages: node look.mjs OUT ADDRESS LINK PATH... (both sizes, both themes); says which page is wider than its window.
import { chromium } from "playwright-core";

const [out, address, link, ...paths] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const context = await browser.newContext({ baseURL: address, ignoreHTTPSErrors: true, locale: "en-GB" });
const page = await context.newPage();
if (link !== "-") {
  await page.goto(link);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForLoadState();
}
for (const path of paths) {
  for (const [width, height] of [[1280, 900], [390, 844]]) {
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height });
      await page.goto(path);
      await page.waitForTimeout(400);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      if (wide > width) {
        console.error(`${path} is ${wide} wide at ${width}`);
        process.exitCode = 1;
      }
      const name = `${path.replace(/[^a-z0-9]+/gi, "-").replace(/^-|-$/g, "") || "start"}-${width}-${colorScheme}.png`;
      await page.screenshot({ path: `${out}/${name}`, fullPage: height < 900 });
    }
  }
}
await browser.close();
