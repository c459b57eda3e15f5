"""The entry of Certif, its front page, and the choice of a centre."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from pix.core import clock
from pix.organizations.access import CentreMember
from pix.organizations.actions import remember_centre
from pix.organizations.queries import centres_of, team_of
from pix.web.certif.guard import frame, member


@require_safe
def enter(request: HttpRequest) -> HttpResponse:
    """The last centre opened, else the first by name; without any, a clear refusal."""
    centres = centres_of(request.user)  # type: ignore[arg-type]
    if centres:
        return redirect("certif:home", centre=centres[0].uuid)
    return render(request, "certif/no_space.html", {}, status=403)


@require_safe
@member
def home(request: HttpRequest, actor: CentreMember) -> HttpResponse:
    """What is open today, and what is not yet."""
    context = frame(actor, "home", team_count=len(team_of(actor.centre)))
    return render(request, "certif/home.html", context)


@require_POST
@member
def switch(request: HttpRequest, actor: CentreMember) -> HttpResponse:
    """Open this centre from the menu of spaces; ``/certif/`` opens it next time."""
    remember_centre(user=actor.user, centre=actor.centre.uuid, at=clock.now())
    return redirect("certif:home", centre=actor.centre.uuid)
