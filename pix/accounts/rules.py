"""Decisions about accounts: what a good password is, when a door closes, how a login is hidden."""

import random
from datetime import datetime, timedelta

from pix.accounts.enums import TermsStatus

MIN_PASSWORD = 8
MAX_PASSWORD = 255
PASSWORD_RULE = "Votre mot de passe doit contenir 8 caractères au minimum et comporter au moins une majuscule, une minuscule et un chiffre."  # noqa: S105 - a sentence


def is_good_password(password: str) -> bool:
    """8 to 255 characters, an upper-case letter, a lower-case letter (any script) and a digit (schools 9.5)."""
    return (
        MIN_PASSWORD <= len(password) <= MAX_PASSWORD
        and any(c.isupper() for c in password)
        and any(c.islower() for c in password)
        and any(c.isdecimal() for c in password)
    )


_CLEAR_LETTERS = "abcdefghjkmnpqrstuvwxyz"
_CLEAR_DIGITS = "23456789"


def one_time_password(rng: random.Random) -> str:
    """Six letters and two digits that nobody misreads; too weak for the password rule, on purpose (schools 9.5).

    ``rng`` is a ``random.SystemRandom`` in use.
    """
    letters = "".join(rng.choice(_CLEAR_LETTERS) for _ in range(6))
    return letters + "".join(rng.choice(_CLEAR_DIGITS) for _ in range(2))


FAILURES_BEFORE_LOCK = 10
FAILURES_BEFORE_BLOCK = 50
PERMIT_LIFE = timedelta(hours=1)
"""How long a one-time password, once given, lets its owner choose another."""


def closes_for_good(failures: int) -> bool:
    """From the fiftieth wrong password, somebody must open again (schools 12)."""
    return failures >= FAILURES_BEFORE_BLOCK


def lock_after(failures: int) -> timedelta | None:
    """How long this many wrong passwords close the door: 2, 4, 8, 16 minutes at 10, 20, 30, 40; else not at all."""
    if failures <= 0 or failures % FAILURES_BEFORE_LOCK or closes_for_good(failures):
        return None
    return timedelta(minutes=2 ** (failures // FAILURES_BEFORE_LOCK))


MOST_PASSKEYS = 10
"""Each is read and offered to the browser at every sign-in; nobody owns more."""


def terms_status(*, current: datetime | None, accepted: datetime | None, exempt: bool = False) -> TermsStatus:
    """Where a person stands (schools 3.2). ``current``: version in force; ``accepted``: newest version accepted."""
    if exempt or current is None:
        return TermsStatus.NOT_APPLICABLE
    if accepted is None:
        return TermsStatus.REQUESTED
    return TermsStatus.ACCEPTED if accepted >= current else TermsStatus.UPDATE_REQUESTED


EMAIL_CODE_LIFE = timedelta(minutes=10)
EMAIL_CODE_TRIES = 5

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "Chromebook"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def device_of(agent: str) -> tuple[str, str]:
    """Browser and system in plain words, from what a browser says of itself; an empty word for what is not known."""
    browser = next((name for sign, name in _BROWSERS if sign in agent), "")
    return browser, next((name for sign, name in _SYSTEMS if sign in agent), "")


def masked_email(email: str) -> str:
    """``j***@example.net`` (schools 9.3)."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}***@{domain}"


def masked_username(username: str) -> str:
    """``f***.l***0``: first letter of each part and the last character (schools 9.3)."""
    first, _, last = username.partition(".")
    return f"{first[:1]}***.{last[:1]}***{username[-1:]}"
