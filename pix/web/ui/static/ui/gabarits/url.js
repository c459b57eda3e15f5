// URL: the parts of an address. The state is {names: {token: part}}, or {picked: [id]}; the chosen name is a view.
import { Gabarit, button, clone, field, h, select, unique } from "./base.js";

/** A long address breaks after a slash or before a dot, never inside a name. */
const breakable = (text) => text.split(/(?=\.)|(?<=\/)/).flatMap((piece, rank) => (rank ? [h("wbr"), piece] : [piece]));

class Url extends Gabarit {
  start() {
    return this.given.mode === "name" ? { names: {} } : { picked: [] };
  }

  answer() {
    return clone(this.state);
  }

  toggle(id, text) {
    const on = !this.state.picked.includes(id);
    this.change(`« ${text} »\u00a0: ${on ? "choisi" : "retiré"}.`, (state) => (state.picked = on ? [...state.picked, id] : state.picked.filter((other) => other !== id)));
  }

  name(token, part) {
    this.change(part ? `« ${token.text} »\u00a0: ${part}.` : `« ${token.text} »\u00a0: sans nom.`, (state) => {
      if (part) state.names[token.id] = part;
      else delete state.names[token.id];
    });
  }

  get picked() {
    return this.given.tokens.filter((token) => this.state.picked.includes(token.id)).map((token) => token.text);
  }

  paint(body) {
    if (this.given.mode === "sort") return this.paintTwin(body);
    const naming = this.given.mode === "name";
    body.append(h("p", { class: "gab-help" }, naming ? "Touche un morceau de l'adresse, puis son nom." : "Touche chaque morceau qu'il faut. Touche-le encore pour l'enlever."));
    const press = (token) => (naming ? this.show((view) => (view.at = view.at === token.id ? "" : token.id), `« ${token.text} »\u00a0: choisis son nom.`) : this.toggle(token.id, token.text));
    body.append(h("div", { class: "gab-url-line", role: "group", "aria-label": "Adresse, morceau par morceau" }, this.given.tokens.map((token) => {
      if (!token.live) return h("span", { class: "gab-url-sign" }, token.text);
      const part = naming ? this.state.names[token.id] : "";
      const on = naming ? this.view.at === token.id : this.state.picked.includes(token.id);
      return h("button", { type: "button", class: `gab-url-part${part ? " gab-picked" : ""}`, "aria-pressed": String(on), focus: `token-${token.id}`, onclick: () => press(token) }, h("span", { class: "gab-code" }, token.text), naming ? h("span", { class: "gab-url-name" }, part || "?") : null);
    })));
    if (!naming) {
      body.append(h("p", { class: "gab-note" }, "Ton choix\u00a0: ", h("strong", { class: "gab-code" }, this.picked.join(" . ") || "rien pour l'instant")));
      return null;
    }
    const token = this.given.tokens.find((one) => one.id === this.view.at);
    body.append(h("div", { class: "gab-actions", role: "group", "aria-label": "Noms des parties" }, this.given.parts.map((part) => button(part, () => {
      this.view.at = "";
      this.view.focus = `token-${token.id}`;
      this.name(token, part);
    }, { disabled: !token, focus: `part-${part}` }))));
    return null;
  }

  paintTwin(body) {
    const { mode, tokens } = this.given;
    if (mode === "name") {
      body.append(h("p", { class: "gab-code" }, breakable(this.given.address)), h("div", { class: "gab-form" }, tokens.filter((token) => token.live).map((token) => field(token.text, select([["", "Choisis…"], ...this.given.parts], this.state.names[token.id] ?? "", (part) => this.name(token, part), { focus: `twin-${token.id}` })))));
      return null;
    }
    const list = mode === "sort" ? this.given.addresses : tokens.filter((token) => token.live);
    const legend = unique("adresse");
    body.append(h("fieldset", { class: "gab-page", id: legend }, h("legend", {}, mode === "sort" ? `Coche les adresses du site ${this.given.domain}` : `Morceaux de l'adresse ${this.given.address}, dans l'ordre`),
      list.map((one) => h("label", { class: "gab-check" }, h("input", { type: "checkbox", form: "", checked: this.state.picked.includes(one.id), focus: `twin-${one.id}`, onchange: () => this.toggle(one.id, one.text) }), h("span", { class: "gab-code gab-whole" }, breakable(one.text))))));
    return null;
  }
}

customElements.define("pix-url", Url);
