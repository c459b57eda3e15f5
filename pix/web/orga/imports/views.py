"""« Importer des élèves »: the file, the state, the errors, the preview, the confirmation."""

from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from pix.core import clock
from pix.documents import csv
from pix.documents.cells import Table
from pix.interop.rows import RollFormat
from pix.learners import actions, queries
from pix.learners.access import import_of, must_import
from pix.learners.rules import school_years_offered
from pix.organizations.access import Member
from pix.web.orga.guard import admin, frame
from pix.web.orga.imports.forms import UploadForm
from pix.web.orga.imports.receiving import QUERY_KEY, Broken, let_pass, read_form, token_for, token_holds

SHOWN = 200
"""Pupils named in a block of the preview; the number of the others is told."""

FIELDS = {
    "last_name": "Nom",
    "usage_name": "Nom d'usage",
    "first_name": "Prénom",
    "second_name": "Deuxième prénom",
    "third_name": "Troisième prénom",
    "sex": "Sexe",
    "birth_date": "Date de naissance",
    "birth_country_code": "Pays de naissance",
    "birth_department_code": "Département de naissance",
    "birth_city_insee": "Commune de naissance (code)",
    "birth_city_name": "Commune de naissance",
    "mef_code": "MEF",
    "status": "Statut",
    "division": "Classe",
}
LEAVING = {
    "absent": gettext_lazy("absent du fichier"),
    "left": gettext_lazy("sorti de l'établissement"),
    "no_division": gettext_lazy("sans classe dans le fichier"),
    "added_by_import": gettext_lazy("ajouté par l'import annulé"),
    "gone_before": gettext_lazy("déjà parti avant l'import annulé"),
}
KEPT = {
    "fields": gettext_lazy("fiche modifiée depuis l'import"),
    "year": gettext_lazy("classe modifiée depuis l'import"),
    "used": gettext_lazy("compte ou campagne utilisés depuis l'import"),
    "account": gettext_lazy("compte changé depuis l'import"),
    "account_taken": gettext_lazy("son ancien compte est maintenant celui d'un autre élève"),
    "activity": gettext_lazy("activé ou désactivé depuis l'import"),
}
UNDOING = {
    "ready": "L'annulation de l'import est prête.",
    "applying": "L'annulation de l'import est en cours.",
    "failed": "L'annulation de l'import a échoué.",
    "abandoned": "L'annulation de l'import a été abandonnée.",
}
"""Banners of an undoing, whose states are those of an import (schools 4.4)."""
LINKS = {
    "several_ines": gettext_lazy("ce compte est rattaché à plusieurs INE"),
    "two_pupils": gettext_lazy("le même compte est trouvé pour deux élèves du fichier"),
    "used_here": gettext_lazy("ce compte est déjà celui d'un autre élève de l'établissement"),
    "other_birth_date": gettext_lazy("la date de naissance n'est pas la même dans l'autre établissement"),
}
FINDINGS = {
    "error": gettext_lazy("Erreur"),
    "skipped": gettext_lazy("Non importé"),
    "warning": gettext_lazy("À vérifier"),
}
KINDS = {"refused": "error", "failed": "error", "upload_failed": "error", "imported": "success", "ready": "success"}


def field_value(field: str, text: str) -> str:
    """A stored value of the preview as people read it."""
    if field == "birth_date" and text:
        return date.fromisoformat(text).strftime("%d/%m/%Y")
    return text or "–"


def _context(request: HttpRequest, actor: Member, **more: Any) -> dict[str, Any]:
    now = clock.now()
    school = actor.organization
    face = queries.last_import(school, now)
    may_undo, undone = queries.undo_facts(school, now)
    roll_format = RollFormat(school.roll_format)
    here = {"organization": str(school.uuid)}
    return frame(
        actor,
        "pupils",
        face=face,
        kind=_kind(face) if face else "",
        done=queries.last_success(school),
        may_undo=None if face and face.state.running else may_undo,
        undone=undone,
        undoing=UNDOING,
        kept=KEPT,
        years=school_years_offered(clock.today(now)),
        formats=", ".join(roll_format.extensions),
        upload_query={QUERY_KEY: token_for(request, school.uuid)},
        accept=",".join(f".{extension}" for extension in roll_format.extensions),
        fregata=roll_format is RollFormat.FREGATA,
        fields=FIELDS,
        leaving=LEAVING,
        link_rules=LINKS,
        field_value=field_value,
        shown=SHOWN,
        breadcrumb=[
            {"label": _("Élèves"), "href": reverse("orga:pupils", kwargs=here)},
            {"label": _("Importer des élèves")},
        ],
        **{"problem": "", "form": None, **more},
    )


def _kind(face: queries.ImportFace) -> str:
    return "info" if face.undoes and face.state == "ready" else KINDS.get(face.state, "info")


def _page(request: HttpRequest, actor: Member, status: int = 200, **more: Any) -> HttpResponse:
    return render(request, "orga/imports/page.html", _context(request, actor, **more), status=status)


def _refused(request: HttpRequest, actor: Member, error: actions.ImportRefused) -> HttpResponse:
    return _page(request, actor, 409, problem=error.text)


def _back(actor: Member) -> HttpResponse:
    return redirect("orga:import", organization=actor.organization.uuid)


@require_safe
@admin
def page(request: HttpRequest, actor: Member) -> HttpResponse:
    """The page of the import, whatever its state."""
    must_import(actor)
    return _page(request, actor)


