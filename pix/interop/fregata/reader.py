"""A Fregata file read whole: all faults of the header, else all faults of all cells (schools 6)."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import BinaryIO

from pix.core.texts import squeeze
from pix.interop.fregata.columns import COLUMNS, HEADER_OF, HEADERS, plain_header
from pix.interop.fregata.sheet import Record, records, shape_of
from pix.interop.rows import (
    FIELD_REQUIRED,
    MAX_PUPILS,
    FileError,
    FileFault,
    Meta,
    Problem,
    Refused,
    RollFormat,
    RollReading,
    RollRow,
    Skipped,
    Warning_,
)

FRANCE = "99100"
_LIMIT = 255
_COUNTRY = re.compile(r"99[1-5][0-9]{2}")
_COMMUNE = re.compile(r"[0-9]{5}|[0-9][AB][0-9]{3}")
_FRENCH_DATE = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4}|[0-9]{2})")
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_SEXES = {"Féminin": "F", "féminin": "F", "Masculin": "M", "masculin": "M"}
_SEX_WORDS = ["Féminin", "Masculin"]
_STATUSES = ["ST", "AP"]
_UNREADABLE = re.compile("[\x00-\x1f\x7f-\x9f\ufffd]")

Fault = tuple[str, Meta]
"""Code, and meta without the line."""


def read(stream: BinaryIO, *, today: date) -> RollReading:
    """Read a seekable CSV (its received size already checked). ``today`` tells the century of two-digit years.

    Never raises for what a file holds: the reading carries the file errors, or every row error.
    """
    empty = RollReading(RollFormat.FREGATA)
    encoding = ""
    try:
        shape = shape_of(stream)
        encoding = shape.encoding.removesuffix("-sig")
        sheet = records(stream, shape)
        header = next(sheet, None)
        positions, errors = _header([] if header is None else header.cells)
        if errors:
            return replace(empty, encoding=encoding, file_errors=tuple(errors))
        checks = _Checks(positions, today)
        for count, record in enumerate(sheet, start=1):
            if count > MAX_PUPILS:
                raise FileFault("INVALID_FILE")
            checks.check(record)
    except FileFault as fault:
        return replace(empty, encoding=encoding, file_errors=(fault.error,))
    return checks.reading(replace(empty, encoding=encoding))


def _header(cells: list[str]) -> tuple[dict[str, int], list[FileError]]:
    """Position of each field, and every fault of the header: missing columns, then unknown or repeated ones."""
    positions: dict[str, int] = {}
    wrong: list[FileError] = []
    for position, cell in enumerate(cells):
        text = plain_header(cell)
        if not text:
            continue
        column = HEADERS.get(text)
        if column is None or column.field in positions:
            wrong.append(FileError("HEADER_UNKNOWN", {"field": text}))
        else:
            positions[column.field] = position
    missing = [
        FileError("HEADER_REQUIRED", {"field": column.header})
        for column in COLUMNS
        if column.required and column.field not in positions
    ]
    return positions, missing + wrong


class _Checks:
    def __init__(self, positions: Mapping[str, int], today: date) -> None:
        self._positions = positions
        self._width = max(positions.values(), default=-1) + 1
        self._today = today
        self._rows: list[RollRow] = []
        self._faulty: list[Refused] = []
        self._skipped: list[Skipped] = []
        self._problems: list[Problem] = []
        self._warnings: list[Warning_] = []
        self._first_lines: dict[str, int] = {}
        self._shared: set[str] = set()

    def check(self, record: Record) -> None:
        cells, line = record.cells, record.line
        values = {
            field: cells[position] if position < len(cells) else "" for field, position in self._positions.items()
        }
        get = values.get
        ine, last_name, first_name = get("ine", "").upper(), get("last_name", ""), get("first_name", "")
        if not ine:
            self._skipped.append(Skipped(line, FIELD_REQUIRED, last_name, first_name))
            return
        born = _date(get("birth_date", ""), self._today)
        faults: list[Fault] = []
        first_line = self._first_lines.setdefault(ine, line)
        if first_line != line:
            faults.append(("IDENTIFIER_UNIQUE", {"field": HEADER_OF["ine"], "first_line": first_line}))
            self._shared.add(ine)
        for column in COLUMNS:
            if fault := _fault(column.field, values, born):
                faults.append(fault)
        if any(cells[self._width :]):
            self._warnings.append(Warning_(line, "SURPLUS_CELLS", {"line": line}, last_name, first_name, ine))
        for field, value in values.items():
            if field not in ("last_name", "first_name") and _UNREADABLE.search(value):
                meta = {"line": line, "field": HEADER_OF[field], "source": "Fregata"}
                self._warnings.append(Warning_(line, "INVALID_CHAR_DETECTED", meta, last_name, first_name, ine))
        if faults or born is None:
            self._problems += [
                Problem(line, code, {"line": line, **meta}, last_name, first_name, ine) for code, meta in faults
            ]
            self._faulty.append(Refused(line, ine, last_name, first_name))
            return
        self._rows.append(
            RollRow(
                row=line,
                ine=ine,
                last_name=last_name,
                usage_name=get("usage_name", ""),
                first_name=first_name,
                second_name=get("second_name", ""),
                third_name=get("third_name", ""),
                sex=_SEXES[values["sex"]],
                birth_date=born,
                birth_country_code=values["birth_country_code"][-3:],
                birth_department_code=get("birth_department_code", ""),
                birth_city_insee=get("birth_city_insee", ""),
                birth_city_name=get("birth_city_name", ""),
                mef_code=get("mef_code", ""),
                status=get("status", ""),
                division=squeeze(get("division", "")),
            )
        )

    def reading(self, empty: RollReading) -> RollReading:
        firsts = [Refused(r.row, r.ine, r.last_name, r.first_name) for r in self._rows if r.ine in self._shared]
        rows = tuple(r for r in self._rows if r.ine not in self._shared)
        refused = tuple(sorted(self._faulty + firsts, key=lambda one: one.row))
        return replace(
            empty,
            rows=rows,
            refused=refused,
            skipped=tuple(self._skipped),
            problems=tuple(self._problems),
            warnings=tuple(self._warnings),
            file_errors=() if rows or refused else (FileError("EMPTY"),),
        )


def _fault(field: str, values: Mapping[str, str], born: date | None) -> Fault | None:
    """The first fault of a cell, or ``None``: presence, then length, then pattern."""
    value = values.get(field, "")
    meta: Meta = {"field": HEADER_OF[field]}
    country = values.get("birth_country_code", "")
    match field:
        case "ine" | "second_name" | "third_name" | "usage_name":
            return _too_long(value, meta)
        case "birth_city_insee":
            if country != FRANCE:
                return _too_long(value, meta)
            return _required(value, meta) or _code(value, meta, _COMMUNE)
        case "birth_city_name":
            abroad = country != FRANCE and _COUNTRY.fullmatch(country)
            return (_required(value, meta) if abroad else None) or _too_long(value, meta)
    if fault := _required(value, meta):
        return fault
    match field:
        case "first_name" | "last_name":
            if _UNREADABLE.search(value):
                return "INVALID_CHAR_DETECTED", {**meta, "source": "Fregata"}
            return _too_long(value, meta)
        case "sex":
            return None if value in _SEXES else ("FIELD_BAD_VALUES", {**meta, "valids": _SEX_WORDS})
        case "status":
            return None if value in _STATUSES else ("FIELD_BAD_VALUES", {**meta, "valids": _STATUSES})
        case "birth_date":
            return None if born else ("FIELD_DATE_FORMAT", meta)
        case "birth_department_code":
            if len(value) < 2:
                return "FIELD_MIN_LENGTH", {**meta, "limit": 2}
            return _too_long(value, meta, 3)
        case "birth_country_code":
            return _code(value, meta, _COUNTRY)
    return _too_long(value, meta)


def _required(value: str, meta: Meta) -> Fault | None:
    return None if value else ("FIELD_REQUIRED", meta)


def _too_long(value: str, meta: Meta, limit: int = _LIMIT) -> Fault | None:
    return ("FIELD_MAX_LENGTH", {**meta, "limit": limit}) if len(value) > limit else None


def _code(value: str, meta: Meta, pattern: re.Pattern[str]) -> Fault | None:
    if len(value) != 5:
        return "FIELD_LENGTH", {**meta, "limit": 5}
    return None if pattern.fullmatch(value) else ("INSEE_CODE_INVALID", meta)


def _date(text: str, today: date) -> date | None:
    """DD/MM/YYYY, DD/MM/YY (20YY when that year is over, else 19YY) or YYYY-MM-DD; ``None`` when not a real date."""
    if found := _FRENCH_DATE.fullmatch(text):
        day, month, year = int(found[1]), int(found[2]), int(found[3])
        if len(found[3]) == 2:
            year += 2000 if 2000 + year < today.year else 1900
    elif found := _ISO_DATE.fullmatch(text):
        year, month, day = int(found[1]), int(found[2]), int(found[3])
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
