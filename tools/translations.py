"""The English catalogue: every French text of the pages, found in the sources, with its translation.

pix translations --write    finds the texts, keeps the translations, makes the .po and the .mo again
pix translations --check    exit 1 when a text has no translation, when one is left over, or when the .mo is not the .po
pix translations --take FILE  as --write, with the translations of a JSON object: French text → English, or its two forms
pix translations --missing  the texts that have no translation yet, one a line, as JSON

French texts are the keys. They are found in templates and in Python calls of ``_``, ``gettext``, ``gettext_lazy``,
``ngettext`` and ``lazy_text``; and, where a page shows the text of a rule or of a state (``_(state.label)``), among the
sentences of the rooms that hold them (``TOLD``).
"""

import argparse
import ast
import json
import re
import struct
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import jinja2
from jinja2.ext import extract_from_ast

from tools.acceptance import ROOT

PIX = ROOT / "pix"
PO = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
CALLS = ("_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "lazy_text")
TOLD = (
    "accounts/rules.py", "campaigns/enums.py", "campaigns/queries", "campaigns/rules.py", "learners/enums.py",
    "learners/actions", "learners/queries", "learners/rules", "organizations/enums.py", "stewardship/enums.py", "assessment/enums.py", "interop/messages.py", "interop/rows.py", "interop/fregata", "interop/siecle", "web",
)  # fmt: skip
"""Where sentences stand that are translated when they are shown."""
UNSHOWN = ("web/demo/seed.py", "web/demo/simulators.py", "web/demo/cast.py", "web/jinja.py", "interop/commands.py")
GALLERY = "gallery.html"
"""The page of components, for those who write pages: its examples stay French."""

HEADER = (
    "Project-Id-Version: pix\nLanguage: en\nMIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n"
    "Content-Transfer-Encoding: 8bit\nPlural-Forms: nplurals=2; plural=(n != 1);\n"
)

Key = tuple[str, str]
"""French text, and its plural (empty when it has none)."""


@dataclass
class Catalogue:
    """Translations by key; where each text stands, for who translates."""

    texts: dict[Key, list[str]] = field(default_factory=dict)
    places: dict[Key, set[str]] = field(default_factory=dict)


# --- finding ----------------------------------------------------------------------------------------------------------


def _of_templates() -> Iterator[tuple[Key, str]]:
    env = jinja2.Environment(
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"], trim_blocks=True, lstrip_blocks=True
    )
    for path in sorted((PIX / "web").glob("*/templates/**/*.html")):
        if path.name == GALLERY:
            continue
        tree = env.parse(path.read_text(encoding="utf-8"))
        for _line, _function, message in extract_from_ast(tree, gettext_functions=CALLS):
            if message is None:
                continue
            parts = [message] if isinstance(message, str) else [part for part in message if isinstance(part, str)]
            if parts:
                yield (parts[0], parts[1] if len(parts) > 1 else ""), path.relative_to(ROOT).as_posix()


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _docstrings(tree: ast.AST) -> set[int]:
    """Strings that stand alone as a statement: documentation."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


_SENTENCE = re.compile(r"^[A-ZÀ-ÖØ-ÞŒ«{][^\n<>=*|]*[a-zà-öø-ÿœ][^\n<>=*|]*$")
_CODE = re.compile(r"^(?:[A-Z][a-zA-Z0-9]*[A-Z_][A-Za-z0-9_]*|[A-Z][a-z]+-[A-Z].*|\S+/\S*|[A-Z]{2,}\S*)$")


def looks_told(text: str) -> bool:
    """Whether a string of the sources is a sentence or a label in French rather than a name of the code."""
    return bool(_SENTENCE.match(text) and not _CODE.match(text) and len(text) > 2)


def _of_python() -> Iterator[tuple[Key, str]]:
    for path in sorted(PIX.rglob("*.py")):
        place = path.relative_to(ROOT).as_posix()
        if "/migrations/" in place:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS and node.args:
                first = _literal(node.args[0])
                plural = _literal(node.args[1]) if node.func.id.startswith("ngettext") else ""
                if first:
                    yield (first, plural or ""), place
        within = path.relative_to(PIX).as_posix()
        if within.startswith(TOLD) and within not in UNSHOWN and path.name != "__init__.py":
            for text in _told(tree, calls=not within.startswith("web")):
                yield (text, ""), place


def _told(tree: ast.Module, *, calls: bool) -> Iterator[str]:
    """Sentences of a module that are handed on as values: neither documentation, nor errors, nor parts of f-strings.

    ``calls``: also those that are given to a function. A face gives its functions names of headers and fields.
    """
    apart = _docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and not calls:
            apart |= {id(one) for one in [*node.args, *(keyword.value for keyword in node.keywords)]}
        if isinstance(node, ast.Assign) and any(isinstance(to, ast.Name) and to.id == "__all__" for to in node.targets):
            apart |= {id(inner) for inner in ast.walk(node)}
        if isinstance(node, ast.AnnAssign | ast.arg | ast.FunctionDef):
            noted = node.returns if isinstance(node, ast.FunctionDef) else node.annotation
            apart |= {id(inner) for inner in ast.walk(noted)} if noted else set()
        if isinstance(node, ast.JoinedStr | ast.Raise | ast.Assert | ast.Import | ast.ImportFrom):
            apart |= {id(inner) for inner in ast.walk(node)}
    for node in ast.walk(tree):
        text = _literal(node) if isinstance(node, ast.Constant) else None
        if text and id(node) not in apart and looks_told(text):
            yield text


def found() -> Catalogue:
    """Every text of the pages, untranslated."""
    made = Catalogue()
    for key, place in [*_of_templates(), *_of_python()]:
        made.places.setdefault(key, set()).add(place)
    # A text with a plural stands for the same text without one.
    for text, plural in list(made.places):
        if not plural and any(other[0] == text and other[1] for other in made.places):
            made.places.pop((text, ""))
    made.texts = {key: [""] * (2 if key[1] else 1) for key in made.places}
    return made


# --- the .po ----------------------------------------------------------------------------------------------------------


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", lambda one: {"n": "\n", "t": "\t"}.get(one[1], one[1]), text.strip()[1:-1])


def write_po(catalogue: Catalogue) -> str:
    """One text a line, in the order of the texts, so that two people's additions rarely meet."""
    lines = ['msgid ""', 'msgstr ""', *[_quoted(line + "\n") for line in HEADER.splitlines()], ""]
    for key in sorted(catalogue.texts):
        text, plural = key
        lines += [f"#: {place}" for place in sorted(catalogue.places.get(key, ()))[:1]]
        lines.append(f"msgid {_quoted(text)}")
        if plural:
            lines.append(f"msgid_plural {_quoted(plural)}")
            lines += [f"msgstr[{n}] {_quoted(one)}" for n, one in enumerate(catalogue.texts[key])]
        else:
            lines.append(f"msgstr {_quoted(catalogue.texts[key][0])}")
        lines.append("")
    return "\n".join(lines)


def read_po(text: str) -> Catalogue:
    """What ``write_po`` writes; strings continued over several lines are read too. The header is left aside."""
    read = Catalogue()
    entry: dict[str, str] = {}
    word = ""
    for line in [*text.splitlines(), ""]:
        if line.startswith('"'):
            entry[word] += _unquoted(line)
        elif match := re.match(r'(msg\w+(?:\[\d\])?) (".*")$', line):
            word = match[1]
            entry[word] = _unquoted(match[2])
        elif not line.strip():
            if entry.get("msgid"):
                key = (entry["msgid"], entry.get("msgid_plural", ""))
                forms = [entry[name] for name in sorted(entry) if name.startswith("msgstr")]
                read.texts[key] = forms
            entry = {}
    return read


# --- the .mo ----------------------------------------------------------------------------------------------------------


def compiled(catalogue: Catalogue) -> bytes:
    """The binary catalogue that gettext reads: sorted keys, then texts (GNU gettext manual, « The Format of GNU MO Files »)."""
    pairs = {"": HEADER}
    for (text, plural), forms in catalogue.texts.items():
        if all(forms):
            pairs["\0".join(filter(None, (text, plural)))] = "\0".join(forms)
    keys = sorted(pairs, key=str.encode)
    blobs = [key.encode() for key in keys] + [pairs[key].encode() for key in keys]
    at = 28 + 16 * len(keys)
    table = b""
    for blob in blobs:
        table += struct.pack("<II", len(blob), at)
        at += len(blob) + 1
    head = struct.pack("<7I", 0x950412DE, 0, len(keys), 28, 28 + 8 * len(keys), 0, 0)
    return head + table + b"".join(blob + b"\0" for blob in blobs)


# --- the command ------------------------------------------------------------------------------------------------------


def current() -> Catalogue:
    """The texts of the sources with the translations of the .po."""
    known = read_po(PO.read_text(encoding="utf-8")) if PO.exists() else Catalogue()
    made = found()
    # A space that became a no-break one is no reason to translate again.
    alike = {_spaced(key): forms for key, forms in known.texts.items()}
    for key in made.texts:
        made.texts[key] = known.texts.get(key) or alike.get(_spaced(key)) or made.texts[key]
    return made


def _spaced(key: Key) -> Key:
    return (" ".join(key[0].split()), " ".join(key[1].split()))


def take(catalogue: Catalogue, given: dict[str, str | list[str]]) -> None:
    """Fill in what has no translation yet from a mapping; what the sources do not ask for is left aside."""
    by_text = {" ".join(text.split()): [forms] if isinstance(forms, str) else forms for text, forms in given.items()}
    for key in missing(catalogue):
        forms = by_text.get(_spaced(key)[0], [])
        if len(forms) == len(catalogue.texts[key]):
            catalogue.texts[key] = forms


def missing(catalogue: Catalogue) -> list[Key]:
    return sorted(key for key, forms in catalogue.texts.items() if not all(forms))


def places_of(text: str) -> list[str]:
    """What stands between braces: filled in when the text is shown, so that both languages need the same."""
    return sorted(set(re.findall(r"\{(\w*)\}", text)))


def wrong_places(catalogue: Catalogue) -> list[str]:
    """Translations that name a value which the French text does not have, or the other way round."""
    return [
        f"{key[0]} → {form}"
        for key, forms in sorted(catalogue.texts.items())
        for form in forms
        if form and not set(places_of(form)) <= set(places_of(key[0] + key[1]))
    ]


def faults() -> Iterable[str]:
    """Why the catalogue is not what the sources ask for; nothing when all is well."""
    catalogue = current()
    yield from (f"sans traduction : {key[0]}" for key in missing(catalogue))
    yield from (f"valeurs différentes : {one}" for one in wrong_places(catalogue))
    if not PO.exists() or PO.read_text(encoding="utf-8") != write_po(catalogue):
        yield "django.po n'est pas à jour"
    if not MO.exists() or MO.read_bytes() != compiled(catalogue):
        yield "django.mo n'est pas à jour"


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="pix translations", description=(__doc__ or "").split("\n\n")[0])
    group = parser.add_mutually_exclusive_group(required=True)
    for name in ("--write", "--check", "--missing"):
        group.add_argument(name, action="store_true")
    group.add_argument("--take", metavar="FILE", type=Path)
    chosen = parser.parse_args(argv)
    if chosen.missing:
        for key in missing(current()):
            print(json.dumps(key if key[1] else key[0], ensure_ascii=False))
        return 0
    if chosen.write or chosen.take:
        catalogue = current()
        if chosen.take:
            take(catalogue, json.loads(chosen.take.read_text(encoding="utf-8")))
        PO.parent.mkdir(parents=True, exist_ok=True)
        PO.write_text(write_po(catalogue), encoding="utf-8")
        MO.write_bytes(compiled(catalogue))
        left = missing(catalogue)
        if left:
            print(f"{len(left)} textes sans traduction : pix translations --missing", file=sys.stderr)
        return 0
    said = list(faults())
    for one in said[:50]:
        print(one, file=sys.stderr)
    return 1 if said else 0
