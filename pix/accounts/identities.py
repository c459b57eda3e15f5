"""Identities that a provider vouches for: whose they are, and the writes on them (schools 10.1)."""

import hashlib
from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from pix.accounts.models import SignInMethod, SpentAssertion, User
from pix.audit.actions import record

GAR = "GAR"
SIGNED_IN_BY = "signed_in_by"
"""Key of a sign-in's own data: the provider by which the person came in, if any."""
PENDING_LIFE = timedelta(hours=1)
"""How long an identity without an account waits for its birth date (schools 12)."""


class IdentityTaken(Exception):
    """This identity is already another account's (409)."""


class AlreadyIdentified(Exception):
    """This account already has another identity at this provider (409)."""


class LastMethod(Exception):
    """Removing it would leave the account without any way in (409)."""


class AssertionReplayed(Exception):
    """This assertion was accepted once already."""


# --- an identity that waits for its account ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pending:
    """An identity that no account has yet: kept with the browser's session, on the server, never in an address."""

    provider: str
    external_id: str
    first_name: str
    last_name: str


class PendingExpired(Exception):
    """It waited for more than an hour (401): the person comes back from the médiacentre."""


_PENDING = "pending_identity"


def keep_pending(session: MutableMapping[str, Any], pending: Pending, *, at: datetime) -> None:
    """Let an identity wait in this session."""
    session[_PENDING] = {**asdict(pending), "until": (at + PENDING_LIFE).isoformat()}


def pending_of(session: Mapping[str, Any], provider: str, *, at: datetime) -> Pending | None:
    """The identity of this provider that waits here, if any. Raises ``PendingExpired``."""
    kept = session.get(_PENDING)
    if kept is None or kept["provider"] != provider:
        return None
    if datetime.fromisoformat(kept["until"]) <= at:
        raise PendingExpired
    return Pending(kept["provider"], kept["external_id"], kept["first_name"], kept["last_name"])


def drop_pending(session: MutableMapping[str, Any]) -> None:
    """It has its account, or is of no use any more."""
    session.pop(_PENDING, None)


# --- reads ------------------------------------------------------------------------------------------------------------


def owner_of(provider: str, external_id: str) -> User | None:
    """The account of an identity, closed or not."""
    row = SignInMethod.objects.filter(provider=provider, external_id=external_id).select_related("user").first()
    return row.user if row else None


def has_method(user: User, provider: str) -> bool:
    return SignInMethod.objects.filter(user=user, provider=provider).exists()


def with_method(users: Iterable[int], provider: str) -> frozenset[int]:
    """Which of these accounts (keys) have an identity at the provider, in one statement."""
    rows = SignInMethod.objects.filter(user_id__in=list(users), provider=provider)
    return frozenset(rows.values_list("user_id", flat=True))


# --- writes -----------------------------------------------------------------------------------------------------------


def spend_assertion(*, assertion: str, expires: datetime) -> None:
    """Accept an assertion once. Raises ``AssertionReplayed``, to all but one when many come at the same instant."""
    digest = hashlib.sha256(assertion.encode()).hexdigest()
    try:
        with transaction.atomic():
            SpentAssertion.objects.create(digest=digest, expires_at=expires)
    except IntegrityError as error:
        raise AssertionReplayed from error


def forget_spent_assertions(*, at: datetime) -> int:
    """Drop those that their own dates refuse by now."""
    return SpentAssertion.objects.filter(expires_at__lt=at).delete()[0]


def come_in(*, provider: str, external_id: str, first_name: str, last_name: str, at: datetime) -> User | None:
    """The account of a known identity, its names and date of use refreshed; ``None`` when nobody has it."""
    with transaction.atomic():
        rows = SignInMethod.objects.select_for_update(of=("self",)).filter(provider=provider, external_id=external_id)
        row = rows.select_related("user").first()
        if row is None:
            return None
        row.first_name, row.last_name, row.last_used_at = first_name, last_name, at
        row.save(update_fields=["first_name", "last_name", "last_used_at"])
        record("accounts.come_in", at=at, actor=row.user.uuid, target=row.user.uuid, provider=provider)
    return row.user


