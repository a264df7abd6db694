// Passkeys, with Chromium's virtual authenticator: made, used alone, removed. A host that is a
// number has none and says so.
import assert from "node:assert/strict";
import { test } from "node:test";
import { barriers, folder, launch, person, serve, setUp } from "./support.mjs";

test("a passkey is made, signs in by itself, and is worthless once removed", async (story) => {
  const server = await serve(await folder(story));
  story.after(() => server.stop());
  const address = server.address.replace("127.0.0.1", "localhost");
  const browser = await launch(story);
  const ada = await person(browser, address);
  const devices = await ada.context().newCDPSession(ada);
  await devices.send("WebAuthn.enable");
  const { authenticatorId } = await devices.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2", transport: "internal", hasResidentKey: true,
      hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true,
    },
  });
  await setUp(ada, server.code);

  await ada.goto("/account/factors");
  await ada.getByLabel("Name of a new passkey").fill("My laptop");
  await ada.getByRole("button", { name: "Make a passkey" }).click();
  await ada.getByLabel("Name of My laptop").waitFor();
  assert.deepEqual(await barriers(ada), []);
  const { credentials } = await devices.send("WebAuthn.getCredentials", { authenticatorId });
  assert.equal(credentials.length, 1);
  assert.equal(credentials[0].rpId, "localhost");

  await ada.getByLabel("Name of My laptop").fill("Work laptop");
  await ada.getByRole("button", { name: "Rename" }).click();
  await ada.getByLabel("Name of Work laptop").waitFor();

  await signOut(ada);
  await ada.getByRole("button", { name: "Use a passkey" }).click();
  await ada.waitForURL("**/apps");
  await ada.goto("/account");
  await ada.getByRole("cell", { name: "passkey", exact: true }).waitFor();

  // A finger that is not recognised opens nothing.
  await signOut(ada);
  await devices.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false });
  await ada.getByRole("button", { name: "Use a passkey" }).click();
  await ada.getByRole("alert").filter({ hasText: /\S/ }).waitFor();
  await devices.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: true });
  await ada.getByRole("button", { name: "Use a passkey" }).click();
  await ada.waitForURL("**/apps");

  // Removed here, it is still on the device, and of no use.
  await ada.goto("/account/factors");
  await ada.getByRole("row", { name: /localhost/ }).getByRole("button", { name: "Remove" }).click();
  await ada.getByRole("dialog").getByRole("button", { name: "Remove the passkey" }).click();
  await ada.getByText("Passkey Work laptop removed").waitFor();
  await signOut(ada);
  await ada.getByRole("button", { name: "Use a passkey" }).click();
  await ada.getByText("The passkey was refused").waitFor();

  const elsewhere = await person(browser, server.address);
  await elsewhere.goto("/sign-in");
  assert.equal(await elsewhere.getByRole("button", { name: "Use a passkey" }).count(), 0);
  assert.deepEqual([...ada.trouble, ...elsewhere.trouble], []);
});

async function signOut(page) {
  await page.getByRole("button", { name: /Ada Lovelace/ }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL("**/sign-in");
}
