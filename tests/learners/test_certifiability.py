"""Certifiability: which source wins, at once, what is missing, and the nightly job (schools 8)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django_tasks_db.models import DBTaskResult

from pix.accounts.models import User
from pix.assessment.actions import refresh_summary
from pix.assessment.engine.scoring import UNITS_PER_PIX
from pix.assessment.models import KnowledgeState, ProfileSummary
from pix.content import releases
from pix.jobs import worker
from pix.learners import actions
from pix.learners.enums import Certifiability
from pix.learners.models import Pupil
from pix.learners.queries import PupilFilters, PupilLine, pupils_of
from pix.learners.queries.certifiability import details, to_look_at, viewers_of
from pix.learners.rules.certifiability import (
    Competence,
    Detail,
    Known,
    Shown,
    deadline,
    detail,
    last_night,
    shown,
    window_of,
)
from pix.organizations.access import Member
from pix.organizations.models import Organization
from tests.factories import bank
from tests.factories.cast import make_pupil, pupil_account
from tests.learners.rolls import AT, known, load, roll, school

LATER = AT + timedelta(days=1)
YES, NO, NOTHING = Certifiability.ELIGIBLE, Certifiability.NON_ELIGIBLE, Certifiability.NOT_AVAILABLE


# --- rules ---


@pytest.mark.parametrize(
    ("collected", "automatic", "shares", "expected"),
    [
        (None, None, True, Shown(NOTHING)),
        (None, Known(False, AT), True, Shown(NO, AT)),
        (Known(True, AT), None, True, Shown(YES, AT)),
        (Known(True, AT), Known(False, LATER), True, Shown(NO, LATER)),
        (Known(True, LATER), Known(False, AT), True, Shown(YES, LATER)),
        (Known(False, AT), Known(True, AT), True, Shown(YES, AT)),
        (None, Known(True, AT), False, Shown(NOTHING)),
        (Known(False, AT), Known(True, LATER), False, Shown(NO, AT)),
    ],
)
def test_the_more_recent_source_wins(collected: Any, automatic: Any, shares: bool, expected: Shown) -> None:
    assert shown(collected=collected, automatic=automatic, shares=shares) == expected


def test_what_is_missing() -> None:
    rows = [
        Competence("A", 2, True, 8), Competence("B", 0, True, 5), Competence("C", 1, True, 1),
        Competence("D", 0, False, 8), Competence("E", 0, True, 2),
    ]  # fmt: skip
    assert detail(rows, needed=5, min_level=1) == Detail(2, 5, ("A", "C"), ("E", "B"), (2, 5))
    assert detail(rows, needed=3, min_level=1) == Detail(2, 3, ("A", "C"), ("E",), (2,))
    assert detail(rows, needed=2, min_level=1) == Detail(2, 2, ("A", "C"))


@pytest.mark.parametrize(
    ("now", "night"),
    [
        ("2026-11-23T19:59:59", "2026-11-22T20:00:00"),
        ("2026-11-23T20:00:00", "2026-11-23T20:00:00"),
        ("2026-11-24T03:00:00", "2026-11-23T20:00:00"),
        ("2026-07-01T19:00:00", "2026-07-01T19:00:00"),
        ("2026-07-01T18:59:00", "2026-06-30T19:00:00"),
    ],
)
def test_the_night_begins_at_nine_in_paris(now: str, night: str) -> None:
    assert last_night(utc(now)) == utc(night)


def test_the_window_is_24_hours_and_ends_before_eight() -> None:
    night = utc("2026-11-23T20:00:00")
    assert window_of(night) == (utc("2026-11-22T20:00:00"), night)
    assert deadline(night) == utc("2026-11-24T07:00:00")
    assert deadline(utc("2026-07-01T19:00:00")) == utc("2026-07-02T06:00:00")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# --- reads ---


@pytest.fixture
def member() -> Member:
    bank.install()
    return school()


def learnt(user: User, **pix: int) -> list[str]:
    """Give the first competences of the framework these pix, in order; gives their names."""
    codes = list(releases.current().competences)
    for code, value in zip(codes, pix.values(), strict=False):
        KnowledgeState.objects.create(
            user=user, competence=code, data="", units=value * UNITS_PER_PIX, level=value // 8, pix=value,
            last_evidence_at=AT,
        )  # fmt: skip
    return [releases.current().competences[code].name for code in codes]


@pytest.mark.django_db
@pytest.mark.proves("E-045")
def test_three_of_five_with_names(member: Member, django_assert_num_queries: Any) -> None:
    emma, noe, away = (pupil_account(name, "Pix", name.lower()) for name in ("Emma", "Noé", "Away"))
    make_pupil(member.organization, "Emma", "Pix", user=emma)
    make_pupil(member.organization, "Noé", "Pix", user=noe)
    make_pupil(school(uai="0999002B").organization, "Away", "Pix", user=away)
    names = learnt(emma, a=9, b=3, c=8, d=6, e=0, f=30)
    learnt(away, a=40)
    with django_assert_num_queries(1):
        found = details(member.organization, [emma.pk, noe.pk, away.pk])
    assert found == {
        emma.pk: Detail(3, 5, (names[0], names[2], names[5]), (names[3], names[1]), (2, 5)),
        noe.pk: Detail(0, 5),
    }


@pytest.mark.django_db
def test_without_automatic_certifiability_nothing_is_told(member: Member) -> None:
    emma = pupil_account("Emma", "Pix", "emma")
    make_pupil(member.organization, "Emma", "Pix", user=emma)
    learnt(emma, a=9)
    refresh_summary(user_id=emma.pk, at=AT)
    assert viewers_of(emma) == ("Collège Simone-Lumière",)
    member.organization.manages_pupils = False
    assert details(member.organization, [emma.pk]) == {}
    member.organization.save()
    assert viewers_of(emma) == ()


# --- the nightly job ---


@pytest.fixture
def one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker's loop closes what it believes an old connection; the test's is in the middle of a transaction."""
    monkeypatch.setattr("django_tasks_db.management.commands.db_worker.close_old_connections", lambda: None)


