"""Sorting of messages and texts with gaps: right over a thousand draws, near misses refused, bad parameters named."""

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pix.generators.contract import BadParams, Draw
from pix.generators.registry import GABARITS
from tests.generators.scenarios import SCENARIOS, TRUE_DOMAINS

SEEDS = range(1000)
QR = {
    "messages": [
        {"trap": True, "name": "Parking", "body": "Paie ici", "channel": "affiche", "link": {"text": "QR code", "url": "https://parc-brumeville.test"}, "clues": ["link"]},
        {"name": "Parking", "subject": "Tarifs", "body": "Gratuit le dimanche", "channel": "affiche"},
    ],
    "known": [{"name": "Mairie", "domain": "www.brumeville.test"}],
    "offered": ["link", "gain", "urgency"],
    "clues": "all",
    "no_click": True,
}  # fmt: skip


def drawn(template: str, params: dict[str, Any], seed: int = 1) -> Draw:
    return GABARITS[template](random.Random(seed), params)


def ok(made: Draw, value: Any) -> bool:
    assert made.check is not None
    verdict = made.check(json.loads(json.dumps(value)))
    assert verdict.ok or verdict.unmet
    return verdict.ok


def near_misses(made: Draw) -> Iterator[tuple[str, Any]]:
    """The example with one thing wrong, each in turn."""
    good = made.example
    state = made.state or {}
    for name, verdict in good["sorted"].items():
        yield "turned", good | {"sorted": good["sorted"] | {name: "keep" if verdict == "report" else "report"}}
        yield "left", good | {"sorted": {k: v for k, v in good["sorted"].items() if k != name}}
    for name, ticked in good["clues"].items():
        wrong = [entry["id"] for entry in state["clues"] if entry["id"] not in ticked]
        for clue in wrong:
            yield "one too many", good | {"clues": good["clues"] | {name: [*ticked, clue]}}
        yield "one alone", good | {"clues": good["clues"] | {name: ticked[:1]}}
        yield "none", good | {"clues": good["clues"] | {name: []}}


@pytest.mark.parametrize("level", [1, 2, 3])
def test_a_thousand_boxes_have_one_right_sorting(level: int) -> None:
    params = {"traps": 2, "genuine": 2, "level": level, "clues": 2}
    patterns: Counter[str] = Counter()
    addresses: set[str] = set()
    for seed in SEEDS:
        made = drawn("PHISH", params, seed)
        assert made.state == drawn("PHISH", params, seed).state
        assert ok(made, made.example)
        patterns["".join(made.example["sorted"][key][0] for key in sorted(made.example["sorted"]))] += 1
        for mail in (made.state or {})["messages"]:
            sender = mail["address"].split("@")[1]
            site = mail["link_url"].removeprefix("https://").split("/")[0].removeprefix("www.")
            false = sender not in TRUE_DOMAINS or (site and site not in TRUE_DOMAINS)
            assert bool(false) == (made.example["sorted"][mail["id"]] == "report"), mail
            addresses.add(mail["address"])
        for why, value in near_misses(made):
            assert not ok(made, value), (seed, why, value)
    assert len(patterns) == 6  # every place of two among four
    assert max(patterns.values()) < 0.25 * len(SEEDS)
    assert len(addresses) > 40


def test_a_click_on_a_trap_is_seen_and_a_click_on_a_true_link_is_free() -> None:
    made = drawn("PHISH", QR)
    traps = [name for name, verdict in made.example["sorted"].items() if verdict == "report"]
    assert ok(made, made.example)
    assert not ok(made, made.example | {"opened": traps})
    assert ok(made, made.example | {"opened": [name for name in made.example["sorted"] if name not in traps]})
    assert ok(drawn("PHISH", QR | {"no_click": False}), drawn("PHISH", QR).example | {"opened": traps})


