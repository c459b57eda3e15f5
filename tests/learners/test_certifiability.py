"""Certifiability: which source wins, at once, what is missing, and the nightly job (schools 8)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pix.accounts.models import User
from pix.assessment.actions import refresh_summary
from pix.assessment.engine.scoring import UNITS_PER_PIX
from pix.assessment.models import KnowledgeState
from pix.content import releases
from pix.learners.enums import Certifiability
from pix.learners.queries.certifiability import details, viewers_of
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
from tests.factories import bank
from tests.factories.cast import make_pupil, pupil_account
from tests.learners.rolls import AT, school

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
