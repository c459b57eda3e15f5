"""The way in from the médiacentre, as browsers live it: departure, return, sign-out (schools 10.1)."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test import Client
from lxml import html

from pix.accounts import identities
from pix.accounts.models import Session, SignInMethod, User
from pix.web.demo import identity_provider as idp
from tests.factories.cast import AT, PASSWORD, Cast
from tests.factories.together import together
from tests.interop.saml_answers import keys, posted

pytestmark = pytest.mark.django_db
FAILED = "La connexion depuis le médiacentre n'a pas abouti"


@pytest.fixture(autouse=True)
def provider(settings: Any, tmp_path: Path) -> None:
    settings.GAR_METADATA = tmp_path / "metadata.xml"
    settings.GAR_METADATA.write_bytes(idp.metadata(keys(), "https://ent.test/connexion"))


def words(response: Any) -> str:
    return " ".join(html.fromstring(response.content.decode()).text_content().split())


def leave(client: Client, place: str = "") -> tuple[idp.Asked, str]:
    """Click on the tile: the request that reaches the provider, and its state."""
    response = client.get("/saml/connexion", {"next": place} if place else {})
    assert response.status_code == 302
    assert response["Location"].startswith("https://ent.test/connexion?")
    query = parse_qs(urlsplit(response["Location"]).query)
    asked = idp.read_request(query["SAMLRequest"][0])
    assert asked is not None
    return asked, query["RelayState"][0]


def answer_to(asked: idp.Asked, ido: str = "ido-emma", *, first: str = "Emma", last: str = "Pix") -> str:
    from pix.core import clock

    return posted(idp.signed(idp.answer(asked, ido, first, last, at=clock.real_now()), keys()))


def come_back(client: Client, asked: idp.Asked, state: str, **more: str) -> Any:
    return client.post("/saml/acs", {"SAMLResponse": answer_to(asked, **more), "RelayState": state})


def visit(client: Client, **more: str) -> Any:
    return come_back(client, *leave(client), **more)


def known(ido: str = "ido-emma") -> User:
    return identities.open_account(
        provider=identities.GAR, external_id=ido, first_name="Emma", last_name="Ancien", at=AT
    )


# --- in ---


def test_a_known_identity_is_signed_in_for_seven_days() -> None:
    user, client = known(), Client()
    response = visit(client)
    assert (response.status_code, response["Location"]) == (302, "/campagnes")
    assert client.get("/accueil").status_code == 200
    row = Session.objects.get(user=user)
    assert 6.9 < (row.expire_date - Session.objects.get(pk=row.pk).created_at).total_seconds() / 86400 <= 7.001
    assert SignInMethod.objects.get().last_name == "Pix"


@pytest.mark.parametrize("kept", ["__Host-mediacentre", "__Host-mediacentre-old"])
def test_the_answer_comes_from_another_site(settings: Any, kept: str) -> None:
    """A form posted from elsewhere carries none of the usual cookies: the one made for it does, in old Safari its twin."""
    settings.HTTPS = True
    known()
    client = Client(enforce_csrf_checks=True)
    asked, state = leave(client)
    rules = {name: (one["samesite"], one["secure"], one["httponly"], one["max-age"], one["path"], one["domain"])
             for name, one in client.cookies.items() if "mediacentre" in name}  # fmt: skip
    assert rules == {
        "__Host-mediacentre": ("None", True, True, 600, "/", ""),
        "__Host-mediacentre-old": ("", True, True, 600, "/", ""),
    }
    sent = client.cookies[kept].value
    client.cookies.clear()
    client.cookies[kept] = sent
    assert come_back(client, asked, state).status_code == 302
    assert client.get("/accueil").status_code == 200


def test_without_tls_the_cookie_serves_a_provider_of_the_same_site(client: Client) -> None:
    leave(client)
    rule = client.cookies["mediacentre"]
    assert (rule["samesite"], rule["secure"], rule["httponly"]) == ("Lax", "", True)
    assert "__Host-mediacentre" not in client.cookies


def test_nobody_makes_another_browser_enter_as_themselves() -> None:
    """The trap: one's own good answer, with its state, in a page that posts it from the browser of somebody else."""
    known()
    thief, victim = Client(), Client()
    asked, state = leave(thief)
    refused(come_back(victim, asked, state))
    leave(victim)  # a way in of one's own is open: its key is another
    refused(come_back(victim, asked, state))
    victim.cookies["mediacentre"] = ""
    refused(come_back(victim, asked, state))
    assert victim.get("/accueil").status_code == 302
    # Nothing is used up: the browser that asked comes in.
    assert come_back(thief, asked, state).status_code == 302


def test_two_tabs_do_not_close_each_other(client: Client) -> None:
    known()
    first, second = leave(client), leave(client)
    assert come_back(client, *first).status_code == 302
    assert come_back(client, *second).status_code == 302


def test_a_key_that_we_did_not_make_is_replaced(client: Client) -> None:
    client.cookies["mediacentre"] = "choisie"
    leave(client)
    assert len(client.cookies["mediacentre"].value) == 40


def test_an_unknown_identity_waits_on_the_server(client: Client) -> None:
    response = visit(client)
    assert (response.status_code, response["Location"]) == (302, "/campagnes")
    assert "Emma" not in response["Location"]
    assert client.session["pending_identity"]["external_id"] == "ido-emma"
    assert client.get("/accueil").status_code == 302
    assert not User.objects.exists()
    assert {name for name, one in client.cookies.items() if "ido" in one.value or "Emma" in one.value} == set()


