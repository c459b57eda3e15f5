"""The classic rule: predicts a level from the direct results, then asks the skill that would teach the most.

Source: learning 3.3 to 3.6. Pure: same frame, evidence, history and seed, same question. Evidence is what counts in
the run (``knowledge.known_in``), history the answers of this assessment.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp
from typing import NamedTuple

from .frames import FALLBACK_LOCALES, Frame, FrameQuestion, QuestionStatus, Seat, View
from .knowledge import Evidences

NAME = "classic"
VERSION = 1

FIRST_LEVEL = 2
GREATEST_GAP = 2
LEVELS = tuple(step / 2 for step in range(1, 16))
"""Candidate predicted levels, 0.5 to 7.5."""

VIRTUAL_ANSWERS = ((0, True), (7, False))
QUESTIONS_BETWEEN_CHECKPOINTS = 5
_SAME = 1e-9
_DEEPEST = 8

_SUCCESS = {level: tuple(1 / (1 + exp(d - level)) for d in range(_DEEPEST + 1)) for level in LEVELS}
"""Chance of success at predicted level L on a skill of level d."""

_ROWS = tuple(_SUCCESS[level] for level in LEVELS)


@dataclass(frozen=True, slots=True)
class Asked:
    """One answer of this assessment. ``success``: ``None`` when it says nothing (``unimplemented``): counts as not
    asked, but the question is not served again. ``timed``: the question had a timer."""

    question: str
    skill: str
    success: bool | None
    timed: bool = False


@dataclass(frozen=True, slots=True)
class Pick:
    """The question to serve. ``level``: predicted level; ``candidates``: the skills it was drawn among."""

    skill: str
    question: str
    level: float
    candidates: tuple[str, ...]
    timer: int | None = None


class Reason(StrEnum):
    """Why a run is over."""

    ALL_KNOWN = "all_known"
    TOO_HARD = "too_hard"
    NOTHING_PLAYABLE = "nothing_playable"
    MAX_QUESTIONS = "max_questions"


@dataclass(frozen=True, slots=True)
class Finished:
    reason: Reason
    level: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """Level shown in the journal."""

    level: float


def h(x: int) -> int:
    """Scrambles 32 bits: the only source of chance of a run."""
    x = (x - (x << 6)) & 0xFFFFFFFF
    x ^= x >> 17
    x = (x - (x << 9)) & 0xFFFFFFFF
    x ^= (x << 4) & 0xFFFFFFFF
    x = (x - (x << 3)) & 0xFFFFFFFF
    x ^= (x << 10) & 0xFFFFFFFF
    return x ^ (x >> 15)


def predicted_level(direct: Iterable[tuple[int, bool]]) -> float:
    """The candidate level that best explains direct results ``(skill level, success)`` and the two virtual answers."""
    tries = [0] * (_DEEPEST + 1)
    right = 0
    for level, success in (*VIRTUAL_ANSWERS, *direct):
        tries[level] += 1
        right += success
    asked = [(d, count) for d, count in enumerate(tries) if count]
    best, least = LEVELS[0], float("inf")
    for candidate, row in zip(LEVELS, _ROWS, strict=True):
        gap = abs(right - sum([count * row[d] for d, count in asked]))
        if gap < least - _SAME:
            best, least = candidate, gap
    return best


def estimate(frame: Frame, evidence: Evidences) -> Estimate:
    """Predicted level on the direct evidence of the target skills; inferred evidence does not count."""
    direct = [
        (skill.level, known.validated)
        for skill in frame.skills
        if (known := evidence.get(skill.id)) is not None and known.direct
    ]
    return Estimate(predicted_level(direct))


def rewards(
    tube: Sequence[tuple[int, bool]], level: float, candidates: Iterable[int] = range(1, _DEEPEST + 1)
) -> dict[int, float]:
    """Reward of each candidate level of one tube, given ``(skill level, has evidence)`` per skill name."""
    unknown = [0] * (_DEEPEST + 1)
    for d, known in tube:
        unknown[d] += not known
    return {d: _reward(unknown, d, _SUCCESS[level]) for d in candidates}


def _reward(unknown: Sequence[int], d: int, success: Sequence[float]) -> float:
    p = success[d]
    return p * sum(unknown[: d + 1]) + (1 - p) * sum(unknown[d:])


def _unknown_by_tube(view: View, evidence: Evidences) -> list[list[int]]:
    """Per tube, number of skill names without evidence at each level."""
    counts = [[0] * (_DEEPEST + 1) for _ in view.groups]
    if view.simple:
        for seat in view.seats:
            if seat.id not in evidence:
                counts[seat.tube][seat.level] += 1
        return counts
    for count, groups in zip(counts, view.groups, strict=True):
        for d, group in groups:
            if any(seat.id not in evidence for seat in group):
                count[d] += 1
    return counts


class _Used(NamedTuple):
    """Questions answered in this assessment, and the skills they belong to."""

    questions: set[str]
    skills: set[str]


def _untimed_if_any(seats: list[Seat], used: _Used) -> list[Seat]:
    """Timed = the first question that remains has a timer."""
    untimed = [
        seat
        for seat in seats
        if not (seat.timed if seat.id not in used.skills else _remaining(seat, used.questions)[0].timer is not None)
    ]
    return untimed or seats


def _within_reach(easy: list[Seat], playable: list[Seat], level: float, after_timed: _Used | None) -> list[Seat]:
    """Easy tubes first, no two timed questions in a row when that can be; never more than 2 levels above ``level``.

    Each preference yields when it alone would end the run: a run ends only when nothing fits at all.
    """
    tries = [easy, playable] if easy else [playable]
    if after_timed is not None:
        tries = [*(_untimed_if_any(seats, after_timed) for seats in tries), playable]
    for seats in tries:
        fitting = [seat for seat in seats if seat.level - level <= GREATEST_GAP]
        if fitting:
            return fitting
    return []


def _remaining(seat: Seat, answered: Container[str]) -> list[FrameQuestion]:
    return [question for question in seat.questions if question.id not in answered]


def next_question(
    frame: Frame,
    evidence: Evidences,
    history: Sequence[Asked],
    seed: int,
    locales: Sequence[str] = FALLBACK_LOCALES,
    seen: Container[str] = frozenset(),
    max_questions: int | None = None,
) -> Pick | Finished:
    """What to ask now.

    ``evidence``: what counts in this run (target skills or more); ``history``: answers of this assessment, in order;
    ``seed``: drawn with the assessment, 32 bits; ``locales``: chain of the person, best first; ``seen``: ids of
    questions that this person ever saw, in any run; ``max_questions``: option of the campaign.
    """
    view = frame.view(locales)
    spoken = [asked for asked in history if asked.success is not None]
    first = not spoken
    level = float(FIRST_LEVEL) if first else estimate(frame, evidence).level
    if max_questions is not None and len(spoken) >= max_questions:
        return Finished(Reason.MAX_QUESTIONS, level)

    used = _Used({asked.question for asked in history}, {asked.skill for asked in history})
    unknown = [seat for seat in view.seats if seat.id not in evidence]
    playable = [seat for seat in unknown if seat.id not in used.skills or _remaining(seat, used.questions)]
    if not playable:
        known = all(skill.id in evidence for skill in frame.skills)
        return Finished(Reason.ALL_KNOWN if known else Reason.NOTHING_PLAYABLE, level)

    easy = [seat for seat in playable if seat.easy]
    if first:
        chosen = _untimed_if_any(easy or playable, used)
        levels = {seat.level for seat in chosen}
        wanted = FIRST_LEVEL if FIRST_LEVEL in levels else min(levels)
        chosen = [seat for seat in chosen if seat.level == wanted]
    else:
        chosen = _within_reach(easy, playable, level, used if spoken[-1].timed else None)
        if not chosen:
            return Finished(Reason.TOO_HARD, level)
        chosen = _most_rewarding(chosen, _unknown_by_tube(view, evidence), level)

    seat = chosen[h(seed) % len(chosen)]
    question = _choose_question(_remaining(seat, used.questions), view, seed, seen)
    return Pick(seat.id, question.id, level, tuple(one.id for one in chosen), question.timer)


def _most_rewarding(seats: list[Seat], unknown: list[list[int]], level: float) -> list[Seat]:
    success = _SUCCESS[level]
    worth: dict[tuple[int, int], float] = {}
    for seat in seats:
        key = (seat.tube, seat.level)
        if key not in worth:
            worth[key] = _reward(unknown[seat.tube], seat.level, success)
    bar = max(worth.values()) - _SAME
    return [seat for seat in seats if worth[seat.tube, seat.level] >= bar]


def _choose_question(remaining: list[FrameQuestion], view: View, seed: int, seen: Container[str]) -> FrameQuestion:
    """Best locale, then validated before archived, then never seen before seen; chance decides among the rest."""
    best = min(view.locales.index(question.locale) for question in remaining)
    left = [question for question in remaining if question.locale == view.locales[best]]
    left = [question for question in left if question.status is QuestionStatus.VALIDATED] or left
    left = [question for question in left if question.id not in seen] or left
    return left[h(seed + 1) % len(left)]
