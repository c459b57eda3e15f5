"""Programs of blocks and edited pictures: near misses refused, hostile programs stopped, answers spread, and a browser that does both."""

import json
import random
from collections import Counter
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from pix.generators import blocks
from pix.generators.contract import BadParams, Draw
from pix.generators.registry import GABARITS
from tests.generators.scenarios import SCENARIOS, imged_first
from tests.generators.test_components import Site, live, passes, reach, sent, site

__all__ = ["site"]


def made(name: str, seed: int = 1) -> tuple[Draw, dict[str, Any]]:
    scenario = SCENARIOS[name]
    draw = GABARITS[scenario.template](random.Random(seed), scenario.params)
    assert draw.state is not None
    return draw, scenario.solve(draw.state)


def unmet(draw: Draw, value: Any) -> str:
    assert draw.check is not None
    verdict = draw.check(json.loads(json.dumps(value)))
    assert verdict.ok is not bool(verdict.unmet)
    return " ".join(verdict.unmet)


def repeat(times: int, *body: dict[str, Any]) -> dict[str, Any]:
    return {"op": "repeter", "n": times, "body": list(body)}


STEP = {"op": "avancer"}


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ([], "vide"),
        ([STEP] * 4, "doit servir"),
        ([repeat(3, STEP)], "drapeau"),
        ([repeat(5, STEP)], "mur"),
        ([repeat(1, STEP), STEP, STEP, STEP], "doit servir"),
        ([repeat(2, STEP), repeat(2, STEP)], "trop de blocs"),
        ([repeat(99, repeat(99, repeat(99, {"op": "tourner_gauche"})))], "ne s'arrête pas"),
        ([repeat(99, repeat(99, repeat(99, repeat(99, STEP))))], "trop de niveaux"),
        ([repeat(10**9, STEP)], "illisible"),
        ([repeat(4, *[STEP] * 60)], "trop de blocs"),
        ([{"op": "ramasser"}], "bloc inconnu"),
    ],
)
def test_a_program_that_misses_its_goal_is_told_why(program: list[Any], said: str) -> None:
    draw, _ = made("blocs repeat (3.4.2-N2)")
    assert said in unmet(draw, {"program": program})


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ([{"op": "dire", "value": "score"}], "pas encore de valeur"),
        ([{"op": "mettre", "var": "vies", "value": "3"}], "variable est inconnue"),
        ([{"op": "mettre", "var": "score", "value": "1e9"}], "ni un nombre"),
        ([{"op": "mettre", "var": "score", "value": "11"}, {"op": "dire", "value": "score"}], "ajouter"),
        ([{"op": "mettre", "var": "score", "value": "1"}, repeat(99, {"op": "ajouter", "var": "score", "value": "score"})], "trop grande"),
        ([{"op": "mettre", "var": "score", "value": "9"}, {"op": "ajouter", "var": "score", "value": "2"}], "dit pas"),
    ],
)  # fmt: skip
def test_variables_are_bounded_and_judged(program: list[Any], said: str) -> None:
    draw, _ = made("blocs variable (3.4.4-N3)")
    assert said in unmet(draw, {"program": program})


def test_another_program_that_does_the_task_is_accepted_too() -> None:
    draw, _ = made("blocs stars")
    body = [{"op": "avancer"}, {"op": "si", "test": "etoile", "body": [{"op": "ramasser"}], "else": []}]
    assert unmet(draw, {"program": [{"op": "jusqua", "test": "mur", "body": body}]}) == ""


def test_followed_programs_have_one_answer_and_spread_it() -> None:
    for params in (
        {"moves": 5},
        {"moves": 6, "size": 6, "turtle": True},
        {"moves": 6, "size": 6, "turtle": True, "loop": True},
    ):
        answers: Counter[str] = Counter()
        for seed in range(1_000):
            draw = GABARITS["BLOCS"](random.Random(seed), {"mode": "follow", "drawn": params})
            again = GABARITS["BLOCS"](random.Random(seed), {"mode": "follow", "drawn": params})
            assert draw.state is not None
            assert draw.state == again.state
            right = draw.example["answer"]
            answers[right] += 1
            assert unmet(draw, {"answer": right}) == ""
            start = blocks.World(tuple(draw.state["world"]["cells"]))
            wrong = next(
                f"{'ABCDEF'[x]}{y + 1}" for y in range(5) for x in range(5) if f"{'ABCDEF'[x]}{y + 1}" != right
            )
            assert start.count("#") < 20
            assert "case" in unmet(draw, {"answer": wrong})
            assert "case" in unmet(draw, {"answer": ""})
        assert max(answers.values()) <= 80, answers.most_common(3)


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"map": ["..."], "example": [], "goals": [{"reach": True}]}, "one robot"),
        ({"map": [">.."], "example": [], "goals": [{"reach": True}]}, "drapeau"),
        ({"map": [">.F", "."], "example": [], "goals": [{"reach": True}]}, "one length"),
        ({"mode": "follow", "map": [">#"], "program": ["avancer"]}, "mur"),
        ({"mode": "follow", "program": [{"mettre": ["n", 3]}], "ask": "m"}, "variable"),
    ],
)
def test_authors_of_programs_are_told_what_is_wrong(params: dict[str, Any], said: str) -> None:
    with pytest.raises(BadParams, match=said):
        GABARITS["BLOCS"](random.Random(1), params)


def test_no_example_without_its_blocks() -> None:
    params = SCENARIOS["blocs repeat (3.4.2-N2)"].params | {"blocks": ["avancer"]}
    assert GABARITS["BLOCS"](random.Random(1), params).example is None


