"""States of an import, ways to sign in and refusals of a team, with the words shown for them."""

from enum import StrEnum


class ImportState(StrEnum):
    """Where an import stands (schools 4.2)."""

    UPLOADING = "uploading"
    UPLOAD_FAILED = "upload_failed"
    CHECKING = "checking"
    REFUSED = "refused"
    READY = "ready"
    APPLYING = "applying"
    IMPORTED = "imported"
    FAILED = "failed"
    ABANDONED = "abandoned"

    @property
    def banner(self) -> str:
        """French text of the banner; ``IMPORTED`` has the places {date} (JJ/MM/AAAA) and {author}."""
        return _BANNERS[self]

    @property
    def running(self) -> bool:
        """Only one running import per school."""
        return self in RUNNING

    @property
    def next(self) -> frozenset["ImportState"]:
        """The states this one may become."""
        return _NEXT.get(self, frozenset())


RUNNING = frozenset({ImportState.UPLOADING, ImportState.CHECKING, ImportState.READY, ImportState.APPLYING})

_BANNERS = {
    ImportState.UPLOADING: "L'import du fichier peut prendre quelques minutes. Merci de ne pas quitter cette page.",
    ImportState.UPLOAD_FAILED: "Le fichier n'a pas pu être importé.",
    ImportState.CHECKING: "Le contenu du fichier est en cours de validation.",
    ImportState.REFUSED: "Le contenu du fichier comporte des erreurs.",
    ImportState.READY: "Le contenu du fichier est validé.",
    ImportState.APPLYING: "Le contenu du fichier est validé, l'import des participants est en cours.",
    ImportState.IMPORTED: "Dernier fichier importé avec succès le {date} par {author}.",
    ImportState.FAILED: "L'import des participants a échoué.",
    ImportState.ABANDONED: "L'import a été abandonné.",
}

_NEXT = {
    ImportState.UPLOADING: frozenset({ImportState.CHECKING, ImportState.UPLOAD_FAILED, ImportState.FAILED}),
    ImportState.CHECKING: frozenset({ImportState.READY, ImportState.REFUSED, ImportState.FAILED}),
    ImportState.REFUSED: frozenset({ImportState.CHECKING, ImportState.READY}),
    ImportState.READY: frozenset({ImportState.APPLYING, ImportState.ABANDONED, ImportState.READY}),
    ImportState.APPLYING: frozenset({ImportState.IMPORTED, ImportState.FAILED, ImportState.READY}),
}


class Method(StrEnum):
    """How an account signs in, the most telling first (schools 9.3: GAR, then username, then e-mail)."""

    GAR = "gar"
    USERNAME = "username"
    EMAIL = "email"

    @property
    def label(self) -> str:
        return {Method.GAR: "Médiacentre", Method.USERNAME: "Identifiant", Method.EMAIL: "Adresse e-mail"}[self]


class Certifiability(StrEnum):
    """Whether a pupil could sit the certification, as the school sees it (schools 8)."""

    NOT_AVAILABLE = "not_available"
    ELIGIBLE = "eligible"
    NON_ELIGIBLE = "non_eligible"

    @property
    def label(self) -> str:
        return {
            Certifiability.NOT_AVAILABLE: "Non communiqué",
            Certifiability.ELIGIBLE: "Certifiable",
            Certifiability.NON_ELIGIBLE: "Non Certifiable",
        }[self]


class RepairKind(StrEnum):
    """What was done about a doubtful record or pair; each can be undone during 30 days."""

    MERGE = "merge"
    UNLINK = "unlink"
    DISTINCT = "distinct"
    REMOVAL = "removal"

    @property
    def label(self) -> str:
        return {
            RepairKind.MERGE: "Fiches fusionnées",
            RepairKind.UNLINK: "Compte détaché",
            RepairKind.DISTINCT: "Déclarés différents",
            RepairKind.REMOVAL: "Fiche provisoire retirée",
        }[self]


class Doubt(StrEnum):
    """Why the radar shows a record or a pair, the surest first."""

    PROVISIONAL = "provisional"
    TWO_ACCOUNTS = "two_accounts"
    NEAR_NAMES = "near_names"
    SHARED_ACCOUNT = "shared_account"

    @property
    def label(self) -> str:
        return {
            Doubt.PROVISIONAL: "Fiche provisoire et fiche importée",
            Doubt.TWO_ACCOUNTS: "Deux comptes pour un élève ?",
            Doubt.NEAR_NAMES: "Noms proches",
            Doubt.SHARED_ACCOUNT: "Compte partagé",
        }[self]


class BulkRefusal(StrEnum):
    """Why the passwords of a selection were given to nobody (schools 9.7)."""

    PUPIL_NOT_IN_SCHOOL = "PUPIL_NOT_IN_SCHOOL"
    PUPIL_WITHOUT_USERNAME = "PUPIL_WITHOUT_USERNAME"
    NOT_A_TEAM_MEMBER = "NOT_A_TEAM_MEMBER"

    @property
    def text(self) -> str:
        return {
            BulkRefusal.PUPIL_NOT_IN_SCHOOL: "Certains des élèves sélectionnés ne figurent plus dans cette organisation.",
            BulkRefusal.PUPIL_WITHOUT_USERNAME: "Certains des élèves sélectionnés n'ont plus d'identifiant. "
            "Rechargez la liste et recommencez.",
            BulkRefusal.NOT_A_TEAM_MEMBER: "Vous n'avez plus les droits pour cette organisation.",
        }[self]

    @property
    def status(self) -> int:
        return 403 if self is BulkRefusal.NOT_A_TEAM_MEMBER else 409
