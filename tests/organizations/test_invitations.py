"""Inviting, sending again, cancelling, accepting: each row of the tables of schools 1.5 and 2.2."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from pix.mailing.models import Mail
from pix.organizations.actions import (
    CannotCancel,
    InvitationClosed,
    InvitingRefused,
    SpaceArchived,
    UnknownInvitation,
    accept,
    cancel,
    invite,
    remove,
    resend,
    sweep,
)
from pix.organizations.enums import InvitationState, InvitingProblem, JoinOutcome, Role
from pix.organizations.models import Centre, Invitation, Organization
from pix.organizations.queries import pending_invitations, spaces_of
from pix.organizations.rules import CODE_LENGTH, CODE_SIGNS
from tests.factories.cast import AT, Cast, adult
from tests.organizations.making import colleague, invitation, roles, write

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def ask(cast: Cast, *emails: str, at: object = AT) -> None:
    invite(space=cast.school, emails=list(emails), by=cast.alice, write=write, at=at)  # type: ignore[arg-type]


@pytest.mark.proves("A-026")
def test_two_addresses_two_invitations_two_mails(cast: Cast) -> None:
    ask(cast, "un@test.test", "deux@test.test")
    rows = Invitation.objects.order_by("id")
    assert [(row.email, row.role, row.state) for row in rows] == [("un@test.test", "", "pending"), ("deux@test.test", "", "pending")]  # fmt: skip
    assert [mail.to for mail in Mail.objects.order_by("id")] == ["un@test.test", "deux@test.test"]
    assert all(len(row.code) == CODE_LENGTH and set(row.code) <= set(CODE_SIGNS) for row in rows)


def test_nothing_is_sent_when_one_address_is_in_the_way(cast: Cast) -> None:
    with pytest.raises(InvitingRefused) as refused:
        ask(cast, "bon@test.test", "pas-une-adresse", "bob@college.test")
    assert refused.value.problems == [
        (InvitingProblem.BAD_ADDRESS, "pas-une-adresse"),
        (InvitingProblem.ALREADY_MEMBER, "bob@college.test"),
    ]
    assert not Invitation.objects.exists()
    assert not Mail.objects.exists()


def test_a_pending_invitation_is_used_again(cast: Cast) -> None:
    ask(cast, "un@test.test")
    first = invitation(cast.school, "un@test.test")
    ask(cast, "un@test.test", at=AT + DAY)
    again = invitation(cast.school, "un@test.test")
    assert (again.uuid, again.code, again.last_sent_at) == (first.uuid, first.code, AT + DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        cast.school.invitations.create(email="un@test.test", code="X" * 10, created_at=AT, last_sent_at=AT)


def test_a_closed_school_invites_nobody(cast: Cast) -> None:
    Organization.objects.filter(pk=cast.school.pk).update(archived_at=AT)
    with pytest.raises(SpaceArchived):
        ask(cast, "un@test.test")


def test_sending_again_begins_a_new_year(cast: Cast) -> None:
    ask(cast, "un@test.test")
    row = invitation(cast.school, "un@test.test")
    arguments = {"space": cast.school, "invitation": row.uuid, "by": cast.alice, "write": write}
    assert not resend(**arguments, at=AT + timedelta(seconds=2))  # type: ignore[arg-type]
    assert Mail.objects.count() == 1
    assert resend(**arguments, at=AT + 300 * DAY)  # type: ignore[arg-type]
    assert [mail.text for mail in Mail.objects.order_by("id")] == [write_text(row), write_text(row)]
    assert [one.email for one in pending_invitations(cast.school, AT + 400 * DAY)] == ["un@test.test"]


def write_text(row: Invitation) -> str:
    return f"/rejoindre?invitation={row.uuid}&code={row.code}"


def test_a_year_later_it_is_expired_and_a_new_one_replaces_it(cast: Cast) -> None:
    ask(cast, "un@test.test", "deux@test.test")
    row = invitation(cast.school, "un@test.test")
    late = AT + 365 * DAY
    assert pending_invitations(cast.school, late) == []
    with pytest.raises(InvitationClosed) as closed:
        accept(invitation=row.uuid, code=row.code, user=cast.charlie, at=late)
    assert closed.value.state is InvitationState.EXPIRED
    ask(cast, "un@test.test", at=late)
    assert invitation(cast.school, "un@test.test").uuid != row.uuid
    assert sweep(at=late) == 1
    assert Invitation.objects.get(email="deux@test.test").state == "expired"


def test_only_a_pending_invitation_is_cancelled(cast: Cast) -> None:
    ask(cast, "un@test.test")
    row = invitation(cast.school, "un@test.test")
    with pytest.raises(UnknownInvitation):
        cancel(space=cast.other_school, invitation=row.uuid, by=cast.charlie, at=AT)
    cancel(space=cast.school, invitation=row.uuid, by=cast.alice, at=AT)
    with pytest.raises(CannotCancel):
        cancel(space=cast.school, invitation=row.uuid, by=cast.alice, at=AT)
    with pytest.raises(InvitationClosed) as closed:
        accept(invitation=row.uuid, code=row.code, user=cast.charlie, at=AT)
    assert closed.value.state is InvitationState.CANCELLED


def test_a_wrong_code_opens_nothing(cast: Cast) -> None:
    ask(cast, "un@test.test")
    row = invitation(cast.school, "un@test.test")
    for code in ("", "AAAAAAAAAA", row.code.lower(), row.code + "A"):
        if code != row.code:
            with pytest.raises(UnknownInvitation):
                accept(invitation=row.uuid, code=code, user=cast.charlie, at=AT)
    assert "Charlie" not in roles(cast.school)


def test_accepting_joins_once_with_any_account(cast: Cast) -> None:
    ask(cast, "un@test.test")
    row = invitation(cast.school, "un@test.test")
    joined = accept(invitation=row.uuid, code=row.code, user=cast.charlie, at=AT)
    assert (joined.outcome, joined.role, joined.link.space) == (JoinOutcome.JOINED, Role.MEMBER, cast.school.uuid)
    assert roles(cast.school) == {"Alice": "admin", "Bob": "member", "Charlie": "member"}
    # Opened at the next sign-in, before the school that comes first by name.
    assert spaces_of(cast.charlie)[0].uuid == cast.school.uuid
    row.refresh_from_db()
    assert (row.state, row.accepted_by, row.answered_at) == ("accepted", cast.charlie, AT)
    with pytest.raises(InvitationClosed):
        accept(invitation=row.uuid, code=row.code, user=cast.emma, at=AT)


def test_a_member_gains_nothing_from_an_invitation_without_role(cast: Cast) -> None:
    ask(cast, "un@test.test")
    row = invitation(cast.school, "un@test.test")
    assert accept(invitation=row.uuid, code=row.code, user=cast.bob, at=AT).outcome is JoinOutcome.ALREADY_MEMBER
    row.refresh_from_db()
    assert row.state == "accepted"
    assert roles(cast.school)["Bob"] == "member"


def test_the_first_of_an_empty_team_administers(cast: Cast) -> None:
    cast.school.memberships.update(disabled_at=AT)
    row = cast.school.invitations.create(email="un@test.test", code="A" * 10, created_at=AT, last_sent_at=AT)
    assert accept(invitation=row.uuid, code=row.code, user=cast.charlie, at=AT).role is Role.ADMIN


def test_a_removed_member_is_invited_again(cast: Cast) -> None:
    remove(space=cast.school, person=cast.bob.uuid, by=cast.alice, at=AT)
    ask(cast, "bob@college.test")
    row = invitation(cast.school, "bob@college.test")
    accept(invitation=row.uuid, code=row.code, user=cast.bob, at=AT)
    assert roles(cast.school)["Bob"] == "member"


@pytest.mark.proves("E-015")
def test_a_centre_is_joined_by_invitation_and_a_member_gains_no_role_there(cast: Cast) -> None:
    centre = Centre.objects.get(uai=cast.school.uai)
    zoe = colleague(centre, "Zoé", Role.MEMBER)
    invite(space=centre, emails=["un@test.test", "deux@test.test"], by=cast.alice, write=write, at=AT)
    row = invitation(centre, "un@test.test")
    Invitation.objects.filter(pk=row.pk).update(role="admin")
    assert accept(invitation=row.uuid, code=row.code, user=zoe, at=AT).outcome is JoinOutcome.ALREADY_MEMBER
    assert roles(centre)["Zoé"] == "member"
    other = invitation(centre, "deux@test.test")
    new = adult("Noé", "Neuf", "noe@test.test")
    assert accept(invitation=other.uuid, code=other.code, user=new, at=AT).role is Role.MEMBER
    assert "Noé" not in roles(cast.school)
