"""A small formatted document: one model for the editor in the page and for the files that pupils send back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from pix.core.texts import squeeze
from pix.generators import states
from pix.generators.params import Reader
from pix.generators.states import Malformed

SIZES = (10, 12, 14, 18, 24, 32)
COLOURS = {"black": "noir", "red": "rouge", "blue": "bleu", "green": "vert", "orange": "orange", "purple": "violet"}
ALIGNS = {"left": "à gauche", "center": "centré", "right": "à droite", "justify": "justifié"}
LISTS = {"none": "sans liste", "bullet": "liste à puces", "number": "liste numérotée"}
STYLES = {
    "normal": "Corps de texte",
    "title": "Titre principal",
    "heading1": "Titre 1",
    "heading2": "Titre 2",
    "quote": "Citation",
}
SPACINGS = (1, 1.15, 1.5, 2)
INDENTS = (0, 1, 2, 3)
WORD_FORMATS = ("bold", "italic", "underline", "size", "colour")
PARAGRAPH_FORMATS = ("align", "list", "style", "spacing", "indent")
DEFAULTS: dict[str, Any] = {
    "bold": False, "italic": False, "underline": False, "size": 12, "colour": "black",
    "align": "left", "list": "none", "style": "normal", "spacing": 1, "indent": 0,
}  # fmt: skip
ALLOWED: dict[str, tuple[Any, ...]] = {
    "bold": (True, False), "italic": (True, False), "underline": (True, False), "size": SIZES, "colour": tuple(COLOURS),
    "align": tuple(ALIGNS), "list": tuple(LISTS), "style": tuple(STYLES), "spacing": SPACINGS, "indent": INDENTS,
}  # fmt: skip
_NAMES = {
    "bold": "le gras", "italic": "l'italique", "underline": "le soulignement", "size": "la taille", "colour": "la couleur",
    "align": "l'alignement", "list": "la liste", "style": "le style", "spacing": "l'interligne", "indent": "le retrait",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text of one format."""

    text: str
    bold: bool = False
    italic: bool = False
    underline: bool = False
    size: float = 12
    colour: str = "black"


@dataclass(frozen=True, slots=True)
class Paragraph:
    runs: tuple[Run, ...]
    align: str = "left"
    list: str = "none"
    style: str = "normal"
    spacing: float = 1
    indent: int = 0

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    def values(self, format_name: str, start: int = 0, end: int | None = None) -> set[Any]:
        """The values that this format takes over the characters start…end (spaces do not count)."""
        if format_name in PARAGRAPH_FORMATS:
            return {getattr(self, format_name)}
        found, at = set(), 0
        stop = len(self.text) if end is None else end
        for run in self.runs:
            inside = run.text[max(0, start - at) : max(0, stop - at)]
            if inside.strip():
                found.add(getattr(run, format_name))
            at += len(run.text)
        return found


Document = tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Goal:
    """This stretch must have one of the accepted values of one format."""

    paragraph: int
    start: int
    end: int
    format_name: str
    accepts: Callable[[Any], bool]
    say: str


def author_paragraphs(reader: Reader, key: str) -> Document:
    """Paragraphs as written by an author: a text, or a text with its first format."""
    found = []
    for entry in reader.subs(key, None, lone="text"):
        text = squeeze(entry.text("text"))
        if not text:
            raise entry.fail("text", "an empty paragraph")
        formats = {name: author_value(entry, name, entry.raw(name)) for name in DEFAULTS if entry.has(name)}
        entry.done()
        run = Run(text, **{name: value for name, value in formats.items() if name in WORD_FORMATS})
        found.append(Paragraph((run,), **{name: value for name, value in formats.items() if name in PARAGRAPH_FORMATS}))
    return tuple(found)


def author_value(reader: Reader, name: str, value: Any) -> Any:
    if name in ("bold", "italic", "underline"):
        return reader.as_boolean(value, name)
    if isinstance(value, str) and name in ("size", "spacing", "indent"):
        value = float(value.replace(",", ".")) if value.replace(",", "").replace(".", "").isdecimal() else value
    for allowed in ALLOWED[name]:
        if value == allowed and not isinstance(value, bool):
            return allowed
    raise reader.fail(name, f"one of {', '.join(map(str, ALLOWED[name]))}, not {value!r}")


def _short(text: str) -> str:
    return f"« {text if len(text) < 40 else text[:37] + '…'} »"


def _accepted(reader: Reader, name: str) -> Callable[[Any], bool]:
    value = reader.raw(name)
    if isinstance(value, Mapping):
        bounds = Reader(value, f"{reader.where}.{name}", reader.rng)
        low, high = bounds.whole("min", 0), bounds.whole("max", 999)
        bounds.done()
        return lambda given: isinstance(given, int | float) and low <= given <= high
    accepted = [author_value(reader, name, entry) for entry in (value if isinstance(value, list) else [value])]
    return lambda given: given in accepted


