"""EXPLO: a file explorer with its bin; the checker follows each file of the beginning by its identity."""

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pix.core.texts import search_key
from pix.generators import states, world
from pix.generators.contract import BadParams, Draw
from pix.generators.params import Reader, goals
from pix.generators.solving import explo as solving
from pix.generators.states import Malformed
from pix.generators.tree import BIN, ROOT, Node, Tree, parts_of

TOOLS = ("create", "move", "copy", "rename", "delete", "restore", "search", "sort")
VERBS = (
    "restored", "deleted", "in_bin", "moved", "copied", "renamed", "folder", "exists", "absent", "only_in", "holds", "chosen",
)  # fmt: skip
MAX_NODES = 400


def read_tree(value: Any, first: Tree) -> tuple[Tree, str | None]:
    """Final tree and chosen id. Every node of the beginning must be there once, with its kind; raises ``Malformed``."""
    state = states.mapping(value)
    raw = states.mapping(state.get("nodes"), "L'arborescence")
    if len(raw) > MAX_NODES:
        raise Malformed("Il y a beaucoup trop de fichiers et de dossiers.")
    nodes: dict[str, Node] = {}
    for node_id, listed in raw.items():
        entry = states.mapping(listed, "L'arborescence")
        node = Node(
            name=states.text(entry.get("name"), "Un nom", 120),
            parent=states.text(entry.get("parent"), "L'arborescence", 40),
            kind=states.text(entry.get("kind"), "L'arborescence", 10),
            copy_of=states.text_or_none(entry.get("of"), "L'arborescence"),
        )
        if not node.name.strip() or "/" in node.name or node.kind not in ("folder", "file") or node_id in (ROOT, BIN):
            raise Malformed("Un nom de fichier ou de dossier est impossible.")
        nodes[node_id] = node
    tree = Tree(nodes)
    for node_id, node in first.nodes.items():
        if node_id not in nodes or nodes[node_id].kind != node.kind:
            raise Malformed(f"« {node.name} » a disparu.")
    for node_id, node in nodes.items():
        tree.place(node_id)
        if node.parent in nodes and nodes[node.parent].kind != "folder":
            raise Malformed("Un fichier ne peut pas contenir d'autres fichiers.")
        if node_id not in first.nodes and node.kind == "file":
            origin = first.nodes.get(node.copy_of or "")
            if origin is None or origin.kind != "file":
                raise Malformed("Un fichier est apparu sans être la copie d'un autre.")
    names = [(node.parent, search_key(node.name)) for node in nodes.values() if node.parent != BIN]
    if len(names) != len(set(names)):
        raise Malformed("Deux éléments portent le même nom au même endroit.")
    chosen = states.text_or_none(state.get("chosen"), "Le choix")
    return tree, chosen


@dataclass(slots=True)
class Goal:
    """A compiled goal: what it says when unmet, the first nodes it may change, the new paths it may bring."""

    say: str
    met: Callable[[Tree, str | None], bool]
    touches: frozenset[str] = frozenset()
    brings: tuple[str, ...] = ()
    """Paths of folders that the pupil may create (their parents with them)."""
    copies: frozenset[str] = frozenset()
    wish: solving.Wish | None = None
    """The same, for the program that solves the question."""


