"""The catalogue as a collège finds it, with the bank that is shipped."""

import pytest

from pix.accounts.models import User
from pix.content import releases
from pix.organizations.models import Organization
from tests.factories import bank
from tests.web.orga.campaigns.pages import Page, as_, at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(releases, "_current", bank.shipped())


@pytest.mark.proves("C-001", "C-010", "C-011", "C-012")
@pytest.mark.parametrize(
    "name",
    [
        "[6e] Protection et sécurité",
        "[6e] Initiation aux compétences numériques",
        "[6e] Parcours bilan",
        "[CLG] Parcours de rentrée 5e",
        "[CLG] Parcours de rentrée 4e",
        "[CLG] Parcours de rentrée 3e",
    ],
)
def test_every_level_of_college_is_in_the_catalogue(home: Organization, alice: User, name: str) -> None:
    page = Page(as_(alice).get(at("campaign-new", home)))
    assert name in page.text


def test_what_is_not_written_yet_is_hidden_from_schools(home: Organization, alice: User) -> None:
    page = Page(as_(alice).get(at("campaign-new", home)))
    assert "Complément 5e" not in page.text
    assert as_(alice).get(at("campaign-journey", home, code="5e-C")).status_code == 404
