"""Where an account stands, in the words that the staff reads."""

from enum import StrEnum


class AccountState(StrEnum):
    """Whether somebody can come in, and what keeps them out."""

    OPEN = "open"
    LOCKED = "locked"
    BLOCKED = "blocked"
    CLOSED = "closed"
    ERASED = "erased"

    @property
    def label(self) -> str:
        return {
            "open": "Ouvert",
            "locked": "Fermé quelques minutes",
            "blocked": "Bloqué",
            "closed": "Fermé",
            "erased": "Effacé",
        }[self.value]
