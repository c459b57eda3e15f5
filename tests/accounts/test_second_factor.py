"""Double authentification: set, asked for, lost, required of the staff, proposed to administrators."""

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from pix.mailing.models import Mail
from tests.accounts.test_signing_in import sign_in, words
from tests.factories.cast import PASSWORD, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.urls")]
PLACE = "/mon-compte/double-authentification"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


def code(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def enrol(client: Client, capture: Any) -> str:
    """As a person does: confirm the password, read the key, type the code; gives the key."""
    asked = client.get(f"{PLACE}/activer")
    assert asked["Location"] == f"/mon-compte/confirmer?next={PLACE.replace('/', '%2F')}%2Factiver"
    wrong = client.post(asked["Location"], {"password": "x", "next": f"{PLACE}/activer"})
    assert wrong.status_code == 200
    back = client.post(asked["Location"], {"password": PASSWORD, "next": f"{PLACE}/activer"})
    assert back["Location"] == f"{PLACE}/activer"
    page = client.get(f"{PLACE}/activer")
    secret: str = page.context_data["form"].secret  # type: ignore[attr-defined]
    assert secret in words(page)
    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    refused = client.post(f"{PLACE}/activer", {"code": "000000"})
    assert refused.status_code == 200
    assert not Authenticator.objects.filter(user__email="alice@college.test").exists()
    secret = refused.context_data["form"].secret  # type: ignore[attr-defined]
    with capture(execute=True):
        done = client.post(f"{PLACE}/activer", {"code": code(secret)})
    assert done["Location"] == f"{PLACE}/codes"
    return secret


def test_a_second_factor_is_set_then_asked_for(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    client, _ = sign_in("alice@college.test")
    secret = enrol(client, django_capture_on_commit_callbacks)
    spare = client.get(f"{PLACE}/codes")
    assert spare.status_code == 200  # a GET that writes nothing
    spare_codes: list[str] = spare.context_data["unused_codes"]  # type: ignore[attr-defined]
    assert len(spare_codes) == 10
    assert all(one in words(spare) for one in spare_codes)
    assert "La double authentification de votre compte est activée." in Mail.objects.latest("id").text

    again, half = sign_in("alice@college.test")
    assert half["Location"] == "/connexion/code"
    assert again.get("/accueil").status_code == 302  # not in yet
    assert again.post("/connexion/code", {"code": "000000"}).status_code == 200
    cache.clear()
    assert again.post("/connexion/code", {"code": code(secret, 1)})["Location"] == "/espaces"
    assert again.get("/accueil").status_code == 200

    lost, _ = sign_in("alice@college.test")
    assert lost.post("/connexion/code", {"code": spare_codes[0]})["Location"] == "/espaces"
    cache.clear()
    thief, _ = sign_in("alice@college.test")
    assert thief.post("/connexion/code", {"code": spare_codes[0]}).status_code == 200  # each serves once
    assert thief.get("/accueil").status_code == 302


def test_it_is_taken_away_by_its_owner(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    client, _ = sign_in("alice@college.test")
    enrol(client, django_capture_on_commit_callbacks)
    assert "Désactiver" in words(client.get(PLACE))
    with django_capture_on_commit_callbacks(execute=True):
        new = client.post(f"{PLACE}/nouveaux-codes")
    assert new["Location"] == f"{PLACE}/codes"
    assert client.get(f"{PLACE}/codes").status_code == 200
    assert client.get(f"{PLACE}/desactiver").status_code == 200
    assert client.post(f"{PLACE}/desactiver")["Location"] == PLACE
    assert not Authenticator.objects.filter(user=cast.alice).exists()
    assert sign_in("alice@college.test")[1]["Location"] == "/espaces"


def test_a_wrong_password_here_counts_like_anywhere(cast: Cast) -> None:
    client = cast.client("admin")
    for _ in range(10):
        client.post("/mon-compte/confirmer", {"password": "x"})
    fast = client.post("/mon-compte/confirmer", {"password": PASSWORD})
    assert (fast.status_code, "Attendez quelques minutes" in words(fast)) == (429, True)
    cache.clear()
    assert "trop de tentatives" in words(client.post("/mon-compte/confirmer", {"password": PASSWORD}))


def test_staff_pages_wait_for_it(cast: Cast, settings: Any) -> None:
    assert cast.client("staff").get("/essai/equipe").status_code == 200
    Authenticator.objects.filter(user=cast.stan).delete()
    client = cast.client("staff")
    assert client.get("/essai/equipe")["Location"] == PLACE
    assert client.post("/essai/equipe")["Location"] == PLACE
    assert "L'équipe de la plateforme se connecte avec une double authentification" in words(client.get(PLACE))
    assert Client().get("/essai/equipe")["Location"].startswith("/connexion")
    assert client.get("/accueil").status_code == 200
    settings.STAFF_SECOND_FACTOR = False
    assert client.get("/essai/equipe").status_code == 200


def test_administrators_are_invited_until_they_answer(cast: Cast) -> None:
    home = reverse("orga:home", args=[cast.school.uuid])
    invitation = "Protégez les données de vos élèves"
    assert invitation not in words(cast.client("member").get(home))
    client = cast.client("admin")
    assert invitation in words(client.get(home))
    assert client.post(f"{PLACE}/plus-tard", {"next": home})["Location"] == home
    assert invitation not in words(client.get(home))
    assert client.post(f"{PLACE}/plus-tard", {"next": "https://ailleurs.test/"})["Location"] == "/mon-compte"


def test_who_has_one_is_not_invited(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    client, _ = sign_in("alice@college.test")
    enrol(client, django_capture_on_commit_callbacks)
    page = client.get(reverse("orga:home", args=[cast.school.uuid]))
    assert "Protégez les données" not in words(page)


def test_codes_cannot_be_tried_for_ever(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    """Ten wrong ones, then even the right one waits: a million codes are few for a machine."""
    secret = enrol(sign_in("alice@college.test")[0], django_capture_on_commit_callbacks)
    Authenticator.objects.filter(type=Authenticator.Type.TOTP).update(last_used_at=None)
    client, _ = sign_in("alice@college.test")
    for _try in range(10):
        assert client.post("/connexion/code", {"code": "000000"}).status_code == 200
    refused = client.post("/connexion/code", {"code": code(secret, 1)})
    assert refused.status_code != 302
    assert client.get("/accueil").status_code == 302
    cache.clear()  # ten minutes later
    assert client.post("/connexion/code", {"code": code(secret, 1)}).status_code == 302
