"""Who may enter a school's space: the frozen actor that every page of Orga starts from."""

from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404

from pix.accounts.models import User
from pix.organizations.enums import Role
from pix.organizations.models import Membership, Organization


@dataclass(frozen=True, slots=True)
class Member:
    """A person acting in the name of a school. Every query of Orga starts from its ``organization``."""

    user: User
    organization: Organization
    role: Role

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
