"""What an import would change in a school's roll, said before anything is written (schools 4.3 and 4.4)."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pix.interop.rows import LEFT, ROLL_FIELDS, Refused, RollFormat, RollReading, RollRow, Skipped, Warning_
from pix.learners.rules.links import LinkPlan


@dataclass(frozen=True, slots=True)
class KnownPupil:
    """A pupil on the school's roll, active or not. ``id`` is the caller's own key.

    ``division``, ``mef_code``, ``status``: the last known ones. ``enrolled``: these already stand in the enrolment of
    the import's school year; when they do not, the pupil has something to write even if no field changes.
    """

    id: int
    ine: str
    active: bool
    provisional: bool
    last_name: str
    first_name: str
    usage_name: str = ""
    second_name: str = ""
    third_name: str = ""
    sex: str = ""
    birth_date: date | None = None
    birth_country_code: str = ""
    birth_department_code: str = ""
    birth_city_insee: str = ""
    birth_city_name: str = ""
    mef_code: str = ""
    status: str = ""
    division: str = ""
    enrolled: bool = True


@dataclass(frozen=True, slots=True)
class Change:
    """One field, as text: dates in ISO form, "" for nothing."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Modified:
    """A known pupil to write again: changed fields, returned (« réactivé »), or not yet enrolled in this school year."""

    pupil: int
    row: RollRow
    changes: tuple[Change, ...]
    reactivated: bool
    newly_enrolled: bool


class LeavingReason(StrEnum):
    ABSENT = "absent"
    LEFT = "left"
    NO_DIVISION = "no_division"


@dataclass(frozen=True, slots=True)
class Leaving:
    """An active pupil that applying deactivates: not in the file, or there only as a skipped row."""

    pupil: int
    ine: str
    last_name: str
    first_name: str
    division: str
    reason: LeavingReason


