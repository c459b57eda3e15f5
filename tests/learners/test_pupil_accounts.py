"""A team opens a pupil's account again, and gives a password for one use (schools 9.6 and 12)."""

import pytest

from pix.accounts.actions import passwords
from pix.accounts.models import SignInFailures, User
from pix.learners.actions import PupilNotFound
from pix.learners.actions.accounts import NoPasswordHere, reset_pupil_password, unblock_pupil
from pix.learners.models import Pupil
from tests.factories.cast import AT, PASSWORD, Cast, make_pupil

pytestmark = pytest.mark.django_db


def closed(cast: Cast) -> Pupil:
    SignInFailures.objects.create(user=cast.emma, count=50, blocked_at=AT)
    return cast.emma_pupil


def test_any_member_of_the_school_opens_the_door(cast: Cast) -> None:
    pupil = closed(cast)
    with pytest.raises(passwords.Blocked):
        passwords.check_login(login="emma.pix0903", password=PASSWORD, at=AT)
    assert unblock_pupil(pupil=pupil, by=cast.bob_member, at=AT)
    assert not unblock_pupil(pupil=pupil, by=cast.bob_member, at=AT)
    assert passwords.check_login(login="emma.pix0903", password=PASSWORD, at=AT) == cast.emma


def test_another_school_does_not_see_the_pupil(cast: Cast) -> None:
    pupil = closed(cast)
    for verb in (unblock_pupil, reset_pupil_password):
        with pytest.raises(PupilNotFound):
            verb(pupil=pupil, by=cast.charlie_member, at=AT)  # type: ignore[operator]
    assert SignInFailures.objects.exists()


def test_a_pupil_without_an_account_has_no_door(cast: Cast) -> None:
    with pytest.raises(PupilNotFound):
        unblock_pupil(pupil=make_pupil(cast.school, "Noé", "Durand"), by=cast.bob_member, at=AT)


def test_a_password_for_one_use_also_opens_the_door(cast: Cast) -> None:
    pupil = closed(cast)
    given = reset_pupil_password(pupil=pupil, by=cast.bob_member, at=AT)
    user = passwords.check_login(login="emma.pix0903", password=given, at=AT)
    assert user == cast.emma
    assert user is not None
    assert user.must_change_password


def test_a_pupil_of_the_mediacentre_has_no_password(cast: Cast) -> None:
    User.objects.filter(pk=cast.emma.pk).update(username=None)
    with pytest.raises(NoPasswordHere):
        reset_pupil_password(pupil=Pupil.objects.get(pk=cast.emma_pupil.pk), by=cast.bob_member, at=AT)
