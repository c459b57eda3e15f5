// IMGED: turn, crop, resize, tune and blur a drawn picture; each operation has its numbers, the picture follows.
import { Gabarit, button, clone, field, h, s } from "./base.js";

// Each object is drawn in a square of 100 by 100; one list of [tag, attributes] each.
const SHAPES = {
  phare: [["path", { d: "M38 98l6-64h12l6 64z", fill: "#f5f1ea", stroke: "#5b4a3a" }], ["path", { d: "M42 56h16l2 16h-20zM40 84h21l1 14h-24z", fill: "#b8372c" }], ["rect", { x: 43, y: 18, width: 14, height: 16, fill: "#ffd766", stroke: "#5b4a3a" }], ["path", { d: "M40 18l10-16 10 16z", fill: "#b8372c" }]],
  bateau: [["path", { d: "M8 70h84l-16 26H24z", fill: "#8a5a34" }], ["path", { d: "M48 4v62", stroke: "#4a3a2a", "stroke-width": 3 }], ["path", { d: "M52 8l34 54H52z", fill: "#fff", stroke: "#7d8794" }], ["path", { d: "M44 20v42H14z", fill: "#d9e8f2", stroke: "#7d8794" }]],
  arbre: [["rect", { x: 44, y: 58, width: 12, height: 40, fill: "#6b4a2d" }], ["circle", { cx: 50, cy: 34, r: 32, fill: "#3f7d46" }], ["circle", { cx: 32, cy: 50, r: 18, fill: "#4b9153" }], ["circle", { cx: 68, cy: 50, r: 18, fill: "#36703d" }]],
  velo: [["circle", { cx: 22, cy: 70, r: 20, fill: "none", stroke: "#222", "stroke-width": 4 }], ["circle", { cx: 78, cy: 70, r: 20, fill: "none", stroke: "#222", "stroke-width": 4 }], ["path", { d: "M22 70l20-34h26l10 34M42 36l10 34h-30M52 70l16-34-4-12h10M36 28h12", fill: "none", stroke: "#c2452d", "stroke-width": 4 }]],
  poubelle: [["path", { d: "M22 30h56l-6 66H28z", fill: "#5d6b66" }], ["rect", { x: 18, y: 20, width: 64, height: 10, fill: "#3f4a46" }], ["path", { d: "M38 40l2 46M50 40v46M62 40l-2 46", stroke: "#3f4a46", "stroke-width": 4 }], ["rect", { x: 42, y: 12, width: 16, height: 8, fill: "#3f4a46" }]],
  banc: [["path", { d: "M6 44h88v10H6zM6 60h88v8H6z", fill: "#a06c3c" }], ["path", { d: "M16 68v28M84 68v28M16 30v14M84 30v14M6 30h88", stroke: "#4a3a2a", "stroke-width": 5 }]],
  maison: [["rect", { x: 16, y: 44, width: 68, height: 52, fill: "#efd9b4", stroke: "#6b5a42" }], ["path", { d: "M8 46L50 8l42 38z", fill: "#9c4a34" }], ["rect", { x: 42, y: 66, width: 16, height: 30, fill: "#6b4a2d" }], ["rect", { x: 24, y: 56, width: 12, height: 12, fill: "#a8cbe0", stroke: "#6b5a42" }], ["rect", { x: 64, y: 56, width: 12, height: 12, fill: "#a8cbe0", stroke: "#6b5a42" }]],
  visage: [["path", { d: "M14 100c2-22 16-28 36-28s34 6 36 28z", fill: "#3a6ea5" }], ["circle", { cx: 50, cy: 42, r: 30, fill: "#b98156" }], ["path", { d: "M20 40a30 30 0 0 1 60 0c-14-4-18-14-22-16-8 10-24 12-38 16z", fill: "#2b2320" }], ["path", { d: "M38 46v3M62 46v3M38 58q12 10 24 0", fill: "none", stroke: "#2b2320", "stroke-width": 3 }]],
  plaque: [["rect", { x: 6, y: 32, width: 88, height: 38, rx: 4, fill: "#fff7d1", stroke: "#333", "stroke-width": 3 }], ["path", { d: "M16 44v14M26 44l8 14M34 44l-8 14M44 44h10v14H44zM64 44v14h8M80 44v14", fill: "none", stroke: "#333", "stroke-width": 3 }]],
  panneau: [["path", { d: "M50 60v38", stroke: "#444", "stroke-width": 6 }], ["rect", { x: 6, y: 14, width: 88, height: 48, rx: 4, fill: "#1f4f8f", stroke: "#fff", "stroke-width": 3 }], ["path", { d: "M16 30h60M16 42h44M16 52h52", stroke: "#fff", "stroke-width": 4 }]],
  ballon: [["circle", { cx: 50, cy: 54, r: 40, fill: "#f2f2f2", stroke: "#333", "stroke-width": 3 }], ["path", { d: "M50 38l15 11-6 17H41l-6-17zM50 38V14M65 49l24-8M59 66l14 20M41 66L27 86M35 49l-24-8", fill: "none", stroke: "#333", "stroke-width": 3 }]],
  oiseau: [["path", { d: "M10 60c20-30 50-34 66-16l18 4-16 8c-4 26-38 34-58 22z", fill: "#c99a3b" }], ["path", { d: "M30 58c12-12 26-10 34 2-8 12-24 14-34 8z", fill: "#8a6420" }], ["circle", { cx: 74, cy: 48, r: 3, fill: "#222" }], ["path", { d: "M44 84v14M54 84v14", stroke: "#8a6420", "stroke-width": 4 }]],
};
const GROUNDS = { mer: ["#bfe0f0", "#3f86ab", 0.62], cour: ["#cfe4f2", "#b9b4a8", 0.58], champ: ["#cbe7f7", "#8fb35a", 0.55] };
const TUNES = [["light", "Lumière"], ["contrast", "Contraste"], ["colour", "Force des couleurs"]];
const SIDES = [["x", "Depuis la gauche"], ["y", "Depuis le haut"], ["w", "Largeur"], ["h", "Hauteur"]];
const MOST_SIDE = 8000;
const MOST_BLURS = 8;

