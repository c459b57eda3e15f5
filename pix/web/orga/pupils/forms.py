"""The filters of « Élèves », read from the address: what it does not know, it forgets."""

import re
from collections.abc import Iterable

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pix.learners.enums import Certifiability, Method
from pix.learners.queries import PupilFilters
from pix.web.jinja import with_query

METHODS = {
    "none": "Aucune",
    Method.EMAIL.value: Method.EMAIL.label,
    Method.USERNAME.value: Method.USERNAME.label,
    Method.GAR.value: Method.GAR.label,
    "no_gar": "Sans Médiacentre",
}
CERTIFIABILITY = {one.value: one.label for one in Certifiability}
SORTS = ("nom", "classe", "participations")
_YEAR = re.compile("[0-9]{4}-[0-9]{4}")


def filters_of(query: QueryDict) -> PupilFilters:
    """``nom``, ``classe``, ``methode``, ``certificabilite`` (several values each), ``annee``, ``tri``."""
    sort, year = query.get("tri", ""), query.get("annee", "")
    return PupilFilters(
        name=query.get("nom", "").strip()[:255],
        divisions=tuple(dict.fromkeys(query.getlist("classe")))[:200],
        methods=tuple(one for one in METHODS if one in query.getlist("methode")),
        certifiability=tuple(one for one in CERTIFIABILITY if one in query.getlist("certificabilite")),
        sort=sort if sort.removeprefix("-") in SORTS else "",
        school_year=year if _YEAR.fullmatch(year) else "",
    )


def chips_of(query: QueryDict, filters: PupilFilters) -> list[dict[str, str]]:
    """What filters the list, in words, each with the address that leaves it out."""

    def without(name: str, value: str) -> str:
        return (
            with_query(query, **{name: [one for one in query.getlist(name) if one.strip() != value], "page": ""}) or "?"
        )

    def told(name: str, label: str, values: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
        text = _("{filter}\u202f: {value}")
        return [
            {"label": text.format(filter=label, value=shown), "href": without(name, value)} for value, shown in values
        ]

    name, year = filters.name, filters.school_year
    return [
        *told("nom", _("Nom"), [(name, name)] if name else []),
        *told("classe", _("Classe"), [(one, one) for one in filters.divisions]),
        *told("methode", _("Méthode(s) de connexion"), [(one, _(METHODS[one])) for one in filters.methods]),
        *told(
            "certificabilite", _("Certificabilité"), [(one, _(CERTIFIABILITY[one])) for one in filters.certifiability]
        ),
        *told("annee", _("Année scolaire"), [(year, year)] if year else []),
    ]


class NameForm(forms.Form):
    """The names that the school shows for a pupil."""

    first_name = forms.CharField(
        label=gettext_lazy("Prénom"),
        max_length=255,
        error_messages={
            "required": gettext_lazy("Écrivez le prénom de l'élève."),
            "max_length": gettext_lazy("Le prénom a 255 caractères au maximum."),
        },
    )
    last_name = forms.CharField(
        label=gettext_lazy("Nom"),
        max_length=255,
        error_messages={
            "required": gettext_lazy("Écrivez le nom de l'élève."),
            "max_length": gettext_lazy("Le nom a 255 caractères au maximum."),
        },
    )
