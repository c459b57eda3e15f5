"""Why a person who was found on the roll may still not be linked to it (schools 9.3)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pix.accounts.rules import masked_email, masked_username
from pix.learners.enums import Method

_NUMBER = {Method.EMAIL: 1, Method.USERNAME: 2, Method.GAR: 3}


@dataclass(frozen=True, slots=True)
class AccountFace:
    """An account as the rules see it."""

    id: int
    email: str = ""
    username: str = ""
    gar: bool = False

    @property
    def method(self) -> Method | None:
        """The method reported to people: GAR first, then username, then e-mail."""
        if self.gar:
            return Method.GAR
        if self.username:
            return Method.USERNAME
        return Method.EMAIL if self.email else None

    @property
    def masked_login(self) -> str:
        """What may be shown of the login; "" for the médiacentre."""
        match self.method:
            case Method.USERNAME:
                return masked_username(self.username)
            case Method.EMAIL:
                return masked_email(self.email)
        return ""


@dataclass(frozen=True, slots=True)
class PupilRecord:
    """A pupil record, here or elsewhere. ``id`` is the caller's own key."""

    id: int
    ine: str
    birth_date: date | None


UNEXPECTED = "UNEXPECTED_USER_ACCOUNT"
_TEXTS = {
    "R70": "Une erreur est survenue. Déconnectez-vous et recommencez.",
    "R90": "Ce compte {brand} est celui d'un autre élève\u202f: un frère ou une sœur, peut-être. Déconnectez-vous pour "
    "continuer, ou contactez l'assistance en donnant ce code. (Code R90)",
    "ACCOUNT_WITHOUT_METHOD": "Un compte {brand} existe déjà pour cet élève, mais plus rien ne permet de s'y connecter. "
    "(Code ACCOUNT_WITHOUT_METHOD)",
    UNEXPECTED: "Ce compte {brand} n'est pas celui de l'élève. Connectez-vous avec celui-ci\u202f: {login}. "
    "(Code UNEXPECTED_USER_ACCOUNT)",
}


UNKNOWN_FAULT = "Une erreur est survenue. (Code {code})"
HERE = "Vous possédez déjà un compte {brand} ({method}\u202f: {login}) dans cet établissement. (Code {code})"
HERE_WITHOUT_LOGIN = "Vous possédez déjà un compte {brand} ({method}) dans cet établissement. (Code {code})"
ELSEWHERE = "Vous possédez déjà un compte {brand} ({method}\u202f: {login}) dans un autre établissement. (Code {code})"
ELSEWHERE_WITHOUT_LOGIN = "Vous possédez déjà un compte {brand} ({method}) dans un autre établissement. (Code {code})"


@dataclass(frozen=True, slots=True)
class Refusal:
    """``code`` is shown as it is, and is the code kept; ``account`` stays on the server."""

    code: str
    status: int = 409
    method: Method | None = None
    masked_login: str = ""
    account: int | None = None
    here: bool = False
    """The account was met through this school (else through another one)."""

    def said(self, *, brand: str, translate: Callable[[str], str] = str) -> str:
        """The sentence for the person, in the language of ``translate``: translated first, filled in after."""
        if self.code in _TEXTS:
            text = _TEXTS[self.code]
        elif self.method is None:
            text = UNKNOWN_FAULT
        elif self.here:
            text = HERE if self.masked_login else HERE_WITHOUT_LOGIN
        else:
            text = ELSEWHERE if self.masked_login else ELSEWHERE_WITHOUT_LOGIN
        method = translate(self.method.label) if self.method else ""
        return translate(text).format(brand=brand, method=method, login=self.masked_login, code=self.code)


def joining_refusal(
    pupil: PupilRecord,
    *,
    linked: AccountFace | None,
    elsewhere: AccountFace | None,
    actor: int | None,
    actor_pupil_here: int | None = None,
    actor_records: Sequence[PupilRecord] = (),
) -> Refusal | None:
    """``None`` when the person may be linked to the matched ``pupil``, or already is; else the first refusal.

    ``linked``: account of this pupil. ``elsewhere``: account that another school's pupil with the same INE has.
    ``actor``: account signed in, ``None`` when registering. ``actor_pupil_here``: pupil of this school that the actor
    is linked to. ``actor_records``: every pupil record of the actor. Order: R3x (S5x), R1x (S6x), R70, R90.
    """
    registering = actor is None
    if linked is not None:
        return None if linked.id == actor else _met(linked, "S5" if registering else "R3", here=True)
    if pupil.ine and elsewhere is not None and elsewhere.id != actor:
        return _met(elsewhere, "S6" if registering else "R1", here=False)
    if registering:
        return None
    if actor_pupil_here is not None and actor_pupil_here != pupil.id:
        return Refusal("R70")
    if actor_records and all(r.ine != pupil.ine and r.birth_date != pupil.birth_date for r in actor_records):
        return Refusal("R90", status=422)
    return None


def _met(account: AccountFace, family: str, *, here: bool) -> Refusal:
    method = account.method
    if method is None:
        return Refusal("ACCOUNT_WITHOUT_METHOD", status=400, account=account.id, here=here)
    return Refusal(f"{family}{_NUMBER[method]}", 409, method, account.masked_login, account.id, here)


def met_by_mediacentre(refusal: Refusal) -> Refusal:
    """What registering would meet (S5x, S6x), as it is listed for somebody whom the médiacentre vouches for (10.1)."""
    family = {"S5": "R3", "S6": "R1"}.get(refusal.code[:2])
    return replace(refusal, code=family + refusal.code[2:]) if family else refusal


def unexpected_account(expected: AccountFace) -> Refusal:
    """Signed in with an account that is not the pupil's; the right one is named, masked."""
    login = expected.masked_login or (expected.method.label if expected.method else "")
    return Refusal(UNEXPECTED, 409, expected.method, login, expected.id)
