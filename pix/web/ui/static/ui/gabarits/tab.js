// TAB: a small spreadsheet. The state is {cells: {B2: typed}, formats, widths, filter, chosen, answer}; the selection is a view.
import { Gabarit, button, clone, field, fold, h, select } from "./base.js";
import { FUNCTIONS, Sheet, formatOf, isFault, nameOf, place, shifted, shown, span, typed } from "./sheet.js";

const FORMATS = [["standard", "Standard"], ["nombre", "Nombre (0,00)"], ["euro", "Monnaie (€)"], ["pourcent", "Pourcentage (%)"], ["date", "Date (12/03/2026)"], ["date_longue", "Date (12 mars 2026)"]];
const SERIES = [
  ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
  ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"],
];
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const WIDEST = 40;

class Tab extends Gabarit {
  start() {
    const { cells, formats, widths } = this.given;
    return { cells: clone(cells), formats: clone(formats), widths: clone(widths), filter: null, chosen: null, answer: "" };
  }

  answer() {
    const cells = Object.fromEntries(Object.entries(this.state.cells).filter(([, raw]) => raw.trim()));
    return { ...clone(this.state), cells };
  }

  // --- reading ----------------------------------------------------------------------------------------------------------

  can(tool) {
    return this.given.tools.includes(tool);
  }
  /** May its content change? Typing needs its tool besides. */
  open(at) {
    return !this.given.editable || this.given.editable.includes(at);
  }
  free(at) {
    return this.can("type") && this.open(at);
  }
  raw(at) {
    return this.state.cells[at] ?? "";
  }
  /** Text shown without thinking of the width. */
  text(at, sheet) {
    return shown(sheet.value(at), formatOf(this.raw(at), this.state.formats[at]));
  }
  get active() {
    return this.view.at ?? this.given.editable?.[0] ?? "A1";
  }
  get selection() {
    return span(`${this.active}:${this.view.to ?? this.active}`);
  }
  get selectionName() {
    const names = this.selection;
    return names.length === 1 ? names[0] : `${names[0]}:${names.at(-1)}`;
  }
  columns() {
    return Array.from({ length: this.given.columns }, (_, column) => String.fromCharCode(65 + column));
  }
  rows() {
    return Array.from({ length: this.given.lines }, (_, rank) => rank + 1);
  }
  dataRows() {
    return [...new Set(span(this.given.data).map((at) => place(at)[1]))];
  }
  hidden(row, sheet) {
    const { filter } = this.state;
    return filter !== null && this.dataRows().includes(row) && this.text(`${filter.column}${row}`, sheet) !== filter.value;
  }
  title(column) {
    const top = this.dataRows()[0] - 1;
    const text = top > 0 ? this.raw(`${column}${top}`) : "";
    return text ? `${column} — ${text}` : `Colonne ${column}`;
  }
  dataColumns() {
    return [...new Set(span(this.given.data).map((at) => at[0]))].map((column) => [column, this.title(column)]);
  }

  // --- acting -----------------------------------------------------------------------------------------------------------

  write(at, raw, streak = "") {
    this.change("", (state) => {
      if (raw) state.cells[at] = raw;
      else delete state.cells[at];
    }, { redraw: false, streak });
    this.refresh();
  }

  refuse(why) {
    this.announce(why);
    this.view.problem = why;
    this.redraw();
  }

  done(message, mutate) {
    this.view.problem = "";
    this.change(message, mutate);
  }

  clear(names) {
    const open = names.filter((at) => this.free(at));
    if (open.length) this.done(`${open.length > 1 ? "Cellules vidées" : `${open[0]} vidée`}.`, (state) => open.forEach((at) => delete state.cells[at]));
  }

  format(names, chosen) {
    this.done(`Format ${FORMATS.find(([key]) => key === chosen)[1]} pour ${names.length > 1 ? `${names[0]}:${names.at(-1)}` : names[0]}.`, (state) => names.forEach((at) => (state.formats[at] = chosen)));
  }

  widen(letters, step) {
    const sheet = new Sheet(this.state.cells);
    const needs = (letter) => Math.max(2, ...this.rows().map((row) => this.text(`${letter}${row}`, sheet).length));
    this.done("", (state) => letters.forEach((letter) => {
      const width = step === 0 ? needs(letter) : state.widths[letter] + step;
      state.widths[letter] = Math.min(WIDEST, Math.max(2, width));
    }));
    this.announce(`Colonne ${letters.join(", ")}\u00a0: largeur ${this.state.widths[letters[0]]}.`);
  }

