"""The school's pages of its campaigns: list, activity, results, one participation. SQL aggregates only (learning 8)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Case, CharField, Count, F, IntegerField, OrderBy, QuerySet, Sum, When
from django.db.models.functions import Cast, Substr

from pix.accounts.models import User
from pix.campaigns.enums import Status
from pix.campaigns.models import Campaign, Participation, ParticipationCompetence
from pix.campaigns.queries import sets
from pix.campaigns.queries.sets import EVERYTHING, ClassChoice, Filters
from pix.campaigns.rules import BINS, Curves, Stage, cumulative, progress, reached_stage, stage_bounds, stages_of, trend
from pix.content import releases
from pix.content.bank import Bank
from pix.core import clock
from pix.core.exact import pct
from pix.core.texts import search_key
from pix.organizations.models import Organization

LIST_SIZE = 50
SIZES = (10, 25, 50, 100)
DEFAULT_SIZE = 25

# --- List of campaigns (8.1) -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CampaignFilters:
    mine: bool = True
    archived: bool = False
    search: str = ""
    owner: str = ""
    sort: str = "-creation"

    @property
    def active(self) -> bool:
        return bool(self.search or self.owner)


@dataclass(frozen=True, slots=True)
class CampaignLine:
    uuid: UUID
    name: str
    type: str
    code: str
    owner: str
    created_at: datetime
    participants: int
    received: int


@dataclass(frozen=True, slots=True)
class CampaignList:
    page: "Page[Any]"
    """Its items are ``CampaignLine``."""
    lines: tuple[CampaignLine, ...]
    first: bool
    """The school has no campaign at all: it is invited to create its first one."""


_LIST_ORDER: dict[str, tuple[str, ...]] = {
    "nom": ("search_key", "id"),
    "proprietaire": ("owner__last_name", "owner__first_name", "id"),
    "creation": ("created_at", "id"),
    "participants": ("participants_count", "id"),
    "resultats": ("shared_count", "id"),
}


def campaigns_of(organization: Organization, user: User, filters: CampaignFilters, page: int | str = 1) -> CampaignList:
    """One page of 50 campaigns with their stored counters; « Mes campagnes » are those that ``user`` owns."""
    everything = Campaign.objects.filter(organization=organization, deleted_at=None)
    rows = everything.filter(archived_at__isnull=not filters.archived)
    if filters.mine:
        rows = rows.filter(owner=user)
    for word in search_key(filters.search).split():
        rows = rows.filter(search_key__contains=word)
    if filters.owner.strip():
        rows = rows.filter(owner__in=_owners(organization, filters.owner))
    key = filters.sort.removeprefix("-")
    names = _LIST_ORDER.get(key, _LIST_ORDER["creation"])
    backwards = filters.sort.startswith("-") or key not in _LIST_ORDER
    ordered = rows.select_related("owner").order_by(*(OrderBy(F(name), descending=backwards) for name in names))
    ordered = ordered.defer("skills", "rules", "landing_text")
    found = Paginator(ordered, LIST_SIZE).get_page(page)
    lines = tuple(
        CampaignLine(
            row.uuid,
            row.name,
            row.type,
            row.code,
            row.owner.full_name,
            row.created_at,
            row.participants_count,
            row.shared_count,
        )
        for row in found
    )
    return CampaignList(found, lines, first=not lines and not everything.exists())


def _owners(organization: Organization, typed: str) -> list[int]:
    """Ids of the owners of this school's campaigns whose « first last » holds every typed word."""
    words = search_key(typed).split()
    owners = User.objects.filter(
        pk__in=Campaign.objects.filter(organization=organization, deleted_at=None).values("owner")
    )
    return [owner.pk for owner in owners if all(word in search_key(owner.full_name) for word in words)]


# --- Common to the tabs (8.2) ----------------------------------------------------------------------------------------


def received_count(campaign: Campaign) -> int:
    """n of « Résultats (n) »: pupils with a sent participation."""
    return sets.received(campaign).count()


def bank_of(campaign: Campaign) -> Bank:
    """The content that the campaign froze; today's when its release is no longer here (only names are read from it)."""
    try:
        return releases.get(campaign.release)
    except (releases.ReleaseMissing, releases.ReleaseDamaged):
        return releases.current()


