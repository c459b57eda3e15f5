"""What an import would change in the roll: the cases of schools 4.3, 4.4 and 16.3 that need no database."""

import random
from dataclasses import replace
from datetime import date

import msgspec
import pytest

from pix.interop.rows import LEFT, FileError, Problem, Refused, RollFormat, RollReading, RollRow, Skipped
from pix.learners.rules import Change, KnownPupil, LinkPlan, RollPlan, plan, plan_digest


def row(number: int, **changes: object) -> RollRow:
    base = RollRow(
        row=number,
        ine=f"{number:010d}A",
        last_name="DURAND",
        usage_name="",
        first_name="Léa",
        second_name="",
        third_name="",
        sex="F",
        birth_date=date(2012, 5, 4),
        birth_country_code="100",
        birth_department_code="033",
        birth_city_insee="33318",
        birth_city_name="",
        mef_code="10310019110",
        status="ST",
        division="4A",
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def known(number: int, **changes: object) -> KnownPupil:
    values = {name: getattr(row(number), name) for name in RollRow.__slots__ if name != "row"}
    return KnownPupil(**{"id": number, "active": True, "provisional": False, **values, **changes})  # type: ignore[arg-type]


def reading(*rows: RollRow, **more: object) -> RollReading:
    return RollReading(RollFormat.SIECLE, rows=rows, **more)  # type: ignore[arg-type]


def summary(found: RollPlan) -> dict[str, object]:
    return {
        "added": [one.ine[:10].lstrip("0") for one in found.added],
        "modified": [one.pupil for one in found.modified],
        "unchanged": found.unchanged,
        "leaving": [one.pupil for one in found.leaving],
        "kept": list(found.kept),
    }


def test_added_modified_unchanged_leaving() -> None:
    roll = [known(1), known(2, division="5B"), known(3), known(4, active=False)]
    found = plan(roll, reading(row(1), row(2), row(9)), valid_only=False)
    assert summary(found) == {"added": ["9"], "modified": [2], "unchanged": 1, "leaving": [3], "kept": []}
    assert found.counts() == {
        "added": 1,
        "modified": 1,
        "reactivated": 0,
        "unchanged": 1,
        "leaving": 1,
        "skipped": 0,
        "left": 0,
        "refused": 0,
    }


def test_modified_field_by_field() -> None:
    roll = [known(1, birth_date=date(2012, 4, 5), division="5B", usage_name="X", birth_city_name="")]
    (modified,) = plan(roll, reading(row(1)), valid_only=False).modified
    assert modified.changes == (
        Change("usage_name", "X", ""),
        Change("birth_date", "2012-04-05", "2012-05-04"),
        Change("division", "5B", "4A"),
    )
    assert not modified.reactivated


def test_a_pupil_without_birth_date_gets_one() -> None:
    (modified,) = plan([known(1, birth_date=None)], reading(row(1)), valid_only=False).modified
    assert modified.changes == (Change("birth_date", "", "2012-05-04"),)


def test_45_a_returning_pupil_is_the_same_record() -> None:
    found = plan([known(1, active=False)], reading(row(1)), valid_only=False)
    assert [(one.pupil, one.changes, one.reactivated) for one in found.modified] == [(1, (), True)]
    assert (found.added, found.reactivated) == ((), 1)


def test_a_new_school_year_is_written_even_for_the_same_class() -> None:
    (modified,) = plan([known(1, enrolled=False)], reading(row(1)), valid_only=False).modified
    assert (modified.changes, modified.newly_enrolled, modified.reactivated) == ((), True, False)


def test_17_pupils_without_ine_match_nobody_and_leave() -> None:
    roll = [known(1), known(2, ine=""), known(3, ine="")]
    assert summary(plan(roll, reading(row(1)), valid_only=False))["leaving"] == [2, 3]


def test_provisional_pupils_are_left_alone() -> None:
    roll = [known(1), known(2, ine="", provisional=True), known(3, provisional=True)]
    assert summary(plan(roll, reading(row(1)), valid_only=False))["leaving"] == []


def test_skipped_pupils_leave_and_the_preview_says_why() -> None:
    roll = [known(1), known(2), known(3), known(4)]
    skipped = (Skipped(2, LEFT, ine=row(2).ine), Skipped(3, "DIVISION_REQUIRED", ine=row(3).ine))
    found = plan(roll, reading(row(1), skipped=skipped), valid_only=False)
    assert [(one.pupil, one.reason) for one in found.leaving] == [(2, "left"), (3, "no_division"), (4, "absent")]


REFUSED = reading(
    row(1),
    problems=(Problem(32, "INE_UNIQUE", {"first_row": 3}, ine=row(3).ine),),
    refused=(Refused(3, row(3).ine), Refused(32, row(3).ine)),
)


@pytest.mark.parametrize("valid_only", [False, True])
def test_08_and_18_row_errors(valid_only: bool) -> None:
    """By default nothing is written; « lignes valides » keeps the pupil whose row is refused as it is."""
    found = plan([known(1, division="5B"), known(3), known(4)], REFUSED, valid_only=valid_only)
    expected: dict[str, object] = {"added": [], "modified": [], "unchanged": 0, "leaving": [], "kept": []}
    if valid_only:
        expected |= {"modified": [1], "leaving": [4], "kept": [3]}
    assert summary(found) == expected
    assert found.blocked is not valid_only
    assert [refused.row for refused in found.refused] == [3, 32]


def test_nothing_importable_deactivates_nobody() -> None:
    nothing = replace(REFUSED, rows=())
    found = plan([known(1), known(2)], nothing, valid_only=True)
    assert found.nothing_importable
    assert found.leaving == ()


def test_a_file_error_has_no_plan() -> None:
    with pytest.raises(ValueError, match="file-level"):
        plan([], reading(file_errors=(FileError("EMPTY"),)), valid_only=True)


@pytest.mark.parametrize(
    ("form", "in_file", "active", "warned"),
    [
        (RollFormat.FREGATA, 1, 20, True),
        (RollFormat.FREGATA, 2, 20, False),
        (RollFormat.FREGATA, 0, 0, False),
        (RollFormat.SIECLE, 0, 20, False),
    ],
)
def test_a_csv_of_another_school_is_suspected(form: RollFormat, in_file: int, active: int, warned: bool) -> None:
    roll = [known(number) for number in range(1, active + 1)] + [known(99, active=False)]
    rows = [row(number) for number in range(1, in_file + 1)] + [row(500), row(99)]
    found = plan(roll, replace(reading(*rows), format=form), valid_only=False)
    assert [(one.code, one.meta) for one in found.warnings] == (
        [("FEW_KNOWN_PUPILS", {"known": in_file, "active": active})] if warned else []
    )


def test_importing_the_same_file_again_changes_nothing() -> None:
    rows = [row(number) for number in range(1, 50)]
    found = plan([known(number) for number in range(1, 50)], reading(*rows), valid_only=False)
    assert summary(found) == {"added": [], "modified": [], "unchanged": 49, "leaving": [], "kept": []}


def test_49_the_digest_tells_whether_the_preview_still_holds() -> None:
    roll = [known(number) for number in range(1, 30)]
    rows = [row(number, division="3B") for number in range(5, 40)]
    before = plan_digest(plan(roll, reading(*rows), valid_only=False))
    shuffled = roll[:]
    random.Random(1).shuffle(shuffled)
    assert plan_digest(plan(shuffled, reading(*reversed(rows)), valid_only=False)) == before
    changed = [
        plan([*roll[:-1], replace(roll[-1], division="5C")], reading(*rows), valid_only=False),
        plan(roll[1:], reading(*rows), valid_only=False),
        plan([*roll, known(77)], reading(*rows), valid_only=False),
        plan(roll, reading(*rows[:-1]), valid_only=False),
        plan([*roll[:-1], replace(roll[-1], active=False)], reading(*rows), valid_only=False),
    ]
    digests = {plan_digest(one) for one in changed}
    assert len(digests) == len(changed)
    assert before not in digests
    same = plan(roll, reading(*rows), valid_only=False)
    assert plan_digest(same, LinkPlan({row(5).ine: 8}, (), (), ())) != before
    assert len(before) == 64


def test_a_plan_is_stored_as_json_and_read_back() -> None:
    found = plan([known(1, division="5B"), known(2)], reading(row(1), row(9)), valid_only=False)
    stored = msgspec.json.encode(found)
    assert msgspec.json.decode(stored, type=RollPlan) == found
