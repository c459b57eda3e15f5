"""Reads on accounts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Lower
from django.db.models.lookups import Exact
from django.utils.crypto import salted_hmac

from pix.accounts.enums import LegalService, TermsStatus
from pix.accounts.models import DataExport, EmailChange, LegalAcceptance, LegalDocument, Session, User
from pix.accounts.rules import device_of, terms_status


def username_taken(username: str) -> bool:
    return User.objects.filter(username__iexact=username).exists()


def of_login(login: str) -> QuerySet[User]:
    """The account of an e-mail address or a username, whatever the case, open or closed; through the two indexes."""
    typed = login.strip().lower()
    return User.objects.filter(Q(Exact(Lower("email"), typed)) | Q(Exact(Lower("username"), typed)))


def user_by_login(login: str) -> User | None:
    """The open account of an e-mail address or a username, whatever the case."""
    return of_login(login).filter(is_active=True).first()


def document_in_force(service: str, at: datetime) -> LegalDocument | None:
    return LegalDocument.objects.filter(service=service, version_at__lte=at).order_by("-version_at").first()


@dataclass(frozen=True, slots=True)
class Terms:
    """Where a person stands with the terms of one service."""

    service: LegalService
    status: TermsStatus
    version: datetime | None
    accepted_at: datetime | None

    @property
    def owed(self) -> bool:
        return self.status in (TermsStatus.REQUESTED, TermsStatus.UPDATE_REQUESTED)


def terms_of(user: User, service: LegalService, at: datetime, *, exempt: bool = False) -> Terms:
    """``exempt``: a pupil of a managing school, in the personal space (schools 3.2)."""
    current = document_in_force(service, at)
    accepted = LegalAcceptance.objects.filter(user=user, document__service=service).aggregate(
        version=Max("document__version_at"), at=Max("accepted_at")
    )
    version = current.version_at if current else None
    status = terms_status(current=version, accepted=accepted["version"], exempt=exempt)
    return Terms(service, status, version, accepted["at"])


def owes(service: LegalService, user: str, at: datetime) -> Any:
    """An expression for a query that has the person's id in the column ``user``: the terms in force are not accepted."""
    newest = LegalDocument.objects.filter(service=service, version_at__lte=at).order_by("-version_at").values("pk")[:1]
    accepted = LegalAcceptance.objects.filter(user=OuterRef(OuterRef(user)), document=OuterRef("pk"))
    return Exists(LegalDocument.objects.filter(~Exists(accepted), pk=Subquery(newest)))


def owes_terms(user: User, service: LegalService, at: datetime) -> bool:
    """Whether the terms in force wait for this person; read with the sign-in, hence without a statement of its own."""
    owed: dict[str, bool] | None = getattr(user, "owed_terms", None)
    return owed[service] if owed is not None else terms_of(user, service, at).owed


@dataclass(frozen=True, slots=True)
class SignIn:
    """An open sign-in as its owner sees it. ``ref`` names it without giving its key away."""

    ref: str
    browser: str
    system: str
    first_seen: datetime
    last_seen: datetime
    current: bool


def session_ref(key: str) -> str:
    return salted_hmac("pix.accounts.session", key).hexdigest()[:20]


def sign_ins_of(user: User, current: str | None, at: datetime) -> list[SignIn]:
    """The person's open sign-ins, this one first, then the last used. ``current``: key of the sign-in that asks."""
    rows = Session.objects.filter(user=user, expire_date__gt=at).order_by("-seen_at", "session_key")
    found = [
        SignIn(
            session_ref(row.session_key),
            *device_of(row.agent),
            row.created_at,
            row.seen_at,
            row.session_key == current,
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: not one.current)


def email_change_of(user: User, at: datetime) -> str | None:
    """The address that waits for its code."""
    row = EmailChange.objects.filter(user=user, expires_at__gt=at).first()
    return row.email if row else None


def export_of(user: User) -> DataExport | None:
    """The copy of their data that a person asked for last."""
    return DataExport.objects.filter(user=user).first()


def second_factors(user: User) -> set[str]:
    """What a sign-in may ask besides the password: ``totp``, ``webauthn``; spare codes alone are nothing."""
    from allauth.mfa.models import Authenticator

    found = Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return set(found.values_list("type", flat=True))


def has_second_factor(user: User) -> bool:
    """Whether a sign-in asks for more than the password."""
    return bool(second_factors(user))


def passkeys_of(user: User) -> list[dict[str, Any]]:
    """Name and dates of each passkey; what proves it stays out of every page and copy."""
    from allauth.mfa.models import Authenticator

    rows = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).order_by("pk")
    return [{"name": row.data["name"], "created_at": row.created_at, "last_used_at": row.last_used_at} for row in rows]


def invite_second_factor(user: User) -> bool:
    """Whether to propose a second factor: none yet, and « Plus tard » not chosen."""
    return user.second_factor_declined_at is None and not has_second_factor(user)
