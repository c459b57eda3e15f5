"""Reads of certifiability: what a pupil still needs, who sees it, whom the nightly job looks at (schools 8)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Case, Count, DateTimeField, Exists, F, OuterRef, Q, QuerySet, When
from django.utils.translation import get_language

from pix.accounts.models import User
from pix.assessment.engine.scoring import CERTIFIABLE_COMPETENCES, CERTIFIABLE_LEVEL, remaining
from pix.assessment.models import KnowledgeState
from pix.content import releases
from pix.learners.enums import Certifiability
from pix.learners.models import Pupil
from pix.learners.rules.certifiability import Competence, Detail, Window, detail
from pix.organizations.models import Organization

__all__ = [
    "Detail",
    "Figure",
    "details",
    "enrollable",
    "figures",
    "shown_certifiability",
    "to_look_at",
    "viewers_of",
    "with_certifiability",
]


def details(organization: Organization, user_ids: Iterable[int]) -> dict[int, Detail]:
    """Account → what it has and what it lacks, for the pupils of a page: one statement.

    Only accounts linked to an active pupil of this school, and none when the school has no automatic certifiability.
    """
    wanted = set(user_ids)
    if not wanted or not organization.auto_certifiability:
        return {}
    rows = Pupil.objects.filter(organization=organization, active=True, user__in=wanted).values_list(
        "user_id", "user__knowledge__competence", "user__knowledge__level", "user__knowledge__units"
    )
    known: dict[int, dict[str, tuple[int, int]]] = {}
    for user, competence, level, units in rows:
        profile = known.setdefault(user or 0, {})
        if competence is not None:
            profile[competence] = (level, units)
    names = _names() if any(known.values()) else {}
    return {
        user: detail(
            (
                Competence(name, profile[code][0], profile[code][1] > 0, remaining(profile[code][1]))
                for code, name in names.items()
                if code in profile
            ),
            needed=CERTIFIABLE_COMPETENCES,
            min_level=CERTIFIABLE_LEVEL,
        )
        for user, profile in known.items()
    }


def _names() -> dict[str, str]:
    """Competence → name in the language of the page, in the order of the framework."""
    english = (get_language() or "fr").startswith("en")
    return {code: one.name_en if english else one.name for code, one in releases.current().competences.items()}


def with_certifiability(rows: QuerySet[Any], organization: Organization) -> QuerySet[Any]:
    """The more recent of the last profile collection and of the account's own profile (schools 8)."""
    value, at = shown_certifiability(organization)
    annotated: QuerySet[Any] = rows.annotate(shown_certifiable=value, shown_at=at)
    return annotated


def shown_certifiability(organization: Organization) -> tuple[Any, Any]:
    """Expressions of the value and of its date. What an account does once its pupil has left is no longer this school's to see."""
    if not organization.auto_certifiability:
        return F("is_certifiable"), F("certifiable_at")
    own = Q(active=True, user__profile__isnull=False)
    newer = own & (Q(certifiable_at=None) | Q(user__profile__updated_at__gte=F("certifiable_at")))
    value = Case(
        When(newer, then=F("user__profile__certifiable")),
        default=F("is_certifiable"),
        output_field=BooleanField(null=True),
    )
    at = Case(
        When(newer, then=F("user__profile__updated_at")),
        default=F("certifiable_at"),
        output_field=DateTimeField(null=True),
    )
    return value, at


@dataclass(frozen=True, slots=True)
class Figure:
    state: Certifiability
    count: int


def figures(organization: Organization) -> tuple[Figure, ...]:
    """How many active pupils of the school are certifiable, are not, or are not known: one statement."""
    rows = with_certifiability(Pupil.objects.filter(organization=organization, active=True), organization)
    counted = dict(rows.order_by().values_list("shown_certifiable").annotate(times=Count("pk")))
    return (
        Figure(Certifiability.ELIGIBLE, counted.get(True, 0)),
        Figure(Certifiability.NON_ELIGIBLE, counted.get(False, 0)),
        Figure(Certifiability.NOT_AVAILABLE, counted.get(None, 0)),
    )


def viewers_of(user: User) -> tuple[str, ...]:
    """Names of the schools that see whether this account is certifiable, by name: what the pupil is told."""
    rows = Pupil.objects.filter(user=user, active=True, organization__archived_at=None).select_related("organization")
    return tuple(sorted({row.organization.name for row in rows if row.organization.auto_certifiability}))


def enrollable(organization: Organization) -> QuerySet[Pupil]:
    """The pupils of the school who may be enrolled in a certification: active, and not provisional."""
    return Pupil.objects.filter(organization=organization, active=True, provisional=False)


def to_look_at(window: Window | None, *, only_never: bool = False, chunk: int = 50_000) -> Iterator[list[int]]:
    """Ids of the active pupils whose account the job computes again, in chunks, by id.

    Signed in or changed in ``window``, or never computed; every linked pupil without a window.
    """
    last = 0
    while True:
        rows = list(_chosen(window, only_never=only_never).filter(pk__gt=last).order_by("pk")[:chunk])
        if rows:
            yield rows
        if len(rows) < chunk:
            return
        last = rows[-1]


def _chosen(window: Window | None, *, only_never: bool) -> QuerySet[Pupil, int]:
    rows = Pupil.objects.filter(active=True, user__isnull=False, organization__archived_at=None)
    never = Q(user__profile=None)
    if only_never:
        rows = rows.filter(never)
    elif window is not None:
        inside = {"gt": window.since, "lte": window.until}

        def within(field: str) -> Q:
            return Q(**{f"{field}__{sign}": value for sign, value in inside.items()})

        learnt = KnowledgeState.objects.filter(within("last_evidence_at"), user=OuterRef("user"))
        rows = rows.filter(never | within("user__last_login") | within("user__profile__updated_at") | Exists(learnt))
    return rows.values_list("pk", flat=True)