  /** What follows a list of contents: numbers with their step, dates, days, months, « Semaine 1 ». */
  follow(raws, count) {
    const values = raws.map((raw) => typed(raw));
    if (raws.some((raw) => raw.startsWith("="))) return null;
    const list = SERIES.find((entries) => raws.every((raw) => entries.includes(raw.toLowerCase())));
    if (list) {
      const ranks = raws.map((raw) => list.indexOf(raw.toLowerCase()));
      const step = raws.length > 1 ? ranks.at(-1) - ranks.at(-2) : 1;
      const capital = /^\p{Lu}/u.test(raws.at(-1));
      return Array.from({ length: count }, (_, n) => {
        const word = list[(((ranks.at(-1) + step * (n + 1)) % list.length) + list.length) % list.length];
        return capital ? word[0].toUpperCase() + word.slice(1) : word;
      });
    }
    const numbers = values.every(([value]) => typeof value === "number") ? values.map(([value]) => value) : null;
    if (numbers) {
      const step = numbers.length > 1 ? numbers.at(-1) - numbers.at(-2) : 1;
      const [, kind] = values.at(-1);
      return Array.from({ length: count }, (_, n) => {
        const next = Math.round((numbers.at(-1) + step * (n + 1)) * 1e8) / 1e8;
        const digits = kind === "pourcent" ? shown(next, "pourcent") : kind === "date" ? shown(next, "date") : shown(next);
        return kind === "euro" ? `${digits} €` : digits.replaceAll("\u00a0", " ");
      });
    }
    const ends = raws.map((raw) => /^(.*?)(\d+)$/.exec(raw));
    if (ends.every(Boolean)) {
      const step = ends.length > 1 ? Number(ends.at(-1)[2]) - Number(ends.at(-2)[2]) : 1;
      return Array.from({ length: count }, (_, n) => `${ends.at(-1)[1]}${Number(ends.at(-1)[2]) + step * (n + 1)}`);
    }
    return null;
  }

  /** Copies the first cell over the rest of each column (or row) of the selection, or goes on with its series. */
  fill(names, series) {
    const places = names.map(place);
    const [left, top] = places[0];
    const [right, bottom] = places.at(-1);
    if (names.length < 2) return this.refuse("Sélectionne d'abord la cellule de départ et celles qui suivent (maintiens Maj, ou glisse).");
    const down = bottom > top;
    const lines = down ? Array.from({ length: right - left + 1 }, (_, n) => Array.from({ length: bottom - top + 1 }, (_, r) => nameOf(left + n, top + r))) : [names];
    const written = {};
    for (const line of lines) {
      const kept = line.findIndex((at) => !this.raw(at).trim());
      const given = series ? (kept < 0 ? 1 : Math.max(kept, 1)) : 1;
      const start = line.slice(0, given).map((at) => this.raw(at).trim());
      if (start.some((raw) => !raw)) continue;
      const next = series ? this.follow(start, line.length - given) : null;
      if (series && !next) return this.refuse("Ces contenus ne forment pas une suite\u00a0: utilise « Copier ».");
      line.slice(given).forEach((at, rank) => (written[at] = series ? next[rank] : shifted(start[0], down ? 0 : rank + 1, down ? rank + 1 : 0)));
    }
    const targets = Object.keys(written);
    if (!targets.length) return this.refuse("La cellule de départ est vide.");
    if (targets.some((at) => !this.open(at))) return this.refuse("Une de ces cellules ne peut pas être changée.");
    return this.done(`${targets.length} cellule${targets.length > 1 ? "s" : ""} remplie${targets.length > 1 ? "s" : ""}.`, (state) => {
      Object.assign(state.cells, written);
      for (const line of lines) if (state.formats[line[0]]) line.forEach((at) => (state.formats[at] = state.formats[line[0]]));
    });
  }

  paste(to) {
    const copied = this.view.copied && span(this.view.copied);
    if (!copied || !(this.can("type") || this.can("fill"))) return;
    const [from, targets] = [place(copied[0]), to];
    const [left, top] = place(targets[0]);
    const written = {};
    const one = copied.length === 1;
    for (const at of one ? targets : copied) {
      const [column, row] = place(at);
      const target = one ? at : nameOf(left + column - from[0], top + row - from[1]);
      const spot = place(target);
      if (!spot || spot[0] >= this.given.columns || spot[1] > this.given.lines) continue;
      const source = one ? copied[0] : at;
      const [c, r] = place(source);
      written[target] = shifted(this.raw(source), spot[0] - c, spot[1] - r);
    }
    if (Object.keys(written).some((at) => !this.open(at))) {
      this.refuse("Une de ces cellules ne peut pas être changée.");
      return;
    }
    this.done(`${this.view.copied} collé en ${targets[0]}.`, (state) => Object.assign(state.cells, written));
  }

