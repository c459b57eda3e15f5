"""Activation and recovery: the order of the checks, the mailbox, the limits, the way to administrator."""

from datetime import timedelta

import pytest

from pix.mailing.models import Mail
from pix.organizations.actions import TooManyRequests, accept, activate, handle_request, open_school, sweep
from pix.organizations.actions.activation import Activation
from pix.organizations.enums import ActivationOutcome, JoinOutcome, Role, SchoolKind
from pix.organizations.models import ActivationRequest, Centre, Organization
from pix.organizations.queries import activation_page
from tests.factories.cast import AT, Cast, adult
from tests.organizations.making import invitation, roles, write

pytestmark = pytest.mark.django_db
MAILBOX = "ce.0999001a@ac-brumeville.test"


def ask(uai: str = "0999001A", source: str = "ici", at: object = AT) -> Activation:
    return activate(uai=uai, first_name=" Ada ", last_name="Byron", source=source, write=write, at=at)  # type: ignore[arg-type]


@pytest.mark.proves("A-014")
def test_the_link_goes_to_the_mailbox_of_the_school(cast: Cast) -> None:
    done = ask(" 0999001a ")
    assert (done.outcome, done.mailbox) == (ActivationOutcome.SENT, "c***@ac-brumeville.test")
    sent = Mail.objects.get()
    row = invitation(cast.school, MAILBOX)
    assert (sent.to, sent.text) == (MAILBOX, f"/rejoindre?invitation={row.uuid}&code={row.code}")
    assert row.role == "admin"


def test_a_second_request_sends_the_same_code(cast: Cast) -> None:
    ask()
    first = invitation(cast.school, MAILBOX)
    ask(at=AT + timedelta(days=1))
    row = invitation(cast.school, MAILBOX)
    assert (row.uuid, row.code, row.last_sent_at) == (first.uuid, first.code, AT + timedelta(days=1))
    assert Mail.objects.count() == 2


def test_each_case_in_the_order_of_the_checks(cast: Cast) -> None:
    mailless = cast.other_school
    assert ask("1111111A", "a").outcome is ActivationOutcome.UNKNOWN
    assert ask("pas un UAI", "a").outcome is ActivationOutcome.UNKNOWN
    assert ask(mailless.uai, "a").outcome is ActivationOutcome.NO_MAILBOX
    # Without a mailbox and archived: the mailbox is looked at first.
    Organization.objects.filter(pk=mailless.pk).update(archived_at=AT)
    assert ask(mailless.uai, "a").outcome is ActivationOutcome.NO_MAILBOX
    Organization.objects.filter(pk=mailless.pk).update(email="ce@galets.test")
    assert ask(mailless.uai, "b").outcome is ActivationOutcome.ARCHIVED
    open_school(name="Double", uai="0999001A", kind=SchoolKind.LYCEE, email="ce@double.test", at=AT)
    assert ask("0999001A", "b").outcome is ActivationOutcome.SEVERAL
    assert not Mail.objects.exists()
    archived, unknown = ActivationOutcome.ARCHIVED, ActivationOutcome.UNKNOWN
    assert (archived.message, archived.status, unknown.status) == (unknown.message, 422, 404)


def test_five_an_hour_from_one_place_and_three_for_one_school(cast: Cast) -> None:
    for _ in range(3):
        ask(source="a")
    with pytest.raises(TooManyRequests):
        ask(source="b")
    for uai in ("1111111A", "1111112A"):
        ask(uai, source="a")
    with pytest.raises(TooManyRequests):
        ask("1111113A", source="a")
    assert ActivationRequest.objects.count() == 5
    assert Mail.objects.count() == 3
    assert ask(source="a", at=AT + timedelta(hours=1)).outcome is ActivationOutcome.SENT


@pytest.mark.proves("A-018", "A-019", "A-020")
def test_recovering_makes_an_administrator_and_keeps_the_former_one(cast: Cast) -> None:
    new = adult("Ada", "Byron", "ada@autre.test")
    ask()
    row = invitation(cast.school, MAILBOX)
    joined = accept(invitation=row.uuid, code=row.code, user=new, at=AT)
    assert (joined.outcome, joined.role) == (JoinOutcome.JOINED, Role.ADMIN)
    assert roles(cast.school) == {"Alice": "admin", "Bob": "member", "Ada": "admin"}
    assert roles(Centre.objects.get(uai=cast.school.uai))["Ada"] == "admin"


def test_a_member_becomes_administrator_by_the_recovery_mail(cast: Cast) -> None:
    ask()
    row = invitation(cast.school, MAILBOX)
    assert accept(invitation=row.uuid, code=row.code, user=cast.bob, at=AT).outcome is JoinOutcome.ROLE_CHANGED
    assert roles(cast.school)["Bob"] == "admin"
    assert roles(Centre.objects.get(uai=cast.school.uai))["Bob"] == "admin"


def test_the_staff_sees_who_when_and_what_is_left_to_do(cast: Cast) -> None:
    ask()
    row = invitation(cast.school, MAILBOX)
    accept(invitation=row.uuid, code=row.code, user=cast.bob, at=AT)
    ask(cast.other_school.uai)
    lines = activation_page(waiting=False).object_list
    assert [(one.uai, one.applicant, one.mailbox, one.accepted_by) for one in lines] == [
        ("0999002B", "Ada Byron", "", ""),
        ("0999001A", "Ada Byron", "c***@ac-brumeville.test", "Bob Diallo"),
    ]
    waiting = activation_page(waiting=True).object_list
    assert [one.outcome for one in waiting] == [ActivationOutcome.NO_MAILBOX]
    assert handle_request(request=waiting[0].uuid, by=cast.stan, at=AT)
    assert not handle_request(request=waiting[0].uuid, by=cast.stan, at=AT)
    assert list(activation_page(waiting=True).object_list) == []


def test_requests_are_kept_a_year_and_prints_a_day(cast: Cast) -> None:
    ask(source="a")
    sweep(at=AT + timedelta(hours=2))
    assert ActivationRequest.objects.get().source == "a"
    sweep(at=AT + timedelta(days=2))
    assert ActivationRequest.objects.get().source == ""
    sweep(at=AT + timedelta(days=365))
    assert not ActivationRequest.objects.exists()
