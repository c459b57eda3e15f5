"""Texts that a regular expression accepts, shortest first: derivatives of the parsed expression, lookaheads included.

What derivatives cannot say (a group again, a word boundary, a look behind) is taken too widely, and every text is tried
against the expression itself before it is given.
"""

import re
import string
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib import import_module
from itertools import islice
from typing import Any

MAX_LENGTH = 100
MAX_STEPS = 6_000
VISITS = 4
"""Texts tried for each derivative: more than one because some parts are taken too widely."""

_POOL = (
    string.ascii_lowercase + string.digits + string.ascii_uppercase + "-_ .éèàçù€" + string.punctuation.replace("/", "")
)
_EVERY_CATEGORY = {
    "CATEGORY_DIGIT": r"\d", "CATEGORY_NOT_DIGIT": r"\D", "CATEGORY_SPACE": r"\s", "CATEGORY_NOT_SPACE": r"\S",
    "CATEGORY_WORD": r"\w", "CATEGORY_NOT_WORD": r"\W",
}  # fmt: skip

Rex = tuple[Any, ...]
"""``("no",)``, ``("end",)``, ``("set", negated, items)``, ``("cat", a, b)``, ``("or"|"and", frozenset)``, ``("not", a)``,
``("star", a)``."""
_NO: Rex = ("no",)
_END: Rex = ("end",)
_ANY: Rex = ("set", True, ())
_ALL: Rex = ("star", _ANY)


@lru_cache(maxsize=256)
def some(pattern: re.Pattern[str]) -> tuple[str, ...]:
    """A few of them, remembered: the same question is drawn for many pupils."""
    return tuple(islice(matching(pattern), 4))


def matching(pattern: re.Pattern[str]) -> Iterator[str]:
    """Non-empty one-line texts without « / » that match whole, shortest first; at most a few hundred."""
    parsed = _inlined(list(import_module("re._parser").parse(pattern.pattern, pattern.flags)), {})
    start = _sequence(parsed, _END)
    signs = _signs(parsed, bool(pattern.flags & re.IGNORECASE))
    visits: dict[Rex, int] = {start: 1}
    queue: list[tuple[Rex, str]] = [(start, "")]
    for rank in range(MAX_STEPS):
        if rank >= len(queue):
            return
        rex, text = queue[rank]
        if _nullable(rex) and text.strip() == text != "" and pattern.fullmatch(text):
            yield text
        if len(text) >= MAX_LENGTH:
            continue
        for sign, sets in signs.items():
            after = _after(rex, sets)
            if after != _NO and visits.get(after, 0) < VISITS:
                visits[after] = visits.get(after, 0) + 1
                queue.append((after, text + sign))


# --- from the parsed expression


def _inlined(item: Any, groups: dict[int, Any]) -> Any:
    """The parsed expression in plain lists, each group called again replaced by what the group holds."""
    if isinstance(item, tuple) and len(item) == 2 and str(item[0]) == "GROUPREF":
        return ("SUBPATTERN", (None, 0, 0, groups.get(item[1], [])))
    if isinstance(item, tuple) and len(item) == 2 and str(item[0]) == "SUBPATTERN":
        groups[item[1][0]] = _inlined(item[1][-1], groups)
        return ("SUBPATTERN", (None, 0, 0, groups[item[1][0]]))
    if isinstance(item, tuple):
        return tuple(_inlined(one, groups) for one in item)
    return [_inlined(one, groups) for one in item] if isinstance(item, list) or hasattr(item, "data") else item


def _sequence(items: Iterable[Any], rest: Rex) -> Rex:
    """These items, then ``rest`` up to the end of the text: a lookahead bears on all that follows it."""
    for op, argument in reversed(list(items)):
        rest = _step(str(op), argument, rest)
    return rest


def _step(op: str, argument: Any, rest: Rex) -> Rex:
    if op in ("LITERAL", "NOT_LITERAL", "IN", "ANY"):
        return _cat(_set(op, argument), rest)
    if op == "SUBPATTERN":
        return _sequence(argument[-1], rest)
    if op == "ATOMIC_GROUP":
        return _sequence(argument, rest)
    if op == "BRANCH":
        return _join("or", [_sequence(part, rest) for part in argument[1]])
    if op in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return _repeat(argument, rest)
    if op in ("ASSERT", "ASSERT_NOT") and argument[0] > 0:
        ahead = _sequence(argument[1], _ALL)
        return _join("and", [rest, ahead if op == "ASSERT" else ("not", ahead)])
    if op == "AT" and str(argument) in ("AT_END", "AT_END_STRING"):
        return _join("and", [rest, _END])
    if op == "GROUPREF_EXISTS":
        return _join("or", [_sequence(part or (), rest) for part in argument[1:]])
    return rest


