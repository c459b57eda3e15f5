"""What a team may do for the accounts of its pupils (schools 9.6 and 9.7)."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from pix.accounts.actions import passwords
from pix.accounts.actions.usernames import give_username
from pix.accounts.identities import GAR, has_method
from pix.accounts.models import User
from pix.accounts.queries import username_taken
from pix.audit.actions import record
from pix.learners.actions.links import PupilNotFound
from pix.learners.enums import BulkRefusal
from pix.learners.models import Pupil
from pix.learners.queries.accounts import grown_up_accounts, left_out
from pix.learners.queries.pupils import natural
from pix.learners.rules import propose_username
from pix.organizations.access import Member
from pix.organizations.models import Membership

TRIES = 5
"""Draws of a username that others took in the same instant; more would be a fault."""
_chance = random.SystemRandom()


class NoPasswordHere(Exception):
    """The pupil signs in through the médiacentre only: there is no password to give (403)."""


class UsernameHeld(Exception):
    """The account has a username already, or nothing that one could be added to (403)."""


class GrownUp(Exception):
    """The account is somebody's of a team or of the staff: a pupil's team may not enter it (403)."""


class UsernameImpossible(Exception):
    """Without a birth date no username can be made (409)."""


class BulkRefused(Exception):
    """Nothing was changed for anybody: ``refusal`` has the code and the text."""

    def __init__(self, refusal: BulkRefusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Given:
    """What is shown once and kept nowhere. ``password`` is empty when the account keeps its own."""

    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class GivenLine:
    """One line of the file to hand out."""

    division: str
    last_name: str
    first_name: str
    username: str
    password: str = field(repr=False)


def unblock_pupil(*, pupil: Pupil, by: Member, at: datetime) -> bool:
    """Open again a door that too many wrong passwords closed; False when it was open. Any team member of the school.

    Raises ``PupilNotFound`` for a pupil of another school, one who left, or without an account; ``GrownUp``.
    """
    return passwords.unblock(user=_account(pupil, by), by=by.user, at=at)


def reset_pupil_password(*, pupil: Pupil, by: Member, at: datetime) -> str:
    """A password for one use, shown once; also opens the door. Any team member of the school.

    Raises as ``unblock_pupil``; ``NoPasswordHere``.
    """
    account = _account(pupil, by)
    if not (account.username or account.email):
        raise NoPasswordHere
    return passwords.give_one_time_password(user=account, by=by.user, at=at)


def add_username(*, pupil: Pupil, by: Member, at: datetime) -> Given:
    """A username for who signs in otherwise; with a password for one use when the account has none of its own.

    Any team member of the school. Raises as ``unblock_pupil``; ``UsernameHeld``, ``UsernameImpossible``.
    """
    account = _account(pupil, by)
    drawn = None if account.has_usable_password() else passwords.draw_one_time_password()
    with transaction.atomic():
        # Two members at once: the second finds the username of the first.
        user = User.objects.select_for_update().get(pk=account.pk)
        if user.username or not (user.email or has_method(user, GAR)):
            raise UsernameHeld
        if pupil.birth_date is None:
            raise UsernameImpossible
        username = _name(pupil, user, by, at)
        given = passwords.give_one_time_password(user=user, by=by.user, at=at, drawn=drawn) if drawn else ""
    return Given(username, given)


def reset_passwords(*, pupils: Sequence[UUID], by: Member, at: datetime) -> tuple[GivenLine, ...]:
    """Passwords for one use, for all of these or for nobody; by class and name. Any team member of the school.

    Médiacentre: everyone must have a username. Elsewhere a missing username is made, and pupils without an account
    stay out. Raises ``BulkRefused``.
    """
    wanted = set(pupils)
    accounts = Pupil.objects.filter(organization=by.organization, uuid__in=wanted, user__isnull=False).count()
    drawn = [passwords.draw_one_time_password() for _ in range(accounts)]
    with transaction.atomic():
        rows = _locked(wanted, by)
        given = []
        for row in rows:
            assert row.user is not None
            username = row.user.username or _name(row, row.user, by, at)
            # An account linked since the passwords were drawn gets its own here.
            one = drawn.pop() if drawn else passwords.draw_one_time_password()
            password = passwords.give_one_time_password(user=row.user, by=by.user, at=at, drawn=one)
            given.append(GivenLine(row.division, row.last_name, row.first_name, username, password))
        record(
            "learners.reset_passwords",
            at=at,
            actor=by.user.uuid,
            organization=by.organization.uuid,
            pupils=[str(row.uuid) for row in rows],
        )
    return tuple(given)


def rename_pupil(*, pupil: Pupil, first_name: str, last_name: str, by: Member, at: datetime) -> None:
    """Correct the names that the school shows, until the next import says otherwise. Administrators.

    The account and its username keep theirs. Raises 403; ``PupilNotFound`` for a pupil of another school or who left.
    """
    by.must_be_admin()
    with transaction.atomic():
        row = Pupil.objects.select_for_update().filter(organization=by.organization, pk=pupil.pk, active=True).first()
        if row is None:
            raise PupilNotFound
        row.name(first_name=first_name, last_name=last_name)
        row.updated_at = at
        row.save(update_fields=["first_name", "last_name", "order_key", "search_key", "updated_at"])
        record("learners.rename_pupil", at=at, actor=by.user.uuid, target=row.uuid, organization=by.organization.uuid)


def _locked(wanted: set[UUID], by: Member) -> list[Pupil]:
    """The pupils to serve, with their accounts; the team, the roll and the accounts held until the end."""
    team = Membership.objects.select_for_update().filter(user=by.user, organization=by.organization, disabled_at=None)
    if team.first() is None:
        raise BulkRefused(BulkRefusal.NOT_A_TEAM_MEMBER)
    rows = Pupil.objects.select_for_update().filter(organization=by.organization, active=True, uuid__in=wanted)
    found = list(rows.order_by("pk"))
    if len(found) != len(wanted):
        raise BulkRefused(BulkRefusal.PUPIL_NOT_IN_SCHOOL)
    keys = [row.user_id for row in found if row.user_id]
    accounts = User.objects.select_for_update().filter(pk__in=keys).order_by("pk").in_bulk()
    grown_up = set(grown_up_accounts(User.objects.filter(pk__in=keys)).values_list("pk", flat=True))
    served = []
    for row in found:
        row.user = accounts.get(row.user_id or 0)
        if not left_out(row, grown_up=row.user_id in grown_up, gar=by.organization.uses_gar):
            served.append(row)
        elif by.organization.uses_gar:
            raise BulkRefused(BulkRefusal.PUPIL_WITHOUT_USERNAME)
    return sorted(served, key=lambda row: (natural(row.division), row.order_key, row.pk))


def _name(pupil: Pupil, user: User, by: Member, at: datetime) -> str:
    """Give a free username, inside the caller's transaction; somebody may take it between our look and our write."""
    assert pupil.birth_date is not None
    for left in reversed(range(TRIES)):
        username = propose_username(
            pupil.first_name, pupil.last_name, pupil.birth_date, taken=username_taken, rng=_chance
        )
        try:
            with transaction.atomic():
                give_username(user=user, username=username, by=by.user, at=at)
        except IntegrityError:
            if not left:
                raise
        else:
            return username
    raise AssertionError("unreachable")


def _account(pupil: Pupil, by: Member) -> User:
    if pupil.organization_id != by.organization.pk or not pupil.active or pupil.user is None:
        raise PupilNotFound
    if grown_up_accounts(User.objects.filter(pk=pupil.user.pk)).exists():
        raise GrownUp
    return pupil.user
