"""``/rejoindre`` on screen: both ways in, another account, and links that no longer open anything."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client

from pix.accounts.models import User
from pix.core import clock
from pix.mailing.models import Mail
from pix.organizations.actions import cancel, invite
from pix.organizations.models import Centre, Invitation
from tests.factories.cast import PASSWORD, Cast
from tests.organizations.making import invitation, roles, write
from tests.web.team.test_team_pages import words

pytestmark = pytest.mark.django_db
INVITED = "zoe@test.test"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def asked(cast: Cast) -> Invitation:
    invite(space=cast.school, emails=[INVITED], by=cast.alice, write=write, at=clock.now())
    return invitation(cast.school, INVITED)


def link(row: Invitation) -> str:
    return f"/rejoindre?invitation={row.uuid}&code={row.code}"


def named(row: Invitation) -> dict[str, str]:
    return {"invitation": str(row.uuid), "code": row.code}


def registering(row: Invitation, **changed: str) -> dict[str, str]:
    fields = {
        "first_name": "Zoé", "last_name": "Abel", "email": INVITED, "password": PASSWORD, "terms": "on", **changed,
    }  # fmt: skip
    return {**named(row), **{f"inscription-{name}": value for name, value in fields.items() if value}}


@pytest.mark.proves("A-030")
def test_the_page_names_the_school_and_shows_two_ways(asked: Invitation) -> None:
    seen = words(Client().get(link(asked)))
    assert "Vous êtes invité(e) à rejoindre l'organisation Collège Simone-Lumière" in seen
    assert "J'ai déjà un compte" in seen
    assert "Je m'inscris" in seen


def test_a_wrong_code_and_an_unknown_number_are_the_same_404(asked: Invitation) -> None:
    for place in (
        f"/rejoindre?invitation={asked.uuid}&code=AAAAAAAAAA",
        "/rejoindre?invitation=01890000-0000-7000-8000-000000000000&code=" + asked.code,
        "/rejoindre?invitation=x",
        "/rejoindre",
    ):
        assert Client().get(place).status_code == 404


@pytest.mark.proves("A-016", "A-031", "A-045")
def test_registering_with_the_invited_address_ends_inside(cast: Cast, asked: Invitation) -> None:
    client = Client()
    before = client.get(link(asked)).cookies
    response = client.post("/rejoindre/inscription", registering(asked, email="ZOE@test.test"), follow=True)
    assert response.request["PATH_INFO"] == f"/orga/{cast.school.uuid}/"
    assert "Vous faites maintenant partie de l'équipe de Collège Simone-Lumière" in words(response)
    zoe = User.objects.get(email=INVITED)
    assert zoe.terms_accepted_at is not None
    assert EmailAddress.objects.get(user=zoe).verified
    assert roles(cast.school)["Zoé"] == "member"
    assert "session" not in before


def test_another_address_must_be_proven_and_the_invitation_waits(cast: Cast, asked: Invitation) -> None:
    client = Client()
    response = client.post("/rejoindre/inscription", registering(asked, email="perso@maison.test"), follow=True)
    assert response.request["PATH_INFO"] == "/verification"
    assert "Zoé" not in roles(cast.school)
    mail = Mail.objects.get(to="perso@maison.test")
    place = next(word for word in mail.text.split() if "/confirmer-mon-adresse/" in word)
    client.post(place.removeprefix("http://testserver"))
    response = client.post("/connexion", {"login": "perso@maison.test", "password": PASSWORD}, follow=True)
    assert response.request["PATH_INFO"] == "/rejoindre"
    assert "Vous utilisez en ce moment le compte de Zoé Abel." in words(response)
    client.post("/rejoindre/accepter", named(asked))
    assert roles(cast.school)["Zoé"] == "member"


def test_what_is_wrong_is_said_and_kept(cast: Cast, asked: Invitation) -> None:
    wrong = registering(asked, email="bob@college.test", password="court", terms="")
    response = Client().post("/rejoindre/inscription", wrong)
    assert response.status_code == 422
    seen = words(response)
    assert "Cette adresse e-mail est déjà enregistrée, connectez-vous." in seen
    assert "Votre mot de passe doit contenir 8 caractères au minimum" in seen
    assert "Vous devez accepter les conditions d'utilisation" in seen
    assert 'value="Abel"' in response.content.decode()
    assert "court" not in response.content.decode().replace("raccourci", "")
    assert not User.objects.filter(last_name="Abel").exists()


@pytest.mark.proves("A-017", "A-031")
def test_signing_in_joins_the_existing_account(cast: Cast, asked: Invitation) -> None:
    client = Client()
    client.get(link(asked))
    given = {**named(asked), "login": "charlie@galets.test", "password": PASSWORD}
    response = client.post("/rejoindre/connexion", given, follow=True)
    assert response.request["PATH_INFO"] == f"/orga/{cast.school.uuid}/"
    assert roles(cast.school)["Charlie"] == "member"
    # The school that was just joined is the one that the next sign-in opens.
    assert cast.client("other_admin").get("/orga/").headers["Location"] == f"/orga/{cast.school.uuid}/"


def test_a_wrong_password_joins_nothing(cast: Cast, asked: Invitation) -> None:
    given = {**named(asked), "login": "charlie@galets.test", "password": "Faux12345"}
    response = Client().post("/rejoindre/connexion", given)
    assert response.status_code == 401
    assert "L'adresse e-mail et/ou le mot de passe saisis sont incorrects." in words(response)
    assert 'value="charlie@galets.test"' in response.content.decode()
    assert "Charlie" not in roles(cast.school)


def test_whoever_is_signed_in_says_with_which_account(cast: Cast, asked: Invitation) -> None:
    client = cast.client("pupil")
    seen = words(client.get(link(asked)))
    assert "Vous utilisez en ce moment le compte de Emma Pix." in seen
    assert "Utiliser un autre compte" in seen
    response = client.post("/rejoindre/autre-compte", named(asked), follow=True)
    assert "J'ai déjà un compte" in words(response)
    assert "Emma" not in roles(cast.school)


@pytest.mark.proves("A-015")
def test_the_link_works_once(cast: Cast, asked: Invitation) -> None:
    client = cast.client("other_admin")
    assert client.post("/rejoindre/accepter", named(asked)).status_code == 302
    twice = client.post("/rejoindre/accepter", named(asked))
    assert twice.status_code == 409
    assert "L'invitation a déjà été acceptée ou annulée." in words(twice)
    again: Any = Client().get(link(asked), follow=True)
    assert again.request["PATH_INFO"] == "/connexion"
    assert "Cette invitation a déjà été acceptée." in words(again)


def test_a_member_is_told_that_nothing_changed(cast: Cast, asked: Invitation) -> None:
    response = cast.client("member").post("/rejoindre/accepter", named(asked))
    assert response.status_code == 412
    assert "Vous êtes déjà membre de cet espace" in words(response)


@pytest.mark.parametrize(("space", "text"), [("orga", "L'invitation a déjà été acceptée ou annulée."), ("certif", "Cette invitation n'est plus valide.")])  # fmt: skip
def test_cancelled_while_the_page_was_open(cast: Cast, space: str, text: str) -> None:
    place = cast.school if space == "orga" else Centre.objects.get(uai=cast.school.uai)
    invite(space=place, emails=[INVITED], by=cast.alice, write=write, at=clock.now())
    row = invitation(place, INVITED)
    client = cast.client("other_admin")
    assert client.get(link(row)).status_code == 200
    cancel(space=place, invitation=row.uuid, by=cast.alice, at=clock.now())
    response = client.post("/rejoindre/accepter", named(row))
    assert (response.status_code, text in words(response)) == (409, True)
    assert "Cette invitation n'est plus valide." in words(Client().get(link(row), follow=True))
    gone = Client().post("/rejoindre/inscription", registering(row), follow=True)
    assert "Cette invitation n'est plus valide." in words(gone)
    assert not User.objects.filter(email=INVITED).exists()


def test_the_sign_in_gets_a_new_session_key(cast: Cast, asked: Invitation) -> None:
    client = Client()
    session = client.session
    session["before"] = True
    session.save()
    old = session.session_key
    client.post("/rejoindre/connexion", {**named(asked), "login": "charlie@galets.test", "password": PASSWORD})
    assert client.cookies["session"].value != old
