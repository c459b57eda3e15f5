"""One pupil's page as a read model (schools 7.5)."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from pix.learners.models import Pupil
from pix.learners.queries.pupils import PupilLine, line_of


@dataclass(frozen=True, slots=True)
class ActivityLine:
    campaign: UUID
    name: str
    type: str
    started_at: datetime
    shared_at: datetime | None
    status: str
    participations: int


@dataclass(frozen=True, slots=True)
class PupilPage:
    pupil: PupilLine
    activity: tuple[ActivityLine, ...]
    """One line a campaign, with its last participation; latest start first."""
    figures: dict[str, dict[str, int]]
    """Type of campaign → status → number."""


def pupil_page(pupil: Pupil) -> PupilPage:
    """One pupil and all their participations that still count."""
    # Participations belong to the room above; its rows are reached from the pupil, nothing of it is imported.
    rows = pupil.participations.filter(deleted_at=None, campaign__deleted_at=None).select_related("campaign")
    times: Counter[UUID] = Counter()
    latest: dict[UUID, ActivityLine] = {}
    for one in rows.order_by("-superseded", "created_at", "id"):
        asked = one.campaign
        times[asked.uuid] += 1
        latest[asked.uuid] = ActivityLine(
            asked.uuid, asked.name, asked.type, one.created_at, one.shared_at, one.status, times[asked.uuid]
        )
    lines = [replace(line, participations=times[key]) for key, line in latest.items()]
    figures: dict[str, dict[str, int]] = {}
    for line in lines:
        by_status = figures.setdefault(line.type, {})
        by_status[line.status] = by_status.get(line.status, 0) + 1
    return PupilPage(line_of(pupil), tuple(sorted(lines, key=lambda line: line.started_at, reverse=True)), figures)
