"""MDP: judge, rank or build passwords; every password shown is invented, none is a real one."""

import random
import re
from collections.abc import Mapping
from typing import Any

from pix.core.texts import match_key, unaccent
from pix.generators import states, world
from pix.generators.contract import Draw
from pix.generators.params import Reader
from pix.generators.solving import mdp as solving
from pix.generators.states import Malformed

LEVELS = ("faible", "moyen", "fort")
COMMON = (
    "123456", "123456789", "azerty", "azertyuiop", "motdepasse", "password", "qwerty", "soleil", "doudou", "loulou", "bonjour", "chouchou",
    "marseille", "000000", "111111", "abc123", "iloveyou", "jetaime", "football", "pokemon", "naruto", "minecraft", "admin",
)  # fmt: skip
_SIGNS = "!?*+=#%&@"


def classes(password: str) -> int:
    """Kinds of signs: small letters, capitals, digits, others."""
    kinds = (str.islower, str.isupper, str.isdecimal, lambda sign: not sign.isalnum())
    return sum(any(kind(sign) for sign in password) for kind in kinds)


def weaknesses(password: str, length: int, kinds: int, words: int, personal: list[str], no_common: bool) -> list[str]:
    """What is wrong with a password, in French; empty = fine."""
    found = []
    folded = match_key(password)
    if len(password) < length:
        found.append(f"Il faut au moins {length} signes.")
    if classes(password) < kinds:
        found.append(f"Il faut mélanger {kinds} sortes de signes (minuscules, majuscules, chiffres, autres signes).")
    if words and len(set(re.findall(r"[a-z]{3,}", unaccent(password)))) < words:
        found.append(f"Il faut au moins {words} mots différents, séparés.")
    if any(match_key(fact) in folded for fact in personal if len(match_key(fact)) >= 3):
        found.append("Il contient une information personnelle facile à trouver.")
    if no_common and (
        folded in COMMON or any(folded.startswith(word) and len(folded) - len(word) < 4 for word in COMMON)
    ):
        found.append("Il fait partie des mots de passe les plus courants.")
    if len(set(folded)) < min(5, length) and password:
        found.append("Il répète trop souvent les mêmes signes.")
    return found


def _drawn(rng: random.Random) -> dict[str, list[str]]:
    words = [unaccent(word) for word in rng.sample(world.SECRET_WORDS, 10)]
    name = unaccent(rng.choice(world.FIRST_NAMES))
    year = rng.randint(2010, 2015)
    weak = [
        rng.choice(COMMON),
        f"{name}{year}",
        f"{name.capitalize()}123",
        words[0][:6],
        f"{rng.choice('234567')}" * 6,
    ]
    middle = [
        f"{words[1][:5].capitalize()}{rng.randint(10, 99)}{rng.choice(_SIGNS)}",
        f"{words[2][:6].capitalize()}-{rng.randint(100, 999)}",
    ]
    strong = [
        f"{words[3].capitalize()}-{words[4]}-{rng.randint(11, 98)}-{words[5]}{rng.choice(_SIGNS)}",
        f"{words[6]} {words[7]} {words[8]} {words[9].capitalize()} {rng.randint(11, 98)}",
        "".join(
            rng.choice("abcdefghjkmnpqrstuvwxyz")
            + rng.choice("ABCDEFGHJKLMNPQRSTUVWXYZ")
            + rng.choice("23456789")
            + rng.choice(_SIGNS)
            for _ in range(4)
        ),
    ]
    return {
        "faible": rng.sample(weak, len(weak)),
        "moyen": rng.sample(middle, len(middle)),
        "fort": rng.sample(strong, len(strong)),
    }


def _ranked(rng: random.Random) -> list[str]:
    """Four passwords that nobody ranks otherwise: the most common of all, a personal one, a short mix, a long phrase."""
    words = [unaccent(word) for word in rng.sample(world.SECRET_WORDS, 6)]
    name = unaccent(rng.choice(world.FIRST_NAMES))
    phrase = f"{words[0].capitalize()}-{words[1]}-{rng.randint(11, 98)}-{words[2]}-{words[3]}{rng.choice(_SIGNS)}"
    return [
        rng.choice(COMMON[:4]),
        f"{name}{rng.randint(2010, 2015)}",
        f"{words[4][:5].capitalize()}{rng.randint(10, 99)}{rng.choice(_SIGNS)}",
        phrase,
    ]


