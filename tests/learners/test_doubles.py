"""Provisional pupils and the radar of doubles: who is shown, what is written, what the next import leaves alone."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from pix.audit.models import Event
from pix.learners import actions
from pix.learners.actions import LooksLike, NewPupil, RollMoved
from pix.learners.enums import Doubt
from pix.learners.models import Enrolment, Pupil
from pix.learners.queries.certifiability import enrollable
from pix.learners.queries.doubles import alike, comparison, lines_of, record_of, repairs_of, suspicions
from pix.learners.rules.certifiability import may_be_enrolled
from pix.learners.rules.doubles import Pair, Record, keepable, suspect_pairs, undoable
from pix.organizations.access import Member
from tests.factories.cast import make_pupil, pupil_account
from tests.factories.together import together
from tests.learners.rolls import AT, known, load, roll, school

BORN = date(2013, 3, 9)
NOE = Record(1, "Noé", "Martin", BORN, ine="1A")


# --- who is a double ---


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (Record(2, "NOE", "Martin", BORN, ine="2A"), (Doubt.NEAR_NAMES, True)),
        (Record(2, "Noée", "Martin", BORN, ine="2A"), (Doubt.NEAR_NAMES, False)),
        (Record(2, "Noé", "Martain", BORN), (Doubt.NEAR_NAMES, False)),
        (Record(2, "Martin", "Noé", BORN), (Doubt.NEAR_NAMES, False)),
        (Record(2, "Noé", "Durand", BORN, usage_name="Martin"), (Doubt.NEAR_NAMES, True)),
        (Record(2, "Noé", "Martin", BORN, provisional=True), (Doubt.PROVISIONAL, True)),
        (Record(2, "Noé", "Martin", BORN, account=8), (Doubt.TWO_ACCOUNTS, True)),
        (Record(2, "Noé", "Martin", date(2013, 3, 10)), None),
        (Record(2, "Noé", "Martin", None), None),
        (Record(2, "Zoé", "Martin", BORN), None),
        (Record(2, "Noé", "Dupont", BORN), None),
        (Record(2, "!!!", "Martin", BORN), None),
    ],
)
def test_same_day_and_near_names(other: Record, expected: Any) -> None:
    one = replace(NOE, account=7) if other.account else NOE
    found = suspect_pairs([other, one])
    assert [(pair.doubt, pair.exact) for pair in found] == ([expected] if expected else [])


def test_the_surest_first_and_what_was_declared_different_is_left_out() -> None:
    records = [
        NOE, Record(2, "Noé", "Martain", BORN), Record(3, "Noé", "Martin", BORN, ine="3A"),
        Record(4, "Eva", "Roy", BORN, ine="4A"), Record(5, "Eva", "Roy", BORN, provisional=True),
    ]  # fmt: skip
    assert suspect_pairs(records, {(2, 3)}) == [
        Pair(4, 5, Doubt.PROVISIONAL, exact=True), Pair(1, 3, Doubt.NEAR_NAMES, exact=True),
        Pair(1, 2, Doubt.NEAR_NAMES, exact=False),
    ]  # fmt: skip


def test_three_thousand_pupils_born_the_same_day_are_no_burden(monkeypatch: pytest.MonkeyPatch) -> None:
    from pix.learners.rules import doubles

    compared: list[Any] = []
    judge = doubles._pair
    monkeypatch.setattr(doubles, "_pair", lambda one, other: compared.append(1) or judge(one, other))
    records = [Record(number, f"Prenom{number}", f"Nom{number}", BORN) for number in range(3000)]
    records.append(Record(3000, "Prenom7", "Nom7", BORN))
    assert [(pair.one, pair.other) for pair in suspect_pairs(records)] == [(7, 3000)]
    assert len(compared) < 10


@pytest.mark.parametrize(
    ("one", "other", "kept"),
    [
        (NOE, Record(2, "Noé", "Martin", BORN, account=5, participations=9), (1,)),
        (Record(1, "A", "A", BORN), Record(2, "A", "A", BORN, account=5), (2, 1)),
        (Record(1, "A", "A", BORN, provisional=True, account=5), Record(2, "A", "A", BORN), (2, 1)),
        (Record(1, "A", "A", BORN), Record(2, "A", "A", BORN, participations=3), (2, 1)),
        (Record(1, "A", "A", BORN), Record(2, "A", "A", BORN), (1, 2)),
        (NOE, Record(2, "A", "A", BORN, ine="2A", account=3), (2, 1)),
    ],
)
def test_which_record_is_kept(one: Record, other: Record, kept: tuple[int, ...]) -> None:
    assert keepable(one, other) == keepable(other, one) == kept


def test_thirty_days() -> None:
    assert undoable(AT, AT + timedelta(days=30) - timedelta(seconds=1))
    assert not undoable(AT, AT + timedelta(days=30))


# --- provisional pupils ---


@pytest.fixture
def head() -> Member:
    return school()


def asked(**changes: Any) -> NewPupil:
    return NewPupil(**{"first_name": " Lina ", "last_name": "Ben  Ali", "birth_date": BORN, "sex": "F",
                       "division": "6B"} | changes)  # fmt: skip


def provisional(head: Member, **changes: Any) -> Pupil:
    return actions.add_provisional(by=head, asked=asked(**changes), uuid=uuid4(), sure=True, at=AT)


@pytest.mark.django_db
def test_a_provisional_pupil_is_on_the_roll_and_no_import_takes_them_away(head: Member) -> None:
    row = provisional(head)
    assert (row.first_name, row.last_name, row.order_key, row.ine) == ("Lina", "Ben Ali", "ben ali lina", "")
    assert Enrolment.objects.get(pupil=row).division == "6B"
    gone = make_pupil(head.organization, "Sans", "Ine")
    load(head, roll(1, 2))
    row.refresh_from_db()
    gone.refresh_from_db()
    assert (row.active, gone.active) == (True, False)
    found = actions.find_pupil(organization=head.organization, first_name="lina", last_name="Benali", birth_date=BORN)
    assert found.pupil == row.uuid
    assert Event.objects.filter(verb="learners.add_provisional", target=str(row.uuid)).count() == 1


@pytest.mark.django_db
def test_a_provisional_pupil_waits_for_certification(head: Member) -> None:
    row = provisional(head)
    load(head, roll(1))
    assert list(enrollable(head.organization)) == [known(head.organization, 1)]
    assert not may_be_enrolled(active=True, provisional=row.provisional)
    assert [may_be_enrolled(active=one, provisional=False) for one in (True, False)] == [True, False]


@pytest.mark.django_db
def test_a_form_sent_twice_makes_one_pupil_and_a_double_is_shown_first(head: Member) -> None:
    once = uuid4()
    rows = {actions.add_provisional(by=head, asked=asked(), uuid=once, sure=False, at=AT).pk for _ in range(2)}
    assert len(rows) == 1
    with pytest.raises(LooksLike) as raised:
        actions.add_provisional(by=head, asked=asked(first_name="Linna"), uuid=uuid4(), sure=False, at=AT)
    assert [one.first_name for one in raised.value.pupils] == ["Lina"]
    assert provisional(head, first_name="Linna").pk
    with pytest.raises(RollMoved):
        actions.add_provisional(by=school(uai="0999002B"), asked=asked(), uuid=once, sure=True, at=AT)


@pytest.mark.django_db
def test_the_import_that_brings_the_ine_proposes_a_merge_and_does_nothing_alone(head: Member) -> None:
    load(head, roll(1))
    imported = known(head.organization, 1)
    row = provisional(
        head, first_name=imported.first_name.upper(), last_name=imported.last_name, birth_date=imported.birth_date
    )
    load(head, roll(1, CODE_SEXE="1"), at=AT + timedelta(days=1))
    row.refresh_from_db()
    assert (row.active, row.merged_into) == (True, None)
    (found,) = suspicions(head.organization)
    assert (found.doubt, found.exact, set(found.pupils)) == (Doubt.PROVISIONAL, True, {row.pk, imported.pk})
    assert comparison(row, imported).keepable == (imported.uuid,)


# --- the radar ---


@pytest.mark.django_db
def test_a_shared_account_is_shown_without_saying_whose_it_is_elsewhere(head: Member) -> None:
    away = school(uai="0999002B").organization
    shared, moved = pupil_account("Emma", "Pix", "emma"), pupil_account("Luc", "Roy", "luc")
    emma = make_pupil(head.organization, "Emma", "Pix", ine="1A", user=shared)
    make_pupil(away, "Sœur", "Pix", ine="2A", user=shared)
    make_pupil(head.organization, "Luc", "Roy", ine="3A", user=moved, birth=date(2012, 1, 1))
    make_pupil(away, "Luc", "Roy", ine="3A", user=moved)
    (found,) = suspicions(head.organization)
    assert (found.doubt, found.pupils) == (Doubt.SHARED_ACCOUNT, (emma.pk,))
    (line,) = lines_of(head.organization, [found])
    assert [one.full_name for one in line.records] == ["Emma Pix"]
    actions.declare_different(by=head, pupil=emma, other=None, at=AT)
    assert suspicions(head.organization) == []
    assert len(suspicions(away)) == 1


@pytest.mark.django_db
def test_the_radar_costs_the_same_at_one_and_three(head: Member, django_assert_num_queries: Any) -> None:
    def read() -> int:
        found = suspicions(head.organization)
        return len(lines_of(head.organization, found))

    for number, expected in ((2, 1), (4, 6)):
        while Pupil.objects.count() < number:
            make_pupil(head.organization, "Emma", "Pix", ine=f"{Pupil.objects.count()}", user=None)
        with django_assert_num_queries(5):
            assert read() == expected
    asked = record_of(Pupil.objects.all()[0])
    with django_assert_num_queries(3):
        assert len(alike(head.organization, asked)) == 4


@pytest.mark.django_db
def test_what_is_no_double_is_remembered_and_told(head: Member) -> None:
    one, two = (make_pupil(head.organization, "Emma", "Pix", ine=ine) for ine in ("1A", "2A"))
    made = actions.declare_different(by=head, pupil=two, other=one, at=AT)
    assert (made.kept_id, made.other_id) == (one.pk, two.pk)
    assert suspicions(head.organization) == []
    with pytest.raises(RollMoved):
        actions.declare_different(by=head, pupil=one, other=two, at=AT)
    (told,) = repairs_of(head.organization, AT + timedelta(days=29))
    assert (told.names, told.author) == (("Emma Pix", "Emma Pix"), "Alice Martin")
    assert repairs_of(head.organization, AT + timedelta(days=30)) == ()


@pytest.mark.django_db
def test_detaching_and_removing(head: Member) -> None:
    user = pupil_account("Lina", "Ben Ali", "lina")
    row = provisional(head)
    Pupil.objects.filter(pk=row.pk).update(user=user)
    actions.detach(by=head, pupil=row, at=AT)
    with pytest.raises(RollMoved):
        actions.detach(by=head, pupil=row, at=AT)
    actions.remove_provisional(by=head, pupil=row, at=AT)
    row.refresh_from_db()
    assert (row.user, row.active, row.deactivated_at) == (None, False, AT)
    imported = make_pupil(head.organization, "Luc", "Roy", ine="3A")
    with pytest.raises(RollMoved):
        actions.remove_provisional(by=head, pupil=imported, at=AT)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_declare_at_once_and_one_is_told(head: Member) -> None:
    one, two = (make_pupil(head.organization, "Emma", "Pix", ine=ine) for ine in ("1A", "2A"))
    results = together(
        *[lambda: actions.declare_different(by=head, pupil=one, other=two, at=AT) for _ in range(2)],
    )
    assert sorted(type(result).__name__ for result in results) == ["RollMoved", "RollRepair"]
