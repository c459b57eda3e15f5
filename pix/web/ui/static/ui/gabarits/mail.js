// MAIL: Plume, a mailbox. The state is {sent, draft, where, read}; the open folder and message are a view.
import { Gabarit, button, clone, dayOf, field, fold, h, icon, select, unique, weight } from "./base.js";

const FIELDS = { to: "À", cc: "Cc", bcc: "Cci" };
const LONG = { to: "À (destinataires)", cc: "Cc (copie visible)", bcc: "Cci (copie cachée)" };
const EMPTY = { to: [], cc: [], bcc: [], subject: "", body: "", attachments: [], reply_to: null, forward_of: null };

class Mail extends Gabarit {
  start() {
    this.messages = Object.fromEntries(this.given.messages.map((message) => [message.id, message]));
    this.names = Object.fromEntries([this.given.me, ...this.given.contacts].map((person) => [person.address, person.name]));
    return {
      sent: [], draft: this.given.draft ? clone(this.given.draft) : null,
      where: Object.fromEntries(this.given.messages.map((message) => [message.id, message.folder])), read: this.given.open ? [this.given.open] : [],
    };
  }

  answer() {
    return clone(this.state);
  }

  can(tool) {
    return this.given.tools.includes(tool);
  }
  who(address) {
    return this.names[address] ? `${this.names[address]} <${address}>` : address;
  }
  short(address) {
    return address === this.given.me.address ? "moi" : (this.names[address] ?? address);
  }

  // --- acting -----------------------------------------------------------------------------------------------------------

  begin(message, draft) {
    this.view.writing = true;
    this.view.problem = "";
    this.view.focus = "objet";
    this.change(message, (state) => (state.draft = draft));
  }

  reply(message, all) {
    const others = all ? [...message.to, ...message.cc].filter((address) => address !== this.given.me.address && address !== message.from) : [];
    const subject = /^re\s*:/i.test(message.subject) ? message.subject : `Re: ${message.subject}`;
    this.begin("Réponse commencée.", { ...clone(EMPTY), to: [message.from], cc: others, subject, reply_to: message.id });
  }

  forward(message) {
    this.begin("Transfert commencé.", { ...clone(EMPTY), subject: `Tr: ${message.subject}`, body: `\n\n--- Message transféré ---\nDe : ${this.who(message.from)}\n${message.body}`, attachments: message.attachments.map((file) => file.name), forward_of: message.id });
  }

  add(key, raw) {
    const value = raw.trim();
    const group = this.given.groups.find((entry) => entry.label === value);
    const person = this.given.contacts.find((entry) => fold(entry.name) === fold(value) || entry.address === value.toLowerCase());
    const addresses = group ? group.addresses : person ? [person.address] : value.includes("@") ? [value.toLowerCase()] : [];
    if (!addresses.length) return this.refuse(`« ${value} » n'est ni un contact, ni une adresse.`);
    this.view.problem = "";
    return this.change(`${group ? `${addresses.length} adresses ajoutées` : `${this.short(addresses[0])} ajouté`} dans ${FIELDS[key]}.`, ({ draft }) => {
      draft[key] = [...new Set([...draft[key], ...addresses])];
    });
  }

  refuse(why) {
    this.view.problem = why;
    this.redraw();
    this.announce(why);
  }

  send() {
    const draft = this.state.draft;
    if (!draft.to.length && !draft.cc.length && !draft.bcc.length) return this.refuse("Il faut au moins un destinataire.");
    const size = draft.attachments.reduce((sum, name) => sum + (this.given.files.find((file) => file.name === name)?.size ?? 0), 0);
    if (this.given.max_size && size > this.given.max_size) return this.refuse(`Les pièces jointes pèsent ${weight(size)} : Plume n'accepte que ${weight(this.given.max_size)}.`);
    this.view.writing = false;
    this.view.problem = "";
    this.view.folder = "Envoyés";
    this.view.focus = "dossier";
    return this.change("Message envoyé. Il est dans « Envoyés ».", (state) => {
      state.sent.push(state.draft);
      state.draft = null;
    });
  }

