// ZONE: point at a place of a drawn scene; the text version lists the places described.
import { Gabarit, clone, h, s, unique } from "./base.js";

const SHAPES = {
  lock: [["rect", { x: 0.28, y: 0.45, width: 0.44, height: 0.36 }], ["path", "M.36 .45V.34a.14 .14 0 0 1 .28 0V.45"]],
  bin: [["path", "M.25 .3H.75M.42 .3V.2H.58V.3M.31 .3L.36 .82H.64L.69 .3"]],
  "port-usb-a": [["rect", { x: 0.2, y: 0.35, width: 0.6, height: 0.3 }], ["path", "M.26 .5H.74"]],
  "port-usb-c": [["rect", { x: 0.32, y: 0.42, width: 0.36, height: 0.16, rx: 0.08 }]],
  "port-hdmi": [["path", "M.2 .36H.8V.52L.72 .64H.28L.2 .52Z"]],
  "port-jack": [["ellipse", { cx: 0.5, cy: 0.62, rx: 0.06, ry: 0.11 }], ["path", "M.42 .34a.08 .12 0 0 1 .16 0V.42M.42 .34V.42"]],
  "port-ethernet": [["path", "M.34 .3H.66V.72H.58V.8H.42V.72H.34Z"], ["path", "M.42 .3V.42M.47 .3V.42M.53 .3V.42M.58 .3V.42"]],
  "port-power": [["ellipse", { cx: 0.5, cy: 0.58, rx: 0.1, ry: 0.19 }], ["path", "M.5 .58H.505M.53 .12L.47 .24H.53L.47 .36"]],
  window: [["path", "M.5 .04V.96M.04 .5H.96"]],
  screen: [["path", "M.5 1V1.2M.3 1.22H.7"]],
  keyboard: [["path", "M.08 .35H.92M.08 .65H.92"]],
  mouse: [["path", "M.5 .1V.45"]],
  chair: [["path", "M.9 .98H1.9M1.4 .98V1.5M1 1.55H1.8"]],
  speaker: [["path", "M.2 .4H.34L.54 .22V.78L.34 .6H.2ZM.64 .36a.2 .2 0 0 1 0 .28M.73 .26a.36 .36 0 0 1 0 .48"]],
  sun: [["ellipse", { cx: 0.5, cy: 0.5, rx: 0.17, ry: 0.17 }], ["path", "M.5 .12V.22M.5 .78V.88M.12 .5H.22M.78 .5H.88M.23 .23L.3 .3M.7 .7L.77 .77M.77 .23L.7 .3M.3 .7L.23 .77"]],
  battery: [["rect", { x: 0.14, y: 0.34, width: 0.64, height: 0.32, rx: 0.04 }], ["path", "M.78 .44H.86V.56H.78M.24 .44V.56M.34 .44V.56M.44 .44V.56"]],
  bars: [["path", "M.26 .76V.64M.42 .76V.52M.58 .76V.38M.74 .76V.24"]],
  bell: [["path", "M.3 .68H.7L.64 .58V.44a.14 .14 0 0 0 -.28 0V.58ZM.46 .76a.05 .05 0 0 0 .08 0"]],
  feet: [["path", "M.1 .8H.4M.5 .8H.8"]],
};

class Zone extends Gabarit {
  start() {
    this.byId = Object.fromEntries(this.given.zones.map((zone) => [zone.id, zone]));
    return { zones: [] };
  }

  answer() {
    return clone(this.state);
  }

  toggle(id) {
    const on = !this.state.zones.includes(id);
    this.change(`${this.byId[id].describe}\u00a0: ${on ? "choisi" : "retiré"}.`, (state) => {
      if (this.given.several) state.zones = on ? [...state.zones, id] : state.zones.filter((other) => other !== id);
      else state.zones = on ? [id] : [];
    });
  }

  drawn(zone) {
    const parts = (SHAPES[zone.shape] ?? []).map(([tag, spec]) => {
      if (tag === "path") return s("path", { d: spec, class: "gab-line", transform: `translate(${zone.x} ${zone.y}) scale(${zone.w} ${zone.h})`, "vector-effect": "non-scaling-stroke" });
      const scaled = {};
      for (const [key, value] of Object.entries(spec)) scaled[key] = ["x", "cx"].includes(key) ? zone.x + value * zone.w : ["y", "cy"].includes(key) ? zone.y + value * zone.h : value * (["height", "ry"].includes(key) ? zone.h : zone.w);
      return s(tag, { ...scaled, class: "gab-line" });
    });
    return parts;
  }

  paint(body) {
    const { width, height, alt } = this.given;
    body.append(
      h("p", { class: "gab-help" }, this.given.several ? "Touche toutes les bonnes zones de l'image." : "Touche la bonne zone de l'image."),
      h("p", { class: "gab-help gab-narrow" }, "Fais glisser l'image vers la gauche pour tout voir."),
      h("div", { class: "gab-scroll" }, s(
        "svg",
        { class: "gab-scene", viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": alt },
        s("rect", { class: "gab-scene-back", x: 0, y: 0, width, height, rx: 8 }),
        (this.given.decor ?? []).map((part) => s("rect", { class: "gab-decor", x: part.x, y: part.y, width: part.w, height: part.h })),
        this.given.zones.map((zone) => {
          const on = this.state.zones.includes(zone.id);
          const chars = Math.max(4, Math.floor(zone.w / 8.2));
          const text = zone.text.length > chars ? `${zone.text.slice(0, chars - 1)}…` : zone.text;
          return s(
            "g",
            {
              class: `gab-zone gab-look-${zone.look}${on ? " gab-on" : ""}`, role: this.given.several ? "checkbox" : "radio", "aria-checked": String(on), "aria-label": zone.describe, tabindex: 0, focus: `zone-${zone.id}`,
              onclick: () => this.toggle(zone.id),
              onkeydown: (event) => {
                if (event.key !== "Enter" && event.key !== " ") return;
                event.preventDefault();
                this.toggle(zone.id);
              },
            },
            s("rect", { class: "gab-zone-box", x: zone.x, y: zone.y, width: zone.w, height: zone.h, rx: 6 }),
            this.drawn(zone),
            text ? s("text", { x: zone.x + 8, y: zone.y + Math.min(zone.h / 2 + 5, 24), "aria-hidden": "true" }, document.createTextNode(text)) : null,
            on ? s("path", { class: "gab-tick", d: `M${zone.x + zone.w - 20} ${zone.y + 12}l5 5 9-10` }) : null,
          );
        }),
      )),
      h("p", { class: "gab-note" }, "Ton choix\u00a0: ", h("strong", {}, this.state.zones.map((id) => this.byId[id].describe).join("\u00a0; ") || "rien pour l'instant")),
    );
  }

  paintTwin(body) {
    const name = unique("zone");
    body.append(
      h("fieldset", { class: "gab-page" }, h("legend", {}, this.given.alt), this.given.zones.map((zone) =>
        h("label", { class: "gab-check" }, h("input", { type: this.given.several ? "checkbox" : "radio", name, form: "", checked: this.state.zones.includes(zone.id), focus: `twin-${zone.id}`, onchange: () => this.toggle(zone.id) }), zone.describe))),
    );
  }
}

customElements.define("pix-zone", Zone);
