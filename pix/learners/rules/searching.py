"""Finding pupils by a name that may be misspelt (schools 7.3): the same answer whatever the database."""

import re
from collections.abc import Callable

from pix.core.texts import search_key

_WORDS = re.compile(r"[^\W_]+")
_NEAR = 5
"""Distance of at most 0.8: at least one trigram in five is shared."""


def trigrams(key: str) -> frozenset[str]:
    """Groups of three signs of every word, two spaces before it and one after, as PostgreSQL's ``pg_trgm`` makes them."""
    padded = [f"  {word} " for word in _WORDS.findall(key)]
    return frozenset(word[start : start + 3] for word in padded for start in range(len(word) - 2))


def name_finder(typed: str) -> Callable[[str], bool]:
    """Whether a pupil answers to what was typed; the pupil is a ``search_key`` of first then last name.

    Part of a name, or near: ``1 - shared / all`` trigrams of at most 0.8. Nothing typed: everybody.
    """
    part = search_key(typed)
    wanted = trigrams(part)
    count = len(wanted)

    def found(key: str) -> bool:
        if part in key:
            return True
        # Every word stands alone between its spaces: a trigram of another word cannot be met across two.
        apart = key if key.replace(" ", "").isalnum() else " ".join(_WORDS.findall(key))
        line = f"  {apart.replace(' ', '   ')} "
        shared = sum(one in line for one in wanted)
        if not shared or (_NEAR + 1) * shared < count:
            return False
        return _NEAR * shared >= count + len(trigrams(apart)) - shared

    return found