def _listed(reader: Reader, rng: random.Random, mode: str) -> list[tuple[str, str]]:
    """(password, level), from the weakest to the strongest for ``sort``."""
    found = []
    if reader.has("passwords"):
        for entry in reader.subs("passwords", lone="text"):
            found.append((entry.text("text"), entry.choice("level", LEVELS, "" if mode == "rate" else "faible")))
            entry.done()
    else:
        pool = _drawn(rng)
        if mode == "sort":
            found = [(text, "faible") for text in _ranked(rng)[-reader.whole("count", 4, 3, 4) :]]
        else:
            levels = (list(LEVELS) * 3)[: reader.whole("count", 5, 3, 8)]
            found = [(pool[level].pop(), level) for level in levels]
            rng.shuffle(found)
    if len({text for text, _ in found}) != len(found) or len(found) < 2:
        raise reader.fail("passwords", "at least two different passwords are expected")
    return found


def make(rng: random.Random, params: Mapping[str, Any]) -> Draw:
    """Modes and rules: docs/gabarits.md, MDP."""
    reader = Reader(params, "MDP", rng)
    mode = reader.choice("mode", ("rate", "sort", "build"))
    state: dict[str, Any] = {"gabarit": "MDP", "mode": mode, "levels": list(LEVELS)}
    if mode == "build":
        person = reader.raw("person", {})
        facts = (
            {str(key): reader.as_text(value, "person") for key, value in person.items()}
            if isinstance(person, Mapping)
            else {}
        )
        rules = reader.sub("rules")
        length, kinds, words = (
            rules.whole("length", 12, 1, 40),
            rules.whole("classes", 1, 1, 4),
            rules.whole("words", 0, 0, 8),
        )
        no_personal, no_common = rules.boolean("no_personal", True), rules.boolean("no_common", True)
        rules.done()
        shown = reader.boolean("show_rules", True)
        reader.done()
        state |= {
            "person": facts,
            "rules": {"length": length, "classes": kinds, "words": words, "no_personal": no_personal}
            if shown
            else None,
        }

        @states.judged
        def check_build(value: Any) -> list[str]:
            password = states.text(states.mapping(value).get("password"), "Le mot de passe", 200)
            if not password:
                return ["Aucun mot de passe n'est proposé."]
            return weaknesses(password, length, kinds, words, list(facts.values()) if no_personal else [], no_common)

        return Draw(
            state=state,
            check=check_build,
            solve=lambda: {"password": solving.build(length, words, lambda text: check_build({"password": text}).ok)},
        )

    listed = _listed(reader, rng, mode)
    reader.done()
    order = list(range(len(listed)))
    while True:
        rng.shuffle(order)
        if order != sorted(order):
            break
    ids = {index: f"m{rank + 1}" for rank, index in enumerate(order)}
    state["passwords"] = [{"id": ids[index], "text": listed[index][0]} for index in order]
    texts = {ids[index]: listed[index][0] for index in order}
    levels = {ids[index]: listed[index][1] for index in order}
    right = [ids[index] for index in sorted(order)]

    @states.judged
    def check(value: Any) -> list[str]:
        given = states.mapping(value)
        if mode == "rate":
            ratings = states.mapping(given.get("ratings"), "Les avis")
            if not set(ratings) <= set(levels) or not all(isinstance(level, str) for level in ratings.values()):
                raise Malformed("Les avis sont illisibles.")
            return [f"« {texts[i]} » est mal jugé." for i in right if ratings.get(i) != levels[i]]
        ranked = states.texts(given.get("order"), "L'ordre", 50)
        if sorted(ranked) != sorted(right):
            raise Malformed("L'ordre est incomplet.")
        return [] if ranked == right else ["L'ordre, du plus faible au plus solide, n'est pas le bon."]

    return Draw(state=state, check=check, solve=lambda: {"ratings": levels} if mode == "rate" else {"order": right})
