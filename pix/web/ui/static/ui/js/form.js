/* Small manners of forms: print, one sending only, characters left, show a password, focus on the errors, filter at once. */
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
  const eye = event.target.closest("[data-reveal]");
  if (eye) {
    const field = document.getElementById(eye.dataset.reveal);
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    eye.setAttribute("aria-pressed", String(shown));
    const use = eye.querySelector("use");
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, shown ? "#eye-off" : "#eye"));
  }
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  const once = form.matches("[data-once]");
  // Other forms that are posted: the second of a double click only, since what comes may be a file, and the page stays.
  // An answer to a question, and a form answered by a file, have a script of their own.
  if (!once && (event.defaultPrevented || !form.matches("[method=post]:not([data-answer], [data-file])"))) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
  event.submitter?.setAttribute("aria-busy", "true");
  if (!once) setTimeout(() => again(form), 2000);
});

function again(form) {
  delete form.dataset.sent;
  form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
}

// The page comes back from the browser's memory (back button), or the network failed: the form may be sent again.
function free() {
  document.querySelectorAll("[data-sent]").forEach(again);
}
for (const name of ["pageshow", "htmx:sendError", "htmx:responseError"]) addEventListener(name, free);

document.addEventListener("change", (event) => event.target.closest("[data-submit-on-change]")?.form?.requestSubmit());

export function start(root) {
  root.querySelectorAll("[data-count-for]:not([data-live])").forEach((line) => {
    const field = document.getElementById(line.dataset.countFor);
    line.dataset.live = "";
    const show = () => {
      line.textContent = `${field.value.length} / ${field.maxLength}`;
      line.classList.toggle("is-near", field.value.length > field.maxLength * 0.9);
    };
    field.addEventListener("input", show);
    show();
  });
  root.querySelector("[data-focus]")?.focus();
}
