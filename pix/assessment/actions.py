"""Writes on tests: start a run, record an answer, note a lost focus. One transaction each, guarded by versions."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from pix.accounts.models import User
from pix.assessment import hot
from pix.assessment.engine.classic import Asked, Finished, Pick
from pix.assessment.engine.correction import time_spent
from pix.assessment.engine.frames import Frame
from pix.assessment.engine.interface import gained
from pix.assessment.engine.knowledge import CompetenceState, Evidence, changes_by_competence, instant, micros
from pix.assessment.enums import Kind, Outcome, State, Trouble
from pix.assessment.marking import STATUSES, Marked, Submission, mark, variant_of
from pix.assessment.models import Answer, Assessment, KnowledgeState, ProfileSummary, QuestionReport, ReturnedFile
from pix.assessment.rules import push_recent
from pix.assessment.sitting import ENGINES, KnowledgeRow, Sitting, write_history, write_seen
from pix.audit.actions import record
from pix.content import releases


class Stale(Exception):
    """The run or the knowledge changed since it was read: read again and decide again."""


class NotAsked(Exception):
    """The question answered is not the one being served (409): the page reloads the current one."""


class Ended(Exception):
    """The run is over (409)."""


@dataclass(frozen=True, slots=True)
class Step:
    """One answer decided, not written yet: pure values."""

    sitting: Sitting
    marked: Marked
    pick: Pick | Finished
    changed: Mapping[str, CompetenceState]
    """Competence → new state of the rows that this answer changes."""
    evidence: Mapping[str, Evidence]
    """What counts in the run after the answer, on the frame's skills."""
    history: tuple[Asked, ...]
    at: datetime

    @property
    def finished(self) -> bool:
        return isinstance(self.pick, Finished)

    @property
    def answered(self) -> int:
        return self.sitting.answered + 1

    def level_gained(self) -> tuple[str, int] | None:
        """``(competence, level)`` when this answer raised a level."""
        for competence, state in self.changed.items():
            row = self.sitting.knowledge.get(competence)
            level = state.level(settings.MAX_LEVEL)
            if level > (row.level if row else 0):
                return competence, level
        return None

    def validated(self, frame: Frame) -> int:
        return sum(1 for skill in frame.skills if (e := self.evidence.get(skill.id)) is not None and e.validated)

    def assessed(self, frame: Frame) -> int:
        return sum(1 for skill in frame.skills if skill.id in self.evidence)


def start_run(
    *,
    user: User,
    kind: Kind,
    scope: int | None,
    participation: int | None,
    frame: Frame,
    release: str,
    knowledge: Mapping[str, KnowledgeRow],
    replay: bool = False,
    engine: str = "classic",
    seed: int | None = None,
    at: datetime,
) -> tuple[Assessment, bool]:
    """Open a run and draw its first question, in the caller's transaction. True when there is nothing to ask."""
    chosen = ENGINES[engine]
    row = Assessment.objects.create(
        user=user,
        kind=kind,
        scope=scope,
        participation=participation,
        engine=chosen.name,
        engine_version=chosen.version,
        release=release,
        seed=secrets.randbits(32) if seed is None else seed,
        replay=replay,
        created_at=at,
    )
    sitting = hot.sitting_of_row(row, user.uuid, knowledge)
    pick = chosen.next_item(frame, sitting.engine_state(frame))
    if isinstance(pick, Finished):
        row.state, row.completed_at = State.COMPLETED, at
    else:
        row.open_question, row.open_skill, row.served_at = pick.question, pick.skill, at
    row.version = 1
    row.save()
    return row, isinstance(pick, Finished)


