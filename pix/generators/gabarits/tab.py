"""TAB: a small spreadsheet: typing, number formats, widths, formulas, copies and series, sorting, filtering (1.3.1 to 1.3.4)."""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pix.core.texts import search_key, squeeze
from pix.generators import sheet, states
from pix.generators.contract import Draw
from pix.generators.params import Reader, goals
from pix.generators.solving import tab as solving
from pix.generators.states import Malformed

TOOLS = ("type", "format", "width", "fill", "sort", "filter")
VERBS = ("cell", "formula", "series", "format", "width", "sorted", "filtered", "chosen", "answer")
WIDTH, WIDEST = 11, 40
TRIALS = 4
_COLUMN = re.compile(r"[A-L]")
State = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Goal:
    say: str
    met: Callable[[State], bool]
    wish: solving.Wish | None
    touches: frozenset[str] = frozenset()
    reformats: frozenset[str] = frozenset()
    sorts: bool = False
    looks: bool = False
    """Only looks at the sheet: what is tried in free cells is nobody's business."""


@dataclass(frozen=True, slots=True)
class Task:
    """The sheet of the beginning and what is asked of it; shared with RENDU."""

    state: State
    goals: list[Goal]
    strict: bool
    data: tuple[str, ...]
    values: Mapping[str, str]

    def example(self) -> State | None:
        return solving.solve(self.state, [goal.wish for goal in self.goals], self.state["tools"])

    def judge(self, now: State) -> list[str]:
        unmet = [goal.say for goal in self.goals if not goal.met(now)]
        return unmet + (list(self._damage(now)) if self.strict else [])

    def _damage(self, now: State) -> Sequence[str]:
        first, cells = self.state["cells"], now["cells"]
        touched = frozenset().union(*(goal.touches for goal in self.goals))
        moved = frozenset(self.data) if any(goal.sorts for goal in self.goals) else frozenset()
        found = [
            f"La cellule {at} n'aurait pas dû changer."
            for at in sorted({*first, *cells})
            if at not in touched and at not in moved and not _alike(first.get(at, ""), cells.get(at, ""))
        ]
        if moved and _rows(first, self.data) != _rows(cells, self.data):
            found.append("Des lignes ont été mélangées ou changées.")
        reformatted = frozenset().union(*(goal.reformats for goal in self.goals))
        if reformatted:
            kept = [at for at in first if at not in touched | reformatted | moved]
            before, after = self.state["formats"], now["formats"]
            found += [
                f"Le format de la cellule {at} n'aurait pas dû changer."
                for at in kept
                if sheet.format_of(first[at], before.get(at)) != sheet.format_of(cells.get(at, ""), after.get(at))
            ]
        return found


def _alike(one: str, other: str) -> bool:
    """The same content, however it is written: 0,12 and 12 %, `=sum(B2:B4)` and `=SOMME(B2:B4)`."""
    one, other = one.strip(), other.strip()
    if one.startswith("=") or other.startswith("="):
        return _canonical(one) == _canonical(other)
    return sheet.same(sheet.typed(one)[0], sheet.typed(other)[0])


def _canonical(raw: str) -> str:
    """One writing for equal contents."""
    if not raw.startswith("="):
        value = sheet.typed(raw)[0]
        return sheet.plain(round(value, 8)) if isinstance(value, float) else squeeze(raw)
    words = re.split(r'("(?:[^"]|"")*")', raw)
    for rank in range(0, len(words), 2):
        part = re.sub(r"\s+", "", words[rank]).upper()
        words[rank] = re.sub(r"[A-ZÀ-Ÿ][A-ZÀ-Ÿ.]*(?=\()", lambda match: sheet.ENGLISH.get(match[0], match[0]), part)
    return "".join(words)


def _rows(cells: sheet.Cells, data: Sequence[str]) -> list[tuple[str, ...]]:
    """Rows of the data, in any order; formulas as they would be on the first row."""
    rows = sorted({sheet.place(at)[1] for at in data})
    columns = sorted({sheet.place(at)[0] for at in data})
    return sorted(
        tuple(_canonical(sheet.shifted(cells.get(sheet.name(c, row), "").strip(), 0, rows[0] - row)) for c in columns)
        for row in rows
    )


# --- the author's sheet


