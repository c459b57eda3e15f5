"""Whatever the bytes, a reader answers: never a crash, bounded memory, and every pupil of the file is somewhere."""

import io
import random
import tracemalloc

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pix.interop.messages import file_text, skip_text, text_of
from pix.interop.reading import check_report, read_roll
from pix.interop.remedies import findings
from pix.interop.rows import RollFormat, RollReading
from tests.interop import fregata_files, siecle_files
from tests.interop.siecle_files import TODAY, UAI, zip_of

QUICK = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
PIECES = [
    b"<", b">", b"</", b"/>", b"&amp;", b"&x;", b"<!DOCTYPE a>", b"<ELEVE>", b"</ELEVE>", b"<ID_NATIONAL>", b"\x00", b"\xff\xfe",
    b"\xef\xbb\xbf", b"<![CDATA[", b"]]>", b"<!--", b"PK\x03\x04", b"PK\x05\x06", b'"', b";", b"\r\n", b"\r", "é".encode(), b"\xe9",
    b"encoding='UTF-16'", b"A" * 3000,
]  # fmt: skip
WORDS = st.text(
    st.characters(codec="utf-8", exclude_characters="<>&\x00", exclude_categories=("Cc", "Cs")), max_size=30
)
"""Any text that XML can hold."""


def told(reading: RollReading) -> None:
    """Everything found can be said, and every pupil is accepted, skipped or refused, once."""
    check_report(reading)
    for problem in (*reading.problems, *reading.warnings):
        assert text_of(problem)
    assert all(map(skip_text, reading.skipped))
    assert all(map(file_text, reading.file_errors))
    findings(
        reading.format, file_errors=reading.file_errors, problems=reading.problems, skipped=reading.skipped,
        warnings=reading.warnings,
    )  # fmt: skip
    places = [one.row for group in (reading.rows, reading.skipped, reading.refused) for one in group]
    assert len(places) == len(set(places))
    assert {problem.row for problem in reading.problems} <= {refused.row for refused in reading.refused}
    if reading.file_error is not None and reading.file_error.code != "EMPTY":
        assert places == []


def read(content: bytes, format: RollFormat) -> RollReading:
    reading = read_roll(io.BytesIO(content), format=format, uai=UAI, today=TODAY)
    told(reading)
    return reading


def mangled(content: bytes, seed: int) -> bytes:
    """The file cut, bitten, doubled, or sprinkled with pieces that mean something to a parser."""
    rng = random.Random(seed)
    data = bytearray(content)
    for _ in range(rng.randint(1, 8)):
        place, other = sorted(rng.randrange(len(data) + 1) for _ in range(2))
        match rng.randrange(5):
            case 0:
                data[place:place] = rng.choice(PIECES)
            case 1:
                data[place : place + rng.randint(1, 40)] = b""
            case 2:
                data[place:place] = data[place : min(other, place + 400)]
            case 3 if data:
                data[place % len(data)] = rng.randrange(256)
            case _:
                data[place : place + 20] = rng.randbytes(rng.randint(0, 20))
    return bytes(data)


@pytest.mark.parametrize("format", list(RollFormat))
@given(content=st.binary(max_size=400))
@example(content=b"")
@QUICK
def test_any_bytes(format: RollFormat, content: bytes) -> None:
    read(content, format)


GOOD = {
    "xml": (siecle_files.siecle(*(siecle_files.pupil(n, PRENOM="Lœtitia") for n in range(1, 12))), RollFormat.SIECLE),
    "csv": (fregata_files.fregata(*(fregata_files.row(n) for n in range(1, 12))), RollFormat.FREGATA),
    "csv-1252": (fregata_files.fregata(*(fregata_files.row(n) for n in range(1, 12)), encoding="cp1252"), RollFormat.FREGATA),
}  # fmt: skip
GOOD["zip"] = (zip_of({"a.xml": GOOD["xml"][0]}), RollFormat.SIECLE)


@pytest.mark.parametrize("name", list(GOOD))
@given(seed=st.integers(0, 2**32))
@QUICK
def test_a_good_file_gone_wrong(name: str, seed: int) -> None:
    content, format = GOOD[name]
    read(mangled(content, seed), format)


@given(
    st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "ID_NATIONAL": st.sampled_from(["", " ", "0000000001A", "0000000001a", "0000000002B"]) | WORDS,
                "NOM_DE_FAMILLE": WORDS, "PRENOM": WORDS, "PRENOM2": WORDS,
                "CODE_SEXE": st.sampled_from(["1", "2", "3", ""]),
                "DATE_NAISS": st.sampled_from(["04/05/2012", "31/02/2010", "1/2/2010x", ""]) | WORDS,
                "DATE_SORTIE": st.sampled_from(["", "01/01/2020", "01/01/2030", "x"]),
                "CODE_PAYS": st.sampled_from(["100", "132", ""]), "CODE_COMMUNE_INSEE_NAISS": WORDS,
            },
        ),
        max_size=8,
    ),
    st.lists(st.sampled_from(["", "D:4A", "G:LATIN", "D:Inactifs", "D:4A|D:4B"]), min_size=8, max_size=8),
)  # fmt: skip
@QUICK
def test_every_pupil_of_a_siecle_file_is_somewhere(pupils: list[dict[str, str]], divisions: list[str]) -> None:
    """Accepted + skipped + refused = read."""
    made = [siecle_files.pupil(n, divisions[n], **values) for n, values in enumerate(pupils)]
    reading = read(siecle_files.siecle(*made, encoding="UTF-8"), RollFormat.SIECLE)
    assert len(reading.rows) + len(reading.skipped) + len(reading.refused) == len(pupils)
    inactive = {one.ine for one in reading.refused} & {one.ine for one in reading.rows}
    assert not inactive


CELLS = WORDS.map(lambda text: text.replace(";", "").replace('"', "").strip("\ufeff"))


@given(
    st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "ine": st.sampled_from(["", "0000000001A", "0000000001a"]) | CELLS,
                "last_name": CELLS, "first_name": CELLS, "sex": st.sampled_from(["Féminin", "F", ""]),
                "birth_date": st.sampled_from(["01/02/2010", "32/01/2005", "01/02/05", ""]) | CELLS,
                "birth_country_code": st.sampled_from(["99100", "99132", "FRANC", ""]), "division": CELLS,
            },
        ),
        min_size=1,
        max_size=8,
    )
)  # fmt: skip
@QUICK
def test_every_row_of_a_fregata_file_is_somewhere(rows: list[dict[str, str]]) -> None:
    made = [fregata_files.row(n, **values) for n, values in enumerate(rows)]
    reading = read(fregata_files.fregata(*made), RollFormat.FREGATA)
    assert len(reading.rows) + len(reading.skipped) + len(reading.refused) == len(rows)


@pytest.mark.parametrize("name", list(GOOD))
def test_memory_stays_bounded(name: str) -> None:
    content, format = GOOD[name]
    most = 0
    for seed in range(60):
        wrong = mangled(content, seed)
        tracemalloc.start()
        read(wrong, format)
        most = max(most, tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert most < 4_000_000
