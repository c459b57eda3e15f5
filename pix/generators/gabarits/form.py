"""FORM: a form to fill in, and the fields that ask too much to point at (dialogs of programs, sign-ups, procedures)."""

import random
import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from pix.core.texts import search_key, squeeze
from pix.generators import states
from pix.generators.contract import Draw
from pix.generators.params import Reader, goals
from pix.generators.solving.pattern import matching
from pix.generators.states import Malformed

KINDS = ("text", "date", "number", "select", "radio", "checkbox")
MAX_ENTRY = 300
Values = dict[str, Any]
Test = Callable[[Any], bool]


def _fields(reader: Reader) -> dict[str, dict[str, Any]]:
    fields: dict[str, dict[str, Any]] = {}
    for entry in reader.subs("fields", None):
        kind = entry.choice("kind", KINDS, "text")
        item: dict[str, Any] = {
            "id": entry.text("id"), "label": entry.text("label"), "kind": kind, "help": entry.text("help", ""), "required": entry.boolean("required"),
        }  # fmt: skip
        if kind == "checkbox":
            item["value"] = entry.boolean("value")
        elif kind in ("select", "radio"):
            item["options"] = entry.texts("options", None)
            item["value"] = entry.choice("value", ["", *item["options"]], "")
        else:
            item["value"] = entry.text("value", "")
        if kind == "date" and item["value"] and _day(item["value"]) is None:
            raise entry.fail("value", "a date such as 2026-03-12 is expected")
        entry.done()
        if item["id"] in fields:
            raise entry.fail("id", f"{item['id']!r} appears twice")
        fields[item["id"]] = item
    return fields


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _key(value: Any) -> str:
    return squeeze(search_key(str(value)))


