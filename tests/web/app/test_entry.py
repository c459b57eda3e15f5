"""From a code to the first question, as pupils and others walk it (schools 9.1 to 9.4, learning 5.7)."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from lxml import html

from pix.accounts.models import User
from pix.campaigns.enums import Status
from pix.campaigns.models import Campaign, Participation
from pix.content import releases
from pix.learners.models import Pupil
from pix.organizations.enums import GAR
from pix.organizations.models import Organization
from pix.web.app.entry import views
from tests.campaigns import making
from tests.factories.cast import PASSWORD, make_pupil, pupil_account
from tests.learners.rolls import AT, adult, school

pytestmark = pytest.mark.django_db
IDENTITY = {"first_name": "noe", "last_name": "Durand", "day": "9", "month": "03", "year": "2013"}


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> Any:
    cache.clear()
    monkeypatch.setattr(releases, "_current", making.small_bank())
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def home() -> Organization:
    return school().organization


@pytest.fixture
def asked(home: Organization) -> Campaign:
    return making.campaign(home, making.teammate(home), title="Rentrée 5e", landing_text="Bonjour **à tous** <b>x</b>")


@pytest.fixture
def noe(home: Organization) -> Pupil:
    return make_pupil(home, "Noé", "Durand", ine="1234567890A")


@pytest.fixture
def client() -> Client:
    return Client()


def at(name: str, asked: Campaign) -> str:
    return reverse(f"app:{name}", kwargs={"code": asked.code})


def words(response: Any) -> str:
    return " ".join(html.fromstring(response.content.decode()).text_content().split())


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def next_of(client: Client, place: str) -> tuple[int, str]:
    response = client.get(place)
    return response.status_code, response.get("Location", "")


# --- the code ---


@pytest.mark.proves("C-066")
def test_the_code_page(client: Client, asked: Campaign) -> None:
    assert "Saisissez votre code" in words(client.get(reverse("app:code")))
    empty = client.get(reverse("app:code"), {"code": " "})
    assert (empty.status_code, "Veuillez saisir un code." in words(empty)) == (422, True)
    wrong = client.get(reverse("app:code"), {"code": "XXXXXX999"})
    assert wrong.status_code == 404
    assert "Votre code est erroné, veuillez vérifier ou contacter l'organisateur." in words(wrong)
    spaced = f" {asked.code[:6].lower()} {asked.code[6:]} "
    assert client.get(reverse("app:code"), {"code": spaced})["Location"] == at("entrance", asked)
    assert client.get(reverse("app:entrance", kwargs={"code": "XXXXXX999"})).status_code == 404


def test_a_signed_in_person_is_called_by_name(home: Organization) -> None:
    assert "Emma, saisissez votre code" in words(
        signed_in(pupil_account("Emma", "Pix", "emma.pix0903")).get(reverse("app:code"))
    )


@pytest.mark.proves("C-056", "C-066")
def test_an_archived_campaign_says_so(client: Client, asked: Campaign) -> None:
    Campaign.objects.update(archived_at=AT)
    response = client.get(at("entrance", asked))
    assert response.status_code == 403
    assert "Ce parcours a été désactivé par l'organisateur." in words(response)


def test_the_next_page_of_each_visitor(client: Client, asked: Campaign, noe: Pupil, home: Organization) -> None:
    """The table of 9.1."""
    assert next_of(client, at("entrance", asked)) == (302, at("access", asked))
    linked, stranger, moved = pupil_account("N", "D", "n.d1"), adult(), pupil_account("M", "D", "m.d1")
    Pupil.objects.filter(pk=noe.pk).update(user=linked)
    assert next_of(signed_in(linked), at("entrance", asked)) == (302, at("landing", asked))
    assert next_of(signed_in(stranger), at("entrance", asked)) == (302, at("join", asked))
    make_pupil(school(uai="0999002B").organization, "M", "D", ine="2", user=moved)
    make_pupil(home, "M", "D", ine="2")
    assert next_of(signed_in(moved), at("entrance", asked)) == (302, at("landing", asked))
    Pupil.objects.filter(pk=noe.pk).update(active=False)
    response = signed_in(linked).get(at("entrance", asked))
    assert response.status_code == 403
    assert "L'inscription de l'élève est désactivée dans l'organisation." in words(response)


def test_a_school_with_the_mediacentre_advises_and_lets_through(client: Client, asked: Campaign) -> None:
    assert "Accès au parcours par Médiacentre" not in words(client.get(at("access", asked)))
    Organization.objects.update(identity_provider=GAR)
    page = client.get(at("access", asked))
    shown = words(page)
    assert "Accès au parcours par Médiacentre" in shown
    assert shown.index("Je m'inscris") < shown.index("Je me connecte")
    assert "Quitter" in shown
    assert "Continuer" in shown
    assert at("join", asked) in page.content.decode()


# --- a new account ---


def join(client: Client, asked: Campaign, **changes: str) -> Any:
    return client.post(at("join", asked), IDENTITY | changes)


def test_a_pupil_opens_an_account_and_plays(client: Client, asked: Campaign, noe: Pupil) -> None:
    assert f"Rejoignez l'organisation {noe.organization.name}" in words(client.get(at("join", asked)))
    assert next_of(client, at("register", asked)) == (302, at("join", asked))
    assert join(client, asked)["Location"] == at("register", asked)
    assert User.objects.filter(username__isnull=False).count() == 0
    assert "noe.durand0903" in client.get(at("register", asked)).content.decode()
    done = client.post(at("register", asked), {"username": "noe.durand0903", "password": PASSWORD})
    assert done["Location"] == at("landing", asked)
    noe.refresh_from_db()
    assert noe.user is not None
    assert noe.user.username == "noe.durand0903"
    page = client.get(at("landing", asked))
    shown = words(page)
    assert "Rentrée 5e" in shown
    assert "Vous n'êtes pas Noé Durand" in shown
    assert b"<strong>\xc3\xa0 tous</strong>" in page.content
    assert b"<b>x</b>" not in page.content
    started = client.post(at("start", asked))
    row = Participation.objects.get()
    assert row.pupil_id == noe.pk
    assert urlsplit(started["Location"]).path.endswith("/questions/1")
    again = client.post(at("start", asked))
    assert again["Location"].startswith("/parcours/")
    assert Participation.objects.count() == 1
    noe.refresh_from_db()
    assert noe.participation_count == 1
    assert noe.last_participation is not None
    assert noe.last_participation["name"] == asked.name


@pytest.mark.parametrize(
    ("changes", "status", "text"),
    [
        ({"day": "31", "month": "02"}, 422, "Un des champs saisis n'est pas valide."),
        ({"year": "12"}, 422, "Un des champs saisis n'est pas valide."),
        ({"day": "x"}, 422, "Un des champs saisis n'est pas valide."),
        ({"first_name": " "}, 422, "Un des champs saisis n'est pas valide."),
        ({"first_name": "!!!"}, 404, views.UNKNOWN),
        ({"day": "10"}, 404, views.UNKNOWN),
    ],
    ids=str,
)
def test_what_was_typed_does_not_fit(
    client: Client, asked: Campaign, noe: Pupil, changes: dict[str, str], status: int, text: str
) -> None:
    """Cases 79 to 81; what was typed stays in the form."""
    response = join(client, asked, **changes)
    assert response.status_code == status
    assert " ".join(text.split()) in words(response)
    assert 'value="Durand"' in response.content.decode()


def test_the_posted_username_is_not_trusted(client: Client, asked: Campaign, noe: Pupil) -> None:
    """Case 91."""
    join(client, asked)
    response = client.post(at("register", asked), {"username": "admin.admin0000", "password": PASSWORD})
    assert response.status_code == 422
    assert User.objects.filter(username__isnull=False).count() == 0


def test_a_weak_password_is_said_beside_the_field(client: Client, asked: Campaign, noe: Pupil) -> None:
    join(client, asked)
    response = client.post(at("register", asked), {"username": "noe.durand0903", "password": "abcdefgh"})
    assert response.status_code == 422
    assert "Votre mot de passe doit contenir 8 caractères au minimum" in words(response)


def test_the_username_goes_to_another_meanwhile(client: Client, asked: Campaign, noe: Pupil) -> None:
    join(client, asked)
    pupil_account("Noé", "Durand", "noe.durand0903")
    response = client.post(at("register", asked), {"username": "noe.durand0903", "password": PASSWORD})
    assert response.status_code == 409
    assert "Cet identifiant n'est plus disponible, merci de recharger la page." in words(response)
    proposal = client.session[views.KEPT]["username"]
    assert proposal != "noe.durand0903"
    assert client.post(at("register", asked), {"username": proposal, "password": PASSWORD}).status_code == 302


@pytest.mark.proves("C-073")
def test_two_browsers_register_the_same_pupil(asked: Campaign, noe: Pupil) -> None:
    """Case 92, in two browsers; S52 is shown as « S52 »."""
    one, two = Client(), Client()
    join(one, asked)
    join(two, asked)
    sent = {"username": "noe.durand0903", "password": PASSWORD}
    assert one.post(at("register", asked), sent).status_code == 302
    response = two.post(at("register", asked), sent)
    assert response.status_code == 409
    assert "(Identifiant : n***.d***3) dans cet établissement. (Code S52)" in words(response)
    assert User.objects.filter(username__isnull=False).count() == 1


def test_a_match_for_one_campaign_opens_no_other(client: Client, asked: Campaign, noe: Pupil) -> None:
    head = school(uai="0999002B")
    other = making.campaign(head.organization, head.user)
    join(client, asked)
    assert next_of(client, at("register", other)) == (302, at("join", other))


def test_a_whole_class_passes_and_a_machine_does_not(client: Client, asked: Campaign, noe: Pupil) -> None:
    for _pupil in range(30 * 4):
        assert join(client, asked, day="10").status_code == 404
    response = join(client, asked)
    assert response.status_code == 429
    assert "Trop d'essais depuis ce réseau" in words(response)
    elsewhere = client.post(at("join", asked), IDENTITY, REMOTE_ADDR="192.0.2.7")
    assert elsewhere.status_code == 302


# --- an account that exists ---


@pytest.mark.proves("C-074")
def test_an_account_is_linked_after_a_confirmation(asked: Campaign, noe: Pupil) -> None:
    user = adult("Léa", "Autre")
    client = signed_in(user)
    response = join(client, asked)
    assert response["Location"] == f"{at('join', asked)}?etape=confirmer"
    noe.refresh_from_db()
    assert noe.user_id is None
    page = client.get(response["Location"])
    assert f"{user.email} va être associé à l'élève : Noé Durand." in words(page)
    assert {"Associer", "Continuer avec mon compte Pix", "Se déconnecter"} <= {
        " ".join(one.text_content().split())
        for one in html.fromstring(page.content.decode()).xpath("//main//button | //main//a")
    }
    assert client.post(at("join", asked), {"confirmer": "1"})["Location"] == at("landing", asked)
    noe.refresh_from_db()
    assert noe.user_id == user.pk


def test_a_confirmation_without_a_match_goes_back(asked: Campaign, noe: Pupil) -> None:
    client = signed_in(adult())
    assert client.post(at("join", asked), {"confirmer": "1"})["Location"] == at("join", asked)
    noe.refresh_from_db()
    assert noe.user_id is None


def test_refusals_for_a_signed_in_person(asked: Campaign, noe: Pupil, home: Organization) -> None:
    other = adult("Autre")
    Pupil.objects.filter(pk=noe.pk).update(user=pupil_account("Noé", "Durand", "noe.durand0903"))
    response = join(signed_in(other), asked)
    assert response.status_code == 409
    assert "(Code R32)" in words(response)
    make_pupil(school(uai="0999002B").organization, "Zoé", "Aînée", ine="9", user=other, birth=date(2009, 1, 1))
    Pupil.objects.filter(pk=noe.pk).update(user=None)
    response = join(signed_in(other), asked)
    assert response.status_code == 422
    assert "(Code R90)" in words(response)


def test_the_silent_link_is_written_by_the_start(asked: Campaign, noe: Pupil) -> None:
    """A GET never writes: the landing page shows, « Je commence » links."""
    user = pupil_account("Noé", "Durand", "noe.durand0903")
    make_pupil(school(uai="0999002B").organization, "Noé", "Durand", ine=noe.ine, user=user)
    client = signed_in(user)
    assert client.get(at("landing", asked)).status_code == 200
    noe.refresh_from_db()
    assert noe.user_id is None
    assert client.post(at("start", asked)).status_code == 302
    noe.refresh_from_db()
    assert noe.user_id == user.pk


# --- a run that exists ---


@pytest.fixture
def emma(home: Organization) -> Pupil:
    return make_pupil(home, "Emma", "Pix", ine="5", user=pupil_account("Emma", "Pix", "emma.pix0903"))


def run_of(emma: Pupil, asked: Campaign) -> tuple[Client, str]:
    assert emma.user is not None
    client = signed_in(emma.user)
    return client, urlsplit(client.post(at("start", asked))["Location"]).path.split("/")[2]


def test_a_begun_run_is_resumed(asked: Campaign, emma: Pupil) -> None:
    client, run = run_of(emma, asked)
    assert next_of(client, at("landing", asked)) == (302, reverse("app:resume", kwargs={"run": run}))


def sent(asked: Campaign, shared_at: Any) -> None:
    Participation.objects.filter(campaign=asked).update(
        status=Status.SHARED, completed_at=shared_at, shared_at=shared_at, targeted=5, validated=2
    )


def test_a_sent_run_of_a_single_sending_shows_its_results(asked: Campaign, emma: Pupil) -> None:
    client, run = run_of(emma, asked)
    sent(asked, AT)
    assert next_of(client, at("landing", asked)) == (302, reverse("app:results", kwargs={"run": run}))
    assert client.post(at("start", asked))["Location"] == reverse("app:results", kwargs={"run": run})
    assert Participation.objects.count() == 1


def test_a_replay_too_early_says_when(home: Organization, emma: Pupil) -> None:
    """Sent on 25 October at noon in Paris: open again on the 29th at 11, the clocks having changed."""
    asked = making.campaign(home, making.teammate(home), multiple_sending=True)
    client, _run = run_of(emma, asked)
    sent(asked, AT.replace(year=2024, month=10, day=25, hour=10))
    with time_machine.travel(AT.replace(year=2024, month=10, day=28), tick=False):
        client = signed_in(User.objects.get(username="emma.pix0903"))
        assert "Repasser mon parcours" in words(client.get(at("landing", asked)))
        response = client.post(at("start", asked))
        assert response.status_code == 409
        assert "à partir du 29/10/2024 à 11:00" in words(response)


def test_a_deactivated_pupil_and_an_archived_campaign_do_not_start(asked: Campaign, emma: Pupil) -> None:
    assert emma.user is not None
    client = signed_in(emma.user)
    Pupil.objects.filter(pk=emma.pk).update(active=False)
    assert client.post(at("start", asked)).status_code == 403
    Pupil.objects.filter(pk=emma.pk).update(active=True)
    Campaign.objects.update(archived_at=AT + timedelta(0))
    assert client.post(at("start", asked)).status_code == 403
    assert Participation.objects.count() == 0


def test_who_may(client: Client, asked: Campaign, noe: Pupil) -> None:
    assert client.post(at("start", asked)).status_code == 302
    assert signed_in(adult()).post(at("start", asked))["Location"] == at("join", asked)
    for name in ("entrance", "landing", "access"):
        assert client.post(at(name, asked)).status_code == 405
