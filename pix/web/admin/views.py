"""Activations and recoveries of schools' spaces: who, when, by which mailbox, and what the program could not serve."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pix.accounts.access import Staff
from pix.core import clock
from pix.organizations.actions import handle_request
from pix.organizations.queries import activation_page
from pix.web.admin.frame import frame
from pix.web.admin.guard import staff


@require_safe
@staff
def activations(request: HttpRequest, actor: Staff) -> HttpResponse:
    """The cases to deal with first, then the requests of the year."""
    context = frame(
        "activations",
        waiting=activation_page(waiting=True, size=200),
        page=activation_page(waiting=False, number=request.GET.get("page")),
    )
    return render(request, "admin/activations.html", context)


@require_POST
@staff
def handled(request: HttpRequest, actor: Staff, demand: UUID) -> HttpResponse:
    """« C'est traité »."""
    if not handle_request(request=demand, by=actor.user, at=clock.now()):
        raise Http404
    messages.success(request, _("La demande est notée comme traitée."))
    return redirect("admin:activations")
