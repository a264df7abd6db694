// Passkeys: shown to come in or to prove who one is, and made on the page of second factors.

/** Makes the buttons on this page work; where the browser knows no passkeys they stay hidden. */
function attend() {
  if (!globalThis.PublicKeyCredential) return;
  for (const part of document.querySelectorAll("[data-passkey]")) {
    part.hidden = false;
    part.querySelector("button").addEventListener("click", () => attempt(part, () => show(part)));
  }
  for (const form of document.querySelectorAll("form[data-passkey-new]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      attempt(form, () => make(form));
    }, { capture: true });
  }
}

async function attempt(part, work) {
  const button = part.querySelector("button");
  const fault = part.querySelector("[role=alert]");
  fault.hidden = true;
  button.disabled = true;
  try {
    await work();
  } catch (error) {
    fault.textContent = explain(error);
    fault.hidden = false;
  } finally {
    button.disabled = false;
  }
}

function explain(error) {
  if (error.name === "NotAllowedError") return "Nothing was shown, or it took too long. Try again.";
  if (error.name === "SecurityError") return "The browser allows passkeys only under a name and a certificate it trusts: see the page about the certificate.";
  if (error.name === "InvalidStateError") return "This device has a passkey for you already.";
  return error.message;
}

async function show(part) {
  const { ceremony, asked } = await post("/sign-in/passkey/begin", {});
  const options = asked.publicKey;
  options.challenge = bytes(options.challenge);
  options.allowCredentials = [];
  const shown = await navigator.credentials.get({ publicKey: options });
  const { authenticatorData, clientDataJSON, signature, userHandle } = shown.response;
  await post(part.dataset.passkey, {
    ceremony,
    answer: sent(shown, {
      authenticatorData: text(authenticatorData),
      clientDataJSON: text(clientDataJSON),
      signature: text(signature),
      userHandle: userHandle && text(userHandle),
    }),
  });
  location.assign(part.dataset.then);
}

async function make(form) {
  const begun = await post("/account/passkeys/begin", {}, "/account/factors");
  const options = begun.asked.publicKey;
  options.challenge = bytes(options.challenge);
  options.user.id = bytes(options.user.id);
  for (const known of options.excludeCredentials ?? []) known.id = bytes(known.id);
  const made = await navigator.credentials.create({ publicKey: options });
  await post("/account/passkeys", {
    ceremony: begun.ceremony,
    name: form.elements.namedItem("passkey").value,
    answer: sent(made, {
      attestationObject: text(made.response.attestationObject),
      clientDataJSON: text(made.response.clientDataJSON),
      transports: made.response.getTransports?.() ?? [],
    }),
  });
  location.assign("/account/factors");
}

function sent(credential, response) {
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, extensions: {}, response };
}

// `confirm`: the page to come back to when the server first wants to be sure who it is.
async function post(path, body, confirm) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { accept: "application/json", "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const said = await answer.json();
  if (answer.ok) return said;
  if (answer.status === 401 && confirm) location.assign(`/confirm-it-is-you?then=${encodeURIComponent(confirm)}`);
  throw new Error(sentence(said.detail ?? "That did not work. Try again."));
}

const sentence = (words) => `${words[0].toUpperCase()}${words.slice(1)}${/[.!?]$/.test(words) ? "" : "."}`;

const bytes = (words) =>
  Uint8Array.from(atob(words.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

attend();
