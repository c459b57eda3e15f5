"""Participations that change hands when two records of one pupil become one, and back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import F

from pix.campaigns.enums import CampaignType, Status
from pix.campaigns.models import Campaign, Participation
from pix.learners.actions import set_collection, set_participations
from pix.learners.models import Pupil
from pix.learners.rules.certifiability import Known


def move_participations(*, kept: Pupil, other: Pupil) -> dict[str, list[int]]:
    """Give ``kept`` the participations of ``other``, in the caller's transaction that holds both rows.

    Of two current ones in one campaign the sent one stays current, else the later. Gives what ``move_back`` needs:
    ``moved`` ids, and the ids that were ``superseded`` on the way.
    """
    current = Participation.objects.filter(pupil__in=[kept, other], superseded=False, deleted_at=None)
    by_campaign: dict[int, list[Participation]] = {}
    for row in current.order_by("id"):
        by_campaign.setdefault(row.campaign_id, []).append(row)
    losers = [min(rows, key=_worth) for rows in by_campaign.values() if len(rows) > 1]
    for loser in losers:
        _set_superseded(loser, superseded=True)
    moved = list(Participation.objects.filter(pupil=other).order_by("id").values_list("pk", flat=True))
    Participation.objects.filter(pk__in=moved).update(pupil=kept)
    tell_again(pupil=kept)
    tell_again(pupil=other)
    return {"moved": moved, "superseded": [loser.pk for loser in losers]}


def _worth(row: Participation) -> tuple[bool, datetime, int]:
    return row.status == Status.SHARED, row.shared_at or row.created_at, row.pk


def _set_superseded(row: Participation, *, superseded: bool) -> None:
    Participation.objects.filter(pk=row.pk).update(superseded=superseded)
    step = -1 if superseded else 1
    changes: dict[str, Any] = {"participants_count": F("participants_count") + step}
    if row.status == Status.SHARED:
        changes["shared_count"] = F("shared_count") + step
    Campaign.objects.filter(pk=row.campaign_id).update(**changes)


def move_back(*, kept: Pupil, other: Pupil, moved: Mapping[str, list[int]], account: int | None) -> None:
    """Undo ``move_participations``: what was moved goes back, and is current again where nothing newer took its place.

    What ``account``, which is ``other``'s again, did in between goes with it.
    """
    if account is not None:
        Participation.objects.filter(user=account, pupil=kept).update(pupil=other)
    Participation.objects.filter(pk__in=moved["moved"], pupil=kept).update(pupil=other)
    for row in Participation.objects.filter(pk__in=moved["superseded"], superseded=True, deleted_at=None):
        newer = Participation.objects.filter(
            campaign=row.campaign_id, pupil=row.pupil_id, superseded=False, deleted_at=None
        )
        if not newer.exists():
            _set_superseded(row, superseded=False)


def tell_again(*, pupil: Pupil) -> None:
    """What the roll says of the pupil's participations, written again from their rows."""
    rows = Participation.objects.filter(pupil=pupil, deleted_at=None, campaign__deleted_at=None)
    last = rows.select_related("campaign").order_by("-created_at", "-id").first()
    sent = rows.filter(campaign__type=CampaignType.PROFILE, shared_at__isnull=False, certifiable__isnull=False)
    profile = sent.order_by("-shared_at", "-id").values_list("certifiable", "shared_at").first()
    set_participations(
        pupil=pupil,
        count=rows.filter(superseded=False).count(),
        last={
            "campaign": str(last.campaign.uuid),
            "name": last.campaign.name,
            "type": str(last.campaign.type),
            "status": str(last.status),
            "at": last.created_at.isoformat(),
        }
        if last
        else None,
    )
    set_collection(pupil=pupil, last=Known(bool(profile[0]), profile[1]) if profile and profile[1] else None)
