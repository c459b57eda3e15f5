"""« J'accepte les conditions d'utilisation »: asked once, and again for a newer version."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from pix.accounts.actions import accept_terms
from pix.accounts.enums import LegalService, TermsStatus
from pix.accounts.queries import terms_of
from pix.core import clock


@require_http_methods(["GET", "HEAD", "POST"])
def terms(request: HttpRequest) -> HttpResponse:
    """The text, and the button while it waits; then the page that was asked for."""
    sent = request.POST if request.method == "POST" else request.GET
    try:
        service = LegalService(sent.get("service", LegalService.ORGA))
    except ValueError:
        service = LegalService.ORGA
    asked = sent.get("next", "")
    safe = url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()})
    user, now = request.user, clock.now()
    if request.method == "POST":
        accept_terms(user=user, service=service, at=now)  # type: ignore[arg-type]
        return redirect(asked if safe else "public:spaces")
    found = terms_of(user, service, now)  # type: ignore[arg-type]
    context = {
        "terms": found,
        "newer": found.status is TermsStatus.UPDATE_REQUESTED,
        "space": {LegalService.APP: "App", LegalService.ORGA: "Orga", LegalService.CERTIF: "Certif"}[service],
        "asked": asked if safe else "",
        "title": _("Conditions d'utilisation de {brand} {space}"),
        "brand": settings.BRAND,
    }
    return render(request, "public/terms.html", context)
