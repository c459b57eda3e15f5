"""What undoing an import would put back, and what it leaves alone because something else changed it since (schools 4.4)."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from pix.learners.rules.rolls import Change

UNDO_WITHIN = timedelta(days=30)


class Applied(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an import wrote about one pupil, kept with it for 30 days. Only what it changed is there.

    ``seal``: of an added pupil's fields as they were written. ``account``: key of the account before and after.
    ``year``: enrolment of the import's year before (None: there was none) and after.
    """

    pupil: int
    added: bool = False
    seal: str = ""
    left: bool = False
    returned: bool = False
    inactive_since: str = ""
    fields: list[tuple[str, str, str]] = []
    year: tuple[list[str] | None, list[str]] | None = None
    account: tuple[int | None, int | None] | None = None
    participations: int = 0


@dataclass(frozen=True, slots=True)
class PupilNow:
    """A pupil of the school as it stands today; texts as in a plan, dates in ISO form."""

    id: int
    ine: str
    active: bool
    deactivated_at: str
    account: int | None
    participations: int
    fields: Mapping[str, str]
    year: tuple[str, str, str] | None
    """Class, MEF and status in the import's school year."""

    @property
    def seal(self) -> str:
        return seal(self.fields)


class KeptReason(StrEnum):
    """Why something is left as it is."""

    FIELDS = "fields"
    USED = "used"
    ACCOUNT = "account"
    ACCOUNT_TAKEN = "account_taken"
    ACTIVITY = "activity"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Kept:
    """A pupil, or a part of one, that changed by other means: shown, and not touched."""

    pupil: PupilNow
    reason: KeptReason
    fields: tuple[str, ...] = ()


@dataclass(slots=True)
class Restored:
    """What is put back for one pupil. ``active``: None when it does not change. ``account``: (now, after)."""

    pupil: PupilNow
    added: bool = False
    changes: tuple[Change, ...] = ()
    active: bool | None = None
    inactive_since: str = ""
    drop_year: bool = False
    year: tuple[str, str, str] | None = None
    account: tuple[int | None, int | None] | None = None

    @property
    def writes_pupil(self) -> bool:
        return bool(self.changes) or self.active is not None or self.drop_year or self.year is not None


@dataclass(frozen=True, slots=True)
class UndoPlan:
    restored: tuple[Restored, ...] = ()
    kept: tuple[Kept, ...] = ()

    def counts(self) -> dict[str, int]:
        """Sizes of the blocks of the preview, under the names that an import uses."""
        return {
            "leaving": sum(one.active is False for one in self.restored),
            "modified": sum(bool(one.changes) or one.active is True for one in self.restored),
            "reactivated": sum(one.active is True for one in self.restored),
            "kept": len({one.pupil.id for one in self.kept}),
            "added": 0,
            "unchanged": 0,
        }


@dataclass(slots=True)
class _Undoing:
    restored: dict[int, Restored] = field(default_factory=dict)
    kept: list[Kept] = field(default_factory=list)

    def keep(self, pupil: PupilNow, reason: KeptReason, *fields: str) -> None:
        kept = Kept(pupil, reason, fields)
        if kept not in self.kept[-2:]:
            self.kept.append(kept)


