"""The demonstration holds the people, the schools and the tools that the guide speaks of, and each of them works."""

import io
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from lxml import html

from pix.accounts.models import Session, User
from pix.campaigns.enums import Status
from pix.campaigns.models import Participation
from pix.core import clock
from pix.interop.commands import roll_check
from pix.jobs.worker import run_pending
from pix.learners.models import Pupil
from pix.mailing.models import Mail
from pix.organizations.enums import AGRICULTURE, GAR, Role, SchoolKind
from pix.organizations.models import Organization
from pix.web.demo import cast, seed

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.house.urls"), pytest.mark.usefixtures("seeded")]


def tree(response: Any) -> html.HtmlElement:
    assert response.status_code == 200, response.status_code
    found = html.fromstring(response.content.decode())
    for hidden in found.xpath("//script|//template"):
        hidden.drop_tree()
    return found


def words(response: Any) -> str:
    return " ".join(tree(response).xpath("//main")[0].text_content().split())


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def sign_in(login: str, password: str) -> tuple[Client, Any]:
    client = Client()
    return client, client.post("/connexion", {"login": login, "password": password})


# --- Schools, classes, people -----------------------------------------------------------------------------------------


@pytest.mark.proves("T-008")
def test_five_schools_of_five_kinds() -> None:
    schools = {school.uai: school for school in Organization.objects.all()}
    assert {
        uai: (school.kind, school.identity_provider, AGRICULTURE in school.tags) for uai, school in schools.items()
    } == {
        "0999001A": (SchoolKind.COLLEGE, GAR, False),
        "0999002B": (SchoolKind.COLLEGE, "", False),
        "0999003C": (SchoolKind.LYCEE, "", False),
        "0999004D": (SchoolKind.LYCEE_PRO, "", False),
        "0999005E": (SchoolKind.LYCEE, "", True),
    }
    for school in schools.values():
        assert school.demonstration
        assert school.memberships.filter(role=Role.ADMIN).count() == 1
        assert school.email
        client = signed_in(school.memberships.get(role=Role.ADMIN).user)
        page = client.get(reverse("orga:pupils", kwargs={"organization": school.uuid}))
        assert f"({Pupil.objects.filter(organization=school, active=True).count()})" in words(page)


@pytest.mark.proves("T-010")
def test_the_classes_of_the_guide() -> None:
    classes: dict[str, set[str]] = {}
    for uai, division in Pupil.objects.values_list("organization__uai", "division").distinct():
        classes.setdefault(uai, set()).add(division)
    assert {"3A", "4A", "3eme3", "5A", "5B", "6A"} <= classes["0999001A"]
    assert {name[0] for name in classes["0999001A"]} == {"3", "4", "5", "6"}
    assert any(name.startswith(("2de", "2D", "2nde", "2")) for name in classes["0999003C"])
    assert all(classes.get(school.uai) for school in cast.SCHOOLS)


@pytest.mark.proves("T-009")
def test_the_people_of_the_guide() -> None:
    home = Pupil.objects.filter(organization__uai="0999001A")
    emma = home.get(first_name="Emma", last_name__iexact="Pix")
    beatrix = home.get(first_name="Béatrix", last_name__iexact="Pix")
    grace = home.get(first_name="Grace", last_name__iexact="Hopper")
    assert [(pupil.division, pupil.user is not None) for pupil in (emma, beatrix, grace)] == [
        ("3eme3", True),
        ("4A", True),
        ("3A", False),
    ]
    started = Participation.objects.get(pupil=emma)
    to_send = Participation.objects.get(pupil=beatrix)
    assert (started.status, to_send.status) == (Status.STARTED, Status.TO_SHARE)
    assert not Participation.objects.filter(pupil=grace).exists()


@pytest.mark.proves("T-009")
@pytest.mark.parametrize(
    ("login", "password", "sees"),
    [
        ("test@pix.fr", "ilovePix!", "Collège Simone-Lumière"),
        ("TEST@pix.fr", "ilovePix!", "Collège Simone-Lumière"),
        ("enseignant@pix.fr", "ilovePix!", "Collège Simone-Lumière"),
        ("emma.pix0903", "Brumeville1", "Emma"),
    ],
)
def test_they_sign_in_by_the_form_that_everybody_uses(login: str, password: str, sees: str) -> None:
    client, answer = sign_in(login, password)
    assert (answer.status_code, answer["Location"]) == (302, "/espaces")
    page = client.get(answer["Location"], follow=True)
    assert sees in " ".join(tree(page).text_content().split())
    assert not sign_in(login, password + "x")[0].cookies.get("session")


