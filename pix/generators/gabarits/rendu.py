"""RENDU: a file to download, change and send back, or the same task in the page: one judgement for both (content plan 7.4)."""

import random
from collections.abc import Callable, Mapping
from typing import Any

from pix.core.texts import search_key
from pix.generators import formatted, sheet, states
from pix.generators.contract import Draw, File, Preview, Returned, Verdict
from pix.generators.files import read_sheet, read_text, returned
from pix.generators.files.office import ODS, ODT, odt, zip_bytes
from pix.generators.files.small import build
from pix.generators.gabarits import explo, tab
from pix.generators.gabarits.ttx import read_task
from pix.generators.params import Reader
from pix.generators.states import Malformed
from pix.generators.tree import BIN, ROOT, Node, Tree

LOOSE = ("size", "colour", "spacing", "indent", "style")
"""Formats that office suites rewrite by themselves: left out of the damage check of a returned file."""


def make(rng: random.Random, params: Mapping[str, Any]) -> Draw:
    """``kind: texte``, ``tableur`` or ``dossier``; the rest as TTX, TAB or EXPLO (docs/gabarits.md, RENDU)."""
    reader = Reader(params, "RENDU", rng)
    kind = reader.choice("kind", ("texte", "tableur", "dossier"))
    if kind == "texte":
        return _text(reader)
    if kind == "tableur":
        return _sheet(reader)
    name = reader.text("name", "dossier")
    return _folder(rng, name, {key: value for key, value in params.items() if key not in ("kind", "name")})


def _text(reader: Reader) -> Draw:
    task = read_task(reader, "name")
    reader.done()

    def of_page(value: Any) -> list[str]:
        return formatted.judge(formatted.from_json(value), task.first, task.goals, task.strict)

    def of_file(file: Returned) -> list[str]:
        return formatted.judge(read_text.read(file), task.first, task.goals, task.strict, LOOSE)

    lines = [paragraph.text for paragraph in task.first]
    return Draw(
        state=task.state,
        files=(File(f"{task.title}.odt", ODT, lambda: odt(task.first)),),
        preview=Preview("text", {"lines": lines}),
        check=_either(of_page, of_file),
        solve=task.example,
    )


SHEET_VERBS = ("cell", "formula", "series", "sorted")
"""Goals of TAB that a file from any office suite can be judged on."""


def _sheet(reader: Reader) -> Draw:
    extension = reader.choice("format", ("ods", "xlsx"), "ods")
    task = tab.read_task(reader, "name", SHEET_VERBS)
    reader.done()
    first: dict[str, Any] = task.state
    name = f"{first['title']}.{extension}"
    files = (
        File(
            name,
            ODS if extension == "ods" else read_sheet.XLSX,
            lambda: read_sheet.written("Feuille1", first["cells"], extension),
        ),
    )

    def of_page(value: Any) -> list[str]:
        return task.judge(tab.read_state(value, first))

    def of_file(file: Returned) -> list[str]:
        inside = {
            at: raw
            for at, raw in read_sheet.read(file).items()
            if sheet.place(at)[0] < first["columns"] and sheet.place(at)[1] <= first["lines"]
        }
        kept = {key: first[key] for key in ("formats", "widths")}
        return task.judge({"cells": inside, "filter": None, "chosen": None, "answer": "", **kept})

    columns = [chr(65 + column) for column in range(first["columns"])]
    rows = [
        [str(row), *(tab.shown_in(first, f"{letter}{row}") for letter in columns)]
        for row in range(1, first["lines"] + 1)
    ]
    return Draw(
        state=first,
        values=task.values,
        files=files,
        preview=Preview("table", {"caption": first["title"], "header": ["Ligne", *columns], "rows": rows}),
        check=_either(of_page, of_file),
        solve=task.example,
    )


def _either(of_page: Callable[[Any], list[str]], of_file: Callable[[Returned], list[str]]) -> Callable[[Any], Verdict]:
    @states.judged
    def check(value: Any) -> list[str]:
        return of_file(value) if isinstance(value, Returned) else of_page(value)

    return check


