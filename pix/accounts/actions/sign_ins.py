"""Ending open sign-ins: one, all the others, all."""

from datetime import datetime

from django.db import transaction

from pix.accounts.models import Session, User
from pix.accounts.queries import session_ref
from pix.audit.actions import record


def end_sign_in(*, user: User, ref: str, at: datetime) -> bool:
    """End one of the person's own sign-ins, named by its ``ref``; False when there is none of this name."""
    keys = Session.objects.filter(user=user).values_list("session_key", flat=True)
    key = next((one for one in keys if session_ref(one) == ref), None)
    return key is not None and _end(user, [key], at) > 0


def end_other_sign_ins(*, user: User, keep: str | None, at: datetime) -> int:
    """End all of them but ``keep``, the key of the one that asks; gives their number."""
    keys = Session.objects.filter(user=user).exclude(session_key=keep or "").values_list("session_key", flat=True)
    return _end(user, list(keys), at)


def drop_expired(*, at: datetime) -> int:
    """Sign-ins that are over go, a thousand at a time so that nobody waits; gives their number."""
    keys = list(Session.objects.filter(expire_date__lt=at).values_list("session_key", flat=True)[:1000])
    return Session.objects.filter(session_key__in=keys).delete()[0]


def _end(user: User, keys: list[str], at: datetime) -> int:
    with transaction.atomic():
        gone, _rows = Session.objects.filter(user=user, session_key__in=keys).delete()
        if gone:
            record("accounts.end_sign_ins", at=at, actor=user.uuid, target=user.uuid, count=gone)
    return gone
