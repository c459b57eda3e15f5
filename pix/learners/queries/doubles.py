"""The radar of doubles, two records side by side, and what was decided (schools 4.4, 9.2, 9.3)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from pix.accounts.identities import GAR
from pix.accounts.models import SignInMethod
from pix.learners.enums import Doubt, Method, RepairKind
from pix.learners.models import Pupil, RollRepair
from pix.learners.rules.doubles import UNDO_FOR, Pair, Record, keepable, look_alike, suspect_pairs
from pix.organizations.models import Organization

_RECORD = (
    "id", "first_name", "last_name", "birth_date", "usage_name", "ine", "provisional", "user_id", "participation_count",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A line of the radar, before its records are read: a pair, or one record whose account is shared."""

    doubt: Doubt
    exact: bool
    pupils: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RecordFace:
    """A record as it is compared."""

    uuid: UUID
    first_name: str
    other_first_names: str
    last_name: str
    usage_name: str
    birth_date: date | None
    sex: str
    ine: str
    division: str
    provisional: bool
    methods: tuple[Method, ...]
    login: str
    participations: int
    last_participation: datetime | None
    years: tuple[tuple[str, str], ...]
    """School year and class, the latest first."""
    created_at: datetime

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def has_account(self) -> bool:
        return bool(self.methods or self.login)


@dataclass(frozen=True, slots=True)
class Line:
    doubt: Doubt
    exact: bool
    records: tuple[RecordFace, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two records side by side. ``keepable``: those that a merge may keep, the better first."""

    one: RecordFace
    other: RecordFace
    doubt: Doubt | None
    keepable: tuple[UUID, ...]

    @property
    def two_accounts(self) -> bool:
        return self.one.has_account and self.other.has_account


@dataclass(frozen=True, slots=True)
class RepairFace:
    uuid: UUID
    kind: RepairKind
    names: tuple[str, ...]
    author: str
    at: datetime
    undone_at: datetime | None
    until: datetime
    """Until when it can be undone."""


def suspicions(organization: Organization) -> list[Suspicion]:
    """Everything to look at in the school, the surest first: three statements whatever the size of the roll."""
    declared = RollRepair.objects.filter(organization=organization, kind=RepairKind.DISTINCT, undone_at=None)
    distinct: set[tuple[int, int | None]] = set(declared.values_list("kept_id", "other_id"))
    pairs = suspect_pairs(_records(Pupil.objects.filter(organization=organization, active=True)), distinct)
    shared = [pupil for pupil in _shared(organization) if (pupil, None) not in distinct]
    return [
        *(Suspicion(pair.doubt, pair.exact, (pair.one, pair.other)) for pair in pairs),
        *(Suspicion(Doubt.SHARED_ACCOUNT, exact=False, pupils=(pupil,)) for pupil in shared),
    ]


def _shared(organization: Organization) -> list[int]:
    """Pupils whose account is also that of somebody with another INE, in any school."""
    elsewhere = Pupil.objects.filter(user=OuterRef("user")).exclude(ine="").exclude(ine=OuterRef("ine"))
    here = Pupil.objects.filter(organization=organization, active=True, user__isnull=False).exclude(ine="")
    return list(here.filter(Exists(elsewhere)).order_by("order_key", "id").values_list("pk", flat=True))


def lines_of(organization: Organization, found: Sequence[Suspicion]) -> tuple[Line, ...]:
    """The records of these suspicions, in two statements."""
    faces = _faces(organization, {pupil for one in found for pupil in one.pupils})
    return tuple(Line(one.doubt, one.exact, tuple(faces[pupil] for pupil in one.pupils)) for one in found)


def comparison(one: Pupil, other: Pupil) -> Comparison:
    """Two pupils of the same school side by side."""
    faces = _faces(one.organization, {one.pk, other.pk})
    pair: Pair | None = next(iter(suspect_pairs([record_of(one), record_of(other)])), None)
    uuids = {one.pk: one.uuid, other.pk: other.uuid}
    return Comparison(
        faces[one.pk],
        faces[other.pk],
        pair.doubt if pair else None,
        tuple(uuids[pk] for pk in keepable(record_of(one), record_of(other))),
    )


def alike(organization: Organization, asked: Record) -> tuple[RecordFace, ...]:
    """Active pupils of the school whom this new record may double."""
    born = Pupil.objects.filter(organization=organization, active=True, birth_date=asked.birth_date)
    found = {record.id for record in _records(born) if look_alike(record, asked)}
    return tuple(_faces(organization, found).values()) if found else ()


def provisional_of(organization: Organization) -> tuple[RecordFace, ...]:
    """The school's provisional pupils, by name."""
    rows = Pupil.objects.filter(organization=organization, active=True, provisional=True)
    return tuple(_faces(organization, set(rows.values_list("pk", flat=True))).values())


def repairs_of(organization: Organization, at: datetime) -> tuple[RepairFace, ...]:
    """What was decided in the last 30 days, the latest first."""
    rows = RollRepair.objects.filter(organization=organization, created_at__gt=at - UNDO_FOR)
    rows = rows.select_related("kept", "other", "author").order_by("-created_at", "-id")[:200]
    return tuple(
        RepairFace(
            row.uuid,
            RepairKind(row.kind),
            tuple(f"{one.first_name} {one.last_name}" for one in (row.kept, row.other) if one is not None),
            row.author.full_name,
            row.created_at,
            row.undone_at,
            row.created_at + UNDO_FOR,
        )
        for row in rows
    )


def record_of(pupil: Pupil) -> Record:
    """The record as the rules read it."""
    return Record(*(getattr(pupil, field) for field in _RECORD))


def _records(rows: Any) -> Iterable[Record]:
    return [Record(*values) for values in rows.order_by("id").values_list(*_RECORD)]


def _faces(organization: Organization, pupils: set[int]) -> dict[int, RecordFace]:
    by_gar = Exists(SignInMethod.objects.filter(user=OuterRef("user"), provider=GAR))
    rows = Pupil.objects.filter(organization=organization, pk__in=pupils).annotate(by_gar=by_gar)
    rows = rows.select_related("user").prefetch_related("enrolments").order_by("order_key", "id")
    return {row.pk: _face(row) for row in rows}


def _face(row: Any) -> RecordFace:
    user, last = row.user, row.last_participation
    held = {Method.GAR: row.by_gar, Method.EMAIL: user and user.email, Method.USERNAME: user and user.username}
    return RecordFace(
        uuid=row.uuid,
        first_name=row.first_name,
        other_first_names=", ".join(name for name in (row.second_name, row.third_name) if name),
        last_name=row.last_name,
        usage_name=row.usage_name,
        birth_date=row.birth_date,
        sex=row.sex,
        ine=row.ine,
        division=row.division,
        provisional=row.provisional,
        methods=tuple(method for method, value in held.items() if value),
        login=(user.username or user.email or "") if user else "",
        participations=row.participation_count,
        last_participation=datetime.fromisoformat(last["at"]) if last else None,
        years=tuple(
            (one.school_year, one.division)
            for one in sorted(row.enrolments.all(), key=lambda one: one.school_year, reverse=True)
        ),
        created_at=row.created_at,
    )
