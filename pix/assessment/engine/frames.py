"""What a run may ask: ordered target skills with their questions, and all that does not depend on the person.

Source: learning 3.1, 3.2 and 1.4. A ``Frame`` is immutable and shared: build it once per campaign or competence and
release, keep it in memory; the views (one per locale chain) are computed on first use and kept with it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

EASY_TUBE_HARDEST_LEVEL = 3
FALLBACK_LOCALES = ("fr-fr", "fr", "en")


class QuestionStatus(StrEnum):
    """Only these two are operative; a frame holds nothing else."""

    VALIDATED = "validé"
    ARCHIVED = "archivé"


def locale_chain(own: str) -> tuple[str, ...]:
    """Locales tried for a pupil, best first: own, then ``fr-fr``, ``fr``, ``en``."""
    return tuple(dict.fromkeys((own, *FALLBACK_LOCALES)))


@dataclass(frozen=True, slots=True)
class FrameQuestion:
    """``timer``: seconds or ``None``."""

    id: str
    locale: str = "fr-fr"
    status: QuestionStatus = QuestionStatus.VALIDATED
    timer: int | None = None


@dataclass(frozen=True, slots=True)
class FrameSkill:
    """One target skill. ``units``: its pix value today, in 1/720720 pix; ``name``: "" when the same as ``id``."""

    id: str
    tube: str
    level: int
    questions: tuple[FrameQuestion, ...]
    competence: str = ""
    units: int = 0
    name: str = ""


class Seat:
    """A skill seen by one locale chain, with what the choice needs at hand."""

    __slots__ = ("easy", "id", "index", "level", "questions", "timed", "tube")

    def __init__(self, index: int, skill: FrameSkill, questions: tuple[FrameQuestion, ...], tube: int) -> None:
        self.index = index
        self.id = skill.id
        self.level = skill.level
        self.questions = questions
        """Those of the chain, in content order."""
        self.timed = questions[0].timer is not None
        self.tube = tube
        self.easy = False


class View:
    """The playable part of a frame for one locale chain. ``seats`` in frame order; ``groups``: per tube, one
    ``(level, seats)`` for each skill *name*, so that two versions of a name count once."""

    __slots__ = ("groups", "locales", "seats", "simple")

    def __init__(self, frame: "Frame", locales: tuple[str, ...]) -> None:
        self.locales = locales
        rank = {locale: i for i, locale in enumerate(locales)}
        seats: list[Seat] = []
        tubes: dict[str, int] = {}
        named: list[dict[str, list[Seat]]] = []
        for index, skill in enumerate(frame.skills):
            questions = tuple(q for q in skill.questions if q.locale in rank)
            if not questions:
                continue
            tube = tubes.setdefault(skill.tube, len(tubes))
            if tube == len(named):
                named.append({})
            seat = Seat(index, skill, questions, tube)
            seats.append(seat)
            named[tube].setdefault(skill.name or skill.id, []).append(seat)
        hardest = [max(seat.level for group in groups.values() for seat in group) for groups in named]
        for seat in seats:
            seat.easy = hardest[seat.tube] <= EASY_TUBE_HARDEST_LEVEL
        self.seats = tuple(seats)
        self.groups = tuple(
            tuple((min(seat.level for seat in group), tuple(group)) for group in groups.values()) for groups in named
        )
        self.simple = all(len(group) == 1 for groups in self.groups for _, group in groups)
        """No name has two versions here: the common case, counted faster."""


class Frame:
    """Ordered target skills (content order: it decides ties only). Raises ``ValueError`` on a repeated id."""

    __slots__ = ("_views", "index", "skills", "tubes")

    def __init__(self, skills: Iterable[FrameSkill]) -> None:
        self.skills: tuple[FrameSkill, ...] = tuple(skills)
        self.index: dict[str, int] = {skill.id: i for i, skill in enumerate(self.skills)}
        if len(self.index) != len(self.skills):
            raise ValueError("a skill appears twice in the frame")
        questions = [question.id for skill in self.skills for question in skill.questions]
        if len(set(questions)) != len(questions):
            raise ValueError("a question appears twice in the frame")
        if not all(1 <= skill.level <= 8 for skill in self.skills):
            raise ValueError("levels go from 1 to 8")
        self.tubes: dict[str, tuple[FrameSkill, ...]] = {}
        for skill in sorted(self.skills, key=lambda s: s.level):
            self.tubes[skill.tube] = (*self.tubes.get(skill.tube, ()), skill)
        self._views: dict[tuple[str, ...], View] = {}

    def __len__(self) -> int:
        return len(self.skills)

    def __contains__(self, skill: object) -> bool:
        return skill in self.index

    def skill(self, skill: str) -> FrameSkill:
        """The target skill of this id; ``KeyError`` if it is not one."""
        return self.skills[self.index[skill]]

    def view(self, locales: Sequence[str]) -> View:
        """The frame as one locale chain sees it. A skill without question in the chain is not in the view."""
        key = tuple(locales)
        view = self._views.get(key)
        if view is None:
            # Two threads may both build it: the same value, the last one stays.
            view = self._views[key] = View(self, key)
        return view
