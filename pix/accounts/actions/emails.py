"""Changing one's address: the password, then the code sent to the new one; the old one is told (schools 12)."""

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac

from pix.accounts.actions.passwords import check_password
from pix.accounts.models import EmailChange, User
from pix.accounts.queries import of_login
from pix.accounts.rules import EMAIL_CODE_LIFE, EMAIL_CODE_TRIES, masked_email
from pix.audit.actions import record
from pix.mailing.actions import post


class WrongPassword(Exception):
    """The present password is not this one."""


class NoAddress(Exception):
    """An account without an address has none to change."""


class EmailRefused(Exception):
    """``code`` and ``status`` as schools 12 lists them."""

    def __init__(self, code: str, status: int) -> None:
        super().__init__(code)
        self.code, self.status = code, status


TAKEN = ("ACCOUNT_WITH_EMAIL_ALREADY_EXISTS", 400)
WRONG_CODE = ("INVALID_VERIFICATION_CODE", 403)
EXPIRED = ("EXPIRED_OR_NULL_EMAIL_MODIFICATION_DEMAND", 403)


def ask_email_change(*, user: User, password: str, email: str, subject: str, text: str, at: datetime) -> None:
    """Send a code to the new address; a demand replaces the one before. ``text`` has ``{code}`` in it.

    Raises ``NoAddress``, ``WrongPassword``, ``Blocked``, ``EmailRefused``.
    """
    if not user.email:
        raise NoAddress
    if not check_password(user=user, password=password, at=at):
        raise WrongPassword
    email = email.strip().lower()
    if of_login(email).exists():
        raise EmailRefused(*TAKEN)
    code = f"{secrets.randbelow(10**6):06d}"
    with transaction.atomic():
        EmailChange.objects.update_or_create(
            user=user,
            defaults={"email": email, "code": _hashed(user, code), "tries": 0, "expires_at": at + EMAIL_CODE_LIFE},
        )
        post(kind="email_change_code", to=email, subject=subject, text=text.format(code=code), at=at)
        record("accounts.ask_email_change", at=at, actor=user.uuid, target=user.uuid)


def confirm_email_change(*, user: User, code: str, subject: str, text: str, at: datetime) -> str:
    """With the code, the new address is the person's; gives it. ``text`` tells the old one, with ``{email}`` masked.

    Raises ``EmailRefused``. Five wrong codes end the demand.
    """
    from allauth.account.models import EmailAddress

    # The try is counted before it is judged, so that many at once get no more than five.
    with transaction.atomic():
        waiting = EmailChange.objects.filter(user=user, expires_at__gte=at, tries__lt=EMAIL_CODE_TRIES)
        if not waiting.update(tries=F("tries") + 1):
            raise EmailRefused(*EXPIRED)
        change = EmailChange.objects.get(user=user)
    if not constant_time_compare(change.code, _hashed(user, code.strip())):
        raise EmailRefused(*WRONG_CODE)
    old = user.email
    try:
        with transaction.atomic():
            used, _rows = EmailChange.objects.filter(user=user, code=change.code).delete()
            if not used:
                raise EmailRefused(*EXPIRED)
            User.objects.filter(pk=user.pk).update(email=change.email)
            EmailAddress.objects.filter(user=user).delete()
            EmailAddress.objects.create(user=user, email=change.email, verified=True, primary=True)
            record("accounts.confirm_email_change", at=at, actor=user.uuid, target=user.uuid)
            if old:
                told = text.format(email=masked_email(change.email))
                post(kind="email_changed", to=old, subject=subject, text=told, at=at)
    except IntegrityError as error:
        raise EmailRefused(*TAKEN) from error
    user.email = change.email
    return change.email


def _hashed(user: User, code: str) -> str:
    return salted_hmac("pix.accounts.email_change", f"{user.pk}:{code}", algorithm="sha256").hexdigest()
