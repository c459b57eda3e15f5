"""The one door: a run through ``start``, ``next_item``, ``answer``, ``result`` over states that are values."""

import json
from itertools import pairwise

import pytest

from pix.assessment.engine.classic import Asked, Finished, Pick
from pix.assessment.engine.correction import Status
from pix.assessment.engine.interface import Classic, Config, Engine, Kind, Measure, SkillResult, State, gained
from pix.assessment.engine.knowledge import Evidence, Run

from .synthetic import evidence, frame

ENGINE: Engine = Classic()
A = frame("web[1,2,3,4,5] mail[1,2,3] code[2,4 timed,6]")
DAY = 86_400_000_000


def play(state: State, statuses: list[Status]) -> list[State]:
    states = [state]
    for at, status in enumerate(statuses, 1):
        item = ENGINE.next_item(A, states[-1])
        assert isinstance(item, Pick)
        states.append(ENGINE.answer(A, states[-1], item, status, 12, at=state.run.created_at + at))
    return states


def begin(**kwargs: object) -> State:
    return ENGINE.start(A, Kind.CAMPAIGN, Config(), 2, {}, run=Run(17, 5 * DAY), **kwargs)  # type: ignore[arg-type]


def test_a_state_survives_storage_at_each_step() -> None:
    for state in play(begin(seen=["web4_1", "elsewhere"]), [Status.OK] * 6):
        stored = json.dumps(state.to_json(), sort_keys=True)
        again = State.from_json(json.loads(stored))
        assert again == state
        assert json.dumps(again.to_json(), sort_keys=True) == stored
        assert ENGINE.next_item(A, again) == ENGINE.next_item(A, state)
        assert state.seen == ("web4_1",)


def test_asking_changes_nothing() -> None:
    state = begin()
    assert ENGINE.next_item(A, state) == ENGINE.next_item(A, state)
    assert state == begin()


def test_a_run_resumed_from_rows_and_log_is_the_same_run() -> None:
    rows: dict[str, Evidence] = {}
    states = play(begin(), [Status.OK, Status.KO, Status.SKIPPED])
    for before, after in pairwise(states):
        rows |= gained(before, after)
        assert begin_again(rows, after.history) == after


def begin_again(rows: dict[str, Evidence], history: tuple[Asked, ...]) -> State:
    return ENGINE.start(A, Kind.CAMPAIGN, Config(), 2, rows, run=Run(17, 5 * DAY), history=history)


def test_replay_asks_only_what_was_failed_and_prefers_unseen_siblings() -> None:
    held = evidence(
        "web1(+) web2(+) web3+ web4- web5(-) mail1(+) mail2(+) mail3+ code2+ code4+ code6+ ", at=5 * DAY - 1
    )
    run = Run(18, 5 * DAY)
    for seen, sibling in ((["web4_1"], "web4_2"), (["web4_2"], "web4_1")):
        state = ENGINE.start(A, Kind.REPLAY, Config(), 3, held, run=run, seen=seen)
        asked = ENGINE.next_item(A, state)
        assert isinstance(asked, Pick)
        assert asked.question == sibling
    first = ENGINE.start(A, Kind.CAMPAIGN, Config(), 3, held, run=run)
    assert isinstance(ENGINE.next_item(A, first), Finished)  # yesterday's failure is too young, except in a replay


def test_result_says_what_is_validated_and_its_worth() -> None:
    state = play(begin(), [Status.OK, Status.KO])[-1]
    result = ENGINE.result(A, state)
    assert result.skills["mail2"] == SkillResult(1.0, True)
    assert result.skills["mail1"] == SkillResult(1.0, False)
    assert result.skills["mail3"] == SkillResult(0.0, True)
    assert result.skills["web1"] == SkillResult(0.0, False)
    assert result.tubes["mail"] == Measure(8.0, 2)
    assert result.competences["1.1"] == result.total == Measure(8.0, 2)


def test_refusals() -> None:
    with pytest.raises(ValueError, match="certify"):
        ENGINE.start(A, Kind.CERTIFICATION, Config(), 1, {}, run=Run(1, 0))
    with pytest.raises(ValueError, match="32 bits"):
        ENGINE.start(A, Kind.CAMPAIGN, Config(), 2**32, {}, run=Run(1, 0))
    state = begin()
    item = ENGINE.next_item(A, state)
    assert isinstance(item, Pick)
    after = ENGINE.answer(A, state, item, Status.OK, 3, at=6 * DAY)
    with pytest.raises(ValueError, match="already answered"):
        ENGINE.answer(A, after, item, Status.KO, 3, at=6 * DAY)
