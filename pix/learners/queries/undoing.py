"""What undoing an import looks at: the roll of today, the accounts used since, the import that may be undone (schools 4.4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from pix.accounts.models import User
from pix.assessment.models import ProfileSummary
from pix.interop.rows import ROLL_FIELDS
from pix.learners.enums import ImportState
from pix.learners.models import Enrolment, Pupil, PupilImport
from pix.learners.rules import UNDO_WITHIN, PupilNow, may_undo
from pix.organizations.models import Organization

_CHUNK = 500
_HEAVY = ("plan", "problems", "skipped", "warnings", "applied")


@dataclass(frozen=True, slots=True)
class Undoable:
    """The last import, which « Annuler cet import » concerns."""

    uuid: UUID
    ended_at: datetime
    author: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Undone:
    """« Import du … annulé le … par … »."""

    ended_at: datetime
    """End of the import that was undone."""
    at: datetime
    author: str


def effective(organization: Organization) -> QuerySet[PupilImport]:
    """Imports of a file that made the roll and were not undone, the newest first."""
    undone = PupilImport.objects.filter(undoes=OuterRef("pk"), state=ImportState.IMPORTED)
    rows = PupilImport.objects.filter(organization=organization, state=ImportState.IMPORTED, undoes=None)
    return rows.filter(~Exists(undone)).order_by("-ended_at", "-id")


def last_applied(organization: Organization) -> PupilImport | None:
    """The newest of all that changed the roll, undoings included."""
    rows = PupilImport.objects.filter(organization=organization, state=ImportState.IMPORTED)
    rows = rows.annotate(remembered=ExpressionWrapper(Q(applied__isnull=False), BooleanField())).defer(
        *_HEAVY, *(f"undoes__{name}" for name in _HEAVY)
    )
    return rows.select_related("author", "undoes").order_by("-ended_at", "-id").first()


def undo_facts(organization: Organization, at: datetime) -> tuple[Undoable | None, Undone | None]:
    """The import that may be undone today, or the undoing that came last: never both."""
    row = last_applied(organization)
    if row is None or row.ended_at is None:
        return None, None
    if row.undoes is not None:
        assert row.undoes.ended_at is not None
        return None, Undone(row.undoes.ended_at, row.ended_at, row.author.full_name)
    if not may_undo(row.ended_at, at=at) or not row.remembered:  # type: ignore[attr-defined]
        return None, None
    return Undoable(row.uuid, row.ended_at, row.author.full_name, row.ended_at + UNDO_WITHIN), None


def roll_now(organization: Organization, school_year: str, *, fields: bool = True) -> dict[int, PupilNow]:
    """The whole roll of the school with its enrolments of one year, in two statements. Without ``fields``, lighter."""
    names = ROLL_FIELDS if fields else ()
    years: dict[int, tuple[str, str, str]] = {
        pupil: (division, mef, status)
        for pupil, division, mef, status in Enrolment.objects.filter(
            pupil__organization=organization, school_year=school_year
        )
        .values_list("pupil_id", "division", "mef_code", "status")
        .iterator(2000)
    }
    rows = Pupil.objects.filter(organization=organization).order_by("id")
    own = ("id", "ine", "active", "deactivated_at", "user_id", "participation_count")
    found = {}
    for pk, ine, active, since, user, count, *values in rows.values_list(*own, *names).iterator(2000):
        said = {name: _text(value) for name, value in zip(names, values, strict=True)}
        found[pk] = PupilNow(pk, ine, active, instant(since), user, count, said, years.get(pk))
    return found


def instant(at: datetime | None) -> str:
    return at.isoformat() if at else ""


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else value or ""


def accounts_busy(accounts: Iterable[int], since: datetime) -> set[int]:
    """Those of these accounts whose profile moved after ``since``."""
    found: set[int] = set()
    for chunk in _chunks(accounts):
        rows = ProfileSummary.objects.filter(user__in=chunk, updated_at__gt=since)
        found.update(rows.values_list("user_id", flat=True))
    return found


def accounts_closed(accounts: Iterable[int]) -> set[int]:
    """Those of these accounts that nobody can open any more."""
    wanted = set(accounts)
    found: set[int] = set()
    for chunk in _chunks(wanted):
        found.update(User.objects.filter(Q(pk__in=chunk, is_active=True)).values_list("pk", flat=True))
    return wanted - found


def _chunks(values: Iterable[int]) -> Iterable[list[int]]:
    held = sorted(values)
    for first in range(0, len(held), _CHUNK):
        yield held[first : first + _CHUNK]
