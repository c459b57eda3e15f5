"""Certifiable or not, as a school sees it: which source wins, what is missing, whom the nightly job looks at (schools 8)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pix.learners.enums import Certifiability

_PARIS = ZoneInfo("Europe/Paris")
STARTS = time(21)
"""Hour of the nightly job, in Paris."""
ENDS = time(8)
LOOKS_BACK = timedelta(hours=24)


class Known(NamedTuple):
    """A value and the date of the profile that it was computed on."""

    certifiable: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Shown:
    """What the school reads: one of three words, dated unless nothing is known."""

    state: Certifiability
    at: datetime | None = None


def shown(*, collected: Known | None, automatic: Known | None, shares: bool) -> Shown:
    """The more recent of the last profile collection and of the account's own profile, which wins when equal.

    ``automatic``: ``None`` without a linked account. ``shares``: the school has ``auto_certifiability``; without it only
    the collection counts.
    """
    found = collected
    if shares and automatic is not None and (collected is None or automatic.at >= collected.at):
        found = automatic
    if found is None:
        return Shown(Certifiability.NOT_AVAILABLE)
    return Shown(Certifiability.ELIGIBLE if found.certifiable else Certifiability.NON_ELIGIBLE, found.at)


class Competence(NamedTuple):
    """One competence of a profile: its name, its level, and the pix before the next level."""

    name: str
    level: int
    started: bool
    remaining: int


@dataclass(frozen=True, slots=True)
class Detail:
    """« 3/5 » with names. ``near``: the best ones not yet at level 1, nearest first; ``missing``: the pix that each of
    them still needs, in the same order. Nothing is near for who is certifiable already."""

    count: int
    needed: int
    reached: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    missing: tuple[int, ...] = ()

    @property
    def certifiable(self) -> bool:
        return self.count >= self.needed


def detail(competences: Iterable[Competence], *, needed: int, min_level: int) -> Detail:
    """``competences`` in the order of the framework. As many near ones are named as levels are missing, at most."""
    rows = list(competences)
    reached = tuple(one.name for one in rows if one.level >= min_level)
    lacking = max(0, needed - len(reached))
    near = sorted((one for one in rows if one.started and one.level < min_level), key=lambda one: one.remaining)
    near = near[:lacking]
    return Detail(len(reached), needed, reached, tuple(one.name for one in near), tuple(one.remaining for one in near))


class Window(NamedTuple):
    """Strictly after ``since``, up to ``until``."""

    since: datetime
    until: datetime


def last_night(at: datetime) -> datetime:
    """The latest 21:00 of Paris that has come, in UTC."""
    here = at.astimezone(_PARIS)
    day = here.date() if here.timetz().replace(tzinfo=None) >= STARTS else here.date() - timedelta(days=1)
    return datetime.combine(day, STARTS, _PARIS).astimezone(UTC)


def window_of(night: datetime) -> Window:
    """The 24 hours before the scheduled time, of elapsed time: a change of clocks loses or repeats nothing."""
    return Window(night - LOOKS_BACK, night)


def deadline(night: datetime) -> datetime:
    """8:00 of Paris after the scheduled time: what is left then waits for the next night."""
    here = night.astimezone(_PARIS)
    day = here.date() if here.timetz().replace(tzinfo=None) < ENDS else here.date() + timedelta(days=1)
    return datetime.combine(day, ENDS, _PARIS).astimezone(UTC)


def may_be_enrolled(*, active: bool, provisional: bool) -> bool:
    """Certification asks for an identity that the State knows: a record made by hand waits for its INE."""
    return active and not provisional
