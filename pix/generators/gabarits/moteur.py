"""MOTEUR: a search engine over a mini-web of invented pages; the checker runs the pupil's queries again."""

import random
from collections.abc import Callable, Mapping
from typing import Any

from pix.core.texts import match_key
from pix.generators import states, world
from pix.generators.contract import Draw
from pix.generators.params import Reader, goals
from pix.generators.search_engine import Page, parse, search, tokens
from pix.generators.solving import moteur as solving
from pix.generators.states import Malformed

VERBS = ("query", "queries", "opened", "not_opened", "chosen", "answer")
OPERATORS = ("phrase", "exclude", "site", "type", "period")
TYPES = ("page", "pdf", "image", "vidéo", "actualité")
MAX_QUERIES = 60
_SAY = {
    "phrase": "Il manque une recherche avec une expression exacte entre guillemets.",
    "exclude": "Il manque une recherche qui exclut un mot avec le signe moins.",
    "site": "Il manque une recherche limitée à un site.",
    "type": "Il manque une recherche limitée à un type de fichier.",
    "period": "Il manque une recherche limitée à une période.",
}

Run = tuple[list[str], set[str], set[str], str | None, str]
"""Queries, pages seen in results, pages opened, page chosen, answer."""


def _holds(text: str, wanted: str) -> bool:
    inside, needle = tokens(text), tokens(wanted)
    return any(inside[start : start + len(needle)] == needle for start in range(len(inside)))


def _pages(reader: Reader, rng: random.Random) -> tuple[list[Page], dict[str, str]]:
    pages: list[Page] = []
    snippets: dict[str, str] = {}
    for entry in reader.subs("pages", None):
        page = Page(
            url=entry.text("url"),
            title=entry.text("title"),
            text=entry.text("text"),
            date=entry.text("date", ""),
            type=entry.choice("type", TYPES, "page"),
            ad=entry.boolean("ad"),
            keywords=entry.text("keywords", ""),
        )
        if entry.has("snippet"):
            snippets[page.url] = entry.text("snippet")
        entry.done()
        if any(page.url == other.url for other in pages):
            raise entry.fail("url", "two pages have the same address")
        pages.append(page)
    return pages, snippets


def _query_goal(reader: Reader, pages: list[Page]) -> tuple[Callable[[Run], bool], str, solving.Wish]:
    needed = reader.texts("operator", ())
    for name in needed:
        if name not in OPERATORS:
            raise reader.fail("operator", f"one of {', '.join(OPERATORS)}")
    finds, not_finds = reader.text("finds", ""), reader.text("not_finds", "")
    within = reader.whole("within", 10, 1)
    low, high = reader.whole("min_words", 0), reader.whole("max_words", 99)
    reader.done()
    known = {page.url for page in pages}
    for url in (finds, not_finds):
        if url and url not in known:
            raise reader.fail("finds", f"no page {url!r}")

    def met(run: Run) -> bool:
        for query in run[0]:
            parsed = parse(query)
            results = search(pages, query)[1]
            count = len(parsed.words) + sum(len(phrase) for phrase in parsed.phrases)
            if (
                set(needed) <= parsed.operators()
                and low <= count <= high
                and (not finds or finds in results[:within])
                and (not not_finds or (results and not_finds not in results))
            ):
                return True
        return False

    say = _SAY[needed[0]] if needed else "Aucune de tes recherches ne donne la page attendue en bonne place."
    alone: Callable[[str], bool] = lambda query: met(([query], set(), set(), None, ""))  # noqa: E731
    wish = solving.Wish("query", (), 0, tuple(needed), finds, not_finds, low, high, alone)
    return met, say, wish


def _goal(verb: str, reader: Reader, pages: list[Page]) -> tuple[Callable[[Run], bool], str, solving.Wish]:
    known = {page.url for page in pages}
    if verb == "query":
        return _query_goal(reader.sub("query"), pages)
    if verb == "queries":
        count = reader.whole(verb, None, 1)
        return (
            lambda run: len({match_key(query) for query in run[0]}) >= count,
            f"Fais au moins {count} recherches différentes.",
            solving.Wish(verb, count=count),
        )
    wanted = reader.texts(verb, None)
    wish = solving.Wish(verb, tuple(wanted))
    if verb == "answer":
        accepted = {match_key(text) for text in wanted}
        return lambda run: match_key(run[4]) in accepted, "La réponse n'est pas celle de la page.", wish
    for url in wanted:
        if url not in known:
            raise reader.fail(verb, f"no page {url!r}")
    if verb == "opened":
        return lambda run: bool(run[2] & set(wanted)), "Tu n'as pas ouvert la bonne page.", wish
    if verb == "not_opened":
        return lambda run: not run[2] & set(wanted), "Tu as ouvert une page à éviter.", wish
    return lambda run: run[3] in wanted and run[3] in run[1], "Ce n'est pas le bon résultat qui est choisi.", wish


def make(rng: random.Random, params: Mapping[str, Any]) -> Draw:
    """Goals and their meaning: docs/gabarits.md, MOTEUR."""
    reader = Reader(params, "MOTEUR", rng)
    engine = reader.text("engine", "Cherchéa")
    pages, snippets = _pages(reader, rng)
    preset, locked = reader.text("query", ""), reader.boolean("locked")
    filler = reader.whole("filler", 0 if locked else 8, 0, 16)
    answers = [
        str(t)
        for goal in reader.entries("goals", None)
        if isinstance(goal, Mapping)
        for t in _listed(goal.get("answer"))
    ]
    taken = {page.url for page in pages}
    for entry in world.pages(rng, 16):
        if (
            filler
            and entry["url"] not in taken
            and not any(_holds(f"{entry['title']} {entry['text']}", answer) for answer in answers)
        ):
            pages.append(Page(entry["url"], entry["title"], entry["text"], entry["date"]))
            filler -= 1
    rng.shuffle(pages)
    compiled = []
    wishes: list[solving.Wish] = []
    verbs = set()
    for verb, goal_reader in goals(reader, VERBS):
        met, say, wish = _goal(verb, goal_reader, pages)
        wishes.append(wish)
        compiled.append((met, goal_reader.text("say", say)))
        goal_reader.done()
        verbs.add(verb)
    label = reader.text("answer_label", "Ta réponse")
    reader.done()

    @states.judged
    def check(value: Any) -> list[str]:
        state = states.mapping(value)
        queries = [query[:200] for query in states.texts(state.get("queries"), "La liste des recherches", MAX_QUERIES)]
        if locked or (preset and preset not in queries):
            queries = [preset, *([] if locked else queries)]
        seen = {url for query in queries for part in search(pages, query) for url in part}
        opened = set(states.texts(state.get("opened"), "La liste des pages ouvertes", 200))
        if not opened <= seen:
            raise Malformed("Une page a été ouverte sans passer par une recherche.")
        run = (
            queries,
            seen,
            opened,
            states.text_or_none(state.get("chosen")),
            states.text(state.get("answer"), most=500),
        )
        return [say for met, say in compiled if not met(run)]

    return Draw(
        state={
            "gabarit": "MOTEUR",
            "engine": engine,
            "pages": [
                {
                    "url": page.url, "title": page.title, "text": page.text, "date": page.date, "type": page.type, "ad": page.ad,
                    "keywords": page.keywords, "snippet": snippets.get(page.url, ""),
                }
                for page in pages
            ],
            "query": preset,
            "locked": locked,
            "choose": "chosen" in verbs,
            "answer_label": label if "answer" in verbs or "answer_label" in params else "",
        },
        check=check,
        solve=lambda: solving.solve(pages, wishes, preset, locked),
    )  # fmt: skip


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
