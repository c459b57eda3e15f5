"""Solves MSG: publishes, answers, deletes, reports… what the goals name, in an order that they accept."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FLAGS = ("deleted", "archived", "hidden", "proof")


@dataclass(frozen=True, slots=True)
class Wish:
    """One goal, read: posts or people it names, accepted values (audience, reason), words to write, verbs in order."""

    verb: str
    on: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


def solve(
    wishes: Sequence[Wish],
    posts: Mapping[str, Mapping[str, Any]],
    audiences: Sequence[str],
    reasons: Sequence[str],
    compose: Mapping[str, Any] | None,
    passes: Callable[[Any], bool],
) -> dict[str, Any]:
    """A final state; verbs that only a ``before`` names are done on the posts and people that the other goals name."""
    state: dict[str, Any] = {}
    for extra in _unsaid(wishes, posts):
        state = _done([*wishes, *extra], posts, audiences, reasons, compose)
        if passes(state):
            break
    return state


def _unsaid(wishes: Sequence[Wish], posts: Mapping[str, Mapping[str, Any]]) -> Iterator[list[Wish]]:
    said = {wish.verb for wish in wishes}
    lacking = [verb for wish in wishes if wish.verb == "before" for verb in wish.on if verb not in said]
    if not lacking:
        yield []
        return
    places = [i for wish in wishes for i in wish.on if i in posts] + list(posts)
    for place in dict.fromkeys(places):
        author = str(posts[place]["author"])
        yield [Wish(verb, (author if verb in ("blocked", "private") else place,)) for verb in dict.fromkeys(lacking)]
    yield [Wish(verb) for verb in dict.fromkeys(lacking)]


def _common(wishes: Sequence[Wish], otherwise: Sequence[str], current: str = "") -> str:
    """A value that every wish accepts, another one than the current one if possible."""
    lists = [wish.accepted for wish in wishes if wish.accepted]
    values = [value for value in (lists[0] if lists else otherwise) if all(value in listed for listed in lists)]
    return next((value for value in values if value != current), values[0] if values else current)


def _text(wishes: Sequence[Wish], begun: str) -> str:
    words = [word for wish in wishes for word in wish.words if word.lower() not in begun.lower()]
    return " ".join([begun, *dict.fromkeys(words)]).strip() or "Bonjour !"


def _done(
    wishes: Sequence[Wish],
    posts: Mapping[str, Mapping[str, Any]],
    audiences: Sequence[str],
    reasons: Sequence[str],
    compose: Mapping[str, Any] | None,
) -> dict[str, Any]:
    now: dict[str, dict[str, Any]] = {
        i: dict.fromkeys(FLAGS, False) | {"reported": None, "audience": post.get("audience", "")}
        for i, post in posts.items()
    }
    by_verb: dict[str, list[Wish]] = {}
    for wish in wishes:
        by_verb.setdefault(wish.verb, []).append(wish)
    acts: dict[str, list[str]] = {}
    begun, fixed = (str(compose["text"]), bool(compose["fixed"])) if compose else ("", False)
    new: list[dict[str, Any]] = []
    replies: list[dict[str, str]] = []
    for verb, same in by_verb.items():
        ids = list(dict.fromkeys(i for wish in same for i in wish.on))
        if verb in FLAGS or verb in ("audience", "reported"):
            for i in ids:
                mine = [wish for wish in same if i in wish.on]
                values = audiences if verb == "audience" else reasons
                now[i][verb] = True if verb in FLAGS else _common(mine, values, now[i][verb] or "")
            acts[verb] = ids
        elif verb == "blocked":
            acts[verb] = ids
        elif verb in ("published", "private"):
            text = begun if fixed else _text(same, begun)
            people: list[str | None] = [None] if verb == "published" else list(ids)
            audience = _common(same, audiences) if verb == "published" else audiences[0]
            new += [{"text": text, "audience": audience, "to": to} for to in people]
            acts[verb] = ["new"] * len(people)
        elif verb == "replied":
            replies += [{"post": i, "text": _text([wish for wish in same if i in wish.on], "")} for i in ids]
            acts[verb] = ids
    order = _ordered(list(acts), [wish.on for wish in wishes if wish.verb == "before"])
    log = [f"{verb}:{i}" for verb in order for i in acts[verb]]
    return {"posts": now, "blocked": acts.get("blocked", []), "new": new, "replies": replies, "log": log}


def _ordered(verbs: list[str], pairs: Sequence[tuple[str, ...]]) -> list[str]:
    """Nothing is left to do on a deleted message: deletions come last unless a goal says otherwise."""
    verbs.sort(key=lambda verb: verb in ("deleted", "archived"))

    order: list[str] = []
    while verbs:
        waiting = {after for first, after in pairs if first in verbs}
        order.append(next((verb for verb in verbs if verb not in waiting), verbs[0]))
        verbs.remove(order[-1])
    return order
