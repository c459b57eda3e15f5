"""Opening schools and centres; the space that a person opened last."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from pix.accounts.models import User
from pix.audit.actions import record
from pix.mailing.actions import post
from pix.organizations.actions.invitations import close
from pix.organizations.actions.team import lock, make_admin
from pix.organizations.enums import GAR, InvitationState, OrganizationType, Role, SchoolKind
from pix.organizations.models import Centre, CentreMembership, Membership, Organization
from pix.organizations.queries import settings_stamp
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


def reopen_school(*, school: Organization, by: User, reason: str, at: datetime) -> bool:
    """Undo the date of a school's end, and nothing else: its team comes back by activation, its campaigns one by one.

    False when it is open. Who may: the caller's guard (staff).
    """
    with transaction.atomic():
        lock(school)
        if not Organization.objects.filter(pk=school.pk).exclude(archived_at=None).update(archived_at=None):
            return False
        record(
            "organizations.reopen_school",
            at=at, actor=by.uuid, target=school.uuid, organization=school.uuid, reason=reason,
        )  # fmt: skip
    school.archived_at = None
    return True


class ChangedMeanwhile(Exception):
    """Somebody else corrected the school since the page was opened (409)."""


class NotManaging(Exception):
    """Only schools of the type SCO manage their pupils (schools 0)."""


def correct_school(
    *,
    school: Organization,
    email: str,
    uses_gar: bool,
    manages_pupils: bool,
    seen: str,
    notice: tuple[str, str],
    by: User,
    reason: str,
    at: datetime,
) -> bool:
    """Correct the functional mailbox and the settings of a school; the journal keeps each old and new value.

    ``seen``: ``settings_stamp`` of what the page showed. The mailbox opens the space: when it changes, the former one is
    told (``notice``: subject and text) and the invitations of administrators waiting there are cancelled. False when
    nothing changes. Who may: the caller's guard (staff). Raises ``ChangedMeanwhile``, ``NotManaging``.
    """
    with transaction.atomic():
        lock(school)
        row = Organization.objects.get(pk=school.pk)
        wanted = {
            "email": email.strip().lower(),
            "identity_provider": _provider(row.identity_provider, uses_gar),
            "manages_pupils": manages_pupils,
        }
        changes = {name: [getattr(row, name), new] for name, new in wanted.items() if getattr(row, name) != new}
        if not changes:
            return False
        if seen != settings_stamp(row):
            raise ChangedMeanwhile
        if "manages_pupils" in changes and manages_pupils and row.type != OrganizationType.SCO:
            raise NotManaging
        former = row.email
        for name, new in wanted.items():
            setattr(row, name, new)
        row.save(update_fields=list(wanted))
        if "email" in changes and former:
            waiting = row.invitations.filter(
                state=InvitationState.PENDING, email=former.strip().lower(), role=Role.ADMIN
            )
            for invitation in waiting:
                close(invitation, InvitationState.CANCELLED, at=at)
            post(kind="mailbox_changed", to=former, subject=notice[0], text=notice[1], at=at)
        record(
            "organizations.correct_school",
            at=at, actor=by.uuid, target=school.uuid, organization=school.uuid, changes=changes, reason=reason,
        )  # fmt: skip
    for name, new in wanted.items():
        setattr(school, name, new)
    return True


def _provider(present: str, uses_gar: bool) -> str:
    """Another provider than the médiacentre stays where it is."""
    if uses_gar:
        return GAR
    return "" if present == GAR else present


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
