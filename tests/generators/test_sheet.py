"""The small spreadsheet: what is typed, computed and shown; hostile formulas; near misses of the goals; files that come back."""

import io
import json
import random
import time
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pix.generators import sheet
from pix.generators.contract import BadParams, Draw, Returned
from pix.generators.files import read_sheet
from pix.generators.registry import GABARITS
from pix.generators.states import Malformed
from tests.generators.scenarios import SCENARIOS, tab_first

VECTORS = json.loads((Path(__file__).parent / "sheet_vectors.json").read_text(encoding="utf-8"))


def draw(name: str, seed: int = 1) -> Draw:
    scenario = SCENARIOS[name]
    return GABARITS[scenario.template](random.Random(seed), scenario.params)


def solved(name: str, seed: int = 1) -> tuple[Draw, dict[str, Any]]:
    made = draw(name, seed)
    assert made.state is not None
    return made, json.loads(json.dumps(SCENARIOS[name].solve(made.state)))


@pytest.mark.parametrize("at", VECTORS["shown"])
def test_what_a_cell_shows(at: str) -> None:
    cells, formats = VECTORS["cells"], VECTORS["formats"]
    value = sheet.Sheet(cells).value(at)
    assert sheet.shown(value, sheet.format_of(cells[at], formats.get(at))) == VECTORS["shown"][at]


@pytest.mark.parametrize("case", VECTORS["shifted"])
def test_a_copied_formula(case: dict[str, Any]) -> None:
    assert sheet.shifted(case["raw"], *case["by"]) == case["gives"]


HOSTILE = [
    "=" + "(" * 190,
    "=" + "-" * 190 + "1",
    "=9^9^9^9^9",
    "=" + "^".join(["2"] * 90),
    "=" + "+".join(["SOMME(A1:L60)"] * 13),
    '="' + "x" * 150 + '"&A1&A1',
    "=SI(;;)",
    "=SOMME(A1:",
    "=1%%%%%%",
    "=(-8)^(1/3)",
    "=0^-1",
    "=SOMME()",
    "=NB.SI(A1:A2;A1:A2)",
    "=ARRONDI(1;10^99)",
]


@pytest.mark.parametrize("raw", HOSTILE)
def test_a_hostile_formula_costs_little_and_never_breaks(raw: str) -> None:
    begun = time.perf_counter()
    cells = {sheet.name(column, row): raw for column in range(12) for row in range(1, 61)}
    try:
        values = sheet.Sheet(cells | {"A1": "1"})
        for at in cells:
            sheet.shown(values.value(at))
    except Malformed:
        pass
    assert time.perf_counter() - begun < 2


def test_a_long_chain_of_formulas_is_refused_not_a_crash() -> None:
    cells = {
        sheet.name(column, row): f"={sheet.name(column, row + 1)}+1" for column in range(12) for row in range(1, 60)
    }
    cells |= {f"{chr(65 + column)}60": f"={chr(66 + column)}1+1" for column in range(11)}
    with pytest.raises(Malformed):
        sheet.Sheet(cells).value("A1")


@settings(max_examples=300, deadline=None)
@given(raw=st.text("=ABSOMEIN(12;:)$%,.\"'<>&^-+*/ ", max_size=40))
def test_no_content_breaks_the_sheet(raw: str) -> None:
    values = sheet.Sheet({"A1": "3", "A2": raw, "B1": "=" + raw})
    for at in ("A2", "B1"):
        try:
            assert isinstance(sheet.shown(values.value(at), "euro"), str)
        except Malformed:
            continue
    assert isinstance(sheet.shifted("=" + raw, 1, 1), str)
    sheet.references("=" + raw)


@pytest.mark.parametrize(
    ("why", "change", "said"),
    [
        ("the result typed by hand", {"B5": "60"}, "La cellule B5 n'a pas la formule attendue."),
        ("a formula without the cells", {"B5": "=20+20"}, "La cellule B5 n'a pas la formule attendue."),
        ("one cell forgotten", {"B5": "=SOMME(B2:B3)"}, "La cellule B5 n'a pas la formule attendue."),
        ("not with the function asked", {"B5": "=B2+B3+B4"}, "La cellule B5 n'a pas la formule attendue."),
        ("a reference that slipped", {"C3": "=B3*F2"}, "La plage C2:C4 n'a pas les formules attendues."),
        ("a formula missing", {"C4": ""}, "La plage C2:C4 n'a pas les formules attendues."),
        ("a given number changed", {"B3": "1"}, "La cellule B3 n'aurait pas dû changer."),
        ("something more", {"E5": "ok"}, "La cellule E5 n'aurait pas dû changer."),
        ("a text with a point", {"D2": "02.02.2026"}, "La cellule D2 ne contient pas ce qui est demandé."),
        ("nothing typed", {"A5": ""}, "La cellule A5 ne contient pas ce qui est demandé."),
    ],
)
def test_near_misses_of_formulas(why: str, change: dict[str, str], said: str) -> None:
    made, state = solved("tab formulas (1.3.3)")
    state["cells"] |= change
    assert made.check is not None
    verdict = made.check(state)
    assert not verdict.ok, why
    assert said in verdict.unmet, (why, verdict.unmet)


