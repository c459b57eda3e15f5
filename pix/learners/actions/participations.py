"""What the campaigns tell of a pupil, in their own transactions: how many participations, and the last one."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from pix.learners.models import Pupil


def note_participation(
    *,
    pupil: Pupil,
    campaign: UUID,
    campaign_name: str,
    type: str,
    status: str,
    started_at: datetime,
    first: bool,
    at: datetime,
) -> None:
    """A participation began. ``first``: the pupil had none in this campaign (a retry replaces the previous one).

    The participation started last is the one kept: an older one never replaces a newer.
    """
    with transaction.atomic():
        known = _last(pupil)
        changes: dict[str, Any] = {"participation_count": F("participation_count") + 1} if first else {}
        if known is None or datetime.fromisoformat(known["at"]) <= started_at:
            changes["last_participation"] = {
                "campaign": str(campaign),
                "name": campaign_name,
                "type": str(type),
                "status": str(status),
                "at": started_at.isoformat(),
            }
        if changes:
            Pupil.objects.filter(pk=pupil.pk).update(**changes)


def note_status(*, pupil: Pupil, campaign: UUID, status: str, at: datetime) -> None:
    """The participation moved on; nothing when the pupil's last one is in another campaign."""
    with transaction.atomic():
        known = _last(pupil)
        if known is not None and known["campaign"] == str(campaign):
            Pupil.objects.filter(pk=pupil.pk).update(last_participation={**known, "status": str(status)})


def set_participations(*, pupil: Pupil, count: int, last: dict[str, Any] | None) -> None:
    """Both figures as they stand now, after participations changed hands."""
    Pupil.objects.filter(pk=pupil.pk).update(participation_count=count, last_participation=last)


def _last(pupil: Pupil) -> dict[str, Any] | None:
    """The stored value, its row locked: the one on ``pupil`` may be stale."""
    rows = Pupil.objects.select_for_update().filter(pk=pupil.pk)
    known: dict[str, Any] | None = rows.values_list("last_participation", flat=True).get()
    return known
