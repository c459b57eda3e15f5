"""« Équipe » on screen, in Orga and in Certif: what each role sees, sends and is refused."""

import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from pix.learners.models import Pupil
from pix.mailing.models import Mail
from pix.organizations.enums import Role
from pix.organizations.models import Centre, Invitation
from tests.factories.cast import AT, Cast
from tests.organizations.making import colleague, roles

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen() -> Any:
    with time_machine.travel(AT, tick=False):
        yield


def words(response: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.replace("&#x27;", "'").replace("&#39;", "'").replace("\u202f", " ").split())


def at(cast: Cast, name: str, **more: Any) -> str:
    return reverse(
        f"orga:{name}", kwargs={"organization": str(cast.school.uuid), **{k: str(v) for k, v in more.items()}}
    )


def in_centre(centre: Centre, name: str, **more: Any) -> str:
    return reverse(f"certif:{name}", kwargs={"centre": str(centre.uuid), **{k: str(v) for k, v in more.items()}})


@pytest.mark.proves("A-024", "A-025", "A-032", "A-035", "A-042", "A-043")
def test_an_administrator_manages_and_a_member_only_looks(cast: Cast) -> None:
    page = cast.client("admin").get(at(cast, "team"))
    seen = words(page)
    assert "Membres (2)" in seen
    assert "Invitations (0)" in seen
    assert "Inviter un membre" in seen
    assert "Modifier le rôle" in seen
    assert f'href="{at(cast, "team")}" aria-current="page"' in page.content.decode()
    seen = words(cast.client("member").get(at(cast, "team")))
    assert "Membres (2)" in seen
    for absent in ("Invitations (", "Inviter un membre", "Gérer", "Modifier le rôle", "Oui, supprimer"):
        assert absent not in seen


def test_ten_members_a_page(cast: Cast) -> None:
    for number in range(9):
        colleague(cast.school, f"Zoé{number}")
    first = cast.client("admin").get(at(cast, "team")).content.decode()
    second = cast.client("admin").get(at(cast, "team") + "?page=2").content.decode()
    assert (first.count('<th scope="row"'), second.count('<th scope="row"')) == (10, 1)


def test_the_team_costs_the_same_at_one_and_three(cast: Cast, django_assert_max_num_queries: Any) -> None:
    for number in range(3):
        colleague(cast.school, f"Zoé{number}")
    client = cast.client("admin")
    with django_assert_max_num_queries(6):
        client.get(at(cast, "team"))


@pytest.mark.proves("A-026", "A-029", "A-032")
def test_forty_pasted_lines_are_forty_mails(cast: Cast) -> None:
    pasted = "\r\n".join(f"Prof{n}@College.test" for n in range(40))
    response = cast.client("admin").post(at(cast, "team-invite"), {"emails": pasted}, follow=True)
    assert "Une invitation a bien été envoyée aux adresses e-mails listées." in words(response)
    assert "Invitations (40)" in words(response)
    assert "prof0@college.test 02/11/2026 - 10:00" in words(response)
    mail = Mail.objects.get(to="prof7@college.test")
    assert (mail.subject, mail.sender) == ("Invitation à rejoindre Pix Orga", "Pix Orga - Ne pas répondre")
    row = Invitation.objects.get(email="prof7@college.test")
    assert "Collège Simone-Lumière" in mail.text
    assert f"http://testserver/rejoindre?invitation={row.uuid}&code={row.code}" in mail.text


@pytest.mark.proves("A-027", "A-028")
def test_what_is_refused_is_said_beside_the_field_and_nothing_is_lost(cast: Cast) -> None:
    client = cast.client("admin")
    typed = "bon@test.test\npas-une-adresse"
    response = client.post(at(cast, "team-invite"), {"emails": typed})
    assert response.status_code == 400
    assert "Le format de l'adresse e-mail est incorrect. (pas-une-adresse)" in words(response)
    assert typed in response.content.decode()
    assert 'aria-describedby="id_emails_helptext id_emails_error' in response.content.decode()
    response = client.post(at(cast, "team-invite"), {"emails": "un deux@"})
    assert "Le format de l'adresse e-mail est incorrect. (un, deux@)" in words(response)
    response = client.post(at(cast, "team-invite"), {"emails": "BOB@college.test"})
    assert response.status_code == 412
    assert "Ce membre a déjà été ajouté. (bob@college.test)" in words(response)
    response = client.post(at(cast, "team-invite"), {"emails": " , "})
    assert response.status_code == 422
    assert not Mail.objects.exists()


@pytest.mark.proves("A-033", "A-034")
def test_sent_again_then_taken_back(cast: Cast) -> None:
    client = cast.client("admin")
    client.post(at(cast, "team-invite"), {"emails": "un@test.test"})
    row = Invitation.objects.get()
    with time_machine.travel("2026-11-09 09:30:00+00:00", tick=False):
        client.force_login(cast.alice, backend="allauth.account.auth_backends.AuthenticationBackend")
        response = client.post(at(cast, "team-invitation-resend", invitation=row.uuid), follow=True)
        assert "L'invitation a bien été renvoyée." in words(response)
        assert "un@test.test 09/11/2026 - 10:30" in words(response)
        assert Mail.objects.count() == 2
        response = client.post(at(cast, "team-invitation-cancel", invitation=row.uuid), follow=True)
        assert "L'invitation a bien été supprimée." in words(response)
        assert "Invitations (0)" in words(response)
        assert client.post(at(cast, "team-invitation-cancel", invitation=row.uuid)).status_code == 422
        link = reverse("public:join") + f"?invitation={row.uuid}&code={row.code}"
        assert "Cette invitation n'est plus valide." in words(Client().get(link, follow=True))


