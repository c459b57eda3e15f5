// TTX: a small word processor. The state is {paragraphs: [{align, list, style, spacing, indent, runs}]}; the selection is a view.
import { Gabarit, button, clone, field, h, select } from "./base.js";

const WORD = ["bold", "italic", "underline", "size", "colour"];
const SIZES = [10, 12, 14, 18, 24, 32];
const COLOURS = { black: "Noir", red: "Rouge", blue: "Bleu", green: "Vert", orange: "Orange", purple: "Violet" };
const ALIGNS = { left: "À gauche", center: "Centré", right: "À droite", justify: "Justifié" };
const LISTS = { none: "Sans liste", bullet: "Liste à puces", number: "Liste numérotée" };
const STYLES = { normal: "Corps de texte", title: "Titre principal", heading1: "Titre 1", heading2: "Titre 2", quote: "Citation" };
const SPACINGS = { 1: "Simple", 1.15: "1,15", 1.5: "1,5", 2: "Double" };
const TOGGLES = { bold: "Gras", italic: "Italique", underline: "Souligné" };

const textOf = (paragraph) => paragraph.runs.map((run) => run.text).join("");

/** Words and spaces of a paragraph, each with its format. */
function pieces(paragraph) {
  return paragraph.runs.flatMap((run) => run.text.split(/(\s+)/).filter(Boolean).map((text) => ({ ...run, text, word: /\S/.test(text) })));
}

function rebuild(list) {
  const runs = [];
  for (const { word, ...piece } of list) {
    const last = runs.at(-1);
    if (last && WORD.every((name) => last[name] === piece[name])) last.text += piece.text;
    else runs.push({ ...piece });
  }
  return runs;
}

class Ttx extends Gabarit {
  start() {
    return { paragraphs: clone(this.given.paragraphs) };
  }

  answer() {
    return clone(this.state);
  }

  can(tool) {
    return this.given.tools.includes(tool);
  }

  /** Ranges selected: [{p, from, to}] in pieces, both included. */
  targets() {
    const { selection } = this.view;
    if (!selection) return [];
    if (selection.whole) return selection.whole.map((p) => ({ p, from: 0, to: pieces(this.state.paragraphs[p]).length - 1 }));
    return [{ p: selection.p, from: Math.min(selection.anchor, selection.head), to: Math.max(selection.anchor, selection.head) }];
  }

  described() {
    const { selection } = this.view;
    if (!selection) return "rien";
    if (selection.whole) return selection.whole.map((p) => `paragraphe ${p + 1}`).join(", ") || "rien";
    const [{ p, from, to }] = this.targets();
    return `« ${pieces(this.state.paragraphs[p]).slice(from, to + 1).map((piece) => piece.text).join("")} »`;
  }

  /** The one value of a format over the selection, or undefined. */
  value(name) {
    const found = new Set(
      this.targets().flatMap(({ p, from, to }) => (WORD.includes(name) ? pieces(this.state.paragraphs[p]).slice(from, to + 1).filter((piece) => piece.word).map((piece) => piece[name]) : [this.state.paragraphs[p][name]])),
    );
    return found.size === 1 ? [...found][0] : undefined;
  }

  apply(name, value, said, targets = this.targets()) {
    if (!targets.length) return this.announce("Sélectionne d'abord un mot ou un paragraphe.");
    return this.change(`${said}\u00a0: ${this.described()}.`, (state) => {
      for (const { p, from, to } of targets) {
        const paragraph = state.paragraphs[p];
        if (!WORD.includes(name)) {
          paragraph[name] = value;
          continue;
        }
        const list = pieces(paragraph);
        for (let rank = from; rank <= to; rank += 1) list[rank][name] = value;
        paragraph.runs = rebuild(list);
      }
    });
  }

  // --- selecting --------------------------------------------------------------------------------------------------------

  choose(selection) {
    this.view.selection = selection;
    this.redraw();
    this.save();
    this.announce(`Sélection\u00a0: ${this.described()}.`);
  }

