"""The three writers of one table: what a spreadsheet reads back, and what it must never run."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from odf import opendocument
from odf.table import TableCell, TableRow
from odf.text import P

from pix.documents import csv, names, ods, xlsx
from pix.documents.cells import Cell, Table, rate

ROW: list[Cell] = ['Zoé "Z" Œil', "=1+1", 12, Decimal("0.67"), date(2024, 10, 1), None, "0123", "  deux  espaces "]
HEADERS = ["Nom", "=Titre", "Nombre", "Taux", "Jour", "Rien", "Numéro", "Texte"]


def table() -> Table:
    return Table("Feuille [1]", HEADERS, iter([ROW]))


@pytest.mark.proves("T-019")
@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", '"\'=1+1"'),
        ("-1-2", '"\'-1-2"'),
        ("+33", '"\'+33"'),
        (" @x", '"\' @x"'),
        ("\u00a0=x", '"\'\u00a0=x"'),
        ("\tx", '"\'\tx"'),
        ("\rx", '"\'\rx"'),
        ("\n=x", '"\'\n=x"'),
        ('a"b', '"a""b"'),
        ("Jean-Moulin", '"Jean-Moulin"'),
        ("2024-10-01", "2024-10-01"),
        ("0612", "0612"),
        ("12 3", '"12 3"'),
        ("", '""'),
        (None, '""'),
        (Decimal("0.67"), "0,67"),
        (Decimal("0.50"), "0,50"),
        (1234567, "1234567"),
        (-5, "-5"),
        (date(2024, 10, 1), "2024-10-01"),
        ("NA", '"NA"'),
    ],
)
def test_cells_of_a_csv(value: Cell, written: str) -> None:
    assert csv.cell(value) == written


@pytest.mark.proves("T-018")
def test_a_csv_opens_in_a_french_spreadsheet() -> None:
    stream = io.BytesIO()
    csv.write(table(), stream)
    content = stream.getvalue()
    assert content[:3] == b"\xef\xbb\xbf"
    assert b"\r" not in content
    first, second, end = content[3:].decode().split("\n")
    assert first == '"Nom";"\'=Titre";"Nombre";"Taux";"Jour";"Rien";"Numéro";"Texte"'
    assert second == '"Zoé ""Z"" Œil";"\'=1+1";12;0,67;2024-10-01;"";0123;"  deux  espaces "'
    assert end == ""


@pytest.mark.parametrize(
    ("value", "total", "decimals", "shown"),
    [(1, 23, 2, "0,04"), (1, 200, 2, "0,01"), (1, 3, 3, "0,333"), (2, 3, 2, "0,67"), (1, 2, 2, "0,50"), (4, 4, 2, "1,00"), (0, 0, 2, "0,00")],
)  # fmt: skip
def test_rates_round_half_up(value: int, total: int, decimals: int, shown: str) -> None:
    assert csv.cell(rate(value, total, decimals)) == shown


@pytest.mark.proves("T-018", "T-019")
def test_an_excel_file_holds_the_same_cells_typed() -> None:
    stream = io.BytesIO()
    xlsx.write(table(), stream)
    sheet = openpyxl.load_workbook(io.BytesIO(stream.getvalue())).active
    assert sheet is not None
    assert sheet.title == "Feuille  1"
    assert [cell.value for cell in sheet[1]] == HEADERS
    row = sheet[2]
    assert row[1].value == "=1+1"
    assert row[1].data_type == "s"  # text, where a formula would be « f »
    assert (row[2].value, row[3].value, row[5].value) == (12, 0.67, None)
    assert row[3].number_format == "0.00"
    assert row[4].is_date
    assert row[4].value.date() == date(2024, 10, 1)
    assert (row[6].value, row[6].data_type) == ("0123", "s")
    assert row[7].value == "  deux  espaces "


@pytest.mark.proves("T-018", "T-019")
def test_an_opendocument_sheet_holds_the_same_cells_typed() -> None:
    stream = io.BytesIO()
    ods.write(table(), stream)
    with zipfile.ZipFile(io.BytesIO(stream.getvalue())) as package:
        assert package.infolist()[0].filename == "mimetype"
        assert package.infolist()[0].compress_type == zipfile.ZIP_STORED
    document = opendocument.load(io.BytesIO(stream.getvalue()))
    head, row = document.getElementsByType(TableRow)
    assert [texts(cell) for cell in head.getElementsByType(TableCell)] == HEADERS
    cells = row.getElementsByType(TableCell)
    kinds = [cell.getAttribute("valuetype") for cell in cells]
    assert kinds == ["string", "string", "float", "float", "date", None, "string", "string"]
    assert texts(cells[0]) == 'Zoé "Z" Œil'
    assert texts(cells[1]) == "=1+1"
    assert (cells[2].getAttribute("value"), cells[3].getAttribute("value")) == ("12", "0.67")
    assert cells[4].getAttribute("datevalue") == "2024-10-01"
    assert texts(cells[6]) == "0123"
    assert texts(cells[7]) == "  deux  espaces "


def texts(cell: TableCell) -> str:
    """Text of a cell as a reader shows it: runs of spaces counted."""
    out = []
    for paragraph in cell.getElementsByType(P):
        for node in paragraph.childNodes:
            if node.nodeType == node.TEXT_NODE:
                out.append(str(node.data))
            else:
                out.append(" " * int(node.getAttribute("c") or 1))
    return "".join(out)


def test_signs_that_xml_refuses_do_not_break_a_sheet() -> None:
    for write in (ods.write, xlsx.write, csv.write):
        stream = io.BytesIO()
        write(Table("t", ["a"], [["x\x00y\x0bz\nligne"]]), stream)
        assert len(stream.getvalue()) > 5


def test_a_failure_while_rows_come_is_told() -> None:
    def rows():  # type: ignore[no-untyped-def]
        yield ["a"]
        raise RuntimeError("la base s'est arrêtée")

    for write in (csv.write, ods.write, xlsx.write):
        with pytest.raises(RuntimeError, match="arrêtée"):
            write(Table("t", ["a"], rows()), io.BytesIO())


def test_file_names_keep_accents_and_lose_what_systems_refuse() -> None:
    name = names.file_name('Resultats-Rentrée "5e"/A: été', "csv")
    assert name == "Resultats-Rentrée _5e__A_ été.csv"
    header = names.disposition(name)
    assert header.startswith('attachment; filename="Resultats-Rentree _5e__A_ ete.csv"; ')
    assert header.endswith("filename*=UTF-8''Resultats-Rentr%C3%A9e%20_5e__A_%20%C3%A9t%C3%A9.csv")
    assert header.isascii()
    assert names.file_name("..", "csv") == "fichier.csv"
    assert len(names.file_name("x" * 400, "csv")) == names.STEM_MAX + 4
    assert "\n" not in names.disposition(names.file_name("a\r\nSet-Cookie: x", "csv"))
