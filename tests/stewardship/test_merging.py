"""Two records of one pupil become one, and two again: nothing is lost, whoever else acts at the same time."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pix.audit.models import Event
from pix.campaigns.enums import CampaignType, Status
from pix.campaigns.models import Campaign, Participation
from pix.content import releases
from pix.learners import actions
from pix.learners.actions import RollMoved
from pix.learners.models import Enrolment, Pupil, RollRepair
from pix.organizations.access import Member
from pix.stewardship import merging
from tests.campaigns import making
from tests.factories.cast import AT, Cast, make_cast, make_pupil, pupil_account
from tests.factories.together import together
from tests.learners.rolls import known, load, roll, school

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=3)


@pytest.fixture(autouse=True)
def bank(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(releases, "_current", making.small_bank())


@pytest.fixture
def made(cast: Cast) -> Pupil:
    """The provisional twin of Emma's record, with an account of its own."""
    user = pupil_account("Emma", "Pix", "emma.pix0904")
    row = make_pupil(cast.school, "Emma", "Pix", user=user)
    Pupil.objects.filter(pk=row.pk).update(provisional=True)
    return Pupil.objects.get(pk=row.pk)


@pytest.fixture
def head(tmp_path: Path, settings: Any) -> Member:
    """A school that imports, its files in a folder of the test."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}},
    }
    return school()


def fresh(pupil: Pupil) -> Pupil:
    return Pupil.objects.get(pk=pupil.pk)


def merge(cast: Cast, other: Pupil, **more: Any) -> RollRepair:
    return merging.merge_pupils(
        by=cast.alice_member, kept=more.pop("kept", cast.emma_pupil), other=other,
        account_of=more.pop("account_of", None), at=LATER, **more,
    )  # fmt: skip


def undo(cast: Cast, repair: RollRepair, days: int = 1) -> None:
    merging.undo_repair(by=cast.alice_member, repair=repair, at=LATER + timedelta(days=days))


def photo() -> list[Any]:
    """All that a merge touches, but the dates of writing."""
    return [
        list(Pupil.objects.order_by("pk").values("pk", "user", "active", "merged_into", "participation_count", "last_participation", "is_certifiable", "certifiable_at", "deactivated_at")),
        list(Participation.objects.order_by("pk").values("pk", "pupil", "superseded", "user")),
        list(Campaign.objects.order_by("pk").values("pk", "participants_count", "shared_count")),
        list(Enrolment.objects.order_by("pk").values()),
    ]  # fmt: skip


def played(cast: Cast, made: Pupil) -> tuple[Campaign, Campaign, Campaign]:
    """Both in the first campaign (the twin sent, Emma did not), the twin alone in the second, which collects profiles."""
    both, alone, own = (making.campaign(cast.school, cast.alice, name=name) for name in ("Deux", "Une", "Sienne"))
    Campaign.objects.filter(pk=alone.pk).update(type=CampaignType.PROFILE)
    emma = cast.emma_pupil
    making.participation(both, emma, Status.STARTED, at=AT + timedelta(hours=5), user=cast.emma)
    making.participation(both, made, at=AT, flags="vv", user=made.user)
    making.participation(alone, made, at=AT + timedelta(days=1), user=made.user, certifiable=True)
    making.participation(own, emma, Status.STARTED, at=AT + timedelta(hours=2), user=cast.emma)
    Campaign.objects.filter(pk=both.pk).update(participants_count=2, shared_count=1)
    Campaign.objects.filter(pk=alone.pk).update(participants_count=1, shared_count=1)
    Campaign.objects.filter(pk=own.pk).update(participants_count=1)
    from pix.campaigns.actions.moving import tell_again

    tell_again(pupil=emma)
    tell_again(pupil=made)
    return both, alone, own


def test_everything_goes_to_the_kept_record(cast: Cast, made: Pupil) -> None:
    both, alone, _own = played(cast, made)
    Enrolment.objects.create(pupil=made, school_year="2025-2026", division="6A")
    repair = merge(cast, made)
    emma, twin = fresh(cast.emma_pupil), fresh(made)
    assert (twin.active, twin.deactivated_at, twin.merged_into, twin.user) == (False, LATER, emma, None)
    assert (emma.user, emma.participation_count, emma.is_certifiable) == (cast.emma, 3, True)
    assert emma.certifiable_at == AT + timedelta(days=1, hours=1)
    assert emma.last_participation is not None
    assert emma.last_participation["name"] == "Une"
    assert (twin.participation_count, twin.last_participation, twin.is_certifiable) == (0, None, None)
    current = Participation.objects.filter(pupil=emma, superseded=False)
    assert current.get(campaign=both).status == Status.SHARED
    assert not Participation.objects.filter(pupil=twin).exists()
    counts = Campaign.objects.filter(pk__in=[both.pk, alone.pk]).order_by("pk")
    assert list(counts.values_list("participants_count", "shared_count")) == [(1, 1), (1, 1)]
    years = Enrolment.objects.order_by("school_year").values_list("school_year", "pupil")
    assert [year for year, pupil in years if pupil == emma.pk] == ["2025-2026", "2026-2027"]
    assert Event.objects.filter(verb="stewardship.merge_pupils", target=str(emma.uuid)).count() == 1
    assert repair.kept == emma


def test_undoing_gives_everything_back(cast: Cast, made: Pupil) -> None:
    played(cast, made)
    Enrolment.objects.create(pupil=made, school_year="2025-2026", division="6A")
    before = photo()
    repair = merge(cast, made)
    assert photo() != before
    undo(cast, repair)
    assert photo() == before
    with pytest.raises(RollMoved):
        undo(cast, repair)


def test_the_account_moves_or_is_chosen(cast: Cast, made: Pupil) -> None:
    theirs = made.user
    repair = merge(cast, made, account_of=made)
    assert (fresh(cast.emma_pupil).user, fresh(made).user) == (theirs, None)
    undo(cast, repair)
    assert (fresh(cast.emma_pupil).user, fresh(made).user) == (cast.emma, theirs)
    Pupil.objects.filter(pk=cast.emma_pupil.pk).update(user=None)
    merge(cast, made)
    assert fresh(cast.emma_pupil).user == theirs


def test_what_the_account_did_in_between_goes_back_with_it(cast: Cast, made: Pupil) -> None:
    Pupil.objects.filter(pk=cast.emma_pupil.pk).update(user=None)
    repair = merge(cast, made)
    since = making.participation(
        making.campaign(cast.school, cast.alice), cast.emma_pupil, Status.STARTED, user=made.user
    )
    undo(cast, repair)
    since.refresh_from_db()
    assert (since.pupil, fresh(made).participation_count) == (made, 1)


def test_what_changed_since_is_not_undone(cast: Cast, made: Pupil) -> None:
    repair = merge(cast, made)
    with pytest.raises(merging.TooLate):
        undo(cast, repair, days=30)
    Pupil.objects.filter(pk=cast.emma_pupil.pk).update(user=None)
    with pytest.raises(RollMoved):
        undo(cast, repair)
    assert fresh(made).active is False


def test_refusals(cast: Cast, made: Pupil) -> None:
    with pytest.raises(merging.NotKeepable):
        merge(cast, cast.emma_pupil, kept=made)
    with pytest.raises(RollMoved):
        merge(cast, cast.emma_pupil)
    away = make_pupil(cast.other_school, "Emma", "Pix", birth=date(2013, 3, 9))
    with pytest.raises(RollMoved):
        merge(cast, away)
    merge(cast, made)
    with pytest.raises(RollMoved):
        merge(cast, made)


def test_a_record_that_an_import_brings_back_may_be_merged_again(head: Member) -> None:
    load(head, roll(1, 2))
    one, two = (known(head.organization, number) for number in (1, 2))

    def again() -> RollRepair:
        return merging.merge_pupils(by=head, kept=one, other=two, account_of=None, at=LATER)

    first = again()
    load(head, roll(1, 2), at=LATER)
    two.refresh_from_db()
    assert (two.active, two.merged_into) == (True, None)
    with pytest.raises(RollMoved):
        merging.undo_repair(by=head, repair=first, at=LATER)
    second = again()
    with pytest.raises(RollMoved):
        merging.undo_repair(by=head, repair=first, at=LATER)
    merging.undo_repair(by=head, repair=second, at=LATER)
    two.refresh_from_db()
    assert two.active


def test_the_other_decisions_are_undone_too(cast: Cast, made: Pupil) -> None:
    alice, theirs = cast.alice_member, made.user
    before = photo()
    for decide in (
        lambda: actions.detach(by=alice, pupil=made, at=LATER),
        lambda: actions.remove_provisional(by=alice, pupil=made, at=LATER),
        lambda: actions.declare_different(by=alice, pupil=made, other=cast.emma_pupil, at=LATER),
    ):
        undo(cast, decide())
        assert photo() == before
    repair = actions.detach(by=alice, pupil=made, at=LATER)
    make_pupil(cast.school, "Autre", "Élève", ine="9", user=theirs)
    with pytest.raises(RollMoved):
        undo(cast, repair)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_at_once() -> None:
    cast = make_cast()
    twin = make_pupil(cast.school, "Emma", "Pix", user=pupil_account("Emma", "Pix", "emma2"))
    played(cast, twin)
    results = together(lambda: merge(cast, twin), lambda: merge(cast, twin))
    assert sorted(type(result).__name__ for result in results) == ["RollMoved", "RollRepair"]
    repair = RollRepair.objects.get()
    results = together(lambda: undo(cast, repair), lambda: undo(cast, repair))
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "RollMoved"]
    assert fresh(twin).active