  sort(by, down) {
    const sheet = new Sheet(this.state.cells);
    const rows = this.dataRows();
    const letters = this.dataColumns().map(([letter]) => letter);
    const key = (row) => {
      const value = sheet.value(`${by}${row}`);
      if (value === null) return [3, 0];
      if (typeof value === "boolean" || isFault(value)) return [2, shown(value)];
      return typeof value === "string" ? [1, fold(value).trim()] : [0, value];
    };
    const ranked = [...rows].sort((a, b) => {
      const [x, y] = [key(a), key(b)];
      const order = x[0] - y[0] || (x[1] < y[1] ? -1 : x[1] > y[1] ? 1 : 0);
      return down ? -order : order;
    });
    this.done(`Tableau trié selon ${this.title(by)}.`, (state) => {
      const before = clone(state.cells);
      rows.forEach((to, rank) => letters.forEach((letter) => {
        const raw = before[`${letter}${ranked[rank]}`];
        if (raw) state.cells[`${letter}${to}`] = shifted(raw, 0, to - ranked[rank]);
        else delete state.cells[`${letter}${to}`];
      }));
    });
  }

  // --- the grid ---------------------------------------------------------------------------------------------------------

  /** Texts, widths and selection of the cells, without building them again: the focus stays where it is. */
  refresh() {
    if (!this.tds) return;
    const sheet = new Sheet(this.state.cells);
    const picked = new Set(this.selection);
    for (const [at, td] of Object.entries(this.tds)) {
      const value = sheet.value(at);
      const editing = this.view.editing && at === this.active && this.raw(at).startsWith("=");
      const full = this.text(at, sheet);
      const width = this.state.widths[at[0]];
      const number = typeof value === "number";
      const text = editing ? this.raw(at) : number && full.length > width ? "#".repeat(Math.max(2, width)) : full;
      td.firstChild.textContent = text;
      td.classList.toggle("gab-cell-number", number && !editing);
      td.classList.toggle("gab-cell-fault", isFault(value) && !editing);
      td.classList.toggle("gab-cell-picked", picked.has(at) && picked.size > 1);
      td.classList.toggle("gab-cell-active", at === this.active);
      td.setAttribute("aria-selected", String(picked.has(at)));
      td.tabIndex = at === this.active ? 0 : -1;
      td.setAttribute("aria-label", `${at}\u00a0: ${text || "vide"}${number && full.length > width ? " (colonne trop étroite)" : ""}`);
    }
    if (this.cellName) this.cellName.textContent = this.selectionName;
    if (this.bar && document.activeElement !== this.bar) this.bar.value = this.raw(this.active);
    if (this.bar) {
      this.bar.disabled = !this.free(this.active);
      this.bar.setAttribute("aria-label", `Contenu de la cellule ${this.active}`);
    }
    if (this.formatField && this.can("format")) this.formatField.value = formatOf(this.raw(this.active), this.state.formats[this.active]);
    if (this.chosenNote) this.chosenNote.textContent = this.state.chosen ?? "rien pour l'instant";
  }

  pick(at, to = null, focus = true) {
    this.view.at = at;
    this.view.to = to;
    this.view.editing = false;
    this.refresh();
    this.save();
    if (focus) this.tds[to ?? at]?.focus({ preventScroll: false });
  }

  step(at, [dx, dy]) {
    const [column, row] = place(at);
    const sheet = new Sheet(this.state.cells);
    let next = row + dy;
    while (next >= 1 && next <= this.given.lines && this.hidden(next, sheet)) next += dy;
    const wanted = nameOf(Math.min(this.given.columns - 1, Math.max(0, column + dx)), next);
    return next >= 1 && next <= this.given.lines ? wanted : at;
  }

  edit(start = null) {
    if (!this.bar || !this.free(this.active)) {
      this.announce("Cette cellule ne peut pas être changée.");
      return;
    }
    if (start !== null) {
      this.bar.value = start;
      this.write(this.active, start, `cell-${this.active}`);
    }
    this.bar.focus();
    this.bar.setSelectionRange(this.bar.value.length, this.bar.value.length);
  }

