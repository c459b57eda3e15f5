"""Jobs run here and now, inside the test's own transaction."""

import pytest


@pytest.fixture(autouse=True)
def one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker's loop closes what it believes an old connection; the test's is in the middle of a transaction."""
    monkeypatch.setattr("django_tasks_db.management.commands.db_worker.close_old_connections", lambda: None)
