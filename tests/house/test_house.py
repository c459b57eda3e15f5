"""The codebase tests itself: what imports cannot say and a reviewer would have to remember."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from enum import Enum
from functools import cache
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PIX = ROOT / "pix"
GLOSSARY = ROOT / "docs" / "glossary.md"
OPERATIONS = ROOT / "docs" / "operations.md"


@cache
def our_files() -> tuple[Path, ...]:
    """What a commit would hold: tracked files and new ones that are not ignored."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("git n'est pas là")
    return tuple(path for name in listed if name and (path := ROOT / name).is_file())


def modules(*folders: str) -> Iterator[Path]:
    """Python files of these folders that hold something, migrations aside."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts and path.read_text(encoding="utf-8").strip():
                yield path


def text_of(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def here(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# --- words ------------------------------------------------------------------------------------------------------------


@cache
def glossary_words() -> frozenset[str]:
    """Code words of the glossary: whatever stands between backquotes."""
    return frozenset(re.findall(r"`([^`]+)`", GLOSSARY.read_text(encoding="utf-8")))


def rooms() -> list[str]:
    """Folders of the house: domains, faces and what stands beside them."""
    return [
        path.name
        for parent in (PIX, PIX / "web")
        for path in sorted(parent.iterdir())
        if (path / "__init__.py").exists()
    ]


def test_every_room_is_in_the_glossary() -> None:
    assert sorted(set(rooms()) - glossary_words()) == []


def test_every_model_is_in_the_glossary() -> None:
    from django.apps import apps

    ours = {model.__name__ for model in apps.get_models() if model.__module__.startswith("pix.")}
    assert sorted(ours - glossary_words()) == []


def test_every_list_of_states_is_in_the_glossary() -> None:
    names = set()
    for path in [*PIX.glob("*/enums.py"), *PIX.glob("*/enums/*.py")]:
        module = import_module(here(path).removesuffix(".py").removesuffix("/__init__").replace("/", "."))
        found = vars(module).values()
        names |= {
            one.__name__
            for one in found
            if isinstance(one, type) and issubclass(one, Enum) and one.__module__ == module.__name__
        }
    assert sorted(names - glossary_words()) == []


def test_every_module_says_why_it_exists() -> None:
    silent = [
        here(path)
        for path in modules("pix", "tools")
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_no_drawers() -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "service", "services", "misc"}
    assert [here(path) for path in modules("pix", "config", "tools", "tests") if path.stem in drawers] == []


FORBIDDEN = re.compile(
    r"/wor[k]/|\.\./share[d]|\bshare[d]/(spec|design|seed)|see[d]/000|\bspe[c]/(learning|schools|content|checklist|certification|measurement)"
    r"|desig[n]/(architecture|style|look|decisions)|\bCE[O]\b|/opt/pyp[i]|extra-index-ur[l]|/tmp/bas[h]"
)
"""Traces of a workshop: paths of one machine, folders that nobody else has. (Classes of one letter hide this line from itself.)"""


def test_no_trace_of_a_workshop() -> None:
    found = []
    for path in our_files():
        text = text_of(path)
        for number, line in enumerate((text or "").splitlines(), 1):
            if match := FORBIDDEN.search(line):
                found.append(f"{here(path)}:{number}: {match.group()}")
    assert found == []


# --- settings ---------------------------------------------------------------------------------------------------------


def settings_read() -> set[str]:
    """Names of environment variables that the program reads."""
    names: set[str] = set()
    for path in modules("config", "pix"):
        names |= set(re.findall(r"[\"'](PIX_[A-Z_]+|HOST|PORT)[\"']", path.read_text(encoding="utf-8")))
    return names


def settings_documented() -> set[str]:
    """Names in the first column of the table of docs/operations.md."""
    return set(re.findall(r"^\| `([A-Z_]+)` \|", OPERATIONS.read_text(encoding="utf-8"), re.MULTILINE))


def test_every_setting_is_documented_and_every_documented_setting_is_read() -> None:
    read, documented = settings_read(), settings_documented()
    assert {"undocumented": sorted(read - documented), "unread": sorted(documented - read)} == {
        "undocumented": [],
        "unread": [],
    }


# --- templates and static files ---------------------------------------------------------------------------------------


def templates() -> dict[str, Path]:
    """Name that the program uses → file."""
    return {
        path.relative_to(folder).as_posix(): path
        for folder in sorted((PIX / "web").glob("*/templates"))
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def names_in_python(path: Path) -> Iterator[str]:
    """Patterns (regular expressions) of the template names written in a module; a value in an f-string stands for any word."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield re.escape(node.value)
        elif isinstance(node, ast.JoinedStr):
            yield "".join(
                re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"[\w./-]+" for part in node.values
            )


