"""A class without a médiacentre joins in one lesson: two homonyms, twins, and a pair of browsers that type at once."""

from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from lxml import html

from pix.accounts.models import User
from pix.campaigns.models import Campaign
from pix.content import releases
from pix.learners.models import Pupil
from pix.learners.queries import pupil_of
from tests.campaigns import making
from tests.factories.cast import PASSWORD, make_pupil
from tests.factories.together import together
from tests.learners.rolls import school

pytestmark = pytest.mark.django_db
TWINS = date(2013, 5, 4)
CLASS = (
    # first name, last name, birth date, INE, what they type
    ("Emma", "Pix", date(2013, 3, 9), "1000000001A", "emma"),
    ("Emma", "Pix", date(2013, 3, 10), "1000000002A", "Emma"),
    ("Milan", "N'Diaye", TWINS, "1000000003A", "milan"),
    ("Mylan", "N'Diaye", TWINS, "1000000004A", "MYLAN"),
    ("Anne-Sophie", "De La Tour", date(2013, 1, 7), "1000000005A", "anne sophie"),
    ("Zoé", "Œuvrard", date(2013, 7, 22), "", "zoe"),
)


@pytest.fixture(autouse=True)
def bank(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(releases, "_current", making.small_bank())


def make_class() -> tuple[Campaign, list[Pupil]]:
    home = school().organization
    asked = making.campaign(home, making.teammate(home))
    return asked, [make_pupil(home, first, last, birth=born, ine=ine) for first, last, born, ine, _typed in CLASS]


def at(name: str, asked: Campaign) -> str:
    return reverse(f"app:{name}", kwargs={"code": asked.code})


def words(response: Any) -> str:
    return " ".join(html.fromstring(response.content.decode()).text_content().split())


def identity(first: str, last: str, born: date) -> dict[str, str]:
    return {
        "first_name": first, "last_name": last, "day": str(born.day), "month": str(born.month), "year": str(born.year),
    }  # fmt: skip


def joined(asked: Campaign, typed: dict[str, str]) -> tuple[Client, Any]:
    """From the names to the account; gives the last answer, whatever it is."""
    client = Client()
    response = client.post(at("join", asked), typed)
    if response.status_code != 302:
        return client, response
    page = html.fromstring(client.get(response["Location"]).content.decode())
    username = page.xpath("//input[@name='username']/@value")[0]
    return client, client.post(at("register", asked), {"username": username, "password": PASSWORD})


@pytest.mark.proves("C-071", "C-072")
def test_each_of_the_six_gets_their_own_account() -> None:
    asked, pupils = make_class()
    for pupil, (_first, last, born, _ine, typed) in zip(pupils, CLASS, strict=True):
        client, response = joined(asked, identity(typed, last, born))
        assert (response.status_code, response["Location"]) == (302, at("landing", asked)), words(response)
        user = User.objects.get(pupils=pupil)
        own = pupil_of(user, asked.organization)
        assert own is not None
        assert own.pk == pupil.pk
        assert client.post(at("start", asked)).status_code == 302
    names = list(User.objects.filter(pupils__in=pupils).order_by("id").values_list("username", flat=True))
    assert names == [
        "emma.pix0903",
        "emma.pix1003",
        "milan.ndiaye0405",
        "mylan.ndiaye0405",
        "annesophie.delatour0701",
        "zoe.oeuvrard2207",
    ]


@pytest.mark.proves("C-071")
def test_homonyms_of_the_same_day_get_distinct_names() -> None:
    """Two Emma Pix born on 9 March: nobody can tell them apart until a usage name does; the usernames differ too."""
    asked, pupils = make_class()
    born = CLASS[0][2]
    other = make_pupil(asked.organization, "Emma", "Pix", birth=born, ine="1000000009A")
    assert joined(asked, identity("Emma", "Pix", born))[1].status_code == 404
    Pupil.objects.filter(pk=other.pk).update(usage_name="Martin")
    Pupil.objects.filter(pk=pupils[0].pk).update(usage_name="Durand")
    usernames = []
    for usage, pupil in (("Martin", other), ("Durand", pupils[0])):
        assert joined(asked, identity("Emma", usage, born))[1].status_code == 302
        username = User.objects.get(pupils=pupil).username or ""
        assert username.startswith("emma.pix")
        usernames.append(username)
    assert usernames[0] == "emma.pix0903"
    assert usernames[1] != usernames[0]


@pytest.mark.proves("C-073")
def test_who_comes_second_is_told_which_account_exists() -> None:
    asked, _pupils = make_class()
    first, last, born, _ine, _typed = CLASS[0]
    joined(asked, identity(first, last, born))
    response = joined(asked, identity(first, last, born))[1]
    assert response.status_code == 409
    assert "(Identifiant : e***.p***3) dans cet établissement. (Code S52)" in words(response)
    assert "emma.pix0903" not in words(response)
    assert "Je me connecte" in words(response)


@pytest.mark.django_db(transaction=True)
def test_two_browsers_register_the_same_twin_at_once() -> None:
    """Case 92: one account; the other browser gets S52, and nothing of its own stays."""
    asked, pupils = make_class()
    typed = identity("milan", "N'Diaye", TWINS)
    clients = [Client(), Client()]
    for client in clients:
        assert client.post(at("join", asked), typed).status_code == 302
    sent = {"username": "milan.ndiaye0405", "password": PASSWORD}
    results = together(*[lambda client=client: client.post(at("register", asked), sent) for client in clients])
    assert sorted(one.status_code for one in results) == [302, 409]
    refused = next(one for one in results if one.status_code == 409)
    assert "(Code S52)" in words(refused)
    assert User.objects.filter(username__startswith="milan.").count() == 1
    assert Pupil.objects.get(pk=pupils[2].pk).user is not None
    assert Pupil.objects.get(pk=pupils[3].pk).user is None
