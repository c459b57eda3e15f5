"""What a SIECLE file says, pupil by pupil: the numbered cases of schools 16.1."""

import re
import time
from datetime import date

import pytest

from pix.interop.messages import skip_text, text_of
from pix.interop.reading import school_year_warning
from pix.interop.rows import DIVISION_REQUIRED, INE_REQUIRED, LEFT, RollRow
from tests.interop.siecle_files import TODAY, UAI, codes, file_code, pupil, read, siecle
from tests.samples.make_samples import siecle_file


def only(content: bytes) -> RollRow:
    reading = read(content)
    assert (reading.file_error, reading.problems) == (None, ())
    (row,) = reading.rows
    return row


@pytest.mark.proves("A-077")
def test_01_two_pupils_one_born_abroad() -> None:
    reading = read(
        siecle(
            pupil(1, "D:4A|G:LATIN"),
            pupil(2, "G:LATIN|D:3B", PRENOM="Noé", CODE_SEXE="1", CODE_PAYS="132", CODE_COMMUNE_INSEE_NAISS=None),
        )
    )
    assert reading.importable
    assert reading.rows[0] == RollRow(
        row=1,
        ine="0000000001A",
        last_name="DURAND",
        usage_name="",
        first_name="Léa",
        second_name="",
        third_name="",
        sex="F",
        birth_date=date(2012, 5, 4),
        birth_country_code="100",
        birth_department_code="033",
        birth_city_insee="33318",
        birth_city_name="",
        mef_code="10310019110",
        status="ST",
        division="4A",
    )
    second = reading.rows[1]
    assert (second.row, second.sex, second.division) == (2, "M", "3B")
    assert (second.birth_country_code, second.birth_city_insee) == ("132", "")
    assert reading.encoding == "iso8859-15"


@pytest.mark.proves("A-077")
def test_02_the_ligature_of_iso_8859_15() -> None:
    content = siecle(pupil(1, PRENOM2="L~titia")).replace(b"L~titia", bytes.fromhex("4CBD7469746961"))
    assert only(content).second_name == "Lœtitia"


def test_03_empty_and_absent_are_the_same() -> None:
    row = only(siecle(pupil(1, NOM_USAGE="  ", VILLE_NAISS=None)))
    assert (row.usage_name, row.birth_city_name) == ("", "")


@pytest.mark.parametrize(
    "ine", [pytest.param(None, id="04-absent"), pytest.param("", id="05-empty"), pytest.param("   ", id="05-spaces")]
)
@pytest.mark.proves("A-094")
def test_pupil_without_ine_is_skipped_by_name(ine: str | None) -> None:
    reading = read(siecle(pupil(1, ID_NATIONAL=ine), pupil(2)))
    assert [row.row for row in reading.rows] == [2]
    assert reading.importable
    (skipped,) = reading.skipped
    assert (skipped.row, skipped.reason) == (1, INE_REQUIRED)
    assert skip_text(skipped) == "Ligne 1 : champ INE vide (DURAND Léa)"


@pytest.mark.proves("A-096")
def test_06_same_ine_on_two_rows() -> None:
    pupils = [pupil(number) for number in range(1, 33)]
    pupils[31] = pupil(32, ID_NATIONAL="0000000003A")
    reading = read(siecle(*pupils))
    assert codes(reading) == [(32, "INE_UNIQUE")]
    (problem,) = reading.problems
    assert problem.meta == {"ine": "0000000003A", "first_row": 3}
    assert text_of(problem) == "Ligne 32 : INE déjà présent (ligne 3) (DURAND Léa, INE 0000000003A)"
    assert [refused.row for refused in reading.refused] == [3, 32]
    assert len(reading.rows) == 30


def test_07_same_ine_in_another_case() -> None:
    reading = read(siecle(pupil(1, ID_NATIONAL="0123456789a"), pupil(2, ID_NATIONAL="0123456789A")))
    assert codes(reading) == [(2, "INE_UNIQUE")]
    assert [refused.ine for refused in reading.refused] == ["0123456789A", "0123456789A"]


def test_09_same_ine_but_one_of_them_left() -> None:
    reading = read(siecle(pupil(1, DATE_SORTIE="01/10/2026"), pupil(2, ID_NATIONAL="0000000001A")))
    assert reading.importable
    assert [row.row for row in reading.rows] == [2]
    assert reading.left == 1