def names_in_template(text: str) -> Iterator[str]:
    """The same for a template: quoted names, and names joined with ``~``."""
    for joined in re.findall(r"[\"'][\w./-]*[\"'](?:\s*~\s*[\w.\[\]]+\s*~\s*[\"'][\w./-]*[\"'])*", text):
        yield "".join(
            re.escape(part[1:-1]) if part[0] in "\"'" else r"[\w./-]+" for part in re.split(r"\s*~\s*", joined)
        )


def test_every_template_is_used() -> None:
    import allauth

    known = templates()
    patterns = {
        pattern
        for path in modules("pix", "config")
        for pattern in names_in_python(path)
        if "html" in pattern or "txt" in pattern
    }
    for path in known.values():
        patterns |= {pattern for pattern in names_in_template(text_of(path) or "") if "html" in pattern}
    library = Path(allauth.__file__).parent / "templates"
    unused = [
        here(path)
        for name, path in known.items()
        if not any(re.fullmatch(pattern, name) for pattern in patterns) and not (library / name).exists()
    ]
    assert unused == []


def test_an_unknown_name_in_a_template_fails() -> None:
    import jinja2
    from django.template import engines
    from django.template.backends.jinja2 import Jinja2

    engine = engines["jinja2"]
    assert isinstance(engine, Jinja2)
    with pytest.raises(jinja2.UndefinedError):
        engine.env.from_string("{{ nothing_of_this_name }}").render()


NAMESPACES = {"www.w3.org"}
EXAMPLES = {"exemple.fr"}
"""Names shown as text in examples; so is whatever ends in .test."""
LINKS = {
    "pix.fr", "www.education.gouv.fr", "eduscol.education.fr", "www.legifrance.gouv.fr", "www.cnil.fr", "gar.education.fr",
    "www.internet-signalement.gouv.fr", "e-enfance.org", "creativecommons.org", "eupl.eu",
    "formulaire.defenseurdesdroits.fr", "www.defenseurdesdroits.fr", "interoperable-europe.ec.europa.eu",
}  # fmt: skip
"""Official sites that a page may link to (never load from)."""

COMMENTS = re.compile(r"/\*.*?\*/|<!--.*?-->|\{#.*?#\}|^\s*//[^\n]*", re.DOTALL | re.MULTILINE)
ADDRESS = re.compile(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}[^\s\"'<>)`\\]*", re.IGNORECASE)


def test_nothing_on_a_page_comes_from_elsewhere() -> None:
    found = []
    for path in our_files():
        if not path.is_relative_to(PIX / "web") or path.suffix not in {
            ".html",
            ".css",
            ".js",
            ".svg",
            ".json",
            ".webmanifest",
        }:
            continue
        text = COMMENTS.sub("", text_of(path) or "")
        linked = set(re.findall(r"<a\b[^>]*?\bhref=[\"'](https?://[^\"']+)", text))
        for address in ADDRESS.findall(text):
            host = urlsplit(address).hostname or ""
            if host in NAMESPACES | EXAMPLES or host.endswith(".test"):
                continue
            if not (host in LINKS and any(link.startswith(address) for link in linked)):
                found.append(f"{here(path)} : {address}")
    assert found == []


def test_no_inline_script_or_style() -> None:
    inline = re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*type=[\"']application/json)[^>]*>|\sstyle=|<style\b|\son(?:click|change|submit|input|load|error|focus|blur|toggle|scroll|key\w+|mouse\w+|pointer\w+|touch\w+|drag\w*|drop)=[\"']|\shx-on|javascript:",
        re.IGNORECASE,
    )
    found = []
    for name, path in templates().items():
        text = re.sub(r"\{#.*?#\}", "", text_of(path) or "", flags=re.DOTALL)
        found += [f"{name} : {match.group().strip()}" for match in inline.finditer(text)]
    assert found == []


# --- documents --------------------------------------------------------------------------------------------------------


