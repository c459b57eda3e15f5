/* A message has just left: its form waits some seconds before another. form[data-again="30"]; the server has its own limits. */
const name = (form) => `again:${form.getAttribute("action") || location.pathname}`;

// A browser that keeps nothing makes nobody wait.
function note(form, at) {
  try {
    if (at) sessionStorage.setItem(name(form), String(at));
    else sessionStorage.removeItem(name(form));
  } catch {}
}

function seconds(form) {
  try {
    const past = (Date.now() - Number(sessionStorage.getItem(name(form)))) / 1000;
    return past < 0 ? 0 : Math.max(0, Math.ceil(Number(form.dataset.again) - past));
  } catch {
    return 0;
  }
}

function wait(form) {
  const button = form.querySelector("[type=submit]");
  const label = button?.querySelector("span");
  if (!label || button.getAttribute("aria-disabled")) return;
  const before = [...label.childNodes];
  const tick = () => {
    const left = seconds(form);
    if (left && form.isConnected) {
      button.setAttribute("aria-disabled", "true");
      label.textContent = form.dataset.againWords.replace("{n}", left);
      setTimeout(tick, 1000);
    } else if (button.hasAttribute("aria-disabled")) {
      button.removeAttribute("aria-disabled");
      label.replaceChildren(...before);
    }
  };
  tick();
}

export function start(root) {
  root.querySelectorAll("form[data-again]:not([data-live])").forEach((form) => {
    form.dataset.live = "";
    // What was refused did not leave: it is mended and sent at once.
    if (document.querySelector(".error-summary, [aria-invalid=true]")) note(form, 0);
    form.addEventListener("submit", (event) => {
      if (!seconds(form)) return note(form, Date.now());
      event.preventDefault();
      event.stopPropagation();
    });
    addEventListener("pageshow", () => wait(form));
    wait(form);
  });
}
