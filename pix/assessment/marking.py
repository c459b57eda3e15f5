"""Between a question and its judgement: rebuilds the pupil's variant, reads what was sent, asks the engine.

Pure but for the bank in memory: same question, same seed, same answer, same outcome.
"""

import base64
import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings

from pix.assessment.engine.correction import Outcome as Judged
from pix.assessment.engine.correction import Status, judge
from pix.assessment.engine.syntax import (
    MalformedAnswer,
    Playable,
    QuestionType,
    Treatments,
    Unplayable,
    read_answer,
    read_for_run,
    stored_form,
)
from pix.assessment.enums import Outcome
from pix.content import releases
from pix.content.schema import CLASSIC_TEMPLATES
from pix.content.variants import Variant, instantiate, variant_seed
from pix.generators.contract import Returned, Verdict
from pix.generators.files.returned import MAX_BYTES

log = structlog.get_logger(__name__)

MAX_RETURNED_BYTES = MAX_BYTES
MAX_STATE_CHARACTERS = 200_000
PACK_FROM = 60
"""Characters from which an interactive state is stored compressed."""

OUTCOMES = {
    Status.OK: Outcome.OK,
    Status.KO: Outcome.KO,
    Status.SKIPPED: Outcome.SKIPPED,
    Status.TIMEDOUT: Outcome.TIMEDOUT,
    Status.FOCUSEDOUT: Outcome.FOCUSEDOUT,
    Status.UNIMPLEMENTED: Outcome.UNIMPLEMENTED,
}
STATUSES = {outcome: status for status, outcome in OUTCOMES.items()}


@dataclass(frozen=True, slots=True)
class Submission:
    """What came with the form. ``skipped`` wins; ``fields``: one entry a form field; ``returned``: a file sent back."""

    skipped: bool = False
    fields: Mapping[str, list[str]] | None = None
    returned: Returned | None = None
    time_left: int | None = None
    focus_lost: bool = False


@dataclass(frozen=True, slots=True)
class Marked:
    """The outcome, what goes into the log, and the details that the correction shows."""

    outcome: Outcome
    value: str
    fields: Mapping[str, bool] | None = None
    unmet: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def _drawn(release: str, question: str, person: str, attempt: str) -> Variant:
    asked = releases.get(release).questions[question]
    seed = variant_seed(settings.VARIANT_KEY.encode(), person, question, attempt, asked.version)
    return instantiate(asked, seed)


def variant_of(*, release: str, question: str, person: UUID, attempt: UUID) -> Variant:
    """The variant that this person gets in this run. Raises ``KeyError`` for an unknown question."""
    return _drawn(release, question, str(person), str(attempt))


def playable(variant: Variant) -> Playable | Unplayable:
    """The question as the engine reads it."""
    question = variant.question
    kind = question.template if question.template in CLASSIC_TEMPLATES else "interactive"
    return read_for_run(
        kind,
        variant.proposals,
        variant.solution,
        format=question.format,
        treatments=Treatments(question.t1, question.t2, question.t3, question.keep),
    )


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def pack(state: Any, first: Any) -> str:
    """An interactive state as the log keeps it: compact JSON, or what it adds to the component's first state.

    The first state comes back from the seed, so it serves as the dictionary of the compression: a long tree of files in
    which one file moved takes some forty characters.
    """
    text = _compact(state)
    if len(text) < PACK_FROM:
        return text
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, _compact(first).encode()[-32_768:])
    packed = "z:" + base64.b85encode(squeezer.compress(text.encode()) + squeezer.flush()).decode()
    return min(text, packed, key=len)


def unpack(value: str, first: Any) -> Any:
    """Reads ``pack`` back. ``first``: the same first state."""
    if value.startswith("z:"):
        opener = zlib.decompressobj(-15, zdict=_compact(first).encode()[-32_768:])
        return json.loads(opener.decompress(base64.b85decode(value[2:])) + opener.flush())
    return json.loads(value)


def _read_state(text: str) -> Any:
    if len(text) > MAX_STATE_CHARACTERS:
        raise MalformedAnswer("ANSWER_TOO_LONG", "the state is too long")
    try:
        state = json.loads(text)
        _compact(state).encode()  # half a surrogate pair can be read, never stored
    except (ValueError, RecursionError):
        raise MalformedAnswer("EMPTY_ANSWER", "the state cannot be read") from None
    return state


