"""The school's pages of its campaigns, opened by those who may and by those who may not."""

import pytest

from pix.accounts.models import User
from pix.campaigns.models import Campaign
from pix.core.ids import uuid7
from pix.organizations.enums import Role
from pix.organizations.models import Organization
from tests.campaigns import making
from tests.web.orga.campaigns.pages import ALL, address, as_, at

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ALL)
def test_who_may_open_each_page(name: str, home: Organization, alice: User, bob: User, full: Campaign) -> None:
    place = address(name, home, full)
    other = making.school("Lycée")
    charlie = making.teammate(other, Role.ADMIN, "Charlie")
    emma = making.person("Emma", "Pix")
    assert as_(None).get(place).status_code == 302
    assert as_(alice).get(place).status_code == 200
    assert as_(bob).get(place).status_code == (403 if name == "campaign-edit" else 200)
    assert [as_(user).get(place).status_code for user in (charlie, emma)] == [404, 404]
    if name not in {"campaigns", "campaign-new", "campaign-journey"}:
        # The same campaign asked through one's own school does not exist either.
        mine = place.replace(str(home.uuid), str(other.uuid))
        assert as_(charlie).get(mine).status_code == 404
    if name not in {"campaign-new", "campaign-edit"}:
        assert as_(alice).post(place).status_code == 405


def test_who_may_archive(home: Organization, alice: User, bob: User, asked: Campaign) -> None:
    place = at("campaign-archive", home, campaign=asked.uuid)
    charlie = making.teammate(making.school("Lycée"), Role.ADMIN, "Charlie")
    assert as_(None).post(place).status_code == 302
    assert [as_(user).post(place).status_code for user in (charlie, bob)] == [404, 403]
    assert as_(alice).get(place).status_code == 405
    assert Campaign.objects.get(pk=asked.pk).archived_at is None


@pytest.mark.parametrize(
    "name", ["campaign", "campaign-results", "campaign-settings", "campaign-edit", "campaign-code", "campaign-export"]
)
def test_an_unknown_campaign_is_not_found(name: str, home: Organization, alice: User) -> None:
    more = {"format": "csv"} if name == "campaign-export" else {}
    assert as_(alice).get(at(name, home, campaign=uuid7(), **more)).status_code == 404
