"""BLOCS: build a program of blocks, or follow one: where does the robot stop, what is the value at the end?"""

import random
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

from pix.generators import blocks, states
from pix.generators.blocks import Block, Run, World
from pix.generators.contract import Draw
from pix.generators.params import Reader, goals
from pix.generators.solving import blocs as solving
from pix.generators.states import Malformed

GOALS = ("reach", "collected", "value", "says", "uses", "most")
SIGNS = {"^": 0, ">": 1, "v": 2, "<": 3}


def _world(reader: Reader) -> World:
    if not reader.has("map"):
        return World()
    raw = reader.raw("map")
    rows = raw.split() if isinstance(raw, str) else reader.texts("map", None)
    start, heading = None, 1
    for y, row in enumerate(rows):
        for x, sign in enumerate(row):
            if sign in SIGNS:
                if start:
                    raise reader.fail("map", "one robot (^ > v <) is expected")
                start, heading = (x, y), SIGNS[sign]
            elif sign not in ".#*F":
                raise reader.fail("map", f"{sign!r} is not a sign of the map")
    if start is None or len({len(row) for row in rows}) != 1 or not (len(rows) <= 12 and len(rows[0]) <= 12):
        raise reader.fail("map", "rows of one length, twelve at most, and one robot (^ > v <) are expected")
    cells = tuple("".join("." if sign in SIGNS else sign for sign in row) for row in rows)
    return World(cells, start, heading)


