"""The demonstration's people, schools and files: who can be tried, and what the start page lists."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from pix.accounts.models import User
from pix.accounts.queries import user_by_login
from pix.learners.queries import Newcomer, newcomers
from pix.organizations.enums import AGRICULTURE, GAR, SchoolKind
from pix.organizations.queries import spaces_of

PASSWORD = "ilovePix!"  # noqa: S105 - printed on the start page of the demonstration
PUPIL_PASSWORD = "Brumeville1"  # noqa: S105 - idem
SAMPLES = settings.BASE_DIR / "tests" / "samples"


@dataclass(frozen=True, slots=True)
class School:
    uai: str
    name: str
    kind: SchoolKind
    file: str
    head: tuple[str, str, str]
    """First name, last name, e-mail."""
    email: str
    tags: tuple[str, ...] = ()
    identity_provider: str = ""
    joined_by: tuple[str, ...] = ()
    """Classes whose pupils join and answer."""


SCHOOLS = (
    School(
        "0999001A", "Collège Simone-Lumière", SchoolKind.COLLEGE, "college-0999001A.xml",
        ("Camille", "Roussel", "test@pix.fr"), "ce.0999001A@ac-brumeville.test", identity_provider=GAR,
        joined_by=("5A", "5B", "4A", "3A", "3eme3"),
    ),
    School(
        "0999002B", "Collège des Galets", SchoolKind.COLLEGE, "college-0999002B.xml",
        ("Nadia", "Ferrand", "direction@galets.test"), "ce.0999002B@ac-brumeville.test", joined_by=("4e 1", "3e 1"),
    ),
    School(
        "0999003C", "Lycée des Trois-Rivières", SchoolKind.LYCEE, "lycee-0999003C.xml",
        ("Marc", "Oliveira", "proviseur@trois-rivieres.test"), "ce.0999003C@ac-brumeville.test",
    ),
    School(
        "0999004D", "Lycée professionnel de Brumeville", SchoolKind.LYCEE_PRO, "lycee-pro-0999004D.xml",
        ("Hélène", "Baptiste", "proviseur@lp-brumeville.test"), "ce.0999004D@ac-brumeville.test",
    ),
    School(
        "0999005E", "Lycée agricole du Val d'Orge", SchoolKind.LYCEE, "lycee-agricole-0999005E.csv",
        ("Yann", "Keravel", "direction@val-orge.test"), "legta.val-orge@educagri.test", tags=(AGRICULTURE,),
    ),
)  # fmt: skip

TEACHER = ("Idriss", "Amrani", "enseignant@pix.fr")
STAFF = ("Salomé", "Verdier", "pilotage@pix.fr")
TRY_UAI = "0999004D"
"""A school whose space the start page proposes to recover."""


@dataclass(frozen=True, slots=True)
class PlayableRole:
    """One line of the start page."""

    key: str
    title: str
    text: str
    login: str
    password: str
    user: User
    opens: str
    icon: str


@dataclass(frozen=True, slots=True)
class Sample:
    name: str
    text: str
    faulty: bool


@dataclass(frozen=True, slots=True)
class CodeCard:
    school: str
    name: str
    code: str


_TEXTS: tuple[tuple[str, str, str, str], ...] = (
    ("head", "Chef d'établissement", "Administratrice du collège Simone-Lumière, membre du lycée des Trois-Rivières.", "test@pix.fr"),
    ("teacher", "Enseignant", "Membre de l'équipe du collège Simone-Lumière.", "enseignant@pix.fr"),
    ("head-no-gar", "Cheffe d'établissement sans GAR", "Administratrice du collège des Galets.", "direction@galets.test"),
    ("head-agri", "Directeur du lycée agricole", "Importe un fichier Fregata.", "direction@val-orge.test"),
    ("staff", "Équipe de la plateforme", "Aide une personne, corrige un établissement, lit le journal.", "pilotage@pix.fr"),
    ("emma", "Emma Pix, élève de 3eme3", "Un parcours commencé, à reprendre.", "emma.pix0903"),
    ("beatrix", "Béatrix Pix, élève de 4A", "Un parcours terminé, pas encore envoyé.", "beatrix.pix"),
)  # fmt: skip


def roles() -> list[PlayableRole]:
    """The people who exist in this demonstration's database."""
    found = []
    for key, title, text, login in _TEXTS:
        user = user_by_login(login) or _by_prefix(login)
        if user is None:
            continue
        space = spaces_of(user)[:1]
        opens = reverse("orga:home", kwargs={"organization": str(space[0].uuid)}) if space else reverse("app:home")
        if user.is_staff:
            opens = reverse("admin:activations")
        pupil = user.username is not None
        found.append(
            PlayableRole(
                key,
                title,
                text,
                user.username or user.email or "",
                PUPIL_PASSWORD if pupil else PASSWORD,
                user,
                opens,
                "user" if pupil else ("key" if user.is_staff else "school"),
            )
        )
    return found


