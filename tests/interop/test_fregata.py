"""What a Fregata file says: the numbered cases of schools 16.4."""

import io
from datetime import date

import pytest

from pix.interop.fregata import model_csv
from pix.interop.messages import file_text, skip_text, text_of
from pix.interop.reading import check_report
from pix.interop.rows import FIELD_REQUIRED
from tests.interop.fregata_files import HEADER, faults, file_faults, fregata, read, row

TWO = (
    row(1, birth_city_insee="2A214", second_name="Zoé", usage_name="L'HÔTE"),
    row(
        2,
        first_name="Noé",
        sex="masculin",
        status="AP",
        birth_country_code="99132",
        birth_city_insee="",
        birth_city_name="BRUXELLES",
        division=" 2  NJPF ",
    ),
)


@pytest.mark.proves("A-079")
def test_56_two_rows() -> None:
    reading = read(fregata(*TWO))
    assert reading.importable
    first, second = reading.rows
    assert (first.row, first.ine, first.sex, first.birth_city_insee) == (2, "0000000001A", "F", "2A214")
    assert (first.birth_date, first.birth_country_code) == (date(2010, 2, 1), "100")
    assert (second.row, second.sex, second.status, second.birth_country_code) == (3, "M", "AP", "132")
    assert (second.birth_city_name, second.division) == ("BRUXELLES", "2 NJPF")


def _moved(cells: list[str]) -> list[str]:
    return cells[::-1]


SAME = [
    ("57-utf8-with-mark", fregata(*TWO, encoding="utf-8-sig"), "utf-8"),
    ("57-windows-1252", fregata(*TWO, encoding="cp1252"), "cp1252"),
    ("57-mac-roman", fregata(*TWO, encoding="mac-roman"), "mac-roman"),
    ("57-commas", fregata(*TWO, delimiter=","), "utf-8"),
    ("57-tabs", fregata(*TWO, delimiter="\t"), "utf-8"),
    ("57-pipes", fregata(*TWO, delimiter="|"), "utf-8"),
    ("57-semicolon-at-line-ends", fregata(*TWO, end=";\n"), "utf-8"),
    ("57-old-mac-line-ends", fregata(*TWO, end="\r"), "utf-8"),
    ("57-other-column-order", fregata(*map(_moved, TWO), header=_moved(HEADER)), "utf-8"),
    ("61-curly-apostrophe", fregata(*TWO, header=[text.replace("'", "’") for text in HEADER]), "utf-8"),
    (
        "no-break-space",
        fregata(*TWO, header=[text.replace(" ", "\u00a0") for text in HEADER], encoding="cp1252"),
        "cp1252",
    ),
    ("quoted", fregata(*TWO, header=[f'"{text}"' for text in HEADER]), "utf-8"),
]


@pytest.mark.parametrize(("content", "encoding"), [pytest.param(c, e, id=i) for i, c, e in SAME])
@pytest.mark.proves("A-079")
def test_same_result_whatever_the_shape(content: bytes, encoding: str) -> None:
    reading = read(content)
    assert reading.importable
    assert reading.rows == read(fregata(*TWO)).rows
    assert reading.encoding == encoding
    assert reading.warnings == ()


REQUIRED = [
    "Identifiant unique*",
    "Premier prénom*",
    "Nom de famille*",
    "Code sexe*",
    "Date de naissance (jj/mm/aaaa)*",
    "Code département naissance*",
    "Code pays naissance*",
    "Statut*",
    "Code MEF*",
    "Division*",
]


def _without(*headers: str) -> bytes:
    kept = [place for place, text in enumerate(HEADER) if text not in headers]
    return fregata([row()[place] for place in kept], header=[HEADER[place] for place in kept])


@pytest.mark.parametrize("header", REQUIRED)
@pytest.mark.proves("A-079")
def test_58_and_59_each_required_header(header: str) -> None:
    reading = read(_without(header))
    assert file_faults(reading) == [("HEADER_REQUIRED", header)]
    assert file_text(reading.file_errors[0]) == f"La colonne “{header}” est obligatoire."


@pytest.mark.parametrize("header", sorted(set(HEADER) - set(REQUIRED)))
def test_the_other_headers_may_lack(header: str) -> None:
    assert read(_without(header)).file_errors == ()


def test_59_no_accented_header_at_all() -> None:
    accented = [text for text in HEADER if not text.isascii()]
    assert file_faults(read(_without(*accented))) == [("ENCODING_NOT_SUPPORTED", "")]
    assert file_faults(read(fregata(encoding="utf-16"))) == [("ENCODING_NOT_SUPPORTED", "")]