class _Counted(Paginator[Any]):
    """A paginator told its count: the page's aggregates already know it."""

    def __init__(self, rows: Any, size: int, count: int) -> None:
        super().__init__(rows, size)
        self.__dict__["count"] = count


def _order(sort: str, columns: Mapping[str, tuple[str, ...]]) -> list[OrderBy]:
    """``tri=resultat`` / ``tri=-resultat``; then always by name, first name and id, so that no order is left to chance."""
    names = columns.get(sort.removeprefix("-"), ())
    asked = [OrderBy(F(name), descending=sort.startswith("-"), nulls_last=True) for name in names]
    down = sort == "-nom"
    return [*asked, OrderBy(F("pupil__order_key"), descending=down), OrderBy(F("id"), descending=down)]


# --- « Activité » (8.3) ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ParticipantLine:
    uuid: UUID
    last_name: str
    first_name: str
    division: str
    status: Status
    percent: int | None
    """Of a sent participation; what is not sent stays the pupil's own."""
    stage: int | None
    participations: int


@dataclass(frozen=True, slots=True)
class StatusShare:
    status: Status
    count: int


@dataclass(frozen=True, slots=True)
class Activity:
    total: int
    """Current participations kept by all filters: « Total de participants », and the length of the list."""
    shared: int
    statuses: tuple[StatusShare, ...]
    """The same set before the status filter, so that each share can be chosen from the chart."""
    curves: Curves
    classes: tuple[ClassChoice, ...]
    page: "Page[Any]"
    lines: tuple[ParticipantLine, ...]
    stages: tuple[Stage, ...]
    received: int
    empty: bool
    """Nobody has taken part yet, filters aside."""


def activity(
    campaign: Campaign,
    filters: Filters = EVERYTHING,
    *,
    page: int | str = 1,
    size: int = DEFAULT_SIZE,
    sort: str = "nom",
) -> Activity:
    """Cards, curves, statuses and list of participants over the current set. At most 8 statements."""
    everyone = sets.current(campaign)
    classes = sets.class_choices(everyone)
    facet = sets.filtered(everyone, campaign, filters.without(status=""), classes)
    counts = dict(facet.order_by().values_list("status").annotate(number=Count("id")))
    rows = facet.filter(status=filters.status) if filters.status else facet
    total = counts.get(filters.status, 0) if filters.status else sum(counts.values())
    shared = counts.get(Status.SHARED, 0) if filters.status in ("", Status.SHARED) else 0
    # A percentage that is not sent must not show through the order either.
    ranked = rows.annotate(
        life=Case(*(When(status=status, then=rank) for rank, status in enumerate(Status)), output_field=IntegerField()),
        sent_percent=Case(When(status=Status.SHARED, then=F("percent"))),
    )
    columns = {"statut": ("life",), "resultat": ("sent_percent",)}
    ordered = ranked.select_related("pupil").order_by(*_order(sort, columns))
    found = _Counted(ordered, size if size in SIZES else DEFAULT_SIZE, total).get_page(page)
    entries: list[Participation] = list(found.object_list)
    stages = stages_of(campaign.rules)
    thresholds = [stage.threshold for stage in stages]
    times = _participations(campaign, [row.pupil_id for row in entries])
    lines = tuple(
        ParticipantLine(
            row.uuid,
            row.pupil.last_name,
            row.pupil.first_name,
            row.pupil.division,
            Status(row.status),
            row.percent if row.status == Status.SHARED else None,
            reached_stage(thresholds, row.percent) if row.status == Status.SHARED else None,
            times[row.pupil_id],
        )
        for row in entries
    )
    return Activity(
        total=total,
        shared=shared,
        statuses=tuple(StatusShare(status, counts.get(status.value, 0)) for status in Status),
        curves=cumulative(_by_day(rows, "created_at"), _by_day(rows.exclude(shared_at=None), "shared_at")),
        classes=tuple(classes),
        page=found,
        lines=lines,
        stages=stages,
        received=received_count(campaign),
        empty=not classes,
    )


