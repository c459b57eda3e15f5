// BLOCS: build a program of blocks and try it on a grid, or follow a program and say where it ends.
import { Gabarit, button, clone, field, h, s, select } from "./base.js";

const STEPS = { haut: [0, -1], droite: [1, 0], bas: [0, 1], gauche: [-1, 0] };
const HEADINGS = Object.keys(STEPS);
const LOOPS = ["repeter", "jusqua", "si"];
const MEMORY = ["mettre", "ajouter", "dire"];
const MOST_STEPS = 1000;
const MOST_BLOCKS = 60;
const WORDS = {
  haut: "aller d'une case vers le haut", bas: "aller d'une case vers le bas", gauche: "aller d'une case vers la gauche", droite: "aller d'une case vers la droite",
  avancer: "avancer d'une case", tourner_gauche: "tourner à gauche", tourner_droite: "tourner à droite", ramasser: "ramasser l'étoile",
  repeter: "répéter … fois", jusqua: "répéter jusqu'à ce que …", si: "si …", mettre: "mettre une variable à …", ajouter: "ajouter … à une variable", dire: "dire …",
};
const SIGNS = { haut: "↑", bas: "↓", gauche: "←", droite: "→", avancer: "▲", tourner_gauche: "↶", tourner_droite: "↷", ramasser: "★" };
const TESTS = { drapeau: "le robot est sur le drapeau", mur: "un mur est devant", etoile: "une étoile est sur la case" };
const CELL = 48;

const cellName = (x, y) => `${"ABCDEFGHIJKL"[x]}${y + 1}`;

class Blocs extends Gabarit {
  start() {
    return this.given.mode === "follow" ? { answer: "" } : { program: clone(this.given.program) };
  }

  answer() {
    return clone(this.state);
  }

  // --- running, only to show: the server runs the program again

  sign(x, y) {
    return this.given.world.cells[y]?.[x] ?? "#";
  }

  run(program) {
    const world = this.given.world;
    const done = { x: world?.x ?? 0, y: world?.y ?? 0, heading: HEADINGS.indexOf(world?.heading ?? "droite"), taken: [], values: {}, said: [], trail: [], steps: 0, problem: "" };
    done.trail.push([done.x, done.y]);
    const number = (text) => {
      if (/^-?\d{1,6}$/.test(text)) return Number(text);
      if (!(text in done.values)) throw new Error(`La variable « ${text} » n'a pas encore de valeur.`);
      return done.values[text];
    };
    const ahead = () => [done.x + STEPS[HEADINGS[done.heading]][0], done.y + STEPS[HEADINGS[done.heading]][1]];
    const holds = (test) => {
      if (!world) return false;
      if (test === "mur") return this.sign(...ahead()) === "#";
      const here = this.sign(done.x, done.y);
      return test === "drapeau" ? here === "F" : here === "*" && !done.taken.includes(cellName(done.x, done.y));
    };
    const tick = () => {
      done.steps += 1;
      if (done.steps > MOST_STEPS) throw new Error("Le programme ne s'arrête pas.");
    };
    const go = (list) => {
      for (const block of list) {
        tick();
        if (block.op in STEPS || block.op === "avancer") {
          const [x, y] = block.op === "avancer" ? ahead() : [done.x + STEPS[block.op][0], done.y + STEPS[block.op][1]];
          if (this.sign(x, y) === "#") throw new Error("Le robot est arrêté par un mur ou par le bord.");
          [done.x, done.y] = [x, y];
          done.trail.push([x, y]);
        } else if (block.op === "tourner_gauche" || block.op === "tourner_droite") done.heading = (done.heading + (block.op === "tourner_droite" ? 1 : 3)) % 4;
        else if (block.op === "ramasser") {
          if (!holds("etoile")) throw new Error("Le robot veut ramasser une étoile là où il n'y en a pas.");
          done.taken.push(cellName(done.x, done.y));
        } else if (block.op === "repeter") {
          for (let turn = 0; turn < block.n; turn += 1) {
            tick();
            go(block.body);
          }
        } else if (block.op === "jusqua") {
          while (!holds(block.test)) {
            tick();
            go(block.body);
          }
        } else if (block.op === "si") go(holds(block.test) ? block.body : (block.else ?? []));
        else if (block.op === "dire") done.said.push(String(number(block.value)));
        else done.values[block.var] = number(block.value) + (block.op === "ajouter" ? number(block.var) : 0);
      }
    };
    try {
      go(program);
    } catch (error) {
      done.problem = error.message;
    }
    return done;
  }

