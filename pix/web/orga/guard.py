"""Turns a request on a school's page into its actor: a member of the school named in the address."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from pix.accounts.access import Person
from pix.accounts.enums import LegalService
from pix.organizations.access import Member, member_of
from pix.web.switcher import switch_items
from pix.web.terms import terms_page

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Member, P], HttpResponse]


def member(view: Callable[Concatenate[HttpRequest, Member, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """The view gets ``(request, actor, …)``; a stranger to the school gets 404."""

    @wraps(view)
    def guarded(request: HttpRequest, organization: UUID, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        actor = member_of(request.user, organization)  # type: ignore[arg-type]
        request.member = actor  # type: ignore[attr-defined]
        owed = terms_page(request, LegalService.ORGA)
        if owed is not None:
            return owed
        return view(request, actor, *args, **kwargs)

    return guarded


def admin(view: Callable[Concatenate[HttpRequest, Member, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """As ``member``; a plain member gets 403."""

    @wraps(view)
    def guarded(request: HttpRequest, actor: Member, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        actor.must_be_admin()
        return view(request, actor, *args, **kwargs)

    return member(guarded)


def frame(actor: Member, active: str, **context: Any) -> dict[str, Any]:
    """Context of a page of Orga: the school, the menu, the other spaces, and the page's own."""
    from django.urls import reverse

    school = actor.organization
    here = {"organization": str(school.uuid)}
    entries = [
        ("campaigns", "Campagnes", "orga:campaigns", "flag"),
        ("pupils", "Élèves", "orga:pupils", "users"),
        ("team", "Équipe", "orga:team", "user"),
    ]
    return {
        "actor": actor,
        "organization": school,
        "space_name": "Orga",
        "nav_items": [
            {"label": label, "href": reverse(name, kwargs=here), "icon": icon, "active": key == active}
            for key, label, name, icon in entries
        ],
        "home_href": reverse("orga:home", kwargs=here),
        "switch_items": switch_items(Person(actor.user), school.uuid),
        **context,
    }
