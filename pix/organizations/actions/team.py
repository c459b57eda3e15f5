"""Who is in a team and with which role. One verb for schools and centres: their teams have the same shape.

Each verb locks the space's row first: « first person », « last administrator » and « once in the team » are then true
for everybody at once.
"""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from pix.accounts.models import User
from pix.audit.actions import record
from pix.organizations.enums import Role
from pix.organizations.models import Centre, CentreMembership, Membership, Organization
from pix.organizations.queries import centre_of_school
from pix.organizations.rules import keeps_an_admin, role_of_newcomer

Space = Organization | Centre
Row = Membership | CentreMembership


class LastAdmin(Exception):
    """A space keeps at least one administrator (schools 2.4)."""


class NotAMember(Exception):
    """Nobody of this name is in the team, or no longer."""


def lock(space: Space) -> None:
    """One change of this team at a time, until the transaction ends. A school is locked before its centre, always."""
    if isinstance(space, Organization):
        Organization.objects.select_for_update(no_key=True).get(pk=space.pk)
    else:
        Centre.objects.select_for_update(no_key=True).get(pk=space.pk)


def enter(space: Space, user: User, role: Role, *, by: User | UUID | str, at: datetime) -> Row:
    """A new active row, inside the lock of the caller; an administrator of a school administers its centre."""
    author = by if isinstance(by, User) else None
    row: Row = space.memberships.create(user=user, role=role, created_at=at, updated_at=at, updated_by=author)
    record(
        "organizations.add_member",
        at=at,
        actor=by.uuid if isinstance(by, User) else by,
        target=user.uuid,
        organization=space.uuid,
        role=role,
    )
    _follow_to_centre(space, user, role, by=by, at=at)
    return row


def set_role(space: Space, row: Row, role: Role, *, by: User | UUID | str, at: datetime) -> None:
    """Write another role on an active row, inside the lock of the caller."""
    row.role = role
    row.updated_at = at
    if isinstance(by, User):
        row.updated_by = by
    row.save(update_fields=["role", "updated_at", "updated_by"])
    record(
        "organizations.change_role",
        at=at,
        actor=by.uuid if isinstance(by, User) else by,
        target=row.user.uuid,
        organization=space.uuid,
        role=role,
    )
    _follow_to_centre(space, row.user, role, by=by, at=at)


def _follow_to_centre(space: Space, user: User, role: Role, *, by: User | UUID | str, at: datetime) -> None:
    """The administrator of an SCO school administers the centre of the same UAI; never the reverse (certification 1.2)."""
    if role is not Role.ADMIN or not isinstance(space, Organization):
        return
    centre = centre_of_school(space)
    if centre is not None:
        make_admin(centre, user, by=by, at=at)


def make_admin(centre: Centre, user: User, *, by: User | UUID | str, at: datetime) -> None:
    """Any number of times, one active row: created, or raised."""
    lock(centre)
    row = centre.memberships.filter(user=user, disabled_at=None).first()
    if row is None:
        enter(centre, user, Role.ADMIN, by=by, at=at)
    elif row.role != Role.ADMIN:
        set_role(centre, row, Role.ADMIN, by=by, at=at)


def add_member(
    *, organization: Space, user: User, role: Role | None = None, by: User | UUID | str, at: datetime
) -> Row:
    """Add a person to the team, once: a second call returns the row. First person = administrator (schools 2.1)."""
    with transaction.atomic():
        lock(organization)
        active = organization.memberships.filter(disabled_at=None)
        row = active.filter(user=user).first()
        if row is not None:
            return row
        chosen = role_of_newcomer(role, team_is_empty=not active.exists())
        return enter(organization, user, chosen, by=by, at=at)


def change_role(*, space: Space, person: UUID, role: Role, by: User, at: datetime) -> None:
    """Give another role to a colleague. Raises ``NotAMember``, ``LastAdmin``; 403 when ``by`` administers no longer."""
    with transaction.atomic():
        row = _row_to_change(space, person)
        if role is not Role.ADMIN:
            _keep_an_admin(space, row)
        _must_administer(space, by)
        if row.role != role:
            set_role(space, row, role, by=by, at=at)


def remove(*, space: Space, person: UUID, by: User, at: datetime) -> User:
    """End a colleague's membership; the row stays, dated. Raises as ``change_role``."""
    with transaction.atomic():
        row = _row_to_change(space, person)
        _keep_an_admin(space, row)
        _must_administer(space, by)
        _end(space, row, by=by, at=at, verb="organizations.remove_member")
    return row.user


def leave(*, space: Space, user: User, at: datetime) -> None:
    """End one's own membership. Raises ``NotAMember``, ``LastAdmin``."""
    with transaction.atomic():
        row = _row_to_change(space, user.uuid)
        _keep_an_admin(space, row)
        _end(space, row, by=user, at=at, verb="organizations.leave")


def _row_to_change(space: Space, person: UUID) -> Row:
    lock(space)
    row = space.memberships.filter(user__uuid=person, disabled_at=None).select_related("user").first()
    if row is None:
        raise NotAMember
    return row


def _keep_an_admin(space: Space, row: Row) -> None:
    if row.role != Role.ADMIN:
        return
    admins = space.memberships.filter(role=Role.ADMIN, disabled_at=None).values_list("user_id", flat=True)
    if not keeps_an_admin(admins, row.user_id):
        raise LastAdmin


def _must_administer(space: Space, by: User) -> None:
    """The page was opened by an administrator; by the time the lock is held, that may have changed."""
    if not space.memberships.filter(user=by, role=Role.ADMIN, disabled_at=None).exists():
        raise PermissionDenied("réservé aux administrateurs de l'espace")


def _end(space: Space, row: Row, *, by: User, at: datetime, verb: str) -> None:
    row.disabled_at = row.updated_at = at
    row.updated_by = by
    row.save(update_fields=["disabled_at", "updated_at", "updated_by"])
    record(verb, at=at, actor=by.uuid, target=row.user.uuid, organization=space.uuid)
