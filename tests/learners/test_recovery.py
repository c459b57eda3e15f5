"""Getting back an account after school (schools 9.8), through the actions; two people at once on real connections."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils.crypto import salted_hmac

from pix.accounts.actions import BadPassword, confirm_email, create_account
from pix.accounts.models import User
from pix.audit.models import Event
from pix.learners import actions
from pix.learners.models import AccountRecovery, Pupil, RecoveryCounter
from pix.learners.queries import RecoveryUnknown, demand_of, found_account
from pix.learners.rules import KeyState, RecoveryRefusal, ine_of, recovery_refusal
from pix.mailing.models import Mail
from tests.factories.together import together
from tests.learners.rolls import AT, PASSWORD, school

pytestmark = pytest.mark.django_db
BORN = date(2006, 5, 4)
INE = "012345678AB"
NEW = "noe@maison.test"


def pupil(uai: str = "0999001A", *, email: str | None = None, **more: Any) -> Pupil:
    """Noé, with an account, on the roll of a school."""
    user = more.pop("user", None) or create_account(
        first_name="Noé",
        last_name="Durand",
        username=f"noe.durand{User.objects.count():04}",
        email=email,
        password=PASSWORD,
        at=AT,
    )
    values = {
        "ine": INE, "first_name": "Noé", "last_name": "Durand", "second_name": "Félix", "birth_date": BORN,
        "order_key": "", "search_key": "", "created_at": AT, "updated_at": AT, "user": user,
    }  # fmt: skip
    return Pupil.objects.create(organization=school(uai=uai).organization, **(values | more))


def search(**changes: Any) -> Any:
    typed = {"ine": INE, "first_name": "Noé", "last_name": "Durand", "birth_date": BORN, "address": "192.0.2.7"}
    return actions.search_account(**(typed | {"at": AT} | changes))


def ask(row: Pupil, email: str = NEW, at: Any = AT) -> str:
    """The key that the message carries."""
    kept: list[str] = []

    def letter(key: str) -> actions.Letter:
        kept.append(key)
        return actions.Letter("Récupérez votre compte", f"https://pix.test/recuperer-mon-compte/{key}")

    actions.ask_recovery(pupil=row.uuid, email=email, letter=letter, notice=actions.Letter("Demande", "…"), at=at)
    return kept[0]


def use(key: str, password: str = "NouveauMot2", at: Any = AT) -> User:
    return actions.use_recovery(key=key, password=password, at=at)


# --- rules ---


@pytest.mark.parametrize(
    ("typed", "ine"),
    [
        ("012345678ab", "012345678AB"),
        (" 0123 456 78AB ", "012345678AB"),
        ("0123456789z", "0123456789Z"),
        ("01234567AB", None),
        ("012345678ABC", None),
        ("01234567890", None),
        ("٠١٢٣٤٥٦٧٨AB", None),
        ("", None),
    ],
)
def test_an_ine_or_a_former_apprentice_number(typed: str, ine: str | None) -> None:
    """Case 97, first half."""
    assert ine_of(typed) == ine


def test_refusals_in_order() -> None:
    assert recovery_refusal(ines=["A", "B"], recovered=True) is RecoveryRefusal.CONFLICT
    assert recovery_refusal(ines=["A", "", "A"], recovered=True) is RecoveryRefusal.ALREADY_RECOVERED
    assert recovery_refusal(ines=["A", ""], recovered=False) is None
    assert [one.status for one in RecoveryRefusal] == [409, 403]


# --- searching ---


def test_the_account_is_found_and_shown_without_its_address() -> None:
    row = pupil(email="noe@college.test")
    assert search(first_name="noe", last_name="DURAN") == search(first_name="Felix") == row.uuid
    found = found_account(row.uuid)
    assert found is not None
    assert (found.first_name, found.masked_email, found.school) == (
        "Noé",
        "n***@college.test",
        "Collège Simone-Lumière",
    )


def test_the_latest_updated_record_decides_even_deactivated() -> None:
    first = pupil()
    later = pupil("0999002B", user=first.user, updated_at=AT + timedelta(days=1), active=False, first_name="Noé-Jean")
    assert search(first_name="Noé Jean") == later.uuid


@pytest.mark.parametrize(
    "wrong",
    [{"ine": "012345678AC"}, {"birth_date": date(2006, 5, 5)}, {"first_name": "Milan"}, {"last_name": "Martin"}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_nobody_of_this_description(wrong: dict[str, Any]) -> None:
    pupil()
    with pytest.raises(RecoveryUnknown):
        search(**wrong)


def test_a_pupil_without_an_account_or_with_a_closed_one_is_not_found() -> None:
    row = pupil()
    User.objects.filter(pk=row.user_id).update(is_active=False)
    with pytest.raises(RecoveryUnknown):
        search()
    assert found_account(row.uuid) is None
    Pupil.objects.filter(pk=row.pk).update(user=None)
    with pytest.raises(RecoveryUnknown):
        search()


def test_an_account_of_several_ines_is_a_conflict() -> None:
    row = pupil()
    pupil("0999002B", user=row.user, ine="999999999ZZ", birth_date=date(2008, 1, 1))
    with pytest.raises(actions.RecoveryRefused) as refused:
        search()
    assert refused.value.refusal is RecoveryRefusal.CONFLICT


def test_five_searches_an_hour_from_one_address() -> None:
    pupil()
    for minute in range(5):
        search(at=AT + timedelta(minutes=minute))
    with pytest.raises(actions.TooManySearches):
        search(at=AT + timedelta(minutes=59))
    search(address="192.0.2.8", at=AT + timedelta(minutes=59))
    search(at=AT + timedelta(minutes=60))
    with pytest.raises(actions.TooManySearches):
        search(at=AT + timedelta(minutes=60, seconds=30))
    assert not RecoveryCounter.objects.filter(place__contains="192.0.2").exists()


def test_a_search_that_finds_nobody_counts_too() -> None:
    for _try in range(5):
        with pytest.raises(RecoveryUnknown):
            search()
    with pytest.raises(actions.TooManySearches):
        search()


@pytest.mark.django_db(transaction=True)
def test_searches_of_the_same_instant_are_all_counted() -> None:
    pupil()
    outcomes = together(*[search for _one in range(8)])
    assert [type(one) for one in outcomes].count(actions.TooManySearches) == 3
    assert len(RecoveryCounter.objects.get().times) == 5


# --- asking ---


def test_the_key_leaves_for_the_new_address_and_the_old_one_is_told() -> None:
    row = pupil(email="noe@college.test")
    key = ask(row, " NOE@maison.test ")
    assert re.fullmatch("[0-9a-f]{64}", key)
    demand = AccountRecovery.objects.get()
    assert (demand.new_email, demand.old_email, demand.used_at) == (NEW, "noe@college.test", None)
    assert key not in demand.key_digest
    assert demand.expires_at == AT + timedelta(hours=settings.RECOVERY_HOURS) == AT + timedelta(hours=24)
    assert {(mail.to, mail.kind) for mail in Mail.objects.all()} == {
        (NEW, "account_recovery"),
        ("noe@college.test", "account_recovery_notice"),
    }
    assert key in Mail.objects.get(to=NEW).text
    assert Event.objects.get(verb="learners.ask_recovery").target == str(row.uuid)


def test_without_an_old_address_nobody_else_is_written_to() -> None:
    ask(pupil())
    assert [mail.to for mail in Mail.objects.all()] == [NEW]


def test_an_address_that_an_account_has_is_refused() -> None:
    row = pupil()
    create_account(first_name="A", last_name="B", email="Pris@maison.test", password=PASSWORD, at=AT)
    with pytest.raises(actions.AddressTaken):
        ask(row, "pris@MAISON.test")
    assert not Mail.objects.exists()


# --- using ---


def test_the_account_is_given_back() -> None:
    row = pupil(email="noe@college.test")
    assert row.user is not None
    confirm_email(user=row.user, at=AT)
    User.objects.filter(pk=row.user.pk).update(must_change_password=True)
    later = AT + timedelta(hours=1)
    user = use(ask(row), at=later)
    user.refresh_from_db()
    assert (user.email, user.terms_accepted_at, user.must_change_password) == (NEW, later, False)
    assert user.check_password("NouveauMot2")
    assert [(one.email, one.verified, one.primary) for one in user.emailaddress_set.all()] == [(NEW, True, True)]
    assert AccountRecovery.objects.get().used_at == later
    assert Event.objects.filter(verb="learners.use_recovery").count() == 1


@pytest.mark.parametrize(("hours", "state"), [(23.9, KeyState.OPEN), (24, KeyState.EXPIRED), (100, KeyState.EXPIRED)])
def test_a_key_lasts_a_day(hours: float, state: KeyState) -> None:
    """Case 97, second half."""
    key = ask(pupil())
    at = AT + timedelta(hours=hours)
    assert demand_of(key, at).state is state
    if state is KeyState.EXPIRED:
        with pytest.raises(actions.KeyClosed) as closed:
            use(key, at=at)
        assert closed.value.state is state


def test_a_key_serves_once_and_so_does_the_recovery() -> None:
    row = pupil()
    key, other = ask(row), ask(row, "autre@maison.test")
    use(key)
    with pytest.raises(actions.KeyClosed) as closed:
        use(key, at=AT + timedelta(days=2))
    assert closed.value.state is KeyState.USED
    for again in (lambda: use(other), search, lambda: ask(row, "encore@maison.test")):
        with pytest.raises(actions.RecoveryRefused) as refused:
            again()
        assert refused.value.refusal is RecoveryRefusal.ALREADY_RECOVERED
    assert User.objects.get(pk=row.user_id).email == NEW


def test_an_unknown_key_opens_nothing() -> None:
    key = ask(pupil())
    for wrong in (key[:-1] + ("0" if key[-1] != "0" else "1"), key.upper() + "0", ""):
        with pytest.raises(RecoveryUnknown):
            use(wrong)
        with pytest.raises(RecoveryUnknown):
            demand_of(wrong, AT)


def test_a_weak_password_or_a_taken_address_leaves_the_key_as_it_was() -> None:
    row = pupil()
    key = ask(row)
    with pytest.raises(BadPassword):
        use(key, "faible")
    create_account(first_name="A", last_name="B", email=NEW, password=PASSWORD, at=AT)
    with pytest.raises(actions.AddressTaken):
        use(key)
    assert User.objects.get(pk=row.user_id).email is None
    assert AccountRecovery.objects.get().used_at is None


@pytest.mark.django_db(transaction=True)
def test_a_key_used_twice_in_the_same_instant() -> None:
    key = ask(pupil())
    outcomes = together(lambda: use(key, "PremierMot1"), lambda: use(key, "SecondMot22"))
    won = [one for one in outcomes if isinstance(one, User)]
    lost = [one for one in outcomes if isinstance(one, actions.KeyClosed)]
    assert (len(won), len(lost)) == (1, 1), outcomes
    word = "PremierMot1" if outcomes[0] is won[0] else "SecondMot22"
    assert User.objects.get(pk=won[0].pk).check_password(word)
    assert Event.objects.filter(verb="learners.use_recovery").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_keys_of_one_account_in_the_same_instant() -> None:
    row = pupil()
    keys = ask(row), ask(row, "autre@maison.test")
    outcomes = together(lambda: use(keys[0]), lambda: use(keys[1]))
    assert sorted(type(one).__name__ for one in outcomes) == ["RecoveryRefused", "User"], outcomes
    assert AccountRecovery.objects.filter(used_at__isnull=False).count() == 1


def test_the_sweep_forgets_counters_and_old_unused_demands() -> None:
    row = pupil()
    search()
    key = ask(row)
    actions.sweep_recoveries(at=AT + timedelta(minutes=59))
    assert RecoveryCounter.objects.exists()
    actions.sweep_recoveries(at=AT + timedelta(days=30))
    assert (RecoveryCounter.objects.exists(), AccountRecovery.objects.exists()) == (False, True)
    actions.sweep_recoveries(at=AT + timedelta(days=32))
    with pytest.raises(RecoveryUnknown):
        demand_of(key, AT)


def test_the_addresses_of_a_used_demand_go_after_a_month_and_all_of_it_with_the_person() -> None:
    row = pupil(email="noe@college.test")
    user = use(ask(row))
    actions.sweep_recoveries(at=AT + timedelta(days=29))
    assert AccountRecovery.objects.get().new_email == NEW
    actions.sweep_recoveries(at=AT + timedelta(days=31))
    kept = AccountRecovery.objects.get()
    assert (kept.old_email, kept.new_email, kept.used_at) == ("", "", AT)
    with pytest.raises(actions.RecoveryRefused):
        search()
    actions.forget_recoveries(user=user)
    assert not AccountRecovery.objects.exists()


def test_the_network_address_is_kept_as_a_keyed_digest() -> None:
    pupil()
    search()
    plain = salted_hmac("pix.learners.recovery", "192.0.2.7", algorithm="sha256").hexdigest()
    assert RecoveryCounter.objects.get().place == plain
