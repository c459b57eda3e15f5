"""Reads what a browser sends back without trusting it: any JSON value gives a verdict, never an exception."""

import functools
from collections.abc import Callable
from typing import Any

from pix.generators.contract import Verdict

MAX_TEXT = 20_000
MAX_ITEMS = 2_000


class Malformed(ValueError):
    """The state has not the shape that the component sends; the message is in French, for the pupil."""


def _unreadable(what: str) -> Malformed:
    if what == "La réponse":
        return Malformed("La réponse reçue est illisible.")
    return Malformed(f"La réponse reçue est illisible ({what[0].lower()}{what[1:]}).")


def mapping(value: Any, what: str = "La réponse") -> dict[str, Any]:
    if not isinstance(value, dict) or len(value) > MAX_ITEMS:
        raise _unreadable(what)
    return value


def items(value: Any, what: str = "La réponse", most: int = MAX_ITEMS) -> list[Any]:
    if not isinstance(value, list) or len(value) > most:
        raise _unreadable(what)
    return value


def text(value: Any, what: str = "La réponse", most: int = MAX_TEXT) -> str:
    if not isinstance(value, str) or len(value) > most:
        raise _unreadable(what)
    return value


def texts(value: Any, what: str = "La réponse", most: int = MAX_ITEMS) -> list[str]:
    return [text(entry, what) for entry in items(value, what, most)]


def text_or_none(value: Any, what: str = "La réponse") -> str | None:
    return None if value is None else text(value, what)


def boolean(value: Any, what: str = "La réponse") -> bool:
    if not isinstance(value, bool):
        raise _unreadable(what)
    return value


def judged(check: Callable[[Any], list[str]]) -> Callable[[Any], Verdict]:
    """A checker that lists what is unmet (empty = success) becomes the contract's checker."""

    @functools.wraps(check)
    def judge(value: Any) -> Verdict:
        try:
            unmet = check(value)
        except Malformed as problem:
            return Verdict(False, (str(problem),))
        return Verdict(not unmet, tuple(dict.fromkeys(unmet)))

    return judge
