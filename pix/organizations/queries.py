"""Reads on schools and teams."""

from dataclasses import dataclass
from uuid import UUID

from pix.accounts.models import User
from pix.organizations.enums import Role
from pix.organizations.models import Membership, Organization


@dataclass(frozen=True, slots=True)
class Space:
    """A school that a person may open, as the switcher shows it."""

    uuid: UUID
    name: str
    uai: str
    role: Role


@dataclass(frozen=True, slots=True)
class Teammate:
    user_id: int
    first_name: str
    last_name: str
    role: Role


def spaces_of(user: User) -> list[Space]:
    """The schools whose team this person is in, last opened first, then by name."""
    rows = (
        Membership.objects.filter(user=user, disabled_at=None, organization__archived_at=None)
        .select_related("organization")
        .order_by("organization__name", "id")
    )
    spaces = sorted(rows, key=lambda row: row.last_access_at.timestamp() if row.last_access_at else 0.0, reverse=True)
    return [Space(row.organization.uuid, row.organization.name, row.organization.uai, Role(row.role)) for row in spaces]


def team_of(organization: Organization) -> list[Teammate]:
    """Active members, administrators first, then by name."""
    rows = Membership.objects.filter(organization=organization, disabled_at=None).select_related("user")
    team = [Teammate(row.user_id, row.user.first_name, row.user.last_name, Role(row.role)) for row in rows]
    return sorted(team, key=lambda mate: (mate.role != Role.ADMIN, mate.last_name.lower(), mate.first_name.lower()))