def _drawn(reader: Reader, value: Any, taken: set[str], where: str) -> str:
    """What stands in a cell; ``{between: [3, 18], decimals: 0}`` is drawn, each number once in the sheet when there is room."""
    if isinstance(value, Mapping) and "between" in value:
        detail = Reader(value, f"{reader.where}.{where}", reader.rng)
        bounds = detail.entries("between", None)
        if len(bounds) != 2 or not all(isinstance(bound, int | float) for bound in bounds):
            raise detail.fail("between", "two numbers are expected")
        decimals = detail.whole("decimals", 0, 0, 2)
        detail.done()
        scale = 10**decimals
        for _ in range(60):
            drawn = reader.rng.randint(round(bounds[0] * scale), round(bounds[1] * scale)) / scale
            text = sheet.plain(drawn)
            if text not in taken:
                break
        taken.add(text)
        return text
    if value is None:
        return ""
    text = reader.as_text(value, where)
    return sheet.plain(float(text)) if isinstance(value, float) else text


def _read_sheet(reader: Reader) -> State:
    cells: dict[str, str] = {}
    taken: set[str] = set()
    rows = reader.entries("rows", None)
    wide = 1
    for row_rank, row in enumerate(rows, 1):
        if not isinstance(row, list):
            raise reader.fail("rows", "each row is a list of cells")
        wide = max(wide, len(row))
        for column, value in enumerate(row):
            text = _drawn(reader, value, taken, f"rows[{row_rank - 1}]")
            if column >= sheet.MAX_COLUMNS or row_rank > sheet.MAX_ROWS or len(text) > sheet.MAX_RAW:
                raise reader.fail("rows", "at most 12 columns, 60 rows, 200 signs in a cell")
            if text:
                cells[sheet.name(column, row_rank)] = text
    columns = reader.whole("columns", wide, wide, sheet.MAX_COLUMNS)
    lines = reader.whole("lines", len(rows), len(rows), sheet.MAX_ROWS)
    formats: dict[str, str] = {}
    for key, value in _mapping(reader, "formats").items():
        if value not in sheet.FORMATS:
            raise reader.fail("formats", f"{value!r} is not one of {', '.join(sheet.FORMATS)}")
        formats |= dict.fromkeys(_span(reader, "formats", key), str(value))
    widths = {chr(65 + column): WIDTH for column in range(columns)}
    for key, value in _mapping(reader, "widths").items():
        if key not in widths or not isinstance(value, int) or not 2 <= value <= WIDEST:
            raise reader.fail("widths", f"a column of the sheet and a width of 2 to {WIDEST} are expected")
        widths[key] = value
    return {"cells": cells, "formats": formats, "widths": widths, "columns": columns, "lines": lines}


def _mapping(reader: Reader, key: str) -> dict[str, Any]:
    value = reader.raw(key, {})
    if not isinstance(value, Mapping):
        raise reader.fail(key, "a mapping is expected")
    return {str(k): v for k, v in value.items()}


def _span(reader: Reader, key: str, text: str) -> list[str]:
    try:
        return sheet.span(text)
    except Malformed:
        raise reader.fail(key, f"{text!r} is not a cell or a range such as B2:B8") from None


def read_task(reader: Reader, title_key: str = "title", verbs: Sequence[str] = VERBS) -> Task:
    title = reader.text(title_key, "Feuille 1")
    state = _read_sheet(reader)
    header = reader.boolean("header", True)
    last = sheet.name(state["columns"] - 1, max((sheet.place(at)[1] for at in state["cells"]), default=1))
    data = reader.text("data", f"A{2 if header else 1}:{last}")
    names = tuple(_span(reader, "data", data))
    editable: frozenset[str] | None = None
    if reader.has("editable"):
        editable = frozenset(at for text in reader.texts("editable") for at in _span(reader, "editable", text))
    tools = reader.subset("tools", TOOLS)
    label = reader.text("answer_label", "")
    strict_asked = reader.boolean("unchanged_elsewhere", True)
    compiled: list[Goal] = []
    values: dict[str, str] = {}
    asked: set[str] = set()
    for verb, goal in goals(reader, verbs):
        compiled.append(_Compiler(goal, state, names, editable, values).of(verb))
        goal.done()
        asked.add(verb)
    state |= {
        "gabarit": "TAB", "title": title, "data": data, "tools": tools,
        "editable": None if editable is None else sorted(editable, key=lambda at: sheet.place(at)[::-1]),
        "choose": "chosen" in asked, "answer_label": label or ("Ta réponse" if "answer" in asked else ""),
    }  # fmt: skip
    strict = strict_asked and not all(goal.looks for goal in compiled)
    return Task(state, compiled, strict, names, values)


