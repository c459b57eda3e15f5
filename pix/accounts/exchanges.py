"""The request of an exchange with an identity provider, kept on the server until its answer comes back.

The answer arrives by a form posted from another site: a browser sends no cookie of ours with it (SameSite), so the state
cannot stand in the person's own session. It has a row of its own in the table of sign-ins, without a person, named by the
state that travels with the exchange; used once, for ten minutes.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from pix.accounts.models import Session
from pix.accounts.sessions import SessionStore

LIFE = timedelta(minutes=10)
_KEY = "exchange"


@dataclass(frozen=True, slots=True)
class Exchange:
    """``request``: id that the answer must quote. ``next_place``: page of ours that was asked for, or nothing."""

    request: str
    next_place: str = ""


def new_state() -> str:
    """A name for an exchange, that nobody guesses."""
    return secrets.token_hex(20)


def open_exchange(*, state: str, exchange: Exchange, at: datetime) -> None:
    """Keep the request under its state. ``at`` and below: real time, as for every sign-in."""
    data = {_KEY: {"request": exchange.request, "next": exchange.next_place}}
    Session.objects.create(session_key=state, session_data=SessionStore().encode(data), expire_date=at + LIFE)


def exchange_of(*, state: str, at: datetime) -> Exchange | None:
    """The exchange of a state, while it lives."""
    row = Session.objects.filter(session_key=state, user=None, expire_date__gt=at).first() if state else None
    kept = SessionStore().decode(row.session_data).get(_KEY) if row else None
    return Exchange(kept["request"], kept["next"]) if kept else None


def close_exchange(*, state: str) -> bool:
    """Use the state up; whether this call did, out of many at once."""
    return Session.objects.filter(session_key=state, user=None).delete()[0] == 1