@dataclass(frozen=True, slots=True)
class RollPlan:
    """The preview, and what applying writes. A blocked plan changes nothing: it only says who is refused."""

    added: tuple[RollRow, ...] = ()
    modified: tuple[Modified, ...] = ()
    unchanged: int = 0
    leaving: tuple[Leaving, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    refused: tuple[Refused, ...] = ()
    kept: tuple[int, ...] = ()
    """Known pupils left exactly as they are because a row with their INE is refused."""
    warnings: tuple[Warning_, ...] = ()
    blocked: bool = False
    """Row errors, and not « importer quand même les lignes valides »."""

    @property
    def nothing_importable(self) -> bool:
        """Not one row to import: the answer is ``EMPTY``, and nobody is deactivated."""
        return not (self.added or self.modified or self.unchanged)

    @property
    def reactivated(self) -> int:
        return sum(modified.reactivated for modified in self.modified)

    def counts(self) -> dict[str, int]:
        """Sizes of the blocks of the preview, to be stored with the import."""
        return {
            "added": len(self.added),
            "modified": len(self.modified),
            "reactivated": self.reactivated,
            "unchanged": self.unchanged,
            "leaving": len(self.leaving),
            "skipped": len(self.skipped),
            "left": sum(skipped.reason == LEFT for skipped in self.skipped),
            "refused": len(self.refused),
        }


def plan(current: Iterable[KnownPupil], reading: RollReading, *, valid_only: bool) -> RollPlan:
    """Compare the school's whole roll with a reading that has no file error. One pass, in the file's order.

    Pupils are matched by INE alone; a blank INE matches nobody. Provisional pupils never leave.
    """
    if reading.file_errors:
        raise ValueError("a file with a file-level error has no plan")
    roll = list(current)
    if reading.problems and not valid_only:
        return RollPlan(skipped=reading.skipped, refused=reading.refused, warnings=reading.warnings, blocked=True)
    known = {pupil.ine: pupil for pupil in roll if pupil.ine}
    added: list[RollRow] = []
    modified: list[Modified] = []
    unchanged = 0
    for row in reading.rows:
        pupil = known.get(row.ine)
        if pupil is None:
            added.append(row)
        elif change := _modified(pupil, row):
            modified.append(change)
        else:
            unchanged += 1
    imported = {row.ine for row in reading.rows}
    refused = {row.ine for row in reading.refused if row.ine}
    if not imported:
        return RollPlan(skipped=reading.skipped, refused=reading.refused, warnings=reading.warnings)
    return RollPlan(
        added=tuple(added),
        modified=tuple(modified),
        unchanged=unchanged,
        leaving=_leaving(roll, imported | refused, reading.skipped),
        skipped=reading.skipped,
        refused=reading.refused,
        kept=tuple(pupil.id for pupil in roll if pupil.ine in refused),
        warnings=(*_few_known(roll, reading, imported | refused), *reading.warnings),
    )


def _modified(pupil: KnownPupil, row: RollRow) -> Modified | None:
    changes = tuple(
        Change(field, _text(old), _text(new))
        for field in ROLL_FIELDS
        if (old := getattr(pupil, field)) != (new := getattr(row, field))
    )
    if not changes and pupil.active and pupil.enrolled:
        return None
    return Modified(pupil.id, row, changes, reactivated=not pupil.active, newly_enrolled=not pupil.enrolled)


def _text(value: str | date | None) -> str:
    return value.isoformat() if isinstance(value, date) else value or ""


def _leaving(roll: Iterable[KnownPupil], present: set[str], skipped: Iterable[Skipped]) -> tuple[Leaving, ...]:
    reasons = {
        pupil.ine: LeavingReason.LEFT if pupil.reason == LEFT else LeavingReason.NO_DIVISION
        for pupil in skipped
        if pupil.ine
    }
    # A pupil without INE is not « in » any file: tested apart, or it would never leave.
    leavers = [p for p in roll if p.active and not p.provisional and (not p.ine or p.ine not in present)]
    leavers.sort(key=lambda pupil: (pupil.last_name, pupil.first_name, pupil.division, pupil.id))
    return tuple(
        Leaving(p.id, p.ine, p.last_name, p.first_name, p.division, reasons.get(p.ine, LeavingReason.ABSENT))
        for p in leavers
    )


def _few_known(roll: Iterable[KnownPupil], reading: RollReading, imported: set[str]) -> tuple[Warning_, ...]:
    """A CSV carries no UAI: with fewer than 10 % of the active pupils in it, it may be another school's."""
    if reading.format is not RollFormat.FREGATA:
        return ()
    in_file = imported | {skipped.ine for skipped in reading.skipped if skipped.ine}
    active = [pupil for pupil in roll if pupil.active]
    known = sum(pupil.ine in in_file for pupil in active if pupil.ine)
    if not active or 10 * known >= len(active):
        return ()
    return (Warning_(row=0, code="FEW_KNOWN_PUPILS", meta={"known": known, "active": len(active)}),)


def plan_digest(roll_plan: RollPlan, links: LinkPlan | None = None) -> str:
    """SHA-256, in hexadecimal, of all that applying would write; the order of rows and pupils does not matter.

    ``links``: the links shown with the preview, if any. Equal digests mean the same preview.
    """
    modified = [
        (
            change.pupil,
            _written(change.row),
            [[field.field, field.old] for field in change.changes],
            change.reactivated,
            change.newly_enrolled,
        )
        for change in roll_plan.modified
    ]
    said = {
        "added": sorted(_written(row) for row in roll_plan.added),
        "modified": sorted(modified),
        "unchanged": roll_plan.unchanged,
        "leaving": sorted(leaving.pupil for leaving in roll_plan.leaving),
        "kept": sorted(roll_plan.kept),
        "refused": sorted(refused.row for refused in roll_plan.refused),
        "blocked": roll_plan.blocked,
        "links": [sorted(links.accounts.items()), sorted(links.made), sorted(links.removed)] if links else None,
    }
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _written(row: RollRow) -> list[str]:
    return [row.ine, *(_text(getattr(row, field)) for field in ROLL_FIELDS)]
