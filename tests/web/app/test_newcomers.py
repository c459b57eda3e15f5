"""A pupil of the médiacentre in front of the pages: birth date, own account, expiry, somebody else's turn (10.1)."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from lxml import html

from pix.accounts import identities
from pix.accounts.identities import GAR, Pending
from pix.accounts.models import SignInMethod, User
from pix.campaigns.models import Campaign
from pix.content import releases
from pix.learners.models import Pupil
from pix.organizations.models import Organization
from tests.campaigns import making
from tests.factories.cast import PASSWORD, make_pupil, pupil_account
from tests.learners.rolls import AT, adult, school

pytestmark = pytest.mark.django_db
BORN = {"day": "9", "month": "03", "year": "2013"}
NOE = Pending(GAR, "ido-noe", "Noé", "Durand")


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> Any:
    cache.clear()
    monkeypatch.setattr(releases, "_current", making.small_bank())
    with time_machine.travel(AT, tick=False) as world:
        yield world


@pytest.fixture
def home() -> Organization:
    made = school().organization
    Organization.objects.filter(pk=made.pk).update(identity_provider=GAR)
    made.refresh_from_db()
    return made


@pytest.fixture
def asked(home: Organization) -> Campaign:
    return making.campaign(home, making.teammate(home))


@pytest.fixture
def noe(home: Organization) -> Pupil:
    return make_pupil(home, "Noé", "Durand", ine="1234567890A")


def newcomer(pending: Pending = NOE) -> Client:
    """A browser just back from the médiacentre."""
    client = Client()
    session = client.session
    identities.keep_pending(session, pending, at=AT)
    session.save()
    return client


def at(name: str, asked: Campaign) -> str:
    return reverse(f"app:{name}", kwargs={"code": asked.code})


def words(response: Any) -> str:
    return " ".join(html.fromstring(response.content.decode()).text_content().split())


@pytest.mark.proves("C-067")
def test_a_code_and_a_birth_date_once(asked: Campaign, noe: Pupil) -> None:
    client = newcomer()
    assert "Noé, saisissez votre code" in words(client.get("/campagnes"))
    assert client.get("/campagnes", {"code": asked.code})["Location"] == at("entrance", asked)
    assert client.get(at("entrance", asked))["Location"] == at("mediacentre", asked)
    page = client.get(at("mediacentre", asked))
    tree = html.fromstring(page.content.decode())
    shown = {one.get("name"): one.get("value") for one in tree.xpath("//main//input[@readonly]")}
    assert shown == {"first_name": "Noé", "last_name": "Durand"}
    assert client.post(at("mediacentre", asked), BORN)["Location"] == at("landing", asked)
    noe.refresh_from_db()
    assert noe.user is not None
    assert client.get(at("landing", asked)).status_code == 200
    assert client.post("/deconnexion").headers["Location"] == "/nonconnecte"
    assert "pending_identity" not in client.session


def test_names_posted_by_the_browser_are_not_read(asked: Campaign, noe: Pupil, home: Organization) -> None:
    make_pupil(home, "Zoé", "Autre", ine="2234567890A")
    response = newcomer().post(at("mediacentre", asked), {**BORN, "first_name": "Zoé", "last_name": "Autre"})
    assert response.status_code == 302
    noe.refresh_from_db()
    assert noe.user is not None
    assert Pupil.objects.get(first_name="Zoé").user is None


@pytest.mark.parametrize(
    ("changes", "status", "text"),
    [
        ({"day": "31", "month": "02"}, 422, "Un des champs saisis n'est pas valide."),
        ({"day": ""}, 422, "Un des champs saisis n'est pas valide."),
        ({"day": "10"}, 404, "Vérifiez vos informations"),
    ],
    ids=str,
)
def test_what_was_typed_stays(asked: Campaign, noe: Pupil, changes: dict[str, str], status: int, text: str) -> None:
    client = newcomer()
    response = client.post(at("mediacentre", asked), {**BORN, **changes})
    assert response.status_code == status
    assert text in words(response)
    assert 'value="2013"' in response.content.decode()
    assert not SignInMethod.objects.exists()


def test_after_an_hour_one_comes_back_from_the_mediacentre(asked: Campaign, noe: Pupil, frozen: Any) -> None:
    for place in ("/campagnes", at("entrance", asked), at("mediacentre", asked)):
        frozen.move_to(AT)
        client = newcomer()
        frozen.shift(timedelta(hours=1))
        response = client.get(place)
        assert response.status_code == 401
        assert "Reconnectez-vous depuis le médiacentre" in words(response)
        assert client.get("/campagnes").status_code == 200  # forgotten, and the page of the code is open again
    client = newcomer()
    frozen.shift(timedelta(hours=1))
    assert client.post(at("mediacentre", asked), BORN).status_code == 401
    assert not SignInMethod.objects.exists()


# --- an account that exists ---


@pytest.fixture
def own(noe: Pupil) -> User:
    made = pupil_account("Noé", "Durand", "noe.durand0903")
    Pupil.objects.filter(pk=noe.pk).update(user=made)
    return made


def met(asked: Campaign) -> tuple[Client, Any]:
    client = newcomer()
    return client, client.post(at("mediacentre", asked), BORN)


@pytest.mark.proves("C-073")
def test_the_account_is_named_masked_and_its_password_opens_it(asked: Campaign, own: User) -> None:
    client, response = met(asked)
    assert response.status_code == 409
    assert "(Identifiant : n***.d***3) dans cet établissement. (Code R32)" in words(response)
    assert "noe.durand0903" not in words(response)
    sent = {"login": "noe.durand0903", "password": PASSWORD}
    response = client.post(at("mediacentre-account", asked), sent)
    assert (response.status_code, response["Location"]) == (302, at("landing", asked))
    assert identities.owner_of(GAR, "ido-noe") == own
    assert client.get(at("landing", asked)).status_code == 200
    assert client.post("/deconnexion").headers["Location"] == "/nonconnecte"


def test_a_wrong_password_keeps_the_page(asked: Campaign, own: User) -> None:
    client, _response = met(asked)
    response = client.post(at("mediacentre-account", asked), {"login": "noe.durand0903", "password": "Faux1234"})
    assert response.status_code == 422
    assert "(Code R32)" in words(response)
    assert "sont incorrects" in words(response)
    assert 'value="noe.durand0903"' in response.content.decode()
    assert not SignInMethod.objects.exists()


def test_another_account_is_not_taken(asked: Campaign, own: User) -> None:
    client, _response = met(asked)
    pupil_account("Zoé", "Autre", "zoe.autre0903")
    response = client.post(at("mediacentre-account", asked), {"login": "zoe.autre0903", "password": PASSWORD})
    assert response.status_code == 409
    assert "n***.d***3. (Code UNEXPECTED_USER_ACCOUNT)" in words(response)
    assert not SignInMethod.objects.exists()
    assert client.get("/accueil").status_code == 302  # nobody was signed in


def test_the_identity_went_to_another_account_meanwhile(asked: Campaign, own: User) -> None:
    client, _response = met(asked)
    identities.open_account(provider=GAR, external_id="ido-noe", first_name="Noé", last_name="Durand", at=AT)
    sent = {"login": "noe.durand0903", "password": PASSWORD}
    response = client.post(at("mediacentre-account", asked), sent)
    assert response.status_code == 409
    assert "Le médiacentre ouvre déjà un autre compte pour vous." in words(response)


def test_the_identity_is_kept_when_a_new_password_is_asked(asked: Campaign, own: User) -> None:
    User.objects.filter(pk=own.pk).update(must_change_password=True)
    client, _response = met(asked)
    client.post(at("mediacentre-account", asked), {"login": "noe.durand0903", "password": PASSWORD})
    assert identities.owner_of(GAR, "ido-noe") == own


def test_refusals_without_a_remedy_ask_a_teacher(asked: Campaign, noe: Pupil, home: Organization) -> None:
    """Case 82: a free visitor meets a médiacentre account; S53 is shown as « S53 »."""
    newcomer().post(at("mediacentre", asked), BORN)
    typed = {**BORN, "first_name": "Noé", "last_name": "Durand"}
    response = Client().post(at("join", asked), typed)
    assert response.status_code == 409
    assert "un compte Pix (Médiacentre) dans cet établissement. (Code S53)" in words(response)
    assert "Demandez de l'aide à un enseignant en lui donnant le code S53." in words(response)
    assert "Je me connecte" not in words(response)


@pytest.mark.parametrize("here", [True, False], ids=["R33", "R13"])
def test_somebody_signed_in_meets_a_mediacentre_account(asked: Campaign, noe: Pupil, here: bool) -> None:
    """R13 and R33: no way to go on, a teacher helps."""
    owner = identities.open_account(provider=GAR, external_id="x", first_name="Noé", last_name="Durand", at=AT)
    if here:
        Pupil.objects.filter(pk=noe.pk).update(user=owner)
    else:
        make_pupil(school(uai="0999002B").organization, "Noé", "Durand", ine=noe.ine, user=owner)
    client = Client()
    client.force_login(adult("Léa", "Autre"))
    response = client.post(at("join", asked), {**BORN, "first_name": "Noé", "last_name": "Durand"})
    assert response.status_code == 409
    code, where = ("R33", "cet établissement") if here else ("R13", "un autre établissement")
    assert f"un compte Pix (Médiacentre) dans {where}. (Code {code})" in words(response)
    assert f"en lui donnant le code {code}." in words(response)
    assert "Continuer" not in words(response)
    assert "connectez-vous avec ce compte" not in words(response)


# --- whose turn it is ---


@pytest.mark.proves("C-068")
def test_outside_the_mediacentre_a_window_explains_it_and_lets_through(asked: Campaign, noe: Pupil) -> None:
    client = Client()
    assert client.get(at("entrance", asked))["Location"] == at("access", asked)
    page = client.get(at("access", asked))
    dialog = html.fromstring(page.content.decode()).xpath("//dialog[@id='mediacentre']")[0]
    text = " ".join(dialog.text_content().split())
    assert "Accès au parcours par Médiacentre" in text
    assert "Connecte-toi à Pix en passant par ton Médiacentre" in text
    assert [link.text_content().strip() for link in dialog.xpath(".//a")] == ["Quitter"]
    assert dialog.xpath(".//button[@data-dialog-close]")[0].text_content().strip() == "Continuer"
    assert client.post(at("join", asked), {**BORN, "first_name": "Noé", "last_name": "Durand"}).status_code == 302


def test_a_school_without_the_mediacentre_does_not_speak_of_it(asked: Campaign, home: Organization) -> None:
    Organization.objects.filter(pk=home.pk).update(identity_provider="")
    assert "médiacentre" not in words(Client().get(at("access", asked))).lower()


@pytest.mark.proves("C-075")
def test_somebody_else_sits_here(asked: Campaign, noe: Pupil) -> None:
    client = newcomer()
    for place in ("/campagnes", at("mediacentre", asked)):
        page = client.get(place)
        assert "Vous n'êtes pas Noé Durand" in words(page)
        assert "Se déconnecter" in words(page)
    assert client.post("/mediacentre/quitter")["Location"] == "/nonconnecte"
    assert "pending_identity" not in client.session
    user = adult("Léa", "Autre")
    other = Client()
    other.force_login(user)
    Pupil.objects.filter(pk=noe.pk).update(user=user)
    page = other.get(at("landing", asked))
    assert "Vous n'êtes pas Léa Autre" in words(page)
    form = html.fromstring(page.content.decode()).xpath("//form[.//input[@name='next']]")[0]
    assert form.get("action") == "/deconnexion"
    assert form.xpath(".//input[@name='next']/@value") == [at("entrance", asked)]
