"""How the secretary corrects what a school file gets wrong, in the application that wrote it: one sentence a fault."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pix.interop.messages import ROW_TEXTS, file_text, person, text_of
from pix.interop.rows import LEFT, WITHOUT_INE, FileError, Problem, RollFormat, Skipped, Warning_

_IN_SHEET = "Dans {source}, ouvrez la fiche de l'élève, "

_SHEETS: Mapping[str, str] = {
    "INE_UNIQUE": "cherchez l'autre fiche qui porte le même INE, corrigez celle qui se trompe ou supprimez le doublon.",
    "IDENTIFIER_UNIQUE": "cherchez l'autre fiche qui porte le même INE, corrigez celle qui se trompe ou supprimez le doublon.",
    "SEX_CODE_REQUIRED": "renseignez le sexe dans l'identité.",
    "SEX_CODE_INVALID": "choisissez de nouveau le sexe dans l'identité.",
    "BIRTHDATE_REQUIRED": "renseignez la date de naissance dans l'identité.",
    "INVALID_BIRTHDATE_FORMAT": "saisissez de nouveau la date de naissance (jj/mm/aaaa) dans l'identité.",
    "BIRTH_CITY_CODE_REQUIRED_FOR_FR_STUDENT": (
        "choisissez la commune de naissance dans la liste (ou le pays, si l'élève est né à l'étranger)."
    ),
    "LAST_NAME_REQUIRED": "renseignez le nom de famille dans l'identité.",
    "FIRST_NAME_REQUIRED": "renseignez le prénom dans l'identité.",
    "INVALID_CHAR_DETECTED": "vérifiez que le nom s'y lit bien, puis exportez de nouveau le fichier sans l'ouvrir dans un tableur.",
    "INE_REQUIRED": "renseignez l'INE véritable (base nationale des identifiants), sans quoi l'élève n'est pas importé.",
    "DIVISION_REQUIRED": "affectez l'élève à une division, sans quoi il n'est pas importé.",
    "DEPARTURE_PLANNED": "vérifiez la date de sortie si l'élève reste.",
    "FIELD_REQUIRED": "renseignez le champ “{field}”.",
    "FIELD_MIN_LENGTH": "complétez le champ “{field}”, trop court.",
    "FIELD_MAX_LENGTH": "raccourcissez le champ “{field}”.",
    "FIELD_LENGTH": "corrigez le champ “{field}”.",
    "FIELD_DATE_FORMAT": "saisissez de nouveau le champ “{field}” (jj/mm/aaaa).",
    "FIELD_BAD_VALUES": "choisissez de nouveau la valeur du champ “{field}”.",
    "INSEE_CODE_INVALID": "choisissez de nouveau le champ “{field}” dans la liste, qui donne le code INSEE.",
}
_WHOLE: Mapping[str, str] = {
    "SURPLUS_CELLS": "Rien à corriger dans {source} : exportez de nouveau le fichier sans l'ouvrir dans un tableur.",
    "UAI_MISMATCHED": (
        "Dans {source}, choisissez l'établissement dont l'espace est ouvert ici (une cité scolaire a un fichier par UAI), "
        "puis exportez de nouveau."
    ),
    "EMPTY": "Dans {source}, donnez aux élèves un INE et une division, puis exportez de nouveau.",
    "INVALID_FILE": "Exportez de nouveau le fichier depuis {source} et envoyez-le tel quel, sans l'ouvrir.",
    "INVALID_FILE_EXTENSION": "Envoyez le fichier que donne {source} : il a le format demandé sur cette page.",
    "ENCODING_NOT_SUPPORTED": "Exportez de nouveau le fichier depuis {source} et envoyez-le tel quel, sans l'ouvrir.",
    "PAYLOAD_TOO_LARGE": "Choisissez l'export sans les adresses, ou compressez le fichier en zip.",
    "BAD_CSV_FORMAT": "Exportez de nouveau le fichier depuis {source} et envoyez-le tel quel, sans l'ouvrir.",
    "HEADER_REQUIRED": "Exportez de nouveau le fichier depuis {source} : la première ligne ne doit pas être modifiée.",
    "HEADER_UNKNOWN": "Exportez de nouveau le fichier depuis {source} : la première ligne ne doit pas être modifiée.",
    "SCHOOL_YEAR_DIFFERENT": "Vérifiez que le fichier est bien celui de l'année choisie.",
    "FEW_KNOWN_PUPILS": "Vérifiez que le fichier est bien celui de votre établissement.",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something found in a file, ready to be listed. ``row`` 0: the whole file. ``kind``: error, skipped or warning."""

    row: int
    kind: str
    last_name: str
    first_name: str
    ine: str
    text: str
    remedy: str


def remedy_of(code: str, meta: Mapping[str, object], source: RollFormat) -> str:
    """What to do in SIECLE or Fregata for this fault; every code has its own sentence."""
    words = {"source": source.label, **meta}
    if code in _WHOLE:
        return _WHOLE[code].format_map(words)
    return f"{_IN_SHEET}{_SHEETS[code]}".format_map(words)


def findings(
    source: RollFormat,
    *,
    file_errors: Iterable[FileError] = (),
    problems: Iterable[Problem] = (),
    skipped: Iterable[Skipped] = (),
    warnings: Iterable[Warning_] = (),
) -> list[Finding]:
    """All that was found, by row, in the words of the screen; pupils who left are nothing to correct."""
    found = [
        Finding(0, "error", "", "", "", file_text(one), remedy_of(one.code, one.meta, source)) for one in file_errors
    ]
    for one in problems:
        text = _bare(text_of(one), one.row, person(one.last_name, one.first_name, one.ine))
        remedy = remedy_of(one.code, one.meta, source)
        found.append(Finding(one.row, "error", one.last_name, one.first_name, one.ine, text, remedy))
    for gone in skipped:
        if gone.reason == LEFT:
            continue
        code = "INE_REQUIRED" if gone.reason in WITHOUT_INE else "DIVISION_REQUIRED"
        remedy = remedy_of(code, {}, source)
        found.append(Finding(gone.row, "skipped", gone.last_name, gone.first_name, gone.ine, ROW_TEXTS[code], remedy))
    for told in warnings:
        text = _bare(text_of(told), told.row, person(told.last_name, told.first_name, told.ine))
        remedy = remedy_of(told.code, told.meta, source)
        found.append(Finding(told.row, "warning", told.last_name, told.first_name, told.ine, text, remedy))
    return sorted(found, key=lambda one: one.row)


def _bare(text: str, row: int, who: str) -> str:
    """The sentence without its line and its pupil, which have columns of their own."""
    bare = text.partition(":")[2].strip() if row else text
    return bare.removesuffix(who)
