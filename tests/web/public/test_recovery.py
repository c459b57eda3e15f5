"""« Récupérer mon compte » in a browser's place: each step, each refusal with its status, nothing lost of what was typed."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from pix.accounts.models import User
from pix.learners.models import AccountRecovery, Pupil
from pix.mailing.models import Mail
from tests.factories.cast import PASSWORD, Cast, make_pupil

pytestmark = pytest.mark.django_db
EMMA = {
    "ine": "0123456789a", "first_name": "emma", "last_name": "PIX", "day": "09", "month": "3", "year": "2013",
}  # fmt: skip
PLACE = "/recuperer-mon-compte"


def page(response: Any) -> str:
    return response.content.decode()


def found(client: Client) -> None:
    assert client.post(PLACE, EMMA)["Location"] == f"{PLACE}/adresse"


def message(client: Client, email: str = "emma@maison.test") -> str:
    """The address of the link in the message."""
    found(client)
    asked = client.post(f"{PLACE}/adresse", {"email": email, "honour": "on"})
    assert asked["Location"] == f"{PLACE}/envoye"
    link = re.search(r"http://testserver(\S+)", Mail.objects.get(to=email).text)
    assert link is not None
    return link[1]


@pytest.mark.proves("E-169")
def test_a_former_pupil_gets_the_account_back(cast: Cast) -> None:
    """INE in lower case, names and date; the account is shown; the mail's key; a password; sign-in by the new address."""
    client = Client()
    assert PLACE in page(client.get("/connexion"))
    found(client)
    shown = page(client.get(f"{PLACE}/adresse"))
    assert "emma.pix0903" in shown
    assert "Collège Simone-Lumière" in shown
    link = message(client)
    assert page(client.get(link)).count('value="emma@maison.test"') == 1
    done = client.post(link, {"password": "NouveauMot2", "terms": "on"})
    assert done["Location"] == "/connexion"
    assert "Votre compte est récupéré" in page(client.get("/connexion"))
    signed = client.post("/connexion", {"login": "Emma@Maison.test", "password": "NouveauMot2"})
    assert (signed.status_code, signed["Location"]) == (302, "/espaces")
    cast.emma.refresh_from_db()
    assert cast.emma.terms_accepted_at is not None


def test_the_sign_ins_of_before_are_over(cast: Cast) -> None:
    old = cast.client("pupil")
    assert old.get("/accueil").status_code == 200
    client = Client()
    client.post(message(client), {"password": "NouveauMot2", "terms": "on"})
    assert old.get("/accueil").status_code == 302
    assert Client().post("/connexion", {"login": "emma.pix0903", "password": PASSWORD}).status_code == 401


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ine": "123"}, "L&#39;INE compte 9 chiffres et 2 lettres"),
        ({"first_name": " "}, "Ce champ est obligatoire."),
        ({"day": "31", "month": "02"}, "Cette date n&#39;existe pas."),
        ({"year": ""}, "Cette date n&#39;existe pas."),
        ({"day": "", "month": "", "year": ""}, "Ce champ est obligatoire."),
        ({"day": "٩"}, "Cette date n&#39;existe pas."),
    ],
)
def test_a_field_is_wrong(cast: Cast, changes: dict[str, str], said: str) -> None:
    response = Client().post(PLACE, EMMA | changes)
    assert response.status_code == 422
    assert said in page(response)
    assert 'value="PIX"' in page(response)


def test_nobody_is_found(cast: Cast) -> None:
    response = Client().post(PLACE, EMMA | {"first_name": "Zoé"})
    assert response.status_code == 404
    assert "Aucun compte ne correspond" in page(response)
    assert 'value="0123456789a"' in page(response)


def test_the_sixth_search_is_refused(cast: Cast) -> None:
    for _try in range(5):
        assert Client().post(PLACE, EMMA | {"first_name": "Zoé"}).status_code == 404
    response = Client().post(PLACE, EMMA)
    assert response.status_code == 429
    assert "Réessayez dans une heure" in page(response)


