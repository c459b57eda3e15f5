"""The one guarded CSV writer: no cell becomes a formula, and French spreadsheets open the file with a double click.

UTF-8 with BOM, ``;``, LF, decimal comma (learning 10.1).
"""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import BinaryIO

from pix.documents.cells import Cell, Table

CONTENT_TYPE = "text/csv; charset=utf-8"
BOM = b"\xef\xbb\xbf"
_PLAIN = re.compile(r"[0-9][0-9-]*")
_FORMULA = frozenset("=+-@\t\r")


def guarded(text: str) -> str:
    """The text with a leading ``'`` when a spreadsheet would read it as a formula, spaces before it or not."""
    for sign in text:
        if sign in _FORMULA:
            return "'" + text
        if not sign.isspace():
            break
    return text


def cell(value: Cell) -> str:
    """One cell as the file holds it."""
    if value is None:
        return '""'
    if isinstance(value, str):
        if _PLAIN.fullmatch(value):
            return value
        return '"' + guarded(value).replace('"', '""') + '"'
    if isinstance(value, date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    return str(int(value))


def line(values: Sequence[Cell]) -> bytes:
    return (";".join(map(cell, values)) + "\n").encode()


def write(table: Table, stream: BinaryIO) -> None:
    """Write the whole table, holding one row at a time. Headers are texts like the others, guarded too."""
    stream.write(BOM)
    stream.write(line(table.headers))
    for row in table.rows:
        stream.write(line(row))
