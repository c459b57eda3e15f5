/* Lines chosen in a table: the whole column at once, how many in words, and no sending of nothing. */
const boxes = (form) => [...document.querySelectorAll(`input[type=checkbox][form="${form.id}"]`)];

function tell(form) {
  const all = boxes(form);
  const count = all.filter((box) => box.checked).length;
  const line = form.querySelector("[data-selection-count]");
  line.dataset.none ??= line.textContent;
  line.textContent = count ? (count > 1 ? form.dataset.several : form.dataset.one).replace("{count}", count) : line.dataset.none;
  form.querySelectorAll("button").forEach((button) => (button.disabled = !count));
  for (const box of all) box.closest("tr")?.setAttribute("aria-selected", String(box.checked));
  const top = document.querySelector(`[data-select-all="${form.id}"]`);
  if (!top) return;
  top.checked = count > 0 && count === all.length;
  top.indeterminate = count > 0 && count < all.length;
}

document.addEventListener("change", (event) => {
  const box = event.target;
  const form = document.getElementById(box.dataset?.selectAll ?? "") ?? box.form;
  if (!form?.matches("[data-selection]")) return;
  if (box.dataset.selectAll) for (const one of boxes(form)) one.checked = box.checked;
  tell(form);
});

export function start(root) {
  root.querySelectorAll("[data-selection]").forEach(tell);
}

// The back button brings boxes back as they were, after the script has run.
addEventListener("pageshow", () => document.querySelectorAll("[data-selection]").forEach(tell));
