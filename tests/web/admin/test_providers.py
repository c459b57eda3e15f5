"""The staff adds and disables OpenID Connect providers (schools 10.2)."""

import pytest
from django.test import Client

from pix.accounts import openid
from pix.audit.models import Event
from tests.factories.cast import AT, Cast
from tests.factories.together import together
from tests.web.team.test_team_pages import words

PLACE = "/pilotage/fournisseurs"
TYPED = {
    "name": "Fédération", "key": "fwb", "server_url": "https://fwb.test/oidc", "client_id": "pix", "secret": "tres-secret",
}  # fmt: skip


@pytest.mark.django_db
def test_one_more_provider_without_its_secret(cast: Cast) -> None:
    client = cast.client("staff")
    assert "Aucun fournisseur" in words(client.get(PLACE))
    page = client.post(PLACE, TYPED, follow=True)
    assert "Le fournisseur est ajouté." in words(page)
    assert "https://fwb.test/oidc" in words(page)
    assert "tres-secret" not in page.content.decode()
    assert "Se connecter avec Fédération" in words(Client().get("/connexion"))
    line = Event.objects.get(verb="accounts.add_provider")
    assert (line.actor, line.target) == (str(cast.stan.uuid), "fwb")
    assert "tres-secret" not in str(line.meta)


@pytest.mark.django_db
def test_what_is_wrong_is_said_and_what_was_typed_stays_but_the_secret(cast: Cast) -> None:
    client = cast.client("staff")
    page = client.post(PLACE, {**TYPED, "server_url": "http://fwb.test"})
    assert page.status_code == 422
    assert "Indiquez une adresse qui commence par https://." in words(page)
    assert 'value="Fédération"' in page.content.decode()
    assert "tres-secret" not in page.content.decode()
    client.post(PLACE, TYPED)
    twice = client.post(PLACE, TYPED)
    assert twice.status_code == 422
    assert "Ce mot court est déjà pris." in words(twice)
    assert len(openid.all_providers()) == 1


@pytest.mark.django_db
def test_a_disabled_provider_lets_nobody_in(cast: Cast) -> None:
    client = cast.client("staff")
    client.post(PLACE, TYPED)
    for _click in range(2):
        page = client.post(f"{PLACE}/fwb/etat", {"disable": "1"}, follow=True)
    assert "Désactivé" in words(page)
    assert "Fédération" not in words(Client().get("/connexion"))
    for address in ("/fournisseur/fwb", "/fournisseur/fwb/retour", "/fournisseur/fwb/compte"):
        assert Client().get(address).status_code == 404, address
    assert Event.objects.filter(verb="accounts.disable_provider", actor=str(cast.stan.uuid)).count() == 1
    client.post(f"{PLACE}/fwb/etat", {"enable": "1"})
    assert "Se connecter avec Fédération" in words(Client().get("/connexion"))
    assert Event.objects.filter(verb="accounts.enable_provider").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["pupil", "member", "admin", "other_admin"])
def test_the_page_does_not_exist_for_others(cast: Cast, role: str) -> None:
    openid.add_provider(key="fwb", name="F", server_url="https://f.test", client_id="a", secret="b", at=AT)
    client = cast.client(role)
    assert client.get(PLACE).status_code == 404
    assert client.post(PLACE, TYPED | {"key": "autre"}).status_code == 404
    assert client.post(f"{PLACE}/fwb/etat", {"disable": "1"}).status_code == 404
    assert [one.key for one in openid.providers()] == ["fwb"]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_take_a_key_once() -> None:
    def add() -> None:
        openid.add_provider(key="fwb", name="F", server_url="https://f.test", client_id="a", secret="b", at=AT)

    results = together(add, add)
    assert sorted(isinstance(one, ValueError) for one in results) == [False, True]
    assert len(openid.all_providers()) == 1
