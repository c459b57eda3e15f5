"""Spreadsheet files: the .ods or .xlsx that is handed out, and the one that comes back read into the cells that the checker knows."""

import io
import re
from datetime import UTC, date, datetime
from xml.etree.ElementTree import Element

import xlsxwriter

from pix.generators import sheet
from pix.generators.contract import Returned
from pix.generators.files import returned
from pix.generators.files.office import ods
from pix.generators.states import Malformed

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_O = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
TABLE, OFFICE, TEXT = _O % "table", _O % "office", _O % "text"
_M = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_QUOTED = re.compile(r'("(?:[^"]|"")*")')
_FRENCH = {french: english for english, french in sheet.ENGLISH.items()}
_NAME = re.compile(r"[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ.]*(?=\s*\()")
_PLACE = re.compile(r"(?<![\w.$])(\$?[A-Z]\$?[1-9]\d?)(?::(\$?[A-Z]\$?[1-9]\d?))?(?![\w(.])")


def written(title: str, cells: sheet.Cells, extension: str) -> bytes:
    """One sheet with these contents; formulas carry their value, as office suites write them."""
    values = sheet.Sheet(cells)
    columns = max((sheet.place(at)[0] for at in cells), default=0)
    lines = max((sheet.place(at)[1] for at in cells), default=1)
    rows: list[list[str | float | None]] = []
    formulas: dict[tuple[int, int], str] = {}
    for row in range(1, lines + 1):
        line: list[str | float | None] = []
        for column in range(columns + 1):
            at = sheet.name(column, row)
            value = values.value(at)
            line.append(sheet.shown(value) if isinstance(value, (bool, sheet.Fault)) else value)
            if cells.get(at, "").startswith("="):
                formulas[row - 1, column] = cells[at]
        rows.append(line)
    if extension == "ods":
        return ods(title, rows, {at: _outside(raw, "ods") for at, raw in formulas.items()})
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2026, 1, 5, tzinfo=UTC).replace(tzinfo=None)})
        page = book.add_worksheet(title[:31])
        for rank, content in enumerate(rows):
            page.write_row(rank, 0, content)
        for (rank, column), raw in formulas.items():
            page.write_formula(rank, column, _outside(raw, "xlsx"), None, rows[rank][column])
    return out.getvalue()


def _outside(raw: str, extension: str) -> str:
    """A formula in French writing as files hold it."""
    parts = _QUOTED.split(raw)
    for rank in range(0, len(parts), 2):
        text = _NAME.sub(lambda match: _FRENCH.get(match[0].upper(), match[0].upper()), parts[rank].upper())
        text = re.sub(r"(?<=\d),(?=\d)", ".", text)
        if extension == "ods":
            text = _PLACE.sub(lambda m: f"[.{m[1]}:.{m[2]}]" if m[2] else f"[.{m[1]}]", text)
        else:
            text = text.replace(";", ",")
        parts[rank] = text
    whole = "".join(parts)
    return f"of:{whole}" if extension == "ods" else whole


def _inside(formula: str, extension: str) -> str:
    """A formula of a file in French writing."""
    text = re.sub(r"^(?:of|oooc|msoxl):", "", formula.strip())
    parts = _QUOTED.split(text.removeprefix("="))
    for rank in range(0, len(parts), 2):
        part = parts[rank]
        if extension == "ods":
            part = re.sub(r"\[([^\]]*)\]", lambda match: match[1].replace(".", ""), part)
        else:
            part = part.replace(",", ";").replace("_xlfn.", "")
        part = _NAME.sub(lambda match: sheet.ENGLISH.get(match[0].upper(), match[0].upper()), part)
        parts[rank] = re.sub(r"(?<=\d)\.(?=\d)", ",", part)
    return ("=" + "".join(parts))[: sheet.MAX_RAW]


def read(file: Returned) -> dict[str, str]:
    """Cells of the first sheet, as they would be typed; raises ``Malformed``."""
    parts = returned.parts(file.name, file.content, ("ods", "xlsx"))
    found = _ods(parts) if file.name.lower().endswith(".ods") else _xlsx(parts)
    return {at: raw[: sheet.MAX_RAW] for at, raw in found.items() if raw.strip()}


def _number(text: str) -> str:
    try:
        value = float(text) if len(text) < 40 else 0.0
    except ValueError:
        return text
    return sheet.plain(value) if abs(value) < 1e15 else text


