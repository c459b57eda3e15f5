// META: properties of files in tables. The state is {file, line, answer}; the open file is a view.
import { Gabarit, button, clone, field, h, icon, unique } from "./base.js";

class Meta extends Gabarit {
  start() {
    return { file: null, line: null, answer: "" };
  }

  answer() {
    return clone(this.state);
  }

  name(id) {
    return this.given.files.find((file) => file.id === id)?.name ?? "rien pour l'instant";
  }

  properties(file) {
    const pointing = this.given.point;
    const radio = unique("ligne");
    const rows = file.lines.map((line, rank) => {
      const id = `${file.id}:${rank}`;
      const on = this.state.line === id;
      return h("tr", { class: on ? "gab-picked" : null }, h("th", { scope: "row" }, line.label), h("td", {}, line.value),
        pointing ? h("td", {}, h("label", { class: "gab-check" }, h("input", { type: "radio", name: radio, form: "", checked: on, focus: `line-${id}`, "aria-label": `${line.label}\u00a0: cette ligne`, onchange: () => this.change(`Ligne « ${line.label} » choisie.`, (state) => (state.line = id)) }), "Cette ligne")) : null);
    });
    return [
      file.picture ? h("p", { class: "gab-picture" }, icon("image"), file.picture) : null,
      h("table", { class: "gab-table" }, h("caption", {}, `Propriétés de ${file.name}`), h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Propriété"), h("th", { scope: "col" }, "Valeur"), pointing ? h("th", { scope: "col" }, "Ton choix") : null)), h("tbody", {}, rows)),
      this.given.choose ? button(this.state.file === file.id ? "C'est mon choix" : "Choisir ce fichier", () => this.change(`${file.name} choisi.`, (state) => (state.file = file.id)), { kind: this.state.file === file.id ? "primary" : "secondary", focus: `choose-${file.id}`, "aria-pressed": String(this.state.file === file.id), "aria-label": `Choisir ${file.name}` }) : null,
    ].filter(Boolean);
  }

  ending() {
    const parts = [];
    if (this.given.choose) parts.push(h("p", { class: "gab-note" }, "Ton choix\u00a0: ", h("strong", {}, this.name(this.state.file))));
    if (this.given.answer_label)
      parts.push(h("div", { class: "gab-final" }, field(this.given.answer_label, h("input", { class: "gab-input", type: "text", autocomplete: "off", maxlength: 200, form: "", value: this.state.answer, focus: "answer", oninput: (event) => this.change("", (state) => (state.answer = event.target.value), { redraw: false, streak: "answer" }) }))));
    return parts;
  }

  paint(body) {
    const { files, title } = this.given;
    const open = files.find((file) => file.id === this.view.open) ?? files[0];
    const list = h("ul", { class: "gab-tree", "aria-label": "Fichiers" }, files.map((file) => h("li", {}, h("button", { type: "button", class: "gab-tree-row", "aria-current": String(file === open), focus: `open-${file.id}`, onclick: () => this.show((view) => (view.open = file.id), `Propriétés de ${file.name}.`) }, icon(file.kind), h("span", {}, file.name)))));
    const page = h("div", { class: "gab-page" }, h("p", { class: "gab-engine" }, title), this.properties(open));
    body.append(files.length > 1 ? h("div", { class: "gab-columns" }, list, page) : page, ...this.ending());
  }

  paintTwin(body) {
    body.append(...this.given.files.map((file) => h("section", { class: "gab-page", "aria-label": file.name }, h("h3", {}, file.name), this.properties(file))), ...this.ending());
  }
}

customElements.define("pix-meta", Meta);
