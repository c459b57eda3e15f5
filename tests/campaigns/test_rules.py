"""Decisions about campaigns, as tables of values (learning 5, 7 and the vectors of 16.4 and 16.5)."""

import random
import re
from datetime import UTC, date, datetime, timedelta

import pytest

from pix.campaigns import rules
from pix.campaigns.enums import Problem, Refusal, Status
from pix.campaigns.rules import Former
from pix.core import clock
from pix.core.exact import pct

THRESHOLDS = [0, 21, 51, 81]


@pytest.mark.proves("C-051")
def test_drawn_codes_have_no_vowel_and_no_ambiguous_sign() -> None:
    rng = random.Random(1)
    codes = [rules.draw_code(rng.choice) for _ in range(100_000)]
    assert all(re.fullmatch("[BCDFGHJKMPQRTVWXY]{6}[2346789]{3}", code) for code in codes)
    # 8.3·10⁹ codes: a hundred thousand draws meet a twin about once in two runs; this seed meets none.
    assert len(set(codes)) >= len(codes) - 2


@pytest.mark.parametrize(
    ("typed", "found"),
    [(" bcdfgh 234 ", "BCDFGH234"), ("BCDFGH234", "BCDFGH234"), ("bcd fgh\u00a0234\n", "BCDFGH234"), ("   ", "")],
)
def test_a_typed_code_loses_its_spaces_and_gains_capitals(typed: str, found: str) -> None:
    assert rules.normalise_code(typed) == found


@pytest.mark.parametrize(
    ("code", "possible"),
    [
        ("BCDFGH234", True),
        ("AEUNSZ259", True),  # wider set of older codes
        ("BCDFGI234", False),
        ("BCDFGO234", False),
        ("BCDFGH230", False),
        ("BCDFGH231", False),
        ("BCDFGH23", False),
    ],
)
def test_a_code_may_hold_any_sign_but_the_ambiguous_ones(code: str, possible: bool) -> None:
    assert rules.is_code(code) is possible


@pytest.mark.proves("C-022", "C-046")
@pytest.mark.parametrize(
    ("changed", "problems"),
    [
        ({}, []),
        ({"name": "  "}, [Problem.NAME_REQUIRED]),
        ({"name": "x" * 255}, []),
        ({"name": "x" * 256}, [Problem.NAME_TOO_LONG]),
        ({"title": "x" * 50}, []),
        ({"title": "x" * 51}, [Problem.TITLE_TOO_LONG]),
        ({"landing_text": "x" * 5000}, []),
        ({"landing_text": "x" * 5001}, [Problem.TEXT_TOO_LONG]),
        ({"type": ""}, [Problem.OBJECTIVE_REQUIRED]),
        ({"type": "exam"}, [Problem.OBJECTIVE_REQUIRED]),
        ({"journey": ""}, [Problem.JOURNEY_REQUIRED]),
        ({"journey_known": False}, [Problem.JOURNEY_REQUIRED]),
        ({"type": "profile"}, [Problem.JOURNEY_FORBIDDEN]),
        ({"type": "profile", "journey": "", "title": "Un titre"}, [Problem.TITLE_FORBIDDEN]),
        ({"type": "profile", "journey": ""}, []),
        ({"multiple_sending": None}, [Problem.MULTIPLE_REQUIRED]),
        ({"mode": "au jardin"}, [Problem.MODE_UNKNOWN]),
        ({"name": "", "multiple_sending": None}, [Problem.NAME_REQUIRED, Problem.MULTIPLE_REQUIRED]),
    ],
)
def test_limits_of_a_new_campaign(changed: dict[str, object], problems: list[Problem]) -> None:
    values: dict[str, object] = {
        "name": "Rentrée 5e",
        "type": "assessment",
        "journey": "5e",
        "journey_known": True,
        "title": "",
        "landing_text": "",
        "multiple_sending": False,
    }
    assert rules.check_new(**(values | changed)) == problems  # type: ignore[arg-type]


def test_every_problem_says_where_and_what() -> None:
    assert all(problem.field and problem.message.endswith(".") for problem in Problem)


def test_a_copy_keeps_within_the_limit_of_names() -> None:
    assert rules.copy_name("Rentrée") == "Copie de Rentrée"
    assert len(rules.copy_name("x" * 255)) == 255


@pytest.mark.parametrize(
    ("value", "total", "shown"),
    [(1, 23, 4), (51, 250, 20), (41, 200, 21), (103, 500, 21), (29, 100, 29), (1, 2, 50), (2, 3, 67), (41, 81, 51), (1, 200, 1), (0, 0, 0)],
)  # fmt: skip
def test_percentages_round_half_up(value: int, total: int, shown: int) -> None:
    assert pct(value, total) == shown


