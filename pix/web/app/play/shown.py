"""What the question page shows: the pupil's variant, its choices or fields as the page draws them."""

import json
import random
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markupsafe import Markup

from pix.assessment.marking import MalformedAnswer, playable, variant_of
from pix.assessment.sitting import Sitting
from pix.content import releases
from pix.content.schema import CLASSIC_TEMPLATES
from pix.content.variants import Variant

__all__ = ["MalformedAnswer", "Shown", "asks_for_file", "shown"]

_inline = MarkdownIt("commonmark", {"html": False})


@dataclass(frozen=True, slots=True)
class Shown:
    """One question ready to be drawn. ``kind``: ``choices``, ``fields``, ``interactive`` or ``broken``."""

    kind: str
    variant: Variant
    instruction: Markup
    alternative: Markup
    multiple: bool
    options: list[dict[str, Any]]
    """``{value, label}``, in the pupil's order."""
    blocks: list[dict[str, Any]]
    """Texts (``{html}``) and fields (``{name, label, placeholder, options, value}``) in reading order."""
    state: str
    """JSON of the component's first state."""
    gabarit: str
    """Name of the component's element, without ``pix-``."""
    returns_file: bool
    read_aloud: str


def shown(sitting: Sitting) -> Shown:
    """The open question of a run, the same at every display."""
    variant = variant_of(
        release=sitting.release, question=sitting.open_question, person=sitting.user_uuid, attempt=sitting.uuid
    )
    return shown_variant(variant, order=f"{sitting.seed}|{sitting.open_question}")


def shown_variant(variant: Variant, *, order: str) -> Shown:
    """A variant ready to be drawn. ``order`` seeds the shuffle of the choices: stable on reload."""
    question: Any = playable(variant)
    template = variant.question.template
    options: list[dict[str, Any]] = []
    blocks: list[dict[str, Any]] = []
    kind = "broken"
    if hasattr(question, "choices"):
        if question.choices:
            kind = "choices"
            options = [
                {"value": str(index), "label": Markup(_inline.renderInline(text))}  # noqa: S704 - rendered without HTML
                for index, text in enumerate(question.choices, 1)
            ]
            if variant.question.shuffled:
                random.Random(order).shuffle(options)
        elif question.blocks:
            kind = "fields"
            single = "" in question.variants
            for block, after in zip(question.blocks, (*question.blocks[1:], ""), strict=True):
                if isinstance(block, str):
                    if not isinstance(after, str) and after.label == block.strip():
                        continue  # the field says it
                    blocks.append({"html": Markup(_inline.render(block))})  # noqa: S704 - rendered without HTML
                else:
                    blocks.append(
                        {
                            "html": None,
                            "name": "answer" if single else f"field-{block.key}",
                            "label": block.label,
                            "placeholder": block.placeholder,
                            "options": [{"value": "", "label": _("Choisis…")}]
                            + [{"value": option, "label": option} for option in block.options]
                            if block.options
                            else None,
                            "value": block.value,
                        }
                    )
        else:
            kind = "interactive"
    state = dict(variant.state) if variant.state is not None else {}
    return Shown(
        kind=kind,
        variant=variant,
        instruction=Markup(variant.instruction_html),  # noqa: S704 - compiled without HTML, values escaped
        alternative=Markup(variant.alternative_html),  # noqa: S704 - idem
        multiple=template == "QCM",
        options=options,
        blocks=blocks,
        state=json.dumps(state, ensure_ascii=False, separators=(",", ":")),
        gabarit=str(state.get("gabarit", template)).lower(),
        returns_file=template == "RENDU",
        read_aloud=variant.read_aloud,
    )


def asks_for_file(sitting: Sitting) -> bool:
    """Whether the open question takes a file back."""
    asked = releases.get(sitting.release).questions.get(sitting.open_question)
    return asked is not None and asked.template == "RENDU"


def given_answer(variant: Variant, value: str) -> str:
    """What the pupil answered, in words; a dash when the question was passed or worked in a component."""
    question = playable(variant)
    if not value:
        return "–"
    classic = variant.question.template in CLASSIC_TEMPLATES
    if not classic and value.startswith("file:"):
        return _("Fichier « {name} »").format(name=value.rpartition(":")[2])
    if not classic:
        return _("Ton travail dans la page")
    choices = getattr(question, "choices", ())
    if choices:
        return ", ".join(choices[int(index) - 1] for index in value.split(",") if index.isdecimal())
    if "" not in getattr(question, "variants", {"": ()}):
        return " · ".join(str(text) for text in json.loads(value).values())
    return value


def expected_answer(variant: Variant) -> str:
    """The right answer in words: the author's own, else made from the solution."""
    if variant.shown_solution:
        return variant.shown_solution
    question = playable(variant)
    choices = getattr(question, "choices", ())
    if choices:
        return ", ".join(choices[index - 1] for index in question.expected)  # type: ignore[union-attr]
    variants = getattr(question, "variants", {})
    return " · ".join(texts[0] for texts in variants.values() if texts)
