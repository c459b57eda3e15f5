"""« Équipe »: who works in this space, administrators first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pix.organizations.access import Member
from pix.organizations.queries import team_of
from pix.web.orga.guard import frame, member


@require_safe
@member
def team(request: HttpRequest, actor: Member) -> HttpResponse:
    """The tab « Membres »."""
    return render(request, "orga/team/members.html", frame(actor, "team", team=team_of(actor.organization)))
