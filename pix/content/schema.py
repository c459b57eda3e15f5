"""The typed shape of the bank's source files: what an author may write, and nothing else.

One file a sujet (``bank/<area>/<sujet id>.yaml``), one framework file, one file a parcours. The compiler reads these,
checks every gate that a program can hold and writes one release (``pix.content.compiler``).
"""

from typing import Any, Literal

import msgspec

Status = Literal["proposé", "validé", "archivé", "périmé"]
SkillStatus = Literal["actif", "en construction", "archivé", "périmé"]
Device = Literal["ordi", "tablette", "téléphone"]
Format = Literal["petit", "mots", "phrase", "paragraphe", "nombre", "date"]

CLASSIC_TEMPLATES = ("QCU", "QCM", "QROC", "QROCM-ind", "QROCM-dep")
"""Corrected by the engine from the syntax of ``proposals`` and ``solution`` (learning 1.5)."""

INTERACTIVE_TEMPLATES = (
    "MOTEUR", "EXPLO", "MAIL", "TTX", "PARAM", "MSG", "PHISH", "ASSOC", "ORDRE", "ZONE", "MDP", "COMPARE", "RENDU", "NAV", "QR", "URL", "TROUS", "TAB", "FORM", "META", "BLOCS", "IMGED",
)  # fmt: skip
"""One accessible web component each; their state (or returned file) is judged on the server by a checker."""


class Strict(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Base of every authored object: an unknown key is an error, never ignored."""


class Tutorial(Strict, frozen=True, kw_only=True):
    id: str
    title: str
    link: str
    source: str
    format: Literal["vidéo", "image", "site", "pdf", "slide", "outil", "page", "jeu", "audio", "frise"]
    duration: str
    """``HH:MM:SS``"""
    locale: str = "fr"


class Treatments(Strict, frozen=True, kw_only=True):
    """The three treatments of free text (learning 2.3), each may be switched off."""

    t1: bool = True
    t2: bool = True
    t3: bool = True


class Generator(Strict, frozen=True, kw_only=True):
    """A call to ``pix.generators``: the code of section 7.3 of the content plan, and its parameters."""

    code: str
    params: dict[str, Any] = {}


class Accessibility(Strict, frozen=True, kw_only=True):
    blind: Literal["RAS", "OK", "KO", "Acquis Non Pertinent", "A tester"] = "A tester"
    colour_blind: Literal["RAS", "OK", "KO"] = "OK"


class Question(Strict, frozen=True, kw_only=True):
    """One question of an acquis. Texts are Markdown; ``{{ name }}`` is filled from ``draw`` or from the generator."""

    id: str
    """One or two letters, unique in the acquis: full id ``1.1.2-N3-a``."""
    status: Status = "validé"
    version: int = 1
    template: str
    instruction: str
    alternative: str = ""
    """Text alternative of the instruction's medium, folded behind « Afficher l'alternative textuelle »."""
    proposals: str = ""
    solution: str = ""
    shown_solution: str = ""
    """Replaces the raw solution in the correction."""
    explanation: str = ""
    """Why: shown with the correction. One or two sentences."""
    read_aloud: str = ""
    """What a voice says when it differs from the instruction."""
    format: Format = "mots"
    treatments: Treatments = Treatments()
    keep: str = ""
    """Extra significant symbols for the treatment of free text."""
    draw: dict[str, list[Any]] = {}
    """Named lists; one entry of each is drawn per pupil and fills ``{{ name }}``. An entry may be a mapping: ``{{ name.key }}``."""
    generator: Generator | None = None
    """A file or data generator: gives values, files, and often the solution."""
    params: dict[str, Any] = {}
    """For an interactive template: the scenario handed to its gabarit, after substitution."""
    shuffled: bool = False
    timer: int | None = None
    focusable: bool = False
    locale: str = "fr"
    devices: list[Device] = msgspec.field(default_factory=lambda: ["ordi", "tablette", "téléphone"])
    minutes: float = 1.0
    needs_sound: bool = False
    accessibility: Accessibility = Accessibility()
    credits: str = ""
    """Licence line of any medium; empty when everything is drawn by program."""


class Acquis(Strict, frozen=True, kw_only=True):
    id: str
    """``N1`` … ``N8``"""
    text: str
    status: SkillStatus = "actif"
    hint: str = ""
    tutorials: list[str] = []
    """Ids of tutorials to succeed next time."""
    more: list[str] = []
    """Ids of tutorials to learn more."""
    questions: list[Question] = []


class Sujet(Strict, frozen=True, kw_only=True):
    id: str
    """``1.1.2``"""
    title: str
    description: str = ""
    templates: list[str] = []
    """Gabarits announced by the content plan."""
    tutorials: list[Tutorial] = []
    acquis: list[Acquis]


class Area(Strict, frozen=True, kw_only=True):
    code: str
    name: str
    name_en: str
    colour: str


class Competence(Strict, frozen=True, kw_only=True):
    id: str
    name: str
    name_en: str
    area: str
    description: str = ""


class Framework(Strict, frozen=True, kw_only=True):
    name: str
    areas: list[Area]
    competences: list[Competence]


class CappedSujet(Strict, frozen=True, kw_only=True):
    id: str
    cap: int


class Stage(Strict, frozen=True, kw_only=True):
    """A « palier »: reached when the rounded percentage is at least ``threshold``."""

    threshold: int
    title: str
    """For the teacher."""
    message: str
    """For the pupil, on the end page."""
    reading_key: str = ""
    """For the teacher: what it means and what to do."""


class Parcours(Strict, frozen=True, kw_only=True):
    code: str
    """``5e``: stable, used in file names."""
    name: str
    """``[CLG] Rentrée 5e``"""
    category: str
    description: str
    level: str = ""
    """The class level named by reading keys: ``5e``."""
    sujets: list[CappedSujet]
    stages: list[Stage] = []
    multiple_sending_advice: Literal["oui", "non", ""] = ""
    resettable: bool = False
    simplified_access: bool = False
    published: bool = False
    """False = « à venir »: not offered to schools."""
