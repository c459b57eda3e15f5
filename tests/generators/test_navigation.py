"""The browser, the address and the drawn code: near misses, hostile states, a thousand seeds, and a pupil at the screen."""

import json
import random
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import segno
from axe_playwright_python.sync_playwright import Axe
from msgspec import structs

from pix.content.compiler import compile_release
from pix.content.release import Question
from pix.content.source import read
from pix.content.variants import instantiate, variant_seed
from pix.generators.contract import BadParams, Draw
from pix.generators.gabarits.url import TRAPS, drawn, small, whole
from pix.generators.registry import GABARITS
from tests.generators.scenarios import CLUB, MAIL_BOX, MUSEUM, SCENARIOS, nav_first
from tests.generators.test_components import Site, live, passes, press, reach, sent, site

KEEP, LEAVE = "nav keep a page (1.1.1-N3)", "nav log out (4.1.6-N1)"
THOUSAND = 1_000
__all__ = ["site"]


def made(name: str, seed: int = 1) -> tuple[Draw, dict[str, Any]]:
    """A draw and the state of a pupil who succeeds, his own to spoil."""
    scenario = SCENARIOS[name]
    found = GABARITS[scenario.template](random.Random(seed), scenario.params)
    assert found.state is not None
    return found, json.loads(json.dumps(scenario.solve(found.state)))


def judged(found: Draw, value: Any) -> tuple[str, ...]:
    assert found.check is not None
    verdict = found.check(value)
    assert verdict.ok is not bool(verdict.unmet)
    return verdict.unmet


Spoil = Callable[[dict[str, Any]], Any]


@pytest.mark.parametrize(
    ("name", "why", "spoil", "said"),
    [
        (KEEP, "wrong folder", lambda s: s["bookmarks"][-1].update(folder="Sport"), "La page n'est pas enregistrée"),
        (KEEP, "no folder", lambda s: s["bookmarks"][-1].update(folder=""), "La page n'est pas enregistrée"),
        (KEEP, "kept twice", lambda s: s["bookmarks"].append(s["bookmarks"][-1]), "une seule fois"),
        (KEEP, "another one gone", lambda s: s["bookmarks"].pop(0), "D'autres favoris"),
        (KEEP, "everything accepted", lambda s: s["consent"]["www.musee.test"].append("pub"), "cookies"),
        (KEEP, "no choice made", lambda s: s["consent"].clear(), "cookies"),
        (KEEP, "elsewhere", lambda s: s["tabs"][0].update(at=0), "Ce n'est pas la bonne page"),
        (KEEP, "page to avoid", lambda s: s["tabs"][0]["trail"].append(CLUB), "à éviter"),
        (KEEP, "wrong answer", lambda s: s.update(answer="le lac"), "La réponse écrite"),
        (LEAVE, "not pressed", lambda s: s["done"].clear(), "Il manque un geste"),
        (LEAVE, "too much pressed", lambda s: s["done"].append("supprimer"), "n'était pas demandé"),
        (LEAVE, "wrong file", lambda s: s["fields"].update(depot="chat.jpg"), "Ton fichier"),
        (LEAVE, "still ticked", lambda s: s["fields"].update(rester=True), "Rester connecté"),
        (LEAVE, "another field", lambda s: s["fields"].update(classe="5e A"), "n'était pas demandé"),
        (LEAVE, "all cookies erased", lambda s: s["cookies"].clear(), "plus que demandé"),
        (LEAVE, "all history erased", lambda s: s["history"].clear(), "plus que demandé"),
        (LEAVE, "cookie left", lambda s: s["cookies"].append("plume.test"), "Il reste dans les cookies"),
    ],
)
def test_a_near_miss_in_the_browser_is_refused(name: str, why: str, spoil: Spoil, said: str) -> None:
    found, state = made(name)
    assert judged(found, state) == ()
    spoil(state)
    assert any(said in text for text in judged(found, state)), (why, judged(found, state))


