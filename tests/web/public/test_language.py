"""French first; English when asked, kept on this browser, whatever the browser is set to."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_french_whatever_the_browser_says() -> None:
    response = Client(headers={"accept-language": "en-GB,en;q=0.9"}).get("/connexion")
    assert response["Content-Language"] == "fr"
    assert '<html lang="fr"' in response.content.decode()
    assert "Connectez-vous" in response.content.decode()


@pytest.mark.proves("T-042")
def test_english_and_back() -> None:
    client = Client()
    response = client.post("/langue", {"language": "en", "next": "/connexion?next=/accueil"})
    assert (response.status_code, response["Location"]) == (302, "/connexion?next=/accueil")
    page = client.get("/connexion")
    text = page.content.decode()
    assert page["Content-Language"] == "en"
    assert '<html lang="en"' in text
    assert "<h1>Sign in</h1>" in text
    assert "Connectez-vous" not in text
    client.post("/langue", {"language": "fr", "next": "/"})
    assert "<h1>Connectez-vous</h1>" in client.get("/connexion").content.decode()


def test_the_texts_set_once_for_all_pages_change_too() -> None:
    """Names of domains and states stand in dictionaries of the components, made once for all pages."""
    from django.template import engines
    from django.utils import translation

    from_string = engines["jinja2"].from_string  # type: ignore[attr-defined]
    template = from_string('{% import "ui/components.html" as ui %}{{ ui.outcome("right") }}')
    with translation.override("fr"):
        assert "Bonne réponse" in template.render()
    with translation.override("en"):
        assert "Correct answer" in template.render()


@pytest.mark.parametrize("place", ["https://ailleurs.test/", "//ailleurs.test", "javascript:alert(1)", ""])
def test_the_switch_leads_nowhere_else(place: str) -> None:
    response = Client().post("/langue", {"language": "en", "next": place}, headers={"referer": place})
    assert response["Location"] == "/"


def test_an_unknown_language_changes_nothing() -> None:
    client = Client()
    response = client.post("/langue", {"language": "xx", "next": "/"})
    assert "language" not in response.cookies
    client.cookies["language"] = "xx"
    assert client.get("/connexion")["Content-Language"] == "fr"


def test_it_asks_nothing_of_the_database(django_assert_num_queries: object) -> None:
    client = Client()
    client.cookies["language"] = "en"
    with django_assert_num_queries(0):  # type: ignore[operator]
        client.get("/connexion")
