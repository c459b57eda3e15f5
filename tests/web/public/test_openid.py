"""The way in from an OpenID Connect provider, against a real one running beside (schools 10.2)."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
import time_machine
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from lxml import html
from oidc_provider_mock import User as Claims
from oidc_provider_mock import run_server_in_thread

from pix.accounts import openid
from pix.accounts.models import Session, SignInMethod, User
from pix.audit.models import Event
from tests.factories.cast import AT, PASSWORD, Cast

pytestmark = [
    pytest.mark.django_db,
    # The provider for tests calls its own library by an older name.
    pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning"),
]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    claims = {"given_name": "Zoé", "family_name": "L'Hôte", "email": "alice@college.test", "email_verified": True}
    with run_server_in_thread(user_claims=[Claims(sub="zoe", claims=claims)]) as running:
        yield f"http://localhost:{running.server_port}"


@pytest.fixture(autouse=True)
def provider(server: str, db: None) -> None:
    cache.clear()
    openid.add_provider(key="fwb", name="Fédération", server_url=server, client_id="pix", secret="secret", at=AT)


def words(response: Any) -> str:
    return " ".join(html.fromstring(response.content.decode()).text_content().split())


def leave(client: Client) -> str:
    """Click on the button: the address at the provider."""
    response = client.get("/fournisseur/fwb")
    assert response.status_code == 302
    return str(response["Location"])


def consent(place: str, sub: str = "zoe") -> str:
    """At the provider: says yes, and is sent back to an address of ours."""
    answer = requests.post(place, data={"sub": sub}, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"]).removeprefix("http://testserver")


def visit(client: Client, sub: str = "zoe") -> Any:
    back = consent(leave(client), sub)
    page = client.get(back)
    assert page.status_code == 200
    form = html.fromstring(page.content.decode()).xpath("//form[@data-post-now]")[0]
    return client.post(form.get("action"))


def test_the_sign_in_page_has_a_button_for_each_provider(client: Client) -> None:
    page = client.get("/connexion")
    link = html.fromstring(page.content.decode()).xpath("//a[@href='/fournisseur/fwb']")[0]
    assert " ".join(link.text_content().split()) == "Se connecter avec Fédération"
    assert Event.objects.get(verb="accounts.add_provider").target == "fwb"
    with pytest.raises(ValueError, match="key"):
        openid.add_provider(key="fwb", name="Bis", server_url="http://x.test", client_id="a", secret="b", at=AT)


def test_a_new_identity_may_open_an_account(client: Client) -> None:
    response = visit(client)
    assert (response.status_code, response["Location"]) == (302, "/fournisseur/fwb/compte")
    assert not SignInMethod.objects.exists()
    page = client.get(response["Location"])
    assert html.fromstring(page.content.decode()).xpath("//input[@name='last_name']/@value") == ["L'Hôte"]
    missing = client.post(response["Location"], {"choice": "create", "first_name": " ", "last_name": "Autre"})
    assert missing.status_code == 422
    assert "Votre prénom n'est pas renseigné." in words(missing)
    assert "Vous devez accepter les conditions d'utilisation" in words(missing)
    assert 'value="Autre"' in missing.content.decode()
    sent = {"choice": "create", "first_name": "Zoé", "last_name": "L'Hôte", "terms": "on"}
    assert client.post(response["Location"], sent).status_code == 302
    user = User.objects.get(methods__provider="oidc:fwb", methods__external_id="zoe")
    assert (user.first_name, user.last_name, user.email, user.has_usable_password()) == ("Zoé", "L'Hôte", None, False)
    assert user.terms_accepted_at is not None
    assert client.get("/accueil").status_code == 200
    again = Client()
    assert visit(again)["Location"] == "/espaces"
    row = Session.objects.get(session_key=again.session.session_key)
    assert row.user == user
    assert 6.9 < (row.expire_date - row.created_at).total_seconds() / 86400 <= 7.001
    assert User.objects.filter(methods__isnull=False).count() == 1


def test_or_be_linked_with_an_account_by_its_password(cast: Cast) -> None:
    """The address that the provider tells proves nothing here: the password does."""
    client = Client()
    place = visit(client)["Location"]
    assert client.get("/accueil").status_code == 302
    wrong = client.post(place, {"choice": "link", "login": "alice@college.test", "password": "Faux1234"})
    assert wrong.status_code == 422
    assert "sont incorrects" in words(wrong)
    right = client.post(place, {"choice": "link", "login": "alice@college.test", "password": PASSWORD})
    assert right.status_code == 302
    assert SignInMethod.objects.get().user == cast.alice
    assert visit(Client())["Location"] == "/espaces"


def test_a_second_factor_is_asked_for_whoever_vouches(cast: Cast) -> None:
    client = Client()
    place = visit(client)["Location"]
    client.post(place, {"choice": "link", "login": "alice@college.test", "password": PASSWORD})
    Authenticator.objects.create(user=cast.alice, type=Authenticator.Type.TOTP, data={"secret": "x"})
    other = Client()
    assert visit(other)["Location"] == "/connexion/code"
    assert other.get("/accueil").status_code == 302


def test_somebody_who_was_signed_in_before_is_not_linked(cast: Cast) -> None:
    client = cast.client("pupil")
    assert visit(client)["Location"] == "/fournisseur/fwb/compte"
    assert client.get("/accueil").status_code == 302
    assert not SignInMethod.objects.exists()


def test_the_exchange_lasts_nineteen_minutes(client: Client) -> None:
    for minutes, status in ((18.9, 302), (19.1, 400)):
        other = Client()
        with time_machine.travel(AT) as world:
            back = consent(leave(other))
            world.shift(minutes * 60)
            assert other.post(back).status_code == status


@pytest.mark.parametrize("query", ["", "?state=x&code=y", "?error=access_denied&state=x"])
def test_an_answer_that_nobody_asked_for(client: Client, query: str) -> None:
    response = client.post(f"/fournisseur/fwb/retour{query}")
    assert response.status_code == 400
    assert "La connexion n'a pas abouti" in words(response)


def test_the_answer_of_another_browser(client: Client) -> None:
    back = consent(leave(client))
    assert Client().post(back).status_code == 400
    assert client.post(back).status_code == 302
    assert client.post(back).status_code == 400


def test_without_an_exchange_there_is_nothing_to_choose(client: Client) -> None:
    assert client.get("/fournisseur/fwb/compte")["Location"] == "/connexion"
    assert client.get("/fournisseur/inconnu/compte").status_code == 404
    assert client.get("/fournisseur/inconnu").status_code == 404


def test_an_hour_later_one_begins_again(client: Client) -> None:
    with time_machine.travel(AT) as world:
        place = visit(client)["Location"]
        world.shift(3600)
        assert client.get(place).status_code == 401