  report(done) {
    const parts = [];
    if (done.problem) parts.push(done.problem);
    if (this.given.world) {
      parts.push(`Le robot s'arrête en ${cellName(done.x, done.y)}${this.turtle ? `, tourné vers ${{ haut: "le haut", bas: "le bas", gauche: "la gauche", droite: "la droite" }[HEADINGS[done.heading]]}` : ""}.`);
      if (done.taken.length) parts.push(`Étoiles ramassées\u00a0: ${done.taken.join(", ")}.`);
    }
    for (const [name, value] of Object.entries(done.values)) parts.push(`${name} vaut ${value}.`);
    if (done.said.length) parts.push(`Le programme a dit\u00a0: ${done.said.join(", ")}.`);
    return parts.join(" ");
  }

  get turtle() {
    const inside = (list) => list.some((block) => block.op.startsWith("tourner") || block.op === "avancer" || inside(block.body ?? []) || inside(block.else ?? []));
    return (this.given.blocks ?? []).some((op) => op === "avancer" || op.startsWith("tourner")) || inside(this.given.program);
  }

  // --- the grid

  described() {
    const { cells, x, y, heading } = this.given.world;
    const found = { "#": [], "*": [], F: [] };
    cells.forEach((row, line) => [...row].forEach((sign, column) => found[sign]?.push(cellName(column, line))));
    return [
      `Grille de ${cells[0].length} colonnes (A à ${"ABCDEFGHIJKL"[cells[0].length - 1]}, de gauche à droite) et ${cells.length} lignes (1 à ${cells.length}, de haut en bas).`,
      `Le robot part de ${cellName(x, y)}${this.turtle ? `, tourné vers ${{ haut: "le haut", bas: "le bas", gauche: "la gauche", droite: "la droite" }[heading]}` : ""}.`,
      found.F.length ? `Drapeau\u00a0: ${found.F.join(", ")}.` : "",
      found["*"].length ? `Étoiles\u00a0: ${found["*"].join(", ")}.` : "",
      found["#"].length ? `Murs\u00a0: ${found["#"].join(", ")}.` : "",
    ].filter(Boolean).join(" ");
  }

