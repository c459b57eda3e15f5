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


AEFE = "AEFE"
AGRICULTURE = "AGRICULTURE"
GAR = "GAR"


class Service(StrEnum):
    """The spaces that a team works in."""

    ORGA = "orga"
    CERTIF = "certif"

    @property
    def label(self) -> str:
        return "Orga" if self is Service.ORGA else "Certif"


class InvitationState(StrEnum):
    PENDING = "pending"
    ACCEPTED = "accepted"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class ActivationOutcome(StrEnum):
    """What a request to activate or recover a school's space came to (schools 1.2)."""

    SENT = "sent"
    SEVERAL = "several"
    UNKNOWN = "unknown"
    NO_MAILBOX = "no_mailbox"
    ARCHIVED = "archived"

    @property
    def status(self) -> int:
        return {"sent": 200, "several": 409, "unknown": 404, "no_mailbox": 412, "archived": 422}[self.value]

    @property
    def message(self) -> str:
        return {
            "sent": "",
            "several": "Une erreur est survenue.",
            "unknown": "L'UAI/RNE de l'établissement n'est pas reconnu.",
            "no_mailbox": "Nous n'avons pas d'adresse e-mail de contact associée à votre établissement.",
            # An archived school reads as an unknown one, on purpose.
            "archived": "L'UAI/RNE de l'établissement n'est pas reconnu.",
        }[self.value]

    @property
    def label(self) -> str:
        """For the staff."""
        return {
            "sent": "Lien envoyé",
            "several": "Plusieurs établissements ont cet UAI",
            "unknown": "UAI inconnu",
            "no_mailbox": "Établissement sans boîte fonctionnelle",
            "archived": "Établissement archivé",
        }[self.value]

    @property
    def needs_staff(self) -> bool:
        return self in {ActivationOutcome.SEVERAL, ActivationOutcome.NO_MAILBOX}


class InvitingProblem(StrEnum):
    """Why an invitation was not sent (schools 2.2)."""

    NO_ADDRESS = "no_address"
    BAD_ADDRESS = "bad_address"
    ALREADY_MEMBER = "already_member"

    @property
    def status(self) -> int:
        return {"no_address": 422, "bad_address": 400, "already_member": 412}[self.value]

    @property
    def message(self) -> str:
        return {
            "no_address": "Indiquez au moins une adresse e-mail.",
            "bad_address": "Le format de l'adresse e-mail est incorrect.",
            "already_member": "Ce membre a déjà été ajouté.",
        }[self.value]


class JoinOutcome(StrEnum):
    """What accepting an invitation did."""

    JOINED = "joined"
    ROLE_CHANGED = "role_changed"
    ALREADY_MEMBER = "already_member"
