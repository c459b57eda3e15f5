"""Identities that a provider vouches for: one account each, one a provider, spent assertions, exchanges (schools 10.1)."""

from datetime import timedelta

import pytest

from pix.accounts import exchanges, identities
from pix.accounts.actions import create_account
from pix.accounts.models import Session, SignInMethod, SpentAssertion, User
from pix.audit.models import Event
from tests.factories.cast import AT, PASSWORD
from tests.factories.together import together

pytestmark = pytest.mark.django_db
GAR = identities.GAR
EMMA = {"provider": GAR, "external_id": "ido-emma", "first_name": "Emma", "last_name": "Pix"}


def person(username: str = "emma.pix0903") -> User:
    return create_account(first_name="Emma", last_name="Pix", username=username, password=PASSWORD, at=AT)


def test_an_account_opened_by_an_identity_has_no_other_way_in() -> None:
    user = identities.open_account(**EMMA, at=AT)
    assert (user.first_name, user.email, user.username, user.terms_accepted_at) == ("Emma", None, None, None)
    assert not user.has_usable_password()
    assert identities.owner_of(GAR, "ido-emma") == user
    assert identities.owner_of("AUTRE", "ido-emma") is None
    assert identities.with_method([user.pk, 0], GAR) == {user.pk}


def test_coming_in_refreshes_the_names_and_the_date() -> None:
    user = identities.open_account(**EMMA, at=AT)
    later = AT + timedelta(days=1)
    assert identities.come_in(**{**EMMA, "first_name": "Emma-Lou"}, at=later) == user
    row = SignInMethod.objects.get()
    assert (row.first_name, row.created_at, row.last_used_at) == ("Emma-Lou", AT, later)
    assert identities.come_in(**{**EMMA, "external_id": "inconnu"}, at=later) is None


def test_an_identity_has_one_account_and_an_account_one_identity() -> None:
    user, other = identities.open_account(**EMMA, at=AT), person()
    with pytest.raises(identities.IdentityTaken):
        identities.open_account(**EMMA, at=AT)
    with pytest.raises(identities.IdentityTaken):
        identities.add_method(user=other, **EMMA, at=AT)
    with pytest.raises(identities.AlreadyIdentified):
        identities.add_method(user=user, **{**EMMA, "external_id": "ido-2"}, at=AT)
    assert identities.add_method(user=user, **EMMA, at=AT).user == user
    assert (User.objects.count(), SignInMethod.objects.count()) == (2, 1)


def test_a_new_identifier_replaces_the_old_one() -> None:
    user = identities.open_account(**EMMA, at=AT)
    identities.replace_identity(user=user, **{**EMMA, "external_id": "ido-2"}, at=AT)
    assert identities.owner_of(GAR, "ido-emma") is None
    assert identities.owner_of(GAR, "ido-2") == user
    taken = identities.open_account(**EMMA, at=AT)
    with pytest.raises(identities.IdentityTaken):
        identities.replace_identity(user=taken, **{**EMMA, "external_id": "ido-2"}, at=AT)


def test_staff_move_an_identity_and_remove_one_that_is_not_the_last() -> None:
    user, other, staff = identities.open_account(**EMMA, at=AT), person(), person("stan.pix0101")
    with pytest.raises(identities.LastMethod):
        identities.remove_method(provider=GAR, user=user, by=staff, at=AT)
    identities.move_method(provider=GAR, source=user, target=other, by=staff, at=AT)
    assert identities.owner_of(GAR, "ido-emma") == other
    identities.remove_method(provider=GAR, user=other, by=staff, at=AT)
    assert not SignInMethod.objects.exists()
    verbs = [
        event.verb for event in Event.objects.filter(actor=str(staff.uuid), verb__contains="method").order_by("id")
    ]
    assert verbs == ["accounts.move_method", "accounts.remove_method"]


def test_an_identity_is_not_moved_onto_another() -> None:
    user = identities.open_account(**EMMA, at=AT)
    other = identities.open_account(**{**EMMA, "external_id": "ido-2"}, at=AT)
    with pytest.raises(identities.AlreadyIdentified):
        identities.move_method(provider=GAR, source=user, target=other, by=other, at=AT)


def test_an_identity_waits_for_an_hour() -> None:
    session: dict[str, object] = {}
    pending = identities.Pending(GAR, "ido-emma", "Emma", "Pix")
    assert identities.pending_of(session, GAR, at=AT) is None
    identities.keep_pending(session, pending, at=AT)
    assert identities.pending_of(session, GAR, at=AT + timedelta(minutes=59)) == pending
    with pytest.raises(identities.PendingExpired):
        identities.pending_of(session, GAR, at=AT + timedelta(hours=1))
    assert identities.pending_of(session, "oidc:essai", at=AT) is None
    identities.drop_pending(session)
    assert identities.pending_of(session, GAR, at=AT) is None


def test_an_assertion_serves_once_and_is_forgotten_when_it_is_dead() -> None:
    identities.spend_assertion(assertion="_a1", expires=AT)
    with pytest.raises(identities.AssertionReplayed):
        identities.spend_assertion(assertion="_a1", expires=AT + timedelta(hours=1))
    identities.spend_assertion(assertion="_a2", expires=AT)
    assert identities.forget_spent_assertions(at=AT) == 0
    assert identities.forget_spent_assertions(at=AT + timedelta(seconds=1)) == 2
    assert not SpentAssertion.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_one_assertion_at_the_same_instant() -> None:
    results = together(*[lambda: identities.spend_assertion(assertion="_a1", expires=AT)] * 4)
    assert sorted(type(one).__name__ for one in results) == ["AssertionReplayed"] * 3 + ["NoneType"]


@pytest.mark.django_db(transaction=True)
def test_one_identity_at_the_same_instant() -> None:
    results = together(*[lambda: identities.open_account(**EMMA, at=AT)] * 3)
    assert sum(isinstance(one, User) for one in results) == 1
    assert sum(isinstance(one, identities.IdentityTaken) for one in results) == 2
    assert (User.objects.count(), SignInMethod.objects.count()) == (1, 1)


def test_an_exchange_lives_ten_minutes_and_is_closed_once() -> None:
    state = exchanges.new_state()
    asked = exchanges.Exchange("_request", "/campagnes")
    exchanges.open_exchange(state=state, exchange=asked, at=AT)
    assert exchanges.exchange_of(state=state, at=AT + timedelta(minutes=9)) == asked
    assert exchanges.exchange_of(state=state, at=AT + timedelta(minutes=10)) is None
    assert exchanges.exchange_of(state="", at=AT) is None
    assert exchanges.close_exchange(state=state)
    assert not exchanges.close_exchange(state=state)
    assert exchanges.exchange_of(state=state, at=AT) is None


def test_a_sign_in_is_no_exchange() -> None:
    """The state of an exchange and the key of a sign-in stand in one table: neither passes for the other."""
    from django.test import Client

    user, client = person(), Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    key = client.session.session_key or ""
    assert exchanges.exchange_of(state=key, at=AT) is None
    assert not exchanges.close_exchange(state=key)
    assert Session.objects.filter(session_key=key).exists()