@pytest.mark.proves("D-018", "D-019", "D-020", "D-021")
@pytest.mark.parametrize(("percent", "stage"), [(0, 1), (20, 1), (21, 2), (50, 2), (51, 3), (80, 3), (81, 4), (100, 4)])
def test_the_stage_is_the_last_threshold_reached(percent: int, stage: int) -> None:
    assert rules.reached_stage(THRESHOLDS, percent) == stage - 1


@pytest.mark.proves("D-022")
@pytest.mark.parametrize(("validated", "targeted", "stage"), [(51, 250, 1), (103, 500, 2)])
def test_the_displayed_percentage_decides(validated: int, targeted: int, stage: int) -> None:
    """20.4 % is shown as 20 %: first stage. 20.6 % is shown as 21 %: second stage."""
    assert rules.reached_stage(THRESHOLDS, pct(validated, targeted)) == stage - 1


def test_without_stages_there_is_none_to_reach() -> None:
    assert rules.reached_stage([], 100) is None
    assert rules.stages_of({}) == ()


@pytest.mark.parametrize(
    ("thresholds", "bounds"),
    [
        ([0, 21, 51, 81], [(0, 20), (21, 50), (51, 80), (81, 100)]),
        ([0, 50], [(0, 49), (50, 100)]),
        ([0], [(0, 100)]),
        ([], []),
    ],
)
def test_bounds_of_stages(thresholds: list[int], bounds: list[tuple[int, int]]) -> None:
    assert rules.stage_bounds(thresholds) == bounds


def test_bins_cover_every_percentage_once() -> None:
    assert [percent for low, high in rules.BINS for percent in range(low, high + 1)] == list(range(101))


@pytest.mark.parametrize(
    ("thresholds", "errors"),
    [
        ([], []),
        ([0, 21], []),
        ([21, 51], ["STAGE_ZERO_MISSING"]),
        ([0, 21, 21], ["STAGE_TWICE"]),
        ([0, 101], ["STAGE_OUT_OF_RANGE"]),
    ],
)
def test_lists_of_stages_are_checked(thresholds: list[int], errors: list[str]) -> None:
    assert rules.check_stages(thresholds) == errors


def test_thresholds_by_level() -> None:
    levels = [1, 1, 2, 2, 2, 3, 3, 4, 4, 5]
    assert [rules.level_threshold(level, levels) for level in (1, 2, 3, 4, 5)] == [20, 50, 70, 90, 100]
    assert rules.level_threshold(1, [2, 3]) == 100


def test_tally_counts_by_sujet_and_competence() -> None:
    skills = [
        ["a1", "1.1.1", "1.1", 1],
        ["a2", "1.1.1", "1.1", 3],
        ["b1", "1.1.2", "1.1", 2],
        ["c1", "4.1.1", "4.1", 1],
    ]
    counts = rules.tally(skills, "vf-v")
    assert (counts.targeted, counts.validated, counts.assessed, counts.percent, counts.progress) == (4, 2, 3, 50, 75)
    assert [(one.tube, one.targeted, one.max_level, one.validated, one.highest_validated, one.lowest_missing) for one in counts.tubes] == [
        ("1.1.1", 2, 3, 1, 1, 3),
        ("1.1.2", 1, 2, 0, 0, 2),
        ("4.1.1", 1, 1, 1, 1, 0),
    ]  # fmt: skip
    assert [(one.competence, one.validated, one.targeted) for one in counts.competences] == [
        ("1.1", 1, 3),
        ("4.1", 1, 1),
    ]
    assert rules.tally(skills).assessed == 0
    with pytest.raises(ValueError, match="4 skills but 2 flags"):
        rules.tally(skills, "vv")


@pytest.mark.parametrize(
    ("status", "wanted", "allowed"),
    [
        (Status.STARTED, Status.TO_SHARE, True),
        (Status.TO_SHARE, Status.SHARED, True),
        (Status.TO_SHARE, Status.STARTED, True),
        (Status.STARTED, Status.SHARED, False),
        (Status.SHARED, Status.STARTED, False),
        (Status.SHARED, Status.TO_SHARE, False),
    ],
)
def test_moves_of_a_participation(status: Status, wanted: Status, allowed: bool) -> None:
    assert rules.may_become(status, wanted) is allowed


SENT = datetime(2024, 10, 1, 8, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "validated", "reset", "multiple", "refusal"),
    [
        (SENT + timedelta(days=4, seconds=-1), 3, False, True, Refusal.TOO_EARLY),
        (SENT + timedelta(days=4), 3, False, True, None),
        (SENT + timedelta(days=4), 4, False, True, Refusal.NOTHING_LEFT),
        (SENT + timedelta(days=4), 4, True, True, None),
        (SENT + timedelta(days=3), 4, True, True, Refusal.TOO_EARLY),
        (SENT + timedelta(days=40), 3, False, False, Refusal.ALREADY_PARTICIPATED),
    ],
)
def test_replay_opens_four_days_after_sending(
    at: datetime, validated: int, reset: bool, multiple: bool, refusal: Refusal | None
) -> None:
    former = Former(status=Status.SHARED, validated=validated, targeted=4, shared_at=SENT)
    decided = rules.replay_refusal(
        multiple_sending=multiple, former=former, campaign_open=True, learner_active=True, at=at, reset=reset
    )
    assert decided == refusal