@require_safe
@admin
def state(request: HttpRequest, actor: Member) -> HttpResponse:
    """The state alone, for the page that refreshes itself: 204 while nothing has changed since ``vu``."""
    must_import(actor)
    context = _context(request, actor)
    face = context["face"]
    if face is not None and request.GET.get("vu") == face.stamp:
        return HttpResponse(status=204)
    return render(request, "orga/imports/_state.html", context)


@require_safe
@admin
def errors(request: HttpRequest, actor: Member, imported: UUID) -> HttpResponse:
    """The list that a secretary works through in SIECLE or Fregata: on screen and on paper."""
    row = import_of(actor, imported)
    here = {"organization": str(actor.organization.uuid)}
    context = frame(
        actor,
        "pupils",
        imported=row,
        source=RollFormat(row.format).label,
        findings=queries.findings_of(row),
        finding_kinds=FINDINGS,
        breadcrumb=[
            {"label": _("Élèves"), "href": reverse("orga:pupils", kwargs=here)},
            {"label": _("Importer des élèves"), "href": reverse("orga:import", kwargs=here)},
            {"label": _("Liste des erreurs")},
        ],
    )
    return render(request, "orga/imports/errors.html", context)


@require_safe
@admin
def errors_csv(request: HttpRequest, actor: Member, imported: UUID) -> HttpResponse:
    """The same list for a spreadsheet."""
    row = import_of(actor, imported)
    found = queries.findings_of(row)
    headers = [_("Ligne"), _("Nom"), _("Prénom"), _("INE"), _("Nature"), _("Problème"), _("Comment corriger")]
    lines = (
        [one.row or None, one.last_name, one.first_name, one.ine, str(FINDINGS[one.kind]), one.text, one.remedy]
        for one in found
    )
    response = HttpResponse(content_type=csv.CONTENT_TYPE)
    name = f"erreurs-import-{clock.paris(row.created_at):%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    csv.write(Table(_("Liste des erreurs"), headers, lines), response)  # type: ignore[arg-type]
    return response


# The usual token stands in the body: the address carries its own, checked before anything is read or written.
@csrf_exempt
@require_POST
@admin
def upload(request: HttpRequest, actor: Member) -> HttpResponse:
    """Receive a file: 409 when another import runs, 413 when too large, 400 when broken off, else back to the page."""
    must_import(actor)
    if not token_holds(request, actor.organization.uuid):
        refused: HttpResponse = import_string(settings.CSRF_FAILURE_VIEW)(request, reason="jeton du formulaire")
        return refused
    try:
        row = actions.begin_upload(member=actor, at=clock.now())
    except actions.ImportRefused as error:
        let_pass(request, settings.ROLL_FILE_MAX_BYTES)
        return _refused(request, actor, error)
    try:
        return _receive(request, actor, row)
    except Broken:
        actions.fail_upload(member=actor, imported=row, at=clock.now())
        return _page(request, actor, 400)
    except BaseException:
        actions.fail_upload(member=actor, imported=row, at=clock.now())
        raise


def _receive(request: HttpRequest, actor: Member, row: Any) -> HttpResponse:
    ceiling = read_form(request, settings.ROLL_FILE_MAX_BYTES)
    now = clock.now()
    years = school_years_offered(clock.today(now))
    form = UploadForm(request.POST or {"school_year": years[0]}, request.FILES, years=years)
    valid = form.is_valid()
    file = ceiling.oversized or form.cleaned_data.get("file")
    if file is None or (not valid and ceiling.oversized is None):
        actions.cancel_upload(member=actor, imported=row, at=now)
        return _page(request, actor, 422, form=form)
    try:
        ended = actions.end_upload(
            member=actor,
            imported=row,
            upload=file,
            school_year=form.cleaned_data.get("school_year") or years[0],
            valid_only=form.cleaned_data.get("valid_only", False),
            at=now,
        )
    except actions.ImportRefused as error:
        return _refused(request, actor, error)
    if ended.state == "upload_failed":
        return _page(request, actor, 413 if ended.file_error else 503)
    return _back(actor)


@require_POST
@admin
def confirm(request: HttpRequest, actor: Member, imported: UUID) -> HttpResponse:
    """« Appliquer l'import »: the preview that was looked at, and no other."""
    row = import_of(actor, imported)
    try:
        actions.confirm(member=actor, imported=row, digest=request.POST.get("apercu", ""), at=clock.now())
    except actions.ImportRefused as error:
        return _refused(request, actor, error)
    return _back(actor)


@require_POST
@admin
def abandon(request: HttpRequest, actor: Member, imported: UUID) -> HttpResponse:
    """« Abandonner cet import »."""
    row = import_of(actor, imported)
    try:
        actions.abandon(member=actor, imported=row, at=clock.now())
    except actions.ImportRefused as error:
        return _refused(request, actor, error)
    return _back(actor)


@require_POST
@admin
def keep_valid(request: HttpRequest, actor: Member, imported: UUID) -> HttpResponse:
    """« Importer quand même les lignes valides »."""
    row = import_of(actor, imported)
    try:
        actions.keep_valid_rows(member=actor, imported=row, at=clock.now())
    except actions.ImportRefused as error:
        return _refused(request, actor, error)
    return _back(actor)


@require_POST
@admin
def undo(request: HttpRequest, actor: Member, imported: UUID) -> HttpResponse:
    """« Annuler cet import »: its preview, on the same page; nothing is changed yet."""
    row = import_of(actor, imported)
    try:
        actions.open_undo(member=actor, imported=row, at=clock.now())
    except actions.ImportRefused as error:
        return _refused(request, actor, error)
    return _back(actor)