ROW_ERRORS = [
    ("10-sex-empty", {"CODE_SEXE": ""}, ["SEX_CODE_REQUIRED"]),
    ("10-sex-absent", {"CODE_SEXE": None}, ["SEX_CODE_REQUIRED"]),
    ("10-sex-unknown", {"CODE_SEXE": "3"}, ["SEX_CODE_INVALID"]),
    ("11-birth-date-absent", {"DATE_NAISS": None}, ["BIRTHDATE_REQUIRED"]),
    ("12-not-a-real-date", {"DATE_NAISS": "31/02/2010"}, ["INVALID_BIRTHDATE_FORMAT"]),
    ("12-iso-date", {"DATE_NAISS": "2010-02-01"}, ["INVALID_BIRTHDATE_FORMAT"]),
    ("12-trailing-letter", {"DATE_NAISS": "1/2/2010x"}, ["INVALID_BIRTHDATE_FORMAT"]),
    ("13-commune-in-france", {"CODE_COMMUNE_INSEE_NAISS": ""}, ["BIRTH_CITY_CODE_REQUIRED_FOR_FR_STUDENT"]),
    ("13-commune-abroad", {"CODE_COMMUNE_INSEE_NAISS": "", "CODE_PAYS": "132"}, []),
    ("14-commune-corsica", {"CODE_COMMUNE_INSEE_NAISS": "2A214"}, []),
    ("14-commune-overseas", {"CODE_COMMUNE_INSEE_NAISS": "97422"}, []),
    ("15-last-name-absent", {"NOM_DE_FAMILLE": None}, ["LAST_NAME_REQUIRED"]),
    ("15-last-name-empty", {"NOM_DE_FAMILLE": " "}, ["LAST_NAME_REQUIRED"]),
    ("15-first-name-absent", {"PRENOM": None}, ["FIRST_NAME_REQUIRED"]),
    ("15-first-name-empty", {"PRENOM": ""}, ["FIRST_NAME_REQUIRED"]),
    ("16-two-errors-on-one-row", {"CODE_SEXE": "", "DATE_NAISS": ""}, ["SEX_CODE_REQUIRED", "BIRTHDATE_REQUIRED"]),
    ("33-ine-of-12-digits", {"ID_NATIONAL": "123456789012"}, []),
    ("too-long-for-the-roll", {"PRENOM": "A" * 256}, ["FIELD_MAX_LENGTH"]),
    ("country-on-5-characters", {"CODE_PAYS": "99132"}, ["FIELD_MAX_LENGTH"]),
]


@pytest.mark.parametrize(("changes", "expected"), [pytest.param(c, e, id=i) for i, c, e in ROW_ERRORS])
@pytest.mark.proves("A-093", "A-097")
def test_row_errors(changes: dict[str, str | None], expected: list[str]) -> None:
    reading = read(siecle(pupil(1), pupil(2, **changes)))
    assert codes(reading) == [(2, code) for code in expected]
    assert [row.row for row in reading.rows] == ([1] if expected else [1, 2])
    for problem in reading.problems:
        assert problem.meta["ine"] == problem.ine == "0000000002A"


TEXTS = [
    ({"CODE_SEXE": ""}, "champ sexe vide"),
    ({"CODE_SEXE": "3"}, "code sexe “3” inconnu (1 ou 2 attendu)"),
    ({"DATE_NAISS": ""}, "champ date de naissance vide"),
    ({"DATE_NAISS": "31/02/2010"}, "date de naissance incorrecte, format attendu jj/mm/aaaa"),
    ({"CODE_COMMUNE_INSEE_NAISS": ""}, "élève né en France : champ code commune de naissance vide"),
    (
        {"PRENOM2": "x", "NOM_USAGE": "y", "PRENOM": "L\x85a"},
        "le champ PRENOM contient des caractères illisibles : exportez de nouveau le fichier depuis SIECLE sans le modifier",
    ),
]


@pytest.mark.parametrize(("changes", "text"), TEXTS)
@pytest.mark.proves("A-093", "A-095")
def test_texts_name_line_field_and_pupil(changes: dict[str, str], text: str) -> None:
    reading = read(siecle(*[pupil(number) for number in range(1, 13)], pupil(13, **changes)))
    (problem,) = reading.problems
    first_name = changes.get("PRENOM", "Léa")
    assert text_of(problem) == f"Ligne 13 : {text} (DURAND {first_name}, INE 0000000013A)"


def test_texts_tell_only_what_is_known() -> None:
    reading = read(siecle(pupil(1, NOM_DE_FAMILLE="", PRENOM="")))
    assert [text_of(problem) for problem in reading.problems] == [
        "Ligne 1 : champ nom de famille vide (INE 0000000001A)",
        "Ligne 1 : champ prénom vide (INE 0000000001A)",
    ]


@pytest.mark.proves("A-093")
def test_17_forty_faulty_rows_in_one_answer() -> None:
    reading = read(siecle(*[pupil(number, CODE_SEXE="") for number in range(1, 41)]))
    assert codes(reading) == [(number, "SEX_CODE_REQUIRED") for number in range(1, 41)]
    assert reading.file_error is None


