"""Checking, choosing and giving passwords; what closes the door after too many wrong ones (schools 9.5 and 12)."""

import random
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F

from pix.accounts.models import Session, SignInFailures, User
from pix.accounts.queries import of_login
from pix.accounts.rules import PASSWORD_RULE, closes_for_good, is_good_password, lock_after, one_time_password
from pix.audit.actions import record

_chance = random.SystemRandom()


class BadPassword(ValueError):
    """The password breaks the rule; the message is for the person."""


class Blocked(Exception):
    """Too many wrong passwords: the password was not looked at. ``until`` is ``None`` when somebody must open again."""

    def __init__(self, until: datetime | None) -> None:
        self.code = "USER_IS_TEMPORARY_BLOCKED" if until else "USER_IS_BLOCKED"
        self.until = until
        super().__init__(self.code)


class PermitUsed(Exception):
    """The one-time password was changed already, or is no longer one."""


def check_login(*, login: str, password: str, at: datetime) -> User | None:
    """Whose login and password these are, closed accounts included; ``None`` when they fit nobody.

    Counts a wrong password, and forgets the count after a right one. Raises ``Blocked``.
    """
    user = of_login(login).first()
    if user is None:
        make_password(password)  # as slow as for somebody who exists
        return None
    return user if check_password(user=user, password=password, at=at) else None


def check_password(*, user: User, password: str, at: datetime) -> bool:
    """Whether this is the person's password, counted as ``check_login`` does. Raises ``Blocked``."""
    _refuse_blocked(user, at)
    if not user.check_password(password):
        _count_failure(user, at)
        return False
    # Read again: whoever tries many passwords at once learns nothing from the one that fits, once the others closed
    # the door.
    failures = _refuse_blocked(user, at)
    if failures is not None:
        failures.delete()
    return True


def _refuse_blocked(user: User, at: datetime) -> SignInFailures | None:
    """The count as it stands. Raises ``Blocked``."""
    failures = SignInFailures.objects.filter(user=user).first()
    if failures is not None and failures.blocked_at is not None:
        raise Blocked(None)
    if failures is not None and failures.blocked_until is not None and failures.blocked_until > at:
        raise Blocked(failures.blocked_until)
    return failures


def _count_failure(user: User, at: datetime) -> None:
    """One more, under the row's lock, so that two at once count two."""
    with transaction.atomic():
        SignInFailures.objects.bulk_create([SignInFailures(user=user)], ignore_conflicts=True)
        rows = SignInFailures.objects.filter(user=user)
        rows.update(count=F("count") + 1)
        failures = rows.get()
        lock = lock_after(failures.count)
        if closes_for_good(failures.count):
            if rows.filter(blocked_at=None).update(blocked_at=at, blocked_until=None):
                record("accounts.block", at=at, target=user.uuid, failures=failures.count)
        elif lock is not None:
            rows.update(blocked_until=at + lock)
            record("accounts.lock", at=at, target=user.uuid, failures=failures.count)


def unblock(*, user: User, by: User, at: datetime) -> bool:
    """Open the door again; False when it was not closed. Who may: the caller's guard (staff; a pupil's team)."""
    with transaction.atomic():
        gone, _rows = SignInFailures.objects.filter(user=user).delete()
        if gone:
            record("accounts.unblock", at=at, actor=by.uuid, target=user.uuid)
    return bool(gone)


def change_password(*, user: User, password: str, keep: str | None = None, at: datetime) -> None:
    """The person, signed in, chooses another password: the other sign-ins end, ``keep`` (its key) stays.

    Raises ``BadPassword``.
    """
    _must_be_good(password)
    with transaction.atomic():
        user.set_password(password)
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])
        _end_sign_ins(user, keep)
        SignInFailures.objects.filter(user=user).delete()
        record("accounts.change_password", at=at, actor=user.uuid, target=user.uuid)


def reset_password(*, user: User, password: str, at: datetime) -> None:
    """Choose a password with the key that came by mail: every sign-in ends, the door opens, the address is proved.

    Raises ``BadPassword``.
    """
    from pix.accounts.actions import confirm_email

    _must_be_good(password)
    with transaction.atomic():
        user.set_password(password)
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])
        _end_sign_ins(user, None)
        SignInFailures.objects.filter(user=user).delete()
        confirm_email(user=user, at=at)
        record("accounts.reset_password", at=at, actor=user.uuid, target=user.uuid)


@dataclass(frozen=True, slots=True)
class OneTimePassword:
    """A password and its hash, drawn before the transaction that gives it: hashing those of a class takes a second."""

    given: str = field(repr=False)
    hashed: str = field(repr=False)


def draw_one_time_password() -> OneTimePassword:
    """A password for one use, not given to anybody yet."""
    given = one_time_password(_chance)
    return OneTimePassword(given, make_password(given))


def give_one_time_password(*, user: User, by: User, at: datetime, drawn: OneTimePassword | None = None) -> str:
    """A password to be changed at the next sign-in, given once and kept hashed; sign-ins end, the door opens.

    Who may: the caller's guard (a pupil's team, staff).
    """
    drawn = drawn or draw_one_time_password()
    with transaction.atomic():
        user.password, user.must_change_password = drawn.hashed, True
        user.save(update_fields=["password", "must_change_password"])
        _end_sign_ins(user, None)
        SignInFailures.objects.filter(user=user).delete()
        record("accounts.give_one_time_password", at=at, actor=by.uuid, target=user.uuid)
    return drawn.given


def replace_one_time_password(*, user: User, password: str, at: datetime) -> None:
    """Use the permit that a one-time password gave, once even for two at a time. Raises ``BadPassword``, ``PermitUsed``."""
    _must_be_good(password)
    hashed = make_password(password)
    with transaction.atomic():
        waiting = User.objects.filter(pk=user.pk, must_change_password=True, password=user.password, is_active=True)
        if not waiting.update(password=hashed, must_change_password=False):
            raise PermitUsed
        record("accounts.replace_one_time_password", at=at, actor=user.uuid, target=user.uuid)
    user.password, user.must_change_password = hashed, False


def _must_be_good(password: str) -> None:
    if not is_good_password(password):
        raise BadPassword(PASSWORD_RULE)


def _end_sign_ins(user: User, keep: str | None) -> None:
    Session.objects.filter(user=user).exclude(session_key=keep or "").delete()
