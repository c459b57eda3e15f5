"""Reads on tests: the knowledge of a person, the open question, the answers of a run, the rebuild from the log."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max

from pix.accounts.models import User
from pix.assessment.engine import knowledge as engine
from pix.assessment.engine.frames import Frame
from pix.assessment.engine.knowledge import CompetenceState, micros
from pix.assessment.enums import Kind, Outcome, Trouble
from pix.assessment.marking import STATUSES
from pix.assessment.models import Answer, Assessment, KnowledgeState, ProfileSummary, QuestionReport, ReturnedFile
from pix.assessment.sitting import KnowledgeRow, read_seen


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One answer of a run, as a checkpoint or a correction shows it."""

    rank: int
    question: str
    outcome: Outcome
    value: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CompetenceLine:
    """Level and pix of one competence."""

    competence: str
    level: int
    pix: int


def knowledge_of(user: User) -> dict[str, KnowledgeRow]:
    """Everything known of a person, by competence: one statement."""
    rows = KnowledgeState.objects.filter(user=user).values_list("competence", "data", "seen", "level", "version")
    return {
        competence: KnowledgeRow(
            competence, CompetenceState.load(data, competence), read_seen(competence, seen), level, version
        )
        for competence, data, seen, level, version in rows
    }


def answers_of(assessment: int) -> list[AnswerLine]:
    """The log of a run, in order."""
    rows = Answer.objects.filter(assessment_id=assessment).order_by("rank")
    return [
        AnswerLine(rank, question, Outcome(outcome), value, at)
        for rank, question, outcome, value, at in rows.values_list("rank", "question", "outcome", "value", "at")
    ]


def profile_of(user: User) -> dict[str, CompetenceLine]:
    """Level and pix by competence."""
    rows = KnowledgeState.objects.filter(user=user).values_list("competence", "level", "pix")
    return {row[0]: CompetenceLine(*row) for row in rows}


def summary_of(user: User) -> ProfileSummary | None:
    return ProfileSummary.objects.filter(user=user).first()


def unmet_points(assessment: int) -> dict[int, tuple[str, ...]]:
    """What the check of each returned file found missing, by rank."""
    rows = ReturnedFile.objects.filter(assessment_id=assessment).values_list("rank", "unmet")
    return {rank: tuple(unmet) for rank, unmet in rows}


FrameOf = Callable[[Assessment], Frame]
"""Gives the frozen frame of a run; the room that asked the run knows it."""


def rebuild(user: User, frame_of: Mapping[str, FrameOf]) -> dict[str, CompetenceState]:
    """The knowledge of a person from the log alone; equal, byte for byte, to what is stored.

    ``frame_of``: kind of run → how to find its frame. Runs of other kinds leave no knowledge.
    """
    runs = {
        row.pk: row for row in Assessment.objects.filter(user=user) if row.kind in frame_of and row.kind in set(Kind)
    }
    known: dict[int | str, engine.Assessment] = {
        pk: engine.Assessment(engine.Run(pk, micros(row.created_at), row.replay), frame_of[row.kind](row))
        for pk, row in runs.items()
    }
    log = [
        engine.Answered(run, question_skill(known[run].frame, question), STATUSES[Outcome(outcome)], micros(at))
        for run, question, outcome, at in Answer.objects.filter(assessment_id__in=runs)
        .order_by("at", "assessment_id", "rank")
        .values_list("assessment_id", "question", "outcome", "at")
    ]
    return engine.rebuild(log, known)


def question_skill(frame: Frame, question: str) -> str:
    """The target skill that holds this question in the frame; empty when it has left the frame."""
    for skill in frame.skills:
        if any(one.id == question for one in skill.questions):
            return skill.id
    return ""


@dataclass(frozen=True, slots=True)
class Reported:
    """A question with what was said of it and is not closed: nobody's name, no run."""

    question: str
    count: int
    last: datetime
    troubles: tuple[tuple[Trouble, int], ...]
    """The most frequent first."""
    texts: tuple[str, ...]
    """What was written, the latest first, at most ten."""


def reported_questions(most: int = 200) -> tuple[Reported, ...]:
    """Questions with open reports, the most reported first."""
    rows = QuestionReport.objects.filter(handled_at=None)
    chosen = rows.values("question").annotate(count=Count("id"), last=Max("at")).order_by("-count", "question")[:most]
    said: dict[str, list[tuple[str, str]]] = {}
    lines = rows.filter(question__in=[one["question"] for one in chosen]).order_by("-at")
    for question, trouble, text in lines.values_list("question", "trouble", "text"):
        said.setdefault(question, []).append((trouble, text))
    return tuple(
        Reported(
            question=one["question"],
            count=one["count"],
            last=one["last"],
            troubles=tuple(
                (Trouble(kind), n) for kind, n in Counter(k for k, _ in said[one["question"]]).most_common()
            ),
            texts=tuple(text for _, text in said[one["question"]] if text)[:10],
        )
        for one in chosen
        if one["question"] in said
    )
