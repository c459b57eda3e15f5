"""Clés d'accès: added, asked for, named, taken away, refused; with a key made here, as an authenticator makes one."""

import hashlib
import json
import os
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestedCredentialData, AuthenticatorData

from pix.accounts.actions import create_account, keep_place_for_passkey
from pix.accounts.queries import has_second_factor, passkeys_of, second_factors
from pix.accounts.rules import MOST_PASSKEYS
from pix.audit.models import Event
from pix.mailing.models import Mail
from pix.stewardship.actions import erase_person
from pix.stewardship.queries import data_of
from tests.accounts.test_signing_in import sign_in, words
from tests.factories.cast import AT, PASSWORD, Cast
from tests.factories.together import together

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.urls")]
PLACE = "/mon-compte/double-authentification"
ADD = f"{PLACE}/cles/ajouter"
NO_ANSWERS = ["", "{", "[]", "null", "3", "{}", '{"id": "a"}', "9" * 5000, "[" * 100_000, "old"]
ORIGIN = {"HTTP_HOST": "localhost:8000"}


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


class Key:
    """An authenticator of its own: one pair of keys, for one host."""

    def __init__(self, host: str = "localhost", origin: str = "http://localhost:8000") -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.id, self.origin = os.urandom(16), origin
        self.rp = hashlib.sha256(host.encode()).digest()

    def _said(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": f"webauthn.{kind}", "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, **response: bytes) -> str:
        return json.dumps({
            "id": websafe_encode(self.id), "rawId": websafe_encode(self.id), "type": "public-key", "more": "\0",
            "response": {name: websafe_encode(value) for name, value in response.items()},
        })  # fmt: skip

    def create(self, page: Any) -> str:
        """What a browser sends back when the page asks for a new key."""
        challenge = page.context_data["js_data"]["creation_options"]["publicKey"]["challenge"]
        flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT
        made = AttestedCredentialData.create(
            b"\0" * 16, self.id, ES256.from_cryptography_key(self.private.public_key())
        )
        data = AuthenticatorData.create(self.rp, flags, 0, made)
        attested = cbor.encode({"fmt": "none", "attStmt": {}, "authData": bytes(data)})
        return self._answer(clientDataJSON=self._said("create", challenge), attestationObject=attested)

    def get(self, page: Any) -> str:
        """What a browser sends back when the page asks whether the key is there."""
        said = self._said("get", page.context_data["js_data"]["request_options"]["publicKey"]["challenge"])
        data = bytes(AuthenticatorData.create(self.rp, AuthenticatorData.FLAG.UP, 1))
        signature = self.private.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=said, authenticatorData=data, signature=signature)


def here() -> Client:
    """A browser that opened the site by its name."""
    return Client(**ORIGIN)


def enter(login: str = "alice@college.test") -> tuple[Client, Any]:
    return sign_in(login, client=here())


def confirm(client: Client, to: str) -> None:
    back = client.post("/mon-compte/confirmer", {"password": PASSWORD, "next": to})
    assert back["Location"] == to


def add(client: Client, capture: Any, name: str = "Clé du bureau") -> Key:
    key = Key()
    with capture(execute=True):
        done = client.post(ADD, {"name": name, "credential": key.create(client.get(ADD))})
    assert done.status_code == 302
    return key


@pytest.fixture
def alice(cast: Cast) -> Client:
    client, _ = enter()
    assert client.get(ADD)["Location"] == f"/mon-compte/confirmer?next={ADD.replace('/', '%2F')}"
    confirm(client, ADD)
    return client


