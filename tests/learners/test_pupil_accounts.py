"""What a team does for its pupils' accounts, one by one and many at once (schools 9.4 to 9.7 and 12)."""

import re
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied

from pix.accounts import identities
from pix.accounts.actions import passwords
from pix.accounts.models import Session, SignInFailures, User
from pix.audit.models import Event
from pix.learners.actions import PupilNotFound, accounts
from pix.learners.actions.accounts import (
    BulkRefused,
    Given,
    GivenLine,
    GrownUp,
    NoPasswordHere,
    UsernameHeld,
    UsernameImpossible,
    add_username,
    rename_pupil,
    reset_passwords,
    reset_pupil_password,
    unblock_pupil,
)
from pix.learners.models import Pupil
from pix.learners.queries import account_page, pupils_of
from pix.learners.queries.pupils import PupilFilters
from pix.organizations.actions import add_member
from pix.organizations.enums import GAR, Role
from pix.organizations.models import Membership, Organization
from tests.factories.cast import AT, PASSWORD, Cast, adult, make_cast, make_pupil, pupil_account
from tests.factories.together import together

pytestmark = pytest.mark.django_db
ONE_TIME = re.compile("[a-hjkmnp-z]{6}[2-9]{2}")


def fresh(pupil: Pupil) -> Pupil:
    return Pupil.objects.select_related("user", "organization").get(pk=pupil.pk)


def closed(cast: Cast) -> Pupil:
    SignInFailures.objects.create(user=cast.emma, count=50, blocked_at=AT)
    return cast.emma_pupil


def by_mediacentre(cast: Cast, first_name: str = "Noé", last_name: str = "Durand") -> Pupil:
    """A pupil whom only the médiacentre lets in."""
    user = identities.open_account(
        provider=identities.GAR, external_id=str(uuid4()), first_name=first_name, last_name=last_name, at=AT
    )
    return make_pupil(cast.school, first_name, last_name, ine=uuid4().hex[:11], user=user)


def use_gar(cast: Cast) -> None:
    Organization.objects.filter(pk=cast.school.pk).update(identity_provider=GAR)


# --- unblock, reset ---


def test_any_member_of_the_school_opens_the_door(cast: Cast) -> None:
    pupil = closed(cast)
    with pytest.raises(passwords.Blocked):
        passwords.check_login(login="emma.pix0903", password=PASSWORD, at=AT)
    assert unblock_pupil(pupil=pupil, by=cast.bob_member, at=AT)
    assert not unblock_pupil(pupil=pupil, by=cast.bob_member, at=AT)
    assert passwords.check_login(login="emma.pix0903", password=PASSWORD, at=AT) == cast.emma


@pytest.mark.parametrize("verb", [unblock_pupil, reset_pupil_password, add_username])
def test_another_school_does_not_see_the_pupil(cast: Cast, verb: Callable[..., object]) -> None:
    pupil = closed(cast)
    with pytest.raises(PupilNotFound):
        verb(pupil=pupil, by=cast.charlie_member, at=AT)
    assert SignInFailures.objects.exists()


@pytest.mark.parametrize("verb", [unblock_pupil, reset_pupil_password, add_username])
def test_a_pupil_who_left_is_no_longer_the_schools_to_help(cast: Cast, verb: Callable[..., object]) -> None:
    """The account goes on elsewhere: whoever taught its owner last year may not enter it."""
    Pupil.objects.filter(pk=cast.emma_pupil.pk).update(active=False)
    assert account_page(fresh(cast.emma_pupil), AT) is None
    with pytest.raises(PupilNotFound):
        verb(pupil=fresh(cast.emma_pupil), by=cast.alice_member, at=AT)


@pytest.mark.parametrize("verb", [unblock_pupil, reset_pupil_password, add_username])
@pytest.mark.parametrize("who", ["team", "staff"])
def test_the_account_of_a_grown_up_is_out_of_reach(cast: Cast, who: str, verb: Callable[..., object]) -> None:
    """A teacher tried a campaign with their own account: a colleague must not be able to sign in as them."""
    user = adult("Dora", "Lemaire", "dora@college.test", staff=who == "staff")
    if who == "team":
        add_member(organization=cast.other_school, user=user, role=Role.MEMBER, by="test", at=AT)
    pupil = make_pupil(cast.school, "Lou", "Lemaire", ine="9", user=user)
    found = account_page(pupil, AT)
    assert found is not None
    assert (found.grown_up, found.may_reset, found.may_add_username) == (True, False, False)
    with pytest.raises(GrownUp):
        verb(pupil=pupil, by=cast.alice_member, at=AT)
    assert User.objects.get(pk=user.pk).check_password(PASSWORD)


