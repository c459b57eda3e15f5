"""Decisions about teams: what an address list holds, how long an invitation lives, which role a newcomer gets."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from pix.organizations.enums import InvitationState, Role

CODE_SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
CODE_LENGTH = 10
INVITATION_LIFE = timedelta(days=365)
RESEND_PAUSE = timedelta(seconds=5)
"""A second press within this time sends nothing more."""

ACTIVATION_WINDOW = timedelta(hours=1)
ACTIVATIONS_BY_SOURCE = 5
ACTIVATIONS_BY_UAI = 3
SOURCE_KEPT = timedelta(days=1)
REQUEST_KEPT = timedelta(days=365)

_UAI = re.compile(r"\d{7}[A-Z]", re.ASCII)
_BETWEEN = re.compile(r"[\s,;]+")


def normal_uai(text: str) -> str:
    """Trimmed, upper case: how a UAI is stored and compared."""
    return text.strip().upper()


def is_uai(text: str) -> bool:
    """7 digits and a letter, once made normal."""
    return _UAI.fullmatch(text) is not None


def addresses_in(text: str) -> list[str]:
    """The addresses of a text area: commas, semicolons, spaces and new lines separate; lower case, each once, in order."""
    return list(dict.fromkeys(part for part in _BETWEEN.split(text.strip().lower()) if part))


def state_at(state: InvitationState, last_sent_at: datetime, at: datetime) -> InvitationState:
    """The state as it reads at this instant: a pending invitation lives one year after its last sending."""
    if state is InvitationState.PENDING and at >= last_sent_at + INVITATION_LIFE:
        return InvitationState.EXPIRED
    return state


def resend_is_too_soon(last_sent_at: datetime, at: datetime) -> bool:
    return at < last_sent_at + RESEND_PAUSE


def role_of_newcomer(invited: Role | None, *, team_is_empty: bool) -> Role:
    """The invitation's role; without one, the first of a team administers it (schools 1.5)."""
    return invited or (Role.ADMIN if team_is_empty else Role.MEMBER)


def keeps_an_admin(admins: Iterable[int], leaving: int) -> bool:
    """Whether an active administrator remains once this one is demoted, removed or gone (ids of users)."""
    return any(user != leaving for user in admins)
