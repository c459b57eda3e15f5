"""What a pupil does in a campaign: start, answer, send. One transaction each; a second try gives the first outcome."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from pix.accounts.access import Person
from pix.assessment import actions as assessment
from pix.assessment.engine.frames import Frame
from pix.assessment.engine.knowledge import Evidences
from pix.assessment.enums import Kind, Outcome
from pix.assessment.hot import sitting_of_row
from pix.assessment.marking import Submission
from pix.assessment.models import Assessment
from pix.assessment.queries import knowledge_of
from pix.assessment.rules import ends_block
from pix.audit.actions import record
from pix.campaigns.enums import CampaignType, Refusal, Status
from pix.campaigns.models import Campaign, Participation, ParticipationCompetence, ParticipationTube
from pix.campaigns.queries.table import Table, flags_of, frame_of, frozen_skills, read_table
from pix.campaigns.rules import (
    Former,
    Tally,
    reached_stage,
    replay_opens_at,
    stages_of,
    start_refusal,
    tally,
)
from pix.content import releases
from pix.learners import actions as learners
from pix.learners.models import Pupil
from pix.learners.rules.certifiability import Known

TRIES = 8
"""Decisions taken again when somebody wrote in between; more would be a fault."""


class Refused(Exception):
    """A wish that the present state forbids. ``opens_at``: when it will be possible, for ``TOO_EARLY``."""

    def __init__(self, refusal: Refusal, *, opens_at: datetime | None = None, run: UUID | None = None) -> None:
        super().__init__(refusal)
        self.refusal = refusal
        self.opens_at = opens_at
        self.run = run
        """The run to go back to, when there is one."""


class Closed(Exception):
    """The campaign no longer takes answers or sendings (403)."""


class NotOver(Exception):
    """Results are asked for or sent before the run is over (409)."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What the page shows after an answer."""

    outcome: Outcome
    rank: int
    """Rank that was answered."""
    again: bool
    """The answer had been received already: this is its first outcome."""
    finished: bool
    block_ended: bool
    level_gained: tuple[str, int] | None
    table: Table
    """The run as it is now."""


def start(*, person: Person, campaign: Campaign, at: datetime, seed: int | None = None) -> Participation:
    """Start, or replay after a sending. Raises ``Refused``; two clicks at once give the same participation.

    Order of the refusals: learning 5.7.
    """
    try:
        with transaction.atomic():
            return _start(person, campaign, at, seed)
    except IntegrityError:
        row = Participation.objects.filter(
            campaign=campaign, user=person.user, superseded=False, deleted_at=None
        ).first()
        if row is None:
            raise
        return row


