"""The one door of every engine: ``start``, ``next_item``, ``answer``, ``result`` over a ``State`` that is a value.

Source: measurement 1. The bank in scope (a ``Frame``) is immutable shared content, handed to each call and never part
of the state. ``State.to_json`` is what a domain may store; ``from_json`` gives an equal state. A state may also be
made again at any moment from the log and the knowledge rows: ``start`` with a ``history``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any, Protocol

from . import classic
from .classic import Asked, Finished, Pick
from .correction import Status
from .frames import FALLBACK_LOCALES, Frame
from .knowledge import FAILURE_DELAY, CompetenceState, Evidence, Evidences, Run, known_in, learn
from .scoring import UNITS_PER_PIX


class Kind(StrEnum):
    COMPETENCE = "competence"
    CAMPAIGN = "campaign"
    CERTIFICATION = "certification"
    REPLAY = "replay"


@dataclass(frozen=True, slots=True)
class Config:
    """Settings copied into the assessment. ``locales``: chain of the person; ``failure_delay`` in seconds."""

    locales: tuple[str, ...] = FALLBACK_LOCALES
    failure_delay: int = int(FAILURE_DELAY.total_seconds())
    max_questions: int | None = None


@dataclass(frozen=True, slots=True)
class State:
    """A run as a value: serialisable, small, comparable.

    ``evidence``: what counts in this run on the skills of its frame, the run's own included; ``history``: its answers
    in order; ``seen``: questions of the frame that the person saw before this run, sorted.
    """

    engine: str
    version: int
    kind: Kind
    config: Config
    seed: int
    run: Run
    evidence: Evidences = field(default_factory=dict)
    history: tuple[Asked, ...] = ()
    seen: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """A JSON value, the same for equal states."""
        return {
            "engine": [self.engine, self.version],
            "kind": self.kind.value,
            "config": [list(self.config.locales), self.config.failure_delay, self.config.max_questions],
            "seed": self.seed,
            "run": [self.run.assessment, self.run.created_at],
            "evidence": CompetenceState(self.evidence).pack(),
            "history": [[a.question, a.skill, a.success, a.timed] for a in self.history],
            "seen": list(self.seen),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "State":
        kind = Kind(stored["kind"])
        locales, delay, most = stored["config"]
        assessment, created_at = stored["run"]
        return cls(
            stored["engine"][0],
            stored["engine"][1],
            kind,
            Config(tuple(locales), delay, most),
            stored["seed"],
            Run(assessment, created_at, kind is Kind.REPLAY),
            CompetenceState.unpack(stored["evidence"]).evidence,
            tuple(Asked(*row) for row in stored["history"]),
            tuple(stored["seen"]),
        )


@dataclass(frozen=True, slots=True)
class SkillResult:
    """``mastery``: probability in 0…1. ``direct``: the evidence comes from an answer, not from a deduction."""

    mastery: float
    direct: bool


@dataclass(frozen=True, slots=True)
class Measure:
    """Of one tube, one competence or all. ``pix``: expected; ``deviation`` and ``interval`` (95 %) are ``None`` for an
    engine that claims no uncertainty; ``direct``: number of direct answers."""

    pix: float
    direct: int
    deviation: float | None = None
    interval: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What an engine believes, on the skills of the frame."""

    skills: Mapping[str, SkillResult]
    tubes: Mapping[str, Measure]
    competences: Mapping[str, Measure]
    total: Measure


class Engine(Protocol):
    """Every engine. Pure: no clock, no database, no chance but the seed."""

    name: str
    version: int

    def start(
        self,
        bank: Frame,
        kind: Kind,
        config: Config,
        seed: int,
        evidence: Evidences,
        *,
        run: Run,
        seen: Iterable[str] = (),
        history: Sequence[Asked] = (),
    ) -> State: ...

    def next_item(self, bank: Frame, state: State) -> Pick | Finished: ...

    def answer(
        self, bank: Frame, state: State, item: Pick | Asked, outcome: Status, seconds: int, *, at: int
    ) -> State: ...

    def result(self, bank: Frame, state: State) -> Result: ...


