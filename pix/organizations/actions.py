"""Writes on schools and teams."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from pix.accounts.models import User
from pix.audit.actions import record
from pix.organizations.enums import OrganizationType, Role, SchoolKind
from pix.organizations.models import Membership, Organization


def open_school(
    *,
    name: str,
    uai: str,
    kind: SchoolKind,
    email: str = "",
    tags: list[str] | None = None,
    identity_provider: str = "",
    demonstration: bool = False,
    by: UUID | str = "command",
    at: datetime,
) -> Organization:
    """Create a school that imports its pupils."""
    with transaction.atomic():
        school = Organization.objects.create(
            name=name,
            type=OrganizationType.SCO,
            kind=kind,
            uai=uai.strip().upper(),
            email=email,
            manages_pupils=True,
            tags=tags or [],
            identity_provider=identity_provider,
            demonstration=demonstration,
            created_at=at,
        )
        record("organizations.open_school", at=at, actor=by, target=school.uuid, organization=school.uuid)
    return school


def add_member(
    *, organization: Organization, user: User, role: Role | None = None, by: UUID | str, at: datetime
) -> Membership:
    """Add a person to the team, once: a second call returns the row. First person = administrator (schools 2.1)."""
    with transaction.atomic():
        # The lock on the school makes « first person » true under concurrency.
        Organization.objects.select_for_update().get(pk=organization.pk)
        active = Membership.objects.filter(organization=organization, disabled_at=None)
        row = active.filter(user=user).first()
        if row is not None:
            return row
        chosen = role or (Role.MEMBER if active.exists() else Role.ADMIN)
        row = Membership.objects.create(organization=organization, user=user, role=chosen, created_at=at)
        record(
            "organizations.add_member", at=at, actor=by, target=user.uuid, organization=organization.uuid, role=chosen
        )
    return row


def remember_space(*, user: User, organization: UUID, at: datetime) -> None:
    """Note the space that was chosen, so that the next sign-in opens it."""
    Membership.objects.filter(user=user, organization__uuid=organization, disabled_at=None).update(last_access_at=at)
