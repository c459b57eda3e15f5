"""The journal on screen: what it finds, page after page, and that it only reads."""

import html
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pix.audit.actions import record
from pix.audit.models import Event
from pix.audit.queries import journal
from tests.factories.cast import AT, Cast
from tests.web.team.test_team_pages import words

pytestmark = pytest.mark.django_db
PLACE = "/pilotage/journal"


def lines_of(page: Any) -> list[str]:
    return re.findall(r'<code class="muted" translate="no">([^<]+)</code>', page.content.decode())


def test_by_whom_and_on_what(cast: Cast) -> None:
    Event.objects.all().delete()
    record("room.by_bob", at=AT, actor=cast.bob.uuid, target=cast.emma.uuid, organization=cast.school.uuid, reason="r1")
    record("room.on_bob", at=AT + timedelta(hours=1), actor=cast.stan.uuid, target=cast.bob.uuid)
    record("room.other", at=AT + timedelta(hours=2), actor="job")
    client = cast.client("staff")
    assert lines_of(client.get(PLACE)) == ["room.other", "room.on_bob", "room.by_bob"]
    assert lines_of(client.get(PLACE, {"objet": f" {cast.bob.uuid} "})) == ["room.on_bob", "room.by_bob"]
    assert lines_of(client.get(PLACE, {"objet": str(cast.school.uuid)})) == ["room.by_bob"]
    assert lines_of(client.get(PLACE, {"objet": str(cast.bob.uuid)[:8]})) == []
    page = client.get(PLACE)
    assert "reason r1" in words(page)
    for name in ("Diallo", "bob@", "emma.pix", "Simone"):
        assert name not in page.content.decode()


def test_days_are_those_of_paris(cast: Cast) -> None:
    Event.objects.all().delete()
    for hour in (22, 23):  # half past eleven in the evening, then half past midnight, in Paris
        record(f"room.at_{hour}", at=datetime(2026, 11, 9, hour, 30, tzinfo=UTC))
    client = cast.client("staff")
    assert lines_of(client.get(PLACE, {"au": "2026-11-09"})) == ["room.at_22"]
    assert lines_of(client.get(PLACE, {"du": "10/11/2026", "au": "10/11/2026"})) == ["room.at_23"]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ({"du": "hier"}, "Écrivez une date"),
        ({"du": "2026-02-31"}, "Écrivez une date"),
        ({"du": "2026-11-10", "au": "2026-11-09"}, "Cette date est avant la première."),
        ({"objet": "bob@college.test"}, "Écrivez une référence, pas une adresse"),
    ],
)
def test_what_cannot_be_read_is_said(cast: Cast, query: dict[str, str], text: str) -> None:
    page = cast.client("staff").get(PLACE, query)
    assert page.status_code == 422
    assert text in words(page)
    for value in query.values():
        assert f'value="{value}"' in page.content.decode()


@pytest.mark.parametrize("reference", ["", "thing"])
def test_pages_follow_each_other_without_a_gap_even_in_one_instant(cast: Cast, reference: str) -> None:
    Event.objects.all().delete()
    for number in range(7):
        record(f"room.n{number}", at=AT, actor="thing" if number % 2 else "", target="thing")
    seen: list[str] = []
    before = ""
    for _turn in range(9):
        page = journal(reference=reference, before=before, size=2)
        seen += [line.verb for line in page.lines]
        before = page.older
        if not before:
            break
    assert seen == [f"room.n{number}" for number in reversed(range(7))]


@pytest.mark.parametrize("before", ["x", "2026_1", "2026-11-02T09:00:00_5", f"2026-11-02T09:00:00+00:00_{2**70}"])
def test_a_broken_address_reads_as_the_first_page(cast: Cast, before: str) -> None:
    assert lines_of(cast.client("staff").get(PLACE, {"avant": before}))


def test_fifty_lines_and_the_next_ones(cast: Cast) -> None:
    for number in range(60):
        record("room.many", at=AT + timedelta(minutes=number), actor=cast.bob.uuid)
    client = cast.client("staff")
    first = client.get(PLACE, {"objet": str(cast.bob.uuid)})
    assert len(lines_of(first)) == 50
    older = PLACE + html.unescape(re.findall(r'href="(\?[^"]*avant=[^"]*)"', first.content.decode())[0])
    with CaptureQueriesContext(connection) as queries:
        second = client.get(older)
    assert lines_of(second)[:10] == ["room.many"] * 10
    assert "Revenir aux plus récentes" in words(second)
    assert len([one for one in queries if "audit_event" in one["sql"]]) == 3
    assert "Lignes plus anciennes" not in words(second)


def test_it_only_reads(cast: Cast) -> None:
    client = cast.client("staff")
    before = Event.objects.count()
    assert client.post(PLACE).status_code == 405
    assert client.get(PLACE).status_code == 200
    assert Event.objects.count() == before
    for role in ("pupil", "member", "admin", "other_admin"):
        assert cast.client(role).get(PLACE).status_code == 404
