"""Virtual pupils who play the very engines of the web, so that an engine is judged on what it does, not on what we hope.

Source: measurement 8. Everything is drawn from a seed; the same pupil gives the same answer to the same item under
every engine (common random numbers), so two engines are compared on the same people.

Definitions used by the figures:

- *true pix* of a pupil in a competence: sum over its skills of pix × [true η of the tube ≥ true difficulty of the
  skill]; *true level*: whole part of true pix ÷ 8, capped; both compared with the engine's ``Result``;
- *expected pix* of an engine: ``Result.competences[c].pix`` (for the classic rule, the pix earned); its level: whole
  part ÷ 8, capped the same way;
- ``pix_rmse``: root mean square of expected − true pix over all (pupil, competence) pairs; ``level_exact`` and
  ``level_within1``: shares, 0…1, of these pairs; ``questions_mean`` and ``questions_p95``: over pupils, for all the
  competences together (p95 = smallest count that at least 95 % of the pupils do not exceed);
- ``ms_per_question``: mean time of ``next_item`` in milliseconds; the only figure that is not reproducible.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, exp, sqrt
from time import perf_counter
from typing import TypedDict

from .classic import Finished
from .correction import Status
from .frames import Frame, FrameQuestion, FrameSkill
from .interface import Config, Engine, Kind
from .knowledge import Run
from .scoring import MAX_LEVEL, PIX_PER_LEVEL, UNITS_PER_PIX, skill_units

LEVEL_BOUNDS = (-2.0, -1.0, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0)
"""Ability from which a person has level 1, 2, … 8: the default table of certification 5.9, carried on to level 8."""


@dataclass(frozen=True, slots=True)
class World:
    """Deviations of area, competence and tube around the general ability (standard deviations)."""

    area: float
    competence: float
    tube: float


BASE = World(0.25, 0.45, 0.45)
WEAK = World(0.35, 0.75, 0.65)

POPULATIONS = ((0.35, -0.20, 0.95), (0.40, 0.60, 1.05), (0.15, 1.30, 1.05), (0.10, 0.80, 1.45))
"""Collège, lycée, post-bac, adults: share, mean, standard deviation of the general ability."""


@dataclass(frozen=True, slots=True)
class ItemParameters:
    """P(right | η) = c + (d − c) · logistic(a (η − b)); never shown to an engine here."""

    a: float
    b: float
    c: float = 0.0
    d: float = 0.97

    def success(self, ability: float) -> float:
        return self.c + (self.d - self.c) / (1 + exp(-self.a * (ability - self.b)))


@dataclass(frozen=True, slots=True)
class SimulatedCompetence:
    id: str
    area: str
    frame: Frame


@dataclass(frozen=True, slots=True)
class SimulatedBank:
    """A bank as plain values: one frame per competence, the truth about each item and each skill."""

    competences: tuple[SimulatedCompetence, ...]
    items: dict[str, ItemParameters]
    difficulties: dict[str, float]
    """Skill → true difficulty."""


class Figures(TypedDict):
    engine: str
    pupils: int
    questions_mean: float
    questions_p95: int
    pix_rmse: float
    level_exact: float
    level_within1: float
    ms_per_question: float


COMPETENCE_CODES = (
    "1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.4", "3.1", "3.2", "3.3", "3.4", "4.1", "4.2", "4.3", "5.1", "5.2",
)  # fmt: skip


def true_parameters(rng: random.Random, level: int) -> tuple[float, list[ItemParameters]]:
    """True difficulty of a skill and two or three items for it (as many as the caller takes)."""
    skill = LEVEL_BOUNDS[level - 1] - 0.25 + rng.gauss(0, 0.35)
    items = [
        ItemParameters(
            a=1.15 * exp(rng.gauss(0, 0.35)),
            b=skill + rng.gauss(0, 0.40),
            c=rng.uniform(0.08, 0.25) if rng.random() < 0.30 else 0.0,
        )
        for _ in range(3)
    ]
    return skill, items


def synthetic_bank(
    seed: int, competences: int = 16, tubes: int = 6, skills: int = 427, items: int = 871, top_level: int = MAX_LEVEL
) -> SimulatedBank:
    """A bank of the planned size. Each tube covers consecutive levels; each level of a competence has at least two
    skills, so that it is worth its 8 pix. With other sizes, ``skills`` and ``items`` stay the totals."""
    rng = random.Random(f"bank {seed}")
    codes = (COMPETENCE_CODES + tuple(f"{6 + i // 9}.{i % 9 + 1}" for i in range(max(0, competences - 16))))[
        :competences
    ]
    per = [skills // competences + (i < skills % competences) for i in range(competences)]
    laid = [
        (code, tube, level)
        for code, n in zip(codes, per, strict=True)
        for tube, level in _lay(rng, n, tubes, top_level)
    ]
    extra = [items // skills] * skills
    for i in rng.sample(range(skills), items - sum(extra)):
        extra[i] += 1
    units = skill_units((f"{code}.{tube}-N{level}", code, level, True) for code, tube, level in laid)
    parameters: dict[str, ItemParameters] = {}
    difficulties: dict[str, float] = {}
    rows: dict[str, list[FrameSkill]] = {code: [] for code in codes}
    for (code, tube, level), count in zip(laid, extra, strict=True):
        id = f"{code}.{tube}-N{level}"
        difficulties[id], drawn = true_parameters(rng, level)
        questions = []
        for letter, item in zip("abcdefghij", drawn[:count], strict=False):
            parameters[f"{id}-{letter}"] = item
            questions.append(FrameQuestion(f"{id}-{letter}", "fr"))
        rows[code].append(FrameSkill(id, f"{code}.{tube}", level, tuple(questions), code, units[id]))
    return SimulatedBank(
        tuple(SimulatedCompetence(code, code.split(".")[0], Frame(rows[code])) for code in codes),
        parameters,
        difficulties,
    )


def _lay(rng: random.Random, skills: int, tubes: int, top: int) -> list[tuple[int, int]]:
    """(tube, level) of the skills of a competence: consecutive levels in a tube, at least two skills at each level."""
    while True:
        lengths = [skills // tubes + (i < skills % tubes) for i in range(tubes)]
        for _ in range(tubes // 2):
            i, j = rng.randrange(tubes), rng.randrange(tubes)
            if i != j and lengths[i] < top and lengths[j] > 2:
                lengths[i], lengths[j] = lengths[i] + 1, lengths[j] - 1
        laid = []
        for tube, length in enumerate(lengths, 1):
            low = rng.randint(1, top - length + 1)
            laid += [(tube, level) for level in range(low, low + length)]
        if all(sum(level == wanted for _, level in laid) >= 2 for wanted in range(1, top + 1)):
            return laid


@dataclass(frozen=True, slots=True)
class VirtualPupil:
    """``abilities``: tube → true η; ``key``: makes the answers of this pupil."""

    key: str
    abilities: dict[str, float]

    def answers(self, item: str, parameters: ItemParameters, tube: str) -> bool:
        """The answer to one item: the same under every engine, in any order."""
        return random.Random(f"{self.key} {item}").random() < parameters.success(self.abilities[tube])


def virtual_pupil(bank: SimulatedBank, seed: int, number: int, world: World = BASE) -> VirtualPupil:
    """Pupil ``number`` of a population: general ability from the mixture, then area, competence, tube deviations."""
    rng = random.Random(f"pupil {seed} {number}")
    _, mean, deviation = rng.choices(POPULATIONS, [share for share, _, _ in POPULATIONS])[0]
    general = rng.gauss(mean, deviation)
    areas: dict[str, float] = {}
    abilities: dict[str, float] = {}
    for competence in bank.competences:
        area = areas.setdefault(competence.area, rng.gauss(0, world.area))
        theta = general + area + rng.gauss(0, world.competence)
        for tube in competence.frame.tubes:
            abilities[tube] = theta + rng.gauss(0, world.tube)
    return VirtualPupil(f"answers {seed} {number}", abilities)


def true_units(bank: SimulatedBank, competence: SimulatedCompetence, pupil: VirtualPupil) -> int:
    """True pix of the pupil in a competence, in units."""
    return sum(
        skill.units for skill in competence.frame.skills if pupil.abilities[skill.tube] >= bank.difficulties[skill.id]
    )


@dataclass(frozen=True, slots=True)
class Played:
    """One competence played: what was asked, and the engine's pix at the end."""

    questions: tuple[str, ...]
    pix: float
    seconds: float


