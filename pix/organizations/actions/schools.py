"""Opening schools and centres; the space that a person opened last."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from pix.accounts.models import User
from pix.audit.actions import record
from pix.organizations.actions.invitations import close
from pix.organizations.actions.team import lock, make_admin
from pix.organizations.enums import InvitationState, OrganizationType, Role, SchoolKind
from pix.organizations.models import Centre, CentreMembership, Membership, Organization
from pix.organizations.rules import normal_uai


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
    """Create a school that imports its pupils, and its certification centre when its UAI has none yet."""
    with transaction.atomic():
        school = Organization.objects.create(
            name=name,
            type=OrganizationType.SCO,
            kind=kind,
            uai=normal_uai(uai),
            email=email.strip().lower(),
            manages_pupils=True,
            tags=tags or [],
            identity_provider=identity_provider,
            demonstration=demonstration,
            created_at=at,
        )
        record("organizations.open_school", at=at, actor=by, target=school.uuid, organization=school.uuid)
        if school.uai:
            open_centre(name=name, uai=school.uai, by=by, at=at)
    return school


def close_school(*, school: Organization, by: User, at: datetime) -> bool:
    """Date a school's end: pending invitations cancelled, its team's memberships ended. False when it was closed already.

    The last administrator goes too. Who may: the caller's guard (staff). Part of ``stewardship.archive_school``.
    """
    with transaction.atomic():
        lock(school)
        if not Organization.objects.filter(pk=school.pk, archived_at=None).update(archived_at=at):
            return False
        for invitation in school.invitations.filter(state=InvitationState.PENDING):
            close(invitation, InvitationState.CANCELLED, at=at)
        school.memberships.filter(disabled_at=None).update(disabled_at=at, updated_at=at, updated_by=by)
    school.archived_at = at
    return True


def open_centre(
    *, name: str, uai: str, type: OrganizationType = OrganizationType.SCO, by: UUID | str = "command", at: datetime
) -> Centre:
    """The centre of this UAI, created when there is none; the schools' administrators administer it (certification 1.2)."""
    uai = normal_uai(uai)
    with transaction.atomic():
        # The administrators of a school cannot change between the reading below and the centre's own rows.
        schools = Organization.objects.select_for_update(no_key=True).filter(
            uai=uai, type=OrganizationType.SCO, archived_at=None
        )
        found = list(schools.order_by("id")) if uai else []
        if uai:
            centre, made = Centre.objects.get_or_create(
                uai=uai, archived_at=None, defaults={"name": name, "type": type, "created_at": at}
            )
        else:
            centre, made = Centre.objects.create(name=name, type=type, created_at=at), True
        if made:
            record("organizations.open_centre", at=at, actor=by, target=centre.uuid, organization=centre.uuid)
            rows = Membership.objects.filter(organization__in=found, role=Role.ADMIN, disabled_at=None)
            for row in rows.select_related("user").order_by("id"):
                make_admin(centre, row.user, by=by, at=at)
    return centre


def remember_space(*, user: User, organization: UUID, at: datetime) -> None:
    """Note the space that was chosen, so that the next sign-in opens it."""
    Membership.objects.filter(user=user, organization__uuid=organization, disabled_at=None).update(last_access_at=at)


def remember_centre(*, user: User, centre: UUID, at: datetime) -> None:
    """The same for a certification centre."""
    CentreMembership.objects.filter(user=user, centre__uuid=centre, disabled_at=None).update(last_access_at=at)
