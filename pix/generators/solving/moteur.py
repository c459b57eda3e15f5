"""Solves MOTEUR: writes queries from the words of the page to find, runs them, opens and answers."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, product
from typing import Any

from pix.core.texts import match_key
from pix.generators.search_engine import STOP_WORDS, Page, read, search, stem, tokens

MAX_TRIES = 1_500


@dataclass(frozen=True, slots=True)
class Wish:
    """One goal, read. ``query``: what it finds, with which operators and how many words; others: urls, texts, a count."""

    verb: str
    wanted: tuple[str, ...] = ()
    count: int = 0
    operators: tuple[str, ...] = ()
    finds: str = ""
    not_finds: str = ""
    low: int = 0
    high: int = 99
    met: Callable[[str], bool] = bool


def solve(pages: Sequence[Page], wishes: Sequence[Wish], preset: str, locked: bool) -> dict[str, Any]:
    """A final state; with goals that contradict each other, the nearest one."""
    queries = [preset] if preset else []

    def ask(found: str | None) -> None:
        if found and found not in queries and not locked:
            queries.append(found)

    by_url = {page.url: page for page in pages}
    shunned = {url for wish in wishes if wish.verb == "not_opened" for url in wish.wanted}
    for wish in wishes:
        if wish.verb == "query" and not any(map(wish.met, queries)):
            ask(_query(wish, pages))

    def seen(url: str) -> bool:
        if any(url in part for query in queries for part in search(pages, query)):
            return True
        if locked:
            return False
        tries = islice(_plain(by_url[url], pages), MAX_TRIES)
        found = next((query for query in tries if any(url in part for part in search(pages, query))), None)
        ask(found)
        return found is not None

    opened: list[str] = []
    for wish in wishes:
        if wish.verb == "opened" and not set(wish.wanted) & set(opened):
            opened += [url for url in wish.wanted if url not in shunned and seen(url)][:1]
    choices = [wish.wanted for wish in wishes if wish.verb == "chosen"]
    accepted = [url for url in (choices[0] if choices else ()) if all(url in urls for urls in choices)]
    chosen = next((url for url in accepted if seen(url)), None)
    answers = [{match_key(text) for text in wish.wanted} for wish in wishes if wish.verb == "answer"]
    texts = [text for wish in wishes if wish.verb == "answer" for text in wish.wanted]
    answer = next((text for text in texts if all(match_key(text) in keys for keys in answers)), "")
    least = max((wish.count for wish in wishes if wish.verb == "queries"), default=0)
    for page in pages:
        if len({match_key(query) for query in queries}) < least:
            ask(page.title)
    for rank in range(least):
        if len({match_key(query) for query in queries}) < least:
            ask(f"brumeville {rank + 1}")
    return {"queries": queries, "opened": opened, "chosen": chosen, "answer": answer}


def _query(wish: Wish, pages: Sequence[Page]) -> str | None:
    targets = [page for page in pages if not page.ad and page.url != wish.not_finds]
    targets = [page for page in targets if page.url == wish.finds] if wish.finds else targets
    avoided = next((page for page in pages if page.url == wish.not_finds), None)
    most = MAX_TRIES // (len(targets) or 1)
    tries = (query for page in targets for query in islice(_candidates(wish, page, avoided, pages), most))
    return next((query for query in tries if len(query) <= 200 and wish.met(query)), None)


def _words(page: Page, pages: Sequence[Page]) -> list[str]:
    """Useful words of a page by their stem, those that few pages hold first, those of the title before the others."""
    text = page.keywords if page.ad and page.keywords else f"{page.title} {page.text}"
    words = list({stem(word): word for word in reversed(tokens(text)) if word not in STOP_WORDS}.values())[::-1]
    everywhere = [{*title_stems, *text_stems} for _, _, title_stems, text_stems in map(read, pages)]
    title = set(read(page)[2])

    def rank(word: str) -> tuple[int, bool]:
        return sum(stem(word) in held for held in everywhere), stem(word) not in title

    return sorted(words, key=rank)


def _plain(page: Page, pages: Sequence[Page]) -> Iterator[str]:
    words = _words(page, pages)
    yield from (" ".join(words[:count]) for count in (2, 3, 1, 5))
    yield from words
    yield from (f'"{" ".join(phrase)}"' for phrase in _phrases(page, pages))
    yield from (" ".join(pair) for pair in combinations(words[:12], 2))


def _phrases(page: Page, pages: Sequence[Page]) -> list[list[str]]:
    """Runs of two to five words of the page, those that no other page holds first."""
    found = []
    for text in (page.title, page.text):
        inside = tokens(text)
        for size in (3, 2, 4, 5):
            found += [inside[start : start + size] for start in range(len(inside) - size + 1)][:40]
    others = [
        f" {' '.join(tokens(part))} " for other in pages if other.url != page.url for part in (other.title, other.text)
    ]

    def rank(phrase: list[str]) -> tuple[int, bool]:
        return sum(f" {' '.join(phrase)} " in other for other in others), phrase[0] in STOP_WORDS or phrase[
            -1
        ] in STOP_WORDS

    return sorted(found, key=rank)


def _candidates(wish: Wish, page: Page, avoided: Page | None, pages: Sequence[Page]) -> Iterator[str]:
    words = _words(page, pages)
    foreign: list[str] = []
    if avoided or "exclude" in wish.operators:
        mine = {*read(page)[2], *read(page)[3]}
        others = [avoided] if avoided else pages
        foreign = [word for other in others for word in _words(other, pages) if stem(word) not in mine][:6]
        foreign += ["girafe", "zeppelin"]
    excluded = [f"-{word}" for word in foreign]
    if "exclude" not in wish.operators:
        excluded = ["", *(excluded if avoided else ())]
    if "period" in wish.operators and not page.date[:4].isdecimal():
        return
    host = page.url.split("://", 1)[-1].rstrip("/")
    year = page.date[:4]
    sites = [f"site:{host.split('/', 1)[0]}", f"site:{host}"] if "site" in wish.operators else [""]
    types = [f"type:{page.type}"] if "type" in wish.operators else [""]
    years = [f"après:{year}", f"avant:{year}", f"après:{year} avant:{year}"] if "period" in wish.operators else [""]
    phrases = _phrases(page, pages)[:25] if "phrase" in wish.operators else [[]]
    for phrase, exclude, site, kind, period in product(phrases, excluded, sites, types, years):
        quoted = f'"{" ".join(phrase)}"' if phrase else ""
        for chosen in _choices(
            [word for word in words if word not in phrase], wish.low - len(phrase), wish.high - len(phrase)
        ):
            yield " ".join(part for part in (quoted, *chosen, exclude, site, kind, period) if part)


def _choices(words: list[str], low: int, high: int) -> Iterator[Sequence[str]]:
    """So many words, around three first; words of no page make up the number when the page has too few."""
    padded = words + [f"mot{chr(97 + rank // 26)}{chr(97 + rank % 26)}x" for rank in range(max(0, low - len(words)))]
    sizes = range(max(0, low), min(high, max(len(words), low)) + 1)
    for size in sorted(sizes, key=lambda size: abs(size - 3))[:12]:
        yield padded[:size]
        if 0 < size <= 4:
            yield from islice(combinations(words[:8], size), 1, 12)
