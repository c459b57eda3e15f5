"""Reads the bank's YAML with the line of every value, so that each problem can be shown where the author wrote it.

Stricter than YAML 1.1: ``oui``, ``no``, ``12:30`` and dates stay text, a key written twice is a problem.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

import msgspec
import yaml

from pix.content.schema import Framework, Parcours, Question, Sujet

Severity = Literal["erreur", "avertissement"]
Place = tuple[str | int, ...]
"""Path of a value in its file: ``("acquis", 2, "questions", 0, "solution")``."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that an author has to mend. ``line`` counts from 1."""

    file: str
    line: int
    severity: Severity
    code: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.severity} [{self.code}] {self.text}"


@dataclass(frozen=True, slots=True)
class Document(Generic[T]):
    """One file, typed, and where its values stand."""

    file: str
    value: T
    lines: dict[Place, int]

    def line(self, *place: str | int) -> int:
        """Line of a value, or of the nearest thing around it."""
        return nearest(self.lines, place)


@dataclass(frozen=True, slots=True)
class Sources:
    """The whole bank as written, without the objects that do not fit the schema (each has left a problem)."""

    framework: Document[Framework] | None
    sujets: tuple[Document[Sujet], ...]
    parcours: tuple[Document[Parcours], ...]
    problems: tuple[Problem, ...]
    faulty: frozenset[str] = frozenset()
    """Full ids of the questions left out."""
    broken: bool = False
    """A whole file could not be read: what is here is not the whole bank."""


class _Loader(yaml.CSafeLoader):
    """Only null, true/false, integers and decimals are not text."""

    yaml_implicit_resolvers: dict[str, Any] = {}


_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"(?:~|null|)$"), ["~", "n", ""])
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"(?:true|false)$"), ["t", "f"])
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"-?(?:0|[1-9]\d*)$"), list("-0123456789"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"-?(?:0|[1-9]\d*)\.\d+$"), list("-0123456789"))

_PLACE = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]")
_UNKNOWN = re.compile(r"unknown field `([^`]+)`")


def nearest(lines: dict[Place, int], place: Place) -> int:
    """Line of ``place`` or of its closest known ancestor; 1 when nothing is known."""
    for end in range(len(place), -1, -1):
        if (line := lines.get(place[:end])) is not None:
            return line
    return 1


@dataclass(slots=True)
class _Reading:
    file: str
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, line: int, code: str, text: str) -> None:
        self.problems.append(Problem(self.file, line, "erreur", code, text))

    def value(self, node: yaml.Node, place: Place) -> Any:
        line = node.start_mark.line + 1
        self.lines.setdefault(place, line)
        if isinstance(node, yaml.MappingNode):
            mapping: dict[str, Any] = {}
            for key_node, value_node in node.value:
                key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
                key_line = key_node.start_mark.line + 1
                if key == "?":
                    self.problem(
                        key_line, "yaml", "clé illisible ; un texte qui commence par {{ s'écrit entre guillemets"
                    )
                if key in mapping:
                    self.problem(key_line, "duplicate-key", f"la clé « {key} » est écrite deux fois")
                self.lines[(*place, key)] = key_line
                mapping[key] = self.value(value_node, (*place, key))
            return mapping
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child, (*place, index)) for index, child in enumerate(node.value)]
        return self.scalar(node, line)

    def scalar(self, node: yaml.Node, line: int) -> Any:
        text: str = node.value
        match node.tag.rpartition(":")[2]:
            case "null":
                return None
            case "bool":
                return text == "true"
            case "int":
                return int(text)
            case "float":
                return float(text)
            case "str":
                return text
            case _:
                self.problem(line, "yaml", f"étiquette YAML inconnue : {node.tag}")
                return text

    def mismatch(self, error: msgspec.ValidationError, base: Place = ()) -> None:
        """Turns msgspec's ``… - at `$.acquis[0].id```  into a problem with its line."""
        message, _, where = str(error).partition(" - at `$")
        place: list[str | int] = list(base)
        for name, index in _PLACE.findall(where.rstrip("`")):
            place.append(name if name else int(index))
        if unknown := _UNKNOWN.search(message):
            place.append(unknown[1])
        shown = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in place).lstrip(".")
        self.problem(nearest(self.lines, tuple(place)), "schema", f"{shown or 'fichier'} : {message}")