def test_one_click_is_enough_to_be_anyone(settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = False  # as the demonstration has it
    shown = words(Client().get("/demo"))
    roles = cast.roles()
    assert [role.key for role in roles] == ["head", "teacher", "head-no-gar", "head-agri", "staff", "emma", "beatrix"]
    for role in roles:
        assert role.title in shown
        assert role.login in shown
        client = Client()
        answer = client.post("/demo/entrer", {"role": role.key})
        assert answer.status_code == 302
        assert client.get(answer["Location"]).status_code == 200
        assert Session.objects.get(session_key=client.session.session_key).user == role.user
        assert sign_in(role.login, role.password)[1]["Location"] == "/espaces"


def test_pupils_have_answered_and_their_teachers_can_read() -> None:
    parts = Participation.objects.filter(superseded=False)
    assert parts.filter(status=Status.SHARED).count() >= 5
    assert all(part.shared_at and part.shared_at <= clock.now() for part in parts.filter(status=Status.SHARED))
    codes = [card.code for card in cast.campaigns()]
    shown = words(Client().get("/demo"))
    assert len(codes) == 2
    for code in codes:
        assert code in shown
        assert Client().get("/campagnes", {"code": code}).status_code == 302


# --- Sample files -----------------------------------------------------------------------------------------------------

GOOD = {
    "college-0999001A.xml": 170,
    "college-0999001A.zip": 170,
    "college-0999001A-janvier.xml": 170,
    "college-0999002B.xml": 60,
    "lycee-0999003C.xml": 90,
    "lycee-pro-0999004D.xml": 40,
    "lycee-agricole-0999005E.csv": 40,
}
FAULTY: dict[str, tuple[str, int, str]] = {
    # name: (what its label says, exit code, what the check answers)
    "erreurs-lignes-1-13-32.xml": ("INE vide ligne 1, sexe vide ligne 13, INE en double ligne 32", 1, "Ligne 13 : champ sexe vide"),
    "erreurs-diverses.xml": ("Toutes sortes d'erreurs", 1, "champ date de naissance vide"),
    "erreur-autre-uai.xml": ("un autre établissement", 2, "UAI_MISMATCHED"),
    "erreur-tronque.xml": ("coupé", 2, "INVALID_FILE"),
    "erreur-encodage.xml": ("Encodage inconnu", 2, "ENCODING_NOT_SUPPORTED"),
    "erreur-accents.xml": ("Accents abîmés", 1, "caractères illisibles"),
    "erreur-vide.xml": ("vide", 2, "INVALID_FILE"),
    "erreur-deux-xml.zip": ("deux fichiers", 2, "INVALID_FILE"),
    "erreurs-fregata.csv": ("cellules fautives", 1, "doit être “Féminin ou Masculin”"),
    "erreur-fregata-entetes.csv": ("en-têtes modifiés", 2, "HEADER_REQUIRED"),
}  # fmt: skip


def downloaded(name: str, to: Path) -> Path:
    """Through the link of the start page, as a visitor takes it."""
    page = tree(Client().get("/demo"))
    [href] = page.xpath(f"//a[normalize-space()='{name}']/@href")
    answer = Client().get(href)
    assert answer.status_code == 200
    assert f'filename="{name}"' in answer["Content-Disposition"]
    file = to / name
    file.write_bytes(b"".join(answer.streaming_content))
    assert file.read_bytes() == (cast.SAMPLES / name).read_bytes()
    return file


def checked(file: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    found = re.search(r"0999\d{3}[A-Z]", file.name)
    uai = found[0] if found else "0999005E" if file.suffix == ".csv" else "0999001A"
    form = "fregata" if file.suffix == ".csv" else "siecle"
    capsys.readouterr()
    with time_machine.travel(datetime(2026, 11, 23, 9, tzinfo=UTC)):
        code = roll_check([str(file), "--uai", uai, "--format", form, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_every_sample_is_listed_once() -> None:
    assert {sample.name for sample in cast.samples() if not sample.faulty} == set(GOOD)
    assert {sample.name for sample in cast.samples() if sample.faulty} == set(FAULTY)


@pytest.mark.proves("T-011")
@pytest.mark.parametrize(("name", "pupils"), GOOD.items())
def test_a_good_sample_is_downloaded_and_importable(
    name: str, pupils: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, report = checked(downloaded(name, tmp_path), capsys)
    assert (code, report["accepted"], report["problems"], report["file_error"]) == (0, pupils, [], None)


@pytest.mark.proves("T-011")
@pytest.mark.parametrize("name", FAULTY)
def test_a_faulty_sample_is_refused_for_what_its_label_says(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    label, expected, said = FAULTY[name]
    assert label in next(sample.text for sample in cast.samples() if sample.name == name)
    code, report = checked(downloaded(name, tmp_path), capsys)
    assert code == expected
    assert said in json.dumps(report, ensure_ascii=False).replace('\\"', '"')


@pytest.mark.parametrize("name", ["../cast.py", "make_samples.py", "__init__.py", "inconnu.xml"])
def test_only_samples_are_served(name: str) -> None:
    assert Client().get(f"/demo/fichiers/{name}").status_code == 404


# --- Outbox, ENT, clock -----------------------------------------------------------------------------------------------


@pytest.mark.proves("T-012")
def test_the_mail_of_a_sign_up_is_read_in_the_outbox_and_opens_the_account() -> None:
    zoe = Client()
    form = {
        "first_name": "Zoé",
        "last_name": "L'Hôte",
        "email": "zoe@nulle.test",
        "password1": "Brumeville1",
        "terms": "on",
    }
    answer = zoe.post("/inscription", form)
    assert "Ouvrir le courrier de la démonstration" in words(zoe.get(answer["Location"]))
    run_pending()
    outbox = tree(zoe.get("/demo/courrier"))
    [row] = outbox.xpath("//tbody/tr[contains(., 'zoe@nulle.test')]")
    assert "Confirmez votre adresse e-mail" in row.text_content()
    mail = tree(zoe.get(row.xpath(".//a/@href")[0]))
    text = mail.xpath("//main")[0].text_content()
    assert "Bonjour Zoé," in text
    [link] = [href for href in mail.xpath("//main//a/@href") if "confirmer-mon-adresse" in href]
    assert link.startswith("http://testserver/")
    path = link.removeprefix("http://testserver")
    assert "zoe@nulle.test" in words(zoe.get(path))
    assert zoe.post(path).status_code == 302
    client, answer = sign_in("zoe@nulle.test", "Brumeville1")
    assert answer["Location"] == "/espaces"
    assert "Zoé" in tree(client.get("/accueil")).text_content()
    assert Mail.objects.filter(to="zoe@nulle.test", sent_at=None).count() == 0


def test_an_empty_outbox_says_how_to_fill_it() -> None:
    Mail.objects.all().delete()
    assert "Aucun message pour l'instant" in words(Client().get("/demo/courrier"))


@pytest.mark.proves("T-013")
def test_the_tile_of_the_ent_opens_the_app_signed_in_on_the_code_page() -> None:
    """Through the real exchange: request, signed answer, check of the signature."""
    client = Client()
    page = tree(client.get("/demo/ent"))
    known = page.xpath("//select[@id='id_pupil_known']/option[@value!='']")
    pupil = Pupil.objects.get(uuid=known[0].get("value"))
    user = pupil.user
    assert user is not None
    assert pupil.organization.identity_provider == GAR
    landed = through_the_ent(client, str(pupil.uuid))
    assert "code" in words(landed)
    assert user.first_name in tree(landed).text_content()
    assert Session.objects.get(session_key=client.session.session_key).user == user


def through_the_ent(client: Client, pupil: str) -> Any:
    """The tile, the provider's page, the form that goes back: gives the page where one lands."""
    left = client.post("/demo/ent", {"pupil": pupil})
    asked = client.get(client.get(left["Location"])["Location"])
    form = tree(asked).xpath("//form[@data-post-now]")[0]
    sent = {field.get("name"): field.get("value") for field in form.xpath(".//input")}
    answer = client.post("/saml/acs", sent)
    assert (answer.status_code, answer["Location"]) == (302, "/campagnes")
    return client.get("/campagnes")


@pytest.mark.proves("T-014")
def test_four_days_later_a_journey_may_be_played_again() -> None:
    sent = Participation.objects.filter(
        campaign__multiple_sending=True, status=Status.SHARED, validated__lt=1_000
    ).latest("shared_at")
    client = signed_in(sent.user)
    start = reverse("app:start", kwargs={"code": sent.campaign.code})
    try:
        clock.move(sent.shared_at + timedelta(hours=1) - clock.real_now())
        early = client.post(start)
        opens = f"{clock.paris(sent.shared_at + timedelta(days=4)):%d/%m/%Y à %H:%M}"
        assert f"Vous pourrez repasser ce parcours à partir du {opens}" in " ".join(
            early.content.decode().replace("\u202f", " ").split()
        )
        assert client.post("/demo/horloge", {"step": "four-days"})["Location"] == "/demo"
        page = words(client.get("/demo"))
        assert f"Il est {clock.paris(clock.now()):%d/%m/%Y}" in page
        again = client.post(start)
        assert again.status_code == 302
        assert "/parcours/" in again["Location"]
        sent.refresh_from_db()
        assert sent.superseded
        assert client.post("/demo/horloge", {"step": "back"}).status_code == 302
        assert clock.offset() == timedelta(0)
        assert client.post("/demo/horloge", {"step": "jamais"}).status_code == 404
    finally:
        clock.move(timedelta(0))


@pytest.mark.parametrize(
    ("step", "shift"),
    [("hour", timedelta(hours=1)), ("day", timedelta(days=1)), ("four-days", timedelta(days=4)), ("month", timedelta(days=30))],
)  # fmt: skip
def test_each_step_of_the_clock(step: str, shift: timedelta) -> None:
    try:
        Client().post("/demo/horloge", {"step": step})
        Client().post("/demo/horloge", {"step": step})
        assert clock.offset() == 2 * shift
    finally:
        Client().post("/demo/horloge", {"step": "back"})
    assert clock.offset() == timedelta(0)


# --- Once -------------------------------------------------------------------------------------------------------------


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Organization, User, Pupil, Participation, Mail))


def test_filling_again_changes_nothing(place: Path, seeded: list[str]) -> None:
    before, said = counts(), io.StringIO()
    mark = place / seed.MARK
    assert mark.read_text()
    seed.ensure(say=lambda text: print(text, file=said), small=True)
    assert (counts(), said.getvalue()) == (before, "")
    assert any("élèves ont répondu" in line for line in seeded)
