"""The one clock of the program: UTC instants, Paris days, and a demo offset that every process shares.

Actions and rules take the instant as an argument; faces, jobs and commands ask it here, once, and hand it down.
"""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")

_offset_file: Path | None = None


def use_offset_file(path: Path | None) -> None:
    """Demo only: read the offset (whole seconds, signed) from this file at each call; ``None`` = real time."""
    global _offset_file
    _offset_file = path


def offset() -> timedelta:
    """The demo's present shift; zero when no file is set, absent or unreadable."""
    if _offset_file is None:
        return timedelta(0)
    try:
        return timedelta(seconds=int(_offset_file.read_text().strip() or "0"))
    except (OSError, ValueError):
        return timedelta(0)


def move(shift: timedelta) -> None:
    """Demo only: set the shift for every process. Raises ``RuntimeError`` outside the demo."""
    if _offset_file is None:
        raise RuntimeError("the clock only moves in the demo")
    _offset_file.parent.mkdir(parents=True, exist_ok=True)
    temporary = _offset_file.with_suffix(".new")
    temporary.write_text(str(int(shift.total_seconds())))
    temporary.replace(_offset_file)


def real_now() -> datetime:
    """The real instant, whatever the demo says: what the life of a sign-in is measured by."""
    return datetime.now(UTC)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC) + offset()


def paris(instant: datetime) -> datetime:
    """The same instant on the clock of Paris."""
    return instant.astimezone(PARIS)


def today(instant: datetime | None = None) -> date:
    """The day in Paris at ``instant`` (default: now)."""
    return paris(instant or now()).date()
