"""One release of the bank: what the compiler writes and every process reads; plain frozen values, no behaviour.

Unknown keys are ignored when an older or a newer release is read, so a campaign can always load the release it names.
"""

from typing import Any

import msgspec

from pix.content.schema import Accessibility, Device, Format, SkillStatus, Status

FORMAT = 1
"""Raised when a field changes its meaning; added fields have defaults and do not raise it."""


class Value(msgspec.Struct, frozen=True):
    """Base of every released object."""


class Area(Value, frozen=True, kw_only=True):
    code: str
    name: str
    name_en: str
    colour: str
    """A colour *name* (``jaffa``…): the theme maps it (learning 1.2)."""


class Competence(Value, frozen=True, kw_only=True):
    id: str
    name: str
    name_en: str
    area: str
    description: str = ""


class Tube(Value, frozen=True, kw_only=True):
    """A « sujet »: skills of growing level."""

    id: str
    title: str
    competence: str
    description: str = ""


class Skill(Value, frozen=True, kw_only=True):
    """An « acquis »."""

    id: str
    """``1.1.2-N3``"""
    name: str
    """``@poserUneBonneRequete3``: derived, a display fallback."""
    tube: str
    competence: str
    level: int
    status: SkillStatus
    text: str
    units: int
    """Worth in units of 1/720720 pix (learning 1.3); 0 when the skill is archived or outdated."""
    hint: str = ""
    tutorials: tuple[str, ...] = ()
    more: tuple[str, ...] = ()


class Question(Value, frozen=True, kw_only=True):
    """An « épreuve ». ``*_html`` are safe HTML that may still hold ``{{ name }}``; the rest is as the author wrote it."""

    id: str
    """``1.1.2-N3-a``"""
    skill: str
    status: Status
    version: int
    template: str
    instruction_html: str
    alternative_html: str = ""
    explanation_html: str = ""
    proposals: str = ""
    """Syntax of learning 1.5, with French no-break spaces outside the field markers."""
    solution: str = ""
    shown_solution: str = ""
    """Plain text."""
    read_aloud: str = ""
    format: Format = "mots"
    t1: bool = True
    t2: bool = True
    t3: bool = True
    keep: str = ""
    draw: dict[str, tuple[Any, ...]] = {}
    generator: str = ""
    generator_params: dict[str, Any] = {}
    params: dict[str, Any] = {}
    shuffled: bool = False
    timer: int | None = None
    focusable: bool = False
    locale: str = "fr"
    devices: tuple[Device, ...] = ()
    minutes: float = 1.0
    needs_sound: bool = False
    accessibility: Accessibility = Accessibility()
    credits: str = ""


class Tutorial(Value, frozen=True, kw_only=True):
    id: str
    title: str
    link: str
    source: str
    format: str
    duration: str
    locale: str = "fr"


class CappedTube(Value, frozen=True):
    """A sujet of a parcours and the highest level asked in it."""

    id: str
    cap: int


class Stage(Value, frozen=True, kw_only=True):
    """A « palier » (learning 7.2): reached when the rounded percentage is at least ``threshold``."""

    threshold: int
    title: str
    message: str
    reading_key: str = ""


class Journey(Value, frozen=True, kw_only=True):
    """A « parcours » of the bank."""

    code: str
    name: str
    category: str
    description: str
    level: str
    tubes: tuple[CappedTube, ...]
    stages: tuple[Stage, ...] = ()
    multiple_sending_advice: str = ""
    resettable: bool = False
    simplified_access: bool = False
    published: bool = False


class Release(Value, frozen=True, kw_only=True):
    """Everything, in content order (area, competence, tube, level, question as written)."""

    format: int = FORMAT
    name: str
    areas: tuple[Area, ...]
    competences: tuple[Competence, ...]
    tubes: tuple[Tube, ...]
    skills: tuple[Skill, ...]
    questions: tuple[Question, ...]
    tutorials: tuple[Tutorial, ...]
    parcours: tuple[Journey, ...]
