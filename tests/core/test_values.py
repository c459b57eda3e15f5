"""What every room counts, writes and compares with: school years, percentages, pix, dates on the screen, keys, ids."""

from datetime import UTC, date, datetime

import pytest

from pix.core.exact import UNITS_PER_PIX, pct, pix_value_units
from pix.core.ids import uuid7
from pix.core.school_years import school_year_of
from pix.core.texts import match_key, search_key, squeeze, unaccent
from pix.web.jinja import french_date, french_instant, french_number, long_instant


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2024, 7, 31), "2023-2024"),
        (date(2024, 8, 1), "2024-2025"),
        (date(2024, 12, 31), "2024-2025"),
        (date(2025, 1, 1), "2024-2025"),
        (date(2025, 7, 31), "2024-2025"),
    ],
)
def test_a_school_year_runs_from_august_to_july(day: date, year: str) -> None:
    assert school_year_of(day) == year


@pytest.mark.parametrize(
    ("value", "total", "percent"),
    [
        (1, 23, 4), (51, 250, 20), (41, 200, 21), (103, 500, 21), (29, 100, 29), (57, 100, 57), (1, 2, 50), (2, 3, 67),
        (41, 81, 51), (1, 200, 1), (0, 0, 0), (0, 7, 0), (7, 7, 100), (199, 200, 100),
    ],
)  # fmt: skip
def test_percentages_round_half_up(value: int, total: int, percent: int) -> None:
    """learning 16.5, case 93."""
    assert pct(value, total) == percent


@pytest.mark.parametrize(("skills", "pix"), [(1, 4), (2, 4), (3, 8 / 3), (4, 2), (7, 8 / 7), (8, 1), (16, 0.5)])
def test_a_skill_is_worth_a_whole_number_of_units(skills: int, pix: float) -> None:
    units = pix_value_units(skills)
    assert units == round(pix * UNITS_PER_PIX)
    assert skills < 2 or units * skills == 8 * UNITS_PER_PIX


@pytest.mark.parametrize("skills", [0, -1, 17])
def test_a_level_holds_one_to_sixteen_skills(skills: int) -> None:
    with pytest.raises(ValueError, match="1 to 16"):
        pix_value_units(skills)


@pytest.mark.parametrize(
    ("typed", "searched", "matched"),
    [
        ("Zoé", "zoe", "zoe"),
        ("ŒUVRARD", "oeuvrard", "oeuvrard"),
        ("  De  La\tTour ", "de la tour", "delatour"),
        ("d'Arc-Éluère", "d'arc-eluere", "darceluere"),
        ("Nguyễn Đức", "nguyen duc", "nguyenduc"),
        ("Łukasz", "lukasz", "lukasz"),
        ("Groß", "gross", "gross"),
        ("Isıl", "isil", "isil"),
        ("علي", "علي", "علي"),
    ],
)
def test_keys_fold_what_people_type_in_many_ways(typed: str, searched: str, matched: str) -> None:
    assert search_key(typed) == searched
    assert match_key(typed) == matched
    assert search_key(searched) == searched


def test_composed_and_decomposed_letters_are_one() -> None:
    assert unaccent("e\u0301te\u0301") == unaccent("été") == "ete"
    assert squeeze(" a \u00a0 b\n") == "a b"


def test_public_ids_sort_by_creation() -> None:
    made = [uuid7() for _ in range(500)]
    assert made == sorted(made)
    assert len(set(made)) == 500
    assert {one.version for one in made} == {7}


@pytest.mark.proves("T-020")
def test_dates_are_written_as_in_france() -> None:
    """Written by every page through these filters, on the clock of Paris, wherever the reader is."""
    late = datetime(2024, 7, 4, 22, 5, tzinfo=UTC)
    assert french_date(late) == "05/07/2024"
    assert french_instant(late) == "05/07/2024 à 00:05"
    assert long_instant(late) == "5 juillet 2024 00:05"
    assert french_date(date(2013, 3, 9)) == "09/03/2013"
    assert [french_date(None), french_instant(None), long_instant(None)] == ["", "", ""]
    assert french_number(1234.5, 1) == "1\u202f234,5"
