"""Doors of the job queue."""

from uuid import UUID

from django_tasks import task

from pix.core import clock
from pix.mailing import actions


@task()
def deliver_mail(mail: str) -> bool:
    return actions.deliver(mail=UUID(mail), at=clock.now())
