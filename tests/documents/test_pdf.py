"""Printed sheets, read back: texts, pages, order, tags, fonts; and names that look like markup."""

import io
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from pix.documents import pdf

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def cards(*groups: pdf.CardGroup) -> PdfReader:
    sheet = pdf.Cards(
        "Cartes",
        "Collège",
        "Collège – 23/11/2026",
        "https://pix.test/campagnes",
        "Code QR",
        "pix.test/campagnes",
        groups,
    )
    return PdfReader(io.BytesIO(pdf.cards(sheet, at=AT)))


def tables(*groups: pdf.TableGroup) -> PdfReader:
    sheet = pdf.Sheet("Fiche", "Collège", "Collège", ("Nom", "Prénom"), (1, 1), groups)
    return PdfReader(io.BytesIO(pdf.tables(sheet, at=AT)))


def card(name: str, login: str = "x.y0101") -> pdf.Card:
    return pdf.Card(name, [("Identifiant", login)], "Note")


def texts(reader: PdfReader) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def test_eight_cards_a_page_and_a_class_a_page() -> None:
    reader = cards(
        pdf.CardGroup("Classe 3A", [card(f"P{number:02d} Durand") for number in range(9)]),
        pdf.CardGroup("Classe 10A", [card("Zoé Œuvrard", "zoe.oeuvrard2207")]),
    )
    first, second, third = texts(reader)
    assert first.startswith("Classe 3A P00 Durand Identifiant x.y0101")
    assert [f"P{number:02d}" in first for number in range(9)] == [True] * 8 + [False]
    assert second.startswith("P08 Durand")
    assert third.startswith("Classe 10A Zoé Œuvrard Identifiant zoe.oeuvrard2207")
    assert "pix.test/campagnes" in third
    assert third.endswith("Collège – 23/11/2026 3 / 3")


@pytest.mark.proves("T-021")
@pytest.mark.parametrize(
    "name",
    [
        '#panic("x") $x$ *gras* _it_ = titre <a> @b \\ // /* `c`',
        '#image("/etc/passwd")',
        "Éloïse D'Aubigné-Œuvrard",
        "Łukasz Dvořák",
        "Олена Хоменко",
        '"] + read("/etc/passwd") + ["',
    ],
)
def test_a_name_is_never_markup(name: str) -> None:
    shown = "".join(name.split())
    assert shown in "".join(texts(cards(pdf.CardGroup("3A", [card(name)])))[0].split())
    assert shown in "".join(texts(tables(pdf.TableGroup("3A", "", [(name, "x")])))[0].split())


def test_a_sign_that_no_font_has_does_not_stop_the_class() -> None:
    assert "Durand" in texts(cards(pdf.CardGroup("3A", [card("王 Durand"), card("😀")])))[0]


def test_a_long_name_keeps_its_place() -> None:
    reader = cards(pdf.CardGroup("3A", [card("Jean " * 60) for _ in range(8)]))
    assert len(reader.pages) == 1


def test_the_file_is_tagged_titled_and_in_its_language() -> None:
    for reader in (cards(pdf.CardGroup("3A", [card("A B")])), tables(pdf.TableGroup("3A", "", [("A", "B")]))):
        root = reader.trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"].value is True
        assert str(root["/Lang"]).startswith("fr")
        assert reader.metadata is not None
        assert reader.metadata.title in ("Cartes", "Fiche")
        assert b"pdfuaid" in root["/Metadata"].get_data()


def test_only_our_fonts() -> None:
    reader = tables(pdf.TableGroup("3A", "30 élèves", [("Œuvrard", "Zoé")]))
    fonts = {
        str(one.get_object()["/BaseFont"]).partition("+")[2] for one in reader.pages[0]["/Resources"]["/Font"].values()
    }
    assert {name.partition("-")[0] for name in fonts} == {"AtkinsonHyperlegibleNext"}


def test_headers_come_back_on_every_page() -> None:
    reader = tables(pdf.TableGroup("Classe 3A", "99 élèves", [(f"N{number}", "P") for number in range(99)]))
    assert len(reader.pages) > 1
    assert ["Nom Prénom" in text for text in texts(reader)] == [True] * len(reader.pages)
    assert texts(reader)[0].startswith("Classe 3A 99 élèves Nom Prénom N0 P N1 P")


def test_the_same_data_gives_the_same_file() -> None:
    group = pdf.CardGroup("3A", [card("A B")])
    sheet = pdf.Cards("C", "C", "C", "https://x.test", "Code", "x.test", [group])
    assert pdf.cards(sheet, at=AT) == pdf.cards(sheet, at=AT)


def test_too_many_are_refused() -> None:
    with pytest.raises(pdf.TooMuch):
        tables(pdf.TableGroup("3A", "", [("A", "B")] * (pdf.MOST + 1)))
