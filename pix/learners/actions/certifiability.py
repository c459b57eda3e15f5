"""Writes of certifiability: what a profile collection tells, and the nightly job that makes sure (schools 8).

The automatic value is no copy: lists read the summary of the linked account, which the answer that moves a level
writes in its own transaction. A link made, changed or removed needs no computation but the first one.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction

from pix.assessment.actions import refresh_summary
from pix.jobs.queue import enqueue
from pix.learners.models import CertifiabilityNight, Pupil
from pix.learners.queries.certifiability import to_look_at
from pix.learners.rules.certifiability import Known, Window, deadline, last_night, window_of

TASK_SIZE = 200
"""Pupils of one task: a second or so of work, each in a transaction of its own."""


def set_collection(*, pupil: Pupil, last: Known | None) -> None:
    """The pupil's last sent profile, as it stands now; ``None`` when no sending is left."""
    pupil.is_certifiable, pupil.certifiable_at = last or (None, None)
    Pupil.objects.filter(pk=pupil.pk).update(is_certifiable=pupil.is_certifiable, certifiable_at=pupil.certifiable_at)


def begin_night(*, at: datetime) -> bool:
    """From 21:00 to 8:00 in Paris: queue the night's job, once for all workers. False when there is nothing to begin."""
    night = last_night(at)
    until = deadline(night)
    if at >= until:
        return False
    with transaction.atomic():
        # The first look costs no write: the clock is looked at every five minutes.
        if CertifiabilityNight.objects.filter(scheduled_at=night).exists():
            return False
        _row, begun = CertifiabilityNight.objects.get_or_create(scheduled_at=night, defaults={"begun_at": at})
        if begun:
            _queue(window_of(night), only_never=False, until=until)
    return begun


def look_again(*, window: Window | None = None, only_never: bool = False) -> None:
    """Queue the same job by hand, whatever the hour: in a range of dates, for those never computed, or for everybody."""
    with transaction.atomic():
        _queue(window, only_never=only_never, until=None)


def _queue(window: Window | None, *, only_never: bool, until: datetime | None) -> None:
    enqueue(
        "pix.learners.tasks.choose_certifiability",
        window.since.isoformat() if window else None,
        window.until.isoformat() if window else None,
        only_never,
        until.isoformat() if until else None,
    )


def choose_certifiability(*, window: Window | None, only_never: bool, deadline: datetime | None) -> int:
    """Queue small tasks for those to look at; gives the number of pupils. Run twice, the work is done twice, no more."""
    found = 0
    for ids in to_look_at(window, only_never=only_never):
        with transaction.atomic():
            for first in range(0, len(ids), TASK_SIZE):
                enqueue(
                    "pix.learners.tasks.compute_certifiability",
                    ids[first : first + TASK_SIZE],
                    deadline.isoformat() if deadline else None,
                )
        found += len(ids)
    return found


def compute_certifiability(*, pupils: Iterable[int], deadline: datetime | None, now: Callable[[], datetime]) -> int:
    """Compute these pupils' accounts again, one transaction each; gives the number done. Ends at ``deadline``.

    A profile that has not moved keeps its date.
    """
    rows = Pupil.objects.filter(pk__in=list(pupils), active=True, user__isnull=False).order_by("pk")
    done = 0
    for user in dict.fromkeys(rows.values_list("user_id", flat=True)):
        at = now()
        if deadline is not None and at >= deadline:
            break
        with transaction.atomic():
            refresh_summary(user_id=user or 0, at=at, keep_date=True)
        done += 1
    return done
