"""Finding the one pupil whom a person says to be (schools 9.2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pix.core.texts import match_key

_CLOSE = 4
"""Distance at most a quarter of the typed text."""


@dataclass(frozen=True, slots=True)
class Typed:
    first_name: str
    last_name: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """An active pupil of the school, born on the typed day. ``id`` is the caller's own key."""

    id: int
    first_name: str
    last_name: str
    second_name: str = ""
    third_name: str = ""
    usage_name: str = ""


def birth_date_of(day: int, month: int, year: int) -> date | None:
    """The date of the three typed numbers, or ``None`` when it is not a real one of the years 1000 to 9999."""
    if not 1000 <= year <= 9999:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def match_person(typed: Typed, candidates: Sequence[Candidate]) -> Candidate | None:
    """The only candidate whose names are equal, else the only one whose names are close; ``None`` when unsure.

    In each pass the first, second then third first names are tried; a result of exactly one pupil wins.
    """
    first, last = match_key(typed.first_name), match_key(typed.last_name)
    if not first or not last:
        return None
    keys = [
        (
            candidate,
            [match_key(name) for name in (candidate.first_name, candidate.second_name, candidate.third_name)],
            [match_key(name) for name in (candidate.last_name, candidate.usage_name)],
        )
        for candidate in candidates
    ]
    for alike in (_equal, _close):
        same_family = [(one, firsts) for one, firsts, lasts in keys if any(alike(last, name) for name in lasts)]
        for place in range(3):
            found = [one for one, firsts in same_family if alike(first, firsts[place])]
            if len(found) == 1:
                return found[0]
    return None


def _equal(typed: str, known: str) -> bool:
    return typed == known


def _close(typed: str, known: str) -> bool:
    limit = len(typed) // _CLOSE
    return abs(len(typed) - len(known)) <= limit and _distance(typed, known) <= limit


def near_keys(one: str, other: str) -> bool:
    """Whether two normalised names are equal or close, whichever of the two was typed. An empty one is near nothing."""
    shorter, longer = sorted((one, other), key=len)
    return bool(shorter) and (one == other or _close(longer, shorter))


def _distance(one: str, other: str) -> int:
    """Levenshtein distance: letters added, removed or replaced."""
    previous = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        current = [row]
        for column, opposite in enumerate(other, start=1):
            current.append(
                min(previous[column] + 1, current[column - 1] + 1, previous[column - 1] + (letter != opposite))
            )
        previous = current
    return previous[-1]
