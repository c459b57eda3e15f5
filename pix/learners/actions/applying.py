"""The job that makes a confirmed file the school's roll: rows staged in chunks, then one short transaction, all or nothing."""

import logging
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from pix.assessment.actions import ensure_summary
from pix.audit.actions import record
from pix.core.ids import uuid7
from pix.core.texts import search_key
from pix.interop.rows import ROLL_FIELDS, RollReading, RollRow
from pix.learners.actions import staged, undoing
from pix.learners.actions.checking import Planned, planned, preview, read_file
from pix.learners.actions.imports import drop_file, wait_for_setting
from pix.learners.enums import ImportState
from pix.learners.models import Pupil, PupilImport, StagedRow
from pix.learners.queries.imports import state_of
from pix.learners.queries.undoing import roll_now

logger = logging.getLogger("pix.learners")

CHUNK = staged.CHUNK


def apply(*, imported: UUID, at: datetime) -> None:
    """Apply a confirmed import. Ends in ``imported``, or ``ready`` with a new preview, or ``failed``: nothing changed.

    Killed at any point and run again, it starts over: what was staged is staged anew, what was written is not written
    twice.
    """
    row = PupilImport.objects.filter(uuid=imported).select_related("organization", "author", "undoes").first()
    if row is None or row.state != ImportState.APPLYING:
        if row is not None and row.state == ImportState.IMPORTED:
            _tidy(row)
        return
    if not settings.IMPORT_APPLY_ENABLED:
        wait_for_setting("apply_import", row, at)
        return
    if state_of(row, at) is not ImportState.APPLYING:
        return
    try:
        if row.undoes is not None:
            _undo(row, at)
        else:
            reading = read_file(row, at)
            made = planned(row, reading)
            if made.digest == row.plan_digest:
                _stage(row, made)
            _make_roll(row, reading, at)
    except Exception:
        logger.exception("import %s: nothing was applied", row.uuid)
        PupilImport.objects.filter(pk=row.pk, state=ImportState.APPLYING).update(
            state=ImportState.FAILED, updated_at=at, ended_at=at
        )
        StagedRow.objects.filter(job=row).delete()
        return
    _tidy(row)


def _stage(row: PupilImport, made: Planned) -> None:
    """Lay the rows to write beside the roll, in chunks; nobody sees them."""
    StagedRow.objects.filter(job=row).delete()
    lines = [
        *(("add", None, one) for one in made.roll.added),
        *(("change", one.pupil, one.row) for one in made.roll.modified),
    ]
    for chunk in staged.chunks(lines, CHUNK):
        with transaction.atomic():
            StagedRow.objects.bulk_create(
                StagedRow(job=row, rank=one.row, values=_values(what, pupil, one)) for what, pupil, one in chunk
            )


def _undo(row: PupilImport, at: datetime) -> None:
    """The same way for an undoing: laid beside the roll, then compared again and written in one transaction."""
    made = undoing.undoing_now(row)
    if made.digest == row.plan_digest:
        StagedRow.objects.filter(job=row).delete()
        for chunk in staged.chunks(enumerate(undoing.lines_of(made)), CHUNK):
            with transaction.atomic():
                StagedRow.objects.bulk_create(StagedRow(job=row, rank=rank, values=line) for rank, line in chunk)
    with transaction.atomic():
        _lock(row)
        made = undoing.undoing_now(row)
        if made.digest != row.plan_digest:
            _show_again(row, at, undoing.undo_preview(made, again=True))
            return
        undoing.write_undo(row, made, at)
        _end(row, at)


def _lock(row: PupilImport) -> None:
    PupilImport.objects.select_for_update().get(pk=row.pk, state=ImportState.APPLYING)
    # Held until the end: nobody joins or changes a pupil of this school between the plan and its writing.
    list(Pupil.objects.select_for_update().filter(organization=row.organization).order_by("id").values_list("id"))


def _show_again(row: PupilImport, at: datetime, fields: dict[str, Any]) -> None:
    PupilImport.objects.filter(pk=row.pk).update(state=ImportState.READY, updated_at=at, **fields)
    row.state = ImportState.READY


def _end(row: PupilImport, at: datetime, **fields: Any) -> None:
    PupilImport.objects.filter(pk=row.pk).update(state=ImportState.IMPORTED, updated_at=at, ended_at=at, **fields)
    row.state = ImportState.IMPORTED


def _values(what: str, pupil: int | None, row: RollRow) -> dict[str, Any]:
    return {
        "do": what,
        "pupil": pupil,
        "uuid": uuid7().hex,
        "ine": row.ine,
        **{field: getattr(row, field) for field in ROLL_FIELDS},
        "birth_date": row.birth_date.isoformat(),
        "order_key": search_key(f"{row.last_name} {row.first_name}"),
        "search_key": search_key(f"{row.first_name} {row.last_name}"),
    }


def _make_roll(row: PupilImport, reading: RollReading, at: datetime) -> None:
    """The one transaction: locks, the plan again, the roll, the years, the links, the journal, the state."""
    with transaction.atomic():
        _lock(row)
        made = planned(row, reading)
        if made.digest != row.plan_digest:
            _show_again(row, at, preview(row, reading, made, again=True))
            return
        before = roll_now(row.organization, row.school_year, fields=False)
        staged.write_pupils(row, at, added=len(made.roll.added), changed=len(made.roll.modified))
        staged.write_enrolments(row)
        _deactivate([one.pupil for one in made.roll.leaving], at)
        _link(row, made, at)
        record(
            "learners.apply_import",
            at=at,
            actor=row.author.uuid,
            target=row.uuid,
            organization=row.organization.uuid,
            **made.roll.counts(),
            links_made=len(made.links.made),
            links_removed=len(made.links.removed),
        )
        _end(row, at, applied=undoing.applied_by(row.organization_id, made.roll, made.links, reading, before))


def _deactivate(pupils: list[int], at: datetime) -> None:
    for chunk in staged.chunks(pupils, CHUNK):
        Pupil.objects.filter(pk__in=chunk).update(active=False, deactivated_at=at, updated_at=at)


def _link(row: PupilImport, made: Planned, at: datetime) -> None:
    here = Pupil.objects.filter(organization=row.organization)
    # First free them all: two pupils of the file may exchange their accounts.
    for chunk in staged.chunks([*made.links.removed, *made.links.made], CHUNK):
        here.filter(ine__in=chunk).update(user=None)
    for ine in made.links.made:
        here.filter(ine=ine).update(user_id=made.links.accounts[ine])
        ensure_summary(user_id=made.links.accounts[ine], at=at)


def _tidy(row: PupilImport) -> None:
    StagedRow.objects.filter(job=row).delete()
    if row.state == ImportState.IMPORTED:
        drop_file(row)
