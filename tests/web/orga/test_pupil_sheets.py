"""What « Élèves » prints and downloads, as the list is filtered."""

import csv
import io
from typing import Any

import pytest
import time_machine
from pypdf import PdfReader

from pix.accounts import identities
from pix.accounts.models import User
from pix.assessment.models import ProfileSummary
from pix.learners.models import Pupil
from pix.organizations.access import Member
from tests.factories.cast import make_pupil, pupil_account
from tests.learners.rolls import AT, adult, school, teammate
from tests.web.orga.test_imports import address, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen() -> Any:
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def head() -> Member:
    return school()


@pytest.fixture
def people(head: Member) -> dict[str, Pupil]:
    home = head.organization
    zoe = pupil_account("Zoé", "Œuvrard", "zoe.oeuvrard2207")
    ProfileSummary.objects.create(user=zoe, certifiable=False, updated_at=AT)
    gar = identities.open_account(provider=identities.GAR, external_id="i", first_name="L", last_name="A", at=AT)
    return {
        "Zoé": make_pupil(home, "Zoé", "Œuvrard", division="10A", ine="1", user=zoe),
        "Éva": make_pupil(home, "Éva", "=Béraud", division="3A", ine="2", user=adult("Éva", "Béraud")),
        "Luc": make_pupil(home, "Luc", "Adam", division="3A", ine="3", user=gar),
        "Noé": make_pupil(home, "Noé", "Zola", division="3A", ine="4"),
    }


def pages(answer: Any) -> list[str]:
    assert answer.headers["Content-Type"] == "application/pdf"
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(answer.content)).pages]


@pytest.mark.proves("C-080")
def test_a_card_a_pupil_a_page_a_class(head: Member, people: dict[str, Pupil]) -> None:
    answer = client_of(teammate(head)).get(address("pupils-cards", head))
    first, second = pages(answer)
    assert first.startswith("Classe 3A Éva =Béraud Classe 3A Connexion avec ton adresse e-mail")
    assert first.index("Éva") < first.index("Luc Adam") < first.index("Noé Zola")
    assert "Luc Adam Classe 3A Connexion par le médiacentre" in first
    assert "Noé Zola Classe 3A Connexion à créer avec le code d'un parcours" in first
    assert "testserver/campagnes" in first
    assert second.startswith("Classe 10A Zoé Œuvrard Classe 10A Identifiant zoe.oeuvrard2207")
    assert "Mot de passe à usage unique" not in first + second
    assert "20261123_cartes.pdf" in answer.headers["Content-Disposition"]


def test_cards_of_those_who_have_just_got_a_password(head: Member, people: dict[str, Pupil]) -> None:
    answer = client_of(head).post(
        address("pupil-passwords", head), {"eleve": [str(people["Zoé"].uuid)], "format": "cartes"}
    )
    (page,) = pages(answer)
    assert "20261123_1000_cartes_acces_eleves.pdf" in answer.headers["Content-Disposition"]
    given = page.split("Mot de passe à usage unique ")[1].split()[0]
    assert User.objects.get(username="zoe.oeuvrard2207").check_password(given)
    assert "testserver/connexion" in page


def test_the_class_sheet(head: Member, people: dict[str, Pupil]) -> None:
    answer = client_of(head).get(address("pupils-sheet", head) + "?classe=3A&classe=10A")
    first, second = pages(answer)
    assert first.startswith("Classe 3A 3 élèves Nom Prénom Date de naissance Identifiant")
    assert second.startswith("Classe 10A 1 élève Nom")
    assert "Œuvrard Zoé 09/03/2013 zoe.oeuvrard2207 Identifiant Non Certifiable 0/5" in second
    answer = client_of(head).get(address("pupils-sheet", head) + "?classe=3A&methode=none")
    (page,) = pages(answer)
    assert "Zola Noé" in page
    assert "Adam" not in page
    assert "20261123_fiche_3A.pdf" in answer.headers["Content-Disposition"]
    assert pages(client_of(head).get(address("pupils-sheet", head) + "?nom=zzzz"))[0].startswith("Aucun élève.")


def test_the_list_in_csv_as_filtered(head: Member, people: dict[str, Pupil]) -> None:
    for number in range(60):
        make_pupil(head.organization, f"P{number:02d}", "Dupont", division="4B", ine=f"1{number}")
    client, place = client_of(head), address("pupils-export", head)
    rows = list(csv.reader(io.StringIO(client.get(place).content.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 1 + 64
    assert rows[0][:5] == ["Nom", "Prénom", "Date de naissance", "Classe", "Méthode(s) de connexion"]
    answer = client.get(place + "?classe=3A&tri=-nom")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))[1:]
    assert [row[:5] for row in rows] == [
        ["Zola", "Noé", "09/03/2013", "3A", "Aucune"],
        ["Adam", "Luc", "09/03/2013", "3A", "Médiacentre"],
        ["'=Béraud", "Éva", "09/03/2013", "3A", "Adresse e-mail"],
    ]
    assert "20261123_eleves_3A.csv" in answer.headers["Content-Disposition"]


def test_files_cost_the_same_at_one_and_three(head: Member, django_assert_num_queries: Any) -> None:
    client = client_of(head)
    for number in (1, 2, 3):
        make_pupil(head.organization, "E", "P", ine=str(number), user=pupil_account("E", "P", f"e.p{number}"))
        if number != 2:
            for name in ("pupils-export", "pupils-sheet", "pupils-cards"):
                with django_assert_num_queries(5):
                    client.get(address(name, head))


def test_an_earlier_year_gives_no_username_of_who_left(head: Member, people: dict[str, Pupil]) -> None:
    from pix.learners.models import Enrolment

    Pupil.objects.filter(pk=people["Zoé"].pk).update(active=False)
    Enrolment.objects.create(pupil=people["Zoé"], school_year="2025-2026", division="4A")
    (page,) = pages(client_of(head).get(address("pupils-sheet", head) + "?annee=2025-2026"))
    assert "Classe 4A" in page
    assert "zoe.oeuvrard2207" not in page
