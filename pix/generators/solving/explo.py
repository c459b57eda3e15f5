"""Solves EXPLO: tries, goal after goal, what a pupil would do, until the check accepts the tree."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pix.core.texts import search_key
from pix.generators.solving.pattern import some
from pix.generators.tree import BIN, ROOT, Node, Tree, parts_of

MAX_TRIES = 400
_ORDER = (
    "renamed", "moved", "folder", "restored", "only_in", "copied", "exists", "holds", "absent", "deleted", "in_bin", "chosen",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wish:
    """One goal, read: the nodes it names, the path it names, the names it wants."""

    verb: str
    files: tuple[str, ...] = ()
    path: str = ""
    names: tuple[str, ...] = ()
    like: re.Pattern[str] | None = None


Nodes = dict[str, Node]


def solve(
    first: Tree, wishes: Sequence[Wish], tools: Sequence[str], passes: Callable[[Any], bool]
) -> dict[str, Any] | None:
    """The first final state found that passes with these tools.

    When none does: one that would pass with other tools gives ``None``; else the last one tried, for its unmet goals.
    """
    chosen = _chosen(wishes)
    by_kind = sorted(wishes, key=lambda wish: (_ORDER.index(wish.verb), _is_file(first, wish)))
    tried, lacking = 0, False
    state = _sent(dict(first.nodes), chosen)
    for order in (by_kind, list(wishes), by_kind[::-1]):
        for nodes in _ways(order, dict(first.nodes), first, wishes):
            state = _sent(nodes, chosen)
            tried += 1
            if passes(state):
                if _used(first, nodes) <= set(tools):
                    return state
                lacking = True
            if tried % MAX_TRIES == 0:
                break
    return None if lacking else state


def _used(first: Tree, nodes: Nodes) -> set[str]:
    """The tools that lead from the first tree to this one."""
    used = set()
    for node_id, node in nodes.items():
        before = first.nodes.get(node_id)
        if before is None:
            used.add("copy" if node.copy_of else "create")
            origin = nodes.get(node.copy_of or "")
            if origin and node.name != origin.name and " - copie" not in node.name:
                used.add("rename")
            continue
        if node.parent != before.parent:
            used.add("delete" if node.parent == BIN else "restore" if before.parent == BIN else "move")
        if node.name != before.name:
            used.add("rename")
    return used


def _is_file(first: Tree, wish: Wish) -> bool:
    return bool(wish.files) and first.nodes[wish.files[0]].kind == "file"


def _chosen(wishes: Sequence[Wish]) -> str | None:
    accepted = [wish.files for wish in wishes if wish.verb == "chosen"]
    for node_id in accepted[0] if accepted else ():
        if all(node_id in files for files in accepted):
            return node_id
    return accepted[0][0] if accepted else None


def _sent(nodes: Mapping[str, Node], chosen: str | None) -> dict[str, Any]:
    shown = {
        node_id: {"name": node.name, "parent": node.parent, "kind": node.kind}
        | ({"of": node.copy_of} if node.copy_of else {})
        for node_id, node in nodes.items()
    }
    return {"nodes": shown, "chosen": chosen}


def _ways(order: Sequence[Wish], nodes: Nodes, first: Tree, wishes: Sequence[Wish]) -> Iterator[Nodes]:
    """Trees where every wish has been seen to, most natural way first."""
    if not order:
        yield nodes
        return
    for after in _options(order[0], nodes, first, wishes):
        yield from _ways(order[1:], after, first, wishes)


def _options(wish: Wish, nodes: Nodes, first: Tree, wishes: Sequence[Wish]) -> Iterator[Nodes]:
    if wish.verb == "restored":
        [node_id] = wish.files
        yield nodes | {node_id: replace(first.nodes[node_id], parent=first.at(wish.path) or ROOT)}
    elif wish.verb in ("deleted", "in_bin"):
        yield nodes | {node_id: replace(nodes[node_id], parent=BIN) for node_id in wish.files}
    elif wish.verb in ("moved", "only_in"):
        for spare in (False, True):
            yield from _moved(nodes, wish.files, wish.path, spare)
    elif wish.verb == "copied":
        for after, place in _folder(nodes, wish.path):
            yield _copied(after, wish.files[0], place, *wish.names)
    elif wish.verb == "renamed":
        [node_id] = wish.files
        for name in _names(wish, nodes[node_id].name, wishes):
            yield nodes | {node_id: replace(nodes[node_id], name=name)}
    elif wish.verb == "folder":
        for after, _ in _folder(nodes, wish.path):
            yield after
    elif wish.verb == "exists":
        yield from _existing(wish, nodes, wishes)
    elif wish.verb == "absent":
        yield from _gone(wish, nodes)
    elif wish.verb == "holds":
        for copying in (False, True):
            for extras_to in (BIN, ROOT):
                yield from _held(wish, nodes, wishes, copying, extras_to)
    else:
        yield nodes


def _folder(nodes: Nodes, path: str) -> Iterator[tuple[Nodes, str]]:
    """The tree with this folder, made with its parents when missing, and its id; nothing when a file stands there."""
    place, made = ROOT, dict(nodes)
    for part in parts_of(path):
        here = [i for i in Tree(made).children(place) if search_key(made[i].name) == search_key(part)]
        if here and made[here[0]].kind != "folder":
            return
        if not here:
            here = [_new_id(made)]
            made[here[0]] = Node(part, place, "folder")
        place = here[0]
    yield made, place


def _new_id(nodes: Mapping[str, Node]) -> str:
    return next(f"n{rank}" for rank in range(1, len(nodes) + 2) if f"n{rank}" not in nodes)


def _spare(nodes: Nodes, name: str, place: str, but: str = "") -> str:
    """This name, or one like it that is free in this folder."""
    taken = {search_key(node.name) for i, node in nodes.items() if node.parent == place and i != but}
    stem, dot, end = name.rpartition(".") if "." in name[1:] else (name, "", "")
    tries = [name, f"{stem} - copie{dot}{end}", *(f"{stem} - copie {rank}{dot}{end}" for rank in range(2, 60))]
    return next((one for one in tries if search_key(one) not in taken), name)


def _moved(nodes: Nodes, files: Sequence[str], path: str, spare: bool) -> Iterator[Nodes]:
    for after, place in _folder(nodes, path):
        for node_id in files:
            name = _spare(after, after[node_id].name, place, node_id) if spare else after[node_id].name
            after[node_id] = replace(after[node_id], parent=place, name=name)
        yield after


def _copied(nodes: Nodes, node_id: str, place: str, name: str = "") -> Nodes:
    """With a copy of this file, or of this folder and what it holds, under this name."""
    after = dict(nodes)

    def double(source: str, parent: str, name: str) -> None:
        new = _new_id(after)
        after[new] = Node(name, parent, nodes[source].kind, nodes[source].copy_of or source)
        for child in Tree(nodes).children(source):
            double(child, new, nodes[child].name)

    double(node_id, place, name or _spare(nodes, nodes[node_id].name, place))
    return after


def _names(wish: Wish, current: str, wishes: Sequence[Wish]) -> Iterator[str]:
    if wish.like is None:
        yield wish.names[0]
        return
    asked = [current, *(parts_of(other.path)[-1] for other in wishes if other.verb == "exists" and other.path)]
    asked += [name for other in wishes if other.verb == "holds" for name in other.names]
    yield from (name for name in dict.fromkeys(asked) if wish.like.fullmatch(name))
    yield from some(wish.like)


def _alike(nodes: Nodes, name: str, but: str = "") -> list[str]:
    """Files of this name, those of the bin last."""
    found = [i for i, n in nodes.items() if n.kind == "file" and search_key(n.name) == search_key(name) and i != but]
    return sorted((i for i in found if nodes[i].parent != but), key=lambda i: nodes[i].parent == BIN)


def _touched(nodes: Nodes, wishes: Sequence[Wish]) -> list[str]:
    named = [i for wish in wishes if wish.verb != "chosen" for i in wish.files]
    return [i for i in dict.fromkeys(named) if nodes[i].kind == "file"]


def _existing(wish: Wish, nodes: Nodes, wishes: Sequence[Wish]) -> Iterator[Nodes]:
    if Tree(nodes).at(wish.path, "file") is not None:
        yield nodes
    *parents, name = parts_of(wish.path)
    for after, place in _folder(nodes, "/".join(parents)):
        alike = _alike(after, name)
        for node_id in alike:
            yield after | {node_id: replace(after[node_id], parent=place)}
        for node_id in alike:
            yield _copied(after, after[node_id].copy_of or node_id, place)
        for node_id in _touched(after, wishes):
            yield after | {node_id: replace(after[node_id], parent=place, name=name)}


def _gone(wish: Wish, nodes: Nodes) -> Iterator[Nodes]:
    there = Tree(nodes).at(wish.path)
    if there is None or there == ROOT:
        yield nodes
        return
    node = nodes[there]
    yield nodes | {there: replace(node, parent=BIN)}
    renamed = _spare(nodes, node.name, node.parent)
    yield nodes | {there: replace(node, name=renamed)}
    yield nodes | {there: replace(node, parent=ROOT, name=_spare(nodes, node.name, ROOT))}


def _held(wish: Wish, nodes: Nodes, wishes: Sequence[Wish], copying: bool, extras_to: str) -> Iterator[Nodes]:
    """The folder holds exactly these names: what lacks is brought or renamed, what is too much leaves."""
    for made, place in _folder(nodes, wish.path):
        after = made
        keys = {search_key(name) for name in wish.names}
        here = {search_key(after[i].name): i for i in Tree(after).children(place)}
        extras = [i for key, i in here.items() if key not in keys]
        for name in wish.names:
            if search_key(name) in here:
                continue
            alike = [i for i in _alike(after, name) if after[i].parent != place]
            if alike and copying:
                after = _copied(after, alike[0], place)
                continue
            same_end = [i for i in extras if after[i].name.rpartition(".")[2] == name.rpartition(".")[2]]
            pool = alike or same_end or extras or [i for i in _touched(after, wishes) if after[i].parent != place]
            if not pool:
                break
            after[pool[0]] = replace(after[pool[0]], parent=place, name=after[pool[0]].name if alike else name)
            extras = [i for i in extras if i != pool[0]]
        else:
            for i in extras:
                name = _spare(after, after[i].name, extras_to) if extras_to == ROOT else after[i].name
                after[i] = replace(after[i], parent=extras_to, name=name)
            yield after
