"""« Gérer le compte », passwords of a selection and correction of a name, on screen."""

import csv
import io
import re
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from lxml import html

from pix.accounts import identities
from pix.accounts.models import SignInFailures, User
from pix.learners.models import Pupil
from pix.organizations.access import Member
from pix.organizations.enums import GAR
from pix.organizations.models import Organization
from tests.factories.cast import make_pupil, pupil_account
from tests.learners.rolls import AT, adult, school, teammate
from tests.web.orga.test_imports import address, client_of, text_of

pytestmark = pytest.mark.django_db
ONE_TIME = re.compile("[a-hjkmnp-z]{6}[2-9]{2}")


@pytest.fixture(autouse=True)
def frozen() -> Any:
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def head() -> Member:
    return school()


@pytest.fixture
def emma(head: Member) -> Pupil:
    account = pupil_account("Emma", "Pix", "emma.pix0903")
    return make_pupil(head.organization, "Emma", "Pix", division="3A", ine="1", user=account)


@pytest.fixture
def noe(head: Member) -> Pupil:
    """Known by the médiacentre only."""
    account = identities.open_account(
        provider=identities.GAR, external_id="ido", first_name="Noé", last_name="Durand", at=AT
    )
    return make_pupil(head.organization, "Noé", "Durand", division="3A", ine="2", user=account)


def names_of(page: Any) -> list[str]:
    return [one.text_content().strip() for one in html.fromstring(page.content).xpath("//main//button|//main//a")]


@pytest.mark.proves("E-046")
def test_the_account_and_its_copy_buttons(head: Member, emma: Pupil) -> None:
    User.objects.filter(pk=emma.user_id).update(email="emma@famille.test")
    for place in (address("pupil-account", head, pupil=emma.uuid), address("pupil", head, pupil=emma.uuid)):
        page = client_of(teammate(head)).get(place)
        assert "Gestion du compte Pix de l'élève" in text_of(page)
        assert html.fromstring(page.content).xpath("//@data-copy") == ["emma@famille.test", "emma.pix0903"]
        assert "Réinitialiser le mot de passe" in names_of(page)
        assert "Ajouter l'identifiant" not in names_of(page)
        ways = html.fromstring(page.content).xpath("//*[text()='Méthodes de connexion']")
        assert [one.tag for one in ways] == ["h2" if place.endswith("compte") else "h3"]


@pytest.mark.proves("E-046")
def test_the_password_is_shown_once(head: Member, emma: Pupil) -> None:
    client = client_of(teammate(head))
    page = client.post(address("pupil-password", head, pupil=emma.uuid))
    words = text_of(page)
    assert "Nouveau mot de passe à usage unique" in words
    assert "Pix lui demande d'en choisir un nouveau." in words
    given = ONE_TIME.search(html.fromstring(page.content).xpath("//*[@class='one-time']")[0].text)
    assert given is not None
    assert page.headers["Cache-Control"] == "no-store, private"
    assert User.objects.get(pk=emma.user_id).check_password(given[0])
    assert given[0] not in client.get(address("pupil-account", head, pupil=emma.uuid)).content.decode()


def test_a_pupil_of_the_mediacentre_gets_a_username(head: Member, noe: Pupil) -> None:
    client = client_of(head)
    page = client.get(address("pupil-account", head, pupil=noe.uuid))
    assert "Réinitialiser le mot de passe" not in names_of(page)
    assert client.post(address("pupil-password", head, pupil=noe.uuid)).status_code == 403
    page = client.post(address("pupil-username", head, pupil=noe.uuid))
    assert "noe.durand0903" in text_of(page)
    given = html.fromstring(page.content).xpath("//*[@class='one-time']")[0].text
    assert ONE_TIME.fullmatch(given)
    assert client.post(address("pupil-username", head, pupil=noe.uuid)).status_code == 403


def test_a_blocked_account_is_opened(head: Member, emma: Pupil) -> None:
    client, place = client_of(head), address("pupil-account", head, pupil=emma.uuid)
    assert "Débloquer le compte" not in names_of(client.get(place))
    SignInFailures.objects.create(user_id=emma.user_id, count=50, blocked_at=AT)
    assert "Débloquer le compte" in names_of(client.get(place))
    page = client.post(address("pupil-unblock", head, pupil=emma.uuid), follow=True)
    assert "Le compte est débloqué" in text_of(page)
    assert not SignInFailures.objects.exists()


