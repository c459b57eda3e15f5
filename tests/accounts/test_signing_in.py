"""Signing up, in and out as people do it, and what protects them meanwhile."""

import re
from http.cookies import Morsel
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse
from lxml import html

from pix.accounts.actions import BadPassword, create_account
from pix.accounts.models import Session, User
from pix.accounts.rules import PASSWORD_RULE, is_good_password, masked_email, masked_username
from pix.jobs.worker import run_pending
from pix.mailing.models import Mail
from pix.web.middleware import POLICY, WriteOnGet
from tests.factories.cast import AT, PASSWORD, Cast, busy_cast

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.urls")]
WRONG = "L'adresse e-mail et/ou le mot de passe saisis sont incorrects."


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


def words(response: Any) -> str:
    tree = html.fromstring(response.content.decode())
    for hidden in tree.xpath("//script|//template"):
        hidden.drop_tree()
    return " ".join(tree.text_content().split())


def sign_in(login: str, password: str = PASSWORD, client: Client | None = None) -> tuple[Client, Any]:
    client = client or Client()
    return client, client.post(reverse("account_login"), {"login": login, "password": password})


# --- Passwords and logins ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("Abcdefg1", True),
        ("Abcdef1", False),
        ("abcdefg1", False),
        ("ABCDEFG1", False),
        ("Abcdefgh", False),
        ("Éàçèùôî1", True),
        ("Ж" + "ж" * 6 + "1", True),
        ("Aa1" + "a" * 252, True),
        ("Aa1" + "a" * 253, False),
        ("", False),
    ],
)
def test_the_password_rule(password: str, good: bool) -> None:
    """schools 9.5, case 94; the account's own door says the same."""
    assert is_good_password(password) is good
    if not good:
        with pytest.raises(BadPassword, match="8 caractères au minimum"):
            create_account(first_name="A", last_name="B", email="a@b.test", password=password, at=AT)
        assert not User.objects.exists()


@pytest.mark.parametrize(
    ("email", "shown"),
    [("jeanne@example.net", "j***@example.net"), ("x@y.test", "x***@y.test"), ("é@école.test", "é***@école.test")],
)
def test_an_address_is_shown_masked(email: str, shown: str) -> None:
    assert masked_email(email) == shown


@pytest.mark.parametrize(
    ("username", "shown"), [("fatou.laye0110", "f***.l***0"), ("annesophie.delatour0701", "a***.d***1")]
)
def test_a_username_is_shown_masked(username: str, shown: str) -> None:
    """schools 9.3."""
    assert masked_username(username) == shown


