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


class Trouble(StrEnum):
    """What somebody who answers says is wrong with a question."""

    UNCLEAR = "unclear"
    DISPLAY = "display"
    FILE = "file"
    ACCESS = "access"
    ANSWER = "answer"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _TROUBLES[self]


_TROUBLES = {
    Trouble.UNCLEAR: "Je ne comprends pas la consigne",
    Trouble.DISPLAY: "L'exercice ou l'image ne s'affiche pas bien",
    Trouble.FILE: "Le fichier ne s'ouvre pas ou ne s'envoie pas",
    Trouble.ACCESS: "Je ne peux pas le faire avec le clavier, la voix ou mon aide technique",
    Trouble.ANSWER: "La bonne réponse me semble fausse",
    Trouble.OTHER: "Autre chose",
}