def _by_day(rows: QuerySet[Participation], field: str) -> Counter[date]:
    """Number of rows by day in Paris.

    Grouped by the UTC hour as text: both databases do it at once, where truncating in a time zone is slow on SQLite.
    """
    hours = rows.order_by().annotate(hour=Substr(Cast(field, CharField()), 1, 13)).values_list("hour")
    days: Counter[date] = Counter()
    for hour, number in hours.annotate(number=Count("id")):
        instant = datetime.strptime(hour.replace("T", " "), "%Y-%m-%d %H").replace(tzinfo=UTC)
        days[clock.paris(instant).date()] += number
    return days


def _participations(campaign: Campaign, pupils: Sequence[int]) -> Counter[int]:
    """Number of participations of these pupils, in one statement."""
    rows = sets.everyone(campaign).filter(pupil__in=pupils).order_by().values_list("pupil").annotate(n=Count("id"))
    return Counter(dict(rows))


# --- « Résultats » (8.4) ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Share:
    """One bar of the distribution."""

    label: str
    start: int
    end: int
    count: int
    rank: int | None
    """Rank of the stage; ``None`` for a bin of percentages."""

    def percent_of(self, total: int) -> int:
        return pct(self.count, total)


@dataclass(frozen=True, slots=True)
class ResultLine:
    uuid: UUID
    last_name: str
    first_name: str
    division: str
    percent: int
    validated: int
    targeted: int
    stage: int | None
    shared_at: datetime | None
    sendings: int
    trend: str
    """``up``, ``down``, ``same`` against the sending before; empty for a first one."""


@dataclass(frozen=True, slots=True)
class Results:
    received: int
    """Whole received set: n of the tab."""
    total: int
    """Kept by all filters."""
    mean: int | None
    """``pct(Σ validated, Σ targeted)`` over the kept set; ``None`` when it is empty."""
    mean_stage: int | None
    stages: tuple[Stage, ...]
    shares: tuple[Share, ...]
    """Distribution over the set before the stage filter."""
    shares_total: int
    classes: tuple[ClassChoice, ...]
    page: "Page[Any]"
    lines: tuple[ResultLine, ...]


def results(
    campaign: Campaign,
    filters: Filters = EVERYTHING,
    *,
    page: int | str = 1,
    size: int = DEFAULT_SIZE,
    sort: str = "nom",
) -> Results:
    """Mean, distribution and list over the received set. At most 5 statements."""
    everyone = sets.received(campaign)
    classes = sets.class_choices(everyone)
    facet = sets.filtered(everyone, campaign, filters.without(status="", stages=()), classes)
    # One group a percentage, 101 at most, gives mean, distribution and count at once.
    groups = list(
        facet.order_by()
        .values_list("percent")
        .annotate(number=Count("id"), mastered=Sum("validated"), asked=Sum("targeted"))
    )
    stages = stages_of(campaign.rules)
    thresholds = [stage.threshold for stage in stages]
    bounds = stage_bounds(thresholds) if stages else list(BINS)
    chosen = [bounds[rank] for rank in filters.stages if stages and 0 <= rank < len(bounds)]
    asked_for = bool(filters.stages and stages)
    kept = [group for group in groups if not asked_for or any(low <= group[0] <= high for low, high in chosen)]
    total = sum(number for _, number, _, _ in kept)
    mean = pct(sum(group[2] for group in kept), sum(group[3] for group in kept)) if total else None
    rows = sets.filtered(facet, campaign, Filters(stages=filters.stages), classes) if asked_for else facet
    ordered = rows.select_related("pupil").order_by(*_order(sort, {"resultat": ("percent",)}))
    found = _Counted(ordered, size if size in SIZES else DEFAULT_SIZE, total).get_page(page)
    entries: list[Participation] = list(found.object_list)
    sendings = _sendings(campaign, [row.pupil_id for row in entries])
    lines = []
    for row in entries:
        own = sendings[row.pupil_id]
        lines.append(
            ResultLine(
                row.uuid,
                row.pupil.last_name,
                row.pupil.first_name,
                row.pupil.division,
                row.percent,
                row.validated,
                row.targeted,
                reached_stage(thresholds, row.percent),
                row.shared_at,
                len(own),
                trend(own[0], own[1] if len(own) > 1 else None),
            )
        )
    return Results(
        received=sum(group[1] for group in groups) if not filters.active else received_count(campaign),
        total=total,
        mean=mean,
        mean_stage=reached_stage(thresholds, mean) if mean is not None else None,
        stages=stages,
        shares=tuple(
            Share(
                label=stages[rank].title if stages else f"{low} à {high} %",
                start=low,
                end=high,
                count=sum(number for percent, number, _, _ in groups if low <= percent <= high),
                rank=rank if stages else None,
            )
            for rank, (low, high) in enumerate(bounds)
        ),
        shares_total=sum(group[1] for group in groups),
        classes=tuple(classes),
        page=found,
        lines=tuple(lines),
    )


