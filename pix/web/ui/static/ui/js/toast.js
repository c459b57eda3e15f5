/* Small confirmations. Never the only place for an error: they leave after eight seconds, unless read or pointed at. */
const region = () => document.querySelector("[data-toasts]");

function live(item) {
  let rest = setTimeout(() => item.remove(), 8000);
  const hold = () => clearTimeout(rest);
  const leave = () => (rest = setTimeout(() => item.remove(), 4000));
  item.addEventListener("pointerenter", hold);
  item.addEventListener("pointerleave", leave);
  item.addEventListener("focusin", hold);
  item.addEventListener("focusout", leave);
  item.querySelector("[data-toast-close]")?.addEventListener("click", () => item.remove());
}

export function toast(text, kind = "success") {
  const model = document.querySelector("[data-toast-template]");
  if (!model || !region()) return;
  const item = model.content.firstElementChild.cloneNode(true);
  item.querySelector("p").textContent = text;
  const use = item.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, "#" + ({ warning: "alert", error: "error", info: "info" }[kind] ?? "success")));
  region().append(item);
  live(item);
}

export function start(root) {
  root.querySelectorAll("[data-toast]:not([data-live])").forEach((item) => {
    item.dataset.live = "";
    live(item);
  });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-toast-say]");
  if (button) toast(button.dataset.toastSay);
});
document.addEventListener("ui:toast", (event) => toast(event.detail.text, event.detail.kind));
