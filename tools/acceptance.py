"""Which of the 508 lines of the checklist are proven, read from the tests' `proves` markers without running them.

pix acceptance               the counts, by chapter
pix acceptance --json        {"lines": 508, "proven": ["A-001", …]}
pix acceptance --write       makes docs/acceptance.md again
pix acceptance --check       exit 1 when docs/acceptance.md is not up to date, or a marker names no line
"""

import argparse
import ast
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHECKLIST = ROOT / "docs" / "rules" / "checklist.md"
PAGE = ROOT / "docs" / "acceptance.md"
TESTS = ROOT / "tests"
NOT_YET = "pas encore de test"

_ROW = re.compile(r"^\| ([A-Z]-\d{3}) \|")
_HEADING = re.compile(r"^(##|###) (.+)$")


@dataclass(frozen=True)
class Line:
    """One line of the checklist: its id, what it asks, how a person checks it, and the chapter it stands in."""

    id: str
    capability: str
    check: str
    chapter: str
    section: str


@dataclass(frozen=True)
class Proof:
    """One test that carries the marker: ``tests/file.py::Class::test_name`` and the ids it names."""

    test: str
    ids: tuple[str, ...]


def lines(checklist: str) -> list[Line]:
    """The lines of the checklist's text, in order. Raises ``ValueError`` when an id comes twice."""
    found: list[Line] = []
    chapter = section = ""
    for text in checklist.splitlines():
        heading = _HEADING.match(text)
        if heading:
            level, title = heading.groups()
            chapter, section = (title, "") if level == "##" else (chapter, title)
        elif row := _ROW.match(text):
            cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", text)[1:-1]]
            found.append(Line(row.group(1), cells[1], cells[-1], chapter, section))
    ids = [line.id for line in found]
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        raise ValueError(f"ids that come twice in the checklist: {', '.join(twice)}")
    return found


def proofs(tests: Path = TESTS) -> list[Proof]:
    """Every test under ``tests`` with a `proves` marker: its own, its class's, its module's (`pytestmark`), its parameters'."""
    found: list[Proof] = []
    for path in sorted(tests.rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
        name = path.relative_to(tests.parent).as_posix()
        found.extend(_in_body(tree.body, name, _assigned(tree.body)))
    return found


def _in_body(body: list[ast.stmt], prefix: str, inherited: tuple[str, ...]) -> Iterator[Proof]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test"):
            ids = {*inherited, *_named(node.decorator_list)}
            if ids:
                yield Proof(f"{prefix}::{node.name}", tuple(sorted(ids)))
        elif isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            own = (*inherited, *_named(node.decorator_list), *_assigned(node.body))
            yield from _in_body(node.body, f"{prefix}::{node.name}", own)


def _assigned(body: list[ast.stmt]) -> tuple[str, ...]:
    """Ids in `pytestmark = …` of a module or a class."""
    values = [
        node.value
        for node in body
        if isinstance(node, ast.Assign)
        and any(isinstance(to, ast.Name) and to.id == "pytestmark" for to in node.targets)
    ]
    return _named(values)


def _named(expressions: list[ast.expr]) -> tuple[str, ...]:
    """Ids given to any `….mark.proves(…)` inside these expressions (a marker in a `pytest.param` counts for its test)."""
    ids: list[str] = []
    for expression in expressions:
        for node in ast.walk(expression):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "proves":
                ids.extend(
                    argument.value
                    for argument in node.args
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
                )
    return tuple(ids)


def proofs_by_line(found: list[Proof]) -> dict[str, list[str]]:
    """Id of a line → the tests that name it, in order."""
    by_line: dict[str, list[str]] = {}
    for proof in found:
        for one in proof.ids:
            by_line.setdefault(one, []).append(proof.test)
    return by_line


def page(all_lines: list[Line], by_line: dict[str, list[str]]) -> str:
    """The text of docs/acceptance.md."""
    proven = sum(1 for line in all_lines if line.id in by_line)
    out = [
        "# Recette : les lignes du guide et leurs preuves",
        "",
        "Page faite par `pix acceptance --write` à partir de [la liste de recette](rules/checklist.md) et des marques",
        "`@pytest.mark.proves(…)` des tests. Une ligne sans test le dit.",
        "",
        f"**{proven} lignes prouvées sur {len(all_lines)}.**",
    ]
    chapter = section = None
    for line in all_lines:
        if line.chapter != chapter:
            chapter, section = line.chapter, None
            mine = [one for one in all_lines if one.chapter == chapter]
            out += ["", f"## {chapter}", "", f"{sum(1 for one in mine if one.id in by_line)} sur {len(mine)}."]
        if line.section != section:
            section = line.section
            out += [
                "",
                *([f"### {section}", ""] if section else []),
                "| Ligne | Ce qui est demandé | Preuves |",
                "|---|---|---|",
            ]
        tests = "<br>".join(f"`{test.removeprefix('tests/')}`" for test in by_line.get(line.id, [])) or NOT_YET
        out.append(f"| {line.id} | {line.capability} | {tests} |")
    return "\n".join(out) + "\n"


def unknown(all_lines: list[Line], by_line: dict[str, list[str]]) -> list[str]:
    """Messages for markers that name a line which does not exist."""
    known = {line.id for line in all_lines}
    return [f"{one} : {', '.join(tests)}" for one, tests in sorted(by_line.items()) if one not in known]


def main(argv: list[str]) -> int:
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="pix acceptance", description="Ce que les tests prouvent des lignes du guide."
    )
    does = parser.add_mutually_exclusive_group()
    does.add_argument("--json", action="store_true", help="un objet JSON : lines, proven")
    does.add_argument("--write", action="store_true", help="refait docs/acceptance.md")
    does.add_argument("--check", action="store_true", help="échoue si docs/acceptance.md n'est pas à jour")
    options = parser.parse_args(argv)
    if not CHECKLIST.exists():
        print("La liste de recette (docs/rules/checklist.md) est absente.", file=sys.stderr)
        return 2
    all_lines = lines(CHECKLIST.read_text(encoding="utf-8"))
    by_line = proofs_by_line(proofs())
    wrong = unknown(all_lines, by_line)
    for message in wrong:
        print(f"marque sans ligne — {message}", file=sys.stderr)
    proven = [line.id for line in all_lines if line.id in by_line]
    if options.json:
        print(json.dumps({"lines": len(all_lines), "proven": proven}, ensure_ascii=False))
    elif options.write:
        PAGE.write_text(page(all_lines, by_line), encoding="utf-8")
        print(f"{PAGE.relative_to(ROOT)} : {len(proven)} lignes prouvées sur {len(all_lines)}.")
    elif options.check:
        stale = not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page(all_lines, by_line)
        if stale:
            print("docs/acceptance.md n'est pas à jour : pix acceptance --write", file=sys.stderr)
        return 1 if stale or wrong else 0
    else:
        for chapter in dict.fromkeys(line.chapter for line in all_lines):
            mine = [line.id for line in all_lines if line.chapter == chapter]
            print(f"{sum(1 for one in mine if one in by_line):4} / {len(mine):3}  {chapter}")
        print(f"{len(proven):4} / {len(all_lines):3}  en tout")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
