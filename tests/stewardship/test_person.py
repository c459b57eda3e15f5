"""A copy of one's data, and the end of an account (schools 13)."""

import io
import json
import zipfile
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core.files.storage import default_storage
from django.db import connection

from pix.accounts.actions import accept_terms, create_account
from pix.accounts.actions.terms import publish_terms
from pix.accounts.enums import LegalService
from pix.accounts.models import DataExport, EmailChange, LegalAcceptance, Session, SignInFailures, User
from pix.audit.models import Event
from pix.jobs.worker import run_pending
from pix.learners.models import Pupil
from pix.mailing.actions import post
from pix.mailing.models import Mail
from pix.organizations.actions import add_member
from pix.organizations.enums import Role
from pix.organizations.models import Membership
from pix.stewardship import actions
from tests.factories.cast import AT, PASSWORD, Cast, adult, busy_cast
from tests.factories.together import together


def content(export: DataExport) -> dict[str, Any]:
    with default_storage.open(export.stored_name) as stored, zipfile.ZipFile(io.BytesIO(stored.read())) as archive:
        assert archive.namelist() == ["donnees.json", "lisez-moi.txt"]
        found: dict[str, Any] = json.loads(archive.read("donnees.json"))
    return found


@pytest.mark.django_db
def test_a_copy_holds_what_is_hers_and_nothing_of_anybody_else() -> None:
    cast = busy_cast()
    export = actions.ask_export(user=cast.emma, at=AT)
    assert actions.ask_export(user=cast.emma, at=AT) == export  # one at a time
    run_pending()
    export.refresh_from_db()
    assert export.ready_at is not None
    data = content(export)
    assert data["compte"]["identifiant"] == "emma.pix0903"
    assert data["élève"][0]["ine"] == "0123456789A"
    assert len(data["réponses"]) == 2
    assert data["parcours"][0]["status"] == "started"
    assert data["scolarité"][0]["division"] == "3eme3"
    text = json.dumps(data, ensure_ascii=False)
    assert "Diallo" not in text
    assert "alice@" not in text
    assert cast.emma.password not in text
    assert not actions.write_export(export=export.uuid, at=AT)  # a job that runs twice writes once


