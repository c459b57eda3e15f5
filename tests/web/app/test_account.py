"""« Mon compte »: password, address, devices, my data, the end (schools 12 and 13)."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pix.accounts.actions import emails
from pix.accounts.models import DataExport, EmailChange, Session, User
from pix.accounts.rules import PASSWORD_RULE, device_of
from pix.mailing.models import Mail
from pix.stewardship import actions as stewardship
from tests.accounts.test_signing_in import sign_in, words
from tests.factories.cast import AT, PASSWORD, Cast, adult
from tests.factories.together import together

NEW = "Brumeville2"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (FIREFOX, ("Firefox", "Linux")),
        (IPHONE, ("Safari", "iPhone")),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0", ("Edge", "Windows")),
        ("Mozilla/5.0 (X11; CrOS x86_64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36", ("Chrome", "Chromebook")),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36", ("Chrome", "Android")),
        ("curl/8", ("", "")),
        ("", ("", "")),
    ],
)
def test_a_device_in_plain_words(agent: str, device: tuple[str, str]) -> None:
    assert device_of(agent) == device


# --- devices ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_one_sees_ones_devices_and_signs_one_out(cast: Cast) -> None:
    with time_machine.travel(AT, tick=False) as clock:
        phone, _ = sign_in("alice@college.test", client=Client(headers={"User-Agent": IPHONE}))
        sign_in("bob@college.test", client=Client(headers={"User-Agent": "Bob's Chrome/1"}))
        clock.shift(timedelta(hours=2))
        desk, _ = sign_in("alice@college.test", client=Client(headers={"User-Agent": FIREFOX}))
        page = desk.get("/mon-compte")
        shown = words(page)
        assert "Appareils connectés (2)" in shown
        assert "Firefox · Linux Cet appareil02/11/2026 à 12:00" in shown
        assert "Safari · iPhone02/11/2026 à 10:00" in shown
        source = page.content.decode()
        assert phone.session.session_key not in source
        ref = re.search(r'name="ref" value="(\w+)"', source)
        assert ref
        assert desk.post("/mon-compte/appareils", {"ref": ref[1]})["Location"] == "/mon-compte"
    assert Session.objects.filter(user=cast.alice).count() == 1
    assert Session.objects.filter(user=cast.bob).count() == 1
    assert phone.get("/accueil").status_code == 302


@pytest.mark.django_db
def test_nobody_ends_the_sign_in_of_another(cast: Cast) -> None:
    from pix.accounts.queries import session_ref

    bob, _ = sign_in("bob@college.test")
    alice, _ = sign_in("alice@college.test")
    answer = alice.post("/mon-compte/appareils", {"ref": session_ref(bob.session.session_key)})
    assert answer.status_code == 404
    assert bob.get("/accueil").status_code == 200


@pytest.mark.django_db
def test_all_the_other_devices_at_once(cast: Cast) -> None:
    others = [sign_in("alice@college.test")[0] for _ in range(2)]
    here, _ = sign_in("alice@college.test")
    here.post("/mon-compte/appareils", {"others": "1"})
    assert here.get("/accueil").status_code == 200
    assert [one.get("/accueil").status_code for one in others] == [302, 302]


@pytest.mark.django_db
def test_the_last_use_is_noted_by_the_hour(cast: Cast) -> None:
    with time_machine.travel(AT, tick=False) as clock:
        client, _ = sign_in("alice@college.test")
        for shift, seen in ((timedelta(minutes=59), AT), (timedelta(minutes=2), AT + timedelta(minutes=61))):
            clock.shift(shift)
            client.get("/accueil")
            row = Session.objects.get(user=cast.alice)
            assert (row.created_at, row.seen_at) == (AT, seen)


# --- password ---------------------------------------------------------------------------------------------------------


def change(client: Client, current: str, new: str) -> Any:
    return client.post("/mon-compte/mot-de-passe", {"current": current, "password": new})


@pytest.mark.django_db
def test_another_password_ends_the_other_sign_ins(cast: Cast) -> None:
    there, _ = sign_in("emma.pix0903")
    here, _ = sign_in("emma.pix0903")
    assert change(here, PASSWORD, NEW)["Location"] == "/mon-compte"
    assert "Votre mot de passe est changé" in words(here.get("/mon-compte"))
    assert there.get("/accueil").status_code == 302
    assert sign_in("emma.pix0903", NEW)[1].status_code == 302


@pytest.mark.django_db
def test_a_password_is_changed_by_who_knows_it(cast: Cast) -> None:
    client = cast.client("pupil")
    wrong = change(client, "Brumeville9", NEW)
    assert (wrong.status_code, "Ce mot de passe n'est pas celui de votre compte." in words(wrong)) == (422, True)
    weak = change(client, PASSWORD, "abcdefgh")
    assert (weak.status_code, PASSWORD_RULE in words(weak)) == (422, True)
    for _ in range(9):
        change(client, "Brumeville9", NEW)
    for _ in range(2):  # a right password in between forgot the first wrong one
        blocked = change(client, "Brumeville9", NEW)
    assert blocked.status_code == 403
    assert change(client, PASSWORD, NEW).status_code == 403  # an open screen does not go round the lock


# --- address ----------------------------------------------------------------------------------------------------------


def ask(client: Client, email: str, current: str = PASSWORD) -> Any:
    return client.post("/mon-compte/adresse", {"email": email, "current": current})


def code() -> str:
    found = re.search(r"^(\d{6})$", Mail.objects.filter(kind="email_change_code").latest("id").text, re.MULTILINE)
    assert found
    return found[1]


def confirm(client: Client, typed: str) -> Any:
    return client.post("/mon-compte/adresse/code", {"code": typed})


@pytest.mark.django_db
def test_a_new_address_by_the_code_it_received(cast: Cast) -> None:
    client = cast.client("admin")
    assert ask(client, " Alice.M@Lycee.test ")["Location"] == "/mon-compte/adresse/code"
    assert Mail.objects.get().to == "alice.m@lycee.test"
    assert code() not in EmailChange.objects.get().code
    assert sign_in("alice.m@lycee.test")[1].status_code == 401  # not yet
    assert confirm(client, code())["Location"] == "/mon-compte"
    told = Mail.objects.get(kind="email_changed")
    assert told.to == "alice@college.test"
    assert "a***@lycee.test" in told.text
    assert "alice.m" not in told.text
    assert sign_in("alice.m@lycee.test")[1]["Location"] == "/espaces"  # proved by the code
    assert sign_in("alice@college.test")[1].status_code == 401
    assert confirm(client, "000000").status_code == 403  # used


@pytest.mark.django_db
def test_what_an_address_is_refused_for(cast: Cast) -> None:
    client = cast.client("admin")
    wrong = ask(client, "a@b.test", "Brumeville9")
    assert (wrong.status_code, 'value="a@b.test"' in wrong.content.decode()) == (422, True)
    assert ask(client, "pas une adresse").status_code == 422
    taken = ask(client, "BOB@college.test")
    assert (taken.status_code, "déjà utilisée" in words(taken)) == (400, True)
    assert cast.client("pupil").get("/mon-compte/adresse").status_code == 403
    assert not Mail.objects.exists()


@pytest.mark.django_db
def test_the_code_lives_ten_minutes_and_five_tries(cast: Cast) -> None:
    with time_machine.travel(AT, tick=False) as clock:
        client = cast.client("admin")
        ask(client, "a@b.test")
        bad = "000000" if code() != "000000" else "000001"
        for _ in range(5):
            assert "pas le bon" in words(confirm(client, bad))
        assert "plus valable" in words(confirm(client, code()))
        ask(client, "a@b.test")
        clock.shift(timedelta(minutes=10, seconds=1))
        assert "plus valable" in words(confirm(client, code()))
        ask(client, "a@b.test")
        clock.shift(timedelta(minutes=10))
        assert confirm(client, code()).status_code == 302


@pytest.mark.django_db
def test_the_address_goes_to_another_meanwhile(cast: Cast) -> None:
    client = cast.client("admin")
    ask(client, "a@b.test")
    adult("Zoé", "Partie", "a@b.test")
    assert confirm(client, code()).status_code == 400
    assert User.objects.get(pk=cast.alice.pk).email == "alice@college.test"


@pytest.mark.django_db(transaction=True)
def test_many_codes_at_once_get_five_tries() -> None:
    user = adult("Alice", "Martin", "alice@college.test")
    emails.ask_email_change(user=user, password=PASSWORD, email="a@b.test", subject="s", text="{code}", at=AT)

    def guess() -> None:
        emails.confirm_email_change(user=user, code="x", subject="s", text="", at=AT)

    codes = [getattr(one, "code", None) for one in together(*[guess] * 8)]
    assert sorted(codes) == [emails.EXPIRED[0]] * 3 + [emails.WRONG_CODE[0]] * 5


# --- my data ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_copy_is_downloaded_by_its_owner_only(cast: Cast) -> None:
    client = cast.client("pupil")
    assert client.post("/mon-compte/donnees")["Location"] == "/mon-compte"
    assert "Votre copie se prépare" in words(client.get("/mon-compte"))
    export = DataExport.objects.get()
    place = f"/mon-compte/donnees/{export.uuid}"
    assert client.get(place).status_code == 404  # not written yet
    with time_machine.travel(AT, tick=False) as clock:
        client, other = cast.client("pupil"), cast.client("admin")
        stewardship.write_export(export=export.uuid, at=AT)
        assert place in client.get("/mon-compte").content.decode()
        file = client.get(place)
        assert file["Content-Disposition"] == 'attachment; filename="mes-donnees.zip"'
        assert b"".join(file.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
        assert other.get(place).status_code == 404
        clock.shift(timedelta(days=6))
        assert client.get(place).status_code == 200
        clock.shift(timedelta(days=1, seconds=1))
        assert cast.client("pupil").get(place).status_code == 404


@pytest.mark.django_db
def test_the_end_is_explained_typed_and_signed(cast: Cast) -> None:
    client = cast.client("pupil")
    page = words(client.get("/mon-compte/supprimer"))
    assert "Votre établissement (Collège Simone-Lumière) garde votre fiche d'élève" in page
    assert "garde votre fiche" not in words(cast.client("member").get("/mon-compte/supprimer"))
    no_word = client.post("/mon-compte/supprimer", {"confirmation": "oui", "current": PASSWORD})
    assert (no_word.status_code, "Tapez le mot SUPPRIMER" in words(no_word)) == (422, True)
    assert client.post("/mon-compte/supprimer", {"confirmation": "SUPPRIMER", "current": "x"}).status_code == 422
    assert User.objects.get(pk=cast.emma.pk).anonymised_at is None
    done = client.post("/mon-compte/supprimer", {"confirmation": "supprimer", "current": PASSWORD}, follow=True)
    assert done.redirect_chain == [("/", 302)]
    assert "Votre compte est supprimé" in words(done)
    assert User.objects.get(pk=cast.emma.pk).anonymised_at is not None
    assert client.get("/accueil").status_code == 302
    assert sign_in("emma.pix0903")[1].status_code == 401


@pytest.mark.django_db
def test_the_only_administrator_is_told_to_name_another(cast: Cast) -> None:
    answer = cast.client("admin").post("/mon-compte/supprimer", {"confirmation": "SUPPRIMER", "current": PASSWORD})
    assert answer.status_code == 409
    assert "Nommez d'abord un autre administrateur dans l'équipe de : Collège Simone-Lumière." in words(answer)


@pytest.mark.django_db
def test_the_page_costs_the_same_with_one_device_and_with_five(cast: Cast) -> None:
    client = cast.client("admin")
    client.get("/mon-compte")
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/mon-compte").status_code == 200
        counts.append(len(queries))
        for _device in range(4):
            sign_in("alice@college.test")
    assert counts[0] == counts[1]
