"""TTX: a small word processor; the text is given, its formats are the task (3.1.2, 3.1.3)."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pix.core.texts import squeeze
from pix.generators import formatted, states
from pix.generators.contract import Draw
from pix.generators.params import Reader
from pix.generators.solving import ttx as solving

TOOLS = ("bold", "italic", "underline", "size", "colour", "align", "list", "style", "spacing", "indent")


@dataclass(frozen=True, slots=True)
class Task:
    """The document of the beginning and what is asked of it; shared with RENDU."""

    title: str
    first: formatted.Document
    goals: list[formatted.Goal]
    strict: bool
    state: dict[str, Any]

    def example(self) -> dict[str, Any] | None:
        document = solving.solve(self.first, self.goals, self.state["tools"])
        return None if document is None else {"paragraphs": formatted.to_json(document)}


def read_task(reader: Reader, title_key: str = "title") -> Task:
    title = reader.text(title_key, "document")
    first = formatted.author_paragraphs(reader, "paragraphs")
    tools = reader.subset("tools", TOOLS)
    strict = reader.boolean("unchanged_elsewhere", True)
    state: dict[str, Any] = {"gabarit": "TTX", "title": title, "paragraphs": formatted.to_json(first), "tools": tools}
    if reader.has("model"):
        if reader.has("goals"):
            raise reader.fail("goals", "either goals or a model")
        model = formatted.author_paragraphs(reader, "model")
        if [squeeze(p.text) for p in model] != [squeeze(p.text) for p in first]:
            raise reader.fail("model", "the model must have the same texts as the paragraphs")
        state["model"] = formatted.to_json(model)
        return Task(title, first, formatted.model_goals(first, model), strict, state)
    return Task(title, first, formatted.author_goals(reader, first), strict, state)


def make(rng: random.Random, params: Mapping[str, Any]) -> Draw:
    """Goals and their meaning: docs/gabarits.md, TTX."""
    reader = Reader(params, "TTX", rng)
    task = read_task(reader)
    reader.done()

    @states.judged
    def check(value: Any) -> list[str]:
        return formatted.judge(formatted.from_json(value), task.first, task.goals, task.strict)

    return Draw(state=task.state, check=check, solve=task.example)
