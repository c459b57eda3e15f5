"""Near names (schools 7.3): the cases that both databases answer alike, and the definition held by a plain count."""

import random

import pytest

from pix.core.texts import search_key
from pix.learners.rules import name_finder
from pix.learners.rules.searching import trigrams


def found(typed: str, name: str) -> bool:
    return name_finder(typed)(search_key(name))


@pytest.mark.parametrize(
    ("typed", "name", "expected"),
    [
        ("emma", "Emma Pix", True),
        ("PIX", "Emma Pix", True),
        ("  eMMa pIx ", "Emma Pix", True),
        ("pix emma", "Emma Pix", True),
        ("mm", "Emma Pix", True),
        ("ema", "Emma Pix", True),
        ("ema piks", "Emma Pix", True),
        ("Gonsalves", "Inês Gonçalves", True),
        ("goncalves", "Inês Gonçalves", True),
        ("œuvrar", "Zoé OEUVRARD", True),
        ("dupont", "Léa Dupond", True),
        ("jean luc", "Jean-Luc Martin", True),
        ("leonie", "Éléonore D'Aubigné", False),
        ("aubigne", "Éléonore D'Aubigné", True),
        ("martin", "Emma Pix", False),
        ("zzz", "Emma Pix", False),
        ("", "Emma Pix", True),
        ("   ", "Emma Pix", True),
        ("'", "Éléonore D'Aubigné", True),
        ("-", "Emma Pix", False),
        ("Хоменко", "Олена Хоменко", True),
        ("Хоменка", "Олена Хоменко", True),
    ],
)
def test_who_answers_to_what_was_typed(typed: str, name: str, expected: bool) -> None:
    assert found(typed, name) is expected


def test_trigrams_as_postgresql_makes_them() -> None:
    assert trigrams("emma d'o") == {"  e", " em", "emm", "mma", "ma ", "  d", " d ", "  o", " o "}


def test_the_quick_count_is_the_definition() -> None:
    """Drawn names, with signs, digits and words of one letter, against the distance computed in full."""
    rng = random.Random(7)
    letters = "abcé' -'o1"

    def drawn() -> str:
        return search_key("".join(rng.choice(letters) for _ in range(rng.randint(1, 14))))

    met = 0
    for _ in range(4000):
        typed, name = drawn(), drawn()
        mine, theirs = trigrams(typed), trigrams(name)
        near = bool(mine & theirs) and 1 - len(mine & theirs) / len(mine | theirs) <= 0.8 + 1e-12
        assert found(typed, name) is (typed in name or near), (typed, name)
        met += near
    assert met > 300
