"""Reads for getting back an account after school (schools 9.8)."""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from pix.accounts.models import User
from pix.accounts.rules import masked_email
from pix.learners.models import AccountRecovery, Pupil
from pix.learners.rules import Candidate, KeyState, Typed, key_state, match_person


class RecoveryUnknown(Exception):
    """No account, or no such key (404)."""


@dataclass(frozen=True, slots=True)
class FoundAccount:
    """What is shown of an account before anything is proven: enough to recognise it, not to reach it."""

    first_name: str
    last_name: str
    username: str
    masked_email: str
    school: str


@dataclass(frozen=True, slots=True)
class Demand:
    """A key that was opened."""

    state: KeyState
    first_name: str
    email: str


def digest_of(key: str) -> str:
    """How a key is kept: 256 bits of chance need no slow hash."""
    return sha256(key.encode()).hexdigest()


def named_pupil(ine: str, typed: Typed, birth_date: date) -> Pupil | None:
    """The latest updated record with this INE, this birth date and an open account, when the names fit."""
    rows = Pupil.objects.filter(ine=ine, birth_date=birth_date, user__is_active=True)
    row = rows.select_related("user").order_by("-updated_at", "-id").first()
    if row is None:
        return None
    own = Candidate(row.pk, row.first_name, row.last_name, row.second_name, row.third_name, row.usage_name)
    return row if match_person(typed, [own]) else None


def found_account(pupil: UUID) -> FoundAccount | None:
    """The account of a record that ``search_account`` gave."""
    row = Pupil.objects.filter(uuid=pupil, user__is_active=True).select_related("user", "organization").first()
    if row is None or row.user is None:
        return None
    user = row.user
    return FoundAccount(
        user.first_name,
        user.last_name,
        user.username or "",
        masked_email(user.email) if user.email else "",
        row.organization.name,
    )


def recovered_once(user: User) -> bool:
    return AccountRecovery.objects.filter(user=user, used_at__isnull=False).exists()


def address_taken(email: str, *, besides: User | None = None) -> bool:
    """Whether an account has this address, proven or not."""
    from allauth.account.models import EmailAddress

    users = User.objects.filter(email__iexact=email)
    addresses = EmailAddress.objects.filter(email__iexact=email)
    if besides is not None:
        users, addresses = users.exclude(pk=besides.pk), addresses.exclude(user=besides)
    return users.exists() or addresses.exists()


def demand_of(key: str, at: datetime) -> Demand:
    """What a key opens at this instant. Raises ``RecoveryUnknown``."""
    row = AccountRecovery.objects.filter(key_digest=digest_of(key)).select_related("user").first()
    if row is None or not row.user.is_active:
        raise RecoveryUnknown
    state = key_state(used=row.used_at is not None, expires_at=row.expires_at, at=at)
    return Demand(state, row.user.first_name, row.new_email)