def play(
    bank: SimulatedBank, competence: SimulatedCompetence, engine: Engine, pupil: VirtualPupil, seed: int
) -> Played:
    """One competence run from nothing to its end, through the interface."""
    frame = competence.frame
    state = engine.start(frame, Kind.COMPETENCE, Config(), seed, {}, run=Run(competence.id, 0))
    asked: list[str] = []
    seconds = 0.0
    while True:
        before = perf_counter()
        item = engine.next_item(frame, state)
        seconds += perf_counter() - before
        if isinstance(item, Finished):
            return Played(tuple(asked), engine.result(frame, state).competences[competence.id].pix, seconds)
        right = pupil.answers(item.question, bank.items[item.question], frame.skill(item.skill).tube)
        asked.append(item.question)
        state = engine.answer(frame, state, item, Status.OK if right else Status.KO, 60, at=len(asked))


def transcript(frame: Frame, engine: Engine, seed: int, right: Callable[[int, FrameSkill], bool]) -> list[str]:
    """One run from nothing as lines of text, for regression files: ``level {candidates}→question ok``, then ``end``.

    ``right(rank, skill)`` answers; ``rank`` counts from 0. Braces only where chance chose among several skills.
    """
    state = engine.start(frame, Kind.CAMPAIGN, Config(), seed, {}, run=Run("transcript", 0))
    lines: list[str] = []
    while not isinstance(item := engine.next_item(frame, state), Finished):
        status = Status.OK if right(len(lines), frame.skill(item.skill)) else Status.KO
        drawn = f"{{{','.join(item.candidates)}}}→" if len(item.candidates) > 1 else ""
        lines.append(f"{item.level:g} {drawn}{item.question} {status}")
        state = engine.answer(frame, state, item, status, 60, at=len(lines))
    return [*lines, "end"]


