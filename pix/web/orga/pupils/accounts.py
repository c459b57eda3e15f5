"""« Gérer le compte », for one pupil and for a selection; the correction of a pupil's name (schools 7.5, 9.6, 9.7)."""

import io
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pix.core import clock
from pix.documents import csv, names, pdf
from pix.documents.cells import Table
from pix.learners import queries
from pix.learners.access import pupil_of_school
from pix.learners.actions import PupilNotFound, accounts
from pix.organizations.access import Member
from pix.web.orga.guard import admin, frame, member
from pix.web.orga.pupils import sheets
from pix.web.orga.pupils.forms import NameForm
from pix.web.orga.pupils.views import crumbs, place_of

MOST = 100
"""Pupils of one sending; a page of the list has fifty."""
HEADERS = ("Classe", "Nom", "Prénom", "Identifiant", "Mot de passe")


# --- one pupil ---


def _shown(actor: Member, uuid: UUID) -> tuple[Any, queries.AccountPage]:
    """An active pupil of the school and their account; 404 without one."""
    row = pupil_of_school(actor, uuid)
    found = queries.account_page(row, clock.now())
    if found is None:
        raise Http404
    return row, found


def account_context(actor: Member, row: Any, found: queries.AccountPage | None, **more: Any) -> dict[str, Any]:
    """What the window and the page of an account show."""
    return {
        "account": found,
        "place": place_of(actor, pupil=row.uuid),
        "full_name": f"{row.first_name} {row.last_name}",
        "given": None,
        "problem": "",
        **more,
    }


def _page(request: HttpRequest, actor: Member, uuid: UUID, status: int = 200, **more: Any) -> HttpResponse:
    row, found = _shown(actor, uuid)
    values = account_context(actor, row, found, **more)
    place = reverse("orga:pupil", kwargs=place_of(actor, pupil=row.uuid))
    values["breadcrumb"] = crumbs(actor, {"label": values["full_name"], "href": place}, {"label": _("Gérer le compte")})
    return render(request, "orga/pupils/account.html", frame(actor, "pupils", **values), status=status)


@require_safe
@member
def account(request: HttpRequest, actor: Member, pupil: UUID) -> HttpResponse:
    """Ways to sign in, and what the team may do."""
    return _page(request, actor, pupil)


@require_POST
@member
def username(request: HttpRequest, actor: Member, pupil: UUID) -> HttpResponse:
    """« Ajouter l'identifiant »; a first password is shown once, on the page that answers."""
    row, _found = _shown(actor, pupil)
    try:
        given = accounts.add_username(pupil=row, by=actor, at=clock.now())
    except (accounts.UsernameHeld, accounts.GrownUp) as error:
        raise PermissionDenied from error
    except accounts.UsernameImpossible:
        text = _(
            "L'identifiant se compose avec la date de naissance, qui manque pour cet élève. Complétez la base élèves."
        )
        return _page(request, actor, pupil, 409, problem=text)
    except PupilNotFound as error:
        raise Http404 from error
    return _page(request, actor, pupil, given=given, done=_("L'identifiant a été ajouté."))


@require_POST
@member
def password(request: HttpRequest, actor: Member, pupil: UUID) -> HttpResponse:
    """« Réinitialiser le mot de passe »; shown once, on the page that answers."""
    row, found = _shown(actor, pupil)
    try:
        given = accounts.reset_pupil_password(pupil=row, by=actor, at=clock.now())
    except (accounts.NoPasswordHere, accounts.GrownUp) as error:
        raise PermissionDenied from error
    except PupilNotFound as error:
        raise Http404 from error
    shown = accounts.Given(found.username or found.email, given)
    return _page(request, actor, pupil, given=shown, done=_("Le mot de passe a été réinitialisé."))


@require_POST
@member
def unblock(request: HttpRequest, actor: Member, pupil: UUID) -> HttpResponse:
    """Open again a door that too many wrong passwords closed."""
    row, _found = _shown(actor, pupil)
    try:
        accounts.unblock_pupil(pupil=row, by=actor, at=clock.now())
    except accounts.GrownUp as error:
        raise PermissionDenied from error
    except PupilNotFound as error:
        raise Http404 from error
    messages.success(request, _("Le compte est débloqué\u202f: l'élève peut se connecter avec son mot de passe."))
    return redirect(reverse("orga:pupil-account", kwargs=place_of(actor, pupil=row.uuid)))


