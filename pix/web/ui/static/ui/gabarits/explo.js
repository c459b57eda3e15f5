// EXPLO: file explorer. The state is {nodes: {id: {name, parent, kind, of?}}, chosen}; "root" and "bin" are places.
import { Gabarit, button, clone, dayOf, field, fold, h, icon, kindOf, select, weight } from "./base.js";

const SORTS = { name: "Nom", kind: "Type", size: "Taille", date: "Date" };

class Explo extends Gabarit {
  start() {
    this.info = Object.fromEntries(this.given.nodes.map((node) => [node.id, node]));
    const nodes = {};
    for (const { id, name, parent, kind } of this.given.nodes) nodes[id] = { name, parent, kind };
    return { nodes, chosen: null, next: 1 };
  }

  answer() {
    return { nodes: clone(this.state.nodes), chosen: this.state.chosen };
  }

  // --- reading the tree -------------------------------------------------------------------------------------------------

  get nodes() {
    return this.state.nodes;
  }
  can(tool) {
    return this.given.tools.includes(tool);
  }
  place(id) {
    let current = id;
    for (let step = 0; step < 40 && current !== "root" && current !== "bin"; step += 1) current = this.nodes[current].parent;
    return current;
  }
  path(id) {
    if (id === "root") return this.given.root;
    if (id === "bin") return "Corbeille";
    return `${this.path(this.nodes[id].parent)} / ${this.nodes[id].name}`;
  }
  label(id) {
    return id === "root" ? this.given.root : id === "bin" ? "Corbeille" : this.nodes[id].name;
  }
  childrenOf(parent) {
    return Object.keys(this.nodes).filter((id) => this.nodes[id].parent === parent);
  }
  folders() {
    const found = ["root"];
    const visit = (parent) => {
      for (const id of this.sorted(this.childrenOf(parent), "name")) {
        if (this.nodes[id].kind !== "folder") continue;
        found.push(id);
        visit(id);
      }
    };
    visit("root");
    return found;
  }
  facts(id) {
    return this.info[id] ?? this.info[this.nodes[id].of] ?? {};
  }
  kind(id) {
    return this.nodes[id].kind === "folder" ? "dossier" : kindOf(this.nodes[id].name);
  }
  sorted(ids, by = this.view.sort ?? "name", down = this.view.down ?? false) {
    const key = { name: (id) => fold(this.nodes[id].name), kind: (id) => this.kind(id), size: (id) => this.facts(id).size ?? -1, date: (id) => this.facts(id).date ?? "" }[by];
    const list = [...ids].sort((a, b) => {
      const folders = (this.nodes[b].kind === "folder") - (this.nodes[a].kind === "folder");
      const [x, y] = [key(a), key(b)];
      const order = x < y ? -1 : x > y ? 1 : fold(this.nodes[a].name) < fold(this.nodes[b].name) ? -1 : 1;
      return folders || (down ? -order : order);
    });
    return list;
  }
  inside(id, folder) {
    for (let current = folder; current !== "root" && current !== "bin"; current = this.nodes[current].parent) if (current === id) return true;
    return false;
  }
  free(name, parent, except = null) {
    return !this.childrenOf(parent).some((id) => id !== except && fold(this.nodes[id].name) === fold(name));
  }
  spare(name, parent) {
    if (this.free(name, parent)) return name;
    const dot = name.lastIndexOf(".");
    const [stem, end] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
    for (let n = 1; ; n += 1) {
      const candidate = `${stem} - copie${n > 1 ? ` ${n}` : ""}${end}`;
      if (this.free(candidate, parent)) return candidate;
    }
  }

  // --- acting -----------------------------------------------------------------------------------------------------------

  refuse(why) {
    this.view.problem = why;
    this.redraw();
    this.announce(why);
  }

  done(message, mutate) {
    this.view.problem = "";
    this.view.picked = [];
    this.change(message, mutate);
  }

