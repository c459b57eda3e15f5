"""A pupil whom the médiacentre sends: the table « unknown IDO + birth date » (schools 10.1), through the actions."""

from dataclasses import replace
from datetime import date
from typing import Any
from unittest.mock import patch

import pytest

from pix.accounts import identities
from pix.accounts.identities import GAR, Pending
from pix.accounts.models import SignInMethod, User
from pix.audit.models import Event
from pix.learners import actions
from pix.learners.actions import mediacentre
from pix.learners.enums import Method
from pix.learners.models import Pupil
from pix.learners.queries import PupilFilters, pupil_of, pupils_of
from pix.organizations.models import Organization
from tests.factories.cast import make_pupil, pupil_account
from tests.factories.together import together
from tests.learners.rolls import AT, adult, school

pytestmark = pytest.mark.django_db
BORN = date(2013, 3, 9)
INE = "1234567890A"
NOE = Pending(GAR, "ido-noe", "Noé", "Durand")


@pytest.fixture
def home() -> Organization:
    return school().organization


@pytest.fixture
def elsewhere() -> Organization:
    return school(uai="0999002B", name="Collège des Galets").organization


def enrol(organization: Organization, **more: Any) -> Pupil:
    return make_pupil(organization, more.pop("first", "Noé"), "Durand", **{"ine": INE, **more})


def come(organization: Organization, identity: Pending = NOE, born: date = BORN) -> User:
    pupil = actions.find_newcomer(organization=organization, identity=identity, birth_date=born)
    return actions.welcome_newcomer(organization=organization, pupil=pupil, identity=identity, at=AT)


def gar_account(ido: str = "ido-ancien") -> User:
    return identities.open_account(provider=GAR, external_id=ido, first_name="Noé", last_name="Durand", at=AT)


def refusal_of(organization: Organization, identity: Pending = NOE) -> Any:
    with pytest.raises(actions.JoiningRefused) as refused:
        come(organization, identity)
    return refused.value.refusal


def add(organization: Organization, user: User, pupil: Pupil, identity: Pending = NOE) -> None:
    actions.add_mediacentre(organization=organization, pupil=pupil.uuid, user=user, identity=identity, at=AT)


# --- pupil found and free ---


def test_a_free_pupil_gets_an_account_its_identity_and_its_link_at_once(home: Organization) -> None:
    pupil = enrol(home)
    user = come(home)
    own = pupil_of(user, home)
    assert own is not None
    assert own.pk == pupil.pk
    assert (user.first_name, user.last_name, user.username, user.email, user.terms_accepted_at) == (
        "Noé", "Durand", None, None, None,
    )  # fmt: skip
    assert identities.owner_of(GAR, "ido-noe") == user
    assert Event.objects.get(verb="learners.welcome_newcomer").target == str(pupil.uuid)


def test_a_crash_on_the_way_leaves_nothing(home: Organization) -> None:
    pupil = enrol(home)
    with patch.object(mediacentre, "join", side_effect=RuntimeError), pytest.raises(RuntimeError):
        come(home)
    assert (User.objects.filter(methods__isnull=False).count(), SignInMethod.objects.count()) == (0, 0)
    assert Pupil.objects.get(pk=pupil.pk).user_id is None


@pytest.mark.parametrize("hindrance", ["date", "inactive", "name", "other school"])
def test_nobody_of_that_name_and_day(home: Organization, elsewhere: Organization, hindrance: str) -> None:
    enrol(elsewhere if hindrance == "other school" else home, first="Zoé" if hindrance == "name" else "Noé")
    Pupil.objects.update(active=hindrance != "inactive")
    with pytest.raises(actions.PupilNotFound):
        come(home, born=date(2013, 3, 10) if hindrance == "date" else BORN)
    assert not SignInMethod.objects.exists()


