// MDP: judge, rank or build passwords; what is typed here is only an exercise.
import { Gabarit, button, clone, field, h, select, unique } from "./base.js";

const KINDS = [/\p{Ll}/u, /\p{Lu}/u, /[0-9]/, /[^\p{L}\p{N}]/u];

class Mdp extends Gabarit {
  start() {
    if (this.given.mode === "rate") return { ratings: {} };
    if (this.given.mode === "sort") return { order: this.given.passwords.map((entry) => entry.id) };
    return { password: "" };
  }

  answer() {
    return clone(this.state);
  }

  text(id) {
    return this.given.passwords.find((entry) => entry.id === id).text;
  }

  rate(id, level) {
    this.change(`${this.text(id)}\u00a0: ${level || "sans avis"}.`, (state) => {
      if (level) state.ratings[id] = level;
      else delete state.ratings[id];
    });
  }

  put(id, rank) {
    this.change(`${this.text(id)}\u00a0: place ${rank + 1}.`, (state) => {
      state.order = state.order.filter((other) => other !== id);
      state.order.splice(rank, 0, id);
    });
  }

  paint(body) {
    if (this.given.mode === "rate") {
      body.append(...this.given.passwords.map((entry) => {
        const name = unique("avis");
        return h("fieldset", { class: "gab-page" }, h("legend", { class: "gab-code" }, entry.text), h("div", { class: "gab-actions" }, this.given.levels.map((level) => h("label", { class: "gab-check" }, h("input", { type: "radio", name, form: "", checked: this.state.ratings[entry.id] === level, focus: `${entry.id}-${level}`, onchange: () => this.rate(entry.id, level) }), level))));
      }));
    } else if (this.given.mode === "sort") {
      body.append(
        h("p", { class: "gab-help" }, "Du plus faible…"),
        h("ol", { class: "gab-order" }, this.state.order.map((id, rank) => h("li", {}, h("span", { class: "gab-rank", "aria-hidden": "true" }, String(rank + 1)), h("span", { class: "gab-step gab-code" }, this.text(id)),
          h("span", { class: "gab-actions" }, button("Monter", () => this.put(id, rank - 1), { kind: "small", disabled: rank === 0, focus: `up-${id}`, "aria-label": `Monter ${this.text(id)}` }), button("Descendre", () => this.put(id, rank + 1), { kind: "small", disabled: rank === this.state.order.length - 1, focus: `down-${id}`, "aria-label": `Descendre ${this.text(id)}` }))))),
        h("p", { class: "gab-help" }, "… au plus solide."),
      );
    } else this.paintBuild(body);
  }

  paintTwin(body) {
    if (this.given.mode === "build") return this.paintBuild(body);
    const rate = this.given.mode === "rate";
    const ids = rate ? this.given.passwords.map((entry) => entry.id) : this.state.order;
    const options = rate ? [["", "Choisir"], ...this.given.levels] : ids.map((_, rank) => [String(rank), `Place ${rank + 1}`]);
    body.append(h("table", { class: "gab-table" }, h("caption", {}, rate ? "Avis sur chaque mot de passe" : "Du plus faible (place 1) au plus solide"), h("thead", {}, h("tr", {}, ["Mot de passe", rate ? "Avis" : "Place"].map((text) => h("th", { scope: "col" }, text)))),
      h("tbody", {}, ids.map((id, rank) => h("tr", {}, h("th", { scope: "row", class: "gab-code" }, this.text(id)), h("td", {}, select(options, rate ? (this.state.ratings[id] ?? "") : String(rank), (value) => (rate ? this.rate(id, value) : this.put(id, Number(value))), { "aria-label": `${rate ? "Avis sur" : "Place de"} ${this.text(id)}`, focus: `twin-${id}` })))))));
    return undefined;
  }

  paintBuild(body) {
    const { person, rules } = this.given;
    const count = h("span", {});
    const measure = (text) => {
      const kinds = KINDS.filter((kind) => kind.test(text)).length;
      count.textContent = `${[...text].length} signes, ${kinds} sorte${kinds > 1 ? "s" : ""} de signes`;
    };
    const input = h("input", {
      class: "gab-input gab-code", type: "text", value: this.state.password, maxlength: 100, autocomplete: "off", autocapitalize: "none", spellcheck: "false", focus: "password",
      oninput: (event) => {
        measure(event.target.value);
        this.change("", (state) => (state.password = event.target.value), { redraw: false, streak: "password" });
      },
    });
    measure(this.state.password);
    const facts = Object.entries(person);
    body.append(
      h("p", { class: "gab-problem" }, "N'écris jamais ici un de tes vrais mots de passe."),
      facts.length ? h("div", { class: "gab-page" }, h("h3", {}, "Ce que tout le monde sait"), h("dl", { class: "gab-facts" }, facts.map(([label, value]) => h("div", {}, h("dt", {}, label), h("dd", {}, value))))) : "",
      rules ? h("ul", {}, h("li", {}, `Au moins ${rules.length} signes`), rules.classes > 1 ? h("li", {}, `Au moins ${rules.classes} sortes de signes (minuscules, majuscules, chiffres, autres)`) : null, rules.words ? h("li", {}, `Au moins ${rules.words} mots différents`) : null, rules.no_personal ? h("li", {}, "Aucune information personnelle") : null) : "",
      field("Mot de passe proposé", input),
      h("p", { class: "gab-help" }, count),
    );
  }
}

customElements.define("pix-mdp", Mdp);
