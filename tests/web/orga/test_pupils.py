"""« Élèves » and one pupil's page on screen."""

from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from pix.campaigns.enums import Status
from pix.content import releases
from pix.learners import actions
from pix.learners.models import Pupil, PupilImport
from pix.learners.queries import pupil_page
from pix.organizations.access import Member
from tests.campaigns import making
from tests.factories.cast import make_pupil, pupil_account
from tests.learners.rolls import AT, YEAR, school, teammate
from tests.web.orga.test_imports import address, client_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(releases, "_current", making.small_bank())
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def head() -> Member:
    return school()


def imported(member: Member, state: str) -> None:
    PupilImport.objects.filter(organization=member.organization).delete()
    PupilImport.objects.create(
        organization=member.organization, author=member.user, school_year=YEAR, state=state, format="siecle",
        original_name="x.xml", created_at=AT, updated_at=AT, ended_at=AT,
    )  # fmt: skip


def shown(member: Member, query: str = "") -> str:
    response = client_of(member).get(address("pupils", member) + query)
    assert response.status_code == 200
    return text_of(response)


def test_before_the_first_import(head: Member) -> None:
    words = shown(head)
    assert "Aucun élève pour l'instant" in words
    assert "L'administrateur doit importer la base élèves en cliquant sur le bouton importer." in words
    assert address("import", head) in client_of(head).get(address("pupils", head)).content.decode()
    bob = teammate(head)
    assert address("import", head) not in client_of(bob).get(address("pupils", head)).content.decode()


@pytest.mark.proves("A-083", "A-099", "T-017", "T-022")
def test_the_table(head: Member) -> None:
    emma = pupil_account("Emma", "Pix", "emma.pix0903")
    make_pupil(head.organization, "Emma", "Pix", division="3eme3", ine="1", user=emma)
    for number, day in ((2, 17), (3, 18)):
        make_pupil(head.organization, "Lucas", "Martin", ine=str(number), birth=AT.date().replace(year=2014, day=day))
    words = shown(head)
    assert "Élèves (3)" in words
    for column in (
        "Nom", "Prénom", "Date de naissance", "Classe", "Méthode(s) de connexion", "Nombre de participations",
        "Dernière participation", "Certificabilité",
    ):  # fmt: skip
        assert column in words
    assert "17/11/2014" in words
    assert "18/11/2014" in words
    assert "Identifiant" in words
    filtered = shown(head, "?classe=3eme3&methode=username&certificabilite=not_available&nom=emma&tri=-classe")
    assert "Élèves (3)" in filtered
    assert "1 élève" in filtered
    assert "Lucas" not in filtered
    assert "Effacer les filtres" in filtered
    assert "Aucun élève." in shown(head, "?nom=personne")
    assert shown(head, "?tri=nonsense&methode=nonsense&page=99").count("Lucas") == 2


@pytest.mark.proves("A-089")
@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("checking", "Un import est en cours (consulter l'état de l'import)."),
        ("ready", "Un import est en cours (consulter l'état de l'import)."),
        ("refused", "Échec de l'import (voir la page d'import)."),
        ("failed", "Échec de l'import (voir la page d'import)."),
        ("imported", "Les participants ont bien été importés."),
    ],
)
def test_the_banner_of_the_last_import(head: Member, state: str, words: str) -> None:
    imported(head, state)
    assert words in shown(head)


def test_the_banner_of_the_new_school_year(head: Member) -> None:
    """It depends on imports, not on the pupils' dates."""
    make_pupil(head.organization, "Emma", "Pix", ine="1")
    assert "La base élèves de cette année n'a pas encore été importée." in shown(head)
    imported(head, "imported")
    assert "Nouvelle année scolaire" not in shown(head)


def test_one_pupil(head: Member) -> None:
    emma = making.pupil(head.organization, "Emma", "Pix", "3eme3")
    asked = making.campaign(head.organization, head.user, name="Rentrée", multiple_sending=True)
    place = address("pupil", head, pupil=emma.uuid)
    assert "Aucune activité pour l'instant" in text_of(client_of(head).get(place))
    making.participation(asked, emma, flags="vv", superseded=True)
    making.participation(asked, emma, Status.STARTED, at=AT)
    words = text_of(client_of(head).get(place))
    for expected in (
        "Emma Pix",
        "3eme3",
        "Envoyées : 0",
        "En cours : 1",
        "Liste de toutes les participations",
        "Rentrée",
        "23/11/2026",
    ):
        assert expected in words
    page = pupil_page(emma)
    assert [(line.status, line.participations) for line in page.activity] == [("started", 2)]


@pytest.mark.proves("T-016")
def test_who_may(head: Member) -> None:
    emma = make_pupil(head.organization, "Emma", "Pix", ine="1")
    bob, charlie = teammate(head), school(uai="0999002B")
    for place in (address("pupils", head), address("pupil", head, pupil=emma.uuid)):
        codes = [
            client.get(place).status_code for client in (Client(), client_of(bob), client_of(head), client_of(charlie))
        ]
        assert codes == [302, 200, 200, 404]
        assert client_of(head).post(place).status_code == 405
    assert client_of(charlie).get(address("pupil", charlie, pupil=emma.uuid)).status_code == 404
    assert client_of(head).get(address("pupil", head, pupil=uuid4())).status_code == 404


def test_the_page_costs_the_same_at_one_and_three(head: Member, django_assert_num_queries: Any) -> None:
    """Eight statements with filters: sign-in, member, spaces, import, and four for the list."""
    client = client_of(head)
    for number in (1, 2, 3):
        row = make_pupil(
            head.organization, "Emma", "Pix", ine=str(number), user=pupil_account("E", "P", f"e.p{number}")
        )
        actions.note_participation(
            pupil=row, campaign=uuid4(), campaign_name="Rentrée", type="assessment", status="shared", started_at=AT, first=True, at=AT
        )  # fmt: skip
        if number != 2:
            with django_assert_num_queries(8):
                client.get(address("pupils", head) + "?nom=emma")
    assert "Campagne : Rentrée. Type : Évaluation. Statut : Reçu." in shown(head)


def test_each_pupil_gets_ten_statements_at_most(head: Member, django_assert_max_num_queries: Any) -> None:
    emma = making.pupil(head.organization)
    client = client_of(head)
    for number in (1, 2, 3):
        making.participation(making.campaign(head.organization, head.user, name=str(number)), emma, Status.STARTED)
        with django_assert_max_num_queries(6):
            client.get(reverse("orga:pupil", kwargs={"organization": head.organization.uuid, "pupil": emma.uuid}))
    assert Pupil.objects.count() == 1


@pytest.mark.proves("A-089")
def test_the_campaigns_page_says_that_an_import_is_running(head: Member) -> None:
    imported(head, "checking")
    page = (
        client_of(head).get(reverse("orga:campaigns", kwargs={"organization": head.organization.uuid})).content.decode()
    )
    assert "Un import est en cours." in page
    assert reverse("orga:import", kwargs={"organization": head.organization.uuid}) in page
