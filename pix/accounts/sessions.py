"""Sign-ins kept in the database with their user: one statement reads both; revoking is deleting a row."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from pix.accounts.enums import LegalService
from pix.accounts.models import Session, User
from pix.accounts.queries import owes
from pix.core import clock

USE_NOTED_EVERY = timedelta(hours=1)
BLOCKING = (LegalService.ORGA, LegalService.CERTIF)
"""The services whose pages wait for the terms to be accepted."""


class SessionStore(DatabaseSessionStore):
    """Django's database sessions over our table."""

    owner: User | None = None
    """The user read with the row."""
    agent: str = ""
    first_seen: datetime | None = None
    seen_at: datetime | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        try:
            rows: Any = self.model.objects
            now = timezone.now()
            owed = {f"owes_{service}": owes(service, "user_id", clock.now()) for service in BLOCKING}
            row = rows.select_related("user").annotate(**owed).get(session_key=self.session_key, expire_date__gt=now)
        except self.model.DoesNotExist:
            self._session_key = None
            return None
        self.owner, self.seen_at = row.user, row.seen_at
        self.first_seen = row.created_at if row.user_id else None
        if row.user is not None:
            row.user.owed_terms = {service: getattr(row, f"owes_{service}") for service in BLOCKING}
        return row

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row: Any = super().create_model_instance(data)
        user = data.get(SESSION_KEY)
        row.user_id = int(user) if user else None
        row.seen_at = timezone.now()
        row.created_at = self.first_seen or row.seen_at
        row.agent = self.agent
        return row

    def flush(self) -> None:
        self.first_seen = None
        super().flush()

    def note_use(self) -> None:
        """Now and then, that this sign-in is still in use."""
        now = timezone.now()
        if self.owner is not None and self.seen_at is not None and now - self.seen_at > USE_NOTED_EVERY:
            rows: Any = self.model.objects
            rows.filter(session_key=self.session_key).update(seen_at=now, agent=self.agent)
            self.seen_at = now


class SessionMiddleware(DjangoSessionMiddleware):
    """Django's own, over our table (settings name the store); remembers the device and its last use."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.session.agent = request.headers.get("User-Agent", "")[:200]  # type: ignore[attr-defined]

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        answer = super().process_response(request, response)
        request.session.note_use()  # type: ignore[attr-defined]
        return answer


def _person(request: HttpRequest) -> User | AnonymousUser:
    """The signed-in user, read with the session; nobody when the password changed since, or the account is closed."""
    session: Any = request.session
    if session.get(SESSION_KEY) is None:
        return AnonymousUser()
    user: User | None = session.owner
    if user is None or str(user.pk) != str(session[SESSION_KEY]):
        user = User.objects.filter(pk=session[SESSION_KEY]).first()
    if user is None or not user.is_active:
        return AnonymousUser()
    if not constant_time_compare(session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()):
        return AnonymousUser()
    return user


class PersonMiddleware(AuthenticationMiddleware):
    """Django's own, over our table. Sets ``request.user``, read only when asked for."""

    def process_request(self, request: HttpRequest) -> None:
        def person() -> User | AnonymousUser:
            if not hasattr(request, "_person"):
                request._person = _person(request)  # type: ignore[attr-defined]
            return request._person  # type: ignore[attr-defined]

        request.user = SimpleLazyObject(person)  # type: ignore[assignment]


def adopt(request: HttpRequest, data: str, user: User) -> bool:
    """Take over a sign-in that another statement read: checks it like any other; False when it does not hold.

    The hot path reads the sign-in, the person and the run together; after this, nothing reads them again.
    """
    session: Any = request.session
    decoded = session.decode(data)
    if str(decoded.get(SESSION_KEY)) != str(user.pk) or not user.is_active:
        return False
    if not constant_time_compare(decoded.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()):
        return False
    session._session_cache = decoded
    session.owner = user
    request._person = user  # type: ignore[attr-defined]
    return True
