"""Writes on accounts."""

from datetime import datetime

from django.db import transaction

from pix.accounts.actions.passwords import BadPassword
from pix.accounts.actions.terms import accept_terms
from pix.accounts.enums import LegalService
from pix.accounts.models import User
from pix.accounts.queries import passkeys_of
from pix.accounts.rules import MOST_PASSKEYS, PASSWORD_RULE, is_good_password
from pix.audit.actions import record

__all__ = [
    "BadPassword",
    "accept_terms",
    "choose_language",
    "confirm_email",
    "create_account",
    "decline_second_factor",
    "keep_place_for_passkey",
    "note_second_factor",
    "see_tutorial",
]


def create_account(
    *,
    first_name: str,
    last_name: str,
    password: str,
    email: str | None = None,
    username: str | None = None,
    terms: bool = False,
    staff: bool = False,
    older_rule: bool = False,
    at: datetime,
) -> User:
    """Open an account. Raises ``BadPassword``; ``IntegrityError`` when the login was taken meanwhile.

    ``older_rule``: an account taken over from elsewhere, whose password was chosen before today's rule.
    """
    if not (older_rule or is_good_password(password)):
        raise BadPassword(PASSWORD_RULE)
    with transaction.atomic():
        user = User(
            first_name=first_name.strip(),
            last_name=last_name.strip(),
            email=email,
            username=username,
            is_staff=staff,
            terms_accepted_at=at if terms else None,
        )
        user.set_password(password)
        user.save()
        if terms:
            accept_terms(user=user, service=LegalService.APP, at=at)
        record("accounts.create_account", at=at, actor=user.uuid, target=user.uuid)
    return user


def confirm_email(*, user: User, at: datetime) -> None:
    """Note that the address is the person's own (an invitation or a message came back from it)."""
    from allauth.account.models import EmailAddress

    if user.email:
        with transaction.atomic():
            EmailAddress.objects.update_or_create(
                user=user, email=user.email, defaults={"verified": True, "primary": True}
            )
            record("accounts.confirm_email", at=at, actor=user.uuid, target=user.uuid)


def see_tutorial(*, user: User, at: datetime) -> None:
    """Remember that the cards before the first question were seen or skipped."""
    User.objects.filter(pk=user.pk, tutorial_seen_at=None).update(tutorial_seen_at=at)


def choose_language(*, user: User, language: str) -> None:
    """Remember the language that the person reads the pages in."""
    User.objects.filter(pk=user.pk).exclude(language=language).update(language=language)


def decline_second_factor(*, user: User, at: datetime) -> None:
    """Remember that the invitation to a second factor was put off."""
    User.objects.filter(pk=user.pk, second_factor_declined_at=None).update(second_factor_declined_at=at)


def keep_place_for_passkey(*, user: User) -> bool:
    """Whether one more passkey may be added, by the transaction that asks: another one waits until it is over."""
    User.objects.select_for_update().get(pk=user.pk)
    return len(passkeys_of(user)) < MOST_PASSKEYS


def note_second_factor(*, user: User, what: str, at: datetime) -> None:
    """Leave a line when a second factor came or went; the account library wrote the factor itself."""
    record(f"accounts.{what}", at=at, actor=user.uuid, target=user.uuid)
