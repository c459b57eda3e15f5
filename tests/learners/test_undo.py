"""Undoing the last import (schools 4.4): a plan of its own, what changed since is shown and kept, once, for 30 days."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection

from pix.assessment.models import ProfileSummary
from pix.audit.models import Event
from pix.learners import actions
from pix.learners.actions import applying, staged, undoing
from pix.learners.models import Enrolment, Pupil, PupilImport, StagedRow
from pix.learners.queries import last_import, last_success, notice_of, roll_facts, undo_facts
from pix.organizations.access import Member
from tests.factories.together import together
from tests.interop.siecle_files import pupil, siecle
from tests.learners.rolls import (
    AT,
    YEAR,
    adult,
    begin,
    finish,
    ine,
    known,
    load,
    roll,
    school,
    snapshot,
    states,
    teammate,
)
from tests.learners.test_import_links import record

pytestmark = pytest.mark.django_db
SINCE = AT + timedelta(hours=1)
LATER = AT + timedelta(hours=2)


def without_dates(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name != "updated_at"} for row in rows]


def undo(member: Member, at: Any = LATER) -> PupilImport:
    """The head undoes the last import, looks, confirms; the job runs."""
    ready = ask(member, at)
    return finish(member, ready, at)


def ask(member: Member, at: Any = LATER) -> PupilImport:
    last = PupilImport.objects.filter(organization=member.organization, state="imported").order_by("-id")[0]
    return actions.open_undo(member=member, imported=last, at=at)


def preview(member: Member, at: Any = LATER) -> Any:
    face = last_import(member.organization, at)
    assert face is not None
    assert face.preview is not None
    return face.preview


def second(member: Member) -> PupilImport:
    """On top of 1, 2, 3: pupil 1 leaves, 2 moves to another class, 4 arrives."""
    load(member, roll(1, 2, 3))
    return load(member, siecle(pupil(2, divisions="D:4B"), pupil(3), pupil(4)), at=SINCE)


def test_everything_returns_to_what_it_was() -> None:
    """Added pupils are deactivated and never deleted; leavers come back; fields and years take their former values."""
    member = school()
    load(member, roll(1, 2, 3))
    before = without_dates(snapshot())
    load(member, siecle(pupil(2, divisions="D:4B", NOM_DE_FAMILLE="Été"), pupil(3), pupil(4)), at=SINCE)
    ready = ask(member)
    assert (ready.state, ready.counts["leaving"], ready.counts["modified"], ready.counts["reactivated"]) == (
        "ready",
        1,
        2,
        1,
    )
    shown = preview(member)
    assert [(one["first_name"], one["reason"]) for one in shown.leaving] == [("Léa", "added_by_import")]
    assert [one["changes"] for one in shown.modified] == [
        [["last_name", "Été", "DURAND"], ["division", "4B", "4A"]],
        [],
    ]
    assert shown.kept == ()
    assert finish(member, ready, LATER).state == "imported"
    four = known(member.organization, 4)
    assert (four.active, four.deactivated_at) == (False, LATER)
    assert [row for row in without_dates(snapshot()) if four.pk not in (row["id"], row.get("pupil_id"))] == before
    assert not Enrolment.objects.filter(pupil=four).exists()
    assert StagedRow.objects.count() == 0
    line = Event.objects.get(verb="learners.apply_undo")
    assert (line.actor, line.target) == (str(member.user.uuid), str(ready.uuid))


def test_a_returning_pupil_leaves_again_with_the_former_date() -> None:
    member = school()
    load(member, roll(1, 2))
    load(member, roll(2), at=SINCE)
    load(member, roll(1, 2), at=LATER)
    undo(member, LATER + timedelta(hours=1))
    assert (known(member.organization, 1).active, known(member.organization, 1).deactivated_at) == (False, SINCE)


def test_the_year_that_the_import_made_goes_with_it() -> None:
    member = school()
    load(member, roll(1, divisions="D:4A"))
    summer = AT.replace(year=2027, month=8, day=25)
    load(member, roll(1, divisions="D:3A"), at=summer, school_year="2027-2028")
    assert not notice_of(member.organization, summer).new_year
    undo(member, summer + timedelta(days=1))
    assert list(Enrolment.objects.values_list("school_year", "division")) == [(YEAR, "4A")]
    assert known(member.organization, 1).division == "4A"
    assert notice_of(member.organization, summer).new_year
    assert not roll_facts(member.organization, summer).imported_this_year
    done = last_success(member.organization)
    assert done is not None
    assert done[0] == AT


Since = Callable[[Pupil], None]


def set_to(**values: Any) -> Since:
    return lambda row: Pupil.objects.filter(pk=row.pk).update(**values) and None


def link_somebody(row: Pupil) -> None:
    Pupil.objects.filter(pk=row.pk).update(user=adult("Lou"))


CHANGED_SINCE = [
    ("a-field", 2, set_to(division="6C"), ("fields", ["division"]), {"division": "6C", "active": True}),
    ("the-year", 2, lambda row: Enrolment.objects.filter(pupil=row).update(division="6C"), ("year", []), {"division": "4A"}),
    ("added-then-took-part", 4, set_to(participation_count=1), ("used", []), {"active": True, "division": "4A"}),
    ("added-then-linked", 4, link_somebody, ("account", []), {"active": True}),
    ("added-then-edited", 4, set_to(division="6C"), ("fields", []), {"active": True, "division": "6C"}),
    ("added-then-deactivated", 4, set_to(active=False), ("activity", []), {"active": False, "deactivated_at": None}),
    ("left-then-deactivated-by-hand", 1, set_to(deactivated_at=AT), ("activity", []), {"active": False}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("number", "since", "said", "stays"), [pytest.param(*case, id=name) for name, *case in CHANGED_SINCE]
)
def test_what_changed_since_is_shown_and_kept(
    number: int, since: Since, said: tuple[str, list[str]], stays: dict[str, Any]
) -> None:
    member = school()
    second(member)
    since(known(member.organization, number))
    ready = ask(member)
    assert [(one["ine"], one["reason"], one["fields"]) for one in preview(member).kept] == [(ine(number), *said)]
    assert ready.counts["kept"] == 1
    account = known(member.organization, number).user_id
    finish(member, ready, LATER)
    row = known(member.organization, number)
    assert {name: getattr(row, name) for name in stays} == stays
    assert row.user_id == account
    # The others are restored all the same.
    others = {1: True, 2: "4A", 4: False}
    del others[number]
    for other, value in others.items():
        found = known(member.organization, other)
        assert (found.division if other == 2 else found.active) == value


def test_links_made_and_removed_are_as_they_were() -> None:
    """The import linked 1 to an account of another school, and took its account from 2: both come back as before."""
    member, elsewhere = school(), school(uai="0999002B").organization
    load(member, roll(2))
    kept, arriving = adult("Noé"), adult("Lou")
    Pupil.objects.filter(ine=ine(2)).update(user=kept)
    ProfileSummary.objects.create(user=kept, updated_at=AT)
    record(elsewhere, 1, arriving)
    record(elsewhere, 9, kept)  # two INEs: the link of 2 no longer holds
    load(member, roll(1, 2), at=SINCE)
    assert (known(member.organization, 1).user_id, known(member.organization, 2).user_id) == (arriving.pk, None)
    ready = ask(member)
    shown = preview(member)
    assert [one["ine"] for one in shown.links_made] == [ine(2)]
    assert [one["ine"] for one in shown.links_removed] == [ine(1)]
    finish(member, ready, LATER)
    assert (known(member.organization, 1).user_id, known(member.organization, 2).user_id) == (None, kept.pk)
    assert arriving.pupils.filter(organization=elsewhere).exists()


def test_an_account_used_since_is_never_unlinked() -> None:
    member, elsewhere = school(), school(uai="0999002B").organization
    load(member, roll(1))
    arriving = adult("Lou")
    record(elsewhere, 1, arriving)
    load(member, roll(1), at=SINCE)
    ProfileSummary.objects.filter(user=arriving).update(updated_at=LATER)
    undo(member, LATER + timedelta(hours=1))
    assert known(member.organization, 1).user_id == arriving.pk


def test_a_former_account_that_another_pupil_now_has_does_not_come_back() -> None:
    member, elsewhere = school(), school(uai="0999002B").organization
    load(member, roll(1, 2))
    user = adult("Noé")
    Pupil.objects.filter(ine=ine(1)).update(user=user)
    record(elsewhere, 9, user)
    load(member, roll(1, 2), at=SINCE)
    assert known(member.organization, 1).user_id is None
    Pupil.objects.filter(organization=member.organization, ine=ine(2)).update(user=user)
    ready = ask(member)
    assert [(one["ine"], one["reason"]) for one in preview(member).kept] == [(ine(1), "account_taken")]
    finish(member, ready, LATER)
    assert (known(member.organization, 1).user_id, known(member.organization, 2).user_id) == (None, user.pk)


def test_only_the_last_one_once_within_thirty_days() -> None:
    member = school()
    first = load(member, roll(1))
    last = load(member, roll(1, 2), at=SINCE)
    with pytest.raises(actions.NotUndoable):
        actions.open_undo(member=member, imported=first, at=LATER)
    with pytest.raises(actions.NotUndoable):
        actions.open_undo(member=member, imported=last, at=SINCE + timedelta(days=30))
    may, done = undo_facts(member.organization, LATER)
    assert may is not None
    assert (may.uuid, may.until, done) == (last.uuid, SINCE + timedelta(days=30), None)
    undone = undo(member)
    for one in (first, last, undone):
        with pytest.raises(actions.NotUndoable):
            actions.open_undo(member=member, imported=one, at=LATER)
    may, done = undo_facts(member.organization, LATER)
    assert may is None
    assert done is not None
    assert (done.ended_at, done.at, done.author) == (SINCE, LATER, "Alice Martin")
    # A new file is the last import again.
    again = load(member, roll(1, 2, 3), at=LATER)
    may, done = undo_facts(member.organization, LATER)
    assert may is not None
    assert (may.uuid, done) == (again.uuid, None)


def test_who_may_undo() -> None:
    member = school()
    done = load(member)
    with pytest.raises(PermissionDenied):
        actions.open_undo(member=teammate(member), imported=done, at=AT)
    with pytest.raises(actions.NotUndoable):
        actions.open_undo(member=school(uai="0999002B"), imported=done, at=AT)
    assert PupilImport.objects.count() == 1


def test_not_while_an_import_runs_and_no_import_while_it_waits() -> None:
    member = school()
    done = load(member, roll(1, 2))
    waiting = begin(member, roll(1), at=SINCE)
    with pytest.raises(actions.ImportRunning):
        actions.open_undo(member=member, imported=done, at=SINCE)
    actions.abandon(member=member, imported=waiting, at=SINCE)
    ready = actions.open_undo(member=member, imported=done, at=SINCE)
    with pytest.raises(actions.ImportRunning):
        begin(member, roll(1), at=SINCE)
    before = snapshot()
    actions.abandon(member=member, imported=ready, at=SINCE)
    assert (snapshot(), states(member.organization)) == (before, ["imported", "abandoned", "abandoned"])
    assert undo_facts(member.organization, SINCE)[0] is not None


def test_the_roll_changed_between_preview_and_writing() -> None:
    """Nothing is written, the new preview is shown and another digest confirms it."""
    member = school()
    second(member)
    ready = ask(member)
    actions.confirm(member=member, imported=ready, at=LATER, digest=ready.plan_digest)
    Pupil.objects.filter(ine=ine(2)).update(division="6C")
    before = snapshot()
    actions.apply(imported=ready.uuid, at=LATER)
    assert snapshot() == before
    assert preview(member).again
    assert [one["reason"] for one in preview(member).kept] == ["fields"]
    with pytest.raises(actions.StateMoved):
        actions.confirm(member=member, imported=ready, at=LATER, digest=ready.plan_digest)
    ready.refresh_from_db()
    assert finish(member, ready, LATER).state == "imported"
    assert known(member.organization, 2).division == "6C"


class Killed(BaseException):
    """The worker dies: nothing of ours runs any more."""


STEPS = [
    (applying.StagedRow.objects, "bulk_create"),
    (undoing, "write_undo"),
    (staged, "restore_pupils"),
    (staged, "restore_enrolments"),
    (undoing, "record"),
    (applying, "_end"),
    (applying, "_tidy"),
]


@pytest.mark.parametrize("fault", [Killed, DatabaseError])
@pytest.mark.parametrize(("place", "name"), STEPS, ids=[name for _, name in STEPS])
def test_a_worker_killed_at_each_step(place: Any, name: str, fault: type[BaseException]) -> None:
    member = school()
    second(member)
    before = snapshot()
    ready = ask(member)
    actions.confirm(member=member, imported=ready, at=LATER)
    try:
        with patch.object(place, name, side_effect=fault("cut")):
            actions.apply(imported=ready.uuid, at=LATER)
    except (Killed, DatabaseError):
        pass
    ready.refresh_from_db()
    if name == "_tidy":
        assert ready.state == "imported"
    elif fault is DatabaseError:
        assert (ready.state, snapshot(), StagedRow.objects.count()) == ("failed", before, 0)
        ready = ask(member)
        actions.confirm(member=member, imported=ready, at=LATER)
    else:
        assert (ready.state, snapshot()) == ("applying", before)
    actions.apply(imported=ready.uuid, at=LATER)
    assert states(member.organization)[-1] == "imported"
    assert (known(member.organization, 2).division, known(member.organization, 4).active) == ("4A", False)
    assert StagedRow.objects.count() == 0


def test_plans_are_emptied_after_thirty_days_and_counts_stay() -> None:
    member = school()
    done = load(member, roll(1, 2))
    assert done.applied
    actions.sweep_imports(at=AT + timedelta(days=29))
    done.refresh_from_db()
    assert done.applied
    actions.sweep_imports(at=AT + timedelta(days=30, seconds=1))
    done.refresh_from_db()
    assert (done.plan, done.applied, done.counts["added"]) == (None, None, 2)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_at_the_same_second() -> None:
    """They undo together: one undoing; they confirm together: one goes on."""
    member = school()
    done = load(member, roll(1, 2))
    mine, yours = (PupilImport.objects.get(pk=done.pk) for _ in range(2))
    results = together(
        lambda: actions.open_undo(member=member, imported=mine, at=LATER),
        lambda: actions.open_undo(member=member, imported=yours, at=LATER),
    )
    assert sorted(type(one).__name__ for one in results) == ["ImportRunning", "PupilImport"]
    one = PupilImport.objects.get(state="ready")
    two = PupilImport.objects.get(state="ready")
    results = together(
        lambda: actions.confirm(member=member, imported=one, at=LATER),
        lambda: actions.confirm(member=member, imported=two, at=LATER),
    )
    assert sorted(type(found).__name__ for found in results) == ["PupilImport", "StateMoved"]
    assert connection.vendor in ("sqlite", "postgresql")


def test_its_cost_does_not_grow_with_the_roll(django_assert_max_num_queries: Any) -> None:
    member = school()
    for hour, last in ((0, 4), (1, 40)):
        at = AT + timedelta(hours=hour)
        load(member, roll(*range(1, last)), at=at)
        with django_assert_max_num_queries(42):
            undo(member, at + timedelta(minutes=1))