@pytest.mark.proves("A-037")
def test_a_role_changes_at_once(cast: Cast) -> None:
    bob, alice = cast.client("member"), cast.client("admin")
    assert bob.get(at(cast, "import")).status_code == 403
    response = alice.post(at(cast, "team-role", person=cast.bob.uuid), {"role": "admin"}, follow=True)
    assert "Le rôle a bien été changé." in words(response)
    assert bob.get(at(cast, "import")).status_code == 200
    response = alice.post(at(cast, "team-role", person=cast.bob.uuid), {"role": "roi"})
    assert response.status_code == 400
    assert "Une erreur est survenue lors de la modification du rôle du membre." in words(response)
    # One's own line is not managed, and a stranger is nobody.
    assert alice.post(at(cast, "team-role", person=cast.alice.uuid), {"role": "member"}).status_code == 403
    assert alice.post(at(cast, "team-role", person=cast.charlie.uuid), {"role": "admin"}).status_code == 404


@pytest.mark.proves("A-038", "A-039")
def test_a_removed_member_is_out_at_the_next_click(cast: Cast) -> None:
    bob, alice = cast.client("member"), cast.client("admin")
    assert bob.get(at(cast, "pupils")).status_code == 200
    confirmation = words(alice.get(at(cast, "team-remove", person=cast.bob.uuid)))
    assert "Confirmez-vous la suppression ?" in confirmation
    assert "Oui, supprimer le membre" in confirmation
    response = alice.post(at(cast, "team-remove", person=cast.bob.uuid), follow=True)
    assert "Bob Diallo a été supprimé avec succès de votre équipe Pix Orga." in words(response)
    assert "Membres (1)" in words(response)
    assert bob.get(at(cast, "pupils")).status_code == 404
    assert bob.get(reverse("orga:enter")).status_code == 403


@pytest.mark.proves("A-040", "T-015")
def test_the_last_administrator_is_told_why(cast: Cast) -> None:
    client = cast.client("admin")
    assert "Nommez un autre administrateur pour pouvoir quitter cet espace." in words(client.get(at(cast, "team")))
    response = client.post(at(cast, "team-leave"))
    assert response.status_code == 409
    assert "Cet espace doit garder au moins un administrateur." in words(response)
    assert roles(cast.school)["Alice"] == "admin"
    forged = cast.client("member").post(at(cast, "team-remove", person=cast.alice.uuid))
    assert forged.status_code == 403


@pytest.mark.proves("A-041")
def test_a_member_leaves_and_is_signed_out(cast: Cast) -> None:
    client = cast.client("member")
    assert "Quitter cet espace Pix Orga" in words(client.get(at(cast, "team")))
    assert "Oui, quitter cet espace" in words(client.get(at(cast, "team-leave")))
    response = client.post(at(cast, "team-leave"), follow=True)
    assert "Vous avez quitté l'espace Pix Orga de Collège Simone-Lumière." in words(response)
    assert response.request["PATH_INFO"] == reverse("account_login")
    assert client.get(at(cast, "team")).status_code == 302


def test_leaving_one_school_opens_the_next(cast: Cast) -> None:
    from pix.organizations.actions import add_member

    add_member(organization=cast.other_school, user=cast.bob, role=Role.MEMBER, by="test", at=AT)
    response = cast.client("member").post(at(cast, "team-leave"), follow=True)
    assert response.request["PATH_INFO"] == f"/orga/{cast.other_school.uuid}/"


@pytest.mark.proves("A-048")
def test_a_member_is_not_a_pupil_of_the_school(cast: Cast) -> None:
    page = words(cast.client("admin").get(at(cast, "pupils")))
    assert "Emma" in page
    assert "Diallo" not in page
    assert not Pupil.objects.filter(user=cast.bob).exists()


@pytest.mark.proves("E-014", "E-017", "A-047")
def test_the_same_team_pages_in_certif(cast: Cast) -> None:
    centre = Centre.objects.get(uai=cast.school.uai)
    zoe = colleague(centre, "Zoé")
    client = cast.client("admin")
    home = client.get(in_centre(centre, "home"))
    assert 'data-face="certif"' in home.content.decode()
    assert "Les sessions ne sont pas encore ouvertes" in words(home)
    page = words(client.get(in_centre(centre, "team")))
    assert "Membres (2)" in page
    assert "Quitter cet espace Pix Certif" not in page
    assert page.count("n'est plus dans Pix Orga") == 1  # Zoé, never in the school's team
    client.post(in_centre(centre, "team-role", person=zoe.uuid), {"role": "admin"})
    assert roles(centre) == {"Alice": "admin", "Zoé": "admin"}
    assert "Zoé" not in roles(cast.school)
    client.post(in_centre(centre, "team-invite"), {"emails": "surveillant@test.test"})
    mail = Mail.objects.get()
    assert mail.subject == "Invitation à rejoindre Pix Certif"
    assert "centre de certification Collège Simone-Lumière" in mail.text
    response = client.post(in_centre(centre, "team-remove", person=zoe.uuid), follow=True)
    assert "Zoé Test a été supprimé avec succès de votre équipe Pix Certif." in words(response)


@pytest.mark.proves("E-015")
def test_certif_refuses_strangers_and_members_without_the_role(cast: Cast) -> None:
    centre = Centre.objects.get(uai=cast.school.uai)
    assert cast.client("member").get(in_centre(centre, "home")).status_code == 404
    refused = cast.client("member").get(reverse("certif:enter"))
    assert refused.status_code == 403
    assert "L'accès à Pix Certif est limité aux membres invités" in words(refused)
    zoe = colleague(centre, "Zoé")
    client = Client()
    client.force_login(zoe, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(in_centre(centre, "team-invite")).status_code == 403
    assert client.get(reverse("public:spaces")).headers["Location"] == in_centre(centre, "home")
