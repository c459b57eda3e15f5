"""« Doublons »: what to look at, two records side by side, what was decided; and a pupil made by hand."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from pix.core import clock
from pix.learners import actions, queries
from pix.learners.access import must_import, pupil_of_school
from pix.learners.enums import Doubt
from pix.learners.queries import doubles as radar
from pix.organizations.access import Member
from pix.web.orga.doubles.forms import NewPupilForm
from pix.web.orga.guard import admin, frame

PAGE = 20
KINDS = {
    Doubt.PROVISIONAL: "warning",
    Doubt.TWO_ACCOUNTS: "warning",
    Doubt.NEAR_NAMES: "neutral",
    Doubt.SHARED_ACCOUNT: "warning",
}


def _context(actor: Member, active: str, **more: Any) -> dict[str, Any]:
    here = {"organization": str(actor.organization.uuid)}
    tabs = [
        ("doubles", _("À vérifier"), "doubles"),
        ("provisional", _("Fiches provisoires"), "doubles-provisional"),
        ("decided", _("Décisions"), "doubles-decided"),
    ]
    return frame(
        actor,
        "pupils",
        tabs=[
            {"label": label, "href": reverse(f"orga:{name}", kwargs=here), "active": key == active}
            for key, label, name in tabs
        ],
        doubt_kind=KINDS.get,
        breadcrumb=[
            {"label": _("Élèves"), "href": reverse("orga:pupils", kwargs=here)},
            *more.pop("path", ()),
            {"label": more.pop("here", _("Doublons"))},
        ],
        **{"problem": "", **more},
    )


def list_page(request: HttpRequest, actor: Member, status: int = 200, problem: str = "") -> HttpResponse:
    """« À vérifier », with what went wrong, if anything did."""
    page = Paginator(radar.suspicions(actor.organization), PAGE).get_page(request.GET.get("page", "1"))
    lines = radar.lines_of(actor.organization, list(page.object_list))
    context = _context(actor, "doubles", page=page, lines=lines, problem=problem)
    return render(request, "orga/doubles/list.html", context, status=status)


def compare_page(
    request: HttpRequest, actor: Member, one: UUID, other: UUID, status: int = 200, problem: str = ""
) -> HttpResponse:
    """Two records side by side. Raises 404 for another school's, or the same one twice."""
    first, second = pupil_of_school(actor, one), pupil_of_school(actor, other)
    if first.pk == second.pk:
        raise Http404
    here = {"organization": str(actor.organization.uuid)}
    context = _context(
        actor,
        "doubles",
        found=radar.comparison(first, second),
        settled=not (first.active and second.active),
        problem=problem,
        path=[{"label": _("Doublons"), "href": reverse("orga:doubles", kwargs=here)}],
        here=_("Comparer"),
    )
    return render(request, "orga/doubles/compare.html", context, status=status)


@require_safe
@admin
def doubles(request: HttpRequest, actor: Member) -> HttpResponse:
    """Pairs and shared accounts, the surest first."""
    must_import(actor)
    return list_page(request, actor)


@require_safe
@admin
def count(request: HttpRequest, actor: Member) -> HttpResponse:
    """The number for the link of « Élèves », asked apart: the list of pupils does not wait for it."""
    must_import(actor)
    return render(request, "orga/doubles/_count.html", {"count": len(radar.suspicions(actor.organization))})


@require_safe
@admin
def compare(request: HttpRequest, actor: Member, one: UUID, other: UUID) -> HttpResponse:
    """Side by side: what differs, what a merge would do."""
    must_import(actor)
    return compare_page(request, actor, one, other)


@require_safe
@admin
def provisional(request: HttpRequest, actor: Member) -> HttpResponse:
    """Pupils made by hand who still wait for their INE."""
    must_import(actor)
    records = radar.provisional_of(actor.organization)
    return render(request, "orga/doubles/provisional.html", _context(actor, "provisional", records=records))


@require_safe
@admin
def decided(request: HttpRequest, actor: Member) -> HttpResponse:
    """What was decided in the last 30 days, each with « Annuler »."""
    must_import(actor)
    repairs = radar.repairs_of(actor.organization, clock.now())
    return render(request, "orga/doubles/decided.html", _context(actor, "decided", repairs=repairs))


@require_http_methods(["GET", "HEAD", "POST"])
@admin
def new_pupil(request: HttpRequest, actor: Member) -> HttpResponse:
    """A pupil without INE: names, birth date, sex, class."""
    must_import(actor)
    divisions = queries.classes_of(actor.organization)
    form = NewPupilForm(request.POST if request.method == "POST" else None, divisions=divisions)
    near: tuple[radar.RecordFace, ...] = ()
    if form.is_valid():
        said = form.cleaned_data
        try:
            made = actions.add_provisional(
                by=actor, asked=form.asked, uuid=said["uuid"], sure=said["sure"], at=clock.now()
            )
        except actions.LooksLike as found:
            near = found.pupils
        else:
            messages.success(
                request,
                _("La fiche provisoire de {name} a été créée.").format(name=f"{made.first_name} {made.last_name}"),
            )
            return redirect("orga:pupil", organization=actor.organization.uuid, pupil=made.uuid)
    context = _context(actor, "", form=form, near=near, here=_("Ajouter un élève"))
    return render(request, "orga/doubles/new.html", context, status=422 if form.is_bound else 200)
