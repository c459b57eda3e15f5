"""The file of a campaign: columns, order, NA, names, formulas, and the same table in three formats."""

import csv as reader
import io
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from pix.accounts.models import User
from pix.campaigns import exports
from pix.campaigns.enums import Status
from pix.campaigns.models import Campaign
from pix.campaigns.queries.sets import Filters
from pix.organizations.enums import Role
from pix.organizations.models import Organization
from tests.campaigns import making
from tests.campaigns.making import AT

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
HEADERS = [
    "Nom de l'organisation", "ID Campagne", "Code", "Nom de la campagne", "Parcours", "Nom du Participant", "Prénom du Participant", "Classe",
    "% de progression", "Date de début", "Partage (O/N)", "Date du partage", "Palier obtenu (/3)", "% maitrise de l'ensemble des acquis du profil",
    "% de maitrise des acquis de la compétence Mener une recherche", "Nombre d'acquis du profil cible dans la compétence Mener une recherche",
    "Acquis maitrisés dans la compétence Mener une recherche",
    "% de maitrise des acquis de la compétence Gérer des données", "Nombre d'acquis du profil cible dans la compétence Gérer des données",
    "Acquis maitrisés dans la compétence Gérer des données",
    "% de maitrise des acquis de la compétence Sécuriser l'environnement",
    "Nombre d'acquis du profil cible dans la compétence Sécuriser l'environnement", "Acquis maitrisés dans la compétence Sécuriser l'environnement",
    "% de maitrise des acquis du domaine Information et données", "Nombre d'acquis du profil cible du domaine Information et données",
    "Acquis maitrisés du domaine Information et données",
    "% de maitrise des acquis du domaine Protection et sécurité", "Nombre d'acquis du profil cible du domaine Protection et sécurité",
    "Acquis maitrisés du domaine Protection et sécurité",
]  # fmt: skip


@pytest.fixture
def home() -> Organization:
    return making.school()


@pytest.fixture
def alice(home: Organization) -> User:
    return making.teammate(home, Role.ADMIN, "Alice", "Martin")


@pytest.fixture
def asked(home: Organization, alice: User) -> Campaign:
    return making.campaign(home, alice, multiple_sending=True, draw=lambda: "BCDFGH234")


def content(campaign: Campaign, filters: Filters = Filters()) -> str:  # noqa: B008
    return exports.results_file(campaign, "csv", filters=filters, at=AT).stream.read().decode("utf-8-sig")


def lines(campaign: Campaign, filters: Filters = Filters()) -> list[list[str]]:  # noqa: B008
    return list(reader.reader(io.StringIO(content(campaign, filters)), delimiter=";"))


@pytest.mark.proves("C-103", "C-126", "D-013")
def test_one_sent_participation(home: Organization, asked: Campaign) -> None:
    making.participation(asked, making.pupil(home, "Emma", "Pix", "3eme3"), flags="vvvvvvff--")
    assert lines(asked) == [
        HEADERS,
        ["Collège Jean-Moulin", str(asked.pk), "BCDFGH234", "Parcours de rentrée 5e", "[CLG] Parcours de rentrée 5e", "Pix", "Emma", "3eme3",
         "1", "2024-09-20", "Oui", "2024-09-20", "2", "0,60",
         "1,00", "4", "4", "0,67", "3", "2", "0,00", "3", "0",
         "0,86", "7", "6", "0,00", "3", "0"],
    ]  # fmt: skip


def test_what_is_not_sent_is_na(home: Organization, asked: Campaign) -> None:
    making.participation(asked, making.pupil(home, "A", "A"), Status.STARTED, flags="vf-")
    making.participation(asked, making.pupil(home, "B", "B"), Status.TO_SHARE, flags="v" * 10)
    making.participation(asked, making.pupil(home, "C", "C", ""), Status.STARTED)
    _, started, waiting, fresh = lines(asked)
    assert started[7:] == ["5A", "0,200", "2024-09-20", "Non", *["NA"] * 18]
    assert waiting[8:] == ["1", "2024-09-20", "Non", *["NA"] * 18]
    assert fresh[7:9] == ["", "0,000"]


def test_lines_follow_name_then_latest_first(home: Organization, asked: Campaign) -> None:
    emma = making.pupil(home, "Emma", "Pix")
    for number in range(3):
        making.participation(asked, emma, flags="v" * (number + 1), at=AT + 5 * number * DAY, superseded=number < 2)
    making.participation(asked, making.pupil(home, "Élie", "Étienne"), flags="v")
    making.participation(asked, making.pupil(home, "Zoé", "Durand"), flags="v")
    making.participation(asked, making.pupil(home, "Paul", "Rayé"), flags="v", deleted_at=AT)
    found = [(line[5], line[6], line[9], line[13]) for line in lines(asked)[1:]]
    assert found == [
        ("Durand", "Zoé", "2024-09-20", "0,10"),
        ("Étienne", "Élie", "2024-09-20", "0,10"),
        ("Pix", "Emma", "2024-09-30", "0,30"),
        ("Pix", "Emma", "2024-09-25", "0,20"),
        ("Pix", "Emma", "2024-09-20", "0,10"),
    ]