NIGHT = utc("2026-11-23T20:00:00")


@pytest.fixture
def home(member: Member) -> Organization:
    return member.organization


def linked(home: Organization, name: str, **more: Any) -> Pupil:
    user = pupil_account(name, "Pix", name.lower())
    User.objects.filter(pk=user.pk).update(last_login=more.pop("last_login", None))
    pupil = make_pupil(home, name, "Pix", user=user)
    computed = more.pop("computed", AT - timedelta(days=30))
    if computed:
        ProfileSummary.objects.create(user=user, updated_at=computed)
    Pupil.objects.filter(pk=pupil.pk).update(**more)
    return pupil


@pytest.mark.django_db
def test_the_night_looks_at_24_hours_and_at_those_never_computed(home: Organization) -> None:
    window = window_of(NIGHT)
    second = timedelta(seconds=1)
    linked(home, "too-late", last_login=NIGHT + second)
    linked(home, "at-the-start", last_login=window.since)
    linked(home, "quiet", last_login=NIGHT - timedelta(days=3))
    linked(home, "gone", last_login=NIGHT, active=False)
    make_pupil(home, "Sans", "Compte")
    learning = linked(home, "learning")
    KnowledgeState.objects.create(user=learning.user, competence="1.1", data="", last_evidence_at=NIGHT - second)
    expected = [
        linked(home, "at-the-end", last_login=NIGHT),
        linked(home, "just-after", last_login=window.since + second),
        linked(home, "changed", computed=NIGHT - second),
        linked(home, "never", computed=None),
        learning,
    ]
    assert sorted(pk for chunk in to_look_at(window) for pk in chunk) == sorted(pupil.pk for pupil in expected)
    assert [*to_look_at(window, only_never=True)] == [[expected[3].pk]]
    assert len([pk for chunk in to_look_at(None) for pk in chunk]) == 8
    assert [len(chunk) for chunk in to_look_at(None, chunk=3)] == [3, 3, 2]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("now", "begun"),
    [("2026-11-23T19:59:00", False), ("2026-11-23T20:00:00", True), ("2026-11-24T06:59:00", True),
     ("2026-11-24T07:00:00", False)],
)  # fmt: skip
def test_a_night_begins_once_between_nine_and_eight(member: Member, now: str, begun: bool) -> None:
    assert actions.begin_night(at=utc(now)) is begun
    assert actions.begin_night(at=utc(now)) is False
    jobs = DBTaskResult.objects.filter(task_path__endswith="choose_certifiability")
    assert jobs.count() == int(begun)


