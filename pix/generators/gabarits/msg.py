"""MSG: Ronde, a social network or a group chat: choose who sees, delete, archive, report, block, keep a proof."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pix.core.texts import search_key
from pix.generators import states
from pix.generators.contract import Draw
from pix.generators.params import Reader, goals
from pix.generators.solving import msg as solving
from pix.generators.states import Malformed

TOOLS = ("publish", "private", "audience", "delete", "archive", "report", "block", "proof", "reply", "hide")
ME = "me"
FLAGS = {"deleted": "supprimé", "archived": "archivé", "hidden": "masqué", "proof": "gardé comme preuve"}
VERBS = (
    "published", "private", "not_published", "deleted", "archived", "hidden", "proof", "kept", "audience", "reported", "blocked", "replied",
    "not_replied", "before",
)  # fmt: skip
_TOOL_OF = {
    "published": "publish", "not_published": "publish", "private": "private", "deleted": "delete", "archived": "archive", "hidden": "hide",
    "proof": "proof", "audience": "audience", "reported": "report", "blocked": "block", "replied": "reply", "not_replied": "reply",
}  # fmt: skip
REASONS = ("Harcèlement ou insulte", "Fausse information", "Publicité", "Autre")
AUDIENCES = ("Tout le monde", "Mes amis", "Moi seulement")


@dataclass(slots=True)
class Thread:
    """What the pupil did."""

    posts: dict[str, dict[str, Any]]
    blocked: set[str]
    new: list[dict[str, Any]]
    replies: list[dict[str, str]]
    log: list[str]


Met = Callable[[Thread], bool]


def _contains(reader: Reader) -> tuple[Callable[[str], bool], tuple[str, ...]]:
    words = tuple(reader.texts("contains"))
    wanted = [search_key(word) for word in words]
    return lambda text: bool(text.strip()) and all(word in search_key(text) for word in wanted), words


def _compile(
    verb: str,
    reader: Reader,
    ids: set[str],
    names: set[str],
    audiences: list[str],
    reasons: list[str],
    wishes: list[solving.Wish],
) -> tuple[Met, str, set[str]]:
    """The test, the sentence when unmet, the posts that may change."""

    def known(wanted: list[str]) -> set[str]:
        for post in wanted:
            if post not in ids:
                raise reader.fail(verb, f"no post {post!r}")
        return set(wanted)

    def among(detail: Reader, key: str, allowed: list[str]) -> list[str]:
        chosen = detail.texts(key)
        for entry in chosen:
            if entry not in allowed:
                raise detail.fail(key, f"one of {', '.join(allowed)}")
        return chosen or allowed

    if verb == "published":
        detail = reader.sub(verb)
        accepted = among(detail, "audience", audiences)
        holds, words = _contains(detail)
        detail.done()
        wishes.append(solving.Wish(verb, (), tuple(accepted), words))

        def published(thread: Thread) -> bool:
            public = [new for new in thread.new if new["to"] is None]
            return len(public) == 1 and public[0]["audience"] in accepted and holds(public[0]["text"])

        return published, "La publication manque, ou n'est pas visible par les bonnes personnes.", set()
    if verb == "private":
        detail = reader.sub(verb)
        person = detail.text("to")
        holds, words = _contains(detail)
        detail.done()
        wishes.append(solving.Wish(verb, (person,), (), words))
        if person not in names:
            raise reader.fail(verb, f"nobody is called {person!r}")
        return (
            lambda thread: (
                any(new["to"] == person and holds(new["text"]) for new in thread.new)
                and all(new["to"] == person for new in thread.new)
            ),
            f"Le message privé à {person} n'est pas parti, ou quelqu'un d'autre l'a reçu.",
            set(),
        )
    if verb == "not_published":
        reader.boolean(verb)
        return lambda thread: not thread.new, "Rien ne devait être publié.", set()
    if verb in FLAGS:
        wanted = known(reader.texts(verb, None))
        wishes.append(solving.Wish(verb, tuple(sorted(wanted))))
        return (
            lambda thread: all(thread.posts[i][verb] for i in wanted),
            f"Il y a un message qui n'est pas {FLAGS[verb]}.",
            wanted,
        )
    if verb == "kept":
        wanted = known(reader.texts(verb, None))
        return (
            lambda thread: not any(thread.posts[i]["deleted"] or thread.posts[i]["archived"] for i in wanted),
            "Un message qu'il fallait garder a disparu.",
            set(),
        )
    if verb == "audience":
        detail = reader.sub(verb)
        post = detail.text("post")
        known([post])
        accepted = among(detail, "is", audiences)
        detail.done()
        wishes.append(solving.Wish(verb, (post,), tuple(accepted)))
        return (
            lambda thread: thread.posts[post]["audience"] in accepted,
            "Une publication est encore visible par les mauvaises personnes.",
            {post},
        )
    if verb == "reported":
        raw = reader.raw(verb)
        if isinstance(raw, Mapping):
            detail = reader.sub(verb)
            wanted, accepted = known(detail.texts("post", None)), among(detail, "reason", reasons)
            detail.done()
        else:
            wanted, accepted = known(reader.texts(verb, None)), reasons
        wishes.append(solving.Wish(verb, tuple(sorted(wanted)), tuple(accepted)))
        return (
            lambda thread: all(thread.posts[i]["reported"] in accepted for i in wanted),
            "Un message n'est pas signalé pour la bonne raison.",
            wanted,
        )
    if verb == "blocked":
        people = set(reader.texts(verb, None))
        if not people <= names:
            raise reader.fail(verb, f"nobody is called {', '.join(people - names)}")
        wishes.append(solving.Wish(verb, tuple(sorted(people))))
        return lambda thread: thread.blocked == people, "Ce ne sont pas les bonnes personnes qui sont bloquées.", set()
    if verb == "replied":
        detail = reader.sub(verb)
        post = detail.text("post")
        holds, words = _contains(detail)
        known([post])
        detail.done()
        wishes.append(solving.Wish(verb, (post,), (), words))
        return (
            lambda thread: any(r["post"] == post and holds(r["text"]) for r in thread.replies),
            "La réponse manque.",
            set(),
        )
    if verb == "not_replied":
        raw = reader.raw(verb)
        wanted = ids if raw is True or raw in ("true", "oui") else known(reader.texts(verb, None))
        return (
            lambda thread: not any(r["post"] in wanted for r in thread.replies),
            "Il valait mieux ne pas répondre.",
            set(),
        )
    first, second = reader.texts(verb, None)[:2] if len(reader.texts(verb, None)) == 2 else ("", "")
    if not {first, second} <= set(VERBS):
        raise reader.fail(verb, "two verbs are expected")
    wishes.append(solving.Wish(verb, (first, second)))

    def before(thread: Thread) -> bool:
        done = [entry.split(":", 1)[0] for entry in thread.log]
        return first in done and second in done and done.index(first) < done.index(second)

    return before, "Les gestes ne sont pas dans le bon ordre.", set()


def _post(entry: Reader, me: str, audiences: list[str], comment: bool) -> dict[str, Any]:
    author = entry.text("author")
    post: dict[str, Any] = {
        "id": entry.text("id"),
        "author": me if author == ME else author,
        "mine": author == ME,
        "text": entry.text("text", ""),
        "date": entry.text("date", ""),
    }
    if not comment:
        post |= {
            "image": entry.text("image", ""),
            "audience": entry.choice("audience", audiences, audiences[0]),
            "comments": [],
        }
        post["comments"] = [_post(sub, me, audiences, comment=True) for sub in entry.subs("comments")]
    entry.done()
    return post


def make(rng: random.Random, params: Mapping[str, Any]) -> Draw:
    """Goals and their meaning: docs/gabarits.md, MSG."""
    reader = Reader(params, "MSG", rng)
    network, me = reader.text("network", "Ronde"), reader.text("me", "Toi")
    kind = reader.choice("kind", ("fil", "groupe"), "fil")
    audiences, reasons = reader.texts("audiences", AUDIENCES), reader.texts("reasons", REASONS)
    posts = [_post(entry, me, audiences, comment=False) for entry in reader.subs("posts")]
    flat = {post["id"]: post for parent in posts for post in (parent, *parent["comments"])}
    if len(flat) != sum(1 + len(post["comments"]) for post in posts):
        raise reader.fail("posts", "an id appears twice")
    authors = list(dict.fromkeys(post["author"] for post in flat.values() if not post["mine"]))
    contacts = reader.texts("contacts", authors)
    compose = None
    if reader.has("compose"):
        begun = reader.sub("compose")
        compose = {
            "text": begun.text("text", ""),
            "audience": begun.choice("audience", audiences, audiences[0]),
            "fixed": begun.boolean("fixed"),
        }
        begun.done()
    strict = reader.boolean("unchanged_elsewhere", True)
    compiled, needed, free, may_block = [], {"audience", "delete", "report", "block"}, set(), False
    wishes: list[solving.Wish] = []
    for verb, goal in goals(reader, VERBS):
        met, say, touched = _compile(verb, goal, set(flat), {*contacts, *authors}, audiences, reasons, wishes)
        compiled.append((met, goal.text("say", say)))
        goal.done()
        if verb != "kept":
            free |= touched
        needed |= {_TOOL_OF[name] for name in [verb, *(goal.raw(verb) if verb == "before" else ())] if name in _TOOL_OF}
        may_block = may_block or verb == "blocked"
    tools = reader.subset("tools", TOOLS) if reader.has("tools") else [tool for tool in TOOLS if tool in needed]
    reader.done()

    def read(value: Any) -> Thread:
        state = states.mapping(value)
        raw_posts = states.mapping(state.get("posts"), "Le fil")
        if set(raw_posts) != set(flat):
            raise Malformed("Le fil est incomplet.")
        done: dict[str, dict[str, Any]] = {}
        for post_id, post in flat.items():
            raw = states.mapping(raw_posts[post_id], "Le fil")
            done[post_id] = {flag: states.boolean(raw.get(flag), "Le fil") for flag in FLAGS}
            done[post_id]["reported"] = states.text_or_none(raw.get("reported"), "Le fil")
            done[post_id]["audience"] = states.text(raw.get("audience"), "Le fil") if "audience" in post else ""
            if done[post_id]["reported"] not in (None, *reasons) or done[post_id]["audience"] not in ("", *audiences):
                raise Malformed("Le fil est illisible.")
            if done[post_id]["deleted"] and not post["mine"] and not _moderated(post_id):
                raise Malformed("On ne peut pas supprimer le message de quelqu'un d'autre.")
        new = []
        for listed in states.items(state.get("new"), "Les publications", 40):
            entry = states.mapping(listed, "Une publication")
            to = states.text_or_none(entry.get("to"))
            audience = states.text(entry.get("audience"), "Une publication")
            if audience not in audiences or (to is not None and to not in contacts and to not in authors):
                raise Malformed("Une publication est illisible.")
            text = states.text(entry.get("text"), "Une publication", 5_000)
            if compose and compose["fixed"] and text != compose["text"]:
                raise Malformed("Le texte à publier a changé.")
            new.append({"text": text, "audience": audience, "to": to})
        replies = []
        for listed in states.items(state.get("replies"), "Les réponses", 40):
            entry = states.mapping(listed, "Une réponse")
            post_id = states.text(entry.get("post"), "Une réponse")
            if post_id not in flat:
                raise Malformed("Une réponse est illisible.")
            replies.append({"post": post_id, "text": states.text(entry.get("text"), "Une réponse", 5_000)})
        blocked = set(states.texts(state.get("blocked"), "Les personnes bloquées", 100))
        if not blocked <= {*contacts, *authors}:
            raise Malformed("Une personne bloquée est inconnue.")
        return Thread(done, blocked, new, replies, states.texts(state.get("log"), "Le journal", 500))

    def _moderated(post_id: str) -> bool:
        """A comment under my own post is mine to delete."""
        return any(post["mine"] and any(comment["id"] == post_id for comment in post["comments"]) for post in posts)

    @states.judged
    def check(value: Any) -> list[str]:
        thread = read(value)
        unmet = [say for met, say in compiled if not met(thread)]
        if strict:
            for post_id, post in flat.items():
                now = thread.posts[post_id]
                changed = (
                    now["deleted"] or now["archived"] or now["reported"] or now["audience"] != post.get("audience", "")
                )
                if changed and post_id not in free:
                    unmet.append(f"Le message de {post['author']} n'aurait pas dû changer.")
            if thread.blocked and not may_block:
                unmet.append("Personne ne devait être bloqué.")
        return unmet

    def solve() -> dict[str, Any] | None:
        found = solving.solve(wishes, flat, audiences, reasons, compose, lambda value: check(value).ok)
        return found if all(_TOOL_OF[act.split(":", 1)[0]] in tools for act in found["log"]) else None

    return Draw(
        state={
            "gabarit": "MSG", "network": network, "kind": kind, "me": me, "audiences": audiences, "reasons": reasons, "posts": posts,
            "contacts": contacts, "compose": compose, "tools": tools,
        },
        check=check,
        solve=solve,
    )  # fmt: skip
