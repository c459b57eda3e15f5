"""What the staff does for a person who writes to them: each act has its reason, and one line that tells it (schools 12).

Who may: the staff (the caller's guard). Each verb locks the account first, so that two of the staff who act at once act
once; it gives False when there was nothing left to do. All raise ``NoReason`` when nothing tells why.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from pix.accounts import identities
from pix.accounts.actions import passwords
from pix.accounts.identities import GAR
from pix.accounts.models import DataExport, Session, SignInMethod, User
from pix.audit.actions import record
from pix.audit.models import Event
from pix.core.texts import squeeze
from pix.learners.models import Pupil
from pix.mailing.actions import post
from pix.organizations.models import Organization
from pix.stewardship.actions import ask_export, erase_person
from pix.stewardship.queries.accounts import Found, accounts_of

REASON_LENGTH = 300
MAIL_PAUSE = timedelta(minutes=5)
"""A second mail to choose a password, asked within this time, is not sent."""


class NoReason(ValueError):
    """An act of the staff says why."""


class AccountClosed(Exception):
    """The account is erased or closed: nothing can be done for it."""


class NoAddress(Exception):
    """There is no address to write to."""


class SameAccount(Exception):
    """From an account to itself."""


class OwnAccount(Exception):
    """One's own account is not erased from here."""


class NoMethod(Exception):
    """This account has no such method."""


@dataclass(frozen=True, slots=True)
class Letter:
    """Words of a mail; only a face knows the address of the site."""

    subject: str
    text: str


def find_accounts(*, text: str, by: User, at: datetime) -> Found:
    """Search exactly, and say so in the journal: whose account was found, never what was typed."""
    found = accounts_of(text)
    targets = [str(user.uuid) for user in found.accounts]
    with transaction.atomic():
        for target in targets or [""]:
            record("stewardship.find_account", at=at, actor=by.uuid, target=target, way=found.way or "none")
    return found


def consult_account(*, account: User, by: User, at: datetime) -> None:
    """Note that somebody opened the sheet of an account."""
    record("stewardship.consult_account", at=at, actor=by.uuid, target=account.uuid)


def reveal_logins(*, account: User, by: User, at: datetime) -> None:
    """Note that somebody asked for the whole e-mail address and username."""
    record("stewardship.reveal_logins", at=at, actor=by.uuid, target=account.uuid)


def unblock_account(*, account: User, by: User, reason: str, at: datetime) -> bool:
    """Open the door that too many wrong passwords closed."""
    reason = _said(reason)
    with transaction.atomic():
        row = _locked(account)
        if not passwords.unblock(user=row, by=by, at=at):
            return False
        record("stewardship.unblock_account", at=at, actor=by.uuid, target=row.uuid, reason=reason)
    return True


def send_reset(*, account: User, by: User, reason: str, send: Callable[[User], None], at: datetime) -> bool:
    """Send the mail of « mot de passe oublié » to the account's own address; ``send`` puts it in the outbox.

    False when one left in the last minutes. Raises ``NoAddress``, ``AccountClosed``.
    """
    reason = _said(reason)
    with transaction.atomic():
        row = _locked(account)
        if not row.email:
            raise NoAddress
        sent = Event.objects.filter(target=str(row.uuid), verb="stewardship.send_reset", at__gt=at - MAIL_PAUSE)
        if sent.exists():
            return False
        send(row)
        record("stewardship.send_reset", at=at, actor=by.uuid, target=row.uuid, reason=reason)
    return True


