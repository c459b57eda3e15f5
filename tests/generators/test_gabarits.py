"""Every gabarit: same seed same question, the first state fails, the good one passes, nothing sent can break a checker."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pix.generators.contract import BadParams, Draw, Returned
from pix.generators.registry import GABARITS
from pix.generators.search_engine import Page, search
from tests.generators.scenarios import PARAGRAPHS, SCENARIOS, Scenario, by_name, explo_nodes, mail_first, message

SEEDS = range(200)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def draw(scenario: Scenario, seed: int = 1) -> Draw:
    return GABARITS[scenario.template](random.Random(seed), scenario.params)


def verdict(made: Draw, value: Any) -> Any:
    assert made.check is not None
    return made.check(json.loads(json.dumps(value)))


@pytest.mark.parametrize("name", SCENARIOS)
def test_over_many_seeds_the_first_state_fails_and_the_good_one_passes(name: str) -> None:
    scenario = SCENARIOS[name]
    for seed in SEEDS:
        made, again = draw(scenario, seed), draw(scenario, seed)
        assert made.state is not None
        assert (made.state, made.values) == (again.state, again.values)
        before = verdict(made, scenario.first(made.state))
        # A ranking or an association drawn already right would be a gift.
        assert not before.ok, seed
        assert before.unmet
        after = verdict(made, scenario.solve(made.state))
        assert after.ok, (seed, after.unmet)


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_state_handed_to_the_page_is_plain_json_without_the_goals(name: str) -> None:
    made = draw(SCENARIOS[name])
    text = json.dumps(made.state, ensure_ascii=False)
    assert made.state is not None
    assert made.state["gabarit"] in GABARITS
    assert json.loads(text) == made.state
    assert '"goals"' not in text
    assert '"right": true' not in text.lower()


@settings(max_examples=60, deadline=None)
@given(value=JSON)
@pytest.mark.parametrize("name", SCENARIOS)
def test_no_json_value_can_break_a_checker(name: str, value: Any) -> None:
    made = draw(SCENARIOS[name])
    assert made.check is not None
    assert not made.check(value).ok


def paths(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here, *(path for key, inner in entries for path in paths(inner, (*here, key)))]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_good_state_with_one_part_replaced_never_breaks_a_checker(name: str, data: st.DataObject) -> None:
    scenario = SCENARIOS[name]
    made = draw(scenario)
    assert made.state is not None
    assert made.check is not None
    state = json.loads(json.dumps(scenario.solve(made.state)))
    path = data.draw(st.sampled_from(paths(state)))
    value = data.draw(JSON)
    if not path:
        state = value
    else:
        inner = state
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = value
    assert isinstance(made.check(state).ok, bool)


@pytest.mark.parametrize("name", SCENARIOS)
def test_an_unknown_parameter_is_named_to_the_author(name: str) -> None:
    scenario = SCENARIOS[name]
    with pytest.raises(BadParams, match="colour_of_the_sky"):
        GABARITS[scenario.template](random.Random(1), {**scenario.params, "colour_of_the_sky": "blue"})


def restored() -> tuple[Draw, dict[str, Any]]:
    scenario = SCENARIOS["explo restore (1.2.1-N3)"]
    made = draw(scenario)
    assert made.state is not None
    return made, scenario.solve(made.state)


@pytest.mark.parametrize(
    ("why", "spoil", "said"),
    [
        ("a file of the beginning is gone", lambda s, n: s["nodes"].pop(n("liste.txt")), "« liste.txt » a disparu."),
        ("another file moved", lambda s, n: s["nodes"][n("liste.txt")].update(parent=n("SVT")), "« liste.txt » n'aurait pas dû changer."),
        ("the other deleted file came back", lambda s, n: s["nodes"][n("brouillon.txt")].update(parent="root"), "« brouillon.txt » n'aurait pas dû changer."),
        ("a file out of nowhere", lambda s, n: s["nodes"].update(x={"name": "a.txt", "parent": "root", "kind": "file"}), "Un fichier est apparu sans être la copie d'un autre."),
        ("a folder in itself", lambda s, n: s["nodes"][n("Maths")].update(parent=n("Exercices")), "L'arborescence reçue est illisible."),
        ("two files of one name", lambda s, n: s["nodes"][n("liste.txt")].update(name="Maths"), "Deux éléments portent le même nom au même endroit."),
        ("a file inside a file", lambda s, n: s["nodes"][n("photo-volcan.jpg")].update(parent=n("liste.txt")), "Un fichier ne peut pas contenir d'autres fichiers."),
        ("a useless folder", lambda s, n: s["nodes"].update(x={"name": "Bof", "parent": "root", "kind": "folder"}), "Le dossier « Bof » est en trop."),
        ("restored at the wrong place", lambda s, n: s["nodes"][n("expose-volcans.odp")].update(parent="root"), "« expose-volcans.odp » n'est pas de retour dans son dossier."),
    ],
)  # fmt: skip
def test_the_explorer_never_believes_the_page(why: str, spoil: Any, said: str) -> None:
    made, state = restored()
    assert made.state is not None
    spoil(state, lambda name: by_name(made.state or {}, name))
    result = verdict(made, state)
    assert (result.ok, said in result.unmet) == (False, True), (why, result)


def test_explorer_copy_under_another_name() -> None:
    params = {
        "files": ["a/un.txt", "b/deux.txt"],
        "goals": [{"copied": {"file": "a/un.txt", "to": "b", "name": "neuf.txt"}}],
    }
    made = GABARITS["EXPLO"](random.Random(3), params)
    assert made.state is not None
    ids = {node["name"]: node["id"] for node in made.state["nodes"]}
    for copy, original, good in (
        ("neuf.txt", "un.txt", True),
        ("un.txt", "un.txt", False),
        ("un.txt", "neuf.txt", False),
    ):
        state = explo_nodes(made.state)
        state["nodes"]["n1"] = {"name": copy, "parent": ids["b"], "kind": "file", "of": ids["un.txt"]}
        state["nodes"][ids["un.txt"]]["name"] = original
        assert verdict(made, state).ok is good, (copy, original)


def test_explorer_goals_move_copy_rename_delete() -> None:
    params = {
        "files": ["a/un.txt", "a/deux.txt", "b/trois.txt", "quatre.txt"],
        "goals": [
            {"moved": {"file": "a/un.txt", "to": "b"}},
            {"copied": {"file": "a/deux.txt", "to": "b"}},
            {"renamed": {"file": "b/trois.txt", "like": r"2026-\d\d trois\.txt"}},
            {"deleted": "quatre.txt"},
            {"absent": "a/un.txt"},
            {"exists": "b/deux.txt"},
        ],
    }
    made = GABARITS["EXPLO"](random.Random(3), params)
    assert made.state is not None
    state = explo_nodes(made.state)
    ids = {node["name"]: node["id"] for node in made.state["nodes"]}
    state["nodes"][ids["un.txt"]]["parent"] = ids["b"]
    state["nodes"]["n1"] = {"name": "deux.txt", "parent": ids["b"], "kind": "file", "of": ids["deux.txt"]}
    state["nodes"][ids["trois.txt"]]["name"] = "2026-05 trois.txt"
    assert not verdict(made, state).ok
    state["nodes"][ids["quatre.txt"]]["parent"] = "bin"
    assert verdict(made, state).ok, verdict(made, state)


@pytest.mark.parametrize(
    ("why", "to", "cc", "bcc", "subject", "said"),
    [
        ("families visible", "prof", "", "rest", "Kermesse", "Le champ « Cci » n'a pas les bons destinataires."),
        ("one left in Cc", "prof", "one", "rest", "Kermesse", "Le champ « Cc » n'a pas les bons destinataires."),
        ("teacher hidden", "", "", "all", "Kermesse", "Le champ « À » n'a pas les bons destinataires."),
        ("no subject", "prof", "", "all", "  ", "L'objet manque ou ne dit pas de quoi il s'agit."),
    ],
)
def test_the_kermesse_message(why: str, to: str, cc: str, bcc: str, subject: str, said: str) -> None:
    made = draw(SCENARIOS["mail hidden copies (2.1.2-N3)"])
    assert made.state is not None
    group = made.state["groups"][0]["addresses"]
    people: dict[str, list[str]] = {
        "": [],
        "prof": [made.state["contacts"][0]["address"]],
        "one": group[:1],
        "rest": group[1:],
        "all": group,
    }
    sent = mail_first(made.state) | {"sent": [message(to=people[to], cc=people[cc], bcc=people[bcc], subject=subject)]}
    result = verdict(made, sent)
    assert not result.ok, why
    assert said in result.unmet, why


def test_the_kermesse_varies_and_begins_with_one_address_in_the_wrong_field() -> None:
    made = [draw(SCENARIOS["mail hidden copies (2.1.2-N3)"], seed) for seed in SEEDS]
    assert all(
        len(d.state["groups"][0]["addresses"]) == 18 and len(d.state["draft"]["cc"]) == 1 for d in made if d.state
    )
    assert len({d.state["draft"]["cc"][0] for d in made if d.state}) > 150
    assert made[0].values["familles_count"] == 18


def test_a_message_too_heavy_never_leaves() -> None:
    scenario = SCENARIOS["mail reply and file"]
    made = draw(scenario)
    assert made.state is not None
    state = scenario.solve(made.state)
    state["sent"][0]["attachments"] = ["film.mp4"]
    assert verdict(made, state).unmet == ("Les pièces jointes sont trop lourdes.",)


@pytest.mark.parametrize(
    ("why", "change", "said"),
    [
        (
            "no quotation marks",
            {"queries": ["nuit des lanternes bleues"]},
            "Il manque une recherche avec une expression exacte entre guillemets.",
        ),
        ("a page that no query gave", {"queries": ["girafe"]}, "Une page a été ouverte sans passer par une recherche."),
        ("wrong answer", {"answer": "22 h"}, "La réponse n'est pas celle de la page."),
        ("right page not opened", {"opened": []}, "Tu n'as pas ouvert la bonne page."),
    ],
)
def test_the_search_must_be_made(why: str, change: dict[str, Any], said: str) -> None:
    scenario = SCENARIOS["moteur phrase (1.1.2-N3)"]
    made = draw(scenario)
    assert made.state is not None
    result = verdict(made, scenario.solve(made.state) | change)
    assert said in result.unmet, why


def test_filler_pages_never_hold_the_answer() -> None:
    for seed in SEEDS:
        made = draw(SCENARIOS["moteur phrase (1.1.2-N3)"], seed)
        assert made.state is not None
        assert sum("21 h" in page["text"].replace("heures", "h") for page in made.state["pages"]) == 1


VECTORS = json.loads((Path(__file__).parent / "search_vectors.json").read_text())


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["why"])
def test_the_search_engine(case: dict[str, Any]) -> None:
    pages = [Page(**page) for page in VECTORS["pages"]]
    ads, results = search(pages, case["query"])
    urls = [page.url for page in pages]
    assert [urls.index(url) for url in ads] == case["ads"]
    assert [urls.index(url) for url in results] == case["results"]


@pytest.mark.parametrize(
    ("password", "ok"),
    [
        ("tortue violon cascade 7 mimosa", True),
        ("Tortue-Violon-Cascade-Mimosa", True),
        ("tortue tortue tortue tortue", False),
        ("inaya violon cascade mimosa", False),
        ("tortueviolon", False),
        ("azertyuiop", False),
        ("", False),
    ],
)
def test_a_pass_phrase(password: str, ok: bool) -> None:
    made = draw(SCENARIOS["mdp build (4.1.1-N3)"])
    assert verdict(made, {"password": password}).ok is ok


@pytest.mark.parametrize("mode", ["rate", "sort"])
def test_drawn_passwords_can_be_judged(mode: str) -> None:
    for seed in SEEDS:
        made = GABARITS["MDP"](random.Random(seed), {"mode": mode})
        assert made.state is not None
        texts = [entry["text"] for entry in made.state["passwords"]]
        assert len(texts) == len(set(texts)) >= 4
        first: dict[str, Any] = (
            {"ratings": {}} if mode == "rate" else {"order": [e["id"] for e in made.state["passwords"]]}
        )
        assert not verdict(made, first).ok


def test_text_that_changed_and_formats_that_had_to_stay() -> None:
    scenario = SCENARIOS["ttx (3.1.2)"]
    made = draw(scenario)
    assert made.state is not None
    state = json.loads(json.dumps(scenario.solve(made.state)))
    state["paragraphs"][1]["runs"][0]["italic"] = True
    assert verdict(made, state).unmet == ("« Prévois : » : l'italique n'aurait pas dû changer.",)
    state["paragraphs"][1]["runs"][0]["text"] = "Apporte :"
    assert verdict(made, state).unmet == ("Le texte lui-même a changé : il fallait seulement le mettre en forme.",)


@pytest.mark.parametrize(
    ("template", "params", "said"),
    [
        ("EXPLO", {"files": ["a.txt"], "goals": [{"moved": {"file": "b.txt", "to": ""}}]}, "b.txt"),
        ("EXPLO", {"files": ["a.txt", "a.txt"], "goals": [{"deleted": "a.txt"}]}, "same path"),
        ("EXPLO", {"files": [{"path": "a.txt", "date": "hier"}], "goals": [{"deleted": "a.txt"}]}, "date"),
        ("EXPLO", {"files": ["a.txt"], "goals": [{"fly": "a.txt"}]}, "one verb"),
        ("MAIL", {"goals": [{"sent": {"to": ["nobody"]}}]}, "nobody"),
        ("MOTEUR", {"pages": [{"url": "u", "title": "t", "text": "x"}], "goals": [{"opened": "v"}]}, "no page"),
        ("TTX", {"paragraphs": PARAGRAPHS, "goals": [{"words": "absent", "has": {"bold": True}}]}, "exactly once"),
        ("TTX", {"paragraphs": PARAGRAPHS, "goals": [{"paragraph": 1, "has": {"size": 13}}]}, "size"),
        ("PARAM", {"menus": [{"name": "m", "items": []}], "goals": [{"setting": "x", "is": True}]}, "no setting"),
        ("MSG", {"goals": [{"blocked": "Karim"}]}, "nobody is called"),
        ("ZONE", {"scene": "resultat", "answer": "lune"}, "among the zones"),
        ("ASSOC", {"pairs": [{"left": "a", "right": "b"}]}, "at least two"),
        ("RENDU", {"kind": "image"}, "kind"),
    ],
)
def test_authors_are_told_what_is_wrong(template: str, params: dict[str, Any], said: str) -> None:
    with pytest.raises(BadParams, match=said):
        GABARITS[template](random.Random(1), params)


def test_a_checker_for_the_page_only_refuses_a_file() -> None:
    for name in ("explo restore (1.2.1-N3)", "ttx (3.1.2)"):
        made = draw(SCENARIOS[name])
        assert made.check is not None
        assert not made.check(Returned("a.odt", b"PK")).ok


@pytest.mark.parametrize("word", ["Tu", "salut", "SALUT !"])
def test_a_word_that_does_not_suit_is_refused_alone_not_inside_another(word: str) -> None:
    scenario = SCENARIOS["mail search and tone (2.1.3-N3)"]
    made = GABARITS[scenario.template](random.Random(1), scenario.params)
    assert made.check is not None
    good = scenario.solve(made.state or {})
    good["sent"][0]["body"] = "Bonjour, la statue sera-t-elle au gala ?"
    assert made.check(good).ok
    good["sent"][0]["body"] = f"Bonjour, {word} viens au gala ?"
    verdict = made.check(good)
    assert not verdict.ok
    assert "Il reste dans le message un mot qui ne convient pas." in verdict.unmet
