"""What authors write and what pupils send, read as learning 1.5 says; every refusal has its code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pix.assessment.engine.syntax import (
    Field,
    MalformedAnswer,
    MalformedContent,
    Playable,
    QuestionType,
    Unplayable,
    read_answer,
    read_for_run,
    read_question,
    read_variants,
    split_blocks,
    split_choices,
    stored_form,
)


@pytest.mark.parametrize(
    ("proposals", "choices"),
    [
        ("- a\n- b", ("a", "b")),
        ("- a\n  suite\n- b", ("a\n  suite", "b")),
        ("- a\r\n- b\r\n", ("a", "b")),
        ("\n  - a\n\n  -b\n", ("a", "b")),
        ("- -5\n- 5", ("-5", "5")),
        ("- porte-clé\n- a - b", ("porte-clé", "a - b")),
        ("a\n- b", ("a", "b")),
        ("", ()),
    ],
)
def test_dash_list(proposals: str, choices: tuple[str, ...]) -> None:
    assert split_choices(proposals) == choices


@pytest.mark.parametrize(
    ("proposals", "fields"),
    [
        ("${n1}", [Field("n1", "Réponse 1")]),
        ("${n1#ex}", [Field("n1", "Réponse 1", "ex")]),
        ("${n1§Nombre}", [Field("n1", "Nombre", "", "Nombre")]),
        ("${n1#ex§Nombre}", [Field("n1", "Nombre", "ex", "Nombre")]),
        ('${n1#ex§Nombre} options=["a","b"]', [Field("n1", "Nombre", "ex", "Nombre", ("a", "b"))]),
        ('${n1} options=["a]","b"] value="b"', [Field("n1", "Réponse 1", options=("a]", "b"), value="b")]),
        ('${n1 options=["a","b"]}', [Field("n1", "Réponse 1", options=("a", "b"))]),
        ('${n1} value="12"', [Field("n1", "Réponse 1", value="12")]),
        ("Ville : ${n1}", [Field("n1", "Ville :")]),
        ("123456 ${n1}", [Field("n1", "Réponse 1")]),
        ("1234567 ${n1}", [Field("n1", "1234567")]),
        ("La capitale : ${a}\nEt : ${b}", [Field("a", "La capitale :"), Field("b", "Réponse 2")]),
    ],
)
def test_fields_and_their_labels(proposals: str, fields: list[Field]) -> None:
    assert [block for block in split_blocks(proposals) if isinstance(block, Field)] == fields


def test_text_between_fields_is_kept() -> None:
    assert split_blocks('Avant ${a} options=["x"] après') == (
        "Avant ",
        Field("a", "Réponse 1", options=("x",)),
        " après",
    )


@pytest.mark.parametrize("text", ["12", "yes", "1.0", "null", "2024-10-01", "0x1F"])
def test_yaml_is_read_with_strings_only(text: str) -> None:
    assert read_variants(f"num1: [{text}]\n") == {"num1": (text,)}


@pytest.mark.parametrize(
    ("type", "proposals", "solution", "code"),
    [
        ("QCU", "- a\n- b", "3", "UNKNOWN_CHOICE"),
        ("QCU", "- a\n- b", "1,2", "BAD_SOLUTION"),
        ("QCU", "- a\n- b", "a", "BAD_SOLUTION"),
        ("QCU", "- a\n- b", "0", "BAD_SOLUTION"),
        ("QCM", "- a\n- b", "1,1", "BAD_SOLUTION"),
        ("QROC", "${a} ${b}", "x", "FIELD_COUNT"),
        ("QROC", "rien", "x", "FIELD_COUNT"),
        ("QROC", "${a}", " \n ", "BAD_SOLUTION"),
        ("QROCM-ind", "${a}", "\n", "SOLUTION_NOT_A_MAP"),
        ("QROCM-ind", "${a}", "Paris", "SOLUTION_NOT_A_MAP"),
        ("QROCM-ind", "${a}", "- Paris\n", "SOLUTION_NOT_A_MAP"),
        ("QROCM-ind", "${a}", "a: [", "BAD_SOLUTION"),
        ("QROCM-ind", "${a}", "b: x\n", "FIELDS_MISMATCH"),
        ("QROCM-ind", "${a} ${a}", "a: x\n", "DUPLICATE_FIELD"),
        ("QROCM-ind", "${a}", "a: {b: c}\n", "BAD_SOLUTION"),
        ("QROCM-dep", "${a} ${b}", "A: x\n", "FIELD_COUNT"),
        ("QROC", "${}", "x", "BAD_FIELD"),
        ("QROC", "${a} options=[1]", "x", "BAD_FIELD"),
        ("QMAIL", "", "", "UNKNOWN_TYPE"),
    ],
)
def test_wrong_content_is_refused_at_publication_and_unplayable_at_run(
    type: str, proposals: str, solution: str, code: str
) -> None:
    with pytest.raises(MalformedContent) as refused:
        read_question(type, proposals, solution)
    assert refused.value.code == code
    at_run = read_for_run(type, proposals, solution)
    assert isinstance(at_run, Unplayable)
    assert at_run.code == code


def test_old_type_name_and_auto_reply() -> None:
    assert read_question("QROCM", "${a}", "a: x\n").type is QuestionType.QROCM_IND
    assert read_question("QROC", "", "x", auto_reply=True).fields == ()


QCU = read_question("QCU", "- a\n- b\n- c\n- d", "2")
QCM = read_question("QCM", "- a\n- b\n- c\n- d", "1, 3")
QROC = read_question("QROC", "${a}", "x")
TWO = read_question("QROCM-ind", "${num1} et ${num2}", "num1: [Paris]\nnum2: [12, douze]\n")


@pytest.mark.parametrize(
    ("question", "sent", "code"),
    [
        (QCU, "02", "UNKNOWN_CHOICE"),
        (QCU, "9", "UNKNOWN_CHOICE"),
        (QCU, "0", "UNKNOWN_CHOICE"),
        (QCU, "1,2", "UNKNOWN_CHOICE"),
        (QCU, "²", "UNKNOWN_CHOICE"),
        (QCU, "", "EMPTY_ANSWER"),
        (QCM, "1,", "UNKNOWN_CHOICE"),
        (QCM, [], "EMPTY_ANSWER"),
        (QROC, "   ", "EMPTY_ANSWER"),
        (QROC, "x" * 10_001, "ANSWER_TOO_LONG"),
        (QROC, {"a": "x"}, "FIELDS_MISMATCH"),
        (TWO, {"num1": "Paris"}, "FIELDS_MISMATCH"),
        (TWO, {"num1": "Paris", "num3": "12"}, "FIELDS_MISMATCH"),
        (TWO, {"num1": "Paris", "num2": "12", "num3": "x"}, "FIELDS_MISMATCH"),
        (TWO, {"num1": "Paris", "num2": " "}, "FIELDS_MISMATCH"),
        (TWO, "num1: Paris", "FIELDS_MISMATCH"),
        (TWO, "Paris", "FIELDS_MISMATCH"),
        (TWO, "[", "FIELDS_MISMATCH"),
        (TWO, "", "EMPTY_ANSWER"),
    ],
)
def test_malformed_answers_have_their_code(question: Playable, sent: object, code: str) -> None:
    with pytest.raises(MalformedAnswer) as refused:
        read_answer(question, sent)  # type: ignore[arg-type]
    assert refused.value.code == code


@pytest.mark.parametrize(
    "sent",
    [
        {"num1": "Paris", "num2": "12"},
        "num1: Paris\nnum2: 12\n",
        '{"num1": "Paris", "num2": "12"}',
        "{num1: Paris, num2: 12}",
    ],
)
def test_stored_fields_are_read_from_yaml_and_json(sent: object) -> None:
    assert read_answer(TWO, sent) == {"num1": "Paris", "num2": "12"}  # type: ignore[arg-type]


TYPED = st.text(st.characters(exclude_characters="\x00", codec="utf-8"), min_size=1).filter(str.strip)


@given(TYPED, TYPED)
def test_any_text_survives_the_log(one: str, two: str) -> None:
    answer = read_answer(TWO, {"num1": one, "num2": two})
    assert read_answer(TWO, stored_form(answer)) == answer
    assert read_answer(QROC, stored_form(read_answer(QROC, one))) == one


def test_what_a_database_cannot_hold_is_left_out() -> None:
    assert read_answer(QROC, "a\x00b\ud800c") == "ab?c"
    with pytest.raises(MalformedAnswer):
        read_answer(QROC, "\x00")


def test_indices_are_stored_sorted() -> None:
    assert stored_form(read_answer(QCM, ["3", " 1"])) == "1,3"


@given(st.text())
def test_any_text_sent_is_an_answer_or_a_422(text: str) -> None:
    for question in (QCU, QCM, QROC, TWO):
        try:
            read_answer(question, text)
        except MalformedAnswer:
            pass


@given(st.text(alphabet='${}#§[]"=options value-\nab,:'))
def test_any_authored_text_is_read_or_refused(text: str) -> None:
    for type in QuestionType:
        read_for_run(type, text, text)
