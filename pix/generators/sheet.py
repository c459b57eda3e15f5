"""A small spreadsheet: what is typed in each cell, a safe evaluator in French writing, the text that a cell shows.

Only a closed list of functions over the cells of one sheet; every walk is counted, so no content can cost more than a page.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pix.core.texts import search_key
from pix.generators.states import Malformed

MAX_COLUMNS, MAX_ROWS = 12, 60
MAX_RAW = 200
BUDGET = 150_000
MAX_NESTED = 250
MAX_PARENTHESES = 25
FORMATS = ("standard", "nombre", "euro", "pourcent", "date", "date_longue")
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_EPOCH = date(1899, 12, 30)
_NUMBER = re.compile(r"(-?)(\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d{1,15})(,\d{1,10})?[ \u00a0\u202f]*(%|€)?")
_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})")
_AT = re.compile(r"([A-Z])([1-9]\d?)")
_REFERENCE = re.compile(r'"(?:[^"]|"")*"|(?<![\w.$])(\$?)([A-Za-z])(\$?)([1-9]\d{0,2})(?![\w(.])')
_TOKEN = re.compile(
    r'\s*(?:(?P<text>"(?:[^"]|"")*")|(?P<ref>\$?[A-Za-z]\$?[1-9]\d{0,2}(?![\w(.]))|(?P<number>\d{1,15}(?:[.,]\d{1,15})?)'
    r"|(?P<name>[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ.]*)|(?P<sign><=|>=|<>|[-+*/^&=<>%();:,]))"
)
ENGLISH = {
    "SUM": "SOMME", "AVERAGE": "MOYENNE", "COUNT": "NB", "COUNTA": "NBVAL", "COUNTIF": "NB.SI", "SUMIF": "SOMME.SI", "IF": "SI",
    "ROUND": "ARRONDI", "TRUE": "VRAI", "FALSE": "FAUX",
}  # fmt: skip
FUNCTIONS = ("SOMME", "MOYENNE", "MIN", "MAX", "NB", "NBVAL", "NB.SI", "SOMME.SI", "SI", "ARRONDI")


@dataclass(frozen=True, slots=True)
class Fault:
    """What a formula that cannot be computed shows: ``#NOM?``, ``#DIV/0!``…"""

    code: str


Value = float | str | bool | Fault | None
Cells = Mapping[str, str]
"""``{"B2": "12,5", "B9": "=SOMME(B2:B8)"}``: what was typed."""


class _Wrong(Exception):
    def __init__(self, code: str) -> None:
        self.fault = Fault(code)


# --- places


def place(at: str) -> tuple[int, int]:
    """``"B4"`` → (1, 4): column from 0, row from 1; raises ``Malformed``."""
    match = _AT.fullmatch(at)
    if not match or ord(match[1]) - 65 >= MAX_COLUMNS or int(match[2]) > MAX_ROWS:
        raise Malformed("Une cellule n'existe pas.")
    return ord(match[1]) - 65, int(match[2])


def name(column: int, row: int) -> str:
    return f"{chr(65 + column)}{row}"


def span(text: str) -> list[str]:
    """``"B2:C3"`` → B2, C2, B3, C3; a lone cell is a span of one."""
    first, _, last = text.replace("$", "").upper().partition(":")
    (left, top), (right, bottom) = place(first), place(last or first)
    left, right, top, bottom = min(left, right), max(left, right), min(top, bottom), max(top, bottom)
    return [name(column, row) for row in range(top, bottom + 1) for column in range(left, right + 1)]


def shifted(raw: str, columns: int, rows: int) -> str:
    """A formula copied so many cells further: relative references follow, those with ``$`` stay."""
    if not raw.startswith("="):
        return raw

    def moved(match: re.Match[str]) -> str:
        if match[2] is None:
            return match[0]
        column = ord(match[2].upper()) - 65 + (0 if match[1] else columns)
        row = int(match[4]) + (0 if match[3] else rows)
        if not (0 <= column < MAX_COLUMNS and 1 <= row <= MAX_ROWS):
            return "#REF!"
        return f"{match[1]}{chr(65 + column)}{match[3]}{row}"

    return _REFERENCE.sub(moved, raw)


def references(raw: str) -> set[str]:
    """Cells that a formula reads, ranges unfolded."""
    plain = re.sub(r'"(?:[^"]|"")*"', "", raw).replace("$", "").upper()
    found = set()
    for first, last in re.findall(r"(?<![\w.])([A-Z][1-9]\d{0,2})(?![\w(.])(?:\s*:\s*([A-Z][1-9]\d{0,2}))?", plain):
        try:
            found |= set(span(f"{first}:{last}" if last else first))
        except Malformed:
            continue
    return found