def open_account(
    *, provider: str, external_id: str, first_name: str, last_name: str, terms: bool = False, at: datetime
) -> User:
    """A new account that has no other way in than this identity; no terms from pupils. Raises ``IdentityTaken``."""
    with transaction.atomic():
        user = User(first_name=first_name.strip(), last_name=last_name.strip(), terms_accepted_at=at if terms else None)
        user.set_unusable_password()
        user.save()
        record("accounts.open_account", at=at, actor=user.uuid, target=user.uuid, provider=provider)
        add_method(
            user=user, provider=provider, external_id=external_id, first_name=first_name, last_name=last_name, at=at
        )
    return user


def add_method(
    *, user: User, provider: str, external_id: str, first_name: str, last_name: str, at: datetime
) -> SignInMethod:
    """Let an account be entered with this identity too. Theirs already: unchanged.

    Raises ``IdentityTaken`` when it is another account's, ``AlreadyIdentified`` when this account has another one.
    """
    try:
        with transaction.atomic():
            row = SignInMethod.objects.create(
                user=user, provider=provider, external_id=external_id, first_name=first_name, last_name=last_name,
                created_at=at, last_used_at=at,
            )  # fmt: skip
            record("accounts.add_method", at=at, actor=user.uuid, target=user.uuid, provider=provider)
    except IntegrityError as error:
        own = SignInMethod.objects.filter(user=user, provider=provider).first()
        if own is not None and own.external_id == external_id:
            return own
        if SignInMethod.objects.filter(provider=provider, external_id=external_id).exists():
            raise IdentityTaken from error
        raise AlreadyIdentified from error
    return row


def replace_identity(
    *, user: User, provider: str, external_id: str, first_name: str, last_name: str, at: datetime
) -> SignInMethod:
    """The provider knows this person under a new identifier (another school): the old one opens nothing any more.

    Raises ``IdentityTaken``; ``SignInMethod.DoesNotExist`` when the account has no identity there.
    """
    with transaction.atomic():
        row = SignInMethod.objects.select_for_update().get(user=user, provider=provider)
        row.external_id, row.first_name, row.last_name, row.last_used_at = external_id, first_name, last_name, at
        try:
            with transaction.atomic():
                row.save(update_fields=["external_id", "first_name", "last_name", "last_used_at"])
        except IntegrityError as error:
            raise IdentityTaken from error
        record("accounts.replace_identity", at=at, actor=user.uuid, target=user.uuid, provider=provider)
    return row


def move_method(*, provider: str, source: User, target: User, by: User, at: datetime) -> SignInMethod:
    """Staff: give one account's identity to another. Raises ``AlreadyIdentified``, ``SignInMethod.DoesNotExist``."""
    with transaction.atomic():
        row = SignInMethod.objects.select_for_update().get(user=source, provider=provider)
        row.user = target
        try:
            with transaction.atomic():
                row.save(update_fields=["user"])
        except IntegrityError as error:
            raise AlreadyIdentified from error
        record(
            "accounts.move_method", at=at, actor=by.uuid, target=target.uuid, provider=provider, source=str(source.uuid)
        )
    return row


def remove_method(*, provider: str, user: User, by: User, at: datetime) -> None:
    """Staff: take an identity away, if another way in remains. Raises ``LastMethod``, ``SignInMethod.DoesNotExist``."""
    with transaction.atomic():
        # The account's row is locked: two removals at once must not leave it without any way in.
        held = User.objects.select_for_update().get(pk=user.pk)
        row = SignInMethod.objects.get(user=held, provider=provider)
        password = bool(held.email or held.username) and held.has_usable_password()
        if not password and not SignInMethod.objects.filter(user=held).exclude(pk=row.pk).exists():
            raise LastMethod
        row.delete()
        record("accounts.remove_method", at=at, actor=by.uuid, target=user.uuid, provider=provider)
