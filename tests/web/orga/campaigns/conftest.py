"""A school with an administrator, a member, one campaign asked and one that was answered."""

import pytest

from pix.accounts.models import User
from pix.campaigns.enums import Status
from pix.campaigns.models import Campaign
from pix.content import releases
from pix.organizations.enums import Role
from pix.organizations.models import Organization
from tests.campaigns import making


@pytest.fixture(autouse=True)
def bank(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(releases, "_current", making.small_bank())


@pytest.fixture
def home() -> Organization:
    return making.school()


@pytest.fixture
def alice(home: Organization) -> User:
    """Administrator."""
    return making.teammate(home, Role.ADMIN, "Alice", "Martin")


@pytest.fixture
def bob(home: Organization) -> User:
    """Member."""
    return making.teammate(home, Role.MEMBER, "Bob", "Durand")


@pytest.fixture
def asked(home: Organization, alice: User) -> Campaign:
    return making.campaign(home, alice, multiple_sending=True, title="Mon parcours", landing_text="Bonjour **à tous**")


@pytest.fixture
def full(home: Organization, asked: Campaign) -> Campaign:
    """Three sent results in two classes, one pupil waiting."""
    for first, last, division, flags in (
        ("Zoé", "Abel", "5A", "v" * 8),
        ("Éva", "Bé", "5B", "vv"),
        ("Tom", "Cé", "5B", "v" * 10),
    ):
        making.participation(asked, making.pupil(home, first, last, division), flags=flags)
    making.participation(asked, making.pupil(home, "Ines", "Dé", ""), Status.TO_SHARE, flags="v" * 10)
    return asked
