"""What is known of a person: evidence per skill, what one answer changes, what counts at the start of a run.

Source: learning 3.7, 3.8, 3.9 and 4.1. Instants are whole microseconds since 1970 in UTC (``micros``), so that a state
rebuilt from the log is the same byte for byte.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from . import scoring
from .correction import Status
from .frames import Frame

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)
_VALIDATED, _DIRECT, _SOURCE = 1, 2, 4

FAILURE_DELAY = timedelta(days=4)
"""Default delay before a failure may be asked again: 4 × 24 h, counted in seconds."""

AssessmentId = int | str


def micros(instant: datetime) -> int:
    """Whole microseconds since 1970 of an aware ``instant``."""
    return (instant - _EPOCH) // _MICRO


def instant(at: int) -> datetime:
    """The instant, in UTC, of a number of microseconds."""
    return _EPOCH + at * _MICRO


@dataclass(frozen=True, slots=True)
class Evidence:
    """The present result of a person on one skill.

    ``direct``: answered, else inferred from an answer on the same tube. ``units``: earned, in 1/720720 pix, 0 when not
    validated; frozen at the answer, never recomputed. ``name``: name of the skill, "" when the same as its id.
    """

    validated: bool
    direct: bool
    at: int
    assessment: AssessmentId
    units: int = 0
    name: str = ""


Evidences = Mapping[str, Evidence]
"""Skill id → evidence."""


@dataclass(frozen=True, slots=True)
class Run:
    """The assessment in which answers are given. ``replay``: of a campaign after sending (protects every success)."""

    assessment: AssessmentId
    created_at: int
    replay: bool = False


# --- one answer ---------------------------------------------------------------------------------------------------


def learn(frame: Frame, held: Evidences, run: Run, skill: str, status: Status, at: int) -> dict[str, Evidence]:
    """The changes caused by one answer on ``skill``: skill id → new evidence (may be empty).

    ``held``: all that is known of the person on the frame's skills. Only skills *without evidence from this
    assessment* change: the skill itself (direct), then on its tube every lower or equal level after a success, every
    higher or equal one after a failure (inferred). An inferred failure never replaces a direct success, nor, in a
    replay, any success held when it was created. A status that says nothing changes nothing.
    """
    success = status.success
    if success is None or skill not in frame:
        return {}
    asked = frame.skill(skill)
    changes: dict[str, Evidence] = {}
    for target in frame.tubes[asked.tube]:
        direct = target.id == skill
        if not direct and (target.level > asked.level if success else target.level < asked.level):
            continue
        old = held.get(target.id)
        if old is not None:
            if old.assessment == run.assessment:
                continue
            protected = old.validated and (old.direct or (run.replay and old.at < run.created_at))
            if protected and not (direct or success):
                continue
        name = "" if target.name == target.id else target.name
        changes[target.id] = Evidence(success, direct, at, run.assessment, target.units if success else 0, name)
    return changes


# --- the start of a run -------------------------------------------------------------------------------------------


def is_known(evidence: Evidence, run: Run, delay: timedelta = FAILURE_DELAY) -> bool:
    """Whether the skill of this evidence is not asked in this run: a success; a failure got since the run began; a
    failure younger than ``delay`` at its creation, unless the run is a replay."""
    if evidence.validated or evidence.assessment == run.assessment or evidence.at >= run.created_at:
        return True
    return not run.replay and run.created_at - evidence.at < delay // _MICRO


def known_in(held: Evidences, run: Run, delay: timedelta = FAILURE_DELAY) -> dict[str, Evidence]:
    """The evidence that counts in this run; the rest is put aside and asked again. Right at any moment of the run."""
    return {skill: evidence for skill, evidence in held.items() if is_known(evidence, run, delay)}


def asked_again(held: Evidences, frame: Frame, run: Run, delay: timedelta = FAILURE_DELAY) -> list[str]:
    """Target skills, in frame order, that this run may ask: no evidence, or an evidence put aside."""
    return [s.id for s in frame.skills if s.id not in held or not is_known(held[s.id], run, delay)]


def held_before(held: Evidences, at: int) -> dict[str, Evidence]:
    """Dated reading of a state that holds it: evidence assessed strictly before ``at``."""
    return {skill: evidence for skill, evidence in held.items() if evidence.at < at}


# --- one row per person and competence ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CompetenceState:
    """What a person has shown in one competence: a value, equal to another with the same evidence."""

    evidence: Evidences = field(default_factory=dict)

    @property
    def units(self) -> int:
        """Exact sum of earned units. Of several versions of one skill *name* only the latest evidence counts
        (equal instants: the greatest skill id): a new version replaces the old one, never adds to it."""
        if not any(evidence.name for evidence in self.evidence.values()):
            return sum(evidence.units for evidence in self.evidence.values())
        latest: dict[str, tuple[int, str, int]] = {}
        for skill, evidence in self.evidence.items():
            name = evidence.name or skill
            latest[name] = max(latest.get(name, (-1, "", 0)), (evidence.at, skill, evidence.units))
        return sum(units for _, _, units in latest.values())

    @property
    def last_at(self) -> int | None:
        """Instant of the last evidence, ``None`` when there is none (reset delay, learning 3.9)."""
        return max((evidence.at for evidence in self.evidence.values()), default=None)

    def pix(self, max_level: int = scoring.MAX_LEVEL) -> int:
        """Displayed pix."""
        return scoring.displayed_pix(self.units, max_level)

    def level(self, max_level: int = scoring.MAX_LEVEL) -> int:
        """Displayed level."""
        return scoring.level(self.units, max_level)

    def with_changes(self, changes: Evidences) -> "CompetenceState":
        """The state after an answer."""
        return CompetenceState({**self.evidence, **changes}) if changes else self

    def without(self, skills: Iterable[str]) -> "CompetenceState":
        """The state after a reset of these skills."""
        gone = set(skills)
        return CompetenceState({s: evidence for s, evidence in self.evidence.items() if s not in gone})

    def pack(self, competence: str = "") -> dict[str, Any]:
        """Compact JSON value, the same for equal states: ``e`` = sources ``[assessment, micros]`` in order of time,
        ``s`` = skill → ``[4 × source + flags, units]`` (+ name; the number alone when nothing was earned);
        flags: 1 validated, 2 direct. A skill of the row's own competence is written without it: « .2-N1 » for 4.2.2-N1."""
        sources = sorted(
            {(evidence.at, evidence.assessment) for evidence in self.evidence.values()},
            key=lambda source: (source[0], str(source[1])),
        )
        index = {source: i for i, source in enumerate(sources)}
        skills: dict[str, list[Any] | int] = {}
        for skill in sorted(self.evidence):
            evidence = self.evidence[skill]
            flags = _VALIDATED * evidence.validated + _DIRECT * evidence.direct
            code = _SOURCE * index[evidence.at, evidence.assessment] + flags
            key = skill.removeprefix(competence) if skill.startswith(f"{competence}.") else skill
            if evidence.name:
                skills[key] = [code, evidence.units, evidence.name]
            else:
                skills[key] = [code, evidence.units] if evidence.units else code
        return {"e": [[assessment, at] for at, assessment in sources], "s": skills}

    @classmethod
    def unpack(cls, packed: Mapping[str, Any], competence: str = "") -> "CompetenceState":
        """Reads ``pack`` back, for the same competence. An empty mapping is an empty state."""
        sources = packed.get("e", ())
        evidence: dict[str, Evidence] = {}
        for key, row in packed.get("s", {}).items():
            code, *more = row if isinstance(row, list) else (row,)
            source, flags = divmod(code, _SOURCE)
            assessment, at = sources[source]
            skill = competence + key if key[0] == "." else key
            evidence[skill] = Evidence(bool(flags & _VALIDATED), bool(flags & _DIRECT), at, assessment, *more)
        return cls(evidence)

    def dump(self, competence: str = "") -> str:
        """Canonical text of ``pack``: equal states give equal bytes."""
        return json.dumps(self.pack(competence), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def load(cls, text: str, competence: str = "") -> "CompetenceState":
        """Reads ``dump`` back, for the same competence."""
        return cls.unpack(json.loads(text), competence)


# --- the log ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answered:
    """A row of the answer log."""

    assessment: AssessmentId
    skill: str
    status: Status
    at: int


@dataclass(frozen=True, slots=True)
class Reset:
    """A journalled reset: the evidence of these skills was emptied."""

    skills: frozenset[str]
    at: int


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the log needs to know of an assessment: its run, and the frame of the release that it named."""

    run: Run
    frame: Frame


def changes_by_competence(frame: Frame, changes: Evidences) -> dict[str, dict[str, Evidence]]:
    """Changes of one answer, split by the row they go to."""
    split: dict[str, dict[str, Evidence]] = {}
    for skill, evidence in changes.items():
        split.setdefault(frame.skill(skill).competence, {})[skill] = evidence
    return split


def rebuild(
    log: Iterable[Answered | Reset], assessments: Mapping[AssessmentId, Assessment]
) -> dict[str, CompetenceState]:
    """Everything known of one person, from the log alone, in its order: competence → state, in order of code.

    The caller leaves out exam assessments (their evidence lives in the participation only: rebuild each alone) and
    gives the events in the order in which they were written. A competence emptied by a reset stays, empty.
    """
    held: dict[str, Evidence] = {}
    home: dict[str, str] = {}
    for event in log:
        if isinstance(event, Reset):
            for skill in event.skills:
                held.pop(skill, None)
            continue
        known = assessments[event.assessment]
        changes = learn(known.frame, held, known.run, event.skill, event.status, event.at)
        held.update(changes)
        for skill in changes:
            home[skill] = known.frame.skill(skill).competence
    rows: dict[str, dict[str, Evidence]] = {competence: {} for competence in sorted(set(home.values()))}
    for skill, evidence in held.items():
        rows[home[skill]][skill] = evidence
    return {competence: CompetenceState(row) for competence, row in rows.items()}
