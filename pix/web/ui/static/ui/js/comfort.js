/* Reading comfort: the panel writes attributes on <html> and remembers them on this device (boot.js reads them back). */
const names = ["text", "spacing", "font", "contrast", "motion"];
const root = document.documentElement;

function keep() {
  const kept = Object.fromEntries(names.filter((name) => root.getAttribute(`data-${name}`)).map((name) => [name, root.getAttribute(`data-${name}`)]));
  try {
    localStorage.setItem("confort", JSON.stringify(kept));
  } catch {
    /* storage refused: the choice lasts as long as the page */
  }
}

function show(form) {
  for (const box of form.querySelectorAll("input")) box.checked = (root.getAttribute(`data-${box.name}`) ?? "") === box.value;
}

export function start(scope) {
  const form = scope.querySelector("[data-comfort]:not([data-live])");
  if (!form) return;
  form.dataset.live = "";
  show(form);
  form.addEventListener("change", (event) => {
    const box = event.target;
    const value = box.type === "checkbox" && !box.checked ? "" : box.value;
    if (value) root.setAttribute(`data-${box.name}`, value);
    else root.removeAttribute(`data-${box.name}`);
    keep();
  });
  form.querySelector("[data-comfort-reset]").addEventListener("click", () => {
    names.forEach((name) => root.removeAttribute(`data-${name}`));
    keep();
    show(form);
  });
}
