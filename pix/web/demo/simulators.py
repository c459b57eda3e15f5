"""What the gallery shows of the simulators: for each, one question of the bank, drawn once."""

import json
from typing import Any

from markupsafe import Markup

from pix.content import releases
from pix.content.release import Question
from pix.content.variants import instantiate
from pix.generators.registry import GABARITS

WITHOUT_COMPONENT = frozenset({"RENDU"})
"""A returned file has the form of every file."""
_SEED = bytes(32)


def simulators() -> list[dict[str, Any]]:
    """``{code, element, question, instruction, state}``, in the order of the codes."""
    first: dict[str, Question] = {}
    for question in sorted(releases.current().questions.values(), key=lambda one: one.id):
        first.setdefault(question.template, question)
    found = []
    for code in sorted(GABARITS.keys() - WITHOUT_COMPONENT):
        if code not in first:
            continue
        drawn = instantiate(first[code], _SEED)
        found.append(
            {
                "code": code,
                "element": f"pix-{code.lower()}",
                "question": first[code].id,
                "instruction": Markup(drawn.instruction_html),  # noqa: S704 - compiled without HTML, values escaped
                "state": json.dumps(drawn.state, ensure_ascii=False, separators=(",", ":")),
            }
        )
    return found
