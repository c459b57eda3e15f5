// MSG: Ronde, a social network or a group chat. The state is {posts, blocked, new, replies, log}.
import { Gabarit, button, clone, field, h, icon, select } from "./base.js";

const WORDS = { deleted: "supprimé", archived: "archivé", hidden: "masqué", proof: "preuve gardée", reported: "signalé" };

class Msg extends Gabarit {
  start() {
    this.flat = this.given.posts.flatMap((post) => [post, ...post.comments.map((comment) => ({ ...comment, under: post.id }))]);
    this.byId = Object.fromEntries(this.flat.map((post) => [post.id, post]));
    const posts = {};
    for (const post of this.flat) posts[post.id] = { deleted: false, archived: false, hidden: false, proof: false, reported: null, audience: post.audience ?? "" };
    return { posts, blocked: [], new: [], replies: [], log: [], draft: this.begun() };
  }

  answer() {
    const { posts, blocked, new: added, replies, log } = clone(this.state);
    return { posts, blocked, new: added, replies, log };
  }

  can(tool) {
    return this.given.tools.includes(tool);
  }

  act(verb, id, message, mutate) {
    this.change(message, (state) => {
      mutate(state);
      state.log.push(`${verb}:${id}`);
    });
  }

  flag(post, name, on) {
    this.act(name, post.id, `Message de ${post.author}\u00a0: ${on ? "" : "plus "}${WORDS[name]}.`, (state) => (state.posts[post.id][name] = on));
  }

  async report(post) {
    let reason = this.given.reasons[0];
    const answer = await this.askOne(`Signaler le message de ${post.author}`, "Motif", select(this.given.reasons, reason, (value) => (reason = value)), "Signaler", () => reason);
    if (answer) this.act("reported", post.id, `Message de ${post.author} signalé\u00a0: ${answer}.`, (state) => (state.posts[post.id].reported = answer));
  }

  async reply(post) {
    const control = h("textarea", { class: "gab-input", rows: 3, maxlength: 1000 });
    const answer = await this.askOne(`Répondre à ${post.author}`, "Ta réponse", control, "Répondre", () => control.value);
    if (answer?.trim()) this.act("replied", post.id, `Réponse à ${post.author} publiée.`, (state) => state.replies.push({ post: post.id, text: answer }));
  }

  // A text that cannot be changed comes back, so that what was published to the wrong people can be published again.
  begun() {
    const compose = this.given.compose;
    return { text: compose?.text ?? "", audience: compose?.audience ?? this.given.audiences[0], to: "" };
  }

  block(name, on) {
    this.act("blocked", name, on ? `${name} est bloqué.` : `${name} n'est plus bloqué.`, (state) => (state.blocked = on ? [...state.blocked, name] : state.blocked.filter((other) => other !== name)));
  }

  publish_() {
    const { text, audience, to } = this.state.draft;
    if (!text.trim()) return this.announce("Écris d'abord ton message.");
    const said = to ? `Message privé envoyé à ${to}.` : `Publié pour « ${audience} ».`;
    return this.act(to ? "private" : "published", "new", said, (state) => {
      state.new.push({ text, audience, to: to || null });
      state.draft = this.given.compose?.fixed ? this.begun() : { text: "", audience: this.given.audiences[0], to: "" };
    });
  }

  mayDelete(post) {
    return post.mine || (post.under && this.byId[post.under].mine);
  }

  /** Every act possible on a message: [focus key, label, action]. */
  acts(post) {
    const now = this.state.posts[post.id];
    const list = [];
    const add = (tool, key, label, action) => this.can(tool) && list.push([key, label, action]);
    if (!now.deleted) {
      if (this.mayDelete(post)) add("delete", "deleted", "Supprimer", () => this.flag(post, "deleted", true));
      if (post.mine && !post.under) add("archive", "archived", now.archived ? "Désarchiver" : "Archiver", () => this.flag(post, "archived", !now.archived));
      if (!post.mine) {
        add("report", "reported", now.reported ? "Annuler le signalement" : "Signaler", () => (now.reported ? this.act("unreported", post.id, "Signalement annulé.", (state) => (state.posts[post.id].reported = null)) : this.report(post)));
        add("hide", "hidden", now.hidden ? "Afficher" : "Masquer", () => this.flag(post, "hidden", !now.hidden));
        const off = this.state.blocked.includes(post.author);
        add("block", "blocked", `${off ? "Débloquer" : "Bloquer"} ${post.author}`, () => this.block(post.author, !off));
      }
      add("proof", "proof", now.proof ? "Ne plus garder la preuve" : "Garder une preuve", () => this.flag(post, "proof", !now.proof));
      add("reply", "replied", "Répondre", () => this.reply(post));
    }
    return list;
  }

  status(post) {
    const now = this.state.posts[post.id];
    const words = Object.keys(WORDS).filter((name) => now[name]).map((name) => (name === "reported" ? `signalé (${now.reported})` : WORDS[name]));
    if (this.state.blocked.includes(post.author)) words.push("auteur bloqué");
    return words;
  }

  audience(post) {
    if (post.under || this.given.kind === "groupe") return null;
    const now = this.state.posts[post.id];
    if (!post.mine || !this.can("audience") || now.deleted) return h("p", { class: "gab-help" }, `Visible par\u00a0: ${now.audience}`);
    return field("Qui peut voir", select(this.given.audiences, now.audience, (value) => this.act("audience", post.id, `Visible par\u00a0: ${value}.`, (state) => (state.posts[post.id].audience = value)), { focus: `audience-${post.id}` }));
  }