def test_pictures_near_misses() -> None:
    draw, good = made("imged crop (3.2.2-N1)")
    boat = good["crop"]
    assert "coupe" in unmet(draw, good | {"crop": boat | {"w": boat["w"] - 20}})
    assert "encore" in unmet(draw, good | {"crop": {"x": 0, "y": 0, "w": 1200, "h": 800}})
    assert "recadrée" in unmet(draw, good | {"crop": None, "blurs": []})
    assert "sort de l'image" in unmet(draw, good | {"crop": boat | {"x": 1100}})
    assert "outil absent" in unmet(draw, good | {"light": 10})
    assert "pas demandé" in unmet(draw, good | {"turn": 180})

    draw, good = made("imged turn (3.2.2-N1)")
    assert "endroit" in unmet(draw, good | {"turn": 90})
    assert "illisible" in unmet(draw, good | {"turn": 45})

    draw, good = made("imged resize (3.2.2-N2)")
    assert "déformée" in unmet(draw, good | {"size": {"w": 600, "h": 800}})
    assert "largeur" in unmet(draw, good | {"size": {"w": 900, "h": 600}})
    assert unmet(draw, good | {"size": {"w": 600, "h": 401}}) == ""

    draw, good = made("imged light (3.2.2-N3)")
    assert "lumière" in unmet(draw, good | {"light": 10}).lower()
    assert "lumière" in unmet(draw, good | {"light": 90}).lower()
    assert "contraste" in unmet(draw, good | {"contrast": 20})

    draw, good = made("imged blur (3.2.2-N4)")
    whole = {"x": 0, "y": 0, "w": 1200, "h": 800}
    assert "rester nette" in unmet(draw, good | {"blurs": [whole]})
    assert "reconnaît" in unmet(draw, good | {"blurs": [good["blurs"][0] | {"h": 40}]})
    assert "illisible" in unmet(draw, good | {"blurs": [whole] * 99})


def test_pictures_are_solved_for_a_thousand_pupils_and_differ() -> None:
    for name in ("imged crop (3.2.2-N1)", "imged blur (3.2.2-N4)"):
        seen = set()
        for seed in range(1_000):
            draw, good = made(name, seed)
            assert unmet(draw, good) == ""
            assert unmet(draw, draw.example) == ""
            assert unmet(draw, imged_first(draw.state or {}))
            seen.add(json.dumps(draw.state, sort_keys=True))
        assert len(seen) > 500


# --- in a browser


@pytest.mark.browser
@pytest.mark.parametrize("twin", [False, True])
def test_blocks_and_pictures_both_ways(site: Site, twin: bool) -> None:
    def start(name: str) -> tuple[Page, Draw]:
        page, draw = site.open(name, 360)
        if twin:
            page.click("[data-focus=twin]")
        return page, draw

    page, draw = start("blocs repeat (3.4.2-N2)")
    if twin:
        page.select_option("[data-focus='add-']", "repeter")
        page.select_option("[data-focus='add-0.body']", "avancer")
    else:
        page.focus("[data-focus=new-repeter]")
        page.keyboard.press("Enter")
        page.click("[data-focus='slot-0.body']")
        page.click("[data-focus=new-avancer]")
    page.click("[data-focus=run]")
    assert "s'arrête en" in live(page)
    assert draw.check is not None
    assert not draw.check(sent(page)).ok
    page.fill("[data-focus=n-0]", "4")
    page.press("[data-focus=n-0]", "Tab")
    passes(page, draw)
    page.reload()
    passes(page, draw)
    assert [v["id"] for v in Axe().run(page).response["violations"]] == []
    page.context.close()

    page, draw = start("blocs follow (3.4.1-N1)")
    right = draw.example["answer"]
    if twin:
        page.select_option("[data-focus=cell]", right)
    else:
        reach(page, f"cell-{right}")
        page.keyboard.press("Enter")
    passes(page, draw)
    page.context.close()

    page, draw = start("blocs counter (3.4.4-N2)")
    page.fill("[data-focus=value]", "19")
    passes(page, draw)
    page.context.close()

    page, draw = start("imged crop (3.2.2-N1)")
    for side, value in draw.example["crop"].items():
        page.fill(f"[data-focus=frame-{side}]", str(value))
        page.press(f"[data-focus=frame-{side}]", "Tab")
    page.click("[data-focus=crop]")
    passes(page, draw)
    page.reload()
    passes(page, draw)
    page.context.close()

    page, draw = start("imged resize (3.2.2-N2)")
    page.check("[data-focus=linked]")
    page.fill("[data-focus=size-w]", "600")
    page.press("[data-focus=size-w]", "Tab")
    passes(page, draw)
    page.context.close()

    page, draw = start("imged turn (3.2.2-N1)")
    page.click("[data-focus=left]")
    passes(page, draw)
    page.context.close()

    page, draw = start("imged light (3.2.2-N3)")
    page.fill("[data-focus=tune-light]", "40")
    page.press("[data-focus=tune-light]", "Tab")
    passes(page, draw)
    page.context.close()


@pytest.mark.browser
def test_a_frame_drawn_with_the_mouse(site: Site) -> None:
    page, draw = site.open("imged blur (3.2.2-N4)")
    face = draw.example["blurs"][0]
    box = page.locator(".gab-picture-edit").bounding_box()
    assert box is not None
    scale = box["width"] / 1200
    page.mouse.move(box["x"] + (face["x"] - 3) * scale, box["y"] + (face["y"] - 3) * scale)
    page.mouse.down()
    page.mouse.move(
        box["x"] + (face["x"] + face["w"] + 3) * scale, box["y"] + (face["y"] + face["h"] + 3) * scale, steps=4
    )
    page.mouse.up()
    page.click("[data-focus=blur]")
    passes(page, draw)
    page.context.close()
