"""Virtual pupils: the bank has its planned size, the figures are reproducible and near those of the field."""

import pytest

from pix.assessment.engine.interface import Classic
from pix.assessment.engine.scoring import UNITS_PER_PIX
from pix.assessment.engine.simulation import Figures, simulate_placement, synthetic_bank, true_units, virtual_pupil

BANK = synthetic_bank(1)


def test_synthetic_bank_has_its_planned_size() -> None:
    skills = [skill for competence in BANK.competences for skill in competence.frame.skills]
    assert (len(BANK.competences), len({skill.tube for skill in skills})) == (16, 96)
    assert (len(skills), len(BANK.items), len(BANK.difficulties)) == (427, 871, 427)
    for competence in BANK.competences:
        assert sum(skill.units for skill in competence.frame.skills) == 56 * UNITS_PER_PIX


def without_time(figures: Figures) -> dict[str, object]:
    return {name: value for name, value in figures.items() if name != "ms_per_question"}


def test_same_seed_same_figures() -> None:
    first, second = (simulate_placement(synthetic_bank(3, 4, 6, 107, 218), Classic(), 5, 9) for _ in range(2))
    assert without_time(first) == without_time(second)
    assert without_time(simulate_placement(BANK, Classic(), 5, 10)) != without_time(first)


def test_answers_of_a_pupil_depend_on_nothing_but_the_item() -> None:
    pupil, again = virtual_pupil(BANK, 5, 3), virtual_pupil(BANK, 5, 3)
    tube = {q.id: s.tube for c in BANK.competences for s in c.frame.skills for q in s.questions}
    one = {item: pupil.answers(item, known, tube[item]) for item, known in BANK.items.items()}
    other = {item: again.answers(item, BANK.items[item], tube[item]) for item in reversed(list(BANK.items))}
    assert one == other
    assert len(set(one.values())) == 2


def test_abler_pupils_have_more_true_pix() -> None:
    def pix(number: int) -> tuple[float, int]:
        pupil = virtual_pupil(BANK, 5, number)
        mean = sum(pupil.abilities.values()) / len(pupil.abilities)
        return mean, sum(true_units(BANK, competence, pupil) for competence in BANK.competences)

    ordered = sorted(pix(number) for number in range(12))
    assert ordered[-1][1] > ordered[0][1]


@pytest.mark.slow
def test_figures_of_the_classic_rule_are_near_those_of_the_field() -> None:
    figures = simulate_placement(BANK, Classic(), 160, 7)
    assert list(figures) == list(Figures.__annotations__)
    assert (figures["engine"], figures["pupils"]) == ("classic", 160)
    assert 185 <= figures["questions_mean"] <= 227
    assert figures["questions_mean"] <= figures["questions_p95"] <= 245
    assert 5.0 <= figures["pix_rmse"] <= 6.2
    assert 0.46 <= figures["level_exact"] <= 0.56
    assert figures["level_within1"] >= 0.93
    assert figures["ms_per_question"] < 2


def test_a_simulation_needs_a_pupil() -> None:
    with pytest.raises(ValueError, match="at least one"):
        simulate_placement(BANK, Classic(), 0, 1)
