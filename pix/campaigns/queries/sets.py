"""Which participations a page or a file speaks of, and the filters that all of them share (learning 8)."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from pix.campaigns.enums import Status
from pix.campaigns.models import Campaign, Participation
from pix.campaigns.rules import stage_bounds, stages_of
from pix.core.texts import search_key

NO_CLASS = "sans-classe"
"""Value of the filter « Sans classe »."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address of a page asks for; nothing asked = everything."""

    classes: tuple[str, ...] = ()
    """Folded classes (``class_key``), or ``NO_CLASS``."""
    status: str = ""
    stages: tuple[int, ...] = ()
    """Ranks of stages, from 0: union of their bounds."""
    search: str = ""

    @property
    def active(self) -> bool:
        return bool(self.classes or self.status or self.stages or self.search)

    def without(self, **cleared: Any) -> "Filters":
        """The same with some filters replaced: what a chart over one filter's own values is drawn from."""
        values = {"classes": self.classes, "status": self.status, "stages": self.stages, "search": self.search}
        return Filters(**(values | cleared))


EVERYTHING = Filters()


@dataclass(frozen=True, slots=True)
class ClassChoice:
    """One class of the filter; several spellings of the roll may stand behind it."""

    value: str
    label: str
    spellings: tuple[str, ...] = field(default=(), repr=False)


def class_key(division: str) -> str:
    """Classes compare without case and outer spaces; no class = ``NO_CLASS``."""
    return division.strip().casefold() or NO_CLASS


def current(campaign: Campaign) -> QuerySet[Participation]:
    """One row a pupil, the latest: « Activité »."""
    return Participation.objects.filter(campaign=campaign, superseded=False, deleted_at=None)


def received(campaign: Campaign) -> QuerySet[Participation]:
    """The latest sent participation of each pupil, even when a newer one is under way: « Résultats », means."""
    later = Participation.objects.filter(
        campaign=campaign, pupil=OuterRef("pupil"), deleted_at=None, shared_at__isnull=False
    ).filter(Q(shared_at__gt=OuterRef("shared_at")) | Q(shared_at=OuterRef("shared_at"), pk__gt=OuterRef("pk")))
    return Participation.objects.filter(campaign=campaign, deleted_at=None, shared_at__isnull=False).filter(
        ~Exists(later)
    )


def everyone(campaign: Campaign) -> QuerySet[Participation]:
    """Every participation that is not deleted: exports."""
    return Participation.objects.filter(campaign=campaign, deleted_at=None)


def class_choices(rows: QuerySet[Participation]) -> list[ClassChoice]:
    """The classes of these participations' pupils, « Sans classe » last. One statement."""
    spellings: dict[str, list[str]] = {}
    for division in rows.order_by().values_list("pupil__division", flat=True).distinct():
        spellings.setdefault(class_key(division), []).append(division)
    choices = [
        ClassChoice(key, "Sans classe" if key == NO_CLASS else min(text.strip() for text in own), tuple(own))
        for key, own in spellings.items()
    ]
    return sorted(choices, key=lambda choice: (choice.value == NO_CLASS, choice.value))


def filtered(
    rows: QuerySet[Participation], campaign: Campaign, filters: Filters, classes: list[ClassChoice]
) -> QuerySet[Participation]:
    """``rows`` kept by the filters. ``classes``: the choices of the unfiltered set."""
    if filters.classes:
        wanted = [own for choice in classes if choice.value in filters.classes for own in choice.spellings]
        rows = rows.filter(pupil__division__in=wanted)
    if filters.status:
        rows = rows.filter(status=filters.status)
    if filters.stages:
        bounds = stage_bounds([stage.threshold for stage in stages_of(campaign.rules)])
        kept = Q(pk__in=[])
        for rank in filters.stages:
            if 0 <= rank < len(bounds):
                kept |= Q(percent__range=bounds[rank])
        rows = rows.filter(kept, status=Status.SHARED)
    for word in search_key(filters.search).split():
        rows = rows.filter(Q(pupil__search_key__contains=word))
    return rows
