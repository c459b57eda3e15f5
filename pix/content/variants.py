"""One pupil's variant of a question: drawn from a seed, so that the same seed always rebuilds the same variant.

Nothing else is stored (content plan 7.1). Order of the draw: the ``draw`` lists by name, then the generator, then the
gabarit of an interactive template. All values fill ``{{ name }}``; in HTML they are escaped.
"""

import hashlib
import hmac
import html
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from pix.content.markup import PLACEHOLDER, french_spaces
from pix.content.release import Question
from pix.content.schema import INTERACTIVE_TEMPLATES
from pix.generators.contract import Draw, File, Make, Preview, Verdict


class VariantError(ValueError):
    """The question cannot be drawn: the check of the bank finds it before any pupil does."""


class MissingPlaceholder(VariantError):
    """A ``{{ name }}`` that neither ``draw`` nor generator nor gabarit fills."""


@dataclass(frozen=True, slots=True)
class Variant:
    """What one pupil sees and what judges him. ``*_html`` are safe HTML, the other texts are plain."""

    question: Question
    instruction_html: str
    alternative_html: str
    explanation_html: str
    proposals: str
    """Syntax of learning 1.5."""
    solution: str
    shown_solution: str
    read_aloud: str
    files: tuple[File, ...] = ()
    preview: Preview | None = None
    state: Mapping[str, Any] | None = None
    """Initial state for the web component of an interactive template."""
    check: Callable[[Any], Verdict] | None = None
    """Judges the final state or the returned file of an interactive template."""
    solve: Callable[[], Any] | None = None

    @property
    def example(self) -> Any:
        """A final state that ``check`` accepts: for the checks of the bank and for simulated pupils, never shown."""
        return self.solve() if self.solve is not None else None


def variant_seed(secret: bytes, person: str, question: str, attempt: str, version: int) -> bytes:
    """HMAC-SHA256 of who, what, which attempt and which version of the question (content plan 7.1): 32 bytes."""
    parts = (person, question, attempt, str(version))
    message = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
    return hmac.digest(secret, message, hashlib.sha256)


@cache
def _registry() -> tuple[Mapping[str, Make], Mapping[str, Make]]:
    from pix.generators.registry import GABARITS, GENERATORS  # late: office libraries cost time and memory

    return GENERATORS, GABARITS


def is_generated(question: Question) -> bool:
    """Has it more than one variant by ``draw`` or by a generator?"""
    return bool(question.draw or question.generator)


def instantiate(question: Question, seed: bytes) -> Variant:
    """The variant of this seed. Raises ``VariantError`` (a ``BadParams`` of the author's becomes one)."""
    interactive = question.template in INTERACTIVE_TEMPLATES
    if not (interactive or question.draw or question.generator):
        return _filled(question, _EMPTY, None, None)
    rng = random.Random(int.from_bytes(seed, "big"))
    values: dict[str, Any] = {name: rng.choice(question.draw[name]) for name in sorted(question.draw)}
    drawn: Draw | None = None
    played: Draw | None = None
    if question.generator:
        drawn = _call(_registry()[0], question.generator, rng, substitute(question.generator_params, values))
        values |= drawn.values
    if interactive:
        played = _call(_registry()[1], question.template, rng, substitute(question.params, values))
        values |= played.values
    return _filled(question, values, drawn, played)


_EMPTY: Mapping[str, Any] = MappingProxyType({})


def _call(makes: Mapping[str, Make], code: str, rng: random.Random, params: Mapping[str, Any]) -> Draw:
    make = makes.get(code)
    if make is None:
        raise VariantError(f"unknown generator or gabarit: {code}")
    try:
        return make(rng, params)
    except VariantError:
        raise
    except ValueError as error:
        raise VariantError(f"{code}: {error}") from error


def _filled(question: Question, values: Mapping[str, Any], drawn: Draw | None, played: Draw | None) -> Variant:
    solution = fill(question.solution, values)
    shown = fill(question.shown_solution, values)
    files: tuple[File, ...] = ()
    preview = state = check = solve = None
    for draw in (drawn, played):
        if draw is None:
            continue
        if draw.solution is not None:
            solution = draw.solution
        if draw.shown_solution is not None and not question.shown_solution:
            shown = draw.shown_solution
        files += draw.files
        preview = draw.preview or preview
        state = draw.state if draw.state is not None else state
        check = draw.check or check
        solve = draw.solve or solve
    return Variant(
        question=question,
        instruction_html=fill_html(question.instruction_html, values),
        alternative_html=fill_html(question.alternative_html, values),
        explanation_html=fill_html(question.explanation_html, values),
        proposals=fill(question.proposals, values),
        solution=solution,
        shown_solution=shown,
        read_aloud=fill(question.read_aloud, values),
        files=files,
        preview=preview,
        state=state,
        check=check,
        solve=solve,
    )


def value_of(name: str, values: Mapping[str, Any]) -> Any:
    """``city.name`` in nested mappings; raises ``MissingPlaceholder``."""
    found: Any = values
    for part in name.split("."):
        if not isinstance(found, Mapping) or part not in found:
            raise MissingPlaceholder(f"{{{{ {name} }}}} has no value")
        found = found[part]
    return found


def written(value: Any) -> str:
    """A value as a French reader sees it: decimal comma."""
    if isinstance(value, (Mapping, list, tuple)):
        raise MissingPlaceholder(f"a placeholder stands for a whole mapping or list: {value!r}")
    if isinstance(value, float):
        return f"{value:g}".replace(".", ",") if abs(value) < 1e6 else str(value).replace(".", ",")
    return str(value)


def fill(text: str, values: Mapping[str, Any]) -> str:
    """Plain text with its placeholders filled."""
    if "{{" not in text:
        return text
    return PLACEHOLDER.sub(lambda match: written(value_of(match[1], values)), text)


def fill_html(text: str, values: Mapping[str, Any]) -> str:
    """HTML with its placeholders filled by escaped values, in French spaces like the text around them."""
    if "{{" not in text:
        return text
    return PLACEHOLDER.sub(lambda match: html.escape(french_spaces(written(value_of(match[1], values)))), text)


def substitute(params: Any, values: Mapping[str, Any]) -> Any:
    """Author's parameters with their placeholders filled; ``"{{ n }}"`` alone keeps the type of the value."""
    if isinstance(params, str):
        if (whole := PLACEHOLDER.fullmatch(params.strip())) is not None:
            return value_of(whole[1], values)
        return fill(params, values)
    if isinstance(params, Mapping):
        return {fill(str(key), values): substitute(item, values) for key, item in params.items()}
    if isinstance(params, (list, tuple)):
        return [substitute(item, values) for item in params]
    return params
