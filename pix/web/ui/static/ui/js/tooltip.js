/* Help bubbles: CSS shows them on hover and focus; here Escape closes, and a bubble near an edge stays on the screen. */
function place(bubble) {
  bubble.classList.remove("at-start", "at-end");
  const box = bubble.getBoundingClientRect();
  if (box.left < 8) bubble.classList.add("at-start");
  else if (box.right > document.documentElement.clientWidth - 8) bubble.classList.add("at-end");
}

function arrive(event) {
  const tip = event.target.closest?.("[data-tooltip]");
  if (!tip) return;
  tip.classList.remove("is-closed");
  place(tip.querySelector("[role=tooltip]"));
}

document.addEventListener("focusin", arrive);
document.addEventListener("pointerover", arrive);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  document.querySelectorAll("[data-tooltip]:is(:hover, :focus-within)").forEach((tip) => tip.classList.add("is-closed"));
});
