"""Legal pages, help, statement of accessibility, site map: complete, linked from everywhere, honest about what is missing."""

import re
from typing import Any

import pytest
from django.test import Client

from pix.accounts import legal
from pix.web.public.accessibility import SENTENCES
from tests.factories.cast import Cast, busy_cast

pytestmark = pytest.mark.django_db
PAGES = {
    "/mentions-legales": "Mentions légales",
    "/donnees-personnelles": "Données personnelles",
    "/conditions-utilisation": "Conditions générales d&#39;utilisation",
    "/accessibilite": "Accessibilité",
    "/plan-du-site": "Plan du site",
    "/aide": "Aide et contact",
}
OPERATOR = {
    "PIX_OPERATOR_NAME": "Académie de Brumeville",
    "PIX_OPERATOR_ADDRESS": "1 place du Phare, 99000 Brumeville",
    "PIX_OPERATOR_EMAIL": "aide@ac-brumeville.test",
    "PIX_OPERATOR_PHONE": "",
    "PIX_PUBLISHER": "Le recteur",
    "PIX_HOST_COMPANY": "Hébergeur académique, Brumeville",
    "PIX_DPO_EMAIL": "dpd@ac-brumeville.test",
}


def page(path: str, client: Client | None = None) -> str:
    response = (client or Client()).get(path)
    assert response.status_code == 200
    return response.content.decode()


def links_of_foot(text: str) -> list[str]:
    foot = re.search(r"<footer.*?</footer>", text, re.DOTALL)
    return re.findall(r'<a href="([^"]+)"', foot[0]) if foot else []


@pytest.mark.proves("T-007", "T-006")
@pytest.mark.parametrize(("path", "title"), PAGES.items())
def test_each_page_is_open_to_all_and_links_the_others(path: str, title: str, settings: Any) -> None:
    text = page(path)
    assert re.search(rf"<h1>{title}</h1>", text)
    assert links_of_foot(text) == list(PAGES)


@pytest.mark.proves("T-006", "T-007")
def test_the_links_stand_on_every_space_but_not_under_a_question() -> None:
    cast: Cast = busy_cast()
    emma, alice = cast.client("pupil"), cast.client("admin")
    for path, client in (
        ("/accueil", emma),
        ("/campagnes", emma),
        (f"/orga/{cast.school.uuid}/", alice),
        ("/connexion", Client()),
        ("/recuperer-mon-compte", Client()),
    ):
        assert set(PAGES) <= set(links_of_foot(page(path, client))), path
    question = page(f"/parcours/{cast.ids['run']}/questions/3", emma)
    assert links_of_foot(question) == []


@pytest.mark.urls("tests.house.urls")
@pytest.mark.parametrize("path", ["/mentions-legales", "/donnees-personnelles", "/conditions-utilisation"])
def test_what_the_operator_has_not_given_is_said(path: str, settings: Any) -> None:
    settings.OPERATOR = dict.fromkeys(OPERATOR, "")
    text = page(path)
    assert "à compléter par l&#39;exploitant" in text
    assert "Document incomplet" in text
    assert "PIX_OPERATOR_NAME" not in text
    settings.DEMO = True
    assert "PIX_OPERATOR_NAME" in page(path)
    settings.DEMO = False
    settings.OPERATOR = OPERATOR
    text = page(path)
    assert "à compléter" not in text
    assert "Document incomplet" not in text
    assert "Académie de Brumeville" in text


def test_the_texts_say_who_how_long_and_how_to_complain(settings: Any) -> None:
    settings.OPERATOR = OPERATOR
    privacy = page("/donnees-personnelles")
    for said in ("dpd@ac-brumeville.test", "Combien de temps", "CNIL", 'id="droits"', "7 jours au plus", "un an"):
        assert said in privacy
    terms = page("/conditions-utilisation")
    assert [f'id="{space}"' in terms for space in legal.TERMS] == [True, True, True]
    assert f"{max(legal.TERMS.values()):%d/%m/%Y}" in terms
    assert "aide@ac-brumeville.test" in page("/aide")


@pytest.mark.proves("T-006")
def test_the_statement_of_accessibility_claims_only_what_tests_verify(monkeypatch: pytest.MonkeyPatch) -> None:
    from pix.web.public import accessibility

    text = page("/accessibilite")
    assert "Partiellement conforme" in text
    assert "Aucun audit" in text
    assert "Défenseur des droits" in text
    monkeypatch.setattr(accessibility, "_facts", lambda: {"criteria": ["T-005"], "pages": ["/"]})
    text = page("/accessibilite")
    checked, unchecked = text.split('id="non-verifie"')
    assert str(SENTENCES["T-005"]) in checked
    assert str(SENTENCES["T-003"]) in unchecked
    assert "1 page est ouverte" in text
