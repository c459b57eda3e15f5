"""Reads on schools, centres and teams."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Value
from django.utils.crypto import salted_hmac

from pix.accounts.models import User
from pix.organizations.enums import ActivationOutcome, InvitationState, OrganizationType, Role, Service
from pix.organizations.models import ActivationRequest, Centre, CentreMembership, Invitation, Membership, Organization
from pix.organizations.rules import INVITATION_LIFE


@dataclass(frozen=True, slots=True)
class Space:
    """A school or a centre that a person may open, as the switcher shows it."""

    uuid: UUID
    name: str
    uai: str
    role: Role
    last_access_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Teammate:
    user_id: int
    first_name: str
    last_name: str
    role: Role
    uuid: UUID
    left_school: bool = False
    """Certif only: administers no longer the school of the same UAI, nor is in its team."""

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True, slots=True)
class PendingInvitation:
    uuid: UUID
    email: str
    last_sent_at: datetime


@dataclass(frozen=True, slots=True)
class InvitationLink:
    """What the mail and the page of an invitation need to know of it."""

    uuid: UUID
    code: str
    email: str
    service: Service
    space: UUID
    space_name: str
    state: InvitationState


@dataclass(frozen=True, slots=True)
class ActivationLine:
    """A request as the staff reads it."""

    uuid: UUID
    created_at: datetime
    uai: str
    school: str
    applicant: str
    mailbox: str
    outcome: ActivationOutcome
    accepted_by: str
    accepted_at: datetime | None
    handled_at: datetime | None
    handled_by: str


def _recent_first(spaces: list[Space]) -> list[Space]:
    """Last opened first; the others keep their order."""
    return sorted(
        spaces, key=lambda space: space.last_access_at.timestamp() if space.last_access_at else 0.0, reverse=True
    )


def spaces_of(user: User) -> list[Space]:
    """The schools whose team this person is in, last opened first, then by name."""
    rows = (
        Membership.objects.filter(user=user, disabled_at=None, organization__archived_at=None)
        .select_related("organization")
        .order_by("organization__name", "id")
    )
    return _recent_first(
        [
            Space(
                row.organization.uuid, row.organization.name, row.organization.uai, Role(row.role), row.last_access_at
            )
            for row in rows
        ]
    )


def centres_of(user: User) -> list[Space]:
    """The certification centres whose team this person is in, last opened first, then by name."""
    rows = (
        CentreMembership.objects.filter(user=user, disabled_at=None, centre__archived_at=None)
        .select_related("centre")
        .order_by("centre__name", "id")
    )
    return _recent_first(
        [Space(row.centre.uuid, row.centre.name, row.centre.uai, Role(row.role), row.last_access_at) for row in rows]
    )


def all_spaces_of(user: User) -> tuple[list[Space], list[Space]]:
    """Schools and centres of this person in one statement, each by name: the menu that every page of a team shows."""
    shared = ("role", "last_access_at")
    schools = Membership.objects.filter(user=user, disabled_at=None, organization__archived_at=None).values_list(
        Value(Service.ORGA.value), "organization__uuid", "organization__name", "organization__uai", *shared
    )
    centres = CentreMembership.objects.filter(user=user, disabled_at=None, centre__archived_at=None).values_list(
        Value(Service.CERTIF.value), "centre__uuid", "centre__name", "centre__uai", *shared
    )
    rows = sorted(schools.union(centres, all=True), key=lambda row: (row[2].lower(), str(row[1])))
    found: dict[str, list[Space]] = {Service.ORGA.value: [], Service.CERTIF.value: []}
    for service, uuid, name, uai, role, last in rows:
        found[service].append(Space(uuid, name, uai, Role(role), last))
    return found[Service.ORGA.value], found[Service.CERTIF.value]


def team_of(space: Organization | Centre) -> list[Teammate]:
    """Active members, administrators first, then by name. Two statements for a centre, one for a school."""
    rows = space.memberships.filter(disabled_at=None).select_related("user")
    present = _in_school_of(space) if isinstance(space, Centre) else None
    team = [
        Teammate(
            row.user_id,
            row.user.first_name,
            row.user.last_name,
            Role(row.role),
            row.user.uuid,
            present is not None and row.user_id not in present,
        )
        for row in rows
    ]
    return sorted(team, key=lambda mate: (mate.role != Role.ADMIN, mate.last_name.lower(), mate.first_name.lower()))


def _in_school_of(centre: Centre) -> set[int] | None:
    """Users in the team of the school of the same UAI; ``None`` when there is no such school."""
    if not centre.uai:
        return None
    rows = list(
        Organization.objects.filter(uai=centre.uai, type=OrganizationType.SCO, archived_at=None).values_list(
            "id", "memberships__user_id", "memberships__disabled_at"
        )
    )
    return {user for _, user, disabled_at in rows if user and disabled_at is None} if rows else None


def pending_invitations(space: Organization | Centre, at: datetime) -> list[PendingInvitation]:
    """Most recently sent first."""
    rows = space.invitations.filter(state=InvitationState.PENDING, last_sent_at__gt=at - INVITATION_LIFE).order_by(
        "-last_sent_at", "-id"
    )
    return [PendingInvitation(row.uuid, row.email, row.last_sent_at) for row in rows]


def count_pending(space: Organization | Centre, at: datetime) -> int:
    return space.invitations.filter(state=InvitationState.PENDING, last_sent_at__gt=at - INVITATION_LIFE).count()


def link_of(invitation: Invitation, state: InvitationState | None = None) -> InvitationLink:
    space = invitation.space
    return InvitationLink(
        invitation.uuid,
        invitation.code,
        invitation.email,
        space.service,
        space.uuid,
        space.name,
        state or InvitationState(invitation.state),
    )


def schools_of_uai(uai: str) -> list[Organization]:
    """Schools, archived ones included, that have this UAI (made normal)."""
    kinds = [OrganizationType.SCO, OrganizationType.PRIMARY]
    return list(Organization.objects.filter(uai=uai, type__in=kinds).order_by("id")[:2])


def centre_of_school(school: Organization) -> Centre | None:
    """The centre of the same UAI; an empty UAI matches nothing."""
    if school.type != OrganizationType.SCO or not school.uai:
        return None
    return Centre.objects.filter(uai=school.uai, archived_at=None).first()


def settings_stamp(school: Organization) -> str:
    """A print of what the staff may correct: changes whenever one of these values does."""
    values = f"{school.email}|{school.identity_provider}|{school.manages_pupils}"
    return salted_hmac("pix.organizations.settings", values).hexdigest()[:20]


def activation_page(*, waiting: bool, number: int | str | None = 1, size: int = 50) -> Page[ActivationLine]:
    """Requests of the last year, newest first; ``waiting``: only those that a person must look at."""
    rows = ActivationRequest.objects.select_related("organization", "invitation__accepted_by", "handled_by")
    if waiting:
        needing = [outcome.value for outcome in ActivationOutcome if outcome.needs_staff]
        rows = rows.filter(outcome__in=needing, handled_at=None)
    page: Any = Paginator(rows.order_by("-created_at", "-id"), size).get_page(number)
    page.object_list = [_activation_line(row) for row in page.object_list]
    return page  # type: ignore[no-any-return]


def _activation_line(row: ActivationRequest) -> ActivationLine:
    accepted = row.invitation.accepted_by if row.invitation else None
    return ActivationLine(
        row.uuid,
        row.created_at,
        row.uai,
        row.organization.name if row.organization else "",
        f"{row.first_name} {row.last_name}",
        row.mailbox,
        ActivationOutcome(row.outcome),
        accepted.full_name if accepted else "",
        row.invitation.answered_at if row.invitation and accepted else None,
        row.handled_at,
        row.handled_by.full_name if row.handled_by else "",
    )
