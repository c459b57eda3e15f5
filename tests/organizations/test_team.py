"""Roles, removal, departure, the last administrator, and the school's administrators in the centre."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from pix.audit.models import Event
from pix.organizations.actions import LastAdmin, NotAMember, add_member, change_role, leave, open_centre, remove
from pix.organizations.enums import OrganizationType, Role
from pix.organizations.models import Centre, CentreMembership, Membership, Organization
from pix.organizations.queries import team_of
from tests.factories.cast import AT, Cast
from tests.organizations.making import colleague, roles

pytestmark = pytest.mark.django_db


def centre_of(cast: Cast) -> Centre:
    return Centre.objects.get(uai=cast.school.uai)


@pytest.mark.proves("A-037")
def test_a_role_is_changed_with_its_author(cast: Cast) -> None:
    change_role(space=cast.school, person=cast.bob.uuid, role=Role.ADMIN, by=cast.alice, at=AT)
    row = Membership.objects.get(user=cast.bob)
    assert (row.role, row.updated_by, row.updated_at) == ("admin", cast.alice, AT)
    line = Event.objects.filter(verb="organizations.change_role", organization=str(cast.school.uuid)).get()
    assert (line.actor, line.target, line.meta) == (str(cast.alice.uuid), str(cast.bob.uuid), {"role": "admin"})


@pytest.mark.proves("A-040")
def test_the_last_administrator_stays(cast: Cast) -> None:
    for act in (
        lambda: change_role(space=cast.school, person=cast.alice.uuid, role=Role.MEMBER, by=cast.alice, at=AT),
        lambda: remove(space=cast.school, person=cast.alice.uuid, by=cast.alice, at=AT),
        lambda: leave(space=cast.school, user=cast.alice, at=AT),
    ):
        with pytest.raises(LastAdmin):
            act()
    assert roles(cast.school) == {"Alice": "admin", "Bob": "member"}
    colleague(cast.school, "Zoé", Role.ADMIN)
    leave(space=cast.school, user=cast.alice, at=AT)
    assert roles(cast.school) == {"Zoé": "admin", "Bob": "member"}


def test_a_removed_member_may_come_back(cast: Cast) -> None:
    assert remove(space=cast.school, person=cast.bob.uuid, by=cast.alice, at=AT) == cast.bob
    row = Membership.objects.get(user=cast.bob)
    assert (row.disabled_at, row.updated_by) == (AT, cast.alice)
    with pytest.raises(NotAMember):
        remove(space=cast.school, person=cast.bob.uuid, by=cast.alice, at=AT)
    add_member(organization=cast.school, user=cast.bob, by="test", at=AT)
    assert Membership.objects.filter(user=cast.bob).count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=cast.bob, organization=cast.school, role="member", created_at=AT)


def test_whoever_was_demoted_meanwhile_changes_nothing_more(cast: Cast) -> None:
    colleague(cast.school, "Zoé", Role.ADMIN)
    change_role(space=cast.school, person=cast.alice.uuid, role=Role.MEMBER, by=cast.alice, at=AT)
    with pytest.raises(PermissionDenied):
        remove(space=cast.school, person=cast.bob.uuid, by=cast.alice, at=AT)
    assert "Bob" in roles(cast.school)


@pytest.mark.proves("A-036")
def test_administrators_come_first(cast: Cast) -> None:
    colleague(cast.school, "Anna")
    colleague(cast.school, "Zoé", Role.ADMIN)
    assert [mate.first_name for mate in team_of(cast.school)] == ["Alice", "Zoé", "Bob", "Anna"]


@pytest.mark.proves("A-019", "E-016")
def test_an_administrator_of_the_school_administers_the_centre(cast: Cast) -> None:
    centre = centre_of(cast)
    assert roles(centre) == {"Alice": "admin"}
    change_role(space=cast.school, person=cast.bob.uuid, role=Role.ADMIN, by=cast.alice, at=AT)
    assert roles(centre) == {"Alice": "admin", "Bob": "admin"}


def test_a_member_of_the_centre_is_raised_and_one_removed_comes_back_as_a_new_row(cast: Cast) -> None:
    centre = centre_of(cast)
    add_member(organization=centre, user=cast.bob, role=Role.MEMBER, by="test", at=AT)
    change_role(space=cast.school, person=cast.bob.uuid, role=Role.ADMIN, by=cast.alice, at=AT)
    assert roles(centre)["Bob"] == "admin"
    remove(space=centre, person=cast.bob.uuid, by=cast.alice, at=AT)
    change_role(space=cast.school, person=cast.bob.uuid, role=Role.MEMBER, by=cast.alice, at=AT)
    change_role(space=cast.school, person=cast.bob.uuid, role=Role.ADMIN, by=cast.alice, at=AT)
    assert CentreMembership.objects.filter(user=cast.bob).count() == 2
    assert roles(centre)["Bob"] == "admin"


def test_leaving_the_school_keeps_the_centre_and_says_so(cast: Cast) -> None:
    centre = centre_of(cast)
    colleague(cast.school, "Zoé", Role.ADMIN)
    leave(space=cast.school, user=cast.alice, at=AT)
    assert [(mate.first_name, mate.left_school) for mate in team_of(centre)] == [("Alice", True), ("Zoé", False)]


def test_a_centre_opened_later_gets_the_administrators_that_are_there(cast: Cast) -> None:
    CentreMembership.objects.all().delete()
    Centre.objects.all().delete()
    centre = open_centre(name="Centre", uai=" 0999001a ", at=AT)
    assert roles(centre) == {"Alice": "admin"}
    assert open_centre(name="Autre", uai="0999001A", at=AT) == centre


def test_an_empty_uai_matches_nothing(cast: Cast) -> None:
    Organization.objects.filter(pk=cast.school.pk).update(uai="")
    cast.school.refresh_from_db()
    centre = open_centre(name="Centre sans UAI", uai="", at=AT)
    change_role(space=cast.school, person=cast.bob.uuid, role=Role.ADMIN, by=cast.alice, at=AT)
    assert roles(centre) == {}


def test_a_primary_school_has_no_centre(cast: Cast) -> None:
    Organization.objects.filter(pk=cast.school.pk).update(type=OrganizationType.PRIMARY)
    cast.school.refresh_from_db()
    change_role(space=cast.school, person=cast.bob.uuid, role=Role.ADMIN, by=cast.alice, at=AT)
    assert "Bob" not in roles(centre_of(cast))
