"""Too many wrong passwords: by person as schools 12 says it, by address so that nobody sprays; case 96."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from pix.accounts.actions import passwords
from pix.accounts.models import SignInFailures, User
from pix.accounts.rules import lock_after
from pix.audit.models import Event
from pix.web.public import limits
from tests.accounts.test_signing_in import WRONG, sign_in, words
from tests.factories.cast import AT, PASSWORD, Cast, adult, pupil_account
from tests.factories.together import together

TEMPORARY = "Vous avez effectué trop de tentatives de connexion. Réessayez plus tard ou cliquez sur mot de passe oublié"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


@pytest.mark.parametrize(
    ("failures", "minutes"),
    [(0, None), (9, None), (10, 2), (11, None), (20, 4), (30, 8), (40, 16), (49, None), (50, None), (60, None)],
)
def test_how_long_a_door_stays_closed(failures: int, minutes: int | None) -> None:
    assert lock_after(failures) == (None if minutes is None else timedelta(minutes=minutes))


@pytest.mark.proves("A-051", "T-031")
@pytest.mark.django_db
def test_the_tenth_wrong_password_closes_two_minutes(cast: Cast) -> None:
    with time_machine.travel(AT, tick=False) as clock:
        for _ in range(10):
            assert WRONG in words(sign_in("alice@college.test", "Brumeville2")[1])
        _client, refused = sign_in("alice@college.test")  # the right one is refused meanwhile
        assert refused.status_code == 403
        assert TEMPORARY in words(refused)
        assert "Nouvel essai possible dans 2 minutes." in words(refused)
        assert sign_in("bob@college.test")[1].status_code == 302  # a colleague behind the same address comes in
        clock.shift(timedelta(seconds=119))
        assert "dans 1 minute." in words(sign_in("alice@college.test")[1])
        clock.shift(timedelta(seconds=1))
        assert sign_in("alice@college.test")[1].status_code == 302
    assert not SignInFailures.objects.exists()


@pytest.mark.django_db
def test_while_it_is_closed_the_password_is_not_even_checked(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    SignInFailures.objects.create(user=cast.alice, count=10, blocked_until=AT + timedelta(minutes=2))

    def never(*_args: Any) -> bool:
        raise AssertionError("checked")

    monkeypatch.setattr(User, "check_password", never)
    with pytest.raises(passwords.Blocked) as blocked:
        passwords.check_login(login="alice@college.test", password=PASSWORD, at=AT)
    assert blocked.value.code == "USER_IS_TEMPORARY_BLOCKED"
    assert SignInFailures.objects.get().count == 10


@pytest.mark.proves("A-051")
@pytest.mark.django_db
def test_the_fiftieth_closes_until_somebody_opens(cast: Cast) -> None:
    SignInFailures.objects.create(user=cast.emma, count=49)
    assert passwords.check_login(login="emma.pix0903", password="x", at=AT) is None
    with time_machine.travel(AT + timedelta(days=400), tick=False):
        _client, refused = sign_in("emma.pix0903")
        assert refused.status_code == 403
        assert "Votre compte est bloqué" in words(refused)
    assert passwords.unblock(user=cast.emma, by=cast.alice, at=AT)
    assert not passwords.unblock(user=cast.emma, by=cast.alice, at=AT)
    assert Event.objects.filter(verb="accounts.unblock", actor=str(cast.alice.uuid)).count() == 1
    assert sign_in("emma.pix0903")[1].status_code == 302


@pytest.mark.django_db
def test_a_right_password_forgets_the_wrong_ones(cast: Cast) -> None:
    for _ in range(9):
        passwords.check_login(login="emma.pix0903", password="x", at=AT)
    assert SignInFailures.objects.get().count == 9
    assert passwords.check_login(login="EMMA.pix0903", password=PASSWORD, at=AT) == cast.emma
    assert not SignInFailures.objects.exists()


@pytest.mark.django_db
def test_an_unknown_login_counts_for_nobody(cast: Cast) -> None:
    assert passwords.check_login(login="personne@nulle.test", password=PASSWORD, at=AT) is None
    assert not SignInFailures.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_wrong_passwords_at_once_count_two() -> None:
    user = pupil_account("Emma", "Pix", "emma.pix0903")

    def wrong() -> Any:
        return passwords.check_login(login="emma.pix0903", password="x", at=AT)

    assert together(wrong, wrong) == [None, None]
    assert SignInFailures.objects.get(user=user).count == 2
    SignInFailures.objects.update(count=8)
    assert together(wrong, wrong) == [None, None]
    failures = SignInFailures.objects.get(user=user)
    assert (failures.count, failures.blocked_until) == (10, AT + timedelta(minutes=2))


@pytest.mark.django_db
def test_the_right_password_among_many_tried_at_once_stays_outside(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others closed the door while this one was being checked."""

    def meanwhile(self: User, raw: str) -> bool:
        SignInFailures.objects.create(user=self, count=10, blocked_until=AT + timedelta(minutes=2))
        return True

    monkeypatch.setattr(User, "check_password", meanwhile)
    with pytest.raises(passwords.Blocked):
        passwords.check_login(login="alice@college.test", password=PASSWORD, at=AT)


# --- by address -------------------------------------------------------------------------------------------------------


@pytest.mark.proves("T-031")
@pytest.mark.django_db
def test_two_hundred_pupils_behind_one_address_come_in(settings: Any) -> None:
    """Each with a slip of the finger first, all within two minutes."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with time_machine.travel(AT, tick=False):
        for number in range(200):
            pupil_account("Élève", f"N{number}", f"eleve.n{number:04}")
            assert sign_in(f"eleve.n{number:04}", "Brumevile1")[1].status_code == 401
            assert sign_in(f"eleve.n{number:04}")[1].status_code == 302


@pytest.mark.django_db
def test_one_password_on_every_account_is_stopped(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FAILURES", 5)
    for number in range(5):
        assert sign_in(f"eleve.n{number:04}", "Password1")[1].status_code == 401
    _client, refused = sign_in("alice@college.test")
    assert refused.status_code == 429
    assert "depuis ce réseau" in words(refused)
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert sign_in("alice@college.test", client=elsewhere)[1].status_code == 302
    assert not SignInFailures.objects.exists()


@pytest.mark.django_db
def test_behind_a_proxy_each_visitor_has_an_address(cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    monkeypatch.setattr(limits, "FAILURES", 1)
    liar, honest = Client(HTTP_X_FORWARDED_FOR="1.2.3.4, 192.0.2.7"), Client(HTTP_X_FORWARDED_FOR="192.0.2.8")
    assert sign_in("bob@college.test", "x", client=liar)[1].status_code == 401
    liar = Client(HTTP_X_FORWARDED_FOR="5.6.7.8, 192.0.2.7")
    assert sign_in("bob@college.test", client=liar)[1].status_code == 429
    assert sign_in("bob@college.test", client=honest)[1].status_code == 302


@pytest.mark.django_db
def test_a_closed_account_with_the_right_password_is_told_so() -> None:
    user = adult("Zoé", "Partie", "zoe@nulle.test")
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert sign_in("zoe@nulle.test")[1]["Location"] == "/compte-ferme"
