"""The request of an exchange with an identity provider, kept on the server until its answer comes back.

The answer arrives by a form posted from another site: a browser does not send the sign-in's cookie with it (SameSite), so
the state cannot stand in the person's own session. It has a row of its own in the table of sign-ins, without a person,
named by the state that travels with the exchange; used once, for ten minutes. The row holds the print of a key that the
browser which asked keeps in a cookie made for that journey: the answer counts from this browser alone.
"""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.utils.crypto import constant_time_compare

from pix.accounts.models import Session
from pix.accounts.sessions import SessionStore

LIFE = timedelta(minutes=10)
_KEY = "exchange"


@dataclass(frozen=True, slots=True)
class Exchange:
    """``request``: id that the answer must quote. ``next_place``: page of ours that was asked for, or nothing.

    ``browser``: print of the key of the browser that asked.
    """

    request: str
    next_place: str = ""
    browser: str = ""

    def asked_by(self, keys: Iterable[str]) -> bool:
        """Whether one of these is the key of the browser that asked."""
        return any(constant_time_compare(browser_print(key), self.browser) for key in keys)


_BROWSER_KEY = re.compile(r"[0-9a-f]{40}")


def browser_key(known: Iterable[str]) -> str:
    """The key that the browser has already, so that two tabs do not close each other's way in; else a new one."""
    return next((key for key in known if _BROWSER_KEY.fullmatch(key)), "") or secrets.token_hex(20)


def browser_print(key: str) -> str:
    return sha256(key.encode()).hexdigest()


def new_state() -> str:
    """A name for an exchange, that nobody guesses."""
    return secrets.token_hex(20)


def open_exchange(*, state: str, exchange: Exchange, at: datetime) -> None:
    """Keep the request under its state. ``at`` and below: real time, as for every sign-in."""
    data = {_KEY: {"request": exchange.request, "next": exchange.next_place, "browser": exchange.browser}}
    Session.objects.create(session_key=state, session_data=SessionStore().encode(data), expire_date=at + LIFE)


def exchange_of(*, state: str, at: datetime) -> Exchange | None:
    """The exchange of a state, while it lives."""
    row = Session.objects.filter(session_key=state, user=None, expire_date__gt=at).first() if state else None
    kept = SessionStore().decode(row.session_data).get(_KEY) if row else None
    return Exchange(kept["request"], kept["next"], kept.get("browser", "")) if kept else None


def close_exchange(*, state: str) -> bool:
    """Use the state up; whether this call did, out of many at once."""
    return Session.objects.filter(session_key=state, user=None).delete()[0] == 1
