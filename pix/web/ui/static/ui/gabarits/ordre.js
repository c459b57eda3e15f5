// ORDRE: steps to put in order; buttons up and down, drag, or positions (text version).
import { Gabarit, button, clone, h, select } from "./base.js";

class Ordre extends Gabarit {
  start() {
    this.texts = Object.fromEntries(this.given.steps.map((step) => [step.id, step.text]));
    return { order: this.given.steps.map((step) => step.id), aside: [] };
  }

  answer() {
    return clone(this.state);
  }

  put(id, rank) {
    this.change(`${this.texts[id]}\u00a0: place ${rank + 1} sur ${this.state.order.length}.`, (state) => {
      state.aside = state.aside.filter((other) => other !== id);
      state.order = state.order.filter((other) => other !== id);
      state.order.splice(rank, 0, id);
    });
  }

  leave(id) {
    this.change(`${this.texts[id]}\u00a0: laissé de côté.`, (state) => {
      state.order = state.order.filter((other) => other !== id);
      state.aside.push(id);
    });
  }

  paint(body) {
    const { order, aside } = this.state;
    const drag = (id) => ({ draggable: "true", ondragstart: () => (this.dragged = id), ondragover: (event) => event.preventDefault() });
    const drop = (act) => (event) => {
      event.preventDefault();
      if (this.dragged) act(this.dragged);
      this.dragged = null;
    };
    if (this.given.from_label) body.append(h("p", { class: "gab-help" }, this.given.from_label));
    body.append(
      h("ol", { class: "gab-order" }, order.map((id, rank) =>
        h("li", { ...drag(id), ondrop: drop((held) => this.put(held, rank)) }, h("span", { class: "gab-rank", "aria-hidden": "true" }, String(rank + 1)), h("span", { class: "gab-step" }, this.texts[id]),
          h("span", { class: "gab-actions" },
            button("Monter", () => this.put(id, rank - 1), { kind: "small", focus: `up-${id}`, disabled: rank === 0, "aria-label": `Monter\u00a0: ${this.texts[id]}` }),
            button("Descendre", () => this.put(id, rank + 1), { kind: "small", focus: `down-${id}`, disabled: rank === order.length - 1, "aria-label": `Descendre\u00a0: ${this.texts[id]}` }),
            this.given.may_leave ? button("Laisser de côté", () => this.leave(id), { kind: "small", focus: `leave-${id}`, "aria-label": `Laisser de côté\u00a0: ${this.texts[id]}` }) : null)))),
    );
    if (this.given.to_label) body.append(h("p", { class: "gab-help" }, this.given.to_label));
    if (this.given.may_leave)
      body.append(h("div", { class: "gab-aside", ondragover: (event) => event.preventDefault(), ondrop: drop((held) => aside.includes(held) || this.leave(held)) }, h("h3", {}, "À laisser de côté"),
        aside.length ? h("ul", { class: "gab-order" }, aside.map((id) => h("li", drag(id), h("span", { class: "gab-step" }, this.texts[id]), button("Remettre", () => this.put(id, order.length), { kind: "small", focus: `back-${id}`, "aria-label": `Remettre\u00a0: ${this.texts[id]}` })))) : h("p", { class: "gab-empty" }, "Rien pour l'instant.")));
  }

  paintTwin(body) {
    const { order } = this.state;
    const row = (id) => {
      const rank = order.indexOf(id);
      const places = order.map((_, place) => [String(place), `Place ${place + 1}`]);
      if (rank < 0) places.push([String(order.length), `Place ${order.length + 1}`]);
      if (this.given.may_leave) places.push(["aside", "À laisser de côté"]);
      return h("tr", {}, h("th", { scope: "row" }, this.texts[id]), h("td", {}, select(places, rank < 0 ? "aside" : String(rank), (value) => (value === "aside" ? rank < 0 || this.leave(id) : this.put(id, Number(value))), { "aria-label": `Place de\u00a0: ${this.texts[id]}`, focus: `place-${id}` })));
    };
    body.append(h("table", { class: "gab-table" }, h("caption", {}, `Étapes, dans l'ordre actuel${this.given.from_label ? ` (${this.given.from_label} → ${this.given.to_label})` : ""}`), h("thead", {}, h("tr", {}, ["Étape", "Place"].map((text) => h("th", { scope: "col" }, text)))), h("tbody", {}, [...order, ...this.state.aside].map(row))));
  }
}

customElements.define("pix-ordre", Ordre);
