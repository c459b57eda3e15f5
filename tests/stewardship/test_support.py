"""Two of the staff who act at the same instant act once."""

from typing import Any

import pytest

from pix.accounts.identities import GAR, LastMethod, add_method, open_account
from pix.accounts.models import DataExport, SignInFailures, SignInMethod, User
from pix.audit.models import Event
from pix.mailing.models import Mail
from pix.organizations.actions import ChangedMeanwhile, correct_school, reopen_school
from pix.organizations.models import Organization
from pix.organizations.queries import settings_stamp
from pix.stewardship.actions import archive_school, support
from tests.factories.cast import AT, Cast, adult, make_cast
from tests.factories.together import together

pytestmark = pytest.mark.django_db(transaction=True)


def two(act: Any) -> tuple[Cast, list[Any]]:
    """The act by Stan and by Nina, at once."""
    cast = make_cast()
    nina = adult("Nina", "Nouvelle", "nina@pix.test", staff=True)
    prepared = act(cast)
    return cast, together(lambda: prepared(cast.stan), lambda: prepared(nina))


def test_one_unblocks() -> None:
    def act(cast: Cast) -> Any:
        SignInFailures.objects.create(user=cast.emma, count=50, blocked_at=AT)
        return lambda by: support.unblock_account(account=cast.emma, by=by, reason="r", at=AT)

    _cast, results = two(act)
    assert sorted(results) == [False, True]
    assert Event.objects.filter(verb="stewardship.unblock_account").count() == 1


def test_one_mail_leaves() -> None:
    from pix.mailing.actions import post

    def send(user: User) -> None:
        post(kind="x", to=user.email or "", subject="s", text="t", at=AT)

    def act(cast: Cast) -> Any:
        return lambda by: support.send_reset(account=cast.alice, by=by, reason="r", send=send, at=AT)

    _cast, results = two(act)
    assert sorted(results) == [False, True]
    assert Mail.objects.count() == 1


def test_one_copy_is_asked() -> None:
    letter = support.Letter("s", "t")

    def act(cast: Cast) -> Any:
        return lambda by: support.start_export(account=cast.alice, by=by, reason="r", letter=letter, at=AT)

    _cast, results = two(act)
    assert sorted(results) == [False, True]
    assert DataExport.objects.count() == Mail.objects.count() == 1


def test_a_method_moves_once() -> None:
    def act(cast: Cast) -> Any:
        double = open_account(provider=GAR, external_id="i", first_name="E", last_name="P", at=AT)
        return lambda by: support.move_method(source=double, target=cast.emma, by=by, reason="r", at=AT)

    cast, results = two(act)
    assert sorted(results) == [False, True]
    assert SignInMethod.objects.get().user == cast.emma
    assert Event.objects.filter(verb="stewardship.move_method").count() == 1


def test_two_moves_that_cross_wait_for_each_other() -> None:
    cast = make_cast()
    one = open_account(provider=GAR, external_id="1", first_name="A", last_name="A", at=AT)
    other = open_account(provider=GAR, external_id="2", first_name="B", last_name="B", at=AT)
    results = together(
        lambda: support.move_method(source=one, target=other, by=cast.stan, reason="r", at=AT),
        lambda: support.move_method(source=other, target=one, by=cast.stan, reason="r", at=AT),
    )
    assert [type(one).__name__ for one in results] == ["AlreadyIdentified", "AlreadyIdentified"]
    assert sorted(SignInMethod.objects.values_list("user", "external_id")) == [(one.pk, "1"), (other.pk, "2")]


def test_two_removals_leave_a_way_in() -> None:
    cast = make_cast()
    zoe = open_account(provider=GAR, external_id="1", first_name="Z", last_name="L", at=AT)
    add_method(user=zoe, provider="oidc:fwb", external_id="2", first_name="Z", last_name="L", at=AT)
    results = together(
        lambda: support.remove_method(account=zoe, provider=GAR, by=cast.stan, reason="r", at=AT),
        lambda: support.remove_method(account=zoe, provider="oidc:fwb", by=cast.stan, reason="r", at=AT),
    )
    assert sorted(type(one).__name__ for one in results) == ["LastMethod", "bool"]
    assert isinstance(next(one for one in results if one is not True), LastMethod)
    assert SignInMethod.objects.filter(user=zoe).count() == 1


def test_one_unlinks() -> None:
    def act(cast: Cast) -> Any:
        return lambda by: support.unlink_pupil(account=cast.emma, school=cast.school, by=by, reason="r", at=AT)

    cast, results = two(act)
    assert sorted(results) == [False, True]
    cast.emma_pupil.refresh_from_db()
    assert cast.emma_pupil.user is None
    assert Event.objects.filter(verb="stewardship.unlink_pupil").count() == 1


def test_one_erases() -> None:
    def act(cast: Cast) -> Any:
        return lambda by: support.erase_account(account=cast.bob, by=by, leaves_alone=False, reason="r", at=AT)

    _cast, results = two(act)
    assert sorted(results) == [False, True]
    assert Event.objects.filter(verb="stewardship.erase_person").count() == 1


def test_one_reopens() -> None:
    def act(cast: Cast) -> Any:
        archive_school(school=cast.school, by=cast.stan, at=AT)
        return lambda by: reopen_school(school=cast.school, by=by, reason="r", at=AT)

    cast, results = two(act)
    assert sorted(results) == [False, True]
    assert Organization.objects.get(pk=cast.school.pk).archived_at is None
    assert Event.objects.filter(verb="organizations.reopen_school").count() == 1


def test_two_corrections_at_once_the_second_is_told() -> None:
    cast = make_cast()
    seen = settings_stamp(cast.school)

    def correct(email: str) -> Any:
        return lambda: correct_school(
            school=cast.school, email=email, uses_gar=False, manages_pupils=True, seen=seen, notice=("s", "t"),
            by=cast.stan, reason="r", at=AT,
        )  # fmt: skip

    results = together(correct("un@college.test"), correct("deux@college.test"))
    assert sorted(type(one).__name__ for one in results) == ["ChangedMeanwhile", "bool"]
    assert any(isinstance(one, ChangedMeanwhile) for one in results)
    assert Event.objects.filter(verb="organizations.correct_school").count() == 1


def test_no_verb_without_a_reason() -> None:
    cast = make_cast()
    for reason in ("", "  \n "):
        with pytest.raises(support.NoReason):
            support.unblock_account(account=cast.emma, by=cast.stan, reason=reason, at=AT)
        with pytest.raises(support.NoReason):
            support.erase_account(account=cast.emma, by=cast.stan, leaves_alone=False, reason=reason, at=AT)