def test_a_pupil_without_an_account_has_no_door(cast: Cast) -> None:
    with pytest.raises(PupilNotFound):
        unblock_pupil(pupil=make_pupil(cast.school, "Noé", "Durand"), by=cast.bob_member, at=AT)


@pytest.mark.proves("E-046")
def test_a_password_for_one_use_also_opens_the_door(cast: Cast) -> None:
    """Case 93: its shape, the change asked for, the other sign-ins ended."""
    pupil = closed(cast)
    cast.client("pupil")
    assert Session.objects.filter(user=cast.emma).exists()
    given = reset_pupil_password(pupil=pupil, by=cast.bob_member, at=AT)
    assert ONE_TIME.fullmatch(given)
    assert not Session.objects.filter(user=cast.emma).exists()
    user = passwords.check_login(login="emma.pix0903", password=given, at=AT)
    assert user == cast.emma
    assert user is not None
    assert user.must_change_password
    assert given not in user.password


def test_a_pupil_of_the_mediacentre_has_no_password(cast: Cast) -> None:
    with pytest.raises(NoPasswordHere):
        reset_pupil_password(pupil=by_mediacentre(cast), by=cast.bob_member, at=AT)


# --- a username ---


@pytest.mark.proves("E-046")
def test_the_mediacentre_gets_a_username_and_a_first_password(cast: Cast) -> None:
    pupil = by_mediacentre(cast)
    given = add_username(pupil=pupil, by=cast.bob_member, at=AT)
    assert given.username == "noe.durand0903"
    assert ONE_TIME.fullmatch(given.password)
    assert passwords.check_login(login="NOE.durand0903", password=given.password, at=AT) == pupil.user
    with pytest.raises(UsernameHeld):
        add_username(pupil=fresh(pupil), by=cast.bob_member, at=AT)


def test_who_has_a_password_keeps_it(cast: Cast) -> None:
    user = adult("Emma", "Pix", "emma@famille.test")
    pupil = make_pupil(cast.school, "Emma", "Pix", ine="5", user=user)
    given = add_username(pupil=pupil, by=cast.bob_member, at=AT)
    # emma.pix0903 is another Emma's.
    assert re.fullmatch(r"emma\.pix[0-9]{4}", given.username)
    assert (given.username == "emma.pix0903", given.password) == (False, "")
    assert passwords.check_login(login=given.username, password=PASSWORD, at=AT) == user


def test_no_username_without_a_birth_date(cast: Cast) -> None:
    pupil = by_mediacentre(cast)
    Pupil.objects.filter(pk=pupil.pk).update(birth_date=None)
    with pytest.raises(UsernameImpossible):
        add_username(pupil=fresh(pupil), by=cast.bob_member, at=AT)


@pytest.mark.django_db(transaction=True)
def test_two_members_add_a_username_at_once() -> None:
    made = make_cast()
    pupil = by_mediacentre(made)
    member = made.bob_member

    def add() -> Given:
        return add_username(pupil=fresh(pupil), by=member, at=AT)

    done = together(add, add)
    assert sorted(type(one).__name__ for one in done) == ["Given", "UsernameHeld"]


# --- many at once ---


def chosen(*pupils: Pupil) -> list[UUID]:
    return [pupil.uuid for pupil in pupils]


@pytest.mark.proves("E-047")
def test_without_the_mediacentre_everybody_gets_a_way_in(cast: Cast) -> None:
    """A missing username is made; a pupil without an account stays out; classes in the order of people."""
    late = make_pupil(
        cast.school, "Zoé", "Adam", division="10A", ine="1", user=adult("Zoé", "Adam", "zoe@famille.test")
    )
    nobody = make_pupil(cast.school, "Noé", "Durand", division="3A", ine="2")
    lines = reset_passwords(pupils=chosen(late, nobody, cast.emma_pupil), by=cast.bob_member, at=AT)
    assert [(one.division, one.last_name, one.first_name, one.username) for one in lines] == [
        ("3eme3", "Pix", "Emma", "emma.pix0903"),
        ("10A", "Adam", "Zoé", "zoe.adam0903"),
    ]
    for one in lines:
        user = passwords.check_login(login=one.username, password=one.password, at=AT)
        assert user is not None
        assert user.must_change_password
    event = Event.objects.get(verb="learners.reset_passwords")
    assert sorted(event.meta["pupils"]) == sorted([str(late.uuid), str(cast.emma_pupil.uuid)])
    for one in lines:
        assert one.password not in str(list(Event.objects.values()))


def refusal(code: str, cast: Cast, *pupils: Pupil) -> None:
    before = list(User.objects.order_by("pk").values_list("password", "username"))
    with pytest.raises(BulkRefused) as refused:
        reset_passwords(pupils=chosen(*pupils), by=cast.bob_member, at=AT)
    assert refused.value.refusal.value == code
    assert list(User.objects.order_by("pk").values_list("password", "username")) == before