  toggleWhole(p) {
    const whole = this.view.selection?.whole ?? [];
    this.choose({ whole: whole.includes(p) ? whole.filter((other) => other !== p) : [...whole, p].sort((a, b) => a - b) });
  }

  step(by, extend) {
    const current = this.view.selection?.whole ? { p: this.view.selection.whole[0] ?? 0, head: -1 } : (this.view.selection ?? { p: 0, head: -1 });
    let { p, head } = current;
    const anchor = this.view.selection && !this.view.selection.whole ? this.view.selection.anchor : null;
    for (;;) {
      head += by;
      const list = pieces(this.state.paragraphs[p]);
      if (head >= 0 && head < list.length) {
        if (list[head].word) break;
        continue;
      }
      if (extend || p + by < 0 || p + by >= this.state.paragraphs.length) return;
      p += by;
      head = by > 0 ? -1 : pieces(this.state.paragraphs[p]).length;
    }
    this.choose({ p, anchor: extend && anchor !== null ? anchor : head, head });
  }

  // --- the page ---------------------------------------------------------------------------------------------------------

  paragraphClass(paragraph) {
    return `gab-par gab-align-${paragraph.align} gab-list-${paragraph.list} gab-style-${paragraph.style} gab-spacing-${String(paragraph.spacing).replace(".", "")} gab-indent-${paragraph.indent}`;
  }

  pieceClass(piece) {
    return `${piece.bold ? "gab-bold " : ""}${piece.italic ? "gab-italic " : ""}${piece.underline ? "gab-underline " : ""}gab-size-${piece.size} gab-colour-${piece.colour}`;
  }

  paintSheet(paragraphs, live) {
    const targets = live ? this.targets() : [];
    const selected = (p, rank) => targets.some((range) => range.p === p && rank >= range.from && rank <= range.to);
    let number = 0;
    return paragraphs.map((paragraph, p) => {
      number = paragraph.list === "number" ? number + 1 : 0;
      const marker = paragraph.list === "bullet" ? "•" : paragraph.list === "number" ? `${number}.` : "";
      const line = h(
        "p",
        { class: this.paragraphClass(paragraph) },
        marker ? h("span", { class: "gab-marker" }, marker) : null,
        h("span", { class: "gab-line-text" }, pieces(paragraph).map((piece, rank) => h("span", { class: `${this.pieceClass(piece)}${selected(p, rank) ? " gab-selected" : ""}`, "data-p": p, "data-rank": rank }, piece.text))),
      );
      if (!live) return line;
      const on = this.view.selection?.whole?.includes(p) ?? false;
      return h("div", { class: "gab-par-row" }, h("button", { type: "button", class: "gab-par-pick", "aria-pressed": String(on), focus: `par-${p}`, "aria-label": `Sélectionner le paragraphe ${p + 1}\u00a0: ${textOf(paragraph)}`, onclick: () => this.toggleWhole(p) }, "¶"), line);
    });
  }

