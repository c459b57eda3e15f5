"""One person's account as the staff sees it, and the exact search that finds it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pix.accounts.identities import GAR
from pix.accounts.models import DataExport, SignInFailures, SignInMethod, User
from pix.accounts.queries import SignIn, has_second_factor, of_login, sign_ins_of
from pix.accounts.rules import masked_email, masked_username
from pix.learners.models import Pupil
from pix.organizations.enums import Role
from pix.organizations.models import CentreMembership, Membership
from pix.stewardship.enums import AccountState


@dataclass(frozen=True, slots=True)
class Found:
    """What an exact search gave. ``way``: what the text was (``login``, ``gar``, ``ine``), empty when nothing fits."""

    accounts: tuple[User, ...]
    way: str
    schools: tuple[str, ...] = ()
    """Schools that have this INE on their roll, when no account is linked to it."""


def accounts_of(text: str) -> Found:
    """The accounts that bear exactly this e-mail address, username, GAR id or INE; names and parts find nobody."""
    typed = text.strip()
    if not typed:
        return Found((), "")
    accounts = tuple(of_login(typed).order_by("pk"))
    if accounts:
        return Found(accounts, "login")
    accounts = tuple(User.objects.filter(methods__provider=GAR, methods__external_id=typed))
    if accounts:
        return Found(accounts, "gar")
    rows = Pupil.objects.filter(ine=typed.upper()).select_related("organization", "user").order_by("pk")
    people = {row.user.pk: row.user for row in rows if row.user is not None}
    schools = sorted({row.organization.name for row in rows})
    return Found(tuple(people.values()), "ine" if schools else "", () if people else tuple(schools))


@dataclass(frozen=True, slots=True)
class MethodLine:
    """A provider that vouches for the person. ``only_way``: without it nobody comes in any more."""

    provider: str
    label: str
    created_at: datetime
    last_used_at: datetime
    only_way: bool
    movable: bool


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A school or a centre where the person is."""

    name: str
    detail: str
    school: UUID | None = None


@dataclass(frozen=True, slots=True)
class AccountSheet:
    """Everything that helps somebody who writes to the staff, and nothing of what they answered."""

    uuid: UUID
    full_name: str
    email: str
    username: str
    masked_email: str
    masked_username: str
    state: AccountState
    locked_until: datetime | None
    staff: bool
    has_password: bool
    must_change_password: bool
    second_factor: bool
    methods: tuple[MethodLine, ...]
    pupil_of: tuple[PlaceLine, ...]
    teams: tuple[PlaceLine, ...]
    created_at: datetime
    last_login: datetime | None
    sign_ins: tuple[SignIn, ...]
    export_asked_at: datetime | None
    erased_at: datetime | None

    @property
    def erased(self) -> bool:
        return self.state is AccountState.ERASED


def account_sheet(user: User, at: datetime, now: datetime) -> AccountSheet:
    """``now``: real time, which sign-ins live by; ``at`` may be the clock of the demonstration."""
    failures = SignInFailures.objects.filter(user=user).first()
    export = DataExport.objects.filter(user=user).first()
    has_password = user.has_usable_password() and bool(user.email or user.username)
    return AccountSheet(
        uuid=user.uuid,
        full_name=user.full_name,
        email=user.email or "",
        username=user.username or "",
        masked_email=masked_email(user.email) if user.email else "",
        masked_username=masked_username(user.username) if user.username else "",
        state=_state(user, failures, at),
        locked_until=failures.blocked_until if failures else None,
        staff=user.is_staff,
        has_password=has_password,
        must_change_password=user.must_change_password,
        second_factor=has_second_factor(user),
        methods=_methods(user, has_password),
        pupil_of=_pupil_of(user),
        teams=_teams(user),
        created_at=user.created_at,
        last_login=user.last_login,
        sign_ins=tuple(sign_ins_of(user, None, now)),
        export_asked_at=export.requested_at if export else None,
        erased_at=user.anonymised_at,
    )


def _state(user: User, failures: SignInFailures | None, at: datetime) -> AccountState:
    if user.anonymised_at is not None:
        return AccountState.ERASED
    if not user.is_active:
        return AccountState.CLOSED
    if failures is not None and failures.blocked_at is not None:
        return AccountState.BLOCKED
    if failures is not None and failures.blocked_until is not None and failures.blocked_until > at:
        return AccountState.LOCKED
    return AccountState.OPEN


def _methods(user: User, has_password: bool) -> tuple[MethodLine, ...]:
    rows = list(SignInMethod.objects.filter(user=user).order_by("provider"))
    return tuple(
        MethodLine(
            row.provider,
            "Médiacentre (GAR)" if row.provider == GAR else row.provider.replace("oidc:", "OpenID Connect "),
            row.created_at,
            row.last_used_at,
            only_way=not has_password and len(rows) == 1,
            movable=row.provider == GAR,
        )
        for row in rows
    )


def _pupil_of(user: User) -> tuple[PlaceLine, ...]:
    rows = Pupil.objects.filter(user=user).select_related("organization").order_by("-active", "organization__name")
    return tuple(
        PlaceLine(row.organization.name, row.division if row.active else "", row.organization.uuid) for row in rows
    )


def _teams(user: User) -> tuple[PlaceLine, ...]:
    schools = Membership.objects.filter(user=user, disabled_at=None).select_related("organization")
    centres = CentreMembership.objects.filter(user=user, disabled_at=None).select_related("centre")
    return tuple(
        [
            PlaceLine(row.organization.name, Role(row.role).label, row.organization.uuid)
            for row in schools.order_by("organization__name")
        ]
        + [PlaceLine(row.centre.name, Role(row.role).label) for row in centres.order_by("centre__name")]
    )
