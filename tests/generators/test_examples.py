"""Every task can be done: the program solves each interactive question that an author writes, and its own check agrees."""

import json
import random
import re
import time
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pix.content.compiler import compile_release
from pix.content.release import Question
from pix.content.schema import INTERACTIVE_TEMPLATES
from pix.content.source import read
from pix.content.variants import instantiate, variant_seed
from pix.generators.contract import Draw, Returned
from pix.generators.registry import GABARITS
from pix.generators.solving.pattern import matching
from tests.generators.scenarios import PARAGRAPHS, SCENARIOS

SEEDS = 25


def solved(check: Any, example: Any) -> tuple[str, ...]:
    """What is unmet once the example has travelled as the component sends it; empty = the task is done."""
    assert check is not None
    value = example if isinstance(example, Returned) else json.loads(json.dumps(example))
    verdict = check(value)
    assert verdict.ok or verdict.unmet
    return tuple(verdict.unmet)


@cache
def interactive() -> list[Question]:
    """Of the shipped bank, as written: a question that the check would leave out is here too."""
    sources = read(Path(__file__).parents[2] / "bank")
    release = compile_release(sources, leave_out=sources.faulty)
    return [question for question in release.questions if question.template in INTERACTIVE_TEMPLATES]


def test_the_shipped_bank_has_every_gabarit_to_solve() -> None:
    assert len(interactive()) >= 50
    assert {question.template for question in interactive()} == set(GABARITS)


@pytest.mark.parametrize("template", sorted(GABARITS))
def test_every_interactive_question_of_the_bank_is_solved(template: str) -> None:
    for question in interactive():
        for number in range(SEEDS if question.template == template else 0):
            variant = instantiate(question, variant_seed(b"examples", "", question.id, str(number), question.version))
            assert variant.example is not None, question.id
            assert solved(variant.check, variant.example) == (), (question.id, number, variant.example)


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_typical_question_is_solved(name: str) -> None:
    scenario = SCENARIOS[name]
    for seed in range(SEEDS):
        made = GABARITS[scenario.template](random.Random(seed), scenario.params)
        assert solved(made.check, made.example) == (), seed
        assert made.example == GABARITS[scenario.template](random.Random(seed), scenario.params).example


EXPLO_FILES = ["a/un.txt", "a/deux.txt", "b/trois.txt", "b/un.txt", "quatre.txt", "c/d/cinq.txt"]
PAGES = [
    {
        "url": "https://mediatheque.brumeville.test/nuit",
        "title": "La nuit des lanternes bleues",
        "text": "La nuit des lanternes bleues a lieu au lac à 21 h.",
        "date": "2026-02-10",
        "type": "pdf",
    },
    {
        "url": "https://deco.test/lanternes",
        "title": "Lanternes bleues pour la nuit",
        "text": "Lanternes bleues pour la nuit, nuit bleue, nuit des promos.",
    },
    {"url": "https://promo.test/x", "title": "Promo", "text": "Des lanternes.", "ad": True, "keywords": "lunettes lac"},
]
NIGHT, DECO, AD = (page["url"] for page in PAGES)
BOX = {
    "contacts": [{"id": "prof"}, {"id": "ami"}],
    "groups": [{"id": "club", "count": 4}],
    "folders": ["Club"],
    "files": ["plan.pdf", {"name": "film.mp4", "size": 48000}],
    "max_size": 10000,
    "inbox": [
        {"id": "m1", "from": "ami", "subject": "Match", "attachments": ["carte.png"]},
        {"id": "m2", "from": "prof"},
    ],
    "draft": {"cc": ["@club:2"]},
}
THREAD = {
    "posts": [
        {"id": "p1", "author": "me", "text": "Skate", "comments": [{"id": "c1", "author": "Karim", "text": "Nul."}]},
        {"id": "p2", "author": "Inaya", "text": "Bravo"},
        {"id": "p3", "author": "me", "text": "Plage"},
    ]
}
TEXT = {"paragraphs": PARAGRAPHS}
MENUS = {
    "menus": [
        {
            "name": "Compte",
            "items": [
                {
                    "id": "qui",
                    "label": "Qui",
                    "kind": "radio",
                    "options": ["Tous", "Amis", "Personne"],
                    "value": "Tous",
                },
                {"id": "son", "label": "Son", "value": True},
            ],
        }
    ]
}

