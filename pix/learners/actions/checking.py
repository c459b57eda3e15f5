"""The job that reads a received file whole: every problem at once, or the preview of what applying would change."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction

from pix.core import clock
from pix.interop.reading import read_roll, school_year_warning
from pix.interop.rows import FileError, RollFormat, RollReading
from pix.learners.actions.imports import wait_for_setting
from pix.learners.enums import ImportState
from pix.learners.models import PupilImport
from pix.learners.queries.imports import known_pupils, links_for, state_of
from pix.learners.rules import LinkPlan, RollPlan, plan, plan_digest

logger = logging.getLogger("pix.learners")


@dataclass(frozen=True, slots=True)
class Planned:
    """What an import would write now, with the digest that names it."""

    roll: RollPlan
    links: LinkPlan
    digest: str


def check(*, imported: UUID, at: datetime) -> None:
    """Read, check, plan. Ends in ``ready`` or ``refused``; ``failed`` when the fault is ours. Run twice: nothing more."""
    row = _at_work(imported, ImportState.CHECKING, at)
    if row is None:
        return
    if not settings.IMPORT_CHECK_ENABLED:
        wait_for_setting("check_import", row, at)
        return
    try:
        _end_check(row, at, **_checked(row, read_file(row, at), at))
    except Exception:
        logger.exception("import %s: check failed", row.uuid)
        _end_check(row, at, state=ImportState.FAILED.value, ended_at=at)


def _end_check(row: PupilImport, at: datetime, **found: Any) -> None:
    # The guard: abandoned by time or by the sweep meanwhile, the outcome is dropped.
    with transaction.atomic():
        PupilImport.objects.filter(pk=row.pk, state=ImportState.CHECKING).update(updated_at=at, **found)


def _at_work(imported: UUID, state: ImportState, at: datetime) -> PupilImport | None:
    rows = PupilImport.objects.filter(uuid=imported, state=state).select_related("organization", "author")
    row = rows.first()
    return row if row is not None and state_of(row, at) is state else None


def read_file(row: PupilImport, at: datetime) -> RollReading:
    """The stored file as typed rows and problems, with bounded memory."""
    with default_storage.open(row.stored_name) as stream:
        return read_roll(
            stream,  # type: ignore[arg-type]
            format=RollFormat(row.format),
            uai=row.organization.uai,
            today=clock.today(at),
        )


def planned(row: PupilImport, reading: RollReading) -> Planned:
    """Compare the roll as it is now with the file: in a transaction that holds the locks, what will be written."""
    roll = plan(known_pupils(row.organization, row.school_year), reading, valid_only=row.valid_only)
    links = links_for(row.organization, () if roll.blocked else reading.rows)
    return Planned(roll, links, plan_digest(roll, links))


def _checked(row: PupilImport, reading: RollReading, at: datetime) -> dict[str, Any]:
    found: dict[str, Any] = {
        "encoding": reading.encoding,
        "file_error": None,
        "problems": msgspec.to_builtins(reading.problems),
        "skipped": msgspec.to_builtins(reading.skipped),
        "warnings": msgspec.to_builtins(reading.warnings),
        "counts": {
            "skipped": len(reading.skipped),
            "refused": len(reading.refused),
            "rows": len(reading.rows),
            "stray": reading.stray_structures,
        },
        "plan": None,
        "plan_digest": "",
    }
    if reading.file_errors:
        return found | _refused(reading.file_errors, at)
    # Without a transaction: on SQLite one would hold every writer; applying plans again under the locks.
    made = planned(row, reading)
    if made.roll.blocked:
        return found | {"state": ImportState.REFUSED.value, "ended_at": at}
    if made.roll.nothing_importable:
        return found | _refused((FileError("EMPTY"),), at)
    told = [warning for warning in (school_year_warning(reading, row.school_year),) if warning]
    return (
        found
        | preview(row, reading, made)
        | {
            "state": ImportState.READY.value,
            "warnings": msgspec.to_builtins((*told, *made.roll.warnings)),
        }
    )


def _refused(errors: tuple[FileError, ...], at: datetime) -> dict[str, Any]:
    return {"state": ImportState.REFUSED.value, "ended_at": at, "file_error": msgspec.to_builtins(errors)}


def preview(row: PupilImport, reading: RollReading, made: Planned, *, again: bool = False) -> dict[str, Any]:
    """Fields of the import that show the plan: names and values, old and new, as plain JSON."""
    roll, links = made.roll, made.links
    of_ine = {one.ine: one for one in reading.rows}

    def who(ine: str) -> dict[str, str]:
        one = of_ine[ine]
        return {"last_name": one.last_name, "first_name": one.first_name, "division": one.division, "ine": ine}

    changed = [one for one in roll.modified if one.changes or one.reactivated]
    said: Mapping[str, Any] = {
        "added": [who(one.ine) for one in roll.added],
        "modified": [
            {
                "pupil": one.pupil,
                **who(one.row.ine),
                "reactivated": one.reactivated,
                "changes": [[change.field, change.old, change.new] for change in one.changes],
            }
            for one in changed
        ],
        "leaving": [
            {
                "pupil": one.pupil,
                "last_name": one.last_name,
                "first_name": one.first_name,
                "division": one.division,
                "ine": one.ine,
                "reason": one.reason.value,
            }
            for one in roll.leaving
        ],
        "links": {
            "made": [who(ine) for ine in links.made],
            "removed": [who(ine) for ine in links.removed],
            "refused": [{**who(one.ine), "rule": one.rule.value} for one in links.refused],
        },
        "enrolled": len(roll.modified) - len(changed),
        "again": again,
    }
    return {"plan": said, "plan_digest": made.digest, "counts": {**roll.counts(), "stray": reading.stray_structures}}
