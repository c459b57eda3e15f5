// PHISH: sort messages and tick what gives a trap away. Where a link leads shows on hover, on focus, and on demand.
import { Gabarit, button, clone, field, h, icon, s, select, unique } from "./base.js";

const QR = "M2 2h7v7H2zM4 4h3v3H4zM15 2h7v7h-7zM17 4h3v3h-3zM2 15h7v7H2zM4 17h3v3H4zM12 2v4M12 9v3H9M12 15v3M15 12h3v3M22 12v3M15 18h3v4M21 18v4M12 21v1M2 12h3";

class Phish extends Gabarit {
  start() {
    this.byId = Object.fromEntries(this.given.messages.map((message) => [message.id, message]));
    return { sorted: {}, clues: {}, opened: [] };
  }

  answer() {
    return clone(this.state);
  }

  name(message) {
    return message.subject || message.name;
  }

  labels() {
    return { keep: this.given.keep_label, report: this.given.report_label };
  }

  sort(id, verdict) {
    const said = verdict ? this.labels()[verdict] : "à trier";
    this.change(`${this.name(this.byId[id])}\u00a0: ${said}.`, (state) => {
      if (verdict) state.sorted[id] = verdict;
      else delete state.sorted[id];
      if (verdict !== "report") delete state.clues[id];
    });
  }

  tick(id, clue, on) {
    const text = this.given.clues.find((entry) => entry.id === clue).text;
    this.change(`${text}\u00a0: ${on ? "coché" : "décoché"}.`, (state) => {
      const others = (state.clues[id] ?? []).filter((entry) => entry !== clue);
      state.clues[id] = on ? [...others, clue] : others;
    });
  }

  open(id) {
    this.change("", (state) => {
      if (!state.opened.includes(id)) state.opened.push(id);
    });
    this.announce(`Tu as ouvert le lien. Il mène à ${this.byId[id].link_url}`);
  }

  known() {
    if (!this.given.known.length) return null;
    return h("section", { class: "gab-page gab-known", "aria-label": "Les vraies adresses" },
      h("h3", {}, "Les vraies adresses"),
      h("ul", {}, this.given.known.map((entry) => h("li", {}, h("strong", {}, entry.name), "\u00a0: ", h("span", { class: "gab-code" }, entry.domain)))));
  }

  clueList(message) {
    if (!this.given.clues.length || this.state.sorted[message.id] !== "report") return null;
    const ticked = this.state.clues[message.id] ?? [];
    return h("fieldset", { class: "gab-clues" }, h("legend", {}, this.given.clues_label), this.given.clues.map((clue) =>
      h("label", { class: "gab-check" }, h("input", { type: "checkbox", checked: ticked.includes(clue.id), focus: `clue-${message.id}-${clue.id}`, onchange: (event) => this.tick(message.id, clue.id, event.target.checked) }), clue.text)));
  }

  link(message) {
    if (!message.link_url) return null;
    const id = unique("adresse");
    const pinned = (this.view.pinned ?? []).includes(message.id);
    const opened = this.state.opened.includes(message.id);
    const pin = () => this.show((view) => (view.pinned = pinned ? view.pinned.filter((other) => other !== message.id) : [...(view.pinned ?? []), message.id]), pinned ? "Adresse cachée." : `Ce lien mène à ${message.link_url}`);
    const qr = message.channel === "affiche";
    return h("div", { class: `gab-lead${pinned || opened ? " gab-pinned" : ""}` },
      h("div", { class: "gab-actions" },
        qr ? s("svg", { class: "gab-phish-code", viewBox: "0 0 24 24", role: "img", "aria-label": "Un QR code" }, s("path", { d: QR })) : null,
        button(message.link_text, () => this.open(message.id), { kind: "link", focus: `link-${message.id}`, "aria-describedby": id }),
        button(pinned ? "Cacher l'adresse" : qr ? "Voir où mène le QR code" : "Voir où mène le lien", pin, { kind: "small", focus: `peek-${message.id}`, "aria-pressed": String(pinned), "aria-label": `${pinned ? "Cacher l'adresse" : "Voir où mène le lien"}\u00a0: ${this.name(message)}` })),
      h("p", { class: "gab-peek", id }, "Mène à\u00a0: ", h("span", { class: "gab-code" }, message.link_url)),
      opened ? h("p", { class: "gab-problem" }, "Tu as ouvert ce lien. Tu peux revenir en arrière avec « Annuler la dernière action ».") : null);
  }

  head(message) {
    return [
      h("p", { class: "gab-from" }, h("span", { class: "gab-tag" }, message.channel), h("strong", {}, message.name), message.date ? h("span", { class: "gab-help" }, ` · ${message.date}`) : null),
      message.address ? h("p", { class: "gab-help" }, message.channel === "page" ? "Adresse dans la barre\u00a0: " : "Expéditeur\u00a0: ", h("span", { class: "gab-code" }, message.address)) : null,
    ];
  }

  paint(body) {
    body.append(...[this.known()].filter(Boolean), h("h3", {}, this.given.title), h("ol", { class: "gab-inbox" }, this.given.messages.map((message) => {
      const now = this.state.sorted[message.id];
      return h("li", { class: `gab-page gab-letter${now ? ` gab-${now}` : ""}` },
        this.head(message),
        message.subject ? h("h4", {}, message.subject) : null,
        h("p", { class: "gab-pre" }, message.body),
        message.attachment ? h("p", { class: "gab-name" }, icon("fichier"), `Fichier joint\u00a0: ${message.attachment}`) : null,
        this.link(message),
        h("div", { class: "gab-actions", role: "group", "aria-label": `Que fais-tu de « ${this.name(message)} »\u00a0?` }, Object.entries(this.labels()).map(([verdict, text]) =>
          button(text, () => this.sort(message.id, now === verdict ? null : verdict), { focus: `${verdict}-${message.id}`, "aria-pressed": String(now === verdict) }))),
        this.clueList(message));
    })));
  }

  paintTwin(body) {
    body.append(...[this.known()].filter(Boolean), h("h3", {}, this.given.title), ...this.given.messages.map((message, rank) => {
      const facts = [["Reçu par", message.channel], ["De", message.name], ["Adresse", message.address], ["Date", message.date], ["Objet", message.subject], ["Texte", message.body], ["Fichier joint", message.attachment], [message.channel === "affiche" ? "QR code" : "Lien", message.link_text], ["Le lien mène à", message.link_url]];
      return h("section", { class: "gab-page", "aria-label": `Message ${rank + 1}` },
        h("h4", {}, `Message ${rank + 1}`),
        h("dl", { class: "gab-facts" }, facts.filter(([, value]) => value).map(([label, value]) => h("div", {}, h("dt", {}, label), h("dd", { class: "gab-pre" }, value)))),
        field("Que fais-tu\u00a0?", select([["", "Choisir"], ...Object.entries(this.labels())], this.state.sorted[message.id] ?? "", (value) => this.sort(message.id, value || null), { focus: `sort-${message.id}` })),
        this.clueList(message));
    }));
  }
}

customElements.define("pix-phish", Phish);
