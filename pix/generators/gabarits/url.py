"""URL: the anatomy of an address: name its parts, find its true domain, tell which addresses belong to one site."""

import random
import re
from collections.abc import Mapping
from typing import Any

from pix.generators import states
from pix.generators.contract import Draw
from pix.generators.params import Reader
from pix.generators.states import Malformed

MODES = ("name", "find", "sort")
PARTS = ("protocole", "sous-domaine", "domaine", "chemin", "page", "paramètre")
TRAPS = ("none", "subdomain", "path", "dash")
_ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9.-]+\.[a-z]+)(?P<path>/[^?\s]*)?(?:\?(?P<query>\S+))?", re.IGNORECASE
)
_SITES = ("plume", "preau", "nuee", "ronde", "brumeville", "galets", "lagon", "cherchea")
_STRANGERS = ("gros-lots", "acces-rapide", "infos-express", "verif-compte", "super-cadeaux", "portail-malin", "top-eclair", "clic-utile")  # fmt: skip
_SUBS = ("www", "mail", "compte", "aide", "club", "espace")
_PATHS = ("accueil", "connexion", "messages", "photos", "sport/resultats", "aide/contact", "documents", "agenda")


def _token(tokens: list[dict[str, Any]], text: str, part: str) -> None:
    tokens.append({"id": f"t{len(tokens) + 1}", "text": text, "part": part})


def whole(address: str) -> list[dict[str, Any]]:
    """The address cut into its parts, in order; a piece whose ``part`` is empty only separates."""
    match = _ADDRESS.fullmatch(address)
    if match is None:
        raise ValueError(f"not an address: {address!r}")
    labels = match["host"].split(".")
    tokens: list[dict[str, Any]] = []
    _token(tokens, match["scheme"], "protocole")
    _token(tokens, "://", "")
    if labels[:-2]:
        _token(tokens, ".".join(labels[:-2]), "sous-domaine")
        _token(tokens, ".", "")
    _token(tokens, ".".join(labels[-2:]), "domaine")
    pieces = [piece for piece in (match["path"] or "").split("/") if piece]
    page = pieces.pop() if pieces and "." in pieces[-1] else ""
    for text, part in (("/".join(pieces), "chemin"), (page, "page")):
        if text:
            _token(tokens, "/", "")
            _token(tokens, text, part)
    if match["query"]:
        _token(tokens, "?", "")
        _token(tokens, match["query"], "paramètre")
    return tokens


def small(address: str) -> list[dict[str, Any]]:
    """The address cut at every dot and slash: the true domain is made of two pieces."""
    tokens: list[dict[str, Any]] = []
    for token in whole(address):
        if token["part"] in ("sous-domaine", "domaine", "chemin"):
            for rank, text in enumerate(re.split(r"([./])", token["text"])):
                _token(tokens, text, token["part"] if rank % 2 == 0 else "")
        else:
            _token(tokens, token["text"], token["part"])
    return tokens


def drawn(rng: random.Random, trap: str, site: str = "") -> dict[str, str]:
    """An address with a trap: ``address``, its true ``domain``, and the ``bait``, the site that it pretends to be."""
    bait, stranger = site.removesuffix(".test") or rng.choice(_SITES), rng.choice(_STRANGERS)
    path, sub = rng.choice(_PATHS), rng.choice(_SUBS)
    hosts = {
        "none": (f"{sub}.{bait}.test", path, f"{bait}.test"),
        "subdomain": (f"{rng.choice(('', sub + '.'))}{bait}.test.{stranger}.test", path, f"{stranger}.test"),
        "path": (f"{rng.choice(('', 'www.'))}{stranger}.test", f"{bait}.test/{path}", f"{stranger}.test"),
        "dash": (f"{sub}.{bait}-{stranger}.test", path, f"{bait}-{stranger}.test"),
    }
    host, path, domain = hosts[trap]
    return {"address": f"https://{host}/{path}", "domain": domain, "bait": f"{bait}.test"}


def make(rng: random.Random, params: Mapping[str, Any]) -> Draw:
    """Parameters: docs/gabarits.md, URL."""
    reader = Reader(params, "URL", rng)
    mode = reader.choice("mode", MODES)
    return _sort(rng, reader) if mode == "sort" else _cut(rng, reader, mode)


