// What every simulator shares: one state, undo, reset, saving across a reload, announcements, the text version.

const SVG = "http://www.w3.org/2000/svg";
const TWIN_KEY = "pix-gabarit-texte";
const MAX_UNDO = 60;

/** Builds an element. `on…` props are listeners, `focus` names it so that the focus comes back after a redraw. */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "focus") node.dataset.focus = value;
    else if (name === "value" || name === "checked" || name === "disabled" || name === "selected") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function s(tag, props = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "focus") node.dataset.focus = value;
    else node.setAttribute(name, value);
  }
  node.append(...children.flat(3).filter(Boolean));
  return node;
}

export function button(label, action, { kind = "secondary", focus = label, icon = null, hide = false, ...props } = {}) {
  return h(
    "button",
    { type: "button", class: `gab-btn gab-btn-${kind}`, onclick: action, focus, ...(hide ? { "aria-label": label, title: label } : {}), ...props },
    icon,
    hide ? null : h("span", {}, label),
  );
}

let serial = 0;
export const unique = (prefix) => `gab-${prefix}-${(serial += 1)}`;

/** A labelled field: `control` gets an id. */
export function field(label, control, { hide = false, help = "" } = {}) {
  control.id ||= unique("champ");
  const parts = [h("label", { for: control.id, class: hide ? "gab-hidden" : "gab-label" }, label), control];
  if (help) {
    const id = unique("aide");
    control.setAttribute("aria-describedby", id);
    parts.push(h("span", { id, class: "gab-help" }, help));
  }
  return h("div", { class: "gab-field" }, parts);
}

/** `options`: texts or [value, text]. */
export function select(options, value, onchange, props = {}) {
  return h(
    "select",
    { class: "gab-input", onchange: (event) => onchange(event.target.value), ...props },
    options.map((option) => {
      const [key, text] = Array.isArray(option) ? option : [option, option];
      return h("option", { value: key, selected: key === value }, text);
    }),
  );
}

export function fold(text) {
  return text.toLowerCase().replace(/œ/g, "oe").replace(/æ/g, "ae").normalize("NFD").replace(/[\u0300-\u036f]/g, "");
}

const ICONS = {
  folder: "M3 6h6l2 2h10v11H3z",
  bin: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13",
  texte: "M6 3h9l4 4v14H6zM9 10h7M9 13h7M9 16h5",
  pdf: "M6 3h9l4 4v14H6zM9 17v-5h2a1.5 1.5 0 0 1 0 3H9M14 17v-5h3M14 14.5h2",
  image: "M4 5h16v14H4zM5 17l5-6 4 5 2-2 3 3M15 8.5h1",
  son: "M9 18a2 2 0 1 1-2-2h2V5l9-1v11a2 2 0 1 1-2-2h2",
  "vidéo": "M4 5h16v14H4zM10 9v6l5-3z",
  tableur: "M4 5h16v14H4zM4 10h16M4 14h16M10 5v14M15 5v14",
  diaporama: "M4 5h16v11H4zM12 16v4M8 20h8M8 9h6",
  archive: "M6 3h12v18H6zM12 4v2M12 8v2M12 12v2M10 16h4v3h-4z",
  web: "M12 3a9 9 0 1 0 .1 0M3 12h18M12 3c4 5 4 13 0 18M12 3c-4 5-4 13 0 18",
  programme: "M4 5h16v14H4zM4 9h16M8 13l2 2-2 2M12 17h4",
  fichier: "M6 3h9l4 4v14H6zM15 3v4h4",
  undo: "M9 7 4 12l5 5M4 12h10a6 6 0 0 1 6 6",
  reset: "M5 5v5h5M5.5 10A7.5 7.5 0 1 1 4.5 14",
  text: "M4 6h16M4 10h16M4 14h10M4 18h12",
};
ICONS.dossier = ICONS.folder;