def test_twins_come_one_after_the_other(home: Organization) -> None:
    """Same day, close names: the names that the médiacentre tells decide."""
    milan, mylan = enrol(home, first="Milan"), enrol(home, first="Mylan", ine="2234567890A")
    for first, ido, twin in (("Mylan", "ido-2", mylan), ("Milan", "ido-1", milan)):
        user = come(home, Pending(GAR, ido, first, "Durand"))
        own = pupil_of(user, home)
        assert own is not None
        assert own.pk == twin.pk


# --- an account that the médiacentre knew under another identifier ---


def test_a_new_identifier_here_replaces_the_old_one(home: Organization) -> None:
    """R33."""
    former = gar_account()
    enrol(home, user=former)
    assert come(home) == former
    assert identities.owner_of(GAR, "ido-ancien") is None
    assert identities.owner_of(GAR, "ido-noe") == former
    assert User.objects.filter(methods__isnull=False).count() == 1


def test_a_pupil_who_changed_school_keeps_their_account(home: Organization, elsewhere: Organization) -> None:
    """R13, trap 18: another school, another identifier, one account, linked to both records."""
    former = gar_account()
    enrol(elsewhere, user=former)
    pupil = enrol(home)
    assert come(home) == former
    assert Pupil.objects.get(pk=pupil.pk).user_id == former.pk
    assert identities.owner_of(GAR, "ido-noe") == former
    assert Pupil.objects.filter(user=former).count() == 2


def test_the_link_of_another_pupil_here_stops_the_replacement(home: Organization, elsewhere: Organization) -> None:
    """R70: the account found by the INE is somebody else's of this school; nothing is replaced."""
    former = gar_account()
    enrol(elsewhere, user=former)
    enrol(home, first="Milan", ine="2234567890A", user=former)
    enrol(home)
    assert refusal_of(home).code == "R70"
    assert identities.owner_of(GAR, "ido-ancien") == former


# --- an account with a username or an address ---


@pytest.mark.parametrize(
    ("username", "here", "code"),
    [(False, False, "R11"), (True, False, "R12"), (False, True, "R31"), (True, True, "R32")],
)
def test_an_account_with_another_way_in(
    home: Organization, elsewhere: Organization, username: bool, here: bool, code: str
) -> None:
    own = pupil_account("Noé", "Durand", "noe.durand0903") if username else adult()
    enrol(home if here else elsewhere, user=own)
    if not here:
        enrol(home)
    refusal = refusal_of(home)
    assert (refusal.code, refusal.status, refusal.account) == (code, 409, own.pk)
    assert (
        "dans cet établissement" in refusal.said(brand="Pix")
        if here
        else "dans un autre établissement" in refusal.said(brand="Pix")
    )
    assert not SignInMethod.objects.exists()


def test_signing_in_with_it_adds_the_identity_and_the_link(home: Organization, elsewhere: Organization) -> None:
    own = pupil_account("Noé", "Durand", "noe.durand0903")
    enrol(elsewhere, user=own)
    pupil = enrol(home)
    add(home, own, pupil)
    assert identities.owner_of(GAR, "ido-noe") == own
    assert Pupil.objects.get(pk=pupil.pk).user_id == own.pk
    assert come(home) == own  # the next visit: nothing new is made
    assert SignInMethod.objects.count() == 1


def test_signing_in_with_another_account_names_the_right_one(home: Organization) -> None:
    pupil = enrol(home, user=pupil_account("Noé", "Durand", "noe.durand0903"))
    with pytest.raises(actions.JoiningRefused) as refused:
        add(home, adult(), pupil)
    refusal = refused.value.refusal
    assert (refusal.code, refusal.status) == ("UNEXPECTED_USER_ACCOUNT", 409)
    assert "n***.d***3" in refusal.said(brand="Pix")
    assert "noe.durand0903" not in refusal.said(brand="Pix")
    assert not SignInMethod.objects.exists()


