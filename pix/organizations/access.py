"""Who may enter a school's or a centre's space: the frozen actors that every page of Orga and Certif starts from."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.crypto import constant_time_compare

from pix.accounts.models import User
from pix.organizations.enums import InvitationState, Role
from pix.organizations.models import Centre, CentreMembership, Invitation, Membership, Organization
from pix.organizations.queries import InvitationLink, link_of
from pix.organizations.rules import state_at


@dataclass(frozen=True, slots=True)
class Member:
    """A person acting in the name of a school. Every query of Orga starts from its ``organization``."""

    user: User
    organization: Organization
    role: Role

    @property
    def space(self) -> Organization:
        return self.organization

    @property
    def is_admin(self) -> bool:
        return self.role is Role.ADMIN

    def must_be_admin(self) -> None:
        """Raises 403 for a plain member."""
        if not self.is_admin:
            raise PermissionDenied("réservé aux administrateurs de l'espace")


def member_of(user: User, organization: UUID) -> Member:
    """The actor for this school, in one statement. Raises 404 for a stranger, exactly as if the school did not exist."""
    row = (
        Membership.objects.filter(
            user=user, disabled_at=None, organization__uuid=organization, organization__archived_at=None
        )
        .select_related("organization")
        .first()
    )
    if row is None:
        raise Http404
    return Member(user, row.organization, Role(row.role))


@dataclass(frozen=True, slots=True)
class CentreMember:
    """A person acting in the name of a certification centre. Every query of Certif starts from its ``centre``."""

    user: User
    centre: Centre
    role: Role

    @property
    def space(self) -> Centre:
        return self.centre

    @property
    def is_admin(self) -> bool:
        return self.role is Role.ADMIN

    def must_be_admin(self) -> None:
        """Raises 403 for a plain member."""
        if not self.is_admin:
            raise PermissionDenied("réservé aux administrateurs de l'espace")


def centre_member_of(user: User, centre: UUID) -> CentreMember:
    """The actor for this centre, in one statement. Raises 404 for a stranger, exactly as if it did not exist."""
    row = (
        CentreMembership.objects.filter(user=user, disabled_at=None, centre__uuid=centre, centre__archived_at=None)
        .select_related("centre")
        .first()
    )
    if row is None:
        raise Http404
    return CentreMember(user, row.centre, Role(row.role))


def invitation_by_link(invitation: str, code: str, at: datetime) -> InvitationLink:
    """The invitation of a mail's link, whatever its state; 404 for an unknown number or a wrong code, alike."""
    try:
        number = UUID(invitation)
    except ValueError:
        raise Http404 from None
    row = Invitation.objects.filter(uuid=number).select_related("organization", "centre").first()
    if row is None or not constant_time_compare(row.code, code):
        raise Http404
    state = state_at(InvitationState(row.state), row.last_sent_at, at)
    if state is InvitationState.PENDING and row.space.archived_at is not None:
        state = InvitationState.CANCELLED
    return link_of(row, state)
