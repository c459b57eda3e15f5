"""What decides in a campaign: codes, limits, stages, counts, moves from one status to the next. Values only."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Any

from pix.campaigns.enums import CampaignType, Mode, Problem, Refusal, Status
from pix.core.exact import pct
from pix.core.texts import squeeze

# --- Code (learning 5.4) ---------------------------------------------------------------------------------------------

DRAWN_LETTERS = "BCDFGHJKMPQRTVWXY"
"""No vowel: no word."""
DRAWN_DIGITS = "2346789"
_CODE = re.compile(r"[ABCDEFGHJKMNPQRSTUVWXYZ]{6}[2-9]{3}")


def draw_code(choice: Callable[[str], str]) -> str:
    """``BCDFGHJ234``-like: 6 letters and 3 digits. ``choice`` draws one sign of a text (``secrets.choice``)."""
    return "".join(choice(DRAWN_LETTERS) for _ in range(6)) + "".join(choice(DRAWN_DIGITS) for _ in range(3))


def normalise_code(typed: str) -> str:
    """What is looked up: every space removed, upper case."""
    return "".join(typed.split()).upper()


def is_code(code: str) -> bool:
    """Whether a normalised code may exist (the wider set of older codes included)."""
    return _CODE.fullmatch(code) is not None


# --- Fields (learning 5.2) -------------------------------------------------------------------------------------------

NAME_MAX = 255
TITLE_MAX = 50
TEXT_MAX = 5000
COPY_PREFIX = "Copie de "


class CampaignRefused(ValueError):
    """A campaign cannot be made or changed so; ``problems`` in the order of the form."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(", ".join(problems))
        self.problems = tuple(problems)


def copy_name(name: str) -> str:
    """« Copie de … », never longer than a name may be."""
    return (COPY_PREFIX + name)[:NAME_MAX]


def check_texts(*, name: str, title: str, landing_text: str, type: str) -> list[Problem]:
    """Problems of what may also be edited later. Lengths are counted on the trimmed texts."""
    found = []
    if not squeeze(name):
        found.append(Problem.NAME_REQUIRED)
    elif len(squeeze(name)) > NAME_MAX:
        found.append(Problem.NAME_TOO_LONG)
    if title.strip() and type == CampaignType.PROFILE:
        found.append(Problem.TITLE_FORBIDDEN)
    elif len(title.strip()) > TITLE_MAX:
        found.append(Problem.TITLE_TOO_LONG)
    if len(landing_text.strip()) > TEXT_MAX:
        found.append(Problem.TEXT_TOO_LONG)
    return found


def check_new(
    *,
    name: str,
    type: str,
    journey: str,
    journey_known: bool,
    title: str,
    landing_text: str,
    multiple_sending: bool | None,
    mode: str = Mode.NONE,
) -> list[Problem]:
    """Problems of a campaign to create. ``journey``: code, empty for none; ``multiple_sending``: ``None`` = not answered."""
    found = check_texts(name=name, title=title, landing_text=landing_text, type=type)
    if type not in {kind.value for kind in CampaignType}:
        found.append(Problem.OBJECTIVE_REQUIRED)
    elif type == CampaignType.PROFILE and journey:
        found.append(Problem.JOURNEY_FORBIDDEN)
    elif type == CampaignType.ASSESSMENT and not (journey and journey_known):
        found.append(Problem.JOURNEY_REQUIRED)
    if multiple_sending is None:
        found.append(Problem.MULTIPLE_REQUIRED)
    if mode not in {one.value for one in Mode}:
        found.append(Problem.MODE_UNKNOWN)
    return found


# --- Stages (learning 7.2) -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stage:
    """A « palier » as the campaign froze it. Reached when the displayed percentage is at least ``threshold``."""

    threshold: int
    title: str
    message: str = ""
    """For the pupil."""
    reading_key: str = ""
    """For the teacher."""

    def to_json(self) -> dict[str, Any]:
        return {
            "threshold": self.threshold,
            "title": self.title,
            "message": self.message,
            "reading_key": self.reading_key,
        }


def stages_of(rules: Mapping[str, Any]) -> tuple[Stage, ...]:
    """The stages in a campaign's rules, lowest first; empty when results are shown as percentages."""
    found = [
        Stage(entry["threshold"], entry["title"], entry.get("message", ""), entry.get("reading_key", ""))
        for entry in rules.get("stages", ())
    ]
    return tuple(sorted(found, key=lambda stage: stage.threshold))


def check_stages(thresholds: Sequence[int]) -> list[str]:
    """Error codes of a list of thresholds: between 0 and 100, zero first, no duplicate. No stage at all is right."""
    found: list[str] = []
    if not thresholds:
        return found
    if any(not 0 <= threshold <= 100 for threshold in thresholds):
        found.append("STAGE_OUT_OF_RANGE")
    if 0 not in thresholds:
        found.append("STAGE_ZERO_MISSING")
    if len(set(thresholds)) != len(thresholds):
        found.append("STAGE_TWICE")
    return found


