// Second factors by an authenticator app: the way in, recovery, the lock before what matters.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PASSWORD, barriers, codeOf, folder, launch, person, serve, setUp } from "./support.mjs";

async function halfIn(page) {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail address").fill("ada@example.org");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "One more step" }).waitFor();
}

test("an app's code opens once, and a recovery code helps who lost the app", async (story) => {
  const server = await serve(await folder(story));
  story.after(() => server.stop());
  const browser = await launch(story);
  const ada = await person(browser, server.address);
  const { seed, codes } = await setUp(ada, server.code);
  assert.equal(codes.length, 10);

  const elsewhere = await person(browser, server.address, { viewport: { width: 390, height: 844 } });
  await halfIn(elsewhere);
  assert.deepEqual(await barriers(elsewhere), []);
  await elsewhere.goto("/members");
  await elsewhere.waitForURL("**/sign-in?then=*");

  // The step of the enrolment is used up; the next one is within the window.
  await halfIn(elsewhere);
  const code = codeOf(seed, 1);
  await elsewhere.getByLabel("Code").fill(code);
  await elsewhere.getByRole("button", { name: "Go on" }).click();
  await elsewhere.waitForURL("**/apps");

  const third = await person(browser, server.address);
  await halfIn(third);
  await third.getByLabel("Code").fill(code);
  await third.getByRole("button", { name: "Go on" }).click();
  await third.getByText("used before").waitFor();
  await third.getByLabel("Code").fill(codes[0]);
  await third.getByRole("button", { name: "Go on" }).click();
  await third.waitForURL("**/apps");

  for (const path of ["/account", "/account/factors", "/sign-in-rules"]) {
    await third.goto(path);
    assert.deepEqual(await barriers(third), [], path);
  }
  await third.goto("/account/factors");
  await third.getByText("9 left").waitFor();
  await third.goto("/account");
  await third.getByText("password+recovery").waitFor();
  assert.deepEqual([...ada.trouble, ...elsewhere.trouble, ...third.trouble], []);
});
