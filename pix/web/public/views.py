"""Welcome, choice of a space, state of the service."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from pix.accounts.actions import choose_language
from pix.content import releases
from pix.organizations.queries import centres_of, spaces_of
from pix.web.middleware import keep_language

JOINING = "joining"
"""Session key: the invitation to come back to, for an account that had an address to prove first."""


@login_not_required
@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    """The front door: a code to type, an account to open, a school's space to enter."""
    if request.user.is_authenticated:
        return redirect("public:spaces")
    return render(request, "public/welcome.html", {})


@require_safe
def spaces(request: HttpRequest) -> HttpResponse:
    """After signing in: a member of a school or a centre goes to its space, everyone else to the personal one."""
    joining = request.session.pop(JOINING, "")
    if joining:
        return redirect(joining)
    own = spaces_of(request.user)  # type: ignore[arg-type]
    if own:
        return redirect("orga:home", organization=own[0].uuid)
    centres = centres_of(request.user)  # type: ignore[arg-type]
    if centres:
        return redirect("certif:home", centre=centres[0].uuid)
    return redirect("app:home")


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language on this browser and on the account of whoever is there, and show the page again."""
    chosen = request.POST.get("language", "")
    known = {code for code, _name in settings.LANGUAGES}
    place = request.POST.get("next") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(place, {request.get_host()}, require_https=request.is_secure()):
        place = reverse("public:welcome")
    response = redirect(place)
    if chosen in known:
        keep_language(response, chosen)
        if request.user.is_authenticated:
            choose_language(user=request.user, language=chosen)
    return response


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The process can serve: its database and its content are there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok", "release": releases.current().id})