def _folder(rng: random.Random, name: str, params: Mapping[str, Any]) -> Draw:
    draw = explo.make(rng, params)
    state = draw.state
    assert state is not None
    assert draw.check is not None
    page_check = draw.check
    nodes: list[dict[str, Any]] = state["nodes"]
    first = Tree({node["id"]: Node(node["name"], node["parent"], node["kind"]) for node in nodes})
    contents = {
        node["id"]: build(
            node["name"],
            node.get("text") or f"Fichier « {node['name']} », rangé au départ dans {first.path(node['id'])}",
        )
        for node in nodes
        if node["kind"] == "file" and first.place(node["id"]) == ROOT
    }
    if len(set(contents.values())) != len(contents):
        # Two files with the same text could not be told apart in the returned zip.
        contents = {i: build(first.nodes[i].name, f"{i} — {first.path(i)}") for i in contents}

    def archive() -> bytes:
        entries = [(f"{name}/{first.path(node['id'])}/", b"") for node in nodes if node["kind"] == "folder"]
        entries += [(f"{name}/{first.path(i)}", content) for i, content in contents.items()]
        return zip_bytes(sorted(entries))

    def check(value: Any) -> Verdict:
        if not isinstance(value, Returned):
            return page_check(value)
        try:
            return page_check(
                {
                    "nodes": _as_nodes(returned.parts(value.name, value.content, ("zip",)), name, first, contents),
                    "chosen": None,
                }
            )
        except Malformed as problem:
            return Verdict(False, (str(problem),))

    def tree(parent: str) -> list[dict[str, Any]]:
        found = []
        for node in nodes:
            if node["parent"] == parent:
                found.append(
                    {"name": node["name"]} | ({"children": tree(node["id"])} if node["kind"] == "folder" else {})
                )
        return found

    return Draw(
        state=state,
        files=(File(f"{name}.zip", "application/zip", archive),),
        preview=Preview("tree", {"name": name, "children": tree(ROOT)}),
        check=check,
        solve=draw.solve,
    )


def _as_nodes(parts: dict[str, bytes], name: str, first: Tree, contents: Mapping[str, bytes]) -> dict[str, Any]:
    """The returned zip as the explorer's final state: files known by their bytes, folders by their path."""
    entries = {path: data for path, data in parts.items() if not _ignored(path)}
    tops = {path.split("/", 1)[0] for path in entries}
    if len(tops) == 1 and search_key(next(iter(tops))) not in {
        search_key(first.nodes[i].name) for i in first.children(ROOT)
    }:
        top = next(iter(tops)) + "/"
        entries = {path.removeprefix(top): data for path, data in entries.items() if path != top}
    ids = {search_key(first.path(i)): i for i, node in first.nodes.items() if node.kind == "folder"}
    nodes: dict[str, Any] = {}

    def folder(path: str) -> str:
        if not path:
            return ROOT
        node_id = ids.setdefault(search_key(path), f"n{len(ids) + 1}")
        parent, _, leaf = path.rpartition("/")
        if node_id not in nodes:
            nodes[node_id] = {"name": leaf, "parent": folder(parent), "kind": "folder"}
        return node_id

    by_content: dict[bytes, list[str]] = {}
    for path, data in entries.items():
        if path.endswith("/"):
            folder(path.rstrip("/"))
        else:
            by_content.setdefault(data, []).append(path)
    for node_id, data in contents.items():
        paths = sorted(by_content.pop(data, []), key=lambda path: path != first.path(node_id))
        for rank, path in enumerate(paths):
            parent, _, leaf = path.rpartition("/")
            entry = {"name": leaf, "parent": folder(parent), "kind": "file"}
            nodes[node_id if rank == 0 else f"{node_id}c{rank}"] = entry if rank == 0 else entry | {"of": node_id}
        if not paths:
            nodes[node_id] = {"name": first.nodes[node_id].name, "parent": BIN, "kind": "file"}
    if by_content:
        stray = next(iter(by_content.values()))[0]
        raise Malformed(f"« {stray} » n'était pas dans le dossier, ou son contenu a changé.")
    for node_id, node in first.nodes.items():
        if node_id not in nodes:
            # A folder that is no longer in the zip went with its files.
            nodes[node_id] = {"name": node.name, "parent": BIN, "kind": node.kind}
    return nodes


def _ignored(path: str) -> bool:
    leaf = path.rstrip("/").rsplit("/", 1)[-1]
    return path.startswith("__MACOSX/") or leaf in (".DS_Store", "Thumbs.db", "desktop.ini")
