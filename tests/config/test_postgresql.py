"""When a kept connection is asked whether it is still there (PostgreSQL only)."""

from typing import Any

import pytest
from django.db import connection, transaction

from config.postgresql import base

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's connections do not break"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """One entry each time the question is asked; the clock is ``now[0]``."""
    found: list[bool] = []
    real = base.DatabaseWrapper.is_usable

    def noted(self: Any) -> bool:
        answer = bool(real(self))
        found.append(answer)
        return answer

    monkeypatch.setattr(base.DatabaseWrapper, "is_usable", noted)
    monkeypatch.setitem(connection.settings_dict, "CONN_HEALTH_CHECKS", True)
    connection.close()  # the setting is read when a connection opens
    return found


def a_request() -> None:
    """What Django does around each request, with one transaction in the middle."""
    connection.close_if_unusable_or_obsolete()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    connection.close_if_unusable_or_obsolete()


def test_a_busy_connection_is_not_asked_and_a_rested_one_is(monkeypatch: pytest.MonkeyPatch, asked: list[bool]) -> None:
    now = [1000.0]
    monkeypatch.setattr(base, "monotonic", lambda: now[0])
    a_request()
    asked.clear()
    now[0] += 1
    a_request()
    assert asked == []
    now[0] += base.RESTED + 0.1
    a_request()
    assert asked == [True]


def test_a_connection_cut_during_its_rest_is_replaced(monkeypatch: pytest.MonkeyPatch, asked: list[bool]) -> None:
    now = [1000.0]
    monkeypatch.setattr(base, "monotonic", lambda: now[0])
    a_request()
    connection.connection.close()
    now[0] += base.RESTED + 0.1
    a_request()
    assert asked[-1] is False


def test_a_connection_cut_under_load_fails_one_request_only(monkeypatch: pytest.MonkeyPatch, asked: list[bool]) -> None:
    monkeypatch.setattr(base, "monotonic", lambda: 1000.0)
    a_request()
    connection.connection.close()
    with pytest.raises(Exception, match="closed"):
        a_request()
    connection.close_if_unusable_or_obsolete()
    a_request()
