"""TROUS: a text with gaps, each one a list or a field, each one checked."""

import random
import re
from collections.abc import Mapping
from typing import Any

from pix.core.texts import search_key
from pix.generators import states
from pix.generators.contract import Draw
from pix.generators.params import Reader
from pix.generators.states import Malformed

_GAP = re.compile(r"\[\[([a-z0-9_]+)\]\]")
_SIGNS = re.compile(r"[\s\u00a0\u202f'’.,;:!?«»+-]+")


def folded(text: str) -> str:
    """What a field compares: case, accents, spaces and punctuation aside; a text of signs alone is kept as it is."""
    return _SIGNS.sub(" ", search_key(text)).strip() or search_key(text)


def make(rng: random.Random, params: Mapping[str, Any]) -> Draw:
    """Parameters: docs/gabarits.md, TROUS."""
    reader = Reader(params, "TROUS", rng)
    text = reader.text("text")
    names = _GAP.findall(text)
    raw = reader.required("gaps")
    if not isinstance(raw, Mapping) or not names or sorted(names) != sorted(map(str, raw)):
        raise reader.fail("gaps", "one gap for each [[name]] of the text, once each")
    decoys = reader.texts("decoys")
    gaps = reader.sub("gaps")
    # In the order of the text: the name that the author gave must not tell anything.
    ids = {name: f"t{rank + 1}" for rank, name in enumerate(names)}
    accepted: dict[str, list[str]] = {}
    options: dict[str, list[str]] = {}
    labels: dict[str, str] = {}
    banked: list[str] = []
    for name in names:
        entry = raw[name]
        if not isinstance(entry, Mapping) or set(entry) == {"one_of"}:
            accepted[name] = [gaps.text(name)]
            banked.append(name)
            continue
        gap = gaps.sub(name)
        labels[name] = gap.text("label", "")
        if gap.has("options"):
            options[name] = gap.texts("options", None)
            accepted[name] = gap.texts("is", None)
            if len(set(options[name])) != len(options[name]) or not set(accepted[name]) < set(options[name]):
                raise gap.fail("is", "among the options, which are all different and not all right")
            rng.shuffle(options[name])
        else:
            accepted[name] = gap.texts("accept", None)
            if not all(folded(word) for word in accepted[name]):
                raise gap.fail("accept", "an accepted text is empty")
        gap.done()
    if decoys and not banked:
        raise reader.fail("decoys", "only for gaps that share a list of words")
    bank = sorted({accepted[name][0] for name in banked} | set(decoys))
    rng.shuffle(bank)
    if banked and len(bank) < 2:
        raise reader.fail("gaps", "the list of words needs at least two words")
    for name in banked:
        options[name] = bank
    reader.done()
    label_of = {name: labels.get(name) or f"Trou {rank + 1}" for rank, name in enumerate(names)}

    @states.judged
    def check(value: Any) -> list[str]:
        given = states.mapping(states.mapping(value).get("gaps"), "Les trous")
        if not set(given) <= set(ids.values()):
            raise Malformed("Un trou est inconnu.")
        unmet = []
        for name, gap_id in ids.items():
            word = states.text(given.get(gap_id, ""), "Un trou", 300)
            if name in options:
                if word and word not in options[name]:
                    raise Malformed("Un mot choisi est inconnu.")
                right = word in accepted[name]
            else:
                right = bool(word.strip()) and folded(word) in {folded(one) for one in accepted[name]}
            if not right:
                unmet.append(
                    f"{label_of[name]} : ce n'est pas ça."
                    if word.strip()
                    else f"{label_of[name]} : il reste à compléter."
                )
        return unmet

    parts: list[list[dict[str, Any]]] = []
    for line in text.split("\n"):
        pieces = _GAP.split(line)
        parts.append(
            [{"gap": ids[piece]} if rank % 2 else {"text": piece} for rank, piece in enumerate(pieces) if piece]
        )
    return Draw(
        state={
            "gabarit": "TROUS", "lines": [line for line in parts if line], "bank": bank,
            "gaps": [
                {"id": ids[name], "label": label_of[name], "options": options.get(name, [])} for name in names
            ],
        },
        check=check,
        solve=lambda: {"gaps": {ids[name]: accepted[name][0] for name in names}},
        shown_solution=" · ".join(f"{label_of[name]} : {accepted[name][0]}" for name in names),
    )  # fmt: skip
