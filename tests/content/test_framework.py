"""The shipped framework and parcours: counts, exact pix, and the figures that the catalogue promises."""

from collections import Counter
from fractions import Fraction

import pytest

from pix.content.bank import LEVEL_UNITS, Bank, expected_questions, locale_chain
from pix.content.source import Sources
from pix.core.exact import UNITS_PER_PIX

LEVELS = {1: 71, 2: 104, 3: 114, 4: 118, 5: 116, 6: 84, 7: 45, 8: 32}

# code: sujets, questions, minutes, pix, competences brought to level 1 (content plan 5.1 to 5.7)
CATALOGUE = {
    "6e-1": (11, 22, 20, 29, 3),
    "6e-2": (17, 34, 31, 54, 0),
    "6e-3": (13, 26, 23, 38, 0),
    "6e-A": (8, 11, 10, 16, 0),
    "5e": (10, 20, 22, 38, 0),
    "5e-C": (10, 20, 22, 44, 3),
    "5e-A": (10, 20, 18, 27, 0),
    "4e": (13, 32, 35, 62, 2),
    "4e-IA": (5, 12, 13, 20, 1),
    "4e-C": (10, 22, 24, 41, 3),
    "3e": (14, 35, 38, 61, 1),
    "3e-C": (10, 25, 28, 45, 4),
    "3e-O": (7, 16, 18, 32, 1),
    "2de": (14, 36, 44, 63, 2),
    "2de-IA": (5, 14, 20, 28, 1),
    "2de-C": (10, 28, 36, 62, 5),
    "1re": (14, 41, 57, 75, 2),
    "1re-C": (10, 28, 39, 51, 0),
    "Tle": (14, 37, 52, 59, 0),
    "Tle-C": (12, 35, 49, 76, 1),
    "2dePRO": (12, 36, 40, 62, 1),
    "1rePRO": (12, 31, 34, 57, 0),
    "TlePRO": (14, 34, 40, 64, 0),
    "CAP1": (10, 20, 22, 39, 0),
    "CAP-IA": (4, 9, 10, 15, 0),
    "CAP2": (13, 34, 37, 66, 0),
    "AGRI4-3": (10, 27, 30, 51, 0),
    "AGRIPRO": (10, 23, 27, 39, 0),
    "BTS1": (14, 38, 53, 75, 1),
    "BTS2": (12, 34, 48, 73, 0),
    "CPGE1": (14, 42, 59, 102, 6),
    "CPGE2": (12, 36, 50, 106, 7),
    "D-FR": (5, 12, 13, 21, 1),
    "D-MA": (5, 14, 20, 27, 2),
    "D-HG": (5, 13, 17, 23, 2),
    "D-SVT": (5, 13, 14, 24, 1),
    "D-PC": (5, 13, 17, 25, 1),
    "D-TEC": (5, 15, 21, 25, 2),
    "D-LV": (5, 13, 14, 20, 0),
    "D-AP": (5, 13, 18, 29, 1),
    "D-MU": (4, 10, 12, 17, 0),
    "D-EPS": (5, 13, 15, 25, 1),
    "D-DOC": (6, 17, 23, 29, 1),
    "D-SNT": (6, 16, 22, 29, 0),
    "D-NSI": (6, 18, 25, 47, 3),
    "D-STMG": (5, 11, 15, 15, 0),
    "D-ST2S": (5, 14, 18, 23, 0),
    "D-HOT": (5, 12, 13, 21, 1),
    "D-AGR": (5, 12, 16, 19, 1),
    "T-CYB": (6, 16, 18, 28, 1),
    "T-HAR": (5, 15, 18, 26, 1),
    "T-DON": (5, 14, 18, 25, 1),
    "T-SOB": (5, 14, 18, 22, 1),
    "T-ACC": (5, 14, 17, 26, 1),
    "T-TAB": (5, 15, 19, 31, 1),
    "T-ORA": (5, 14, 16, 29, 1),
    "T-DOC": (6, 16, 21, 26, 1),
    "T-INF": (5, 13, 16, 23, 1),
    "T-COD": (5, 13, 14, 24, 1),
    "T-RES": (5, 13, 15, 25, 1),
    "T-ENT": (6, 12, 11, 18, 0),
    "T-TEL": (7, 20, 22, 33, 0),
    "T-WEB": (5, 14, 20, 28, 2),
    "T-PAN": (6, 17, 20, 28, 1),
    "T-EXP": (15, 30, 33, 54, 5),
    "A-ENS": (6, 18, 25, 33, 0),
    "A-ADM": (7, 19, 27, 40, 1),
    "A-FAM": (6, 17, 20, 30, 2),
}

RENTREE = ("6e-1", "6e-2", "6e-3", "5e", "4e", "3e")
COMPLEMENTS = ("5e-C", "4e-C", "3e-C", "4e-IA")
GENERAL = ("2de", "1re", "Tle")

# cumulated parcours: competences touched, acquis, pix, level 1 if all is acquired, level 1 with 70 % of the pix
PATHS = [
    (("6e-1", "6e-2"), (16, 56, 83, 3, 0)),
    (("6e-1", "6e-2", "5e"), (16, 71, 101, 6, 1)),
    (("6e-1", "6e-2", "5e", "4e"), (16, 104, 145, 11, 4)),
    (RENTREE, (16, 147, 201, 15, 11)),
    ((*RENTREE, *COMPLEMENTS), (16, 210, 281, 16, 15)),
    (GENERAL, (16, 166, 197, 15, 7)),
    ((*GENERAL, "2de-C", "1re-C", "Tle-C", "2de-IA"), (16, 313, 384, 16, 15)),
    ((*RENTREE, *GENERAL), (16, 283, 360, 16, 16)),
    (("2dePRO", "1rePRO", "TlePRO"), (16, 142, 184, 13, 9)),
    (("CAP1", "CAP-IA", "CAP2"), (16, 89, 120, 8, 2)),
    (("CAP1", "CAP-IA", "CAP2", "T-EXP"), (16, 115, 152, 10, 5)),
    (("BTS1", "BTS2"), (16, 121, 148, 8, 4)),
    (("BTS1", "BTS2", "T-EXP"), (16, 160, 196, 10, 7)),
    (("CPGE1", "CPGE2"), (16, 142, 203, 13, 8)),
]


