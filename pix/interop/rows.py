"""What every school roll becomes, whatever the ministry: typed rows, and everything found wrong with them.

All are plain values (text, numbers, dates): ``msgspec.to_builtins`` stores them as JSON, ``msgspec.convert`` reads them back.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

Meta = dict[str, Any]

MAX_PUPILS = 50_000
"""More pupils than this in one file is not a school: the analysis stops, so that memory stays bounded."""

MAX_FILE = 20 * 1024 * 1024
"""Received file, in bytes (schools 4.2)."""

MAX_UNPACKED = 200 * 1024 * 1024
"""Unpacked XML, in bytes, measured while unpacking (schools 4.2)."""


class RollFormat(StrEnum):
    """The kind of file a school imports: the school decides, not the file (schools 4.1)."""

    SIECLE = "siecle"
    FREGATA = "fregata"

    @property
    def extensions(self) -> tuple[str, ...]:
        return ("xml", "zip") if self is RollFormat.SIECLE else ("csv",)

    @property
    def label(self) -> str:
        return "SIECLE" if self is RollFormat.SIECLE else "Fregata"


@dataclass(frozen=True, slots=True)
class RollRow:
    """One importable pupil (schools 5.6). ``row``: rank among the file's pupils (SIECLE) or physical line (Fregata).

    Texts are trimmed, "" when absent; ``ine`` is upper-cased; ``sex`` is "M" or "F"; France is country "100".
    """

    row: int
    ine: str
    last_name: str
    usage_name: str
    first_name: str
    second_name: str
    third_name: str
    sex: str
    birth_date: date
    birth_country_code: str
    birth_department_code: str
    birth_city_insee: str
    birth_city_name: str
    mef_code: str
    status: str
    division: str


ROLL_FIELDS = (
    "last_name",
    "usage_name",
    "first_name",
    "second_name",
    "third_name",
    "sex",
    "birth_date",
    "birth_country_code",
    "birth_department_code",
    "birth_city_insee",
    "birth_city_name",
    "mef_code",
    "status",
    "division",
)
"""The fields an import overwrites, in the order shown; the key (``ine``) and the row number apart."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A row error, which blocks: code and meta of schools 5.8 or 6.3, never an exception text."""

    row: int
    code: str
    meta: Meta
    last_name: str = ""
    first_name: str = ""
    ine: str = ""


@dataclass(frozen=True, slots=True)
class Warning_:
    """Something to tell that blocks nothing; ``row`` 0 when it concerns the whole file."""

    row: int
    code: str
    meta: Meta = field(default_factory=dict)
    last_name: str = ""
    first_name: str = ""
    ine: str = ""


LEFT = "LEFT"
INE_REQUIRED = "INE_REQUIRED"
DIVISION_REQUIRED = "DIVISION_REQUIRED"
FIELD_REQUIRED = "FIELD_REQUIRED"

WITHOUT_INE = frozenset({INE_REQUIRED, FIELD_REQUIRED})
"""Reasons that mean « no real INE » (Fregata words it as its column being required)."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A pupil left out without blocking (schools 5.7): ``LEFT``, ``INE_REQUIRED``, ``DIVISION_REQUIRED``.

    Fregata: ``FIELD_REQUIRED``, on its identifier column (schools 6.3).
    """

    row: int
    reason: str
    last_name: str = ""
    first_name: str = ""
    ine: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that « lignes valides » leaves out: it has an error, or shares its INE with another row."""

    row: int
    ine: str
    last_name: str = ""
    first_name: str = ""


@dataclass(frozen=True, slots=True)
class FileError:
    """An error of the whole file, which ends the analysis."""

    code: str
    meta: Meta = field(default_factory=dict)


class FileFault(Exception):
    """Carries a ``FileError`` from the depth of a reader to its door; never shown as such."""

    def __init__(self, code: str, **meta: Any) -> None:
        super().__init__(code)
        self.error = FileError(code, meta)


@dataclass(frozen=True, slots=True)
class RollReading:
    """All that was found in a file.

    ``rows`` are the faultless ones (those that « lignes valides » imports). Rows, skips, problems and warnings come in
    row order. With a file error other than ``EMPTY``, they are all empty.
    """

    format: RollFormat
    uai: str = ""
    """As the file says, upper-cased; always "" for Fregata."""
    school_year: str = ""
    """As the file says, « 2024-2025 »; "" when absent or unreadable."""
    encoding: str = ""
    """Python name of the codec; "" while unknown."""
    rows: tuple[RollRow, ...] = ()
    refused: tuple[Refused, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Warning_, ...] = ()
    stray_structures: int = 0
    """SIECLE: class entries whose pupil is unknown or skipped."""
    file_errors: tuple[FileError, ...] = ()
    """Several only for the headers of a CSV, which are all told at once (schools 6.3)."""

    @property
    def file_error(self) -> FileError | None:
        return self.file_errors[0] if self.file_errors else None

    @property
    def left(self) -> int:
        """Number of pupils who left the school."""
        return sum(skipped.reason == LEFT for skipped in self.skipped)

    @property
    def importable(self) -> bool:
        """Nothing blocks: neither file error nor row error."""
        return not self.file_errors and not self.problems
