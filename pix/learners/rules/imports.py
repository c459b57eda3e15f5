"""What a date alone decides about an import: stuck, given up, and the school years it may be for."""

from datetime import date, datetime, timedelta

from pix.core.school_years import school_year_of
from pix.learners.enums import ImportState

STUCK_AFTER = timedelta(minutes=30)
GIVEN_UP_AFTER = timedelta(hours=24)
_AT_WORK = frozenset({ImportState.UPLOADING, ImportState.CHECKING, ImportState.APPLYING})
_BETWEEN_YEARS = range(6, 10)


def effective_state(state: ImportState, *, updated_at: datetime, at: datetime, paused: bool = False) -> ImportState:
    """The state as it must be read at ``at``, whether or not a job has written it yet (schools 4.2).

    At work without news for 30 minutes: failed, unless ``paused`` by the settings. Preview not confirmed in 24 hours:
    abandoned.
    """
    silence = at - updated_at
    if state in _AT_WORK and silence >= STUCK_AFTER and not paused:
        return ImportState.FAILED
    if state is ImportState.READY and silence >= GIVEN_UP_AFTER:
        return ImportState.ABANDONED
    return state


def school_years_offered(day: date) -> tuple[str, ...]:
    """The school years an import may be for: the current one, first; from June to September also its neighbour."""
    current = school_year_of(day)
    if day.month not in _BETWEEN_YEARS:
        return (current,)
    start = int(current[:4])
    other = start + 1 if day.month < 8 else start - 1
    return current, f"{other}-{other + 1}"
