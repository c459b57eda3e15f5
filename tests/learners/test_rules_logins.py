"""Usernames and passwords of pupils: schools 9.4, 9.5, cases 85 to 94."""

import random
import re
from datetime import date

import pytest

from pix.accounts.rules import is_good_password
from pix.learners.rules import propose_username
from pix.learners.rules.logins import USERNAME

NAMES = [
    ("85-compound", "Anne-Sophie", "De La Tour", date(2015, 1, 7), "annesophie.delatour0701"),
    ("86-ligature", "Zoé", "Œuvrard", date(2012, 7, 22), "zoe.oeuvrard2207"),
    ("87-arabic-family-name", "Ali", "حداد", date(2012, 4, 3), "ali.nom0304"),
    ("87-arabic-first-name", "علي", "Haddad", date(2012, 4, 3), "prenom.haddad0304"),
    ("c-070-emma", "Emma", "PIX", date(2012, 3, 9), "emma.pix0903"),
    ("digits-of-other-scripts", "Anna٣", "D'Hérouville", date(2012, 12, 31), "anna.dherouville3112"),
]


@pytest.mark.parametrize(("first", "last", "born", "username"), [pytest.param(*case, id=i) for i, *case in NAMES])
@pytest.mark.proves("C-070")
def test_username_from_the_record(first: str, last: str, born: date, username: str) -> None:
    found = propose_username(first, last, born, taken=lambda _: False, rng=random.Random(1))
    assert found == username
    assert USERNAME.fullmatch(found)


@pytest.mark.proves("C-071")
def test_88_taken_name_gets_four_other_digits() -> None:
    taken = {"emma.pix0903"}
    second = propose_username("Emma", "PIX", date(2012, 3, 9), taken=taken.__contains__, rng=random.Random(1))
    assert re.fullmatch(r"emma\.pix\d{4}", second)
    assert second not in taken


@pytest.mark.proves("C-071")
def test_after_a_hundred_draws_six_digits() -> None:
    asked: list[str] = []

    def taken(username: str) -> bool:
        asked.append(username)
        return len(username) <= len("emma.pix0000")

    found = propose_username("Emma", "PIX", date(2012, 3, 9), taken=taken, rng=random.Random(1))
    assert re.fullmatch(r"emma\.pix\d{6}", found)
    assert USERNAME.fullmatch(found)
    assert len(asked) == 1 + 100 + 1


def test_no_name_can_hang_the_server() -> None:
    with pytest.raises(RuntimeError, match="no free username"):
        propose_username("Emma", "PIX", date(2012, 3, 9), taken=lambda _: True, rng=random.Random(1))


def test_endless_names_fit_the_account() -> None:
    found = propose_username("A" * 255, "B" * 255, date(2012, 3, 9), taken=lambda _: False, rng=random.Random(1))
    assert len(found) <= 150
    assert USERNAME.fullmatch(found)


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("Abcdefg1", True),
        ("Abcdef1", False),
        ("abcdefg1", False),
        ("ABCDEFG1", False),
        ("Abcdefgh", False),
        ("Éàçèùôî1", True),
        ("Aa1" + "x" * 252, True),
        ("Aa1" + "x" * 253, False),
    ],
)
def test_94_password_rule(password: str, good: bool) -> None:
    assert is_good_password(password) is good
