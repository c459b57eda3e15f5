"""The person as an actor: what is theirs, and nothing of anybody else's."""

from dataclasses import dataclass

from pix.accounts.models import User


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody acting for themselves in the personal space."""

    user: User


def person_of(user: User) -> Person:
    """The actor of a signed-in user."""
    return Person(user)