def functions(raw: str) -> set[str]:
    plain = re.sub(r'"(?:[^"]|"")*"', "", raw).upper()
    return {ENGLISH.get(word, word) for word in re.findall(r"([A-ZÀ-Ÿ][A-ZÀ-Ÿ.]*)\s*\(", plain)}


# --- what is typed


def typed(raw: str) -> tuple[Value, str]:
    """A constant and the format that its writing suggests; a formula is not for here."""
    text = raw.strip()
    if not text:
        return None, "standard"
    if text.startswith("'"):
        return text[1:], "standard"
    if match := _NUMBER.fullmatch(text):
        digits = re.sub(r"\s", "", match[2])
        number = float(match[1] + digits + (match[3] or "").replace(",", "."))
        if match[4] == "%":
            return number / 100, "pourcent"
        return number, "euro" if match[4] else "standard"
    if match := _DATE.fullmatch(text):
        year = int(match[3]) + (2000 if len(match[3]) == 2 else 0)
        try:
            return float((date(year, int(match[2]), int(match[1])) - _EPOCH).days), "date"
        except ValueError:
            return text, "standard"
    if text.upper() in ("VRAI", "FAUX"):
        return text.upper() == "VRAI", "standard"
    return text, "standard"


def format_of(raw: str, chosen: str | None) -> str:
    """The format chosen for the cell, else the one that its writing suggests."""
    return chosen or ("standard" if raw.startswith("=") else typed(raw)[1])


def _decimals(number: float, digits: int) -> str:
    whole, _, rest = f"{abs(number):.{digits}f}".partition(".")
    grouped = f"{int(whole):,}".replace(",", "\u202f")
    sign = "-" if number < 0 and (float(whole) or rest.strip("0")) else ""
    return f"{sign}{grouped}{',' + rest if rest else ''}"


def plain(number: float) -> str:
    """A number as the standard format writes it: ``12,5``."""
    text = f"{number:.10g}"
    if "e" in text:
        text = f"{number:.5E}" if abs(number) >= 1 else f"{number:.10f}".rstrip("0").rstrip(".")
    return ("0" if text in ("-0", "") else text).replace(".", ",")


def shown(value: Value, chosen: str = "standard") -> str:
    """The text that the cell shows, whatever the width."""
    if value is None:
        return ""
    if isinstance(value, Fault):
        return value.code
    if isinstance(value, bool):
        return "VRAI" if value else "FAUX"
    if isinstance(value, str):
        return value
    if chosen == "nombre":
        return _decimals(value, 2)
    if chosen == "euro":
        return _decimals(value, 2) + "\u00a0€"
    if chosen == "pourcent":
        return plain(round(value * 100, 2)) + "\u00a0%"
    if chosen in ("date", "date_longue") and 1 <= value < 2_900_000:
        day = _EPOCH + timedelta(days=int(value))
        if chosen == "date":
            return f"{day:%d/%m/%Y}"
        return f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]} {day.year}"
    return plain(value)


# --- formulas

