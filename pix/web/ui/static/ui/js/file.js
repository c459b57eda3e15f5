/* A form whose answer is a file: saved, then said, and the page stays. What is refused is shown as the server says it. */
import { toast } from "./toast.js";

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-file]");
  if (!form) return;
  event.preventDefault();
  if (form.dataset.sent) return;
  form.dataset.sent = "1";
  event.submitter?.setAttribute("aria-busy", "true");
  try {
    const body = new FormData(form, event.submitter);
    const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
    const name = /filename\*=UTF-8''([^;]+)/.exec(answer.headers.get("Content-Disposition") ?? "");
    if (answer.ok && name) {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await answer.blob());
      link.download = decodeURIComponent(name[1]);
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60000);
      toast(form.dataset.file);
    } else {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
      const main = document.querySelector("main");
      if (page && main) {
        main.replaceChildren(...page.childNodes);
        main.focus();
      } else toast(form.dataset.fileAgain, "error");
    }
  } catch {
    toast(form.dataset.fileAgain, "error");
  }
  delete form.dataset.sent;
  event.submitter?.removeAttribute("aria-busy");
});

export function start() {}
