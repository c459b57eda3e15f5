"""The first part of the bank: a whole collège can play, with enough questions that differ and ask for a gesture."""

import pytest

from pix.content.bank import Bank
from pix.content.check import SIMULATORS
from pix.content.release import Question
from pix.content.schema import INTERACTIVE_TEMPLATES
from pix.content.variants import is_generated

SIXTH = ("6e-1", "6e-2", "6e-3")
COLLEGE = (*SIXTH, "5e", "4e", "3e")
WANTED = (
    "NAV", "MOTEUR", "URL", "MAIL", "MSG", "PHISH", "EXPLO", "TAB", "TTX", "IMGED", "BLOCS", "PARAM", "MDP", "META", "QR",
    "ASSOC", "ORDRE", "ZONE", "TROUS", "FORM",
)  # fmt: skip


def skills_of(bank: Bank, *codes: str) -> set[str]:
    """Ids of the acquis that these parcours hold."""
    capped = [tube for code in codes for tube in bank.parcours[code].tubes]
    return {skill.id for tube in capped for skill in bank.skills_of(tube.id) if skill.level <= tube.cap}


def asked(bank: Bank, skill: str) -> list[Question]:
    return [one for one in bank.questions_of(skill) if one.status == "validé"]


@pytest.mark.proves("T-040")
def test_every_level_of_college_has_a_parcours_that_plays(bank: Bank) -> None:
    assert {journey.code for journey in bank.published_parcours()} == set(COLLEGE)
    skills = skills_of(bank, *COLLEGE)
    assert len(skills) == 147
    thin = {skill for skill in skills if len(asked(bank, skill)) < 2}
    assert thin == set()
    assert {skill for skill in skills_of(bank, *SIXTH) if len(asked(bank, skill)) < 3} == set()


def test_half_is_practical_a_third_differs_for_each_pupil(bank: Bank) -> None:
    questions = [one for skill in skills_of(bank, *COLLEGE) for one in asked(bank, skill)]
    assert len(questions) >= 320
    practical = [one for one in questions if one.template in INTERACTIVE_TEMPLATES or one.generator]
    assert 2 * len(practical) >= len(questions)
    assert 3 * sum(is_generated(one) for one in questions) >= len(questions)
    simulated = [one for one in questions if one.template in SIMULATORS]
    assert 3 * len(simulated) >= len(questions)


def test_every_template_that_is_made_is_asked(bank: Bank) -> None:
    assert set(WANTED) - {one.template for one in bank.questions.values()} == set()


def test_siblings_are_told_apart(bank: Bank) -> None:
    """Two questions of one acquis never have the same instruction."""
    for skill in skills_of(bank, *COLLEGE):
        texts = [one.instruction_html for one in asked(bank, skill)]
        assert len(texts) == len(set(texts)), skill
