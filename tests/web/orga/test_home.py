"""« Où en suis-je ? » and « Équipe » on screen."""

from typing import Any

import pytest
import time_machine
from django.test import Client
from lxml import html

from pix.campaigns.enums import Status
from pix.content import releases
from pix.learners.models import PupilImport
from pix.organizations.access import Member
from pix.organizations.actions import add_member
from tests.campaigns import making
from tests.learners.rolls import AT, YEAR, adult, school, teammate
from tests.web.orga.test_imports import address, client_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(releases, "_current", making.small_bank())
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def head() -> Member:
    return school()


def states(member: Member) -> list[tuple[str, str]]:
    response = client_of(member).get(address("home", member))
    assert response.status_code == 200
    tree = html.fromstring(response.content.decode())
    return [
        (one.find_class("todo-title")[0].text_content().strip(), one.get("class").removeprefix("is-"))
        for one in tree.xpath("//ol[@class='todo']/li")
    ]


def test_the_steps_follow_what_the_school_did(head: Member) -> None:
    titles = [
        "Importer la base élèves",
        "Créer une campagne de rentrée",
        "Donner le code aux élèves",
        "Lire les résultats",
    ]
    assert states(head) == list(zip(titles, ["current", "todo", "todo", "todo"], strict=True))
    PupilImport.objects.create(
        organization=head.organization, author=head.user, school_year=YEAR, state="imported", format="siecle",
        original_name="x.xml", created_at=AT, updated_at=AT, ended_at=AT,
    )  # fmt: skip
    assert [state for _, state in states(head)] == ["done", "current", "todo", "todo"]
    asked = making.campaign(head.organization, head.user)
    assert [state for _, state in states(head)] == ["done", "done", "current", "todo"]
    emma = making.pupil(head.organization)
    making.participation(asked, emma, Status.STARTED)
    type(asked).objects.update(participants_count=1)
    assert [state for _, state in states(head)] == ["done", "done", "done", "current"]
    type(asked).objects.update(shared_count=1)
    assert [state for _, state in states(head)] == ["done"] * 4
    shown = text_of(client_of(head).get(address("home", head)))
    assert "Dernier fichier importé avec succès le 23/11/2026 par Alice Martin." in shown


@pytest.mark.proves("A-024", "A-035", "A-036")
def test_the_team_by_role(head: Member) -> None:
    bob = teammate(head)
    add_member(organization=head.organization, user=adult("Zoé", "Abel"), by="test", at=AT)
    response = client_of(bob).get(address("team", head))
    rows = html.fromstring(response.content.decode()).xpath("//tbody/tr")
    assert [[" ".join(cell.text_content().split()) for cell in row[:3]] for row in rows] == [
        ["Martin", "Alice", "Administrateur"],
        ["Abel", "Zoé", "Membre"],
        ["Diallo (vous)", "Bob", "Membre"],
    ]
    assert "Membres (3)" in text_of(response)
    assert address("team", head) in client_of(head).get(address("home", head)).content.decode()


def test_who_may(head: Member) -> None:
    bob, charlie = teammate(head), school(uai="0999002B")
    for name in ("home", "team"):
        place = address(name, head)
        codes = [
            client.get(place).status_code for client in (Client(), client_of(bob), client_of(head), client_of(charlie))
        ]
        assert codes == [302, 200, 200, 404]