def _repeat(argument: Any, rest: Rex) -> Rex:
    low, high, body = argument
    least, most = min(int(low), MAX_LENGTH), min(int(high), MAX_LENGTH)
    looks = any(name in repr(list(body)) for name in ("ASSERT", "AT_"))
    built = rest
    if int(high) > MAX_LENGTH and not looks:
        built = _cat(("star", _sequence(body, _END)), rest)
    else:
        for _ in range(min(most - least, 4) if looks else most - least):
            built = _join("or", [rest, _sequence(body, built)])
    for _ in range(least):
        built = _sequence(body, built)
    return built


def _set(op: str, argument: Any) -> Rex:
    if op == "ANY":
        return _ANY
    if op in ("LITERAL", "NOT_LITERAL"):
        return ("set", op == "NOT_LITERAL", (("LITERAL", argument),))
    items = tuple((str(name), value if str(name) != "CATEGORY" else str(value)) for name, value in argument)
    negated = any(name == "NEGATE" for name, _ in items)
    return ("set", negated, tuple(item for item in items if item[0] != "NEGATE"))


def _signs(parsed: Any, ignore_case: bool) -> dict[str, frozenset[Rex]]:
    """One sign for each way of belonging to the sets of the expression, with the sets that hold it."""
    sets, literals = {_ANY}, ""
    waiting: list[Any] = list(parsed)
    while waiting:
        item = waiting.pop()
        if isinstance(item, tuple) and len(item) == 2 and str(item[0]) in ("LITERAL", "NOT_LITERAL", "IN"):
            made = _set(str(item[0]), item[1])
            sets.add(made)
            literals += "".join(chr(value) for name, value in made[2] if name == "LITERAL")
            literals += "".join(chr(bound) for name, value in made[2] if name == "RANGE" for bound in value)
        elif isinstance(item, tuple | list):
            waiting.extend(item)
    found: dict[frozenset[Rex], str] = {}
    for sign in dict.fromkeys(literals + _POOL):
        if sign.isprintable() and sign != "/":
            belongs = frozenset(one for one in sets if _within(sign, one, ignore_case))
            found.setdefault(belongs, sign)
    return {sign: belongs for belongs, sign in found.items()}


def _within(sign: str, one: Rex, ignore_case: bool) -> bool:
    forms = {sign, sign.lower(), sign.upper()} if ignore_case else {sign}
    negated: bool = one[1]
    return any(_holds(form, item) for form in forms if len(form) == 1 for item in one[2]) != negated


def _holds(sign: str, item: tuple[str, Any]) -> bool:
    name, value = item
    if name == "LITERAL":
        return ord(sign) == int(value)
    if name == "RANGE":
        return int(value[0]) <= ord(sign) <= int(value[1])
    return re.fullmatch(_EVERY_CATEGORY.get(value, "."), sign) is not None


# --- derivatives


def _cat(first: Rex, then: Rex) -> Rex:
    if _NO in (first, then):
        return _NO
    if first == _END:
        return then
    if then == _END:
        return first
    if first[0] == "cat":
        return ("cat", first[1], _cat(first[2], then))
    return _ALL if first == then == _ALL else ("cat", first, then)


def _join(kind: str, rexes: Iterable[Rex]) -> Rex:
    """``or`` or ``and`` of these, flat, in one normal form so that equal derivatives are recognised."""
    absorbing, neutral = (_ALL, _NO) if kind == "or" else (_NO, _ALL)
    flat: set[Rex] = set()
    for rex in rexes:
        flat |= rex[1] if rex[0] == kind else {rex}
    flat.discard(neutral)
    if absorbing in flat:
        return absorbing
    if not flat:
        return neutral
    return next(iter(flat)) if len(flat) == 1 else (kind, frozenset(flat))


@lru_cache(maxsize=10_000)
def _nullable(rex: Rex) -> bool:
    kind = rex[0]
    if kind in ("end", "star"):
        return True
    if kind == "cat":
        return _nullable(rex[1]) and _nullable(rex[2])
    if kind in ("or", "and"):
        return (any if kind == "or" else all)(_nullable(one) for one in rex[1])
    return kind == "not" and not _nullable(rex[1])


def _after(rex: Rex, sets: frozenset[Rex]) -> Rex:
    """What remains to be read once a sign that belongs to exactly these sets has been read."""
    kind = rex[0]
    if kind == "set":
        return _END if rex in sets else _NO
    if kind == "cat":
        ahead = _cat(_after(rex[1], sets), rex[2])
        return _join("or", [ahead, _after(rex[2], sets)]) if _nullable(rex[1]) else ahead
    if kind in ("or", "and"):
        return _join(kind, [_after(one, sets) for one in rex[1]])
    if kind == "star":
        return _cat(_after(rex[1], sets), rex)
    if kind == "not":
        inside = _after(rex[1], sets)
        return _NO if inside == _ALL else ("not", inside)
    return _NO