def decide(sitting: Sitting, frame: Frame, *, rank: int, sent: Submission, at: datetime) -> Step:
    """What one answer means. Raises ``Ended``, ``NotAsked``, ``MalformedAnswer``. Writes nothing."""
    if sitting.state != State.STARTED:
        raise Ended
    if rank != sitting.rank or not sitting.open_question or sitting.served_at is None:
        raise NotAsked
    variant = variant_of(
        release=sitting.release, question=sitting.open_question, person=sitting.user_uuid, attempt=sitting.uuid
    )
    elapsed = (at - sitting.served_at).total_seconds()
    marked = mark(variant, sent, elapsed_seconds=elapsed)
    status = STATUSES[marked.outcome]
    engine = ENGINES[sitting.engine]
    before = sitting.engine_state(frame)
    item = Asked(sitting.open_question, sitting.open_skill, None, variant.question.timer is not None)
    after = engine.answer(frame, before, item, status, max(0, int(elapsed)), at=micros(at))
    changed: dict[str, CompetenceState] = {}
    for competence, changes in changes_by_competence(frame, gained(before, after)).items():
        row = sitting.knowledge.get(competence)
        changed[competence] = (row.state if row else CompetenceState()).with_changes(changes)
    return Step(
        sitting=sitting,
        marked=marked,
        pick=engine.next_item(frame, after),
        changed=changed,
        evidence=after.evidence,
        history=after.history,
        at=at,
    )


def write(step: Step, frame: Frame, sent: Submission) -> None:
    """Write a decided answer, in the caller's transaction: log, knowledge, run. Raises ``Stale``: nothing is written."""
    sitting, at = step.sitting, step.at
    assert sitting.served_at is not None
    asked_in = frame.skill(sitting.open_skill).competence
    pick = step.pick
    over = isinstance(pick, Finished)
    try:
        with hot.round_trip():
            written = [
                hot.insert_answer(
                    [
                        sitting.id,
                        sitting.rank,
                        sitting.open_question,
                        int(step.marked.outcome),
                        step.marked.value,
                        time_spent(sitting.served_at, at),
                        sent.time_left,
                        hot.stored_instant(at),
                    ]
                )
            ]
            for competence in {*step.changed, asked_in}:
                seen = sitting.open_question if competence == asked_in else ""
                written.append(hot.upsert_knowledge(_knowledge_values(step, competence, also_seen=seen)))
            written.append(
                hot.update_assessment(
                    [
                        step.answered,
                        "" if isinstance(pick, Finished) else pick.question,
                        "" if isinstance(pick, Finished) else pick.skill,
                        None if over else hot.stored_instant(at),
                        push_recent(sitting.recent, int(step.marked.outcome)),
                        write_history(step.history),
                        State.COMPLETED if over else State.STARTED,
                        hot.stored_instant(at) if over else None,
                        sitting.id,
                        sitting.version,
                    ]
                )
            )
    except IntegrityError as error:
        raise Stale from error
    if any(count() != 1 for count in written):
        raise Stale
    if sent.returned is not None:
        ReturnedFile.objects.create(
            assessment_id=sitting.id,
            rank=sitting.rank,
            name=sent.returned.name[:120],
            content=sent.returned.content,
            unmet=list(step.marked.unmet),
        )
    if step.level_gained() is not None or _level_lost(step):
        refresh_summary(user_id=sitting.user_id, at=at)


def _level_lost(step: Step) -> bool:
    return any(
        (row := step.sitting.knowledge.get(competence)) is not None and state.level(settings.MAX_LEVEL) < row.level
        for competence, state in step.changed.items()
    )


def _knowledge_values(step: Step, competence: str, *, also_seen: str) -> list[object]:
    row = step.sitting.knowledge.get(competence)
    state = step.changed.get(competence) or (row.state if row else CompetenceState())
    seen = row.seen if row else ()
    if also_seen and also_seen not in seen:
        seen = (*seen, also_seen)
    last = state.last_at
    return [
        step.sitting.user_id,
        competence,
        state.dump(competence),
        write_seen(competence, seen),
        state.units,
        state.level(settings.MAX_LEVEL),
        state.pix(settings.MAX_LEVEL),
        hot.stored_instant(instant(last)) if last is not None else None,
        row.version if row else 0,
    ]


