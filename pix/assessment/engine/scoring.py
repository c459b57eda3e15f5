"""Pix, levels, percentages and stages: integers only, rounded once, at display (learning 0, 1.3, 4.1, 4.2, 7.1, 7.2)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

UNITS_PER_PIX = 720_720
"""Least common multiple of 1…16, so that any 8/n pix is a whole number of units."""

MAX_SKILLS_PER_LEVEL = 16
PIX_PER_LEVEL = 8
MAX_LEVEL = 7
"""Default of the setting: 7 levels opened, 896 pix."""

COMPETENCES = 16
CERTIFIABLE_COMPETENCES = 5
CERTIFIABLE_LEVEL = 1
BAR_CAP = 95.0

RESET_DELAY = timedelta(days=7)
IMPROVE_DELAY = timedelta(days=4)
REPLAY_DELAY = timedelta(days=4)


# --- pix ----------------------------------------------------------------------------------------------------------


def pix_value_units(skills_of_level: int) -> int:
    """Worth of one skill, in units, among ``n`` counting skills of its competence and level: ``min(4, 8/n)`` pix.

    ``ValueError`` beyond 16 skills: not a whole number of units, the content is refused.
    """
    if not 1 <= skills_of_level <= MAX_SKILLS_PER_LEVEL:
        raise ValueError(f"a level holds 1 to {MAX_SKILLS_PER_LEVEL} skills, not {skills_of_level}")
    return min(4 * UNITS_PER_PIX, PIX_PER_LEVEL * UNITS_PER_PIX // skills_of_level)


def skill_units(skills: Iterable[tuple[str, str, int, bool]]) -> dict[str, int]:
    """Units of every skill of a content: ``(id, competence, level, counts)`` → id → units.

    A skill that does not count (inactive, other framework, no question where that rule applies) is worth 0.
    """
    rows = list(skills)
    sizes = Counter((competence, level) for _, competence, level, counts in rows if counts)
    return {id: pix_value_units(sizes[competence, level]) if counts else 0 for id, competence, level, counts in rows}


def displayed_pix(units: int, max_level: int = MAX_LEVEL) -> int:
    """``min(floor(E), 8 × max_level)``."""
    return min(units // UNITS_PER_PIX, PIX_PER_LEVEL * max_level)


def level(units: int, max_level: int = MAX_LEVEL) -> int:
    """``min(floor(E / 8), max_level)``."""
    return min(units // (PIX_PER_LEVEL * UNITS_PER_PIX), max_level)


def ahead(units: int, max_level: int = MAX_LEVEL) -> int:
    """Pix already earned above the level: 0…7."""
    return displayed_pix(units, max_level) % PIX_PER_LEVEL


def remaining(units: int, max_level: int = MAX_LEVEL) -> int:
    """Pix before the next level: 1…8."""
    return PIX_PER_LEVEL - ahead(units, max_level)


def progress_bar(units: int, max_level: int = MAX_LEVEL) -> float:
    """Width in % of the bar towards the next level, capped at 95."""
    return min(ahead(units, max_level) * 100 / PIX_PER_LEVEL, BAR_CAP)


def total_pix(units: Iterable[int], max_level: int = MAX_LEVEL) -> int:
    """Sum of the displayed pix of the competences."""
    return sum(displayed_pix(one, max_level) for one in units)


def greatest_total(max_level: int = MAX_LEVEL, competences: int = COMPETENCES) -> int:
    """896 with 7 levels, 1024 with 8."""
    return competences * PIX_PER_LEVEL * max_level


def level_name(level: int) -> str:
    """« Novice », « Indépendant », « Avancé », « Expert »; empty at level 0."""
    return ("", "Novice", "Indépendant", "Avancé", "Expert")[(level + 1) // 2]


def certifiable_count(levels: Iterable[int], min_level: int = CERTIFIABLE_LEVEL) -> int:
    """Number of competences whose displayed level counts."""
    return sum(one >= min_level for one in levels)


def certifiable(
    levels: Iterable[int], needed: int = CERTIFIABLE_COMPETENCES, min_level: int = CERTIFIABLE_LEVEL
) -> bool:
    """At least 5 competences at level 1 or more (two settings)."""
    return certifiable_count(levels, min_level) >= needed


def days_left(since: datetime, now: datetime, delay: timedelta) -> int:
    """Whole days shown before a delay ends: ``max(0, ceil(delay − days since))``, fractional days counted."""
    return max(0, -((now.astimezone(UTC) - opens_at(since, delay)) // timedelta(days=1)))


def opens_at(since: datetime, delay: timedelta) -> datetime:
    """The instant, in UTC, shown beside the days; the gate is ``now >= opens_at``. Days are 24 h of elapsed time, so
    the sum is made in UTC: a clock change in between moves the hour on the wall."""
    return since.astimezone(UTC) + delay


# --- percentages --------------------------------------------------------------------------------------------------


def pct(value: int, total: int) -> int:
    """Percentage rounded half up to an integer, 0 when ``total`` is 0: the one that is compared with thresholds."""
    return 0 if total == 0 else (200 * value + total) // (2 * total)


class Mastery(NamedTuple):
    """Validated skills among the targeted ones."""

    validated: int
    targeted: int

    @property
    def percent(self) -> int:
        return pct(self.validated, self.targeted)

    @property
    def complete(self) -> bool:
        """100 % by counts: 199/200 shows « 100 % » and is not complete."""
        return self.validated == self.targeted


def mastery(targets: Iterable[str], validated: Iterable[str]) -> Mastery:
    """Counts among ``targets``; ``validated`` may hold skills that are not targeted."""
    wanted = set(targets)
    return Mastery(len(wanted.intersection(validated)), len(wanted))


# --- stages -------------------------------------------------------------------------------------------------------


class StageKind(StrEnum):
    THRESHOLD = "threshold"
    LEVEL = "level"
    FIRST_SKILL = "first_skill"


@dataclass(frozen=True, slots=True)
class Stage:
    """One « palier ». ``value``: percentage of a threshold, level of a level stage; the zero stage has value 0."""

    kind: StageKind
    value: int = 0


def check_stages(stages: Sequence[Stage], highest_cap: int) -> list[str]:
    """What is wrong in a list of stages given in order; empty when nothing is. Codes: ``ZERO_STAGE_MISSING``,
    ``STAGES_MIXED``, ``STAGE_DUPLICATE``, ``STAGES_UNORDERED``, ``STAGE_OUT_OF_RANGE``."""
    problems = []
    graded = [stage for stage in stages if stage.kind is not StageKind.FIRST_SKILL]
    values = [stage.value for stage in graded]
    kinds = {stage.kind for stage in graded if stage.value > 0}
    if not stages or stages[0].kind is StageKind.FIRST_SKILL or stages[0].value != 0:
        problems.append("ZERO_STAGE_MISSING")
    if len(kinds) > 1:
        problems.append("STAGES_MIXED")
    if len(set(values)) != len(values) or len(stages) - len(graded) > 1:
        problems.append("STAGE_DUPLICATE")
    first = [i for i, stage in enumerate(stages) if stage.kind is StageKind.FIRST_SKILL]
    if values != sorted(values) or (first and first[0] != 1):
        problems.append("STAGES_UNORDERED")
    if any(s.value < 0 or s.value > (highest_cap if s.kind is StageKind.LEVEL else 100) for s in graded):
        problems.append("STAGE_OUT_OF_RANGE")
    return problems


def stage_threshold(stage: Stage, skill_levels: Sequence[int]) -> int:
    """Percentage from which a stage is reached, on the levels of the campaign's skills.

    Level L → share of the skills of level ≤ L; 100 when there is none, so that an empty level is no gift. A first-skill
    stage has threshold 0 (it is reached by a count).
    """
    if stage.kind is not StageKind.LEVEL or stage.value == 0:
        return stage.value if stage.kind is StageKind.THRESHOLD else 0
    below = sum(one <= stage.value for one in skill_levels)
    return pct(below, len(skill_levels)) if below else 100


class Reached(NamedTuple):
    """``number``: 1-based rank of the current stage (0 when there is no stage); ``stars`` of ``total``."""

    number: int
    stars: int
    total: int


def reached(stages: Sequence[Stage], mastered: Mastery, skill_levels: Sequence[int] = ()) -> Reached:
    """Current stage = the last reached in order; stars = stages reached above zero."""
    hits = [
        i
        for i, stage in enumerate(stages, 1)
        if i == 1
        or (
            mastered.validated >= 1
            if stage.kind is StageKind.FIRST_SKILL
            else stage_threshold(stage, skill_levels) <= mastered.percent
        )
    ]
    return Reached(hits[-1], len(hits) - 1, len(stages) - 1) if hits else Reached(0, 0, 0)


def reached_threshold(thresholds: Sequence[int], percent: int) -> Reached:
    """The same for plain thresholds, ascending, the first being 0."""
    number = sum(threshold <= percent for threshold in thresholds)
    return Reached(number, max(0, number - 1), max(0, len(thresholds) - 1))


def bounds(thresholds: Iterable[int]) -> list[tuple[int, int]]:
    """Inclusive percentages of each stage, for filters and headings: 0/21/51/81 → 0-20, 21-50, 51-80, 81-100."""
    ordered = sorted(thresholds)
    ranges: list[tuple[int, int]] = []
    for i, threshold in enumerate(ordered):
        start = ranges[-1][1] + 1 if ranges else threshold
        end = max(start, ordered[i + 1] - 1) if i + 1 < len(ordered) else 100
        ranges.append((start, end))
    return ranges
