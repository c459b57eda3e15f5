"""How a printed sheet is drawn: A4, tagged PDF/UA-1, black on white, with fonts of our own and nothing from the network.

What is written comes as JSON and is set as text: no name, however odd, is ever read as markup.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from pix.documents import qr

CONTENT_TYPE = "application/pdf"
MOST = 5_000
"""Cards or rows of one file: more than the largest school has."""
_LONGEST = 300
_HERE = Path(__file__).parent
_TEMPLATES, _FONTS = _HERE / "typst", _HERE / "fonts"


class TooMuch(ValueError):
    """More than ``MOST`` cards or rows were asked for."""


@dataclass(frozen=True, slots=True)
class Card:
    """What is cut out and given to one person: lines of label and value under their name."""

    name: str
    lines: Sequence[tuple[str, str]] = field(repr=False)
    note: str = ""


@dataclass(frozen=True, slots=True)
class CardGroup:
    """Cards that begin a page of their own, under a title."""

    title: str
    cards: Sequence[Card]


@dataclass(frozen=True, slots=True)
class Cards:
    """Sheets of cards to cut out, eight a page. ``link`` is the address of every QR code."""

    title: str
    author: str
    footer: str
    link: str
    link_label: str
    """Said of the code to who cannot see it."""
    address: str
    """The same address, to be typed."""
    groups: Sequence[CardGroup]
    language: str = "fr"


@dataclass(frozen=True, slots=True)
class TableGroup:
    """A table that begins a page of its own, under a title."""

    title: str
    subtitle: str
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Tables of the same columns over as many pages as it takes, their headers on each. ``widths``: shares of the width."""

    title: str
    author: str
    footer: str
    headers: Sequence[str]
    widths: Sequence[int]
    groups: Sequence[TableGroup]
    language: str = "fr"


def cards(sheet: Cards, *, at: datetime) -> bytes:
    """The file. Raises ``TooMuch``."""
    _bounded(sum(len(group.cards) for group in sheet.groups))
    return _drawn("cards.typ", asdict(sheet) | {"qr": qr.picture(sheet.link)}, at)


def tables(sheet: Sheet, *, at: datetime) -> bytes:
    """The file. Raises ``TooMuch``."""
    _bounded(sum(len(group.rows) for group in sheet.groups))
    return _drawn("sheet.typ", asdict(sheet), at)


def _bounded(count: int) -> None:
    if count > MOST:
        raise TooMuch(f"{count} > {MOST}")


def _drawn(template: str, data: Mapping[str, Any], at: datetime) -> bytes:
    import typst  # thirty megabytes, for the few processes that print

    made: dict[str, Any] = {
        "root": str(_TEMPLATES),
        "font_paths": [str(_FONTS)],
        "ignore_system_fonts": True,
        # No package is ever fetched: the folders where they would be looked for hold none.
        "package_path": str(_FONTS),
        "package_cache_path": str(_FONTS),
        "sys_inputs": {"data": json.dumps(_short(data))},
        "timestamp": int(at.timestamp()),
        "format": "pdf",
    }
    try:
        drawn: bytes = typst.compile(str(_TEMPLATES / template), pdf_standards=["ua-1"], **made)
    except typst.TypstError:
        # A sign that none of the fonts has is refused by the standard; the sheet is still of use, with a box for it.
        drawn = typst.compile(str(_TEMPLATES / template), **made)
    return drawn


def _short(value: Any) -> Any:
    """Texts bounded, so that none of them makes a page of its own; the drawing of a code is ours and is left alone."""
    if isinstance(value, str):
        return value if value.startswith("<svg") else value[:_LONGEST]
    if isinstance(value, Mapping):
        return {key: _short(one) for key, one in value.items()}
    if isinstance(value, Sequence):
        return [_short(one) for one in value]
    return value
