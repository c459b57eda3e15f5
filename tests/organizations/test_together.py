"""Two people at the same instant on real connections: teams, invitations, activations."""

import pytest

from pix.organizations.actions import (
    InvitationClosed,
    LastAdmin,
    TooManyRequests,
    accept,
    activate,
    cancel,
    change_role,
    invite,
    leave,
)
from pix.organizations.enums import Role
from pix.organizations.models import ActivationRequest, Centre, CentreMembership, Invitation, Membership
from tests.factories.cast import AT, Cast, adult, make_cast
from tests.factories.together import together
from tests.organizations.making import colleague, invitation, roles, write

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.mark.proves("A-040")
def test_two_administrators_demote_each_other_and_one_is_refused(cast: Cast) -> None:
    zoe = colleague(cast.school, "Zoé", Role.ADMIN)
    results = together(
        lambda: change_role(space=cast.school, person=zoe.uuid, role=Role.MEMBER, by=cast.alice, at=AT),
        lambda: change_role(space=cast.school, person=cast.alice.uuid, role=Role.MEMBER, by=zoe, at=AT),
    )
    assert sorted(type(result).__name__ for result in results) == ["LastAdmin", "NoneType"]
    assert list(roles(cast.school).values()).count("admin") == 1


def test_two_administrators_leave_and_one_stays(cast: Cast) -> None:
    zoe = colleague(cast.school, "Zoé", Role.ADMIN)
    results = together(*[lambda user=user: leave(space=cast.school, user=user, at=AT) for user in (cast.alice, zoe)])
    assert [isinstance(result, LastAdmin) for result in results].count(True) == 1
    assert list(roles(cast.school).values()).count("admin") == 1


def test_one_invitation_accepted_in_two_tabs_serves_once(cast: Cast) -> None:
    invite(space=cast.school, emails=["un@test.test"], by=cast.alice, write=write, at=AT)
    row = invitation(cast.school, "un@test.test")
    people = (cast.charlie, adult("Noé", "Neuf", "noe@test.test"))
    results = together(
        *[lambda user=user: accept(invitation=row.uuid, code=row.code, user=user, at=AT) for user in people]
    )
    assert [isinstance(result, InvitationClosed) for result in results].count(True) == 1
    assert Membership.objects.filter(organization=cast.school, user__in=people).count() == 1


def test_accepted_while_it_is_cancelled_is_one_or_the_other(cast: Cast) -> None:
    invite(space=cast.school, emails=["un@test.test"], by=cast.alice, write=write, at=AT)
    row = invitation(cast.school, "un@test.test")
    together(
        lambda: accept(invitation=row.uuid, code=row.code, user=cast.charlie, at=AT),
        lambda: cancel(space=cast.school, invitation=row.uuid, by=cast.alice, at=AT),
    )
    row.refresh_from_db()
    assert (row.state == "accepted") == ("Charlie" in roles(cast.school))


def test_two_admins_invite_the_same_address_once(cast: Cast) -> None:
    results = together(
        *[
            lambda: invite(space=cast.school, emails=["un@test.test"], by=cast.alice, write=write, at=AT)
            for _ in range(2)
        ]
    )
    assert results == [1, 1]
    assert Invitation.objects.count() == 1


def test_promoted_twice_at_once_is_one_row_in_the_centre(cast: Cast) -> None:
    zoe = colleague(cast.school, "Zoé", Role.ADMIN)
    results = together(
        *[
            lambda by=by: change_role(space=cast.school, person=cast.bob.uuid, role=Role.ADMIN, by=by, at=AT)
            for by in (cast.alice, zoe)
        ]
    )
    assert results == [None, None]
    centre = Centre.objects.get(uai=cast.school.uai)
    assert CentreMembership.objects.filter(centre=centre, user=cast.bob).count() == 1


def test_the_hourly_limit_holds_when_all_ask_at_once(cast: Cast) -> None:
    results = together(
        *[
            lambda n=n: activate(uai="0999001A", first_name="A", last_name="B", source=f"place {n}", write=write, at=AT)
            for n in range(6)
        ]
    )
    assert [isinstance(result, TooManyRequests) for result in results].count(True) == 3
    assert ActivationRequest.objects.count() == 3
    assert Invitation.objects.filter(state="pending").count() == 1