def test_a_field_left_free_may_change() -> None:
    found, state = made(LEAVE)
    state["fields"]["nom"] = "Inaya"
    assert judged(found, state) == ()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda s: s.update(active=7),
        lambda s: s.update(active=True),
        lambda s: s.update(tabs=[]),
        lambda s: s["tabs"][0].update(at=-1),
        lambda s: s["tabs"][0].update(trail=["https://a.test/"] * 9_000),
        lambda s: s["tabs"][0].update(trail=["x" * 9_000]),
        lambda s: s["history"].append(s["history"][0]),
        lambda s: s["history"].append({"id": "h99", "url": "https://lune.test/", "when": "hier"}),
        lambda s: s["consent"].update({"lune.test": []}),
        lambda s: s["done"].append("lune"),
        lambda s: s["fields"].update(lune="x"),
        lambda s: s["cookies"].append("lune.test"),
        lambda s: s.update(bookmarks=[{"url": 3, "name": "", "folder": ""}]),
        lambda s: s.update(answer="x" * 9_000),
    ],
)
def test_a_browser_that_cannot_be_is_refused(spoil: Spoil) -> None:
    found, state = made(LEAVE)
    spoil(state)
    assert judged(found, state)


WEB: dict[str, Any] = {
    "pages": [
        {"url": MUSEUM, "title": "Le phare", "body": ["Bienvenue."]},
        {"url": CLUB, "title": "Saison", "body": ["Le club."]},
        {"url": MAIL_BOX, "title": "Plume", "body": ["Tes messages."]},
    ],
    "open": [{"trail": [CLUB, MUSEUM, MAIL_BOX]}],
    "folders": ["Sport"],
    "bookmarks": [{"url": CLUB, "name": "Le club", "folder": "Sport"}],
    "history": [CLUB, MUSEUM],
    "passwords": ["plume.test"],
    "cookies": ["plume.test"],
}
GOALS: list[list[dict[str, Any]]] = [
    [{"back_to": CLUB}],
    [{"tabs": [MAIL_BOX, MUSEUM]}, {"current": MUSEUM}],
    [{"visited": "https://www.cherchea.test/"}, {"current": MAIL_BOX}],
    [{"no_bookmark": CLUB}, {"bookmark": {"url": MUSEUM, "folder": "Phares", "new": True, "name": "Mon phare"}}],
    [{"erased": ["history", "cookies"]}],
    [{"erased": "passwords"}, {"forgotten": {"from": "history", "what": MUSEUM}}],
    [{"erased": "history"}, {"current": CLUB}],
]


@pytest.mark.parametrize("goals", GOALS)
def test_every_goal_of_the_browser_is_solved_and_starts_unmet(goals: list[dict[str, Any]]) -> None:
    found = GABARITS["NAV"](random.Random(1), WEB | {"goals": goals})
    assert judged(found, json.loads(json.dumps(found.example))) == ()
    assert judged(found, nav_first(found.state or {})) != ()


@pytest.mark.parametrize(
    ("tools", "goal"),
    [
        ([], {"tabs": [MAIL_BOX, MUSEUM]}),
        (["tabs"], {"bookmark": {"url": MUSEUM}}),
        (["history"], {"erased": "cookies"}),
        (["clear"], {"forgotten": {"from": "history", "what": CLUB}}),
    ],
)
def test_no_example_without_the_tool_that_it_takes(tools: list[str], goal: dict[str, Any]) -> None:
    assert GABARITS["NAV"](random.Random(1), WEB | {"tools": tools, "goals": [goal]}).example is None
    assert GABARITS["NAV"](random.Random(1), WEB | {"goals": [goal]}).example is not None