def _sendings(campaign: Campaign, pupils: Sequence[int]) -> dict[int, list[tuple[int, int]]]:
    """(validated, targeted) of each sending of these pupils, latest first, in one statement."""
    rows = (
        sets.everyone(campaign)
        .filter(pupil__in=pupils, shared_at__isnull=False)
        .order_by("-shared_at", "-id")
        .values_list("pupil", "validated", "targeted")
    )
    found: dict[int, list[tuple[int, int]]] = {}
    for pupil, validated, targeted in rows:
        found.setdefault(pupil, []).append((validated, targeted))
    return found


# --- One participation (8.6) -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CompetenceResult:
    code: str
    name: str
    area: str
    area_name: str
    validated: int
    targeted: int
    percent: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """One entry of the selector « Participation #n »."""

    uuid: UUID
    number: int
    created_at: datetime
    shared_at: datetime | None


@dataclass(frozen=True, slots=True)
class ParticipantPage:
    uuid: UUID
    last_name: str
    first_name: str
    division: str
    status: Status
    created_at: datetime
    shared_at: datetime | None
    progress: int
    percent: int | None
    validated: int
    targeted: int
    stage: int | None
    stages: tuple[Stage, ...]
    competences: tuple[CompetenceResult, ...]
    """Empty until the results are sent."""
    attempts: tuple[Attempt, ...]
    """All participations of this pupil, first one first."""
    number: int
    received: int


def participant(campaign: Campaign, participation: Participation) -> ParticipantPage:
    """One participation of a pupil; what is not sent yet is not shown. At most 3 statements."""
    attempts = tuple(
        Attempt(uuid, number, created_at, shared_at)
        for number, (uuid, created_at, shared_at) in enumerate(
            sets.everyone(campaign)
            .filter(pupil=participation.pupil_id)
            .order_by("created_at", "id")
            .values_list("uuid", "created_at", "shared_at"),
            start=1,
        )
    )
    shared = participation.status == Status.SHARED
    stages = stages_of(campaign.rules)
    return ParticipantPage(
        uuid=participation.uuid,
        last_name=participation.pupil.last_name,
        first_name=participation.pupil.first_name,
        division=participation.pupil.division,
        status=Status(participation.status),
        created_at=participation.created_at,
        shared_at=participation.shared_at,
        progress=progress(
            completed=participation.status != Status.STARTED,
            assessed=participation.assessed,
            targeted=participation.targeted or campaign.targeted,
        ),
        percent=participation.percent if shared else None,
        validated=participation.validated if shared else 0,
        targeted=participation.targeted or campaign.targeted,
        stage=reached_stage([stage.threshold for stage in stages], participation.percent) if shared else None,
        stages=stages,
        competences=_competences(campaign, participation) if shared else (),
        attempts=attempts,
        number=next((attempt.number for attempt in attempts if attempt.uuid == participation.uuid), 1),
        received=received_count(campaign),
    )


def _competences(campaign: Campaign, participation: Participation) -> tuple[CompetenceResult, ...]:
    bank = bank_of(campaign)
    order = {competence: rank for rank, competence in enumerate(bank.competences)}
    rows = sorted(
        ParticipationCompetence.objects.filter(participation=participation),
        key=lambda row: (order.get(row.competence, len(order)), row.competence),
    )
    return tuple(
        CompetenceResult(
            code=row.competence,
            name=bank.competences[row.competence].name if row.competence in bank.competences else row.competence,
            area=bank.area_of(row.competence).code if row.competence in bank.competences else "",
            area_name=bank.area_of(row.competence).name if row.competence in bank.competences else "",
            validated=row.validated,
            targeted=row.targeted,
            percent=pct(row.validated, row.targeted),
        )
        for row in rows
    )
