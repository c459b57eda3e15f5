"""« Élèves » and one pupil's page, as read models (schools 7 and 8)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, Case, DateTimeField, Exists, F, OrderBy, OuterRef, Q, QuerySet, When

from pix.accounts.identities import GAR
from pix.accounts.models import SignInMethod
from pix.core.texts import search_key
from pix.learners.enums import Certifiability, Method
from pix.learners.models import Pupil
from pix.organizations.models import Organization

PAGE_SIZE = 50
NO_METHOD = "none"


@dataclass(frozen=True, slots=True)
class PupilFilters:
    """What the address asks for. ``methods``: values of ``Method`` and ``none``; several values mean « or »."""

    name: str = ""
    divisions: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    certifiability: tuple[str, ...] = ()
    sort: str = ""

    @property
    def active(self) -> bool:
        return bool(self.name.strip() or self.divisions or self.methods or self.certifiability)


@dataclass(frozen=True, slots=True)
class LastParticipation:
    campaign: str
    type: str
    status: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PupilLine:
    uuid: UUID
    last_name: str
    first_name: str
    birth_date: date | None
    division: str
    methods: tuple[Method, ...]
    participation_count: int
    last_participation: LastParticipation | None
    certifiability: Certifiability
    certifiable_at: datetime | None


@dataclass(frozen=True, slots=True)
class PupilList:
    total: int
    """Active pupils of the school, filters aside: the figure of the title."""
    count: int
    divisions: tuple[str, ...]
    page: "Page[Any]"
    lines: tuple[PupilLine, ...]


@dataclass(frozen=True, slots=True)
class ActivityLine:
    campaign: UUID
    name: str
    type: str
    started_at: datetime
    shared_at: datetime | None
    status: str
    participations: int


@dataclass(frozen=True, slots=True)
class PupilPage:
    pupil: PupilLine
    activity: tuple[ActivityLine, ...]
    """One line a campaign, with its last participation; latest start first."""
    figures: dict[str, dict[str, int]]
    """Type of campaign → status → number."""


_SORTS = {"nom": "order_key", "classe": "division", "participations": "participation_count"}


def pupils_of(organization: Organization, filters: PupilFilters, page: int | str = 1) -> PupilList:
    """One page of 50 active pupils, in four statements. Order: the chosen sort, then name, class and id."""
    everyone = Pupil.objects.filter(organization=organization, active=True)
    total = everyone.count()
    rows = _filtered(with_certifiability(everyone, organization), filters)
    key = filters.sort.removeprefix("-")
    chosen = [OrderBy(F(_SORTS[key]), descending=filters.sort.startswith("-"))] if key in _SORTS else []
    ordered = rows.select_related("user").order_by(*chosen, "order_key", "division", "id")
    paginator = Paginator(ordered, PAGE_SIZE)
    if not filters.active:
        paginator.__dict__["count"] = total
    found = paginator.get_page(page)
    return PupilList(
        total=total,
        count=paginator.count,
        divisions=classes_of(organization),
        page=found,
        lines=tuple(_line(row) for row in found.object_list),
    )


def classes_of(organization: Organization) -> tuple[str, ...]:
    """Distinct classes of the active pupils; French order, with numbers as numbers."""
    rows = Pupil.objects.filter(organization=organization, active=True).exclude(division="").order_by()
    return tuple(sorted(rows.values_list("division", flat=True).distinct(), key=_natural))


def pupil_page(pupil: Pupil) -> PupilPage:
    """One pupil and all their participations that still count."""
    row = with_certifiability(Pupil.objects.filter(pk=pupil.pk), pupil.organization).select_related("user").get()
    # Participations belong to the room above; its rows are reached from the pupil, nothing of it is imported.
    rows = pupil.participations.filter(deleted_at=None, campaign__deleted_at=None).select_related("campaign")
    times: Counter[UUID] = Counter()
    latest: dict[UUID, ActivityLine] = {}
    for one in rows.order_by("-superseded", "created_at", "id"):
        asked = one.campaign
        times[asked.uuid] += 1
        latest[asked.uuid] = ActivityLine(
            asked.uuid, asked.name, asked.type, one.created_at, one.shared_at, one.status, times[asked.uuid]
        )
    lines = [replace(line, participations=times[key]) for key, line in latest.items()]
    figures: dict[str, dict[str, int]] = {}
    for line in lines:
        by_status = figures.setdefault(line.type, {})
        by_status[line.status] = by_status.get(line.status, 0) + 1
    return PupilPage(_line(row), tuple(sorted(lines, key=lambda line: line.started_at, reverse=True)), figures)


def _methods_of(pupil: Any) -> tuple[Method, ...]:
    """Every way the linked account signs in; empty without an account. Needs the annotation ``by_gar``."""
    if pupil.user is None:
        return ()
    found = {Method.GAR: pupil.by_gar, Method.EMAIL: pupil.user.email, Method.USERNAME: pupil.user.username}
    return tuple(method for method, held in found.items() if held)


_BY_GAR = SignInMethod.objects.filter(user=OuterRef("user"), provider=GAR)


def with_certifiability(rows: QuerySet[Pupil], organization: Organization) -> QuerySet[Any]:
    """The more recent of the last profile collection and of the account's own profile (schools 8)."""
    rows = rows.annotate(by_gar=Exists(_BY_GAR))
    if not organization.auto_certifiability:
        return rows.annotate(shown_certifiable=F("is_certifiable"), shown_at=F("certifiable_at"))
    own = Q(user__profile__isnull=False)
    newer = own & (Q(certifiable_at=None) | Q(user__profile__updated_at__gte=F("certifiable_at")))
    return rows.annotate(
        shown_certifiable=Case(
            When(newer, then=F("user__profile__certifiable")),
            default=F("is_certifiable"),
            output_field=BooleanField(null=True),
        ),
        shown_at=Case(
            When(newer, then=F("user__profile__updated_at")),
            default=F("certifiable_at"),
            output_field=DateTimeField(null=True),
        ),
    )