  open(id) {
    this.view.message = id;
    if (this.filters) this.view.folder = this.state.where[id];
    this.view.focus = "message";
    this.change(`Message « ${this.messages[id].subject} » ouvert.`, (state) => state.read.includes(id) || state.read.push(id));
  }

  file(id, folder) {
    if (this.view.message === id) this.view.message = null;
    this.view.focus = "dossier";
    this.change(`Message rangé dans « ${folder} ».`, (state) => (state.where[id] = folder));
  }

  // --- the mailbox ------------------------------------------------------------------------------------------------------

  get folder() {
    return this.view.folder ?? (this.given.open ? this.state.where[this.given.open] : this.given.folders[0]);
  }
  get message() {
    const id = this.view.message === undefined ? this.given.open : this.view.message;
    return id && this.state.where[id] === this.folder ? this.messages[id] : null;
  }
  get writing() {
    return this.state.draft && (this.view.writing ?? Boolean(this.given.draft));
  }

  paint(body) {
    body.append(this.paintTop(), this.view.problem && !this.writing ? h("p", { class: "gab-problem" }, this.view.problem) : "");
    if (this.writing) body.append(this.paintCompose());
    else body.append(this.given.search ? this.paintSearch() : "", h("div", { class: "gab-columns gab-mail" }, this.paintFolders(), this.message ? this.paintMessage(this.message) : this.paintList()));
  }

  paintTop() {
    const top = h("div", { class: "gab-tools", role: "group", "aria-label": "Plume" }, h("span", { class: "gab-engine" }, "Plume"));
    if (this.can("compose") && !this.writing) top.append(button("Nouveau message", () => this.begin("Nouveau message.", this.state.draft ?? clone(EMPTY)), { kind: "primary" }));
    if (this.state.draft && !this.writing) top.append(button("Reprendre le brouillon", () => this.show((view) => Object.assign(view, { writing: true, focus: "objet" }))), h("span", { class: "gab-help" }, "Un brouillon n'est pas envoyé."));
    return top;
  }

  paintFolders() {
    const count = (name) => (name === "Envoyés" ? this.state.sent.length + this.given.messages.filter((message) => this.state.where[message.id] === name).length : this.given.messages.filter((message) => this.state.where[message.id] === name && !this.state.read.includes(message.id) && message.unread).length);
    return h(
      "ul",
      { class: "gab-tree", "aria-label": "Dossiers" },
      this.given.folders.map((name) =>
        h(
          "li",
          {
            ondragover: (event) => this.can("folders") && name !== "Envoyés" && event.preventDefault(),
            ondrop: (event) => {
              event.preventDefault();
              if (this.dragged) this.file(this.dragged, name);
              this.dragged = null;
            },
          },
          h(
            "button",
            { type: "button", class: "gab-tree-row", "aria-current": name === this.folder && !this.filters ? "true" : null, focus: `folder-${name}`, onclick: () => this.show((view) => Object.assign(view, { folder: name, message: null, filters: null }), `Dossier « ${name} ».`) },
            icon(name === "Corbeille" ? "bin" : "folder"), h("span", {}, name), count(name) ? h("span", { class: "gab-count" }, String(count(name)), h("span", { class: "gab-hidden" }, name === "Envoyés" ? " envoyés" : " non lus")) : null,
          ),
        ),
      ),
    );
  }

  paintList() {
    if (this.folder === "Envoyés" && !this.filters) return this.paintSent();
    const list = this.filters ? this.found() : this.given.messages.filter((message) => this.state.where[message.id] === this.folder);
    return h(
      "div",
      { class: "gab-list" },
      h("h3", { class: "gab-here", tabindex: -1, focus: "dossier" }, this.filters ? this.foundWords(list) : this.folder),
      list.length ? this.rows(list) : h("p", { class: "gab-empty" }, "Aucun message ici."),
    );
  }