def _build(params: Reader, rng: random.Random) -> tuple[Tree, list[dict[str, Any]]]:
    """First tree and what the component shows: nodes with size, date and text."""
    folders: dict[str, str] = {}
    shown: list[dict[str, Any]] = []

    def folder_id(path: str) -> str:
        parent = ROOT
        parts = parts_of(path)
        for depth in range(len(parts)):
            here = "/".join(parts[: depth + 1])
            if here not in folders:
                folders[here] = f"d{len(folders) + 1}"
                shown.append({"id": folders[here], "name": parts[depth], "parent": parent, "kind": "folder"})
            parent = folders[here]
        return parent

    wanted: list[tuple[Reader, bool]] = [(reader, False) for reader in params.subs("files", None, lone="path")]
    wanted += [(reader, True) for reader in params.subs("bin", lone="path")]
    for path in params.texts("folders"):
        folder_id(path)
    for reader, binned in wanted:
        parts = parts_of(reader.text("path"))
        if not parts:
            raise reader.fail("path", "a file name is expected")
        parent = folder_id("/".join(parts[:-1]))
        entry: dict[str, Any] = {"id": f"f{len(shown)}", "name": parts[-1], "parent": parent, "kind": "file"}
        if binned:
            entry["parent"], entry["from"] = BIN, parent
        if reader.has("size"):
            entry["size"] = reader.whole("size")
        if reader.has("date"):
            entry["date"] = reader.text("date")
            try:
                date.fromisoformat(entry["date"])
            except ValueError as problem:
                raise reader.fail("date", "a date such as 2026-03-12 is expected") from problem
        if reader.has("text"):
            entry["text"] = reader.text("text")
        reader.done()
        shown.append(entry)
    taken = {search_key(entry["name"]) for entry in shown}
    free = [
        (stem, extension)
        for stem in world.FILE_STEMS
        for extension in world.EXTENSIONS
        if search_key(f"{stem}.{extension}") not in taken
    ]
    places = [ROOT, *folders.values()]
    for stem, extension in rng.sample(free, params.whole("decoys", 0, 0, 60)):
        shown.append(
            {"id": f"f{len(shown)}", "name": f"{stem}.{extension}", "parent": rng.choice(places), "kind": "file"}
        )
    _complete(shown, rng)
    # The order of ids would betray what the author wrote first.
    shown.sort(key=lambda entry: (entry["kind"] == "file", search_key(entry["name"]), entry["parent"]))
    tree = Tree({entry["id"]: Node(entry["name"], entry["parent"], entry["kind"]) for entry in shown})
    names = [(node.parent, search_key(node.name)) for node in tree.nodes.values() if node.parent != BIN]
    if len(names) != len(set(names)):
        raise BadParams(f"{params.where}.files: two entries have the same path")
    return tree, shown


def _complete(shown: list[dict[str, Any]], rng: random.Random) -> None:
    """Sizes and dates of the files that have none stay strictly inside the author's, so that no extreme is doubled."""
    files = [entry for entry in shown if entry["kind"] == "file"]
    sizes = sorted({entry["size"] for entry in files if "size" in entry})
    days = sorted({date.fromisoformat(entry["date"]).toordinal() for entry in files if "date" in entry})
    sizes = sizes if len(sizes) > 1 else [4, 2400]
    days = days if len(days) > 1 else [date(2024, 9, 2).toordinal(), date(2026, 5, 30).toordinal()]
    for entry in files:
        low, high = sizes[0] + 1, sizes[-1] - 1
        entry.setdefault("size", rng.randint(low, high) if low <= high else max(1, low - 1))
        early, late = days[0] + 1, days[-1] - 1
        entry.setdefault("date", date.fromordinal(rng.randint(early, late) if early <= late else early - 1).isoformat())


