// FORM: a form to fill in; fields that ask too much may be marked. The state is {values: {id: value}, flagged: [id], sent}.
import { Gabarit, button, clone, field, h, select, unique } from "./base.js";

const TYPES = { text: "text", date: "date", number: "text" };

class Form extends Gabarit {
  start() {
    return { values: Object.fromEntries(this.given.fields.map((item) => [item.id, item.value])), flagged: [], sent: false };
  }

  answer() {
    return clone(this.state);
  }

  set(item, value, options = {}) {
    this.change(options.redraw === false ? "" : `${item.label}\u00a0: ${typeof value === "boolean" ? (value ? "coché" : "décoché") : value || "vide"}.`, (state) => {
      state.values[item.id] = value;
      state.sent = false;
    }, options);
    if (this.sentNote) this.sentNote.hidden = !this.state.sent;
  }

  label(item) {
    return `${item.label}${item.required ? " (obligatoire)" : ""}`;
  }

  control(item) {
    const value = this.state.values[item.id];
    const focus = `field-${item.id}`;
    if (item.kind === "checkbox") {
      const help = item.help ? unique("aide") : null;
      return h("div", {}, h("label", { class: "gab-check" }, h("input", { type: "checkbox", form: "", checked: value, focus, "aria-describedby": help, onchange: (event) => this.set(item, event.target.checked) }), this.label(item)), help ? h("span", { id: help, class: "gab-help" }, item.help) : null);
    }
    if (item.kind === "radio" && !this.twin) {
      const name = unique("radio");
      return h("fieldset", { class: "gab-choices" }, h("legend", {}, this.label(item)), item.help ? h("p", { class: "gab-help" }, item.help) : null,
        item.options.map((option, rank) => h("label", { class: "gab-check" }, h("input", { type: "radio", name, form: "", checked: option === value, focus: `${focus}-${rank}`, onchange: () => this.set(item, option) }), option)));
    }
    if (item.kind === "select" || item.kind === "radio")
      return field(this.label(item), select([["", "Choisis…"], ...item.options], value, (next) => this.set(item, next), { focus }), { help: item.help });
    return field(this.label(item), h("input", {
      class: "gab-input", type: TYPES[item.kind], inputmode: item.kind === "number" ? "decimal" : null, autocomplete: "off", maxlength: item.kind === "date" ? null : 300, form: "", value, focus,
      oninput: (event) => this.set(item, event.target.value, { redraw: false, streak: focus }),
    }), { help: item.help });
  }

  mark(item) {
    if (!this.given.mark) return null;
    const on = this.state.flagged.includes(item.id);
    return button(on ? "De trop" : "Ce champ est de trop", () => this.change(`${item.label}\u00a0: ${on ? "n'est plus marqué" : "marqué de trop"}.`, (state) => {
      state.flagged = on ? state.flagged.filter((id) => id !== item.id) : [...state.flagged, item.id];
    }), { kind: "small", focus: `mark-${item.id}`, "aria-pressed": String(on), "aria-label": `${item.label}\u00a0: ce champ est de trop` });
  }

  shownOnly(item) {
    const kinds = { checkbox: "case à cocher", select: "liste", radio: "choix", date: "date", number: "nombre", text: "texte" };
    return h("div", { class: "gab-field" }, h("span", { class: "gab-label" }, this.label(item)), h("span", { class: "gab-blank" }, item.options ? item.options.join(" · ") : kinds[item.kind]), item.help ? h("span", { class: "gab-help" }, item.help) : null);
  }

  send() {
    const missing = this.given.fields.find((item) => item.required && !this.state.values[item.id]);
    if (missing) {
      this.view.problem = `« ${missing.label} » est obligatoire.`;
      this.redraw();
      this.announce(this.view.problem);
      return;
    }
    this.view.problem = "";
    this.change("Formulaire envoyé.", (state) => (state.sent = true));
  }

  paint(body) {
    const { title, intro, fields, submit, fill } = this.given;
    const page = h("div", { class: "gab-page gab-panel gab-form-page" }, h("h3", {}, title), intro ? h("p", { class: "gab-pre" }, intro) : null,
      fields.map((item) => h("div", { class: `gab-entry${this.state.flagged.includes(item.id) ? " gab-flagged" : ""}` }, fill ? this.control(item) : this.shownOnly(item), this.mark(item))));
    this.sentNote = null;
    if (submit) {
      this.sentNote = h("p", { class: "gab-note", hidden: !this.state.sent }, `« ${submit} »\u00a0: c'est fait.`);
      page.append(this.view.problem ? h("p", { class: "gab-problem" }, this.view.problem) : "", button(submit, () => this.send(), { kind: "primary", focus: "send" }), this.sentNote);
    }
    body.append(page);
  }

  paintTwin(body) {
    this.paint(body);
  }
}

customElements.define("pix-form", Form);
