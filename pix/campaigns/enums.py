"""Kinds and states of campaigns and participations, and why a wish is refused."""

from enum import StrEnum


class CampaignType(StrEnum):
    ASSESSMENT = "assessment"
    PROFILE = "profile"

    @property
    def label(self) -> str:
        return "Évaluation" if self is CampaignType.ASSESSMENT else "Collecte de profils"


class Status(StrEnum):
    """Life of a participation: started → to_share → shared (learning 5.8)."""

    STARTED = "started"
    TO_SHARE = "to_share"
    SHARED = "shared"

    @property
    def label(self) -> str:
        return {"started": "En cours", "to_share": "En attente d'envoi", "shared": "Résultats reçus"}[self.value]

    @property
    def explanation(self) -> str:
        """For the teacher, on hover and focus."""
        return {
            "started": "Le participant a commencé le parcours et il lui reste des questions.",
            "to_share": "Le participant a terminé le parcours mais n'a pas encore envoyé ses résultats.",
            "shared": "Le participant a terminé le parcours et envoyé ses résultats.",
        }[self.value]


class Mode(StrEnum):
    """Modality noted with the team (learning 5.2)."""

    NONE = ""
    CLASSROOM = "en classe"
    REMOTE = "à distance"
    HYBRID = "hybride"


class Problem(StrEnum):
    """Why a campaign cannot be made or changed (learning 5.2 and 5.6). The value is the stable code."""

    NAME_REQUIRED = "NAME_REQUIRED"
    NAME_TOO_LONG = "NAME_TOO_LONG"
    OBJECTIVE_REQUIRED = "OBJECTIVE_REQUIRED"
    JOURNEY_REQUIRED = "JOURNEY_REQUIRED"
    JOURNEY_FORBIDDEN = "JOURNEY_FORBIDDEN"
    TITLE_TOO_LONG = "TITLE_TOO_LONG"
    TITLE_FORBIDDEN = "TITLE_FORBIDDEN"
    TEXT_TOO_LONG = "TEXT_TOO_LONG"
    OWNER_NOT_MEMBER = "OWNER_NOT_MEMBER"
    MULTIPLE_REQUIRED = "MULTIPLE_REQUIRED"
    MODE_UNKNOWN = "MODE_UNKNOWN"
    EMPTY_JOURNEY = "EMPTY_JOURNEY"

    @property
    def field(self) -> str:
        """The field of the form beside which it is said."""
        return _FIELDS[self]

    @property
    def message(self) -> str:
        return _MESSAGES[self]


_FIELDS = {
    Problem.NAME_REQUIRED: "name",
    Problem.NAME_TOO_LONG: "name",
    Problem.OBJECTIVE_REQUIRED: "type",
    Problem.JOURNEY_REQUIRED: "journey",
    Problem.JOURNEY_FORBIDDEN: "journey",
    Problem.TITLE_TOO_LONG: "title",
    Problem.TITLE_FORBIDDEN: "title",
    Problem.TEXT_TOO_LONG: "landing_text",
    Problem.OWNER_NOT_MEMBER: "owner",
    Problem.MULTIPLE_REQUIRED: "multiple_sending",
    Problem.MODE_UNKNOWN: "mode",
    Problem.EMPTY_JOURNEY: "journey",
}
_MESSAGES = {
    Problem.NAME_REQUIRED: "Donnez un nom à votre campagne.",
    Problem.NAME_TOO_LONG: "Le nom de la campagne ne peut pas dépasser 255 caractères.",
    Problem.OBJECTIVE_REQUIRED: "Choisissez l'objectif de votre campagne.",
    Problem.JOURNEY_REQUIRED: "Choisissez un parcours dans la liste.",
    Problem.JOURNEY_FORBIDDEN: "Une collecte de profils n'a pas de parcours.",
    Problem.TITLE_TOO_LONG: "Le titre du parcours ne peut pas dépasser 50 caractères.",
    Problem.TITLE_FORBIDDEN: "Une collecte de profils n'a pas de titre de parcours.",
    Problem.TEXT_TOO_LONG: "Le texte de la page d'accueil ne peut pas dépasser 5 000 caractères.",
    Problem.OWNER_NOT_MEMBER: "Le propriétaire doit faire partie de l'équipe de l'établissement.",
    Problem.MULTIPLE_REQUIRED: "Choisissez « Oui » ou « Non ».",
    Problem.MODE_UNKNOWN: "Choisissez une modalité dans la liste.",
    Problem.EMPTY_JOURNEY: "Ce parcours n'a encore aucune question à poser : choisissez-en un autre.",
}


class Refusal(StrEnum):
    """Why a participation cannot start, in the order in which it is said (learning 5.7)."""

    LEARNER_DISABLED = "LEARNER_DISABLED"
    CAMPAIGN_CLOSED = "CAMPAIGN_CLOSED"
    NOT_LINKED = "NOT_LINKED"
    ALREADY_PARTICIPATED = "ALREADY_PARTICIPATED"
    PARTICIPATION_DELETED = "PARTICIPATION_DELETED"
    NOT_SHARED_YET = "NOT_SHARED_YET"
    NOTHING_LEFT = "NOTHING_LEFT"
    TOO_EARLY = "TOO_EARLY"
    LEARNER_ALREADY_IN = "LEARNER_ALREADY_IN"