def test_a_login_belongs_to_one_person_whatever_the_case(cast: Cast) -> None:
    from django.db import IntegrityError, transaction

    for login in ({"email": "ALICE@College.test"}, {"username": "EMMA.Pix0903"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            create_account(first_name="A", last_name="B", password=PASSWORD, at=AT, **login)


@pytest.mark.proves("T-031")
def test_passwords_are_kept_as_argon2id(cast: Cast) -> None:
    algorithm, kind, version, cost, salt, _digest = cast.alice.password.split("$")
    assert (algorithm, kind, version, cost) == ("argon2", "argon2id", "v=19", "m=19456,t=2,p=1")
    assert len(salt) >= 16
    assert PASSWORD not in cast.alice.password
    assert cast.alice.password != cast.bob.password  # one salt a person


# --- In and out -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "login",
    ["alice@college.test", "ALICE@College.Test", " alice@college.test ", "emma.pix0903", "EMMA.Pix0903"],
)
def test_in_by_address_or_username_whatever_the_case(cast: Cast, login: str) -> None:
    client, response = sign_in(login)
    assert (response.status_code, response["Location"]) == (302, "/espaces")
    person = cast.emma if "emma" in login.lower() else cast.alice
    assert Session.objects.get().user == person
    assert client.get("/espaces").status_code == 302


@pytest.mark.parametrize("login", ["alice@college.test", "emma.pix0903", "inconnu@nulle.test", "personne.ici0101"])
def test_a_wrong_password_and_an_unknown_login_read_the_same(cast: Cast, login: str) -> None:
    client, response = sign_in(login, "Brumeville2")
    assert response.status_code == 401
    assert WRONG in words(response)
    assert not Session.objects.filter(user__isnull=False).exists()
    assert client.get("/accueil")["Location"].startswith("/connexion")


@pytest.mark.proves("A-057")
def test_after_sign_out_the_back_button_shows_nothing(cast: Cast) -> None:
    client, _ = sign_in("emma.pix0903")
    page = client.get("/accueil")
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert client.get("/deconnexion").status_code == 200
    assert client.get("/accueil").status_code == 200  # looking at the page signs nobody out
    assert client.post("/deconnexion").status_code == 302
    assert not Session.objects.filter(user=cast.emma).exists()
    assert client.get("/accueil")["Location"].startswith("/connexion")


def test_a_sign_in_that_is_deleted_ends_at_the_next_click(cast: Cast) -> None:
    here, _ = sign_in("alice@college.test")
    there, _ = sign_in("alice@college.test")
    assert Session.objects.filter(user=cast.alice).count() == 2
    Session.objects.filter(session_key=there.session.session_key).delete()
    assert there.get("/accueil")["Location"].startswith("/connexion")
    assert here.get("/accueil").status_code == 200


def test_a_new_password_ends_every_sign_in(cast: Cast) -> None:
    client, _ = sign_in("emma.pix0903")
    cast.emma.set_password("Brumeville2")
    cast.emma.save()
    assert client.get("/accueil").status_code == 302


def test_a_closed_account_is_out_and_stays_out(cast: Cast) -> None:
    client, _ = sign_in("emma.pix0903")
    User.objects.filter(pk=cast.emma.pk).update(is_active=False)
    assert client.get("/accueil").status_code == 302
    sign_in("emma.pix0903", client=client)
    assert client.get("/accueil").status_code == 302


@pytest.mark.parametrize(
    ("next_page", "goes"),
    [("/campagnes", "/campagnes"), ("https://ailleurs.test/", "/espaces"), ("//ailleurs.test", "/espaces")],
)
def test_after_signing_in_one_stays_here(cast: Cast, next_page: str, goes: str) -> None:
    response = Client().post("/connexion", {"login": "emma.pix0903", "password": PASSWORD, "next": next_page})
    assert response["Location"] == goes


# --- Sign-up ----------------------------------------------------------------------------------------------------------


def sign_up(email: str, **changes: str) -> tuple[Client, Any]:
    client = Client()
    values = {"first_name": "Zoé", "last_name": "L'Hôte", "email": email, "password1": PASSWORD, "terms": "on"}
    return client, client.post("/inscription", {**values, **changes})


def test_a_known_and_an_unknown_address_get_one_answer(cast: Cast) -> None:
    """decisions 4."""
    seen = []
    for email in ("nouvelle@nulle.test", "alice@college.test", "ALICE@college.test"):
        cache.clear()  # one mail in three minutes for one address
        client, answer = sign_up(email)
        after = client.get(answer["Location"])
        cookies = {name for name, morsel in client.cookies.items() if morsel.value and name != "csrf"}
        seen.append(
            (
                answer.status_code,
                answer["Location"],
                words(after).replace(email, "…").replace(email.lower(), "…"),
                cookies,
            )
        )
    assert seen[0] == seen[1] == seen[2]
    assert seen[0][:2] == (302, "/verification")
    assert [(mail.to, mail.kind) for mail in Mail.objects.order_by("id")] == [
        ("nouvelle@nulle.test", "email_confirmation_signup"),
        ("alice@college.test", "account_already_exists"),
        ("alice@college.test", "account_already_exists"),
    ]
    assert User.objects.filter(email="alice@college.test").count() == 1


def test_the_mail_calls_people_by_their_name_as_written(cast: Cast) -> None:
    sign_up("zoe@nulle.test", first_name="Zoé d'Arc & Cie")
    assert "Bonjour Zoé d'Arc & Cie," in Mail.objects.get().text


def test_an_account_opens_when_its_address_answers() -> None:
    client, _ = sign_up("zoe@nulle.test")
    assert sign_in("zoe@nulle.test")[1]["Location"] == "/verification"
    assert Client().get("/accueil").status_code == 302
    run_pending()
    mail = Mail.objects.filter(kind="email_confirmation_signup").latest("id")
    assert mail.sent_at is not None
    link = re.search(r"http://testserver(/confirmer-mon-adresse/\S+)", mail.text)
    assert link is not None
    page = client.get(link[1])
    assert "zoe@nulle.test" in words(page)
    assert sign_in("zoe@nulle.test")[1]["Location"] == "/verification"  # looking at the page confirms nothing
    assert client.post(link[1]).status_code == 302
    assert sign_in("zoe@nulle.test")[1]["Location"] == "/espaces"
    user = User.objects.get(email="zoe@nulle.test")
    assert (user.first_name, user.last_name, user.username) == ("Zoé", "L'Hôte", None)
    assert user.terms_accepted_at is not None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"password1": "abcdefg1"}, PASSWORD_RULE),
        ({"terms": ""}, "Vous devez accepter les conditions d'utilisation pour créer un compte."),
        ({"email": "zoe"}, "adresse"),
        ({"first_name": " "}, "obligatoire"),
    ],
)
def test_what_is_missing_is_said_in_french_and_the_rest_is_kept(changes: dict[str, str], said: str) -> None:
    _, answer = sign_up(changes.pop("email", "zoe@nulle.test"), **changes)
    assert answer.status_code == 200
    assert said in words(answer)
    assert html.fromstring(answer.content.decode()).xpath("//input[@name='last_name']/@value") == ["L'Hôte"]
    assert not User.objects.exists()


