// Passkeys and recovery codes: the browser's part of signing in. Forms stay hidden where the browser knows no passkeys.
const isAble = Boolean(window.isSecureContext && navigator.credentials && window.PublicKeyCredential);

function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

function text(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}

const described = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

async function made(options) {
  const { publicKey } = options;
  const credential = await navigator.credentials.create({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      user: { ...publicKey.user, id: bytes(publicKey.user.id) },
      excludeCredentials: described(publicKey.excludeCredentials),
    },
  });
  const { response } = credential;
  return {
    type: credential.type,
    id: credential.id,
    rawId: text(credential.rawId),
    authenticatorAttachment: credential.authenticatorAttachment,
    response: {
      clientDataJSON: text(response.clientDataJSON),
      attestationObject: text(response.attestationObject),
      transports: response.getTransports?.() || [],
    },
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function got(options) {
  const { publicKey } = options;
  const credential = await navigator.credentials.get({
    publicKey: { ...publicKey, challenge: bytes(publicKey.challenge), allowCredentials: described(publicKey.allowCredentials) },
  });
  const { response } = credential;
  return {
    type: credential.type,
    id: credential.id,
    rawId: text(credential.rawId),
    response: {
      clientDataJSON: text(response.clientDataJSON),
      authenticatorData: text(response.authenticatorData),
      signature: text(response.signature),
      userHandle: response.userHandle ? text(response.userHandle) : null,
    },
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function optionsOf(form, submitter) {
  const { options } = form.dataset;
  if (!options) return JSON.parse(document.getElementById("passkey-options").textContent);
  const alone = submitter?.name === "alone" ? `?alone=${submitter.value}` : "";
  const answer = await fetch(options + alone, { credentials: "same-origin", headers: { Accept: "application/json" } });
  if (!answer.ok || answer.redirected) throw new Error(`options: ${answer.status}`);
  return answer.json();
}

async function ask(form, submitter) {
  const failed = form.querySelector("[data-passkey-failed]");
  failed.hidden = true;
  const buttons = [...form.querySelectorAll("button")];
  for (const button of buttons) button.disabled = true;
  try {
    const options = await optionsOf(form, submitter);
    const credential = form.dataset.passkey === "create" ? await made(options) : await got(options);
    (form.elements.credential || form.elements["confirm-credential"]).value = JSON.stringify(credential);
    delete form.dataset.dirty;
    form.submit();
  } catch {
    failed.hidden = false;
    for (const button of buttons) button.disabled = false;
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.passkey) return;
  event.preventDefault();
  ask(form, event.submitter);
}, true);

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-save]");
  if (!button) return;
  const lines = [...document.querySelectorAll(`${button.dataset.save} li`)].map((line) => line.textContent);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([`${location.host}\n\n${lines.join("\n")}\n`], { type: "text/plain" }));
  link.download = button.dataset.file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
});

if (isAble) {
  for (const form of document.querySelectorAll("form[data-passkey]")) form.hidden = false;
  for (const button of document.querySelectorAll("[data-passkey-button]")) button.hidden = false;
  for (const words of document.querySelectorAll("[data-passkey-missing]")) words.hidden = true;
}

// The answer of a provider goes on by itself; the button is for browsers without scripts.
document.querySelector("form[data-go-on]")?.submit();

// So does the way to a provider at which somebody signs out; going back must not lead there again.
const onward = document.querySelector("a[data-go-on]");
if (onward) window.location.replace(onward.href);

// Proof given to a provider in a tab of its own: the form that waits in this one goes on.
const proofs = new BroadcastChannel("guanxi-confirmed");
proofs.addEventListener("message", () => document.querySelector("form[data-when-confirmed]")?.submit());
if (document.querySelector("[data-confirmed]")) {
  proofs.postMessage("confirmed");
  window.close();
}