def test_what_is_not_there_or_not_theirs(head: Member, emma: Pupil) -> None:
    stranger = school(uai="0999002B")
    alone = make_pupil(head.organization, "Sans", "Compte", ine="7")
    left = make_pupil(head.organization, "Luc", "Adam", ine="8", user=pupil_account("L", "A", "l.a1"))
    Pupil.objects.filter(pk=left.pk).update(active=False)
    for pupil in (alone, left):
        assert client_of(head).get(address("pupil-account", head, pupil=pupil.uuid)).status_code == 404
        for verb in ("pupil-password", "pupil-username", "pupil-unblock"):
            assert client_of(head).post(address(verb, head, pupil=pupil.uuid)).status_code == 404
    for verb in ("pupil-password", "pupil-username", "pupil-unblock"):
        assert client_of(stranger).post(address(verb, stranger, pupil=emma.uuid)).status_code == 404
        assert client_of(head).get(address(verb, head, pupil=emma.uuid)).status_code == 405
    page = client_of(head).get(address("pupil", head, pupil=left.uuid))
    assert "Gérer le compte" not in names_of(page)
    assert "n'est plus dans la base élèves" in text_of(page)


def test_the_account_of_a_colleague_is_not_reset(head: Member) -> None:
    bob = teammate(head)
    pupil = make_pupil(head.organization, "Bob", "Diallo", ine="9", user=bob.user)
    page = client_of(head).get(address("pupil-account", head, pupil=pupil.uuid))
    assert "Ce compte est celui d'un membre d'une équipe" in text_of(page)
    assert client_of(head).post(address("pupil-password", head, pupil=pupil.uuid)).status_code == 403


# --- a selection ---


def test_boxes_belong_to_the_bar(head: Member, emma: Pupil, noe: Pupil) -> None:
    page = html.fromstring(client_of(head).get(address("pupils", head)).content)
    boxes = page.xpath("//input[@form='selection' and @name='eleve']")
    assert [one.get("value") for one in boxes] == [str(noe.uuid), str(emma.uuid)]
    assert [one.get("aria-label") for one in boxes] == ["Sélectionner Noé Durand", "Sélectionner Emma Pix"]
    bar = page.xpath("//form[@id='selection']")[0]
    assert (bar.get("method"), bar.get("action")) == ("get", address("pupil-passwords", head))
    assert bar.get("data-several") == "{count} élèves sélectionnés"
    assert page.xpath("//input[@data-select-all='selection']/@aria-label") == ["Sélectionner toute la colonne"]


@pytest.mark.proves("E-047")
def test_the_file_to_hand_out(head: Member, emma: Pupil) -> None:
    zoe = make_pupil(head.organization, "Zoé", "D'Aubigné", division="10A", ine="4", user=adult("Zoé", "D'Aubigné"))
    alone = make_pupil(head.organization, "Sans", "Compte", ine="7")
    client, place = client_of(teammate(head)), address("pupil-passwords", head)
    uuids = [str(one.uuid) for one in (zoe, alone, emma)]
    page = client.get(place, {"eleve": uuids})
    assert "2 élèves reçoivent un mot de passe à usage unique" in text_of(page)
    assert "Sans Compte (5A) : Pas de compte relié à l'établissement" in text_of(page)
    served = html.fromstring(page.content).xpath("//input[@name='eleve']/@value")
    assert served == [str(emma.uuid), str(zoe.uuid)]
    answer = client.post(place, {"eleve": served})
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="20261123_1000_mots_de_passe_eleves.csv"' in answer.headers["Content-Disposition"]
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in answer.content
    text = answer.content.decode("utf-8-sig")
    assert text.splitlines()[0].replace('"', "") == "Classe;Nom;Prénom;Identifiant;Mot de passe"
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))[1:]
    assert [row[:4] for row in rows] == [
        ["3A", "Pix", "Emma", "emma.pix0903"],
        ["10A", "D'Aubigné", "Zoé", "zoe.daubigne0903"],
    ]
    for row in rows:
        assert User.objects.get(username=row[3]).check_password(row[4])
    done = "La réinitialisation des mots de passe des élèves sélectionnés a été effectuée."
    assert done in text_of(client.get(address("pupils", head)))


