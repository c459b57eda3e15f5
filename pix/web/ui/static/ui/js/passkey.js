/* Asks the browser for a passkey when its form is sent, then sends the answer: [data-passkey="create" or "get"]. */
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
const known = (list = []) => list.map((one) => ({ ...one, id: bytes(one.id) }));

async function ask(kind, { publicKey }) {
  const options = { ...publicKey, challenge: bytes(publicKey.challenge) };
  if (kind === "create") {
    options.user = { ...options.user, id: bytes(options.user.id) };
    options.excludeCredentials = known(options.excludeCredentials);
  } else {
    options.allowCredentials = known(options.allowCredentials);
  }
  const key = await navigator.credentials[kind]({ publicKey: options });
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (key.response[part]) response[part] = text(key.response[part]);
  }
  return { id: key.id, rawId: text(key.rawId), type: key.type, response };
}

function why(error, words) {
  if (!window.isSecureContext || !window.PublicKeyCredential || error.name === "SecurityError") return words.impossible;
  return error.name === "InvalidStateError" ? words.known : words.refused;
}

export function start(root) {
  root.querySelectorAll("[data-passkey]:not([data-live])").forEach((field) => {
    const { form } = field;
    const voice = form.querySelector("[data-passkey-voice]");
    let asking = false;
    field.dataset.live = "";
    // A page that comes back from the browser's memory must not send an old answer again.
    addEventListener("pageshow", () => (field.value = ""));
    form.addEventListener("submit", async (event) => {
      if (field.value) return;
      event.preventDefault();
      if (asking) return;
      asking = true;
      const button = event.submitter;
      button?.setAttribute("aria-busy", "true");
      voice.hidden = true;
      try {
        field.value = JSON.stringify(await ask(field.dataset.passkey, JSON.parse(field.dataset.options)));
        form.submit();
      } catch (error) {
        voice.lastElementChild.textContent = why(error, voice.dataset);
        voice.hidden = false;
      }
      asking = false;
      button?.removeAttribute("aria-busy");
    });
  });
}