  rows(list) {
    return h(
      "ul",
      { class: "gab-messages" },
      list.map((message) => {
        const unread = message.unread && !this.state.read.includes(message.id);
        return h(
          "li",
          { draggable: this.can("folders") && this.state.where[message.id] !== "Envoyés" ? "true" : null, ondragstart: () => (this.dragged = message.id) },
          h(
            "button",
            { type: "button", class: `gab-message-row${unread ? " gab-unread" : ""}`, focus: `message-${message.id}`, onclick: () => this.open(message.id) },
            unread ? h("span", { class: "gab-tag" }, "Non lu") : null, h("span", { class: "gab-from" }, this.correspondent(message)), h("span", { class: "gab-subject" }, message.subject || "(sans objet)", message.attachments.length ? " (pièce jointe)" : null), h("span", { class: "gab-help" }, dayOf(message.date), this.filters ? ` · ${this.state.where[message.id]}` : ""),
          ),
        );
      }),
    );
  }

  /** A message of mine is known by whom it went to. */
  correspondent(message) {
    return message.from === this.given.me.address ? `À\u00a0: ${message.to.map((address) => this.short(address)).join(", ")}` : this.short(message.from);
  }

  // --- searching: criteria are a view, the state keeps what is done with the messages found ------------------------------

  get filters() {
    return this.given.search ? this.view.filters : null;
  }

  found() {
    const { from, word, folder, joined } = this.filters;
    return this.given.messages.filter(
      (message) =>
        fold(this.who(message.from)).includes(fold(from.trim())) && fold(`${message.subject} ${message.body}`).includes(fold(word.trim())) &&
        (!folder || this.state.where[message.id] === folder) && (!joined || message.attachments.length),
    );
  }

  foundWords(list) {
    return `Recherche\u00a0: ${list.length} message${list.length > 1 ? "s" : ""}`;
  }

  paintSearch() {
    const now = this.filters ?? { from: "", word: "", folder: "", joined: false };
    const text = (name) => {
      const control = h("input", { class: "gab-input", type: "text", autocomplete: "off", maxlength: 80, focus: `search-${name}` });
      control.value = now[name];
      return control;
    };
    const [from, word] = [text("from"), text("word")];
    const folder = select([["", "Tous les dossiers"], ...this.given.folders], now.folder, () => {}, { focus: "search-folder" });
    const joined = h("input", { type: "checkbox", checked: now.joined, focus: "search-joined" });
    const go = () => {
      this.view.filters = { from: from.value, word: word.value, folder: folder.value, joined: joined.checked };
      this.show((view) => Object.assign(view, { message: null }), this.foundWords(this.found()));
    };
    return h("fieldset", { class: "gab-form", "data-enter": true },
      h("legend", {}, "Rechercher dans la boîte"),
      field("Expéditeur", from), field("Mot de l'objet ou du texte", word), field("Dossier", folder),
      h("label", { class: "gab-check" }, joined, h("span", {}, "Avec une pièce jointe")),
      button("Rechercher", go, { kind: "primary", focus: "search-go", "data-enter-go": true }),
      this.filters ? button("Effacer la recherche", () => this.show((view) => Object.assign(view, { filters: null, message: null }), "Recherche effacée."), { focus: "search-clear" }) : null);
  }

  paintSent() {
    return h(
      "div",
      { class: "gab-list" },
      h("h3", { class: "gab-here", tabindex: -1, focus: "dossier" }, "Envoyés"),
      this.state.sent.map((message) => this.paintCard(message)),
      !this.twin && this.given.messages.some((message) => this.state.where[message.id] === "Envoyés") ? this.rows(this.given.messages.filter((message) => this.state.where[message.id] === "Envoyés")) : this.state.sent.length ? "" : h("p", { class: "gab-empty" }, "Aucun message envoyé."),
    );
  }