class Imged extends Gabarit {
  start() {
    return { turn: 0, crop: null, size: null, light: 0, contrast: 0, colour: 0, blurs: [] };
  }

  answer() {
    return clone(this.state);
  }

  has(tool) {
    return this.given.tools.includes(tool);
  }

  /** Width and height after the rotation. */
  whole() {
    const { width, height, lying } = this.given;
    return (lying + this.state.turn) % 180 ? [height, width] : [width, height];
  }

  shown() {
    const [w, h2] = this.whole();
    return this.state.crop ?? { x: 0, y: 0, w, h: h2 };
  }

  final() {
    const { w, h: high } = this.shown();
    return this.state.size ?? { w, h: high };
  }

  /** Where an object stands once the picture is turned as it is now. */
  placed({ x, y, w, h: high }) {
    const { width, height, lying } = this.given;
    const turn = (lying + this.state.turn) % 360;
    if (turn === 90) return { x: height - y - high, y: x, w: high, h: w };
    if (turn === 180) return { x: width - x - w, y: height - y - high, w, h: high };
    if (turn === 270) return { x: y, y: width - x - w, w: high, h: w };
    return { x, y, w, h: high };
  }

  turn(by) {
    this.change(by > 0 ? "Image tournée d'un quart de tour vers la droite." : "Image tournée d'un quart de tour vers la gauche.", (state) => {
      state.turn = (state.turn + by + 360) % 360;
      state.crop = state.size = null;
      state.blurs = [];
    });
  }

  bounded(box) {
    const [wide, high] = this.whole();
    const x = Math.min(Math.max(0, Math.round(box.x)), wide - 1);
    const y = Math.min(Math.max(0, Math.round(box.y)), high - 1);
    return { x, y, w: Math.min(Math.max(1, Math.round(box.w)), wide - x), h: Math.min(Math.max(1, Math.round(box.h)), high - y) };
  }

  placeFrame(box) {
    this.view.frame = this.bounded(box);
    this.redraw();
    this.save();
  }

  frame() {
    const [wide, high] = this.whole();
    return this.bounded(this.view.frame ?? { x: wide / 4, y: high / 4, w: wide / 2, h: high / 2 });
  }

  // --- the picture