def test_the_page_asked_for_is_found_again_unless_it_is_elsewhere() -> None:
    known()
    for place, lands in (
        ("/mes-parcours", "/mes-parcours"),
        ("https://ailleurs.test/", "/campagnes"),
        ("//x.test", "/campagnes"),
    ):
        client = Client()
        assert come_back(client, *leave(client, place))["Location"] == lands


def test_whoever_was_there_before_is_gone(cast: Cast) -> None:
    """A shared computer: the elder sister's sign-in does not receive the younger one's identity."""
    client = cast.client("pupil")
    visit(client, ido="ido-soeur", first="Léa")
    assert client.get("/accueil").status_code == 302
    assert not Session.objects.filter(user=cast.emma).exists()
    assert not SignInMethod.objects.filter(user=cast.emma).exists()


def test_a_closed_account_stays_closed(client: Client) -> None:
    User.objects.filter(pk=known().pk).update(is_active=False)
    assert visit(client)["Location"] == "/compte-ferme"
    assert client.get("/accueil").status_code == 302


# --- refused ---


def refused(response: Any, status: int = 400, text: str = FAILED) -> None:
    assert response.status_code == status
    assert text in words(response)
    assert not Session.objects.filter(user__isnull=False).exists()


def test_an_answer_serves_once(client: Client) -> None:
    known()
    asked, state = leave(client)
    sent = {"SAMLResponse": answer_to(asked), "RelayState": state}
    assert client.post("/saml/acs", sent).status_code == 302
    thief = Client()
    response = thief.post("/saml/acs", sent)
    assert response.status_code == 400
    assert thief.get("/accueil").status_code == 302


def test_an_assertion_serves_once_even_for_a_state_that_lives(client: Client) -> None:
    from pix.accounts.exchanges import Exchange, browser_print, open_exchange
    from pix.core import clock

    known()
    asked, state = leave(client)
    sent = answer_to(asked)
    assert client.post("/saml/acs", {"SAMLResponse": sent, "RelayState": state}).status_code == 302
    browser = browser_print(client.cookies["mediacentre"].value)
    open_exchange(state="again", exchange=Exchange(asked.id, "", browser), at=clock.real_now())
    assert client.post("/saml/acs", {"SAMLResponse": sent, "RelayState": "again"}).status_code == 400
    assert not Session.objects.filter(session_key="again").exists()  # it went as far as the spent assertions


def test_an_answer_that_nobody_asked_for(client: Client) -> None:
    known()
    asked, _state = leave(client)
    for state in ("", "inconnu"):
        refused(come_back(client, asked, state))


def test_the_answer_to_another_exchange(client: Client) -> None:
    known()
    asked, _state = leave(client)
    _asked, state = leave(client)
    refused(come_back(client, asked, state))


def test_an_answer_after_ten_minutes(client: Client) -> None:
    known()
    with time_machine.travel(AT, tick=False) as world:
        asked, state = leave(client)
        world.shift(9 * 60)
        sent = {"SAMLResponse": answer_to(asked), "RelayState": state}
        world.shift(61)
        refused(client.post("/saml/acs", sent))


@pytest.mark.parametrize(
    "sent", [{}, {"SAMLResponse": "%%%"}, {"SAMLResponse": posted(b"<a/>")}], ids=["none", "junk", "xml"]
)
def test_unreadable(client: Client, sent: dict[str, str]) -> None:
    refused(client.post("/saml/acs", sent))
    refused(client.post("/saml/acs", {**sent, "RelayState": leave(client)[1]}))


def test_a_forged_answer_burns_nothing(client: Client) -> None:
    """Somebody else's unsigned answer does not use up the request: the honest one still comes in."""
    known()
    asked, state = leave(client)
    forged = posted(idp._bytes(idp.answer(asked, "ido-emma", "Emma", "Pix", at=AT)))
    refused(Client().post("/saml/acs", {"SAMLResponse": forged, "RelayState": state}))
    assert come_back(client, asked, state).status_code == 302


def test_without_a_first_name(client: Client) -> None:
    refused(visit(client, first=" "), 422, "Le médiacentre n'a pas transmis")
    assert "pending_identity" not in client.session


@pytest.mark.django_db(transaction=True)
def test_the_same_answer_posted_twice_at_once() -> None:
    known()
    client = Client()
    asked, state = leave(client)
    sent = {"SAMLResponse": answer_to(asked), "RelayState": state}

    def post() -> int:
        again = Client()
        again.cookies["mediacentre"] = client.cookies["mediacentre"].value
        return again.post("/saml/acs", sent).status_code

    results = together(post, post)
    assert sorted(results) == [302, 400]


# --- out ---


def test_leaving_leads_to_a_page_of_its_own(client: Client) -> None:
    known()
    visit(client)
    response = client.post("/deconnexion", {"next": "/connexion"})
    assert (response.status_code, response["Location"]) == (302, "/nonconnecte")
    page = client.get("/nonconnecte")
    assert "ouvrez Pix depuis votre médiacentre" in words(page)
    assert "password" not in page.content.decode()
    assert not Session.objects.filter(user__isnull=False).exists()


def test_leaving_after_a_password_is_as_before(cast: Cast) -> None:
    client = Client()
    client.post("/connexion", {"login": "emma.pix0903", "password": PASSWORD})
    assert client.post("/deconnexion").headers["Location"] == "/connexion"


# --- where no provider is set ---


def test_without_a_provider_there_is_no_such_way_in(client: Client, settings: Any) -> None:
    settings.GAR_METADATA = None
    assert client.get("/saml/connexion").status_code == 404
    assert client.post("/saml/acs").status_code == 404
    assert client.get("/saml/metadata.xml")["Content-Type"] == "application/samlmetadata+xml"
