"""« Importer des élèves » on screen: every state, its words, and who may see them."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from pix.learners import actions
from pix.learners.models import Pupil, PupilImport
from pix.organizations.access import Member
from pix.organizations.enums import AGRICULTURE
from tests.interop.siecle_files import pupil, siecle
from tests.learners.rolls import AT, YEAR, Upload, begin, finish, load, roll, school, teammate

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: Any) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}},
    }


@pytest.fixture(autouse=True)
def frozen() -> Any:
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def head() -> Member:
    return school()


def client_of(member: Member, **options: Any) -> Client:
    client = Client(**options)
    client.force_login(member.user)
    return client


def work() -> None:
    """What the worker would do now (the real one looks at the real clock, which is frozen here)."""
    for row in PupilImport.objects.all():
        actions.check(imported=row.uuid, at=AT)
        actions.apply(imported=row.uuid, at=AT)


def address(name: str, member: Member, **more: Any) -> str:
    return reverse(f"orga:{name}", kwargs={"organization": member.organization.uuid, **more})


def text_of(response: Any) -> str:
    from lxml import html

    return " ".join(html.fromstring(response.content.decode()).text_content().split())


def page(member: Member) -> str:
    response = client_of(member).get(address("import", member))
    assert response.status_code == 200
    return text_of(response)


def send(member: Member, content: bytes, name: str = "ElevesSansAdresses.xml", **data: Any) -> Any:
    file = SimpleUploadedFile(name, content)
    return client_of(member).post(address("import-upload", member), {"file": file, "school_year": YEAR, **data})


@pytest.mark.proves("A-074", "A-075", "A-080")
def test_the_page_of_a_school_of_the_education_ministry(head: Member) -> None:
    shown = page(head)
    for words in (
        "Importer des élèves", "Importer la liste des participants", "ajouter de nouveaux participants",
        "modifier les participants déjà importés", "désactiver les anciens participants", "(formats supportés : xml, zip)",
        "« SIECLE-BEE »", "« Exportations »", "« En XML »", "« Élèves sans adresse »",
    ):  # fmt: skip
        assert words in shown
    assert "Fregata" not in shown


@pytest.mark.proves("A-076", "A-080")
def test_the_page_of_an_agricultural_school() -> None:
    shown = page(school(tags=[AGRICULTURE]))
    for words in (
        "(formats supportés : csv)",
        "« Gestions des apprenants »",
        "« Editions »",
        "« Export CSV vers Pix »",
    ):
        assert words in shown
    assert "SIECLE" not in shown


@pytest.mark.proves("A-085", "A-087", "A-088", "A-092")
def test_from_the_file_to_the_roll(head: Member) -> None:
    response = send(head, roll(1, 2))
    assert response.status_code == 302
    assert response["Location"] == address("import", head)
    shown = page(head)
    assert "Le contenu du fichier est en cours de validation." in shown
    assert "Le fichier a été importé le 23/11/2026 par Alice Martin." in shown
    assert "Merci de rafraîchir cette page dans quelques instants…" in shown
    work()
    shown = page(head)
    assert "Le contenu du fichier est validé." in shown
    assert "Ajoutés (2)" in shown
    row = PupilImport.objects.get()
    client = client_of(head)
    response = client.post(address("import-confirm", head, imported=row.uuid), {"apercu": row.plan_digest})
    assert response.status_code == 302
    assert "Le contenu du fichier est validé, l'import des participants est en cours." in page(head)
    work()
    assert "Dernier fichier importé avec succès le 23/11/2026 par Alice Martin." in page(head)
    assert Pupil.objects.filter(active=True).count() == 2


@pytest.mark.proves("A-086", "A-090")
def test_the_state_is_seen_again_and_refreshes_itself(head: Member) -> None:
    PupilImport.objects.create(
        organization=head.organization, author=head.user, school_year=YEAR, state="uploading", format="siecle",
        original_name="x.xml", created_at=AT, updated_at=AT,
    )  # fmt: skip
    assert "L'import du fichier peut prendre quelques minutes. Merci de ne pas quitter cette page." in page(head)
    client = client_of(head)
    shown = client.get(address("import", head)).content.decode()
    assert 'hx-trigger="every 2s"' in shown
    place = shown.partition('hx-get="')[2].partition('"')[0].replace("&amp;", "&")
    assert client.get(place).status_code == 204
    PupilImport.objects.update(state="checking", updated_at=AT + timedelta(seconds=1))
    fragment = client.get(place)
    assert fragment.status_code == 200
    assert "en cours de validation" in text_of(fragment)
    assert "<html" not in fragment.content.decode()
    PupilImport.objects.update(state="abandoned")
    fragment = client.get(place)
    assert "L'import a été abandonné." in text_of(fragment)
    assert "hx-trigger" not in fragment.content.decode()


@pytest.mark.proves("A-093", "A-097")
def test_errors_are_listed_all_at_once(head: Member) -> None:
    content = siecle(
        pupil(1, CODE_SEXE="", DATE_NAISS="31/02/2010"), pupil(2, CODE_COMMUNE_INSEE_NAISS="", PRENOM="Zoé"), pupil(3), pupil(4, divisions=""),
    )  # fmt: skip
    begin(head, content)
    shown = page(head)
    for words in (
        "Le contenu du fichier comporte des erreurs.", "Voir la liste des erreurs",
        "Merci de corriger les erreurs et d'importer à nouveau le fichier.", "Erreurs dans le dernier fichier importé :",
        "Ligne 1 : champ sexe vide (DURAND Léa, INE 0000000001A)",
        "Ligne 1 : date de naissance incorrecte, format attendu jj/mm/aaaa (DURAND Léa, INE 0000000001A)",
        "Ligne 2 : élève né en France : champ code commune de naissance vide (DURAND Zoé, INE 0000000002A)",
        "Non importés (1)", "Ligne 4 : champ classe vide (DURAND Léa, INE 0000000004A)",
        "Importer quand même les lignes valides",
    ):  # fmt: skip
        assert words in shown
    row = PupilImport.objects.get()
    assert client_of(head).post(address("import-keep-valid", head, imported=row.uuid)).status_code == 302
    work()
    assert "Refusés (2)" in page(head)


@pytest.mark.proves("A-098")
def test_the_preview_says_old_and_new_and_names_who_leaves(head: Member) -> None:
    load(head, siecle(pupil(1), pupil(2, PRENOM="Noé"), pupil(3, PRENOM="Zoé", DATE_NAISS="04/05/2012")))
    begin(
        head,
        siecle(
            pupil(1),
            pupil(3, PRENOM="Zoé", DATE_NAISS="06/05/2012", divisions="D:3B"),
            pupil(9, ID_NATIONAL="", PRENOM="Lou"),
        ),
    )
    shown = page(head)
    for words in (
        "Modifiés (1)", "DURAND Zoé (3B)", "Date de naissance : 04/05/2012 → 06/05/2012", "Classe : 4A → 3B",
        "Partants (1)", "DURAND Noé (4A) : absent du fichier", "Non importés (1)", "Ligne 3 : champ INE vide (DURAND Lou)",
        "Appliquer l'import", "Abandonner cet import",
    ):  # fmt: skip
        assert words in shown


def test_a_second_upload_is_409(head: Member) -> None:
    begin(head)
    response = send(head, roll(1))
    assert response.status_code == 409
    assert "Un import est déjà en cours pour cet établissement." in text_of(response)
    assert PupilImport.objects.count() == 1
    shown = client_of(head).get(address("import", head)).content.decode()
    assert "disabled" in shown.partition("import-etat")[2]


def test_one_byte_more_than_the_limit(head: Member, settings: Any) -> None:
    """413, kept as ``upload_failed``, and not a byte past the limit kept."""
    settings.ROLL_FILE_MAX_BYTES = len(roll(1)) + 1
    assert send(head, roll(1) + b"\n").status_code == 302
    actions.check(imported=PupilImport.objects.get().uuid, at=AT)
    actions.abandon(member=head, imported=PupilImport.objects.get(), at=AT)
    response = send(head, roll(1) + b"\n\n")
    assert response.status_code == 413
    assert "Le fichier n'a pas pu être importé." in text_of(response)
    assert list(PupilImport.objects.order_by("id").values_list("state", flat=True)) == ["abandoned", "upload_failed"]


def test_no_file_is_said_and_stores_nothing(head: Member) -> None:
    response = client_of(head).post(address("import-upload", head), {"school_year": YEAR})
    assert response.status_code == 422
    assert "Choisissez le fichier à importer." in text_of(response)
    assert send(head, roll(1), school_year="1999-2000").status_code == 422
    assert PupilImport.objects.count() == 0


def test_the_form_is_protected_although_its_size_is_checked_first(head: Member) -> None:
    client = client_of(head, enforce_csrf_checks=True)
    file = SimpleUploadedFile("x.xml", roll(1))
    assert client.post(address("import-upload", head), {"file": file, "school_year": YEAR}).status_code == 403
    assert PupilImport.objects.count() == 0


def test_summer_offers_two_school_years(head: Member) -> None:
    assert "Année scolaire" not in page(head)
    with time_machine.travel(AT.replace(month=6, day=20), tick=False):
        assert "Année scolaire" in page(head)


@pytest.mark.proves("A-084", "T-015")
def test_who_may(head: Member) -> None:
    """Case 50: 302, 403 for a member, 404 for the administrator of another school, 403 when the school imports nobody."""
    row = begin(head)
    bob, charlie = teammate(head), school(uai="0999002B")
    own = {"imported": row.uuid}
    for name, method, ids in [
        ("import", "get", {}), ("import-state", "get", {}), ("import-upload", "post", {}), ("import-confirm", "post", own),
        ("import-abandon", "post", own), ("import-keep-valid", "post", own), ("import-undo", "post", own),
    ]:  # fmt: skip
        place = address(name, head, **ids)
        codes = [
            getattr(client, method)(place).status_code for client in (Client(), client_of(bob), client_of(charlie))
        ]
        assert codes == [302, 403, 404], name
    assert client_of(charlie).post(address("import-confirm", charlie, **own)).status_code == 404
    charlie.organization.manages_pupils = False
    charlie.organization.save()
    assert client_of(charlie).get(address("import", charlie)).status_code == 403
    row.refresh_from_db()
    assert row.state == "ready"


def test_a_preview_that_moved_is_409(head: Member) -> None:
    row = begin(head)
    client = client_of(head)
    assert client.post(address("import-confirm", head, imported=row.uuid), {"apercu": "0" * 64}).status_code == 409
    assert client.post(address("import-abandon", head, imported=row.uuid)).status_code == 302
    again = client.post(address("import-confirm", head, imported=row.uuid))
    assert again.status_code == 409
    assert "Cet import a changé entre-temps" in text_of(again)


def test_the_page_costs_the_same_at_one_and_three(head: Member, django_assert_max_num_queries: Any) -> None:
    for numbers in ((1,), (1, 2, 3)):
        finish(head, begin(head, roll(*numbers)))
        client = client_of(head)
        with django_assert_max_num_queries(7):
            client.get(address("import", head))


def test_a_name_cannot_carry_markup(head: Member) -> None:
    begin(head, siecle(pupil(1, NOM_DE_FAMILLE="&lt;script&gt;alert(1)&lt;/script&gt;")))
    assert b"<script>alert" not in client_of(head).get(address("import", head)).content
    assert Upload(b"").size == 0


def test_undoing_on_screen(head: Member) -> None:
    """« Annuler cet import »: previewed in the same page, applied like the others, and said."""
    load(head, siecle(pupil(1), pupil(2, PRENOM="Noé")))
    with time_machine.travel(AT + timedelta(hours=1), tick=False):
        load(head, siecle(pupil(2, PRENOM="Noé", divisions="D:3B"), pupil(3, PRENOM="Zoé")), at=AT + timedelta(hours=1))
        last = PupilImport.objects.latest("id")
        shown = page(head)
        assert "L'import du 23/11/2026 par Alice Martin peut être annulé jusqu'au 23/12/2026." in shown
        response = client_of(head).post(address("import-undo", head, imported=last.uuid))
        assert (response.status_code, response["Location"]) == (302, address("import", head))
        Pupil.objects.filter(first_name="Noé").update(division="6C")
        shown = page(head)
        for words in (
            "L'annulation de l'import est prête.", "Annulation de l'import du 23/11/2026, demandée le 23/11/2026 par Alice Martin.",
            "Désactivés (1)", "DURAND Zoé (4A) : ajouté par l'import annulé", "Rétablis (2)", "Classe : 3B → 4A",
            "Appliquer l'annulation", "Garder l'import tel quel",
        ):  # fmt: skip
            assert words in shown
        assert "Annuler cet import" not in shown
        row = PupilImport.objects.latest("id")
        place = address("import-confirm", head, imported=row.uuid)
        assert client_of(head).post(place, {"apercu": row.plan_digest}).status_code == 302
        actions.apply(imported=row.uuid, at=AT + timedelta(hours=1))
        shown = page(head)
        assert "La liste de l'établissement a changé depuis le premier aperçu" in shown
        assert "DURAND Noé (6C) : fiche modifiée depuis l'import (Classe)" in shown
        row.refresh_from_db()
        assert client_of(head).post(place, {"apercu": row.plan_digest}).status_code == 302
        assert "L'annulation de l'import est en cours." in page(head)
        actions.apply(imported=row.uuid, at=AT + timedelta(hours=1))
        shown = page(head)
        assert "Import du 23/11/2026 annulé le 23/11/2026 par Alice Martin." in shown
        assert "Dernier fichier importé avec succès le 23/11/2026 par Alice Martin." in shown
        assert "Annuler cet import" not in shown
        for one in (last, row):
            again = client_of(head).post(address("import-undo", head, imported=one.uuid))
            assert again.status_code == 409
            assert "Cet import ne peut plus être annulé" in text_of(again)
    assert list(Pupil.objects.order_by("ine").values_list("active", "division")) == [
        (True, "4A"), (True, "6C"), (False, "4A"),
    ]  # fmt: skip


def test_undoing_is_offered_for_thirty_days_and_not_while_an_import_runs(head: Member) -> None:
    load(head)
    assert "Annuler cet import" in page(head)
    with time_machine.travel(AT + timedelta(days=30), tick=False):
        assert "Annuler cet import" not in page(head)
    begin(head, roll(1), at=AT)
    assert "Annuler cet import" not in page(head)
    place = address("import-undo", head, imported=PupilImport.objects.earliest("id").uuid)
    answer = client_of(head).post(place)
    assert (answer.status_code, "Un import est déjà en cours" in text_of(answer)) == (409, True)