  picture() {
    const { width, height, lying, given, objects, ground } = this.given;
    const { x, y, w, h: high } = this.shown();
    const size = this.final();
    const [sky, floor, line] = GROUNDS[ground];
    const turn = (lying + this.state.turn) % 360;
    const [wide, tall] = this.whole();
    const moved = { 0: "", 90: `translate(${height} 0) rotate(90)`, 180: `translate(${width} ${height}) rotate(180)`, 270: `translate(0 ${width}) rotate(270)` }[turn];
    const scene = s("g", {}, s("g", { transform: moved },
      s("rect", { width, height, fill: sky }), s("rect", { y: height * line, width, height: height * (1 - line), fill: floor }),
      s("circle", { cx: width * 0.86, cy: height * 0.14, r: height * 0.07, fill: "#ffe08a" }),
      objects.map((object) => s("g", { transform: `translate(${object.x} ${object.y}) scale(${object.w / 100} ${object.h / 100})` }, SHAPES[object.kind].map(([tag, attributes]) => s(tag, attributes))))));
    const level = (tune) => 1 + (given[tune] + this.state[tune]) / 100;
    scene.style.filter = `brightness(${Math.max(0, level("light"))}) contrast(${Math.max(0, level("contrast"))}) saturate(${Math.max(0, level("colour"))})`;
    const blurs = this.state.blurs.map((blur) => s("rect", { class: "gab-blur", x: blur.x, y: blur.y, width: blur.w, height: blur.h }));
    const frame = this.framed() ? this.frame() : null;
    const svg = s("svg", { class: "gab-picture-edit", viewBox: `${x} ${y} ${w} ${high}`, preserveAspectRatio: "none", role: "img", "aria-label": this.described() }, scene, blurs,
      frame ? s("rect", { class: "gab-frame", x: frame.x, y: frame.y, width: frame.w, height: frame.h }) : null);
    // Shown at its proportions, whatever the number of pixels.
    svg.style.aspectRatio = `${size.w} / ${size.h}`;
    svg.style.width = `${Math.round(Math.min(600, (420 * size.w) / size.h))}px`;
    if (frame) this.drawable(svg, wide, tall);
    return svg;
  }

  framed() {
    return (this.has("crop") && !this.state.crop) || this.has("blur");
  }