  create(name, parent) {
    const clean = name.trim().replace(/\//g, "-").slice(0, 100);
    if (!clean) return this.refuse("Il faut donner un nom au dossier.");
    if (!this.free(clean, parent)) return this.refuse(`« ${clean} » existe déjà ici.`);
    return this.done(`Dossier « ${clean} » créé dans « ${this.label(parent)} ».`, (state) => {
      state.nodes[`n${state.next}`] = { name: clean, parent, kind: "folder" };
      state.next += 1;
    });
  }

  move(ids, to) {
    for (const id of ids) {
      if (this.inside(id, to)) return this.refuse("Un dossier ne peut pas aller dans lui-même.");
      if (!this.free(this.nodes[id].name, to, id)) return this.refuse(`« ${this.label(to)} » contient déjà « ${this.nodes[id].name} ».`);
    }
    return this.done(`${this.names(ids)} déplacé vers « ${this.label(to)} ».`, (state) => ids.forEach((id) => (state.nodes[id].parent = to)));
  }

  copy(ids, to) {
    if (ids.some((id) => this.inside(id, to))) return this.refuse("Un dossier ne peut pas aller dans lui-même.");
    return this.done(`${this.names(ids)} copié vers « ${this.label(to)} ».`, (state) => {
      const double = (id, parent, name) => {
        const node = state.nodes[id];
        const fresh = `n${state.next}`;
        state.next += 1;
        state.nodes[fresh] = { name, parent, kind: node.kind, of: node.of ?? id };
        if (node.kind === "folder") for (const child of Object.keys(state.nodes)) if (state.nodes[child].parent === id) double(child, fresh, state.nodes[child].name);
      };
      ids.forEach((id) => double(id, to, this.spare(state.nodes[id].name, to)));
    });
  }

  rename(id, name) {
    const clean = name.trim().replace(/\//g, "-").slice(0, 100);
    if (!clean) return this.refuse("Il faut donner un nom.");
    if (!this.free(clean, this.nodes[id].parent, id)) return this.refuse(`« ${clean} » existe déjà ici.`);
    return this.done(`« ${this.nodes[id].name} » s'appelle maintenant « ${clean} ».`, (state) => (state.nodes[id].name = clean));
  }

  discard(ids) {
    this.view.from ??= {};
    for (const id of ids) this.view.from[id] = this.nodes[id].parent;
    return this.done(`${this.names(ids)} mis à la corbeille.`, (state) => ids.forEach((id) => (state.nodes[id].parent = "bin")));
  }

  restore(ids) {
    const home = (id) => {
      const from = this.view.from?.[id] ?? this.info[id]?.from ?? this.info[id]?.parent ?? "root";
      return from === "root" || (this.nodes[from] && this.place(from) === "root") ? from : "root";
    };
    for (const id of ids) if (!this.free(this.nodes[id].name, home(id))) return this.refuse(`« ${this.label(home(id))} » contient déjà « ${this.nodes[id].name} ».`);
    const where = ids.map((id) => `« ${this.label(home(id))} »`).join(", ");
    return this.done(`${this.names(ids)} restauré dans ${where}.`, (state) => ids.forEach((id) => (state.nodes[id].parent = home(id))));
  }

  choose(id) {
    this.done(`Tu as choisi « ${this.nodes[id].name} ».`, (state) => (state.chosen = id));
  }

  names(ids) {
    return ids.length > 1 ? `${ids.length} éléments :` : `« ${this.nodes[ids[0]].name} »`;
  }

  // --- windows ----------------------------------------------------------------------------------------------------------

  async askFolder(ids, verb, act) {
    let to = "root";
    const control = select(this.folders().map((id) => [id, this.path(id)]), to, (value) => (to = value));
    const answer = await this.askOne(`${verb} ${this.names(ids)}`, "Vers le dossier", control, verb.replace(" vers", ""), () => to);
    if (answer) act.call(this, ids, answer);
  }

  async askName(title, label, value, confirm, act) {
    const control = h("input", { class: "gab-input", type: "text", value, maxlength: 100, autocomplete: "off" });
    const answer = await this.askOne(title, label, control, confirm, () => control.value);
    if (answer !== null) act(answer);
  }

  // --- the explorer -----------------------------------------------------------------------------------------------------

  paint(body) {
    const here = this.view.folder && (this.view.folder === "bin" || (this.nodes[this.view.folder] && this.place(this.view.folder) === "root")) ? this.view.folder : "root";
    const picked = (this.view.picked ?? []).filter((id) => this.nodes[id]);
    body.append(
      this.paintTools(here, picked),
      this.view.problem ? h("p", { class: "gab-problem" }, this.view.problem) : "",
      h("div", { class: "gab-columns" }, this.paintTree(here), this.paintList(here, picked)),
      this.given.choose ? this.paintChosen() : "",
    );
  }

  paintChosen() {
    const chosen = this.state.chosen && this.nodes[this.state.chosen] ? this.path(this.state.chosen) : "rien pour l'instant";
    return h("p", { class: "gab-note" }, "Ton choix\u00a0: ", h("strong", {}, chosen));
  }

  paintTools(here, picked) {
    const one = picked.length === 1;
    const some = picked.length > 0;
    const tools = [];
    const add = (tool, label, active, action) => this.can(tool) && tools.push(button(label, action, { disabled: !active }));
    if (here === "bin") {
      add("restore", "Restaurer", some, () => this.restore(picked));
    } else {
      add("create", "Nouveau dossier", true, () => this.askName("Nouveau dossier", "Nom du dossier", "", "Créer", (name) => this.create(name, here)));
      add("move", "Déplacer vers…", some, () => this.askFolder(picked, "Déplacer", this.move));
      add("copy", "Copier vers…", some, () => this.askFolder(picked, "Copier", this.copy));
      add("rename", "Renommer", one, () => this.askName("Renommer", "Nouveau nom", this.nodes[picked[0]].name, "Renommer", (name) => this.rename(picked[0], name)));
      add("delete", "Supprimer", some, () => this.discard(picked));
    }
    if (this.given.choose) tools.push(button("C'est celui-ci", () => this.choose(picked[0]), { kind: "primary", disabled: !one }));
    const toolbar = h("div", { class: "gab-tools", role: "group", "aria-label": "Outils de l'explorateur" }, tools);
    if (this.can("search")) {
      const input = h("input", {
        class: "gab-input", type: "search", value: this.view.search ?? "", focus: "search", autocomplete: "off",
        oninput: (event) => this.show((view) => (view.search = event.target.value)),
      });
      toolbar.append(field(this.given.content_search ? "Rechercher (nom ou contenu)" : "Rechercher", input));
    }
    return toolbar;
  }

  paintTree(here) {
    const closed = this.view.closed ?? [];
    const rows = [];
    const visit = (id, level) => {
      const inner = this.sorted(this.childrenOf(id), "name", false).filter((child) => this.nodes[child].kind === "folder");
      rows.push({ id, level, inner: inner.length, open: !closed.includes(id) });
      if (!closed.includes(id)) inner.forEach((child) => visit(child, level + 1));
    };
    visit("root", 1);
    rows.push({ id: "bin", level: 1, inner: 0, open: false });
    const go = (id) => this.show((view) => Object.assign(view, { folder: id, picked: [], search: "", problem: "", focus: `tree-${id}` }), `Dossier « ${this.label(id)} », ${this.childrenOf(id).length} éléments.`);
    const toggle = (id, open) => this.show((view) => (view.closed = open ? closed.filter((other) => other !== id) : [...closed, id]));
    const keys = (event, rank) => {
      const { id, inner, open } = rows[rank];
      const focusRow = (index) => this.querySelector(`[data-focus="tree-${rows[index]?.id}"]`)?.focus();
      const act = {
        ArrowDown: () => focusRow(rank + 1), ArrowUp: () => focusRow(rank - 1), Home: () => focusRow(0), End: () => focusRow(rows.length - 1),
        ArrowRight: () => (inner && !open ? toggle(id, true) : focusRow(rank + 1)),
        ArrowLeft: () => (inner && open ? toggle(id, false) : focusRow(rows.findIndex((row) => row.id === this.nodes[id]?.parent))),
        Enter: () => go(id), " ": () => go(id),
      }[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    };
    return h(
      "ul",
      { class: "gab-tree", role: "tree", "aria-label": "Dossiers" },
      rows.map(({ id, level, inner, open }, rank) =>
        h(
          "li",
          {
            role: "treeitem", class: `gab-tree-row gab-level-${Math.min(level, 6)}`, "aria-level": level, "aria-selected": String(id === here),
            "aria-expanded": inner ? String(open) : null, tabindex: id === here ? 0 : -1, focus: `tree-${id}`, onclick: () => go(id),
            onkeydown: (event) => keys(event, rank), ...this.dropOn(id),
          },
          icon(id === "bin" ? "bin" : "folder"),
          h("span", {}, this.label(id)),
          id === "bin" ? h("span", { class: "gab-count" }, String(this.childrenOf("bin").length)) : null,
        ),
      ),
    );
  }

  dropOn(folder) {
    const allowed = folder === "bin" ? this.can("delete") : this.can("move") || this.can("restore");
    if (!allowed) return {};
    return {
      ondragover: (event) => {
        event.preventDefault();
        event.currentTarget.classList.add("gab-over");
      },
      ondragleave: (event) => event.currentTarget.classList.remove("gab-over"),
      ondrop: (event) => {
        event.preventDefault();
        const ids = this.dragged ?? [];
        this.dragged = null;
        if (!ids.length || ids.includes(folder)) return;
        if (folder === "bin") this.discard(ids);
        else if (this.nodes[ids[0]].parent === "bin" ? this.can("restore") : this.can("move")) this.move(ids, folder);
      },
    };
  }

  found(here) {
    const wanted = fold(this.view.search ?? "").trim();
    if (!wanted || here === "bin") return this.sorted(this.childrenOf(here));
    const pattern = wanted.includes("*") ? new RegExp(`^${wanted.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*")}$`) : null;
    const hit = (text) => (pattern ? pattern.test(fold(text)) : fold(text).includes(wanted));
    return this.sorted(
      Object.keys(this.nodes).filter((id) => this.place(id) === "root" && (hit(this.nodes[id].name) || (this.given.content_search && fold(this.facts(id).text ?? "").includes(wanted)))),
    );
  }

  paintList(here, picked) {
    const searching = Boolean((this.view.search ?? "").trim()) && here !== "bin";
    const ids = this.found(here);
    const head = (key) => {
      if (!this.can("sort")) return h("th", { scope: "col", class: `gab-col-${key}` }, SORTS[key]);
      const active = (this.view.sort ?? "name") === key;
      const down = active && this.view.down;
      return h(
        "th",
        { scope: "col", class: `gab-col-${key}`, "aria-sort": active ? (down ? "descending" : "ascending") : "none" },
        h("button", { type: "button", class: "gab-sort", focus: `sort-${key}`, onclick: () => this.show((view) => Object.assign(view, { sort: key, down: active ? !down : false }), `Trié par ${SORTS[key].toLowerCase()}.`) }, SORTS[key], h("span", { "aria-hidden": "true" }, active ? (down ? " ▼" : " ▲") : " ↕")),
      );
    };
    const pick = (id, on) => this.show((view) => (view.picked = on ? [...picked, id] : picked.filter((other) => other !== id)));
    const open = (id) => this.show((view) => Object.assign(view, { folder: id, picked: [], search: "", problem: "", focus: "liste" }), `Dossier « ${this.label(id)} » ouvert.`);
    const row = (id) => {
      const node = this.nodes[id];
      const facts = this.facts(id);
      const on = picked.includes(id);
      const name = node.kind === "folder" && here !== "bin"
        ? h("button", { type: "button", class: "gab-name", focus: `open-${id}`, onclick: () => open(id) }, icon("folder"), h("span", {}, node.name))
        : h("span", { class: "gab-name" }, icon(node.kind === "folder" ? "folder" : kindOf(node.name)), h("span", {}, node.name));
      return h(
        "tr",
        {
          class: on ? "gab-picked" : "", draggable: this.can("move") || this.can("delete") || this.can("restore") ? "true" : null,
          ondragstart: (event) => {
            this.dragged = on ? picked : [id];
            event.dataTransfer.setData("text/plain", node.name);
          },
          onclick: (event) => event.target.closest("button, input") || pick(id, !on),
          ondblclick: () => node.kind === "folder" && here !== "bin" && open(id),
          ...(node.kind === "folder" && here !== "bin" ? this.dropOn(id) : {}),
        },
        h("td", { class: "gab-col-pick" }, h("input", { type: "checkbox", checked: on, focus: `pick-${id}`, "aria-label": `Choisir ${node.name}`, onchange: (event) => pick(id, event.target.checked) })),
        h("td", { class: "gab-col-name" }, name, searching ? h("span", { class: "gab-help" }, this.path(node.parent)) : null),
        h("td", { class: "gab-col-kind" }, this.kind(id)),
        h("td", { class: "gab-col-size" }, node.kind === "folder" ? "" : weight(facts.size ?? 1)),
        h("td", { class: "gab-col-date" }, node.kind === "folder" ? "" : dayOf(facts.date ?? "")),
      );
    };
    return h(
      "div",
      { class: "gab-list" },
      h("h3", { class: "gab-here", tabindex: -1, focus: "liste" }, searching ? `Résultats de la recherche (${ids.length})` : this.path(here)),
      ids.length
        ? h(
            "table",
            { class: "gab-table" },
            h("caption", { class: "gab-hidden" }, `Contenu de ${this.path(here)}`),
            h("thead", {}, h("tr", {}, h("th", { scope: "col", class: "gab-col-pick" }, h("span", { class: "gab-hidden" }, "Choisir")), ["name", "kind", "size", "date"].map(head))),
            h("tbody", {}, ids.map(row)),
          )
        : h("p", { class: "gab-empty" }, searching ? "Aucun fichier ne correspond." : here === "bin" ? "La corbeille est vide." : "Ce dossier est vide."),
    );
  }

  // --- text version: one form, one table ------------------------------------------------------------------------------------

  paintTwin(body) {
    const verbs = [
      ["create", "Créer un dossier"], ["move", "Déplacer"], ["copy", "Copier"], ["rename", "Renommer"], ["delete", "Mettre à la corbeille"], ["restore", "Restaurer"],
    ].filter(([tool]) => this.can(tool));
    if (this.given.choose) verbs.push(["choose", "C'est celui-ci"]);
    const verb = this.view.verb && verbs.some(([key]) => key === this.view.verb) ? this.view.verb : verbs[0]?.[0];
    const all = Object.keys(this.nodes).sort((a, b) => (this.path(a) < this.path(b) ? -1 : 1));
    const pool = verb === "restore" ? this.childrenOf("bin") : all.filter((id) => this.place(id) === "root");
    const needs = { item: verb !== "create", folder: ["create", "move", "copy"].includes(verb), name: ["create", "rename"].includes(verb) };
    const item = pool.includes(this.view.item) ? this.view.item : pool[0];
    const to = this.folders().includes(this.view.to) ? this.view.to : "root";
    const name = h("input", { class: "gab-input", type: "text", maxlength: 100, autocomplete: "off", focus: "twin-name" });
    const go = () => {
      if (needs.item && !item) return this.refuse("Il n'y a rien à choisir.");
      const act = {
        create: () => this.create(name.value, to), move: () => this.move([item], to), copy: () => this.copy([item], to), rename: () => this.rename(item, name.value),
        delete: () => this.discard([item]), restore: () => this.restore([item]), choose: () => this.choose(item),
      };
      return act[verb]();
    };
    if (verb) {
      body.append(
        h(
          "div",
          { class: "gab-form", "data-enter": true },
          field("Action", select(verbs, verb, (value) => this.show((view) => (view.verb = value)), { focus: "twin-verb" })),
          needs.item ? field("Élément", select(pool.map((id) => [id, this.path(id)]), item, (value) => this.show((view) => (view.item = value)), { focus: "twin-item" })) : "",
          needs.name ? field(verb === "create" ? "Nom du dossier" : "Nouveau nom", name) : "",
          needs.folder ? field("Dans le dossier", select(this.folders().map((id) => [id, this.path(id)]), to, (value) => this.show((view) => (view.to = value)), { focus: "twin-to" })) : "",
          button("Faire cette action", go, { kind: "primary", focus: "twin-go", "data-enter-go": true }),
        ),
        this.view.problem ? h("p", { class: "gab-problem" }, this.view.problem) : "",
      );
    }
    if (this.given.choose) body.append(this.paintChosen());
    body.append(
      h(
        "div",
        { class: "gab-scroll", tabindex: 0, role: "region", "aria-label": "Tous les fichiers et dossiers" },
        h(
          "table",
          { class: "gab-table" },
          h("caption", {}, "Tous les fichiers et dossiers, corbeille comprise"),
          h("thead", {}, h("tr", {}, ["Chemin", "Type", "Taille", "Date", ...(this.given.content_search ? ["Contenu"] : [])].map((text) => h("th", { scope: "col" }, text)))),
          h(
            "tbody",
            {},
            all.map((id) => {
              const file = this.nodes[id].kind === "file";
              const facts = this.facts(id);
              return h("tr", {}, h("th", { scope: "row" }, this.path(id)), h("td", {}, this.kind(id)), h("td", {}, file ? weight(facts.size ?? 1) : ""), h("td", {}, file ? dayOf(facts.date ?? "") : ""), this.given.content_search ? h("td", {}, facts.text ?? "") : null);
            }),
          ),
        ),
      ),
    );
  }
}

customElements.define("pix-explo", Explo);