  paintCard(message) {
    return h(
      "article",
      { class: "gab-page" },
      h("h4", {}, message.subject || "(sans objet)"),
      Object.entries(FIELDS).map(([key, label]) => (message[key].length ? h("p", {}, h("strong", {}, `${label}\u00a0: `), message[key].map((address) => this.short(address)).join(", ")) : null)),
      message.attachments.length ? h("p", {}, h("strong", {}, "Pièces jointes\u00a0: "), message.attachments.join(", ")) : null,
      h("p", { class: "gab-pre" }, message.body),
    );
  }

  paintMessage(message) {
    const actions = [button("Retour", () => this.show((view) => Object.assign(view, { message: null, focus: `message-${message.id}` })))];
    if (this.can("reply")) {
      actions.push(button("Répondre", () => this.reply(message, false)));
      if (message.to.length + message.cc.length > 1) actions.push(button("Répondre à tous", () => this.reply(message, true)));
    }
    if (this.can("forward")) actions.push(button("Transférer", () => this.forward(message)));
    const move = this.can("folders") && this.state.where[message.id] !== "Envoyés" ? this.mover(message) : null;
    return h(
      "article",
      { class: "gab-page" },
      h("div", { class: "gab-tools" }, actions),
      h("h3", { tabindex: -1, focus: "message" }, message.subject || "(sans objet)"),
      h("p", {}, h("strong", {}, "De\u00a0: "), this.who(message.from)),
      h("p", {}, h("strong", {}, "À\u00a0: "), message.to.map((address) => this.who(address)).join(", ")),
      message.cc.length ? h("p", {}, h("strong", {}, "Cc\u00a0: "), message.cc.map((address) => this.who(address)).join(", ")) : null,
      h("p", { class: "gab-help" }, dayOf(message.date)),
      h("p", { class: "gab-pre" }, message.body),
      message.attachments.length ? h("ul", { class: "gab-chips", "aria-label": "Pièces jointes" }, message.attachments.map((file) => h("li", {}, `${file.name} (${weight(file.size)})`))) : null,
      move,
    );
  }

  mover(message) {
    const others = this.given.folders.filter((name) => name !== "Envoyés");
    return field("Ranger dans", select(others, this.state.where[message.id], (folder) => this.file(message.id, folder), { focus: `ranger-${message.id}` }));
  }

  // --- writing ----------------------------------------------------------------------------------------------------------

  typed(name, control) {
    control.value = this.state.draft[name];
    control.addEventListener("input", () => this.change("", ({ draft }) => (draft[name] = control.value), { redraw: false, streak: name }));
    return control;
  }

  paintPeople(key) {
    const draft = this.state.draft;
    const listId = unique("contacts");
    const input = h("input", { class: "gab-input", type: "text", list: listId, autocomplete: "off", autocapitalize: "none", focus: `add-${key}`, maxlength: 120 });
    const groups = this.given.groups.filter((group) => group.addresses.length > 1);
    return h(
      "fieldset",
      { class: "gab-people", "data-enter": true },
      h("legend", {}, LONG[key]),
      draft[key].length
        ? h(
            "ul",
            { class: "gab-chips", "aria-label": `Destinataires du champ ${FIELDS[key]}` },
            draft[key].map((address) =>
              h("li", {}, h("span", {}, this.short(address)), button(`Retirer ${this.short(address)} de ${FIELDS[key]}`, () => this.change(`${this.short(address)} retiré de ${FIELDS[key]}.`, (state) => (state.draft[key] = state.draft[key].filter((other) => other !== address))), { kind: "chip", hide: true, icon: "×", focus: `drop-${key}-${address}` })),
            ),
          )
        : null,
      h(
        "div",
        { class: "gab-add" },
        field(`Ajouter dans ${FIELDS[key]}`, input, { hide: true }),
        h("datalist", { id: listId }, groups.map((group) => h("option", { value: group.label })), this.given.contacts.map((person) => h("option", { value: person.name }, person.address))),
        button("Ajouter", () => input.value.trim() && this.add(key, input.value), { "data-enter-go": true, "aria-label": `Ajouter dans ${FIELDS[key]}`, focus: `go-${key}` }),
        button("Contacts…", () => this.pick(key), { "aria-label": `Choisir des contacts pour ${FIELDS[key]}`, focus: `pick-${key}` }),
        draft[key].length > 1 ? button("Vider", () => this.change(`${FIELDS[key]} vidé.`, (state) => (state.draft[key] = [])), { "aria-label": `Vider ${FIELDS[key]}`, focus: `empty-${key}` }) : null,
      ),
    );
  }

