"""Readers of the environment."""

from urllib.parse import quote

import pytest

from config import env


def test_a_database_file_may_stand_in_a_folder_with_any_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PIX_DATABASE_URL", raising=False)
    place = "/home/prof/Projet #1/50 % fini?/pix.sqlite3"
    assert env.database("PIX_DATABASE_URL", f"sqlite:///{quote(place)}")["NAME"] == place


def test_a_choice_that_does_not_exist_stops_the_program_at_boot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIX_ENGINE", "bayesien")
    with pytest.raises(env.BadSetting, match="PIX_ENGINE"):
        env.choice("PIX_ENGINE", "classic", {"classic"})