class _Compiler:
    def __init__(
        self,
        reader: Reader,
        first: State,
        data: tuple[str, ...],
        editable: frozenset[str] | None,
        values: dict[str, str],
    ) -> None:
        self.reader, self.first, self.data, self.editable, self.values = reader, first, data, editable, values

    def of(self, verb: str) -> Goal:
        goal: Goal = getattr(self, f"_{verb}")(verb)
        return Goal(
            self.reader.text("say", goal.say), goal.met, goal.wish, goal.touches, goal.reformats, goal.sorts, goal.looks
        )

    def _at(self, detail: Reader) -> list[str]:
        return _span(detail, "at", detail.text("at"))

    def _column(self, detail: Reader, key: str) -> str:
        column = detail.text(key)
        if not _COLUMN.fullmatch(column) or column not in self.first["widths"]:
            raise detail.fail(key, f"{column!r} is not a column of the sheet")
        return column

    def _constants(self, detail: Reader, names: list[str], listed: list[list[str]]) -> Goal:
        """Each cell of ``names`` holds one of its accepted writings."""
        accepted = [[sheet.typed(text)[0] for text in texts] for texts in listed]

        def met(now: State) -> bool:
            values = sheet.Sheet(now["cells"])
            return all(
                any(sheet.same(wanted, values.value(at)) for wanted in few)
                for at, few in zip(names, accepted, strict=True)
            )

        where = names[0] if len(names) == 1 else f"{names[0]}:{names[-1]}"
        written = {at: texts[0] for at, texts in zip(names, listed, strict=True)}
        wish = solving.typing(written, self.editable)
        detail.done()
        one = len(names) == 1
        say = f"{'La cellule' if one else 'La plage'} {where} ne contient pas ce qui est demandé."
        return Goal(say, met, wish, frozenset(names))

    def _cell(self, verb: str) -> Goal:
        detail = self.reader.sub(verb)
        names = self._at(detail)
        texts = [self._text(value, detail) for value in _listed(detail.required("is"))]
        return self._constants(detail, names, [texts] * len(names))

    def _series(self, verb: str) -> Goal:
        detail = self.reader.sub(verb)
        names = self._at(detail)
        texts = [[self._text(value, detail)] for value in detail.entries("are", None)]
        if len(texts) != len(names):
            raise detail.fail("are", f"{len(names)} contents are expected")
        return self._constants(detail, names, texts)

    @staticmethod
    def _text(value: Any, detail: Reader) -> str:
        return sheet.plain(value) if isinstance(value, float) else detail.as_text(value, "is")

    def _formula(self, verb: str) -> Goal:
        detail = self.reader.sub(verb)
        names, like = self._at(detail), detail.text("like")
        uses = {function.upper() for function in detail.texts("uses")}
        for function in uses | sheet.functions(like):
            if function not in sheet.FUNCTIONS:
                raise detail.fail("uses" if function in uses else "like", f"{function!r} is not a known function")
        if not like.startswith("="):
            raise detail.fail("like", "a formula such as =SOMME(B2:B8) is expected")
        if isinstance(sheet.Sheet(self.first["cells"]).formula(like), sheet.Fault):
            raise detail.fail("like", f"{like} cannot be computed at the beginning")
        detail.done()
        column, row = sheet.place(names[0])
        wanted = {at: sheet.shifted(like, sheet.place(at)[0] - column, sheet.place(at)[1] - row) for at in names}
        trials = _trials(self.first["cells"], wanted)

        def met(now: State) -> bool:
            cells: dict[str, str] = now["cells"]
            for at in names:
                raw = cells.get(at, "").strip()
                if not raw.startswith("=") or not uses <= sheet.functions(raw) or not sheet.references(raw):
                    return False
            for change in ({}, *trials):
                values = sheet.Sheet(cells | {at: raw for at, raw in change.items() if at in cells})
                if not all(sheet.same(values.formula(wanted[at]), values.value(at)) for at in names):
                    return False
            return True

        one = len(names) == 1
        where = names[0] if one else f"{names[0]}:{names[-1]}"
        say = f"{'La cellule' if one else 'La plage'} {where} n'a pas {'la formule attendue' if one else 'les formules attendues'}."
        return Goal(say, met, solving.typing(wanted, self.editable), frozenset(names))

    def _format(self, verb: str) -> Goal:
        detail = self.reader.sub(verb)
        names, accepted = self._at(detail), detail.texts("is", None)
        for chosen in accepted:
            if chosen not in sheet.FORMATS:
                raise detail.fail("is", f"{chosen!r} is not one of {', '.join(sheet.FORMATS)}")
        detail.done()
        where = names[0] if len(names) == 1 else f"{names[0]}:{names[-1]}"
        return Goal(
            f"Le format demandé manque ({where}).",
            lambda now: all(
                sheet.format_of(now["cells"].get(at, ""), now["formats"].get(at)) in accepted for at in names
            ),
            solving.formatting(names, accepted[0]),
            reformats=frozenset(names),
        )

    def _width(self, verb: str) -> Goal:
        detail = self.reader.sub(verb)
        column = self._column(detail, "column")
        detail.done()

        def fits(now: State) -> bool:
            return bool(now["widths"][column] >= longest(now, column))

        return Goal(f"La colonne {column} n'est pas assez large.", fits, solving.widening(column, fits), looks=False)

    def _sorted(self, verb: str) -> Goal:
        detail = self.reader.sub(verb)
        by, down = self._column(detail, "by"), detail.choice("order", ("asc", "desc"), "asc") == "desc"
        detail.done()
        rows = sorted({sheet.place(at)[1] for at in self.data})

        def met(now: State) -> bool:
            values = sheet.Sheet(now["cells"])
            keys = [solving.order_key(values.value(f"{by}{row}")) for row in rows]
            return keys == sorted(keys, reverse=down)

        return Goal(
            f"Le tableau n'est pas trié comme demandé (colonne {by}).",
            met,
            solving.sorting(self.data, by, down),
            sorts=True,
        )

    def _filtered(self, verb: str) -> Goal:
        detail = self.reader.sub(verb)
        column, value = self._column(detail, "column"), detail.text("value")
        detail.done()
        wanted = {"column": column, "value": value}

        def met(now: State) -> bool:
            return now["filter"] is not None and self._seen(now["filter"]) == self._seen(wanted)

        if not self._seen(wanted):
            raise detail.fail("value", f"no row has {value!r} in column {column}")
        return Goal(
            "Les lignes affichées ne sont pas celles qui sont demandées.",
            met,
            solving.Wish("filter", lambda state: state.update(filter=wanted)),
            looks=True,
        )

    def _seen(self, chosen: Mapping[str, str]) -> list[int]:
        rows = sorted({sheet.place(at)[1] for at in self.data})
        return [row for row in rows if shown_in(self.first, f"{chosen['column']}{row}") == chosen["value"]]

    def _chosen(self, verb: str) -> Goal:
        accepted = [text.upper() for text in self.reader.texts(verb, None)]
        spans = [_span(self.reader, verb, text) for text in accepted]
        return Goal(
            "Ce n'est pas la bonne cellule qui est choisie."
            if ":" not in accepted[0]
            else "Ce n'est pas la bonne plage.",
            lambda now: now["chosen"] is not None and sheet.span(now["chosen"]) in spans,
            solving.Wish(None, lambda state: state.update(chosen=accepted[0])),
            looks=True,
        )

    def _answer(self, verb: str) -> Goal:
        raw = self.reader.required(verb)
        if isinstance(raw, Mapping):
            detail = self.reader.sub(verb)
            texts = [self._computed(detail)]
            detail.done()
        else:
            texts = self.reader.texts(verb, None)
        wanted = [(sheet.typed(text)[0], squeeze(search_key(text))) for text in texts]

        def met(now: State) -> bool:
            given = now["answer"]
            value, key = sheet.typed(given)[0], squeeze(search_key(given))
            return bool(key) and any(
                key == text or (isinstance(number, float) and sheet.same(number, value)) for number, text in wanted
            )

        self.values["resultat"] = texts[0]
        return Goal(
            "La réponse n'est pas la bonne.",
            met,
            solving.Wish(None, lambda state: state.update(answer=texts[0])),
            looks=True,
        )

    def _computed(self, detail: Reader) -> str:
        """``{like: formula}``: what it gives; ``{where: formula, among: range, give: column}``: the row whose cell is worth it."""
        values = sheet.Sheet(self.first["cells"])
        if detail.has("like"):
            found = values.formula(detail.text("like"))
            if found is None or isinstance(found, sheet.Fault):
                raise detail.fail("like", "cannot be computed")
            return sheet.shown(found, "standard")
        wanted = values.formula(detail.text("where"))
        rows = [at for at in _span(detail, "among", detail.text("among")) if sheet.same(values.value(at), wanted)]
        if len(rows) != 1:
            raise detail.fail("where", f"exactly one cell must be worth {sheet.shown(wanted)}, not {len(rows)}")
        return shown_in(self.first, f"{self._column(detail, 'give')}{sheet.place(rows[0])[1]}")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _trials(cells: sheet.Cells, wanted: Mapping[str, str]) -> list[dict[str, str]]:
    """Other contents for the cells that hold constants: a formula must follow them, a result typed by hand does not."""
    read: set[str] = set().union(*(sheet.references(like) for like in wanted.values()))
    constants = [at for at in sorted(read) if at in cells and not cells[at].startswith("=") and at not in wanted]
    numbers = [at for at in constants if isinstance(sheet.typed(cells[at])[0], float)]
    texts = [at for at in constants if at not in numbers]
    counts = any("NB" in function for like in wanted.values() for function in sheet.functions(like))
    found = []
    for trial in range(TRIALS):
        rng = random.Random(trial)
        change = {}
        for at in numbers:
            value = sheet.typed(cells[at])[0]
            assert isinstance(value, float)
            change[at] = sheet.plain(round(value * rng.uniform(0.2, 2.5) + rng.randint(0, 6), 2))
        moved = [cells[at] for at in texts]
        rng.shuffle(moved)
        change |= dict(zip(texts, moved, strict=True))
        if counts and constants and trial % 2:
            change[rng.choice(constants)] = ""
        found.append(change)
    return found