def _compile(verb: str, reader: Reader, first: Tree) -> Goal:
    def known(path: str, key: str) -> str:
        wanted = "/".join(parts_of(path))
        for node_id, node in first.nodes.items():
            if node.parent != BIN and first.path(node_id) == wanted:
                return node_id
        raise reader.fail(key, f"no file or folder {path!r} at the beginning")

    def in_bin(path: str) -> str:
        for node_id, node in first.nodes.items():
            if node.parent == BIN and node.name == parts_of(path)[-1]:
                return node_id
        raise reader.fail(verb, f"{path!r} is not in the bin")

    def target(tree: Tree, folder: str) -> str | None:
        return tree.at(folder, "folder")

    if verb == "restored":
        path = reader.text(verb)
        node_id = in_bin(path)
        home, name = "/".join(parts_of(path)[:-1]), first.nodes[node_id].name
        return Goal(
            f"« {name} » n'est pas de retour dans son dossier.",
            lambda tree, _: (
                tree.nodes[node_id].parent == first.at(home)
                and tree.nodes[node_id].name == name
                and tree.place(node_id) == ROOT
            ),
            frozenset({node_id}),
            wish=solving.Wish(verb, (node_id,), home),
        )
    if verb in ("deleted", "in_bin"):
        path = reader.text(verb)
        node_id = in_bin(path) if verb == "in_bin" and first.at(path) is None else known(path, verb)
        return Goal(
            f"« {first.nodes[node_id].name} » n'est pas dans la corbeille.",
            lambda tree, _: tree.place(node_id) == BIN,
            frozenset({node_id}),
            wish=solving.Wish(verb, (node_id,)),
        )
    if verb in ("moved", "copied"):
        detail = reader.sub(verb)
        node_id, to = known(detail.text("file"), "file"), detail.text("to")
        called = detail.text("name") if verb == "copied" and detail.has("name") else ""
        detail.done()
        name, where = first.nodes[node_id].name, f"« {to} »" if to else "le dossier principal"
        if verb == "moved":
            return Goal(
                f"« {name} » n'est pas rangé dans {where}.",
                lambda tree, _: tree.nodes[node_id].parent == target(tree, to),
                frozenset({node_id}),
                (to,),
                wish=solving.Wish(verb, (node_id,), to),
            )
        home = first.nodes[node_id].parent
        inside = [i for i in first.nodes if f"{first.path(i)}/".startswith(f"{first.path(node_id)}/")]
        below = [first.path(i).removeprefix(first.path(node_id)) for i in inside if first.nodes[i].kind == "folder"]
        doubles = [f"{to}/{leaf}{rest}" for leaf in (called or name, f"{name} - copie") for rest in below]
        under = f" sous le nom « {called} »" if called else ""
        return Goal(
            f"Il manque une copie de « {name} » dans {where}{under}, ou l'original n'est plus à sa place.",
            lambda tree, _: (
                tree.nodes[node_id].parent == home
                and any(
                    node.copy_of == node_id
                    and node.parent == target(tree, to)
                    and (not called or node.name.strip().casefold() == called.casefold())
                    for node in tree.nodes.values()
                )
            ),
            brings=(to, *doubles),
            copies=frozenset(inside),
            wish=solving.Wish(verb, (node_id,), to, (called,) if called else ()),
        )
    if verb == "renamed":
        detail = reader.sub(verb)
        node_id = known(detail.text("file"), "file")
        home = first.nodes[node_id].parent
        if detail.has("like"):
            try:
                pattern = re.compile(detail.text("like"), re.IGNORECASE)
            except re.error as problem:
                raise detail.fail("like", f"not a regular expression: {problem}") from problem

            wish = solving.Wish(verb, (node_id,), like=pattern)

            def fits(name: str) -> bool:
                return pattern.fullmatch(name) is not None
        else:
            new_name = detail.text("name")
            wish = solving.Wish(verb, (node_id,), names=(new_name,))

            def fits(name: str) -> bool:
                return name.strip().casefold() == new_name.casefold()

        detail.done()
        return Goal(
            f"« {first.nodes[node_id].name} » n'a pas encore le nom demandé.",
            lambda tree, _: tree.nodes[node_id].parent == home and fits(tree.nodes[node_id].name),
            frozenset({node_id}),
            wish=wish,
        )
    if verb == "folder":
        path = reader.text(verb)
        return Goal(
            f"Le dossier « {path} » n'existe pas.",
            lambda tree, _: target(tree, path) is not None,
            brings=(path,),
            wish=solving.Wish(verb, (), path),
        )
    if verb in ("exists", "absent"):
        path = reader.text(verb)
        name = parts_of(path)[-1]
        same = frozenset(i for i, node in first.nodes.items() if search_key(node.name) == search_key(name))
        home = "/".join(parts_of(path)[:-1])
        if verb == "exists":
            there = solving.Wish(verb, (), path)
            return Goal(
                f"« {path} » manque.", lambda tree, _: tree.at(path, "file") is not None, same, (home,), same, there
            )
        gone = frozenset({known(path, verb)})
        return Goal(
            f"« {path} » est encore là.",
            lambda tree, _: tree.at(path) is None,
            gone,
            wish=solving.Wish(verb, tuple(gone), path),
        )
    if verb == "only_in":
        detail = reader.sub(verb)
        wanted = {known(path, "files"): path for path in detail.texts("files", None)}
        folder = detail.text("folder")
        detail.done()
        return Goal(
            f"Tous les fichiers demandés ne sont pas dans « {folder} ».",
            lambda tree, _: (
                all(tree.nodes[i].parent == target(tree, folder) for i in wanted)
                and not any(node.copy_of in wanted for node in tree.nodes.values())
            ),
            frozenset(wanted),
            (folder,),
            wish=solving.Wish(verb, tuple(wanted), folder),
        )
    if verb == "holds":
        detail = reader.sub(verb)
        folder, expected = detail.text("folder"), detail.texts("files", None)
        detail.done()
        keys = sorted(search_key(name) for name in expected)
        start = first.at(folder, "folder")
        may = frozenset(
            i for i, node in first.nodes.items() if search_key(node.name) in keys or (start and node.parent == start)
        )

        def held(tree: Tree, _: str | None) -> bool:
            place = target(tree, folder)
            return place is not None and sorted(search_key(tree.nodes[i].name) for i in tree.children(place)) == keys

        asked = solving.Wish(verb, (), folder, tuple(expected))
        return Goal(f"Le contenu de « {folder} » n'est pas celui qui est demandé.", held, may, (folder,), may, asked)
    accepted = [known(path, verb) for path in reader.texts(verb, None)]
    pointed = solving.Wish(verb, tuple(accepted))
    return Goal("Ce n'est pas le bon élément qui est choisi.", lambda _, chosen: chosen in accepted, wish=pointed)


