"""Kinds, states and outcomes of a test."""

from enum import IntEnum, StrEnum


class Kind(StrEnum):
    CAMPAIGN = "campaign"
    COMPETENCE = "competence"
    PREVIEW = "preview"
    CERTIFICATION = "certification"


class State(StrEnum):
    STARTED = "started"
    COMPLETED = "completed"
    ABORTED = "aborted"


class Outcome(IntEnum):
    """Stored small: two bytes in the largest table of all."""

    OK = 1
    KO = 2
    SKIPPED = 3
    TIMEDOUT = 4
    FOCUSEDOUT = 5
    UNIMPLEMENTED = 6

    @property
    def word(self) -> str:
        return self.name.lower()