Node = tuple[Any, ...]


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        at = 0
        text = text.rstrip()
        while at < len(text):
            match = _TOKEN.match(text, at)
            if not match:
                raise _Wrong("#ERREUR!")
            at = match.end()
            self.tokens.append((str(match.lastgroup), match[str(match.lastgroup)]))
        self.at = 0
        self.nested = 0

    def peek(self) -> str:
        kind, text = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
        return text if kind == "sign" else ""

    def take(self, *signs: str) -> str:
        sign = self.peek()
        if sign and sign in signs:
            self.at += 1
            return sign
        return ""

    def whole(self) -> Node:
        node = self.comparison()
        if self.at < len(self.tokens):
            raise _Wrong("#ERREUR!")
        return node

    def comparison(self) -> Node:
        return self.chain(("=", "<>", "<=", ">=", "<", ">"), lambda: self.chain(("&",), self.sum))

    def sum(self) -> Node:
        return self.chain(("+", "-"), lambda: self.chain(("*", "/"), lambda: self.chain(("^",), self.signed)))

    def chain(self, signs: tuple[str, ...], inner: Callable[[], Node]) -> Node:
        node = inner()
        while sign := self.take(*signs):
            node = ("op", sign, node, inner())
        return node

    def signed(self) -> Node:
        sign = ""
        while found := self.take("-", "+"):
            sign = "-" if (found == "-") != (sign == "-") else ""
        node = self.atom()
        while self.take("%"):
            node = ("op", "/", node, ("value", 100.0))
        return ("op", "-", ("value", 0.0), node) if sign else node

    def atom(self) -> Node:
        if self.at >= len(self.tokens):
            raise _Wrong("#ERREUR!")
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            return ("value", float(text.replace(",", ".")))
        if kind == "text":
            return ("value", text[1:-1].replace('""', '"'))
        if kind == "ref":
            first = text.replace("$", "").upper()
            if self.take(":"):
                if self.at >= len(self.tokens) or self.tokens[self.at][0] != "ref":
                    raise _Wrong("#ERREUR!")
                last = self.tokens[self.at][1].replace("$", "").upper()
                self.at += 1
                return ("range", first, last)
            return ("ref", first)
        if kind == "name":
            upper = text.upper()
            upper = ENGLISH.get(upper, upper)
            if upper in ("VRAI", "FAUX") and self.peek() != "(":
                return ("value", upper == "VRAI")
            if not self.take("("):
                raise _Wrong("#NOM?")
            return ("call", upper, self.arguments())
        if text == "(":
            self.deeper()
            node = self.comparison()
            if not self.take(")"):
                raise _Wrong("#ERREUR!")
            self.nested -= 1
            return node
        raise _Wrong("#ERREUR!")

    def deeper(self) -> None:
        self.nested += 1
        if self.nested > MAX_PARENTHESES:
            raise _Wrong("#ERREUR!")

    def arguments(self) -> tuple[Node, ...]:
        self.deeper()
        found: list[Node] = []
        if not self.take(")"):
            found.append(self.comparison())
            while self.take(";"):
                found.append(self.comparison())
            if not self.take(")"):
                raise _Wrong("#ERREUR!")
        self.nested -= 1
        return tuple(found)


