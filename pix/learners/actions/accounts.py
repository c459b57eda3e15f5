"""What a team may do for the account of a pupil of its school (schools 9.6)."""

from datetime import datetime

from pix.accounts.actions import passwords
from pix.accounts.models import User
from pix.learners.actions.links import PupilNotFound
from pix.learners.models import Pupil
from pix.organizations.access import Member


class NoPasswordHere(Exception):
    """The pupil signs in through the médiacentre only: there is no password to give (403)."""


def unblock_pupil(*, pupil: Pupil, by: Member, at: datetime) -> bool:
    """Open again a door that too many wrong passwords closed; False when it was open. Any team member of the school.

    Raises ``PupilNotFound`` for a pupil of another school, or without an account.
    """
    return passwords.unblock(user=_account(pupil, by), by=by.user, at=at)


def reset_pupil_password(*, pupil: Pupil, by: Member, at: datetime) -> str:
    """A password for one use, shown once; also opens the door. Any team member of the school.

    Raises ``PupilNotFound`` as ``unblock_pupil``, ``NoPasswordHere``.
    """
    account = _account(pupil, by)
    if not (account.username or account.email):
        raise NoPasswordHere
    return passwords.give_one_time_password(user=account, by=by.user, at=at)


def _account(pupil: Pupil, by: Member) -> User:
    if pupil.organization_id != by.organization.pk or pupil.user is None:
        raise PupilNotFound
    return pupil.user
