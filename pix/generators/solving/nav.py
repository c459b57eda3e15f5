"""Solves NAV: goes to the pages, keeps, erases, fills and presses what the goals name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Wish:
    """One goal, read: what it names, in the order of the verb, and the value of a field."""

    verb: str
    on: tuple[str, ...] = ()
    value: Any = None


def first_state(state: Mapping[str, Any], controls: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What the component sends before any action."""
    return {
        "tabs": [{"trail": list(tab["trail"]), "at": tab["at"]} for tab in state["tabs"]],
        "active": state["active"],
        "history": [{key: entry[key] for key in ("id", "url", "when")} for entry in state["history"]],
        "bookmarks": [dict(entry) for entry in state["bookmarks"]],
        "folders": list(state["folders"]),
        "consent": {},
        "cookies": list(state["cookies"]),
        "passwords": list(state["passwords"]),
        "done": [],
        "fields": {i: control["value"] for i, control in controls.items() if control["kind"] != "button"},
        "answer": "",
    }


def solve(
    state: Mapping[str, Any], controls: Mapping[str, Mapping[str, Any]], wishes: Sequence[Wish]
) -> dict[str, Any]:
    """A final state; with goals that contradict each other, the nearest one."""
    now = first_state(state, controls)
    titles = {page["url"]: page["title"] for page in state["pages"]}

    def go(url: str) -> None:
        tab = now["tabs"][now["active"]]
        tab["trail"] = [*tab["trail"][: tab["at"] + 1], url]
        tab["at"] = len(tab["trail"]) - 1
        last = sum(entry["id"].startswith("n") for entry in now["history"])
        now["history"].insert(0, {"id": f"n{last + 1}", "url": url, "when": "à l'instant"})

    # What is shown last comes last; what erases comes after the visits.
    rank = {"visited": 0, "erased": 2, "forgotten": 2, "tabs": 3, "current": 4, "back_to": 4}
    for wish in sorted(wishes, key=lambda one: rank.get(one.verb, 1)):
        if wish.verb == "visited" or (wish.verb == "current" and not _open(now, wish.on)):
            go(wish.on[0])
        elif wish.verb == "back_to":
            _back(now, wish.on[0], state["home"])
        elif wish.verb == "tabs":
            now["tabs"] = [
                next((tab for tab in now["tabs"] if tab["trail"][tab["at"]] == url), {"trail": [url], "at": 0})
                for url in wish.on
            ]
            now["active"] = 0
        elif wish.verb == "bookmark":
            url, folder, name = wish.on
            now["bookmarks"] = [b for b in now["bookmarks"] if b["url"] != url]
            now["bookmarks"].append({"url": url, "folder": folder, "name": name or titles.get(url, url)})
        elif wish.verb == "no_bookmark":
            now["bookmarks"] = [b for b in now["bookmarks"] if b["url"] not in wish.on]
        elif wish.verb == "erased":
            now |= {name: [] for name in wish.on}
        elif wish.verb == "forgotten":
            _forget(now, wish.on[0], wish.on[1:])
        elif wish.verb == "consent":
            now["consent"][wish.on[0]] = list(wish.on[1:])
        elif wish.verb == "done":
            now["done"] += [i for i in wish.on if i not in now["done"]]
        elif wish.verb == "field":
            now["fields"][wish.on[0]] = wish.value
        elif wish.verb == "answer":
            now["answer"] = wish.on[0]
    return now


def _open(now: dict[str, Any], urls: Sequence[str]) -> bool:
    """Shows the tab that already has one of these pages."""
    for rank, tab in enumerate(now["tabs"]):
        if tab["trail"][tab["at"]] in urls:
            now["active"] = rank
            return True
    return False


def _back(now: dict[str, Any], url: str, home: str) -> None:
    tab = now["tabs"][now["active"]]
    if url not in tab["trail"][:-1]:
        tab["trail"] = [*tab["trail"], url, home]
    tab["at"] = max(rank for rank, one in enumerate(tab["trail"][:-1]) if one == url)


def _forget(now: dict[str, Any], store: str, what: Sequence[str]) -> None:
    if store == "history":
        now[store] = [entry for entry in now[store] if entry["url"] not in what]
    else:
        now[store] = [one for one in now[store] if one not in what]