class Classic:
    """The classic rule behind the common interface."""

    name = classic.NAME
    version = classic.VERSION

    def start(
        self,
        bank: Frame,
        kind: Kind,
        config: Config,
        seed: int,
        evidence: Evidences,
        *,
        run: Run,
        seen: Iterable[str] = (),
        history: Sequence[Asked] = (),
    ) -> State:
        """A run at its beginning, or resumed with its ``history``: ``evidence`` is all that the person's rows hold now,
        the run's own included; what is too old for this run is put aside here.

        Raises ``ValueError`` for a certification (this rule does not certify) or a seed out of 32 bits.
        """
        if kind is Kind.CERTIFICATION:
            raise ValueError("the classic rule does not certify")
        if not 0 <= seed < 2**32:
            raise ValueError("a seed has 32 bits")
        run = replace(run, replay=kind is Kind.REPLAY)
        held = {skill.id: evidence[skill.id] for skill in bank.skills if skill.id in evidence}
        known = known_in(held, run, timedelta(seconds=config.failure_delay))
        questions = {question.id for skill in bank.skills for question in skill.questions} if seen else set()
        mine = tuple(sorted(questions.intersection(seen)))
        return State(self.name, self.version, kind, config, seed, run, known, tuple(history), mine)

    def next_item(self, bank: Frame, state: State) -> Pick | Finished:
        """The question to serve, or why the run is over. The same as long as nothing is answered."""
        return classic.next_question(
            bank,
            state.evidence,
            state.history,
            state.seed,
            state.config.locales,
            frozenset(state.seen),
            state.config.max_questions,
        )

    def answer(self, bank: Frame, state: State, item: Pick | Asked, outcome: Status, seconds: int, *, at: int) -> State:
        """The run after one answer. ``seconds`` (time on the question) is not used by this rule; ``at``: instant of the
        answer in microseconds. Raises ``ValueError`` if the question was already answered in this run."""
        if any(asked.question == item.question for asked in state.history):
            raise ValueError(f"question {item.question} is already answered in this run")
        timed = item.timer is not None if isinstance(item, Pick) else item.timed
        asked = Asked(item.question, item.skill, outcome.success, timed)
        changes = learn(bank, state.evidence, state.run, item.skill, outcome, at)
        return replace(state, evidence={**state.evidence, **changes}, history=(*state.history, asked))

    def result(self, bank: Frame, state: State) -> Result:
        """Validated = mastered for sure, everything else not at all; pix are those earned."""
        skills: dict[str, SkillResult] = {}
        tubes: dict[str, list[Evidence]] = {}
        competences: dict[str, dict[str, Evidence]] = {}
        for skill in bank.skills:
            own = tubes.setdefault(skill.tube, [])
            row = competences.setdefault(skill.competence, {})
            known = state.evidence.get(skill.id)
            skills[skill.id] = SkillResult(float(known is not None and known.validated), bool(known and known.direct))
            if known is not None:
                own.append(known)
                row[skill.id] = known
        by_competence = {code: CompetenceState(row) for code, row in competences.items()}
        units = sum(competence.units for competence in by_competence.values())
        return Result(
            skills,
            {tube: _measure(sum(e.units for e in own), own) for tube, own in tubes.items()},
            {code: _measure(row.units, row.evidence.values()) for code, row in by_competence.items()},
            _measure(units, [e for own in tubes.values() for e in own]),
        )


def _measure(units: int, evidence: Iterable[Evidence]) -> Measure:
    return Measure(units / UNITS_PER_PIX, sum(known.direct for known in evidence))


def gained(before: State, after: State) -> dict[str, Evidence]:
    """The evidence that an answer changed: what the knowledge rows take over."""
    return {skill: e for skill, e in after.evidence.items() if before.evidence.get(skill) is not e}
