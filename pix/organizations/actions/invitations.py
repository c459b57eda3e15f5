"""Inviting to a team, sending again, cancelling, accepting (schools 1.4, 1.5, 2.2, 2.3; certification 1.3)."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.crypto import constant_time_compare

from pix.accounts.actions import confirm_email, create_account
from pix.accounts.models import User
from pix.audit.actions import record
from pix.mailing.actions import post
from pix.organizations.actions.team import Row, Space, enter, lock, set_role
from pix.organizations.enums import InvitationState, InvitingProblem, JoinOutcome, Role, Service
from pix.organizations.models import Centre, Invitation, Organization
from pix.organizations.queries import InvitationLink, link_of
from pix.organizations.rules import CODE_LENGTH, CODE_SIGNS, resend_is_too_soon, role_of_newcomer, state_at


@dataclass(frozen=True, slots=True)
class Letter:
    """The words of a mail; the face writes them, since it knows the address of the site."""

    sender: str
    subject: str
    text: str


Write = Callable[[InvitationLink], Letter]


@dataclass(frozen=True, slots=True)
class Joined:
    """Where accepting led."""

    outcome: JoinOutcome
    role: Role
    link: InvitationLink


@dataclass(frozen=True, slots=True)
class Registered:
    """A new account; ``joined`` is ``None`` when its address must be proven first."""

    user: User
    joined: Joined | None


class InvitingRefused(Exception):
    """Nothing was sent; ``problems`` names each address that is in the way."""

    def __init__(self, problems: list[tuple[InvitingProblem, str]]) -> None:
        super().__init__(str(problems))
        self.problems = problems


class SpaceArchived(Exception):
    """The school or the centre is closed: nobody is invited to it any more."""


class CannotCancel(Exception):
    """Only a pending invitation can be cancelled."""


class InvitationClosed(Exception):
    """Accepted, cancelled or expired meanwhile: ``state`` says which."""

    def __init__(self, state: InvitationState, service: Service) -> None:
        super().__init__(state)
        self.state, self.service = state, service


class UnknownInvitation(Exception):
    """No invitation bears this number and this code."""


def invite(*, space: Space, emails: list[str], by: User, write: Write, at: datetime) -> int:
    """Invite these addresses (lower case, each once): all are checked before anything is sent. Gives their number.

    Raises ``InvitingRefused`` and ``SpaceArchived``; 403 when ``by`` administers no longer.
    """
    with transaction.atomic():
        lock(space)
        _must_be_open(space)
        if not space.memberships.filter(user=by, role=Role.ADMIN, disabled_at=None).exists():
            raise PermissionDenied("réservé aux administrateurs de l'espace")
        _check(space, emails)
        pending = {row.email: row for row in _pending(space, emails)}
        for email in emails:
            send(space, email, pending.get(email), role=None, by=by, write=write, at=at)
    return len(emails)


def _check(space: Space, emails: list[str]) -> None:
    problems: list[tuple[InvitingProblem, str]] = [] if emails else [(InvitingProblem.NO_ADDRESS, "")]
    for email in emails:
        try:
            validate_email(email)
        except ValidationError:
            problems.append((InvitingProblem.BAD_ADDRESS, email))
    members = set(space.memberships.filter(disabled_at=None).values_list("user__email", flat=True))
    problems += [(InvitingProblem.ALREADY_MEMBER, email) for email in emails if email in members]
    if problems:
        raise InvitingRefused(problems)


def _pending(space: Space, emails: list[str]) -> list[Invitation]:
    return list(space.invitations.filter(state=InvitationState.PENDING, email__in=emails))


def _must_be_open(space: Space) -> None:
    if type(space).objects.filter(pk=space.pk).exclude(archived_at=None).exists():
        raise SpaceArchived


def send(
    space: Space,
    email: str,
    present: Invitation | None,
    *,
    role: Role | None,
    by: User | str,
    write: Write,
    at: datetime,
) -> Invitation:
    """One invitation and its mail, inside the lock of the caller; the pending one of this address is used again."""
    if present and state_at(InvitationState(present.state), present.last_sent_at, at) is InvitationState.EXPIRED:
        close(present, InvitationState.EXPIRED, at=at)
        present = None
    if present is None:
        present = space.invitations.create(
            email=email,
            role=role or "",
            code="".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH)),
            created_at=at,
            last_sent_at=at,
        )
    else:
        present.last_sent_at = at
        present.role = role or present.role
        present.save(update_fields=["last_sent_at", "role"])
    mail(present, write=write, at=at)
    record(
        "organizations.invite",
        at=at,
        actor=by.uuid if isinstance(by, User) else by,
        target=present.uuid,
        organization=space.uuid,
    )
    return present


def mail(invitation: Invitation, *, write: Write, at: datetime) -> None:
    letter = write(link_of(invitation))
    post(kind="invitation", to=invitation.email, sender=letter.sender, subject=letter.subject, text=letter.text, at=at)


def close(invitation: Invitation, state: InvitationState, *, at: datetime, user: User | None = None) -> None:
    """Write that the invitation stopped pending."""
    invitation.state = state
    invitation.answered_at = at
    invitation.accepted_by = user
    invitation.save(update_fields=["state", "answered_at", "accepted_by"])


def resend(*, space: Space, invitation: UUID, by: User, write: Write, at: datetime) -> bool:
    """Send a pending invitation again, same code, a new year begins. False: one went a few seconds ago already.

    Raises ``InvitationClosed``, ``SpaceArchived``, ``UnknownInvitation``.
    """
    with transaction.atomic():
        lock(space)
        _must_be_open(space)
        row = _of_space(space, invitation)
        state = state_at(InvitationState(row.state), row.last_sent_at, at)
        if state is not InvitationState.PENDING:
            raise InvitationClosed(state, space.service)
        if resend_is_too_soon(row.last_sent_at, at):
            return False
        send(space, row.email, row, role=None, by=by, write=write, at=at)
    return True


def cancel(*, space: Space, invitation: UUID, by: User, at: datetime) -> None:
    """Take a pending invitation back. Raises ``CannotCancel``, ``UnknownInvitation``."""
    with transaction.atomic():
        lock(space)
        row = _of_space(space, invitation)
        if state_at(InvitationState(row.state), row.last_sent_at, at) is not InvitationState.PENDING:
            raise CannotCancel
        close(row, InvitationState.CANCELLED, at=at)
        record("organizations.cancel_invitation", at=at, actor=by.uuid, target=row.uuid, organization=space.uuid)


def _of_space(space: Space, invitation: UUID) -> Invitation:
    row = space.invitations.filter(uuid=invitation).first()
    if row is None:
        raise UnknownInvitation
    return row


def accept(*, invitation: UUID, code: str, user: User, at: datetime) -> Joined:
    """Join the team that the invitation names, in one transaction, in the order of schools 1.5.

    Raises ``UnknownInvitation`` (wrong number or code) and ``InvitationClosed``.
    """
    with transaction.atomic():
        found = Invitation.objects.filter(uuid=invitation).select_related("organization", "centre").first()
        if found is None or not constant_time_compare(found.code, code):
            raise UnknownInvitation
        space = found.space
        lock(space)
        # Read again under the lock: another tab may have accepted, an administrator cancelled.
        row = Invitation.objects.select_related("organization", "centre").get(pk=found.pk)
        space = row.space
        state = state_at(InvitationState(row.state), row.last_sent_at, at)
        if state is InvitationState.PENDING and space.archived_at is not None:
            state = InvitationState.CANCELLED
        if state is not InvitationState.PENDING:
            raise InvitationClosed(state, space.service)
        joined = _join(space, row, user, at=at)
        close(row, InvitationState.ACCEPTED, at=at, user=user)
        record("organizations.accept_invitation", at=at, actor=user.uuid, target=row.uuid, organization=space.uuid)
    return joined


def register(
    *,
    invitation: UUID,
    code: str,
    first_name: str,
    last_name: str,
    email: str,
    password: str,
    at: datetime,
) -> Registered:
    """Open an account from the page of an invitation, terms accepted there.

    With the very address that the invitation was sent to, the address is proven and the invitation accepted, all in
    one transaction. With another one the invitation waits: a mistyped address must not use it up.
    Raises ``UnknownInvitation``, ``InvitationClosed``, ``BadPassword``; ``IntegrityError`` for an address that has an account.
    """
    with transaction.atomic():
        found = Invitation.objects.filter(uuid=invitation).first()
        if found is None or not constant_time_compare(found.code, code):
            raise UnknownInvitation
        user = create_account(
            first_name=first_name, last_name=last_name, email=email, password=password, terms=True, at=at
        )
        if user.email != found.email:
            return Registered(user, None)
        confirm_email(user=user, at=at)
        return Registered(user, accept(invitation=invitation, code=code, user=user, at=at))


def _join(space: Space, invitation: Invitation, user: User, *, at: datetime) -> Joined:
    invited = Role(invitation.role) if invitation.role else None
    active = space.memberships.filter(disabled_at=None)
    member: Row | None = active.filter(user=user).select_related("user").first()
    if member is not None and (invited is None or isinstance(space, Centre)):
        outcome, role = JoinOutcome.ALREADY_MEMBER, Role(member.role)
    elif member is not None and invited is not None:
        outcome, role = JoinOutcome.ROLE_CHANGED, invited
        if not (invited is not Role.ADMIN and member.role == Role.ADMIN and _only_admin(space, user)):
            set_role(space, member, invited, by=user, at=at)
    else:
        role = role_of_newcomer(invited, team_is_empty=not active.exists())
        outcome = JoinOutcome.JOINED
        member = enter(space, user, role, by=user, at=at)
    assert member is not None
    # The space that the next sign-in opens.
    member.last_access_at = at
    member.save(update_fields=["last_access_at"])
    return Joined(outcome, role, link_of(invitation, InvitationState.ACCEPTED))


def _only_admin(space: Organization | Centre, user: User) -> bool:
    return not space.memberships.filter(role=Role.ADMIN, disabled_at=None).exclude(user=user).exists()
