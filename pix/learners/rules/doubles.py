"""Which records of a roll may be the same pupil, and which of the two is kept (schools 4.4 and 9.2)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import combinations
from typing import NamedTuple

from pix.core.texts import match_key
from pix.learners.enums import Doubt
from pix.learners.rules.matching import near_keys

UNDO_FOR = timedelta(days=30)
_CROWD = 60
"""Pupils born the same day beyond which only those who share a whole name are compared: the cost stays linear."""


@dataclass(frozen=True, slots=True)
class Record:
    """An active pupil of the school. ``id`` and ``account`` are the caller's own keys."""

    id: int
    first_name: str
    last_name: str
    birth_date: date | None
    usage_name: str = ""
    ine: str = ""
    provisional: bool = False
    account: int | None = None
    participations: int = 0


class Pair(NamedTuple):
    """Two records that may be one pupil, the smaller id first. ``exact``: first and last names are equal."""

    one: int
    other: int
    doubt: Doubt
    exact: bool


class _Keys(NamedTuple):
    record: Record
    first: str
    lasts: tuple[str, ...]


def suspect_pairs(records: Iterable[Record], distinct: Collection[tuple[int, int | None]] = ()) -> list[Pair]:
    """The pairs to look at: born the same day, with equal or close names; those of ``distinct`` are left out.

    Surest first: a provisional record beside an imported one, two accounts, close names; equal names before close ones.
    """
    born: dict[date, list[Record]] = defaultdict(list)
    for record in records:
        if record.birth_date is not None:
            born[record.birth_date].append(record)
    found = []
    for group in born.values():
        if len(group) == 1:
            continue
        for one, other in _to_compare([_keys(record) for record in group]):
            pair = _pair(one, other)
            if pair is not None and (pair.one, pair.other) not in distinct:
                found.append(pair)
    order = list(Doubt)
    return sorted(found, key=lambda pair: (order.index(pair.doubt), not pair.exact, pair.one, pair.other))


def look_alike(one: Record, other: Record) -> bool:
    """Whether two records would be a pair of the radar."""
    return one.birth_date == other.birth_date and one.birth_date is not None and bool(_pair(_keys(one), _keys(other)))


def _keys(record: Record) -> _Keys:
    return _Keys(
        record,
        match_key(record.first_name),
        tuple(match_key(name) for name in (record.last_name, record.usage_name) if name),
    )


def _to_compare(group: list[_Keys]) -> Iterator[tuple[_Keys, _Keys]]:
    if len(group) <= _CROWD:
        yield from combinations(group, 2)
        return
    seen: set[tuple[int, int]] = set()
    for names in ([(one.first, one) for one in group], [(last, one) for one in group for last in one.lasts]):
        same: dict[str, list[_Keys]] = defaultdict(list)
        for name, one in names:
            same[name].append(one)
        for few in same.values():
            for one, other in combinations(few, 2):
                pair = (one.record.id, other.record.id)
                if pair[0] != pair[1] and pair not in seen:
                    seen.add(pair)
                    yield one, other


def _pair(one: _Keys, other: _Keys) -> Pair | None:
    a, b = one.record, other.record
    exact = one.first == other.first and bool(one.first) and bool({*one.lasts} & {*other.lasts} - {""})
    near = exact or (near_keys(one.first, other.first) and any(near_keys(x, y) for x in one.lasts for y in other.lasts))
    # First and last names typed in each other's place.
    crossed = not near and one.first in other.lasts and other.first in one.lasts
    if not (near or crossed):
        return None
    if a.provisional != b.provisional and bool(a.ine) != bool(b.ine):
        doubt = Doubt.PROVISIONAL
    elif a.account is not None and b.account is not None:
        doubt = Doubt.TWO_ACCOUNTS
    else:
        doubt = Doubt.NEAR_NAMES
    return Pair(min(a.id, b.id), max(a.id, b.id), doubt, exact)


def keepable(one: Record, other: Record) -> tuple[int, ...]:
    """The ids that a merge may keep, the better first: a record with an INE is what the next import knows."""
    if bool(one.ine) != bool(other.ine):
        return (one.id,) if one.ine else (other.id,)

    def worth(record: Record) -> tuple[bool, bool, int, int]:
        return not record.provisional, record.account is not None, record.participations, -record.id

    return tuple(record.id for record in sorted((one, other), key=worth, reverse=True))


def undoable(created_at: datetime, at: datetime) -> bool:
    """A decision is undone during 30 days."""
    return at < created_at + UNDO_FOR
