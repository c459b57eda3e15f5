"""Who a person is, and why they may not be linked: schools 9.2, 9.3, cases 74 to 84."""

from datetime import date

import pytest

from pix.learners.enums import Method
from pix.learners.rules import (
    AccountFace,
    Candidate,
    PupilRecord,
    Refusal,
    Typed,
    birth_date_of,
    joining_refusal,
    match_person,
)
from pix.learners.rules.joining import ELSEWHERE

NOE = Candidate(1, "Noé", "DURAND", second_name="Félix", third_name="Jean-Luc", usage_name="N'DIAYE")

ONE = [
    *[(f"74-{typed.strip()}", NOE, typed, "Durand", True) for typed in ("Noe", "No é", "No~é", " NOÉ ")],
    ("75-one-letter-of-four", NOE, "Noée", "Durand", True),
    ("75-one-letter-of-three", Candidate(1, "Noée", "DURAND"), "Noé", "Durand", False),
    ("75-three-letters-of-nine", Candidate(1, "Dominic", "DURAND"), "Dominique", "Durand", False),
    ("75-close-last-name-too", NOE, "Noé", "Durant", True),
    ("75-last-name-too-far", NOE, "Noé", "Martin", False),
    ("76-second-name", NOE, "Felix", "Durand", True),
    ("76-third-name", NOE, "jean luc", "Durand", True),
    ("76-usage-name", NOE, "Noé", "ndiaye", True),
    ("76-second-and-usage-name", NOE, "félix", "N’Diaye", True),
    ("79-ligature", Candidate(1, "Zoé", "CŒUR"), "zoe", "coeur", True),
    ("79-nothing-left-of-the-first-name", NOE, "!!!", "Durand", False),
    ("79-nothing-left-of-the-last-name", NOE, "Noé", "--", False),
    ("empty-names-never-match", Candidate(1, "Noé", "--"), "Noé", "", False),
    ("another-script", Candidate(1, "علي", "حداد"), "علي", "حداد", True),
    ("digits-in-a-name", Candidate(1, "Anna2", "DURAND"), "anna 2", "Durand", True),
]


@pytest.mark.parametrize(("pupil", "first", "last", "found"), [pytest.param(*case, id=i) for i, *case in ONE])
def test_one_candidate(pupil: Candidate, first: str, last: str, found: bool) -> None:
    assert match_person(Typed(first, last), [pupil]) == (pupil if found else None)


MILAN, MYLAN = Candidate(1, "Milan", "LEFÈVRE"), Candidate(2, "Mylan", "LEFÈVRE")
SEVERAL = [
    ("77-twins-milan", [MILAN, MYLAN], "milan", "lefevre", 1),
    ("77-twins-mylan", [MILAN, MYLAN], "Mylan", "lefevre", 2),
    ("77-twins-neither", [MILAN, MYLAN], "Molan", "lefevre", None),
    ("78-family-name-and-usage-name", [NOE, Candidate(2, "Noé", "AUTRE", usage_name="Durand")], "Noé", "Durand", None),
    ("homonyms", [NOE, Candidate(2, "Noé", "DURAND")], "Noé", "Durand", None),
    ("first-name-before-second", [NOE, Candidate(2, "Félix", "DURAND")], "Félix", "Durand", 2),
    ("equal-before-close", [NOE, Candidate(2, "Noée", "DURAND")], "Noée", "Durand", 2),
    ("80-no-candidate", [], "Noé", "Durand", None),
]


@pytest.mark.parametrize(("pupils", "first", "last", "found"), [pytest.param(*case, id=i) for i, *case in SEVERAL])
def test_several_candidates(pupils: list[Candidate], first: str, last: str, found: int | None) -> None:
    match = match_person(Typed(first, last), pupils)
    assert (match.id if match else None) == found


@pytest.mark.parametrize(
    ("day", "month", "year", "born"),
    [
        pytest.param(31, 2, 2012, None, id="81-31-february"),
        (29, 2, 2012, date(2012, 2, 29)),
        (0, 1, 2012, None),
        (1, 13, 2012, None),
        (1, 1, 999, None),
        (1, 1, 10_000, None),
    ],
)
def test_81_birth_date(day: int, month: int, year: int, born: date | None) -> None:
    assert birth_date_of(day, month, year) == born


