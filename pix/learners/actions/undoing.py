"""Undoing the last import: what it wrote is kept with it, and put back by a plan of its own (schools 4.4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from django.db import IntegrityError, connection, transaction

from pix.assessment.actions import ensure_summary
from pix.audit.actions import record
from pix.core.texts import search_key
from pix.interop.rows import ROLL_FIELDS, RollReading, RollRow
from pix.learners.actions import staged
from pix.learners.actions.imports import ImportRefused, ImportRunning, must_import, sweep_imports
from pix.learners.enums import ImportState
from pix.learners.models import Pupil, PupilImport
from pix.learners.queries.undoing import accounts_busy, accounts_closed, roll_now, undo_facts
from pix.learners.rules import Applied, LinkPlan, PupilNow, Restored, RollPlan, UndoPlan, plan_undo, seal, undo_digest
from pix.organizations.access import Member

_YEAR = ("division", "mef_code", "status")


class NotUndoable(ImportRefused):
    text = "Cet import ne peut plus être annulé : seul le dernier import, pendant 30 jours, peut l'être une fois."


@dataclass(frozen=True, slots=True)
class Undoing:
    """What undoing would write now, with the digest that names it."""

    plan: UndoPlan
    digest: str


# --- what an import keeps of what it wrote


def applied_by(
    organization: int, roll: RollPlan, links: LinkPlan, reading: RollReading, before: Mapping[int, PupilNow]
) -> list[Any]:
    """What the import has just written, as plain JSON. In its transaction, ``before`` read before anything was written."""
    keys = dict(Pupil.objects.filter(organization=organization).exclude(ine="").values_list("ine", "id"))
    moved = {*links.made, *links.removed}
    known: dict[int, Applied] = {}
    for row in roll.added:
        given = (None, links.accounts[row.ine]) if row.ine in moved else None
        known[keys[row.ine]] = Applied(keys[row.ine], added=True, seal=seal(_fields(row)), account=given)
    for one in roll.modified:
        was = before[one.pupil]
        after = [getattr(one.row, name) for name in _YEAR]
        known[one.pupil] = Applied(
            one.pupil,
            returned=one.reactivated,
            inactive_since=was.deactivated_at if one.reactivated else "",
            fields=[(change.field, change.old, change.new) for change in one.changes],
            year=(list(was.year) if was.year else None, after) if was.year != tuple(after) else None,
            account=_account(was, one.row.ine, links, moved),
            participations=was.participations,
        )
    for ine in moved:
        if (pupil := keys[ine]) not in known:
            was = before[pupil]
            account = _account(was, ine, links, moved)
            known[pupil] = Applied(pupil, account=account, participations=was.participations)
    for leaving in roll.leaving:
        known[leaving.pupil] = Applied(leaving.pupil, left=True, participations=before[leaving.pupil].participations)
    return [msgspec.to_builtins(one) for one in known.values()]


def _account(was: PupilNow, ine: str, links: LinkPlan, moved: set[str]) -> tuple[int | None, int | None] | None:
    return (was.account, links.accounts.get(ine)) if ine in moved else None


def _fields(row: RollRow) -> dict[str, str]:
    return {**{name: getattr(row, name) for name in ROLL_FIELDS}, "birth_date": row.birth_date.isoformat()}


# --- the plan of undoing


def open_undo(*, member: Member, imported: PupilImport, at: datetime) -> PupilImport:
    """« Annuler cet import »: an import of its own, ready to be looked at and confirmed like the others.

    Raises ``NotUndoable`` unless it is the school's last one, within 30 days, not undone; ``ImportRunning``.
    """
    must_import(member)
    school = member.organization
    sweep_imports(at=at, organization=school)
    may, _done = undo_facts(school, at)
    if may is None or may.uuid != imported.uuid:
        raise NotUndoable
    row = PupilImport(
        organization=school,
        author=member.user,
        # Read again: what the caller holds may date from before it was applied, and hold nothing to put back.
        undoes=PupilImport.objects.get(pk=imported.pk),
        school_year=imported.school_year,
        state=ImportState.READY,
        format=imported.format,
        original_name=imported.original_name,
        created_at=at,
        updated_at=at,
    )
    for name, value in undo_preview(undoing_now(row)).items():
        setattr(row, name, value)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            record(
                "learners.open_undo",
                at=at,
                actor=member.user.uuid,
                target=row.uuid,
                organization=school.uuid,
                undoes=str(imported.uuid),
            )
    except IntegrityError as error:
        raise ImportRunning from error
    return row


def undoing_now(row: PupilImport) -> Undoing:
    """Compare what the import wrote with the roll as it is now."""
    undone = row.undoes
    assert undone is not None
    assert undone.ended_at is not None
    applied = msgspec.convert(undone.applied or [], list[Applied])
    now = roll_now(row.organization, row.school_year)
    linked = {now[one.pupil].account for one in applied if one.pupil in now} - {None}
    former = {one.account[0] for one in applied if one.account} - {None}
    plan = plan_undo(
        applied,
        now,
        ended_at=undone.ended_at.isoformat(),
        busy=accounts_busy(linked, undone.ended_at),  # type: ignore[arg-type]
        closed=accounts_closed(former),  # type: ignore[arg-type]
    )
    return Undoing(plan, undo_digest(plan))


def undo_preview(made: Undoing, *, again: bool = False) -> dict[str, Any]:
    """Fields of the undoing that show its plan, in the shape of an import's."""
    plan = made.plan
    changed = [one for one in plan.restored if one.changes or one.active is True]
    moved = [one for one in plan.restored if one.account]
    shown = {
        "added": [],
        "modified": [
            {
                **_who(one.pupil),
                "reactivated": one.active is True,
                "changes": [[change.field, change.old, change.new] for change in one.changes],
            }
            for one in changed
        ],
        "leaving": [
            {**_who(one.pupil), "reason": "added_by_import" if one.added else "gone_before"}
            for one in plan.restored
            if one.active is False
        ],
        "links": {
            "made": [_who(one.pupil) for one in moved if one.account and one.account[1] is not None],
            "removed": [_who(one.pupil) for one in moved if one.account and one.account[1] is None],
            "refused": [],
        },
        "kept": [{**_who(one.pupil), "reason": one.reason.value, "fields": list(one.fields)} for one in plan.kept],
        "enrolled": sum(
            (one.drop_year or one.year is not None) and not one.changes and one.active is None for one in plan.restored
        ),
        "again": again,
    }
    return {"plan": shown, "plan_digest": made.digest, "counts": plan.counts()}


