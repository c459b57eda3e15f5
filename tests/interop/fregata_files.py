"""Small Fregata files for tests: a valid row unless said otherwise, any cell changed by the name of its field."""

import io
from datetime import date

from pix.interop.fregata.columns import COLUMNS, HEADER_OF
from pix.interop.reading import read_roll
from pix.interop.rows import RollFormat, RollReading

TODAY = date(2026, 11, 23)
HEADER = [column.header for column in COLUMNS]
_VALID = {
    "first_name": "Léa",
    "last_name": "DURAND",
    "sex": "Féminin",
    "birth_date": "01/02/2010",
    "birth_city_insee": "33318",
    "birth_department_code": "33",
    "birth_country_code": "99100",
    "status": "ST",
    "mef_code": "24723006310",
    "division": "2NJPF",
}


def row(number: int = 1, **changes: str) -> list[str]:
    values = {"ine": f"{number:010d}A", **_VALID, **changes}
    return [values.get(column.field, "") for column in COLUMNS]


def fregata(
    *rows: list[str], header: list[str] | None = None, delimiter: str = ";", encoding: str = "utf-8", end: str = "\r\n"
) -> bytes:
    """One valid row when none is given."""
    lines = [HEADER if header is None else header, *(rows or (row(),))]
    return "".join(delimiter.join(cells) + end for cells in lines).encode(encoding)


def read(content: bytes, *, today: date = TODAY) -> RollReading:
    return read_roll(io.BytesIO(content), format=RollFormat.FREGATA, uai="", today=today)


def faults(reading: RollReading) -> list[tuple[int, str, str]]:
    """Line, code and our name of the column."""
    fields = {header: field for field, header in HEADER_OF.items()}
    return [(problem.row, problem.code, fields[problem.meta["field"]]) for problem in reading.problems]


def file_faults(reading: RollReading) -> list[tuple[str, str]]:
    assert not reading.rows
    assert not reading.problems
    return [(error.code, error.meta.get("field", "")) for error in reading.file_errors]
