"""Two records of one pupil become one, and any decision of the radar is undone, during 30 days (schools 4.4)."""

from datetime import datetime

from django.db import IntegrityError, transaction

from pix.assessment.actions import ensure_summary
from pix.audit.actions import record
from pix.campaigns.actions.moving import move_back, move_participations, tell_again
from pix.learners.actions.doubles import RollMoved, give_back, locked_records, undo_simple
from pix.learners.enums import RepairKind
from pix.learners.models import Enrolment, Pupil, RollRepair
from pix.learners.queries.doubles import record_of
from pix.learners.rules.doubles import keepable, undoable
from pix.organizations.access import Member


class NotKeepable(Exception):
    """The record with an INE is the one to keep: the next import would bring it back (422)."""


class TooLate(Exception):
    """More than 30 days have passed (409)."""


def merge_pupils(*, by: Member, kept: Pupil, other: Pupil, account_of: Pupil | None, at: datetime) -> RollRepair:
    """Participations, account and years of ``other`` go to ``kept``; ``other`` is deactivated and points to it.

    Who may: an administrator of the school. ``account_of``: of two accounts, whose stays (default: the kept record's).
    Raises ``RollMoved`` when either is gone or merged meanwhile, ``NotKeepable``.
    """
    if kept.pk == other.pk:
        raise RollMoved
    with transaction.atomic():
        rows = {row.pk: row for row in locked_records(by, kept.pk, other.pk)}
        one, two = rows[kept.pk], rows[other.pk]
        if one.pk not in keepable(record_of(one), record_of(two)):
            raise NotKeepable
        chosen = two if account_of is not None and account_of.pk == two.pk else one
        user = chosen.user_id or one.user_id or two.user_id
        Pupil.objects.filter(pk=two.pk).update(
            user=None, active=False, deactivated_at=at, merged_into=one, updated_at=at
        )
        Pupil.objects.filter(pk=one.pk).update(user_id=user, updated_at=at)
        if user is not None:
            ensure_summary(user_id=user, at=at)
        inverse = {
            "users": [one.user_id, two.user_id],
            "user": user,
            "enrolments": _move_years(one, two),
            "participations": move_participations(kept=one, other=two),
        }
        made = RollRepair.objects.create(
            organization=by.organization,
            kind=RepairKind.MERGE,
            kept=one,
            other=two,
            author=by.user,
            created_at=at,
            inverse=inverse,
        )
        record(
            "stewardship.merge_pupils",
            at=at,
            actor=by.user.uuid,
            target=one.uuid,
            organization=by.organization.uuid,
            other=str(two.uuid),
            repair=str(made.uuid),
        )
    return made


def _move_years(kept: Pupil, other: Pupil) -> list[int]:
    """The years that only the other record knows; gives their ids."""
    known = Enrolment.objects.filter(pupil=kept).values_list("school_year", flat=True)
    moved = list(
        Enrolment.objects.filter(pupil=other).exclude(school_year__in=list(known)).values_list("pk", flat=True)
    )
    Enrolment.objects.filter(pk__in=moved).update(pupil=kept)
    return moved


def undo_repair(*, by: Member, repair: RollRepair, at: datetime) -> None:
    """Undo any decision of the radar. Raises ``TooLate``, and ``RollMoved`` when it was undone already or when what it
    touched has changed since."""
    with transaction.atomic():
        row = RollRepair.objects.select_for_update().get(pk=repair.pk, organization=by.organization)
        if row.undone_at is not None:
            raise RollMoved
        if not undoable(row.created_at, at):
            raise TooLate
        if row.kind == RepairKind.MERGE:
            _part(row, at)
        else:
            undo_simple(repair=row, by=by, at=at)
        RollRepair.objects.filter(pk=row.pk).update(undone_at=at, undone_by=by.user)
        record(
            "stewardship.undo_repair",
            at=at,
            actor=by.user.uuid,
            target=row.uuid,
            organization=by.organization.uuid,
            kind=row.kind,
        )


def _part(repair: RollRepair, at: datetime) -> None:
    """Make two records of one again."""
    ids = [repair.kept_id, repair.other_id or 0]
    rows = {one.pk: one for one in Pupil.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    kept, other = rows[repair.kept_id], rows[ids[1]]
    said = repair.inverse
    # An import brought the other record back and it was merged again: only that later merge can be undone.
    later = RollRepair.objects.filter(kind=RepairKind.MERGE, other=other, undone_at=None, pk__gt=repair.pk).exists()
    if (
        later
        or other.active
        or other.merged_into_id != kept.pk
        or other.user_id is not None
        or kept.user_id != said["user"]
    ):
        raise RollMoved
    Pupil.objects.filter(pk=kept.pk).update(user=None)
    Pupil.objects.filter(pk=other.pk).update(active=True, deactivated_at=None, merged_into=None, updated_at=at)
    for row, user in zip((kept, other), said["users"], strict=True):
        give_back(row, user, at)
    Enrolment.objects.filter(pk__in=said["enrolments"], pupil=kept).update(pupil=other)
    try:
        with transaction.atomic():
            move_back(kept=kept, other=other, moved=said["participations"], account=said["users"][1])
    except IntegrityError as error:
        raise RollMoved from error
    tell_again(pupil=kept)
    tell_again(pupil=other)
