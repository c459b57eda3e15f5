"""What one answer teaches, what a run keeps, and the compact row that the log can always rebuild."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pix.assessment.engine.correction import Status
from pix.assessment.engine.frames import Frame, FrameQuestion, FrameSkill
from pix.assessment.engine.knowledge import (
    Answered,
    Assessment,
    CompetenceState,
    Evidence,
    Reset,
    Run,
    asked_again,
    changes_by_competence,
    held_before,
    instant,
    is_known,
    known_in,
    learn,
    micros,
    rebuild,
)

from .synthetic import evidence, frame

WEB = frame("web[1,2,3,4,5] mail[3]")
FIRST = Run("run", 1_000)
REPLAY = Run("run", 1_000, replay=True)
PIX4 = 4 * 720_720


def words(found: dict[str, Evidence]) -> str:
    """``web1(+)``: inferred success; ``web3-``: direct failure."""
    return " ".join(
        f"{skill}{'' if e.direct else '('}{'+' if e.validated else '-'}{'' if e.direct else ')'}"
        for skill, e in sorted(found.items())
    )


@pytest.mark.parametrize(
    ("held", "run", "skill", "status", "changes"),
    [
        ("", FIRST, "web3", Status.OK, "web1(+) web2(+) web3+"),
        ("", FIRST, "web3", Status.KO, "web3- web4(-) web5(-)"),
        ("", FIRST, "web3", Status.SKIPPED, "web3- web4(-) web5(-)"),
        ("", FIRST, "web3", Status.TIMEDOUT, "web3- web4(-) web5(-)"),
        ("", FIRST, "web3", Status.UNIMPLEMENTED, ""),
        ("", FIRST, "unknown", Status.OK, ""),
        ("web5+ ", FIRST, "web3", Status.KO, "web3- web4(-)"),
        ("web5(+) ", FIRST, "web3", Status.KO, "web3- web4(-) web5(-)"),
        ("web5(+) ", REPLAY, "web3", Status.KO, "web3- web4(-)"),
        ("web5+ ", REPLAY, "web3", Status.KO, "web3- web4(-)"),
        ("web5- web1- ", REPLAY, "web3", Status.OK, "web1(+) web2(+) web3+"),
        ("web3+ ", FIRST, "web3", Status.KO, "web3- web4(-) web5(-)"),
        ("web1+ ", FIRST, "web3", Status.OK, "web1(+) web2(+) web3+"),
    ],
)
def test_one_answer(held: str, run: Run, skill: str, status: Status, changes: str) -> None:
    found = learn(WEB, evidence(held), run, skill, status, 2_000)
    assert words(found) == changes
    assert all(e.at == 2_000 and e.assessment == "run" for e in found.values())
    assert {e.units for e in found.values()} <= ({PIX4} if status is Status.OK else {0})


def test_a_success_got_since_a_replay_began_is_not_protected() -> None:
    held = evidence("web5(+) ", run="another", at=1_500)
    assert words(learn(WEB, held, REPLAY, "web3", Status.KO, 2_000)) == "web3- web4(-) web5(-)"


def test_a_skill_answered_twice_in_one_assessment_has_one_direct_evidence() -> None:
    once = learn(WEB, {}, FIRST, "web3", Status.OK, 2_000)
    twice = learn(WEB, once, FIRST, "web3", Status.KO, 3_000)
    assert words(once | twice) == "web1(+) web2(+) web3+ web4(-) web5(-)"


HOUR = 3_600_000_000
FOUR_DAYS = 96 * HOUR


@pytest.mark.parametrize(
    ("validated", "age", "replay", "asked"),
    [
        (False, FOUR_DAYS - 1_000_000, False, False),
        (False, FOUR_DAYS, False, True),
        (False, FOUR_DAYS + HOUR, False, True),
        (False, HOUR, True, True),
        (True, 1_000 * FOUR_DAYS, False, False),
        (True, HOUR, True, False),
        (False, -HOUR, True, False),
        (False, -HOUR, False, False),
    ],
)
def test_what_is_asked_again(validated: bool, age: int, replay: bool, asked: bool) -> None:
    run = Run("run", 10_000 * FOUR_DAYS, replay)
    held = {"web3": Evidence(validated, True, run.created_at - age, "another campaign")}
    assert is_known(held["web3"], run) is not asked
    assert known_in(held, run) == ({} if asked else held)
    assert ("web3" in asked_again(held, WEB, run)) is asked


def test_delay_is_a_setting() -> None:
    run = Run("run", 10 * FOUR_DAYS)
    failure = Evidence(False, True, run.created_at - HOUR, "x")
    assert is_known(failure, run)
    assert not is_known(failure, run, timedelta(hours=1))


def test_dated_reading_is_strictly_before() -> None:
    held = {"a": Evidence(True, True, 5, "x"), "b": Evidence(True, True, 6, "x")}
    assert set(held_before(held, 6)) == {"a"}


def test_instants_are_exact_to_the_microsecond() -> None:
    now = datetime(2024, 10, 1, 8, 0, 0, 123_457, UTC)
    assert instant(micros(now)) == now


def test_state_counts_pix_exactly() -> None:
    third = 8 * 720_720 // 3
    state = CompetenceState({id: Evidence(True, True, at, "x", third) for at, id in enumerate("abc")})
    assert (state.units, state.pix(), state.level(), state.last_at) == (8 * 720_720, 8, 1, 2)
    assert (CompetenceState().units, CompetenceState().last_at) == (0, None)


def test_a_new_version_of_a_skill_replaces_the_old_one_in_the_sum() -> None:
    old = CompetenceState({"rec1": Evidence(True, True, 1, "x", PIX4, "@web3")})
    new = old.with_changes({"rec2": Evidence(True, True, 2, "y", PIX4 // 2, "@web3")})
    assert (old.units, new.units) == (PIX4, PIX4 // 2)
    failed = old.with_changes({"rec2": Evidence(False, True, 2, "y", 0, "@web3")})
    assert failed.units == 0
    assert CompetenceState.load(new.dump()) == new


def test_packed_row_is_small_and_readable() -> None:
    state = CompetenceState(learn(WEB, {}, FIRST, "web2", Status.OK, 2_000))
    assert json.loads(state.dump()) == {"e": [["run", 2_000]], "s": {"web1": [1, PIX4], "web2": [3, PIX4]}}
    assert CompetenceState.unpack({}) == CompetenceState()


def test_a_row_does_not_repeat_its_competence() -> None:
    held = {"4.2.2-N1": Evidence(True, False, 5, 7, PIX4), "4.20.1-N1": Evidence(False, True, 5, 7)}
    state = CompetenceState(held)
    assert json.loads(state.dump("4.2")) == {"e": [[7, 5]], "s": {".2-N1": [1, PIX4], "4.20.1-N1": 2}}
    assert CompetenceState.load(state.dump("4.2"), "4.2") == state


evidences = st.dictionaries(
    st.text(min_size=1).filter(lambda skill: not skill.startswith(".")),
    st.builds(
        Evidence, st.booleans(), st.booleans(), st.integers(0), st.integers() | st.text(), st.integers(0), st.text()
    ),
)


@given(evidences, st.sampled_from(["", "4.2"]), st.randoms())
def test_a_row_comes_back_equal_and_its_text_does_not_depend_on_order(
    held: dict[str, Evidence], competence: str, rng: object
) -> None:
    state = CompetenceState(held)
    assert CompetenceState.load(state.dump(competence), competence) == state
    mixed = list(held.items())
    rng.shuffle(mixed)  # type: ignore[attr-defined]
    assert CompetenceState(dict(mixed)).dump() == state.dump()


TWO = Frame(
    FrameSkill(f"{tube}{level}", tube, level, (FrameQuestion(f"{tube}{level}q"),), competence, 720_720)
    for tube, competence in (("a", "1.1"), ("b", "1.1"), ("c", "2.3"))
    for level in (1, 2, 3)
)
RUNS = {run.assessment: Assessment(run, TWO) for run in (Run(1, 0), Run(2, 10), Run(3, 20, replay=True))}
answers = st.builds(
    Answered, st.sampled_from([1, 2, 3]), st.sampled_from(sorted(TWO.index)), st.sampled_from(Status), st.just(0)
)
resets = st.builds(Reset, st.frozensets(st.sampled_from(sorted(TWO.index))), st.just(0))


@given(st.lists(answers | resets, max_size=25))
def test_rebuilding_from_the_log_gives_the_rows_that_were_written(events: list[Answered | Reset]) -> None:
    rows: dict[str, CompetenceState] = {}
    log: list[Answered | Reset] = []
    for at, event in enumerate(events):
        if isinstance(event, Reset):
            log.append(Reset(event.skills, at))
            rows = {code: row.without(event.skills) for code, row in rows.items()}
            continue
        log.append(Answered(event.assessment, event.skill, event.status, at))
        # A row is read, changed, written: what the domain does at each answer, through the stored text.
        held = {s: e for row in rows.values() for s, e in CompetenceState.load(row.dump()).evidence.items()}
        changes = learn(TWO, held, RUNS[event.assessment].run, event.skill, event.status, at)
        for code, change in changes_by_competence(TWO, changes).items():
            rows[code] = rows.get(code, CompetenceState()).with_changes(change)
    assert {code: row.dump() for code, row in rebuild(log, RUNS).items()} == {
        c: r.dump() for c, r in sorted(rows.items())
    }


@given(st.lists(answers, max_size=10), answers)
def test_learning_the_same_answer_again_changes_nothing(before: list[Answered], answer: Answered) -> None:
    held: dict[str, Evidence] = {}
    for event in [*before, answer]:
        held |= learn(TWO, held, RUNS[event.assessment].run, event.skill, event.status, 5)
    assert learn(TWO, held, RUNS[answer.assessment].run, answer.skill, answer.status, 6) == {}


def test_a_later_worse_run_lowers_only_what_it_asks() -> None:
    log = [Answered(1, "a3", Status.OK, 5), Answered(2, "a2", Status.KO, 15)]
    row = rebuild(log, RUNS)["1.1"]
    assert words(dict(row.evidence)) == "a1(+) a2- a3+"
