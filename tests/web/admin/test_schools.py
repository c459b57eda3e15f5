"""The staff finds a school, reads its sheet, corrects, archives and reopens it."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pix.audit.models import Event
from pix.mailing.models import Mail
from pix.organizations.actions import Letter, invite, open_school
from pix.organizations.actions.activation import activate
from pix.organizations.enums import ActivationOutcome, InvitationState, OrganizationType, SchoolKind
from pix.organizations.models import Centre, Invitation, Membership, Organization
from pix.stewardship.actions import archive_school
from tests.factories.cast import AT, Cast, busy_cast, make_pupil
from tests.web.team.test_team_pages import words

pytestmark = pytest.mark.django_db
PLACE = "/pilotage/etablissements"
WHY = {"reason": "demande 412"}


@pytest.fixture(autouse=True)
def frozen() -> Any:
    with time_machine.travel(AT, tick=False):
        yield


def names_of(page: Any) -> list[str]:
    return re.findall(r'<th scope="row"[^>]*><a[^>]*>([^<]+)</a>', page.content.decode())


def stamp_of(page: Any) -> str:
    return re.findall(r'name="seen" value="(\w+)"', page.content.decode())[0]


def at(cast: Cast, end: str = "") -> str:
    return f"{PLACE}/{cast.school.uuid}{end}"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("0999001a", ["Collège Simone-Lumière"]),
        ("999", ["Collège des Galets", "Collège Simone-Lumière"]),
        ("LUMIERE college", ["Collège Simone-Lumière"]),
        ("galets", ["Collège des Galets"]),
        ("%", []),
        ("lumière galets", []),
    ],
)
def test_by_uai_or_a_part_of_the_name(cast: Cast, text: str, names: list[str]) -> None:
    page = cast.client("staff").get(PLACE, {"q": text})
    assert names_of(page) == names
    if not names:
        assert "Aucun nom ni UAI ne contient ces mots." in words(page)


def test_open_schools_first_and_pages_of_fifty(cast: Cast) -> None:
    for number in range(50):
        open_school(name=f"École {number:02}", uai=f"0888{number:03}K", kind=SchoolKind.OTHER, at=AT)
    archive_school(school=cast.school, by=cast.stan, at=AT)
    client = cast.client("staff")
    first, second = client.get(PLACE), client.get(PLACE, {"page": "2"})
    assert len(names_of(first)) == 50
    assert names_of(second)[-1] == "Collège Simone-Lumière"
    assert "Archivé" in words(second)


def test_the_list_costs_the_same_with_more_schools(cast: Cast) -> None:
    client = cast.client("staff")
    counts = []
    for number in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(PLACE)
        counts.append(len(queries))
        school = open_school(name=f"École {number}", uai=f"088800{number}K", kind=SchoolKind.OTHER, at=AT)
        make_pupil(school, "Zoé", "Laval")
    assert counts[0] == counts[1] <= 6


def test_the_sheet() -> None:
    cast = busy_cast()
    client = cast.client("staff")
    seen = words(client.get(at(cast)))
    for text in ("c***@ac-brumeville.test", "Alice Martin", "Campagnes en cours 1", "Aucun import pour l'instant."):
        assert text in seen, text
    assert "ce.0999001a@" not in client.get(at(cast)).content.decode()
    assert "Bob Diallo" not in seen  # administrators only
    open_school(name="Double", uai="0999001A", kind=SchoolKind.OTHER, at=AT)
    assert "Un autre espace a le même UAI (Double)" in words(client.get(at(cast)))


def test_archiving_takes_a_word_and_a_reason_and_the_centre_stays() -> None:
    cast = busy_cast()
    client = cast.client("staff")
    page = words(client.get(at(cast, "/archiver")))
    assert "administrateurs compris : 2 en tout" in page
    assert "Le centre de certification Collège Simone-Lumière reste ouvert" in page
    refused = client.post(at(cast, "/archiver"), {"reason": "fermeture", "confirmation": "non"})
    assert refused.status_code == 422
    assert 'value="fermeture"' in refused.content.decode()
    assert "Écrivez ARCHIVER pour confirmer." in words(refused)
    typed = {**WHY, "confirmation": "archiver"}
    assert "L'établissement est archivé." in words(client.post(at(cast, "/archiver"), typed, follow=True))
    assert "était déjà archivé" in words(client.post(at(cast, "/archiver"), typed, follow=True))
    line = Event.objects.get(verb="stewardship.archive_school")
    assert (line.actor, line.meta) == (str(cast.stan.uuid), {"reason": "demande 412"})
    assert Centre.objects.get(uai="0999001A").archived_at is None
    assert not Membership.objects.filter(organization=cast.school, disabled_at=None).exists()


def test_a_school_reopened_without_its_team_comes_back_by_activation(cast: Cast) -> None:
    archive_school(school=cast.school, by=cast.stan, at=AT)
    client = cast.client("staff")

    def ask() -> ActivationOutcome:
        write = lambda link: Letter("a", "b", link.code)  # noqa: E731
        return activate(uai="0999001A", first_name="A", last_name="B", source="s", write=write, at=AT).outcome

    assert ask() is ActivationOutcome.ARCHIVED
    assert client.post(at(cast, "/rouvrir"), {"reason": ""}).status_code == 422
    assert "L'établissement est rouvert." in words(client.post(at(cast, "/rouvrir"), WHY, follow=True))
    assert "est déjà ouvert" in words(client.post(at(cast, "/rouvrir"), WHY, follow=True))
    assert cast.client("admin").get(f"/orga/{cast.school.uuid}/").status_code == 404
    assert ask() is ActivationOutcome.SENT
    assert Event.objects.get(verb="organizations.reopen_school").meta == {"reason": "demande 412"}


def test_correcting_keeps_old_and_new_values_and_tells_the_former_mailbox(cast: Cast) -> None:
    write = lambda link: Letter("a", "b", link.code)  # noqa: E731
    activate(uai="0999001A", first_name="A", last_name="B", source="s", write=write, at=AT)
    invite(space=cast.school, emails=["zoe@college.test"], by=cast.alice, write=write, at=AT)
    Mail.objects.all().delete()
    client = cast.client("staff")
    page = client.get(at(cast, "/corriger"))
    seen = stamp_of(page)
    typed = {**WHY, "seen": seen, "email": " CE.Neuve@ac-brumeville.test", "gar": "on", "manages": "on"}
    assert "L'établissement est corrigé." in words(client.post(at(cast, "/corriger"), typed, follow=True))
    row = Organization.objects.get(pk=cast.school.pk)
    assert (row.email, row.uses_gar, row.manages_pupils) == ("ce.neuve@ac-brumeville.test", True, True)
    line = Event.objects.get(verb="organizations.correct_school")
    assert line.meta == {
        "changes": {
            "email": ["ce.0999001a@ac-brumeville.test", "ce.neuve@ac-brumeville.test"],
            "identity_provider": ["", "GAR"],
        },
        "reason": "demande 412",
    }
    mail = Mail.objects.get()
    assert mail.to == "ce.0999001a@ac-brumeville.test"
    assert "ce.neuve" not in mail.text
    states = dict(Invitation.objects.values_list("email", "state"))
    assert states == {
        "ce.0999001a@ac-brumeville.test": InvitationState.CANCELLED, "zoe@college.test": InvitationState.PENDING,
    }  # fmt: skip
    # The same form sent twice changes nothing more.
    assert "Rien n'a changé." in words(client.post(at(cast, "/corriger"), typed, follow=True))


def test_what_is_wrong_is_said_and_what_was_typed_stays(cast: Cast) -> None:
    client = cast.client("staff")
    page = client.post(at(cast, "/corriger"), {"email": "pas-une-adresse", "gar": "on"})
    assert page.status_code == 422
    seen = words(page)
    assert "Écrivez une adresse complète" in seen
    assert "Indiquez la raison de cet acte." in seen
    assert 'value="pas-une-adresse"' in page.content.decode()
    assert 'name="gar" value="on" checked' in page.content.decode()
    assert 'name="manages" value="on" checked' not in page.content.decode()
    assert not Event.objects.filter(verb="organizations.correct_school").exists()


def test_a_page_left_open_does_not_undo_a_colleague(cast: Cast) -> None:
    client = cast.client("staff")
    seen = stamp_of(client.get(at(cast, "/corriger")))
    client.post(at(cast, "/corriger"), {**WHY, "seen": seen, "gar": "on", "manages": "on"})
    late = {**WHY, "seen": seen, "email": "autre@ac-brumeville.test", "manages": "on"}
    page = client.post(at(cast, "/corriger"), late)
    assert page.status_code == 409
    assert "Quelqu'un d'autre vient de corriger cet établissement" in words(page)
    assert 'value="autre@ac-brumeville.test"' in page.content.decode()
    assert Organization.objects.get(pk=cast.school.pk).uses_gar
    again = {**late, "seen": stamp_of(page)}
    assert client.post(at(cast, "/corriger"), again).status_code == 302
    assert not Organization.objects.get(pk=cast.school.pk).uses_gar


def test_only_sco_manages_its_pupils(cast: Cast) -> None:
    Organization.objects.filter(pk=cast.school.pk).update(type=OrganizationType.SUP, manages_pupils=False)
    client = cast.client("staff")
    seen = stamp_of(client.get(at(cast, "/corriger")))
    page = client.post(at(cast, "/corriger"), {**WHY, "seen": seen, "manages": "on"})
    assert page.status_code == 422
    assert "Seul un établissement scolaire (SCO) importe ses élèves." in words(page)


@pytest.mark.parametrize("role", ["pupil", "member", "admin", "other_admin"])
def test_the_pages_do_not_exist_for_others(cast: Cast, role: str) -> None:
    client = cast.client(role)
    assert client.get(PLACE).status_code == 404
    for end in ("/corriger", "/archiver", "/rouvrir"):
        assert client.post(at(cast, end), {**WHY, "confirmation": "ARCHIVER", "email": "a@b.test"}).status_code == 404
    row = Organization.objects.get(pk=cast.school.pk)
    assert (row.archived_at, row.email) == (None, "ce.0999001a@ac-brumeville.test")


def test_an_unknown_school_is_not_found(cast: Cast) -> None:
    client = cast.client("staff")
    for end in ("", "/corriger", "/archiver", "/rouvrir"):
        assert client.get(f"{PLACE}/{cast.ids['nothing']}{end}").status_code == 404


def test_an_archive_has_its_date(cast: Cast) -> None:
    archive_school(school=cast.school, by=cast.stan, at=AT + timedelta(days=1))
    assert "Archivé le 03/11/2026" in words(cast.client("staff").get(at(cast)))
