"""Pix, levels, percentages, stages: the vectors of learning 4.1, 16.3 and 16.5."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pix.assessment.engine import scoring
from pix.assessment.engine.scoring import UNITS_PER_PIX, Mastery, Stage, StageKind


def units(pix: str) -> int:
    exact = Fraction(pix) * UNITS_PER_PIX
    return exact.numerator // exact.denominator


@pytest.mark.parametrize(("n", "pix"), [(1, "4"), (2, "4"), (3, "8/3"), (4, "2"), (7, "8/7"), (8, "1"), (16, "1/2")])
def test_value_of_a_skill(n: int, pix: str) -> None:
    assert Fraction(scoring.pix_value_units(n), UNITS_PER_PIX) == Fraction(pix)


@pytest.mark.parametrize("n", [0, 17])
def test_a_level_of_17_skills_is_refused(n: int) -> None:
    with pytest.raises(ValueError, match="1 to 16"):
        scoring.pix_value_units(n)


def test_skills_share_their_level_and_others_are_worth_nothing() -> None:
    skills = [("a", "1.1", 1, True), ("b", "1.1", 1, True), ("c", "1.1", 1, True), ("d", "1.1", 2, True)]
    skills += [("pix+", "1.1", 1, False), ("e", "1.2", 1, True)]
    pix = {id: Fraction(value, UNITS_PER_PIX) for id, value in scoring.skill_units(skills).items()}
    third = Fraction(8, 3)
    assert pix == {"a": third, "b": third, "c": third, "d": 4, "pix+": 0, "e": 4}


@pytest.mark.parametrize(
    ("exact", "pix", "level", "ahead"),
    [
        ("0", 0, 0, 0),
        ("7.99", 7, 0, 7),
        ("8", 8, 1, 0),
        ("23.5", 23, 2, 7),
        ("55.99", 55, 6, 7),
        ("56", 56, 7, 0),
        ("60", 56, 7, 0),
    ],
)
def test_competence(exact: str, pix: int, level: int, ahead: int) -> None:
    e = units(exact)
    assert (scoring.displayed_pix(e), scoring.level(e), scoring.ahead(e)) == (pix, level, ahead)


@pytest.mark.parametrize("n", range(1, 17))
def test_a_whole_level_is_exactly_8_pix(n: int) -> None:
    e = n * scoring.pix_value_units(n)
    assert (scoring.displayed_pix(e), scoring.level(e)) == ((4, 0) if n == 1 else (8, 1))


def test_bar_and_totals() -> None:
    assert scoring.progress_bar(units("7")) == 87.5
    assert scoring.progress_bar(units("8")) == 0
    assert scoring.remaining(units("7.5")) == 1
    assert scoring.total_pix([units("60")] * 16) == scoring.greatest_total() == 896
    assert scoring.total_pix([units("64")] * 16, max_level=8) == scoring.greatest_total(max_level=8) == 1024


@given(st.integers(0, 10**9), st.integers(1, 8))
def test_shown_figures_agree(e: int, max_level: int) -> None:
    pix, level = scoring.displayed_pix(e, max_level), scoring.level(e, max_level)
    assert level == pix // 8
    assert scoring.ahead(e, max_level) == pix - 8 * level
    assert 0 <= scoring.progress_bar(e, max_level) <= 95


def test_level_names() -> None:
    names = ["", "Novice", "Novice", "Indépendant", "Indépendant", "Avancé", "Avancé", "Expert", "Expert"]
    assert [scoring.level_name(level) for level in range(9)] == names


@pytest.mark.parametrize(
    ("levels", "answer"), [([1] * 4 + [0] * 12, False), ([1] * 5 + [0] * 11, True), ([7] * 4, False), ([], False)]
)
def test_certifiable_needs_five_competences_at_level_1(levels: list[int], answer: bool) -> None:
    assert scoring.certifiable(levels) is answer


@pytest.mark.parametrize(("elapsed", "days"), [(0.0, 7), (2.5, 5), (6.999, 1), (7.0, 0), (30.0, 0)])
def test_days_left(elapsed: float, days: int) -> None:
    since = datetime(2024, 10, 1, 8, tzinfo=UTC)
    assert scoring.days_left(since, since + timedelta(days=elapsed), scoring.RESET_DELAY) == days


def test_four_days_are_counted_in_hours_over_a_clock_change() -> None:
    paris = ZoneInfo("Europe/Paris")
    opening = scoring.opens_at(datetime(2024, 10, 25, 12, tzinfo=paris), scoring.REPLAY_DELAY)
    assert opening.astimezone(paris) == datetime(2024, 10, 29, 11, tzinfo=paris)


@pytest.mark.parametrize(
    ("validated", "targeted", "percent"),
    [
        (1, 23, 4), (51, 250, 20), (41, 200, 21), (103, 500, 21), (29, 100, 29), (57, 100, 57), (1, 2, 50), (2, 3, 67),
        (41, 81, 51), (1, 200, 1), (0, 0, 0), (199, 200, 100),
    ],
)  # fmt: skip
def test_percentages(validated: int, targeted: int, percent: int) -> None:
    assert Mastery(validated, targeted).percent == percent


def test_mastery_counts_targets_only_and_is_complete_by_counts() -> None:
    assert scoring.mastery(["a", "b", "c"], ["a", "z"]) == (1, 3)
    assert not Mastery(199, 200).complete
    assert Mastery(40, 40).complete


RENTREE = [Stage(StageKind.THRESHOLD, value) for value in (0, 21, 51, 81)]


@pytest.mark.proves("D-018", "D-019", "D-020", "D-021")
@pytest.mark.parametrize(
    ("percent", "number", "stars"),
    [(0, 1, 0), (20, 1, 0), (21, 2, 1), (50, 2, 1), (51, 3, 2), (80, 3, 2), (81, 4, 3), (100, 4, 3)],
)
def test_stages_of_a_back_to_school_journey(percent: int, number: int, stars: int) -> None:
    assert scoring.reached(RENTREE, Mastery(percent, 100)) == (number, stars, 3)
    assert scoring.reached_threshold([0, 21, 51, 81], percent) == (number, stars, 3)


@pytest.mark.parametrize(
    ("thresholds", "ranges"),
    [
        ([0, 21, 51, 81], [(0, 20), (21, 50), (51, 80), (81, 100)]),
        ([0, 50], [(0, 49), (50, 100)]),
        ([81, 0, 51, 21], [(0, 20), (21, 50), (51, 80), (81, 100)]),
        ([0], [(0, 100)]),
    ],
)
def test_bounds_of_stages(thresholds: list[int], ranges: list[tuple[int, int]]) -> None:
    assert scoring.bounds(thresholds) == ranges


def test_level_stages_on_the_skills_of_the_campaign() -> None:
    levels = [1, 1, 2, 2, 2, 3, 3, 4, 4, 5]
    stages = [Stage(StageKind.LEVEL, level) for level in range(6)]
    assert [scoring.stage_threshold(stage, levels) for stage in stages] == [0, 20, 50, 70, 90, 100]
    assert scoring.stage_threshold(Stage(StageKind.LEVEL, 1), [2, 3]) == 100
    assert scoring.reached(stages, Mastery(5, 10), levels) == (3, 2, 5)


@pytest.mark.parametrize(("validated", "number"), [(0, 1), (1, 2), (500, 3)])
def test_first_skill_stage(validated: int, number: int) -> None:
    stages = [Stage(StageKind.THRESHOLD, 0), Stage(StageKind.FIRST_SKILL), Stage(StageKind.THRESHOLD, 50)]
    assert scoring.check_stages(stages, 5) == []
    assert scoring.reached(stages, Mastery(validated, 1000)).number == number


@pytest.mark.parametrize(
    ("stages", "problem"),
    [
        ([Stage(StageKind.THRESHOLD, 0), Stage(StageKind.THRESHOLD, 50), Stage(StageKind.LEVEL, 2)], "STAGES_MIXED"),
        (
            [Stage(StageKind.THRESHOLD, 0), Stage(StageKind.THRESHOLD, 50), Stage(StageKind.THRESHOLD, 50)],
            "STAGE_DUPLICATE",
        ),
        ([Stage(StageKind.THRESHOLD, 50)], "ZERO_STAGE_MISSING"),
        ([], "ZERO_STAGE_MISSING"),
        ([Stage(StageKind.LEVEL, 0), Stage(StageKind.LEVEL, 6)], "STAGE_OUT_OF_RANGE"),
        ([Stage(StageKind.THRESHOLD, 0), Stage(StageKind.THRESHOLD, 101)], "STAGE_OUT_OF_RANGE"),
    ],
)
def test_wrong_stages_are_refused(stages: list[Stage], problem: str) -> None:
    assert problem in scoring.check_stages(stages, highest_cap=5)
    assert scoring.check_stages(RENTREE, highest_cap=5) == []