def _classic_value(question: Playable, fields: Mapping[str, list[str]]) -> Any:
    """The form's fields in the shape that the engine reads."""
    if question.choices:
        ticked = fields.get("answer", [])
        if question.type is QuestionType.QCM and len(ticked) == 1:
            raise MalformedAnswer("TOO_FEW_CHOICES", "several answers are asked for")
        return ticked
    if "" in question.variants:
        return (fields.get("answer") or [""])[0]
    named = {key.removeprefix("field-"): values[0] for key, values in fields.items() if key.startswith("field-")}
    if not any(text.strip() for text in named.values()):
        raise MalformedAnswer("EMPTY_ANSWER", "nothing was answered")
    return named


def mark(variant: Variant, sent: Submission, *, elapsed_seconds: float, certification: bool = False) -> Marked:
    """Judge one submission. Raises ``MalformedAnswer`` (422): nothing is stored then."""
    from datetime import timedelta

    question = playable(variant)
    context: dict[str, Any] = {
        "seconds_left": sent.time_left,
        "timer": variant.question.timer,
        "elapsed": timedelta(seconds=elapsed_seconds),
        "focusable": variant.question.focusable,
        "focus_lost": sent.focus_lost,
        "certification": certification,
    }
    if isinstance(question, Unplayable) or sent.skipped:
        judged: Judged = judge(question, None, **context)
        return Marked(OUTCOMES[judged.status], "")
    if variant.question.template in CLASSIC_TEMPLATES:
        value = _classic_value(question, sent.fields or {})
        judged = judge(question, value, **context)
        return Marked(OUTCOMES[judged.status], stored_form(read_answer(question, value)), judged.fields)
    return _mark_interactive(variant, question, sent, context)


def _mark_interactive(variant: Variant, question: Playable, sent: Submission, context: dict[str, Any]) -> Marked:
    check = variant.check
    if check is None:
        return Marked(Outcome.UNIMPLEMENTED, "")
    if sent.returned is not None:
        if len(sent.returned.content) > MAX_RETURNED_BYTES:
            raise MalformedAnswer("ANSWER_TOO_LONG", "a returned file has at most 2 MB")
        import hashlib

        digest = hashlib.sha256(sent.returned.content).hexdigest()[:32]
        value, answer = f"file:{digest}:{sent.returned.name[:60]}", sent.returned
    else:
        text = ((sent.fields or {}).get("answer") or [""])[0]
        if not text.strip():
            raise MalformedAnswer("EMPTY_ANSWER", "nothing was answered")
        answer = _read_state(text)
        value = pack(answer, dict(variant.state or {}))
    verdict = _verdict(check, answer, variant)
    judged = judge(question, None, checker=lambda: verdict, **context)
    return Marked(OUTCOMES[judged.status], value, None, judged.unmet)


def _verdict(check: Callable[[Any], Verdict], answer: Any, variant: Variant) -> Verdict:
    """The check's own words; what it could not read is a wrong answer that says so, never an error page."""
    try:
        return check(answer)
    except Exception:
        log.exception("check_failed", question=variant.question.id)
        return Verdict(False, ("Ta réponse n'a pas pu être lue.",))


def mark_again(variant: Variant, outcome: Outcome, value: str) -> Marked:
    """Details of a logged answer, computed again from its variant: what the correction page shows.

    The logged outcome stands; a returned file is no longer here, so its details come from where it was kept. A variant
    that another version of the program, or another key, draws otherwise has no details: never an error page.
    """
    question = playable(variant)
    if isinstance(question, Unplayable) or not value or value.startswith("file:"):
        return Marked(outcome, value)
    if variant.question.template in CLASSIC_TEMPLATES:
        judged = judge(question, value)
        return Marked(outcome, value, judged.fields)
    if variant.check is None:
        return Marked(outcome, value)
    try:
        unmet = tuple(variant.check(unpack(value, dict(variant.state or {}))).unmet)
    except Exception:
        log.warning("answer_no_longer_readable", question=variant.question.id)
        unmet = ()
    return Marked(outcome, value, None, unmet)
