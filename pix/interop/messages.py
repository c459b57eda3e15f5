"""The French words of what a school file gets wrong: made when shown, never stored (schools 5.8 and 6.3)."""

from collections.abc import Mapping
from typing import Any

from pix.interop.rows import DIVISION_REQUIRED, LEFT, WITHOUT_INE, FileError, Problem, Skipped, Warning_

_UNREADABLE = "le champ {field} contient des caractères illisibles : exportez de nouveau le fichier depuis {source} sans le modifier"
_NOT_INSEE = "Le champ “{field}” n'est pas au format INSEE."

ROW_TEXTS: Mapping[str, str] = {
    "INE_REQUIRED": "champ INE vide",
    "DIVISION_REQUIRED": "champ classe vide",
    "LEFT": "élève sorti de l'établissement",
    "INE_UNIQUE": "INE déjà présent (ligne {first_row})",
    "SEX_CODE_REQUIRED": "champ sexe vide",
    "SEX_CODE_INVALID": "code sexe “{value}” inconnu (1 ou 2 attendu)",
    "BIRTHDATE_REQUIRED": "champ date de naissance vide",
    "INVALID_BIRTHDATE_FORMAT": "date de naissance incorrecte, format attendu jj/mm/aaaa",
    "BIRTH_CITY_CODE_REQUIRED_FOR_FR_STUDENT": "élève né en France : champ code commune de naissance vide",
    "LAST_NAME_REQUIRED": "champ nom de famille vide",
    "FIRST_NAME_REQUIRED": "champ prénom vide",
    "INVALID_CHAR_DETECTED": _UNREADABLE,
    "FIELD_REQUIRED": "Le champ “{field}” est obligatoire.",
    "FIELD_MIN_LENGTH": "Le champ “{field}” doit être d'au moins {limit} caractères.",
    "FIELD_MAX_LENGTH": "Le champ “{field}” doit être d'au plus {limit} caractères.",
    "FIELD_LENGTH": "Le champ “{field}” doit faire {limit} caractères.",
    "FIELD_DATE_FORMAT": "Le champ “{field}” doit être au format jj/mm/aaaa.",
    "FIELD_BAD_VALUES": "Le champ “{field}” doit être “{valids}”.",
    "INSEE_CODE_INVALID": _NOT_INSEE,
    "IDENTIFIER_UNIQUE": "INE déjà présent (ligne {first_line}).",
    # warnings
    "DEPARTURE_PLANNED": "départ prévu le {date}",
    "SURPLUS_CELLS": "des cellules remplies dépassent la dernière colonne : elles n'ont pas été lues",
}

FILE_TEXTS: Mapping[str, str] = {
    "UAI_MISMATCHED": "L'UAI du fichier SIECLE ne correspond pas à celui de votre établissement.",
    "EMPTY": "Les élèves doivent posséder un INE ainsi qu'une classe.",
    "INVALID_FILE": "Le fichier n'est pas conforme.",
    "INVALID_FILE_EXTENSION": "Extension {extension} non supportée.",
    "ENCODING_NOT_SUPPORTED": "Encodage du fichier non supporté.",
    "PAYLOAD_TOO_LARGE": "La taille du fichier doit être inférieure à {max_size} Mo.",
    "BAD_CSV_FORMAT": "Le fichier doit être au format csv avec séparateur virgule ou point-virgule.",
    "HEADER_REQUIRED": "La colonne “{field}” est obligatoire.",
    "HEADER_UNKNOWN": "Les entêtes de colonnes doivent être identiques à celles du modèle (“{field}”).",
    # warnings of the whole file
    "SCHOOL_YEAR_DIFFERENT": "L'année scolaire du fichier ({file_year}) n'est pas celle de l'import ({import_year}).",
    "FEW_KNOWN_PUPILS": (
        "Seuls {known} des {active} élèves actifs figurent dans ce fichier : il concerne peut-être un autre établissement."
    ),
}

_SEX_HEADER = "Code sexe*"


def person(last_name: str, first_name: str, ine: str = "") -> str:
    """« (NOM Prénom, INE …) » with what is known; "" when nothing is."""
    name = " ".join(part for part in (last_name.upper(), first_name) if part)
    known = ", ".join(part for part in (name, f"INE {ine}" if ine else "") if part)
    return f" ({known})" if known else ""


def _words(code: str, meta: Mapping[str, Any]) -> str:
    if code == "FIELD_REQUIRED" and meta.get("field") == _SEX_HEADER:
        return ROW_TEXTS["SEX_CODE_REQUIRED"]
    values = {"source": "SIECLE", **meta}
    if isinstance(valids := values.get("valids"), list | tuple):
        values["valids"] = " ou ".join(valids)
    return ROW_TEXTS[code].format_map(values)


def text_of(found: Problem | Warning_) -> str:
    """« Ligne 13 : champ sexe vide (DURAND Léa, INE …) »; a warning of the whole file has no line."""
    if found.row == 0:
        return FILE_TEXTS[found.code].format_map(found.meta)
    who = person(found.last_name, found.first_name, found.ine)
    return f"Ligne {found.row} : {_words(found.code, found.meta)}{who}"


def skip_text(skipped: Skipped) -> str:
    """« Ligne 1 : champ INE vide (DURAND Léa) » (schools 5.7)."""
    if skipped.reason in WITHOUT_INE:
        code = "INE_REQUIRED"
    else:
        code = LEFT if skipped.reason == LEFT else DIVISION_REQUIRED
    return f"Ligne {skipped.row} : {ROW_TEXTS[code]}{person(skipped.last_name, skipped.first_name, skipped.ine)}"


def file_text(error: FileError) -> str:
    return FILE_TEXTS[error.code].format_map(error.meta)
