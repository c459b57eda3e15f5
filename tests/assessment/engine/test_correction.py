"""Correction, one line per case of learning 2.6, 2.7 and 16.1."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pix.assessment.engine.correction import (
    Status,
    author_warnings,
    check,
    check_text,
    distance,
    judge,
    time_spent,
)
from pix.assessment.engine.syntax import MalformedAnswer, Treatments, Unplayable, read_for_run, read_question


def off(text: str, keep: str = "") -> Treatments:
    return Treatments("t1" not in text, "t2" not in text, "t3" not in text, keep)


TEXTS = [
    # learning 2.6
    ("Été 2024", "ete2024", "t2,t3", "mots", True),
    ("google chrome", "Google Chrome", "", "mots", True),
    ("gogle", "google", "", "mots", True),
    ("gole", "google", "", "mots", False),
    ("chat", "chats", "", "mots", True),
    ("cha", "chats", "", "mots", False),
    ("ab", "abc", "", "mots", False),
    ("abc", "ab", "", "mots", False),
    ("", "abc", "", "mots", False),
    (" ", "abc", "", "mots", False),
    ("12,5", "12.5", "", "nombre", True),
    ("12,5", "12.5", "", "mots", True),
    ("1 000", "1000", "", "nombre", True),
    ("13,0", "13", "", "nombre", True),
    ("13", "12|13|14", "", "nombre", True),
    ("13", "12|treize", "", "nombre", False),
    ("l\u00a0eau", "leau", "t3", "mots", True),
    ("L'eau", "leau", "t3", "mots", True),
    ("été", "ete", "t1", "mots", False),
    ("Paris", "paris", "t1,t2,t3", "mots", False),
    ("www.pix.fr", "www.pix.fr", "t2,t3", "mots", True),
    ("wwwpixfr", "www.pix.fr", "t2,t3", "mots", False),
    # learning 2.7: deliberately different from the public service
    ("t", "été", "t1,t3", "mots", False),
    ("c++", "c", "t3", "mots", False),
    ("œuvre", "oeuvre", "", "mots", True),
    ("œuvre", "oeuvre", "t3", "mots", True),
    ("uvre", "œuvre", "t3", "mots", False),
    ("日本", "日本", "", "mots", True),
    ("2024", "2025", "", "mots", False),
    ("12,0", "12|douze", "", "nombre", True),
    ("A1*B1", "A1+B1", "", "mots", False),
    ("@", "@", "", "mots", True),
    # learning 16.1
    ("...", "abc", "", "mots", False),
    ("1\u00a0000", "1000", "", "nombre", True),
    ("1\u202f000", "1000", "", "nombre", True),
    ("1 000 000", "1000000", "", "nombre", True),
    ("12.5", "125", "", "nombre", False),
    ("douzz", "12|douze", "", "nombre", True),
    ("1.0.0", "100", "", "nombre", False),
    ("−5", "-5", "", "nombre", True),
    ("12 €", "12", "", "nombre", True),
    ("+5", "5", "", "nombre", True),
    ("5", "-5", "", "nombre", False),
    ("12 %", "12", "", "nombre", True),
    ("٣", "3", "", "nombre", False),
    ("L’eau", "leau", "t3", "mots", True),
    ("été", "été", "t1,t3", "mots", True),
    ("e\u0301te\u0301", "été", "t1,t2,t3", "mots", True),
    ("c++", "c", "", "mots", False),
    ("c", "c++", "", "mots", False),
    ("c#", "c", "", "mots", False),
    ("coeur", "cœur", "t3", "mots", True),
    ("straße", "strasse", "t3", "mots", True),
    ("Łódź", "lodz", "t3", "mots", True),
    ("日", "日本", "", "mots", False),
    ("=A1+B1", "A1+B1", "t3", "mots", True),
    ("#", "@", "", "mots", False),
    ("€", "€", "", "mots", True),
    ("50 %", "50", "", "mots", True),
    ("50 %", "50", "t1", "mots", True),
    ("porte-clé", "porteclé", "t3", "mots", True),
    ("m²", "m2", "t3", "mots", True),
    ("http", "https", "", "mots", True),
    ("http", "https", "t3", "mots", False),
    ("zero\u200bwidth", "zerowidth", "t3", "mots", True),
    ("vrai", "faux|vrai", "t3", "mots", True),
]


@pytest.mark.parametrize(("answer", "variants", "switched_off", "format", "right"), TEXTS)
def test_free_text(answer: str, variants: str, switched_off: str, format: str, right: bool) -> None:
    assert check_text(answer, variants.split("|"), off(switched_off), format) is right


def test_a_question_may_keep_a_symbol() -> None:
    assert check_text("a=b", ["ab"], off("t3"))
    assert not check_text("a=b", ["ab"], off("t3", keep="="))


INDEPENDENT = ("QROCM-ind", "${num1} ${num2}", "num1: [Paris]\nnum2: [12, douze]\n")
ENGINES = ("QROCM-dep", "${a} ${b}", "Google: [Google, Google.fr]\nYahoo: [Yahoo, Yahoo Answer]\nBing: [Bing]\n")
CROSSED = ("QROCM-dep", "${a} ${b}", "A: [x, y]\nB: [x]\n")
CHOICE = ("QCU", "- a\n- b\n- c\n- d", "2")
CHOICES = ("QCM", "- a\n- b\n- c\n- d", "1, 3")


@pytest.mark.parametrize(
    ("question", "answer", "right"),
    [
        (CHOICE, "2", True),
        (CHOICE, "3", False),
        (CHOICES, "3,1", True),
        (CHOICES, "1, 3", True),
        (CHOICES, "1", False),
        (CHOICES, "1,1,3", False),
        (INDEPENDENT, {"num1": "paris", "num2": "12"}, True),
        (INDEPENDENT, {"num1": "pariss", "num2": "douse"}, True),
        (INDEPENDENT, {"num1": "lyon", "num2": "12"}, False),
        (INDEPENDENT, {"num1": "Paris", "num2": "13"}, False),
        (ENGINES, {"a": "Google", "b": "Yahoo"}, True),
        (ENGINES, {"a": "Yahoo", "b": "google.fr"}, True),
        (ENGINES, {"a": "Google", "b": "Google.fr"}, False),
        (ENGINES, {"a": "Google", "b": "Foo"}, False),
        (ENGINES, {"a": "a", "b": "b"}, False),
        (CROSSED, {"a": "x", "b": "y"}, True),
        (CROSSED, {"a": "y", "b": "x"}, True),
        (CROSSED, {"a": "y", "b": "y"}, False),
        (("QROC", '${a} options=["Oui","oui"]', "oui"), "Oui", False),
        (("QROC", '${a} options=["Oui","oui"]', "oui"), "oui", True),
        (("QROCM-ind", "${a}", "a: [yes]\n"), {"a": "yes"}, True),
        (("QROCM-ind", "${a}", "a: [1.0]\n"), {"a": "1.0"}, True),
        (("QROCM-ind", "${a}", "a: [12]\n"), "a: 12", True),
    ],
)
def test_types(question: tuple[str, str, str], answer: object, right: bool) -> None:
    assert check(read_question(*question), answer).status is (Status.OK if right else Status.KO)  # type: ignore[arg-type]


def test_details_say_which_field_is_wrong() -> None:
    outcome = check(read_question(*INDEPENDENT), {"num1": "lyon", "num2": "12"})
    assert outcome.fields == {"num1": False, "num2": True}


@pytest.mark.parametrize("answer", [{"a": "Google"}, {"a": "Google", "b": ""}, {"a": "Google", "c": "Yahoo"}])
def test_fields_must_be_complete(answer: dict[str, str]) -> None:
    with pytest.raises(MalformedAnswer) as refused:
        check(read_question(*ENGINES), answer)
    assert refused.value.code == "FIELDS_MISMATCH"


OFFS = [",".join(names) for n in range(4) for names in combinations(("t1", "t2", "t3"), n)]


@pytest.mark.parametrize("switched_off", OFFS)
@pytest.mark.parametrize("format", ["mots", "nombre"])
@settings(max_examples=30)
@given(typed=st.text(), variant=st.text().filter(str.strip))
def test_no_text_breaks_the_checker(switched_off: str, format: str, typed: str, variant: str) -> None:
    on = off(switched_off)
    assert check_text(typed, [variant], on, format) in (True, False)
    assert not check_text(" ", [variant], on, format)


@pytest.mark.parametrize("switched_off", OFFS)
@pytest.mark.parametrize(
    ("type", "proposals", "solution", "answer"),
    [
        ("QROC", "${a}", "Paris", "Paris"),
        ("QROCM-ind", "${a}", "a: Paris\n", {"a": "Paris"}),
        ("QROCM-dep", "${a}", "x: Paris\n", {"a": "Paris"}),
    ],
)
def test_every_set_of_treatments_is_legal(
    switched_off: str, type: str, proposals: str, solution: str, answer: object
) -> None:
    question = read_question(type, proposals, solution, treatments=off(switched_off))
    assert check(question, answer).status is Status.OK  # type: ignore[arg-type]


def plain_distance(a: str, b: str) -> int:
    rows = [list(range(len(b) + 1))]
    for i, x in enumerate(a, 1):
        rows.append([i])
        for j, y in enumerate(b, 1):
            rows[i].append(min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (x != y)))
    return rows[-1][-1]


@given(st.text("abc", max_size=9), st.text("abc", max_size=9), st.integers(0, 6))
def test_bounded_distance_is_the_distance(a: str, b: str, bound: int) -> None:
    assert distance(a, b, bound) == min(plain_distance(a, b), bound + 1)


@dataclass(frozen=True)
class Checked:
    ok: bool
    unmet: tuple[str, ...] = ()


RIGHT, WRONG = "2", "3"
CERTIFICATION = {"certification": True, "focusable": True, "focus_lost": True}


@pytest.mark.parametrize(
    ("value", "around", "status"),
    [
        (None, {}, Status.SKIPPED),
        (None, {"seconds_left": -1}, Status.SKIPPED),
        (RIGHT, {}, Status.OK),
        (RIGHT, {"seconds_left": 0}, Status.OK),
        (RIGHT, {"seconds_left": -1}, Status.TIMEDOUT),
        (WRONG, {"seconds_left": -1}, Status.KO),
        (RIGHT, {"timer": 30, "elapsed": timedelta(seconds=35)}, Status.OK),
        (RIGHT, {"timer": 30, "elapsed": timedelta(seconds=36)}, Status.TIMEDOUT),
        (RIGHT, {"timer": 30, "elapsed": timedelta(seconds=36), "seconds_left": 4}, Status.TIMEDOUT),
        (RIGHT, {"timer": None, "elapsed": timedelta(days=90)}, Status.OK),
        (RIGHT, {"focusable": True, "focus_lost": True}, Status.OK),
        (RIGHT, {"focusable": True, "focus_lost": True, "seconds_left": -1}, Status.TIMEDOUT),
        (RIGHT, CERTIFICATION, Status.FOCUSEDOUT),
        (RIGHT, {**CERTIFICATION, "seconds_left": -1}, Status.FOCUSEDOUT),
        (RIGHT, {**CERTIFICATION, "focusable": False}, Status.OK),
        (WRONG, CERTIFICATION, Status.KO),
    ],
)
def test_order_of_decisions(value: str | None, around: dict[str, object], status: Status) -> None:
    assert judge(read_question(*CHOICE), value, **around).status is status  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ["x", None])
def test_wrong_content_is_never_a_failure_of_the_pupil(value: str | None) -> None:
    question = read_for_run("QROCM-ind", "${a}", "\n")
    assert isinstance(question, Unplayable)
    outcome = judge(question, value)
    assert outcome.status is Status.UNIMPLEMENTED
    assert outcome.status.success is None


def test_interactive_questions_are_judged_by_their_checker() -> None:
    question = read_question("interactive", "", "")
    missing = judge(question, None, checker=lambda: Checked(False, ("Le fichier n'est pas rangé.",)))
    assert (missing.status, missing.unmet) == (Status.KO, ("Le fichier n'est pas rangé.",))
    assert judge(question, None, checker=lambda: Checked(True), seconds_left=-1).status is Status.TIMEDOUT
    assert judge(question, None).status is Status.SKIPPED


def test_only_ok_is_a_success() -> None:
    assert [status for status in Status if status.success] == [Status.OK]
    assert [status for status in Status if status.success is None] == [Status.UNIMPLEMENTED]


def test_time_spent_is_rounded_up() -> None:
    served = datetime(2024, 10, 1, 10, 0, 0, 200_000, UTC)
    assert time_spent(served, datetime(2024, 10, 1, 10, 0, 7, 0, UTC)) == 7
    assert time_spent(served, served) == 0
    assert time_spent(served, served - timedelta(seconds=3)) == 0


def test_author_is_warned_about_decimals_in_words() -> None:
    assert len(author_warnings(read_question("QROC", "${a}", "12.5"))) == 1
    assert author_warnings(read_question("QROC", "${a}", "12.5", format="nombre")) == []
