"""Several schools, one account: the menu of spaces, the last one used, two tabs that never mix."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from pix.organizations.actions import add_member
from pix.organizations.enums import Role
from tests.factories.cast import AT, Cast, make_pupil
from tests.web.team.test_team_pages import words

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def both(cast: Cast) -> Cast:
    """Alice administers her school and is a member of the other."""
    add_member(organization=cast.other_school, user=cast.alice, role=Role.MEMBER, by="test", at=AT)
    return cast


def home(school: Any) -> str:
    return reverse("orga:home", kwargs={"organization": str(school.uuid)})


@pytest.mark.proves("A-001")
def test_each_space_has_its_own_name_colour_and_menu(cast: Cast) -> None:
    client = cast.client("admin")
    pages = {}
    for face, name in (("app", "app:home"), ("orga", "orga:enter"), ("certif", "certif:enter")):
        page = client.get(reverse(name), follow=True).content.decode()
        assert f'data-face="{face}"' in page
        menu = re.search(r'<nav class="(?:sidenav|appnav)".*?</nav>', page, re.DOTALL)
        assert menu is not None
        pages[face] = " ".join(re.sub(r"<[^>]+>", " ", menu[0]).split())
    assert pages["orga"] == "Campagnes Élèves Équipe"
    assert pages["certif"] == "Accueil Équipe"
    assert "Mes parcours" in pages["app"]


@pytest.mark.proves("A-052", "A-053", "A-054")
def test_the_menu_lists_every_space_and_one_click_switches(both: Cast) -> None:
    client = both.client("admin")
    page = client.get(home(both.school))
    menu = re.search(r'<details class="menu menu-end" data-menu>.*?</details>', page.content.decode(), re.DOTALL)
    assert menu is not None
    seen = " ".join(re.sub(r"<[^>]+>", " ", menu[0]).replace("\u202f", " ").split())
    assert "Collège des Galets 0999002B · Membre" in seen
    assert "Collège Simone-Lumière 0999001A · Administrateur" in seen
    assert seen.index("Pix Orga") < seen.index("Pix Certif") < seen.index("Pix App")
    assert menu[0].count('aria-current="true"') == 1
    response = client.post(reverse("orga:switch", kwargs={"organization": str(both.other_school.uuid)}), follow=True)
    assert response.request["PATH_INFO"] == home(both.other_school)
    assert "Collège des Galets UAI 0999002B" in words(response)


@pytest.mark.proves("A-055")
def test_the_last_space_is_opened_after_signing_out_and_in(both: Cast) -> None:
    client = both.client("admin")
    for school in (both.other_school, both.school, both.other_school):
        client.post(reverse("orga:switch", kwargs={"organization": str(school.uuid)}))
        client.post(reverse("account_logout"))
        client = Client()
        client.force_login(both.alice, backend=BACKEND)
        assert client.get(reverse("orga:enter")).headers["Location"] == home(school)


@pytest.mark.proves("A-056")
def test_the_role_is_the_space_s(both: Cast) -> None:
    client = both.client("admin")
    here, there = ({"organization": str(one.uuid)} for one in (both.school, both.other_school))
    assert "Inviter un membre" in words(client.get(reverse("orga:team", kwargs=here)))
    assert "Inviter un membre" not in words(client.get(reverse("orga:team", kwargs=there)))
    assert client.get(reverse("orga:import", kwargs=here)).status_code == 200
    assert client.get(reverse("orga:import", kwargs=there)).status_code == 403


@pytest.mark.proves("T-016")
def test_two_tabs_with_two_schools_never_mix(both: Cast) -> None:
    other = make_pupil(both.other_school, "Zélie", "Ailleurs")
    client = both.client("admin")
    one, two = ({"organization": str(school.uuid)} for school in (both.school, both.other_school))
    for _turn in range(2):
        first = words(client.get(reverse("orga:pupils", kwargs=one)))
        second = words(client.get(reverse("orga:pupils", kwargs=two)))
        assert ("Emma" in first, "Zélie" in first) == (True, False)
        assert ("Emma" in second, "Zélie" in second) == (False, True)
    # A pupil of one school, asked in the name of the other, is nobody.
    assert client.get(reverse("orga:pupil", kwargs={**one, "pupil": str(other.uuid)})).status_code == 404


@pytest.mark.proves("A-023", "A-046")
def test_without_a_team_orga_says_how_to_be_invited(cast: Cast) -> None:
    response = cast.client("pupil").get(reverse("orga:enter"))
    assert response.status_code == 403
    assert "L'accès à Pix Orga est limité aux membres invités" in words(response)
    assert "Demandez à un administrateur de votre établissement de vous inviter" in words(response)


@pytest.mark.proves("A-044", "A-047")
def test_one_password_opens_the_three_spaces(cast: Cast) -> None:
    client = Client()
    client.post(reverse("account_login"), {"login": "alice@college.test", "password": "Brumeville1"})
    assert client.get(reverse("app:home")).status_code == 200
    assert client.get(reverse("orga:enter"), follow=True).status_code == 200
    certif = client.get(reverse("certif:enter"), follow=True)
    assert certif.status_code == 200
    assert "Centre de certification" in words(certif)
