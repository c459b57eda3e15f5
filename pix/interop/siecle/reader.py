"""A SIECLE file read whole: container, encoding, syntax, UAI, then every fault of every pupil at once (schools 5)."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date
from typing import BinaryIO

from pix.interop.rows import (
    DIVISION_REQUIRED,
    INE_REQUIRED,
    LEFT,
    MAX_UNPACKED,
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
from pix.interop.siecle.container import CHUNK, opened
from pix.interop.siecle.encoding import Encoding, encoding_of, is_unreadable, utf8_pieces
from pix.interop.siecle.tree import RawPupil, Tree, gather

FRANCE = "100"
_DATE = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")
_YEAR = re.compile(r"([0-9]{4})(?:\s*[-/]\s*([0-9]{4}))?")
_SEXES = {"1": "M", "2": "F"}
_NAMES = ("NOM_DE_FAMILLE", "PRENOM")
_OTHER_TEXTS = (
    "ID_NATIONAL",
    "NOM_USAGE",
    "PRENOM2",
    "PRENOM3",
    "CODE_PAYS",
    "CODE_DEPARTEMENT_NAISS",
    "CODE_COMMUNE_INSEE_NAISS",
    "VILLE_NAISS",
    "CODE_MEF",
    "CODE_STATUT",
)
_LIMITS = {"CODE_PAYS": 3, "CODE_DEPARTEMENT_NAISS": 3} | dict.fromkeys(
    ("ID_NATIONAL", "NOM_DE_FAMILLE", "NOM_USAGE", "PRENOM", "PRENOM2", "PRENOM3"), 255
)
_LIMITS |= dict.fromkeys(("CODE_COMMUNE_INSEE_NAISS", "VILLE_NAISS", "CODE_MEF", "CODE_STATUT"), 255)


def read(stream: BinaryIO, *, uai: str, today: date, max_unpacked: int = MAX_UNPACKED) -> RollReading:
    """Read a seekable XML or zip (its received size already checked) for the school ``uai``.

    Never raises for what a file holds: the reading carries the file error, or every row error.
    """
    empty = RollReading(RollFormat.SIECLE)
    encoding: Encoding | None = None
    try:
        with opened(stream, max_unpacked) as source:
            try:
                first = source.read(CHUNK)
                encoding = encoding_of(first)
                expected = uai.strip().upper()
                tree = gather(utf8_pieces(source, first, encoding), expected)
                source.drain()
            except FileFault as fault:
                if fault.error.code != "PAYLOAD_TOO_LARGE":
                    source.drain()  # a fault of the container, even far behind, comes first
                raise
    except FileFault as fault:
        return replace(empty, encoding=encoding.codec if encoding else "", file_errors=(fault.error,))
    found = tree.parameters.get("UAJ", "").upper()
    reading = replace(
        empty, uai=found, school_year=_school_year(tree.parameters.get("ANNEE_SCOLAIRE", "")), encoding=encoding.codec
    )
    if not expected or found != expected:
        return replace(reading, file_errors=(FileError("UAI_MISMATCHED"),))
    return _checked(reading, tree, encoding, today)


def _school_year(text: str) -> str:
    """« 2024 » or « 2024-2025 » → « 2024-2025 »; anything else → ""."""
    found = _YEAR.fullmatch(text)
    if found is None:
        return ""
    start = int(found[1])
    return "" if found[2] and int(found[2]) != start + 1 else f"{start}-{start + 1}"


def _date(text: str) -> date | None:
    """A real DD/MM/YYYY date, or ``None``."""
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    try:
        return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        return None


def _skip_reason(pupil: RawPupil, division: str, leaving: date | None, today: date) -> str:
    if pupil.values.get("DATE_SORTIE") and (leaving is None or leaving <= today):
        return LEFT
    if not pupil.values.get("ID_NATIONAL"):
        return INE_REQUIRED
    return "" if division else DIVISION_REQUIRED


class _Checks:
    """The faults of the file's pupils, gathered one pupil after the other; constant time each."""

    def __init__(self, encoding: Encoding) -> None:
        self.rows: list[RollRow] = []
        self.faulty: list[Refused] = []
        self.problems: list[Problem] = []
        self.warnings: list[Warning_] = []
        self._encoding = encoding
        self._first_rows: dict[str, int] = {}
        self._shared: set[str] = set()

    def check(self, row: int, values: dict[str, str], division: str, leaving: date | None) -> None:
        get = values.get
        ine, last_name, first_name = get("ID_NATIONAL", "").upper(), get("NOM_DE_FAMILLE", ""), get("PRENOM", "")
        faults: list[tuple[str, Meta]] = []
        first_row = self._first_rows.setdefault(ine, row)
        if first_row != row:
            faults.append(("INE_UNIQUE", {"first_row": first_row}))
            self._shared.add(ine)
        sex = get("CODE_SEXE", "")
        if not sex:
            faults.append(("SEX_CODE_REQUIRED", {}))
        elif sex not in _SEXES:
            faults.append(("SEX_CODE_INVALID", {"value": sex}))
        born = _date(get("DATE_NAISS", ""))
        if born is None:
            faults.append(("INVALID_BIRTHDATE_FORMAT" if get("DATE_NAISS") else "BIRTHDATE_REQUIRED", {}))
        if get("CODE_PAYS") == FRANCE and not get("CODE_COMMUNE_INSEE_NAISS"):
            faults.append(("BIRTH_CITY_CODE_REQUIRED_FOR_FR_STUDENT", {}))
        if not last_name:
            faults.append(("LAST_NAME_REQUIRED", {}))
        if not first_name:
            faults.append(("FIRST_NAME_REQUIRED", {}))
        for name in _NAMES:
            if is_unreadable(get(name, ""), self._encoding):
                faults.append(("INVALID_CHAR_DETECTED", {"field": name}))
        for name, limit in _LIMITS.items():
            if len(get(name, "")) > limit:
                faults.append(("FIELD_MAX_LENGTH", {"field": name, "limit": limit}))
        if len(division) > 255:
            faults.append(("FIELD_MAX_LENGTH", {"field": "CODE_STRUCTURE", "limit": 255}))
        self._warn(row, values, division, leaving)
        if faults or born is None:
            self.problems += [
                Problem(row, code, {"ine": ine, **meta}, last_name, first_name, ine) for code, meta in faults
            ]
            self.faulty.append(Refused(row, ine, last_name, first_name))
            return
        self.rows.append(
            RollRow(
                row=row,
                ine=ine,
                last_name=last_name,
                usage_name=get("NOM_USAGE", ""),
                first_name=first_name,
                second_name=get("PRENOM2", ""),
                third_name=get("PRENOM3", ""),
                sex=_SEXES[sex],
                birth_date=born,
                birth_country_code=get("CODE_PAYS", ""),
                birth_department_code=get("CODE_DEPARTEMENT_NAISS", ""),
                birth_city_insee=get("CODE_COMMUNE_INSEE_NAISS", ""),
                birth_city_name=get("VILLE_NAISS", ""),
                mef_code=get("CODE_MEF", ""),
                status=get("CODE_STATUT", ""),
                division=division,
            )
        )

    def _warn(self, row: int, values: dict[str, str], division: str, leaving: date | None) -> None:
        told: list[tuple[str, Meta]] = []
        if leaving is not None:
            told.append(("DEPARTURE_PLANNED", {"date": values["DATE_SORTIE"]}))
        unreadable = [name for name in _OTHER_TEXTS if is_unreadable(values.get(name, ""), self._encoding)]
        if is_unreadable(division, self._encoding):
            unreadable.append("CODE_STRUCTURE")
        told += [("INVALID_CHAR_DETECTED", {"field": name}) for name in unreadable]
        if told:
            ine = values["ID_NATIONAL"].upper()
            who = (values.get("NOM_DE_FAMILLE", ""), values.get("PRENOM", ""), ine)
            self.warnings += [Warning_(row, code, {"ine": ine, **meta}, *who) for code, meta in told]

    def split(self) -> tuple[tuple[RollRow, ...], tuple[Refused, ...]]:
        """Faultless rows, and refused ones: every row that shares a duplicated INE is refused (schools 4.3)."""
        if not self._shared:
            return tuple(self.rows), tuple(self.faulty)
        firsts = [Refused(r.row, r.ine, r.last_name, r.first_name) for r in self.rows if r.ine in self._shared]
        rows = tuple(r for r in self.rows if r.ine not in self._shared)
        return rows, tuple(sorted(self.faulty + firsts, key=lambda refused: refused.row))


def _checked(reading: RollReading, tree: Tree, encoding: Encoding, today: date) -> RollReading:
    checks = _Checks(encoding)
    skipped: list[Skipped] = []
    importable_ids: set[str] = set()
    for row, pupil in enumerate(tree.pupils, start=1):
        values = pupil.values
        division = tree.divisions.get(pupil.id, "")
        leaving = _date(values.get("DATE_SORTIE", ""))
        if reason := _skip_reason(pupil, division, leaving, today):
            ine = values.get("ID_NATIONAL", "").upper()
            skipped.append(Skipped(row, reason, values.get("NOM_DE_FAMILLE", ""), values.get("PRENOM", ""), ine))
        else:
            importable_ids.add(pupil.id)
            checks.check(row, values, division, leaving)
    rows, refused = checks.split()
    structures = Counter(tree.structures)
    return replace(
        reading,
        rows=rows,
        refused=refused,
        skipped=tuple(skipped),
        problems=tuple(checks.problems),
        warnings=tuple(checks.warnings),
        stray_structures=structures.total() - sum(structures[pupil_id] for pupil_id in importable_ids),
        file_errors=() if rows or refused else (FileError("EMPTY"),),
    )
