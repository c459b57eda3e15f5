// ASSOC: pairs. Touch a left then a right, drag one on the other, or choose in lists (text version).
import { Gabarit, button, clone, h, icon, select } from "./base.js";

class Assoc extends Gabarit {
  start() {
    this.lefts = Object.fromEntries(this.given.left.map((entry) => [entry.id, entry.text || entry.icon]));
    this.rights = Object.fromEntries(this.given.right.map((entry) => [entry.id, entry.text]));
    return { pairs: {} };
  }

  answer() {
    return clone(this.state);
  }

  pair(left, right) {
    this.view.left = null;
    this.change(right ? `${this.lefts[left]} avec ${this.rights[right]}.` : `${this.lefts[left]}\u00a0: association retirée.`, (state) => {
      if (right) state.pairs[left] = right;
      else delete state.pairs[left];
    });
  }

  face(entry) {
    return [entry.icon ? icon(entry.icon) : null, h("span", { class: entry.icon && !entry.text ? "gab-hidden" : "" }, entry.text || `icône ${this.given.left.indexOf(entry) + 1}`)];
  }

  paint(body) {
    const held = this.view.left;
    const pick = (id) => this.show((view) => (view.left = held === id ? null : id), held === id ? "" : `${this.lefts[id]} choisi. Choisis maintenant dans « ${this.given.right_label} ».`);
    body.append(
      h("p", { class: "gab-help" }, "Touche un élément à gauche, puis celui qui va avec à droite. Tu peux aussi le glisser."),
      h(
        "div",
        { class: "gab-pairs" },
        h("div", { role: "group", "aria-label": this.given.left_label }, h("h3", {}, this.given.left_label), h("ul", { class: "gab-stack" }, this.given.left.map((entry) => {
          const mate = this.state.pairs[entry.id];
          return h("li", {},
            h("button", { type: "button", class: `gab-tile${held === entry.id ? " gab-picked" : ""}`, "aria-pressed": String(held === entry.id), focus: `left-${entry.id}`, draggable: "true", ondragstart: () => (this.dragged = entry.id), onclick: () => pick(entry.id) }, this.face(entry)),
            mate ? h("span", { class: "gab-mate" }, h("span", {}, "→ ", this.rights[mate]), button(`Retirer l'association de ${this.lefts[entry.id]}`, () => this.pair(entry.id, null), { kind: "chip", hide: true, icon: "×", focus: `drop-${entry.id}` })) : null);
        }))),
        h("div", { role: "group", "aria-label": this.given.right_label }, h("h3", {}, this.given.right_label), h("ul", { class: "gab-stack" }, this.given.right.map((entry) =>
          h("li", {}, h("button", {
            type: "button", class: "gab-tile", focus: `right-${entry.id}`, "aria-disabled": held ? null : "true",
            onclick: () => (held ? this.pair(held, entry.id) : this.announce(`Choisis d'abord dans « ${this.given.left_label} ».`)),
            ondragover: (event) => event.preventDefault(),
            ondrop: (event) => {
              event.preventDefault();
              if (this.dragged) this.pair(this.dragged, entry.id);
              this.dragged = null;
            },
          }, entry.text))))),
      ),
    );
  }

  paintTwin(body) {
    const options = [["", "Choisir"], ...this.given.right.map((entry) => [entry.id, entry.text])];
    body.append(
      h("table", { class: "gab-table" }, h("caption", { class: "gab-hidden" }, "Associations"), h("thead", {}, h("tr", {}, [this.given.left_label, this.given.right_label].map((text) => h("th", { scope: "col" }, text)))),
        h("tbody", {}, this.given.left.map((entry) => h("tr", {}, h("th", { scope: "row" }, this.face(entry)), h("td", {}, select(options, this.state.pairs[entry.id] ?? "", (value) => this.pair(entry.id, value || null), { "aria-label": `${this.given.right_label} — ${this.lefts[entry.id]}`, focus: `pair-${entry.id}` })))))),
    );
  }
}

customElements.define("pix-assoc", Assoc);
