"""What people do with an import, and what time does to it: open, keep the valid rows, confirm, abandon, sweep."""

from datetime import datetime, timedelta
from typing import Any, Protocol

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils.module_loading import import_string

from pix.audit.actions import record
from pix.core import clock
from pix.core.ids import uuid7
from pix.learners.enums import ImportState
from pix.learners.models import PupilImport, StagedRow
from pix.learners.queries.imports import state_of
from pix.learners.rules import school_years_offered
from pix.organizations.access import Member
from pix.organizations.models import Organization

KEEP_REFUSED = timedelta(hours=24)
KEEP_FAILED = timedelta(days=7)
KEEP_PLAN = timedelta(days=30)
KEEP_NAMES = timedelta(days=365)
_HEAVY = ("plan", "applied", "problems", "skipped", "warnings")
ASK_AGAIN = timedelta(minutes=1)
"""Between two looks at a setting that pauses the imports."""


class ImportRefused(Exception):
    """The wish conflicts with the present state (409); ``text`` is for the person."""

    text = ""


class ImportRunning(ImportRefused):
    text = "Un import est déjà en cours pour cet établissement."


class StateMoved(ImportRefused):
    text = "Cet import a changé entre-temps : voici où il en est."


class FileGone(ImportRefused):
    text = "Le fichier n'est plus là : importez-le à nouveau."


class Upload(Protocol):
    """A received file: an uploaded file of Django, or anything of the same shape. ``size`` is in bytes."""

    @property
    def name(self) -> str | None: ...

    @property
    def size(self) -> int | None: ...

    def chunks(self, chunk_size: Any = ...) -> Any: ...


def open_import(
    *, member: Member, upload: Upload, school_year: str, valid_only: bool = False, at: datetime
) -> PupilImport:
    """Store a file that is already there and have it checked: ``begin_upload`` then ``end_upload``, with their refusals."""
    _year_offered(school_year, at)
    row = begin_upload(member=member, at=at)
    return end_upload(member=member, imported=row, upload=upload, school_year=school_year, valid_only=valid_only, at=at)


def begin_upload(*, member: Member, at: datetime) -> PupilImport:
    """A file begins to arrive: the import exists before the first byte is read, so that everybody of the school sees it.

    Raises ``ImportRunning``, 403 for those who may not import.
    """
    must_import(member)
    school = member.organization
    sweep_imports(at=at, organization=school)
    try:
        with transaction.atomic():
            row = PupilImport.objects.create(
                organization=school,
                author=member.user,
                school_year=school_years_offered(clock.today(at))[0],
                state=ImportState.UPLOADING,
                format=school.roll_format,
                # Named before it is written: a crash in between leaves a file that the sweep knows.
                stored_name=f"imports/{uuid7().hex}",
                created_at=at,
                updated_at=at,
            )
            _note("learners.open_import", member, row, at)
    except IntegrityError as error:
        raise ImportRunning from error
    return row


