"""From an author's Markdown to safe HTML: no raw HTML, French no-break spaces, ``{{ name }}`` kept for the variant."""

import html
import re
from collections.abc import Callable, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

PLACEHOLDER = re.compile(r"\{\{\s*(\w+(?:\.\w+)*)\s*\}\}")
"""``{{ name }}`` or ``{{ name.key }}``"""

NBSP = "\u00a0"
NARROW = "\u202f"

_BEFORE_HIGH = re.compile(r" +(?=[;!?])")
_BEFORE_COLON = re.compile(r" +(?=:(?:\s|$))")
_BEFORE_UNIT = re.compile(r"(?<=\d) +(?=[%€](?!\w))")
_OPENING = re.compile(r"« +")
_CLOSING = re.compile(r" +»")
_STANDIN = re.compile(r"zqph(\d+)zq")
_FIELD = re.compile(r"\$\{[^}]*\}(?:\s+options=\[[^\]]*\])?(?:\s+value=\"[^\"]*\")?")
_TAG = re.compile(r"<[^>]*>")
_BLOCK_END = re.compile(r"</(?:p|li|td|th|h\d|tr)>|<br ?/?>")


def french_spaces(text: str) -> str:
    """Author's ordinary spaces → narrow no-break before ``; ! ?``, no-break before ``:`` ``%`` ``€`` and inside « »."""
    text = _BEFORE_HIGH.sub(NARROW, text)
    text = _BEFORE_COLON.sub(NBSP, text)
    text = _BEFORE_UNIT.sub(NBSP, text)
    return _CLOSING.sub(f"{NBSP}»", _OPENING.sub(f"«{NBSP}", text))


def french_proposals(proposals: str) -> str:
    """The same outside the field markers, whose keys and options are compared exactly (learning 1.5)."""
    return _outside(_FIELD, proposals, french_spaces)


def _outside(pattern: re.Pattern[str], text: str, change: Callable[[str], str]) -> str:
    parts, end = [], 0
    for match in pattern.finditer(text):
        parts += [change(text[end : match.start()]), match[0]]
        end = match.end()
    return "".join([*parts, change(text[end:])])


def _typography(tokens: Sequence[Token]) -> None:
    for token in tokens:
        if token.type == "text":
            token.content = french_spaces(token.content)
        if token.children:
            _typography(token.children)


_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_MARKDOWN.core.ruler.push("french", lambda state: _typography(state.tokens))


def to_html(markdown: str) -> str:
    """Safe HTML of an author's text; ``""`` for an empty one.

    A placeholder goes through Markdown as a plain word, so that neither its dots nor its braces become markup; whoever
    fills it escapes the value.
    """
    if not markdown.strip():
        return ""
    names: list[str] = []

    def stand_in(match: re.Match[str]) -> str:
        names.append(match[1])
        return f"zqph{len(names) - 1}zq"

    rendered = str(_MARKDOWN.render(PLACEHOLDER.sub(stand_in, markdown)))
    return _STANDIN.sub(lambda m: f"{{{{ {names[int(m[1])]} }}}}", rendered).strip()


def to_text(markup: str) -> str:
    """What a reader sees of our own HTML, as plain text (to count words, to look for signs)."""
    return html.unescape(_TAG.sub("", _BLOCK_END.sub(" ", markup))).strip()


def placeholders(value: Any) -> set[str]:
    """Every ``{{ name }}`` of a text, or of the texts of a list or mapping."""
    if isinstance(value, str):
        return set(PLACEHOLDER.findall(value))
    if isinstance(value, dict):
        return {name for item in value.values() for name in placeholders(item)}
    if isinstance(value, (list, tuple)):
        return {name for item in value for name in placeholders(item)}
    return set()