@pytest.mark.parametrize("right", ["=SOMME(B2;B3;B4)", "=sum( b2:b4 )", "=SOMME($B$2:$B$4)", "=SOMME(B2:B3)+B4"])
def test_every_right_writing_of_a_formula_is_accepted(right: str) -> None:
    made, state = solved("tab formulas (1.3.3)")
    state["cells"]["B5"] = right
    assert made.check is not None
    assert made.check(state).ok


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"filter": None}, "Les lignes affichées ne sont pas celles qui sont demandées."),
        ({"filter": {"column": "A", "value": "mardi"}}, "Les lignes affichées ne sont pas celles qui sont demandées."),
        ({"chosen": "B2:B3"}, "Ce n'est pas la bonne plage."),
        ({"answer": "mardi"}, "La réponse n'est pas la bonne."),
        ({"widths": {"A": 10, "B": 11}}, "La colonne A n'est pas assez large."),
        ({"widths": {"A": 11}}, "La feuille reçue est illisible."),
        ({"chosen": "ZZ9"}, "Une cellule n'existe pas."),
        ({"cells": {"M1": "x"}}, "Une cellule n'existe pas."),
    ],
)  # fmt: skip
def test_near_misses_of_reading_and_sorting(change: dict[str, Any], said: str) -> None:
    made, state = solved("tab sort and filter (1.3.4)")
    assert made.check is not None
    result = made.check(state | change)
    assert (result.ok, said in result.unmet) == (False, True), result.unmet


def test_rows_that_a_sort_has_mixed_are_refused() -> None:
    made, state = solved("tab sort and filter (1.3.4)")
    state["cells"]["A2"], state["cells"]["A3"] = state["cells"]["A3"], state["cells"]["A2"]
    assert made.check is not None
    assert "Des lignes ont été mélangées ou changées." in made.check(state).unmet


def test_numbers_drawn_differ_and_are_spread() -> None:
    answers = set()
    for seed in range(1000):
        made = draw("tab formulas (1.3.3)", seed)
        assert made.state is not None
        numbers = [made.state["cells"][f"B{row}"] for row in (2, 3, 4)]
        assert len(set(numbers)) == 3
        answers.add(tuple(numbers))
    assert len(answers) > 900


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"rows": [["a"]], "goals": [{"formula": {"at": "A1", "like": "SOMME(B1)"}}]}, "like"),
        ({"rows": [["a"]], "goals": [{"formula": {"at": "A1", "like": "=VARIANCE(B1)"}}]}, "VARIANCE"),
        ({"rows": [["a"]], "goals": [{"format": {"at": "A1", "is": "rose"}}]}, "rose"),
        ({"rows": [["a"]], "goals": [{"sorted": {"by": "D"}}]}, "column"),
        ({"rows": [["a"]], "goals": [{"series": {"at": "A1:A3", "are": ["1"]}}]}, "contents"),
        ({"rows": [["a"], ["b"]], "goals": [{"filtered": {"column": "A", "value": "z"}}]}, "no row"),
        ({"rows": [["a", 3], ["b", 3]], "header": False, "goals": [{"answer": {"where": "=MAX(B1:B2)", "among": "B1:B2", "give": "A"}}]}, "exactly one"),
    ],
)  # fmt: skip
def test_authors_are_told_what_is_wrong(params: dict[str, Any], said: str) -> None:
    with pytest.raises(BadParams, match=said):
        GABARITS["TAB"](random.Random(1), params)


@pytest.mark.parametrize("extension", ["ods", "xlsx"])
def test_a_spreadsheet_goes_out_and_comes_back(extension: str) -> None:
    scenario = SCENARIOS["rendu tableur (1.3.3)"]
    made = GABARITS["RENDU"](random.Random(3), scenario.params | {"format": extension})
    assert made.check is not None
    content = made.files[0].build()
    assert content == GABARITS["RENDU"](random.Random(3), scenario.params | {"format": extension}).files[0].build()
    name = made.files[0].name
    first = made.check(Returned(name, content))
    assert first.unmet == (
        "La cellule B5 n'a pas la formule attendue.",
        "La plage C2:C4 n'a pas les formules attendues.",
    )
    done = made.example
    good = read_sheet.written("Feuille1", done["cells"], extension)
    assert made.check(Returned(name, good)).ok
    done["cells"]["B5"] = "12"
    assert not made.check(Returned(name, read_sheet.written("Feuille1", done["cells"], extension))).ok


