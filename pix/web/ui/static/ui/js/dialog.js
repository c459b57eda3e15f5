/* Native windows: open, close, give the focus back; the browser keeps the focus inside and listens to Escape. */
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog-open]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialogOpen);
    if (!dialog?.showModal) return;
    event.preventDefault();
    opener.closest("details[data-menu]")?.removeAttribute("open");
    dialog.showModal();
    const back = opener.closest("details[data-menu]")?.querySelector("summary") ?? opener;
    dialog.addEventListener("close", () => back.isConnected && back.focus(), { once: true });
    return;
  }
  const closer = event.target.closest("[data-dialog-close]");
  if (closer) closer.closest("dialog")?.close();
  // A click on the veil: the target is the dialog itself and the point lies outside its box.
  if (event.target instanceof HTMLDialogElement && event.target.open) {
    const box = event.target.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) event.target.close();
  }
});

export function start(root) {
  const now = root.querySelector("dialog[data-dialog-now]");
  now?.removeAttribute("data-dialog-now");
  now?.showModal?.();
}
