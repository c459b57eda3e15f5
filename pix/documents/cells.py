"""What a cell of a sheet may hold, whatever the file it is written to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

Cell = str | int | Decimal | date | None
"""Text, number, number with its decimals (``Decimal("0.50")`` is written with two), day, or nothing."""


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: a row of headers, then rows that may come from a stream; every row is as long as the headers."""

    title: str
    headers: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def rate(value: int, total: int, decimals: int = 2) -> Decimal:
    """``value / total`` rounded half up once, at this many decimals; 0 when ``total`` is 0 (learning 0)."""
    step = Decimal(1).scaleb(-decimals)
    if total == 0:
        return Decimal(0).quantize(step)
    return (Decimal(value) / Decimal(total)).quantize(step, rounding=ROUND_HALF_UP)
