"""« Élèves » and one pupil's page on screen."""

from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from lxml import html

from pix.assessment.engine.scoring import UNITS_PER_PIX
from pix.assessment.models import KnowledgeState, ProfileSummary
from pix.campaigns.enums import Status
from pix.content import releases
from pix.learners import actions
from pix.learners.models import Enrolment, Pupil, PupilImport
from pix.learners.queries import pupil_page
from pix.organizations.access import Member
from pix.organizations.enums import GAR
from pix.organizations.models import Organization
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


EVERY_FILTER = "?nom=emma&classe=5A&methode=username&methode=no_gar&certificabilite=non_eligible&tri=-classe"


def test_the_page_costs_the_same_at_one_and_three(head: Member, django_assert_num_queries: Any) -> None:
    """Eight statements whatever the filters: sign-in, member, spaces, import, years, roll, page, competences."""
    client = client_of(head)
    for number in (1, 2, 3):
        account = pupil_account("E", "P", f"e.p{number}")
        ProfileSummary.objects.create(user=account, certifiable=False, updated_at=AT)
        row = make_pupil(head.organization, "Emma", "Pix", ine=str(number), user=account)
        actions.note_participation(
            pupil=row, campaign=uuid4(), campaign_name="Rentrée", type="assessment", status="shared", started_at=AT, first=True, at=AT
        )  # fmt: skip
        if number != 2:
            for query in ("", "?nom=ema", EVERY_FILTER, "?tri=participations", "?annee=2026-2027"):
                with django_assert_num_queries(8):
                    client.get(address("pupils", head) + query)
    assert "3 élèves" in shown(head, EVERY_FILTER)


@pytest.mark.proves("E-036", "E-037", "D-056")
def test_the_last_participation_is_explained(head: Member) -> None:
    row = make_pupil(head.organization, "Emma", "Pix", ine="1")
    actions.note_participation(
        pupil=row, campaign=uuid4(), campaign_name="Rentrée", type="profile", status="to_share", started_at=AT, first=True, at=AT
    )  # fmt: skip
    words = shown(head)
    assert "23/11/2026" in words
    assert "Campagne : Rentrée. Type : Collecte de profils. Statut : En attente d'envoi." in words


@pytest.mark.proves("E-034", "E-035", "E-039")
def test_filters_have_their_count_and_their_chips(head: Member) -> None:
    """Class 3A and « Certifiable » together; each chip takes its own filter away and keeps the rest."""
    for number, (division, certifiable) in enumerate((("3A", True), ("3A", False), ("3B", True))):
        account = pupil_account("E", "P", f"e.p{number}")
        ProfileSummary.objects.create(user=account, certifiable=certifiable, updated_at=AT)
        make_pupil(head.organization, f"Emma{number}", "Pix", division=division, ine=str(number), user=account)
    query = "?classe=3A&certificabilite=eligible&tri=-nom&page=3"
    page = html.fromstring(client_of(head).get(address("pupils", head) + query).content)
    assert [one.text_content() for one in page.xpath("//td[@data-label='Prénom']")] == ["Emma0"]
    assert page.xpath("//p[@class='filters-count']")[0].text_content().split() == ["1", "élève"]
    assert [(one.text_content(), one.get("href")) for one in page.xpath("//a[@class='chip']")] == [
        ("Classe\u202f: 3A", "?certificabilite=eligible&tri=-nom"),
        ("Certificabilité\u202f: Certifiable", "?classe=3A&tri=-nom"),
    ]
    clear = next(one for one in page.xpath("//a") if one.text_content() == "Effacer les filtres")
    assert clear.get("href") == address("pupils", head)


def test_nobody_answers_to_the_filters(head: Member) -> None:
    make_pupil(head.organization, "Emma", "Pix", ine="1")
    assert "Aucun élève." in shown(head, "?nom=zzz")


@pytest.mark.proves("T-017")
def test_the_order_is_told_to_screen_readers(head: Member) -> None:
    for number, division in enumerate(("10A", "3B", "3A")):
        make_pupil(head.organization, f"P{number}", "Pix", division=division, ine=str(number))

    def read(query: str) -> tuple[list[str], dict[str, str]]:
        page = html.fromstring(client_of(head).get(address("pupils", head) + query).content)
        order = [one.text_content() for one in page.xpath("//td[@data-label='Classe']")]
        return order, {one.xpath("a/span")[0].text: one.get("aria-sort") for one in page.xpath("//th[@aria-sort]")}

    assert read("") == (["10A", "3B", "3A"], {"Nom": "ascending"})
    assert read("?tri=classe") == (["3A", "3B", "10A"], {"Classe": "ascending"})
    assert read("?tri=-classe") == (["10A", "3B", "3A"], {"Classe": "descending"})


@pytest.mark.proves("E-040", "E-041", "E-042", "E-043", "E-044")
def test_none_is_explained_beside_with_the_way_to_link(head: Member) -> None:
    make_pupil(head.organization, "Grace", "Hopper", ine="1")
    make_pupil(head.organization, "Emma", "Pix", ine="2", user=pupil_account("Emma", "Pix", "emma.pix0903"))
    words = shown(head)
    assert "Identifiant" in words
    assert "Aucune" in words
    told = "Compte non relié à l'établissement : l'élève n'y a encore participé à aucune campagne."
    assert words.count(told) == 1
    assert "puis saisit le code d'une campagne de l'établissement." in words
    assert "de préférence par le médiacentre" not in words
    Organization.objects.filter(pk=head.organization.pk).update(identity_provider=GAR)
    assert "se connecte de préférence par le médiacentre" in shown(head)


@pytest.mark.proves("E-027", "E-028", "E-029", "E-038", "E-045")
def test_certifiability_its_date_and_what_is_missing(head: Member) -> None:
    for number, certifiable in enumerate((None, False, True)):
        account = pupil_account("E", "P", f"e.p{number}") if certifiable is not None else None
        make_pupil(head.organization, f"P{number}", "Pix", ine=str(number), user=account)
        if account:
            ProfileSummary.objects.create(user=account, certifiable=certifiable, updated_at=AT)
            for competence, level, pix in (("1.1", 1, 8), ("4.1", 0, 5)):
                KnowledgeState.objects.create(
                    user=account, competence=competence, level=level, pix=pix, units=pix * UNITS_PER_PIX, data=""
                )
    page = html.fromstring(client_of(head).get(address("pupils", head)).content)
    cells = [" ".join(one.text_content().split()) for one in page.xpath("//td[@data-label='Certificabilité']")]
    missing = (
        "Au niveau 1 ou plus : Mener une recherche. Proches du niveau 1 : Sécuriser l'environnement (encore 3 pix)."
    )
    assert cells == ["Non communiqué", f"Non Certifiable 23/11/2026 1/5 {missing}", f"Certifiable 23/11/2026 {missing}"]
    assert "Certifiable : niveau 1 atteint dans au moins 5 compétences différentes." in shown(head)


def test_an_earlier_year_is_only_shown(head: Member) -> None:
    luc = make_pupil(head.organization, "Luc", "Adam", ine="1", user=pupil_account("L", "A", "l.a1"))
    Pupil.objects.filter(pk=luc.pk).update(active=False)
    Enrolment.objects.create(pupil=luc, school_year="2025-2026", division="3C")
    imported(head, "imported")
    PupilImport.objects.update(school_year="2025-2026")
    assert "Luc" not in shown(head)
    assert "2025-2026" in shown(head)
    words = shown(head, "?annee=2025-2026")
    assert "Les élèves et les classes de cette année-là, à consulter seulement." in words
    assert "3C" in words


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
