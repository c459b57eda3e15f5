"""QR: drawn codes that the pupil reads before trusting them: the text inside is what counts, not the drawing."""

import random
from collections.abc import Mapping
from typing import Any

import segno

from pix.core.texts import match_key
from pix.generators import states
from pix.generators.contract import Draw
from pix.generators.params import Reader
from pix.generators.states import Malformed

MAX_CODES = 6


def rows_of(text: str) -> list[str]:
    """The modules of the code, one text of 0 and 1 a row, quiet zone left out."""
    return ["".join("1" if cell else "0" for cell in row) for row in segno.make(text, error="m", micro=False).matrix]


def make(rng: random.Random, params: Mapping[str, Any]) -> Draw:
    """Parameters: docs/gabarits.md, QR."""
    reader = Reader(params, "QR", rng)
    codes: list[dict[str, Any]] = []
    for entry in reader.subs("codes", None):
        codes.append(
            {"id": entry.text("id"), "label": entry.text("label"), "note": entry.text("note", "")}
            | {"text": entry.text("text")}
        )
        entry.done()
    names = [code["id"] for code in codes]
    if not 1 <= len(codes) <= MAX_CODES or len(set(names)) != len(names):
        raise reader.fail("codes", f"one to {MAX_CODES} codes with different ids")
    accepted = reader.texts("choice") if reader.has("choice") else []
    if not set(accepted) <= set(names):
        raise reader.fail("choice", f"among {', '.join(names)}")
    answers = reader.texts("answer") if reader.has("answer") else []
    if not accepted and not answers:
        raise reader.fail("choice", "a choice or an answer is expected")
    label = reader.text("answer_label", "Ta réponse") if answers else ""
    choose_label = reader.text("choose_label", "Choisir ce code") if accepted else ""
    reader.done()
    rng.shuffle(codes)
    # The author's ids (« piège ») would give the answer away in the page.
    ids = {code["id"]: f"q{rank + 1}" for rank, code in enumerate(codes)}
    right, keys = {ids[name] for name in accepted}, {match_key(text) for text in answers}

    @states.judged
    def check(value: Any) -> list[str]:
        state = states.mapping(value)
        read = states.texts(state.get("read"), "Les codes lus", MAX_CODES)
        choice = states.text_or_none(state.get("choice"), "Le choix")
        if not {*read, *([choice] if choice is not None else [])} <= set(ids.values()):
            raise Malformed("Un code choisi est inconnu.")
        unmet = []
        if right and choice not in right:
            unmet.append("Ce n'est pas le bon code." if choice else "Aucun code n'est choisi.")
        if keys and match_key(states.text(state.get("answer"), "La réponse écrite", 500)) not in keys:
            unmet.append("La réponse écrite n'est pas la bonne.")
        return unmet

    chosen = next((code for code in codes if ids[code["id"]] in right), None)
    return Draw(
        state={
            "gabarit": "QR",
            "codes": [
                {"id": ids[code["id"]], "rows": rows_of(code["text"])} | {key: code[key] for key in ("label", "note", "text")}
                for code in codes
            ],
            "choose_label": choose_label,
            "answer_label": label,
        },
        check=check,
        solve=lambda: {
            "read": list(ids.values()),
            "choice": min(right, default=None),
            "answer": answers[0] if answers else "",
        },
        shown_solution=f"{chosen['label']} : {chosen['text']}" if chosen else answers[0],
    )  # fmt: skip