def test_a_conflict_has_its_page(cast: Cast) -> None:
    make_pupil(cast.other_school, "Emma", "Pix", ine="999999999ZZ", user=cast.emma)
    response = Client().post(PLACE, EMMA)
    assert response.status_code == 409
    assert "<h1>Conflit</h1>" in page(response)


def test_the_second_step_needs_the_first(cast: Cast) -> None:
    for response in (Client().get(f"{PLACE}/adresse"), Client().post(f"{PLACE}/adresse", {"email": "a@b.test"})):
        assert response["Location"] == PLACE
    client = Client()
    found(client)
    session = client.session
    session["recovery"] = {**session["recovery"], "at": timezone.now().timestamp() - 3601}
    session.save()
    assert client.get(f"{PLACE}/adresse")["Location"] == PLACE
    assert not Mail.objects.exists()


def test_honour_and_address_are_needed(cast: Cast) -> None:
    client = Client()
    found(client)
    response = client.post(f"{PLACE}/adresse", {"email": "emma@maison.test"})
    assert response.status_code == 422
    assert "Cochez cette case" in page(response)
    assert 'value="emma@maison.test"' in page(response)
    assert client.post(f"{PLACE}/adresse", {"email": "emma", "honour": "on"}).status_code == 422
    taken = client.post(f"{PLACE}/adresse", {"email": "ALICE@college.test", "honour": "on"})
    assert taken.status_code == 400
    assert "déjà enregistrée" in page(taken)
    assert not Mail.objects.exists()


def test_one_search_gives_one_message(cast: Cast) -> None:
    client = Client()
    message(client)
    again = client.post(f"{PLACE}/adresse", {"email": "autre@maison.test", "honour": "on"})
    assert again["Location"] == PLACE
    assert Mail.objects.count() == 1


def test_password_and_terms_are_needed(cast: Cast) -> None:
    client = Client()
    link = message(client)
    weak = client.post(link, {"password": "faible", "terms": "on"})
    assert weak.status_code == 422
    assert "8 caractères au minimum" in page(weak)
    unread = client.post(link, {"password": "NouveauMot2"})
    assert unread.status_code == 422
    assert "Vous devez accepter" in page(unread)
    assert User.objects.get(pk=cast.emma.pk).email is None


def test_a_key_used_expired_or_unknown(cast: Cast) -> None:
    """Case 97: 403 after use, 401 after a day, 404 when nobody made it; reading or sending."""
    client = Client()
    link = message(client)
    AccountRecovery.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    sent = {"password": "NouveauMot2", "terms": "on"}
    assert (client.get(link).status_code, client.post(link, sent).status_code) == (401, 401)
    AccountRecovery.objects.update(expires_at=timezone.now() + timedelta(hours=1))
    assert client.post(link, sent).status_code == 302
    assert (client.get(link).status_code, client.post(link, sent).status_code) == (403, 403)
    wrong = link[:-4] + "0000"
    assert (client.get(wrong).status_code, client.post(wrong, sent).status_code) == (404, 404)


def test_an_account_recovered_once_is_refused_at_the_search(cast: Cast) -> None:
    client = Client()
    client.post(message(client), {"password": "NouveauMot2", "terms": "on"})
    response = Client().post(PLACE, EMMA)
    assert response.status_code == 403
    assert "Compte déjà récupéré" in page(response)


def test_an_address_taken_since_the_message(cast: Cast) -> None:
    client = Client()
    link = message(client)
    User.objects.filter(pk=cast.bob.pk).update(email="emma@maison.test")
    assert client.post(link, {"password": "NouveauMot2", "terms": "on"}).status_code == 400


def test_nothing_says_who_stands_on_the_roll_without_an_account(cast: Cast) -> None:
    make_pupil(cast.school, "Léo", "Sansompte", ine="111111111AA")
    typed = EMMA | {"ine": "111111111AA", "first_name": "Léo", "last_name": "Sansompte"}
    assert Client().post(PLACE, typed).status_code == 404
    assert Pupil.objects.get(ine="111111111AA").user_id is None
