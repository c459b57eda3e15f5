"""« Élèves »: the list of the school's active pupils, and one pupil's page."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pix.campaigns.enums import CampaignType, Status
from pix.core import clock
from pix.learners import queries
from pix.learners.access import may_import, pupil_of_school
from pix.learners.enums import Certifiability
from pix.organizations.access import Member
from pix.web.orga.guard import frame, member
from pix.web.orga.pupils.forms import CERTIFIABILITY, METHODS, filters_of

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


def _options(choices: dict[str, str]) -> list[dict[str, str]]:
    return [{"value": value, "label": _(label) if label else ""} for value, label in choices.items()]


def _words() -> dict[str, Any]:
    return {
        "type_label": lambda type: _(CampaignType(type).label),
        "status_label": lambda status: _(STATUSES[Status(status)]),
        "status_kind": lambda status: STATUS_KINDS[Status(status)],
        "certifiability_kind": CERTIFIABILITY_KINDS.get,
    }


@require_safe
@member
def pupils(request: HttpRequest, actor: Member) -> HttpResponse:
    """The table: filters, order and page are in the address."""
    filters = filters_of(request.GET)
    found = queries.pupils_of(actor.organization, filters, request.GET.get("page", "1"))
    notice = queries.notice_of(actor.organization, clock.now()) if actor.organization.manages_pupils else None
    context = frame(
        actor,
        "pupils",
        found=found,
        filters=filters,
        notice=notice,
        here=reverse("orga:pupils", kwargs={"organization": str(actor.organization.uuid)}),
        may_import=may_import(actor),
        divisions=_options({division: division for division in found.divisions}),
        methods=_options(METHODS),
        certifiability=_options(CERTIFIABILITY),
        **_words(),
    )
    return render(request, "orga/pupils/list.html", context)


@require_safe
@member
def pupil(request: HttpRequest, actor: Member, pupil: UUID) -> HttpResponse:
    """« Activité » of one pupil: figures by type, then every campaign."""
    shown = queries.pupil_page(pupil_of_school(actor, pupil))
    here = {"organization": str(actor.organization.uuid)}
    context = frame(
        actor,
        "pupils",
        shown=shown,
        line=shown.pupil,
        figures=[
            (
                _(label),
                {status.value: shown.figures.get(kind.value, {}).get(status.value, 0) for status in Status},
            )
            for kind, label in FIGURES
        ],
        breadcrumb=[
            {"label": _("Élèves"), "href": reverse("orga:pupils", kwargs=here)},
            {"label": f"{shown.pupil.first_name} {shown.pupil.last_name}"},
        ],
        **_words(),
    )
    return render(request, "orga/pupils/pupil.html", context)