def _count(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 9 else 1


def _ods(parts: dict[str, bytes]) -> dict[str, str]:
    root = returned.xml(parts, "content.xml")
    table = next(root.iter(TABLE + "table"), None)
    if table is None:
        raise Malformed("Le fichier n'a pas de feuille de calcul.")
    cells: dict[str, str] = {}
    row = 1
    for line in table.iter(TABLE + "table-row"):
        column = 0
        for cell in line:
            if cell.tag not in (TABLE + "table-cell", TABLE + "covered-table-cell"):
                continue
            repeated = _count(cell.get(TABLE + "number-columns-repeated"))
            raw = _ods_cell(cell)
            for at in range(column, min(column + repeated, sheet.MAX_COLUMNS)):
                if raw:
                    cells[sheet.name(at, row)] = raw
            column += repeated
        row += _count(line.get(TABLE + "number-rows-repeated"))
        if row > sheet.MAX_ROWS:
            break
    return cells


def _ods_cell(cell: Element) -> str:
    formula = cell.get(TABLE + "formula")
    if formula:
        return _inside(formula, "ods")
    kind = cell.get(OFFICE + "value-type")
    if kind in ("float", "currency", "percentage"):
        return _number(cell.get(OFFICE + "value", ""))
    if kind == "date":
        try:
            return f"{date.fromisoformat(cell.get(OFFICE + 'date-value', '')[:10]):%d/%m/%Y}"
        except ValueError:
            return ""
    if kind == "boolean":
        return "VRAI" if cell.get(OFFICE + "boolean-value") == "true" else "FAUX"
    return _as_text(" ".join("".join(line.itertext()) for line in cell.findall(TEXT + "p")))


def _as_text(text: str) -> str:
    """A text cell stays a text, even when it looks like a number: « 12 » stored as text is not 12."""
    text = text.strip()
    return f"'{text}" if text.startswith("=") or isinstance(sheet.typed(text)[0], float) else text


def _xlsx(parts: dict[str, bytes]) -> dict[str, str]:
    parts = {
        name: content.replace(_STRICT[1:-1].encode(), _M[1:-1].encode()) if name.endswith(".xml") else content
        for name, content in parts.items()
    }
    shared: list[str] = []
    if "xl/sharedStrings.xml" in parts:
        for item in returned.xml(parts, "xl/sharedStrings.xml").iter(_M + "si"):
            shared.append("".join(text.text or "" for text in item.iter(_M + "t")))
    root = returned.xml(parts, _first_sheet(parts))
    cells: dict[str, str] = {}
    models: dict[str, tuple[str, str]] = {}
    for cell in root.iter(_M + "c"):
        at = cell.get("r", "")
        try:
            column, row = sheet.place(at)
        except Malformed:
            continue
        formula, value = cell.find(_M + "f"), cell.findtext(_M + "v") or ""
        kind = cell.get("t", "n")
        if formula is not None:
            index = formula.get("si", "")
            if formula.text:
                raw = _inside(formula.text, "xlsx")
                if formula.get("t") == "shared":
                    models[index] = (at, raw)
            elif index in models:
                origin, model = models[index]
                first = sheet.place(origin)
                raw = sheet.shifted(model, column - first[0], row - first[1])
            else:
                raw = ""
        elif kind == "s":
            raw = _as_text(shared[int(value)]) if value.isdecimal() and int(value) < len(shared) else ""
        elif kind == "inlineStr":
            raw = _as_text("".join(text.text or "" for text in cell.iter(_M + "t")))
        elif kind == "b":
            raw = "VRAI" if value == "1" else "FAUX"
        else:
            raw = _number(value) if kind == "n" else _as_text(value)
        if raw:
            cells[at] = raw
    return cells


def _first_sheet(parts: dict[str, bytes]) -> str:
    """Name of the part of the first sheet of the workbook."""
    book = returned.xml(parts, "xl/workbook.xml")
    first = next(book.iter(_M + "sheet"), None)
    wanted = (
        first.get(_R)
        or first.get(_R.replace("schemas.openxmlformats.org/officeDocument/2006", "purl.oclc.org/ooxml/officeDocument"))
        if first is not None
        else None
    )
    if "xl/_rels/workbook.xml.rels" in parts:
        for relation in returned.xml(parts, "xl/_rels/workbook.xml.rels"):
            if relation.get("Id") == wanted:
                target = relation.get("Target", "").lstrip("/")
                return target if target.startswith("xl/") else f"xl/{target}"
    return "xl/worksheets/sheet1.xml"
