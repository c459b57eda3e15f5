"""The menu of spaces at the top right: one's schools, one's centres, one's personal space."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from pix.accounts.access import Person
from pix.organizations.queries import Space, all_spaces_of


def switch_items(person: Person, here: UUID) -> list[dict[str, Any]]:
    """Every space of this person, ``here`` marked; a POST opens a team's space and remembers it."""
    own_schools, own_centres = all_spaces_of(person.user)
    schools = _group("orga", "organization", _("{brand} Orga"), own_schools, here)
    centres = _group("certif", "centre", _("{brand} Certif"), own_centres, here)
    own = {"label": _("Mon espace personnel"), "detail": "", "href": reverse("app:home")}
    return [*schools, *centres, {"heading": _("{brand} App").format(brand=settings.BRAND)}, own]


def _group(face: str, param: str, title: str, spaces: list[Space], here: UUID) -> list[dict[str, Any]]:
    if not spaces:
        return []
    return [
        {"heading": title.format(brand=settings.BRAND)},
        *(
            {
                "label": space.name,
                "detail": " · ".join(part for part in (space.uai, _(space.role.label)) if part),
                "action": reverse(f"{face}:switch", kwargs={param: str(space.uuid)}),
                "active": space.uuid == here,
            }
            for space in spaces
        ),
    ]
