"""Authors' texts: safe HTML, French spaces, placeholders and YAML that keep their meaning."""

import pytest

from pix.content.markup import french_proposals, french_spaces, to_html, to_text
from pix.content.source import parse

N, S = "\u00a0", "\u202f"


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("Où est-il ?", f"Où est-il{S}?"),
        ("Vite ! Non ; oui", f"Vite{S}! Non{S}; oui"),
        ("Objet : rendez-vous", f"Objet{N}: rendez-vous"),
        ("le mot « parcours »", f"le mot «{N}parcours{N}»"),
        ("50 % et 3 €", f"50{N}% et 3{N}€"),
        ("https://a.test:80 12:30", "https://a.test:80 12:30"),
    ],
)
def test_french_spaces(written: str, seen: str) -> None:
    assert french_spaces(written) == seen
    assert french_spaces(seen) == seen


def test_fields_are_left_alone() -> None:
    text = 'Qui ? ${a#Nom ?§Ton nom ?} options=["Oui !","Non"] et : ${b}'
    assert french_proposals(text) == f'Qui{S}? ${{a#Nom ?§Ton nom ?}} options=["Oui !","Non"] et{N}: ${{b}}'


def test_markdown_is_rendered_and_raw_html_is_not() -> None:
    html = to_html("**Ouvre** <script>alert(1)</script> [x](javascript:alert(1)) `a ?`")
    assert html.startswith("<p><strong>Ouvre</strong> &lt;script&gt;")
    assert "<script" not in html
    assert "href" not in html
    assert "<code>a ?</code>" in html


def test_placeholders_survive_markdown() -> None:
    assert to_html("Trouve **{{ ville.nom_long }}** et *{{a_b}}* ?") == (
        f"<p>Trouve <strong>{{{{ ville.nom_long }}}}</strong> et <em>{{{{ a_b }}}}</em>{S}?</p>"
    )
    assert to_html("  ") == ""


def test_text_of_html_for_counting() -> None:
    assert to_text("<p>Un &amp; deux</p><ul><li>trois</li></ul>").split() == ["Un", "&", "deux", "trois"]


def test_yaml_keeps_what_authors_mean() -> None:
    data, lines, problems = parse("a: oui\nb: no\nc: 12:30\nd: 2026-03-12\ne: 010\nf: 3\ng: 1.5\nh: true\ni:\n  - x\n")
    assert data == {
        "a": "oui", "b": "no", "c": "12:30", "d": "2026-03-12", "e": "010", "f": 3, "g": 1.5, "h": True, "i": ["x"],
    }  # fmt: skip
    assert (lines[("c",)], lines[("i", 0)]) == (3, 10)
    assert problems == []


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("a: 1\na: 2\n", 2, "duplicate-key"),
        ("a: 1\n  b: [\n", 2, "yaml"),
        ("x: 1\na: {{ nom }}\n", 2, "yaml"),
        ("a: !!python/object:os.system x\n", 1, "yaml"),
        ("", 1, "yaml"),
    ],
)
def test_yaml_problems_have_a_line(text: str, line: int, code: str) -> None:
    problems = parse(text, "f.yaml")[2]
    assert (problems[0].file, problems[0].line, problems[0].code) == ("f.yaml", line, code)
