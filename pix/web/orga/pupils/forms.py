"""The filters of « Élèves », read from the address: what it does not know, it forgets."""

from django.http import QueryDict

from pix.learners.enums import Certifiability, Method
from pix.learners.queries import PupilFilters

METHODS = {"none": "Aucune", **{one.value: one.label for one in Method}}
CERTIFIABILITY = {one.value: one.label for one in Certifiability}
SORTS = ("nom", "classe", "participations")


def filters_of(query: QueryDict) -> PupilFilters:
    """``nom``, ``classe``, ``methode``, ``certificabilite`` (several values each), ``tri``."""
    sort = query.get("tri", "")
    return PupilFilters(
        name=query.get("nom", "").strip()[:255],
        divisions=tuple(query.getlist("classe"))[:200],
        methods=tuple(one for one in query.getlist("methode") if one in METHODS),
        certifiability=tuple(one for one in query.getlist("certificabilite") if one in CERTIFIABILITY),
        sort=sort if sort.removeprefix("-") in SORTS else "",
    )
