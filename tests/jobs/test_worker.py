"""A job is never lost: taken up again when its worker died, tried again when it failed, forgotten when it is old."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from pix.jobs.models import Attempt, WorkerBeat
from pix.jobs.queue import enqueue
from pix.jobs.worker import (
    DEAD_AFTER,
    DELAYS,
    KEEP_FINISHED,
    MAX_ATTEMPTS,
    GiveUp,
    Worker,
    new_worker_id,
    prune,
    recover_lost_jobs,
    run_pending,
)
from tests.jobs import tasks

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
ACT = "tests.jobs.tasks.act"


@pytest.fixture(autouse=True)
def fresh() -> None:
    tasks.DONE.clear()
    tasks.TROUBLE.clear()


def job() -> DBTaskResult:
    return DBTaskResult.objects.get()


def left_running_by(worker: str) -> DBTaskResult:
    """A job that this worker took, and never ended."""
    enqueue(ACT, "a")
    row = job()
    row.claim(worker)
    return row


def dead_pid() -> int:
    """A process that has just ended."""
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    return done.pid


def id_of(pid: int, host: str | None = None) -> str:
    here, _pid, chance = new_worker_id().split(":")
    return f"{host or here}:{pid}:{chance}"


# --- A worker that died -----------------------------------------------------------------------------------------------


def test_a_job_left_by_a_dead_process_of_this_machine_is_taken_up_at_once() -> None:
    left_running_by(id_of(dead_pid()))
    assert recover_lost_jobs() == 1
    assert job().status == TaskResultStatus.READY
    run_pending()
    assert (tasks.DONE, job().status) == (["a"], TaskResultStatus.SUCCESSFUL)
    assert recover_lost_jobs() == 0


def test_a_job_that_somebody_is_doing_is_left_alone() -> None:
    left_running_by(id_of(os.getpid()))
    assert recover_lost_jobs() == 0
    run_pending()
    assert (tasks.DONE, job().status) == ([], TaskResultStatus.RUNNING)


def test_a_worker_of_another_machine_is_judged_by_its_signs_of_life() -> None:
    away = id_of(os.getpid(), host="ailleurs")
    left_running_by(away)
    WorkerBeat.objects.create(worker=away, seen_at=timezone.now())
    assert recover_lost_jobs() == 0
    WorkerBeat.objects.update(seen_at=timezone.now() - DEAD_AFTER - timedelta(seconds=1))
    assert recover_lost_jobs() == 1


def test_a_number_of_process_that_serves_again_deceives_nobody() -> None:
    """A container that starts again gives its processes the same numbers."""
    me = new_worker_id()
    left_running_by(id_of(os.getpid()))
    assert recover_lost_jobs(by=me) == 1
    DBTaskResult.objects.all().delete()
    left_running_by(me)
    assert recover_lost_jobs(by=me) == 0
    DBTaskResult.objects.all().delete()
    elsewhere = id_of(os.getppid())
    left_running_by(elsewhere)
    WorkerBeat.objects.create(worker=elsewhere, seen_at=timezone.now() - DEAD_AFTER - timedelta(seconds=1))
    assert recover_lost_jobs(by=me) == 1


def test_a_worker_signs_before_it_takes_anything() -> None:
    """Else the others would believe dead whoever took a job in its first seconds."""
    worker = Worker()
    worker.running = False
    worker.run()
    assert WorkerBeat.objects.filter(worker=worker.worker_id).exists()


def test_worker_ids_fit_their_column_and_differ() -> None:
    ids = {new_worker_id() for _ in range(20)}
    assert len(ids) == 20
    assert all(len(one) <= 64 and one.split(":")[1] == str(os.getpid()) for one in ids)


# --- A job that failed ------------------------------------------------------------------------------------------------


def test_a_failed_job_is_tried_again_later_and_later_then_given_up() -> None:
    tasks.TROUBLE["a"] = OSError("pas de réseau")
    with time_machine.travel(AT, tick=False) as now:
        enqueue(ACT, "a")
        for delay in DELAYS:
            run_pending()
            assert job().status == TaskResultStatus.READY
            assert job().run_after == timezone.now() + delay
            now.shift(delay - timedelta(seconds=1))
            run_pending()
            assert job().status == TaskResultStatus.READY  # not before its time
            now.shift(timedelta(seconds=1))
        run_pending()
    assert len(tasks.DONE) == MAX_ATTEMPTS == len(DELAYS) + 1
    assert job().status == TaskResultStatus.FAILED
    assert "pas de réseau" in job().traceback
    assert not Attempt.objects.exists()


def test_a_job_that_ends_well_forgets_its_failures() -> None:
    tasks.TROUBLE["a"] = OSError()
    enqueue(ACT, "a")
    run_pending()
    assert Attempt.objects.get().count == 1
    tasks.TROUBLE.clear()
    DBTaskResult.objects.update(run_after=AT - timedelta(days=400))
    run_pending()
    assert (job().status, job().return_value) == (TaskResultStatus.SUCCESSFUL, "a")
    assert not Attempt.objects.exists()


def test_a_job_that_nothing_can_help_is_given_up_at_once() -> None:
    tasks.TROUBLE["a"] = GiveUp("fichier effacé")
    enqueue(ACT, "a")
    run_pending()
    run_pending()
    assert (tasks.DONE, job().status) == (["a"], TaskResultStatus.FAILED)
    assert not Attempt.objects.exists()


def test_one_bad_job_does_not_stop_the_others() -> None:
    tasks.TROUBLE["b"] = ValueError("non")
    for name in "abc":
        enqueue(ACT, name)
    run_pending()
    assert sorted(tasks.DONE) == ["a", "b", "c"]
    assert DBTaskResult.objects.successful().count() == 2


def test_a_job_of_an_unknown_name_is_refused_when_it_is_asked() -> None:
    with pytest.raises(ImportError):
        enqueue("pix.mailing.tasks.nothing_of_this_name", "x")
    assert not DBTaskResult.objects.exists()


# --- What is old ------------------------------------------------------------------------------------------------------


def test_old_jobs_are_forgotten_and_only_those_that_ended() -> None:
    with time_machine.travel(AT, tick=False):
        for name in "abcd":
            enqueue(ACT, name)
    a, b, c, d = DBTaskResult.objects.order_by("enqueued_at", "id")
    old, recent = AT - KEEP_FINISHED - timedelta(minutes=1), AT - KEEP_FINISHED + timedelta(minutes=1)
    for row, status, ended in (
        (a, TaskResultStatus.SUCCESSFUL, old),
        (b, TaskResultStatus.FAILED, old),
        (c, TaskResultStatus.SUCCESSFUL, recent),
    ):
        DBTaskResult.objects.filter(pk=row.pk).update(status=status, finished_at=ended)
    DBTaskResult.objects.filter(pk=d.pk).update(enqueued_at=old)
    WorkerBeat.objects.create(worker="vieux", seen_at=old)
    WorkerBeat.objects.create(worker="neuf", seen_at=recent)
    with time_machine.travel(AT, tick=False):
        assert prune() == 2
    assert set(DBTaskResult.objects.values_list("pk", flat=True)) == {c.pk, d.pk}
    assert list(WorkerBeat.objects.values_list("worker", flat=True)) == ["neuf"]


def test_a_batch_ends_when_nothing_is_left() -> None:
    Worker(batch=True, interval=0).run()
    assert tasks.DONE == []


def test_a_failure_that_nobody_could_queue_again_is_found() -> None:
    """Killed between the library's « failed » and our next attempt."""
    row = left_running_by(id_of(dead_pid()))
    Attempt.objects.create(job=row.pk)
    DBTaskResult.objects.update(status=TaskResultStatus.FAILED, exception_class_path="builtins.OSError")
    assert recover_lost_jobs() == 1
    assert job().status == TaskResultStatus.READY
    assert Attempt.objects.get().count == 1
    DBTaskResult.objects.update(status=TaskResultStatus.FAILED)
    Attempt.objects.all().delete()  # given up: settled
    assert recover_lost_jobs() == 0
