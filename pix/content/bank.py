"""The released bank in memory, read-only and indexed: what every other room asks about sujets, acquis and épreuves."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import TypeVar

from pix.content.release import Area, Competence, Journey, Question, Release, Skill, Tube, Tutorial
from pix.content.schema import Device
from pix.core.exact import UNITS_PER_PIX

LEVEL_UNITS = 8 * UNITS_PER_PIX
"""One level of a competence is worth 8 pix."""

TWO_SITTINGS_FROM = 45
"""Beyond so many minutes a parcours announces « en 2 séances » (content plan 5.9)."""

DEFAULT_LOCALES = ("fr-fr", "fr", "en")

_MINUTES_TENTHS = ((2, 9), (4, 11), (8, 14))
"""Highest cap of the sujet → tenths of a minute for one question (content plan 5)."""

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Figures:
    """What a set of capped sujets holds, questions written or not (content plan 5): shown before a teacher chooses."""

    tubes: int
    skills: int
    questions: int
    """Asked on average: ⌈log2(levels + 1)⌉ in each sujet."""
    minutes: int
    units: int
    """Most that a pupil may earn, in units of 1/720720 pix."""
    competences: int
    """Competences touched."""
    competence_units: Mapping[str, int]

    @property
    def pix(self) -> int:
        """``units`` in pix, rounded half up."""
        return (2 * self.units + UNITS_PER_PIX) // (2 * UNITS_PER_PIX)

    @property
    def sittings(self) -> int:
        return 2 if self.minutes > TWO_SITTINGS_FROM else 1

    def level_one(self, share: Fraction = Fraction(1)) -> int:
        """Competences brought to level 1 (8 pix) when this share of the pix of each is earned."""
        return sum(1 for units in self.competence_units.values() if units * share >= LEVEL_UNITS)


def locale_chain(own: str = "fr-fr") -> tuple[str, ...]:
    """Locales tried for a pupil, best first (learning 1.4)."""
    return tuple(dict.fromkeys((own.lower(), *DEFAULT_LOCALES)))


def expected_questions(levels: int) -> int:
    """⌈log2(levels + 1)⌉: dichotomy inside a sujet that holds so many acquis."""
    return levels.bit_length()


def _grouped(pairs: Iterable[tuple[K, V]]) -> Mapping[K, tuple[V, ...]]:
    groups: dict[K, list[V]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return MappingProxyType({key: tuple(values) for key, values in groups.items()})


class Bank:
    """One release, indexed. Mappings keep content order: area, competence, sujet, level, question as written.

    ``Tube`` = sujet, ``Skill`` = acquis, ``Question`` = épreuve, ``Journey`` = parcours. A lookup of an unknown id
    raises ``KeyError``, except the groupings (``questions_of``…), which give an empty tuple.
    """

    def __init__(self, release: Release, release_id: str) -> None:
        self.id = release_id
        self.name = release.name
        self.areas: Mapping[str, Area] = MappingProxyType({a.code: a for a in release.areas})
        self.competences: Mapping[str, Competence] = MappingProxyType({c.id: c for c in release.competences})
        self.tubes: Mapping[str, Tube] = MappingProxyType({t.id: t for t in release.tubes})
        self.skills: Mapping[str, Skill] = MappingProxyType({s.id: s for s in release.skills})
        self.questions: Mapping[str, Question] = MappingProxyType({q.id: q for q in release.questions})
        self.tutorials: Mapping[str, Tutorial] = MappingProxyType({t.id: t for t in release.tutorials})
        self.parcours: Mapping[str, Journey] = MappingProxyType({j.code: j for j in release.parcours})
        self.skill_order: Mapping[str, int] = MappingProxyType({s.id: i for i, s in enumerate(release.skills)})
        """Rank in content order: decides ties of the placement rule (learning 3.2)."""
        self._questions_of = _grouped((q.skill, q) for q in release.questions)
        self._skills_of_tube = _grouped((s.tube, s) for s in release.skills)
        self._skills_of_competence = _grouped((s.competence, s) for s in release.skills)
        self._tubes_of_competence = _grouped((t.competence, t) for t in release.tubes)
        self._competences_of_area = _grouped((c.area, c) for c in release.competences)

    # --- content, one step down or up

    def competences_of(self, area: str) -> tuple[Competence, ...]:
        return self._competences_of_area.get(area, ())

    def tubes_of(self, competence: str) -> tuple[Tube, ...]:
        return self._tubes_of_competence.get(competence, ())

    def skills_of(self, tube: str) -> tuple[Skill, ...]:
        """All skills of a sujet, every status, by level."""
        return self._skills_of_tube.get(tube, ())

    def skills_of_competence(self, competence: str) -> tuple[Skill, ...]:
        return self._skills_of_competence.get(competence, ())

    def questions_of(self, skill: str) -> tuple[Question, ...]:
        """All questions of a skill, every status and locale, as written."""
        return self._questions_of.get(skill, ())

    def area_of(self, competence: str) -> Area:
        return self.areas[self.competences[competence].area]

    # --- what may be asked

    def frame_questions(
        self, skill: str, locales: Sequence[str] = DEFAULT_LOCALES, *, operative: bool = False
    ) -> tuple[Question, ...]:
        """Questions of a frame (learning 3.2), best locale first.

        ``operative``: a running campaign also keeps archived questions; otherwise validated ones only.
        """
        wanted = ("validé", "archivé") if operative else ("validé",)
        rank = {locale: i for i, locale in enumerate(locales)}
        found = [q for q in self.questions_of(skill) if q.status in wanted and q.locale in rank]
        return tuple(sorted(found, key=lambda q: rank[q.locale]))

    def is_playable(self, skill: str, locales: Sequence[str] = DEFAULT_LOCALES) -> bool:
        return any(q.status == "validé" and q.locale in locales for q in self.questions_of(skill))

    def skills_of_tubes(
        self, tubes: Iterable[tuple[str, int]], locales: Sequence[str] = DEFAULT_LOCALES
    ) -> tuple[Skill, ...]:
        """The freezing rule (learning 5.6) for any (sujet id, cap) list: active, playable skills of level ≤ cap.

        In content order; a sujet named twice counts with its highest cap; unknown sujets give nothing.
        """
        kept = [
            skill
            for tube, cap in _highest_caps(tubes).items()
            for skill in self.skills_of(tube)
            if skill.level <= cap and skill.status == "actif" and self.is_playable(skill.id, locales)
        ]
        return tuple(sorted(kept, key=lambda skill: self.skill_order[skill.id]))

    def skills_of_parcours(self, code: str, locales: Sequence[str] = DEFAULT_LOCALES) -> tuple[Skill, ...]:
        """What a campaign on this parcours freezes; empty = ``EMPTY_JOURNEY``."""
        return self.skills_of_tubes(((tube.id, tube.cap) for tube in self.parcours[code].tubes), locales)

    def skills_of_run(self, competence: str, locales: Sequence[str] = DEFAULT_LOCALES) -> tuple[Skill, ...]:
        """What a competence run asks: active playable skills of the competence."""
        return self.skills_of_tubes(((tube.id, 8) for tube in self.tubes_of(competence)), locales)

    # --- what a teacher reads before choosing

    def published_parcours(self) -> tuple[Journey, ...]:
        """Offered to schools now; the others are « à venir »."""
        return tuple(journey for journey in self.parcours.values() if journey.published)

    def figures(self, tubes: Iterable[tuple[str, int]]) -> Figures:
        """Figures of any (sujet id, cap) list; a sujet named twice counts once, with its highest cap."""
        caps = _highest_caps(tubes)
        skills = 0
        questions = 0
        tenths = 0
        by_competence: dict[str, int] = defaultdict(int)
        for tube, cap in caps.items():
            counted = [s for s in self.skills_of(tube) if s.level <= cap and s.units]
            asked = expected_questions(len(counted))
            skills += len(counted)
            questions += asked
            tenths += asked * next(rate for highest, rate in _MINUTES_TENTHS if cap <= highest)
            for skill in counted:
                by_competence[skill.competence] += skill.units
        return Figures(
            tubes=len(caps),
            skills=skills,
            questions=questions,
            minutes=round(Fraction(tenths, 10)),  # half to even, as the published table has it
            units=sum(by_competence.values()),
            competences=len(by_competence),
            competence_units=MappingProxyType(dict(by_competence)),
        )

    def figures_of_parcours(self, *codes: str) -> Figures:
        """Figures of one parcours, or of several cumulated."""
        return self.figures((tube.id, tube.cap) for code in codes for tube in self.parcours[code].tubes)

    def devices_of_tube(self, tube: str, cap: int = 8, locales: Sequence[str] = DEFAULT_LOCALES) -> frozenset[Device]:
        """Devices on which every validated question of the sujet works; none when it has no question (learning 1.4)."""
        validated = [
            question
            for skill in self.skills_of(tube)
            if skill.level <= cap
            for question in self.frame_questions(skill.id, locales)
        ]
        if not validated:
            return frozenset()
        return frozenset.intersection(*(frozenset(question.devices) for question in validated))

    def any_device(self, tubes: Iterable[tuple[str, int]], locales: Sequence[str] = DEFAULT_LOCALES) -> bool:
        """Badge « tout appareil » rather than « ordinateur » (content plan 5.9)."""
        every = frozenset[Device](("ordi", "tablette", "téléphone"))
        return all(self.devices_of_tube(tube, cap, locales) == every for tube, cap in _highest_caps(tubes).items())


def _highest_caps(tubes: Iterable[tuple[str, int]]) -> dict[str, int]:
    caps: dict[str, int] = {}
    for tube, cap in tubes:
        caps[tube] = max(cap, caps.get(tube, 0))
    return caps
