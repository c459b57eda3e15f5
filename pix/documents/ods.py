"""The same table as an OpenDocument sheet, written as a stream: a document tree would hold every cell in memory."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from lxml import etree

from pix.documents.cells import Cell, Table

CONTENT_TYPE = "application/vnd.oasis.opendocument.spreadsheet"

_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0"
_NUMBER = "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"
_FO = "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
_NAMES = {"office": _OFFICE, "table": _TABLE, "text": _TEXT, "style": _STYLE, "number": _NUMBER, "fo": _FO}
_MANIFEST = f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">
 <manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{CONTENT_TYPE}"/>
 <manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
</manifest:manifest>
"""
# XML has no place for these signs, which a name typed by a person may hold.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BLANKS = re.compile(r"(\t|^ +| {2,}| +$)")


def write(table: Table, stream: BinaryIO) -> None:
    """Write the whole table, holding one row at a time."""
    with ZipFile(stream, "w", ZIP_DEFLATED) as package:
        # First and uncompressed: readers know the format by these bytes.
        package.writestr(ZipInfo("mimetype", (1980, 1, 1, 0, 0, 0)), CONTENT_TYPE, ZIP_STORED)
        with (
            package.open("content.xml", "w", force_zip64=True) as content,
            etree.xmlfile(content, encoding="UTF-8") as xml,
        ):
            xml.write_declaration()
            with xml.element(f"{{{_OFFICE}}}document-content", {f"{{{_OFFICE}}}version": "1.3"}, nsmap=_NAMES):
                xml.write(_styles())
                with (
                    xml.element(f"{{{_OFFICE}}}body"),
                    xml.element(f"{{{_OFFICE}}}spreadsheet"),
                    xml.element(f"{{{_TABLE}}}table", {f"{{{_TABLE}}}name": _clean(table.title) or "Feuille"}),
                ):
                    xml.write(
                        etree.Element(
                            f"{{{_TABLE}}}table-column",
                            {f"{{{_TABLE}}}number-columns-repeated": str(len(table.headers))},
                        )
                    )
                    with xml.element(f"{{{_TABLE}}}table-header-rows"):
                        xml.write(_row(table.headers, style="head"))
                    for row in table.rows:
                        xml.write(_row(row))
        package.writestr("META-INF/manifest.xml", _MANIFEST)


def _styles() -> etree._Element:
    styles = etree.Element(f"{{{_OFFICE}}}automatic-styles", nsmap=_NAMES)
    day = etree.SubElement(styles, f"{{{_NUMBER}}}date-style", {f"{{{_STYLE}}}name": "N-day"})
    for position, part in enumerate(("year", "month", "day")):
        if position:
            etree.SubElement(day, f"{{{_NUMBER}}}text").text = "-"
        etree.SubElement(day, f"{{{_NUMBER}}}{part}", {f"{{{_NUMBER}}}style": "long"})
    for places in range(1, 7):
        shape = etree.SubElement(styles, f"{{{_NUMBER}}}number-style", {f"{{{_STYLE}}}name": f"N-{places}"})
        digits = {f"{{{_NUMBER}}}decimal-places": str(places), f"{{{_NUMBER}}}min-integer-digits": "1"}
        etree.SubElement(shape, f"{{{_NUMBER}}}number", digits)
    for name in ("day", *map(str, range(1, 7))):
        own = {f"{{{_STYLE}}}name": name if name == "day" else f"d{name}", f"{{{_STYLE}}}family": "table-cell"}
        etree.SubElement(styles, f"{{{_STYLE}}}style", own | {f"{{{_STYLE}}}data-style-name": f"N-{name}"})
    head = {f"{{{_STYLE}}}name": "head", f"{{{_STYLE}}}family": "table-cell"}
    bold = etree.SubElement(styles, f"{{{_STYLE}}}style", head)
    etree.SubElement(bold, f"{{{_STYLE}}}text-properties", {f"{{{_FO}}}font-weight": "bold"})
    return styles


def _clean(text: str) -> str:
    return _UNWRITABLE.sub("", text)


def _row(values: Sequence[Cell], style: str = "") -> etree._Element:
    row = etree.Element(f"{{{_TABLE}}}table-row", nsmap=_NAMES)
    for value in values:
        _cell(row, value, style)
    return row


def _cell(row: etree._Element, value: Cell, style: str) -> None:
    element = etree.SubElement(row, f"{{{_TABLE}}}table-cell")
    if style:
        element.set(f"{{{_TABLE}}}style-name", style)
    if value is None or value == "":
        return
    kind = f"{{{_OFFICE}}}value-type"
    if isinstance(value, str):
        element.set(kind, "string")
        for text in _clean(value).split("\n"):
            _paragraph(element, text)
    elif isinstance(value, date):
        element.set(kind, "date")
        element.set(f"{{{_OFFICE}}}date-value", value.strftime("%Y-%m-%d"))
        element.set(f"{{{_TABLE}}}style-name", "day")
        _paragraph(element, value.strftime("%Y-%m-%d"))
    else:
        number = f"{value:f}" if isinstance(value, Decimal) else str(int(value))
        element.set(kind, "float")
        element.set(f"{{{_OFFICE}}}value", number)
        if "." in number:
            element.set(f"{{{_TABLE}}}style-name", f"d{len(number.partition('.')[2])}")
        _paragraph(element, number.replace(".", ","))


def _paragraph(parent: etree._Element, text: str) -> None:
    """A paragraph that keeps tabs and runs of spaces, which the format would otherwise fold."""
    paragraph = etree.SubElement(parent, f"{{{_TEXT}}}p")
    last: etree._Element | None = None
    for part in _BLANKS.split(text):
        if part == "\t":
            last = etree.SubElement(paragraph, f"{{{_TEXT}}}tab")
        elif part and not part.strip(" "):
            last = etree.SubElement(paragraph, f"{{{_TEXT}}}s", {f"{{{_TEXT}}}c": str(len(part))})
        elif part and last is None:
            paragraph.text = part
        elif part and last is not None:
            last.tail = part
