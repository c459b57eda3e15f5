"""Which accounts an import links (schools 4.6; cases 51 to 54 of 16.3)."""

from datetime import date

import pytest

from pix.accounts.models import User
from pix.assessment.models import ProfileSummary
from pix.learners.enums import Certifiability
from pix.learners.models import Pupil
from pix.learners.queries import PupilFilters, last_import, pupils_of
from pix.organizations.access import Member
from pix.organizations.models import Organization
from tests.learners.rolls import AT, adult, begin, finish, ine, known, load, roll, school

pytestmark = pytest.mark.django_db
BORN = date(2012, 5, 4)


def record(organization: Organization, number: int, user: User, born: date = BORN, active: bool = True) -> Pupil:
    """A pupil of another school with an account."""
    return Pupil.objects.create(
        organization=organization, user=user, ine=ine(number), last_name="DURAND", first_name="Léa", birth_date=born,
        active=active, order_key="durand lea", search_key="lea durand", created_at=AT, updated_at=AT,
    )  # fmt: skip


@pytest.fixture
def here() -> Member:
    return school()


@pytest.fixture
def elsewhere() -> Organization:
    return school(uai="0999002B", name="Collège des Galets").organization


@pytest.mark.proves("A-104")
def test_same_ine_and_birth_date_elsewhere_is_linked(here: Member, elsewhere: Organization) -> None:
    """Case 52: the method and the certifiability show at once, although the pupil did nothing."""
    user = adult("Léa", "Durand")
    ProfileSummary.objects.create(user=user, certifiable=True, level_one_competences=5, updated_at=AT)
    record(elsewhere, 1, user)
    load(here, roll(1))
    assert known(here.organization, 1).user_id == user.pk
    line = pupils_of(here.organization, PupilFilters()).lines[0]
    assert (line.certifiability, line.certifiable_at) == (Certifiability.ELIGIBLE, AT)
    assert [method.label for method in line.methods] == ["Adresse e-mail"]


def test_another_birth_date_elsewhere_is_not(here: Member, elsewhere: Organization) -> None:
    """Case 52; the refusal is shown in the preview and blocks nothing."""
    record(elsewhere, 1, adult(), born=date(2011, 5, 4))
    ready = begin(here, roll(1))
    face = last_import(here.organization, AT)
    assert face is not None
    assert face.preview is not None
    assert [(one["ine"], one["rule"]) for one in face.preview.links_refused] == [(ine(1), "other_birth_date")]
    finish(here, ready)
    assert known(here.organization, 1).user_id is None


def test_one_account_for_two_pupils_of_the_file(here: Member, elsewhere: Organization) -> None:
    """Case 51: siblings who share an account: neither is linked, both are imported."""
    user, third = adult(), school(uai="0999003C").organization
    record(elsewhere, 1, user)
    record(third, 2, user)
    load(here, roll(1, 2))
    assert list(Pupil.objects.filter(organization=here.organization).values_list("user", flat=True)) == [None, None]


def test_an_account_used_here_under_another_ine(here: Member, elsewhere: Organization) -> None:
    """Case 53: the record here, even deactivated, keeps its account."""
    user = adult()
    record(here.organization, 9, user, active=False)
    record(elsewhere, 1, user)
    load(here, roll(1))
    assert known(here.organization, 1).user_id is None
    assert known(here.organization, 9).user_id == user.pk


def test_a_link_of_this_school_stays_whatever_the_birth_date(here: Member) -> None:
    load(here, roll(1))
    user = adult()
    Pupil.objects.filter(ine=ine(1)).update(user=user)
    load(here, roll(1, DATE_NAISS="05/05/2012"))
    assert (known(here.organization, 1).user_id, known(here.organization, 1).birth_date) == (user.pk, date(2012, 5, 5))


def test_a_link_that_no_longer_holds_is_removed_and_shown(here: Member, elsewhere: Organization) -> None:
    load(here, roll(1))
    user = adult()
    Pupil.objects.filter(ine=ine(1)).update(user=user)
    record(elsewhere, 2, user)
    ready = begin(here, roll(1, 3))
    face = last_import(here.organization, AT)
    assert face is not None
    assert face.preview is not None
    assert [one["ine"] for one in face.preview.links_removed] == [ine(1)]
    finish(here, ready)
    assert known(here.organization, 1).user_id is None
    assert User.objects.filter(pk=user.pk, is_active=True).exists()


def test_two_accounts_for_one_ine_the_most_recently_used(here: Member, elsewhere: Organization) -> None:
    older, newer = adult("Une"), adult("Deux")
    User.objects.update(created_at=AT.replace(year=2020))
    ProfileSummary.objects.create(user=newer, updated_at=AT)
    record(elsewhere, 1, older)
    record(school(uai="0999003C").organization, 1, newer)
    load(here, roll(1))
    assert known(here.organization, 1).user_id == newer.pk