def end_upload(
    *, member: Member, imported: PupilImport, upload: Upload, school_year: str, valid_only: bool = False, at: datetime
) -> PupilImport:
    """The file is there: store it and have it checked. Too large, or not storable: it comes back ``upload_failed``.

    Raises ``StateMoved`` when it took so long that the import was given up, ``ValueError`` for a school year that is
    not offered, 403 for those who may not import.
    """
    must_import(member)
    _year_offered(school_year, at)
    told = {
        "original_name": (upload.name or "")[-255:],
        "school_year": school_year,
        "valid_only": valid_only,
    }
    _forget_former(imported)
    if (upload.size or 0) > settings.ROLL_FILE_MAX_BYTES:
        megabytes = str(settings.ROLL_FILE_MAX_BYTES // (1024 * 1024))
        too_large = [{"code": "PAYLOAD_TOO_LARGE", "meta": {"max_size": megabytes}}]
        return _end(imported, ImportState.UPLOAD_FAILED, at, file_error=too_large, **told)
    try:
        default_storage.save(imported.stored_name, upload)  # type: ignore[arg-type]
    except OSError:
        # Disk full, or the folder is gone: said on the page, nothing else is touched.
        return _end(imported, ImportState.UPLOAD_FAILED, at, **told)
    try:
        with transaction.atomic():
            _move(imported, ImportState.CHECKING, at, **told)
            enqueue("check_import", imported)
    except StateMoved:
        drop_file(imported)
        raise
    return imported


def fail_upload(*, member: Member, imported: PupilImport, at: datetime) -> None:
    """The body broke off, or could not be read: ``upload_failed``; nothing when the import was given up meanwhile."""
    must_import(member)
    with transaction.atomic():
        moved = PupilImport.objects.filter(pk=imported.pk, state=ImportState.UPLOADING)
        moved.update(state=ImportState.UPLOAD_FAILED, updated_at=at, ended_at=at)


def cancel_upload(*, member: Member, imported: PupilImport, at: datetime) -> None:
    """The form held no file, or an answer to correct: as if nothing had been sent, the last import stays the last."""
    must_import(member)
    with transaction.atomic():
        PupilImport.objects.filter(pk=imported.pk, state=ImportState.UPLOADING).delete()
        _note("learners.cancel_upload", member, imported, at)


def keep_valid_rows(*, member: Member, imported: PupilImport, at: datetime) -> PupilImport:
    """« Importer quand même les lignes valides »: check the same file again, leaving the refused rows out.

    Raises ``StateMoved``, ``FileGone``, ``ImportRunning``.
    """
    must_import(member)
    if state_of(imported, at) is not ImportState.REFUSED or imported.file_error:
        raise StateMoved
    if not imported.stored_name:
        raise FileGone
    sweep_imports(at=at, organization=member.organization)
    try:
        with transaction.atomic():
            _move(imported, ImportState.CHECKING, at, valid_only=True)
            _note("learners.keep_valid_rows", member, imported, at)
            enqueue("check_import", imported)
    except IntegrityError as error:
        raise ImportRunning from error
    return imported


def confirm(*, member: Member, imported: PupilImport, at: datetime, digest: str = "") -> PupilImport:
    """« Appliquer l'import »: any administrator, within 24 hours. ``digest``: of the preview that was looked at.

    Raises ``StateMoved`` when the import is no longer ready, or when its preview is another one.
    """
    must_import(member)
    if state_of(imported, at) is not ImportState.READY or (digest and digest != imported.plan_digest):
        raise StateMoved
    with transaction.atomic():
        _move(imported, ImportState.APPLYING, at)
        _note("learners.confirm_import", member, imported, at)
        enqueue("apply_import", imported)
    return imported


def abandon(*, member: Member, imported: PupilImport, at: datetime) -> PupilImport:
    """« Abandonner cet import »: any administrator may. Raises ``StateMoved``."""
    must_import(member)
    if state_of(imported, at) is not ImportState.READY:
        raise StateMoved
    with transaction.atomic():
        _move(imported, ImportState.ABANDONED, at, ended_at=at)
        _note("learners.abandon_import", member, imported, at)
    drop_file(imported)
    return imported


def sweep_imports(*, at: datetime, organization: Organization | None = None) -> int:
    """Write what the date alone has changed, and delete the files and names that are kept no longer (schools 4.2, 13).

    Gives the number of imports that changed. ``organization``: only that school's.
    """
    rows = PupilImport.objects.all() if organization is None else PupilImport.objects.filter(organization=organization)
    changed = 0
    running = [state.value for state in ImportState if state.running]
    for row in rows.filter(state__in=running).defer(*_HEAVY):
        state = state_of(row, at)
        if state != row.state:
            guarded = PupilImport.objects.filter(pk=row.pk, state=row.state, updated_at=row.updated_at)
            changed += guarded.update(state=state, updated_at=at, ended_at=at)
    for row in rows.exclude(stored_name="").exclude(state__in=running).defer(*_HEAVY):
        kept = {ImportState.REFUSED: KEEP_REFUSED, ImportState.FAILED: KEEP_FAILED}.get(ImportState(row.state))
        if kept is None or at - (row.ended_at or row.updated_at) >= kept:
            drop_file(row)
    StagedRow.objects.filter(job__in=rows.exclude(state=ImportState.APPLYING)).delete()
    rows.filter(ended_at__lt=at - KEEP_PLAN, plan__isnull=False).update(plan=None, applied=None)
    old = rows.filter(ended_at__lt=at - KEEP_NAMES).exclude(problems=[], skipped=[], warnings=[])
    old.update(problems=[], skipped=[], warnings=[])
    return changed


def drop_file(row: PupilImport) -> None:
    """Delete the file, then forget its name: killed in between, the next sweep goes on."""
    if row.stored_name:
        default_storage.delete(row.stored_name)
        PupilImport.objects.filter(pk=row.pk).update(stored_name="")
        row.stored_name = ""


def enqueue(name: str, row: PupilImport, *, after: datetime | None = None) -> None:
    """Put a job of this room in the queue, in the caller's transaction."""
    # By its path: the doors of the queue import this module.
    job = import_string(f"pix.learners.tasks.{name}")
    (job.using(run_after=after) if after else job).enqueue(str(row.uuid))


def wait_for_setting(name: str, row: PupilImport, at: datetime) -> None:
    """A setting pauses this step: look again in a minute. The date moves on, so that paused time does not count."""
    with transaction.atomic():
        if PupilImport.objects.filter(pk=row.pk, state=row.state).update(updated_at=at):
            enqueue(name, row, after=at + ASK_AGAIN)


def must_import(member: Member) -> None:
    member.must_be_admin()
    if not member.organization.manages_pupils:
        raise PermissionDenied("cet espace n'importe pas ses élèves")


def _year_offered(school_year: str, at: datetime) -> None:
    if school_year not in school_years_offered(clock.today(at)):
        raise ValueError("not a school year of this day")


def _move(row: PupilImport, state: ImportState, at: datetime, **fields: Any) -> None:
    """From the state that ``row`` holds to the next one, once. Raises ``StateMoved`` when somebody was faster."""
    changes = {"state": state.value, "updated_at": at, **fields}
    guarded = PupilImport.objects.filter(pk=row.pk, state=row.state, updated_at=row.updated_at)
    if not guarded.update(**changes):
        raise StateMoved
    for name, value in changes.items():
        setattr(row, name, value)


def _end(row: PupilImport, state: ImportState, at: datetime, **fields: Any) -> PupilImport:
    _move(row, state, at, ended_at=at, **fields)
    return row


def _note(verb: str, member: Member, row: PupilImport, at: datetime) -> None:
    record(verb, at=at, actor=member.user.uuid, target=row.uuid, organization=member.organization.uuid)


def _forget_former(row: PupilImport) -> None:
    """A new file arrived: files refused before it and the names in former errors are kept no longer."""
    former = PupilImport.objects.filter(organization=row.organization_id).exclude(pk=row.pk)
    for one in former.filter(state=ImportState.REFUSED).exclude(stored_name="").only("id", "stored_name"):
        drop_file(one)
    former.update(problems=[], skipped=[], warnings=[])
