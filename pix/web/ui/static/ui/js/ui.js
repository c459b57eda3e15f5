/* The one entry: loads a module the first time its attribute is met, on the page or in a fragment that htmx brings. */
const parts = {
  "[data-copy]": () => import("./copy.js"),
  "dialog": () => import("./dialog.js"),
  "[data-combobox]": () => import("./combobox.js"),
  "[data-dropzone]": () => import("./dropzone.js"),
  "[data-comfort]": () => import("./comfort.js"),
  "[data-tooltip]": () => import("./tooltip.js"),
  "[data-menu], [popover]": () => import("./menu.js"),
  "[data-toasts]": () => import("./toast.js"),
  "[data-post-now]": () => import("./post_now.js"),
  "[data-selection]": () => import("./selection.js"),
  "[data-file]": () => import("./file.js"),
  "[data-timer]": () => import("./timer.js"),
  "[data-passkey]": () => import("./passkey.js"),
  "[data-again]": () => import("./again.js"),
  "[data-password-rule]": () => import("./password.js"),
  "form[method=post], [data-print], [data-once], [data-count-for], [data-reveal], [data-focus], [data-submit-on-change]": () => import("./form.js"),
};

function wake(root) {
  for (const [selector, load] of Object.entries(parts)) {
    if (root.matches?.(selector) || root.querySelector(selector)) {
      load().then((module) => module.start?.(root)).catch((error) => console.error(selector, error));
    }
  }
}

wake(document);
document.addEventListener("htmx:load", (event) => wake(event.detail.elt.parentElement ?? document));