def _filtered(rows: QuerySet[Any], filters: PupilFilters) -> QuerySet[Any]:
    for word in search_key(filters.name).split():
        rows = rows.filter(search_key__contains=word)
    if filters.divisions:
        rows = rows.filter(division__in=filters.divisions)
    if filters.methods:
        wanted = Q(pk__in=[])
        if NO_METHOD in filters.methods:
            wanted |= Q(user=None)
        if Method.GAR in filters.methods:
            wanted |= Q(by_gar=True)
        if Method.EMAIL in filters.methods:
            wanted |= Q(user__email__isnull=False)
        if Method.USERNAME in filters.methods:
            wanted |= Q(user__username__isnull=False)
        rows = rows.filter(wanted)
    if filters.certifiability:
        wanted = Q(pk__in=[])
        if Certifiability.NOT_AVAILABLE in filters.certifiability:
            wanted |= Q(shown_certifiable=None)
        sides = [
            Certifiability.ELIGIBLE in filters.certifiability,
            Certifiability.NON_ELIGIBLE in filters.certifiability,
        ]
        if sides[0]:
            wanted |= Q(shown_certifiable=True)
        if sides[1]:
            wanted |= Q(shown_certifiable=False)
        rows = rows.filter(wanted)
    return rows


def _line(row: Any) -> PupilLine:
    last = row.last_participation
    value = row.shown_certifiable
    return PupilLine(
        uuid=row.uuid,
        last_name=row.last_name,
        first_name=row.first_name,
        birth_date=row.birth_date,
        division=row.division,
        methods=_methods_of(row),
        participation_count=row.participation_count,
        last_participation=LastParticipation(
            last.get("name", ""), last["type"], last["status"], datetime.fromisoformat(last["at"])
        )
        if last
        else None,
        certifiability=Certifiability.NOT_AVAILABLE
        if value is None
        else Certifiability.ELIGIBLE
        if value
        else Certifiability.NON_ELIGIBLE,
        certifiable_at=row.shown_at if value is not None else None,
    )


def _natural(text: str) -> list[tuple[int, int, str]]:
    """« 3A » before « 10A »; letters without case or accents."""
    parts: list[tuple[int, int, str]] = []
    for word in _runs(search_key(text)):
        parts.append((0, int(word), "") if word.isdecimal() else (1, 0, word))
    return [*parts, (2, 0, text)]


def _runs(text: str) -> Iterable[str]:
    run = ""
    for sign in text:
        if run and run[-1].isdecimal() != sign.isdecimal():
            yield run
            run = ""
        run += sign
    if run:
        yield run