def move_method(*, source: User, target: User, provider: str = GAR, by: User, reason: str, at: datetime) -> bool:
    """Give an identity to another account of the same person (schools 10.1); the sign-ins of the first one end.

    Raises ``SameAccount``, ``AccountClosed``, ``NoMethod``; ``identities.AlreadyIdentified`` when the other account has
    an identity of its own there.
    """
    reason = _said(reason)
    if source.pk == target.pk:
        raise SameAccount
    with transaction.atomic():
        # In one order, whoever moves what to whom: two moves that cross wait, they do not block each other.
        rows = User.objects.select_for_update().filter(pk__in=[source.pk, target.pk]).order_by("pk")
        held = {row.pk: row for row in rows}
        giver, taker = held[source.pk], held[target.pk]
        _must_be_open(taker)
        try:
            identities.move_method(provider=provider, source=giver, target=taker, by=by, at=at)
        except SignInMethod.DoesNotExist:
            if SignInMethod.objects.filter(user=taker, provider=provider).exists():
                return False
            raise NoMethod from None
        ended = Session.objects.filter(user=giver).delete()[0]
        record(
            "stewardship.move_method",
            at=at, actor=by.uuid, target=giver.uuid, to=str(taker.uuid), provider=provider, sign_ins_ended=ended,
            reason=reason,
        )  # fmt: skip
    return True


def remove_method(*, account: User, provider: str, by: User, reason: str, at: datetime) -> bool:
    """Take an identity away; the account's sign-ins end. Raises ``identities.LastMethod``: the last way in stays."""
    reason = _said(reason)
    with transaction.atomic():
        row = _locked(account)
        try:
            identities.remove_method(provider=provider, user=row, by=by, at=at)
        except SignInMethod.DoesNotExist:
            return False
        ended = Session.objects.filter(user=row).delete()[0]
        record(
            "stewardship.remove_method",
            at=at, actor=by.uuid, target=row.uuid, provider=provider, sign_ins_ended=ended, reason=reason,
        )  # fmt: skip
    return True


def unlink_pupil(*, account: User, school: Organization, by: User, reason: str, at: datetime) -> bool:
    """Take an account off a pupil's record, when it is somebody else's; the record, its results and the account stay.

    False when they are not linked. The pupil may then join with an account of their own (schools 9.2).
    """
    reason = _said(reason)
    with transaction.atomic():
        row = _locked(account)
        pupil = Pupil.objects.select_for_update().filter(organization=school, user=row).first()
        if pupil is None:
            return False
        pupil.user, pupil.updated_at = None, at
        pupil.save(update_fields=["user", "updated_at"])
        record(
            "stewardship.unlink_pupil",
            at=at, actor=by.uuid, target=row.uuid, organization=school.uuid, pupil=str(pupil.uuid), reason=reason,
        )  # fmt: skip
    return True


def start_export(*, account: User, by: User, reason: str, letter: Letter, at: datetime) -> bool:
    """Prepare the copy of a person's data for the person alone, who finds it in « Mon compte »; a mail tells them.

    False when a copy is being written already. Raises ``AccountClosed``.
    """
    reason = _said(reason)
    with transaction.atomic():
        row = _locked(account)
        if DataExport.objects.filter(user=row, ready_at=None).exists():
            return False
        ask_export(user=row, by=by.uuid, at=at)
        if row.email:
            post(kind="data_copy", to=row.email, subject=letter.subject, text=letter.text, at=at)
        record("stewardship.start_export", at=at, actor=by.uuid, target=row.uuid, reason=reason)
    return True


def erase_account(*, account: User, by: User, leaves_alone: bool, reason: str, at: datetime) -> bool:
    """Anonymise a person who asks for it. Raises ``OwnAccount``; ``LastAdmin`` as ``erase_person``."""
    reason = _said(reason)
    if account.pk == by.pk:
        raise OwnAccount
    return erase_person(user=account, by=by.uuid, leaves_alone=leaves_alone, reason=reason, at=at)


def _said(reason: str) -> str:
    said = squeeze(reason)[:REASON_LENGTH]
    if not said:
        raise NoReason
    return said


def _locked(account: User) -> User:
    row = User.objects.select_for_update().get(pk=account.pk)
    _must_be_open(row)
    return row


def _must_be_open(user: User) -> None:
    if user.anonymised_at is not None or not user.is_active:
        raise AccountClosed
