"""The door of the spaces whose pages wait for the terms of use (schools 3.2)."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from pix.accounts.enums import LegalService
from pix.accounts.queries import owes_terms
from pix.core import clock


def terms_page(request: HttpRequest, service: LegalService) -> HttpResponse | None:
    """Where to go first, or nothing. Costs no statement: what is owed is read with the sign-in."""
    if not owes_terms(request.user, service, clock.now()):  # type: ignore[arg-type]
        return None
    query = {"service": service.value}
    if request.method in {"GET", "HEAD"} and not request.headers.get("HX-Request"):
        query["next"] = request.get_full_path()
    place = f"{reverse('public:terms')}?{urlencode(query)}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": place})
    return redirect(place)
