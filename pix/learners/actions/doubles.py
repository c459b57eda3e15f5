"""What an administrator does about a doubtful record: create one for want of an INE, detach, remove, declare different.

Each decision but the creation keeps what undoing it takes; ``stewardship.merging`` merges, and undoes them all.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from pix.accounts.models import User
from pix.assessment.actions import ensure_summary
from pix.audit.actions import record
from pix.core import clock
from pix.core.school_years import school_year_of
from pix.core.texts import search_key, squeeze
from pix.learners.enums import RepairKind
from pix.learners.models import Enrolment, Pupil, RollRepair
from pix.learners.queries.doubles import RecordFace, alike
from pix.learners.rules.doubles import Record
from pix.organizations.access import Member


class RollMoved(Exception):
    """Somebody else decided in the meantime, or the record changed since: nothing was written (409)."""


class LooksLike(Exception):
    """The new pupil may be on the roll already: the administrator looks at them first."""

    def __init__(self, pupils: tuple[RecordFace, ...]) -> None:
        super().__init__(len(pupils))
        self.pupils = pupils


@dataclass(frozen=True, slots=True)
class NewPupil:
    """What an administrator knows of a pupil who has no INE yet."""

    first_name: str
    last_name: str
    birth_date: date
    sex: str
    division: str


def add_provisional(*, by: Member, asked: NewPupil, uuid: UUID, sure: bool, at: datetime) -> Pupil:
    """Create a pupil without INE, active and provisional. Who may: an administrator of a school that imports its pupils.

    ``uuid``: the form's own, so that a form sent twice makes one pupil. Raises ``LooksLike`` unless ``sure``.
    """
    school = by.organization
    first, last, division = squeeze(asked.first_name), squeeze(asked.last_name), squeeze(asked.division)
    with transaction.atomic():
        already = Pupil.objects.filter(organization=school, uuid=uuid).first()
        if already is not None:
            return already
        near = () if sure else alike(school, Record(0, first, last, asked.birth_date))
        if near:
            raise LooksLike(near)
        try:
            with transaction.atomic():
                row = Pupil.objects.create(
                    uuid=uuid,
                    organization=school,
                    first_name=first,
                    last_name=last,
                    birth_date=asked.birth_date,
                    sex=asked.sex,
                    division=division,
                    provisional=True,
                    order_key=search_key(f"{last} {first}"),
                    search_key=search_key(f"{first} {last}"),
                    created_at=at,
                    updated_at=at,
                )
        except IntegrityError:
            # The double click's other half wrote it; another school's number is nobody's business here.
            found = Pupil.objects.filter(organization=school, uuid=uuid).first()
            if found is None:
                raise RollMoved from None
            return found
        Enrolment.objects.create(pupil=row, school_year=school_year_of(clock.today(at)), division=division)
        record("learners.add_provisional", at=at, actor=by.user.uuid, target=row.uuid, organization=school.uuid)
    return row


def detach(*, by: Member, pupil: Pupil, at: datetime) -> RollRepair:
    """Take the account off a record: results and account stay, the link goes. Raises ``RollMoved`` without a link."""
    with transaction.atomic():
        row = locked_records(by, pupil.pk)[0]
        if row.user_id is None:
            raise RollMoved
        _write(row, at, user=None)
        return _note(by, RepairKind.UNLINK, row, None, {"user": row.user_id}, at)


def remove_provisional(*, by: Member, pupil: Pupil, at: datetime) -> RollRepair:
    """Deactivate a provisional record and take its account off. Raises ``RollMoved`` when it is none any more."""
    with transaction.atomic():
        row = locked_records(by, pupil.pk)[0]
        if not row.provisional:
            raise RollMoved
        _write(row, at, user=None, active=False, deactivated_at=at)
        return _note(by, RepairKind.REMOVAL, row, None, {"user": row.user_id}, at)


def declare_different(*, by: Member, pupil: Pupil, other: Pupil | None, at: datetime) -> RollRepair:
    """« Ce ne sont pas des doublons », or, without ``other``, « ce compte est bien le sien »: the radar forgets it."""
    with transaction.atomic():
        rows = locked_records(by, *(one.pk for one in (pupil, other) if one is not None))
        kept, second = rows[0], rows[1] if other is not None else None
        said = RollRepair.objects.filter(kept=kept, other=second, kind=RepairKind.DISTINCT, undone_at=None)
        if said.exists():
            raise RollMoved
        return _note(by, RepairKind.DISTINCT, kept, second, {}, at)


def undo_simple(*, repair: RollRepair, by: Member, at: datetime) -> None:
    """Undo a detachment, a removal or a « different », inside the caller's transaction. Raises ``RollMoved``."""
    if repair.kind == RepairKind.DISTINCT:
        return
    row = Pupil.objects.select_for_update().get(pk=repair.kept_id, organization=by.organization)
    if row.user_id is not None or row.merged_into_id is not None:
        raise RollMoved
    if repair.kind == RepairKind.REMOVAL:
        if row.active:
            raise RollMoved
        _write(row, at, active=True, deactivated_at=None)
    give_back(row, repair.inverse["user"], at)


def give_back(row: Pupil, user: int | None, at: datetime) -> None:
    """Link a record to its former account again; nothing when that account is gone. Raises ``RollMoved`` when it
    serves another pupil of the school by now."""
    if user is None or not User.objects.filter(pk=user, anonymised_at=None).exists():
        return
    try:
        with transaction.atomic():
            _write(row, at, user=user)
    except IntegrityError as error:
        raise RollMoved from error
    ensure_summary(user_id=user, at=at)


def locked_records(by: Member, *pupils: int) -> list[Pupil]:
    """These active records of the school, by id, locked until the end of the transaction. Raises ``RollMoved``."""
    rows = list(
        Pupil.objects.select_for_update()
        .filter(organization=by.organization, pk__in=pupils, active=True, merged_into=None)
        .order_by("pk")
    )
    if len(rows) != len(set(pupils)):
        raise RollMoved
    return rows


def _write(row: Pupil, at: datetime, **values: object) -> None:
    fields = {("user_id" if name == "user" else name): value for name, value in values.items()}
    Pupil.objects.filter(pk=row.pk).update(**fields, updated_at=at)


def _note(
    by: Member, kind: RepairKind, kept: Pupil, other: Pupil | None, inverse: dict[str, object], at: datetime
) -> RollRepair:
    made = RollRepair.objects.create(
        organization=by.organization, kind=kind, kept=kept, other=other, author=by.user, created_at=at, inverse=inverse
    )
    record(
        f"learners.{kind}",
        at=at,
        actor=by.user.uuid,
        target=kept.uuid,
        organization=by.organization.uuid,
        repair=str(made.uuid),
        **({"other": str(other.uuid)} if other else {}),
    )
    return made
