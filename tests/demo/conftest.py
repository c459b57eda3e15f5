"""The demonstration as a visitor finds it, filled once for all the tests of a module and taken away afterwards."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.template import engines

from pix.content import releases
from pix.core import clock
from tests.factories import bank


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder, a clock and the shipped bank, for this module only."""
    folder = tmp_path_factory.mktemp("demo")
    before, shift = releases._current, clock._offset_file
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "VAR", folder)
        patch.setattr(settings, "DEMO", True)
        patch.setattr(settings, "GAR_METADATA", folder / "ent" / "metadata.xml")
        # Of the staff without a second factor: what the demonstration allows, wherever that is a setting.
        patch.setattr(settings, "STAFF_SECOND_FACTOR", False, raising=False)
        patch.setitem(engines["jinja2"].env.globals, "demo", True)  # type: ignore[attr-defined]
        # The worker's loop closes what it believes an old connection: here, one in the middle of a transaction.
        patch.setattr("django_tasks_db.management.commands.db_worker.close_old_connections", lambda: None)
        clock.use_offset_file(folder / "clock")
        bank.install()
        yield folder
    clock.use_offset_file(shift)
    releases._current = before


@pytest.fixture(scope="module")
def seeded(place: Path, django_db_setup: None, django_db_blocker: Any) -> Iterator[list[str]]:
    """What the demonstration said while it was filled. All of it is undone after the module."""
    from pix.web.demo import seed

    said: list[str] = []
    with django_db_blocker.unblock(), transaction.atomic():
        seed.ensure(say=said.append, small=True)
        yield said
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()
