"""Turns a request on a centre's page into its actor: a member of the centre named in the address."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from pix.accounts.access import Person
from pix.accounts.enums import LegalService
from pix.organizations.access import CentreMember, centre_member_of
from pix.web.switcher import switch_items
from pix.web.terms import terms_page

P = ParamSpec("P")


def member(view: Callable[Concatenate[HttpRequest, CentreMember, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """The view gets ``(request, actor, …)``; a stranger to the centre gets 404."""

    @wraps(view)
    def guarded(request: HttpRequest, centre: UUID, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        actor = centre_member_of(request.user, centre)  # type: ignore[arg-type]
        owed = terms_page(request, LegalService.CERTIF)
        if owed is not None:
            return owed
        return view(request, actor, *args, **kwargs)

    return guarded


def frame(actor: CentreMember, active: str, **context: Any) -> dict[str, Any]:
    """Context of a page of Certif: the centre, the menu, the other spaces, and the page's own."""
    here = {"centre": str(actor.centre.uuid)}
    entries = [("home", _("Accueil"), "certif:home", "home"), ("team", _("Équipe"), "certif:team", "user")]
    return {
        "actor": actor,
        "organization": actor.centre,
        "space_name": "Certif",
        "nav_items": [
            {"label": label, "href": reverse(name, kwargs=here), "icon": icon, "active": key == active}
            for key, label, name, icon in entries
        ],
        "home_href": reverse("certif:home", kwargs=here),
        "switch_items": switch_items(Person(actor.user), actor.centre.uuid),
        **context,
    }