GOALS: list[tuple[str, dict[str, Any], list[Any]]] = [
    ("EXPLO", {"files": EXPLO_FILES}, [{"moved": {"file": "a/un.txt", "to": "b"}}]),
    ("EXPLO", {"files": EXPLO_FILES}, [{"moved": {"file": "c/d", "to": "a"}}, {"moved": {"file": "quatre.txt", "to": "a/d"}}]),
    ("EXPLO", {"files": EXPLO_FILES}, [{"renamed": {"file": "a", "name": "Z"}}, {"moved": {"file": "b/trois.txt", "to": "Z"}}]),
    ("EXPLO", {"files": EXPLO_FILES}, [{"copied": {"file": "quatre.txt", "to": ""}}]),
    ("EXPLO", {"files": EXPLO_FILES, "tools": ["copy", "rename"]}, [{"copied": {"file": "quatre.txt", "to": "b", "name": "neuf.txt"}}]),
    ("EXPLO", {"files": EXPLO_FILES}, [{"copied": {"file": "c", "to": "b/Neuf"}}]),
    ("EXPLO", {"files": EXPLO_FILES}, [{"copied": {"file": "a/un.txt", "to": "b"}}, {"copied": {"file": "a/un.txt", "to": "c"}}]),
    ("EXPLO", {"files": EXPLO_FILES}, [{"renamed": {"file": "a/un.txt", "name": "deux.txt"}}, {"renamed": {"file": "a/deux.txt", "name": "un.txt"}}]),
    ("EXPLO", {"files": EXPLO_FILES}, [{"renamed": {"file": "a/un.txt", "like": r"2026-\d\d[ _-]un\.txt"}}, {"exists": "a/2026-05_un.txt"}]),
    ("EXPLO", {"files": EXPLO_FILES}, [{"renamed": {"file": "quatre.txt", "like": r"(?=.*lac)(?=.*2026)(?!2026).{12,}\.(odt|txt)"}}]),
    ("EXPLO", {"files": EXPLO_FILES}, [{"exists": "c/un.txt"}, {"exists": "a/un.txt"}, {"exists": "b/un.txt"}]),
    ("EXPLO", {"files": EXPLO_FILES}, [{"absent": "a/un.txt"}, {"exists": "un.txt"}]),
    ("EXPLO", {"files": EXPLO_FILES}, [{"absent": "quatre.txt"}, {"exists": "c/quatre.txt"}, {"absent": "c/d"}]),
    ("EXPLO", {"files": EXPLO_FILES}, [{"holds": {"folder": "a", "files": ["trois.txt", "un.txt"]}}]),
    ("EXPLO", {"files": EXPLO_FILES}, [{"holds": {"folder": "a", "files": ["1.txt", "2.txt"]}}]),
    ("EXPLO", {"files": EXPLO_FILES}, [{"holds": {"folder": "Neuf", "files": ["un.txt", "quatre.txt"]}}, {"exists": "quatre.txt"}]),
    ("EXPLO", {"files": EXPLO_FILES}, [{"holds": {"folder": "a", "files": []}}, {"exists": "deux.txt"}]),
    ("EXPLO", {"files": EXPLO_FILES}, [{"only_in": {"files": ["a/un.txt", "b/un.txt"], "folder": "X/Y"}}]),
    ("EXPLO", {"files": EXPLO_FILES}, [{"only_in": {"files": ["a/un.txt", "a/deux.txt"], "folder": "Z"}}, {"deleted": "a"}]),
    ("EXPLO", {"files": EXPLO_FILES, "bin": ["a/vieux.txt", "b/un.txt.bak"]}, [{"restored": "a/vieux.txt"}, {"in_bin": "b/un.txt.bak"}, {"deleted": "quatre.txt"}]),
    ("EXPLO", {"files": EXPLO_FILES, "unchanged_elsewhere": False}, [{"folder": "A/Élan"}, {"chosen": ["a/un.txt", "b/un.txt"]}, {"chosen": "b/un.txt"}]),
    ("MOTEUR", {"pages": PAGES}, [{"query": {"finds": NIGHT, "within": 1, "max_words": 1}}, {"queries": 4}]),
    ("MOTEUR", {"pages": PAGES}, [{"query": {"finds": NIGHT, "operator": ["phrase", "exclude", "site", "type", "period"], "not_finds": DECO, "within": 1, "min_words": 3}}]),
    ("MOTEUR", {"pages": PAGES}, [{"query": {"finds": DECO, "not_finds": NIGHT, "min_words": 8}}, {"query": {"operator": "period"}}, {"query": {"operator": "site"}}]),
    ("MOTEUR", {"pages": PAGES}, [{"query": {"not_finds": NIGHT}}, {"query": {"operator": "type"}}, {"query": {"min_words": 20}}]),
    ("MOTEUR", {"pages": PAGES}, [{"query": {"operator": "exclude"}}, {"opened": [NIGHT, DECO]}, {"not_opened": NIGHT}, {"chosen": DECO}]),
    ("MOTEUR", {"pages": PAGES}, [{"chosen": AD}, {"opened": AD}, {"answer": ["21 h", "22 h"]}, {"answer": "22 h"}]),
    ("MOTEUR", {"pages": PAGES, "query": "lanternes lac", "locked": True}, [{"chosen": NIGHT}, {"opened": DECO}, {"not_opened": AD}]),
    ("MOTEUR", {"pages": PAGES, "query": "promos"}, [{"query": {"finds": DECO}}, {"queries": 2}]),
    ("MAIL", BOX, [{"sent": {"hidden": ["@club"], "subject": ["Été"], "body": ["samedi", "14 h"]}}]),
    ("MAIL", BOX, [{"sent": {"to": [], "cc": [], "subject": True}}, {"sent_count": 3}]),
    ("MAIL", BOX, [{"sent": {"to": ["ami"]}}, {"sent": {"to": ["prof"]}}, {"sent": {"subject": ["but"]}}, {"sent_count": 2}]),
    ("MAIL", BOX, [{"sent": {"forward_of": "m1", "to": ["prof"], "attachments": ["carte.png"]}}, {"read": "m2"}]),
    ("MAIL", BOX, [{"sent": {"reply_to": "m1", "body": True}}, {"filed": {"message": ["m1", "m2"], "folder": "Corbeille"}}]),
    ("MAIL", BOX | {"draft_counts": True}, [{"not_sent": True}, {"filed": {"message": "m2", "folder": "Indésirables"}}]),
    ("MAIL", BOX, [{"sent_count": 1}]),
    ("MAIL", BOX, [{"sent": {"to": ["prof"], "attachments": ["carte.png", "plan.pdf"]}}]),
    ("MAIL", BOX | {"draft_counts": True}, [{"sent": {"to": ["raw@club.test", "me"], "attachments": []}}]),
    ("TTX", TEXT, [{"paragraphs": [1, 2], "has": {"size": {"min": 15, "max": 30}, "colour": ["red", "blue"], "style": "title", "indent": 2}}, {"paragraph": 1, "has": {"size": [10, 24]}}]),
    ("TTX", TEXT, [{"words": "Rendez-vous samedi", "has": {"bold": True}}, {"words": "samedi à 14 h", "has": {"underline": True, "italic": "oui"}}, {"words": "samedi", "has": {"size": 32}}]),
    ("TTX", TEXT | {"model": [{"text": t, "spacing": 1.5, "list": "number", "bold": True, "colour": "green"} for t in PARAGRAPHS]}, []),
    ("RENDU", TEXT | {"kind": "texte"}, [{"paragraph": "Tournoi", "has": {"align": ["center", "justify"]}}]),
    ("RENDU", {"kind": "dossier", "files": EXPLO_FILES}, [{"only_in": {"files": ["a/un.txt"], "folder": "Neuf"}}, {"deleted": "quatre.txt"}]),
    ("PARAM", MENUS, [{"setting": "qui", "is": ["Amis", "Personne"]}, {"setting": "qui", "is_not": "Amis"}, {"setting": "son", "is_not": True}]),
    ("MSG", THREAD, [{"published": {"audience": ["Mes amis", "Moi seulement"], "contains": ["Été"]}}, {"published": {"audience": "Moi seulement"}}, {"kept": ["p1"]}]),
    ("MSG", THREAD, [{"private": {"to": "Inaya", "contains": ["merci"]}}, {"hidden": "p2"}, {"before": ["private", "hidden"]}]),
    ("MSG", THREAD, [{"deleted": ["p1", "c1"]}, {"before": ["proof", "deleted"]}, {"not_published": True}]),
    ("MSG", THREAD, [{"archived": "p3"}, {"deleted": "c1"}, {"before": ["deleted", "archived"]}, {"not_replied": True}]),
    ("MSG", THREAD, [{"deleted": "c1"}, {"before": ["reported", "deleted"]}, {"before": ["proof", "reported"]}]),
    ("MSG", THREAD, [{"reported": ["c1", "p2"]}, {"reported": {"post": "c1", "reason": ["Autre", "Publicité"]}}, {"blocked": ["Karim", "Inaya"]}]),
    ("MSG", THREAD, [{"replied": {"post": "p2", "contains": ["merci", "beaucoup"]}}, {"not_replied": "c1"}, {"audience": {"post": "p1", "is": ["Tout le monde", "Mes amis"]}}, {"audience": {"post": "p3", "is": "Moi seulement"}}]),
    ("MSG", THREAD | {"compose": {"text": "Match", "fixed": True}}, [{"published": {"contains": ["match"]}}, {"proof": "c1"}]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("template", "params", "goals"), GOALS, ids=[f"{t} {n}" for n, (t, _, _) in enumerate(GOALS, start=1)]
)
def test_every_goal_of_the_guide_is_solved(template: str, params: dict[str, Any], goals: list[Any]) -> None:
    for seed in range(5):
        made: Draw = GABARITS[template](random.Random(seed), params | ({"goals": goals} if goals else {}))
        assert solved(made.check, made.example) == (), made.example


WITHOUT_TOOLS: list[tuple[str, dict[str, Any], list[Any]]] = [
    ("EXPLO", {"files": EXPLO_FILES, "tools": ["move"]}, [{"folder": "Neuf"}]),
    ("EXPLO", {"files": EXPLO_FILES, "tools": ["copy"]}, [{"deleted": "quatre.txt"}]),
    ("EXPLO", {"files": EXPLO_FILES, "tools": ["move"]}, [{"renamed": {"file": "quatre.txt", "name": "4.txt"}}]),
    ("MAIL", BOX | {"tools": ["compose"]}, [{"sent": {"reply_to": "m1"}}]),
    ("MAIL", BOX | {"tools": ["compose"]}, [{"sent": {"attachments": ["plan.pdf"]}}]),
    ("MAIL", BOX | {"tools": ["compose"]}, [{"filed": {"message": "m1", "folder": "Club"}}]),
    ("TTX", TEXT | {"tools": ["bold"]}, [{"paragraph": 1, "has": {"align": "center"}}]),
    ("MSG", THREAD | {"tools": ["publish"]}, [{"deleted": "p1"}]),
]  # fmt: skip


@pytest.mark.parametrize(("template", "params", "goals"), WITHOUT_TOOLS)
def test_no_example_without_the_tool_that_it_takes(template: str, params: dict[str, Any], goals: list[Any]) -> None:
    assert GABARITS[template](random.Random(1), params | {"goals": goals}).example is None
    every = {key: value for key, value in params.items() if key != "tools"} | {"goals": goals}
    made = GABARITS[template](random.Random(1), every)
    assert solved(made.check, made.example) == ()


@pytest.mark.parametrize("length", [1, 8, 12, 24, 40])
@pytest.mark.parametrize(("classes", "words"), [(1, 0), (3, 0), (4, 0), (1, 4), (4, 8)])
@pytest.mark.parametrize("person", [{}, {"prénom": "Inaya", "animal": "Abricot", "naissance": "2013"}])
def test_a_password_for_every_rule(length: int, classes: int, words: int, person: dict[str, str]) -> None:
    rules = {"length": length, "classes": classes, "words": words}
    made = GABARITS["MDP"](random.Random(1), {"mode": "build", "person": person, "rules": rules})
    assert solved(made.check, made.example) == ()


@pytest.mark.parametrize("count", [3, 4])
@pytest.mark.parametrize("mode", ["rate", "sort"])
def test_passwords_to_judge(mode: str, count: int) -> None:
    made = GABARITS["MDP"](random.Random(1), {"mode": mode, "count": count})
    assert solved(made.check, made.example) == ()


@pytest.mark.parametrize(("choice", "at_least"), [("a", 0), ("b", 1), ("none", 2), ("both", 0)])
def test_documents_to_compare(choice: str, at_least: int) -> None:
    params = {
        "question": "Lequel ?",
        "documents": [{"id": "a", "title": "Le lac"}, {"id": "b", "title": "La plage"}],
        "choice": choice,
        "clues": [{"text": "x", "right": True}, {"text": "y", "right": True}, {"text": "z", "right": False}],
        "at_least": at_least,
    }
    made = GABARITS["COMPARE"](random.Random(1), params)
    assert solved(made.check, made.example) == ()


@pytest.mark.parametrize("answer", [["annonce", "titre"], ["adresse"]])
@pytest.mark.parametrize("several", [True, False])
def test_zones_to_point_at(answer: list[str], several: bool) -> None:
    made = GABARITS["ZONE"](random.Random(1), {"scene": "resultat", "answer": answer, "several": several})
    assert solved(made.check, made.example) == ()


@pytest.mark.parametrize(
    ("pattern", "shortest"),
    [
        (r"plage.*\.jpg", "plage.jpg"),
        (r"\d{4}-\d{2}-\d{2}[ _-]plage\.jpg", "2222-22-22 plage.jpg"),
        (r"(?=.*lac)(?=.*2026).+\.jpg", "lac2026.jpg"),
        (r"(?!photo)(?!img)[a-z]{3,8}(?:_v\d+)?\.(?:odt|docx)", None),
        (r"^(?P<mot>club|lac)-(?P=mot)$", "lac-lac"),
        (r"[^\d\s]+\b final", None),
        (r"(?i:CLUB)\W\w\S", None),
        (r"a(?=b)b(?!c).", None),
        (r"(?:ab|c)+?x{2,}(?<!y)", "cxx"),
        (r"a(?:b(?=c)|d)*c", "ac"),
        (r"x{300}", None),
        (r"a/b", None),
    ],
)
def test_names_that_a_pattern_accepts(pattern: str, shortest: str | None) -> None:
    compiled = re.compile(pattern, re.IGNORECASE)
    found = next(matching(compiled), None)
    if pattern in ("x{300}", "a/b"):
        assert found is None  # no file can be called so
        return
    assert found is not None
    assert compiled.fullmatch(found)
    assert shortest is None or len(found) == len(shortest), found


def test_solving_costs_little() -> None:
    begun = time.perf_counter()
    for scenario in SCENARIOS.values():
        for seed in range(10):
            GABARITS[scenario.template](random.Random(seed), scenario.params)
    assert (time.perf_counter() - begun) / (10 * len(SCENARIOS)) < 0.05
