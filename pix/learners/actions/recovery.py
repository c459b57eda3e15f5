"""Getting back an account after school: found by the INE, sent to a new address, opened by a key (schools 9.8)."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from pix.accounts.actions import BadPassword, accept_terms
from pix.accounts.actions.passwords import reset_password
from pix.accounts.enums import LegalService
from pix.accounts.models import User
from pix.accounts.rules import PASSWORD_RULE, is_good_password
from pix.audit.actions import record
from pix.learners.models import AccountRecovery, Pupil, RecoveryCounter
from pix.learners.queries.recovery import (
    RecoveryUnknown,
    address_taken,
    digest_of,
    named_pupil,
    recovered_once,
)
from pix.learners.rules import (
    SEARCHES,
    KeyState,
    RecoveryRefusal,
    Typed,
    key_state,
    recovery_refusal,
    searches_kept,
)
from pix.mailing.actions import post

KEPT = timedelta(days=30)


class TooManySearches(Exception):
    """Five searches an hour from one network address (429)."""


class RecoveryRefused(Exception):
    """The account was found and is not given back: ``refusal`` has the status."""

    def __init__(self, refusal: RecoveryRefusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


class AddressTaken(Exception):
    """An account has this address already (400)."""


class KeyClosed(Exception):
    """The link was used, or is too old: ``state`` says which."""

    def __init__(self, state: KeyState) -> None:
        super().__init__(state)
        self.state = state


@dataclass(frozen=True, slots=True)
class Letter:
    """The words of a message; the face writes them, the verb decides when and to whom they go."""

    subject: str
    text: str


def search_account(*, ine: str, first_name: str, last_name: str, birth_date: date, address: str, at: datetime) -> UUID:
    """The pupil record by which a person's account is found. ``ine`` as ``rules.ine_of`` gives it.

    ``address``: network address, counted and never kept as it is. Raises ``TooManySearches``, ``RecoveryUnknown``,
    ``RecoveryRefused``.
    """
    _count_search(address, at)
    pupil = named_pupil(ine, Typed(first_name, last_name), birth_date)
    if pupil is None or pupil.user is None:
        raise RecoveryUnknown
    _refuse(pupil.user)
    return pupil.uuid


def ask_recovery(
    *, pupil: UUID, email: str, letter: Callable[[str], Letter], notice: Letter, at: datetime
) -> AccountRecovery:
    """Send the key to the new address, and tell the old one. ``letter`` writes the message around the key.

    Raises ``RecoveryUnknown``, ``RecoveryRefused``, ``AddressTaken``.
    """
    email = email.strip().lower()
    with transaction.atomic():
        row = Pupil.objects.select_related("user", "organization").filter(uuid=pupil, user__is_active=True).first()
        if row is None or row.user is None:
            raise RecoveryUnknown
        user = row.user
        _refuse(user)
        if address_taken(email):
            raise AddressTaken
        key = secrets.token_hex(32)
        demand = AccountRecovery.objects.create(
            user=user,
            pupil=row,
            old_email=user.email or "",
            new_email=email,
            key_digest=digest_of(key),
            created_at=at,
            expires_at=at + timedelta(hours=settings.RECOVERY_HOURS),
        )
        words = letter(key)
        post(kind="account_recovery", to=email, subject=words.subject, text=words.text, at=at)
        if user.email:
            post(kind="account_recovery_notice", to=user.email, subject=notice.subject, text=notice.text, at=at)
        record("learners.ask_recovery", at=at, actor=user.uuid, target=row.uuid, organization=row.organization.uuid)
    return demand


def use_recovery(*, key: str, password: str, at: datetime) -> User:
    """Give the account its new address, confirmed, and its password; the terms are accepted now. Works once.

    Raises ``RecoveryUnknown``, ``KeyClosed``, ``RecoveryRefused``, ``AddressTaken``, ``accounts.BadPassword``.
    """
    from allauth.account.models import EmailAddress

    with transaction.atomic():
        found = AccountRecovery.objects.filter(key_digest=digest_of(key)).values_list("pk", "user_id").first()
        if found is None:
            raise RecoveryUnknown
        # The account is the lock: two keys of one person wait for each other like two uses of one key.
        user = User.objects.select_for_update().get(pk=found[1])
        demand = AccountRecovery.objects.get(pk=found[0])
        state = key_state(used=demand.used_at is not None, expires_at=demand.expires_at, at=at)
        if state is not KeyState.OPEN:
            raise KeyClosed(state)
        if not user.is_active:
            raise RecoveryUnknown
        _refuse(user)
        if not is_good_password(password):
            raise BadPassword(PASSWORD_RULE)
        if address_taken(demand.new_email, besides=user):
            raise AddressTaken
        EmailAddress.objects.filter(user=user).delete()
        user.email, user.terms_accepted_at = demand.new_email, at
        try:
            with transaction.atomic():
                user.save(update_fields=["email", "terms_accepted_at"])
        except IntegrityError as error:
            # Somebody opened an account with this address in the same instant.
            raise AddressTaken from error
        reset_password(user=user, password=password, at=at)
        accept_terms(user=user, service=LegalService.APP, at=at)
        demand.used_at = at
        demand.save(update_fields=["used_at"])
        record("learners.use_recovery", at=at, actor=user.uuid, target=demand.uuid)
    return user


def forget_recoveries(*, user: User) -> None:
    """Part of erasing a person: the demands and their addresses go. The caller's transaction and journal tell it."""
    AccountRecovery.objects.filter(user=user).delete()


def sweep_recoveries(*, at: datetime) -> None:
    """Forget the counters of more than an hour ago and, a month later, unused demands and the addresses of used ones."""
    RecoveryCounter.objects.filter(last_at__lt=at - timedelta(hours=1)).delete()
    old = at - KEPT
    AccountRecovery.objects.filter(used_at=None, expires_at__lt=old).delete()
    # What stays of a used one says that this account was given back, which happens once.
    AccountRecovery.objects.filter(used_at__lt=old).exclude(old_email="", new_email="").update(
        old_email="", new_email=""
    )


def _refuse(user: User) -> None:
    ines = Pupil.objects.filter(user=user).exclude(ine="").values_list("ine", flat=True)
    refusal = recovery_refusal(ines=set(ines), recovered=recovered_once(user))
    if refusal is not None:
        raise RecoveryRefused(refusal)


def _count_search(address: str, at: datetime) -> None:
    """Counted in the database, under a lock: the limit holds whatever the number of processes."""
    place = salted_hmac("pix.learners.recovery", address, algorithm="sha256").hexdigest()
    with transaction.atomic():
        rows = RecoveryCounter.objects.select_for_update()
        counter, _new = rows.get_or_create(place=place, defaults={"last_at": at})
        times = searches_kept(counter.times, at)
        if len(times) >= SEARCHES:
            raise TooManySearches
        counter.times, counter.last_at = [*times, at.timestamp()], at
        counter.save(update_fields=["times", "last_at"])
