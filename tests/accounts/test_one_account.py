"""One account for every space; what a sign-in costs, and what it leaves behind."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from pix.accounts.actions import sign_ins
from pix.accounts.models import Session, User
from tests.accounts.test_signing_in import sign_in, sign_up, words
from tests.factories.cast import AT, PASSWORD, Cast, make_pupil

pytestmark = pytest.mark.django_db
RULE = "8 caractères au minimum, avec au moins une majuscule, une minuscule et un chiffre."


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


@pytest.mark.proves("A-044")
def test_one_pair_opens_the_personal_space_and_the_school(cast: Cast) -> None:
    client, response = sign_in("alice@college.test")
    assert response.status_code == 302
    assert client.get("/accueil").status_code == 200
    assert client.get(f"/orga/{cast.school.uuid}/").status_code == 200
    assert Session.objects.filter(user=cast.alice).count() == 1


@pytest.mark.proves("A-045")
def test_anyone_opens_a_personal_account(cast: Cast) -> None:
    assert 'href="/inscription"' in Client().get("/connexion").content.decode()
    sign_up("citoyenne@nulle.test")
    citizen = User.objects.get(email="citoyenne@nulle.test")
    client = Client()
    client.force_login(citizen)
    assert client.get("/accueil").status_code == 200
    assert client.get("/mes-parcours").status_code == 200


@pytest.mark.proves("A-046")
def test_nobody_enters_a_school_without_being_in_its_team(cast: Cast) -> None:
    for role in ("pupil", "other_admin", "staff"):
        assert cast.client(role).get(f"/orga/{cast.school.uuid}/").status_code == 404
    refused = cast.client("pupil").get("/orga/")
    assert refused.status_code == 403
    assert "limité aux membres invités" in words(refused)


@pytest.mark.proves("A-048")
def test_a_member_is_not_among_the_pupils(cast: Cast) -> None:
    """Bob trains in his own space; his school's list is made of its roll."""
    busy_bob(cast)
    page = cast.client("admin").get(reverse("orga:pupils", args=[cast.school.uuid]))
    lines = [" ".join(row.text_content().split()) for row in html.fromstring(page.content.decode()).xpath("//tbody/tr")]
    assert len(lines) == 1
    assert "Pix" in lines[0]
    assert "Diallo" not in lines[0]


def busy_bob(cast: Cast) -> None:
    """Bob has results of his own, and is a pupil elsewhere, as somebody in continuing education may be."""
    from pix.assessment.actions import ensure_summary
    from tests.factories.cast import AT

    ensure_summary(user_id=cast.bob.pk, at=AT)
    make_pupil(cast.other_school, "Bob", "Diallo", user=cast.bob)


@pytest.mark.proves("A-049")
def test_the_rule_is_read_before_typing_wherever_a_password_is_chosen(cast: Cast) -> None:
    for place, client in (("/inscription", Client()), ("/mon-compte/mot-de-passe", cast.client("pupil"))):
        tree = html.fromstring(client.get(place).content.decode())
        field = tree.xpath("//input[@autocomplete='new-password']")[0]
        help_id = field.get("aria-describedby").split()[0]
        assert tree.get_element_by_id(help_id).text_content() == RULE, place
        live = tree.xpath("//*[@data-password-rule]")[0]
        assert live.get("data-password-rule") == field.get("id")
        assert [line.get("data-rule") for line in live.xpath(".//li")] == ["length", "upper", "lower", "digit"]


# --- what a sign-in costs and leaves ----------------------------------------------------------------------------------


@pytest.mark.parametrize("login", ["emma.pix0903", "alice@college.test"])
def test_a_sign_in_costs_ten_statements_at_most(cast: Cast, login: str) -> None:
    client = Client()
    client.get("/connexion")
    with CaptureQueriesContext(connection) as queries:
        assert sign_in(login, client=client)[1].status_code == 302
    statements = [q["sql"] for q in queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))]
    assert len(statements) <= 10, "\n".join(statements)


@pytest.mark.proves("T-031")
def test_a_key_known_before_the_sign_in_opens_nothing_after(cast: Cast) -> None:
    """Session fixation: the key changes with the rights."""
    client = Client()
    client.post("/campagnes/XXXXXX999/rejoindre")
    session = client.session
    session["planted"] = "1"
    session.save()
    planted = session.session_key
    client.cookies["session"] = planted
    sign_in("alice@college.test", client=client)
    assert client.session.session_key != planted
    assert client.session[SESSION_KEY] == str(cast.alice.pk)
    assert not Session.objects.filter(session_key=planted).exists()
    thief = Client()
    thief.cookies["session"] = planted
    assert thief.get("/accueil").status_code == 302


@pytest.mark.parametrize(
    "place",
    ["https://ailleurs.test/", "//ailleurs.test/", "/\\ailleurs.test", "javascript:alert(1)", "http:///ailleurs.test"],
)
@pytest.mark.parametrize("method", ["login", "logout"])
def test_no_page_sends_elsewhere(cast: Cast, place: str, method: str) -> None:
    client = cast.client("pupil") if method == "logout" else Client()
    sent: dict[str, Any] = {"login": "emma.pix0903", "password": PASSWORD} if method == "login" else {}
    address = "/connexion" if method == "login" else "/deconnexion"
    response = client.post(address, {**sent, "next": place})
    assert response["Location"] in {"/espaces", "/connexion"}


@pytest.mark.proves("A-057")
def test_signed_out_one_is_back_at_the_sign_in_page(cast: Cast) -> None:
    client, _ = sign_in("alice@college.test")
    page = client.get(f"/orga/{cast.school.uuid}/")
    assert "Se déconnecter" in words(page)
    assert "no-store" in page["Cache-Control"]
    assert client.post("/deconnexion")["Location"] == "/connexion"
    assert client.get(f"/orga/{cast.school.uuid}/")["Location"].startswith("/connexion")


def test_sign_ins_that_are_over_go(cast: Cast) -> None:
    client, _ = sign_in("alice@college.test")
    Session.objects.create(session_key="k" * 32, session_data="", expire_date=AT)
    assert sign_ins.drop_expired(at=AT + timedelta(seconds=1)) == 1
    assert client.get("/accueil").status_code == 200