LEAVING = [
    ("19-past", "30/09/2026", "left"),
    ("19-today", "23/11/2026", "left"),
    ("19-unreadable", "en juin", "left"),
    ("19-empty", "", "imported"),
    ("19-next-month", "18/12/2026", "warned"),
]


@pytest.mark.parametrize(("leaving", "fate"), [pytest.param(d, f, id=i) for i, d, f in LEAVING])
def test_date_of_leaving(leaving: str, fate: str) -> None:
    reading = read(siecle(pupil(1, DATE_SORTIE=leaving), pupil(2)))
    assert reading.importable
    assert [row.row for row in reading.rows] == ([2] if fate == "left" else [1, 2])
    assert reading.left == (fate == "left")
    assert [text_of(warning) for warning in reading.warnings] == (
        ["Ligne 1 : départ prévu le 18/12/2026 (DURAND Léa, INE 0000000001A)"] if fate == "warned" else []
    )


CLASSES = [
    ("20-no-structure", "", None),
    ("20-only-a-group", "G:LATIN", None),
    ("20-inactive", "D:Inactifs", None),
    ("20-inactive-after-a-class", "D:4A|D:INACTIFS", "4A"),
    ("22-the-last-class-wins", "D:4A|D:4B", "4B"),
    ("26-spaces", "D: 4e  1 ", "4e 1"),
]


@pytest.mark.parametrize(("divisions", "division"), [pytest.param(d, r, id=i) for i, d, r in CLASSES])
def test_class(divisions: str, division: str | None) -> None:
    reading = read(siecle(pupil(1, divisions), pupil(2)))
    assert reading.importable
    if division is None:
        (skipped,) = reading.skipped
        assert (skipped.reason, skipped.last_name, skipped.ine) == (DIVISION_REQUIRED, "DURAND", "0000000001A")
        assert skip_text(skipped) == "Ligne 1 : champ classe vide (DURAND Léa, INE 0000000001A)"
    else:
        assert reading.rows[0].division == division


def test_21_without_class_nothing_else_is_checked() -> None:
    reading = read(
        siecle(pupil(1, "", CODE_SEXE="", DATE_NAISS="?", PRENOM2="\ufffd"), pupil(2), bytes_in="utf-8", encoding="")
    )
    assert [skipped.reason for skipped in reading.skipped] == [DIVISION_REQUIRED]
    assert (reading.problems, reading.warnings) == ((), ())


def test_one_reason_each_the_first_that_holds() -> None:
    reading = read(
        siecle(pupil(1, "", ID_NATIONAL="", DATE_SORTIE="01/09/2026"), pupil(2, "", ID_NATIONAL=""), pupil(3))
    )
    assert [(skipped.row, skipped.reason) for skipped in reading.skipped] == [(1, LEFT), (2, INE_REQUIRED)]


def test_23_structures_before_pupils() -> None:
    pupils = [pupil(1, "D:4A"), pupil(2, "D:3B")]
    assert read(siecle(*pupils, structures_first=True)) == read(siecle(*pupils))


def test_24_structures_of_nobody_are_counted() -> None:
    stray = ("", '<STRUCTURES_ELEVE ELEVE_ID="99"/>')
    reading = read(siecle(pupil(1), stray, pupil(2, ID_NATIONAL="")))
    assert reading.importable
    assert reading.stray_structures == 2


def test_25_the_course_and_class_of_last_year_are_not_this_year_s() -> None:
    last_year = (
        "<SCOLARITE_AN_DERNIER><CODE_MEF>999</CODE_MEF><CODE_STRUCTURE>6Z</CODE_STRUCTURE></SCOLARITE_AN_DERNIER>"
    )
    row = only(siecle(pupil(1, extra=last_year, CODE_MEF=None)))
    assert (row.mef_code, row.division) == ("", "4A")


@pytest.mark.parametrize("name", ["DURAND--MARTIN", "D'HÉROUVILLE", "LE  GOFF", "Lukáš", "Núñez", "Cœur"])
def test_26_and_32_names_are_kept_as_written(name: str) -> None:
    assert only(siecle(pupil(1, NOM_DE_FAMILLE=name, PRENOM=name))).last_name == name


EMPTY = [
    ("27-only-skipped", siecle(pupil(1, ID_NATIONAL=""), pupil(2, ""))),
    ("27-no-pupil", siecle()),
    ("27-no-data", f"<BEE_ELEVES><PARAMETRES><UAJ>{UAI}</UAJ></PARAMETRES></BEE_ELEVES>".encode()),
]


@pytest.mark.parametrize("content", [pytest.param(c, id=i) for i, c in EMPTY])
def test_nothing_importable(content: bytes) -> None:
    assert file_code(read(content)) == "EMPTY"


