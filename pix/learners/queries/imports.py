"""What is known of a school's imports: the state to show, the preview, the errors in words (schools 4.2 and 4.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.db.models import Exists

from pix.core import clock
from pix.core.school_years import school_year_of
from pix.interop.messages import file_text, skip_text, text_of
from pix.interop.remedies import Finding, findings
from pix.interop.rows import LEFT, ROLL_FIELDS, FileError, Problem, RollFormat, RollRow, Skipped, Warning_
from pix.learners.enums import ImportState
from pix.learners.models import Enrolment, Pupil, PupilImport
from pix.learners.queries.undoing import effective
from pix.learners.rules import AccountFacts, AccountRecord, KnownPupil, LinkPlan, effective_state, link_accounts
from pix.organizations.models import Organization

_HEAVY = ("plan", "applied", "problems", "skipped", "warnings")
_CHUNK = 500
_TOLD_FOR = timedelta(hours=24)
"""How long « Les participants ont bien été importés. » stays on the pupils page."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What the import would change, as stored when it was computed: plain values, names included."""

    added: tuple[Mapping[str, Any], ...]
    modified: tuple[Mapping[str, Any], ...]
    leaving: tuple[Mapping[str, Any], ...]
    links_made: tuple[Mapping[str, Any], ...]
    links_removed: tuple[Mapping[str, Any], ...]
    links_refused: tuple[Mapping[str, Any], ...]
    enrolled: int
    """Known pupils without a changed field who enter the school year."""
    again: bool
    """The roll changed after the first preview: this one replaces it."""
    kept: tuple[Mapping[str, Any], ...] = ()
    """Undoing only: what changed by other means since the import, and stays."""


@dataclass(frozen=True, slots=True)
class ImportFace:
    """The last import, as its page shows it. ``state`` is read as changed by the date."""

    uuid: UUID
    state: ImportState
    stamp: str
    """Changes with whatever the page would show: what polling compares."""
    author: str
    original_name: str
    school_year: str
    encoding: str
    valid_only: bool
    created_at: datetime
    updated_at: datetime
    file_errors: tuple[str, ...]
    row_errors: tuple[str, ...]
    warnings: tuple[str, ...]
    skipped: tuple[str, ...]
    left: int
    """Of the skipped ones, those who left the school: told as a number."""
    refused: int
    counts: Mapping[str, int]
    preview: Preview | None
    digest: str
    may_keep_valid: bool
    """Only rows are wrong and the file is still there."""
    remedies: tuple[str, ...] = ()
    """How to correct the errors and the pupils left out, each way once."""
    undoes: datetime | None = None
    """Of an undoing: when the undone import ended. None for the import of a file."""


@dataclass(frozen=True, slots=True)
class Banner:
    """The one-line banner of the other pages. ``link``: words of the link to the import page, "" for none."""

    kind: str
    text: str
    link: str


@dataclass(frozen=True, slots=True)
class Notice:
    banner: Banner | None
    new_year: bool
    """No successful import yet for the present school year (schools 4.7)."""


@dataclass(frozen=True, slots=True)
class RollFacts:
    """Where a school stands with its roll."""

    pupils: int
    imported_this_year: bool
    imported_at: datetime | None
    imported_by: str
    running: bool


def paused(state: ImportState) -> bool:
    """Whether a setting holds this state back: time does not count meanwhile."""
    if state is ImportState.CHECKING:
        return not settings.IMPORT_CHECK_ENABLED
    return state is ImportState.APPLYING and not settings.IMPORT_APPLY_ENABLED


def state_of(row: PupilImport, at: datetime) -> ImportState:
    state = ImportState(row.state)
    return effective_state(state, updated_at=row.updated_at, at=at, paused=paused(state))


def last_import(organization: Organization, at: datetime) -> ImportFace | None:
    """The school's last import with everything its page shows."""
    row = (
        _rows(organization)
        .select_related("author", "undoes")
        .defer("applied", "undoes__plan", "undoes__applied")
        .first()
    )
    return None if row is None else _face(row, at)


