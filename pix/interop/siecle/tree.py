"""The elements of a SIECLE file that we keep, gathered while it streams by; nothing else is held (schools 5.3, 5.4)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from lxml import etree

from pix.core.texts import squeeze
from pix.interop.rows import MAX_FILE, MAX_PUPILS, FileFault

ROOT = "BEE_ELEVES"
KEPT = (
    "ID_NATIONAL",
    "NOM_DE_FAMILLE",
    "NOM_USAGE",
    "PRENOM",
    "PRENOM2",
    "PRENOM3",
    "CODE_SEXE",
    "DATE_NAISS",
    "CODE_PAYS",
    "CODE_DEPARTEMENT_NAISS",
    "CODE_COMMUNE_INSEE_NAISS",
    "VILLE_NAISS",
    "CODE_MEF",
    "CODE_STATUT",
    "DATE_SORTIE",
)
"""Direct children of ELEVE that are read; SCOLARITE_AN_DERNIER holds names alike, one level deeper."""

NOT_A_CLASS = "inactifs"

_KEPT = frozenset(KEPT)
_PARAMETERS = frozenset({"UAJ", "ANNEE_SCOLAIRE"})
_STRUCTURE_PARTS = frozenset({"CODE_STRUCTURE", "TYPE_STRUCTURE"})
_LONGEST_TAG = 2 * 1024 * 1024
_DEEPEST = 100
_MOST_NAMES = 1_000
_LONGEST = 256
"""Values are cut here, one past the longest that is accepted, so that a hostile file cannot fill the memory."""


@dataclass(slots=True)
class RawPupil:
    """An ELEVE: its file-local id and its trimmed values, absent ones left out."""

    id: str
    values: dict[str, str]


@dataclass(slots=True)
class Tree:
    """What the file says. ``divisions``: last class per ELEVE_ID; ``structures``: class entries per ELEVE_ID."""

    root: str = ""
    parameters: dict[str, str] = field(default_factory=dict)
    pupils: list[RawPupil] = field(default_factory=list)
    divisions: dict[str, str] = field(default_factory=dict)
    structures: dict[str, int] = field(default_factory=dict)


class _Gatherer:
    """Receives the parser's events. Depths: 1 root, 2 PARAMETRES or DONNEES, 3 their parts, 4 ELEVE, 5 its fields."""

    def __init__(self, uai: str) -> None:
        self.tree = Tree()
        self._uai = uai
        self._names: set[str] = set()
        self._depth = 0
        self._second = ""
        self._third = ""
        self._pupil: dict[str, str] | None = None
        self._pupil_id = ""
        self._owner: str | None = None
        self._structure: dict[str, str] | None = None
        self._text: list[str] | None = None
        self._length = 0
        self._text_depth = 0
        self._foreign = False
        self._ranks = 0
        self._entries = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth = depth = self._depth + 1
        if tag not in self._names:
            self._meet(tag)
        if depth == 5:
            if self._pupil is not None:
                if tag in _KEPT and tag not in self._pupil:
                    self._listen(depth)
            elif self._owner is not None and tag == "STRUCTURE":
                self._structure = {}
        elif depth == 4:
            if self._second == "DONNEES":
                self._enter(tag, attributes)
        elif depth == 6:
            if self._structure is not None and tag in _STRUCTURE_PARTS:
                self._listen(depth)
        elif depth == 3:
            self._third = tag
            if self._second == "PARAMETRES" and tag in _PARAMETERS and tag not in self.tree.parameters:
                self._listen(depth)
        elif depth == 2:
            self._second = tag
        elif depth == 1:
            self.tree.root = tag
            if tag != ROOT:
                raise FileFault("INVALID_FILE")
        elif depth > _DEEPEST:  # the parser itself counts depth only when it builds a tree
            raise FileFault("INVALID_FILE")

    def _meet(self, tag: str) -> None:
        """The parser never forgets an element's name: a file that invents them without end is stopped."""
        self._names.add(tag)
        if len(self._names) > _MOST_NAMES:
            raise FileFault("INVALID_FILE")

    def _enter(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "ELEVE" and self._third == "ELEVES":
            self._ranks += 1
            self._pupil = {}
            self._pupil_id = attributes.get("ELEVE_ID", "").strip()[:_LONGEST]
        elif tag == "STRUCTURES_ELEVE" and self._third == "STRUCTURES":
            self._entries += 1
            self._owner = attributes.get("ELEVE_ID", "").strip()[:_LONGEST]
            if not self._foreign:
                self.tree.structures[self._owner] = self.tree.structures.get(self._owner, 0) + 1
        if max(self._ranks, self._entries) > MAX_PUPILS:
            raise FileFault("INVALID_FILE")

    def _listen(self, depth: int) -> None:
        self._text = []
        self._length = 0
        self._text_depth = depth

    def data(self, text: str) -> None:
        if self._text is not None and self._depth == self._text_depth:
            if not self._length:
                text = text.lstrip()
            room = _LONGEST * 2 - self._length
            if text and room > 0:
                self._text.append(text[:room])
                self._length += len(text)

    def end(self, tag: str) -> None:
        depth = self._depth
        self._depth = depth - 1
        if self._text is not None and depth == self._text_depth:
            value = "".join(self._text).strip()[:_LONGEST]
            self._text = None
            if depth == 5 and self._pupil is not None:
                self._pupil[tag] = value
            elif depth == 6 and self._structure is not None:
                self._structure[tag] = value
            elif depth == 3:
                self.tree.parameters[tag] = value
                self._forget_foreign_pupils(tag, value)
        elif depth == 5:
            if self._structure is not None:
                self._keep_division(self._structure)
                self._structure = None
        elif depth == 4:
            if self._pupil is not None and not self._foreign:
                self.tree.pupils.append(RawPupil(self._pupil_id, self._pupil))
            self._pupil = None
            self._owner = None
        elif depth == 3:
            self._third = ""
        elif depth == 2:
            self._second = ""

    def _forget_foreign_pupils(self, tag: str, value: str) -> None:
        """Another school's pupils are never held; the syntax is still read to the end, since its errors come first."""
        if tag == "UAJ" and value.upper() != self._uai:
            self._foreign = True
            self.tree.pupils.clear()
            self.tree.structures.clear()
            self.tree.divisions.clear()

    def _keep_division(self, structure: dict[str, str]) -> None:
        if self._foreign or not self._owner or structure.get("TYPE_STRUCTURE", "").upper() != "D":
            return
        division = squeeze(structure.get("CODE_STRUCTURE", ""))
        if division and division.lower() != NOT_A_CLASS:
            self.tree.divisions[self._owner] = division

    def doctype(self, name: str, public_id: str | None, system_url: str | None) -> None:
        raise FileFault("INVALID_FILE")

    def close(self) -> Tree:
        return self.tree


def gather(pieces: Iterator[bytes], uai: str) -> Tree:
    """Parse UTF-8 pieces of XML to the end, keeping the pupils only if the file is of school ``uai`` (upper-cased).

    Raises ``FileFault`` ``INVALID_FILE`` at the first syntax error, with its line and column, at any DOCTYPE, and when
    the root is not BEE_ELEVES.
    """
    gatherer = _Gatherer(uai)
    parser = etree.XMLParser(
        target=cast(Any, gatherer),  # the stubs ask for a method that lxml does without
        encoding="utf-8",
        huge_tree=False,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        recover=False,
    )
    fed = False
    try:
        for piece in _without_endless_tag(pieces):
            fed = True
            parser.feed(piece)
        if not fed:
            raise FileFault("INVALID_FILE", line=1, column=1)
        parser.close()
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise FileFault("INVALID_FILE", line=line or 1, column=column or 1) from None
    return gatherer.tree


def _without_endless_tag(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Refuse a tag that never ends: the parser holds all of one before it says anything, at fifteen times its size.

    Only « < » is looked for: « > » may stand in a value. So the text after a start tag counts too, which harms no real file.
    """
    length = 0
    in_start_tag = False
    for piece in pieces:
        at = piece.rfind(b"<")
        if at < 0:
            length += len(piece)
        else:
            length = len(piece) - at
            in_start_tag = piece[at + 1 : at + 2] not in (b"/", b"!", b"?")
        if length > (_LONGEST_TAG if in_start_tag else MAX_FILE):
            raise FileFault("INVALID_FILE")
        yield piece