def test_60_old_header_of_sex() -> None:
    reading = read(fregata(header=["Sexe" if text == "Code sexe*" else text for text in HEADER]))
    assert file_faults(reading) == [("HEADER_REQUIRED", "Code sexe*"), ("HEADER_UNKNOWN", "Sexe")]
    assert check_report(reading)["file_error"] == {
        "code": "HEADER_REQUIRED",
        "text": "La colonne “Code sexe*” est obligatoire. "
        "Les entêtes de colonnes doivent être identiques à celles du modèle (“Sexe”).",
    }


def test_header_given_twice() -> None:
    assert file_faults(read(fregata([*row(), ""], header=[*HEADER, "Division*"]))) == [("HEADER_UNKNOWN", "Division*")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(fregata().split(b"\r\n")[0], "EMPTY", id="62-header-only"),
        pytest.param(model_csv(), "EMPTY", id="the-model-itself"),
        pytest.param(b"Bonjour tout le monde", "BAD_CSV_FORMAT", id="62-no-delimiter"),
        pytest.param(b"", "BAD_CSV_FORMAT", id="62-nothing"),
        pytest.param(b"Bonjour, tout le monde", "ENCODING_NOT_SUPPORTED", id="a-sentence"),
        pytest.param(fregata(row(first_name='"Léa')), "BAD_CSV_FORMAT", id="quote-never-closed"),
        pytest.param(fregata(row(first_name="A" * 300_000)), "BAD_CSV_FORMAT", id="endless-line"),
        pytest.param(fregata() + b"1;2\n" * 60_000, "INVALID_FILE", id="endless-file"),
        pytest.param(fregata() + b" " * 21_000_000, "PAYLOAD_TOO_LARGE", id="too-large"),
    ],
)
@pytest.mark.proves("A-082")
def test_file_errors(content: bytes, code: str) -> None:
    assert [found for found, _ in file_faults(read(content))] == [code]


@pytest.mark.proves("A-094")
def test_63_row_without_identifier_is_skipped_and_listed() -> None:
    reading = read(fregata(row(1, ine=" ", sex="?"), row(2)))
    assert reading.importable
    assert [one.row for one in reading.rows] == [3]
    (skipped,) = reading.skipped
    assert (skipped.row, skipped.reason) == (2, FIELD_REQUIRED)
    assert skip_text(skipped) == "Ligne 2 : champ INE vide (DURAND Léa)"


@pytest.mark.proves("A-096")
def test_64_same_identifier_twice_whatever_the_status() -> None:
    reading = read(fregata(row(1), row(2, ine="0000000001a", status="AP")))
    (problem,) = reading.problems
    assert (problem.row, problem.code, problem.meta["first_line"]) == (3, "IDENTIFIER_UNIQUE", 2)
    assert text_of(problem) == "Ligne 3 : INE déjà présent (ligne 2). (DURAND Léa, INE 0000000001A)"
    assert [refused.row for refused in reading.refused] == [2, 3]


LONG = "A" * 256
CELLS = [
    ("65-last-name", {"last_name": " "}, "FIELD_REQUIRED", "last_name", None),
    ("66-country-letters", {"birth_country_code": "FRANC"}, "INSEE_CODE_INVALID", "birth_country_code", None),
    ("66-country-99600", {"birth_country_code": "99600"}, "INSEE_CODE_INVALID", "birth_country_code", None),
    ("66-commune-letters", {"birth_city_insee": "A1234"}, "INSEE_CODE_INVALID", "birth_city_insee", None),
    ("commune-4-characters", {"birth_city_insee": "3331"}, "FIELD_LENGTH", "birth_city_insee", 5),
    ("country-3-characters", {"birth_country_code": "100"}, "FIELD_LENGTH", "birth_country_code", 5),
    ("67-commune-in-france", {"birth_city_insee": ""}, "FIELD_REQUIRED", "birth_city_insee", None),
    ("67-town-abroad", {"birth_country_code": "99132"}, "FIELD_REQUIRED", "birth_city_name", None),
    ("68-department-short", {"birth_department_code": "3"}, "FIELD_MIN_LENGTH", "birth_department_code", 2),
    ("68-department-long", {"birth_department_code": "0331"}, "FIELD_MAX_LENGTH", "birth_department_code", 3),
    ("69-sex", {"sex": "F"}, "FIELD_BAD_VALUES", "sex", None),
    ("69-sex-empty", {"sex": ""}, "FIELD_REQUIRED", "sex", None),
    ("69-status", {"status": "XX"}, "FIELD_BAD_VALUES", "status", None),
    ("70-not-a-date", {"birth_date": "32/01/2005"}, "FIELD_DATE_FORMAT", "birth_date", None),
    ("70-odd-date", {"birth_date": "1/2/2005"}, "FIELD_DATE_FORMAT", "birth_date", None),
    ("71-256-characters", {"last_name": LONG}, "FIELD_MAX_LENGTH", "last_name", 255),
    ("71-second-name", {"second_name": LONG}, "FIELD_MAX_LENGTH", "second_name", 255),
    ("71-identifier", {"ine": LONG}, "FIELD_MAX_LENGTH", "ine", 255),
    (
        "71-commune-abroad",
        {"birth_country_code": "99132", "birth_city_name": "X", "birth_city_insee": LONG},
        "FIELD_MAX_LENGTH",
        "birth_city_insee",
        255,
    ),
    ("unreadable-name", {"first_name": "L\x85a"}, "INVALID_CHAR_DETECTED", "first_name", None),
]


