"""The one door for a school's roll: by the school's own format, under the size limit, other kinds refused by content."""

import io
from datetime import date
from typing import Any, BinaryIO

from pix.interop import fregata, siecle
from pix.interop.fregata.columns import PLAIN, plain_header
from pix.interop.messages import file_text, skip_text, text_of
from pix.interop.rows import MAX_FILE, FileError, RollFormat, RollReading, Warning_
from pix.interop.siecle.container import MEGABYTE, is_zip

_HEAD = 4096
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_ENOUGH_HEADERS = 3


def read_roll(stream: BinaryIO, *, format: RollFormat, uai: str, today: date) -> RollReading:
    """Read an uploaded roll. ``today`` is the day in Paris; ``uai`` is not compared for Fregata, which carries none.

    Never raises for what a file holds. A stream that cannot seek is first held in memory, up to the size limit.
    """
    format = RollFormat(format)  # its plain text would compare equal, but is not the same object
    source = stream if stream.seekable() else io.BytesIO(stream.read(MAX_FILE + 1))
    if source.seek(0, io.SEEK_END) > MAX_FILE:
        return _ended(format, "PAYLOAD_TOO_LARGE", max_size=str(MAX_FILE // MEGABYTE))
    source.seek(0)
    head = source.read(_HEAD)
    source.seek(0)
    if format is RollFormat.SIECLE:
        if _is_fregata(head):
            return _ended(format, "INVALID_FILE_EXTENSION", extension="csv")
        return siecle.read(source, uai=uai, today=today)
    if is_zip(head):
        return _ended(format, "INVALID_FILE_EXTENSION", extension="zip")
    if _is_xml(head):
        return _ended(format, "INVALID_FILE_EXTENSION", extension="xml")
    return fregata.read(source, today=today)


def _ended(format: RollFormat, code: str, **meta: Any) -> RollReading:
    return RollReading(format, file_errors=(FileError(code, meta),))


def _is_xml(head: bytes) -> bool:
    for mark in _MARKS:
        head = head.removeprefix(mark)
    return head.replace(b"\x00", b"").lstrip().startswith(b"<")


def _is_fregata(head: bytes) -> bool:
    """Three known headers without accent on the first line: readable in every encoding that the source writes."""
    line = head.lstrip().replace(b"\r", b"\n").split(b"\n", 1)[0].decode("latin-1")
    for delimiter in ",\t|":
        line = line.replace(delimiter, ";")
    return len({plain_header(cell.strip('" ')) for cell in line.split(";")} & PLAIN) >= _ENOUGH_HEADERS


def school_year_warning(reading: RollReading, school_year: str) -> Warning_ | None:
    """The file says another school year than the import's: told, never blocking (schools 4.3)."""
    if not reading.school_year or reading.school_year == school_year:
        return None
    meta = {"file_year": reading.school_year, "import_year": school_year}
    return Warning_(row=0, code="SCHOOL_YEAR_DIFFERENT", meta=meta)


def check_report(reading: RollReading) -> dict[str, Any]:
    """What the command line prints as JSON: rows that can be imported, skips, row errors, file error.

    Several faults of a CSV header make one file error: the code of the first, the texts of all.
    """
    error = reading.file_error
    return {
        "accepted": len(reading.rows),
        "skipped": [
            {
                "row": skipped.row,
                "reason": skipped.reason,
                "last_name": skipped.last_name,
                "first_name": skipped.first_name,
                "text": skip_text(skipped),
            }
            for skipped in reading.skipped
        ],
        "problems": [
            {"row": problem.row, "code": problem.code, "text": text_of(problem), "ine": problem.ine}
            for problem in reading.problems
        ],
        "warnings": [text_of(warning) for warning in reading.warnings],
        "file_error": error and {"code": error.code, "text": " ".join(map(file_text, reading.file_errors))},
    }
