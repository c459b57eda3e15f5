"""What every page of the personal space shows around its own content."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _


def frame(request: HttpRequest, active: str = "", **context: Any) -> dict[str, Any]:
    """Context of a page: the places of the space, and the page's own."""
    places = [
        ("home", _("Accueil"), "app:home", "home"),
        ("runs", _("Mes parcours"), "app:runs", "flag"),
        ("competences", _("Compétences"), "app:competences", "chart"),
        ("code", _("J'ai un code"), "app:code", "play"),
    ]
    signed_in = request.user.is_authenticated
    return {
        "space_name": _("Mon espace"),
        "home_href": reverse("app:home") if signed_in else "/",
        "nav_items": [
            {"label": label, "href": reverse(name), "icon": icon, "active": key == active}
            for key, label, name, icon in places
        ]
        if signed_in
        else [],
        **context,
    }
