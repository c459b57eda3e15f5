"""Every test of campaigns runs on a small bank of its own, unless it asks for the shipped one."""

import pytest

from pix.content import releases
from tests.campaigns.making import small_bank


@pytest.fixture(autouse=True)
def bank(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process serves the small bank, then again what it served before."""
    monkeypatch.setattr(releases, "_current", small_bank())