def test_four_days_are_counted_in_seconds_across_the_clock_change() -> None:
    sent = datetime(2024, 10, 25, 12, 0, tzinfo=clock.PARIS).astimezone(UTC)
    opens = clock.paris(rules.replay_opens_at(sent))
    assert (opens.day, opens.hour, opens.minute) == (29, 11, 0)


def test_one_hundred_and_ninety_nine_of_two_hundred_may_be_replayed() -> None:
    former = Former(status=Status.SHARED, validated=199, targeted=200, shared_at=SENT)
    assert pct(199, 200) == 100
    assert (
        rules.replay_refusal(
            multiple_sending=True, former=former, campaign_open=True, learner_active=True, at=SENT + timedelta(days=5)
        )
        is None
    )


OPEN: dict[str, object] = {
    "learner_active": True,
    "campaign_open": True,
    "linked": True,
    "multiple_sending": True,
    "former": None,
    "other_account_in": False,
    "at": SENT + timedelta(days=10),
}
SHARED = Former(status=Status.SHARED, validated=3, targeted=4, shared_at=SENT)
DELETED = Former(status=Status.SHARED, validated=3, targeted=4, shared_at=SENT, deleted=True)


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({}, None),
        ({"learner_active": False}, Refusal.LEARNER_DISABLED),
        ({"campaign_open": False}, Refusal.CAMPAIGN_CLOSED),
        ({"linked": False}, Refusal.NOT_LINKED),
        ({"former": SHARED, "multiple_sending": False}, Refusal.ALREADY_PARTICIPATED),
        ({"former": DELETED}, None),
        ({"former": DELETED, "multiple_sending": False}, None),
        ({"former": DELETED, "refuse_after_deletion": True}, Refusal.PARTICIPATION_DELETED),
        ({"former": Former(Status.STARTED, 0, 4, None)}, Refusal.NOT_SHARED_YET),
        ({"former": Former(Status.TO_SHARE, 4, 4, None)}, Refusal.NOT_SHARED_YET),
        ({"former": Former(Status.SHARED, 4, 4, SENT)}, Refusal.NOTHING_LEFT),
        ({"former": SHARED, "at": SENT}, Refusal.TOO_EARLY),
        ({"former": SHARED}, None),
        ({"other_account_in": True}, Refusal.LEARNER_ALREADY_IN),
        # two reasons at once: the first of the list answers
        ({"learner_active": False, "campaign_open": False}, Refusal.LEARNER_DISABLED),
        ({"campaign_open": False, "linked": False}, Refusal.CAMPAIGN_CLOSED),
        ({"former": Former(Status.SHARED, 4, 4, SENT), "at": SENT}, Refusal.NOTHING_LEFT),
        ({"former": SHARED, "at": SENT, "other_account_in": True}, Refusal.TOO_EARLY),
    ],
)
def test_reasons_not_to_start_in_their_order(changed: dict[str, object], refusal: Refusal | None) -> None:
    assert rules.start_refusal(**(OPEN | changed)) == refusal  # type: ignore[arg-type]


def test_progress_is_whole_once_completed() -> None:
    assert rules.progress(completed=False, assessed=1, targeted=3) == 33
    assert rules.progress(completed=True, assessed=1, targeted=3) == 100


def test_curves_add_up_day_by_day() -> None:
    first = date(2024, 9, 20)
    curves = rules.cumulative({first: 2, first + timedelta(days=2): 1}, {first + timedelta(days=1): 1})
    assert (curves.unit, curves.started, curves.shared) == ("day", (2, 2, 3), (0, 1, 1))
    assert rules.cumulative({}, {}).days == ()


@pytest.mark.parametrize(("days", "unit"), [(90, "day"), (91, "month")])
def test_beyond_ninety_days_curves_count_months(days: int, unit: str) -> None:
    first = date(2024, 9, 20)
    curves = rules.cumulative({first: 1, first + timedelta(days=days - 1): 1}, {})
    assert curves.unit == unit
    assert curves.started[-1] == 2
    if unit == "month":
        assert curves.days == (date(2024, 9, 1), date(2024, 10, 1), date(2024, 11, 1), date(2024, 12, 1))


@pytest.mark.parametrize(
    ("latest", "previous", "word"),
    [((2, 3), (1, 3), "up"), ((1, 3), (2, 3), "down"), ((199, 200), (399, 400), "down"), ((1, 2), (2, 4), "same"), ((1, 2), None, "")],
)  # fmt: skip
def test_evolution_compares_exact_counts(latest: tuple[int, int], previous: tuple[int, int] | None, word: str) -> None:
    assert rules.trend(latest, previous) == word