def seal(fields: Mapping[str, str]) -> str:
    """Short name of these values: enough to see that one of them was changed."""
    text = json.dumps(sorted(fields.items()), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def may_undo(ended_at: datetime, *, at: datetime) -> bool:
    """Within 30 days of the end of the import."""
    return at - ended_at < UNDO_WITHIN


def plan_undo(
    applied: Iterable[Applied], now: Mapping[int, PupilNow], *, ended_at: str, busy: set[int], closed: set[int]
) -> UndoPlan:
    """What to put back, in the order of the import.

    ``now``: the whole roll by key. ``ended_at``: when the import ended, as its leavers' date says. ``busy``: accounts
    that did something since; ``closed``: accounts that are no longer there. Whatever is not as the import left it is kept.
    """
    said = [one for one in applied if one.pupil in now]
    work = _Undoing()
    for one in said:
        pupil = now[one.pupil]
        back = Restored(pupil, added=one.added)
        used = pupil.participations != one.participations or (pupil.account is not None and pupil.account in busy)
        if one.added:
            _undo_added(one, back, used=used, work=work)
        else:
            _undo_known(one, back, used=used, ended_at=ended_at, work=work)
        if one.account is not None and not (one.added and back.active is None):
            _undo_account(one.account, back, used=used, closed=closed, work=work)
        if back.writes_pupil or back.account:
            work.restored[pupil.id] = back
    _refuse_taken(work, now)
    return UndoPlan(tuple(one for one in work.restored.values() if one.writes_pupil or one.account), tuple(work.kept))


def _undo_added(one: Applied, back: Restored, *, used: bool, work: _Undoing) -> None:
    pupil = back.pupil
    given = one.account[1] if one.account else None
    if used:
        work.keep(pupil, KeptReason.USED)
    elif pupil.account != given:
        work.keep(pupil, KeptReason.ACCOUNT)
    elif not pupil.active:
        work.keep(pupil, KeptReason.ACTIVITY)
    elif pupil.seal != one.seal:
        work.keep(pupil, KeptReason.FIELDS)
    else:
        back.active = False
        back.drop_year = pupil.year is not None


def _undo_known(one: Applied, back: Restored, *, used: bool, ended_at: str, work: _Undoing) -> None:
    pupil = back.pupil
    changes, changed_since = [], []
    for name, old, new in one.fields:
        current = pupil.fields[name]
        if current == new:
            changes.append(Change(name, new, old))
        elif current != old:
            changed_since.append(name)
    back.changes = tuple(changes)
    if changed_since:
        work.keep(pupil, KeptReason.FIELDS, *changed_since)
    if one.returned and pupil.active:
        if used:
            work.keep(pupil, KeptReason.USED)
        else:
            back.active, back.inactive_since = False, one.inactive_since
    elif one.left and not pupil.active:
        if pupil.deactivated_at == ended_at:
            back.active = True
        else:
            work.keep(pupil, KeptReason.ACTIVITY)
    if one.year is not None:
        before, after = one.year
        if pupil.year == tuple(after):
            if before is None:
                back.drop_year = True
            else:
                back.year = (before[0], before[1], before[2])
        elif pupil.year != (tuple(before) if before else None):
            work.keep(pupil, KeptReason.YEAR)


def _undo_account(
    moved: tuple[int | None, int | None], back: Restored, *, used: bool, closed: set[int], work: _Undoing
) -> None:
    old, new = moved
    if back.pupil.account == old:
        return
    if back.pupil.account != new or old in closed:
        work.keep(back.pupil, KeptReason.ACCOUNT)
    elif new is not None and used:
        work.keep(back.pupil, KeptReason.USED)
    else:
        back.account = (new, old)


def _refuse_taken(work: _Undoing, now: Mapping[int, PupilNow]) -> None:
    """An account that stays with another pupil of the school cannot come back; refusing one may refuse another."""
    holders = {pupil.account: pupil.id for pupil in now.values() if pupil.account is not None}
    moving = {one.pupil.id: one for one in work.restored.values() if one.account}
    again = True
    while again:
        again = False
        for one in list(moving.values()):
            assert one.account is not None
            holder = holders.get(one.account[1]) if one.account[1] is not None else None
            if holder is not None and holder not in moving:
                work.keep(one.pupil, KeptReason.ACCOUNT_TAKEN)
                one.account = None
                del moving[one.pupil.id]
                again = True


def undo_digest(plan: UndoPlan) -> str:
    """SHA-256, in hexadecimal, of all that undoing would write or leave: equal digests mean the same preview."""
    said = [
        [
            [
                one.pupil.id,
                [[change.field, change.old, change.new] for change in one.changes],
                one.active,
                one.inactive_since,
                one.drop_year,
                one.year,
                one.account,
            ]
            for one in sorted(plan.restored, key=lambda one: one.pupil.id)
        ],
        sorted([one.pupil.id, one.reason.value, *one.fields] for one in plan.kept),
    ]
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
