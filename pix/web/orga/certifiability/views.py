"""What « certifiable » means, whether its sharing is on, and since when a date is good."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pix.learners.queries.certifiability import figures
from pix.organizations.access import Member
from pix.web.orga.guard import frame, member


@require_safe
@member
def certifiability(request: HttpRequest, actor: Member) -> HttpResponse:
    """The explanation, the setting, and the figures of the school, each a link to its pupils."""
    here = {"organization": str(actor.organization.uuid)}
    context = frame(
        actor,
        "pupils",
        figures=figures(actor.organization),
        shares=actor.organization.auto_certifiability,
        breadcrumb=[
            {"label": _("Élèves"), "href": reverse("orga:pupils", kwargs=here)},
            {"label": _("Certificabilité")},
        ],
    )
    return render(request, "orga/certifiability/certifiability.html", context)
