"""A tree of files and folders known by their ids: what the explorer shows and what a returned folder is read into."""

from collections.abc import Mapping
from dataclasses import dataclass

from pix.core.texts import search_key
from pix.generators.states import Malformed

ROOT, BIN = "root", "bin"
MAX_DEPTH = 30


@dataclass(frozen=True, slots=True)
class Node:
    name: str
    parent: str
    kind: str
    """``folder`` or ``file``."""
    copy_of: str | None = None


def parts_of(path: str) -> list[str]:
    return [part for part in path.split("/") if part]


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree of nodes by id; ``root`` and ``bin`` are the two places without a node."""

    nodes: Mapping[str, Node]

    def place(self, node_id: str) -> str:
        """``root`` or ``bin``: where the chain of parents ends. Raises ``Malformed`` on a loop."""
        current = node_id
        for _ in range(MAX_DEPTH):
            if current in (ROOT, BIN):
                return current
            if current not in self.nodes:
                break
            current = self.nodes[current].parent
        raise Malformed("L'arborescence reçue est illisible.")

    def path(self, node_id: str) -> str:
        parts: list[str] = []
        current = node_id
        while current in self.nodes and len(parts) < MAX_DEPTH:
            parts.append(self.nodes[current].name)
            current = self.nodes[current].parent
        return "/".join(reversed(parts))

    def children(self, parent: str) -> list[str]:
        return [node_id for node_id, node in self.nodes.items() if node.parent == parent]

    def at(self, path: str, kind: str | None = None) -> str | None:
        """Id of what stands at this path under the root, case and accents ignored; ``root`` for an empty path."""
        current = ROOT
        for part in parts_of(path):
            key = search_key(part)
            found = [child for child in self.children(current) if search_key(self.nodes[child].name) == key]
            if not found:
                return None
            current = found[0]
        if kind and current != ROOT and self.nodes[current].kind != kind:
            return None
        return current
