// The question page on a bad network: the answer is kept in the page, sent again until it is received, once.
// The server gives the first outcome to a second sending, so trying again is always safe.

const KEPT = "pix:answer:";
const PAUSES = [1500, 3000, 5000, 8000, 12000];
const PATIENCE = 20000;
const SECOND_CLICK = 400;
// A refusal that comes back as often is not the network: the answer itself cannot be taken.
const REFUSALS = 3;
const BUSY = [429, 502, 503, 504];

let sending = false;
let waiting = null;
let timer = 0;
let shownAt = -SECOND_CLICK;

const place = () => document.getElementById("question");

// A file is kept as ``{name, type, base64}``: two megabytes at most, which the storage holds.
async function portable(value) {
  if (typeof value === "string") return value.length < 200000 ? value : null;
  if (!value.size || value.size > 2097152) return null;
  const bytes = new Uint8Array(await value.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return { name: value.name, type: value.type, base64: btoa(text) };
}

function restored(value) {
  if (typeof value === "string") return value;
  return new File([Uint8Array.from(atob(value.base64), (sign) => sign.charCodeAt(0))], value.name, { type: value.type });
}

async function keep(run, rank, data) {
  try {
    const entries = await Promise.all([...data.entries()].map(async ([name, value]) => [name, await portable(value)]));
    localStorage.setItem(KEPT + run, JSON.stringify({ rank, entries: entries.filter(([, value]) => value !== null) }));
  } catch {
    // A full or forbidden storage: the answer stays in the page itself, which goes on trying.
  }
}

function forget(run) {
  try {
    localStorage.removeItem(KEPT + run);
  } catch {
    // Nothing was kept.
  }
}

function kept(run) {
  try {
    return JSON.parse(localStorage.getItem(KEPT + run) || "null");
  } catch {
    return null;
  }
}

// The words are the page's: it knows the reader's language.
const words = () => document.getElementById("network-words").dataset;

function tell(text, kind = "warning") {
  const box = place()?.querySelector("[data-network]");
  if (!box) return;
  box.hidden = !text;
  box.className = text ? `question-network banner banner-${kind}` : "question-network";
  box.textContent = text;
}

function busy(on) {
  const form = place()?.querySelector("form[data-answer]");
  if (!form) return;
  form.toggleAttribute("aria-busy", on);
  for (const button of form.querySelectorAll("button[type=submit]")) button.disabled = on;
}

function show(html, address) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const fresh = holder.content.getElementById("question");
  if (!fresh) {
    location.reload();
    return;
  }
  place().replaceWith(fresh);
  shownAt = performance.now();
  if (address) history.replaceState(null, "", address);
  document.title = document.title.replace(/^[^–]+/, `${fresh.querySelector("h1").textContent} `);
  document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: fresh } }));
  const problem = fresh.querySelector(".banner-error");
  const target = problem || fresh.querySelector("h1");
  target.setAttribute("tabindex", "-1");
  target.focus({ preventScroll: true });
  scrollTo({ top: 0, behavior: "instant" });
  watchFocus();
}

function again() {
  clearTimeout(timer);
  const next = waiting;
  waiting = null;
  next?.();
}

// ``resumed``: a fresh page sends what an earlier one kept. ``attempt``: sendings that no answer came back to.
async function send(action, run, data, { resumed = false, attempt = 0, refusals = 0 } = {}) {
  sending = true;
  busy(true);
  const stop = new AbortController();
  const patience = setTimeout(() => stop.abort(), PATIENCE);
  let response;
  try {
    response = await fetch(action, {
      method: "POST",
      body: data,
      headers: { "HX-Request": "true" },
      signal: stop.signal,
      credentials: "same-origin",
      redirect: "follow",
    });
    if (BUSY.includes(response.status)) throw new Error(String(response.status));
    if (response.status >= 500) {
      refusals += 1;
      if (refusals < REFUSALS) throw new Error(String(response.status));
    }
  } catch {
    const pause = PAUSES[Math.min(attempt, PAUSES.length - 1)];
    tell(words().cut);
    waiting = () => send(action, run, data, { resumed, attempt: attempt + 1, refusals });
    timer = setTimeout(again, pause);
    return;
  } finally {
    clearTimeout(patience);
  }
  sending = false;
  busy(false);
  if (response.status >= 500) {
    forget(run);
    tell(words().refused, "error");
    return;
  }
  if (response.status === 401) {
    tell(words().signedOut);
    location.assign(`/connexion?next=${encodeURIComponent(location.pathname)}`);
    return;
  }
  const elsewhere = response.headers.get("HX-Redirect");
  if (response.ok || response.status === 422 || elsewhere) forget(run);
  if (elsewhere) {
    location.assign(elsewhere);
    return;
  }
  if (response.status === 403) {
    // The form's token is out of date (signed in again in another tab): a fresh page sends the kept answer, once.
    if (!resumed) location.reload();
    else tell(words().stuck);
    return;
  }
  if (response.redirected) {
    location.assign(response.url);
    return;
  }
  show(await response.text(), response.headers.get("HX-Push-Url"));
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-answer]");
  if (!form) return;
  event.preventDefault();
  // The second click of a double click falls on the question that has just come: nobody has read it.
  if (sending || performance.now() - shownAt < SECOND_CLICK) return;
  const exercise = form.querySelector(".gab");
  const file = form.querySelector("input[type=file]");
  if (event.submitter?.name === "valider" && exercise && !exercise.past?.length && !file?.files.length) {
    tell(form.dataset.empty, "info");
    place().querySelector("[data-network]").scrollIntoView({ block: "nearest" });
    return;
  }
  const { run, rank } = place().dataset;
  const data = new FormData(form, event.submitter);
  if (event.submitter?.name === "passer") {
    for (const name of [...data.keys()]) if (name !== "passer" && name !== "csrfmiddlewaretoken") data.delete(name);
  }
  sending = true;
  await keep(run, rank, data);
  send(form.action, run, data);
});

// Back on the page after a cut, a closed lid or a new sign-in: what was kept for this very question goes.
function resume() {
  const here = place();
  const form = here?.querySelector("form[data-answer]");
  if (!form) return;
  const { run, rank } = here.dataset;
  const found = kept(run);
  if (!found) return;
  if (found.rank !== rank) {
    forget(run);
    return;
  }
  const data = new FormData();
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  for (const [name, value] of found.entries) data.append(name, name === "csrfmiddlewaretoken" ? token : restored(value));
  tell(words().leaving, "info");
  send(form.action, run, data, { resumed: true });
}

addEventListener("online", again);

addEventListener("beforeunload", (event) => {
  if (sending) event.preventDefault();
});

// Going back shows the question of that address; a jump inside the page (the skip link) must not empty the answer.
addEventListener("popstate", () => {
  if (!location.pathname.endsWith(`/questions/${place()?.dataset.rank}`)) location.reload();
});

let watched = "";
function watchFocus() {
  watched = place()?.querySelector("[data-focus-question]")?.dataset.focusQuestion || "";
}

addEventListener("blur", () => {
  if (!watched) return;
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
  fetch(watched, { method: "POST", headers: { "X-CSRFToken": token }, credentials: "same-origin", keepalive: true }).catch(() => {});
  watched = "";
});

watchFocus();
resume();