def test_an_account_with_an_older_identity_gets_the_new_one(home: Organization) -> None:
    own = gar_account()
    add(home, own, enrol(home, user=own))
    assert identities.owner_of(GAR, "ido-noe") == own


# --- the identity got an account meanwhile ---


def test_the_identity_is_meanwhile_another_accounts(home: Organization) -> None:
    own = pupil_account("Noé", "Durand", "noe.durand0903")
    pupil = enrol(home, user=own)
    gar_account("ido-noe")
    with pytest.raises(identities.IdentityTaken):
        add(home, own, pupil)
    assert refusal_of(home).code == "R32"


def test_the_identity_is_meanwhile_ones_own(home: Organization) -> None:
    """No new account: signed in and linked."""
    pupil, own = enrol(home), gar_account("ido-noe")
    assert come(home) == own
    assert Pupil.objects.get(pk=pupil.pk).user_id == own.pk
    assert SignInMethod.objects.count() == 1


def test_the_elder_sisters_identity_is_checked_too(home: Organization, elsewhere: Organization) -> None:
    sister = gar_account("ido-noe")
    make_pupil(elsewhere, "Zoé", "Durand", ine="9", user=sister, birth=date(2009, 1, 1))
    enrol(home)
    assert refusal_of(home).code == "R90"


@pytest.mark.django_db(transaction=True)
def test_two_browsers_bring_the_same_identity_at_once() -> None:
    home = school().organization
    enrol(home)
    results = together(lambda: come(home), lambda: come(home), lambda: come(home))
    assert all(isinstance(one, User) for one in results), results
    assert len({one.pk for one in results}) == 1
    assert SignInMethod.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_identities_claim_the_same_pupil_at_once() -> None:
    """One account; the second identity, whose names fit as well, replaces the first: the médiacentre's last word."""
    home = school().organization
    enrol(home)
    results = together(lambda: come(home), lambda: come(home, replace(NOE, external_id="ido-bis")))
    assert len({one.pk for one in results}) == 1
    assert User.objects.filter(methods__isnull=False).count() == SignInMethod.objects.count() == 1


# --- what others see of it ---


@pytest.mark.parametrize(("identity", "code"), [(NOE, "S53"), (None, "R33")], ids=["registering", "signed in"])
def test_an_account_of_the_mediacentre_is_named_so(home: Organization, identity: Pending | None, code: str) -> None:
    """Case 82: shown as it is, with no masked login."""
    pupil = enrol(home)
    come(home)
    with pytest.raises(actions.JoiningRefused) as refused:
        actions.joinable(organization=home, pupil=pupil.uuid, user=None if identity else adult())
    refusal = refused.value.refusal
    assert (refusal.code, refusal.method) == (code, Method.GAR)
    assert (
        refusal.said(brand="Pix")
        == f"Vous possédez déjà un compte Pix (Médiacentre) dans cet établissement. (Code {code})"
    )


@pytest.mark.parametrize(("signed_in", "code"), [(False, "S63"), (True, "R13")])
def test_and_through_another_school(home: Organization, elsewhere: Organization, signed_in: bool, code: str) -> None:
    enrol(elsewhere)
    come(elsewhere)
    pupil = enrol(home)
    with pytest.raises(actions.JoiningRefused) as refused:
        actions.joinable(organization=home, pupil=pupil.uuid, user=adult() if signed_in else None)
    assert refused.value.refusal.code == code


def test_the_schools_list_shows_and_finds_the_mediacentre(home: Organization) -> None:
    enrol(home)
    make_pupil(home, "Zoé", "Autre", user=pupil_account("Zoé", "Autre", "zoe.autre0903"))
    come(home)
    lines = {line.first_name: line.methods for line in pupils_of(home, PupilFilters()).lines}
    assert lines == {"Noé": (Method.GAR,), "Zoé": (Method.USERNAME,)}
    found = pupils_of(home, PupilFilters(methods=(Method.GAR.value,)))
    assert [line.first_name for line in found.lines] == ["Noé"]