def shown_in(state: State, at: str) -> str:
    """The text that a cell shows."""
    raw = state["cells"].get(at, "")
    return sheet.shown(sheet.Sheet(state["cells"]).value(at), sheet.format_of(raw, state["formats"].get(at)))


def longest(state: State, column: str) -> int:
    """Signs of the longest content of a column."""
    return max((len(shown_in(state, at)) for at in state["cells"] if at[0] == column), default=0)


def read_state(value: Any, first: State) -> State:
    """What the component sends; raises ``Malformed``."""
    state = states.mapping(value)
    cells: dict[str, str] = {}
    for at, raw in states.mapping(state.get("cells"), "Les cellules").items():
        column, row = sheet.place(at)
        if column >= first["columns"] or row > first["lines"]:
            raise Malformed("Une cellule n'existe pas.")
        if text := states.text(raw, "Les cellules", sheet.MAX_RAW).strip():
            cells[at] = text
    formats = {
        at: states.text(chosen, "Les formats", 20)
        for at, chosen in states.mapping(state.get("formats"), "Les formats").items()
    }
    widths = states.mapping(state.get("widths"), "Les largeurs")
    chosen_filter = state.get("filter")
    if chosen_filter is not None:
        chosen_filter = states.mapping(chosen_filter, "Le filtre")
        chosen_filter = {key: states.text(chosen_filter.get(key), "Le filtre") for key in ("column", "value")}
    chosen = states.text_or_none(state.get("chosen"), "Le choix")
    if chosen is not None:
        sheet.span(chosen)
    if (
        set(widths) != set(first["widths"])
        or not all(type(width) is int and 2 <= width <= WIDEST for width in widths.values())
        or not set(formats.values()) <= set(sheet.FORMATS)
        or (chosen_filter is not None and chosen_filter["column"] not in first["widths"])
    ):
        raise Malformed("La feuille reçue est illisible.")
    answer = states.text(state.get("answer", ""), "La réponse", 400)
    return {
        "cells": cells, "formats": formats, "widths": widths, "filter": chosen_filter, "chosen": chosen, "answer": answer,
    }  # fmt: skip


def make(rng: random.Random, params: Mapping[str, Any]) -> Draw:
    """Goals and their meaning: docs/gabarits.md, TAB."""
    reader = Reader(params, "TAB", rng)
    task = read_task(reader)
    reader.done()

    @states.judged
    def check(value: Any) -> list[str]:
        return task.judge(read_state(value, task.state))

    return Draw(values=task.values, state=task.state, check=check, solve=task.example)