  paintTools() {
    const groups = [];
    const group = (label, ...children) => groups.push(h("div", { class: "gab-tools", role: "group", "aria-label": label }, children));
    const toggles = Object.keys(TOGGLES).filter((name) => this.can(name)).map((name) => {
      const on = this.value(name) === true;
      return button(TOGGLES[name], () => this.apply(name, !on, `${TOGGLES[name]} ${on ? "enlevé" : "mis"}`), { kind: "tool", "aria-pressed": String(on), focus: name });
    });
    const list = (name, label, entries, read = (value) => value) => {
      const now = this.value(name);
      return field(label, select([...(now === undefined ? [["", "—"]] : []), ...entries], now === undefined ? "" : String(now), (value) => value !== "" && this.apply(name, read(value), label), { focus: name }));
    };
    const pressed = (name, entries) => Object.entries(entries).map(([value, label]) => button(label, () => this.apply(name, value, label), { kind: "tool", "aria-pressed": String(this.value(name) === value), focus: `${name}-${value}` }));
    group("Caractères", toggles, this.can("size") ? list("size", "Taille", SIZES.map((size) => [String(size), String(size)]), Number) : null, this.can("colour") ? list("colour", "Couleur", Object.entries(COLOURS)) : null);
    if (this.can("align")) group("Alignement", pressed("align", ALIGNS));
    if (this.can("list")) group("Listes", pressed("list", LISTS));
    if (this.can("style") || this.can("spacing") || this.can("indent")) {
      const indent = this.value("indent");
      group("Paragraphe", this.can("style") ? list("style", "Style", Object.entries(STYLES)) : null, this.can("spacing") ? list("spacing", "Interligne", Object.entries(SPACINGS), Number) : null,
        this.can("indent") ? [button("Diminuer le retrait", () => this.apply("indent", Math.max(0, (indent ?? 0) - 1), "Retrait diminué"), { kind: "tool" }), button("Augmenter le retrait", () => this.apply("indent", Math.min(3, (indent ?? 0) + 1), "Retrait augmenté"), { kind: "tool" })] : null);
    }
    group("Sélection", button("Mot précédent", () => this.step(-1, false), { kind: "tool" }), button("Mot suivant", () => this.step(1, false), { kind: "tool" }), button("Étendre d'un mot", () => this.step(1, true), { kind: "tool" }), button("Réduire d'un mot", () => this.step(-1, true), { kind: "tool" }));
    return h("div", { class: "gab-toolbar" }, groups.filter((entry) => entry.childElementCount));
  }

  paintModel() {
    if (!this.given.model) return "";
    return h("section", { class: "gab-page" }, h("h3", {}, "Modèle à reproduire"), this.paintSheet(this.given.model, false));
  }