def test_filters_keep_exactly_their_lines(home: Organization, asked: Campaign) -> None:
    making.participation(asked, making.pupil(home, "A", "A", "5A"), flags="v")
    making.participation(asked, making.pupil(home, "B", "B", "5B"), flags="v" * 9)
    making.participation(asked, making.pupil(home, "C", "C", "5A"), Status.STARTED)
    kept = {
        Filters(classes=("5a",)): ["A", "C"],
        Filters(status="started"): ["C"],
        Filters(stages=(3,)): ["B"],
        Filters(search="b"): ["B"],
        Filters(classes=("5a",), stages=(0,)): ["A"],
    }
    assert {filters: [line[5] for line in lines(asked, filters)[1:]] for filters in kept} == kept


def test_no_stage_no_class_no_column(alice: User) -> None:
    company = making.school("Société", manages_pupils=False, type="PRO")
    asked = making.campaign(company, making.teammate(company), journey="plat")
    making.participation(asked, making.pupil(company), flags="vvvvv")
    head, line = lines(asked)
    assert "Classe" not in head
    assert not any(title.startswith("Palier") for title in head)
    assert len(line) == len(head) == 12 + 3 * 4


@pytest.mark.proves("T-019")
def test_names_never_become_formulas(home: Organization, alice: User) -> None:
    asked = making.campaign(home, alice, name="=cmd")
    making.participation(asked, making.pupil(home, "-1-2", "=1+1"), flags="v")
    text = content(asked)
    assert '"\'=cmd"' in text
    assert '"\'=1+1";"\'-1-2"' in text


@pytest.mark.proves("T-018")
def test_the_three_formats_hold_the_same_table(home: Organization, asked: Campaign) -> None:
    making.participation(asked, making.pupil(home), flags="vvv")
    book = exports.results_file(asked, "xlsx", at=AT)
    sheet = openpyxl.load_workbook(io.BytesIO(book.stream.read())).active
    assert sheet is not None
    head, row = [list(values) for values in sheet.iter_rows(values_only=True)]
    assert head == HEADERS
    assert row[5:14] == ["Pix", "Emma", "5A", 1, datetime(2024, 9, 20), "Oui", datetime(2024, 9, 20), 1, 0.3]
    sheet_file = exports.results_file(asked, "ods", at=AT)
    assert sheet_file.name.endswith(".ods")
    assert sheet_file.stream.read(2) == b"PK"
    with pytest.raises(KeyError):
        exports.results_file(asked, "pdf", at=AT)


def test_the_file_bears_the_campaigns_name_and_the_hour_of_paris(home: Organization, alice: User) -> None:
    asked = making.campaign(home, alice, name='Rentrée "5e"/A')
    made = exports.results_file(asked, "csv", at=datetime(2024, 9, 30, 15, 5, tzinfo=UTC))
    assert made.name == f"Resultats-Rentrée _5e__A-{asked.pk}-2024-09-30-1705.csv"
    assert "Rentr%C3%A9e" in made.disposition
    long = making.campaign(home, alice, name="x" * 255)
    assert exports.file_name(long, "csv", AT).endswith(f"-{long.pk}-2024-09-20-1000.csv")


@pytest.mark.parametrize("number", [0, 1, 10, 11, 1001])
def test_every_line_in_order_whatever_the_chunks(home: Organization, asked: Campaign, number: int) -> None:
    pupils = [making.pupil(home, f"P{rank:04}", "Nom") for rank in range(number)]
    for rank, one in enumerate(pupils):
        row = (
            making.participation(asked, one, Status.STARTED)
            if rank % 3
            else making.participation(asked, one, flags="vv")
        )
        assert row.pk
    found = lines(asked)[1:]
    assert [line[6] for line in found] == [f"P{rank:04}" for rank in range(number)]
    assert [line[16] for line in found[:3]] == ["2", "NA", "NA"][:number]


def test_an_error_on_the_way_leaves_no_file(
    asked: Campaign, home: Organization, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    making.participation(asked, making.pupil(home), flags="v")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(exports, "_frozen", lambda chunk: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        exports.results_file(asked, "csv", at=AT)
    assert list(tmp_path.iterdir()) == []