def author_goals(reader: Reader, first: Document) -> list[Goal]:
    """``goals`` of TTX (docs/gabarits.md). Raises ``BadParams``."""
    found: list[Goal] = []
    for entry in reader.subs("goals", None):
        stretches: list[tuple[int, int, int]] = []
        if entry.has("words"):
            words = squeeze(entry.text("words"))
            for rank, paragraph in enumerate(first):
                at = paragraph.text.find(words)
                if at >= 0:
                    stretches.append((rank, at, at + len(words)))
            if len(stretches) != 1 or sum(paragraph.text.count(words) for paragraph in first) != 1:
                raise entry.fail("words", f"{words!r} must be in the document exactly once")
        else:
            wanted = entry.entries("paragraphs") if entry.has("paragraphs") else [entry.required("paragraph")]
            for which in wanted:
                rank = _find(entry, which, first)
                stretches.append((rank, 0, len(first[rank].text)))
        say = entry.text("say", "")
        has = entry.sub("has")
        entry.done()
        for name in has.names():
            if name not in DEFAULTS:
                raise has.fail(name, f"one of {', '.join(DEFAULTS)}")
            accepts = _accepted(has, name)
            for rank, start, end in stretches:
                place = _short(first[rank].text[start:end])
                if entry.has("words") and name in PARAGRAPH_FORMATS:
                    raise has.fail(name, "a format of whole paragraphs: use `paragraph`")
                found.append(
                    Goal(rank, start, end, name, accepts, say or f"{place} : {_NAMES[name]} n'est pas comme demandé.")
                )
        has.done()
    if not found:
        raise reader.fail("goals", "at least one goal is expected")
    return found


def _find(reader: Reader, which: Any, document: Document) -> int:
    if isinstance(which, str) and not which.isdecimal():
        found = [rank for rank, paragraph in enumerate(document) if paragraph.text.startswith(squeeze(which))]
        if len(found) != 1:
            raise reader.fail("paragraph", f"{len(found)} paragraphs begin with {which!r}")
        return found[0]
    if isinstance(which, bool) or not isinstance(which, str | int) or not 1 <= int(which) <= len(document):
        raise reader.fail("paragraph", f"from 1 to {len(document)}, not {which!r}")
    return int(which) - 1


def model_goals(first: Document, model: Document) -> list[Goal]:
    """Everything that the model fixes, wherever it differs or not from the beginning."""
    found = []
    for rank, (mine, wanted) in enumerate(zip(first, model, strict=True)):
        for name in DEFAULTS:
            accepted = wanted.values(name)
            place = _short(mine.text)
            found.append(
                Goal(
                    rank,
                    0,
                    len(mine.text),
                    name,
                    accepted.__contains__,
                    f"{place} : {_NAMES[name]} n'est pas comme le modèle.",
                )
            )
    return found


def judge(
    document: Document, first: Document, goals: Sequence[Goal], strict: bool, loose_formats: Sequence[str] = ()
) -> list[str]:
    """Structure (same paragraphs), then value (goals), then damage. ``loose_formats`` are not part of the damage check.

    Raises ``Malformed`` when the text itself changed.
    """
    if [squeeze(paragraph.text) for paragraph in document] != [squeeze(paragraph.text) for paragraph in first]:
        raise Malformed("Le texte lui-même a changé : il fallait seulement le mettre en forme.")
    unmet = [
        g.say for g in goals if not all(map(g.accepts, document[g.paragraph].values(g.format_name, g.start, g.end)))
    ]
    if not strict:
        return unmet
    for rank, paragraph in enumerate(first):
        for name in DEFAULTS:
            if name in loose_formats:
                continue
            free = [(g.start, g.end) for g in goals if g.paragraph == rank and g.format_name == name]
            at = 0
            for start, end in [*sorted(free), (len(paragraph.text), len(paragraph.text))]:
                if start > at and document[rank].values(name, at, start) != paragraph.values(name, at, start):
                    unmet.append(f"{_short(paragraph.text)} : {_NAMES[name]} n'aurait pas dû changer.")
                at = max(at, end)
    return unmet


def to_json(document: Document) -> list[dict[str, Any]]:
    return [
        {name: getattr(paragraph, name) for name in PARAGRAPH_FORMATS}
        | {"runs": [{"text": run.text} | {name: getattr(run, name) for name in WORD_FORMATS} for run in paragraph.runs]}
        for paragraph in document
    ]


def from_json(value: Any) -> Document:
    """The document sent by the editor; raises ``Malformed``."""
    found = []
    for listed in states.items(states.mapping(value).get("paragraphs"), "Le document", 200):
        entry = states.mapping(listed, "Un paragraphe")
        runs = []
        for run in states.items(entry.get("runs"), "Un paragraphe", 500):
            raw = states.mapping(run, "Un paragraphe")
            runs.append(
                Run(states.text(raw.get("text"), "Un paragraphe"), **{name: _known(raw, name) for name in WORD_FORMATS})
            )
        found.append(Paragraph(tuple(runs), **{name: _known(entry, name) for name in PARAGRAPH_FORMATS}))
    return tuple(found)


def _known(raw: Mapping[str, Any], name: str) -> Any:
    value = raw.get(name)
    for allowed in ALLOWED[name]:
        if type(allowed) is bool:
            if value is allowed:
                return allowed
        elif isinstance(value, str | int | float) and not isinstance(value, bool) and value == allowed:
            return allowed
    raise Malformed("Une mise en forme est inconnue.")


def apply(document: Document, goal_paragraph: int, start: int, end: int, name: str, value: Any) -> Document:
    """The document with one format set on a stretch: what the toolbar does, for tests and model answers."""
    paragraph = document[goal_paragraph]
    if name in PARAGRAPH_FORMATS:
        changed = replace(paragraph, **{name: value})
    else:
        runs: list[Run] = []
        at = 0
        for run in paragraph.runs:
            cuts = sorted(
                {0, len(run.text), min(max(start - at, 0), len(run.text)), min(max(end - at, 0), len(run.text))}
            )
            for left, right in pairwise(cuts):
                piece = replace(run, text=run.text[left:right])
                runs.append(replace(piece, **{name: value}) if start <= at + left and at + right <= end else piece)
            at += len(run.text)
        changed = replace(paragraph, runs=tuple(runs))
    return (*document[:goal_paragraph], changed, *document[goal_paragraph + 1 :])
