"""Getting back an account of school without its password: what is typed, and when it is refused (schools 9.8)."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

SEARCHES, WINDOW = 5, timedelta(hours=1)
"""Searches that one network address may make, and in how long."""

_INE = re.compile(r"[0-9]{9}[A-Z]{2}|[0-9]{10}[A-Z]")
_SPACES = re.compile(r"\s+")


class RecoveryRefusal(StrEnum):
    """Why an account that was found is not given back."""

    CONFLICT = "conflict"
    ALREADY_RECOVERED = "already_recovered"

    @property
    def status(self) -> int:
        return {RecoveryRefusal.CONFLICT: 409, RecoveryRefusal.ALREADY_RECOVERED: 403}[self]


class KeyState(StrEnum):
    """What the link of a message still opens."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"


def ine_of(typed: str) -> str | None:
    """The INE (9 digits, 2 letters) or the former apprentice number (10 digits, 1 letter), upper-cased; else ``None``."""
    ine = _SPACES.sub("", typed).upper()
    return ine if _INE.fullmatch(ine) else None


def recovery_refusal(*, ines: Collection[str], recovered: bool) -> RecoveryRefusal | None:
    """``ines``: those of every pupil record of the account. ``recovered``: it was given back once already."""
    if len({ine for ine in ines if ine}) > 1:
        return RecoveryRefusal.CONFLICT
    return RecoveryRefusal.ALREADY_RECOVERED if recovered else None


def key_state(*, used: bool, expires_at: datetime, at: datetime) -> KeyState:
    if used:
        return KeyState.USED
    return KeyState.EXPIRED if at >= expires_at else KeyState.OPEN


def searches_kept(times: Sequence[float], at: datetime) -> list[float]:
    """The searches of the hour before ``at``, as seconds since 1970."""
    after = (at - WINDOW).timestamp()
    return [one for one in times if one > after]
