"""PARAM: a panel of settings, menus and sub-menus: find the right ones and leave the others alone."""

import random
from collections.abc import Callable, Mapping
from typing import Any

from pix.generators import states
from pix.generators.contract import Draw
from pix.generators.params import Reader, goals
from pix.generators.states import Malformed

KINDS = ("switch", "radio", "select")


def _menu(reader: Reader, items: dict[str, dict[str, Any]], depth: int) -> dict[str, Any]:
    menu: dict[str, Any] = {"name": reader.text("name"), "items": [], "menus": []}
    for entry in reader.subs("items"):
        item: dict[str, Any] = {
            "id": entry.text("id"),
            "label": entry.text("label"),
            "kind": entry.choice("kind", KINDS, "switch"),
            "help": entry.text("help", ""),
        }
        if item["kind"] == "switch":
            item["value"] = entry.boolean("value")
        else:
            item["options"] = entry.texts("options", None)
            item["value"] = entry.choice("value", item["options"])
        entry.done()
        if item["id"] in items:
            raise entry.fail("id", f"{item['id']!r} appears twice")
        items[item["id"]] = item
        menu["items"].append(item)
    if reader.has("menus"):
        if depth == 2:
            raise reader.fail("menus", "two levels at most")
        menu["menus"] = [_menu(sub, items, depth + 1) for sub in reader.subs("menus")]
    reader.done()
    return menu


def _accepted(reader: Reader, key: str, item: Mapping[str, Any]) -> list[Any]:
    raw = reader.required(key)
    values = raw if isinstance(raw, list) else [raw]
    if item["kind"] == "switch":
        return [reader.as_boolean(value, key) for value in values]
    texts = [reader.as_text(value, key) for value in values]
    for text in texts:
        if text not in item["options"]:
            raise reader.fail(key, f"{text!r} is not an option of {item['id']}")
    return texts


def _outside(refused: list[Any]) -> Callable[[Any], bool]:
    return lambda value: value not in refused


def make(rng: random.Random, params: Mapping[str, Any]) -> Draw:
    """Goals and their meaning: docs/gabarits.md, PARAM."""
    reader = Reader(params, "PARAM", rng)
    title, shuffled = reader.text("title", "Réglages"), reader.boolean("shuffled")
    strict = reader.boolean("unchanged_elsewhere", True)
    items: dict[str, dict[str, Any]] = {}
    menus = [_menu(menu, items, 1) for menu in reader.subs("menus", None)]
    if shuffled:
        rng.shuffle(menus)
    wanted: list[tuple[str, Callable[[Any], bool], str]] = []
    for _, goal in goals(reader, ("setting",)):
        name = goal.text("setting")
        if name not in items:
            raise goal.fail("setting", f"no setting {name!r}")
        say = goal.text("say", f"« {items[name]['label']} » n'est pas bien réglé.")
        if goal.has("is_not"):
            wanted.append((name, _outside(_accepted(goal, "is_not", items[name])), say))
        else:
            wanted.append((name, _accepted(goal, "is", items[name]).__contains__, say))
        goal.done()
    reader.done()
    named = {name for name, _, _ in wanted}

    @states.judged
    def check(value: Any) -> list[str]:
        values = states.mapping(states.mapping(value).get("values"), "Les réglages")
        if set(values) != set(items):
            raise Malformed("Les réglages reçus sont incomplets.")
        for name, item in items.items():
            given = values[name]
            known = (
                isinstance(given, bool)
                if item["kind"] == "switch"
                else isinstance(given, str) and given in item["options"]
            )
            if not known:
                raise Malformed(f"« {item['label']} » a une valeur inconnue.")
        unmet = [say for name, met, say in wanted if not met(values[name])]
        if strict:
            unmet += [
                f"« {i['label']} » n'aurait pas dû changer."
                for n, i in items.items()
                if n not in named and values[n] != i["value"]
            ]
        return unmet

    solved: dict[str, Any] = {}
    for name, item in items.items():
        # The first value comes first: what no goal names stays as it is.
        values = [item["value"], *([True, False] if item["kind"] == "switch" else item["options"])]
        tests = [met for goal_name, met, _ in wanted if goal_name == name]
        solved[name] = next((value for value in values if all(met(value) for met in tests)), item["value"])
    state = {"gabarit": "PARAM", "title": title, "menus": menus}
    return Draw(state=state, check=check, solve=lambda: {"values": solved})
