"""The who-may table: every route, and the answer it gives to each kind of person.

    nobody        not signed in                       302 to the sign-in page, 401 for background calls, 200 when public
    pupil         Emma, a pupil of Alice's school     404 for what is not hers
    member        Bob, member of Alice's school       403 where an administrator is needed
    admin         Alice, administrator of the school
    other_admin   Charlie, administrator of another   404 for all that is Alice's, as if it did not exist
    staff         Stan, of the staff, without an open staff session

One row per route and method. ``ids`` says which of the cast's ids fill the address: ``{"organization": "school"}`` takes
``cast.ids["school"]``. A POST row is sent empty (or with ``data``): what matters is who gets past the door.
``tests/house/test_who_may.py`` fails when a route has no row, when a row has no route, and when an answer differs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

ROLES = ("nobody", "pupil", "member", "admin", "other_admin", "staff")


@dataclass(frozen=True)
class Row:
    """One route and method, and the status that each role gets (in the order of ``ROLES``)."""

    route: str
    codes: tuple[int, int, int, int, int, int]
    ids: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"
    data: Mapping[str, str] = field(default_factory=dict)
    query: str = ""

    def __str__(self) -> str:
        return f"{self.method} {self.route}{self.query}"


def all_see(route: str, **ids: str) -> Row:
    """A page open to everybody."""
    return Row(route, (200, 200, 200, 200, 200, 200), ids)


def signed_in(route: str, **ids: str) -> Row:
    """A page for anyone who is signed in."""
    return Row(route, (302, 200, 200, 200, 200, 200), ids)


def team(route: str, **ids: str) -> Row:
    """A page of Alice's school for its team."""
    return Row(route, (302, 404, 200, 200, 404, 404), ids)


def admins(route: str, **ids: str) -> Row:
    """A page of Alice's school for its administrators."""
    return Row(route, (302, 404, 403, 200, 404, 404), ids)


WHO_MAY: list[Row] = [
    # public: …, app: …, orga: …, demo: … — one block per face, in the order of its urls.py
]
