"""Judges one answer: the treatments of free text, the rule of each type, and the order of decisions (learning 2)."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from .syntax import ALL_ON, Field, MalformedAnswer, Playable, QuestionType, Treatments, Unplayable, read_answer

NETWORK_TOLERANCE = timedelta(seconds=5)
"""Granted to a timed answer on the server's clock; a setting of the house, this is its default."""

SIGNIFICANT = "+#*"


class Status(StrEnum):
    """Outcome of one answer. ``PARTIALLY`` is only read from old logs."""

    OK = "ok"
    KO = "ko"
    SKIPPED = "skipped"
    TIMEDOUT = "timedout"
    FOCUSEDOUT = "focusedout"
    UNIMPLEMENTED = "unimplemented"
    PARTIALLY = "partially"

    @property
    def success(self) -> bool | None:
        """``True`` only for ``ok``; ``None`` when the answer says nothing (``unimplemented``): no evidence."""
        return None if self is Status.UNIMPLEMENTED else self is Status.OK


class Judgement(Protocol):
    """What the checker of an interactive template gives back."""

    @property
    def ok(self) -> bool: ...
    @property
    def unmet(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """``fields``: right or wrong per field, QROCM-ind only. ``unmet``: missing points of an interactive question."""

    status: Status
    fields: Mapping[str, bool] | None = None
    unmet: tuple[str, ...] = ()


# --- treatments ---------------------------------------------------------------------------------------------------

_T0 = str.maketrans(dict.fromkeys("\u2018\u2019\u201b\u2032\u02bc\u00b4", "'") | {"\u2212": "-"})
_T1 = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i"})
_SPACE = re.compile(r"\s")
_SPACES = re.compile(r"\s+")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")


def t0(text: str) -> str:
    """Always: NFKC, plain apostrophes, plain minus, plain spaces."""
    # The acute accent and its like become "space + mark" under NFKC: they are turned into apostrophes before.
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", text.translate(_T0)).translate(_T0))


def t1(text: str) -> str:
    """Case, accents, ligatures and every white space folded."""
    folded = unicodedata.normalize("NFD", text.strip().casefold().translate(_T1))
    kept = "".join(c for c in folded if not "\u0300" <= c <= "\u036f")
    return _SPACES.sub("", unicodedata.normalize("NFC", kept))


def t2(text: str, keep: str = "") -> str:
    """Punctuation, symbols and controls dropped but the significant ones; letters and digits of every script stay.

    Spaces are collapsed and trimmed, so that dropping « % » in « 50 % » leaves no invisible difference.
    """
    kept = "".join(c for c in text if c in SIGNIFICANT or c in keep or unicodedata.category(c)[0] not in "PSC")
    return _SPACES.sub(" ", kept).strip()


def distance(a: str, b: str, bound: int) -> int:
    """Levenshtein distance, or ``bound + 1`` as soon as it is known to exceed ``bound``."""
    if abs(len(a) - len(b)) > bound:
        return bound + 1
    if a == b:
        return 0
    beyond = bound + 1
    above = [min(j, beyond) for j in range(len(b) + 1)]
    for i, x in enumerate(a, 1):
        low, high = max(1, i - bound), min(len(b), i + bound)
        row = [beyond] * (len(b) + 1)
        if i <= bound:
            row[0] = i
        for j in range(low, high + 1):
            row[j] = min(above[j - 1] + (x != b[j - 1]), above[j] + 1, row[j - 1] + 1, beyond)
        if min(row) > bound:
            return beyond
        above = row
    return above[-1]


def _marks(text: str, keep: str) -> list[str]:
    """Digits and significant symbols in order: the tolerance never forgives them."""
    return [c for c in text if c.isdecimal() or c in SIGNIFICANT or c in keep]


def _matches_text(answer: str, variant: str, on: Treatments) -> bool:
    """``answer`` and ``variant`` are after t0."""
    keep = t0(on.keep)
    if on.t1:
        answer, variant = t1(answer), t1(variant)
    if on.t2:
        bare = t2(variant, keep)
        if bare:  # A variant made of symbols only (« @ ») is compared without t2.
            answer, variant = t2(answer, keep), bare
    if not answer.strip():
        return False
    if not on.t3:
        return answer == variant
    bound = len(answer) // 4
    return _marks(answer, keep) == _marks(variant, keep) and distance(answer, variant, bound) <= bound


def number(text: str) -> Decimal | None:
    """The exact decimal written in a « nombre » field, or ``None``. ``text`` is after t0."""
    bare = text.replace(" ", "").rstrip("%€°").replace(",", ".", 1)
    return Decimal(bare) if _NUMBER.fullmatch(bare) else None


def check_text(answer: str, variants: Sequence[str], on: Treatments = ALL_ON, format: str = "mots") -> bool:
    """Whether a free text is one of the variants (learning 2.3). Never raises, whatever the text."""
    typed = t0(answer)
    if format != "nombre":
        return any(_matches_text(typed, t0(variant), on) for variant in variants)
    value = number(typed)
    for variant in map(t0, variants):
        wanted = number(variant)
        if wanted is None:
            if _matches_text(typed, variant, on):
                return True
        elif value is not None and value == wanted:
            return True
    return False


# --- types --------------------------------------------------------------------------------------------------------


def _check_field(question: Playable, field: Field | None, answer: str, variants: Sequence[str]) -> bool:
    if field is not None and field.options is not None:
        return answer in variants
    return check_text(answer, variants, question.treatments, question.format)


def _check_dependent(question: Playable, answers: Mapping[str, str]) -> bool:
    """Every answer takes one solution key of its own: maximum matching by augmenting paths, so order never matters."""
    keys = list(question.variants)
    fits = [
        [k for k, key in enumerate(keys) if _check_field(question, field, answers[field.key], question.variants[key])]
        for field in question.fields
    ]
    owner: dict[int, int] = {}

    def place(row: int, tried: set[int]) -> bool:
        for k in fits[row]:
            if k not in tried:
                tried.add(k)
                if k not in owner or place(owner[k], tried):
                    owner[k] = row
                    return True
        return False

    return all(place(row, set()) for row in range(len(fits)))


def check(question: Playable, value: str | Sequence[str] | Mapping[str, object]) -> Outcome:
    """Compares an answer with the solution: ``ok`` or ``ko`` only. Raises ``MalformedAnswer`` (422)."""
    answer = read_answer(question, value)
    details: dict[str, bool] | None = None
    if question.type in (QuestionType.QCU, QuestionType.QCM):
        right = answer == question.expected
    elif isinstance(answer, dict):
        if question.type is QuestionType.QROCM_IND:
            details = {
                field.key: _check_field(question, field, answer[field.key], question.variants[field.key])
                for field in question.fields
            }
            right = all(details.values())
        else:
            right = _check_dependent(question, answer)
    elif isinstance(answer, str) and question.type is QuestionType.QROC:
        right = _check_field(question, next(iter(question.fields), None), answer, question.variants[""])
    else:
        raise TypeError("an interactive question is judged by its checker")
    return Outcome(Status.OK if right else Status.KO, details)


def judge(
    question: Playable | Unplayable,
    value: str | Sequence[str] | Mapping[str, object] | None,
    *,
    checker: Callable[[], Judgement] | None = None,
    seconds_left: float | None = None,
    timer: int | None = None,
    elapsed: timedelta | None = None,
    tolerance: timedelta = NETWORK_TOLERANCE,
    focusable: bool = False,
    focus_lost: bool = False,
    certification: bool = False,
) -> Outcome:
    """The status of one answer, decided in the order of learning 2.2.

    ``value``: ``None`` when skipped. ``checker``: for an interactive question, judges the state that came back.
    ``seconds_left``: client's clock, ``None`` without timer, negative once expired. ``timer`` (seconds) and
    ``elapsed`` (server's clock since serving) make the server's own verdict on lateness. ``focus_lost``: sent with the
    answer or saved on the server. Wrong content is ``unimplemented`` even when skipped: never a failure of the pupil.
    Raises ``MalformedAnswer`` (422).
    """
    if isinstance(question, Unplayable):
        return Outcome(Status.UNIMPLEMENTED)
    if value is None and checker is None:
        return Outcome(Status.SKIPPED)
    if question.type is QuestionType.INTERACTIVE:
        if checker is None:
            raise MalformedAnswer("EMPTY_ANSWER", "an interactive question sends back a state")
        verdict = checker()
        outcome = Outcome(Status.OK if verdict.ok else Status.KO, None, tuple(verdict.unmet))
    else:
        assert value is not None
        outcome = check(question, value)
    if outcome.status is not Status.OK:
        return outcome
    late = seconds_left is not None and seconds_left < 0
    if timer is not None and elapsed is not None and elapsed > timedelta(seconds=timer) + tolerance:
        late = True
    if certification and focusable and focus_lost:
        return Outcome(Status.FOCUSEDOUT, outcome.fields, outcome.unmet)
    return Outcome(Status.TIMEDOUT, outcome.fields, outcome.unmet) if late else outcome


def time_spent(served_at: datetime, now: datetime) -> int:
    """Whole seconds on the question, rounded up (learning 2.2)."""
    return max(0, -((served_at - now) // timedelta(seconds=1)))


def author_warnings(question: Playable) -> list[str]:
    """What an author should look at again; not an error (learning 2.3)."""
    warnings = []
    if question.type is QuestionType.QCM and len(question.expected) < 2:
        warnings.append("le formulaire d’un QCM demande au moins deux cases cochées : cette solution n’en a qu’une")
    for variants in question.variants.values():
        for variant in variants:
            value = number(t0(variant))
            if value is not None and value != value.to_integral_value() and question.format != "nombre":
                warnings.append(f"« {variant} » : un nombre décimal demande le format « nombre »")
    return warnings