@pytest.mark.parametrize(
    ("template", "params", "said"),
    [
        ("NAV", WEB | {"goals": [{"current": "https://lune.test/"}]}, "no page"),
        ("NAV", WEB | {"goals": [{"done": "lune"}]}, "no button"),
        ("NAV", WEB | {"goals": [{"consent": {"site": "lune.test"}}]}, "no banner"),
        ("NAV", WEB | {"home": "https://lune.test/", "goals": [{"current": CLUB}]}, "home"),
        ("NAV", WEB | {"pages": [*WEB["pages"], WEB["pages"][0]], "goals": [{"current": CLUB}]}, "same address"),
        ("NAV", {"pages": [{"url": CLUB, "title": "x", "body": [{"lien": "x"}]}], "goals": []}, "one of text"),
        ("URL", {"mode": "find", "address": "pas une adresse"}, "not an address"),
        ("URL", {"mode": "find", "address": "https://a.test", "part": "page"}, "no page"),
        ("URL", {"mode": "name", "address": "https://a.test", "ask": ["page"]}, "among"),
        ("URL", {"mode": "sort", "domain": "a.test", "right": ["https://b.test"], "wrong": ["https://c.test"]}, "side"),
        ("URL", {"mode": "find", "trap": ["lune"]}, "among"),
        ("QR", {"codes": [{"id": "a", "label": "x", "text": "y"}]}, "a choice or an answer"),
        ("QR", {"codes": [{"id": "a", "label": "x", "text": "y"}], "choice": "b"}, "among a"),
    ],
)
def test_authors_are_told_what_is_wrong(template: str, params: dict[str, Any], said: str) -> None:
    with pytest.raises((BadParams, KeyError), match=said):
        GABARITS[template](random.Random(1), params)


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("https://a.test", ["protocole", "domaine"]),
        ("http://www.a.test/", ["protocole", "sous-domaine", "domaine"]),
        ("https://a.test/sport/b.html", ["protocole", "domaine", "chemin", "page"]),
        ("https://x.y.a.test/sport?page=2", ["protocole", "sous-domaine", "domaine", "chemin", "paramètre"]),
    ],
)
def test_an_address_is_cut_where_it_must(address: str, parts: list[str]) -> None:
    assert [token["part"] for token in whole(address) if token["part"]] == parts
    assert "".join(token["text"] for token in small(address)) == address.rstrip("/")


def test_a_thousand_addresses_have_one_true_domain_and_answers_spread() -> None:
    seen: Counter[str] = Counter()
    for seed in range(THOUSAND):
        params = {"mode": "find", "trap": list(TRAPS[1:])}
        found = GABARITS["URL"](random.Random(seed), params)
        assert found.state == GABARITS["URL"](random.Random(seed), params).state
        assert judged(found, found.example) == ()
        assert found.state is not None
        host = found.state["address"].split("/")[2]
        assert host.endswith(found.values["domain"])
        assert found.values["bait"] != found.values["domain"]
        live = {token["id"] for token in found.state["tokens"] if token["live"]}
        picked = set(found.example["picked"])
        for other in live:
            assert judged(found, {"picked": sorted(picked ^ {other})}) != ()
        seen[found.values["domain"]] += 1
    assert max(seen.values()) < 0.12 * THOUSAND
    assert drawn(random.Random(1), "none", "galets.test")["domain"] == "galets.test"


def test_a_thousand_lists_of_addresses() -> None:
    places: Counter[str] = Counter()
    for seed in range(THOUSAND):
        found = GABARITS["URL"](random.Random(seed), {"mode": "sort", "count": 6})
        assert found.state is not None
        picked = set(found.example["picked"])
        assert 2 <= len(picked) <= 3
        assert judged(found, found.example) == ()
        for entry in found.state["addresses"]:
            assert judged(found, {"picked": sorted(picked ^ {entry["id"]})}) != ()
        places[",".join(sorted(picked))] += 1
    assert max(places.values()) < 0.06 * THOUSAND


def test_names_swapped_between_two_parts_are_refused() -> None:
    found, state = made("url name the parts (1.1.1-N4)")
    first, second, *_ = state["names"]
    state["names"][first], state["names"][second] = state["names"][second], state["names"][first]
    assert len(judged(found, state)) == 2


