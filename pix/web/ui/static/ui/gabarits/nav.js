// NAV: a browser on a small web. The state is {tabs, active, history, bookmarks, folders, consent, cookies, passwords, done, fields, answer};
// the open panel, what is being typed and the open banner are a view.
import { Gabarit, button, clone, field, h, icon, s, select } from "./base.js";
import { search } from "./search_engine.js";

const SHAPES = {
  back: "M15 5 8 12l7 7",
  forward: "m9 5 7 7-7 7",
  lock: "M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3",
  open: "M12 4 3 19h18zM12 10v4M12 16.5v.5",
  star: "m12 4 2.5 5.2 5.5.8-4 4 1 5.7-5-2.8-5 2.8 1-5.7-4-4 5.5-.8z",
  plus: "M12 5v14M5 12h14",
  cross: "m6 6 12 12M18 6 6 18",
};
const shape = (name, filled = false) => s("svg", { class: `gab-icon${filled ? " gab-filled" : ""}`, viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" }, s("path", { d: SHAPES[name] }));

const hostOf = (url) => url.replace(/^[a-z]+:\/\//i, "").split("/")[0].toLowerCase();
const keyOf = (url) => url.replace(/^[a-z]+:\/\//i, "").toLowerCase().replace(/^www\./, "").replace(/\/+$/, "");
const STORES = [["history", "L'historique"], ["cookies", "Les cookies"], ["passwords", "Les mots de passe enregistrés"]];
const MAX_TABS = 12;

class Nav extends Gabarit {
  start() {
    const { pages, tabs, active, history, bookmarks, folders, cookies, passwords, engine_home } = this.given;
    this.pages = Object.fromEntries(pages.map((page) => [page.url, page]));
    this.keys = Object.fromEntries(pages.map((page) => [keyOf(page.url), page.url]));
    if (this.given.engine) this.keys[keyOf(engine_home)] = engine_home;
    this.found = pages.filter((page) => page.listed).map((page) => ({ ...page, text: page.body.map((block) => block.label).join(" "), type: "page", keywords: "", ad: false }));
    const fields = {};
    for (const page of pages) for (const block of page.body) if (block.id && block.kind !== "button") fields[block.id] = block.value;
    return clone({
      tabs: tabs.map(({ trail, at }) => ({ trail, at })), active, history: history.map(({ id, url, when }) => ({ id, url, when })), bookmarks, folders, consent: {}, cookies, passwords, done: [], fields, answer: "",
    });
  }

  answer() {
    return clone(this.state);
  }

  has(tool) {
    return this.given.tools.includes(tool);
  }

  get tab() {
    return this.state.tabs[this.state.active];
  }

  get url() {
    return this.tab.trail[this.tab.at];
  }

  /** The page of an address; a page that an action has closed sends elsewhere. */
  page(url) {
    const page = this.pages[url];
    return page?.after && this.state.done.includes(page.after.done) ? (this.pages[page.after.to] ?? page) : page;
  }

  query(url) {
    const start = `${this.given.engine_home}?q=`;
    return this.given.engine && url.startsWith(start) ? url.slice(start.length).replaceAll("+", " ") : null;
  }

  titleOf(url) {
    if (this.given.engine && url === this.given.engine_home) return "Cherchéa";
    const query = this.query(url);
    if (query !== null) return `${query} — Cherchéa`;
    return this.page(url)?.title ?? "Page introuvable";
  }

  /** What the pupil typed → an address: one of ours, a search, or one that leads nowhere. */
  resolve(typed) {
    const text = typed.trim().slice(0, 200);
    const known = this.keys[keyOf(text)];
    if (known) return known;
    if (this.given.engine && (/\s/.test(text) || !text.includes("."))) return `${this.given.engine_home}?q=${text.replace(/\s+/g, "+")}`;
    return text.replace(/\s+/g, "");
  }

  /** Keeps the panel, drops what was being typed. */
  settle(focus = "page") {
    this.view = { panel: "", focus };
  }

  visit(state, url) {
    if (state.history.length >= 500) return;
    const last = Math.max(0, ...state.history.filter((entry) => entry.id.startsWith("n")).map((entry) => Number(entry.id.slice(1))));
    state.history.unshift({ id: `n${last + 1}`, url, when: "à l'instant" });
  }

  go(url) {
    if (!url || this.tab.trail.length > 250) return;
    this.settle();
    this.change(`Page « ${this.titleOf(url)} » affichée.`, (state) => {
      const tab = state.tabs[state.active];
      tab.trail = [...tab.trail.slice(0, tab.at + 1), url];
      tab.at = tab.trail.length - 1;
      this.visit(state, url);
    });
  }

  step(by) {
    this.settle(by < 0 ? "back" : "forward");
    const url = this.tab.trail[this.tab.at + by];
    this.change(`Page « ${this.titleOf(url)} » affichée.`, (state) => (state.tabs[state.active].at += by));
  }

  addTab(url = this.given.home) {
    if (this.state.tabs.length >= MAX_TABS) return this.announce("Il y a déjà beaucoup d'onglets.");
    this.settle("address");
    return this.change("Nouvel onglet ouvert.", (state) => {
      state.tabs.push({ trail: [url], at: 0 });
      state.active = state.tabs.length - 1;
      this.visit(state, url);
    });
  }

  showTab(rank) {
    this.settle();
    this.change(`Onglet « ${this.titleOf(this.state.tabs[rank].trail[this.state.tabs[rank].at])} » affiché.`, (state) => (state.active = rank));
  }

  closeTab(rank) {
    this.settle();
    this.change("Onglet fermé.", (state) => {
      state.tabs.splice(rank, 1);
      if (!state.tabs.length) state.tabs.push({ trail: [this.given.home], at: 0 });
      if (state.active > rank || state.active >= state.tabs.length) state.active = Math.max(0, state.active - 1);
    });
  }

  toggle(panel) {
    this.show((view) => (view.panel = view.panel === panel ? "" : panel), "");
  }

  // --- bookmarks

  async keep() {
    const url = this.url;
    if (!this.page(url)) return this.announce("Cette page ne peut pas être enregistrée.");
    const name = h("input", { class: "gab-input", type: "text", maxlength: 80, value: this.titleOf(url) });
    const folder = select([["", "Barre de favoris (sans dossier)"], ...this.state.folders], "", () => {});
    const fresh = h("input", { class: "gab-input", type: "text", maxlength: 60 });
    const chosen = await this.ask("Ajouter aux favoris", (close) =>
      h("div", { "data-enter": true, class: "gab-stack" }, field("Nom du favori", name), field("Ranger dans", folder), field("Ou dans un nouveau dossier", fresh, { help: "Laisse vide pour utiliser la liste." }),
        h("div", { class: "gab-actions" },
          button("Enregistrer", () => close({ name: name.value.trim() || this.titleOf(url), folder: fresh.value.trim() || folder.value }), { kind: "primary", "data-enter-go": true }),
          button("Fermer sans rien changer", () => close(null)))),
    );
    if (!chosen) return null;
    return this.change(`Favori « ${chosen.name} » enregistré${chosen.folder ? ` dans « ${chosen.folder} »` : ""}.`, (state) => {
      if (chosen.folder && !state.folders.includes(chosen.folder)) state.folders.push(chosen.folder);
      if (state.bookmarks.length < 150) state.bookmarks.push({ url, ...chosen });
    });
  }

  // --- drawing

  paint(body) {
    const sheet = h("div", { class: "gab-nav" }, this.paintTabs(), this.paintBar(), this.paintMenu());
    if (this.view.panel) sheet.append(this.paintPanel(this.view.panel));
    sheet.append(this.paintPage());
    body.append(sheet, this.paintAnswer());
  }

  paintTwin(body) {
    const part = (title, ...inside) => h("section", { class: "gab-page" }, h("h3", {}, title), ...inside);
    const list = this.state.tabs.map((tab, rank) => [String(rank), `${rank + 1}. ${this.titleOf(tab.trail[tab.at])}`]);
    body.append(
      part("Navigateur",
        this.has("tabs") ? h("div", { class: "gab-tools" }, field("Onglet affiché", select(list, String(this.state.active), (value) => this.showTab(Number(value)), { focus: "twin-tab" })), button("Nouvel onglet", () => this.addTab(), { focus: "new-tab" }), button("Fermer cet onglet", () => this.closeTab(this.state.active), { focus: "close-tab" })) : null,
        this.paintBar()),
      part("Page affichée", this.paintPage()),
    );
    for (const [tool, title] of this.panels()) body.append(part(title, this.paintPanel(tool)));
    body.append(this.paintAnswer());
  }

  panels() {
    return [["bookmarks", "Favoris"], ["history", "Historique"], ["clear", "Effacer des données"]].filter(([tool]) => this.has(tool));
  }

  paintTabs() {
    if (!this.has("tabs")) return "";
    return h("ul", { class: "gab-nav-tabs", "aria-label": "Onglets" },
      this.state.tabs.map((tab, rank) => {
        const title = this.titleOf(tab.trail[tab.at]);
        return h("li", { class: rank === this.state.active ? "gab-nav-on" : "" },
          h("button", { type: "button", class: "gab-nav-tab", "aria-current": rank === this.state.active ? "true" : null, focus: `tab-${rank}`, onclick: () => this.showTab(rank) }, title),
          button(`Fermer l'onglet « ${title} »`, () => this.closeTab(rank), { kind: "chip", hide: true, icon: shape("cross"), focus: `close-${rank}` }));
      }),
      h("li", {}, button("Nouvel onglet", () => this.addTab(), { kind: "chip", hide: true, icon: shape("plus"), focus: "new-tab" })));
  }

  paintBar() {
    const { trail, at } = this.tab;
    const safe = this.url.startsWith("https://");
    const input = h("input", {
      class: "gab-input", type: "text", inputmode: "url", value: this.view.typed ?? this.url, maxlength: 200, autocomplete: "off", autocapitalize: "none", spellcheck: "false", focus: "address", "aria-label": "Barre d'adresse",
      oninput: (event) => (this.view.typed = event.target.value), onfocus: (event) => this.view.typed === undefined && event.target.select(),
    });
    const kept = this.state.bookmarks.some((one) => one.url === this.url);
    return h("div", { class: "gab-nav-bar", "data-enter": true },
      button("Page précédente", () => this.step(-1), { kind: "tool", hide: !this.twin, icon: shape("back"), focus: "back", disabled: at === 0 }),
      button("Page suivante", () => this.step(1), { kind: "tool", hide: !this.twin, icon: shape("forward"), focus: "forward", disabled: at >= trail.length - 1 }),
      this.has("padlock") && this.page(this.url) ? button(safe ? "Cadenas\u00a0: détails de la connexion" : "Non sécurisé\u00a0: détails de la connexion", () => this.toggle("lock"), { kind: "tool", hide: !this.twin, icon: shape(safe ? "lock" : "open"), focus: "lock", "aria-expanded": String(this.view.panel === "lock") }) : null,
      h("div", { class: "gab-nav-address" }, input),
      button("Ouvrir", () => this.go(this.resolve(input.value)), { kind: "primary", "data-enter-go": true, focus: "go" }),
      this.has("bookmarks") ? button(kept ? "Ajouter aux favoris (déjà enregistrée)" : "Ajouter aux favoris", () => this.keep(), { kind: "tool", hide: !this.twin, icon: shape("star", kept), focus: "star" }) : null,
      this.twin && this.view.panel === "lock" ? this.paintLock() : null);
  }

  paintMenu() {
    const panels = this.panels();
    if (!panels.length) return "";
    return h("div", { class: "gab-nav-menu", role: "group", "aria-label": "Menu du navigateur" }, panels.map(([tool, label]) => button(label, () => this.toggle(tool), { kind: "small", focus: `panel-${tool}`, "aria-expanded": String(this.view.panel === tool) })));
  }

  paintPanel(name) {
    const inside = { lock: () => this.paintLock(), bookmarks: () => this.paintBookmarks(), history: () => this.paintHistory(), clear: () => this.paintClear() }[name]();
    return h("div", { class: "gab-nav-panel" }, inside);
  }

  paintLock() {
    const host = hostOf(this.url);
    const card = this.given.sites[host]?.certificate;
    const safe = this.url.startsWith("https://");
    const facts = card ? [["Certificat délivré à", card.to], ["Délivré par", card.by], ["Valable depuis le", card.since], ["Valable jusqu'au", card.until]].filter(([, value]) => value) : [];
    return h("div", { class: "gab-stack" },
      h("p", { class: "gab-strong" }, safe ? `Connexion chiffrée avec ${host}` : `Connexion non chiffrée avec ${host}`),
      facts.length ? h("dl", { class: "gab-facts" }, facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))) : h("p", { class: "gab-help" }, "Aucun certificat à montrer."));
  }

  link(url, text, focus) {
    return h("button", { type: "button", class: "gab-link", focus, onclick: () => this.go(url) }, text);
  }

  paintBookmarks() {
    const row = (one) => h("li", {}, this.link(one.url, one.name, `mark-${one.folder}-${one.name}`),
      button(`Enlever le favori « ${one.name} »`, () => this.change(`Favori « ${one.name} » enlevé.`, (state) => (state.bookmarks = state.bookmarks.filter((other) => other.url !== one.url || other.folder !== one.folder || other.name !== one.name))), { kind: "chip", hide: true, icon: shape("cross"), focus: `unmark-${one.folder}-${one.name}` }));
    const group = (folder) => {
      const inside = this.state.bookmarks.filter((one) => one.folder === folder);
      return h("li", {}, folder ? h("span", { class: "gab-strong" }, `Dossier « ${folder} »`) : null, h("ul", { class: "gab-nav-list" }, inside.length ? inside.map(row) : h("li", { class: "gab-help" }, "Vide")));
    };
    if (!this.state.bookmarks.length && !this.state.folders.length) return h("p", { class: "gab-help" }, "Aucun favori pour l'instant.");
    const loose = this.state.bookmarks.some((one) => !one.folder);
    return h("ul", { class: "gab-nav-list" }, loose ? group("") : null, this.state.folders.map(group));
  }

  paintHistory() {
    if (!this.state.history.length) return h("p", { class: "gab-help" }, "L'historique est vide.");
    const titles = Object.fromEntries(this.given.history.map((entry) => [entry.id, entry.title]));
    const days = [...new Set(this.state.history.map((entry) => entry.when))];
    return h("div", { class: "gab-stack" }, days.map((day) =>
      h("div", {}, h("p", { class: "gab-strong" }, `${day[0].toUpperCase()}${day.slice(1)}`),
        h("ul", { class: "gab-nav-list" }, this.state.history.filter((entry) => entry.when === day).map((entry) => {
          const title = titles[entry.id] ?? this.titleOf(entry.url);
          return h("li", {}, h("span", { class: "gab-nav-entry" }, this.link(entry.url, title, `past-${entry.id}`), h("span", { class: "gab-url" }, entry.url)),
            button(`Effacer « ${title} » de l'historique`, () => this.change(`« ${title} » effacé de l'historique.`, (state) => (state.history = state.history.filter((other) => other.id !== entry.id))), { kind: "chip", hide: true, icon: shape("cross"), focus: `forget-${entry.id}` }));
        })))));
  }

  paintClear() {
    const picks = this.view.picks ?? [];
    const count = (name) => this.state[name].length;
    const pick = (name, on) => this.show((view) => (view.picks = on ? [...picks, name] : picks.filter((other) => other !== name)));
    const single = (name, label) => this.state[name].length ? h("div", {}, h("p", { class: "gab-strong" }, label), h("ul", { class: "gab-nav-list" }, this.state[name].map((site) => h("li", {}, site, button(`Effacer ${site} (${label.toLowerCase()})`, () => this.change(`${site}\u00a0: effacé.`, (state) => (state[name] = state[name].filter((other) => other !== site))), { kind: "chip", hide: true, icon: shape("cross"), focus: `wipe-${name}-${site}` }))))) : null;
    return h("div", { class: "gab-stack" },
      h("fieldset", { class: "gab-setting" }, h("legend", {}, "Effacer d'un coup"), STORES.map(([name, label]) => h("label", { class: "gab-check" }, h("input", { type: "checkbox", form: "", checked: picks.includes(name), focus: `pick-${name}`, onchange: (event) => pick(name, event.target.checked) }), `${label} (${count(name)})`))),
      button("Effacer ce qui est coché", () => {
        if (!picks.length) return this.announce("Coche d'abord ce que tu veux effacer.");
        this.view.picks = [];
        return this.change("C'est effacé.", (state) => picks.forEach((name) => (state[name] = [])));
      }, { kind: "primary", focus: "erase" }),
      single("cookies", "Sites qui gardent un cookie"), single("passwords", "Sites dont le mot de passe est enregistré"));
  }

  // --- pages

  paintPage() {
    const url = this.url;
    const view = h("div", { class: "gab-nav-view", role: "region", "aria-label": "Page du site" });
    const query = this.query(url);
    if (this.given.engine && (url === this.given.engine_home || query !== null)) view.append(...this.paintEngine(query));
    else if (this.page(url)) view.append(...this.paintSite(this.page(url)));
    else {
      view.append(h("h3", { tabindex: -1, focus: "page" }, "Page introuvable"), h("p", {}, `L'adresse « ${url} » ne mène nulle part. Vérifie chaque signe.`));
    }
    return view;
  }

  paintEngine(query) {
    const input = h("input", { class: "gab-input", type: "search", value: this.view.asked ?? query ?? "", maxlength: 150, autocomplete: "off", focus: "engine", oninput: (event) => (this.view.asked = event.target.value) });
    const asked = () => input.value.trim();
    const parts = [
      h("h3", { tabindex: -1, focus: "page", class: "gab-engine" }, "Cherchéa"),
      h("div", { class: "gab-search", "data-enter": true, role: "search" }, field("Rechercher avec Cherchéa", input), button("Chercher", () => (asked() ? this.go(`${this.given.engine_home}?q=${asked().replace(/\s+/g, "+")}`) : this.announce("Écris d'abord ta recherche.")), { focus: "engine-go", "data-enter-go": true })),
    ];
    if (query === null) return parts;
    const { results } = search(this.found, query);
    const list = results.slice(0, 8).map((one) => this.pages[one]);
    parts.push(list.length
      ? h("ol", { class: "gab-results" }, list.map((page) => h("li", {}, h("div", { class: "gab-url" }, page.url), this.link(page.url, page.title, `result-${page.url}`), page.date ? h("span", { class: "gab-help" }, ` ${page.date}`) : null)))
      : h("p", { class: "gab-empty" }, `Aucun résultat pour « ${query} ».`));
    return parts;
  }

  paintSite(page) {
    const host = hostOf(page.url);
    const site = this.given.sites[host];
    const parts = [];
    if (site?.name || site?.account || site?.menu.length) {
      parts.push(h("div", { class: "gab-nav-head" }, site.name ? h("span", { class: "gab-engine" }, site.name) : null, site.account && !page.body.some((block) => block.kind === "input") ? h("span", { class: "gab-help" }, site.account) : null));
      if (site.menu.length) parts.push(h("ul", { class: "gab-nav-links", "aria-label": `Menu de ${site.name || host}` }, site.menu.map((entry) => h("li", {}, this.link(entry.to, entry.label, `menu-${entry.label}`)))));
    }
    if (site?.banner) parts.push(this.paintBanner(host, site.banner));
    parts.push(h("h3", { tabindex: -1, focus: "page" }, page.title), ...page.body.map((block, rank) => this.paintBlock(block, rank)));
    return parts;
  }

  consent(host, ids, said) {
    this.settle();
    this.change(said, (state) => (state.consent[host] = ids));
  }

  paintBanner(host, banner) {
    if (this.state.consent[host] && this.view.reopen !== host) {
      return h("p", { class: "gab-help gab-nav-consent" }, "Tes choix de cookies sont enregistrés. ", h("button", { type: "button", class: "gab-link", focus: "reopen", onclick: () => this.show((view) => Object.assign(view, { reopen: host, focus: "banner" })) }, "Modifier mes choix"));
    }
    const locked = banner.purposes.filter((one) => one.locked).map((one) => one.id);
    const wanted = this.view.wanted ?? this.state.consent[host] ?? banner.purposes.filter((one) => one.locked || one.value).map((one) => one.id);
    const does = {
      accept: () => this.consent(host, banner.purposes.map((one) => one.id), "Tous les cookies sont acceptés."),
      refuse: () => this.consent(host, locked, "Les cookies facultatifs sont refusés."),
      settings: () => this.show((view) => Object.assign(view, { details: !view.details })),
    };
    const pick = (id, on) => this.show((view) => (view.wanted = on ? [...wanted, id] : wanted.filter((other) => other !== id)));
    return h("section", { class: "gab-nav-banner", "aria-label": "Bandeau de cookies", tabindex: -1, focus: "banner" },
      h("p", {}, banner.text),
      h("div", { class: "gab-actions" }, banner.buttons.map((one) => button(one.label, does[one.does], { kind: "small", focus: `banner-${one.does}`, "aria-expanded": one.does === "settings" ? String(Boolean(this.view.details)) : null }))),
      this.view.details ? h("fieldset", { class: "gab-setting" }, h("legend", {}, "Ce que le site peut garder"), banner.purposes.map((one) => h("label", { class: "gab-check" }, h("input", { type: "checkbox", form: "", checked: one.locked || wanted.includes(one.id), disabled: one.locked, focus: `purpose-${one.id}`, onchange: (event) => pick(one.id, event.target.checked) }), one.locked ? `${one.label} (toujours actif)` : one.label)),
        button("Enregistrer mes choix", () => this.consent(host, [...new Set([...locked, ...wanted])], "Tes choix de cookies sont enregistrés."), { kind: "small", focus: "banner-save" })) : null);
  }

  paintBlock(block, rank) {
    const set = (value, said) => this.change(said, (state) => (state.fields[block.id] = value));
    const value = block.id ? this.state.fields[block.id] : "";
    switch (block.kind) {
      case "heading":
        return h("h4", {}, block.label);
      case "link":
        return h("p", {}, this.link(block.to, block.label, `link-${rank}`), block.note ? h("span", { class: "gab-help" }, ` — ${block.note}`) : null);
      case "ad":
        return h("div", { class: "gab-ad" }, h("span", { class: "gab-tag" }, "Publicité"), block.to ? this.link(block.to, block.label, `link-${rank}`) : h("span", {}, block.label));
      case "image":
        return h("figure", { class: "gab-picture" }, icon("image"), h("figcaption", {}, `Image\u00a0: ${block.label}`));
      case "button": {
        const on = this.state.done.includes(block.id);
        const press = () => {
          if (block.to) this.settle();
          this.change(block.says || `« ${block.label} »\u00a0: c'est fait.`, (state) => {
            if (!state.done.includes(block.id)) state.done.push(block.id);
            if (!block.to) return;
            const tab = state.tabs[state.active];
            tab.trail = [...tab.trail.slice(0, tab.at + 1), block.to];
            tab.at = tab.trail.length - 1;
            this.visit(state, block.to);
          });
        };
        return h("div", { class: "gab-actions" }, button(block.label, press, { focus: `do-${block.id}`, disabled: on && !block.to }), on && block.says ? h("span", { class: "gab-note" }, block.says) : null);
      }
      case "check":
        return h("label", { class: "gab-check" }, h("input", { type: "checkbox", form: "", checked: value, focus: `field-${block.id}`, onchange: (event) => set(event.target.checked, "") }), block.label);
      case "choice":
        return field(block.label, select([["", "Choisis…"], ...block.options.filter((one) => one !== "")], value, (next) => set(next, ""), { focus: `field-${block.id}` }));
      case "upload":
        return this.paintUpload(block, value, set);
      case "input":
        return field(block.label, h("input", { class: "gab-input", type: "text", maxlength: 200, value, autocomplete: "off", focus: `field-${block.id}`, oninput: (event) => this.change("", (state) => (state.fields[block.id] = event.target.value), { redraw: false, streak: block.id }) }));
      default:
        return h("p", {}, block.label);
    }
  }

  paintUpload(block, value, set) {
    if (value) return h("div", { class: "gab-actions" }, h("span", { class: "gab-note" }, `${block.label}\u00a0: « ${value} » est déposé.`), button("Retirer ce fichier", () => set("", `« ${value} » retiré.`), { kind: "small", focus: `drop-${block.id}` }));
    const list = select([["", "Choisis un fichier…"], ...block.options], "", () => {}, { focus: `field-${block.id}` });
    return h("div", { class: "gab-form", role: "group", "aria-label": block.label }, field(block.label, list), button("Déposer", () => (list.value ? set(list.value, `« ${list.value} » déposé.`) : this.announce("Choisis d'abord un fichier.")), { focus: `send-${block.id}` }));
  }

  paintAnswer() {
    if (!this.given.answer_label) return "";
    const input = h("input", { class: "gab-input", type: "text", value: this.state.answer, maxlength: 300, autocomplete: "off", focus: "answer", oninput: (event) => this.change("", (state) => (state.answer = event.target.value), { redraw: false, streak: "answer" }) });
    return h("div", { class: "gab-final" }, field(this.given.answer_label, input));
  }
}

customElements.define("pix-nav", Nav);