  async pick(key) {
    const draft = this.state.draft;
    const chosen = new Set(draft[key]);
    const answer = await this.ask(`Contacts à mettre dans ${FIELDS[key]}`, (close) => {
      const boxes = {};
      const line = (person) => {
        boxes[person.address] = h("input", { type: "checkbox", checked: chosen.has(person.address), onchange: (event) => (event.target.checked ? chosen.add(person.address) : chosen.delete(person.address)) });
        return h("li", {}, h("label", { class: "gab-check" }, boxes[person.address], h("span", {}, person.name, h("span", { class: "gab-help" }, ` ${person.address}`))));
      };
      const whole = (group) =>
        h("li", {}, h("label", { class: "gab-check gab-strong" }, h("input", {
          type: "checkbox", checked: group.addresses.every((address) => chosen.has(address)),
          onchange: (event) => group.addresses.forEach((address) => {
            if (event.target.checked) chosen.add(address);
            else chosen.delete(address);
            if (boxes[address]) boxes[address].checked = event.target.checked;
          }),
        }), `Tout le groupe « ${group.label} » (${group.addresses.length})`));
      const list = h("ul", { class: "gab-picker" }, this.given.groups.map(whole), this.given.contacts.map(line));
      return h("div", {}, list, h("div", { class: "gab-actions" }, button("Valider les contacts", () => close([...chosen]), { kind: "primary" }), button("Fermer sans rien changer", () => close(null))));
    });
    if (answer) this.change(`${answer.length} destinataire${answer.length > 1 ? "s" : ""} dans ${FIELDS[key]}.`, (state) => (state.draft[key] = answer));
  }

  paintFiles() {
    const draft = this.state.draft;
    const known = [...this.given.files];
    for (const name of draft.attachments) if (!known.some((file) => file.name === name)) known.push({ name, size: 0 });
    if (!this.can("attach") || !known.length) return "";
    return h(
      "fieldset",
      { class: "gab-people" },
      h("legend", {}, "Joindre"),
      known.map((file) =>
        h("label", { class: "gab-check" }, h("input", {
          type: "checkbox", checked: draft.attachments.includes(file.name), focus: `file-${file.name}`,
          onchange: (event) => this.change(`${file.name} ${event.target.checked ? "joint" : "retiré"}.`, (state) => {
            state.draft.attachments = event.target.checked ? [...state.draft.attachments, file.name] : state.draft.attachments.filter((name) => name !== file.name);
          }),
        }), h("span", {}, file.name, file.size ? h("span", { class: "gab-help" }, ` ${weight(file.size)}`) : null)),
      ),
    );
  }

  paintEnd() {
    const origin = this.messages[this.state.draft.reply_to ?? this.state.draft.forward_of];
    return [
      origin ? h("p", { class: "gab-help" }, `${this.state.draft.reply_to ? "En réponse à" : "Transfert de"} « ${origin.subject} », de ${this.short(origin.from)}.`) : "",
      field("Objet", this.typed("subject", h("input", { class: "gab-input", type: "text", maxlength: 200, autocomplete: "off", focus: "objet" }))),
      field("Message", this.typed("body", h("textarea", { class: "gab-input", rows: 6, focus: "texte" }))),
      this.paintFiles(),
      this.view.problem ? h("p", { class: "gab-problem" }, this.view.problem) : "",
      h(
        "div",
        { class: "gab-actions" },
        button("Envoyer", () => this.send(), { kind: "primary" }),
        button("Garder en brouillon", () => this.show((view) => (view.writing = false), "Brouillon gardé, pas envoyé.")),
        button("Jeter le brouillon", () => {
          this.view.writing = false;
          this.change("Brouillon jeté.", (state) => (state.draft = null));
        }),
      ),
    ];
  }