def _walk(rng: random.Random, reader: Reader) -> tuple[World, list[Block]]:
    """A drawn grid and a drawn program that stops on another cell than the first."""
    moves, size = reader.whole("moves", 5, 2, 12), reader.whole("size", 5, 3, 9)
    turtle, loop = reader.boolean("turtle"), reader.boolean("loop")
    reader.done()
    while True:
        rows = [["#" if rng.random() < 0.12 else "." for _ in range(size)] for _ in range(size)]
        world = World(tuple("".join(row) for row in rows), (rng.randrange(size), rng.randrange(size)), rng.randrange(4))
        if world.at(*world.start) == "#":
            continue
        ops = ["avancer", "avancer", "tourner_gauche", "tourner_droite"] if turtle else list(blocks.ABSOLUTE)
        program: list[Block] = [{"op": rng.choice(ops)} for _ in range(moves)]
        if loop:
            cut = max(1, moves // 2)
            program = [{"op": "repeter", "n": rng.randint(2, 3), "body": program[:cut]}, *program[cut:]]
        pairs = [(a["op"], b["op"]) for a, b in pairwise(program)]
        back = {("haut", "bas"), ("gauche", "droite"), ("tourner_gauche", "tourner_droite")}
        if any(pair in back or pair[::-1] in back for pair in pairs):
            continue
        try:
            done = blocks.run(world, program)
        except blocks.Stopped:
            continue
        kinds = {block["op"] for block in blocks.every(program)}
        if (done.x, done.y) != world.start and len(kinds) > 2 and (not turtle or program[-1]["op"] == "avancer"):
            return world, program


def cell_name(x: int, y: int) -> str:
    """As on a board: A1 is the first column of the first line."""
    return f"{'ABCDEFGHIJKL'[x]}{y + 1}"


def make(rng: random.Random, params: Mapping[str, Any]) -> Draw:
    """Parameters and goals: docs/gabarits.md, BLOCS."""
    reader = Reader(params, "BLOCS", rng)
    if reader.choice("mode", ("build", "follow"), "build") == "follow":
        return _follow(rng, reader)
    return _build(rng, reader)


def _follow(rng: random.Random, reader: Reader) -> Draw:
    asked = reader.text("ask", "cell")
    if reader.has("drawn"):
        world, program = _walk(rng, reader.sub("drawn"))
        reader.raw("drawn")
    else:
        world, program = _world(reader), blocks.author_program(reader, "program", None)
    reader.done()
    try:
        done = blocks.run(world, program)
    except blocks.Stopped as problem:
        raise reader.fail("program", str(problem)) from None
    if asked == "cell" and not world.cells:
        raise reader.fail("map", "needed to ask for a cell")
    if asked != "cell" and asked not in done.values:
        raise reader.fail("ask", f"cell or a variable of the program, not {asked!r}")
    right = cell_name(done.x, done.y) if asked == "cell" else str(done.values[asked])

    @states.judged
    def check(value: Any) -> list[str]:
        given = states.text(states.mapping(value).get("answer"), "La réponse", 40).strip()
        if asked == "cell":
            return [] if given == right else ["Le robot ne s'arrête pas sur cette case."]
        digits = given.removeprefix("-")
        fits = digits.isascii() and digits.isdecimal() and len(digits) < 9 and int(given) == int(right)
        return [] if fits else [f"Ce n'est pas la valeur de {asked} à la fin."]

    state = {
        "gabarit": "BLOCS", "mode": "follow", "world": world.to_json() if world.cells else None, "ask": asked, "program": program,
    }  # fmt: skip
    shown = f"La case {right}." if asked == "cell" else f"À la fin, {asked} vaut {right}."
    return Draw(
        state=state, check=check, solve=lambda: {"answer": right}, shown_solution=shown, values={"reponse": right}
    )


def _goal(verb: str, goal: Reader, world: World, names: list[str]) -> Callable[[list[Block], Run], str]:
    """A goal as what is missing; empty when it is met."""
    if verb in ("reach", "collected"):
        goal.boolean(verb)
        sign, what = ("F", "drapeau") if verb == "reach" else ("*", "étoile")
        if not world.count(sign):
            raise goal.fail(verb, f"the map has no {what}")
        if verb == "reach":
            return lambda _, done: "" if world.at(done.x, done.y) == "F" else "Le robot ne s'arrête pas sur le drapeau."
        return lambda _, done: "" if len(done.taken) == world.count("*") else "Il reste au moins une étoile à ramasser."
    if verb == "value":
        pair = goal.sub("value")
        name, wanted = pair.choice("of", names), pair.whole("is", None, -blocks.MOST_VALUE, blocks.MOST_VALUE)
        pair.done()
        return lambda _, done: "" if done.values.get(name) == wanted else f"À la fin, {name} n'a pas la bonne valeur."
    if verb == "says":
        said = goal.texts("says", None)
        return lambda _, done: "" if done.said == said else "Le programme ne dit pas ce qui est demandé."
    if verb == "uses":
        op = goal.choice("uses", (*blocks.LOOPS, *blocks.MEMORY))
        label = {"repeter": "répéter … fois", "jusqua": "répéter jusqu'à", "si": "si"}.get(op, op)

        def used(program: list[Block], done: Run) -> str:
            there = op in done.looped if op in blocks.LOOPS else any(b["op"] == op for b in blocks.every(program))
            return "" if there else f"Le bloc « {label} » doit servir."

        return used
    most = goal.whole("most", None, 1, blocks.MOST_BLOCKS)
    return lambda program, _: (
        "" if len(list(blocks.every(program))) <= most else f"Il y a trop de blocs : {most} au plus."
    )


def _build(rng: random.Random, reader: Reader) -> Draw:
    world = _world(reader)
    names = reader.texts("variables")
    first = blocks.author_program(reader, "program")
    example = blocks.author_program(reader, "example", None)
    ops = reader.subset("blocks", blocks.OPS)
    quarters = rng.randrange(4) if reader.boolean("turned") else 0
    for _ in range(quarters):
        world = world.quarter_turn()
    first, example = blocks.turned(first, quarters), blocks.turned(example, quarters)
    if quarters % 2 or quarters == 2:
        ops = [op for op in blocks.OPS if op in {b["op"] for b in blocks.turned([{"op": o} for o in ops], quarters)}]
    wanted: list[tuple[Callable[[list[Block], Run], str], str]] = []
    most = 0
    for verb, goal in goals(reader, GOALS):
        met, say = _goal(verb, goal, world, names), goal.text("say", "")
        most = goal.whole("most") if verb == "most" else most
        wanted.append((met, say))
        goal.done()
    reader.done()

    @states.judged
    def check(value: Any) -> list[str]:
        program = blocks.sent_program(states.mapping(value).get("program"), ops, names)
        if not program:
            raise Malformed("Le programme est vide.")
        try:
            done = blocks.run(world, program)
        except blocks.Stopped as problem:
            return [str(problem)]
        return [say or missing for met, say in wanted if (missing := met(program, done))]

    state = {
        "gabarit": "BLOCS", "mode": "build", "world": world.to_json() if world.cells else None, "program": first,
        "blocks": ops, "variables": names, "most": most,
    }  # fmt: skip
    return Draw(
        state=state,
        check=check,
        solve=lambda: solving.solve(example, ops, names, check),
        shown_solution=blocks.in_words(example) + ".",
    )
