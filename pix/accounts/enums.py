"""Terms of use: for what, of which kind, and where a person stands with them."""

from enum import StrEnum


class LegalService(StrEnum):
    APP = "app"
    ORGA = "orga"
    CERTIF = "certif"


class LegalType(StrEnum):
    TERMS = "terms"


class TermsStatus(StrEnum):
    """Where a person stands with the terms of a service (schools 3.2)."""

    ACCEPTED = "accepted"
    REQUESTED = "requested"
    UPDATE_REQUESTED = "update_requested"
    NOT_APPLICABLE = "not_applicable"
