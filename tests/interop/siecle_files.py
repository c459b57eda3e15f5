"""Small SIECLE files for tests: one valid pupil unless said otherwise, any element changed or left out."""

import io
import zipfile
from datetime import date

from pix.interop.reading import read_roll
from pix.interop.rows import RollFormat, RollReading

UAI = "0123456A"
TODAY = date(2026, 11, 23)

_VALID = {
    "NOM_DE_FAMILLE": "DURAND",
    "NOM_USAGE": "",
    "PRENOM": "Léa",
    "DATE_NAISS": "04/05/2012",
    "CODE_PAYS": "100",
    "CODE_SEXE": "2",
    "CODE_DEPARTEMENT_NAISS": "033",
    "CODE_COMMUNE_INSEE_NAISS": "33318",
    "CODE_STATUT": "ST",
    "CODE_MEF": "10310019110",
}


def pupil(number: int, divisions: str = "D:4A", extra: str = "", **changes: str | None) -> tuple[str, str]:
    """An ELEVE and its STRUCTURES_ELEVE. ``None`` leaves an element out; ``divisions``: « D:4A|G:LATIN », "" for none."""
    values: dict[str, str | None] = {"ID_NATIONAL": f"{number:010d}A", **_VALID, **changes}
    fields = "".join(f"<{name}>{value}</{name}>" for name, value in values.items() if value is not None)
    entries = "".join(
        f"<STRUCTURE><CODE_STRUCTURE>{code}</CODE_STRUCTURE><TYPE_STRUCTURE>{kind}</TYPE_STRUCTURE></STRUCTURE>"
        for kind, code in (part.split(":") for part in divisions.split("|") if part)
    )
    structures = f'<STRUCTURES_ELEVE ELEVE_ID="{number}">{entries}</STRUCTURES_ELEVE>' if divisions else ""
    return f'<ELEVE ELEVE_ID="{number}" ELENOET="{number}">{fields}{extra}</ELEVE>', structures


def siecle(
    *pupils: tuple[str, str],
    encoding: str = "ISO-8859-15",
    bytes_in: str = "",
    parameters: str = f"<PARAMETRES><UAJ>{UAI}</UAJ></PARAMETRES>",
    structures_first: bool = False,
    prolog: str = "",
) -> bytes:
    eleves = "<ELEVES>" + "".join(element for element, _ in pupils) + "</ELEVES>"
    structures = "<STRUCTURES>" + "".join(element for _, element in pupils) + "</STRUCTURES>"
    parts = [structures, eleves] if structures_first else [eleves, structures]
    declaration = f'<?xml version="1.0" encoding="{encoding}"?>\n' if encoding else ""
    text = (
        f'{declaration}{prolog}<BEE_ELEVES VERSION="2.1">{parameters}<DONNEES>{"".join(parts)}</DONNEES></BEE_ELEVES>'
    )
    return text.encode(bytes_in or encoding or "utf-8")


def zip_of(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def read(content: bytes, *, uai: str = UAI, today: date = TODAY) -> RollReading:
    return read_roll(io.BytesIO(content), format=RollFormat.SIECLE, uai=uai, today=today)


def codes(reading: RollReading) -> list[tuple[int, str]]:
    return [(problem.row, problem.code) for problem in reading.problems]


def file_code(reading: RollReading) -> str:
    """Code of the file error, "" without; with one, nothing else may be told."""
    if reading.file_error is None:
        return ""
    assert not reading.rows
    assert not reading.problems
    return reading.file_error.code