  paintPost(post, level) {
    const now = this.state.posts[post.id];
    const gone = now.deleted || now.hidden;
    const status = this.status(post);
    const comments = (post.comments ?? []).map((comment) => this.paintPost(this.byId[comment.id], level + 1));
    return h(
      "article",
      { class: `gab-post${post.mine ? " gab-mine" : ""}${gone ? " gab-gone" : ""}`, "aria-label": `Message de ${post.author}` },
      h("p", { class: "gab-from" }, h("strong", {}, post.author), post.date ? h("span", { class: "gab-help" }, ` · ${post.date}`) : null, status.map((word) => h("span", { class: "gab-tag" }, word))),
      gone ? h("p", { class: "gab-help" }, now.deleted ? "Ce message est supprimé." : "Ce message est masqué.") : h("p", { class: "gab-pre" }, post.text),
      post.image && !gone ? h("p", { class: "gab-picture" }, icon("image"), h("span", {}, `Image\u00a0: ${post.image}`)) : null,
      this.audience(post),
      h("div", { class: "gab-tools", role: "group", "aria-label": `Actions sur le message de ${post.author}` }, this.acts(post).map(([key, label, action]) => button(label, action, { kind: "small", focus: `${key}-${post.id}` }))),
      this.state.replies.filter((entry) => entry.post === post.id).map((entry) => h("p", { class: "gab-reply gab-pre" }, h("strong", {}, `${this.given.me}\u00a0: `), entry.text)),
      comments.length ? h("div", { class: "gab-comments" }, comments) : null,
    );
  }

  paintCompose() {
    if (!this.can("publish") && !this.can("private")) return "";
    const draft = this.state.draft;
    const text = h("textarea", {
      class: "gab-input", rows: 3, maxlength: 1000, focus: "draft", readonly: this.given.compose?.fixed || null,
      oninput: (event) => this.change("", (state) => (state.draft.text = event.target.value), { redraw: false, streak: "draft" }),
    });
    text.value = draft.text;
    const people = [["", "Une publication, sur ton profil"], ...this.given.contacts.map((name) => [name, `Un message privé à ${name}`])];
    return h(
      "div",
      { class: "gab-page" },
      h("h3", {}, this.given.kind === "groupe" ? "Écrire au groupe" : "Écrire"),
      field("Texte", text),
      this.can("private") ? field("C'est", select(this.can("publish") ? people : people.slice(1), draft.to, (value) => this.change("", (state) => (state.draft.to = value)), { focus: "draft-to" })) : "",
      this.can("publish") && !draft.to && this.given.kind !== "groupe" ? field("Qui peut voir", select(this.given.audiences, draft.audience, (value) => this.change(`Visible par\u00a0: ${value}.`, (state) => (state.draft.audience = value)), { focus: "draft-audience" })) : "",
      button(draft.to ? "Envoyer" : "Publier", () => this.publish_(), { kind: "primary", focus: "draft-go" }),
    );
  }

  paintNew() {
    if (!this.state.new.length) return "";
    return h("div", {}, this.state.new.map((entry, rank) =>
      h("article", { class: "gab-post gab-mine", "aria-label": entry.to ? `Message privé à ${entry.to}` : "Ta nouvelle publication" },
        h("p", { class: "gab-from" }, h("strong", {}, this.given.me), h("span", { class: "gab-tag" }, entry.to ? `privé, à ${entry.to}` : this.given.kind === "groupe" ? "publié" : `visible par\u00a0: ${entry.audience}`)),
        h("p", { class: "gab-pre" }, entry.text),
        button("Retirer", () => this.act("retracted", "new", "Message retiré.", (state) => state.new.splice(rank, 1)), { kind: "small", focus: `retract-${rank}` }))));
  }

  paint(body) {
    body.append(h("p", { class: "gab-engine" }, this.given.network), this.paintCompose(), this.paintNew(), h("div", { class: "gab-feed" }, this.given.posts.map((post) => this.paintPost(this.byId[post.id], 1))));
  }

  paintTwin(body) {
    const apply = (post, key) => this.acts(post).find(([name]) => name === key)?.[2]();
    const row = (post) => {
      const choices = [["", "Choisir une action"], ...this.acts(post).map(([key, label]) => [key, label])];
      const now = this.state.posts[post.id];
      return h("tr", {},
        h("th", { scope: "row" }, post.under ? `${post.author}, sous le message de ${this.byId[post.under].author}` : post.author),
        h("td", {}, now.deleted ? "(supprimé)" : post.text, post.image && !now.deleted ? ` [image : ${post.image}]` : ""),
        h("td", {}, [...this.status(post), post.under || this.given.kind === "groupe" ? "" : `visible par : ${now.audience}`].filter(Boolean).join(", ")),
        h("td", {}, this.audience(post) && post.mine && !now.deleted && this.can("audience") && this.given.kind !== "groupe" && !post.under ? this.audience(post) : null,
          this.acts(post).length ? select(choices, "", (key) => key && apply(post, key), { "aria-label": `Action sur le message de ${post.author} : ${post.text.slice(0, 40)}`, focus: `twin-${post.id}` }) : "aucune"));
    };
    body.append(
      h("p", { class: "gab-engine" }, this.given.network), this.paintCompose(), this.paintNew(),
      h("div", { class: "gab-scroll", tabindex: 0, role: "region", "aria-label": "Messages" },
        h("table", { class: "gab-table" }, h("caption", {}, "Tous les messages"), h("thead", {}, h("tr", {}, ["Auteur", "Message", "État", "Agir"].map((text) => h("th", { scope: "col" }, text)))), h("tbody", {}, this.flat.map(row)))),
      this.state.replies.length ? h("ul", {}, this.state.replies.map((entry) => h("li", {}, `Réponse à ${this.byId[entry.post].author} : ${entry.text}`))) : "",
    );
  }
}

customElements.define("pix-msg", Msg);
