"""From a name and a birth date to a linked account (schools 9; cases 74 to 92 of 16.5 and 16.6, through the actions)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection

from pix.accounts.actions import BadPassword, create_account
from pix.accounts.models import User
from pix.audit.models import Event
from pix.learners import actions
from pix.learners.actions import links
from pix.learners.models import Pupil
from pix.learners.queries import pupil_of
from pix.organizations.models import Organization
from tests.learners.rolls import AT, PASSWORD, adult, ine, school

pytestmark = pytest.mark.django_db
BORN = date(2012, 5, 4)


@pytest.fixture
def home() -> Organization:
    return school().organization


@pytest.fixture
def elsewhere() -> Organization:
    return school(uai="0999002B", name="Collège des Galets").organization


def enrol(organization: Organization, first: str = "Noé", last: str = "Durand", **more: Any) -> Pupil:
    values = {"ine": ine(1), "birth_date": BORN, "order_key": "", "search_key": "", "created_at": AT, "updated_at": AT}
    return Pupil.objects.create(organization=organization, first_name=first, last_name=last, **(values | more))


def find(organization: Organization, first: str = "Noé", last: str = "Durand", born: date = BORN) -> Any:
    return actions.find_pupil(organization=organization, first_name=first, last_name=last, birth_date=born)


def register(
    organization: Organization, pupil: Pupil, username: str = "noe.durand0405", password: str = PASSWORD
) -> User:
    return actions.register_pupil(
        organization=organization, pupil=pupil.uuid, username=username, password=password, at=AT
    )


def link(user: User, organization: Organization, pupil: Pupil) -> Pupil:
    return actions.link_pupil(user=user, organization=organization, pupil=pupil.uuid, at=AT)


def with_username(username: str = "noe.durand0405") -> User:
    return create_account(first_name="Noé", last_name="Durand", username=username, password=PASSWORD, at=AT)


# --- matching ---


@pytest.mark.parametrize("typed", ["Noe", "No é", "No~é", " NOÉ ", "Noée"])
def test_close_enough(home: Organization, typed: str) -> None:
    """Cases 74 and 75."""
    pupil = enrol(home)
    assert find(home, typed).pupil == pupil.uuid


@pytest.mark.parametrize(("base", "typed"), [("Noée", "Noé"), ("Dominic", "Dominique"), ("Noé", "!!!")])
def test_not_close_enough(home: Organization, base: str, typed: str) -> None:
    """Cases 75 and 79."""
    enrol(home, base)
    with pytest.raises(actions.PupilNotFound):
        find(home, typed)


def test_other_names_of_the_record(home: Organization) -> None:
    """Cases 76 and 90: matched by another name, the username is built from the first."""
    pupil = enrol(home, second_name="Félix", third_name="Théo", usage_name="N'Diaye")
    assert find(home, "felix").pupil == find(home, "Théo", "ndiaye").pupil == pupil.uuid
    assert actions.propose(organization=home, pupil=pupil.uuid) == "noe.durand0405"


@pytest.mark.proves("T-023")
def test_twins_with_close_names(home: Organization) -> None:
    """Case 77."""
    milan, mylan = enrol(home, "Milan"), enrol(home, "Mylan", ine=ine(2))
    assert find(home, "milan").pupil == milan.uuid
    assert find(home, "MYLAN").pupil == mylan.uuid


def test_two_pupils_match(home: Organization) -> None:
    """Case 78."""
    enrol(home)
    enrol(home, last="Martin", usage_name="Durand", ine=ine(2))
    with pytest.raises(actions.PupilNotFound):
        find(home)


def test_only_this_school_only_active_only_that_day(home: Organization, elsewhere: Organization) -> None:
    """Case 80."""
    enrol(elsewhere)
    pupil = enrol(home)
    with pytest.raises(actions.PupilNotFound):
        find(home, born=date(2012, 5, 5))
    Pupil.objects.filter(pk=pupil.pk).update(active=False)
    with pytest.raises(actions.PupilNotFound):
        find(home)
    with pytest.raises(actions.PupilNotFound):
        actions.propose(organization=home, pupil=pupil.uuid)
    with pytest.raises(actions.PupilNotFound):
        register(home, pupil)


# --- registering ---


def test_the_account_the_method_and_the_link_come_together(home: Organization) -> None:
    pupil = enrol(home)
    user = register(home, pupil, actions.propose(organization=home, pupil=pupil.uuid))
    assert (user.username, user.first_name, user.email, user.terms_accepted_at) == ("noe.durand0405", "Noé", None, None)
    own = pupil_of(user, home)
    assert own is not None
    assert own.pk == pupil.pk
    assert Event.objects.get(verb="learners.register_pupil").target == str(pupil.uuid)


@pytest.mark.parametrize(
    ("first", "last", "born", "username"),
    [
        ("Anne-Sophie", "De La Tour", date(2015, 1, 7), "annesophie.delatour0701"),
        ("Zoé", "Œuvrard", date(2014, 7, 22), "zoe.oeuvrard2207"),
        ("Ali", "محمد", date(2014, 4, 3), "ali.nom0304"),
    ],
)
def test_usernames(home: Organization, first: str, last: str, born: date, username: str) -> None:
    """Cases 85 to 87."""
    assert actions.propose(organization=home, pupil=enrol(home, first, last, birth_date=born).uuid) == username


def test_a_taken_username_gets_four_other_digits(home: Organization) -> None:
    """Case 88."""
    with_username("NOE.durand0405")
    proposal = actions.propose(organization=home, pupil=enrol(home).uuid)
    assert proposal != "noe.durand0405"
    assert proposal.startswith("noe.durand")
    assert len(proposal) == len("noe.durand0405")


def test_two_browsers_register_the_same_pupil(home: Organization) -> None:
    """Case 92: one account; the second browser, which had its own proposal, gets S52."""
    pupil = enrol(home)
    first = register(home, pupil)
    with pytest.raises(actions.JoiningRefused) as refused:
        register(home, pupil, "noe.durand9999")
    assert (refused.value.refusal.code, refused.value.refusal.status) == ("S52", 409)
    assert refused.value.refusal.account == first.pk
    assert User.objects.filter(username__startswith="noe.durand").count() == 1


def test_the_username_was_taken_meanwhile(home: Organization) -> None:
    pupil = enrol(home)
    with_username()
    with pytest.raises(actions.UsernameTaken):
        register(home, pupil)
    assert Pupil.objects.get(pk=pupil.pk).user_id is None


def test_a_weak_password_leaves_nothing(home: Organization) -> None:
    pupil = enrol(home)
    before = User.objects.count()
    with pytest.raises(BadPassword):
        register(home, pupil, password="abcdefgh")
    assert User.objects.count() == before


def test_a_crash_between_account_and_link_leaves_nothing(home: Organization) -> None:
    pupil = enrol(home)
    before = User.objects.count()
    with patch.object(links, "record", side_effect=RuntimeError), pytest.raises(RuntimeError):
        register(home, pupil)
    assert (User.objects.count(), Pupil.objects.get(pk=pupil.pk).user_id) == (before, None)


@pytest.mark.parametrize(("username", "code"), [(None, "S51"), ("noe.durand0405", "S52")])
def test_registering_a_pupil_who_has_an_account_here(home: Organization, username: str | None, code: str) -> None:
    pupil = enrol(home, user=with_username(username) if username else adult())
    with pytest.raises(actions.JoiningRefused) as refused:
        actions.propose(organization=home, pupil=pupil.uuid)
    assert refused.value.refusal.code == code
    assert "dans cet établissement" in refused.value.refusal.said(brand="Pix")


@pytest.mark.parametrize(("username", "code"), [(None, "S61"), ("noe.durand0405", "S62")])
def test_registering_a_pupil_who_has_an_account_elsewhere(
    home: Organization, elsewhere: Organization, username: str | None, code: str
) -> None:
    enrol(elsewhere, user=with_username(username) if username else adult())
    pupil = enrol(home)
    with pytest.raises(actions.JoiningRefused) as refused:
        register(home, pupil)
    assert refused.value.refusal.code == code


def test_pupils_without_ine_never_meet(home: Organization, elsewhere: Organization) -> None:
    """Case 83."""
    enrol(elsewhere, ine="", user=adult())
    assert actions.propose(organization=home, pupil=enrol(home, ine="").uuid) == "noe.durand0405"


# --- signed in ---


def test_linking_an_account_and_coming_back(home: Organization) -> None:
    """Case 84: already linked to this pupil: let through, written once."""
    pupil, user = enrol(home), adult()
    assert actions.joinable(organization=home, pupil=pupil.uuid, user=user).first_name == "Noé"
    assert Pupil.objects.get(pk=pupil.pk).user_id is None
    link(user, home, pupil)
    link(user, home, pupil)
    assert Pupil.objects.get(pk=pupil.pk).user_id == user.pk
    assert Event.objects.filter(verb="learners.link_pupil").count() == 1


@pytest.mark.parametrize(("username", "code"), [(None, "R31"), ("noe.durand0405", "R32")])
def test_the_pupil_has_another_account_here(home: Organization, username: str | None, code: str) -> None:
    pupil = enrol(home, user=with_username(username) if username else adult())
    with pytest.raises(actions.JoiningRefused) as refused:
        link(adult("Autre"), home, pupil)
    assert refused.value.refusal.code == code


@pytest.mark.parametrize(("username", "code"), [(None, "R11"), ("noe.durand0405", "R12")])
def test_the_ine_has_an_account_elsewhere(
    home: Organization, elsewhere: Organization, username: str | None, code: str
) -> None:
    enrol(elsewhere, user=with_username(username) if username else adult())
    with pytest.raises(actions.JoiningRefused) as refused:
        link(adult("Autre"), home, enrol(home))
    assert refused.value.refusal.code == code


def test_the_account_is_another_pupil_of_this_school(home: Organization) -> None:
    user = adult()
    enrol(home, "Milan", ine=ine(2), user=user)
    with pytest.raises(actions.JoiningRefused) as refused:
        link(user, home, enrol(home))
    assert refused.value.refusal.code == "R70"


def test_the_elder_sister_is_signed_in(home: Organization, elsewhere: Organization) -> None:
    user = adult()
    enrol(elsewhere, "Zoé", ine=ine(2), birth_date=date(2009, 1, 1), user=user)
    with pytest.raises(actions.JoiningRefused) as refused:
        link(user, home, enrol(home))
    assert (refused.value.refusal.code, refused.value.refusal.status) == ("R90", 422)


def test_the_refusals_are_checked_again_at_the_second_step(home: Organization) -> None:
    """Between the two steps another browser took the pupil."""
    pupil, user = enrol(home), adult()
    actions.joinable(organization=home, pupil=pupil.uuid, user=user)
    register(home, pupil)
    with pytest.raises(actions.JoiningRefused) as refused:
        link(user, home, pupil)
    assert refused.value.refusal.code == "R32"


def test_the_silent_attempt(home: Organization, elsewhere: Organization) -> None:
    """Same INE as the account's latest record, active and free here."""
    user = adult()
    enrol(elsewhere, user=user)
    pupil = enrol(home)
    assert actions.link_silently(user=user, organization=home, at=AT) is not None
    assert Pupil.objects.get(pk=pupil.pk).user_id == user.pk
    assert actions.link_silently(user=user, organization=home, at=AT) is None