@pytest.mark.parametrize(
    ("parameters", "own"),
    [
        pytest.param("<PARAMETRES><UAJ>0999999Z</UAJ></PARAMETRES>", UAI, id="28-another-school"),
        pytest.param("", UAI, id="28-no-parameters"),
        pytest.param("<PARAMETRES><UAJ> </UAJ></PARAMETRES>", UAI, id="28-empty"),
        pytest.param("<PARAMETRES><UAJ/></PARAMETRES>", "", id="28-neither-has-one"),
        pytest.param(f"<AUTRE><UAJ>{UAI}</UAJ></AUTRE>", UAI, id="28-elsewhere-in-the-file"),
    ],
)
@pytest.mark.proves("A-081")
def test_28_pupils_of_another_school_are_not_listed(parameters: str, own: str) -> None:
    reading = read(siecle(pupil(1, CODE_SEXE=""), pupil(2, ID_NATIONAL=""), parameters=parameters), uai=own)
    assert file_code(reading) == "UAI_MISMATCHED"
    assert (reading.skipped, reading.warnings) == ((), ())


@pytest.mark.parametrize("written", ["0123456a", " 0123456A "])
def test_29_uai_whatever_the_case(written: str) -> None:
    reading = read(siecle(pupil(1), parameters=f"<PARAMETRES><UAJ>{written}</UAJ></PARAMETRES>"), uai=" 0123456a")
    assert reading.importable
    assert reading.uai == UAI


def test_30_utf8_bytes_declared_as_iso() -> None:
    pupils = [pupil(1), pupil(2, PRENOM="Paul"), pupil(3, NOM_DE_FAMILLE="LEFÈVRE", PRENOM="Zoé")]
    reading = read(siecle(*pupils, bytes_in="utf-8"))
    assert [(problem.row, problem.meta["field"]) for problem in reading.problems] == [
        (1, "PRENOM"),
        (3, "NOM_DE_FAMILLE"),
        (3, "PRENOM"),
    ]
    assert {problem.code for problem in reading.problems} == {"INVALID_CHAR_DETECTED"}
    assert [row.row for row in reading.rows] == [2]


@pytest.mark.parametrize("declared", ["UTF-8", "US-ASCII"])
def test_bytes_that_the_encoding_lacks_are_told_pupil_by_pupil(declared: str) -> None:
    reading = read(siecle(pupil(1), pupil(2, PRENOM="Paul"), encoding=declared, bytes_in="iso8859-15"))
    assert codes(reading) == [(1, "INVALID_CHAR_DETECTED")]


def test_31_unreadable_second_name_only_warns() -> None:
    content = siecle(pupil(1, PRENOM2="L~a"), encoding="UTF-8").replace(b"L~a", b"L\xe9a")
    reading = read(content)
    assert [row.second_name for row in reading.rows] == ["L\ufffda"]
    (warning,) = reading.warnings
    assert (warning.row, warning.code, warning.meta["field"]) == (1, "INVALID_CHAR_DETECTED", "PRENOM2")


def test_a_name_that_the_declared_encoding_lacks_passes() -> None:
    assert only(siecle(pupil(1, PRENOM="&#321;ukasz &#233;"))).first_name == "Łukasz é"


@pytest.mark.parametrize(
    ("said", "read_as", "warned"),
    [("2026", "2026-2027", False), ("2025", "2025-2026", True), ("2025-2026", "2025-2026", True), ("?", "", False)],
)
def test_another_school_year_is_a_warning(said: str, read_as: str, warned: bool) -> None:
    parameters = f"<PARAMETRES><UAJ>{UAI}</UAJ><ANNEE_SCOLAIRE>{said}</ANNEE_SCOLAIRE></PARAMETRES>"
    reading = read(siecle(pupil(1), parameters=parameters))
    assert reading.importable
    assert reading.school_year == read_as
    warning = school_year_warning(reading, "2026-2027")
    assert bool(warning) is warned
    if warning:
        assert text_of(warning) == "L'année scolaire du fichier (2025-2026) n'est pas celle de l'import (2026-2027)."


def test_rank_counts_every_pupil_of_the_file() -> None:
    reading = read(siecle(pupil(1, ""), pupil(2, DATE_SORTIE="01/01/2020"), pupil(3, CODE_SEXE=""), pupil(4)))
    assert codes(reading) == [(3, "SEX_CODE_REQUIRED")]
    assert [row.row for row in reading.rows] == [4]


@pytest.mark.slow
@pytest.mark.parametrize(("pupils", "seconds"), [(3_000, 1.0), (10_000, 4.0)])
def test_34_large_files_are_read_in_linear_time(pupils: int, seconds: float) -> None:
    content = siecle_file(UAI, pupils=pupils, seed=3)
    start = time.process_time()
    reading = read(content)
    assert time.process_time() - start < seconds
    assert len(reading.rows) == pupils
    assert all(re.fullmatch(r"[6543]\d{3}", row.division) for row in reading.rows)
    assert reading.rows[0].birth_date < TODAY
