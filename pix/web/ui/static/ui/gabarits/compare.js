// COMPARE: documents side by side, one choice, the clues that justify it.
import { Gabarit, clone, dayOf, h, unique } from "./base.js";

const LINES = { site: "Adresse", author: "Auteur", date: "Date" };

class Compare extends Gabarit {
  start() {
    return { choice: null, clues: [] };
  }

  answer() {
    return clone(this.state);
  }

  name(rank) {
    return `Document ${"ABCD"[rank]}`;
  }

  facts(document) {
    const lines = Object.entries(LINES).filter(([key]) => document[key]).map(([key, label]) => [label, key === "date" ? dayOf(document[key]) : document[key]]);
    return [...lines, ...Object.entries(document.details)];
  }

  choices() {
    const list = this.given.documents.map((document, rank) => [document.id, `${this.name(rank)}${document.title ? ` — ${document.title}` : ""}`]);
    if (this.given.neither) list.push(["none", "Aucun des deux"]);
    if (this.given.both) list.push(["both", "Les deux"]);
    return list;
  }

  questions() {
    const name = unique("choix");
    return [
      h("fieldset", { class: "gab-page" }, h("legend", {}, this.given.question), this.choices().map(([id, text]) => h("label", { class: "gab-check" }, h("input", { type: "radio", name, form: "", checked: this.state.choice === id, focus: `choice-${id}`, onchange: () => this.change(`Choix\u00a0: ${text}.`, (state) => (state.choice = id)) }), text))),
      this.given.clues.length
        ? h("fieldset", { class: "gab-page" }, h("legend", {}, this.given.clues_label), this.given.clues.map((clue) => h("label", { class: "gab-check" }, h("input", {
            type: "checkbox", checked: this.state.clues.includes(clue.id), focus: `clue-${clue.id}`,
            onchange: (event) => this.change(`${clue.text}\u00a0: ${event.target.checked ? "coché" : "décoché"}.`, (state) => (state.clues = event.target.checked ? [...state.clues, clue.id] : state.clues.filter((other) => other !== clue.id))),
          }), clue.text)))
        : "",
    ];
  }

  paint(body) {
    body.append(
      h("div", { class: "gab-documents" }, this.given.documents.map((document, rank) =>
        h("article", { class: "gab-page", "aria-label": this.name(rank) },
          h("p", { class: "gab-engine" }, this.name(rank), document.heading ? ` · ${document.heading}` : ""),
          document.title ? h("h3", {}, document.title) : null,
          h("dl", { class: "gab-facts" }, this.facts(document).map(([label, value]) => h("div", {}, h("dt", {}, label), h("dd", {}, value)))),
          document.text.split(/\n\s*\n/).filter(Boolean).map((part) => h("p", { class: "gab-pre" }, part))))),
      ...this.questions(),
    );
  }

  paintTwin(body) {
    const labels = [...new Set(this.given.documents.flatMap((document) => this.facts(document).map(([label]) => label)))];
    const row = (label, read) => h("tr", {}, h("th", { scope: "row" }, label), this.given.documents.map((document) => h("td", {}, read(document) || "—")));
    body.append(
      h("div", { class: "gab-scroll", tabindex: 0, role: "region", "aria-label": "Documents" },
        h("table", { class: "gab-table" }, h("caption", {}, "Les documents, ligne par ligne"), h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Quoi"), this.given.documents.map((_, rank) => h("th", { scope: "col" }, this.name(rank))))),
          h("tbody", {}, row("Nature", (document) => document.heading), row("Titre", (document) => document.title), labels.map((label) => row(label, (document) => this.facts(document).find(([name]) => name === label)?.[1])), row("Texte", (document) => document.text)))),
      ...this.questions(),
    );
  }
}

customElements.define("pix-compare", Compare);
