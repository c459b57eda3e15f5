"""The one clock: instants in UTC, days in Paris, a shift that only the demonstration has and that every process reads."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from pix.core import clock

AT = datetime(2024, 10, 14, 22, 30, tzinfo=UTC)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Path]:
    """The clock reads its shift in a file of this test, and nowhere afterwards."""
    before = clock._offset_file
    file = tmp_path / "later" / "clock"
    clock.use_offset_file(file)
    yield file
    clock.use_offset_file(before)


def test_without_a_file_time_is_real_and_cannot_move(kept: Path) -> None:
    clock.use_offset_file(None)
    with time_machine.travel(AT, tick=False):
        assert clock.now() == clock.real_now() == AT
    with pytest.raises(RuntimeError):
        clock.move(timedelta(days=4))


def test_a_move_is_read_by_whoever_asks_next(kept: Path) -> None:
    assert clock.offset() == timedelta(0)
    clock.move(timedelta(days=4))
    assert kept.read_text() == "345600"
    with time_machine.travel(AT, tick=False):
        assert clock.now() == AT + timedelta(days=4)
        assert clock.real_now() == AT
    kept.write_text("-3600\n")  # another process moved it
    assert clock.offset() == timedelta(hours=-1)
    clock.move(timedelta(0))
    assert clock.offset() == timedelta(0)


@pytest.mark.parametrize("content", ["", "  \n", "bientôt", "12.5"])
def test_a_damaged_file_leaves_the_time_real(kept: Path, content: str) -> None:
    kept.parent.mkdir(parents=True)
    kept.write_text(content)
    assert clock.offset() == timedelta(0)


@pytest.mark.parametrize(
    ("instant", "day", "time"),
    [
        (datetime(2024, 7, 15, 21, 59, tzinfo=UTC), date(2024, 7, 15), "23:59"),
        (datetime(2024, 7, 15, 22, 0, tzinfo=UTC), date(2024, 7, 16), "00:00"),
        (datetime(2024, 12, 31, 22, 59, tzinfo=UTC), date(2024, 12, 31), "23:59"),
        (datetime(2024, 12, 31, 23, 0, tzinfo=UTC), date(2025, 1, 1), "00:00"),
        (datetime(2024, 10, 27, 0, 30, tzinfo=UTC), date(2024, 10, 27), "02:30"),
        (datetime(2024, 10, 27, 1, 30, tzinfo=UTC), date(2024, 10, 27), "02:30"),
    ],
)
def test_days_are_those_of_paris(instant: datetime, day: date, time: str) -> None:
    assert clock.today(instant) == day
    assert f"{clock.paris(instant):%H:%M}" == time
