"""NAV: a browser on a small invented web: address bar, tabs, bookmarks, history, padlock, cookie banners, forms."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pix.core.texts import match_key, search_key
from pix.generators import states, world
from pix.generators.contract import BadParams, Draw
from pix.generators.params import Reader, goals
from pix.generators.solving import nav as solving
from pix.generators.states import Malformed

TOOLS = ("tabs", "bookmarks", "history", "clear", "padlock")
VERBS = (
    "current", "back_to", "tabs", "visited", "not_visited", "bookmark", "no_bookmark", "erased", "forgotten", "consent", "no_consent", "done",
    "not_done", "field", "answer",
)  # fmt: skip
NEEDS = {
    "tabs": "tabs", "bookmark": "bookmarks", "no_bookmark": "bookmarks", "erased": "clear",
}  # fmt: skip
"""The tool that a goal takes."""
STORES = {"history": "l'historique", "cookies": "les cookies", "passwords": "les mots de passe"}
BUTTONS = ("accept", "settings", "refuse")
ENGINE_HOME = "https://www.cherchea.test/"
MAX_TABS, MAX_TRAIL, MAX_HISTORY, MAX_BOOKMARKS, MAX_URL = 20, 300, 600, 200, 400


def host_of(url: str) -> str:
    """``"https://www.lac.test/plan"`` → ``"www.lac.test"``."""
    return url.split("://", 1)[-1].split("/", 1)[0].lower()


def key_of(url: str) -> str:
    """What makes two ways of typing one address the same: no scheme, no ``www.``, no last slash, any case."""
    return url.split("://", 1)[-1].lower().removeprefix("www.").rstrip("/")


@dataclass(frozen=True, slots=True)
class Run:
    """What came back, read."""

    tabs: list[tuple[list[str], int]]
    active: int
    history: list[dict[str, str]]
    bookmarks: list[dict[str, str]]
    consent: dict[str, list[str]]
    cookies: list[str]
    passwords: list[str]
    done: list[str]
    fields: dict[str, Any]
    answer: str

    def shown(self) -> str:
        trail, at = self.tabs[self.active]
        return trail[at]

    def urls(self) -> list[str]:
        return [trail[at] for trail, at in self.tabs]

    def visited(self) -> set[str]:
        return {url for trail, _ in self.tabs for url in trail} | {
            entry["url"] for entry in self.history if not entry["id"].startswith("h")
        }


Met = Callable[[Run], bool]


def read_state(value: Any, first: Mapping[str, Any], controls: Mapping[str, Mapping[str, Any]]) -> Run:
    """The final state; raises ``Malformed``. Addresses typed by the pupil may lead nowhere: they are kept as they are."""
    state = states.mapping(value)
    tabs: list[tuple[list[str], int]] = []
    for listed in states.items(state.get("tabs"), "Les onglets", MAX_TABS):
        entry = states.mapping(listed, "Les onglets")
        trail = [states.text(url, "Une adresse", MAX_URL) for url in states.items(entry.get("trail"), "Les onglets", MAX_TRAIL)]  # fmt: skip
        at = entry.get("at")
        if isinstance(at, bool) or not isinstance(at, int) or not 0 <= at < len(trail):
            raise Malformed("Un onglet est illisible.")
        tabs.append((trail, at))
    active = state.get("active")
    if isinstance(active, bool) or not isinstance(active, int) or not 0 <= active < len(tabs):
        raise Malformed("L'onglet affiché est inconnu.")
    history = _entries(state.get("history"), ("id", "url", "when"), "L'historique", MAX_HISTORY)
    known = {entry["id"]: entry for entry in first["history"]}
    if len({entry["id"] for entry in history}) != len(history) or any(
        entry["id"].startswith("h") and entry["url"] != known.get(entry["id"], {}).get("url") for entry in history
    ):
        raise Malformed("L'historique reçu est illisible.")
    consent: dict[str, list[str]] = {}
    for site, accepted in states.mapping(state.get("consent"), "Les choix de cookies").items():
        ids = states.texts(accepted, "Les choix de cookies", 40)
        banner = first["sites"].get(site, {}).get("banner")
        if banner is None or not set(ids) <= {purpose["id"] for purpose in banner["purposes"]}:
            raise Malformed("Un choix de cookies est inconnu.")
        consent[site] = ids
    stores = {name: states.texts(state.get(name), "Les données gardées", 200) for name in ("cookies", "passwords")}
    done = states.texts(state.get("done"), "Les boutons", 200)
    if not set(done) <= {i for i, control in controls.items() if control["kind"] == "button"} or any(
        not set(kept) <= set(first[name]) for name, kept in stores.items()
    ):
        raise Malformed("La réponse reçue contient un élément inconnu.")
    return Run(
        tabs,
        active,
        history,
        _entries(state.get("bookmarks"), ("url", "name", "folder"), "Les favoris", MAX_BOOKMARKS),
        consent,
        stores["cookies"],
        stores["passwords"],
        done,
        _fields(state.get("fields"), controls),
        states.text(state.get("answer"), "La réponse écrite", 500),
    )


def _entries(value: Any, keys: tuple[str, ...], what: str, most: int) -> list[dict[str, str]]:
    listed = [states.mapping(entry, what) for entry in states.items(value, what, most)]
    return [{key: states.text(entry.get(key), what, MAX_URL) for key in keys} for entry in listed]


def _fields(value: Any, controls: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    given = states.mapping(value, "Les champs")
    if set(given) != {i for i, control in controls.items() if control["kind"] != "button"}:
        raise Malformed("Les champs reçus sont incomplets.")
    for name, entered in given.items():
        control = controls[name]
        if control["kind"] == "check":
            states.boolean(entered, "Une case")
        elif states.text(entered, "Un champ", 500) and "options" in control and entered not in control["options"]:
            raise Malformed(f"« {control['label']} » a une valeur inconnue.")
    return given


# --- what the author writes


def _block(reader: Reader, controls: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """One part of a page. A control (button, check, choice, upload, input) has an ``id``, alone in the whole web."""
    kinds = ("text", "heading", "link", "image", "ad", "button", "check", "choice", "upload", "input")
    here = [name for name in kinds if reader.has(name)]
    if len(here) != 1:
        raise BadParams(f"{reader.where}: one of {', '.join(kinds)} is expected")
    kind = here[0]
    block: dict[str, Any] = {"kind": kind, "label": reader.text(kind)}
    if kind in ("link", "ad", "button"):
        block["to"] = reader.text("to", None if kind == "link" else "")
    if kind == "link":
        block["note"] = reader.text("note", "")
    if kind in ("button", "check", "choice", "upload", "input"):
        block["id"] = reader.text("id")
        if block["id"] in controls:
            raise reader.fail("id", f"{block['id']!r} appears twice")
        controls[block["id"]] = block
    if kind == "button":
        block["says"], block["free"] = reader.text("says", ""), reader.boolean("free")
    elif kind == "check":
        block["value"], block["free"] = reader.boolean("value"), reader.boolean("free")
    elif kind in ("choice", "upload"):
        block["options"], block["free"] = reader.texts("options", None), reader.boolean("free")
        block["value"] = reader.text("value", "")
    elif kind == "input":
        block["value"], block["free"] = reader.text("value", ""), reader.boolean("free")
    reader.done()
    return block


def _pages(params: Reader, controls: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    pages: list[dict[str, Any]] = []
    for reader in params.subs("pages", None):
        page: dict[str, Any] = {"url": reader.text("url"), "title": reader.text("title")}
        if "://" not in page["url"]:
            raise reader.fail("url", "an address begins with https:// or http://")
        page["body"] = [_block(block, controls) for block in reader.subs("body", lone="text")]
        page["listed"], page["date"] = reader.boolean("listed", True), reader.text("date", "")
        if reader.has("after"):
            after = reader.sub("after")
            page["after"] = {"done": after.text("done"), "to": after.text("to")}
            after.done()
        reader.done()
        if any(key_of(page["url"]) == key_of(other["url"]) for other in pages):
            raise reader.fail("url", "two pages have the same address")
        pages.append(page)
    return pages


def _site(reader: Reader) -> tuple[str, dict[str, Any]]:
    host = reader.text("host").lower()
    site: dict[str, Any] = {"name": reader.text("name", ""), "account": reader.text("account", ""), "menu": []}
    for entry in reader.subs("menu"):
        site["menu"].append({"label": entry.text("text"), "to": entry.text("to")})
        entry.done()
    if reader.has("banner"):
        banner = reader.sub("banner")
        purposes = []
        for entry in banner.subs("purposes", None):
            purposes.append({"id": entry.text("id"), "label": entry.text("label"), "value": entry.boolean("value"), "locked": entry.boolean("locked")})  # fmt: skip
            entry.done()
        chosen = banner.texts("buttons", BUTTONS)
        if not chosen or not set(chosen) <= set(BUTTONS):
            raise banner.fail("buttons", f"among {', '.join(BUTTONS)}")
        labels = {name: banner.text(name, text) for name, text in zip(BUTTONS, ("Tout accepter", "Régler mes choix", "Tout refuser"), strict=True)}  # fmt: skip
        site["banner"] = {"text": banner.text("text"), "purposes": purposes, "buttons": [{"does": name, "label": labels[name]} for name in chosen]}  # fmt: skip
        banner.done()
    if reader.has("certificate"):
        card = reader.sub("certificate")
        site["certificate"] = {key: card.text(key, "") for key in ("to", "by", "since", "until")}
        card.done()
    reader.done()
    return host, site


def _history(params: Reader, pages: list[dict[str, Any]], rng: random.Random) -> list[dict[str, str]]:
    entries: list[dict[str, str]] = []
    titles = {page["url"]: page["title"] for page in pages}
    for reader in params.subs("history", lone="url"):
        url = reader.text("url")
        entries.append({"url": url, "title": reader.text("title", titles.get(url, url)), "when": reader.text("when", "hier")})  # fmt: skip
        reader.done()
    extra = [page for page in world.pages(rng, 16) if page["url"] not in titles]
    for page in extra[: params.whole("history_filler", 0, 0, 12)]:
        pages.append({"url": page["url"], "title": page["title"], "body": [{"kind": "text", "label": page["text"]}], "listed": True, "date": ""})  # fmt: skip
        place = rng.randint(0, len(entries))
        when = entries[max(0, place - 1)]["when"] if entries else "hier"
        entries.insert(place, {"url": page["url"], "title": page["title"], "when": when})
    return [{"id": f"h{rank + 1}"} | entry for rank, entry in enumerate(entries)]


def _bookmarks(params: Reader, folders: list[str]) -> list[dict[str, str]]:
    found = []
    for reader in params.subs("bookmarks"):
        found.append({"url": reader.text("url"), "name": reader.text("name"), "folder": reader.text("folder", "")})
        reader.done()
        if found[-1]["folder"] and found[-1]["folder"] not in folders:
            raise reader.fail("folder", f"not one of {', '.join(folders)}")
    return found


def _tabs(params: Reader, home: str) -> list[dict[str, Any]]:
    tabs = []
    for reader in params.subs("open", [home], lone="trail"):
        trail = reader.texts("trail", None)
        tabs.append({"trail": trail, "at": reader.whole("at", len(trail) - 1, 0, len(trail) - 1)})
        reader.done()
    return tabs


# --- goals


def _goal(verb: str, reader: Reader, first: Mapping[str, Any], controls: Mapping[str, Mapping[str, Any]]) -> tuple[Met, str, solving.Wish]:  # fmt: skip
    known = {page["url"] for page in first["pages"]} | {ENGINE_HOME}

    def page(url: str) -> str:
        if url not in known:
            raise reader.fail(verb, f"no page {url!r}")
        return url

    if verb in ("current", "back_to", "tabs", "visited", "not_visited"):
        urls = [page(url) for url in reader.texts(verb, None)]
        wish = solving.Wish(verb, tuple(urls))
        if verb == "current":
            return lambda run: run.shown() in urls, "Ce n'est pas la bonne page qui est affichée.", wish
        if verb == "back_to":
            return lambda run: run.shown() in urls and run.tabs[run.active][1] + 1 < len(run.tabs[run.active][0]), "Il fallait revenir en arrière jusqu'à la page demandée.", wish  # fmt: skip
        if verb == "tabs":
            return lambda run: sorted(run.urls()) == sorted(urls), "Les onglets ouverts ne sont pas ceux qu'il faut.", wish  # fmt: skip
        if verb == "visited":
            return lambda run: bool(set(urls) & run.visited()), "Une page à lire n'a pas été ouverte.", wish
        return lambda run: not set(urls) & run.visited(), "Une page à éviter a été ouverte.", wish
    if verb == "bookmark":
        goal = reader.sub(verb)
        url, folder, named = page(goal.text("url")), goal.text("folder", ""), goal.text("name", "")
        if folder and folder not in first["folders"] and not goal.boolean("new"):
            raise goal.fail("folder", f"not one of {', '.join(first['folders'])} (new: true if the pupil makes it)")
        goal.raw("new")
        goal.done()

        def kept(run: Run) -> bool:
            mine = [b for b in run.bookmarks if b["url"] == url]
            return (
                len(mine) == 1
                and search_key(mine[0]["folder"]) == search_key(folder)
                and (not named or search_key(mine[0]["name"]) == search_key(named))
            )

        where = f" dans le dossier « {folder} »" if folder else ""
        return kept, f"La page n'est pas enregistrée dans les favoris{where}, une seule fois.", solving.Wish(verb, (url, folder, named))  # fmt: skip
    if verb == "no_bookmark":
        urls = reader.texts(verb, None)
        return lambda run: not {b["url"] for b in run.bookmarks} & set(urls), "Un favori est resté alors qu'il fallait l'enlever.", solving.Wish(verb, tuple(urls))  # fmt: skip
    if verb == "erased":
        names = reader.texts(verb, None)
        if not set(names) <= set(STORES):
            raise reader.fail(verb, f"among {', '.join(STORES)}")
        return lambda run: not any(_left(run, name) for name in names), f"Il reste des traces dans {' ou dans '.join(STORES[n] for n in names)}.", solving.Wish(verb, tuple(names))  # fmt: skip
    if verb == "forgotten":
        goal = reader.sub(verb)
        name, what = goal.choice("from", tuple(STORES)), goal.texts("what", None)
        goal.done()
        present = [e["url"] for e in first["history"]] if name == "history" else first[name]
        if not set(what) <= set(present):
            raise goal.fail("what", f"not in {name} at the beginning")
        return lambda run: not set(_left(run, name)) & set(what), f"Il reste dans {STORES[name]} ce qu'il fallait effacer.", solving.Wish(verb, (name, *what))  # fmt: skip
    if verb == "consent":
        goal = reader.sub(verb)
        site, accepted = goal.text("site").lower(), goal.texts("is")
        banner = first["sites"].get(site, {}).get("banner")
        if banner is None:
            raise goal.fail("site", f"no banner on {site!r}")
        locked = {p["id"] for p in banner["purposes"] if p["locked"]}
        if not set(accepted) <= {p["id"] for p in banner["purposes"]}:
            raise goal.fail("is", "unknown purpose")
        goal.done()
        return lambda run: site in run.consent and set(run.consent[site]) - locked == set(accepted) - locked, f"Tes choix de cookies sur {site} ne sont pas ceux demandés.", solving.Wish(verb, (site, *accepted))  # fmt: skip
    if verb == "no_consent":
        site = reader.text(verb).lower()
        return lambda run: site not in run.consent, f"Tu n'avais rien à choisir sur {site}.", solving.Wish(verb, (site,))  # fmt: skip
    if verb in ("done", "not_done"):
        ids = reader.texts(verb, None)
        for i in ids:
            if i not in controls or controls[i]["kind"] != "button":
                raise reader.fail(verb, f"no button {i!r}")
        wish = solving.Wish(verb, tuple(ids))
        if verb == "done":
            return lambda run: set(ids) <= set(run.done), f"Il manque un geste : « {controls[ids[0]]['label']} ».", wish
        return lambda run: not set(ids) & set(run.done), f"« {controls[ids[0]]['label']} » n'était pas le bon bouton.", wish  # fmt: skip
    if verb == "field":
        goal = reader.sub(verb)
        name = goal.text("id")
        control = controls.get(name)
        if control is None or control["kind"] == "button":
            raise goal.fail("id", f"no field {name!r}")
        raw = goal.required("is")
        goal.done()
        listed = raw if isinstance(raw, list) else [raw]
        if control["kind"] == "check":
            values: list[Any] = [goal.as_boolean(one, "is") for one in listed]
            met: Met = lambda run: run.fields[name] in values  # noqa: E731
        else:
            values = [goal.as_text(one, "is") for one in listed]
            if not set(values) <= {"", *control.get("options", values)}:
                raise goal.fail("is", f"not an option of {name}")
            keys = {match_key(one) for one in values}
            exact = "options" in control
            met = lambda run: run.fields[name] in values if exact else match_key(run.fields[name]) in keys  # noqa: E731
        return met, f"« {control['label']} » n'est pas bien rempli.", solving.Wish(verb, (name,), values[0])
    texts = reader.texts(verb, None)
    accepted_keys = {match_key(text) for text in texts}
    return lambda run: match_key(run.answer) in accepted_keys, "La réponse écrite n'est pas la bonne.", solving.Wish(verb, tuple(texts))  # fmt: skip


def _left(run: Run, store: str) -> list[str]:
    """What remains of the beginning."""
    if store == "history":
        return [entry["url"] for entry in run.history if entry["id"].startswith("h")]
    return run.cookies if store == "cookies" else run.passwords


def _damage(run: Run, first: Mapping[str, Any], wishes: list[solving.Wish], controls: Mapping[str, Mapping[str, Any]]) -> list[str]:  # fmt: skip
    """What no goal names must be as it was: bookmarks, stores, forms; surfing is free."""
    named: dict[str, set[str]] = {}
    for wish in wishes:
        named.setdefault(wish.verb, set()).update(wish.on)
    unmet = []
    touched = named.get("no_bookmark", set()) | {w.on[0] for w in wishes if w.verb == "bookmark"}
    before = sorted((b["url"], b["folder"]) for b in first["bookmarks"] if b["url"] not in touched)
    if sorted((b["url"], b["folder"]) for b in run.bookmarks if b["url"] not in touched) != before:
        unmet.append("D'autres favoris n'auraient pas dû changer.")
    for name, said in STORES.items():
        present = [e["url"] for e in first["history"]] if name == "history" else list(first[name])
        gone = {what for w in wishes if w.verb == "forgotten" and w.on[0] == name for what in w.on[1:]}
        if name not in named.get("erased", set()) and any(
            one not in gone and one not in _left(run, name) for one in present
        ):
            unmet.append(f"Tu as effacé plus que demandé dans {said}.")
    for i, control in controls.items():
        if control["free"]:
            continue
        if control["kind"] == "button":
            changed = i in run.done and i not in named.get("done", set())
        else:
            changed = run.fields[i] != control["value"] and i not in {w.on[0] for w in wishes if w.verb == "field"}
        if changed:
            unmet.append(f"« {control['label']} » : ce geste n'était pas demandé.")
    return unmet


def make(rng: random.Random, params: Mapping[str, Any]) -> Draw:
    """Parameters, goals and their meaning: docs/gabarits.md, NAV."""
    reader = Reader(params, "NAV", rng)
    controls: dict[str, dict[str, Any]] = {}
    pages = _pages(reader, controls)
    sites = dict(_site(entry) for entry in reader.subs("sites"))
    engine = reader.boolean("engine", True)
    home = reader.text("home", ENGINE_HOME if engine else pages[0]["url"])
    folders = reader.texts("folders")
    state: dict[str, Any] = {
        "gabarit": "NAV", "engine": engine, "engine_home": ENGINE_HOME, "home": home, "tools": reader.subset("tools", TOOLS), "sites": sites,
        "folders": folders, "bookmarks": _bookmarks(reader, folders), "history": _history(reader, pages, rng),
        "cookies": reader.texts("cookies"), "passwords": reader.texts("passwords"), "tabs": _tabs(reader, home),
    }  # fmt: skip
    state["active"] = reader.whole("active", 0, 0, len(state["tabs"]) - 1)
    shown = {page["url"] for page in pages}
    for page in world.pages(rng, 16)[: reader.whole("filler", 0, 0, 16)]:
        if page["url"] not in shown:
            pages.append({"url": page["url"], "title": page["title"], "body": [{"kind": "text", "label": page["text"]}], "listed": True, "date": page["date"]})  # fmt: skip
    state["pages"] = rng.sample(pages, len(pages))
    _known(reader, state)
    strict = reader.boolean("unchanged_elsewhere", True)
    compiled: list[tuple[Met, str]] = []
    wishes: list[solving.Wish] = []
    for verb, goal in goals(reader, VERBS):
        met, say, wish = _goal(verb, goal, state, controls)
        compiled.append((met, goal.text("say", say)))
        wishes.append(wish)
        goal.done()
    asks = any(wish.verb == "answer" for wish in wishes)
    state["answer_label"] = reader.text("answer_label", "Ta réponse") if asks or reader.has("answer_label") else ""
    reader.done()
    needed = {NEEDS[wish.verb] for wish in wishes if wish.verb in NEEDS} | {
        "history" if wish.on[0] == "history" else "clear" for wish in wishes if wish.verb == "forgotten"
    }

    @states.judged
    def check(value: Any) -> list[str]:
        run = read_state(value, state, controls)
        unmet = [say for met, say in compiled if not met(run)]
        return unmet + (_damage(run, state, wishes, controls) if strict else [])

    return Draw(
        state=state,
        check=check,
        solve=lambda: solving.solve(state, controls, wishes) if needed <= set(state["tools"]) else None,
    )


def _known(reader: Reader, state: Mapping[str, Any]) -> None:
    """Every link of the author's leads somewhere."""
    known = {page["url"] for page in state["pages"]} | {ENGINE_HOME}
    links = [("open", url) for tab in state["tabs"] for url in tab["trail"]]
    links += [("history", entry["url"]) for entry in state["history"]]
    links += [("bookmarks", entry["url"]) for entry in state["bookmarks"]]
    links += [("sites", entry["to"]) for site in state["sites"].values() for entry in site["menu"]]
    links += [("pages", block["to"]) for page in state["pages"] for block in page["body"] if block.get("to")]
    links += [("pages", page["after"]["to"]) for page in state["pages"] if "after" in page]
    for key, url in [*links, ("home", state["home"])]:
        if url not in known:
            raise reader.fail(key, f"no page {url!r}")
