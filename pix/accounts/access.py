"""The person as an actor: what is theirs, and nothing of anybody else's."""

from dataclasses import dataclass

from django.http import Http404

from pix.accounts.models import User


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody acting for themselves in the personal space."""

    user: User


def person_of(user: User) -> Person:
    """The actor of a signed-in user."""
    return Person(user)


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody of the platform's staff."""

    user: User


def staff_of(user: User) -> Staff:
    """The actor of a staff page. Raises 404 for anybody else: the page does not exist for them."""
    if not user.is_staff:
        raise Http404
    return Staff(user)