def level_threshold(level: int, levels: Sequence[int]) -> int:
    """Threshold of a stage given by level: ``pct`` of the skills of level ≤ L; 100 when there is none."""
    reached = sum(1 for own in levels if own <= level)
    return pct(reached, len(levels)) if reached else 100


def reached_stage(thresholds: Sequence[int], percent: int) -> int | None:
    """Rank (from 0) of the last stage reached; ``None`` without stages. ``percent`` is the displayed integer."""
    if not thresholds:
        return None
    return max(0, sum(1 for threshold in sorted(thresholds) if threshold <= percent) - 1)


def stage_bounds(thresholds: Sequence[int]) -> list[tuple[int, int]]:
    """Percentages that each stage holds, both ends included: 0, 21, 51, 81 → 0-20, 21-50, 51-80, 81-100."""
    ordered = sorted(thresholds)
    bounds: list[tuple[int, int]] = []
    for rank, threshold in enumerate(ordered):
        start = threshold if rank == 0 else bounds[-1][1] + 1
        end = 100 if rank == len(ordered) - 1 else max(start, ordered[rank + 1] - 1)
        bounds.append((start, end))
    return bounds


BINS = ((0, 10), *((start, start + 9) for start in range(11, 100, 10)))
"""Without stages: 0-10, 11-20 … 91-100 on the integer percentage (learning 8.4)."""

# --- Counts of a participation (learning 7.1) ------------------------------------------------------------------------

VALIDATED, FAILED, UNTESTED = "v", "f", "-"


@dataclass(frozen=True, slots=True)
class TubeCount:
    tube: str
    competence: str
    targeted: int
    max_level: int
    """Highest level targeted in the sujet."""
    validated: int
    highest_validated: int
    """0 when none is."""
    lowest_missing: int
    """0 when every skill of the sujet is validated."""


@dataclass(frozen=True, slots=True)
class CompetenceCount:
    competence: str
    targeted: int
    validated: int


@dataclass(frozen=True, slots=True)
class Tally:
    """All counts of one participation: what a sending freezes."""

    targeted: int
    validated: int
    assessed: int
    """Skills with evidence, right or wrong."""
    percent: int
    tubes: tuple[TubeCount, ...]
    competences: tuple[CompetenceCount, ...]

    @property
    def progress(self) -> int:
        return pct(self.assessed, self.targeted)


def tally(skills: Sequence[Sequence[Any]], flags: str = "") -> Tally:
    """Counts from the frozen skills ``(skill, tube, competence, level)`` and one flag a skill, in the same order.

    ``flags`` empty = nothing tested. Raises ``ValueError`` when there is not exactly one flag a skill.
    """
    flags = flags or UNTESTED * len(skills)
    if len(flags) != len(skills):
        raise ValueError(f"{len(skills)} skills but {len(flags)} flags")
    tubes: dict[str, list[tuple[int, bool]]] = {}
    place: dict[str, str] = {}
    targeted: Counter[str] = Counter()
    validated: Counter[str] = Counter()
    for (_, tube, competence, level), flag in zip(skills, flags, strict=True):
        mastered = flag == VALIDATED
        tubes.setdefault(tube, []).append((level, mastered))
        place.setdefault(tube, competence)
        targeted[competence] += 1
        validated[competence] += mastered
    return Tally(
        targeted=len(skills),
        validated=flags.count(VALIDATED),
        assessed=len(flags) - flags.count(UNTESTED),
        percent=pct(flags.count(VALIDATED), len(skills)),
        tubes=tuple(
            TubeCount(
                tube,
                place[tube],
                targeted=len(own),
                max_level=max(level for level, _ in own),
                validated=sum(mastered for _, mastered in own),
                highest_validated=max((level for level, mastered in own if mastered), default=0),
                lowest_missing=min((level for level, mastered in own if not mastered), default=0),
            )
            for tube, own in tubes.items()
        ),
        competences=tuple(CompetenceCount(code, number, validated[code]) for code, number in targeted.items()),
    )


def progress(*, completed: bool, assessed: int, targeted: int) -> int:
    """« Avancement », in percent: 100 once completed (learning 8.6)."""
    return 100 if completed else pct(assessed, targeted)


# --- Life of a participation (learning 5.7 to 5.9) -------------------------------------------------------------------

REPLAY_DELAY_SECONDS = 4 * 24 * 3600

_MOVES = {
    Status.STARTED: {Status.TO_SHARE},
    Status.TO_SHARE: {Status.SHARED, Status.STARTED},  # back to started: « Je retente »
    Status.SHARED: set[Status](),
}


def may_become(status: str, wanted: str) -> bool:
    """Whether a participation may move from one status to another. A sent one never moves again."""
    return Status(wanted) in _MOVES[Status(status)]


