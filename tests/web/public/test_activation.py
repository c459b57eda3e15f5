"""« Activez ou récupérez votre espace » on screen, and what the staff sees of it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from pix.mailing.models import Mail
from pix.organizations.actions import open_school
from pix.organizations.enums import SchoolKind
from pix.organizations.models import ActivationRequest, Organization
from tests.factories.cast import AT, Cast
from tests.web.team.test_team_pages import words

pytestmark = pytest.mark.django_db
PLACE = "/demande-administration-sco"


def ask(uai: str = "0999001A", client: Client | None = None, **more: Any) -> Any:
    given = {"uai": uai, "first_name": "Ada", "last_name": "Byron"}
    return (client or Client()).post(PLACE, given, follow=True, **more)


@pytest.mark.proves("A-002", "A-004", "A-009", "A-010")
def test_the_page_is_open_and_linked_from_the_sign_in(cast: Cast) -> None:
    client = Client()
    login = client.get(reverse("account_login"))
    assert f'href="{PLACE}"' in login.content.decode()
    assert "Activez ou récupérez votre espace Pix Orga" in words(login)
    notice = "Réservé aux personnels de direction des établissements scolaires publics et privés sous contrat."
    assert notice in words(login)
    page = client.get(PLACE)
    assert page.status_code == 200
    assert notice in words(page)
    assert "En savoir plus sur mes droits" in words(page)
    for link in (reverse("public:activation-rights"), reverse("public:ways-in")):
        assert link in page.content.decode() + login.content.decode()
        assert client.get(link).status_code == 200
    for title in ("Activer ou récupérer", "Être invité", "Accéder"):
        assert title in words(page)


def test_whoever_comes_from_an_invitation_is_not_sent_to_the_activation() -> None:
    page = Client().get(reverse("account_login") + "?next=/rejoindre%3Finvitation%3Dx")
    assert PLACE not in page.content.decode()


def test_the_link_of_the_sign_in_page_is_in_french_only() -> None:
    client = Client()
    client.post("/langue", {"language": "en", "next": "/connexion"})
    page = client.get(reverse("account_login")).content.decode()
    assert PLACE not in page
    assert reverse("public:ways-in") in page
    client.post("/langue", {"language": "fr", "next": "/connexion"})
    assert PLACE in client.get(reverse("account_login")).content.decode()


@pytest.mark.proves("A-006", "A-007", "A-008")
def test_each_field_is_required_and_what_was_typed_stays() -> None:
    response = Client().post(PLACE, {"uai": " ", "first_name": "", "last_name": "Byron"})
    assert response.status_code == 422
    seen = words(response)
    assert "L'UAI/RNE n'est pas renseigné." in seen
    assert "Votre prénom n'est pas renseigné." in seen
    assert "Votre nom n'est pas renseigné." not in seen
    assert 'value="Byron"' in response.content.decode()
    assert "Votre nom n'est pas renseigné." in words(Client().post(PLACE, {"uai": "0999001A", "first_name": "A"}))


@pytest.mark.parametrize("name", ["Ada http://mal.test", "www.mal.test", "ada@mal.test", "<b>Ada</b>"])
def test_a_stranger_puts_no_link_in_the_mail(cast: Cast, name: str) -> None:
    response = Client().post(PLACE, {"uai": "0999001A", "first_name": name, "last_name": "Byron"})
    assert response.status_code == 422
    assert "Saisissez seulement un nom, sans adresse ni lien." in words(response)
    assert not Mail.objects.exists()
    Client().post(PLACE, {"uai": "0999001A", "first_name": "Ada\n\nOuvrez", "last_name": "Byron"})
    assert "Ada Ouvrez Byron a demandé" in Mail.objects.get().text


@pytest.mark.proves("A-005", "A-013", "A-014")
def test_the_request_is_served_without_anybody(cast: Cast) -> None:
    response = ask(" 0999001a ")
    seen = words(response)
    assert response.request["PATH_INFO"] == f"{PLACE}/envoyee"
    assert "c***@ac-brumeville.test" in seen
    for hidden in ("Simone-Lumière", "ce.0999001a"):
        assert hidden not in seen
    mail = Mail.objects.get()
    assert (mail.to, mail.subject) == ("ce.0999001a@ac-brumeville.test", "Accès à votre espace Pix Orga")
    assert mail.sender == "Pix Orga - Ne pas répondre"
    for told in ("Collège Simone-Lumière", "Ada Byron", "Accepter l'invitation", "Ce lien est à usage unique"):
        assert told in mail.text


@pytest.mark.proves("A-011")
@pytest.mark.parametrize("uai", ["1111111A", "pas un UAI"])
def test_an_unknown_uai_is_refused(cast: Cast, uai: str) -> None:
    response = ask(uai)
    assert response.status_code == 404
    assert "L'UAI/RNE de l'établissement n'est pas reconnu. Merci de contacter le support." in words(response)
    assert f'value="{uai}"' in response.content.decode()
    assert not Mail.objects.exists()


def test_an_archived_school_reads_as_an_unknown_one(cast: Cast) -> None:
    Organization.objects.filter(pk=cast.school.pk).update(archived_at=AT)
    response = ask()
    assert response.status_code == 422
    assert "L'UAI/RNE de l'établissement n'est pas reconnu. Merci de contacter le support." in words(response)


@pytest.mark.proves("A-012", "A-021")
def test_what_could_not_be_served_is_on_the_staff_s_list(cast: Cast) -> None:
    response = ask("0999002B")
    assert response.status_code == 412
    text = "Nous n'avons pas d'adresse e-mail de contact associée à votre établissement. Merci de contacter le support."
    assert text in words(response)
    open_school(name="Double", uai="0999002B", kind=SchoolKind.LYCEE, at=AT)
    assert ask("0999002B").status_code == 409
    ask("0999001A")
    staff = cast.client("staff")
    seen = words(staff.get("/pilotage/"))
    assert "À traiter (2)" in seen
    assert "Établissement sans boîte fonctionnelle" in seen
    assert "Plusieurs établissements ont cet UAI" in seen
    assert "Lien envoyé c***@ac-brumeville.test" in seen
    assert seen.count("Ada Byron") == 5 + 2  # and twice in the words of the buttons
    row = ActivationRequest.objects.get(outcome="no_mailbox")
    done = staff.post(reverse("admin:activation-handled", kwargs={"demand": str(row.uuid)}), follow=True)
    assert "À traiter (1)" in words(done)
    assert "par Stan Personnel" in words(done)


def test_the_staff_s_page_costs_the_same_at_one_and_three(cast: Cast, django_assert_max_num_queries: Any) -> None:
    for _ in range(3):
        ask()
    staff = cast.client("staff")
    with django_assert_max_num_queries(6):
        staff.get("/pilotage/")


def test_a_fourth_request_in_the_hour_sends_nothing(cast: Cast) -> None:
    for _ in range(3):
        ask()
    response = ask(REMOTE_ADDR="192.0.2.7")
    assert response.status_code == 429
    assert Mail.objects.count() == 3
    assert "192.0.2.7" not in "".join(ActivationRequest.objects.values_list("source", flat=True))
