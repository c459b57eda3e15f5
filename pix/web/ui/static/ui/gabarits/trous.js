// TROUS: a text with gaps to fill, in the reading; the text version asks them one after the other.
import { Gabarit, clone, field, h, select, unique } from "./base.js";

/** Beyond so many letters, an answer would be cut in a list on a phone: it is chosen among buttons. */
const LONG = 26;

class Trous extends Gabarit {
  start() {
    this.byId = Object.fromEntries(this.given.gaps.map((gap) => [gap.id, gap]));
    return { gaps: {} };
  }

  answer() {
    return clone(this.state);
  }

  fill(gap, value, typed) {
    this.change(typed ? "" : `${gap.label}\u00a0: ${value || "vide"}.`, (state) => {
      if (value) state.gaps[gap.id] = value;
      else delete state.gaps[gap.id];
    }, typed ? { redraw: false, streak: gap.id } : {});
  }

  isLong(gap) {
    return gap.options.some((option) => option.length > LONG);
  }

  sentences(gap) {
    const name = unique("trou");
    return h("fieldset", { class: "gab-sentences" }, h("legend", {}, gap.label), gap.options.map((option, rank) =>
      h("label", { class: "gab-check" }, h("input", { type: "radio", name, form: "", checked: this.state.gaps[gap.id] === option, focus: `gap-${gap.id}-${rank}`, onchange: () => this.fill(gap, option, false) }), option)));
  }

  control(gap, props = {}) {
    const value = this.state.gaps[gap.id] ?? "";
    if (gap.options.length) return select([["", "…"], ...gap.options], value, (next) => this.fill(gap, next, false), { focus: `gap-${gap.id}`, ...props });
    return h("input", { type: "text", class: "gab-input", value, maxlength: 200, autocomplete: "off", spellcheck: "false", focus: `gap-${gap.id}`, oninput: (event) => this.fill(gap, event.target.value, true), ...props });
  }

  paint(body) {
    body.append(
      this.given.bank.length ? h("p", { class: "gab-note" }, "Mots proposés\u00a0: ", this.given.bank.join(" · ")) : "",
      h("div", { class: "gab-page gab-holes" }, this.given.lines.map((line) => h("div", { class: line.some((part) => part.gap) ? "gab-holed" : null }, line.map((part) => {
        if (!part.gap) return part.text;
        const gap = this.byId[part.gap];
        return this.isLong(gap) ? this.sentences(gap) : this.control(gap, { "aria-label": gap.label });
      })))),
    );
  }

  paintTwin(body) {
    const holes = Object.fromEntries(this.given.gaps.map((gap, rank) => [gap.id, `(${rank + 1})`]));
    body.append(
      h("div", { class: "gab-page" }, h("h3", {}, "Le texte"), this.given.lines.map((line) => h("p", {}, line.map((part) => (part.gap ? h("strong", {}, `…${holes[part.gap]}…`) : part.text))))),
      h("div", { class: "gab-page" }, h("h3", {}, "Les trous"), this.given.gaps.map((gap, rank) => {
        const label = gap.label.startsWith("Trou ") ? gap.label : `Trou ${rank + 1}, ${gap.label}`;
        return this.isLong(gap) ? this.sentences(gap) : field(label, this.control(gap));
      })),
    );
  }
}

customElements.define("pix-trous", Trous);
