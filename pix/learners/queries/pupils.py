"""« Élèves » as a read model: filters, order, pages (schools 7.1 to 7.4 and 8)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import reduce
from operator import and_, or_
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import ExpressionWrapper, OrderBy
from django.db.models.lookups import Exact, IsNull

from pix.accounts.identities import GAR
from pix.accounts.models import SignInMethod
from pix.core.texts import search_key
from pix.learners.enums import Certifiability, ImportState, Method
from pix.learners.models import Pupil, PupilImport
from pix.learners.queries.certifiability import details, shown_certifiability, with_certifiability
from pix.learners.rules import name_finder
from pix.learners.rules.certifiability import Detail
from pix.organizations.models import Organization

PAGE_SIZE = 50
NO_METHOD = "none"
NO_GAR = "no_gar"


@dataclass(frozen=True, slots=True)
class PupilFilters:
    """What the address asks for. ``methods``: values of ``Method``, ``none``, ``no_gar``; several values mean « or »."""

    name: str = ""
    divisions: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    certifiability: tuple[str, ...] = ()
    sort: str = ""
    school_year: str = ""
    """An earlier year, whose pupils and classes are only shown; empty: the pupils of today."""

    @property
    def active(self) -> bool:
        return bool(self.name.strip() or self.divisions or self.methods or self.certifiability or self.school_year)


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
    """Class of the school year that is shown."""
    methods: tuple[Method, ...]
    participation_count: int
    last_participation: LastParticipation | None
    certifiability: Certifiability
    certifiable_at: datetime | None
    active: bool = True
    linked: bool = False
    """There is an account behind the pupil."""
    username: str = field(default="", repr=False)
    ine_end: str = ""
    """Three last signs of the INE, where another pupil of the list has the same names."""
    towards: Detail | None = None
    """What is reached and what is near; ``None`` when the school does not see the account's own profile."""
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class PupilList:
    total: int
    """Pupils of the school in this year, other filters aside: the figure of the title."""
    count: int
    divisions: tuple[str, ...]
    page: "Page[Any]"
    lines: tuple[PupilLine, ...]


_SORTS = {"nom": "order_key", "participations": "participation_count"}


def pupils_of(organization: Organization, filters: PupilFilters, page: int | str = 1) -> PupilList:
    """One page of 50 pupils in three statements, whatever the filters.

    The first reads key, class and names of the whole roll, a few thousand short rows: near names, the natural order of
    classes and the counts are then the same on every database. Order: the chosen sort, then name, class and id.
    """
    roll = _roll(organization, filters)
    paginator = Paginator(roll.kept, PAGE_SIZE)
    found = paginator.get_page(page)
    return PupilList(
        total=roll.total,
        count=len(roll.kept),
        divisions=tuple(sorted(roll.divisions, key=natural)),
        page=found,
        lines=_lines(organization, list(found.object_list), roll),
    )


def all_pupils_of(organization: Organization, filters: PupilFilters) -> tuple[PupilLine, ...]:
    """Every pupil that the filters keep, in the order of the list: what files and sheets hold."""
    roll = _roll(organization, filters)
    return _lines(organization, roll.kept, roll)


def classes_of(organization: Organization) -> tuple[str, ...]:
    """Distinct classes of the active pupils; French order, with numbers as numbers."""
    rows = Pupil.objects.filter(organization=organization, active=True).exclude(division="").order_by()
    return tuple(sorted(rows.values_list("division", flat=True).distinct(), key=natural))


def years_of(organization: Organization) -> tuple[str, ...]:
    """School years that an import made, the latest first."""
    rows = PupilImport.objects.filter(organization=organization, state=ImportState.IMPORTED).order_by("-school_year")
    return tuple(rows.values_list("school_year", flat=True).distinct())


def line_of(pupil: Pupil) -> PupilLine:
    """One pupil as the list shows them, with the class of today."""
    rows = with_certifiability(Pupil.objects.filter(pk=pupil.pk), pupil.organization).annotate(by_gar=_BY_GAR)
    row = rows.select_related("user").get()
    return _line(row, row.division, towards=details(pupil.organization, _accounts([row])))


@dataclass(frozen=True, slots=True)
class _Roll:
    """The whole roll in short: what was kept, in order, and what the page says of all."""

    total: int
    kept: list[int]
    divisions: frozenset[str]
    division_of: dict[int, str]
    namesakes: frozenset[int]