@pytest.mark.parametrize(
    ("params", "named"),
    [
        ({"traps": 12}, "traps"),
        ({"level": 4}, "level"),
        ({"themes": ["lune"]}, "themes"),
        ({"clues": 2, "offered": ["attachment"]}, "clues"),
        ({"messages": []}, "messages"),
        ({"clues": 1, "messages": [{"name": "x", "body": "y", "trap": True}]}, "clues"),
        ({"messages": [{"name": "x", "body": "y", "clues": ["gain"]}]}, "clues"),
        ({"messages": [{"name": "x", "body": "y", "trap": True, "clues": ["couleur"]}]}, "clues"),
        ({"messages": [{"name": "x", "body": "y"}, {"name": "x", "body": "y"}]}, "messages"),
    ],
)
def test_parameters_of_a_box_that_cannot_work(params: dict[str, Any], named: str) -> None:
    with pytest.raises(BadParams, match=named):
        drawn("PHISH", params)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda good: good | {"sorted": good["sorted"] | {"m99": "keep"}},
        lambda good: good | {"sorted": dict.fromkeys(good["sorted"], "jeter")},
        lambda good: good | {"clues": {"m1": ["k99"]}},
        lambda good: good | {"clues": {"m1": "k1"}},
        lambda good: good | {"opened": ["m99"]},
        lambda good: good | {"opened": "m1"},
        lambda good: good | {"opened": ["m1"] * 500},
    ],
)
def test_a_box_that_the_page_could_not_send(spoil: Callable[[Any], Any]) -> None:
    made = drawn("PHISH", {"clues": 2})
    assert not ok(made, spoil(made.example))


def test_a_thousand_texts_with_gaps() -> None:
    params = dict(SCENARIOS["trous (4.3.4-N1)"].params)
    orders = set()
    for seed in SEEDS:
        made = drawn("TROUS", params, seed)
        assert made.state == drawn("TROUS", params, seed).state
        assert ok(made, made.example)
        orders.add((tuple((made.state or {})["bank"]), tuple((made.state or {})["gaps"][2]["options"])))
        for gap in made.example["gaps"]:
            for word in ("", " ", "personne" if gap == "t1" else "payant" if gap == "t3" else "3019"):
                assert not ok(made, {"gaps": made.example["gaps"] | {gap: word}}), (seed, gap, word)
    assert len(orders) == 4


@pytest.mark.parametrize(
    ("given", "right"),
    [("Ctrl + C", True), ("ctrl+c", True), ("CTRL C", True), ("ctrl", False), ("ctrl + v", False), ("cc", False)],
)
def test_what_a_field_forgives(given: str, right: bool) -> None:
    params = {"text": "Pour copier : [[c]]", "gaps": {"c": {"accept": ["Ctrl + C", "Ctrl C", "Ctrl+C"]}}}
    assert ok(drawn("TROUS", params), {"gaps": {"t1": given}}) is right


@pytest.mark.parametrize(
    ("params", "named"),
    [
        ({"text": "sans trou", "gaps": {}}, "gaps"),
        ({"text": "[[a]] [[b]]", "gaps": {"a": "x"}}, "gaps"),
        ({"text": "[[a]] [[a]]", "gaps": {"a": "x"}}, "gaps"),
        ({"text": "[[a]]", "gaps": {"a": "x"}}, "two words"),
        ({"text": "[[a]]", "gaps": {"a": {"options": ["x", "y"], "is": "z"}}}, "options"),
        ({"text": "[[a]]", "gaps": {"a": {"options": ["x", "y"], "is": ["x", "y"]}}}, "options"),
        ({"text": "[[a]]", "gaps": {"a": {"accept": ["!", " "]}}}, "accept"),
        ({"text": "[[a]]", "gaps": {"a": {"accept": ["x"]}}, "decoys": ["y"]}, "decoys"),
    ],
)
def test_parameters_of_a_text_that_cannot_work(params: dict[str, Any], named: str) -> None:
    with pytest.raises(BadParams, match=named):
        drawn("TROUS", params)


@pytest.mark.parametrize("value", [{"gaps": {"t9": "x"}}, {"gaps": {"t1": "inconnu"}}, {"gaps": {"t2": "x" * 400}}])
def test_a_text_that_the_page_could_not_send(value: Any) -> None:
    made = drawn("TROUS", dict(SCENARIOS["trous (4.3.4-N1)"].params))
    assert not ok(made, value)
