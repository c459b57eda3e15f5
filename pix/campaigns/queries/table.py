"""A run of a campaign read whole: sign-in, person, run, participation, campaign and knowledge in one statement."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from pix.accounts.models import User
from pix.assessment import hot
from pix.assessment.engine.frames import Frame
from pix.assessment.engine.knowledge import Evidences
from pix.assessment.framing import frame
from pix.assessment.models import Assessment
from pix.assessment.queries import knowledge_of
from pix.assessment.sitting import KnowledgeRow, Sitting
from pix.campaigns.models import Campaign, Participation
from pix.campaigns.rules import FAILED, UNTESTED, VALIDATED

_USER_COLUMNS = ("id", "uuid", "password", "first_name", "last_name", "is_active", "is_staff", "must_change_password")
_PLAY_COLUMNS = ("p.status", "p.deleted_at", "c.archived_at", "c.deleted_at", "c.title", "c.journey_name", "c.uuid")

_READ = (
    f"SELECT s.session_data, {hot.selected('u', _USER_COLUMNS)}, {hot.selected('a', hot.ASSESSMENT_COLUMNS)}, "  # noqa: S608 - constants
    f"{', '.join(_PLAY_COLUMNS)}, {hot.selected('k', hot.KNOWLEDGE_COLUMNS)} "
    "FROM accounts_session s JOIN accounts_user u ON u.id = s.user_id "
    "JOIN assessment_assessment a ON a.user_id = u.id "
    "JOIN campaigns_participation p ON p.id = a.participation JOIN campaigns_campaign c ON c.id = p.campaign_id "
    "LEFT JOIN assessment_knowledgestate k ON k.user_id = u.id "
    "WHERE s.session_key = %s AND s.expire_date > %s AND a.uuid = %s"
)


@dataclass(frozen=True, slots=True)
class Table:
    """A run of a campaign with all that an answer needs, read in one statement."""

    user: User
    sitting: Sitting
    status: str
    closed: bool
    """The campaign is archived or deleted, or the participation is deleted: nothing more is written."""
    title: str
    campaign: UUID

    def frame(self) -> Frame:
        return frame_of(self.sitting.scope, self.sitting.release)


def frozen_skills(campaign: int) -> list[Any]:
    skills: list[Any] = Campaign.objects.values_list("skills", flat=True).get(pk=campaign)
    return skills


def frame_of(campaign: int | None, release: str) -> Frame:
    """The frame of a campaign in a release, from memory after the first time."""
    assert campaign is not None
    return frame("campaign", campaign, release, lambda: frozen_skills(campaign))


def flags_of(skills: list[list[object]], evidence: Evidences) -> str:
    """One sign a frozen skill, in the campaign's order."""
    signs = []
    for skill, *_rest in skills:
        known = evidence.get(str(skill))
        signs.append(UNTESTED if known is None else VALIDATED if known.validated else FAILED)
    return "".join(signs)


def live_flags(run: Assessment, campaign: Campaign, user: User, knowledge: Mapping[str, KnowledgeRow]) -> str:
    """The same from what the person knows now: results that were not sent follow what is learnt elsewhere."""
    evidence = hot.sitting_of_row(run, user.uuid, knowledge).engine_state(frame_of(campaign.pk, run.release)).evidence
    return flags_of(campaign.skills, evidence)


def frame_of_run(run: Assessment) -> Frame:
    """The frame of a stored run."""
    return frame_of(run.scope, run.release)


def _table(row: Any, rows: Any, user: User) -> Table:
    start = 1 + len(_USER_COLUMNS)
    columns = dict(zip(hot.ASSESSMENT_COLUMNS, row[start : start + len(hot.ASSESSMENT_COLUMNS)], strict=True))
    play = row[start + len(hot.ASSESSMENT_COLUMNS) :]
    first_knowledge = start + len(hot.ASSESSMENT_COLUMNS) + len(_PLAY_COLUMNS)
    return Table(
        user=user,
        sitting=hot.sitting_of(columns, user.uuid, [one[first_knowledge:] for one in rows]),
        status=play[0],
        closed=any(value is not None for value in play[1:4]),
        title=play[4] or play[5],
        campaign=hot.uuid_of(play[6]),
    )


def table_of_session(session_key: str, run: UUID, now: Any) -> tuple[str, Table] | None:
    """Sign-in, person, run, participation, campaign and knowledge in one statement; ``None`` when anything lacks.

    Gives the sign-in's data beside: the caller must still check it (``accounts.sessions.adopt``).
    """
    with connection.cursor() as cursor:
        cursor.execute(_READ, [session_key, hot.stored_instant(now), hot.stored_uuid(run)])
        rows = cursor.fetchall()
    if not rows:
        return None
    row = rows[0]
    values = dict(zip(_USER_COLUMNS, row[1 : 1 + len(_USER_COLUMNS)], strict=True))
    values["uuid"] = hot.uuid_of(values["uuid"])
    for name in ("is_active", "is_staff", "must_change_password"):
        values[name] = bool(values[name])
    # Django takes the values in the order of the model's fields, whatever the order of their names.
    ordered = [field.attname for field in User._meta.concrete_fields if field.attname in values]
    user = User.from_db("default", ordered, [values[name] for name in ordered])
    return row[0], _table(row, rows, user)


def read_table(user: User, run: UUID) -> Table | None:
    """The same through the ORM, for pages that are not the hot path; ``None`` for anybody else's run."""
    stored = Assessment.objects.filter(uuid=run, user=user).first()
    if stored is None or stored.participation is None:
        return None
    part = Participation.objects.select_related("campaign").filter(pk=stored.participation).first()
    if part is None:
        return None
    return Table(
        user=user,
        sitting=hot.sitting_of_row(stored, user.uuid, knowledge_of(user)),
        status=part.status,
        closed=bool(part.deleted_at or part.campaign.archived_at or part.campaign.deleted_at),
        title=part.campaign.title or part.campaign.journey_name,
        campaign=part.campaign.uuid,
    )