def _roll(organization: Organization, filters: PupilFilters) -> _Roll:
    rows = _of_year(organization, filters.school_year)
    wanted = _wanted(organization, filters)
    if wanted is not None:
        rows = rows.annotate(kept=ExpressionWrapper(wanted, output_field=BooleanField()))
    key = filters.sort.removeprefix("-")
    down = filters.sort.startswith("-")
    chosen = [OrderBy(F(_SORTS[key]), descending=down)] if key in _SORTS else []
    ordered = rows.order_by(*chosen, "order_key", "shown_division", "id")
    fields = ("pk", "shown_division", "search_key", *(("kept",) if wanted is not None else ()))
    found = list(ordered.values_list(*fields))
    named = name_finder(filters.name)
    kept = [
        one[0]
        for one in found
        if one[-1] and named(one[2]) and (not filters.divisions or one[1] in filters.divisions)
    ]  # fmt: skip
    division_of = {one[0]: one[1] for one in found}
    if key == "classe":
        ranks = {division: natural(division) for division in set(division_of.values())}
        kept.sort(key=lambda pk: ranks[division_of[pk]], reverse=down)
    times = Counter(one[2] for one in found)
    return _Roll(
        total=len(found),
        kept=kept,
        divisions=frozenset(division_of.values()) - {""},
        division_of=division_of,
        namesakes=frozenset(one[0] for one in found if times[one[2]] > 1),
    )


def _of_year(organization: Organization, school_year: str) -> QuerySet[Any]:
    rows = Pupil.objects.filter(organization=organization)
    if not school_year:
        return rows.filter(active=True).annotate(shown_division=F("division"))
    return rows.filter(enrolments__school_year=school_year).annotate(shown_division=F("enrolments__division"))


def _lines(organization: Organization, keys: list[int], roll: _Roll) -> tuple[PupilLine, ...]:
    rows = with_certifiability(Pupil.objects.filter(pk__in=keys), organization)
    rows = rows.annotate(by_gar=_BY_GAR).select_related("user").only(*_SHOWN)
    by_key = {row.pk: row for row in rows}
    towards = details(organization, _accounts(by_key.values()))
    return tuple(
        _line(by_key[key], roll.division_of[key], towards=towards, namesake=key in roll.namesakes)
        for key in keys
        if key in by_key
    )


def _accounts(rows: Iterable[Any]) -> list[int]:
    return [row.user_id for row in rows if row.active and row.user_id]


_SHOWN = (
    "uuid", "last_name", "first_name", "birth_date", "ine", "active", "provisional", "participation_count",
    "last_participation",
    "user__email", "user__username",
)  # fmt: skip
_BY_GAR = Exists(SignInMethod.objects.filter(user=OuterRef("user"), provider=GAR))


def _wanted(organization: Organization, filters: PupilFilters) -> Q | None:
    """What the database decides; ``None`` when nothing is asked of it."""
    choices: dict[str, Any] = {
        NO_METHOD: Q(user=None),
        NO_GAR: ~Q(_BY_GAR),
        Method.GAR: Q(_BY_GAR),
        Method.EMAIL: Q(user__email__isnull=False),
        Method.USERNAME: Q(user__username__isnull=False),
    }
    sides = [_any(choices[one] for one in filters.methods if one in choices)]
    if filters.certifiability:
        value, _at = shown_certifiability(organization)
        known: dict[str, Any] = {
            Certifiability.ELIGIBLE: Q(Exact(value, True)),
            Certifiability.NON_ELIGIBLE: Q(Exact(value, False)),
            Certifiability.NOT_AVAILABLE: Q(IsNull(value, True)),
        }
        sides.append(_any(known[one] for one in filters.certifiability if one in known))
    asked = [side for side in sides if side is not None]
    return reduce(and_, asked) if asked else None


def _any(choices: Iterable[Q]) -> Q | None:
    found = list(choices)
    return reduce(or_, found) if found else None


def _methods_of(pupil: Any) -> tuple[Method, ...]:
    """Every way the linked account signs in; empty without an account. Needs the annotation ``by_gar``."""
    if pupil.user is None:
        return ()
    found = {Method.GAR: pupil.by_gar, Method.EMAIL: pupil.user.email, Method.USERNAME: pupil.user.username}
    return tuple(method for method, held in found.items() if held)


def _line(row: Any, division: str, *, towards: dict[int, Detail], namesake: bool = False) -> PupilLine:
    last = row.last_participation
    value = row.shown_certifiable
    return PupilLine(
        uuid=row.uuid,
        last_name=row.last_name,
        first_name=row.first_name,
        birth_date=row.birth_date,
        division=division,
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
        active=row.active,
        linked=row.user_id is not None,
        username=(row.user.username or "") if row.user and row.active else "",
        ine_end=row.ine[-3:] if namesake else "",
        towards=towards.get(row.user_id) if value is not None else None,
        provisional=row.provisional,
    )


def natural(text: str) -> list[tuple[int, int, str]]:
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
