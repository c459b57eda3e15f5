"""Proves a task of blocks with the program that its author keeps as an example, if the blocks given can make it."""

from collections.abc import Callable, Sequence
from typing import Any

from pix.generators.blocks import Block, sent_program
from pix.generators.contract import Verdict
from pix.generators.states import Malformed


def solve(
    example: Sequence[Block], ops: Sequence[str], names: Sequence[str], check: Callable[[Any], Verdict]
) -> dict[str, Any] | None:
    """``None`` when a block or a variable of the example is not offered; the shortest beginning that is enough otherwise."""
    try:
        sent_program(list(example), ops, names)
    except Malformed:
        return None
    for length in range(1, len(example) + 1):
        state = {"program": list(example[:length])}
        if check(state).ok:
            return state
    return {"program": list(example)}