def _cut(rng: random.Random, reader: Reader, mode: str) -> Draw:
    if reader.has("address"):
        found = {"address": reader.text("address")}
    else:
        traps = reader.texts("trap", ["none"])
        if not traps or not set(traps) <= set(TRAPS):
            raise reader.fail("trap", f"among {', '.join(TRAPS)}")
        found = drawn(rng, rng.choice(traps), reader.text("site", ""))
    try:
        tokens = (whole if mode == "name" else small)(found["address"])
    except ValueError as problem:
        raise reader.fail("address", str(problem)) from problem
    values = found | {"domain": next(t["text"] for t in whole(found["address"]) if t["part"] == "domaine")}
    present = [token["part"] for token in tokens if token["part"]]
    if mode == "find":
        part = reader.choice("part", PARTS, "domaine")
        wanted = {token["id"] for token in tokens if token["part"] == part}
        answer: dict[str, Any] = {"picked": sorted(wanted)}
        shown = "".join(t["text"] for t in whole(found["address"]) if t["part"] == part)
        if not wanted:
            raise reader.fail("part", f"no {part} in {found['address']}")
    else:
        asked = reader.texts("ask", list(dict.fromkeys(present)))
        decoys = reader.texts("decoys")
        if not set(asked) <= set(present) or not set(decoys) <= set(PARTS):
            raise reader.fail("ask", f"among {', '.join(present)}")
        names = {token["id"]: token["part"] for token in tokens if token["part"] in asked}
        answer = {"names": names}
        shown = " · ".join(f"{t['text']} : {t['part']}" for t in tokens if t["id"] in names)
    reader.done()
    state: dict[str, Any] = {
        "gabarit": "URL", "mode": mode, "address": found["address"],
        "tokens": [{"id": t["id"], "text": t["text"], "live": bool(t["part"]) if mode == "find" else t["id"] in names} for t in tokens],
    }  # fmt: skip
    if mode == "name":
        palette = sorted({*asked, *decoys})
        state["parts"] = rng.sample(palette, len(palette))
    live = {token["id"] for token in state["tokens"] if token["live"]}

    @states.judged
    def check(value: Any) -> list[str]:
        if mode == "find":
            picked = states.texts(states.mapping(value).get("picked"), "Les morceaux choisis", 60)
            if not set(picked) <= live:
                raise Malformed("Un morceau choisi est inconnu.")
            return [] if set(picked) == wanted else [f"Ce n'est pas exactement la bonne partie ({part})."]
        given = states.mapping(states.mapping(value).get("names"), "Les noms des parties")
        if not set(given) <= live or not all(isinstance(n, str) and n in state["parts"] for n in given.values()):
            raise Malformed("Les noms des parties sont illisibles.")
        return [f"« {t['text']} » n'a pas le bon nom." for t in tokens if t["id"] in names and given.get(t["id"]) != t["part"]]  # fmt: skip

    return Draw(values=values, state=state, check=check, solve=lambda: answer, shown_solution=shown)


def _sort(rng: random.Random, reader: Reader) -> Draw:
    domain = reader.text("domain", "") or f"{rng.choice(_SITES)}.test"
    if reader.has("right"):
        right, wrong = reader.texts("right", None), reader.texts("wrong", None)
    else:
        count = reader.whole("count", 5, 3, 8)
        right, wrong = [], []
        low = max(1, count // 3)
        true_ones = rng.randint(low, max(low, count - 3))
        traps = [rng.choice(TRAPS[1:]) for _ in range(count - true_ones)]
        traps[:3] = rng.sample(TRAPS[1:], min(3, len(traps)))
        for trap in ["none"] * true_ones + traps:
            made = ""
            while not made or made in right + wrong:
                made = drawn(rng, trap, domain)["address"]
            (right if trap == "none" else wrong).append(made)
    reader.done()
    addresses = rng.sample([*right, *wrong], len(right) + len(wrong))
    if not right or not wrong or len(set(addresses)) != len(addresses):
        raise reader.fail("right", "at least one right and one wrong address, all different")
    for address in addresses:
        try:
            true_one = next(t["text"] for t in whole(address) if t["part"] == "domaine") == domain
        except ValueError as problem:
            raise reader.fail("right", str(problem)) from problem
        if true_one != (address in right):
            raise reader.fail("right", f"{address!r} is on the wrong side for {domain}")
    ids = {address: f"a{rank + 1}" for rank, address in enumerate(addresses)}
    wanted = {ids[address] for address in right}

    @states.judged
    def check(value: Any) -> list[str]:
        picked = states.texts(states.mapping(value).get("picked"), "Les adresses choisies", 60)
        if not set(picked) <= set(ids.values()):
            raise Malformed("Une adresse choisie est inconnue.")
        unmet = ["Une adresse du bon site n'est pas cochée."] if wanted - set(picked) else []
        return unmet + (["Une adresse cochée mène à un autre site."] if set(picked) - wanted else [])

    return Draw(
        values={"domain": domain},
        state={
            "gabarit": "URL",
            "mode": "sort",
            "domain": domain,
            "addresses": [{"id": ids[address], "text": address} for address in addresses],
        },
        check=check,
        solve=lambda: {"picked": sorted(wanted)},
        shown_solution=" · ".join(right),
    )
