"""Every route has its row, every row its route, and every answer is the one the table says; a GET writes nothing."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.factories.cast import Cast, busy_cast
from tests.house.who_may import ROLES, WHO_MAY, Row

pytestmark = pytest.mark.urls("tests.house.urls")

WRITE = re.compile(
    r"^\s*(WITH\b.*\b)?(INSERT|UPDATE|DELETE|REPLACE|CREATE|DROP|ALTER|TRUNCATE)\b", re.IGNORECASE | re.DOTALL
)
ASIDE = ("accounts_session", "django_session")
"""Tables that a GET may touch: the session's own row."""


def routes(patterns: list[URLPattern | URLResolver], namespace: str = "") -> Iterator[tuple[str, str]]:
    """``(full name, pattern)`` of every route; the name is empty when the route has none."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern.url_patterns, inner)
        else:
            yield f"{namespace}{pattern.name}" if pattern.name else "", str(pattern.pattern)


def test_every_route_has_a_name() -> None:
    unnamed = [pattern for name, pattern in routes(get_resolver("tests.house.urls").url_patterns) if not name]
    assert not unnamed


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    present = {name for name, _ in routes(get_resolver("tests.house.urls").url_patterns) if name}
    listed = {row.route for row in WHO_MAY}
    assert {"without a row": sorted(present - listed), "without a route": sorted(listed - present)} == {
        "without a row": [],
        "without a route": [],
    }


def test_no_row_comes_twice() -> None:
    keys = [(row.route, row.method, tuple(sorted(row.ids.items())), row.query) for row in WHO_MAY]
    assert sorted(keys) == sorted(set(keys))


@pytest.fixture(scope="module")
def cast(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cast]:
    """Made once: each row of the table acts in a transaction of its own, undone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield busy_cast()
        transaction.set_rollback(True)


@pytest.mark.proves("T-015", "T-016")
@pytest.mark.parametrize("row", WHO_MAY, ids=str)
@pytest.mark.django_db
def test_each_person_gets_the_answer_of_the_table(row: Row, cast: Cast, settings: Any) -> None:
    settings.DEMO = True
    address = reverse(row.route, kwargs={name: cast.ids.get(key, key) for name, key in row.ids.items()}) + row.query
    got = {}
    for role in ROLES:
        client = cast.client(role)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address) if row.method == "GET" else client.post(address, row.data)
            if hasattr(response, "streaming_content"):
                b"".join(response.streaming_content)
        got[role] = response.status_code
        if row.method == "GET":
            written = [
                q["sql"] for q in queries if WRITE.match(q["sql"]) and not any(table in q["sql"] for table in ASIDE)
            ]
            assert not written, f"{role} : un GET a écrit"
    assert got == dict(zip(ROLES, row.codes, strict=True))