def parse(text: str, file: str = "") -> tuple[Any, dict[Place, int], list[Problem]]:
    """Data, line of each value, and problems of YAML itself; data is ``None`` when the file cannot be read."""
    reading = _Reading(file)
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reading.problem(mark.line + 1 if mark else 1, "yaml", f"YAML illisible : {getattr(error, 'problem', error)}")
        return None, {}, reading.problems
    if node is None:
        reading.problem(1, "yaml", "fichier vide")
        return None, {}, reading.problems
    data = reading.value(node, ())
    return data, reading.lines, reading.problems


def _document(path: Path, file: str, kind: type[T], problems: list[Problem]) -> Document[T] | None:
    data, lines, found = parse(path.read_text(encoding="utf-8"), file)
    reading = _Reading(file, lines, found)
    value: T | None = None
    if data is not None:
        try:
            value = msgspec.convert(data, kind)
        except msgspec.ValidationError as error:
            reading.mismatch(error)
    problems.extend(reading.problems)
    return None if value is None else Document(file, value, lines)


def _sujet(path: Path, file: str, problems: list[Problem], faulty: set[str]) -> Document[Sujet] | None:
    """Like ``_document``, but one bad question does not hide the others: it is reported and left out."""
    data, lines, found = parse(path.read_text(encoding="utf-8"), file)
    reading = _Reading(file, lines, found)
    dropped: dict[Place, int] = {}
    for i, acquis in enumerate(_dicts(data, "acquis")):
        questions = acquis.get("questions") or []
        good: list[Any] = []
        moved = 0
        for j, question in enumerate(questions if isinstance(questions, list) else []):
            base: Place = ("acquis", i, "questions", j)
            try:
                msgspec.convert(question, Question)
            except msgspec.ValidationError as error:
                reading.mismatch(error, base)
                name = question.get("id", "?") if isinstance(question, dict) else "?"
                faulty.add(f"{data.get('id')}-{acquis.get('id')}-{name}")
                moved += 1
                continue
            if moved:
                target: Place = ("acquis", i, "questions", len(good))
                dropped |= {target + p[4:]: line for p, line in lines.items() if p[:4] == base}
            good.append(question)
        if isinstance(questions, list) and questions:
            acquis["questions"] = good
    lines = lines | dropped
    value: Sujet | None = None
    if data is not None:
        try:
            value = msgspec.convert(data, Sujet)
        except msgspec.ValidationError as error:
            reading.mismatch(error)
    problems.extend(reading.problems)
    return None if value is None else Document(file, value, lines)


def _dicts(data: Any, key: str) -> Iterator[dict[str, Any]]:
    items = data.get(key) if isinstance(data, dict) else None
    for item in items if isinstance(items, list) else []:
        yield item if isinstance(item, dict) else {}


def read(folder: Path) -> Sources:
    """Reads ``framework.yaml``, ``<area>/<sujet>.yaml`` and ``parcours/*.yaml``; never raises on what authors write."""
    problems: list[Problem] = []
    faulty: set[str] = set()

    def name(path: Path) -> str:
        return f"{folder.as_posix()}/{path.relative_to(folder).as_posix()}"

    main = folder / "framework.yaml"
    framework: Document[Framework] | None = None
    if main.is_file():
        framework = _document(main, name(main), Framework, problems)
    else:
        problems.append(Problem(name(main), 1, "erreur", "missing-file", "le fichier du référentiel manque"))
    sujets = []
    paths = sorted(folder.glob("[0-9]/*.yaml"))
    for path in paths:
        if (sujet := _sujet(path, name(path), problems, faulty)) is not None:
            sujets.append(sujet)
    parcours = []
    parcours_paths = sorted((folder / "parcours").glob("*.yaml"))
    for path in parcours_paths:
        if (one := _document(path, name(path), Parcours, problems)) is not None:
            parcours.append(one)
    misread = any(problem.code != "schema" for problem in problems)
    broken = misread or framework is None or len(sujets) < len(paths) or len(parcours) < len(parcours_paths)
    return Sources(framework, tuple(sujets), tuple(parcours), tuple(problems), frozenset(faulty), broken)
