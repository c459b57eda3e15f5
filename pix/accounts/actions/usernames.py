"""Giving a username to an account that has none."""

from datetime import datetime

from django.db import transaction

from pix.accounts.models import User
from pix.audit.actions import record


def give_username(*, user: User, username: str, by: User, at: datetime) -> None:
    """Let the account be entered with this username too. Raises ``IntegrityError`` when it was taken meanwhile.

    Who may: the caller's guard (a pupil's team).
    """
    with transaction.atomic():
        user.username = username
        user.save(update_fields=["username"])
        record("accounts.give_username", at=at, actor=by.uuid, target=user.uuid)