@pytest.mark.django_db
def test_a_copy_is_kept_a_week(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    export = actions.ask_export(user=cast.emma, at=AT)
    actions.write_export(export=export.uuid, at=AT)
    export.refresh_from_db()
    assert actions.drop_old_exports(at=AT + timedelta(days=7)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.drop_old_exports(at=AT + timedelta(days=7, seconds=1)) == 1
    assert not default_storage.exists(export.stored_name)
    assert not DataExport.objects.exists()


@pytest.mark.django_db
def test_a_new_demand_replaces_the_old_copy(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    first = actions.ask_export(user=cast.emma, at=AT)
    actions.write_export(export=first.uuid, at=AT)
    first.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        second = actions.ask_export(user=cast.emma, at=AT)
    assert second.uuid != first.uuid
    assert not default_storage.exists(first.stored_name)


@pytest.mark.django_db(transaction=True)
def test_two_demands_at_once_make_one_copy() -> None:
    user = create_account(first_name="A", last_name="B", email="a@b.test", password=PASSWORD, at=AT)

    def ask() -> Any:
        return actions.ask_export(user=user, at=AT).uuid

    one, two = together(ask, ask)
    assert one == two == DataExport.objects.get().uuid


# --- erasure ----------------------------------------------------------------------------------------------------------


def full_bob(cast: Cast) -> User:
    """Bob with a row in every table by which one signs in."""
    bob = cast.bob
    publish_terms(service=LegalService.ORGA, version_at=AT, at=AT)
    accept_terms(user=bob, service=LegalService.ORGA, at=AT)
    Session.objects.create(session_key="k" * 32, session_data="", expire_date=AT, user=bob)
    SignInFailures.objects.create(user=bob, count=3)
    EmailChange.objects.create(user=bob, email="b@c.test", code="x", expires_at=AT)
    User.objects.filter(pk=bob.pk).update(last_login=datetime(2026, 11, 17, 8, 30, tzinfo=UTC))
    post(kind="x", to="Bob@college.test", subject="s", text="Bonjour Bob", at=AT)
    return bob


@pytest.mark.django_db
def test_nothing_of_a_person_is_left_but_an_id(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    bob = full_bob(cast)
    export = actions.ask_export(user=bob, at=AT)
    actions.write_export(export=export.uuid, at=AT)
    export.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        actions.erase_person(user=bob, by=cast.stan.uuid, at=AT)
    row = User.objects.get(pk=bob.pk)
    assert (row.first_name, row.last_name, row.email, row.username) == (
        f"prenom_{bob.pk}", f"nom_{bob.pk}", None, None,
    )  # fmt: skip
    assert not row.has_usable_password()
    assert (row.is_active, row.is_staff) == (False, False)
    assert row.last_login == datetime(2026, 11, 1, tzinfo=UTC)
    assert (row.anonymised_at, row.anonymised_by) == (AT, str(cast.stan.uuid))
    for model in (Session, SignInFailures, EmailChange, EmailAddress, DataExport):
        assert not model.objects.filter(user=bob).exists(), model
    assert not default_storage.exists(export.stored_name)
    assert not Mail.objects.filter(to__iexact="bob@college.test").exists()
    assert LegalAcceptance.objects.filter(user=bob).exists()  # who accepted what stays, without a name
    assert Membership.objects.get(user=bob).disabled_at == AT
    assert Event.objects.filter(verb="stewardship.erase_person", target=str(bob.uuid)).count() == 1


@pytest.mark.django_db
def test_no_text_of_the_base_names_the_person_any_more(cast: Cast) -> None:
    """Every text of every table, whatever its name."""
    zoe = adult("Zoéphine", "Ultime", "zoephine.ultime@nulle.test")
    actions.erase_person(user=zoe, by=zoe.uuid, at=AT)
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [table for row in cursor.fetchall() if any("zoephine" in str(v).lower() for v in row)]
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [table for row in cursor.fetchall() if any("zoéphine" in str(v).lower() for v in row)]
    assert found == []


@pytest.mark.django_db
def test_a_pupil_leaves_the_roll_keeps_her(cast: Cast) -> None:
    emma = cast.emma
    actions.erase_person(user=emma, by=emma.uuid, at=AT)
    pupil = Pupil.objects.get(pk=cast.emma_pupil.pk)
    assert pupil.user_id is None
    assert (pupil.first_name, pupil.last_name, pupil.birth_date) == ("Emma", "Pix", date(2013, 3, 9))
    assert pupil.active
    again = create_account(first_name="E", last_name="P", username="emma.pix0903", password=PASSWORD, at=AT)
    assert again.pk != emma.pk  # the username is free


@pytest.mark.django_db
def test_the_only_administrator_names_another_first(cast: Cast) -> None:
    with pytest.raises(actions.LastAdmin) as alone:
        actions.erase_person(user=cast.alice, by=cast.alice.uuid, at=AT)
    assert alone.value.schools == [cast.school]
    cast.alice.refresh_from_db()
    assert cast.alice.anonymised_at is None
    other = adult("Léa", "Autre", "lea@college.test")
    add_member(organization=cast.school, user=other, role=Role.ADMIN, by="test", at=AT)
    actions.erase_person(user=cast.alice, by=cast.alice.uuid, at=AT)


@pytest.mark.django_db
def test_twice_does_nothing_more(cast: Cast) -> None:
    for at in (AT, AT + timedelta(days=1)):
        with time_machine.travel(at, tick=False):
            actions.erase_person(user=cast.bob, by=cast.bob.uuid, at=at)
    assert User.objects.get(pk=cast.bob.pk).anonymised_at == AT
    assert Event.objects.filter(verb="stewardship.erase_person").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_leave_at_once_leave_one() -> None:
    from tests.factories.cast import make_cast

    cast = make_cast()
    Membership.objects.filter(user=cast.bob).update(role=Role.ADMIN)

    def leave(user: User) -> Any:
        return lambda: actions.erase_person(user=user, by=user.uuid, at=AT)

    results = together(leave(cast.alice), leave(cast.bob))
    assert sorted(type(one).__name__ for one in results) == ["LastAdmin", "bool"]
    assert Membership.objects.filter(organization=cast.school, role=Role.ADMIN, disabled_at=None).count() == 1