def _who(pupil: PupilNow) -> dict[str, Any]:
    fields = pupil.fields
    return {
        "pupil": pupil.id,
        "ine": pupil.ine,
        "last_name": fields["last_name"],
        "first_name": fields["first_name"],
        "division": fields["division"],
    }


# --- applying it


def lines_of(made: Undoing) -> list[dict[str, Any]]:
    """What is laid beside the roll for each pupil to put back."""
    return [_line(one) for one in made.plan.restored if one.writes_pupil]


def _line(one: Restored) -> dict[str, Any]:
    fields = {**one.pupil.fields, **{change.field: change.new for change in one.changes}}
    since = {None: one.pupil.deactivated_at, True: "", False: one.inactive_since}[one.active]
    names = fields["last_name"], fields["first_name"]
    year: dict[str, str] = {"year": ""}
    if one.drop_year:
        year = {"year": "drop"}
    elif one.year is not None:
        year = {"year": "set", **{f"year_{name}": value for name, value in zip(_YEAR, one.year, strict=True)}}
    return {
        "do": "restore",
        "pupil": one.pupil.id,
        **fields,
        "birth_date": fields["birth_date"] or None,
        "order_key": search_key(f"{names[0]} {names[1]}"),
        "search_key": search_key(f"{names[1]} {names[0]}"),
        "active": one.pupil.active if one.active is None else one.active,
        "deactivated_at": _stored(since),
        **year,
    }


def _stored(instant: str) -> str | None:
    return str(connection.ops.adapt_datetimefield_value(datetime.fromisoformat(instant))) if instant else None


def write_undo(row: PupilImport, made: Undoing, at: datetime) -> None:
    """Put back what was laid beside the roll, then the accounts, then the journal. In the caller's transaction.

    Deactivation without a former date (an added pupil) takes the date of today.
    """
    staged.restore_pupils(row, at, restored=sum(one.writes_pupil for one in made.plan.restored))
    staged.restore_enrolments(row)
    moved = [one for one in made.plan.restored if one.account]
    here = Pupil.objects.filter(organization=row.organization)
    # First free them all: two pupils may exchange their accounts.
    for chunk in staged.chunks([one.pupil.id for one in moved], staged.CHUNK):
        here.filter(pk__in=chunk).update(user=None)
    for one in moved:
        account = one.account[1] if one.account else None
        if account is not None:
            here.filter(pk=one.pupil.id).update(user_id=account)
            ensure_summary(user_id=account, at=at)
    record(
        "learners.apply_undo",
        at=at,
        actor=row.author.uuid,
        target=row.uuid,
        organization=row.organization.uuid,
        undoes=str(row.undoes.uuid) if row.undoes else "",
        **made.plan.counts(),
    )
