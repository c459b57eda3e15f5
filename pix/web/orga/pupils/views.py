"""« Élèves »: the list of the school's pupils, and one pupil's page."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pix.campaigns.enums import CampaignType, Status
from pix.core import clock
from pix.core.school_years import school_year_of
from pix.learners import queries
from pix.learners.access import may_import, pupil_of_school
from pix.learners.enums import Certifiability, Method
from pix.organizations.access import Member
from pix.web.orga.guard import frame, member
from pix.web.orga.pupils.forms import CERTIFIABILITY, METHODS, chips_of, filters_of

STATUSES = {Status.STARTED: "En cours", Status.TO_SHARE: "En attente d'envoi", Status.SHARED: "Reçu"}
STATUS_KINDS = {Status.STARTED: "progress", Status.TO_SHARE: "send", Status.SHARED: "success"}
CERTIFIABILITY_KINDS = {
    Certifiability.ELIGIBLE: "success",
    Certifiability.NON_ELIGIBLE: "neutral",
    Certifiability.NOT_AVAILABLE: "off",
}
FIGURES = (
    (CampaignType.ASSESSMENT, "Évaluations"),
    (CampaignType.PROFILE, "Collectes de profil"),
)


def place_of(actor: Member, **more: Any) -> dict[str, str]:
    """What an address of this school's pupils needs."""
    return {"organization": str(actor.organization.uuid), **{key: str(value) for key, value in more.items()}}


def crumbs(actor: Member, *more: dict[str, str]) -> list[dict[str, str]]:
    """« Élèves », then the rest."""
    return [{"label": _("Élèves"), "href": reverse("orga:pupils", kwargs=place_of(actor))}, *more]


def words() -> dict[str, Any]:
    """How types, statuses and values are said."""
    # Looked up once a page: a list of fifty asks for them hundreds of times.
    types = {one.value: _(one.label) for one in CampaignType}
    statuses = {one.value: _(text) for one, text in STATUSES.items()}
    return {
        "type_label": types.__getitem__,
        "status_label": statuses.__getitem__,
        "status_kind": lambda status: STATUS_KINDS[Status(status)],
        "method_label": {one: _(one.label) for one in Method},
        "certifiability_kind": CERTIFIABILITY_KINDS.get,
    }


def _options(choices: dict[str, str]) -> list[dict[str, str]]:
    return [{"value": value, "label": _(label) if label else ""} for value, label in choices.items()]


@require_safe
@member
def pupils(request: HttpRequest, actor: Member) -> HttpResponse:
    """The table: filters, order and page are in the address."""
    school = actor.organization
    now = clock.now()
    filters = filters_of(request.GET)
    found = queries.pupils_of(school, filters, request.GET.get("page", "1"))
    notice = queries.notice_of(school, now) if school.manages_pupils else None
    current = school_year_of(clock.today(now))
    earlier = [year for year in queries.years_of(school) if year < current] if school.manages_pupils else []
    context = frame(
        actor,
        "pupils",
        found=found,
        filters=filters,
        chips=chips_of(request.GET, filters),
        notice=notice,
        new_year=notice is not None
        and notice.new_year
        and found.total > 0
        and not filters.school_year
        and may_import(actor),
        here=reverse("orga:pupils", kwargs=place_of(actor)),
        query=request.GET.urlencode(),
        may_import=may_import(actor),
        may_manage=school.manages_pupils and not filters.school_year,
        divisions=[{"value": division, "label": division} for division in found.divisions],
        methods=_options(METHODS),
        certifiability=_options(CERTIFIABILITY),
        years=[{"value": year, "label": year} for year in earlier],
        current_year=current,
        **words(),
    )
    return render(request, "orga/pupils/list.html", context)


@require_safe
@member
def pupil(request: HttpRequest, actor: Member, pupil: UUID) -> HttpResponse:
    """« Activité » of one pupil: figures by type, then every campaign."""
    row = pupil_of_school(actor, pupil)
    if row.merged_into is not None:
        # An address kept from before the merge leads to the record that was kept.
        return redirect(reverse("orga:pupil", kwargs=place_of(actor, pupil=row.merged_into.uuid)))
    shown = queries.pupil_page(row)
    line = shown.pupil
    context = frame(
        actor,
        "pupils",
        shown=shown,
        line=line,
        figures=[
            (
                _(label),
                {status.value: shown.figures.get(kind.value, {}).get(status.value, 0) for status in Status},
            )
            for kind, label in FIGURES
        ],
        breadcrumb=crumbs(actor, {"label": f"{line.first_name} {line.last_name}"}),
        account=queries.account_page(row, clock.now()),
        place=place_of(actor, pupil=row.uuid),
        may_rename=actor.is_admin and line.active,
        **words(),
    )
    return render(request, "orga/pupils/pupil.html", context)
