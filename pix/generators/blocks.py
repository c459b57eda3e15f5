"""Programs made of blocks: how authors write them, how browsers send them, and how they run on a grid with a step limit."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pix.generators import states
from pix.generators.params import Reader
from pix.generators.states import Malformed

ABSOLUTE = {"haut": (0, -1), "droite": (1, 0), "bas": (0, 1), "gauche": (-1, 0)}
MOVES = (*ABSOLUTE, "avancer", "tourner_gauche", "tourner_droite", "ramasser")
LOOPS = ("repeter", "jusqua", "si")
MEMORY = ("mettre", "ajouter", "dire")
OPS = (*MOVES, *LOOPS, *MEMORY)
TESTS = ("drapeau", "mur", "etoile")
HEADINGS = tuple(ABSOLUTE)

MOST_BLOCKS, MOST_DEPTH, MOST_STEPS, MOST_TIMES, MOST_VALUE = 60, 4, 1_000, 99, 999_999

Block = dict[str, Any]


class Stopped(Exception):
    """The program cannot go on; the message is in French, for the pupil."""


@dataclass(frozen=True, slots=True)
class World:
    """A grid (``cells``: rows of ``.`` free, ``#`` wall, ``*`` star, ``F`` flag) and where the robot stands."""

    cells: tuple[str, ...] = ()
    start: tuple[int, int] = (0, 0)
    heading: int = 1

    @property
    def width(self) -> int:
        return len(self.cells[0]) if self.cells else 0

    def at(self, x: int, y: int) -> str:
        return self.cells[y][x] if 0 <= y < len(self.cells) and 0 <= x < self.width else "#"

    def count(self, sign: str) -> int:
        return sum(row.count(sign) for row in self.cells)

    def quarter_turn(self) -> "World":
        """The same world, turned clockwise: what was up is on the right."""
        cells = tuple("".join(row[x] for row in reversed(self.cells)) for x in range(self.width))
        x, y = self.start
        return World(cells, (len(self.cells) - 1 - y, x), (self.heading + 1) % 4)

    def to_json(self) -> dict[str, Any]:
        return {"cells": list(self.cells), "x": self.start[0], "y": self.start[1], "heading": HEADINGS[self.heading]}


@dataclass(slots=True)
class Run:
    """What a program did."""

    x: int = 0
    y: int = 0
    heading: int = 1
    taken: set[tuple[int, int]] = field(default_factory=set)
    values: dict[str, int] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    steps: int = 0
    looped: set[str] = field(default_factory=set)
    """Loops whose body ran twice or more, tests that were read."""


def run(world: World, program: Sequence[Block]) -> Run:
    """Raises ``Stopped`` on a wall, on nothing to pick up, on a variable without value and after ``MOST_STEPS``."""
    done = Run(*world.start, world.heading)
    _run(world, program, done)
    return done


def _run(world: World, program: Sequence[Block], done: Run) -> None:
    for block in program:
        _step(done)
        op = block["op"]
        if op in ABSOLUTE or op == "avancer":
            dx, dy = ABSOLUTE[HEADINGS[done.heading] if op == "avancer" else op]
            if world.at(done.x + dx, done.y + dy) == "#":
                raise Stopped("Le robot est arrêté par un mur ou par le bord.")
            done.x, done.y = done.x + dx, done.y + dy
        elif op in ("tourner_gauche", "tourner_droite"):
            done.heading = (done.heading + (1 if op == "tourner_droite" else -1)) % 4
        elif op == "ramasser":
            here = (done.x, done.y)
            if world.at(*here) != "*" or here in done.taken:
                raise Stopped("Le robot veut ramasser une étoile là où il n'y en a pas.")
            done.taken.add(here)
        elif op == "repeter":
            for _ in range(block["n"]):
                _step(done)
                _run(world, block["body"], done)
            if block["n"] > 1 and block["body"]:
                done.looped.add(op)
        elif op == "jusqua":
            turns = 0
            while not _test(world, block["test"], done):
                _step(done)
                _run(world, block["body"], done)
                turns += 1
            if turns > 1:
                done.looped.add(op)
        elif op == "si":
            done.looped.add(op)
            _run(world, block["body"] if _test(world, block["test"], done) else block.get("else", []), done)
        elif op == "dire":
            done.said.append(str(_value(block["value"], done)))
        else:
            value = _value(block["value"], done)
            if op == "ajouter":
                value += _value(block["var"], done)
            if abs(value) > MOST_VALUE:
                raise Stopped("Une variable devient beaucoup trop grande.")
            done.values[block["var"]] = value


def _step(done: Run) -> None:
    done.steps += 1
    if done.steps > MOST_STEPS:
        raise Stopped("Le programme ne s'arrête pas.")


def _test(world: World, name: str, done: Run) -> bool:
    if name == "mur":
        dx, dy = ABSOLUTE[HEADINGS[done.heading]]
        return world.at(done.x + dx, done.y + dy) == "#"
    here = world.at(done.x, done.y)
    return here == "F" if name == "drapeau" else here == "*" and (done.x, done.y) not in done.taken


def _value(text: str, done: Run) -> int:
    if text.lstrip("-").isdecimal():
        return int(text)
    if text not in done.values:
        raise Stopped(f"La variable « {text} » n'a pas encore de valeur.")
    return done.values[text]


def every(program: Sequence[Block]) -> Iterator[Block]:
    for block in program:
        yield block
        yield from every(block.get("body", ()))
        yield from every(block.get("else", ()))


def turned(program: Sequence[Block], quarters: int) -> list[Block]:
    """The same program for a world turned clockwise: only the four compass moves change."""
    made = []
    for block in program:
        copy = dict(block)
        if block["op"] in ABSOLUTE:
            copy["op"] = HEADINGS[(HEADINGS.index(block["op"]) + quarters) % 4]
        for part in ("body", "else"):
            if part in block:
                copy[part] = turned(block[part], quarters)
        made.append(copy)
    return made


def author_program(reader: Reader, key: str, default: Sequence[Any] | None = ()) -> list[Block]:
    """``avancer``, ``{repeter: 4, do: […]}``, ``{jusqua: mur, do: […]}``, ``{si: etoile, do: […], sinon: […]}``, ``{mettre: [score, 3]}``."""
    made: list[Block] = []
    for entry in reader.subs(key, default, lone="op"):
        op = next((name for name in (*LOOPS, *MEMORY) if entry.has(name)), "")
        if not op:
            made.append({"op": entry.choice("op", MOVES)})
        elif op in LOOPS:
            block: Block = {"op": op}
            if op == "repeter":
                block["n"] = entry.whole(op, None, 0, MOST_TIMES)
            else:
                block["test"] = entry.choice(op, TESTS)
            block["body"] = author_program(entry, "do")
            if entry.has("sinon"):
                block["else"] = author_program(entry, "sinon")
            made.append(block)
        elif op == "dire":
            made.append({"op": op, "value": entry.text(op)})
        else:
            pair = entry.texts(op, None)
            if len(pair) != 2:
                raise entry.fail(op, "[name, value] is expected")
            made.append({"op": op, "var": pair[0], "value": pair[1]})
        entry.done()
    return made


def sent_program(value: Any, ops: Sequence[str], names: Sequence[str]) -> list[Block]:
    """A program as a browser sends it, rebuilt from known parts only."""
    left = [MOST_BLOCKS]

    def read(listed: Any, depth: int) -> list[Block]:
        if depth > MOST_DEPTH:
            raise Malformed("Le programme a trop de niveaux.")
        made = []
        for raw in states.items(listed, "Le programme"):
            left[0] -= 1
            if left[0] < 0:
                raise Malformed("Le programme a trop de blocs.")
            given = states.mapping(raw, "Le programme")
            op = states.text(given.get("op"), "Le programme")
            if op not in ops:
                raise Malformed("Le programme contient un bloc inconnu.")
            block: Block = {"op": op}
            if op == "repeter":
                times = given.get("n")
                if isinstance(times, bool) or not isinstance(times, int) or not 0 <= times <= MOST_TIMES:
                    raise Malformed("Un nombre de répétitions est illisible.")
                block["n"] = times
            if op in ("jusqua", "si"):
                block["test"] = states.text(given.get("test"), "Le programme")
                if block["test"] not in TESTS:
                    raise Malformed("Une condition est inconnue.")
            if op in LOOPS:
                block["body"] = read(given.get("body"), depth + 1)
            if op == "si":
                block["else"] = read(given.get("else", []), depth + 1)
            if op in MEMORY:
                block["value"] = _operand(given.get("value"), names)
            if op in ("mettre", "ajouter"):
                block["var"] = states.text(given.get("var"), "Le programme")
                if block["var"] not in names:
                    raise Malformed("Une variable est inconnue.")
            made.append(block)
        return made

    return read(value, 1)


def _operand(value: Any, names: Sequence[str]) -> str:
    text = states.text(value, "Une valeur", 20).strip()
    digits = text.removeprefix("-")
    if text in names or (digits.isascii() and digits.isdecimal() and len(digits) <= 6):
        return text
    raise Malformed("Une valeur du programme n'est ni un nombre ni une variable.")


SAYS: Mapping[str, str] = {
    "haut": "aller d'une case vers le haut",
    "bas": "aller d'une case vers le bas",
    "gauche": "aller d'une case vers la gauche",
    "droite": "aller d'une case vers la droite",
    "avancer": "avancer d'une case",
    "tourner_gauche": "tourner à gauche",
    "tourner_droite": "tourner à droite",
    "ramasser": "ramasser l'étoile",
}
TEST_SAYS: Mapping[str, str] = {
    "drapeau": "le robot est sur le drapeau",
    "mur": "un mur est devant",
    "etoile": "une étoile est sur la case",
}


def in_words(program: Sequence[Block]) -> str:
    """One line for the correction: « répéter 4 fois [avancer d'une case] »."""
    return " ; ".join(_in_words(block) for block in program)


def _in_words(block: Block) -> str:
    op = block["op"]
    if op == "repeter":
        return f"répéter {block['n']} fois [{in_words(block['body'])}]"
    if op == "jusqua":
        return f"répéter jusqu'à ce que {TEST_SAYS[block['test']]} [{in_words(block['body'])}]"
    if op == "si":
        other = f" sinon [{in_words(block['else'])}]" if block.get("else") else ""
        return f"si {TEST_SAYS[block['test']]} [{in_words(block['body'])}]{other}"
    if op == "mettre":
        return f"mettre {block['var']} à {block['value']}"
    if op == "ajouter":
        return f"ajouter {block['value']} à {block['var']}"
    return f"dire {block['value']}" if op == "dire" else SAYS[op]