def _start(person: Person, campaign: Campaign, at: datetime, seed: int | None) -> Participation:
    campaign = Campaign.objects.select_related("organization").get(pk=campaign.pk)
    pupil = Pupil.objects.select_for_update().filter(organization=campaign.organization, user=person.user).first()
    latest = None
    other_account = False
    if pupil is not None:
        rows = Participation.objects.filter(campaign=campaign, pupil=pupil, superseded=False)
        latest = rows.order_by(F("deleted_at").asc(nulls_first=True), "-id").first()
        other_account = latest is not None and latest.deleted_at is None and latest.user_id != person.user.pk
    former = (
        Former(
            latest.status, latest.validated, latest.targeted, latest.shared_at, deleted=latest.deleted_at is not None
        )
        if latest is not None and not other_account
        else None
    )
    delay = int(campaign.rules.get("replay_delay_seconds", timedelta(days=4).total_seconds()))
    refusal = start_refusal(
        learner_active=pupil is None or pupil.active,
        campaign_open=campaign.archived_at is None and campaign.deleted_at is None,
        linked=pupil is not None,
        multiple_sending=campaign.multiple_sending,
        former=former,
        other_account_in=other_account,
        at=at,
        delay_seconds=delay,
    )
    if refusal is not None:
        run = Assessment.objects.filter(pk=latest.assessment or 0).first() if latest and not other_account else None
        opens = replay_opens_at(latest.shared_at, delay) if latest is not None and latest.shared_at else None
        raise Refused(refusal, opens_at=opens, run=run.uuid if run else None)
    assert pupil is not None
    replay = former is not None and not former.deleted
    if replay and latest is not None:
        Participation.objects.filter(pk=latest.pk).update(superseded=True)
    release = releases.current().id
    frame = frame_of(campaign.pk, release)
    row = Participation.objects.create(
        campaign=campaign,
        pupil=pupil,
        user=person.user,
        status=Status.STARTED,
        created_at=at,
        targeted=campaign.targeted,
    )
    knowledge = knowledge_of(person.user)
    run, over = assessment.start_run(
        user=person.user,
        kind=Kind.CAMPAIGN,
        scope=campaign.pk,
        participation=row.pk,
        frame=frame,
        release=release,
        knowledge=knowledge,
        replay=replay,
        engine=campaign.rules.get("engine", settings.PLACEMENT_ENGINE),
        seed=seed,
        at=at,
    )
    row.assessment = run.pk
    evidence = sitting_of_row(run, person.user.uuid, knowledge).engine_state(frame).evidence
    _apply_progress(row, campaign, frame, evidence)
    if over:
        row.status, row.completed_at = Status.TO_SHARE, at
        _apply_result(row, campaign, frame, evidence)
    row.save()
    if not replay:
        Campaign.objects.filter(pk=campaign.pk).update(participants_count=F("participants_count") + 1)
    elif latest is not None and latest.status == Status.SHARED:
        # Both counters speak of current participations: the former sending is no longer the current one.
        Campaign.objects.filter(pk=campaign.pk).update(shared_count=F("shared_count") - 1)
    learners.note_participation(
        pupil=pupil,
        campaign=campaign.uuid,
        campaign_name=campaign.name,
        type=campaign.type,
        status=row.status,
        started_at=at,
        first=not replay,
        at=at,
    )
    record(
        "campaigns.start",
        at=at,
        actor=person.user.uuid,
        target=row.uuid,
        organization=campaign.organization.uuid,
        replay=replay,
    )
    return row


def _apply_progress(row: Participation, campaign: Campaign, frame: Frame, evidence: Evidences) -> Tally:
    counted = tally(campaign.skills, flags_of(campaign.skills, evidence))
    row.assessed, row.validated, row.percent = counted.assessed, counted.validated, counted.percent
    return counted


def _apply_result(row: Participation, campaign: Campaign, frame: Frame, evidence: Evidences) -> Tally:
    counted = _apply_progress(row, campaign, frame, evidence)
    row.targeted = counted.targeted
    row.flags = flags_of(campaign.skills, evidence)
    row.stage = reached_stage([stage.threshold for stage in stages_of(campaign.rules)], counted.percent)
    return counted


def answer(*, table: Table, rank: int, sent: Submission, at: datetime) -> Answered:
    """Record one answer and draw the next question.

    Raises ``Closed``, ``assessment.NotAsked``, ``assessment.Ended``, ``MalformedAnswer``. An answer already received
    for this rank gives its first outcome and stores nothing.
    """
    for _try in range(TRIES):
        if rank <= table.sitting.answered:
            return _already(table, rank)
        if table.closed:
            raise Closed
        frame = table.frame()
        step = assessment.decide(table.sitting, frame, rank=rank, sent=sent, at=at)
        try:
            with transaction.atomic():
                assessment.write(step, frame, sent)
                if step.finished or ends_block(step.answered):
                    _note_progress(table, step, frame)
        except assessment.Stale:
            table = read_table(table.user, table.sitting.uuid) or table
            continue
        return Answered(
            outcome=step.marked.outcome,
            rank=rank,
            again=False,
            finished=step.finished,
            block_ended=ends_block(step.answered) and not step.finished,
            level_gained=step.level_gained(),
            table=_after(table, step),
        )
    raise assessment.Stale


def _already(table: Table, rank: int) -> Answered:
    outcome = assessment.first_outcome(assessment=table.sitting.id, rank=rank)
    if outcome is None:
        raise assessment.NotAsked
    return Answered(
        outcome=outcome,
        rank=rank,
        again=True,
        finished=table.status != Status.STARTED,
        block_ended=ends_block(rank) and rank == table.sitting.answered,
        level_gained=None,
        table=table,
    )


