/* Copies data-copy; the button says so for two seconds, a live region too. */
let voice;

function say(text) {
  voice ??= document.body.appendChild(Object.assign(document.createElement("p"), { className: "sr-only" }));
  voice.setAttribute("role", "status");
  voice.textContent = text;
}

async function put(text) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  // Plain http of a school network: no clipboard API. A dialog traps selection, so the field goes inside the open one.
  const field = Object.assign(document.createElement("textarea"), { value: text, readOnly: true, className: "sr-only" });
  (document.querySelector("dialog[open]") ?? document.body).append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  if (!done) throw new Error("copy refused");
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button || button.classList.contains("is-done")) return;
  const label = button.querySelector("span");
  const before = label.textContent;
  try {
    await put(button.dataset.copy);
    label.textContent = button.dataset.copied;
    button.classList.add("is-done");
    say(button.dataset.copied);
  } catch {
    label.textContent = button.dataset.copy;
  }
  button.focus();
  setTimeout(() => {
    label.textContent = before;
    button.classList.remove("is-done");
  }, 2000);
});