@pytest.mark.parametrize("hindrance", ["inactive", "taken", "no INE", "no record"])
def test_the_silent_attempt_gives_up_quietly(home: Organization, elsewhere: Organization, hindrance: str) -> None:
    user = adult()
    if hindrance != "no record":
        enrol(elsewhere, user=user, ine="" if hindrance == "no INE" else ine(1))
    more: dict[str, Any] = {"inactive": {"active": False}, "taken": {"user": adult()}, "no INE": {"ine": ""}}.get(
        hindrance, {}
    )
    enrol(home, **more)
    assert actions.link_silently(user=user, organization=home, at=AT) is None
    assert pupil_of(user, home) is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer at a time: shown in sequence above"
)
def test_two_browsers_in_the_same_instant() -> None:
    """Case 92 with two connections: the row of the pupil is locked, one account comes out."""
    home = school().organization
    pupil = enrol(home)
    together = Barrier(2)

    def browser(username: str) -> str:
        try:
            together.wait(timeout=10)
            register(home, pupil, username)
            return "registered"
        except actions.JoiningRefused as refused:
            return refused.refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(browser, ["noe.durand0405", "noe.durand1234"]))
    assert outcomes == ["S52", "registered"]
    assert User.objects.filter(username__startswith="noe.durand").count() == 1