@pytest.mark.parametrize(("changes", "code", "field", "limit"), [pytest.param(*case, id=i) for i, *case in CELLS])
@pytest.mark.proves("A-093", "A-097")
def test_cell_errors(changes: dict[str, str], code: str, field: str, limit: int | None) -> None:
    reading = read(fregata(row(1), row(2, **changes)))
    assert faults(reading) == [(3, code, field)]
    assert reading.problems[0].meta.get("limit") == limit
    assert [one.row for one in reading.rows] == [2]


TEXTS = [
    ({"last_name": ""}, "Ligne 2 : Le champ “Nom de famille*” est obligatoire. (Léa, INE 0000000001A)"),
    ({"sex": ""}, "Ligne 2 : champ sexe vide (DURAND Léa, INE 0000000001A)"),
    ({"status": "XX"}, "Ligne 2 : Le champ “Statut*” doit être “ST ou AP”. (DURAND Léa, INE 0000000001A)"),
    (
        {"birth_department_code": "0331"},
        "Ligne 2 : Le champ “Code département naissance*” doit être d'au plus 3 caractères. (DURAND Léa, INE 0000000001A)",
    ),
    (
        {"birth_date": "?"},
        "Ligne 2 : Le champ “Date de naissance (jj/mm/aaaa)*” doit être au format jj/mm/aaaa. (DURAND Léa, INE 0000000001A)",
    ),
]


@pytest.mark.parametrize(("changes", "text"), TEXTS)
@pytest.mark.proves("A-093")
def test_texts(changes: dict[str, str], text: str) -> None:
    (problem,) = read(fregata(row(1, **changes))).problems
    assert text_of(problem) == text


ACCEPTED = [
    *[(f"68-{value}", "birth_department_code", value, value) for value in ("2A", "974", "33")],
    ("69-lower-case-sex", "sex", "féminin", "F"),
    ("70-two-digit-year-over", "birth_date", "01/02/05", date(2005, 2, 1)),
    ("70-two-digit-year-of-last-century", "birth_date", "01/02/98", date(1998, 2, 1)),
    ("70-two-digit-year-present", "birth_date", "01/02/26", date(1926, 2, 1)),
    ("70-iso", "birth_date", "2005-02-01", date(2005, 2, 1)),
    ("71-255-characters", "usage_name", "A" * 255, "A" * 255),
]


@pytest.mark.parametrize(("field", "value", "stored"), [pytest.param(*case, id=i) for i, *case in ACCEPTED])
def test_accepted(field: str, value: str, stored: object) -> None:
    (one,) = read(fregata(row(1, **{field: value}))).rows
    assert getattr(one, field) == stored


def test_all_errors_of_all_lines_at_once() -> None:
    reading = read(fregata(row(1, sex="?", status="?"), row(2), row(3, division="")))
    assert faults(reading) == [
        (2, "FIELD_BAD_VALUES", "sex"),
        (2, "FIELD_BAD_VALUES", "status"),
        (4, "FIELD_REQUIRED", "division"),
    ]


@pytest.mark.parametrize("blank", ["", "   ", ";;;;"])
def test_72_physical_line_numbers(blank: str) -> None:
    lines = fregata(row(1, last_name='"DUPONT\n LAJOIE"'), row(2, sex="?")).decode().split("\r\n")
    lines.insert(2, blank)
    assert (
        faults(read("\r\n".join(lines).encode()))
        == [(5, "FIELD_BAD_VALUES", "sex"), (2, "INVALID_CHAR_DETECTED", "last_name")][::-1]
    )


@pytest.mark.parametrize(("surplus", "warned"), [(" ", []), ("oui", ["SURPLUS_CELLS"])])
def test_73_one_cell_too_many(surplus: str, warned: list[str]) -> None:
    reading = read(fregata([*row(1), surplus]))
    assert reading.importable
    assert [warning.code for warning in reading.warnings] == warned


def test_the_stream_stays_open() -> None:
    from pix.interop.fregata import read as read_fregata

    stream = io.BytesIO(fregata())
    assert read_fregata(stream, today=date(2026, 11, 23)).importable
    assert not stream.closed