def test_every_link_between_documents_leads_somewhere() -> None:
    broken = []
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        if not path.exists():
            continue
        text = re.sub(r"```.*?```|`[^`]*`", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if "://" in target or target.startswith(("#", "mailto:")) or target.endswith(".png"):
                continue
            if not (path.parent / target.partition("#")[0]).exists():
                broken.append(f"{here(path)} : {target}")
    assert broken == []


def test_the_acceptance_page_is_up_to_date() -> None:
    from tools import acceptance

    assert acceptance.main(["--check"]) == 0, "pix acceptance --write"


def test_the_accessibility_statement_says_what_the_tests_verify() -> None:
    from tools import accessibility

    assert accessibility.main(["--check"]) == 0, "pix accessibility --write"
    assert set(accessibility.CRITERIA) == set(import_module("pix.web.public.accessibility").SENTENCES)


# --- languages --------------------------------------------------------------------------------------------------------


@pytest.mark.proves("T-042")
def test_every_french_text_has_its_english_one() -> None:
    """The catalogue holds each text of the sources, translated, nothing else; the .mo is the .po, as Python reads it."""
    import gettext

    from tools import translations

    assert list(translations.faults()) == [], "pix translations --write, then fill in locale/en/LC_MESSAGES/django.po"
    with translations.MO.open("rb") as file:
        read = gettext.GNUTranslations(file)
    for (text, plural), forms in translations.read_po(translations.PO.read_text(encoding="utf-8")).texts.items():
        shown = [read.ngettext(text, plural, n) for n in (1, 2)] if plural else [read.gettext(text)]
        assert shown == forms


def test_what_imported_templates_make_once_speaks_every_language() -> None:
    """A dictionary at the top of an imported file is made for the first reader, in whose language it would stay."""
    imported = {
        name for path in templates().values() for name in re.findall(r"{%-? import \"([\w/.]+)\"", text_of(path) or "")
    }
    assert "ui/components.html" in imported
    found = [
        f"{name} : {match.group()[:60]}"
        for name in sorted(imported)
        for match in re.finditer(r"^{% set .*?(?<![\w.])_\(", text_of(templates()[name]) or "", re.MULTILINE)
    ]
    assert found == []


def test_the_catalogue_sees_what_is_missing_and_what_is_left_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tools import translations

    whole = translations.current()
    first = ("Mot de passe", "")
    assert translations.read_po(translations.write_po(whole)).texts == whole.texts
    changed = translations.Catalogue(dict(whole.texts), whole.places)
    changed.texts[first] = [""]
    changed.texts[("Un texte qui n'est plus nulle part.", "")] = ["Gone."]
    monkeypatch.setattr(translations, "PO", tmp_path / "django.po")
    monkeypatch.setattr(translations, "MO", tmp_path / "django.mo")
    (tmp_path / "django.po").write_text(translations.write_po(changed), encoding="utf-8")
    (tmp_path / "django.mo").write_bytes(translations.compiled(whole))
    assert list(translations.faults()) == [
        "sans traduction : Mot de passe",
        "django.po n'est pas à jour",
        "django.mo n'est pas à jour",
    ]
    translations.take(changed, {"Mot de passe": "Secret word", "Aide": "Not asked for", "Ailleurs": "Elsewhere"})
    assert changed.texts[first] == ["Secret word"]
    assert changed.texts[("Aide", "")] == ["Help"]
    whole.texts[("Bonjour {name}", "")] = ["Hello {nom}"]
    assert translations.wrong_places(whole) == ["Bonjour {name} → Hello {nom}"]


# --- the entry --------------------------------------------------------------------------------------------------------


@pytest.mark.proves("T-039")
def test_one_command_installs_and_needs_nothing_but_python() -> None:
    """start.py reads on an older Python (to say it is too old) and imports the standard library only; the README gives it."""
    source = (ROOT / "start.py").read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 7))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert sorted(name for name in imported if name.partition(".")[0] not in sys.stdlib_module_names) == []
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "python3 start.py\n" in readme
    assert "python3 start.py test\n" in readme


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "tools/uv.txt"])
def test_the_lock_has_hashes_and_names_no_host(name: str) -> None:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if "://" in line or line.startswith("--") or " @ " in line] == []
    packages = [number for number, line in enumerate(lines) if line and not line.startswith(" ")]
    without = [
        lines[number] for number in packages if number + 1 == len(lines) or "--hash=sha256:" not in lines[number + 1]
    ]
    assert packages
    assert without == []


def test_what_runs_once_reads_no_database() -> None:
    """pytest-django refuses the database to a test without the mark: no mark, the same answer on both databases."""
    named = re.search(r"^DATABASE_FREE = \(([^)]*)\)$", (ROOT / "tests/run.py").read_text(), re.MULTILINE)
    assert named
    files = [
        file for path in re.findall(r'"([^"]+)"', named[1]) for file in [ROOT / path, *(ROOT / path).rglob("*.py")]
    ]
    assert len(files) > 20
    marked = [f"{file}" for file in files if file.is_file() and "django_" + "db" in file.read_text()]
    assert marked == []
