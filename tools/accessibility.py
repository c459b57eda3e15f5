"""What the tests verify of accessibility, for the statement that the site publishes: nothing is claimed by hand.

pix accessibility --write    makes pix/web/public/accessibility.json again
pix accessibility --check    exit 1 when it is not up to date
"""

import argparse
import ast
import json
import re
import sys
from collections.abc import Iterator

from tools.acceptance import ROOT, TESTS, proofs, proofs_by_line

DATA = ROOT / "pix" / "web" / "public" / "accessibility.json"
CRITERIA = ("T-001", "T-002", "T-003", "T-004", "T-005", "T-020", "T-030")
"""Lines of the checklist that the statement has a sentence for."""
WALKS = (TESTS / "e2e" / "test_everywhere.py", TESTS / "e2e" / "test_public_pages.py")
"""Journeys that look at every page they open with axe, on a desk and on a phone."""

_PATH = re.compile(r"/[a-z0-9/-]*")


def _paths(tree: ast.AST) -> Iterator[str]:
    """Addresses that a walk opens: arguments of ``see``, ``go`` and the tuples that a loop hands to them."""
    for node in ast.walk(tree):
        values: list[ast.expr] = []
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"see", "go"}:
            values = node.args
        elif isinstance(node, ast.For) and isinstance(node.iter, ast.Tuple):
            values = node.iter.elts
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple):
            values = node.value.elts
        for value in values:
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                place = value.value.partition("?")[0]
                if _PATH.fullmatch(place):
                    yield place


def facts() -> dict[str, list[str]]:
    """``criteria``: lines proven by a test; ``pages``: addresses looked at."""
    proven = proofs_by_line(proofs())
    pages: set[str] = set()
    for path in WALKS:
        if path.exists():
            pages |= set(_paths(ast.parse(path.read_text(encoding="utf-8"))))
    return {"criteria": [one for one in CRITERIA if proven.get(one)], "pages": sorted(pages)}


def text() -> str:
    return json.dumps(facts(), ensure_ascii=False, indent=1) + "\n"


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="pix accessibility", description=__doc__)
    group = parser.add_mutually_exclusive_group(required=True)
    group.add_argument("--write", action="store_true")
    group.add_argument("--check", action="store_true")
    chosen = parser.parse_args(argv)
    wanted = text()
    if chosen.write:
        DATA.write_text(wanted, encoding="utf-8")
        return 0
    current = DATA.read_text(encoding="utf-8") if DATA.exists() else ""
    if current != wanted:
        print("accessibility.json n'est pas à jour : pix accessibility --write", file=sys.stderr)
        return 1
    return 0
