"""Reads of the pupil's side: the campaign behind a code, the page to open, cards, results, corrections."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pix.accounts.access import Person
from pix.assessment.enums import Outcome
from pix.assessment.marking import mark_again, variant_of
from pix.assessment.models import Assessment
from pix.assessment.queries import answers_of, knowledge_of, unmet_points
from pix.campaigns.enums import Status
from pix.campaigns.models import Campaign, Participation
from pix.campaigns.queries.table import live_flags
from pix.campaigns.rules import (
    Stage,
    is_code,
    normalise_code,
    progress,
    reached_stage,
    replay_opens_at,
    stages_of,
    tally,
)
from pix.content import releases
from pix.content.release import Tutorial
from pix.content.variants import Variant


@dataclass(frozen=True, slots=True)
class Card:
    """One of « Mes parcours »."""

    run: UUID
    title: str
    school: str
    code: str
    status: Status
    started_at: datetime
    shared_at: datetime | None
    percent: int
    progress: int
    stars: int | None
    stars_total: int
    closed: bool


@dataclass(frozen=True, slots=True)
class CompetenceResult:
    index: str
    name: str
    area: str
    validated: int
    targeted: int
    percent: int


@dataclass(frozen=True, slots=True)
class Results:
    """The end page of a run."""

    title: str
    school: str
    status: Status
    percent: int
    validated: int
    targeted: int
    stage: Stage | None
    stars: int
    stars_total: int
    competences: tuple[CompetenceResult, ...]
    closed: bool
    shared_at: datetime | None
    replay_opens_at: datetime | None
    """Set when the campaign may be replayed after a delay."""
    nothing_asked: bool
    code: str


@dataclass(frozen=True, slots=True)
class CorrectedAnswer:
    """One answer with its correction."""

    rank: int
    outcome: Outcome
    variant: Variant
    value: str
    shown_solution: str
    fields: dict[str, bool]
    unmet: tuple[str, ...]
    hint: str
    tutorials: tuple[Tutorial, ...]
    more: tuple[Tutorial, ...]
    skill_text: str


def campaign_of_code(typed: str) -> Campaign | None:
    """The campaign of a typed code, open or not; ``None`` when no campaign has it."""
    code = normalise_code(typed)
    if not is_code(code):
        return None
    return Campaign.objects.select_related("organization").filter(code=code, deleted_at=None).first()


def current_participation(person: Person, campaign: Campaign) -> Participation | None:
    """One's participation that is not superseded."""
    return Participation.objects.filter(campaign=campaign, user=person.user, superseded=False, deleted_at=None).first()


def run_uuid(participation: Participation) -> UUID:
    """Public id of the run of a participation."""
    return Assessment.objects.values_list("uuid", flat=True).get(pk=participation.assessment or 0)


def cards_of(person: Person) -> list[Card]:
    """« Mes parcours », what waits first: to send, then in progress, then done; latest first."""
    rows = list(
        Participation.objects.filter(
            user=person.user, superseded=False, deleted_at=None, campaign__deleted_at=None
        ).select_related("campaign__organization")
    )
    runs = Assessment.objects.in_bulk([row.assessment for row in rows if row.assessment is not None])
    waiting = any(row.status == Status.TO_SHARE for row in rows)
    knowledge = knowledge_of(person.user) if waiting else {}
    order = {Status.TO_SHARE: 0, Status.STARTED: 1, Status.SHARED: 2}
    cards = []
    for row in rows:
        stages = stages_of(row.campaign.rules)
        run = runs[row.assessment or 0]
        stage, percent = row.stage, row.percent
        if row.status == Status.TO_SHARE:
            counted = tally(row.campaign.skills, live_flags(run, row.campaign, person.user, knowledge))
            stage, percent = reached_stage([one.threshold for one in stages], counted.percent), counted.percent
        cards.append(
            Card(
                run=run.uuid,
                title=row.campaign.title or row.campaign.journey_name or row.campaign.name,
                school=row.campaign.organization.name,
                code=row.campaign.code,
                status=Status(row.status),
                started_at=row.created_at,
                shared_at=row.shared_at,
                percent=percent,
                progress=progress(completed=row.status != Status.STARTED, assessed=row.assessed, targeted=row.targeted),
                stars=stage if stages else None,
                stars_total=max(0, len(stages) - 1),
                closed=row.campaign.archived_at is not None,
            )
        )
    return sorted(cards, key=lambda card: (order[card.status], -card.started_at.timestamp()))


