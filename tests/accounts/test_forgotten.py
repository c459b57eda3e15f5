"""« Mot de passe oublié ? » and passwords that are given for one use (schools 9.5, 12, case 93)."""

import random
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from pix.accounts.actions import passwords
from pix.accounts.models import Session, SignInFailures, User
from pix.accounts.rules import PASSWORD_RULE, is_good_password, one_time_password
from pix.mailing.models import Mail
from tests.accounts.test_signing_in import sign_in, words
from tests.factories.cast import AT, PASSWORD, Cast
from tests.factories.together import together

NEW = "Brumeville2"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


def ask(email: str) -> Any:
    return Client().post("/mot-de-passe-oublie", {"email": email})


def link() -> str:
    found = re.search(r"http://testserver(/mot-de-passe-oublie/\S+)", Mail.objects.latest("id").text)
    assert found
    return found[1]


def open_link(address: str) -> tuple[Client, Any]:
    client = Client()
    return client, client.get(address, follow=True)


def choose(client: Client, page: Any, password: str = NEW) -> Any:
    return client.post(page.redirect_chain[-1][0], {"password1": password}, follow=True)


# --- forgotten --------------------------------------------------------------------------------------------------------


@pytest.mark.proves("A-050")
@pytest.mark.django_db
def test_a_forgotten_password_is_chosen_again_by_mail(cast: Cast) -> None:
    there, _ = sign_in("alice@college.test")
    SignInFailures.objects.create(user=cast.alice, count=50, blocked_at=AT)
    assert ask("ALICE@college.test")["Location"] == "/mot-de-passe-oublie/message-envoye"
    client, page = open_link(link())
    assert "set-password" in page.redirect_chain[-1][0]  # the key leaves the address bar
    assert "Votre mot de passe est changé" in words(choose(client, page))
    assert there.get("/accueil")["Location"].startswith("/connexion")
    assert not Session.objects.filter(user=cast.alice).exists()
    assert not SignInFailures.objects.exists()
    assert sign_in("alice@college.test")[1].status_code == 401
    assert sign_in("alice@college.test", NEW)[1].status_code == 302


@pytest.mark.proves("A-050")
@pytest.mark.django_db
def test_the_link_opens_once_and_for_a_day(cast: Cast) -> None:
    with time_machine.travel(AT, tick=False) as clock:
        ask("alice@college.test")
        address = link()
        clock.shift(timedelta(hours=24))
        client, page = open_link(address)
        choose(client, page)
        assert "Ce lien n'est plus valable" in words(open_link(address)[1])
        ask("alice@college.test")
        clock.shift(timedelta(hours=24, seconds=1))
        assert "Ce lien n'est plus valable" in words(open_link(link())[1])


@pytest.mark.django_db
def test_signing_in_meanwhile_does_not_kill_the_link(cast: Cast) -> None:
    ask("alice@college.test")
    sign_in("alice@college.test")
    assert "Choisissez un nouveau mot de passe" in words(open_link(link())[1])


@pytest.mark.proves("T-031")
@pytest.mark.django_db
def test_a_known_and_an_unknown_address_read_the_same(cast: Cast) -> None:
    """decisions 4: one answer; the mail alone tells, to whoever owns the address."""
    seen = []
    for email in ("alice@college.test", "inconnue@nulle.test"):
        client = Client()
        answer = client.post("/mot-de-passe-oublie", {"email": email})
        seen.append((answer.status_code, answer["Location"], words(client.get(answer["Location"]))))
    assert seen[0] == seen[1]
    assert [mail.kind for mail in Mail.objects.order_by("id")] == ["password_reset_key", "unknown_account"]


@pytest.mark.django_db
def test_a_username_is_sent_to_a_teacher(cast: Cast) -> None:
    page = words(Client().get("/mot-de-passe-oublie"))
    assert "Demande à un enseignant" in page
    refused = ask("emma.pix0903")
    assert "Saisissez une adresse" in words(refused) or "adresse e-mail valide" in words(refused)
    assert not Mail.objects.exists()


@pytest.mark.django_db
def test_a_weak_password_keeps_the_link(cast: Cast) -> None:
    ask("alice@college.test")
    client, page = open_link(link())
    assert PASSWORD_RULE in words(choose(client, page, "abcdefgh"))
    assert "Votre mot de passe est changé" in words(choose(client, page))


@pytest.mark.django_db
def test_the_mail_proves_the_address(cast: Cast) -> None:
    """Whoever opened the link owns the address: no second proof is asked at the sign-in."""
    from allauth.account.models import EmailAddress

    EmailAddress.objects.filter(user=cast.alice).update(verified=False)
    ask("alice@college.test")
    client, page = open_link(link())
    choose(client, page)
    assert sign_in("alice@college.test", NEW)[1]["Location"] == "/espaces"