class Sheet:
    """The values of the cells; computed when asked, each once."""

    def __init__(self, cells: Cells) -> None:
        self.cells = cells
        self._known: dict[str, Value] = {}
        self._running: set[str] = set()
        self._spent = 0
        self._nested = 0

    def value(self, at: str) -> Value:
        if at in self._known:
            return self._known[at]
        raw = self.cells.get(at, "")
        if not raw.startswith("="):
            found = typed(raw)[0]
        elif at in self._running:
            return Fault("#CYCLE!")
        else:
            self._running.add(at)
            found = self.formula(raw)
            self._running.discard(at)
        self._known[at] = found
        return found

    def formula(self, raw: str) -> Value:
        """Result of a formula, as if it stood in the sheet."""
        try:
            value = self._of(_Parser(raw[1:]).whole())
        except _Wrong as problem:
            return problem.fault
        return 0.0 if value is None else value

    def _spend(self, count: int = 1) -> None:
        self._spent += count
        if self._spent > BUDGET:
            raise Malformed("Les formules sont trop longues à calculer.")

    def _of(self, node: Node) -> Value:
        self._spend()
        self._nested += 1
        if self._nested > MAX_NESTED:
            raise Malformed("Les formules sont trop longues à calculer.")
        try:
            kind = node[0]
            if kind == "value":
                found: Value = node[1]
            elif kind == "ref":
                found = self.value(self._at(node[1]))
            elif kind == "op":
                found = self._operated(node[1], self._of(node[2]), self._of(node[3]))
            elif kind == "call":
                found = self._called(node[1], node[2])
            else:
                raise _Wrong("#VALEUR!")
        finally:
            self._nested -= 1
        if isinstance(found, Fault):
            raise _Wrong(found.code)
        return found

    @staticmethod
    def _at(text: str) -> str:
        try:
            return name(*place(text))
        except Malformed:
            raise _Wrong("#REF!") from None

    def _operated(self, sign: str, left: Value, right: Value) -> Value:
        if sign == "&":
            return (shown(left) + shown(right))[:MAX_RAW]
        if sign in ("=", "<>", "<", ">", "<=", ">="):
            return compared(sign, left, right)
        a, b = number(left), number(right)
        if sign == "/" and b == 0:
            raise _Wrong("#DIV/0!")
        try:
            found = {"+": a + b, "-": a - b, "*": a * b}[sign] if sign in "+-*" else a / b if sign == "/" else a**b
        except (OverflowError, ZeroDivisionError):
            raise _Wrong("#NOMBRE!") from None
        if isinstance(found, complex) or not math.isfinite(found):
            raise _Wrong("#NOMBRE!")
        return found

    def _many(self, node: Node) -> list[Value]:
        if node[0] != "range":
            return [self._of(node)]
        try:
            names = span(f"{node[1]}:{node[2]}")
        except Malformed:
            raise _Wrong("#REF!") from None
        self._spend(len(names))
        values = [self.value(at) for at in names]
        for value in values:
            if isinstance(value, Fault):
                raise _Wrong(value.code)
        return values

    def _numbers(self, arguments: tuple[Node, ...]) -> Iterator[float]:
        for node in arguments:
            for value in self._many(node):
                if node[0] not in ("range", "ref"):
                    yield number(value)
                elif isinstance(value, float) and not isinstance(value, bool):
                    yield value

    def _called(self, function: str, arguments: tuple[Node, ...]) -> Value:
        if function not in FUNCTIONS:
            raise _Wrong("#NOM?")
        if not arguments:
            raise _Wrong("#ERREUR!")
        if function == "SI":
            if not 2 <= len(arguments) <= 3:
                raise _Wrong("#ERREUR!")
            if truth(self._of(arguments[0])):
                return self._of(arguments[1])
            return self._of(arguments[2]) if len(arguments) == 3 else False
        if function == "ARRONDI":
            if len(arguments) > 2:
                raise _Wrong("#ERREUR!")
            digits = int(number(self._of(arguments[1]))) if len(arguments) == 2 else 0
            value, scale = number(self._of(arguments[0])), 10.0 ** max(-9, min(9, digits))
            return math.copysign(math.floor(abs(value) * scale + 0.5 + 1e-9) / scale, value)
        if function in ("NB.SI", "SOMME.SI"):
            return self._conditional(function, arguments)
        if function == "NBVAL":
            return float(sum(value is not None for node in arguments for value in self._many(node)))
        values = list(self._numbers(arguments))
        if function == "NB":
            return float(len(values))
        if function == "SOMME":
            return math.fsum(values)
        if function == "MOYENNE":
            if not values:
                raise _Wrong("#DIV/0!")
            return math.fsum(values) / len(values)
        if not values:
            return 0.0
        return min(values) if function == "MIN" else max(values)

    def _conditional(self, function: str, arguments: tuple[Node, ...]) -> Value:
        if len(arguments) not in ((2,) if function == "NB.SI" else (2, 3)):
            raise _Wrong("#ERREUR!")
        tested, wanted = self._many(arguments[0]), self._of(arguments[1])
        sign: str = "="
        if isinstance(wanted, str) and (match := re.match(r"<=|>=|<>|[=<>]", wanted)):
            sign, wanted = match[0], typed(wanted[match.end() :])[0]
        elif isinstance(wanted, str):
            wanted = typed(wanted)[0]
        kept = [
            value is not None and isinstance(value, str) == isinstance(wanted, str) and compared(sign, value, wanted)
            for value in tested
        ]
        if function == "NB.SI":
            return float(sum(kept))
        added = self._many(arguments[2]) if len(arguments) == 3 else tested
        return math.fsum(
            v for v, keep in zip(added, kept, strict=False) if keep and isinstance(v, float) and not isinstance(v, bool)
        )


def number(value: Value) -> float:
    if value is None:
        return 0.0
    if isinstance(value, Fault):
        raise _Wrong(value.code)
    if isinstance(value, str):
        raise _Wrong("#VALEUR!")
    return float(value)


def truth(value: Value) -> bool:
    return number(value) != 0


def compared(sign: str, left: Value, right: Value) -> bool:
    a: Any
    b: Any
    if isinstance(left, str) or isinstance(right, str):
        a, b = (search_key(shown(value)) for value in (left, right))
        if isinstance(left, str) != isinstance(right, str) and None not in (left, right):
            # As spreadsheets do: any text comes after any number.
            a, b = isinstance(left, str), isinstance(right, str)
    else:
        a, b = (round(number(value), 9) for value in (left, right))
    return bool({"=": a == b, "<>": a != b, "<": a < b, ">": a > b, "<=": a <= b, ">=": a >= b}[sign])


def same(left: Value, right: Value) -> bool:
    """Equal as a teacher sees it: a thousandth of a unit apart at most, case and accents of texts ignored."""
    if isinstance(left, Fault) or isinstance(right, Fault):
        return left == right
    if isinstance(left, str) or isinstance(right, str):
        return (
            isinstance(left, str) and isinstance(right, str) and search_key(left.strip()) == search_key(right.strip())
        )
    if (left is None) != (right is None) or left is None or right is None:
        return left is None and right is None
    return abs(float(left) - float(right)) <= 1e-6 * max(1.0, abs(float(left)))