  onGridKey(event) {
    const { key } = event;
    if (ARROWS[key]) {
      event.preventDefault();
      const next = this.step(this.view.to ?? this.active, ARROWS[key]);
      if (event.shiftKey) this.pick(this.active, next);
      else this.pick(this.step(this.active, ARROWS[key]));
    } else if (key === "Enter" || key === "F2") {
      event.preventDefault();
      this.edit();
    } else if (key === "Delete" || key === "Backspace") {
      event.preventDefault();
      this.clear(this.selection);
    } else if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === "c") {
      event.preventDefault();
      this.view.copied = this.selectionName;
      this.announce(`${this.selectionName} copié.`);
    } else if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === "v") {
      event.preventDefault();
      this.paste(this.selection);
    } else if (key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      this.edit(key);
    }
  }

  /** While a formula is being typed, a cell that is pointed at goes into it. */
  pointing() {
    if (document.activeElement !== this.bar || !this.bar.value.startsWith("=")) return false;
    return /[=(;+\-*/^<>&:]\s*$/.test(this.bar.value.slice(0, this.bar.selectionStart));
  }

  insert(text, from, to) {
    const { value } = this.bar;
    this.bar.value = value.slice(0, from) + text + value.slice(to);
    this.bar.setSelectionRange(from + text.length, from + text.length);
    this.write(this.active, this.bar.value, `cell-${this.active}`);
    return from + text.length;
  }

  onCellDown(event, at) {
    if (event.button) return;
    if (this.pointing()) {
      event.preventDefault();
      const from = this.bar.selectionStart;
      this.drag = { kind: "insert", first: at, from, end: this.insert(at, from, from) };
      return;
    }
    event.preventDefault();
    if (event.shiftKey) this.pick(this.active, at);
    else this.pick(at);
    this.drag = { kind: "pick", first: at };
  }

  onCellOver(event, at) {
    if (!this.drag || !(event.buttons & 1)) return;
    if (this.drag.kind === "pick") this.pick(this.drag.first, at === this.drag.first ? null : at);
    else {
      const names = span(`${this.drag.first}:${at}`);
      const text = names.length === 1 ? names[0] : `${names[0]}:${names.at(-1)}`;
      this.drag.end = this.insert(text, this.drag.from, this.drag.end);
    }
  }

  grid() {
    this.tds = {};
    const sheet = new Sheet(this.state.cells);
    const head = h("tr", {}, h("th", { scope: "col", class: "gab-corner" }, h("span", { class: "gab-hidden" }, "Ligne")), this.columns().map((letter) => {
      const th = h("th", { scope: "col" }, letter);
      th.style.minWidth = th.style.width = `${this.state.widths[letter] + 2}ch`;
      return th;
    }));
    const body = this.rows().filter((row) => !this.hidden(row, sheet)).map((row) => h("tr", {}, h("th", { scope: "row" }, String(row)), this.columns().map((letter) => {
      const at = `${letter}${row}`;
      const inner = h("div", { class: "gab-cell-text" });
      inner.style.width = `${this.state.widths[letter] + 1}ch`;
      this.tds[at] = h("td", {
        role: "gridcell", focus: `cell-${at}`, class: this.free(at) ? null : "gab-cell-locked",
        onpointerdown: (event) => this.onCellDown(event, at), onpointerover: (event) => this.onCellOver(event, at), ondblclick: () => this.edit(),
      }, inner);
      return this.tds[at];
    })));
    const table = h("table", { class: "gab-grid", role: "grid", "aria-label": this.given.title, "aria-multiselectable": "true", onkeydown: (event) => this.onGridKey(event) }, h("thead", {}, head), h("tbody", {}, body));
    return h("div", { class: "gab-scroll gab-grid-box" }, table);
  }

  formulaBar() {
    this.cellName = h("span", { class: "gab-cell-name" });
    const at = () => this.active;
    this.bar = h("input", {
      class: "gab-input", type: "text", autocomplete: "off", spellcheck: "false", maxlength: 200, focus: "bar", value: this.raw(this.active),
      oninput: (event) => {
        this.view.editing = true;
        this.write(at(), event.target.value, `cell-${at()}`);
      },
      onfocus: () => {
        this.before = this.raw(at());
        this.view.editing = true;
        this.refresh();
      },
      onblur: () => {
        this.view.editing = false;
        this.streak = "";
        this.refresh();
      },
      onkeydown: (event) => {
        if (event.key === "Enter") {
          event.preventDefault();
          const text = this.text(at(), new Sheet(this.state.cells));
          const next = this.step(at(), ARROWS.ArrowDown);
          this.announce(`${at()}\u00a0: ${text || "vide"}.`);
          this.pick(next);
        } else if (event.key === "Escape") {
          event.preventDefault();
          this.write(at(), this.before);
          this.pick(at());
        }
      },
    });
    const helper = this.can("type")
      ? select([["", "Fonction…"], ...FUNCTIONS.map((name) => [name, name])], "", (name) => {
          if (!name || !this.free(at())) return;
          const start = this.raw(at()).startsWith("=") ? this.raw(at()) : "=";
          this.edit(`${start}${name}(`);
          this.querySelector("[data-focus=function]").value = "";
        }, { focus: "function", "aria-label": "Insérer une fonction" })
      : null;
    return h("div", { class: "gab-formula" }, this.cellName, this.bar, helper);
  }

  /** Tools; `names` gives the cells they work on, null when the pupil wrote no range. */
  tools(names) {
    const groups = [];
    const on = (act) => () => {
      const found = names();
      if (found) act(found);
      else this.refuse("Écris des cellules, par exemple B2 ou B2:B8.");
    };
    const letters = (found) => [...new Set(found.map((at) => at[0]))];
    if (this.can("format")) {
      this.formatField = select(FORMATS, "standard", (chosen) => {
        const found = names();
        if (found) this.format(found, chosen);
      }, { focus: "format" });
      groups.push(field("Format", this.formatField));
    }
    if (this.can("width"))
      groups.push(h("div", { class: "gab-actions", role: "group", "aria-label": "Largeur de la colonne" }, button("Élargir la colonne", on((found) => this.widen(letters(found), 2)), { kind: "tool" }), button("Réduire", on((found) => this.widen(letters(found), -2)), { kind: "tool" }), button("Ajuster au contenu", on((found) => this.widen(letters(found), 0)), { kind: "tool" })));
    if (this.can("fill"))
      groups.push(h("div", { class: "gab-actions", role: "group", "aria-label": "Recopier" }, button("Copier dans la sélection", on((found) => this.fill(found, false)), { kind: "tool" }), button("Continuer la série", on((found) => this.fill(found, true)), { kind: "tool" })));
    if (this.can("sort")) {
      const order = this.view.order ?? { by: this.dataColumns()[0][0], down: "asc" };
      groups.push(
        h("div", { class: "gab-tools", role: "group", "aria-label": "Trier" },
          field("Trier selon", select(this.dataColumns(), order.by, (by) => (this.view.order = { ...order, ...this.view.order, by }), { focus: "sort-by" })),
          field("Ordre", select([["asc", "Croissant"], ["desc", "Décroissant"]], order.down, (down) => (this.view.order = { ...order, ...this.view.order, down }), { focus: "sort-order" })),
          button("Trier", () => {
            const wanted = this.view.order ?? order;
            this.sort(wanted.by, wanted.down === "desc");
          }, { kind: "tool" })),
      );
    }
    if (this.can("filter")) {
      const { filter } = this.state;
      const column = filter?.column ?? this.view.filterBy ?? this.dataColumns()[0][0];
      const sheet = new Sheet(this.state.cells);
      const values = [...new Set(this.dataRows().map((row) => this.text(`${column}${row}`, sheet)).filter(Boolean))];
      groups.push(
        h("div", { class: "gab-tools", role: "group", "aria-label": "Filtrer" },
          field("Filtrer la colonne", select(this.dataColumns(), column, (next) => {
            this.view.filterBy = next;
            if (filter) this.done("Toutes les lignes sont affichées.", (state) => (state.filter = null));
            else this.redraw();
          }, { focus: "filter-by" })),
          field("Afficher", select([["", "Toutes les lignes"], ...values], filter?.value ?? "", (value) => this.done(value ? `Seules les lignes « ${value} » sont affichées.` : "Toutes les lignes sont affichées.", (state) => (state.filter = value ? { column, value } : null)), { focus: "filter-value" }))),
      );
    }
    return groups.length ? h("div", { class: "gab-toolbar gab-sheet-tools" }, groups) : null;
  }

  ending() {
    const parts = [];
    if (this.given.answer_label) {
      const control = h("input", { class: "gab-input", type: "text", autocomplete: "off", maxlength: 200, value: this.state.answer, focus: "answer", oninput: (event) => this.change("", (state) => (state.answer = event.target.value), { redraw: false, streak: "answer" }) });
      parts.push(h("div", { class: "gab-final" }, field(this.given.answer_label, control)));
    }
    return parts;
  }

  choice(names) {
    if (!this.given.choose) return null;
    this.chosenNote = h("strong", {}, this.state.chosen ?? "rien pour l'instant");
    return h("div", { class: "gab-actions gab-note" },
      button("C'est ma réponse", () => {
        const found = names();
        if (!found) return this.refuse("Écris des cellules, par exemple B2 ou B2:B8.");
        const text = found.length === 1 ? found[0] : `${found[0]}:${found.at(-1)}`;
        return this.done(`Réponse\u00a0: ${text}.`, (state) => (state.chosen = text));
      }, { kind: "primary", focus: "choose" }),
      h("span", {}, "Ta réponse\u00a0: ", this.chosenNote));
  }

  problem() {
    return this.view.problem ? h("p", { class: "gab-problem" }, this.view.problem) : null;
  }

  paint(body) {
    const names = () => this.selection;
    const parts = [this.tools(names), this.problem(), this.can("type") ? this.formulaBar() : h("p", { class: "gab-help" }, "Cellule\u00a0: ", (this.cellName = h("span", { class: "gab-cell-name" }))), h("p", { class: "gab-help gab-narrow" }, "Fais glisser le tableau vers la gauche pour tout voir."), this.grid(), this.choice(names), ...this.ending()];
    if (!this.can("type")) this.bar = null;
    body.append(...parts.filter(Boolean));
    this.refresh();
  }

  paintTwin(body) {
    this.tds = this.bar = this.cellName = null;
    this.view.range ??= this.active;
    const sheet = new Sheet(this.state.cells);
    const names = () => {
      const found = span(this.view.range || "");
      return found && found.every((at) => place(at)[0] < this.given.columns && place(at)[1] <= this.given.lines) ? found : null;
    };
    const notes = {};
    const seen = (at, now) => {
      const [text, width] = [this.text(at, now), this.state.widths[at[0]]];
      return typeof now.value(at) === "number" && text.length > width ? `${"#".repeat(width)} (colonne trop étroite)` : text;
    };
    const explain = () => {
      const now = new Sheet(this.state.cells);
      for (const [at, note] of Object.entries(notes)) {
        const text = seen(at, now);
        note.textContent = text && text.replace(/\s/g, " ") !== this.raw(at).replace(/\s/g, " ") ? `affiché\u00a0: ${text}` : "";
      }
    };
    const cell = (at) => {
      if (!this.free(at)) return h("td", {}, seen(at, sheet));
      notes[at] = h("span", { class: "gab-help" });
      return h("td", {}, h("input", { class: "gab-input", type: "text", autocomplete: "off", maxlength: 200, "aria-label": `Contenu de ${at}`, focus: `twin-${at}`, value: this.raw(at), oninput: (event) => {
        this.write(at, event.target.value, `cell-${at}`);
        explain();
      } }), notes[at]);
    };
    const range = this.can("format") || this.can("width") || this.can("fill") || this.given.choose
      ? field("Cellules (par exemple B2 ou B2:B8)", h("input", { class: "gab-input", type: "text", autocomplete: "off", maxlength: 7, value: this.view.range, focus: "range", oninput: (event) => (this.view.range = event.target.value) }))
      : null;
    const parts = [
      h("p", { class: "gab-help gab-narrow" }, "Fais glisser le tableau vers la gauche pour tout voir."),
      h("div", { class: "gab-scroll", tabindex: 0, role: "region", "aria-label": this.given.title },
        h("table", { class: "gab-table gab-cells" }, h("caption", {}, this.given.title), h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Ligne"), this.columns().map((letter) => h("th", { scope: "col" }, letter)))),
          h("tbody", {}, this.rows().filter((row) => !this.hidden(row, sheet)).map((row) => h("tr", {}, h("th", { scope: "row" }, String(row)), this.columns().map((letter) => cell(`${letter}${row}`))))))),
      this.problem(), range, this.tools(names), this.choice(names), ...this.ending(),
    ];
    body.append(...parts.filter(Boolean));
    explain();
  }
}

customElements.define("pix-tab", Tab);