def last_success(organization: Organization) -> tuple[datetime, str] | None:
    """When the last successful import ended, and its author's name; an undone one does not count."""
    row = effective(organization).defer(*_HEAVY).select_related("author").first()
    return (row.ended_at or row.updated_at, row.author.full_name) if row else None


def notice_of(organization: Organization, at: datetime) -> Notice:
    """The short banner and the one of the new school year, in one statement."""
    year = school_year_of(clock.today(at))
    done = effective(organization).filter(school_year=year)
    row = _rows(organization).defer(*_HEAVY).annotate(done_this_year=Exists(done)).first()
    if row is None:
        return Notice(None, new_year=True)
    return Notice(_banner(state_of(row, at), row, at), new_year=not row.done_this_year)


def banner_of(organization: Organization, at: datetime) -> Banner | None:
    """What the other pages of the school say of its last import; nothing once it is old news."""
    return notice_of(organization, at).banner


def _banner(state: ImportState, row: PupilImport, at: datetime) -> Banner | None:
    if row.undoes_id is not None:
        return _undo_banner(state, row, at)
    if state.running:
        return Banner("info", "Un import est en cours", "consulter l'état de l'import")
    if state in (ImportState.REFUSED, ImportState.FAILED, ImportState.UPLOAD_FAILED):
        return Banner("error", "Échec de l'import", "voir la page d'import")
    if state is ImportState.IMPORTED and at - row.updated_at < _TOLD_FOR:
        return Banner("success", "Les participants ont bien été importés.", "")
    return None


def _undo_banner(state: ImportState, row: PupilImport, at: datetime) -> Banner | None:
    if state.running:
        return Banner("info", "L'annulation d'un import est en cours", "consulter l'état de l'import")
    if state is ImportState.FAILED:
        return Banner("error", "Échec de l'annulation d'un import", "voir la page d'import")
    if state is ImportState.IMPORTED and at - row.updated_at < _TOLD_FOR:
        return Banner("success", "Le dernier import a été annulé.", "")
    return None


def roll_facts(organization: Organization, at: datetime) -> RollFacts:
    """For the guide of the first days and the banner of the new school year (schools 4.7)."""
    year = school_year_of(clock.today(at))
    done = last_success(organization)
    rows = PupilImport.objects.filter(organization=organization)
    running = rows.filter(state__in=[s for s in ImportState if s.running]).defer(*_HEAVY).first()
    return RollFacts(
        pupils=Pupil.objects.filter(organization=organization, active=True).count(),
        imported_this_year=effective(organization).filter(school_year=year).exists(),
        imported_at=done[0] if done else None,
        imported_by=done[1] if done else "",
        running=running is not None and state_of(running, at).running,
    )


def findings_of(row: PupilImport) -> list[Finding]:
    """All that was found in the file of an import, each with how to correct it; warnings that a plan adds included."""
    return findings(
        RollFormat(row.format),
        file_errors=[msgspec.convert(one, FileError) for one in row.file_error or []],
        problems=[msgspec.convert(one, Problem) for one in row.problems],
        skipped=[msgspec.convert(one, Skipped) for one in row.skipped],
        warnings=[msgspec.convert(one, Warning_) for one in row.warnings],
    )


def known_pupils(organization: Organization, school_year: str) -> list[KnownPupil]:
    """The whole roll of the school as an import compares it, in two statements."""
    enrolled = {
        pupil: rest
        for pupil, *rest in Enrolment.objects.filter(pupil__organization=organization, school_year=school_year)
        .values_list("pupil_id", "mef_code", "status", "division")
        .iterator(2000)
    }
    rows = Pupil.objects.filter(organization=organization).order_by("id")
    fields = ("id", "ine", "active", "provisional", *ROLL_FIELDS)
    known = []
    for values in rows.values_list(*fields).iterator(2000):
        said = dict(zip(fields, values, strict=True))
        here = [said["mef_code"], said["status"], said["division"]]
        known.append(KnownPupil(**said, enrolled=enrolled.get(said["id"]) == here))
    return known


