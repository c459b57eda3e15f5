"""A run read whole, as a value: what an answer needs, whatever way it was read from the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from pix.assessment.engine.classic import Asked
from pix.assessment.engine.frames import Frame, locale_chain
from pix.assessment.engine.interface import Classic, Config, Engine, Kind, State
from pix.assessment.engine.knowledge import CompetenceState, Evidence, Run, micros

ENGINES: dict[str, Engine] = {"classic": Classic()}
"""Engines that can be chosen by configuration (``bayesian`` comes beside)."""


@dataclass(frozen=True, slots=True)
class KnowledgeRow:
    """One row of ``KnowledgeState``, read."""

    competence: str
    state: CompetenceState
    seen: tuple[str, ...]
    level: int
    version: int


@dataclass(frozen=True, slots=True)
class Sitting:
    """A run and what its person knows. ``history`` is the log of the run, in order."""

    id: int
    uuid: UUID
    user_id: int
    user_uuid: UUID
    kind: str
    state: str
    scope: int | None
    participation: int | None
    engine: str
    release: str
    seed: int
    replay: bool
    answered: int
    open_question: str
    open_skill: str
    served_at: datetime | None
    focus_lost_at: datetime | None
    recent: str
    history: tuple[Asked, ...]
    version: int
    created_at: datetime
    knowledge: Mapping[str, KnowledgeRow]

    @property
    def rank(self) -> int:
        """Rank of the open question, from 1."""
        return self.answered + 1

    @property
    def run(self) -> Run:
        return Run(self.id, micros(self.created_at), self.replay)

    def engine_state(self, frame: Frame) -> State:
        """The run as the engine's value, made from the log and the knowledge rows."""
        held: dict[str, Evidence] = {}
        seen: list[str] = []
        for row in self.knowledge.values():
            held.update(row.state.evidence)
            seen.extend(row.seen)
        return ENGINES[self.engine].start(
            frame,
            Kind.REPLAY if self.replay else Kind.CAMPAIGN if self.kind == "campaign" else Kind.COMPETENCE,
            Config(locales=locale_chain(settings.LANGUAGE_CODE)),
            self.seed,
            held,
            run=self.run,
            seen=seen,
            history=self.history,
        )


def write_seen(competence: str, seen: tuple[str, ...]) -> str:
    """Ids separated by spaces, without the competence that most of them begin with: « .1-N3-a »."""
    return " ".join(one.removeprefix(competence) if one.startswith(f"{competence}.") else one for one in seen)


def read_seen(competence: str, text: str) -> tuple[str, ...]:
    """Reads ``write_seen`` back."""
    return tuple(competence + one if one.startswith(".") else one for one in text.split())


def write_history(history: tuple[Asked, ...]) -> str:
    """``question|1`` a line: ``1`` success, ``0`` failure, ``-`` says nothing; ``t`` after it when timed.

    The skill is written only when the question's id does not begin with it: ``question|skill|1``.
    """
    flags = {True: "1", False: "0", None: "-"}
    return "\n".join(
        f"{a.question}|{'' if a.question.rpartition('-')[0] == a.skill else a.skill + '|'}"
        f"{flags[a.success]}{'t' if a.timed else ''}"
        for a in history
    )


def read_history(text: str) -> tuple[Asked, ...]:
    """Reads ``write_history`` back."""
    flags = {"1": True, "0": False, "-": None}
    found = []
    for line in text.split("\n"):
        if line:
            question, *named, flag = line.split("|")
            skill = named[0] if named else question.rpartition("-")[0]
            found.append(Asked(question, skill, flags[flag[0]], flag.endswith("t")))
    return tuple(found)
