"""PHISH: sort messages, the true ones from the traps, and tick what gives each trap away."""

import random
from collections.abc import Mapping
from typing import Any

from pix.generators import states
from pix.generators.contract import Draw
from pix.generators.gabarits.traps import CLUES, NO_CLUES, SERVICES, Message, drawn, most
from pix.generators.params import Reader
from pix.generators.states import Malformed

CHANNELS = ("courriel", "SMS", "message", "affiche", "page")


def _written(entry: Reader) -> Message:
    """A message written by the author."""
    trap = entry.boolean("trap")
    link_text = link_url = ""
    if entry.has("link"):
        link = entry.sub("link")
        link_text, link_url = link.text("text"), link.text("url")
        link.done()
    clues = tuple(entry.texts("clues"))
    for clue in clues:
        if clue not in CLUES:
            raise entry.fail("clues", f"{clue!r} is not one of {', '.join(CLUES)}")
    message = Message(
        trap=trap, name=entry.text("name"), address=entry.text("address", ""), subject=entry.text("subject", ""), body=entry.text("body"),
        link_text=link_text, link_url=link_url, attachment=entry.text("attachment", ""), channel=entry.choice("channel", CHANNELS, "courriel"),
        date=entry.text("date", ""), clues=clues,
    )  # fmt: skip
    entry.done()
    if clues and not trap:
        raise entry.fail("clues", "a true message has none")
    return message


def _messages(reader: Reader, rng: random.Random) -> tuple[list[Message], list[tuple[str, str]]]:
    """The messages to sort and the true addresses to compare them with."""
    themes = reader.subset("themes", tuple(SERVICES))
    level = reader.whole("level", 1, 1, 3)
    known: list[tuple[str, str]] = []
    for entry in reader.subs("known"):
        known.append((entry.text("name"), entry.text("domain")))
        entry.done()
    if reader.has("messages"):
        pool = [_written(entry) for entry in reader.subs("messages", None)]
        chosen: list[Message] = []
        for key, trap in (("traps", True), ("genuine", False)):
            side = [message for message in pool if message.trap is trap]
            chosen += rng.sample(side, reader.whole(key, len(side), 0, len(side)))
        return chosen, known
    counts = [reader.whole(key, 2, 0, most(trap, themes)) for key, trap in (("traps", True), ("genuine", False))]
    chosen = drawn(rng, counts[0], counts[1], level, themes)
    if not known:
        names = {message.name for message in chosen}
        known = [service for service in SERVICES.values() if service[0] in names]
    return chosen, known


def make(rng: random.Random, params: Mapping[str, Any]) -> Draw:
    """Parameters: docs/gabarits.md, PHISH."""
    reader = Reader(params, "PHISH", rng)
    title = reader.text("title", "Messages reçus")
    keep_label, report_label = reader.text("keep_label", "Je garde"), reader.text("report_label", "Je signale")
    every = reader.raw("clues", 0) == "all"
    wanted = 9 if every else reader.whole("clues", 0, 0, 3)
    offered = reader.subset("offered", tuple(CLUES))
    no_click = reader.boolean("no_click")
    messages, known = _messages(reader, rng)
    reader.done()
    if not messages:
        raise reader.fail("messages", "at least one message is expected")
    if len({(m.name, m.subject, m.body) for m in messages}) != len(messages):
        raise reader.fail("messages", "two messages are the same")
    rng.shuffle(messages)
    ids = {f"m{rank + 1}": message for rank, message in enumerate(messages)}
    # What is offered is the same under every message: nothing tells a trap.
    texts = CLUES | (
        {"sender": "L'adresse de la page n'est pas la vraie"} if all(m.channel == "page" for m in messages) else {}
    )
    shown = [(clue, texts[clue]) for clue in offered] if wanted else []
    if wanted and not reader.has("offered"):
        shown.append(("", rng.choice(NO_CLUES)))
    rng.shuffle(shown)
    clue_ids = {f"k{rank + 1}": clue for rank, (clue, _) in enumerate(shown)}
    right = {name: {k for k, clue in clue_ids.items() if clue in message.clues} for name, message in ids.items()}
    if not every and any(len(right[name]) < wanted for name, message in ids.items() if message.trap):
        raise reader.fail("clues", f"a trap has fewer than {wanted} clues among those offered")

    @states.judged
    def check(value: Any) -> list[str]:
        state = states.mapping(value)
        verdicts = states.mapping(state.get("sorted"), "Le tri")
        ticked = states.mapping(state.get("clues"), "Les indices")
        opened = set(states.texts(state.get("opened"), "Les liens", 100))
        if not set(verdicts) <= set(ids) or not set(ticked) <= set(ids) or not opened <= set(ids):
            raise Malformed("Un message est inconnu.")
        if any(verdict not in ("keep", "report") for verdict in verdicts.values()):
            raise Malformed("Le tri est illisible.")
        chosen = {name: set(states.texts(listed, "Les indices", 50)) for name, listed in ticked.items()}
        if any(not listed <= set(clue_ids) for listed in chosen.values()):
            raise Malformed("Un indice est inconnu.")
        unmet = []
        for name, message in ids.items():
            label = f"« {message.subject or message.name} »"
            verdict = verdicts.get(name)
            if verdict is None:
                unmet.append(f"Le message {label} n'est pas trié.")
            elif message.trap != (verdict == "report"):
                unmet.append(f"Le message {label} n'est pas bien trié.")
            elif message.trap and wanted:
                given = chosen.get(name, set())
                if not given <= right[name]:
                    unmet.append(f"Un indice coché ne convient pas au message {label}.")
                if len(given & right[name]) < (len(right[name]) if every else wanted):
                    unmet.append(f"Il manque un indice pour le message {label}.")
            if no_click and message.trap and name in opened:
                unmet.append(f"Le lien piégé du message {label} a été ouvert.")
        return unmet

    def solve() -> dict[str, Any]:
        traps = [name for name, message in ids.items() if message.trap]
        return {
            "sorted": {name: "report" if message.trap else "keep" for name, message in ids.items()},
            "clues": {name: sorted(right[name]) for name in traps} if wanted else {},
            "opened": [],
        }

    return Draw(
        state={
            "gabarit": "PHISH", "title": title, "keep_label": keep_label, "report_label": report_label,
            "clues_label": "Coche tous les indices que tu vois" if every else f"Coche au moins {wanted} indice{'s' if wanted > 1 else ''}",
            "known": [{"name": name, "domain": domain} for name, domain in known],
            "clues": [{"id": key, "text": text} for key, (_, text) in zip(clue_ids, shown, strict=True)],
            "messages": [
                {"id": name}
                | {key: getattr(m, key) for key in ("channel", "name", "address", "date", "subject", "body", "link_text", "link_url", "attachment")}
                for name, m in ids.items()
            ],
        },
        check=check,
        solve=solve,
        shown_solution="\n".join(
            f"« {m.subject or m.name} » : {report_label if m.trap else keep_label}"
            + (f" ({' ; '.join(text for key, (_, text) in zip(clue_ids, shown, strict=True) if key in right[name])})" if m.trap and wanted else "")
            for name, m in ids.items()
        ),
    )  # fmt: skip
