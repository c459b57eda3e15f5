"""Usernames made for pupils (schools 9.4)."""

import random
import re
from collections.abc import Callable
from datetime import date

from pix.core.texts import unaccent

USERNAME = re.compile(r"[a-z0-9]+\.[a-z0-9]+[0-9]{4,6}")
_DRAWS = 100
_LONG_DRAWS = 1_000
_LONGEST_PART = 64
_NOT_KEPT = re.compile("[^a-z0-9]")


def propose_username(
    first_name: str, last_name: str, birth_date: date, *, taken: Callable[[str], bool], rng: random.Random
) -> str:
    """``annesophie.delatour0701`` for Anne-Sophie De La Tour born on 7 January, from the record and not from what was typed.

    Taken: four random digits instead, a hundred times at most, then six. ``taken`` compares ignoring case; ``rng`` is a
    ``random.SystemRandom`` in use. Raises ``RuntimeError`` if a thousand draws of six digits are all taken.
    """
    stem = f"{_part(first_name, 'prenom')}.{_part(last_name, 'nom')}"
    username = f"{stem}{birth_date.day:02d}{birth_date.month:02d}"
    draws = 0
    while taken(username):
        draws += 1
        if draws > _DRAWS + _LONG_DRAWS:
            raise RuntimeError("no free username for this name")
        digits = 4 if draws <= _DRAWS else 6
        username = f"{stem}{rng.randrange(10**digits):0{digits}d}"
    return username


def _part(name: str, fallback: str) -> str:
    return _NOT_KEPT.sub("", unaccent(name))[:_LONGEST_PART] or fallback