PUPIL = PupilRecord(1, "0000000001A", date(2012, 5, 4))
GAR = AccountFace(7, email="jean@example.net", username="jean.durand0405", gar=True)
USERNAME = AccountFace(8, email="jean@example.net", username="jean.durand0405")
EMAIL = AccountFace(9, email="jean@example.net")

MET = [
    (EMAIL, 1, Method.EMAIL, "j***@example.net"),
    (USERNAME, 2, Method.USERNAME, "j***.d***5"),
    (GAR, 3, Method.GAR, ""),
]


@pytest.mark.parametrize(("account", "number", "method", "login"), MET)
def test_accounts_met(account: AccountFace, number: int, method: Method, login: str) -> None:
    expected = {
        "R3": joining_refusal(PUPIL, linked=account, elsewhere=None, actor=5),
        "R1": joining_refusal(PUPIL, linked=None, elsewhere=account, actor=5),
        "S5": joining_refusal(PUPIL, linked=account, elsewhere=None, actor=None),
        "S6": joining_refusal(PUPIL, linked=None, elsewhere=account, actor=None),
    }
    for family, refusal in expected.items():
        here = family in ("R3", "S5")
        assert refusal == Refusal(f"{family}{number}", 409, method, login, account.id, here)


def test_82_the_code_shown_is_the_code_kept() -> None:
    refusal = joining_refusal(PUPIL, linked=GAR, elsewhere=None, actor=None)
    assert refusal is not None
    assert refusal.code == "S53"
    assert (
        refusal.said(brand="Pix") == "Vous possédez déjà un compte Pix (Médiacentre) dans cet établissement. (Code S53)"
    )
    other = joining_refusal(PUPIL, linked=None, elsewhere=EMAIL, actor=None)
    assert other is not None
    assert other.said(brand="Pix") == (
        "Vous possédez déjà un compte Pix (Adresse e-mail\u202f: j***@example.net) dans un autre établissement. (Code S61)"
    )
    english = {ELSEWHERE: "You already have a {brand} account ({method}: {login}) in another school. (Code {code})"}
    said = other.said(brand="Pix", translate=lambda text: english.get(text, text))
    assert said.startswith("You already have a Pix account (Adresse e-mail: j***@example.net)")


def test_83_a_pupil_without_ine_skips_the_other_schools() -> None:
    nameless = PupilRecord(1, "", PUPIL.birth_date)
    assert joining_refusal(nameless, linked=None, elsewhere=EMAIL, actor=None) is None
    assert joining_refusal(nameless, linked=None, elsewhere=EMAIL, actor=5) is None


def test_84_an_account_already_linked_to_this_pupil_is_let_through() -> None:
    assert joining_refusal(PUPIL, linked=EMAIL, elsewhere=GAR, actor=EMAIL.id, actor_pupil_here=PUPIL.id) is None


SISTER = PupilRecord(2, "0000000002A", date(2009, 1, 1))
ACTOR = [
    ("free", {}, None),
    ("its-own-account-elsewhere", {"elsewhere": EMAIL, "actor": EMAIL.id, "actor_records": [PUPIL]}, None),
    ("another-pupil-of-this-school", {"actor_pupil_here": 2, "actor_records": [SISTER]}, ("R70", 409)),
    ("elder-sister", {"actor_records": [SISTER]}, ("R90", 422)),
    ("one-record-with-this-birth-date", {"actor_records": [SISTER, PupilRecord(3, "X", PUPIL.birth_date)]}, None),
    ("one-record-with-this-ine", {"actor_records": [SISTER, PupilRecord(3, PUPIL.ine, None)]}, None),
    ("r3-before-r1", {"linked": EMAIL, "elsewhere": GAR}, ("R31", 409)),
    ("r1-before-r70", {"elsewhere": GAR, "actor_pupil_here": 2}, ("R13", 409)),
    ("account-without-method", {"linked": AccountFace(3)}, ("ACCOUNT_WITHOUT_METHOD", 400)),
]


@pytest.mark.parametrize(("facts", "expected"), [pytest.param(*case, id=i) for i, *case in ACTOR])
def test_signed_in(facts: dict[str, object], expected: tuple[str, int] | None) -> None:
    given = {"linked": None, "elsewhere": None, "actor": 5, **facts}
    refusal = joining_refusal(PUPIL, **given)  # type: ignore[arg-type]
    assert (refusal and (refusal.code, refusal.status)) == expected
