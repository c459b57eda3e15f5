"""ASSOC: match each element with its right one; every pair must be right."""

import random
from collections.abc import Mapping
from typing import Any

from pix.generators import states
from pix.generators.contract import Draw
from pix.generators.params import Reader
from pix.generators.states import Malformed

ICONS = ("image", "texte", "son", "vidéo", "tableur", "diaporama", "archive", "pdf", "dossier", "programme", "web")


def make(rng: random.Random, params: Mapping[str, Any]) -> Draw:
    """Parameters: docs/gabarits.md, ASSOC."""
    reader = Reader(params, "ASSOC", rng)
    left_label, right_label = reader.text("left_label", "Élément"), reader.text("right_label", "Correspond à")
    icons = reader.boolean("left_icons")
    pairs: list[tuple[str, str, str]] = []
    for entry in reader.subs("pairs", None):
        icon = ""
        if icons:
            drawn = entry.sub("left")
            icon, left = drawn.choice("icon", ICONS), drawn.text("text", "")
            drawn.done()
        else:
            left = entry.text("left")
        pairs.append((icon, left, entry.text("right")))
        entry.done()
    if len({pair[:2] for pair in pairs}) != len(pairs) or len(pairs) < 2:
        raise reader.fail("pairs", "at least two pairs with different lefts are expected")
    keep = reader.whole("keep", len(pairs), 2, len(pairs))
    pairs = rng.sample(pairs, keep)
    decoys = [text for text in reader.texts("decoys") if text not in {right for _, _, right in pairs}]
    reader.done()
    rights = sorted({right for _, _, right in pairs} | set(decoys))
    rng.shuffle(rights)
    right_ids = {text: f"r{rank + 1}" for rank, text in enumerate(rights)}
    wanted = {f"l{rank + 1}": right_ids[right] for rank, (_, _, right) in enumerate(pairs)}
    lefts = {f"l{rank + 1}": left or icon for rank, (icon, left, _) in enumerate(pairs)}

    @states.judged
    def check(value: Any) -> list[str]:
        given = states.mapping(states.mapping(value).get("pairs"), "Les associations")
        if not set(given) <= set(wanted) or not all(
            isinstance(r, str) and r in right_ids.values() for r in given.values()
        ):
            raise Malformed("Les associations sont illisibles.")
        return [
            f"« {lefts[left]} » n'est pas bien associé." for left, right in wanted.items() if given.get(left) != right
        ]

    return Draw(
        state={
            "gabarit": "ASSOC", "left_label": left_label, "right_label": right_label,
            "left": [{"id": f"l{rank + 1}", "icon": icon, "text": left} for rank, (icon, left, _) in enumerate(pairs)],
            "right": [{"id": right_ids[text], "text": text} for text in rights],
        },
        check=check,
        solve=lambda: {"pairs": dict(wanted)},
        shown_solution=" · ".join(f"{left or icon} → {right}" for icon, left, right in pairs),
    )  # fmt: skip
