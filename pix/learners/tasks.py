"""Doors of the job queue."""

from uuid import UUID

from django_tasks import task

from pix.core import clock
from pix.learners import actions


@task()
def check_import(imported: str) -> None:
    actions.check(imported=UUID(imported), at=clock.now())


@task()
def apply_import(imported: str) -> None:
    actions.apply(imported=UUID(imported), at=clock.now())


@task()
def sweep_imports() -> int:
    return actions.sweep_imports(at=clock.now())
