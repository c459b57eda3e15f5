"""Putting work in the queue, in the caller's transaction: the job exists if and only if its cause does."""

from typing import Any

from django.utils.module_loading import import_string


def enqueue(task: str, *args: Any) -> None:
    """Queue a task by its dotted name (``pix.mailing.tasks.deliver_mail``), so that actions never import their doors.

    ``args``: JSON values. Raises ``ImportError`` for a name that does not exist.
    """
    import_string(task).enqueue(*args)
