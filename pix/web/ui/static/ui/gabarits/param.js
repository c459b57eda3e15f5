// PARAM: a panel of settings. The state is {values: {id: value}}; the open menu is a view.
import { Gabarit, button, clone, field, h, select, unique } from "./base.js";

class Param extends Gabarit {
  start() {
    const values = {};
    const visit = (menu) => {
      menu.items.forEach((item) => (values[item.id] = item.value));
      menu.menus.forEach(visit);
    };
    this.given.menus.forEach(visit);
    return { values };
  }

  answer() {
    return clone(this.state);
  }

  set(item, value) {
    const said = typeof value === "boolean" ? (value ? "activé" : "désactivé") : value;
    this.change(`${item.label}\u00a0: ${said}.`, (state) => (state.values[item.id] = value));
  }

  control(item) {
    const value = this.state.values[item.id];
    if (item.kind === "switch") {
      const help = item.help ? unique("aide") : null;
      return h(
        "div",
        { class: "gab-setting" },
        h("button", { type: "button", role: "switch", class: "gab-switch", "aria-checked": String(value), "aria-describedby": help, focus: `item-${item.id}`, onclick: () => this.set(item, !value) }, h("span", { class: "gab-knob", "aria-hidden": "true" }), h("span", {}, item.label), h("span", { class: "gab-state", "aria-hidden": "true" }, value ? "Activé" : "Désactivé")),
        item.help ? h("span", { id: help, class: "gab-help" }, item.help) : null,
      );
    }
    if (item.kind === "select" || this.twin) return h("div", { class: "gab-setting" }, field(item.label, select(item.options, value, (next) => this.set(item, next), { focus: `item-${item.id}` }), { help: item.help }));
    const name = unique("radio");
    return h(
      "fieldset",
      { class: "gab-setting" },
      h("legend", {}, item.label),
      item.help ? h("p", { class: "gab-help" }, item.help) : null,
      item.options.map((option, rank) => h("label", { class: "gab-check" }, h("input", { type: "radio", name, form: "", checked: option === value, focus: `item-${item.id}-${rank}`, onchange: () => this.set(item, option) }), option)),
    );
  }

  /** Menus from the top to the open one. */
  trail() {
    const found = [];
    let menus = this.given.menus;
    for (const rank of this.view.at ?? []) {
      if (!menus[rank]) break;
      found.push(menus[rank]);
      menus = menus[rank].menus;
    }
    return found;
  }

  paint(body) {
    const trail = this.trail();
    const here = trail.at(-1);
    const go = (at, message) => this.show((view) => Object.assign(view, { at, focus: "menu" }), message);
    const entry = (menu, at) => h("li", {}, h("button", { type: "button", class: "gab-tree-row", focus: `menu-${at.join("-")}`, onclick: () => go(at, `Menu « ${menu.name} ».`) }, h("span", {}, menu.name), h("span", { "aria-hidden": "true", class: "gab-count" }, "›")));
    const panel = h("div", { class: "gab-page gab-panel" }, h("p", { class: "gab-engine" }, this.given.title));
    if (!here) {
      panel.append(h("h3", { tabindex: -1, focus: "menu" }, "Réglages"), h("ul", { class: "gab-menu" }, this.given.menus.map((menu, rank) => entry(menu, [rank]))));
    } else {
      const at = this.view.at;
      panel.append(
        button(at.length > 1 ? `Retour à « ${trail.at(-2).name} »` : "Retour aux réglages", () => go(at.slice(0, -1), "Retour."), { focus: "retour" }),
        h("h3", { tabindex: -1, focus: "menu" }, trail.map((menu) => menu.name).join(" › ")),
        ...here.items.map((item) => this.control(item)),
        here.menus.length ? h("ul", { class: "gab-menu" }, here.menus.map((menu, rank) => entry(menu, [...at, rank]))) : "",
      );
    }
    body.append(panel);
  }

  paintTwin(body) {
    const visit = (menu, level) => h("section", { class: "gab-page" }, h(`h${level}`, {}, menu.name), menu.items.map((item) => this.control(item)), menu.menus.map((inner) => visit(inner, level + 1)));
    body.append(h("p", { class: "gab-engine" }, this.given.title), ...this.given.menus.map((menu) => visit(menu, 3)));
  }
}

customElements.define("pix-param", Param);