@pytest.mark.django_db
def test_who_must_change_goes_through(cast: Cast) -> None:
    passwords.give_one_time_password(user=cast.bob, by=cast.alice, at=AT)
    ask("bob@college.test")
    client, page = open_link(link())
    choose(client, page)
    assert sign_in("bob@college.test", NEW)[1].status_code == 302


# --- given for one use ------------------------------------------------------------------------------------------------


def test_93_one_time_password() -> None:
    rng = random.Random(1)
    drawn = {one_time_password(rng) for _ in range(500)}
    assert len(drawn) == 500
    assert all(re.fullmatch(r"[a-hjkmnp-z]{6}[2-9]{2}", password) for password in drawn)
    assert not any(map(is_good_password, drawn))
    assert {letter for password in drawn for letter in password} == set("abcdefghjkmnpqrstuvwxyz23456789")


@pytest.mark.django_db
def test_93_it_must_be_changed_and_the_permit_serves_once(cast: Cast) -> None:
    there, _ = sign_in("emma.pix0903")
    given = passwords.give_one_time_password(user=cast.emma, by=cast.bob, at=AT)
    cast.emma.refresh_from_db()
    assert given not in cast.emma.password
    assert there.get("/accueil").status_code == 302
    client, page = sign_in("emma.pix0903", given)
    assert page.status_code == 401
    assert "Choisissez votre mot de passe" in words(page)
    assert client.get("/accueil").status_code == 302  # not in yet
    refused = client.post("/mot-de-passe-a-usage-unique", {"password": "abcdefgh"})
    assert (refused.status_code, PASSWORD_RULE in words(refused)) == (422, True)
    kept = client.cookies["session"].value
    assert client.post("/mot-de-passe-a-usage-unique", {"password": NEW})["Location"] == "/espaces"
    assert client.get("/accueil").status_code == 200
    assert client.cookies["session"].value != kept
    assert client.post("/mot-de-passe-a-usage-unique", {"password": "Brumeville3"}).status_code == 403
    assert sign_in("emma.pix0903", NEW)[1].status_code == 302
    assert sign_in("emma.pix0903", given)[1].status_code == 401


@pytest.mark.django_db
def test_the_permit_lasts_an_hour(cast: Cast) -> None:
    with time_machine.travel(AT, tick=False) as clock:
        given = passwords.give_one_time_password(user=cast.emma, by=cast.bob, at=AT)
        client, _page = sign_in("emma.pix0903", given)
        clock.shift(timedelta(hours=1, seconds=1))
        assert client.post("/mot-de-passe-a-usage-unique", {"password": NEW}).status_code == 403
        client, _page = sign_in("emma.pix0903", given)
        clock.shift(timedelta(hours=1))
        assert client.post("/mot-de-passe-a-usage-unique", {"password": NEW}).status_code == 302


@pytest.mark.django_db
def test_in_orga_the_message_points_to_the_mail(cast: Cast) -> None:
    given = passwords.give_one_time_password(user=cast.bob, by=cast.alice, at=AT)
    client = Client()
    page = client.post(
        "/connexion", {"login": "bob@college.test", "password": given, "next": f"/orga/{cast.school.uuid}/"}
    )
    assert page.status_code == 401
    assert "cliquez sur « mot de passe oublié »" in words(page)
    assert client.post("/mot-de-passe-a-usage-unique", {"password": NEW}).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_two_uses_of_a_permit_at_once_give_one_password() -> None:
    from tests.factories.cast import pupil_account

    emma = pupil_account("Emma", "Pix", "emma.pix0903")
    passwords.give_one_time_password(user=emma, by=emma, at=AT)

    def use(password: str) -> Any:
        user = User.objects.get(pk=emma.pk)
        return lambda: passwords.replace_one_time_password(user=user, password=password, at=AT)

    results = together(use(NEW), use("Brumeville3"))
    assert sorted(type(one).__name__ for one in results) == ["NoneType", "PermitUsed"]


@pytest.mark.django_db
def test_given_to_somebody_blocked_it_opens_the_door(cast: Cast) -> None:
    SignInFailures.objects.create(user=cast.emma, count=50, blocked_at=AT)
    passwords.give_one_time_password(user=cast.emma, by=cast.bob, at=AT)
    assert not SignInFailures.objects.exists()
    assert not passwords.check_password(user=cast.emma, password=PASSWORD, at=AT)