  paint(body) {
    const at = (event) => {
      const node = document.elementFromPoint(event.clientX, event.clientY)?.closest?.("[data-rank]");
      return node && this.contains(node) ? { p: Number(node.dataset.p), rank: Number(node.dataset.rank) } : null;
    };
    const sheet = h(
      "div",
      {
        class: "gab-sheet", role: "group", tabindex: 0, focus: "sheet", "aria-label": `Document ${this.given.title}. Flèches\u00a0: mot suivant ou précédent\u00a0; avec Majuscule\u00a0: étendre.`,
        onpointerdown: (event) => {
          const spot = at(event);
          if (!spot || event.button > 0) return;
          this.dragging = spot;
          if (event.shiftKey && this.view.selection && !this.view.selection.whole && this.view.selection.p === spot.p) this.choose({ ...this.view.selection, head: spot.rank });
          else this.choose({ p: spot.p, anchor: spot.rank, head: spot.rank });
        },
        onpointermove: (event) => {
          const spot = this.dragging && event.buttons ? at(event) : null;
          if (spot && spot.p === this.dragging.p && spot.rank !== this.view.selection.head) this.choose({ p: spot.p, anchor: this.dragging.rank, head: spot.rank });
        },
        onpointerup: () => (this.dragging = null),
        ondblclick: (event) => {
          const spot = at(event);
          if (spot) this.choose({ whole: [spot.p] });
        },
        onkeydown: (event) => {
          if (event.target !== event.currentTarget || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
          event.preventDefault();
          this.step(event.key === "ArrowRight" ? 1 : -1, event.shiftKey);
        },
      },
      this.paintSheet(this.state.paragraphs, true),
    );
    body.append(this.paintModel(), this.paintTools(), h("p", { class: "gab-help" }, "Touche un mot pour le choisir, ¶ pour tout le paragraphe. Sélection\u00a0: ", h("strong", {}, this.described())), sheet);
  }

  // --- text version: a table of paragraphs and a form for words -------------------------------------------------------------

  paintTwin(body) {
    const columns = [["style", "Style", Object.entries(STYLES), String], ["align", "Alignement", Object.entries(ALIGNS), String], ["list", "Liste", Object.entries(LISTS), String], ["spacing", "Interligne", Object.entries(SPACINGS), Number], ["indent", "Retrait", ["0", "1", "2", "3"], Number]].filter(([name]) => this.can(name));
    const table = (paragraphs, live, caption) =>
      h("table", { class: "gab-table" }, h("caption", {}, caption), h("thead", {}, h("tr", {}, ["Paragraphe", "Mots mis en forme", ...columns.map(([, label]) => label)].map((text) => h("th", { scope: "col" }, text)))),
        h("tbody", {}, paragraphs.map((paragraph, p) => h("tr", {}, h("th", { scope: "row" }, `${p + 1}. ${textOf(paragraph)}`), h("td", {}, this.spoken(paragraph)),
          columns.map(([name, label, entries, read]) => h("td", {}, live ? select(entries, String(paragraph[name]), (value) => this.apply(name, read(value), `${label}, paragraphe ${p + 1}`, [{ p, from: 0, to: 0 }]), { "aria-label": `${label} du paragraphe ${p + 1}`, focus: `${name}-${p}` }) : (entries.find?.((entry) => entry[0] === String(paragraph[name]))?.[1] ?? String(paragraph[name]))))))));
    if (this.given.model) body.append(h("div", { class: "gab-scroll", tabindex: 0, role: "region", "aria-label": "Modèle" }, table(this.given.model, false, "Modèle à reproduire")));
    body.append(h("div", { class: "gab-scroll", tabindex: 0, role: "region", "aria-label": "Document" }, table(this.state.paragraphs, true, `Document ${this.given.title}`)), this.paintWords());
  }

  spoken(paragraph) {
    const words = (run) => [run.bold && "gras", run.italic && "italique", run.underline && "souligné", run.size !== 12 && `taille ${run.size}`, run.colour !== "black" && COLOURS[run.colour].toLowerCase()].filter(Boolean).join(", ");
    return paragraph.runs.filter(words).map((run) => `« ${run.text.trim()} »\u00a0: ${words(run)}`).join(" ; ") || "aucun";
  }

  paintWords() {
    const tools = WORD.filter((name) => this.can(name));
    if (!tools.length) return "";
    const form = { p: 0, name: tools[0], ...(this.view.form ?? {}) };
    const list = pieces(this.state.paragraphs[form.p]);
    const words = list.map((piece, rank) => [String(rank), piece.text, piece.word]).filter(([, , word]) => word).map(([rank, text]) => [rank, text]);
    const from = words.some(([rank]) => rank === form.from) ? form.from : words[0][0];
    const to = words.some(([rank]) => rank === form.to) && Number(form.to) >= Number(from) ? form.to : words.at(-1)[0];
    const labels = { ...TOGGLES, size: "Taille", colour: "Couleur" };
    const values = { bold: [["true", "Oui"], ["false", "Non"]], size: SIZES.map((size) => [String(size), String(size)]), colour: Object.entries(COLOURS) };
    values.italic = values.underline = values.bold;
    const value = values[form.name].some(([key]) => key === form.value) ? form.value : values[form.name][0][0];
    const set = (key) => (next) => this.show((view) => (view.form = { ...form, from, to, value, [key]: key === "p" ? Number(next) : next, ...(key === "p" ? { from: "", to: "" } : {}) }));
    const read = () => (form.name === "size" ? Number(value) : form.name === "colour" ? value : value === "true");
    return h("fieldset", { class: "gab-form" }, h("legend", {}, "Mettre des mots en forme"),
      field("Paragraphe", select(this.state.paragraphs.map((paragraph, p) => [String(p), `${p + 1}. ${textOf(paragraph).slice(0, 40)}`]), String(form.p), set("p"), { focus: "form-p" })),
      field("Du mot", select(words, from, set("from"), { focus: "form-from" })), field("Au mot", select(words.filter(([rank]) => Number(rank) >= Number(from)), to, set("to"), { focus: "form-to" })),
      field("Mise en forme", select(tools.map((name) => [name, labels[name]]), form.name, set("name"), { focus: "form-name" })), field("Valeur", select(values[form.name], value, set("value"), { focus: "form-value" })),
      button("Appliquer", () => {
        const target = { p: form.p, from: Number(from), to: Number(to) };
        this.view.selection = { p: form.p, anchor: target.from, head: target.to };
        this.apply(form.name, read(), labels[form.name], [target]);
      }, { kind: "primary" }));
  }
}

customElements.define("pix-ttx", Ttx);
