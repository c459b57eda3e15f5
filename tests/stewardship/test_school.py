"""The end of a school (schools 1.4)."""

from datetime import timedelta

import pytest
from django.http import Http404

from pix.audit.models import Event
from pix.campaigns.models import Campaign
from pix.organizations.access import member_of
from pix.organizations.actions import Letter, invite
from pix.organizations.enums import InvitationState
from pix.organizations.models import Invitation, Membership
from pix.stewardship.actions import archive_school
from tests.factories.cast import AT, busy_cast, make_cast
from tests.factories.together import together

LATER = AT + timedelta(hours=1)


@pytest.mark.django_db
def test_everything_of_the_school_ends_and_nothing_of_another() -> None:
    cast = busy_cast()
    for space, admin in ((cast.school, cast.alice), (cast.other_school, cast.charlie)):
        write = lambda link: Letter("a", "b", link.code)  # noqa: E731
        invite(space=space, emails=["zoe@college.test"], by=admin, write=write, at=AT)
    assert archive_school(school=cast.school, by=cast.stan, at=LATER)
    cast.school.refresh_from_db()
    assert cast.school.archived_at == LATER
    states = dict(Invitation.objects.values_list("organization_id", "state"))
    assert states == {cast.school.pk: InvitationState.CANCELLED, cast.other_school.pk: InvitationState.PENDING}
    campaign = Campaign.objects.get(organization=cast.school)
    assert (campaign.archived_at, campaign.archived_by) == (LATER, cast.stan)
    assert not Membership.objects.filter(organization=cast.school, disabled_at=None).exists()
    with pytest.raises(Http404):
        member_of(cast.alice, cast.school.uuid)
    assert member_of(cast.charlie, cast.other_school.uuid).is_admin
    line = Event.objects.get(verb="stewardship.archive_school")
    assert (line.actor, line.organization) == (str(cast.stan.uuid), str(cast.school.uuid))


@pytest.mark.django_db(transaction=True)
def test_two_at_once_archive_once() -> None:
    cast = make_cast()

    def archive() -> bool:
        return archive_school(school=cast.school, by=cast.stan, at=LATER)

    assert sorted(together(archive, archive)) == [False, True]
    assert not archive_school(school=cast.school, by=cast.stan, at=LATER + timedelta(days=1))
    cast.school.refresh_from_db()
    assert cast.school.archived_at == LATER
    assert Event.objects.filter(verb="stewardship.archive_school").count() == 1
