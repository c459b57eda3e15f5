// QR: codes to read before trusting them. The state is {read: [id], choice, answer}.
import { Gabarit, button, clone, field, h, s } from "./base.js";

const QUIET = 4;

/** One path for the whole code: as many small squares as dark modules. */
function drawing(rows) {
  const size = rows.length + 2 * QUIET;
  const path = rows.map((row, y) => [...row].map((cell, x) => (cell === "1" ? `M${x + QUIET} ${y + QUIET}h1v1h-1z` : "")).join("")).join("");
  return s("svg", { class: "gab-qr", viewBox: `0 0 ${size} ${size}`, "aria-hidden": "true", focusable: "false", "shape-rendering": "crispEdges" }, s("rect", { width: size, height: size, fill: "#fff" }), s("path", { d: path, fill: "#000" }));
}

class Qr extends Gabarit {
  start() {
    return { read: [], choice: null, answer: "" };
  }

  answer() {
    return clone(this.state);
  }

  paint(body) {
    body.append(h("ul", { class: "gab-qr-list" }, this.given.codes.map((code) => this.paintCode(code, drawing(code.rows)))), this.paintAnswer());
  }

  paintTwin(body) {
    body.append(h("ul", { class: "gab-qr-list" }, this.given.codes.map((code) => this.paintCode(code, null))), this.paintAnswer());
  }

  paintCode(code, picture) {
    const read = this.state.read.includes(code.id);
    const on = this.state.choice === code.id;
    return h("li", { class: `gab-page${on ? " gab-picked" : ""}` },
      h("h3", {}, code.label),
      code.note ? h("p", { class: "gab-help" }, code.note) : null,
      picture,
      read
        ? h("p", { class: "gab-note" }, "Ce code contient\u00a0: ", h("strong", { class: "gab-code" }, code.text))
        : button(`Lire le code sans ouvrir le lien\u00a0: ${code.label}`, () => this.change(`Ce code contient\u00a0: ${code.text}`, (state) => state.read.push(code.id)), { kind: "secondary", focus: `read-${code.id}` }),
      this.given.choose_label
        ? button(on ? `Choisi\u00a0: ${code.label}` : `${this.given.choose_label}\u00a0: ${code.label}`, () => this.change(on ? "Choix retiré." : `Choisi\u00a0: ${code.label}.`, (state) => (state.choice = on ? null : code.id)), { kind: on ? "primary" : "secondary", focus: `choose-${code.id}`, "aria-pressed": String(on) })
        : null);
  }

  paintAnswer() {
    if (!this.given.answer_label) return "";
    const input = h("input", { class: "gab-input", type: "text", value: this.state.answer, maxlength: 300, autocomplete: "off", focus: "answer", oninput: (event) => this.change("", (state) => (state.answer = event.target.value), { redraw: false, streak: "answer" }) });
    return h("div", { class: "gab-final" }, field(this.given.answer_label, input));
  }
}

customElements.define("pix-qr", Qr);
