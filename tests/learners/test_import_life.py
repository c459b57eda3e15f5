"""The life of an import, from the file to the roll (schools 4 and cases 45 to 55 of 16.3)."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import FileSystemStorage
from django.db import DatabaseError

from pix.accounts.models import User
from pix.audit.models import Event
from pix.jobs.worker import run_pending
from pix.learners import actions
from pix.learners.actions import applying, staged
from pix.learners.enums import ImportState
from pix.learners.models import Enrolment, Pupil, PupilImport, StagedRow
from pix.learners.queries import banner_of, last_import, roll_facts
from pix.organizations.enums import AGRICULTURE
from tests.interop.siecle_files import pupil, siecle
from tests.learners.rolls import (
    AT,
    SAMPLES,
    YEAR,
    Upload,
    adult,
    begin,
    finish,
    ine,
    known,
    load,
    roll,
    school,
    snapshot,
    states,
    teammate,
)

pytestmark = pytest.mark.django_db


def stored(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@pytest.mark.proves("A-077", "A-092", "A-099")
def test_a_file_becomes_the_roll(files: Path) -> None:
    member = school()
    ready = begin(member, siecle(pupil(1, PRENOM="Noé"), pupil(2, NOM_DE_FAMILLE="ŒUVRARD", divisions="D:3B")))
    assert ready.state == "ready"
    assert Pupil.objects.count() == 0
    face = last_import(member.organization, AT)
    assert face is not None
    assert face.preview is not None
    assert [one["last_name"] for one in face.preview.added] == ["DURAND", "ŒUVRARD"]
    done = finish(member, ready)
    assert (done.state, done.counts["added"], done.stored_name) == ("imported", 2, "")
    rows = Pupil.objects.order_by("id").values_list("last_name", "first_name", "birth_date", "division", "search_key")
    assert list(rows) == [
        ("DURAND", "Noé", date(2012, 5, 4), "4A", "noe durand"),
        ("ŒUVRARD", "Léa", date(2012, 5, 4), "3B", "lea oeuvrard"),
    ]
    assert list(Enrolment.objects.values_list("school_year", "division")) == [(YEAR, "4A"), (YEAR, "3B")]
    assert (stored(files), StagedRow.objects.count()) == ([], 0)
    verbs = list(Event.objects.filter(target=str(done.uuid)).values_list("verb", flat=True))
    assert verbs == ["learners.open_import", "learners.confirm_import", "learners.apply_import"]
    assert Event.objects.get(verb="learners.apply_import").actor == str(member.user.uuid)


@pytest.mark.proves("A-091")
@pytest.mark.django_db(transaction=True)
def test_the_jobs_do_it_with_nobody_watching() -> None:
    from pix.core import clock
    from pix.learners.rules import school_years_offered

    member = school()
    at = clock.now()
    year = school_years_offered(clock.today(at))[0]
    opened = actions.open_import(member=member, upload=Upload(roll(1)), school_year=year, at=at)
    assert opened.state == "checking"
    run_pending()
    opened.refresh_from_db()
    assert opened.state == "ready"
    actions.confirm(member=member, imported=opened, at=clock.now())
    run_pending()
    assert Pupil.objects.count() == 1


@pytest.mark.proves("A-100", "A-101", "A-103")
def test_a_second_file_changes_adds_and_deactivates() -> None:
    """Case 45: absent → deactivated; back later → the same record, active again."""
    member = school()
    load(member, roll(1, 2))
    first = known(member.organization, 1)
    done = load(member, siecle(pupil(2, divisions="D:4B"), pupil(3)), at=AT + timedelta(hours=1))
    assert {key: done.counts[key] for key in ("added", "modified", "leaving")} == {
        "added": 1,
        "modified": 1,
        "leaving": 1,
    }
    gone = known(member.organization, 1)
    assert (gone.active, gone.deactivated_at) == (False, AT + timedelta(hours=1))
    assert known(member.organization, 2).division == "4B"
    back = load(member, roll(1, 2, 3), at=AT + timedelta(hours=2))
    assert back.counts["reactivated"] == 1
    again = known(member.organization, 1)
    assert (again.pk, again.uuid, again.active, again.deactivated_at) == (first.pk, first.uuid, True, None)
    assert again.created_at == AT
    assert Pupil.objects.count() == 3


@pytest.mark.proves("A-102")
def test_the_account_of_a_leaver_is_untouched() -> None:
    member = school()
    load(member, roll(1, 2))
    user = adult("Emma", "Pix")
    Pupil.objects.filter(ine=ine(1)).update(user=user)
    before = User.objects.filter(pk=user.pk).values().get()
    load(member, roll(2))
    gone = known(member.organization, 1)
    assert (gone.active, gone.user_id) == (False, user.pk)
    assert User.objects.filter(pk=user.pk).values().get() == before
    assert user.is_active


def test_an_ine_stands_in_two_schools() -> None:
    """Case 46."""
    one, other = school(), school(uai="0999002B")
    load(one, roll(1))
    load(other, siecle(pupil(1), parameters="<PARAMETRES><UAJ>0999002B</UAJ></PARAMETRES>"))
    assert Pupil.objects.filter(ine=ine(1)).count() == 2


def test_one_import_at_a_time_a_school() -> None:
    """Case 47: 409 for the second; another school is not affected."""
    member = school()
    begin(member)
    with pytest.raises(actions.ImportRunning) as refused:
        actions.open_import(member=member, upload=Upload(roll(1)), school_year=YEAR, at=AT)
    assert refused.value.text == "Un import est déjà en cours pour cet établissement."
    assert states(member.organization) == ["ready"]
    assert (
        begin(school(uai="0999002B"), siecle(pupil(1), parameters="<PARAMETRES><UAJ>0999002B</UAJ></PARAMETRES>")).state
        == "ready"
    )


def test_stuck_for_31_minutes_is_failed_and_frees_the_place() -> None:
    """Case 48: read as failed at once, written by the next upload."""
    member = school()
    ready = begin(member)
    actions.confirm(member=member, imported=ready, at=AT)
    later = AT + timedelta(minutes=31)
    face = last_import(member.organization, later)
    assert face is not None
    assert face.state is ImportState.FAILED
    assert states(member.organization) == ["applying"]
    actions.apply(imported=ready.uuid, at=later)
    assert Pupil.objects.count() == 0
    begin(member, at=later)
    assert states(member.organization) == ["failed", "ready"]


def test_a_preview_of_yesterday_is_abandoned(files: Path) -> None:
    member = school()
    ready = begin(member)
    later = AT + timedelta(hours=24)
    with pytest.raises(actions.StateMoved):
        actions.confirm(member=member, imported=ready, at=later)
    assert actions.sweep_imports(at=later) == 1
    ready.refresh_from_db()
    assert (ready.state, ready.stored_name, stored(files)) == ("abandoned", "", [])


def test_paused_time_does_not_count(settings: Any) -> None:
    settings.IMPORT_CHECK_ENABLED = False
    member = school()
    opened = begin(member)
    assert opened.state == "checking"
    later = AT + timedelta(hours=3)
    face = last_import(member.organization, later)
    assert face is not None
    assert face.state is ImportState.CHECKING
    actions.check(imported=opened.uuid, at=later)
    settings.IMPORT_CHECK_ENABLED = True
    actions.check(imported=opened.uuid, at=later + timedelta(minutes=1))
    assert states(member.organization) == ["ready"]


def test_the_roll_changed_since_the_preview() -> None:
    """Case 49: a new preview, nothing written."""
    member = school()
    load(member, roll(1, 2))
    ready = begin(member, roll(1, 3))
    actions.confirm(member=member, imported=ready, at=AT, digest=ready.plan_digest)
    Pupil.objects.filter(ine=ine(1)).update(division="6C")
    before = snapshot()
    actions.apply(imported=ready.uuid, at=AT)
    assert snapshot() == before
    digest = ready.plan_digest
    ready.refresh_from_db()
    assert ready.state == "ready"
    face = last_import(member.organization, AT)
    assert face is not None
    assert face.preview is not None
    assert face.preview.again
    assert [one["changes"] for one in face.preview.modified] == [[["division", "6C", "4A"]]]
    with pytest.raises(actions.StateMoved):
        actions.confirm(member=member, imported=ready, at=AT, digest=digest)
    assert finish(member, ready).state == "imported"


@pytest.mark.parametrize("where", ["write_pupils", "write_enrolments", "record"])
def test_a_fault_in_the_last_transaction_changes_nothing(where: str) -> None:
    """Case 49: the database fails in the middle of the writing."""
    member = school()
    load(member, roll(1, 2, 3))
    ready = begin(member, roll(2, 3, 4, divisions="D:9Z"))
    actions.confirm(member=member, imported=ready, at=AT)
    before = snapshot()
    place = applying if where == "record" else staged
    with patch.object(place, where, side_effect=DatabaseError("disk full")):
        actions.apply(imported=ready.uuid, at=AT)
    ready.refresh_from_db()
    assert ready.state == "failed"
    assert snapshot() == before
    assert StagedRow.objects.count() == 0
    assert not Event.objects.filter(verb="learners.apply_import", target=str(ready.uuid)).exists()


class Killed(BaseException):
    """The worker dies: nothing of ours runs any more."""


@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_worker_killed_while_staging(after: int) -> None:
    member = school()
    ready = begin(member, roll(*range(1, 11)))
    actions.confirm(member=member, imported=ready, at=AT)
    whole = StagedRow.objects.bulk_create
    done: list[int] = []

    def dying(rows: Any) -> Any:
        if len(done) == after:
            raise Killed
        done.append(1)
        return whole(rows)

    with (
        patch.object(applying, "CHUNK", 3),
        patch.object(StagedRow.objects, "bulk_create", dying),
        pytest.raises(Killed),
    ):
        actions.apply(imported=ready.uuid, at=AT)
    assert (Pupil.objects.count(), StagedRow.objects.count()) == (0, 3 * after)
    assert states(member.organization) == ["applying"]
    actions.apply(imported=ready.uuid, at=AT)
    actions.apply(imported=ready.uuid, at=AT)
    assert states(member.organization) == ["imported"]
    assert (Pupil.objects.count(), Enrolment.objects.count(), StagedRow.objects.count()) == (10, 10, 0)


@pytest.mark.parametrize("where", ["write_pupils", "write_enrolments"])
def test_a_worker_killed_inside_the_last_transaction(where: str) -> None:
    member = school()
    load(member, roll(1, 2))
    ready = begin(member, roll(2, 3))
    actions.confirm(member=member, imported=ready, at=AT)
    before = snapshot()
    with patch.object(staged, where, side_effect=Killed), pytest.raises(Killed):
        actions.apply(imported=ready.uuid, at=AT)
    assert snapshot() == before
    actions.apply(imported=ready.uuid, at=AT)
    assert states(member.organization)[-1] == "imported"
    active = Pupil.objects.filter(active=True).order_by("ine").values_list("ine", flat=True)
    assert list(active) == [ine(2), ine(3)]


def test_a_worker_killed_after_the_last_transaction(files: Path) -> None:
    """The file and the staged rows stay behind: the job run again, or the sweep, puts them away."""
    member = school()
    ready = begin(member)
    actions.confirm(member=member, imported=ready, at=AT)
    with patch.object(applying, "_tidy", side_effect=Killed), pytest.raises(Killed):
        actions.apply(imported=ready.uuid, at=AT)
    assert (states(member.organization), len(stored(files)), StagedRow.objects.count()) == (["imported"], 1, 2)
    actions.apply(imported=ready.uuid, at=AT)
    assert (Pupil.objects.count(), stored(files), StagedRow.objects.count()) == (2, [], 0)


def test_who_may_import() -> None:
    """Case 50, at the door of the verbs."""
    member = school()
    with pytest.raises(PermissionDenied):
        actions.open_import(member=teammate(member), upload=Upload(roll(1)), school_year=YEAR, at=AT)
    other = school(uai="0999002B")
    other.organization.manages_pupils = False
    with pytest.raises(PermissionDenied):
        actions.open_import(member=other, upload=Upload(roll(1)), school_year=YEAR, at=AT)
    assert PupilImport.objects.count() == 0


def test_a_new_year_leaves_the_last_one_alone() -> None:
    """Case 55."""
    member = school()
    load(member, roll(1, divisions="D:4A"))
    summer = AT.replace(year=2027, month=8, day=25)
    load(member, roll(1, divisions="D:3A"), at=summer, school_year="2027-2028")
    years = Enrolment.objects.order_by("school_year").values_list("school_year", "division")
    assert list(years) == [("2026-2027", "4A"), ("2027-2028", "3A")]
    assert roll_facts(member.organization, AT).imported_this_year
    assert not roll_facts(member.organization, AT.replace(year=2028, month=9)).imported_this_year
    with pytest.raises(ValueError, match="school year"):
        actions.open_import(member=member, upload=Upload(roll(1)), school_year="2030-2031", at=summer)


def test_pupils_without_ine_leave_too_and_provisional_ones_stay() -> None:
    member = school()
    load(member, roll(1))
    for name, provisional in (("A", False), ("B", True)):
        Pupil.objects.create(
            organization=member.organization, last_name=name, first_name=name, provisional=provisional,
            order_key=name, search_key=name, created_at=AT, updated_at=AT,
        )  # fmt: skip
    load(member, roll(1))
    assert list(Pupil.objects.order_by("last_name").values_list("last_name", "active")) == [
        ("A", False), ("B", True), ("DURAND", True),
    ]  # fmt: skip


# --- refusals ---


def faulty() -> bytes:
    return siecle(pupil(1), pupil(2, CODE_SEXE="", PRENOM="Zoé"), pupil(3))


@pytest.mark.proves("A-093")
def test_one_fault_blocks_the_whole_file_unless_asked(files: Path) -> None:
    """Case 18: the valid rows are written on demand, the faulty one is listed; its pupil is left as it is."""
    member = school()
    load(member, roll(1, 2))
    before = snapshot()
    refused = begin(member, faulty())
    assert refused.state == "refused"
    face = last_import(member.organization, AT)
    assert face is not None
    assert face.row_errors == ("Ligne 2 : champ sexe vide (DURAND Zoé, INE 0000000002A)",)
    assert face.may_keep_valid
    assert snapshot() == before
    actions.keep_valid_rows(member=member, imported=refused, at=AT)
    actions.check(imported=refused.uuid, at=AT)
    refused.refresh_from_db()
    assert (refused.state, refused.counts["refused"], refused.valid_only) == ("ready", 1, True)
    finish(member, refused)
    assert list(Pupil.objects.order_by("ine").values_list("ine", "active")) == [(ine(n), True) for n in (1, 2, 3)]
    assert stored(files) == []


def test_the_option_can_be_ticked_at_once() -> None:
    assert begin(school(), faulty(), valid_only=True).state == "ready"


def test_a_refused_file_is_kept_a_day_or_until_the_next(files: Path) -> None:
    member = school()
    refused = begin(member, faulty())
    actions.sweep_imports(at=AT + timedelta(hours=23))
    assert len(stored(files)) == 1
    actions.sweep_imports(at=AT + timedelta(hours=24))
    assert stored(files) == []
    refused.refresh_from_db()
    with pytest.raises(actions.FileGone):
        actions.keep_valid_rows(member=member, imported=refused, at=AT + timedelta(hours=24))
    second = begin(member, faulty(), at=AT + timedelta(hours=25))
    begin(member, roll(1), at=AT + timedelta(hours=26))
    second.refresh_from_db()
    assert (second.stored_name, second.problems, len(stored(files))) == ("", [], 1)


def test_too_large_is_said_and_kept(files: Path) -> None:
    """Case 43: one byte more than 20 MiB."""
    member = school()
    limit = 20 * 1024 * 1024
    refused = actions.open_import(member=member, upload=Upload(b"", size=limit + 1), school_year=YEAR, at=AT)
    assert refused.state == "upload_failed"
    face = last_import(member.organization, AT)
    assert face is not None
    assert face.file_errors == ("La taille du fichier doit être inférieure à 20 Mo.",)
    assert stored(files) == []
    exact = actions.open_import(member=member, upload=Upload(roll(1), size=limit), school_year=YEAR, at=AT)
    assert exact.state == "checking"


def test_the_disk_is_full() -> None:
    member = school()
    with patch("django.core.files.storage.FileSystemStorage.save", side_effect=OSError(28, "No space left")):
        opened = actions.open_import(member=member, upload=Upload(roll(1)), school_year=YEAR, at=AT)
    assert opened.state == "upload_failed"
    assert begin(member).state == "ready"


def test_abandoning_writes_nothing(files: Path) -> None:
    member = school()
    ready = begin(member)
    actions.abandon(member=member, imported=ready, at=AT)
    assert (ready.state, stored(files), Pupil.objects.count()) == ("abandoned", [], 0)
    with pytest.raises(actions.StateMoved):
        actions.confirm(member=member, imported=ready, at=AT)
    assert begin(member).state == "ready"


def test_a_double_click_on_apply_enqueues_once() -> None:
    member = school()
    ready = begin(member)
    stale = PupilImport.objects.get(pk=ready.pk)
    actions.confirm(member=member, imported=ready, at=AT)
    with pytest.raises(actions.StateMoved):
        actions.confirm(member=member, imported=stale, at=AT)


def test_a_fault_of_ours_while_checking_is_failed_not_refused() -> None:
    member = school()
    with patch("pix.learners.actions.checking.read_roll", side_effect=RuntimeError("secret of the program")):
        opened = begin(member)
    assert opened.state == "failed"
    assert "secret" not in repr(PupilImport.objects.values().get())
    banner = banner_of(member.organization, AT)
    assert banner is not None
    assert (banner.text, banner.link) == ("Échec de l'import", "voir la page d'import")


@pytest.mark.proves("A-089")
def test_the_short_banner_of_the_other_pages() -> None:
    member = school()
    assert banner_of(member.organization, AT) is None
    ready = begin(member)
    banner = banner_of(member.organization, AT)
    assert banner is not None
    assert (banner.text, banner.link) == (
        "Un import est en cours",
        "consulter l'état de l'import",
    )
    finish(member, ready)
    banner = banner_of(member.organization, AT)
    assert banner is not None
    assert banner.text == "Les participants ont bien été importés."
    assert banner_of(member.organization, AT + timedelta(days=2)) is None


# --- the sample files ---


@pytest.mark.parametrize(
    ("name", "uai", "pupils"),
    [
        ("college-0999001A.xml", "0999001A", 170),
        pytest.param("college-0999001A.zip", "0999001A", 170, marks=pytest.mark.proves("A-078")),
        ("college-0999002B.xml", "0999002B", 60),
        ("lycee-0999003C.xml", "0999003C", 90),
        ("lycee-pro-0999004D.xml", "0999004D", 40),
        pytest.param("lycee-agricole-0999005E.csv", "0999005E", 40, marks=pytest.mark.proves("A-079")),
    ],
)
def test_sample_rolls_are_imported(name: str, uai: str, pupils: int) -> None:
    member = school(uai=uai, tags=[AGRICULTURE] if name.endswith("csv") else [])
    done = load(member, (SAMPLES / name).read_bytes())
    active = Pupil.objects.filter(active=True).count()
    assert active == done.counts["added"]
    assert abs(active - pupils) <= 12


@pytest.mark.proves("A-094", "A-095", "A-096")
def test_the_three_errors_of_the_guide() -> None:
    member = school(uai="0999001A")
    refused = begin(member, (SAMPLES / "erreurs-lignes-1-13-32.xml").read_bytes())
    assert refused.state == "refused"
    face = last_import(member.organization, AT)
    assert face is not None
    assert [text.partition(" (")[0] for text in face.row_errors] == [
        "Ligne 13 : champ sexe vide",
        "Ligne 32 : INE déjà présent",
    ]
    assert face.skipped[0].startswith("Ligne 1 : champ INE vide")


@pytest.mark.proves("A-081", "A-082")
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("erreur-autre-uai.xml", "L'UAI du fichier SIECLE ne correspond pas à celui de votre établissement."),
        ("erreur-tronque.xml", "Le fichier n'est pas conforme."),
        ("erreur-vide.xml", "Le fichier n'est pas conforme."),
        ("erreur-encodage.xml", "Encodage du fichier non supporté."),
        ("lycee-agricole-0999005E.csv", "Extension csv non supportée."),
    ],
)
def test_a_wrong_file_has_its_own_words(name: str, text: str) -> None:
    member = school(uai="0999001A")
    refused = begin(member, (SAMPLES / name).read_bytes())
    face = last_import(member.organization, AT)
    assert face is not None
    assert (refused.state, face.file_errors, face.may_keep_valid) == ("refused", (text,), False)


def test_the_january_file_on_top_of_september() -> None:
    member = school(uai="0999001A")
    load(member, (SAMPLES / "college-0999001A.xml").read_bytes())
    ready = begin(member, (SAMPLES / "college-0999001A-janvier.xml").read_bytes())
    counts = ready.counts
    assert counts["added"] > 0
    assert counts["modified"] > 0
    assert counts["leaving"] > 0
    before = Pupil.objects.filter(active=True).count()
    finish(member, ready)
    assert (
        Pupil.objects.filter(active=True).count()
        == before + counts["added"] + counts["reactivated"] - counts["leaving"]
    )


@pytest.mark.parametrize("kept", [0, 1])
def test_an_import_whose_staged_rows_were_taken_away_writes_nothing(monkeypatch: pytest.MonkeyPatch, kept: int) -> None:
    """Two workers on one import: the second one clears what the first one laid down."""
    member = school()
    ready = begin(member, roll(1, 2, 3))
    actions.confirm(member=member, imported=ready, at=AT)
    real = applying._make_roll

    def robbed(row: Any, *rest: Any) -> None:
        left = StagedRow.objects.filter(job=row).order_by("rank").values_list("pk", flat=True)[:kept]
        StagedRow.objects.filter(job=row).exclude(pk__in=list(left)).delete()
        real(row, *rest)

    monkeypatch.setattr(applying, "_make_roll", robbed)
    actions.apply(imported=ready.uuid, at=AT)
    ready.refresh_from_db()
    assert (ready.state, Pupil.objects.count()) == ("failed", 0)


def test_a_file_is_named_before_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash in between leaves a file that the sweep knows."""
    member = school()

    def dies(storage: Any, name: str, content: Any) -> str:
        assert PupilImport.objects.get().stored_name == name
        raise KeyboardInterrupt

    monkeypatch.setattr(FileSystemStorage, "save", dies)
    with pytest.raises(KeyboardInterrupt):
        begin(member)
    assert PupilImport.objects.get().state == "uploading"