def _after(table: Table, step: assessment.Step) -> Table:
    """The table after the answer, without reading it again."""
    from dataclasses import replace

    from pix.assessment.engine.classic import Pick
    from pix.assessment.enums import State
    from pix.assessment.rules import push_recent

    pick = step.pick
    asked = isinstance(pick, Pick)
    sitting = replace(
        table.sitting,
        answered=step.answered,
        open_question=pick.question if isinstance(pick, Pick) else "",
        open_skill=pick.skill if isinstance(pick, Pick) else "",
        served_at=step.at if asked else None,
        focus_lost_at=None,
        recent=push_recent(table.sitting.recent, int(step.marked.outcome)),
        history=step.history,
        state=State.STARTED if asked else State.COMPLETED,
        version=table.sitting.version + 1,
    )
    return replace(table, sitting=sitting, status=Status.STARTED if asked else Status.TO_SHARE)


def _locked(participation: int) -> Participation:
    """The row, locked, then its campaign as it is now.

    A join with the lock would give, on PostgreSQL, the campaign as it was before the wait: archived meanwhile, unseen.
    """
    Participation.objects.select_for_update().get(pk=participation)
    return Participation.objects.select_related("campaign__organization", "pupil").get(pk=participation)


def _note_progress(table: Table, step: assessment.Step, frame: Frame) -> None:
    """At each block and at the end: the participation's own figures, in the answer's transaction."""
    if not step.finished:
        # The run's own row is held by this transaction: nobody else moves this participation forward.
        skills = frozen_skills(table.sitting.scope or 0)
        counted = tally(skills, flags_of(skills, step.evidence))
        Participation.objects.filter(pk=table.sitting.participation or 0, status=Status.STARTED).update(
            assessed=counted.assessed, validated=counted.validated, percent=counted.percent
        )
        return
    row = _locked(table.sitting.participation or 0)
    row.status, row.completed_at = Status.TO_SHARE, step.at
    _apply_result(row, row.campaign, frame, step.evidence)
    row.save()
    learners.note_status(pupil=row.pupil, campaign=row.campaign.uuid, status=Status.TO_SHARE, at=step.at)


def share(*, person: Person, participation: Participation, at: datetime) -> Participation:
    """Send one's results: freeze them. A second sending changes nothing and gives the first. Raises ``Closed``,
    ``NotOver``."""
    with transaction.atomic():
        row = _locked(participation.pk)
        if row.status == Status.SHARED:
            return row
        if row.campaign.archived_at or row.campaign.deleted_at or row.deleted_at:
            raise Closed
        if row.status != Status.TO_SHARE or row.assessment is None:
            raise NotOver
        run = Assessment.objects.get(pk=row.assessment)
        frame = frame_of(row.campaign_id, run.release)
        sitting = sitting_of_row(run, person.user.uuid, knowledge_of(person.user))
        counted = _apply_result(row, row.campaign, frame, sitting.engine_state(frame).evidence)
        summary = assessment.refresh_summary(user_id=person.user.pk, at=at)
        row.pix, row.certifiable = summary.pix, summary.certifiable
        row.certifiable_competences = summary.level_one_competences
        row.status, row.shared_at = Status.SHARED, at
        row.save()
        ParticipationTube.objects.bulk_create(
            ParticipationTube(
                participation=row,
                tube=tube.tube,
                validated=tube.validated,
                highest_validated=tube.highest_validated,
                lowest_missing=tube.lowest_missing,
            )
            for tube in counted.tubes
        )
        ParticipationCompetence.objects.bulk_create(
            ParticipationCompetence(
                participation=row, competence=one.competence, validated=one.validated, targeted=one.targeted
            )
            for one in counted.competences
        )
        Campaign.objects.filter(pk=row.campaign_id).update(shared_count=F("shared_count") + 1)
        assessment.drop_returned_files(assessment=run.pk)
        learners.note_status(pupil=row.pupil, campaign=row.campaign.uuid, status=Status.SHARED, at=at)
        if row.campaign.type == CampaignType.PROFILE:
            learners.set_collection(pupil=row.pupil, last=Known(summary.certifiable, at))
        record(
            "campaigns.share",
            at=at,
            actor=person.user.uuid,
            target=row.uuid,
            organization=row.campaign.organization.uuid,
        )
    return row