  grid() {
    const { cells, x, y, heading } = this.given.world;
    const follow = this.given.mode === "follow";
    const done = this.view.ran && !follow ? this.run(this.state.program) : null;
    const at = done ? [done.x, done.y, done.heading] : [x, y, HEADINGS.indexOf(heading)];
    const [width, height] = [cells[0].length * CELL + 28, cells.length * CELL + 28];
    const parts = [];
    cells.forEach((row, line) => [...row].forEach((sign, column) => {
      const [left, top] = [28 + column * CELL, 28 + line * CELL];
      const name = cellName(column, line);
      const picked = follow && this.state.answer === name;
      const box = s("rect", { class: sign === "#" ? "gab-cell gab-wall" : "gab-cell", x: left + 1, y: top + 1, width: CELL - 2, height: CELL - 2, rx: 4 });
      const drawn = [box];
      if (sign === "F") drawn.push(s("path", { class: "gab-flag", d: `M${left + 16} ${top + 40}V${top + 8}l20 8l-20 8` }));
      if (sign === "*" && !done?.taken.includes(name)) drawn.push(s("path", { class: "gab-star", d: `M${left + 24} ${top + 8}l5 11 12 1-9 8 3 12-11-6-11 6 3-12-9-8 12-1z` }));
      if (!follow || sign === "#" || this.given.ask !== "cell") parts.push(s("g", {}, drawn));
      else
        parts.push(s("g", {
          class: `gab-zone${picked ? " gab-on" : ""}`, role: "radio", "aria-checked": String(picked), "aria-label": `Case ${name}`, tabindex: 0, focus: `cell-${name}`,
          onclick: () => this.choose(name),
          onkeydown: (event) => {
            if (event.key !== "Enter" && event.key !== " ") return;
            event.preventDefault();
            this.choose(name);
          },
        }, drawn, picked ? s("path", { class: "gab-tick", d: `M${left + 30} ${top + 14}l5 5 9-10` }) : null));
    }));
    const names = cells[0].split("").map((_, column) => s("text", { class: "gab-axis", x: 28 + column * CELL + CELL / 2, y: 18, "text-anchor": "middle" }, document.createTextNode("ABCDEFGHIJKL"[column])));
    const lines = cells.map((_, line) => s("text", { class: "gab-axis", x: 12, y: 28 + line * CELL + CELL / 2 + 5, "text-anchor": "middle" }, document.createTextNode(String(line + 1))));
    const middle = ([column, line]) => `${28 + column * CELL + CELL / 2} ${28 + line * CELL + CELL / 2}`;
    const robot = s("g", { class: "gab-robot", transform: `translate(${middle(at)}) rotate(${this.turtle ? at[2] * 90 : 0})` }, s("circle", { r: 15 }), this.turtle ? s("path", { d: "M0-11l8 14h-16z" }) : s("path", { d: "M-6-3v1M6-3v1M-6 5q6 5 12 0", class: "gab-robot-face" }));
    const trail = done ? s("polyline", { class: "gab-trail", points: done.trail.map(middle).join(" ") }) : null;
    return s("svg", { class: "gab-grid", viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": this.described() }, names, lines, parts, trail, robot);
  }

  choose(name) {
    this.change(`Case ${name} choisie.`, (state) => (state.answer = name));
  }

  // --- the program

  label(block) {
    if (block.op === "repeter") return `répéter ${block.n} fois`;
    if (block.op === "jusqua") return `répéter jusqu'à ce que ${TESTS[block.test]}`;
    if (block.op === "si") return `si ${TESTS[block.test]}`;
    if (block.op === "mettre") return `mettre ${block.var} à ${block.value}`;
    if (block.op === "ajouter") return `ajouter ${block.value} à ${block.var}`;
    return block.op === "dire" ? `dire ${block.value}` : WORDS[block.op];
  }

  kind(op) {
    return LOOPS.includes(op) ? "loop" : MEMORY.includes(op) ? "memory" : "move";
  }

  readOnly(list) {
    return h("ol", { class: "gab-blocks" }, list.map((block) => h("li", {}, h("span", { class: `gab-block gab-block-${this.kind(block.op)}` }, SIGNS[block.op] && !this.twin ? h("span", { class: "gab-block-sign", "aria-hidden": "true" }, SIGNS[block.op]) : null, this.label(block)), block.body ? this.readOnly(block.body) : null, block.else?.length ? [h("span", { class: "gab-block gab-block-loop" }, "sinon"), this.readOnly(block.else)] : null)));
  }

  /** The list at a path such as "0.body.2.else"; "" = the whole program. */
  list(path, program = this.state.program) {
    return path.split(".").filter(Boolean).reduce((inner, step) => inner[step], program);
  }

  fresh(op) {
    const names = this.given.variables;
    const block = { op };
    if (op === "repeter") block.n = 2;
    if (op === "jusqua" || op === "si") block.test = op === "si" ? "etoile" : "mur";
    if (LOOPS.includes(op)) block.body = [];
    if (op === "si") block.else = [];
    if (op === "mettre" || op === "ajouter") block.var = names[0];
    if (MEMORY.includes(op)) block.value = op === "dire" ? names[0] : "1";
    return block;
  }

  size(list = this.state.program) {
    return list.reduce((sum, block) => sum + 1 + this.size(block.body ?? []) + this.size(block.else ?? []), 0);
  }

  edit(message, mutate) {
    this.view.ran = false;
    this.change(message, (state) => mutate(state.program));
  }

  add(path, op) {
    if (this.size() >= MOST_BLOCKS) return;
    if (path.split(".").filter(Boolean).length >= 8 || (LOOPS.includes(op) && path.split(".").filter(Boolean).length >= 6)) {
      this.announce("Il y a déjà assez de niveaux ici.");
      return;
    }
    this.edit(`Bloc ajouté\u00a0: ${WORDS[op]}.`, (program) => this.list(path, program).push(this.fresh(op)));
  }

  /** Numbers and conditions of one block, the same in both versions. */
  controls(block, path) {
    const set = (key, value) => this.edit("", (program) => {
      const steps = path.split(".");
      const at = Number(steps.pop());
      this.list(steps.join("."), program)[at][key] = value;
    });
    const typed = (key, label, read) =>
      h("input", { class: "gab-input gab-block-number", type: "text", inputmode: "numeric", value: String(block[key]), "aria-label": label, focus: `${key}-${path}`, size: 4, onchange: (event) => set(key, read(event.target.value)) });
    const operand = (key, label) => {
      const names = this.given.variables;
      const isName = names.includes(block[key]);
      return [
        names.length ? select([["", "le nombre"], ...names.map((name) => [name, name])], isName ? block[key] : "", (value) => set(key, value || "1"), { "aria-label": `${label}\u00a0: nombre ou variable`, focus: `kind-${path}` }) : null,
        isName ? null : typed(key, label, (text) => (/^-?\d{1,6}$/.test(text.trim()) ? text.trim() : block[key])),
      ];
    };
    const named = () => select(this.given.variables, block.var, (value) => set("var", value), { "aria-label": "Variable", focus: `var-${path}` });
    if (block.op === "repeter") return [h("span", {}, "répéter"), typed("n", "Nombre de répétitions", (text) => Math.min(99, Math.max(0, parseInt(text, 10) || 0))), h("span", {}, "fois")];
    if (block.op === "jusqua" || block.op === "si") return [h("span", {}, block.op === "si" ? "si" : "répéter jusqu'à ce que"), select(Object.entries(TESTS), block.test, (value) => set("test", value), { "aria-label": "Condition", focus: `test-${path}` })];
    if (block.op === "mettre") return [h("span", {}, "mettre"), named(), h("span", {}, "à"), operand("value", "Valeur")];
    if (block.op === "ajouter") return [h("span", {}, "ajouter"), operand("value", "Valeur à ajouter"), h("span", {}, "à"), named()];
    if (block.op === "dire") return [h("span", {}, "dire"), operand("value", "Ce que dit le programme")];
    return [SIGNS[block.op] && !this.twin ? h("span", { class: "gab-block-sign", "aria-hidden": "true" }, SIGNS[block.op]) : null, h("span", {}, WORDS[block.op])];
  }

  rows(list, path) {
    const where = path ? `dans le bloc ${path.split(".").filter((step) => /^\d+$/.test(step)).map((step) => Number(step) + 1).join(".")}` : "à la fin du programme";
    const here = (this.view.at ?? "") === path;
    const move = (rank, to) => this.edit("Bloc déplacé.", (program) => {
      const inner = this.list(path, program);
      inner.splice(to, 0, ...inner.splice(rank, 1));
    });
    const items = list.map((block, rank) => {
      const at = path ? `${path}.${rank}` : String(rank);
      const number = at.split(".").filter((step) => /^\d+$/.test(step)).map((step) => Number(step) + 1).join(".");
      const name = `bloc ${number}, ${this.label(block)}`;
      return h("li", {},
        h("div", { class: `gab-block gab-block-${this.kind(block.op)}` },
          this.twin
            ? [select(this.given.blocks.map((op) => [op, WORDS[op]]), block.op, (op) => this.edit(`Bloc ${number}\u00a0: ${WORDS[op]}.`, (program) => (this.list(path, program)[rank] = this.fresh(op))), { "aria-label": `Bloc ${number}`, focus: `op-${at}` }), LOOPS.includes(block.op) || MEMORY.includes(block.op) ? this.controls(block, at) : null]
            : this.controls(block, at),
          h("span", { class: "gab-block-tools" },
            button("↑", () => move(rank, rank - 1), { kind: "chip", focus: `up-${at}`, disabled: rank === 0, "aria-label": `Monter le ${name}` }),
            button("↓", () => move(rank, rank + 1), { kind: "chip", focus: `down-${at}`, disabled: rank === list.length - 1, "aria-label": `Descendre le ${name}` }),
            button("×", () => this.edit("Bloc retiré.", (program) => {
              this.list(path, program).splice(rank, 1);
              if ((this.view.at ?? "").startsWith(`${at}.`)) this.view.at = "";
            }), { kind: "chip", focus: `del-${at}`, "aria-label": `Retirer le ${name}` }))),
        block.body ? this.rows(block.body, `${at}.body`) : null,
        block.op === "si" ? [h("div", { class: "gab-block gab-block-loop" }, "sinon"), this.rows(block.else ?? [], `${at}.else`)] : null);
    });
    const last = this.twin
      ? h("li", {}, select([["", `Ajouter ${where}…`], ...this.given.blocks.map((op) => [op, WORDS[op]])], "", (op) => op && this.add(path, op), { "aria-label": `Ajouter un bloc ${where}`, focus: `add-${path}` }))
      : list.length && !path && here ? null : h("li", {}, h("button", { type: "button", class: "gab-block-slot", "aria-pressed": String(here), focus: `slot-${path}`, onclick: () => this.show((view) => (view.at = path), `Les blocs s'ajouteront ${where}.`) }, here ? (path ? "Les blocs s'ajoutent ici, à l'intérieur" : "Choisis un bloc pour commencer") : path ? "Ajouter à l'intérieur" : "Ajouter à la fin"));
    return h("ol", { class: "gab-blocks" }, items, last);
  }

  question(body) {
    const { ask } = this.given;
    if (ask !== "cell") {
      const input = h("input", { class: "gab-input", type: "text", inputmode: "numeric", autocomplete: "off", value: this.state.answer, focus: "value", oninput: (event) => this.change("", (state) => (state.answer = event.target.value), { redraw: false, streak: "value" }) });
      body.append(h("div", { class: "gab-final" }, field(`Valeur de ${ask} à la fin`, input)));
    } else if (this.twin) {
      const free = [["", "Choisis une case"]];
      this.given.world.cells.forEach((row, line) => [...row].forEach((sign, column) => sign === "#" || free.push([cellName(column, line), cellName(column, line)])));
      body.append(h("div", { class: "gab-final" }, field("Case d'arrivée du robot", select(free, this.state.answer, (value) => this.change(`Case ${value} choisie.`, (state) => (state.answer = value)), { focus: "cell" }))));
    } else body.append(h("p", { class: "gab-note" }, "Ton choix\u00a0: ", h("strong", {}, this.state.answer ? `case ${this.state.answer}` : "touche une case de la grille")));
  }

  paint(body) {
    const { mode, world } = this.given;
    const scene = world ? (this.twin ? h("p", { class: "gab-note" }, this.described()) : this.grid()) : null;
    if (mode === "follow") {
      body.append(h("div", { class: "gab-blocs" }, h("div", {}, h("h3", {}, "Programme"), this.readOnly(this.given.program)), scene ? h("div", {}, scene) : null));
      this.question(body);
      return;
    }
    const at = this.view.at ?? "";
    const palette = this.twin ? null : h("div", { class: "gab-page" }, h("h3", {}, "Blocs à ajouter"), h("div", { class: "gab-actions" }, this.given.blocks.map((op) => h("button", { type: "button", class: `gab-block gab-block-${this.kind(op)} gab-block-new`, focus: `new-${op}`, onclick: () => this.add(this.safe(at), op) }, SIGNS[op] ? h("span", { class: "gab-block-sign", "aria-hidden": "true" }, SIGNS[op]) : null, WORDS[op]))));
    const used = this.size();
    const count = h("p", { class: "gab-help" }, `${used} bloc${used > 1 ? "s" : ""}${this.given.most ? ` sur ${this.given.most} au plus` : ""}`);
    const ran = this.view.ran ? h("p", { class: "gab-note" }, this.report(this.run(this.state.program))) : null;
    const left = h("div", { class: "gab-stack" }, palette, h("h3", {}, "Ton programme"), this.rows(this.state.program, ""), count);
    const right = h("div", { class: "gab-stack" }, scene, button("Essayer le programme", () => {
      this.show((view) => (view.ran = true), this.report(this.run(this.state.program)));
    }, { kind: "primary", focus: "run" }), ran);
    body.append(h("div", { class: "gab-blocs" }, left, right));
  }

  /** The place where blocks are added may be gone after an undo. */
  safe(path) {
    try {
      return Array.isArray(this.list(path)) ? path : "";
    } catch {
      return "";
    }
  }

  paintTwin(body) {
    this.paint(body);
  }
}

customElements.define("pix-blocs", Blocs);
