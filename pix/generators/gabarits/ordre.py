"""ORDRE: put steps in order, leave the useless ones aside."""

import random
from collections.abc import Mapping
from typing import Any

from pix.generators import states
from pix.generators.contract import Draw
from pix.generators.params import Reader
from pix.generators.states import Malformed


def make(rng: random.Random, params: Mapping[str, Any]) -> Draw:
    """Parameters: docs/gabarits.md, ORDRE."""
    reader = Reader(params, "ORDRE", rng)
    steps: list[list[str]] = []
    for rank, entry in enumerate(reader.entries("steps", None)):
        group = entry if isinstance(entry, list) else [entry]
        steps.append([reader.as_text(text, f"steps[{rank}]") for text in group])
    extra = reader.texts("extra")
    ends = [reader.text("from_label", ""), reader.text("to_label", "")]
    reader.done()
    flat = [text for group in steps for text in group]
    if len(set(flat + extra)) != len(flat) + len(extra) or len(steps) < 2:
        raise reader.fail("steps", "at least two steps, all different, are expected")
    group_of = {text: rank for rank, group in enumerate(steps) for text in group}

    def right(texts: list[str]) -> bool:
        return [group_of.get(text, -1) for text in texts] == sorted(group_of[text] for text in flat)

    shown = flat + extra
    while True:
        rng.shuffle(shown)
        if not right([text for text in shown if text in group_of]):
            break
    ids = {text: f"e{rank + 1}" for rank, text in enumerate(shown)}
    texts_of = {i: text for text, i in ids.items()}

    @states.judged
    def check(value: Any) -> list[str]:
        state = states.mapping(value)
        order, aside = (
            states.texts(state.get("order"), "L'ordre", 100),
            states.texts(state.get("aside"), "L'ordre", 100),
        )
        if sorted(order + aside) != sorted(texts_of):
            raise Malformed("L'ordre est incomplet.")
        unmet = []
        if {texts_of[i] for i in aside} != set(extra):
            unmet.append(
                "Ce ne sont pas les bonnes étapes qui sont laissées de côté." if extra else "Toutes les étapes servent."
            )
        kept = [group_of[texts_of[i]] for i in order if texts_of[i] in group_of]
        if kept != sorted(kept):
            unmet.append("Les étapes ne sont pas dans le bon ordre.")
        return unmet

    return Draw(
        state={
            "gabarit": "ORDRE", "steps": [{"id": ids[text], "text": text} for text in shown], "may_leave": bool(extra),
            "from_label": ends[0], "to_label": ends[1],
        },
        check=check,
        solve=lambda: {"order": [ids[text] for text in flat], "aside": [ids[text] for text in extra]},
        shown_solution="\n".join(f"{rank + 1}. {' / '.join(group)}" for rank, group in enumerate(steps)),
    )  # fmt: skip
