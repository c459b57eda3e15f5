"""A CSV file as cells with physical line numbers: its delimiter and its encoding, found by rule (schools 6.2)."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from pix.interop.fregata.columns import ACCENTED, FIRST_NAME, plain_header
from pix.interop.rows import FileFault

DELIMITERS = (b",", b";", b"\t", b"|")
ENCODINGS = ("utf-8-sig", "cp1252", "mac-roman")
_LONGEST_LINE = 256 * 1024


@dataclass(frozen=True, slots=True)
class Record:
    """``line``: physical number, from 1, of the record's first line; ``cells`` trimmed."""

    line: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Shape:
    delimiter: str
    encoding: str


def shape_of(stream: BinaryIO) -> Shape:
    """Delimiter and encoding, from the header line. Raises ``FileFault``. Leaves the stream at its start."""
    header = _first_line(stream)
    counts = Counter(header)
    delimiter = max(DELIMITERS, key=lambda sign: counts[sign[0]])
    if not counts[delimiter[0]]:
        raise FileFault("BAD_CSV_FORMAT")
    sign = delimiter.decode("ascii")
    read_as = {}
    for encoding in ENCODINGS:
        try:
            text = header.decode(encoding)
        except UnicodeDecodeError:
            continue
        read_as[encoding] = {plain_header(cell) for cell in _split(text, sign)}
    for encoding, headers in read_as.items():
        if FIRST_NAME in headers:
            return Shape(sign, encoding)
    for encoding, headers in read_as.items():
        if headers & ACCENTED:
            return Shape(sign, encoding)
    raise FileFault("ENCODING_NOT_SUPPORTED")


def _first_line(stream: BinaryIO) -> bytes:
    """The first line that is not blank; lines end with \\n, \\r\\n or a lone \\r."""
    stream.seek(0)
    head = stream.read(_LONGEST_LINE)
    stream.seek(0)
    lines = head.removeprefix(b"\xef\xbb\xbf").replace(b"\r", b"\n").split(b"\n")
    return next((line for line in lines if line.strip()), b"")


def _split(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def records(stream: BinaryIO, shape: Shape) -> Iterator[Record]:
    """Every record that is not wholly blank, the header first. Bytes that the encoding lacks become U+FFFD.

    Raises ``FileFault`` ``BAD_CSV_FORMAT`` when the quotes do not hold together.
    """
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding=shape.encoding, errors="replace", newline="")
    reader = csv.reader(_lines(text), delimiter=shape.delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            trimmed = [cell.replace("\0", "\ufffd").strip() for cell in cells]
            if any(trimmed):
                yield Record(line, trimmed)
            line = reader.line_num + 1
    except csv.Error:
        raise FileFault("BAD_CSV_FORMAT") from None
    finally:
        text.detach()  # the stream is the caller's: it stays open


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE:
            raise FileFault("BAD_CSV_FORMAT")
        yield line
