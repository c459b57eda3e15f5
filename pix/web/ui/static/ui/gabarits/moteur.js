// MOTEUR: a search engine. The state is {queries, opened, chosen, answer}; what is on the screen is a view.
import { Gabarit, button, clone, dayOf, field, h } from "./base.js";
import { search, snippet } from "./search_engine.js";

class Moteur extends Gabarit {
  start() {
    this.pages = Object.fromEntries(this.given.pages.map((page) => [page.url, page]));
    return { queries: this.given.query ? [this.given.query] : [], opened: [], chosen: null, answer: "" };
  }

  answer() {
    return clone(this.state);
  }

  get query() {
    return this.given.locked ? this.given.query : (this.view.query ?? this.given.query);
  }

  run(text) {
    const query = text.trim().slice(0, 200);
    if (!query) return this.announce("Écris d'abord ta recherche.");
    this.view = { ...this.view, query, typed: query, page: null };
    const { ads, results } = search(this.given.pages, query);
    const said = `${results.length} résultat${results.length > 1 ? "s" : ""}${ads.length ? `, ${ads.length} annonce${ads.length > 1 ? "s" : ""}` : ""} pour « ${query} ».`;
    return this.change(said, (state) => {
      if (!state.queries.includes(query) && state.queries.length < 60) state.queries.push(query);
    });
  }

  open(url) {
    this.view.page = url;
    this.view.focus = "page";
    this.change(`Page « ${this.pages[url].title} » ouverte.`, (state) => state.opened.includes(url) || state.opened.push(url));
  }

  paint(body) {
    body.append(this.paintSearch(), this.view.page ? this.paintPage(this.pages[this.view.page]) : this.paintResults(), this.paintAnswer());
  }

  paintTwin(body) {
    body.append(this.paintSearch(), this.view.page ? this.paintPage(this.pages[this.view.page]) : this.paintTable(), this.paintAnswer());
  }

  paintSearch() {
    const title = h("span", { class: "gab-engine" }, this.given.engine);
    if (this.given.locked) return h("p", { class: "gab-search" }, title, h("span", {}, "Recherche\u00a0: ", h("strong", {}, this.query)));
    const input = h("input", {
      class: "gab-input", type: "search", value: this.view.typed ?? this.query ?? "", maxlength: 200, autocomplete: "off", autocapitalize: "none", spellcheck: "false",
      focus: "query", oninput: (event) => (this.view.typed = event.target.value),
    });
    return h(
      "div",
      { class: "gab-search", "data-enter": true, role: "search", "aria-label": this.given.engine },
      title,
      field("Ta recherche", input),
      button("Chercher", () => this.run(input.value), { kind: "primary", "data-enter-go": true }),
    );
  }

  list() {
    const { ads, results } = search(this.given.pages, this.query ?? "");
    return [...ads.map((url) => ({ ...this.pages[url], ad: true })), ...results.map((url) => this.pages[url])];
  }

  chooser(page) {
    if (!this.given.choose) return null;
    const on = this.state.chosen === page.url;
    return button(on ? "Résultat choisi" : "Choisir ce résultat", () => this.change(`Résultat choisi\u00a0: ${page.title}.`, (state) => (state.chosen = page.url)), {
      kind: on ? "primary" : "secondary", focus: `choose-${page.url}`, "aria-pressed": String(on), "aria-label": `${on ? "Résultat choisi" : "Choisir ce résultat"}\u00a0: ${page.title}`,
    });
  }

  link(page) {
    return h("button", { type: "button", class: "gab-link", focus: `open-${page.url}`, onclick: () => this.open(page.url) }, page.title);
  }

  paintResults() {
    if (!this.query) return h("p", { class: "gab-empty" }, "Les résultats s'afficheront ici.");
    const list = this.list();
    if (!list.length) return h("p", { class: "gab-empty" }, `Aucun résultat pour « ${this.query} ». Change ou enlève un mot.`);
    const count = list.filter((page) => !page.ad).length;
    return h(
      "div",
      {},
      h("p", { class: "gab-help" }, `${count} résultat${count > 1 ? "s" : ""}`),
      h(
        "ol",
        { class: "gab-results" },
        list.map((page) =>
          h(
            "li",
            { class: page.ad ? "gab-ad" : "" },
            h("div", { class: "gab-url" }, page.ad ? h("span", { class: "gab-tag" }, "Annonce") : null, page.type !== "page" ? h("span", { class: "gab-tag" }, page.type) : null, page.url),
            h("h3", {}, this.link(page)),
            h("p", {}, page.date ? h("span", { class: "gab-help" }, `${dayOf(page.date)} — `) : null, snippet(page, this.query)),
            this.chooser(page),
          ),
        ),
      ),
    );
  }

  paintTable() {
    if (!this.query) return h("p", { class: "gab-empty" }, "Les résultats s'afficheront ici.");
    const list = this.list();
    return h(
      "div",
      { class: "gab-scroll", tabindex: 0, role: "region", "aria-label": "Résultats" },
      h(
        "table",
        { class: "gab-table" },
        h("caption", {}, `Résultats pour « ${this.query} »`),
        h("thead", {}, h("tr", {}, ["Rang", "Nature", "Titre", "Adresse", "Date", "Extrait", ...(this.given.choose ? ["Choix"] : [])].map((text) => h("th", { scope: "col" }, text)))),
        h(
          "tbody",
          {},
          list.map((page, rank) =>
            h("tr", {}, h("td", {}, String(rank + 1)), h("td", {}, page.ad ? "annonce" : page.type), h("th", { scope: "row" }, this.link(page)), h("td", {}, page.url), h("td", {}, dayOf(page.date)), h("td", {}, snippet(page, this.query)), this.given.choose ? h("td", {}, this.chooser(page)) : null),
          ),
        ),
      ),
    );
  }

  paintPage(page) {
    return h(
      "div",
      { class: "gab-page" },
      button("Retour aux résultats", () => this.show((view) => Object.assign(view, { page: null, focus: `open-${page.url}` }), "Retour aux résultats."), { focus: "back" }),
      h("p", { class: "gab-url" }, page.url),
      h("h3", { tabindex: -1, focus: "page" }, page.title),
      page.date ? h("p", { class: "gab-help" }, `Mis à jour le ${dayOf(page.date)}`) : null,
      page.text.split(/\n\s*\n/).map((part) => h("p", {}, part)),
    );
  }

  paintAnswer() {
    if (!this.given.answer_label) return "";
    const input = h("input", {
      class: "gab-input", type: "text", value: this.state.answer, maxlength: 300, autocomplete: "off", focus: "answer",
      oninput: (event) => this.change("", (state) => (state.answer = event.target.value), { redraw: false, streak: "answer" }),
    });
    return h("div", { class: "gab-final" }, field(this.given.answer_label, input));
  }
}

customElements.define("pix-moteur", Moteur);
