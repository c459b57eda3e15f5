"""The committed sample files: what they hold, what an import says of them, and that the script still writes them."""

import io
import re
from datetime import date
from pathlib import Path

import pytest

from pix.interop.reading import check_report, read_roll
from pix.interop.rows import RollFormat, RollReading
from tests.samples.make_samples import COLLEGE_GAR, HERE, SCHOOLS, all_files

TODAY = date(2026, 11, 23)


def read(name: str) -> RollReading:
    content = (HERE / name).read_bytes()
    uai = re.search(r"0999\d{3}[A-Z]", name)
    form = RollFormat.FREGATA if name.endswith(".csv") else RollFormat.SIECLE
    return read_roll(io.BytesIO(content), format=form, uai=uai[0] if uai else COLLEGE_GAR, today=TODAY)


def test_the_files_are_those_that_the_script_writes() -> None:
    files = all_files()
    assert {path.name for path in Path(HERE).iterdir() if path.suffix in (".xml", ".zip", ".csv")} == set(files)
    for name, content in files.items():
        if name.endswith(".zip"):  # another zlib may pack otherwise: compare what is read
            assert read(name) == read_roll(io.BytesIO(content), format=RollFormat.SIECLE, uai=COLLEGE_GAR, today=TODAY)
        else:
            assert (HERE / name).read_bytes() == content, name


VALID = [
    ("college-0999001A.xml", 170),
    ("college-0999001A.zip", 170),
    ("college-0999001A-janvier.xml", 170),
    ("college-0999002B.xml", 60),
    ("lycee-0999003C.xml", 90),
    ("lycee-pro-0999004D.xml", 40),
    ("lycee-agricole-0999005E.csv", 40),
]


@pytest.mark.parametrize(("name", "pupils"), VALID)
@pytest.mark.proves("A-077", "A-078", "A-079")
def test_valid_samples(name: str, pupils: int) -> None:
    reading = read(name)
    assert reading.importable
    assert len(reading.rows) == pupils
    uai = re.search(r"0999\d{3}[A-Z]", name)
    assert uai
    assert {row.division for row in reading.rows} == {division for division, _ in SCHOOLS[uai[0]].divisions}
    assert not any("\ufffd" in row.last_name + row.first_name for row in reading.rows)


def test_the_college_s_people() -> None:
    reading = read("college-0999001A.xml")
    people = {(row.first_name, row.last_name): row for row in reading.rows}
    emma = people["Emma", "PIX"]
    assert (emma.division, emma.birth_date.strftime("%d/%m"), emma.second_name) == ("3eme3", "09/03", "Lœtitia")
    assert people["Béatrix", "PIX"].division == "4A"
    assert people["Grace", "HOPPER"].division == "3A"
    assert people["Milan", "LEFÈVRE"].birth_date == people["Mylan", "LEFÈVRE"].birth_date
    homonyms = [row for row in reading.rows if (row.first_name, row.last_name) == ("Lucas", "MARTIN")]
    assert len({(row.birth_date, row.ine) for row in homonyms}) == 2
    assert {row.division for row in homonyms} == {"5A"}
    assert [(skipped.last_name, skipped.reason) for skipped in reading.skipped] == [
        ("TREMBLAY", "INE_REQUIRED"),
        ("OLIVEIRA", "DIVISION_REQUIRED"),
        ("PETITJEAN", "LEFT"),
    ]


@pytest.mark.proves("A-093", "A-094", "A-095", "A-096")
def test_the_three_errors_of_the_guide() -> None:
    report = check_report(read("erreurs-lignes-1-13-32.xml"))
    assert [(one["row"], one["reason"]) for one in report["skipped"]] == [(1, "INE_REQUIRED")]
    assert [(one["row"], one["code"]) for one in report["problems"]] == [(13, "SEX_CODE_REQUIRED"), (32, "INE_UNIQUE")]
    assert report["problems"][0]["text"].startswith("Ligne 13 : champ sexe vide (")
    assert report["problems"][1]["text"].startswith("Ligne 32 : INE déjà présent (ligne 3) (")
    assert report["file_error"] is None
    assert report["accepted"] == 166  # neither the skipped, nor the faulty, nor the two that share an INE


FILE_ERRORS = [
    ("erreur-autre-uai.xml", "UAI_MISMATCHED"),
    ("erreur-tronque.xml", "INVALID_FILE"),
    ("erreur-vide.xml", "INVALID_FILE"),
    ("erreur-deux-xml.zip", "INVALID_FILE"),
    ("erreur-encodage.xml", "ENCODING_NOT_SUPPORTED"),
    ("erreur-fregata-entetes.csv", "HEADER_REQUIRED"),
]


@pytest.mark.parametrize(("name", "code"), FILE_ERRORS)
@pytest.mark.proves("A-081", "A-082")
def test_samples_with_a_file_error(name: str, code: str) -> None:
    report = check_report(read(name))
    assert report["file_error"]["code"] == code
    assert (report["accepted"], report["skipped"], report["problems"]) == (0, [], [])


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        (
            "erreurs-diverses.xml",
            [
                (3, "BIRTHDATE_REQUIRED"),
                (5, "INVALID_BIRTHDATE_FORMAT"),
                (7, "BIRTH_CITY_CODE_REQUIRED_FOR_FR_STUDENT"),
                (9, "LAST_NAME_REQUIRED"),
                (11, "FIRST_NAME_REQUIRED"),
                (13, "SEX_CODE_INVALID"),
                (17, "SEX_CODE_REQUIRED"),
                (17, "INVALID_BIRTHDATE_FORMAT"),
            ],
        ),
        ("erreurs-fregata.csv", [(3, "FIELD_BAD_VALUES"), (4, "FIELD_DATE_FORMAT"), (6, "IDENTIFIER_UNIQUE")]),
    ],
)
@pytest.mark.proves("A-093", "A-097")
def test_samples_with_row_errors(name: str, codes: list[tuple[int, str]]) -> None:
    reading = read(name)
    assert [(problem.row, problem.code) for problem in reading.problems] == codes
    assert len(reading.skipped) == 1


def test_names_in_the_wrong_encoding_are_told_one_by_one() -> None:
    reading = read("erreur-accents.xml")
    accented = [r for r in read("college-0999001A.xml").rows[:40] if not (r.last_name + r.first_name).isascii()]
    assert {problem.row for problem in reading.problems} == {row.row for row in accented}
    assert {problem.code for problem in reading.problems} == {"INVALID_CHAR_DETECTED"}


@pytest.mark.parametrize(
    ("name", "form"), [("college-0999001A.xml", "siecle"), ("lycee-agricole-0999005E.csv", "fregata")]
)
def test_the_format_may_come_as_plain_text(name: str, form: str) -> None:
    reading = read_roll(io.BytesIO((HERE / name).read_bytes()), format=form, uai=COLLEGE_GAR, today=TODAY)  # type: ignore[arg-type]
    assert reading.importable
    assert reading.format is RollFormat(form)