export function icon(name) {
  return s("svg", { class: "gab-icon", viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" }, s("path", { d: ICONS[name] ?? ICONS.fichier }));
}

const KINDS = {
  odt: "texte", docx: "texte", txt: "texte", md: "texte", pdf: "pdf", jpg: "image", jpeg: "image", png: "image", svg: "image", gif: "image",
  mp3: "son", ogg: "son", wav: "son", mp4: "vidéo", webm: "vidéo", ods: "tableur", xlsx: "tableur", csv: "tableur", odp: "diaporama",
  pptx: "diaporama", zip: "archive", html: "web", exe: "programme",
};
export const kindOf = (name) => KINDS[name.includes(".") ? name.split(".").pop().toLowerCase() : ""] ?? "fichier";

/** Size in ko → « 320 ko », « 1,4 Mo ». */
export function weight(ko) {
  if (ko < 1000) return `${ko}\u00a0ko`;
  const [value, unit] = ko < 1_000_000 ? [ko / 1000, "Mo"] : [ko / 1_000_000, "Go"];
  return `${value.toFixed(value < 10 ? 1 : 0).replace(".", ",").replace(",0", "")}\u00a0${unit}`;
}

/** 2026-03-12 → 12/03/2026; anything else as it is. */
export const dayOf = (date) => (/^\d{4}-\d{2}-\d{2}$/.test(date) ? date.split("-").reverse().join("/") : date);

const clone = (value) => JSON.parse(JSON.stringify(value));

/** Storage may be forbidden (private window): then nothing is kept, nothing breaks. */
const store = {
  get(area, key) {
    try {
      return window[area].getItem(key);
    } catch {
      return null;
    }
  },
  set(area, key, value) {
    try {
      window[area].setItem(key, value);
    } catch {
      /* full or forbidden */
    }
  },
};

/**
 * <pix-…  data-state="{…}" data-name="answer" data-key="…">
 * A child gives `start()` → state, `answer()` → what is sent, `paint(body)`, `paintTwin(body)`; it changes its state through `change`.
 */
export class Gabarit extends HTMLElement {
  connectedCallback() {
    if (this.given) return;
    this.given = JSON.parse(this.dataset.state);
    this.storage = this.dataset.key ? `pix-gabarit:${this.dataset.key}` : "";
    this.past = [];
    this.view = {};
    this.state = this.start();
    this.twin = store.get("localStorage", TWIN_KEY) === "1";
    this.reload();
    this.classList.add("gab");
    this.hiddenField = h("input", { type: "hidden", name: this.dataset.name || "answer" });
    this.live = h("p", { class: "gab-hidden", role: "status", "aria-live": "polite" });
    this.body = h("div", { class: "gab-body" });
    this.undoButton = button("Annuler la dernière action", () => this.undo(), { kind: "quiet", icon: icon("undo"), focus: "undo" });
    this.resetButton = button("Recommencer", () => this.reset(), { kind: "quiet", icon: icon("reset"), focus: "reset" });
    this.twinButton = button("Version texte", () => this.toggleTwin(), { kind: "quiet", icon: icon("text"), focus: "twin" });
    const bar = h("div", { class: "gab-bar", role: "group", "aria-label": "Actions de l'exercice" }, this.undoButton, this.resetButton, this.twinButton);
    this.replaceChildren(bar, this.body, this.live, this.hiddenField);
    // The component lives inside the question's form: Enter in one of its fields must never send the answer.
    this.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !event.target.matches("input:not([type=checkbox]):not([type=radio]), select")) return;
      event.preventDefault();
      event.target.closest("[data-enter]")?.querySelector("[data-enter-go]")?.click();
    });
    this.redraw();
    this.publish(false);
  }

  /** Applies `mutate` to the state. `streak` groups the letters of one field into one undo step. */
  change(message, mutate, { redraw = true, streak = "" } = {}) {
    const before = JSON.stringify(this.state);
    mutate(this.state);
    if (JSON.stringify(this.state) === before) {
      if (redraw) this.redraw();
      return;
    }
    if (!streak || streak !== this.streak) this.past.push(before);
    this.streak = streak;
    if (this.past.length > MAX_UNDO) this.past.shift();
    if (redraw) this.redraw();
    this.publish(true);
    if (message) this.announce(message);
  }

  undo() {
    if (!this.past.length) return;
    this.state = JSON.parse(this.past.pop());
    this.streak = "";
    this.redraw();
    this.publish(true);
    this.announce("Dernière action annulée.");
  }

  reset() {
    if (!this.past.length) return;
    this.past.push(JSON.stringify(this.state));
    this.state = this.start();
    this.streak = "";
    this.view = {};
    this.redraw();
    this.publish(true);
    this.announce("L'exercice est revenu à son point de départ.");
  }

  toggleTwin() {
    this.twin = !this.twin;
    store.set("localStorage", TWIN_KEY, this.twin ? "1" : "0");
    this.redraw();
    this.announce(this.twin ? "Version texte affichée." : "Version avec images affichée.");
  }

  announce(message) {
    // Emptied first, so that the same sentence twice is read twice.
    this.live.textContent = "";
    requestAnimationFrame(() => {
      this.live.textContent = message;
    });
  }

  /** Draws again without touching the state: opening a folder, showing a page. */
  show(mutateView, message = "") {
    mutateView(this.view);
    this.redraw();
    this.save();
    if (message) this.announce(message);
  }

  redraw() {
    const active = this.contains(document.activeElement) ? document.activeElement.dataset?.focus : "";
    const caret = active && "selectionStart" in document.activeElement ? document.activeElement.selectionStart : null;
    this.body.replaceChildren();
    if (this.twin) this.paintTwin(this.body);
    else this.paint(this.body);
    this.classList.toggle("gab-twin", this.twin);
    this.undoButton.disabled = this.resetButton.disabled = !this.past.length;
    this.twinButton.setAttribute("aria-pressed", String(this.twin));
    const next = this.view.focus ?? active;
    delete this.view.focus;
    if (!next) return;
    const target = this.querySelector(`[data-focus="${CSS.escape(next)}"]:not([disabled])`);
    if (target) {
      target.focus({ preventScroll: true });
      if (caret !== null && "setSelectionRange" in target && target.type !== "checkbox") {
        try {
          target.setSelectionRange(caret, caret);
        } catch {
          /* a kind of field without a caret */
        }
      }
    } else if (active) {
      // The button just used is gone (a file moved): stay inside the exercise.
      this.body.tabIndex = -1;
      this.body.focus({ preventScroll: true });
    }
  }

  publish(changed) {
    this.hiddenField.value = JSON.stringify(this.answer());
    this.undoButton.disabled = this.resetButton.disabled = !this.past.length;
    this.save();
    if (changed) this.dispatchEvent(new CustomEvent("pix:change", { bubbles: true, detail: { state: this.answer() } }));
  }

  save() {
    if (this.storage) store.set("sessionStorage", this.storage, JSON.stringify({ given: this.dataset.state, state: this.state, past: this.past, view: this.view }));
  }

  reload() {
    const kept = this.storage && store.get("sessionStorage", this.storage);
    if (!kept) return;
    try {
      const { given, state, past, view } = JSON.parse(kept);
      if (given !== this.dataset.state) return;
      [this.state, this.past, this.view] = [state, past, view];
    } catch {
      /* not ours */
    }
  }

  /** A native window. `build(close)` returns its content; resolves with what `close` is given, null on Escape. */
  ask(title, build) {
    return new Promise((resolve) => {
      const opener = document.activeElement;
      const id = unique("titre");
      const dialog = h("dialog", { class: "gab-dialog", "aria-labelledby": id });
      const close = (value) => {
        dialog.close();
        dialog.remove();
        if (opener?.isConnected) opener.focus();
        resolve(value);
      };
      dialog.append(h("h3", { id }, title), build(close));
      dialog.addEventListener("cancel", (event) => {
        event.preventDefault();
        close(null);
      });
      this.append(dialog);
      dialog.showModal();
    });
  }

  /** A window with one field and two buttons. */
  askOne(title, label, control, confirm, read) {
    return this.ask(title, (close) =>
      h(
        "div",
        { "data-enter": true },
        field(label, control),
        h(
          "div",
          { class: "gab-actions" },
          button(confirm, () => close(read()), { kind: "primary", "data-enter-go": true }),
          button("Fermer sans rien changer", () => close(null)),
        ),
      ),
    );
  }
}

export { clone };
