"""Solves TAB: writes what each goal asks in the sheet, with the tools that are given."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pix.core.texts import search_key
from pix.generators import sheet

State = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wish:
    """What one goal wants done: with which tool, and how."""

    tool: str | None
    """``type|fill``: one of them."""
    do: Callable[[State], None]


def typing(contents: Mapping[str, str], editable: frozenset[str] | None) -> Wish | None:
    """Contents written in cells; ``None`` when one of them is locked."""
    if editable is not None and not set(contents) <= editable:
        return None
    return Wish("type|fill" if len(contents) > 1 else "type", lambda state: state["cells"].update(contents))


def formatting(names: Sequence[str], chosen: str) -> Wish:
    return Wish("format", lambda state: state["formats"].update(dict.fromkeys(names, chosen)))


def widening(column: str, wide_enough: Callable[[State], bool]) -> Wish:
    def do(state: State) -> None:
        while not wide_enough(state):
            state["widths"][column] += 1

    return Wish("width", do)


def sorting(names: Sequence[str], by: str, down: bool) -> Wish:
    def do(state: State) -> None:
        rows = sorted({sheet.place(at)[1] for at in names})
        columns = sorted({sheet.place(at)[0] for at in names})
        now = sheet.Sheet(state["cells"])
        ranked = sorted(rows, key=lambda row: order_key(now.value(f"{by}{row}")), reverse=down)
        before = dict(state["cells"])
        for to, row in zip(rows, ranked, strict=True):
            for column in columns:
                raw = before.get(sheet.name(column, row), "")
                state["cells"][sheet.name(column, to)] = sheet.shifted(raw, 0, to - row)

    return Wish("sort", do)


def order_key(value: sheet.Value) -> tuple[int, float, str]:
    """Numbers, then texts, then empty cells: the order of a sort."""
    if value is None:
        return 3, 0.0, ""
    if isinstance(value, (bool, sheet.Fault)):
        return 2, 0.0, sheet.shown(value)
    return (1, 0.0, search_key(value)) if isinstance(value, str) else (0, value, "")


def solve(first: State, wishes: Sequence[Wish | None], tools: Sequence[str]) -> State | None:
    state: State = {
        "cells": dict(first["cells"]), "formats": dict(first["formats"]), "widths": dict(first["widths"]),
        "filter": None, "chosen": None, "answer": "",
    }  # fmt: skip
    for wish in wishes:
        if wish is None or (wish.tool and not set(wish.tool.split("|")) & set(tools)):
            return None
        wish.do(state)
    state["cells"] = {at: raw for at, raw in state["cells"].items() if raw}
    return state