  drawable(svg) {
    const at = (event) => {
      const box = svg.getBoundingClientRect();
      const { x, y, w, h: high } = this.shown();
      return [x + ((event.clientX - box.left) / box.width) * w, y + ((event.clientY - box.top) / box.height) * high];
    };
    svg.classList.add("gab-drawable");
    svg.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      svg.setPointerCapture(event.pointerId);
      const [left, top] = at(event);
      const draw = (move) => {
        const [right, bottom] = at(move);
        this.view.frame = this.bounded({ x: Math.min(left, right), y: Math.min(top, bottom), w: Math.abs(right - left), h: Math.abs(bottom - top) });
        const rect = svg.querySelector(".gab-frame");
        for (const [name, key] of [["x", "x"], ["y", "y"], ["width", "w"], ["height", "h"]]) rect.setAttribute(name, this.view.frame[key]);
      };
      svg.addEventListener("pointermove", draw);
      svg.addEventListener("pointerup", (last) => {
        svg.removeEventListener("pointermove", draw);
        if (Math.hypot(last.clientX - event.clientX, last.clientY - event.clientY) > 6) draw(last);
        this.redraw();
        this.save();
      }, { once: true });
    });
  }

  described() {
    const { lying } = this.given;
    const turn = (lying + this.state.turn) % 360;
    const [wide, high] = this.whole();
    const side = { 0: "L'image est à l'endroit.", 90: "L'image est couchée\u00a0: son haut est à droite.", 180: "L'image est à l'envers\u00a0: son haut est en bas.", 270: "L'image est couchée\u00a0: son haut est à gauche." }[turn];
    const where = this.given.objects.map((object) => {
      const box = this.placed(object);
      return `${object.describe}, de ${box.x} à ${box.x + box.w} depuis la gauche et de ${box.y} à ${box.y + box.h} depuis le haut`;
    });
    const levels = TUNES.filter(([tune]) => this.has(tune)).map(([tune, label]) => {
      const level = this.given.given[tune] + this.state[tune];
      const word = level <= -25 ? "bien trop faible" : level < -10 ? "un peu faible" : level <= 10 ? "normal" : level < 25 ? "un peu fort" : "bien trop fort";
      return `${label}\u00a0: ${word}.`;
    });
    return `${side} Elle mesure ${wide} sur ${high} pixels avant recadrage. On y voit\u00a0: ${where.join("\u00a0; ")}. ${levels.join(" ")}`;
  }

  // --- the tools

  number(label, value, set, focus) {
    return field(label, h("input", { class: "gab-input", type: "text", inputmode: "numeric", autocomplete: "off", value: String(value), focus, onchange: (event) => {
      const read = parseInt(event.target.value, 10);
      if (Number.isNaN(read)) this.redraw();
      else set(read);
    } }));
  }

  frameTools() {
    const frame = this.frame();
    return h("fieldset", { class: "gab-form" }, h("legend", {}, "Cadre, en pixels"),
      this.twin ? null : h("p", { class: "gab-help" }, "Trace un cadre sur l'image, ou écris ses nombres."),
      SIDES.map(([key, label]) => this.number(label, frame[key], (value) => this.placeFrame({ ...frame, [key]: value }), `frame-${key}`)),
      h("div", { class: "gab-actions" },
        this.has("crop") && !this.state.crop ? button("Recadrer", () => this.change("Image recadrée.", (state) => {
          state.crop = this.frame();
          state.size = null;
        }), { kind: "primary", focus: "crop" }) : null,
        this.has("blur") ? button("Flouter cette zone", () => this.state.blurs.length < MOST_BLURS && this.change("Zone floutée.", (state) => state.blurs.push(this.frame())), { kind: "primary", focus: "blur" }) : null,
        this.has("blur") && this.state.blurs.length ? button("Retirer le dernier flou", () => this.change("Dernier flou retiré.", (state) => state.blurs.pop()), { focus: "unblur" }) : null));
  }

  sizeTools() {
    const size = this.final();
    const linked = this.view.linked ?? false;
    const { w, h: high } = this.shown();
    const set = (key, value) => this.change("", (state) => {
      const kept = Math.min(Math.max(1, value), MOST_SIDE);
      const other = key === "w" ? Math.round((kept * high) / w) : Math.round((kept * w) / high);
      const bounded = Math.min(Math.max(1, other), MOST_SIDE);
      state.size = key === "w" ? { w: kept, h: linked ? bounded : size.h } : { w: linked ? bounded : size.w, h: kept };
    });
    return h("fieldset", { class: "gab-form" }, h("legend", {}, "Taille de l'image, en pixels"),
      this.number("Largeur de l'image", size.w, (value) => set("w", value), "size-w"),
      this.number("Hauteur de l'image", size.h, (value) => set("h", value), "size-h"),
      h("label", { class: "gab-check" }, h("input", { type: "checkbox", checked: linked, form: "", focus: "linked", onchange: (event) => this.show((view) => (view.linked = event.target.checked)) }), "Garder les proportions"));
  }

  tuneTools() {
    const tunes = TUNES.filter(([tune]) => this.has(tune));
    return h("fieldset", { class: "gab-form" }, h("legend", {}, "Réglages, de −100 à 100"), tunes.map(([tune, label]) => {
      const set = (value) => this.change(`${label}\u00a0: ${value}.`, (state) => (state[tune] = Math.min(100, Math.max(-100, value))));
      if (this.twin) return this.number(label, this.state[tune], set, `tune-${tune}`);
      return field(label, h("input", { type: "range", min: -100, max: 100, step: 5, value: String(this.state[tune]), focus: `tune-${tune}`, onchange: (event) => set(Number(event.target.value)) }), { help: String(this.state[tune]) });
    }));
  }

  paint(body) {
    const size = this.final();
    const tools = [];
    if (this.has("turn")) tools.push(h("div", { class: "gab-actions" }, button("Tourner vers la gauche", () => this.turn(-90), { focus: "left" }), button("Tourner vers la droite", () => this.turn(90), { focus: "right" })));
    if (this.framed()) tools.push(this.frameTools());
    if (this.has("size")) tools.push(this.sizeTools());
    if (TUNES.some(([tune]) => this.has(tune))) tools.push(this.tuneTools());
    body.append(
      h("p", { class: "gab-engine" }, `${this.given.name}, ${size.w} × ${size.h} pixels`),
      this.twin ? h("p", { class: "gab-note" }, this.described()) : h("div", { class: "gab-picture-box" }, this.picture()),
      this.state.crop ? h("p", { class: "gab-help" }, `Image recadrée\u00a0: ${this.state.crop.w} × ${this.state.crop.h} pixels gardés, à ${this.state.crop.x} depuis la gauche et ${this.state.crop.y} depuis le haut. « Annuler » rend l'image entière.`) : "",
      ...tools,
    );
    if (this.twin && this.state.blurs.length) body.append(h("ul", {}, this.state.blurs.map((blur) => h("li", {}, `Zone floutée\u00a0: de ${blur.x} à ${blur.x + blur.w} depuis la gauche, de ${blur.y} à ${blur.y + blur.h} depuis le haut`))));
  }

  paintTwin(body) {
    this.paint(body);
  }
}

customElements.define("pix-imged", Imged);
