"""What every staff page shows around its content."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _


def frame(active: str, **context: Any) -> dict[str, Any]:
    """``active``: name of the route whose entry of the navigation is this page's."""
    entries = [
        ("activations", _("Activations"), "key"),
        ("accounts", _("Comptes"), "users"),
        ("schools", _("Établissements"), "school"),
        ("providers", _("Fournisseurs d'identité"), "log-in"),
        ("reports", _("Signalements"), "flag"),
        ("journal", _("Journal"), "list"),
    ]
    return {
        "space_name": _("Pilotage"),
        "home_href": reverse("admin:activations"),
        "nav_items": [
            {"label": label, "href": reverse(f"admin:{name}"), "icon": icon, "active": name == active}
            for name, label, icon in entries
        ],
        **context,
    }
