"""The search algorithm of Cherchéa: the very same in Python (checker) and in ``moteur.js`` (page), integers only."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from pix.core.texts import unaccent

STOP_WORDS = frozenset(
    [
        "a",
        "ai",
        "au",
        "aux",
        "avec",
        "c",
        "ce",
        "ces",
        "cette",
        "comment",
        "d",
        "dans",
        "de",
        "des",
        "du",
        "elle",
        "en",
        "est",
        "et",
        "il",
        "ils",
        "j",
        "je",
        "l",
        "la",
        "le",
        "les",
        "leur",
        "ma",
        "mes",
        "mon",
        "n",
        "ne",
        "nos",
        "notre",
        "nous",
        "on",
        "ou",
        "par",
        "pas",
        "plus",
        "pour",
        "qu",
        "que",
        "quel",
        "quelle",
        "quelles",
        "quels",
        "qui",
        "quoi",
        "s",
        "sa",
        "ses",
        "son",
        "sur",
        "t",
        "ta",
        "tes",
        "ton",
        "tu",
        "un",
        "une",
        "vos",
        "votre",
        "vous",
        "y",
    ]
)
_TOKEN = re.compile(r"[a-z0-9]+")
_PIECE = re.compile(r'(-?)"([^"]*)"|(\S+)')
_QUOTES = str.maketrans({"«": '"', "»": '"', "“": '"', "”": '"', "„": '"'})
MAX_QUERY = 200
MAX_RESULTS = 20
MAX_ADS = 2


@dataclass(frozen=True, slots=True)
class Page:
    url: str
    title: str
    text: str
    date: str = ""
    type: str = "page"
    ad: bool = False
    keywords: str = ""


@dataclass(slots=True)
class Query:
    words: list[str] = field(default_factory=list)
    phrases: list[list[str]] = field(default_factory=list)
    excluded: list[list[str]] = field(default_factory=list)
    site: str = ""
    type: str = ""
    after: int = 0
    before: int = 0

    def operators(self) -> set[str]:
        """Which of phrase, exclude, site, type, period are really used."""
        used = set()
        if any(len(phrase) > 1 for phrase in self.phrases):
            used.add("phrase")
        if self.excluded:
            used.add("exclude")
        if self.site:
            used.add("site")
        if self.type:
            used.add("type")
        if self.after or self.before:
            used.add("period")
        return used


def tokens(text: str) -> list[str]:
    return _TOKEN.findall(unaccent(text))


def stem(token: str) -> str:
    """Plurals only: « galets » → « galet »."""
    return token[:-1] if len(token) > 3 and token[-1] in "sx" else token


def parse(query: str) -> Query:
    parsed = Query()
    for minus, quoted, bare in _PIECE.findall(query[:MAX_QUERY].translate(_QUOTES)):
        if not bare:
            inside = tokens(quoted)
            if inside:
                (parsed.excluded if minus else parsed.phrases).append(inside)
            continue
        folded = unaccent(bare).replace('"', "")
        name, colon, value = folded.partition(":")
        if colon and value and name in ("site", "type", "filetype", "apres", "after", "avant", "before"):
            year = int(value) if re.fullmatch(r"[0-9]{4}", value) else 0
            if name == "site":
                parsed.site = value.removeprefix("https://").removeprefix("http://").strip("/")
            elif name in ("type", "filetype"):
                parsed.type = value
            elif name in ("apres", "after"):
                parsed.after = year
            else:
                parsed.before = year
        elif folded.startswith("-") and tokens(folded):
            parsed.excluded.append(tokens(folded))
        else:
            parsed.words += tokens(folded)
    useful = [word for word in parsed.words if word not in STOP_WORDS]
    parsed.words = list(dict.fromkeys(stem(word) for word in (useful or parsed.words)))
    return parsed


def _holds(haystack: Sequence[str], needle: Sequence[str]) -> bool:
    size = len(needle)
    return any(list(haystack[start : start + size]) == list(needle) for start in range(len(haystack) - size + 1))


def _host(url: str) -> str:
    return url.split("://", 1)[-1]


@lru_cache(maxsize=256)  # a few questions: one draw runs many queries over the same pages
def read(page: Page) -> tuple[list[str], list[str], list[str], list[str]]:
    """Words of the title and of the text, then their stems."""
    title, text = tokens(page.title), tokens(page.text)
    return title, text, [stem(t) for t in title], [stem(t) for t in text]


def _score(page: Page, query: Query) -> int:
    """0 = not found."""
    title, text, stems_title, stems_text = read(page)
    if query.site:
        host = unaccent(_host(page.url))
        domain = host.split("/", 1)[0]
        if not (host.startswith(query.site) or domain.endswith("." + query.site.lstrip("."))):
            return 0
    if query.type and unaccent(page.type) != query.type:
        return 0
    if query.after or query.before:
        year = int(page.date[:4]) if page.date[:4].isdecimal() else 0
        if not year or (query.after and year < query.after) or (query.before and year > query.before):
            return 0
    for words in query.excluded:
        needle = [stem(word) for word in words]
        if _holds(stems_title, needle) or _holds(stems_text, needle):
            return 0
    score = 0
    for phrase in query.phrases:
        in_title = _holds(title, phrase)
        if not in_title and not _holds(text, phrase):
            return 0
        score += 130 if in_title else 100
    url = {stem(token) for token in tokens(_host(page.url))}
    for word in query.words:
        here = (30 if word in stems_title else 0) + (10 + min(stems_text.count(word), 5) if word in stems_text else 0)
        here += 5 if word in url else 0
        score += 100 + here if here else 0
    if not query.words and not query.phrases:
        return 1 if query.operators() - {"exclude"} else 0
    return score


def search(pages: Sequence[Page], text: str) -> tuple[list[str], list[str]]:
    """URLs of the ads, then of the results in order (at most 2 and 20)."""
    query = parse(text)
    asked = set(query.words) | {stem(token) for phrase in query.phrases for token in phrase}
    ads = [
        page.url
        for page in pages
        if page.ad and asked & {stem(t) for t in tokens(page.keywords or f"{page.title} {page.text}")}
    ]
    scored = [(-_score(page, query), rank, page.url) for rank, page in enumerate(pages) if not page.ad]
    return ads[:MAX_ADS], [url for score, _, url in sorted(scored) if score][:MAX_RESULTS]