@require_http_methods(["GET", "HEAD", "POST"])
@admin
def name(request: HttpRequest, actor: Member, pupil: UUID) -> HttpResponse:
    """Correct the displayed names."""
    row = pupil_of_school(actor, pupil)
    if not row.active:
        raise Http404
    back = reverse("orga:pupil", kwargs=place_of(actor, pupil=row.uuid))
    sent = request.method == "POST"
    form = NameForm(request.POST if sent else None, initial={"first_name": row.first_name, "last_name": row.last_name})
    if sent and form.is_valid():
        data = form.cleaned_data
        try:
            accounts.rename_pupil(
                pupil=row, first_name=data["first_name"], last_name=data["last_name"], by=actor, at=clock.now()
            )
        except PupilNotFound as error:
            raise Http404 from error
        messages.success(request, _("Le nom de l'élève a été corrigé."))
        return redirect(back)
    trail = crumbs(actor, {"label": f"{row.first_name} {row.last_name}", "href": back}, {"label": _("Corriger le nom")})
    context = frame(actor, "pupils", form=form, back=back, breadcrumb=trail)
    return render(request, "orga/pupils/name.html", context, status=422 if sent else 200)


# --- a selection ---


def _uuids(values: list[str]) -> list[UUID]:
    """The pupils of a form or of an address; what is no identifier is nobody."""
    found = []
    for value in dict.fromkeys(values):
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@member
def passwords(request: HttpRequest, actor: Member) -> HttpResponse:
    """« Réinitialiser les mots de passe des élèves sélectionnés »: who is concerned, then the file."""
    if request.method != "POST":
        return _selection(request, actor, _uuids(request.GET.getlist("eleve")))
    uuids = _uuids(request.POST.getlist("eleve"))
    if not uuids or len(uuids) > MOST:
        return _selection(request, actor, uuids, 422)
    try:
        lines = accounts.reset_passwords(pupils=uuids, by=actor, at=clock.now())
    except accounts.BulkRefused as refused:
        refusal = refused.refusal
        return _selection(request, actor, uuids, refusal.status, problem=_(refusal.text), code=refusal.value)
    if request.headers.get("X-Requested-With") != "fetch":
        # The file does not replace the page: the next one says that it is done.
        messages.success(request, _(DONE))
    return _password_file(request, actor, lines)


DONE = "La réinitialisation des mots de passe des élèves sélectionnés a été effectuée."


def _selection(
    request: HttpRequest, actor: Member, uuids: list[UUID], status: int = 200, *, problem: str = "", code: str = ""
) -> HttpResponse:
    chosen = queries.chosen_pupils(actor.organization, uuids[:MOST])
    if not problem and len(uuids) > MOST:
        problem = _("Au plus {n} élèves à la fois\u202f: sélectionnez-en moins.").format(n=MOST)
    elif not problem and not any(not one.left_out for one in chosen):
        problem = (
            _("Aucun des élèves sélectionnés n'a de compte dont le mot de passe puisse être réinitialisé.")
            if chosen
            else _("Sélectionnez au moins un élève dans la liste.")
        )
    context = frame(
        actor,
        "pupils",
        served=[one for one in chosen if not one.left_out],
        left_out=[one for one in chosen if one.left_out],
        problem=problem,
        code=code,
        done=_(DONE),
        back=reverse("orga:pupils", kwargs=place_of(actor)),
        breadcrumb=crumbs(actor, {"label": _("Réinitialiser les mots de passe")}),
    )
    return render(request, "orga/pupils/passwords.html", context, status=status)


def _password_file(request: HttpRequest, actor: Member, lines: tuple[accounts.GivenLine, ...]) -> HttpResponse:
    """The file to hand out, or the cards (``format=cartes``): made for this answer, kept nowhere."""
    stamp = clock.paris(clock.now()).strftime("%Y%m%d_%H%M")
    if request.POST.get("format") == "cartes":
        response = HttpResponse(sheets.password_cards(request, actor, lines), content_type=pdf.CONTENT_TYPE)
        response.headers["Content-Disposition"] = names.disposition(f"{stamp}_cartes_acces_eleves.pdf")
        return response
    rows = [(one.division, one.last_name, one.first_name, one.username, one.password) for one in lines]
    stream = io.BytesIO()
    csv.write(Table("", HEADERS, rows), stream)
    response = HttpResponse(stream.getvalue(), content_type=csv.CONTENT_TYPE)
    response.headers["Content-Disposition"] = names.disposition(f"{stamp}_mots_de_passe_eleves.csv")
    return response