def simulate_placement(
    bank: SimulatedBank, engine: Engine, pupils: int, seed: int, world: World = BASE, max_level: int = MAX_LEVEL
) -> Figures:
    """Placement of every competence by ``pupils`` virtual pupils, each competence a run of its own from nothing.

    Same arguments, same figures (``ms_per_question`` aside). Raises ``ValueError`` without pupil or competence.
    """
    if pupils < 1 or not bank.competences:
        raise ValueError("at least one pupil and one competence")
    counts: list[int] = []
    squares = seconds = 0.0
    exact = near = 0
    for number in range(pupils):
        pupil = virtual_pupil(bank, seed, number, world)
        seeds = random.Random(f"runs {seed} {number}")
        total = 0
        for competence in bank.competences:
            played = play(bank, competence, engine, pupil, seeds.getrandbits(32))
            true = true_units(bank, competence, pupil)
            total += len(played.questions)
            seconds += played.seconds
            squares += (played.pix - true / UNITS_PER_PIX) ** 2
            # A whole number of pix may arrive as 7.999999 from a sum of floats.
            gap = abs(
                min(int((played.pix + 1e-9) // PIX_PER_LEVEL), max_level)
                - min(true // (PIX_PER_LEVEL * UNITS_PER_PIX), max_level)
            )
            exact += gap == 0
            near += gap <= 1
        counts.append(total)
    pairs = pupils * len(bank.competences)
    return Figures(
        engine=engine.name,
        pupils=pupils,
        questions_mean=sum(counts) / pupils,
        questions_p95=_percentile(counts, 95),
        pix_rmse=sqrt(squares / pairs),
        level_exact=exact / pairs,
        level_within1=near / pairs,
        ms_per_question=1000 * seconds / max(1, sum(counts)),
    )


def _percentile(values: Sequence[int], percent: int) -> int:
    ordered = sorted(values)
    return ordered[ceil(percent * len(ordered) / 100) - 1]