def test_95_a_pupil_of_another_school_changes_nothing_for_anybody(cast: Cast) -> None:
    intruder = make_pupil(cast.other_school, "Intrus", "Ailleurs", ine="3", user=pupil_account("I", "A", "i.a0101"))
    refusal("PUPIL_NOT_IN_SCHOOL", cast, cast.emma_pupil, intruder)
    left = make_pupil(cast.school, "Luc", "Adam", ine="4", user=pupil_account("L", "A", "l.a0101"))
    Pupil.objects.filter(pk=left.pk).update(active=False)
    refusal("PUPIL_NOT_IN_SCHOOL", cast, cast.emma_pupil, left)


def test_with_the_mediacentre_a_username_is_needed(cast: Cast) -> None:
    use_gar(cast)
    refusal("PUPIL_WITHOUT_USERNAME", cast, cast.emma_pupil, by_mediacentre(cast))
    refusal("PUPIL_WITHOUT_USERNAME", cast, cast.emma_pupil, make_pupil(cast.school, "Noé", "Durand", ine="2"))
    assert len(reset_passwords(pupils=chosen(cast.emma_pupil), by=cast.bob_member, at=AT)) == 1


def test_who_left_the_team_meanwhile_changes_nothing(cast: Cast) -> None:
    member = cast.bob_member
    Membership.objects.filter(user=cast.bob).update(disabled_at=AT)
    before = User.objects.get(pk=cast.emma.pk).password
    with pytest.raises(BulkRefused) as refused:
        reset_passwords(pupils=chosen(cast.emma_pupil), by=member, at=AT)
    assert (refused.value.refusal.value, refused.value.refusal.status) == ("NOT_A_TEAM_MEMBER", 403)
    assert User.objects.get(pk=cast.emma.pk).password == before


def test_a_fault_in_the_middle_gives_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    others = [
        make_pupil(cast.school, f"P{n}", "Pix", ine=str(n), user=pupil_account("P", "P", f"p.p{n}")) for n in range(2)
    ]
    before = list(User.objects.order_by("pk").values_list("password", flat=True))
    real, calls = passwords.give_one_time_password, []

    def failing(**values: object) -> str:
        calls.append(1)
        if len(calls) == 3:
            raise RuntimeError("the disk is full")
        return real(**values)  # type: ignore[arg-type]

    monkeypatch.setattr(accounts.passwords, "give_one_time_password", failing)
    with pytest.raises(RuntimeError):
        reset_passwords(pupils=chosen(cast.emma_pupil, *others), by=cast.bob_member, at=AT)
    assert list(User.objects.order_by("pk").values_list("password", flat=True)) == before


@pytest.mark.django_db(transaction=True)
def test_two_members_serve_the_same_class_at_once() -> None:
    """Both are served, one after the other: the password that works is the one given last, for everybody."""
    made = make_cast()
    pupils = [made.emma_pupil] + [
        make_pupil(made.school, f"P{n}", "Pix", ine=str(n), user=pupil_account("P", "P", f"p.p{n}")) for n in range(3)
    ]
    bob, alice = made.bob_member, made.alice_member

    def first() -> tuple[GivenLine, ...]:
        return reset_passwords(pupils=chosen(*pupils), by=bob, at=AT)

    def second() -> tuple[GivenLine, ...]:
        return reset_passwords(pupils=chosen(*reversed(pupils)), by=alice, at=AT)

    done = together(first, second)
    assert [len(one) for one in done] == [4, 4]
    works = [
        [User.objects.get(username=line.username).check_password(line.password) for line in lines] for lines in done
    ]
    assert sorted(works) == [[False] * 4, [True] * 4]


# --- names ---


def test_the_displayed_name_is_corrected(cast: Cast) -> None:
    rename_pupil(pupil=cast.emma_pupil, first_name=" Emma  Lou ", last_name="Œillet", by=cast.alice_member, at=AT)
    row = fresh(cast.emma_pupil)
    assert (row.first_name, row.last_name, row.order_key, row.search_key) == (
        "Emma Lou", "Œillet", "oeillet emma lou", "emma lou oeillet",
    )  # fmt: skip
    assert [one.last_name for one in pupils_of(cast.school, PupilFilters(name="oeillet")).lines] == ["Œillet"]
    assert User.objects.get(pk=cast.emma.pk).last_name == "Pix"
    assert Event.objects.filter(verb="learners.rename_pupil", target=str(row.uuid)).exists()
    with pytest.raises(PermissionDenied):
        rename_pupil(pupil=row, first_name="A", last_name="B", by=cast.bob_member, at=AT)
    with pytest.raises(PupilNotFound):
        rename_pupil(pupil=row, first_name="A", last_name="B", by=cast.charlie_member, at=AT)