def test_a_file_of_another_office_suite_with_shared_formulas() -> None:
    made = GABARITS["RENDU"](random.Random(3), SCENARIOS["rendu tableur (1.3.3)"].params | {"format": "xlsx"})
    assert made.check is not None
    book = openpyxl.load_workbook(io.BytesIO(made.files[0].build()))
    page = book.active
    page["B5"], page["C3"], page["C4"] = "=SUM(B2,B3,B4)", "=B3*$F$1", "=B4*F1"
    out = io.BytesIO()
    book.save(out)
    assert made.check(Returned("vente.xlsx", out.getvalue())).ok
    with zipfile.ZipFile(io.BytesIO(out.getvalue())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    body = parts["xl/worksheets/sheet1.xml"].decode()
    body = body.replace("<f>B3*$F$1</f>", '<f t="shared" ref="C3:C4" si="0">B3*$F$1</f>')
    body = body.replace("<f>B4*F1</f>", '<f t="shared" si="0"/>')
    parts["xl/worksheets/sheet1.xml"] = body.encode()
    again = io.BytesIO()
    with zipfile.ZipFile(again, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    assert made.check(Returned("vente.xlsx", again.getvalue())).ok


@pytest.mark.parametrize("name", ["a.ods", "a.xlsx", "a.pdf", "a"])
@pytest.mark.parametrize("content", [b"", b"PK", b"=SOMME(B2:B4)"])
def test_a_file_that_is_not_one_is_refused(name: str, content: bytes) -> None:
    made = draw("rendu tableur (1.3.3)")
    assert made.check is not None
    verdict = made.check(Returned(name, content))
    assert not verdict.ok
    assert verdict.unmet


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"file": "plan.pdf"}, "« Fichier » n'est pas rempli comme il faut."),
        ({"end": "2026-06-30"}, "« Fin » n'est pas rempli comme il faut."),
        ({"end": "bientôt"}, "« Fin » n'est pas rempli comme il faut."),
        ({"code": "court"}, "« Mot de passe » n'est pas rempli comme il faut."),
        ({"phone": "0199000000"}, "« Téléphone de tes parents » n'est pas rempli comme il faut."),
        ({"who": "Moi"}, "« Pour » n'aurait pas dû changer."),
        ({"who": "Eux"}, "Un choix du formulaire n'existe pas."),
    ],
)
def test_near_misses_of_a_form(change: dict[str, Any], said: str) -> None:
    made, state = solved("form (2.2.1)")
    assert made.check is not None
    state["values"] |= change
    assert said in made.check(state).unmet


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sent": False}, "Le bouton « Créer » n'a pas été utilisé."),
        ({"flagged": []}, "Les champs marqués « de trop » ne sont pas les bons."),
        ({"flagged": ["phone", "end"]}, "Les champs marqués « de trop » ne sont pas les bons."),
        ({"flagged": ["moon"]}, "Un champ marqué n'existe pas."),
    ],
)
def test_near_misses_of_sending_and_marking(change: dict[str, Any], said: str) -> None:
    made, state = solved("form (2.2.1)")
    assert made.check is not None
    assert made.check(state | change).unmet == (said,)


def test_near_misses_of_properties() -> None:
    made, state = solved("meta (1.2.7)")
    assert made.check is not None
    assert made.state is not None
    other = next(file["id"] for file in made.state["files"] if file["name"] == "expose.odt")
    for change in ({"file": other}, {"line": f"{other}:1"}, {"answer": "Inaya"}, {"file": None}, {"line": "f9:9"}):
        assert not made.check(state | change).ok, change
    assert [file.name for file in made.files] == [file["name"] for file in made.state["files"]]
    assert all(file.build() == file.build() for file in made.files)


def test_a_sheet_with_nothing_done_is_refused() -> None:
    for name in ("tab formulas (1.3.3)", "tab sort and filter (1.3.4)", "rendu tableur (1.3.3)"):
        made = draw(name)
        assert made.check is not None
        assert made.state is not None
        assert not made.check(tab_first(made.state)).ok


@pytest.mark.parametrize(
    "name", [name for name, scenario in SCENARIOS.items() if scenario.template in ("TAB", "FORM", "META")]
)
def test_a_thousand_pupils_get_a_task_that_can_be_done_once_it_is_done(name: str) -> None:
    seen = set()
    for seed in range(1000):
        made, again = draw(name, seed), draw(name, seed)
        assert made.state is not None
        assert made.check is not None
        text = json.dumps(made.state, ensure_ascii=False)
        assert text == json.dumps(again.state, ensure_ascii=False)
        assert [file.build() for file in made.files] == [file.build() for file in again.files]
        first = json.loads(json.dumps(SCENARIOS[name].first(made.state)))
        assert not made.check(first).ok, seed
        assert not made.check({}).ok, seed
        example = json.loads(json.dumps(made.example))
        assert made.check(example).ok, seed
        # Each part of the answer counts: any one of them left as it was is refused.
        for key, value in first.items():
            if key != "widths" and example[key] != value:
                assert not made.check(example | {key: value}).ok, (seed, key)
        seen.add(text)
    assert len(seen) > (900 if SCENARIOS[name].template == "TAB" and "formulas" in name else 0)