def links_for(organization: Organization, rows: tuple[RollRow, ...]) -> LinkPlan:
    """The accounts that an import links to the pupils of its file (schools 4.6)."""
    births = {row.ine: row.birth_date for row in rows}
    found = _account_records(organization, "ine", sorted(births))
    accounts = sorted({record.account for record in found.values()})
    found |= _account_records(organization, "user_id", accounts)
    return link_accounts(births, found.values(), _facts(accounts))


def _account_records(organization: Organization, field: str, keys: list[Any]) -> dict[int, AccountRecord]:
    found = {}
    for first in range(0, len(keys), _CHUNK):
        wanted = {f"{field}__in": keys[first : first + _CHUNK]}
        rows = Pupil.objects.filter(user__isnull=False, **wanted).order_by("id")
        for key, user, ine, born, school in rows.values_list("id", "user_id", "ine", "birth_date", "organization_id"):
            assert user is not None
            found[key] = AccountRecord(user, ine, born, here=school == organization.pk, pupil=key)
    return found


def _facts(accounts: list[int]) -> dict[int, AccountFacts]:
    from pix.accounts.models import User

    facts = {}
    for first in range(0, len(accounts), _CHUNK):
        rows = User.objects.filter(pk__in=accounts[first : first + _CHUNK])
        for key, created, moved in rows.values_list("pk", "created_at", "profile__updated_at"):
            # No room below counts certifications yet: they will stand on the account.
            facts[key] = AccountFacts(certifications=0, updated_at=max(filter(None, (created, moved))))
    return facts


def _rows(organization: Organization) -> Any:
    return PupilImport.objects.filter(organization=organization).order_by("-created_at", "-id")


def _face(row: PupilImport, at: datetime) -> ImportFace:
    state = state_of(row, at)
    problems = [msgspec.convert(one, Problem) for one in row.problems]
    skipped = [msgspec.convert(one, Skipped) for one in row.skipped]
    warnings = [msgspec.convert(one, Warning_) for one in row.warnings]
    errors = [msgspec.convert(one, FileError) for one in row.file_error or []]
    refused = row.counts.get("refused", 0)
    return ImportFace(
        uuid=row.uuid,
        state=state,
        stamp=f"{state}-{int(row.updated_at.timestamp() * 1000)}",
        author=row.author.full_name,
        original_name=row.original_name,
        school_year=row.school_year,
        encoding=row.encoding,
        valid_only=row.valid_only,
        created_at=row.created_at,
        updated_at=row.ended_at or row.updated_at,
        file_errors=tuple(map(file_text, errors)),
        row_errors=tuple(map(text_of, problems)),
        warnings=tuple(map(text_of, warnings)),
        skipped=tuple(skip_text(one) for one in skipped if one.reason != LEFT),
        left=sum(one.reason == LEFT for one in skipped),
        refused=refused,
        counts=row.counts,
        preview=_preview(row.plan) if row.plan else None,
        digest=row.plan_digest,
        remedies=tuple(dict.fromkeys(one.remedy for one in findings_of(row) if one.kind != "warning")),
        undoes=row.undoes.ended_at if row.undoes else None,
        may_keep_valid=state is ImportState.REFUSED and not errors and bool(row.stored_name),
    )


def _preview(plan: Mapping[str, Any]) -> Preview:
    return Preview(
        added=tuple(plan["added"]),
        modified=tuple(plan["modified"]),
        leaving=tuple(plan["leaving"]),
        links_made=tuple(plan["links"]["made"]),
        links_removed=tuple(plan["links"]["removed"]),
        links_refused=tuple(plan["links"]["refused"]),
        enrolled=plan["enrolled"],
        again=plan["again"],
        kept=tuple(plan.get("kept", ())),
    )