# --- What protects every page -----------------------------------------------------------------------------------------


def test_a_get_that_writes_is_a_fault(cast: Cast) -> None:
    for method in ("get", "head", "options"):
        with transaction.atomic(), pytest.raises(WriteOnGet, match="UPDATE"):
            getattr(Client(), method)("/essai/renommer")

    cast.alice.refresh_from_db()
    assert cast.alice.first_name == "Alice"
    assert Client().post("/essai/renommer").status_code == 200


def test_strict_headers_on_every_page(settings: Any) -> None:
    settings.DEMO = True
    cast = busy_cast()
    space = f"/orga/{cast.school.uuid}"
    pages = {
        "nobody": ["/", "/connexion", "/inscription", "/campagnes", "/demo", "/galerie", "/healthz", "/rien-ici"],
        "pupil": ["/accueil", "/mes-parcours", "/competences", f"/parcours/{cast.ids['run']}/questions/3", space],
        "admin": [space + "/campagnes", space + "/eleves", space + "/import", f"{space}/campagnes/{cast.ids['campaign']}/export.csv"],
        "member": [f"{space}/campagnes/{cast.ids['campaign']}/modifier"],
    }  # fmt: skip
    for role, paths in pages.items():
        client = cast.client(role)
        for path in paths:
            response = client.get(path)
            assert response["Content-Security-Policy"] == POLICY, path
            assert response["X-Content-Type-Options"] == "nosniff", path
            assert response["X-Frame-Options"] == "DENY", path
            assert response["Referrer-Policy"] == "same-origin", path
            assert response["Cross-Origin-Opener-Policy"] == "same-origin", path
            if role != "nobody":
                assert "no-store" in response["Cache-Control"], path
            if hasattr(response, "streaming_content"):
                b"".join(response.streaming_content)
    assert "unsafe" not in POLICY


def flags(cookie: Morsel[str]) -> tuple[bool, bool, str]:
    return bool(cookie["secure"]), bool(cookie["httponly"]), cookie["samesite"]


@pytest.mark.parametrize("https", [False, True])
def test_no_flag_of_a_cookie_is_forgotten(cast: Cast, settings: Any, https: bool) -> None:
    """Out of reach of scripts, kept to this site, and only over TLS as soon as there is TLS."""
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = https
    client = Client()
    client.get("/connexion")
    sign_in("emma.pix0903", client=client)
    assert set(client.cookies) >= {"session", "csrf"}
    assert {name: flags(cookie) for name, cookie in client.cookies.items()} == dict.fromkeys(
        client.cookies, (https, True, "Lax")
    )


@pytest.mark.proves("T-031")
def test_a_form_from_elsewhere_is_refused(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/connexion", {"login": "emma.pix0903", "password": PASSWORD})
    assert response.status_code == 403
    assert "Formulaire expiré" in words(response)