def results_of(participation: Participation) -> Results:
    """The end page: as things stand now until the results are sent, frozen then (learning 7.1)."""
    campaign = participation.campaign
    bank = releases.current()
    run = Assessment.objects.get(pk=participation.assessment or 0)
    stages = stages_of(campaign.rules)
    user = participation.user
    if participation.status == Status.TO_SHARE and user is not None:
        flags = live_flags(run, campaign, user, knowledge_of(user))
        counted = tally(campaign.skills, flags)
        reached, percent = reached_stage([one.threshold for one in stages], counted.percent), counted.percent
    else:
        counted = tally(campaign.skills, participation.flags)
        reached, percent = participation.stage, participation.percent
    stage = stages[reached] if reached is not None and stages else None
    competences = []
    for one in counted.competences:
        named = bank.competences.get(one.competence)
        competences.append(
            CompetenceResult(
                index=one.competence,
                name=named.name if named else one.competence,
                area=named.area if named else "",
                validated=one.validated,
                targeted=one.targeted,
                percent=(200 * one.validated + one.targeted) // (2 * one.targeted) if one.targeted else 0,
            )
        )
    delay = int(campaign.rules.get("replay_delay_seconds", 4 * 24 * 3600))
    again = (
        replay_opens_at(participation.shared_at, delay)
        if campaign.multiple_sending and participation.shared_at and counted.validated < counted.targeted
        else None
    )
    return Results(
        title=campaign.title or campaign.journey_name or campaign.name,
        school=campaign.organization.name,
        status=Status(participation.status),
        percent=percent,
        validated=counted.validated,
        targeted=counted.targeted,
        stage=stage,
        stars=reached or 0,
        stars_total=max(0, len(stages) - 1),
        competences=tuple(competences),
        closed=campaign.archived_at is not None,
        shared_at=participation.shared_at,
        replay_opens_at=again,
        nothing_asked=run.answered == 0,
        code=campaign.code,
    )


def corrections_of(person: Person, run: UUID, *, first: int = 1, last: int = 10_000) -> list[CorrectedAnswer]:
    """The answers of one's run from rank ``first`` to ``last``, each with its correction."""
    stored = Assessment.objects.filter(uuid=run, user=person.user).first()
    if stored is None:
        return []
    bank = releases.get(stored.release)
    kept = unmet_points(stored.pk)
    corrected = []
    for line in answers_of(stored.pk):
        if not first <= line.rank <= last:
            continue
        variant = variant_of(
            release=stored.release, question=line.question, person=person.user.uuid, attempt=stored.uuid
        )
        marked = mark_again(variant, line.outcome, line.value)
        skill = bank.skills[variant.question.skill]
        corrected.append(
            CorrectedAnswer(
                rank=line.rank,
                outcome=line.outcome,
                variant=variant,
                value=line.value,
                shown_solution=variant.shown_solution,
                fields=dict(marked.fields or {}),
                unmet=kept.get(line.rank, marked.unmet),
                hint=skill.hint,
                tutorials=tuple(bank.tutorials[key] for key in skill.tutorials if key in bank.tutorials),
                more=tuple(bank.tutorials[key] for key in skill.more if key in bank.tutorials),
                skill_text=skill.text,
            )
        )
    return corrected


def open_codes(*, most: int = 20) -> list[tuple[str, str, str]]:
    """School, name and code of open campaigns, for the demonstration's start page."""
    rows = Campaign.objects.filter(archived_at=None, deleted_at=None).order_by("organization__name", "id")
    return list(rows.values_list("organization__name", "name", "code")[:most])
