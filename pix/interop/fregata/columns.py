"""The columns of a Fregata export: their header texts, to the letter, and which must be there (schools 6.1)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    header: str
    field: str
    required: bool
    """The header must be present; what a cell must hold is said by the reader."""


COLUMNS = (
    Column("Identifiant unique*", "ine", True),
    Column("Premier prénom*", "first_name", True),
    Column("Deuxième prénom", "second_name", False),
    Column("Troisième prénom", "third_name", False),
    Column("Nom de famille*", "last_name", True),
    Column("Nom d'usage", "usage_name", False),
    Column("Code sexe*", "sex", True),
    Column("Date de naissance (jj/mm/aaaa)*", "birth_date", True),
    Column("Code commune naissance**", "birth_city_insee", False),
    Column("Libellé commune naissance**", "birth_city_name", False),
    Column("Code département naissance*", "birth_department_code", True),
    Column("Code pays naissance*", "birth_country_code", True),
    Column("Statut*", "status", True),
    Column("Code MEF*", "mef_code", True),
    Column("Division*", "division", True),
)
HEADERS = {column.header: column for column in COLUMNS}
HEADER_OF = {column.field: column.header for column in COLUMNS}
FIRST_NAME = "Premier prénom*"
ACCENTED = frozenset(header for header in HEADERS if not header.isascii())
PLAIN = frozenset(header for header in HEADERS if header.isascii())

_SAME = str.maketrans({"’": "'", "\u00a0": " ", "\u202f": " ", "\ufeff": None})


def plain_header(text: str) -> str:
    """A header as it is compared: no byte order mark, trimmed, plain apostrophe and spaces."""
    return text.translate(_SAME).strip()


def model_csv() -> bytes:
    """The header-only model that staff download as ``modele-import.csv``: UTF-8 with its mark, semicolons."""
    return "\ufeff".encode() + ";".join(HEADERS).encode() + b"\n"