def _goal(goal: Reader, item: Mapping[str, Any]) -> tuple[Test, Any]:
    """How the value of a field is judged, and one value that passes."""
    kind = item["kind"]
    if goal.has("is") or goal.has("is_not"):
        key = "is" if goal.has("is") else "is_not"
        raw = goal.required(key)
        listed = raw if isinstance(raw, list) else [raw]
        if kind == "checkbox":
            booleans = [goal.as_boolean(value, key) for value in listed]
            return (lambda value: (value in booleans) == (key == "is")), booleans[0] == (key == "is")
        texts = [goal.as_text(value, key) for value in listed]
        for text in texts:
            if kind in ("select", "radio") and text not in ("", *item["options"]):
                raise goal.fail(key, f"{text!r} is not an option of {item['id']}")
        keys = [_key(text) for text in texts]
        if key == "is":
            return (lambda value: _key(value) in keys), texts[0]
        others = [option for option in item.get("options", ()) if _key(option) not in keys]
        return (lambda value: bool(value) and _key(value) not in keys), (others[0] if others else "autre réponse")
    if goal.has("like"):
        try:
            pattern = re.compile(goal.text("like"), re.IGNORECASE)
        except re.error as problem:
            raise goal.fail("like", f"not a regular expression: {problem}") from problem
        return (lambda value: pattern.fullmatch(squeeze(value)) is not None), next(matching(pattern), "")
    if goal.has("filled"):
        wanted = goal.boolean("filled")
        sample = {"date": "2026-05-04", "number": "12"}.get(kind, (item.get("options") or ["réponse"])[0])
        return (lambda value: bool(squeeze(value)) == wanted), (sample if wanted else "")
    if goal.has("between"):
        bounds = goal.texts("between", None)
        if len(bounds) != 2:
            raise goal.fail("between", "two bounds are expected")
        if kind == "date":
            first, last = (_day(bound) for bound in bounds)
            if first is None or last is None:
                raise goal.fail("between", "two dates such as 2026-03-12 are expected")
            middle = first + timedelta(days=(last - first).days // 2)
            return (lambda value: (found := _day(value)) is not None and first <= found <= last), middle.isoformat()
        low, high = (_number(bound) for bound in bounds)
        if low is None or high is None:
            raise goal.fail("between", "two numbers are expected")
        return (lambda value: (found := _number(value)) is not None and low <= found <= high), bounds[0]
    raise goal.fail("field", "is, is_not, like, filled or between is expected")


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", ".").replace(" ", "")) if len(text) < 20 else None
    except ValueError:
        return None


def make(rng: random.Random, params: Mapping[str, Any]) -> Draw:
    """Goals and their meaning: docs/gabarits.md, FORM."""
    reader = Reader(params, "FORM", rng)
    title, intro, submit = reader.text("title"), reader.text("intro", ""), reader.text("submit", "")
    strict = reader.boolean("unchanged_elsewhere", True)
    fields = _fields(reader)
    wanted: list[tuple[str, Test, str]] = []
    example: Values = {name: item["value"] for name, item in fields.items()}
    flagged: frozenset[str] | None = None
    flag_say = "Les champs marqués « de trop » ne sont pas les bons."
    for verb, goal in goals(reader, ("field", "flagged")):
        if verb == "flagged":
            flagged = frozenset(goal.texts("flagged", None))
            if flagged - set(fields):
                raise goal.fail("flagged", f"no field {sorted(flagged - set(fields))[0]!r}")
            flag_say = goal.text("say", flag_say)
        else:
            name = goal.text("field")
            if name not in fields:
                raise goal.fail("field", f"no field {name!r}")
            say = goal.text("say", f"« {fields[name]['label']} » n'est pas rempli comme il faut.")
            test, sample = _goal(goal, fields[name])
            wanted.append((name, test, say))
            example[name] = sample
        goal.done()
    reader.done()
    named = {name for name, _, _ in wanted}
    fills = bool(named)

    @states.judged
    def check(value: Any) -> list[str]:
        values, marked, sent = _read(value, fields)
        unmet = [say for name, test, say in wanted if not test(values[name])]
        for name, item in fields.items():
            if name in named:
                continue
            if item["required"] and fills and not values[name]:
                unmet.append(f"« {item['label']} » est obligatoire.")
            elif strict and fills and not item["required"] and item["value"] != "" and values[name] != item["value"]:
                unmet.append(f"« {item['label']} » n'aurait pas dû changer.")
        if flagged is not None and marked != flagged:
            unmet.append(flag_say)
        if submit and not sent:
            unmet.append(f"Le bouton « {submit} » n'a pas été utilisé.")
        return unmet

    def solve() -> Any:
        for name, item in fields.items():
            if item["required"] and fills and name not in named and not item["value"]:
                example[name] = {"date": "2026-05-04", "number": "12", "checkbox": True}.get(
                    item["kind"], (item.get("options") or ["réponse"])[0]
                )
        return {"values": example, "flagged": sorted(flagged or ()), "sent": bool(submit)}

    state = {
        "gabarit": "FORM", "title": title, "intro": intro, "fields": list(fields.values()), "submit": submit, "mark": flagged is not None,
        "fill": fills or flagged is None,
    }  # fmt: skip
    return Draw(state=state, check=check, solve=solve)


def _read(value: Any, fields: Mapping[str, Mapping[str, Any]]) -> tuple[Values, set[str], bool]:
    state = states.mapping(value)
    values = states.mapping(state.get("values"), "Les champs")
    if set(values) != set(fields):
        raise Malformed("Le formulaire reçu est incomplet.")
    for name, item in fields.items():
        given = values[name]
        if item["kind"] == "checkbox":
            states.boolean(given, "Les champs")
            continue
        text = states.text(given, "Les champs", MAX_ENTRY)
        if item["kind"] in ("select", "radio") and text not in ("", *item["options"]):
            raise Malformed("Un choix du formulaire n'existe pas.")
    marked = set(states.texts(state.get("flagged"), "Les champs marqués", len(fields)))
    if marked - set(fields):
        raise Malformed("Un champ marqué n'existe pas.")
    return values, marked, states.boolean(state.get("sent"), "L'envoi")
