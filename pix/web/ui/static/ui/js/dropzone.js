/* File zone: drag and drop over a plain file input, name and weight of the file, progress when the form is « data-upload ». */
const weight = (size) => (size < 1e6 ? `${Math.ceil(size / 1000)} ko` : `${(size / 1e6).toFixed(1).replace(".", ",")} Mo`);

function send(form, zone) {
  const bar = zone.querySelector("progress");
  const line = zone.querySelector("[data-dropzone-name]");
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) bar.value = (100 * event.loaded) / event.total;
  });
  request.upload.addEventListener("load", () => (line.textContent = zone.dataset.checking));
  request.addEventListener("load", () => {
    // The server answers by a redirection (done) or by the page with its errors: both are shown as they are.
    if (request.responseURL !== form.action) return location.assign(request.responseURL);
    document.open();
    document.write(request.responseText);
    document.close();
  });
  request.addEventListener("error", () => form.submit());
  bar.hidden = false;
  line.textContent = zone.dataset.sending;
  request.send(new FormData(form));
}

export function start(root) {
  root.querySelectorAll("[data-dropzone]:not([data-live])").forEach((zone) => {
    zone.dataset.live = "";
    const input = zone.querySelector("input[type=file]");
    const line = zone.querySelector("[data-dropzone-name]");
    const show = () => (line.textContent = [...input.files].map((file) => `${file.name} (${weight(file.size)})`).join(", "));
    for (const name of ["dragenter", "dragover"]) {
      zone.addEventListener(name, (event) => {
        event.preventDefault();
        zone.classList.add("is-over");
      });
    }
    for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => zone.classList.remove("is-over"));
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      if (!event.dataTransfer.files.length) return;
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
    input.addEventListener("change", show);
    const form = zone.closest("form[data-upload]");
    form?.addEventListener("submit", (event) => {
      event.preventDefault();
      send(form, zone);
    });
  });
}
