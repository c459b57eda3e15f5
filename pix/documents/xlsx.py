"""The same table as an Excel workbook: numbers and days typed, texts never read as formulas or links."""

from datetime import date
from decimal import Decimal
from typing import BinaryIO

import xlsxwriter

from pix.documents.cells import Table

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEXT_MAX = 32_767
"""Longest text of a cell in this format."""


def write(table: Table, stream: BinaryIO) -> None:
    """Write the whole table; rows go to a temporary file as they come, so memory does not grow with them."""
    # in_memory stays off: constant_memory keeps one row, the rest waits on disk.
    book = xlsxwriter.Workbook(
        stream,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    sheet = book.add_worksheet(_sheet_name(table.title))
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    shapes = {places: book.add_format({"num_format": "0." + "0" * places}) for places in range(1, 7)}
    sheet.freeze_panes(1, 0)
    for column, title in enumerate(table.headers):
        sheet.write_string(0, column, title[:TEXT_MAX], head)
    for number, row in enumerate(table.rows, start=1):
        for column, value in enumerate(row):
            if value is None or value == "":
                continue
            if isinstance(value, str):
                sheet.write_string(number, column, value[:TEXT_MAX])
            elif isinstance(value, date):
                sheet.write_datetime(number, column, value, day)
            elif isinstance(value, Decimal):
                places = -int(value.as_tuple().exponent)
                sheet.write_number(number, column, float(value), shapes.get(places))
            else:
                sheet.write_number(number, column, int(value))
    book.close()


def _sheet_name(title: str) -> str:
    """31 signs at most, none of those that the format forbids."""
    kept = "".join(" " if sign in "[]:*?/\\" else sign for sign in title).strip(" '")
    return kept[:31].strip(" '") or "Feuille"
