"""French first; English when asked, kept on this browser, whatever the browser is set to."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import translation

from pix.web.jinja import french_instant, french_number, long_instant, plural
from tests.factories.cast import PASSWORD, Cast, busy_cast

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


def test_a_question_speaks_french_inside_a_page_in_english() -> None:
    """The bank stays French and says so; the words of the page's script are the reader's."""
    cast = busy_cast()
    emma = cast.client("pupil")
    place = f"/parcours/{cast.ids['run']}/questions/3"
    french = emma.get(place).content.decode()
    assert '<div class="instruction prose">' in french
    assert 'data-cut="La connexion est coupée.' in french
    emma.cookies["language"] = "en"
    english = emma.get(place).content.decode()
    assert '<div class="instruction prose" lang="fr">' in english
    assert 'data-cut="The connection is lost.' in english
    assert "<span>Confirm</span>" in english


def test_dates_and_numbers_follow() -> None:
    at = datetime(2026, 3, 4, 13, 5, tzinfo=UTC)
    with translation.override("fr"):
        assert (french_instant(at), long_instant(at)) == ("04/03/2026 à 14:05", "4 mars 2026 14:05")
        assert (french_number(1234.5, 1), plural("élève", "élèves", 0)) == ("1\u202f234,5", "élève")
    with translation.override("en"):
        assert (french_instant(at), long_instant(at)) == ("04/03/2026 at 14:05", "4 March 2026 14:05")
        assert (french_number(1234.5, 1), plural("élève", "élèves", 0)) == ("1,234.5", "pupils")


def enter(client: Client, login: str = "alice@college.test") -> Any:
    return client.post("/connexion", {"login": login, "password": PASSWORD})


@pytest.mark.proves("T-042")
def test_the_choice_follows_the_account_from_one_browser_to_another(cast: Cast) -> None:
    client = Client()
    enter(client)
    assert "language" not in client.cookies  # never chosen: the browser's own choice holds
    client.post("/langue", {"language": "en", "next": "/mon-compte"})
    cast.alice.refresh_from_db()
    assert cast.alice.language == "en"

    other = Client()
    assert other.get("/connexion")["Content-Language"] == "fr"
    cookie = enter(other).cookies["language"]
    assert (cookie.value, bool(cookie["httponly"]), cookie["samesite"]) == ("en", True, "Lax")
    assert other.get("/mon-compte")["Content-Language"] == "en"
    # The next one on the same computer has a language of their own.
    other.post("/deconnexion")
    cast.bob.language = "fr"
    cast.bob.save()
    assert enter(other, "bob@college.test").cookies["language"].value == "fr"


def test_a_choice_made_by_nobody_changes_no_account(cast: Cast) -> None:
    client = Client()
    client.post("/langue", {"language": "en", "next": "/"})
    enter(client)
    cast.alice.refresh_from_db()
    assert (cast.alice.language, client.cookies["language"].value) == ("", "en")


def test_an_unknown_language_is_kept_nowhere(cast: Cast) -> None:
    client = cast.client("admin")
    client.post("/langue", {"language": "xx", "next": "/"})
    cast.alice.refresh_from_db()
    assert cast.alice.language == ""
    cast.alice.language = "xx"
    with pytest.raises(IntegrityError):
        cast.alice.save()


def test_it_asks_nothing_of_the_database(django_assert_num_queries: object) -> None:
    client = Client()
    client.cookies["language"] = "en"
    with django_assert_num_queries(0):  # type: ignore[operator]
        client.get("/mentions-legales")