@pytest.mark.django_db
def test_the_job_repairs_what_is_wrong_and_leaves_the_rest(home: Organization, one_connection: None) -> None:
    right, wrong, never = linked(home, "Right"), linked(home, "Wrong"), linked(home, "Never", computed=None)
    for pupil in (right, wrong):
        assert pupil.user
        learnt(pupil.user, a=8, b=8, c=8, d=8, e=8)
    before = ProfileSummary.objects.filter(user=right.user)
    before.update(pix=40, level_one_competences=5, certifiable=True)
    stamp = before.get().updated_at
    with time_machine.travel(NIGHT, tick=False):
        actions.look_again()
        worker.run_pending()
        lines = {line.first_name: line for line in pupils_of(home, PupilFilters()).lines}
        assert [(lines[n].certifiability, lines[n].certifiable_at) for n in ("Right", "Wrong", "Never")] == [
            (YES, stamp), (YES, NIGHT), (NO, NIGHT),
        ]  # fmt: skip
        stored = list(ProfileSummary.objects.order_by("user").values())
    with time_machine.travel(NIGHT + timedelta(hours=1), tick=False):
        actions.look_again()
        worker.run_pending()
    assert list(ProfileSummary.objects.order_by("user").values()) == stored
    assert never.user_id in {row["user_id"] for row in stored}


@pytest.mark.django_db
def test_at_eight_the_job_stops(home: Organization) -> None:
    pupils = [linked(home, name, computed=None).pk for name in ("A", "B", "C")]
    end = deadline(NIGHT)
    hours = iter([end - timedelta(seconds=1), end])
    assert actions.compute_certifiability(pupils=pupils, deadline=end, now=lambda: next(hours)) == 1
    assert ProfileSummary.objects.count() == 1


@pytest.mark.django_db
def test_an_account_in_two_schools_is_computed_once_and_both_see_it(home: Organization) -> None:
    pupil = linked(home, "Emma", computed=None)
    other = school(uai="0999002B").organization
    twin = make_pupil(other, "Emma", "Pix", user=pupil.user)
    assert actions.compute_certifiability(pupils=[pupil.pk, twin.pk], deadline=None, now=lambda: AT) == 1
    seen = [pupils_of(one, PupilFilters()).lines[0].certifiable_at for one in (home, other)]
    assert seen == [AT, AT]


# --- links, collections, imports ---


@pytest.mark.django_db
def test_removing_the_link_takes_the_automatic_value_away(home: Organization) -> None:
    pupil = linked(home, "Emma", computed=AT)
    assert pupils_of(home, PupilFilters()).lines[0].certifiability is NO
    Pupil.objects.filter(pk=pupil.pk).update(user=None)
    assert pupils_of(home, PupilFilters()).lines[0].certifiability is NOTHING


@pytest.mark.django_db
@pytest.mark.proves("E-027")
def test_an_import_keeps_value_and_date(member: Member) -> None:
    load(member, roll(1, 2, 3))
    one, two, _three = (known(member.organization, number) for number in (1, 2, 3))
    actions.set_collection(pupil=one, last=Known(True, AT))
    actions.set_collection(pupil=two, last=Known(False, LATER))
    load(member, roll(1, 2, 3, CODE_SEXE="2"), at=LATER)
    rows = {line.uuid: (line.certifiability.label, line.certifiable_at) for line in lines(member)}
    assert list(rows.values()).count(("Non communiqué", None)) == 1
    assert (rows[one.uuid], rows[two.uuid]) == (("Certifiable", AT), ("Non Certifiable", LATER))


def lines(member: Member) -> tuple[PupilLine, ...]:
    return pupils_of(member.organization, PupilFilters()).lines