def test_bank_reads_without_schema_problem(sources: Sources) -> None:
    assert not sources.broken
    assert sources.framework is not None


def test_counts(bank: Bank) -> None:
    assert [len(x) for x in (bank.areas, bank.competences, bank.tubes, bank.skills)] == [5, 16, 118, 684]
    assert dict(Counter(skill.level for skill in bank.skills.values())) == LEVELS
    assert [area.colour for area in bank.areas.values()] == [
        "jaffa", "cerulean", "emerald", "wild-strawberry", "butterfly-bush",
    ]  # fmt: skip
    assert bank.area_of("4.3").name == "Protection et sécurité"


def test_each_competence_holds_exactly_64_pix(bank: Bank) -> None:
    for competence in bank.competences:
        by_level: Counter[int] = Counter()
        for skill in bank.skills_of_competence(competence):
            by_level[skill.level] += skill.units
        assert dict(by_level) == dict.fromkeys(range(1, 9), LEVEL_UNITS), competence
    assert sum(skill.units for skill in bank.skills.values()) == 1024 * UNITS_PER_PIX


def test_pix_of_a_skill_is_its_share_of_the_level(bank: Bank) -> None:
    mates = [s for s in bank.skills_of_competence("1.1") if s.level == 2]
    assert [Fraction(s.units, UNITS_PER_PIX) for s in mates] == [Fraction(8, len(mates))] * len(mates)


def test_skill_ids_and_names(bank: Bank) -> None:
    skill = bank.skills["1.1.2-N3"]
    assert (skill.tube, skill.competence, skill.level, skill.name) == ("1.1.2", "1.1", 3, "@poserUneBonneRequete3")
    names = [s.name for s in bank.skills.values()]
    assert len(set(names)) == 684
    assert all(s.name[-1] == str(s.level) for s in bank.skills.values())
    assert list(bank.skill_order) == sorted(
        bank.skill_order, key=lambda i: ([int(p) for p in i.split("-")[0].split(".")], i[-1])
    )


@pytest.mark.parametrize("code", CATALOGUE)
def test_catalogue_figures(bank: Bank, code: str) -> None:
    figures = bank.figures_of_parcours(code)
    found = (figures.tubes, figures.questions, figures.minutes, figures.pix, figures.level_one())
    assert found == CATALOGUE[code]


@pytest.mark.parametrize(("codes", "expected"), PATHS, ids=lambda value: "+".join(map(str, value)))
def test_coverage_of_cumulated_parcours(bank: Bank, codes: tuple[str, ...], expected: tuple[int, ...]) -> None:
    figures = bank.figures_of_parcours(*codes)
    reached = (figures.level_one(), figures.level_one(Fraction(7, 10)))
    assert (figures.competences, figures.skills, figures.pix, *reached) == expected
    assert all(figures.competence_units.values())


def test_every_parcours_of_the_plan_is_written(bank: Bank) -> None:
    assert set(bank.parcours) == set(CATALOGUE)


def test_fifth_grade_parcours_is_the_one_of_the_guide(bank: Bank) -> None:
    journey = bank.parcours["5e"]
    assert journey.name == "[CLG] Parcours de rentrée 5e"
    assert journey.category == "Parcours de rentrée / 6e"
    assert {tube.cap for tube in journey.tubes} == {3}
    assert len(journey.tubes) == 10


def test_back_to_school_parcours_have_the_four_stages(bank: Bank) -> None:
    rentree = [j for j in bank.parcours.values() if j.category == "Parcours de rentrée / 6e"]
    assert len(rentree) == 22
    for journey in rentree:
        assert [(s.threshold, s.title) for s in journey.stages] == [
            (0, "maîtrise insuffisante"),
            (21, "maîtrise fragile"),
            (51, "maîtrise satisfaisante"),
            (81, "très bonne maîtrise"),
        ]
        named = "cycle 4" if journey.code == "5e-A" else journey.level
        assert all(named in s.message and named in s.reading_key for s in journey.stages)


def test_advice_on_multiple_sending(bank: Bank) -> None:
    advice = {code: journey.multiple_sending_advice for code, journey in bank.parcours.items()}
    assert advice["5e"] == "non"
    assert {code for code, value in advice.items() if value == "oui"} == {
        "6e-3", "5e-C", "4e-C", "3e-C", "2de-C", "1re-C", "Tle-C",
    }  # fmt: skip


@pytest.mark.parametrize(("levels", "asked"), [(1, 1), (2, 2), (3, 2), (4, 3), (7, 3), (8, 4)])
def test_questions_expected_in_a_sujet(levels: int, asked: int) -> None:
    assert expected_questions(levels) == asked


def test_a_long_parcours_takes_two_sittings(bank: Bank) -> None:
    assert bank.figures_of_parcours("3e").sittings == 1
    assert bank.figures([(tube, 8) for tube in list(bank.tubes)[:20]]).sittings == 2


@pytest.mark.parametrize(
    ("own", "chain"),
    [("fr-fr", ("fr-fr", "fr", "en")), ("en", ("en", "fr-fr", "fr")), ("nl", ("nl", "fr-fr", "fr", "en"))],
)
def test_locales_tried(own: str, chain: tuple[str, ...]) -> None:
    assert locale_chain(own) == chain
