"""Who an account is on a school's roll, and what the rules of joining need to know (schools 9.1 to 9.3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from pix.accounts.identities import GAR, has_method
from pix.accounts.models import User
from pix.learners.models import Pupil
from pix.learners.rules import AccountFace, Candidate, PupilRecord, Typed, match_person
from pix.organizations.models import Organization


@dataclass(frozen=True, slots=True)
class Match:
    """The pupil whom a person says to be, as the roll names them."""

    pupil: UUID
    first_name: str
    last_name: str


def pupil_of(user: User, organization: Organization) -> Pupil | None:
    """The record of this school that the account is linked to, active or not."""
    return Pupil.objects.filter(organization=organization, user=user).first()


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A pupil as a make-believe ENT knows them (demonstration only)."""

    uuid: UUID
    first_name: str
    last_name: str
    division: str
    birth_date: date | None


def newcomers(uai: str, *, most: int) -> tuple[list[Newcomer], list[Newcomer], list[Newcomer]]:
    """Active pupils of a school in the order of the roll (demonstration only): without an account, with an account that
    the médiacentre does not know, and known to the médiacentre, the latest visitor first."""
    here = Pupil.objects.filter(organization__uai=uai, active=True).order_by("order_key", "id")
    known = Q(user__methods__provider=GAR)
    groups = (
        here.filter(user=None),
        here.filter(user__isnull=False).exclude(known),
        here.filter(known).order_by("-user__methods__last_used_at", "order_key", "id"),
    )
    first, second, third = (
        [Newcomer(row.uuid, row.first_name, row.last_name, row.division, row.birth_date) for row in rows[:most]]
        for rows in groups
    )
    return first, second, third


def silent_match(user: User, organization: Organization) -> Pupil | None:
    """The free, active pupil of this school who has the INE of the account's most recently updated record (9.1)."""
    latest = (
        Pupil.objects.filter(user=user).order_by("-updated_at", "-id").values_list("ine", "organization_id").first()
    )
    if latest is None or not latest[0] or Pupil.objects.filter(organization=organization, user=user).exists():
        return None
    return Pupil.objects.filter(organization=organization, ine=latest[0], active=True, user=None).first()


def matching_pupil(organization: Organization, typed: Typed, birth_date: date) -> Match | None:
    """The one active pupil of the school born that day whose names fit; ``None`` when unsure."""
    rows = Pupil.objects.filter(organization=organization, active=True, birth_date=birth_date).order_by("id")
    by_id = {row.pk: row for row in rows}
    found = match_person(
        typed,
        [
            Candidate(row.pk, row.first_name, row.last_name, row.second_name, row.third_name, row.usage_name)
            for row in by_id.values()
        ],
    )
    if found is None:
        return None
    row = by_id[found.id]
    return Match(row.uuid, row.first_name, row.last_name)


def face_of(user: User) -> AccountFace:
    """An account as the rules see it."""
    return AccountFace(user.pk, user.email or "", user.username or "", gar=has_method(user, GAR))


def account_elsewhere(pupil: Pupil) -> AccountFace | None:
    """The account that another school's pupil with the same INE has; the most recently updated record decides."""
    if not pupil.ine:
        return None
    rows = Pupil.objects.filter(ine=pupil.ine, user__isnull=False).exclude(organization=pupil.organization_id)
    row = rows.order_by("-updated_at", "-id").select_related("user").first()
    return face_of(row.user) if row and row.user else None


def records_of(user: User) -> Sequence[tuple[int, PupilRecord]]:
    """Every pupil record of an account, each with the id of its school."""
    rows = Pupil.objects.filter(user=user).values_list("organization_id", "id", "ine", "birth_date")
    return [(school, PupilRecord(key, ine, born)) for school, key, ine, born in rows]
