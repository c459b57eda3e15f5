"""MONDE: names, places and numbers of the invented world, for a question that only needs varied data."""

import random
from collections.abc import Mapping
from typing import Any

from pix.generators import world
from pix.generators.contract import Draw
from pix.generators.params import Reader


def make(rng: random.Random, params: Mapping[str, Any]) -> Draw:
    """``people``: how many first names; ``digits``: name → [low, high]."""
    reader = Reader(params, "MONDE", rng)
    names = world.first_names(rng, reader.whole("people", 3, 0, 20))
    values: dict[str, Any] = {f"p{rank + 1}": name for rank, name in enumerate(names)}
    values |= {
        "classe": rng.choice(world.CLASSES), "lieu": rng.choice(world.PLACES), "rue": rng.choice(world.STREETS), "club": rng.choice(world.CLUBS),
        "jour": world.day(rng), "heure": world.hour(rng),
    }  # fmt: skip
    digits = reader.raw("digits", {})
    if not isinstance(digits, Mapping):
        raise reader.fail("digits", "a mapping of [low, high] is expected")
    for key, bounds in digits.items():
        if not (
            isinstance(bounds, list)
            and len(bounds) == 2
            and all(type(b) is int for b in bounds)
            and bounds[0] <= bounds[1]
        ):
            raise reader.fail(f"digits.{key}", "[low, high] is expected")
        if key in values:
            raise reader.fail(f"digits.{key}", "this name is already given")
        values[str(key)] = rng.randint(*bounds)
    reader.done()
    return Draw(values=values)
