/* A form that goes by itself, between two sites that exchange a message; its button stays for whoever has no script. */
export function start(root) {
  const form = root.querySelector("form[data-post-now]");
  if (form && !form.dataset.gone) {
    form.dataset.gone = "1";
    form.submit();
  }
}
