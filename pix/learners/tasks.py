"""Doors of the job queue."""

from datetime import datetime
from uuid import UUID

from django_tasks import task

from pix.core import clock
from pix.learners import actions
from pix.learners.rules.certifiability import Window


@task()
def check_import(imported: str) -> None:
    actions.check(imported=UUID(imported), at=clock.now())


@task()
def apply_import(imported: str) -> None:
    actions.apply(imported=UUID(imported), at=clock.now())


@task()
def sweep_imports() -> int:
    return actions.sweep_imports(at=clock.now())


@task()
def choose_certifiability(since: str | None, until: str | None, only_never: bool, deadline: str | None) -> int:
    return actions.choose_certifiability(
        window=Window(datetime.fromisoformat(since), datetime.fromisoformat(until)) if since and until else None,
        only_never=only_never,
        deadline=datetime.fromisoformat(deadline) if deadline else None,
    )


@task()
def compute_certifiability(pupils: list[int], deadline: str | None) -> int:
    return actions.compute_certifiability(
        pupils=pupils, deadline=datetime.fromisoformat(deadline) if deadline else None, now=clock.now
    )
