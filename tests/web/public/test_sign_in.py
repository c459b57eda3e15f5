"""The sign-in form, as an adult with an address and as a pupil with a username."""

import pytest
from django.test import Client
from lxml import html

from pix.accounts.models import Session
from tests.factories.cast import PASSWORD, Cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("login", ["emma.pix0903", "EMMA.Pix0903"])
def test_a_pupil_signs_in_with_a_username_and_is_asked_for_no_address(cast: Cast, login: str) -> None:
    client = Client()
    response = client.post("/connexion", {"login": login, "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, "/espaces")
    assert Session.objects.get(user=cast.emma)
    assert client.get("/accueil").status_code == 200


def test_an_adult_whose_address_is_proved_enters_the_school(cast: Cast) -> None:
    client = Client()
    response = client.post("/connexion", {"login": "ALICE@college.test", "password": PASSWORD}, follow=True)
    assert response.redirect_chain[-1][0] == f"/orga/{cast.school.uuid}/"


def test_after_signing_in_the_page_asked_for_opens(cast: Cast) -> None:
    client = Client()
    asked = client.get("/mes-parcours")
    assert asked["Location"] == "/connexion?next=/mes-parcours"
    form = client.get(asked["Location"]).content.decode()
    assert 'name="next" value="/mes-parcours"' in form
    response = client.post("/connexion", {"login": "emma.pix0903", "password": PASSWORD, "next": "/mes-parcours"})
    assert response["Location"] == "/mes-parcours"


@pytest.mark.proves("A-003")
def test_the_sign_in_page_has_what_the_guide_shows() -> None:
    page = html.fromstring(Client().get("/connexion").content.decode())
    form = page.xpath("//main//form[@action='/connexion']")[0]
    assert [label.text_content().strip() for label in form.xpath(".//label")][:2] == [
        "Adresse e-mail ou identifiant",
        "Mot de passe",
    ]
    assert "Je me connecte" in form.xpath(".//button[@type='submit']")[-1].text_content()
    assert page.xpath("//main//a[@href='/mot-de-passe-oublie']")
    assert "Connectez-vous" in page.xpath("//h1")[0].text_content()
