"""``/orga/``: opens the space that this person opened last."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from pix.core import clock
from pix.organizations.access import Member
from pix.organizations.actions import remember_space
from pix.organizations.queries import spaces_of
from pix.web.orga.guard import member


@require_safe
def enter(request: HttpRequest) -> HttpResponse:
    """The last space opened, else the first by name; without any, a clear refusal (schools 3.1)."""
    spaces = spaces_of(request.user)  # type: ignore[arg-type]
    if spaces:
        return redirect("orga:home", organization=spaces[0].uuid)
    return render(request, "orga/no_space.html", {}, status=403)


@require_POST
@member
def switch(request: HttpRequest, actor: Member) -> HttpResponse:
    """Open this school from the menu of spaces; the next sign-in opens it too (schools 3.1)."""
    remember_space(user=actor.user, organization=actor.organization.uuid, at=clock.now())
    return redirect("orga:home", organization=actor.organization.uuid)