def _by_prefix(login: str) -> User | None:
    """The pupil whose username begins so (the four digits come from the roll)."""
    return User.objects.filter(username__startswith=login).order_by("id").first()


def ent_pupils(*, most: int = 5) -> tuple[list[Newcomer], list[Newcomer], list[Newcomer]]:
    """Whom the make-believe ENT knows: coming for the first time, with an account of their own, already come."""
    return newcomers(SCHOOLS[0].uai, most=most)


def ent_pupil(uuid: str) -> Newcomer | None:
    return next((one for group in ent_pupils() for one in group if str(one.uuid) == uuid), None)


def ido_of(pupil: UUID) -> str:
    """The opaque identifier under which the make-believe médiacentre knows a pupil."""
    return sha256(f"ent {pupil}".encode()).hexdigest()


def role(key: str) -> PlayableRole | None:
    return next((one for one in roles() if one.key == key), None)


_SAMPLES = {
    "college-0999001A.xml": "SIECLE, collège Simone-Lumière",
    "college-0999001A.zip": "SIECLE zippé, collège Simone-Lumière",
    "college-0999001A-janvier.xml": "SIECLE de janvier : arrivées, départs, changements de classe",
    "college-0999002B.xml": "SIECLE, collège des Galets",
    "lycee-0999003C.xml": "SIECLE, lycée des Trois-Rivières",
    "lycee-pro-0999004D.xml": "SIECLE, lycée professionnel de Brumeville",
    "lycee-agricole-0999005E.csv": "Fregata, lycée agricole du Val d'Orge",
}
_FAULTY = {
    "erreurs-lignes-1-13-32.xml": "INE vide ligne 1, sexe vide ligne 13, INE en double ligne 32",
    "erreurs-diverses.xml": "Toutes sortes d'erreurs, dites d'un coup",
    "erreur-autre-uai.xml": "Fichier d'un autre établissement",
    "erreur-tronque.xml": "Fichier coupé au milieu",
    "erreur-encodage.xml": "Encodage inconnu",
    "erreur-accents.xml": "Accents abîmés par un logiciel",
    "erreur-vide.xml": "Fichier vide",
    "erreur-deux-xml.zip": "Archive de deux fichiers",
    "erreurs-fregata.csv": "Fregata : cellules fautives",
    "erreur-fregata-entetes.csv": "Fregata : en-têtes modifiés",
}


def samples(folder: Path = SAMPLES) -> list[Sample]:
    """The sample files that can be downloaded, the good ones first."""
    listed = [
        *((name, text, False) for name, text in _SAMPLES.items()),
        *((name, text, True) for name, text in _FAULTY.items()),
    ]
    return [Sample(name, text, faulty) for name, text, faulty in listed if (folder / name).is_file()]


def campaigns() -> list[CodeCard]:
    """Codes that a visitor can type."""
    from pix.campaigns.queries.pupil import open_codes

    return [CodeCard(*line) for line in open_codes()]
