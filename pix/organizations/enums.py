"""Kinds and roles."""

from enum import StrEnum


class OrganizationType(StrEnum):
    SCO = "SCO"
    PRIMARY = "SCO-1D"
    SUP = "SUP"
    PRO = "PRO"


class SchoolKind(StrEnum):
    """What a school teaches: decides the parcours, the school book and the certification calendar."""

    COLLEGE = "college"
    LYCEE = "lycee"
    LYCEE_PRO = "lycee_pro"
    OTHER = "other"


class Role(StrEnum):
    ADMIN = "admin"
    MEMBER = "member"

    @property
    def label(self) -> str:
        return "Administrateur" if self is Role.ADMIN else "Membre"


AGRICULTURE = "AGRICULTURE"
GAR = "GAR"