def test_the_drawn_code_holds_the_text_and_both_parts_are_asked() -> None:
    places: Counter[str] = Counter()
    for seed in range(THOUSAND):
        found, state = made("qr (4.1.3-N4)", seed)
        assert judged(found, state) == ()
        places[state["choice"]] += 1
    assert max(places.values()) < 0.6 * THOUSAND
    assert found.state is not None
    code = found.state["codes"][0]
    drawn_again = segno.make(code["text"], error="m", micro=False).matrix
    assert code["rows"] == ["".join(map(str, row)) for row in drawn_again]
    other = next(entry["id"] for entry in found.state["codes"] if entry["id"] != state["choice"])
    assert judged(found, state | {"choice": other}) == ("Ce n'est pas le bon code.",)
    assert judged(found, state | {"choice": None}) == ("Aucun code n'est choisi.",)
    assert judged(found, state | {"answer": "gros-lots.test"}) == ("La réponse écrite n'est pas la bonne.",)
    assert judged(found, state | {"choice": "q9"})


@cache
def asked(template: str) -> tuple[Question, ...]:
    """The questions of the shipped bank that use one of the three."""
    sources = read(Path(__file__).parents[2] / "bank")
    questions = compile_release(sources, leave_out=sources.faulty).questions
    return tuple(question for question in questions if question.template == template)


@pytest.mark.parametrize("number", range(3))
def test_each_goal_of_each_browser_question_of_the_bank_counts(number: int) -> None:
    assert len(asked("NAV")) >= 20
    for question in asked("NAV"):
        seed = variant_seed(b"near misses", "", question.id, str(number), question.version)
        whole_one = instantiate(question, seed)
        assert whole_one.check is not None
        assert whole_one.check(whole_one.example).ok, question.id
        assert not whole_one.check(nav_first(whole_one.state or {})).ok, question.id
        goals = question.params["goals"]
        for left_out in range(len(goals) if len(goals) > 1 else 0):
            fewer = [goal for rank, goal in enumerate(goals) if rank != left_out]
            missed = instantiate(structs.replace(question, params={**question.params, "goals": fewer}), seed).example
            assert not whole_one.check(missed).ok, (question.id, goals[left_out])


@pytest.mark.parametrize("template", ["URL", "QR"])
def test_one_piece_more_or_less_is_refused_in_the_bank(template: str) -> None:
    for question in asked(template):
        for number in range(10):
            variant = instantiate(question, variant_seed(b"near misses", "", question.id, str(number), 1))
            assert variant.check is not None
            good = variant.example
            misses = [good | {"choice": code["id"]} for code in (variant.state or {}).get("codes", ())]
            misses += [good | {"picked": [i for i in good["picked"] if i != one]} for one in good.get("picked", ())]
            misses += [{"names": {i: n for i, n in good["names"].items() if i != one}} for one in good.get("names", ())]
            refused = [miss for miss in misses if not variant.check(miss).ok]
            assert len(refused) >= len([miss for miss in misses if miss != good]), question.id


# --- a pupil at the screen


@pytest.mark.browser
@pytest.mark.parametrize("twin", [False, True])
def test_a_page_is_kept_among_the_bookmarks(site: Site, twin: bool) -> None:
    page, found = site.open(KEEP, 360 if twin else 1280)
    assert not found.check(sent(page)).ok  # type: ignore[misc]
    if twin:
        page.click("[data-focus=twin]")
    page.fill("[data-focus=address]", "musee.test/phare")
    press(page, "Enter")
    assert live(page) == "Page « Le phare » affichée."
    page.click("[data-focus=banner-accept]")
    page.click("[data-focus=star]")
    page.select_option("dialog select", "Exposé")
    page.click("dialog button:has-text('Enregistrer')")
    page.fill("[data-focus=answer]", "Phare")
    verdict = found.check(sent(page))  # type: ignore[misc]
    assert [text for text in verdict.unmet if "cookies" not in text] == []
    assert not verdict.ok
    page.click("[data-focus=reopen]")
    page.click("[data-focus=banner-settings]")
    page.uncheck("[data-focus=purpose-pub]")
    page.click("[data-focus=banner-save]")
    page.reload()
    page.wait_for_selector(".gab-body > *")
    passes(page, found)
    assert Axe().run(page).response["violations"] == []
    page.context.close()


