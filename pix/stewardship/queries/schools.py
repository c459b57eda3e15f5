"""Schools as the staff sees them: the list and its search, and one school's sheet."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q

from pix.accounts.rules import masked_email
from pix.campaigns.models import Campaign
from pix.core.texts import search_key
from pix.learners.models import Pupil
from pix.learners.queries.imports import ImportFace, last_import
from pix.organizations.enums import Role
from pix.organizations.models import Centre, Organization
from pix.organizations.queries import Teammate, centre_of_school, count_pending, settings_stamp, team_of

PAGE = 50


@dataclass(frozen=True, slots=True)
class SchoolLine:
    uuid: UUID
    name: str
    uai: str
    type: str
    uses_gar: bool
    archived_at: datetime | None
    pupils: int


def school_page(text: str, number: int | str | None = 1, size: int = PAGE) -> Page[SchoolLine]:
    """Schools whose name or UAI holds every word of the text, open ones first, by name. Two statements."""
    rows = Organization.objects.order_by(F("archived_at").asc(nulls_first=True), "search_key", "id")
    for word in search_key(text).split():
        rows = rows.filter(search_key__contains=word)
    page: Any = Paginator(rows, size).get_page(number)
    found = list(page.object_list)
    counts = dict(
        Pupil.objects.filter(organization__in=found, active=True)
        .values_list("organization")
        .annotate(n=Count("id"))
        .values_list("organization", "n")
    )
    page.object_list = [
        SchoolLine(row.uuid, row.name, row.uai, row.type, row.uses_gar, row.archived_at, counts.get(row.pk, 0))
        for row in found
    ]
    return page  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class SchoolSheet:
    school: Organization
    mailbox: str
    """Masked."""
    admins: tuple[Teammate, ...]
    members: int
    pending: int
    pupils: int
    former_pupils: int
    campaigns: int
    archived_campaigns: int
    last_import: ImportFace | None
    centre: Centre | None
    twins: tuple[str, ...]
    """Other spaces with the same UAI: the activation form refuses them all (schools 1.2)."""
    stamp: str

    @property
    def archived(self) -> bool:
        return self.school.archived_at is not None


def school_sheet(school: Organization, at: datetime) -> SchoolSheet:
    team = team_of(school)
    pupils = Pupil.objects.filter(organization=school).aggregate(
        now=Count("id", filter=Q(active=True)), former=Count("id", filter=Q(active=False))
    )
    campaigns = Campaign.objects.filter(organization=school, deleted_at=None).aggregate(
        now=Count("id", filter=Q(archived_at=None)), former=Count("id", filter=Q(archived_at__isnull=False))
    )
    twins = (
        Organization.objects.filter(uai=school.uai).exclude(pk=school.pk) if school.uai else Organization.objects.none()
    )
    return SchoolSheet(
        school,
        masked_email(school.email) if school.email else "",
        tuple(mate for mate in team if mate.role is Role.ADMIN),
        len(team),
        count_pending(school, at),
        pupils["now"],
        pupils["former"],
        campaigns["now"],
        campaigns["former"],
        last_import(school, at),
        centre_of_school(school),
        tuple(twins.order_by("id").values_list("name", flat=True)[:5]),
        settings_stamp(school),
    )
