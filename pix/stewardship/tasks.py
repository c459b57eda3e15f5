"""Doors of the job queue."""

from uuid import UUID

from django_tasks import task

from pix.core import clock
from pix.stewardship import actions


@task()
def write_export(export: str) -> bool:
    return actions.write_export(export=UUID(export), at=clock.now())