def make(rng: random.Random, params: Mapping[str, Any]) -> Draw:
    """Goals and their meaning: docs/gabarits.md, EXPLO."""
    reader = Reader(params, "EXPLO", rng)
    root = reader.text("root", "Documents")
    tools = reader.subset("tools", TOOLS)
    inside = reader.boolean("content_search")
    strict = reader.boolean("unchanged_elsewhere", True)
    first, shown = _build(reader, rng)
    compiled: list[Goal] = []
    choose = False
    for verb, goal_reader in goals(reader, VERBS):
        goal = _compile(verb, goal_reader, first)
        goal.say = goal_reader.text("say", goal.say)
        goal_reader.done()
        choose = choose or verb == "chosen"
        compiled.append(goal)
    reader.done()
    touched = frozenset().union(*(goal.touches for goal in compiled))
    copies = frozenset().union(*(goal.copies for goal in compiled))

    def damage(tree: Tree) -> list[str]:
        found = []
        for node_id, node in first.nodes.items():
            now = tree.nodes[node_id]
            if node_id not in touched and (now.name, now.parent) != (node.name, node.parent):
                found.append(f"« {node.name} » n'aurait pas dû changer.")
        allowed: set[str] = set()
        for goal in compiled:
            for path in goal.brings:
                parts = parts_of(path)
                allowed |= {search_key("/".join(parts[: depth + 1])) for depth in range(len(parts))}
        for node_id, node in tree.nodes.items():
            if node_id in first.nodes or tree.place(node_id) == BIN:
                continue
            if node.kind == "folder" and search_key(tree.path(node_id)) not in allowed:
                found.append(f"Le dossier « {node.name} » est en trop.")
            if node.kind == "file" and node.copy_of not in copies:
                found.append(f"La copie « {node.name} » est en trop.")
        return found

    @states.judged
    def check(value: Any) -> list[str]:
        tree, chosen = read_tree(value, first)
        unmet = [goal.say for goal in compiled if not goal.met(tree, chosen)]
        return unmet + (damage(tree) if strict else [])

    return Draw(
        state={
            "gabarit": "EXPLO", "root": root, "nodes": shown, "tools": tools, "choose": choose, "content_search": inside,
        },
        check=check,
        solve=lambda: solving.solve(first, [goal.wish for goal in compiled if goal.wish], tools, lambda value: check(value).ok),
    )  # fmt: skip
