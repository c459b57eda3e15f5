"""« Résultats », one pupil's page, and the file of results."""

import re
from datetime import timedelta

import pytest

from pix.accounts.models import User
from pix.campaigns.enums import Status
from pix.campaigns.models import Campaign
from pix.organizations.models import Organization
from tests.campaigns import making
from tests.campaigns.making import AT
from tests.web.orga.campaigns.pages import Page, as_, at, plain

pytestmark = pytest.mark.django_db


@pytest.mark.proves("D-010", "D-011", "D-012", "D-014", "D-030")
def test_results_show_the_group_then_each(home: Organization, alice: User, full: Campaign) -> None:
    page = Page(as_(alice).get(at("campaign-results", home, campaign=full.uuid)))
    assert page.figures()["Résultat moyen"] == "67 %"
    assert "Palier moyen" in page.text
    bars = [
        plain(line.text_content())
        for line in page.tree.xpath("//figure[@aria-labelledby='repartition-titre']//ul[@class='bars']/li")
    ]
    assert "Répartition des participants par paliers" in page.text
    assert [bar.split("(")[0].strip() for bar in bars] == [
        "maîtrise insuffisante",
        "maîtrise fragile",
        "maîtrise satisfaisante",
        "très bonne maîtrise",
    ]
    assert ["1 élève" in bar for bar in bars] == [True, False, True, True]
    assert [(row[0], re.sub("étoiles? acquises?", "étoiles", row[3]), row[5]) for row in page.rows()] == [
        ("Abel Zoé", "2 étoiles sur 3 80 % maîtrise satisfaisante", "1"),
        ("Bé Éva", "0 étoiles sur 3 20 % maîtrise insuffisante", "1"),
        ("Cé Tom", "3 étoiles sur 3 100 % très bonne maîtrise", "1"),
    ]


@pytest.mark.proves("D-015", "D-016", "D-017")
def test_choosing_a_stage_lists_its_pupils(home: Organization, alice: User, full: Campaign) -> None:
    place = at("campaign-results", home, campaign=full.uuid)
    page = Page(as_(alice).get(place + "?classe=5b"))
    bar = page.tree.xpath("//figure[@aria-labelledby='repartition-titre']//ul[@class='bars']//a/@href")[3]
    assert bar == "?classe=5b&palier=4"
    chosen = Page(as_(alice).get(place + bar))
    assert [row[1] for row in chosen.rows()] == ["Tom"]
    assert chosen.figures()["Résultat moyen"] == "100 %"
    assert "Résultats (3)" in plain(chosen.tree.xpath("//nav[contains(@class,'tabs')]")[0].text_content())
    help_first = Page(as_(alice).get(page.links("À accompagner en priorité")[0]))
    assert [row[1] for row in help_first.rows()] == ["Éva"]
    best = Page(as_(alice).get(page.links("Les plus autonomes")[0]))
    assert [row[1] for row in best.rows()] == ["Tom"]


@pytest.mark.proves("D-022", "D-023", "D-027")
def test_reading_keys_are_beside_the_chart(home: Organization, alice: User, full: Campaign) -> None:
    text = Page(as_(alice).get(at("campaign-results", home, campaign=full.uuid))).text
    for stage in making.STAGES:
        assert stage.reading_key in text
    assert "maîtrise fragile (21–50 %)" in text
    assert "Compte tenu du niveau d'enseignement : 5e" in text
    assert "20,4 donne 20" in text


def test_before_any_sending(home: Organization, alice: User, asked: Campaign) -> None:
    making.participation(asked, making.pupil(home), Status.TO_SHARE, flags="v" * 10)
    page = Page(as_(alice).get(at("campaign-results", home, campaign=asked.uuid)))
    assert "En attente de résultats" in page.text
    assert "100" not in page.text


@pytest.mark.proves("C-115", "C-116", "C-123")
def test_one_pupil(home: Organization, alice: User, asked: Campaign) -> None:
    emma = making.pupil(home, "Emma", "Pix", "3eme3")
    sent = making.participation(asked, emma, flags="vvvv", superseded=True)
    again = making.participation(asked, emma, Status.STARTED, flags="vf", at=AT + timedelta(days=5))
    place = at("campaign-participant", home, campaign=asked.uuid, participation=sent.uuid)
    page = Page(as_(alice).get(place))
    for words in ("Emma Pix", "3eme3", "Commencé le", "20/09/2024 à 10:00", "Envoyé le", "20/09/2024 à 11:00", "Avancement", "100 %", "40 %",
                  "maîtrise fragile", "Résultats par compétence", "Compétences (3)", "1.1 Mener une recherche"):  # fmt: skip
        assert words in page.text, words
    selector = page.links("Participation #2")
    assert selector == [at("campaign-participant", home, campaign=asked.uuid, participation=again.uuid)]
    waiting = Page(as_(alice).get(selector[0])).text
    assert "En attente de résultats" in waiting
    assert "20 %" in waiting  # progress: 2 skills of 10
    assert "maîtrise" not in waiting


@pytest.mark.proves("C-103", "T-018")
@pytest.mark.parametrize(
    ("format", "kind", "start"),
    [
        ("csv", "text/csv; charset=utf-8", b'\xef\xbb\xbf"Nom'),
        ("ods", "application/vnd.oasis.opendocument.spreadsheet", b"PK"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
    ],
)
def test_the_file(home: Organization, alice: User, full: Campaign, format: str, kind: str, start: bytes) -> None:
    response = as_(alice).get(at("campaign-export", home, campaign=full.uuid, format=format))
    assert (response.status_code, response.headers["Content-Type"]) == (200, kind)
    assert response.headers["Content-Disposition"].startswith('attachment; filename="Resultats-Parcours de rentree 5e-')
    assert b"".join(response.streaming_content).startswith(start)  # type: ignore[attr-defined]
    response.close()


def test_the_file_follows_the_filters(home: Organization, alice: User, full: Campaign) -> None:
    place = at("campaign-export", home, campaign=full.uuid, format="csv")
    response = as_(alice).get(place + "?classe=5b&palier=4")
    lines = b"".join(response.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert [line.split(";")[6] for line in lines[1:]] == ['"Tom"']
    assert as_(alice).get(at("campaign-export", home, campaign=full.uuid, format="pdf")).status_code == 404
