"""The gallery of the demonstration plays every simulator with a question of the bank."""

from pathlib import Path

from pix.generators.registry import GABARITS
from pix.web.demo.simulators import WITHOUT_COMPONENT, simulators


def test_every_simulator_is_shown_once(place: Path) -> None:
    shown = simulators()
    assert [one["code"] for one in shown] == sorted(GABARITS.keys() - WITHOUT_COMPONENT)
    assert all(one["state"].startswith("{") and one["instruction"].startswith("<p") for one in shown)
