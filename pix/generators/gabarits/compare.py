"""COMPARE: two documents side by side: choose one and tick the clues that justify it."""

import random
from collections.abc import Mapping
from typing import Any

from pix.generators import states
from pix.generators.contract import Draw
from pix.generators.params import Reader
from pix.generators.states import Malformed


def make(rng: random.Random, params: Mapping[str, Any]) -> Draw:
    """Parameters: docs/gabarits.md, COMPARE."""
    reader = Reader(params, "COMPARE", rng)
    question = reader.text("question")
    documents: list[tuple[str, dict[str, Any]]] = []
    for entry in reader.subs("documents", None):
        details = entry.raw("details", {})
        if not isinstance(details, Mapping):
            raise entry.fail("details", "a mapping is expected")
        document = {key: entry.text(key, "") for key in ("heading", "title", "site", "author", "date", "text")}
        documents.append(
            (
                entry.text("id"),
                document | {"details": {str(k): entry.as_text(v, "details") for k, v in details.items()}},
            )
        )
        entry.done()
    names = [name for name, _ in documents]
    if not 2 <= len(documents) <= 4 or len(set(names)) != len(names):
        raise reader.fail("documents", "two to four documents with different ids are expected")
    choice = reader.choice("choice", [*names, "none", "both"])
    neither = reader.boolean("neither") or choice == "none"
    clues: list[tuple[str, bool]] = []
    for entry in reader.subs("clues", lone="text"):
        clues.append((entry.text("text"), entry.boolean("right")))
        entry.done()
    clues_label = reader.text("clues_label", "Coche les indices qui t'ont décidé.")
    at_least = reader.whole("at_least", 0)
    reader.done()
    rights = sum(right for _, right in clues)
    if at_least > rights or (clues and not rights):
        raise reader.fail("clues", "not enough right clues")
    rng.shuffle(documents)
    rng.shuffle(clues)
    ids = {name: f"d{rank + 1}" for rank, (name, _) in enumerate(documents)} | {"none": "none", "both": "both"}
    offered = [ids[name] for name in names] + (["none"] if neither else []) + (["both"] if choice == "both" else [])
    clue_ids = {f"k{rank + 1}": right for rank, (_, right) in enumerate(clues)}

    @states.judged
    def check(value: Any) -> list[str]:
        state = states.mapping(value)
        chosen = states.text_or_none(state.get("choice"), "Le choix")
        ticked = set(states.texts(state.get("clues"), "Les indices", 50))
        if (chosen is not None and chosen not in offered) or not ticked <= set(clue_ids):
            raise Malformed("La réponse est illisible.")
        unmet = [] if chosen == ids[choice] else ["Ce n'est pas le bon document."]
        good = sum(clue_ids[clue] for clue in ticked)
        if len(ticked) > good:
            unmet.append("Un indice coché ne prouve rien.")
        if good < (at_least or rights):
            unmet.append("Il manque un indice.")
        return unmet

    return Draw(
        state={
            "gabarit": "COMPARE", "question": question, "clues_label": clues_label, "neither": neither, "both": choice == "both",
            "documents": [{"id": ids[name]} | document for name, document in documents],
            "clues": [{"id": f"k{rank + 1}", "text": text} for rank, (text, _) in enumerate(clues)],
        },
        check=check,
        solve=lambda: {"choice": ids[choice], "clues": [clue for clue, right in clue_ids.items() if right]},
        shown_solution=_shown(choice, dict(documents), [text for text, right in clues if right]),
    )  # fmt: skip


def _shown(choice: str, documents: Mapping[str, Mapping[str, Any]], clues: list[str]) -> str:
    picked = {"none": "Aucun des deux", "both": "Les deux"}.get(
        choice
    ) or f"« {documents[choice]['title'] or documents[choice]['heading']} »"
    return f"{picked} — {' ; '.join(clues)}" if clues else picked