def test_the_script_says_it_itself(head: Member, emma: Pupil) -> None:
    client = client_of(head)
    client.post(address("pupil-passwords", head), {"eleve": [str(emma.uuid)]}, headers={"X-Requested-With": "fetch"})
    assert "a été effectuée" not in html.fromstring(client.get(address("pupils", head)).content).text_content()


def test_refusals_change_nothing_and_keep_the_selection(head: Member, emma: Pupil, noe: Pupil) -> None:
    stranger = school(uai="0999002B")
    theirs = make_pupil(stranger.organization, "I", "A", ine="3", user=pupil_account("I", "A", "i.a0101"))
    client, place = client_of(head), address("pupil-passwords", head)
    before = User.objects.get(pk=emma.user_id).password
    page = client.post(place, {"eleve": [str(emma.uuid), str(theirs.uuid)]})
    assert page.status_code == 409
    words = text_of(page)
    assert "Certains des élèves sélectionnés ne figurent plus dans cette organisation. (PUPIL_NOT_IN_SCHOOL)" in words
    assert "Aucun mot de passe n'a été changé." in words
    assert html.fromstring(page.content).xpath("//input[@name='eleve']/@value") == [str(emma.uuid)]
    Organization.objects.filter(pk=head.organization.pk).update(identity_provider=GAR)
    page = client.post(place, {"eleve": [str(emma.uuid), str(noe.uuid)]})
    assert page.status_code == 409
    assert "n'ont plus d'identifiant" in text_of(page)
    page = client.get(place, {"eleve": [str(emma.uuid), str(noe.uuid)]})
    assert "Noé Durand (3A) : Pas d'identifiant" in text_of(page)
    assert User.objects.get(pk=emma.user_id).password == before


def test_nobody_or_too_many(head: Member, emma: Pupil) -> None:
    client, place = client_of(head), address("pupil-passwords", head)
    assert "Sélectionnez au moins un élève dans la liste." in text_of(client.get(place))
    assert client.post(place, {"eleve": ["x"]}).status_code == 422
    page = client.post(place, {"eleve": [str(uuid4()) for _ in range(101)]})
    assert page.status_code == 422
    assert "Au plus 100 élèves à la fois" in text_of(page)


def test_the_confirmation_costs_the_same_at_one_and_three(head: Member, django_assert_num_queries: Any) -> None:
    client, place = client_of(head), address("pupil-passwords", head)
    uuids = []
    for number in (1, 2, 3):
        row = make_pupil(head.organization, "E", "P", ine=str(number), user=pupil_account("E", "P", f"e.p{number}"))
        uuids.append(str(row.uuid))
        if number != 2:
            with django_assert_num_queries(5):
                client.get(place, {"eleve": uuids})


# --- the name ---


@pytest.mark.proves("T-021")
def test_the_name_is_corrected_by_an_administrator(head: Member, emma: Pupil) -> None:
    place = address("pupil-name", head, pupil=emma.uuid)
    bob = client_of(teammate(head))
    assert bob.get(place).status_code == 403
    assert "Corriger le nom" not in names_of(bob.get(address("pupil", head, pupil=emma.uuid)))
    client = client_of(head)
    assert "Corriger le nom" in names_of(client.get(address("pupil", head, pupil=emma.uuid)))
    page = client.post(place, {"first_name": "Emma-Lou", "last_name": " "})
    assert page.status_code == 422
    assert "Écrivez le nom de l'élève." in text_of(page)
    assert 'value="Emma-Lou"' in page.content.decode()
    page = client.post(place, {"first_name": "Emma-Lou", "last_name": "D'Œillet"}, follow=True)
    assert "Emma-Lou D'Œillet" in text_of(page)
    assert "Le nom de l'élève a été corrigé." in text_of(page)
