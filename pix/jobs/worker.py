"""The worker: the library's loop, plus signs of life, recovery after a crash, and retries with growing delays.

Every job of ours is idempotent: it reads the state that its first attempt left and goes on from there.
"""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Protocol

from django.db import close_old_connections, connection, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker as LibraryWorker
from django_tasks_db.models import DBTaskResult

from pix.jobs.models import Attempt, WorkerBeat

logger = logging.getLogger("pix.jobs")

BEAT_EVERY = 10.0
"""Seconds between two signs of life."""
DEAD_AFTER = timedelta(seconds=60)
MAX_ATTEMPTS = 5
DELAYS = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=5), timedelta(minutes=30))
KEEP_FINISHED = timedelta(days=14)


class GiveUp(Exception):
    """Raised by a job that no later attempt could help."""


def new_worker_id() -> str:
    """``host:pid:random``: on the same host a dead process is known at once, without waiting."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{get_random_string(8)}"


def _alive(worker: str, by: str) -> bool:
    """Whether a worker still runs, for the worker ``by`` that asks. On this host its process tells, elsewhere its beats.

    A number of process is used again (a container that starts again gives the same ones): a living process whose beats
    have stopped is somebody else. A worker that never beat is one of ``run_pending``: its process is its only sign.
    """
    seen = WorkerBeat.objects.filter(worker=worker).values_list("seen_at", flat=True).first()
    recent = seen is not None and seen >= timezone.now() - DEAD_AFTER
    host, _, rest = worker.partition(":")
    pid = rest.partition(":")[0]
    if host != socket.gethostname()[:30] or not pid.isdecimal():
        return recent
    if int(pid) == os.getpid() and by:
        return worker == by
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return recent or seen is None


def recover_lost_jobs(by: str = "") -> int:
    """Put back in the queue the jobs left running by a worker that is dead; gives their number. ``by``: who asks."""
    recovered = 0
    for job in DBTaskResult.objects.running():
        if not _alive(job.worker_ids[-1] if job.worker_ids else "", by):
            recovered += DBTaskResult.objects.filter(
                pk=job.pk, status=TaskResultStatus.RUNNING, started_at=job.started_at
            ).update(status=TaskResultStatus.READY, run_after=timezone.now())
            logger.warning("job recovered %s (%s)", job.pk, job.task_name)
    # Failed, and killed before it could be queued again: the row of its attempts is still there.
    unsettled = list(Attempt.objects.values_list("job", flat=True))
    for job in DBTaskResult.objects.filter(pk__in=unsettled, status=TaskResultStatus.FAILED):
        if not _alive(job.worker_ids[-1] if job.worker_ids else "", by):
            recovered += retry_later(job)
    return recovered


def retry_later(job: DBTaskResult) -> bool:
    """After a failure: queue the job again with a growing delay; False when it is given up."""
    if job.exception_class_path.endswith("GiveUp"):
        Attempt.objects.filter(job=job.pk).delete()
        return False
    with transaction.atomic():
        attempt, _ = Attempt.objects.get_or_create(job=job.pk)
        attempt.count += 1
        if attempt.count >= MAX_ATTEMPTS:
            attempt.delete()
            return False
        attempt.save()
        DBTaskResult.objects.filter(pk=job.pk, status=TaskResultStatus.FAILED).update(
            status=TaskResultStatus.READY,
            run_after=timezone.now() + DELAYS[min(attempt.count - 1, len(DELAYS) - 1)],
        )
    return True


class Scheduled(Protocol):
    """A verb and the least time between two of its runs in one worker."""

    @property
    def every(self) -> timedelta: ...
    @property
    def run(self) -> Callable[[], Any]: ...
    @property
    def name(self) -> str: ...


class Worker(LibraryWorker):
    """One loop over the queue, with signs of life and the schedule beside it."""

    def __init__(self, *, batch: bool = False, interval: float = 0.5, schedule: Sequence[Scheduled] = ()) -> None:
        """``schedule``: verbs that run by themselves (``config.schedule``); ``batch``: end when nothing is left."""
        self.schedule = schedule
        super().__init__(
            queue_names=["*"],
            interval=interval,
            batch=batch,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=new_worker_id(),
            excluded_queue_names=[],
        )

    def run(self) -> None:
        if self.batch:
            super().run()
            return
        self._sign()
        recover_lost_jobs(by=self.worker_id)
        stop = threading.Event()
        beats = threading.Thread(target=self._beat, args=(stop,), daemon=True)
        beats.start()
        try:
            super().run()
        finally:
            stop.set()

    def _sign(self) -> None:
        WorkerBeat.objects.update_or_create(worker=self.worker_id, defaults={"seen_at": timezone.now()})

    def _beat(self, stop: threading.Event) -> None:
        due = {work.name: 0.0 for work in self.schedule}
        while not stop.wait(BEAT_EVERY):
            try:
                close_old_connections()
                self._sign()
                recover_lost_jobs(by=self.worker_id)
                for work in self.schedule:
                    if time.monotonic() >= due[work.name]:
                        due[work.name] = time.monotonic() + work.every.total_seconds()
                        work.run()
            except Exception:
                # A busy database must not silence the worker for good: the next beat tries again.
                logger.exception("sign of life or regular work failed")
        connection.close()

    def run_task(self, db_task_result: DBTaskResult) -> None:
        # There before the run, gone once it is settled: a failure that nobody could queue again is found by its row.
        Attempt.objects.get_or_create(job=db_task_result.pk)
        super().run_task(db_task_result)
        if db_task_result.status == TaskResultStatus.FAILED:
            kept = retry_later(db_task_result)
            logger.error(
                "job failed %s (%s) %s; %s",
                db_task_result.pk,
                db_task_result.task_name,
                db_task_result.exception_class_path,
                "will be tried again" if kept else "given up",
            )
        else:
            Attempt.objects.filter(job=db_task_result.pk).delete()


def run_pending() -> None:
    """Run everything that is ready, here and now, then return (tests, demo data, commands)."""
    Worker(batch=True, interval=0).run()


def prune() -> int:
    """Forget jobs that ended long ago; gives their number."""
    old = timezone.now() - KEEP_FINISHED
    WorkerBeat.objects.filter(seen_at__lt=old).delete()
    return DBTaskResult.objects.finished().filter(finished_at__lt=old).delete()[0]