def refresh_summary(*, user_id: int, at: datetime, keep_date: bool = False) -> ProfileSummary:
    """Write what lists show of a profile, from the knowledge rows, in the caller's transaction.

    ``keep_date``: the same figures keep the date of the profile that gave them.
    """
    from pix.assessment.engine.scoring import certifiable, certifiable_count

    # Locked before the knowledge is read: of two writers at once, the second sees what the first learnt.
    stored = ProfileSummary.objects.select_for_update().filter(user_id=user_id).first()
    known = list(KnowledgeState.objects.filter(user_id=user_id).values_list("competence", "level", "pix"))
    main = releases.current().competences if known else {}
    rows = [(level, pix) for competence, level, pix in known if competence in main]
    levels = [level for level, _pix in rows]
    summary = ProfileSummary(
        user_id=user_id,
        pix=sum(pix for _level, pix in rows),
        level_one_competences=certifiable_count(levels),
        certifiable=certifiable(levels),
        updated_at=at,
    )
    if keep_date and stored is not None and _figures(stored) == _figures(summary):
        return stored
    ProfileSummary.objects.bulk_create(
        [summary],
        update_conflicts=True,
        unique_fields=["user"],
        update_fields=["pix", "level_one_competences", "certifiable", "updated_at"],
    )
    return summary


def _figures(summary: ProfileSummary) -> tuple[int, int, bool]:
    return summary.pix, summary.level_one_competences, summary.certifiable


def ensure_summary(*, user_id: int, at: datetime) -> None:
    """Write the summary of an account that has none yet: a link makes the school see it at once (schools 8)."""
    if not ProfileSummary.objects.filter(user_id=user_id).exists():
        refresh_summary(user_id=user_id, at=at)


def first_outcome(*, assessment: int, rank: int) -> Outcome | None:
    """The outcome already stored for this rank, if any: a second submission gets it, whatever it says."""
    stored = Answer.objects.filter(assessment_id=assessment, rank=rank).values_list("outcome", flat=True).first()
    return None if stored is None else Outcome(stored)


def lose_focus(*, assessment: UUID, user: User, rank: int, at: datetime) -> bool:
    """Note that the page of a focus question was left; kept on the server, so that a reload does not forget it."""
    row = Assessment.objects.filter(uuid=assessment, user=user, state=State.STARTED, focus_lost_at=None).first()
    if row is None or row.answered + 1 != rank:
        return False
    question = releases.get(row.release).questions.get(row.open_question)
    if question is None or not question.focusable:
        return False
    with transaction.atomic():
        return Assessment.objects.filter(pk=row.pk, version=row.version).update(focus_lost_at=at) == 1


def drop_returned_files(*, assessment: int) -> int:
    """Delete the files that came back with a run, once its results are sent; gives their number."""
    return ReturnedFile.objects.filter(assessment_id=assessment).delete()[0]


def report_question(*, assessment: UUID, user: User, rank: int, trouble: Trouble, text: str, at: datetime) -> bool:
    """Keep what this person says of a question of their own run, answered or open; said again, the last stands.

    False when the run has no such question. ``text``: at most 500 signs are kept.
    """
    row = Assessment.objects.filter(uuid=assessment, user=user).first()
    if row is None:
        return False
    question = Answer.objects.filter(assessment=row, rank=rank).values_list("question", flat=True).first()
    if question is None and rank == row.answered + 1:
        question = row.open_question
    if not question:
        return False
    QuestionReport.objects.bulk_create(
        [
            QuestionReport(
                assessment=row,
                rank=rank,
                question=question,
                release=row.release,
                trouble=trouble,
                text=text[:500],
                at=at,
            )
        ],
        update_conflicts=True,
        unique_fields=["assessment", "rank"],
        update_fields=["trouble", "text", "at", "handled_at"],
    )
    return True


def handle_reports(*, question: str, by: UUID, until: datetime, at: datetime) -> int:
    """Close what was said of a question up to an instant, shown to whoever closes; gives the number of reports."""
    with transaction.atomic():
        waiting = QuestionReport.objects.filter(question=question, handled_at=None, at__lte=until)
        count = waiting.update(handled_at=at)
        if count:
            record("assessment.handle_reports", at=at, actor=by, question=question, count=count)
    return count