def test_a_key_is_added_then_asked_for(alice: Client, cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    assert "data-passkey=" in alice.get(ADD).content.decode()
    key = Key()
    with django_capture_on_commit_callbacks(execute=True):
        done = alice.post(ADD, {"name": "Clé du bureau", "credential": key.create(alice.get(ADD))})
    assert done["Location"] == f"{PLACE}/codes"
    shown = alice.get(f"{PLACE}/codes")
    codes: list[str] = shown.context_data["unused_codes"]  # type: ignore[attr-defined]
    assert "Clé d'accès ajoutée." in words(shown)
    assert "Clé du bureau" in words(alice.get(PLACE))
    assert "Une clé d'accès a été ajoutée à votre compte." in Mail.objects.latest("id").text
    assert (second_factors(cast.alice), has_second_factor(cast.alice)) == ({"webauthn"}, True)
    stored = Authenticator.objects.get(user=cast.alice, type="webauthn").data["credential"]
    assert set(stored) == {"id", "rawId", "type", "response"}  # nothing else that a browser sent

    again, half = enter()
    assert half["Location"] == "/connexion/code"
    assert again.get("/accueil").status_code == 302  # not in yet
    asked = again.get("/connexion/code")
    assert "Utilisez votre clé d'accès" in words(asked)
    assert again.post("/connexion/code", {"credential": key.get(asked)})["Location"] == "/espaces"
    assert again.get("/accueil").status_code == 200
    assert Authenticator.objects.get(user=cast.alice, type="webauthn").last_used_at is not None

    lost, _ = enter()
    assert lost.post("/connexion/code", {"code": codes[0]})["Location"] == "/espaces"


@pytest.mark.parametrize("answer", NO_ANSWERS)
def test_what_is_no_answer_does_not_open(alice: Client, django_capture_on_commit_callbacks: Any, answer: str) -> None:
    key = add(alice, django_capture_on_commit_callbacks)
    thief, _ = enter()
    if answer == "old":
        answer = key.get(thief.get("/connexion/code"))
        thief.get("/connexion/code")  # asks anew
    refused = thief.post("/connexion/code", {"credential": answer})
    assert (refused.status_code, "pas été reconnue" in words(refused)) == (200, True)
    assert thief.get("/accueil").status_code == 302


@pytest.mark.parametrize("wrong", ["signature", "origin", "host", "unknown"])
def test_each_proof_counts(alice: Client, django_capture_on_commit_callbacks: Any, wrong: str) -> None:
    key = add(alice, django_capture_on_commit_callbacks)
    forged = Key(
        host="mechant.test" if wrong == "host" else "localhost",
        origin="https://mechant.test" if wrong == "origin" else "http://localhost:8000",
    )
    if wrong != "unknown":
        forged.id = key.id
    if wrong != "signature":
        forged.private = key.private
    thief, _ = enter()
    refused = thief.post("/connexion/code", {"credential": forged.get(thief.get("/connexion/code"))})
    assert "La clé n'a pas été reconnue." in words(refused)
    assert thief.get("/accueil").status_code == 302
    # The same with nothing wrong opens.
    assert thief.post("/connexion/code", {"credential": key.get(refused)})["Location"] == "/espaces"


def test_somebody_elses_key_does_not_open(alice: Client, cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    add(alice, django_capture_on_commit_callbacks)
    bob, _ = enter("bob@college.test")
    confirm(bob, ADD)
    his = add(bob, django_capture_on_commit_callbacks)
    thief, _ = enter()
    assert thief.post("/connexion/code", {"credential": his.get(thief.get("/connexion/code"))}).status_code == 200
    row = Authenticator.objects.get(user=cast.alice, type="webauthn")
    confirm(bob, f"{PLACE}/cles/{row.pk}/renommer")
    for verb in ("renommer", "retirer"):
        assert bob.get(f"{PLACE}/cles/{row.pk}/{verb}").status_code == 404
        assert bob.post(f"{PLACE}/cles/{row.pk}/{verb}", {"name": "x"}).status_code == 404
    row.refresh_from_db()
    assert row.data["name"] == "Clé du bureau"


@pytest.mark.parametrize("answer", NO_ANSWERS)
def test_what_is_no_key_is_not_added(alice: Client, cast: Cast, answer: str) -> None:
    if answer == "old":
        answer = Key().create(alice.get(ADD))
        alice.get(ADD)  # asks anew
    refused = alice.post(ADD, {"name": "Mon téléphone", "credential": answer})
    assert refused.status_code == 200
    assert 'value="Mon téléphone"' in refused.content.decode()
    assert "pas été reconnue" in words(refused)
    assert not Authenticator.objects.filter(user=cast.alice).exists()


def test_a_key_is_renamed_then_taken_away(alice: Client, cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    add(alice, django_capture_on_commit_callbacks, name="")
    row = Authenticator.objects.get(user=cast.alice, type="webauthn")
    assert row.data["name"] == "Clé d'accès"
    rename, remove = (f"{PLACE}/cles/{row.pk}/{verb}" for verb in ("renommer", "retirer"))
    assert alice.get(rename).status_code == 200
    assert alice.post(rename, {"name": "x" * 61}).status_code == 200
    assert alice.post(rename, {"name": "Téléphone"})["Location"] == PLACE
    assert "Téléphone" in words(alice.get(PLACE))
    later, half = enter()
    assert later.post(remove)["Location"].startswith("/connexion")  # half signed in
    assert half["Location"] == "/connexion/code"
    assert "Retirer la clé «\u202fTéléphone\u202f»" in alice.get(remove).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert alice.post(remove)["Location"] == PLACE
    assert not Authenticator.objects.filter(user=cast.alice).exists()  # the spare codes neither
    assert "a été retirée de votre compte" in Mail.objects.latest("id").text
    assert enter()[1]["Location"] == "/espaces"


def test_oneself_is_confirmed_by_the_key(alice: Client, cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    key = add(alice, django_capture_on_commit_callbacks)
    client, _ = enter()
    client.post("/connexion/code", {"credential": key.get(client.get("/connexion/code"))})
    asked = client.get(ADD, follow=True)
    assert "Utiliser une clé d'accès" in words(asked)
    place = "/mon-compte/confirmer/cle"
    wrong = client.post(place, {"credential": Key().get(client.get(place)), "next": ADD})
    assert (wrong.status_code, "pas été reconnue" in words(wrong)) == (200, True)
    assert client.get(ADD).status_code == 302
    assert client.post(place, {"credential": key.get(wrong), "next": ADD})["Location"] == ADD
    assert client.get(ADD).status_code == 200


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1:8111", f"http://localhost:8111{PLACE}"),
        ("[::1]:8111", f"http://localhost:8111{PLACE}"),
        ("10.0.0.7", None),  # no name is known
        ("localhost:8111", ""),
        ("testserver", ""),
    ],
)
def test_an_address_in_numbers_is_told(cast: Cast, settings: Any, host: str, address: str | None) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    client = cast.client("admin")
    page = client.get(PLACE, HTTP_HOST=host)
    assert ("une adresse en chiffres" in words(page)) is (address != "")
    assert ("Ajouter une clé" in words(page)) is (address == "")
    assert ("Ouvrir avec" in words(page)) is bool(address)
    assert not address or f'href="{address}"' in page.content.decode()


def test_staff_pages_open_with_a_key(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    Authenticator.objects.filter(user=cast.stan).delete()
    login = cast.stan.email
    assert login
    stan, _ = enter(login)
    assert stan.get("/essai/equipe")["Location"] == PLACE
    confirm(stan, ADD)
    add(stan, django_capture_on_commit_callbacks)
    assert stan.get("/essai/equipe").status_code == 200


def test_an_app_taken_away_leaves_the_keys(alice: Client, cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    from allauth.mfa.totp.internal.auth import TOTP

    key = add(alice, django_capture_on_commit_callbacks)
    TOTP.activate(cast.alice, "JBSWY3DPEHPK3PXP")
    both, _ = enter()
    asked = both.get("/connexion/code")
    assert "Saisissez votre code" in words(asked)
    assert both.post("/connexion/code", {"credential": key.get(asked)})["Location"] == "/espaces"
    assert "Vos clés d'accès et vos codes de secours resteront" in words(alice.get(f"{PLACE}/desactiver"))
    alice.post(f"{PLACE}/desactiver")
    assert second_factors(cast.alice) == {"webauthn"}


def test_erasing_a_person_forgets_their_keys(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    bob, _ = enter("bob@college.test")
    confirm(bob, ADD)
    add(bob, django_capture_on_commit_callbacks)
    assert Authenticator.objects.filter(user=cast.bob).count() == 2
    erase_person(user=cast.bob, by=cast.stan.uuid, at=AT)
    assert not Authenticator.objects.filter(user=cast.bob).exists()


def test_texts_that_a_database_refuses_are_not_stored(alice: Client, cast: Cast) -> None:
    """The library passes over signs that are none of the alphabet: PostgreSQL keeps no NUL, nor half a sign."""
    answer = json.loads(Key().create(alice.get(ADD))) | {"authenticatorAttachment": "\0", "type": "\ud800"}
    assert alice.post(ADD, {"name": "Clé", "credential": json.dumps(answer)}).status_code == 302
    stored = Authenticator.objects.get(user=cast.alice, type="webauthn").data["credential"]
    assert set(stored) == {"id", "rawId", "response"}


def test_ten_keys_are_enough(alice: Client, cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    add(alice, django_capture_on_commit_callbacks)
    first = Authenticator.objects.get(user=cast.alice, type="webauthn").data["credential"]
    waiting = Key().create(alice.get(ADD))
    for n in range(1, MOST_PASSKEYS):
        WebAuthn.add(cast.alice, f"Clé {n}", first)
    refused = alice.post(ADD, {"name": "La onzième", "credential": waiting})
    assert (refused.status_code, "Vous avez 10 clés d'accès" in words(refused)) == (200, True)
    assert "data-passkey=" not in refused.content.decode()
    shown = words(alice.get(PLACE))
    assert ("Vous avez 10 clés d'accès" in shown, "Ajouter une clé" in shown) == (True, False)
    assert second_factors(cast.alice) == {"webauthn"}
    assert len(passkeys_of(cast.alice)) == MOST_PASSKEYS
    assert Event.objects.filter(verb="accounts.webauthn_added").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_keys_at_once_count_each_other() -> None:
    user = create_account(first_name="Ada", last_name="Byron", password=PASSWORD, email="ada@maison.test", at=AT)
    for n in range(MOST_PASSKEYS - 1):
        WebAuthn.add(user, f"Clé {n}", {})

    def add_one() -> None:
        with transaction.atomic():
            if keep_place_for_passkey(user=user):
                time.sleep(0.1)
                WebAuthn.add(user, "La dixième", {})

    assert together(add_one, add_one) == [None, None]
    assert len(passkeys_of(user)) == MOST_PASSKEYS


def test_keys_leave_a_line_and_stand_in_the_copy(
    alice: Client, cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    add(alice, django_capture_on_commit_callbacks)
    row = Authenticator.objects.get(user=cast.alice, type="webauthn")
    assert data_of(cast.alice)["clés d'accès"] == [
        {"name": "Clé du bureau", "created_at": row.created_at, "last_used_at": None}
    ]
    alice.post(f"{PLACE}/cles/{row.pk}/retirer")
    verbs = Event.objects.filter(target=str(cast.alice.uuid), verb__startswith="accounts.webauthn").order_by("id")
    assert list(verbs.values_list("verb", flat=True)) == ["accounts.webauthn_added", "accounts.webauthn_removed"]


def test_the_notice_is_in_french(alice: Client, django_capture_on_commit_callbacks: Any) -> None:
    alice.cookies["langue"] = "en"
    add(alice, django_capture_on_commit_callbacks)
    assert "Une clé d'accès a été ajoutée à votre compte." in Mail.objects.latest("id").text