  paintCompose() {
    return h("div", { class: "gab-page gab-compose" }, h("h3", {}, "Message"), Object.keys(FIELDS).map((key) => this.paintPeople(key)), this.paintEnd());
  }

  // --- text version: tables -----------------------------------------------------------------------------------------------

  paintTwin(body) {
    body.append(this.paintTop());
    if (this.writing) {
      const draft = this.state.draft;
      const known = [...new Set([...this.given.contacts.map((person) => person.address), ...draft.to, ...draft.cc, ...draft.bcc])];
      const place = (address) => Object.keys(FIELDS).find((key) => draft[key].includes(address)) ?? "";
      const put = (addresses, key) => this.change(`${addresses.length > 1 ? `${addresses.length} adresses` : this.short(addresses[0])}\u00a0: ${key ? FIELDS[key] : "pas destinataire"}.`, (state) => {
        for (const name of Object.keys(FIELDS)) state.draft[name] = state.draft[name].filter((address) => !addresses.includes(address));
        if (key) state.draft[key].push(...addresses);
      });
      const options = [["", "Pas destinataire"], ...Object.entries(LONG)];
      const row = (label, detail, value, onchange, focus) => h("tr", {}, h("th", { scope: "row" }, label), h("td", {}, detail), h("td", {}, select(options, value, onchange, { "aria-label": `Place de ${label}`, focus })));
      const shared = (group) => (group.addresses.every((address) => place(address) === place(group.addresses[0])) ? place(group.addresses[0]) : "");
      body.append(
        h(
          "div",
          { class: "gab-page" },
          h("h3", {}, "Message"),
          h("table", { class: "gab-table" }, h("caption", {}, "Destinataires"), h("thead", {}, h("tr", {}, ["Qui", "Adresse", "Place"].map((text) => h("th", { scope: "col" }, text)))),
            h("tbody", {}, this.given.groups.map((group) => row(`Groupe ${group.label}`, `${group.addresses.length} adresses`, shared(group), (key) => put(group.addresses, key), `group-${group.label}`)), known.map((address) => row(this.short(address), address, place(address), (key) => put([address], key), `person-${address}`)))),
          this.paintEnd(),
        ),
      );
      return;
    }
    body.append(
      this.given.search ? this.paintSearch() : "",
      h("table", { class: "gab-table" }, h("caption", {}, this.filters ? this.foundWords(this.found()) : "Tous les messages"), h("thead", {}, h("tr", {}, ["De", "Objet", "Date", "Dossier"].map((text) => h("th", { scope: "col" }, text)))),
        h("tbody", {}, (this.filters ? this.found() : this.given.messages).map((message) => h("tr", {},
          h("td", {}, this.state.where[message.id] === "Envoyés" ? `moi, à ${message.to.map((address) => this.who(address)).join(", ")}` : this.who(message.from)),
          h("th", { scope: "row" }, h("button", { type: "button", class: "gab-link", focus: `message-${message.id}`, onclick: () => { this.view.folder = this.state.where[message.id]; this.open(message.id); } }, message.subject || "(sans objet)"), message.attachments.length ? " (pièce jointe)" : ""),
          h("td", {}, dayOf(message.date)),
          h("td", {}, this.can("folders") && this.state.where[message.id] !== "Envoyés" ? select(this.given.folders.filter((name) => name !== "Envoyés"), this.state.where[message.id], (folder) => this.change(`Message rangé dans « ${folder} ».`, (state) => (state.where[message.id] = folder)), { "aria-label": `Dossier de « ${message.subject} »`, focus: `where-${message.id}` }) : this.state.where[message.id]),
        )))),
      this.message ? this.paintMessage(this.message) : "",
      this.paintSent(),
    );
  }
}

customElements.define("pix-mail", Mail);
