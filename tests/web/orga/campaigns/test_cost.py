"""Statements that the pages of a campaign cost."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pix.accounts.models import User
from pix.campaigns.models import Campaign
from pix.organizations.models import Organization
from tests.campaigns import making
from tests.campaigns.making import AT
from tests.web.orga.campaigns.pages import as_, at

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[1, 3])
def rows(request: pytest.FixtureRequest, home: Organization, asked: Campaign) -> int:
    for number in range(request.param):
        emma = making.pupil(home, f"P{number}", "Nom", f"5{number}")
        making.participation(asked, emma, flags="vv", superseded=True)
        making.participation(asked, emma, flags="vvv", at=AT + timedelta(days=5))
    return int(request.param)


def test_twelve_statements_a_page_at_most(home: Organization, alice: User, asked: Campaign, rows: int) -> None:
    last: UUID = asked.participations.order_by("-id")[0].uuid
    costs = {}
    for name, more in {
        "campaigns": {},
        "campaign": {"campaign": asked.uuid},
        "campaign-results": {"campaign": asked.uuid},
        "campaign-settings": {"campaign": asked.uuid},
        "campaign-participant": {"campaign": asked.uuid, "participation": last},
    }.items():
        client = as_(alice)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(at(name, home, **more) + "?q=p&classe=50&palier=2").status_code == 200
        costs[name] = len(seen)
    assert costs == {
        "campaigns": 6,
        "campaign": 11,
        "campaign-results": 9,
        "campaign-settings": 5,
        "campaign-participant": 8,
    }