@pytest.mark.browser
@pytest.mark.parametrize("twin", [False, True])
def test_a_pupil_leaves_nothing_behind(site: Site, twin: bool) -> None:
    page, found = site.open(LEAVE)
    if twin:
        page.click("[data-focus=twin]")
    page.uncheck("[data-focus=field-rester]")
    page.select_option("[data-focus=field-depot]", "volcan.odt")
    page.click("[data-focus=send-depot]")
    page.click("[data-focus=do-sortir]")
    for panel in () if twin else ("clear",):
        page.click(f"[data-focus=panel-{panel}]")
    page.click("[data-focus='wipe-cookies-plume.test']")
    if not twin:
        page.click("[data-focus=panel-history]")
    page.click("li:has-text('plume.test/boite') [data-focus^='forget-h']")
    passes(page, found)
    page.click("[data-focus=undo]")
    assert not found.check(sent(page)).ok  # type: ignore[misc]
    page.context.close()


@pytest.mark.browser
def test_the_browser_with_the_keyboard_alone(site: Site) -> None:
    page, _ = site.open(KEEP)
    reach(page, "new-tab")
    press(page, "Enter")
    assert page.evaluate("document.activeElement.dataset.focus") == "address"
    page.keyboard.type("musee.test/phare")
    press(page, "Enter")
    assert page.evaluate("document.activeElement.tagName") == "H3"
    reach(page, "back", "Shift+Tab")
    press(page, "Enter")
    assert live(page) == "Page « Cherchéa » affichée."
    reach(page, "tab-0", "Shift+Tab")
    press(page, "Enter")
    reach(page, "address", "Shift+Tab")
    page.keyboard.type("phare histoire")
    press(page, "Enter")
    reach(page, f"result-{MUSEUM}")
    press(page, "Enter")
    reach(page, "lock", "Shift+Tab")
    press(page, "Enter")
    assert page.locator(".gab-nav-panel").inner_text().startswith("Connexion chiffrée avec www.musee.test")
    state = sent(page)
    assert [tab["trail"][tab["at"]] for tab in state["tabs"]] == [MUSEUM, "https://www.cherchea.test/"]
    page.fill("[data-focus=address]", "lune.test")
    press(page, "Enter")
    assert page.locator(".gab-nav-view h3").inner_text() == "Page introuvable"
    page.context.close()


@pytest.mark.browser
@pytest.mark.parametrize("twin", [False, True])
def test_the_parts_of_an_address_on_a_phone(site: Site, twin: bool) -> None:
    for name in ("url name the parts (1.1.1-N4)", "url find the domain (1.1.1-N4)", "url sort (1.1.1-N4)"):
        page, found = site.open(name, 360)
        good = SCENARIOS[name].solve(found.state or {})
        if twin:
            page.click("[data-focus=twin]")
        for token, part in good.get("names", {}).items():
            if twin:
                page.select_option(f"[data-focus=twin-{token}]", part)
            else:
                page.click(f"[data-focus=token-{token}]")
                page.click(f"[data-focus='part-{part}']")
        for i in good.get("picked", []):
            page.click(f"[data-focus={'twin' if twin or 'sort' in name else 'token'}-{i}]")
        passes(page, found)
        page.reload()
        page.wait_for_selector(".gab-body > *")
        passes(page, found)
        assert Axe().run(page).response["violations"] == []
        page.context.close()


@pytest.mark.browser
def test_a_drawn_code_is_read_then_chosen(site: Site) -> None:
    page, found = site.open("qr (4.1.3-N4)", 360)
    good = SCENARIOS["qr (4.1.3-N4)"].solve(found.state or {})
    page.click(f"[data-focus=read-{good['choice']}]")
    assert live(page) == "Ce code contient\u00a0: https://www.musee.test/nuit"
    page.click(f"[data-focus=choose-{good['choice']}]")
    assert not found.check(sent(page)).ok  # type: ignore[misc]
    page.fill("[data-focus=answer]", "musee.test")
    passes(page, found)
    assert Axe().run(page).response["violations"] == []
    page.context.close()