def replay_opens_at(shared_at: datetime, delay_seconds: int = REPLAY_DELAY_SECONDS) -> datetime:
    """The first instant at which a sent participation may be replayed or reset, counted in seconds."""
    return shared_at + timedelta(seconds=delay_seconds)


@dataclass(frozen=True, slots=True)
class Former:
    """The pupil's last participation that is not superseded, as the start decision needs it."""

    status: str
    validated: int
    targeted: int
    shared_at: datetime | None
    deleted: bool = False


def replay_refusal(
    *,
    multiple_sending: bool,
    former: Former,
    campaign_open: bool,
    learner_active: bool,
    at: datetime,
    delay_seconds: int = REPLAY_DELAY_SECONDS,
    reset: bool = False,
) -> Refusal | None:
    """Why this sent participation cannot be replayed (``reset``: or emptied and replayed) now; ``None`` = it can.

    Everything known is a matter of counts, never of the displayed percentage: 199/200 may be replayed.
    """
    if not learner_active:
        return Refusal.LEARNER_DISABLED
    if not campaign_open:
        return Refusal.CAMPAIGN_CLOSED
    if not multiple_sending:
        return Refusal.ALREADY_PARTICIPATED
    if former.status != Status.SHARED or former.shared_at is None:
        return Refusal.NOT_SHARED_YET
    if former.validated >= former.targeted and not reset:
        return Refusal.NOTHING_LEFT
    if at < replay_opens_at(former.shared_at, delay_seconds):
        return Refusal.TOO_EARLY
    return None


def start_refusal(
    *,
    learner_active: bool,
    campaign_open: bool,
    linked: bool,
    multiple_sending: bool,
    former: Former | None,
    other_account_in: bool,
    at: datetime,
    delay_seconds: int = REPLAY_DELAY_SECONDS,
    refuse_after_deletion: bool = False,
    reset: bool = False,
) -> Refusal | None:
    """The first reason, in the order of learning 5.7, why a participation cannot start; ``None`` = it can.

    ``linked``: the account is a pupil's of the school (true where the school imports nobody);
    ``other_account_in``: this pupil already participates through another account.
    """
    alive = former if former is not None and not former.deleted else None
    if not learner_active:
        return Refusal.LEARNER_DISABLED
    if not campaign_open:
        return Refusal.CAMPAIGN_CLOSED
    if not linked:
        return Refusal.NOT_LINKED
    if alive is not None and not multiple_sending:
        return Refusal.ALREADY_PARTICIPATED
    if former is not None and former.deleted and refuse_after_deletion:
        return Refusal.PARTICIPATION_DELETED
    if alive is not None:
        again = replay_refusal(
            multiple_sending=multiple_sending,
            former=alive,
            campaign_open=campaign_open,
            learner_active=learner_active,
            at=at,
            delay_seconds=delay_seconds,
            reset=reset,
        )
        if again is not None:
            return again
    if other_account_in:
        return Refusal.LEARNER_ALREADY_IN
    return None


# --- Curves of « Activité » (learning 8.3) ---------------------------------------------------------------------------

DAYS_SHOWN = 90


@dataclass(frozen=True, slots=True)
class Curves:
    """Two cumulative curves over the same labels."""

    unit: str
    """``day``, or ``month`` beyond 90 days."""
    days: tuple[date, ...]
    """One a point: the day, or the first of the month."""
    started: tuple[int, ...]
    shared: tuple[int, ...]


def cumulative(started: Mapping[date, int], shared: Mapping[date, int]) -> Curves:
    """Curves from counts by day in Paris, from the first day of activity to the last, days without any included."""
    active = sorted(set(started) | set(shared))
    if not active:
        return Curves("day", (), (), ())
    first, last = active[0], active[-1]
    length = (last - first).days + 1
    if length <= DAYS_SHOWN:
        points = [first + timedelta(days=number) for number in range(length)]
        unit = "day"
    else:
        months = (last.year - first.year) * 12 + last.month - first.month + 1
        points = [_month(first, number) for number in range(months)]
        unit = "month"

    def totals(counts: Mapping[date, int]) -> tuple[int, ...]:
        by_point: Counter[date] = Counter()
        for day, number in counts.items():
            by_point[day if unit == "day" else day.replace(day=1)] += number
        return tuple(accumulate(by_point[point] for point in points))

    return Curves(unit, tuple(points), totals(started), totals(shared))


def _month(first: date, number: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + number, 12)
    return date(year, month + 1, 1)


def trend(latest: tuple[int, int], previous: tuple[int, int] | None) -> str:
    """``up``, ``down`` or ``same`` between two (validated, targeted), on exact counts; empty without a former one."""
    if previous is None:
        return ""
    difference = latest[0] * previous[1] - previous[0] * latest[1]
    return "up" if difference > 0 else "down" if difference < 0 else "same"
