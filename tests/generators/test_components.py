"""The simulators in a real browser: mouse, keyboard alone, text version, reload; what they send satisfies the checkers."""

import html
import json
import random
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from pix.generators.contract import Draw
from pix.generators.registry import GABARITS
from tests.generators.scenarios import SCENARIOS, URL

pytestmark = pytest.mark.browser
STATIC = Path(__file__).resolve().parents[2] / "pix" / "web" / "ui" / "static" / "ui"
VECTORS = Path(__file__).parent / "search_vectors.json"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'"
)
PAGE = """<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Épreuve</title><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}"><link rel="icon" href="data:,"><link rel="stylesheet" href="/ui/gabarits/gabarits.css">
<script type="module" src="/ui/gabarits/{module}.js"></script></head><body><main><h1>Épreuve</h1><h2>Ta réponse</h2>
<form method="get" action="/sent"><pix-{module} data-state="{state}" data-name="answer" data-key="k"></pix-{module}><button>Je valide</button></form></main></body></html>"""


class Site:
    """A folder of pages on the loopback, and the draws behind them."""

    def __init__(self, root: Path, address: str, browser: Browser) -> None:
        self.root, self.address, self.browser = root, address, browser
        self.errors: list[str] = []

    def open(self, name: str, width: int = 1280) -> tuple[Page, Draw]:
        scenario = SCENARIOS[name]
        made = GABARITS[scenario.template](random.Random(7), scenario.params)
        assert made.state is not None
        module = made.state["gabarit"].lower()
        state = html.escape(json.dumps(made.state, ensure_ascii=False))
        (self.root / "page.html").write_text(PAGE.format(policy=POLICY, module=module, state=state), encoding="utf-8")
        page = self.browser.new_context(viewport={"width": width, "height": 800}, has_touch=width < 500).new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on(
            "console",
            lambda message: (
                self.errors.append(message.text)
                if message.type == "error" and "Failed to load" not in message.text
                else None
            ),
        )
        page.goto(f"{self.address}/page.html")
        page.wait_for_selector(".gab-body > *")
        return page, made


@pytest.fixture(scope="module")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    root = tmp_path_factory.mktemp("site")
    (root / "ui").symlink_to(STATIC)
    (root / "vectors.json").write_text(VECTORS.read_text(encoding="utf-8"), encoding="utf-8")
    (root / "sheet.json").write_text(SHEET_VECTORS.read_text(encoding="utf-8"), encoding="utf-8")

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(root)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    made = Site(root, f"http://127.0.0.1:{server.server_port}", browser)
    yield made
    server.shutdown()
    server.server_close()
    assert made.errors == []


def sent(page: Page) -> Any:
    return json.loads(page.locator("input[name=answer]").input_value())


def passes(page: Page, made: Draw) -> None:
    assert made.check is not None
    result = made.check(sent(page))
    assert result.ok, result.unmet


def fails(page: Page, made: Draw) -> None:
    assert made.check is not None
    result = made.check(sent(page))
    assert not result.ok
    assert result.unmet


def live(page: Page) -> str:
    page.wait_for_timeout(60)
    return page.locator("[role=status]").inner_text()


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def reach(page: Page, focus: str, key: str = "Tab") -> None:
    """Tab until the element of this name has the focus: proves that the keyboard alone gets there."""
    for _ in range(120):
        if page.evaluate("document.activeElement?.dataset?.focus ?? ''") == focus:
            return
        page.keyboard.press(key)
    raise AssertionError(f"{focus} cannot be reached by Tab")


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("width", [1280, 360])
def test_first_state_accessible_and_not_wider_than_the_screen(site: Site, name: str, width: int) -> None:
    page, made = site.open(name, width)
    assert made.state is not None
    assert sent(page) == json.loads(json.dumps(SCENARIOS[name].first(made.state)))
    for twin in (False, True):
        if twin:
            page.click("[data-focus=twin]")
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), twin
        violations = Axe().run(page).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"]) for v in violations] == []
    page.reload()
    assert page.locator("[data-focus=twin]").get_attribute("aria-pressed") == "true"
    page.context.close()


def test_search_vectors_are_the_same_in_the_browser(site: Site) -> None:
    page, _ = site.open("moteur phrase (1.1.2-N3)")
    found = page.evaluate(
        """async () => {
          const { search } = await import('/ui/gabarits/search_engine.js');
          const { pages, cases } = await (await fetch('/vectors.json')).json();
          const rank = (url) => pages.findIndex((page) => page.url === url);
          return cases.map((entry) => { const { ads, results } = search(pages, entry.query); return [ads.map(rank), results.map(rank)]; });
        }"""
    )
    cases = json.loads(VECTORS.read_text(encoding="utf-8"))["cases"]
    assert found == [[case["ads"], case["results"]] for case in cases]
    page.context.close()


def test_explorer_with_the_mouse_undo_reset_and_reload(site: Site) -> None:
    page, made = site.open("explo restore (1.2.1-N3)")
    page.click("[role=treeitem]:has-text('Corbeille')")
    page.check("[aria-label='Choisir expose-volcans.odp']")
    page.click("button:has-text('Restaurer')")
    assert live(page) == "« expose-volcans.odp » restauré dans « SVT »."
    passes(page, made)
    page.click("[data-focus=undo]")
    assert made.check is not None
    assert not made.check(sent(page)).ok
    page.click("[role=treeitem]:has-text('Corbeille')")
    page.check("[aria-label='Choisir expose-volcans.odp']")
    page.click("button:has-text('Restaurer')")
    page.reload()
    page.wait_for_selector(".gab-body > *")
    passes(page, made)
    page.click("[data-focus=reset]")
    assert sent(page) == SCENARIOS["explo restore (1.2.1-N3)"].first(made.state or {})
    page.context.close()


def test_explorer_drag_and_drop(site: Site) -> None:
    page, made = site.open("explo folder (1.2.1-N1)")
    page.click("button:has-text('Nouveau dossier')")
    page.fill("dialog input", "Musée")
    page.click("dialog button:has-text('Créer')")
    page.drag_and_drop("tr:has-text('affiche.odt')", "[role=treeitem]:has-text('Musée')")
    passes(page, made)
    page.context.close()


def test_explorer_with_the_keyboard_alone(site: Site) -> None:
    page, made = site.open("explo folder (1.2.1-N1)")
    reach(page, "Nouveau dossier")
    press(page, "Enter")
    page.keyboard.type("Musée")
    press(page, "Enter")
    assert live(page) == "Dossier « Musée » créé dans « Documents »."
    file_id = next(node["id"] for node in made.state["nodes"] if node["name"] == "affiche.odt")  # type: ignore[index]
    reach(page, f"pick-{file_id}")
    press(page, "Space")
    reach(page, "Déplacer vers…", "Shift+Tab")
    press(page, "Enter")
    page.keyboard.press("ArrowDown")
    press(page, "Tab", "Enter")
    passes(page, made)
    assert "affiche.odt" in live(page)
    page.context.close()


def test_explorer_text_version_on_a_phone(site: Site) -> None:
    page, made = site.open("explo folder (1.2.1-N1)", 360)
    page.tap("[data-focus=twin]")
    page.fill("[data-focus=twin-name]", "Musée")
    page.tap("[data-focus=twin-go]")
    page.select_option("[data-focus=twin-verb]", label="Déplacer")
    page.select_option("[data-focus=twin-item]", label="Documents / affiche.odt")
    page.select_option("[data-focus=twin-to]", label="Documents / Musée")
    page.tap("[data-focus=twin-go]")
    passes(page, made)
    page.context.close()


@pytest.mark.parametrize("twin", [False, True])
def test_mail_with_the_mouse(site: Site, twin: bool) -> None:
    page, made = site.open("mail hidden copies (2.1.2-N3)", 360 if twin else 1280)
    if twin:
        page.click("[data-focus=twin]")
        page.select_option("[data-focus='group-Familles de 5e B']", "bcc")
        page.select_option("tr:has-text('Mme Diallo') select", "to")
    else:
        page.click("[aria-label='Choisir des contacts pour À']")
        page.check("dialog label:has-text('Mme Diallo') input")
        page.click("dialog button:has-text('Valider')")
        page.click(".gab-chips li button")
        page.click("[data-focus^='drop-cc']")
        page.click("[aria-label='Choisir des contacts pour À']")
        page.check("dialog label:has-text('Mme Diallo') input")
        page.click("dialog button:has-text('Valider')")
        page.fill("[data-focus=add-bcc]", "Familles de 5e B")
        page.press("[data-focus=add-bcc]", "Enter")
        assert live(page) == "18 adresses ajoutées dans Cci."
    page.fill("[data-focus=objet]", "Kermesse")
    page.click("button:has-text('Envoyer')")
    passes(page, made)
    page.context.close()


def test_mail_with_the_keyboard_alone(site: Site) -> None:
    page, made = site.open("mail hidden copies (2.1.2-N3)")
    reach(page, "add-to")
    page.keyboard.type("Mme Diallo")
    press(page, "Enter")
    drop = page.locator("[data-focus^='drop-cc']").get_attribute("data-focus") or ""
    reach(page, drop)
    press(page, "Enter")
    reach(page, "add-bcc")
    page.keyboard.type("Familles de 5e B")
    press(page, "Enter")
    reach(page, "objet")
    page.keyboard.type("Kermesse")
    reach(page, "Envoyer")
    press(page, "Enter")
    passes(page, made)
    page.context.close()


def test_mail_reply_and_filing(site: Site) -> None:
    page, made = site.open("mail reply and file")
    page.click("[data-focus=message-m2]")
    page.click("button:has-text('Répondre')")
    page.fill("[data-focus=texte]", "Oui, je viens")
    page.check("label:has-text('plan.pdf') input")
    page.click("button:has-text('Envoyer')")
    page.click("[data-focus='folder-Boîte de réception']")
    page.click("[data-focus=message-m1]")
    page.select_option("[data-focus=ranger-m1]", "Collège")
    passes(page, made)
    page.context.close()


def test_mail_search_by_several_criteria(site: Site) -> None:
    page, made = site.open("mail search and tone (2.1.3-N3)", 360)
    page.fill("[data-focus=search-from]", "sow")
    page.fill("[data-focus=search-word]", "GALA")
    page.press("[data-focus=search-word]", "Enter")
    assert live(page) == "Recherche\u00a0: 2 messages"
    page.check("[data-focus=search-joined]")
    page.click("[data-focus=search-go]")
    assert live(page) == "Recherche\u00a0: 1 message"
    assert Axe().run(page).response["violations"] == []
    page.click("[data-focus=message-m1]")
    page.select_option("[data-focus=ranger-m1]", "Club")
    page.click("button:has-text('Nouveau message')")
    page.fill("[data-focus=add-to]", "ami@plume.test")
    page.press("[data-focus=add-to]", "Enter")
    page.fill("[data-focus=objet]", "Une date")
    page.fill("[data-focus=texte]", "Bonjour, quand a lieu le gala ? Merci.")
    page.click("button:has-text('Envoyer')")
    passes(page, made)
    page.reload()
    page.wait_for_selector(".gab-body > *")
    passes(page, made)
    page.context.close()


@pytest.mark.parametrize("twin", [False, True])
def test_search_with_the_keyboard_alone(site: Site, twin: bool) -> None:
    page, made = site.open("moteur phrase (1.1.2-N3)")
    if twin:
        reach(page, "twin")
        press(page, "Enter")
    reach(page, "query")
    page.keyboard.type('"nuit des lanternes bleues"')
    press(page, "Enter")
    assert live(page) == '1 résultat pour « "nuit des lanternes bleues" ».'
    reach(page, f"open-{URL}")
    press(page, "Enter")
    assert page.evaluate("document.activeElement.tagName") == "H3"
    reach(page, "answer")
    page.keyboard.type("21 h")
    passes(page, made)
    page.context.close()


def test_word_processor_with_the_mouse_and_the_keyboard(site: Site) -> None:
    page, made = site.open("ttx (3.1.2)")
    page.click("[data-focus=par-0]")
    page.click("[data-focus=bold]")
    page.click("[data-focus=align-center]")
    page.select_option("[data-focus=size]", "24")
    page.click("[data-focus=par-0]")
    page.click("[data-focus=par-2]")
    page.click("[data-focus=par-3]")
    page.click("[data-focus=list-bullet]")
    page.click("[data-p='4'] >> text=samedi")
    page.focus("[data-focus=sheet]")
    press(page, "Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight")
    page.select_option("[data-focus=colour]", "red")
    page.click("[data-focus=bold]")
    passes(page, made)
    page.context.close()


def test_word_processor_text_version(site: Site) -> None:
    page, made = site.open("ttx (3.1.2)", 360)
    page.click("[data-focus=twin]")
    page.select_option("[data-focus=align-0]", "center")
    page.select_option("[data-focus=list-2]", "bullet")
    page.select_option("[data-focus=list-3]", "bullet")
    page.click("[data-focus=Appliquer]")
    page.select_option("[data-focus=form-name]", "size")
    page.select_option("[data-focus=form-value]", "24")
    page.click("[data-focus=Appliquer]")
    page.select_option("[data-focus=form-p]", "4")
    page.select_option("[data-focus=form-from]", label="samedi")
    page.select_option("[data-focus=form-to]", label="h")
    page.select_option("[data-focus=form-name]", "bold")
    page.click("[data-focus=Appliquer]")
    page.select_option("[data-focus=form-name]", "colour")
    page.select_option("[data-focus=form-value]", "red")
    page.click("[data-focus=Appliquer]")
    passes(page, made)
    page.context.close()


@pytest.mark.parametrize("twin", [False, True])
def test_the_other_gabarits_both_ways(site: Site, twin: bool) -> None:
    def start(name: str) -> tuple[Page, Draw]:
        page, made = site.open(name, 360)
        if twin:
            page.click("[data-focus=twin]")
        return page, made

    page, made = start("param (4.2.2)")
    if twin:
        page.select_option("[data-focus=item-profil]", "Mes amis")
        page.click("[data-focus=item-position]")
    else:
        page.click("button:has-text('Confidentialité')")
        page.check("label:has-text('Mes amis') input")
        page.click("[data-focus=item-position]")
        page.click("button:has-text('Messages')")
    page.select_option("[data-focus=item-qui]", "Amis")
    passes(page, made)
    page.context.close()

    page, made = start("msg bully (4.3.4-N2)")
    for verb in ("proof", "reported", "blocked", "deleted"):
        if twin:
            page.select_option("[data-focus=twin-c1]", verb)
        else:
            page.click(f"[data-focus={verb}-c1]")
        if verb == "reported":
            page.click("dialog button:has-text('Signaler')")
    passes(page, made)
    page.context.close()

    page, made = start("assoc (1.2.2-N3)")
    right = {"photo.jpg": "une image", "chanson.mp3": "un son", "voix.ogg": "un son"}
    for entry in (made.state or {})["left"]:
        if twin:
            page.select_option(f"[data-focus=pair-{entry['id']}]", label=right[entry["text"]])
        else:
            page.click(f"[data-focus=left-{entry['id']}]")
            page.click(f"button:text-is('{right[entry['text']]}')")
    passes(page, made)
    page.context.close()

    page, made = start("ordre (5.1.3-N4)")
    ids = {step["text"]: step["id"] for step in (made.state or {})["steps"]}
    if twin:
        page.select_option(f"[data-focus=place-{ids['Appeler']}]", "aside")
    else:
        page.click(f"[data-focus=leave-{ids['Appeler']}]")
    for place, text in enumerate(("Éteindre", "Vérifier la prise", "Vérifier le câble", "Rallumer")):
        if twin:
            page.select_option(f"[data-focus=place-{ids[text]}]", str(place))
        else:
            while sent(page)["order"].index(ids[text]) > place:
                page.click(f"[data-focus=up-{ids[text]}]")
    passes(page, made)
    page.context.close()

    page, made = start("zone (1.1.3-N2)")
    page.click("label:has-text('Sponsorisé')" if twin else "[aria-label*='Sponsorisé']")
    passes(page, made)
    page.context.close()

    page, made = start("compare (1.1.4)")
    page.click("label:has-text('Le lac remonte')")
    page.click("label:has-text('est nommé')")
    passes(page, made)
    page.context.close()

    page, made = start("mdp build (4.1.1-N3)")
    page.fill("[data-focus=password]", "tortue violon cascade 7 mimosa")
    passes(page, made)
    page.context.close()

    page, made = start("msg audience (2.2.3-N2)")
    page.select_option("[data-focus=draft-audience]", "Mes amis")
    page.click("[data-focus=draft-go]")
    passes(page, made)
    page.context.close()


def test_enter_in_a_field_of_the_simulator_never_sends_the_question(site: Site) -> None:
    page, _ = site.open("explo restore (1.2.1-N3)")
    page.fill("[data-focus=search]", "volcan")
    page.press("[data-focus=search]", "Enter")
    assert page.url.endswith("/page.html")
    page.context.close()


@pytest.mark.parametrize("twin", [False, True])
def test_messages_to_sort(site: Site, twin: bool) -> None:
    page, made = site.open("phish (4.1.3-N2)", 360)
    if twin:
        page.click("[data-focus=twin]")
    assert made.check is not None
    assert not made.check(sent(page)).ok
    for name, verdict in made.example["sorted"].items():
        if twin:
            page.select_option(f"[data-focus=sort-{name}]", verdict)
        else:
            page.click(f"[data-focus={verdict}-{name}]")
        for clue in made.example["clues"].get(name, []):
            page.check(f"[data-focus=clue-{name}-{clue}]")
    passes(page, made)
    page.reload()
    page.wait_for_selector(".gab-body > *")
    passes(page, made)
    assert Axe().run(page).response["violations"] == []
    trap = next(iter(made.example["clues"]))
    clue = made.example["clues"][trap][0]
    page.uncheck(f"[data-focus=clue-{trap}-{clue}]")
    page.uncheck(f"[data-focus=clue-{trap}-{made.example['clues'][trap][1]}]")
    assert not made.check(sent(page)).ok
    page.context.close()


def test_where_a_link_leads_is_shown_without_following_it(site: Site) -> None:
    page, made = site.open("phish (4.1.3-N2)")
    mail = next(entry for entry in (made.state or {})["messages"] if entry["link_url"])
    peek = page.locator(f".gab-lead:has([data-focus=link-{mail['id']}]) .gab-peek")
    assert not peek.is_visible()
    page.hover(f"[data-focus=link-{mail['id']}]")
    assert peek.is_visible()
    assert mail["link_url"] in peek.inner_text()
    page.mouse.move(0, 0)
    reach(page, f"link-{mail['id']}")
    assert peek.is_visible()
    reach(page, f"peek-{mail['id']}")
    press(page, "Enter")
    assert live(page) == f"Ce lien mène à {mail['link_url']}"
    assert sent(page)["opened"] == []
    page.click(f"[data-focus=link-{mail['id']}]")
    assert sent(page)["opened"] == [mail["id"]]
    page.context.close()


@pytest.mark.parametrize("twin", [False, True])
def test_a_text_with_gaps(site: Site, twin: bool) -> None:
    page, made = site.open("trous (4.3.4-N1)", 360)
    if twin:
        page.click("[data-focus=twin]")
    assert made.check is not None
    assert not made.check(sent(page)).ok
    page.select_option("[data-focus=gap-t1]", "un adulte")
    page.fill("[data-focus=gap-t2]", "3018")
    page.select_option("[data-focus=gap-t3]", "payant")
    assert not made.check(sent(page)).ok
    page.select_option("[data-focus=gap-t3]", "gratuit")
    passes(page, made)
    page.reload()
    page.wait_for_selector(".gab-body > *")
    passes(page, made)
    assert Axe().run(page).response["violations"] == []
    page.context.close()


SHEET_VECTORS = Path(__file__).parent / "sheet_vectors.json"


def test_sheet_vectors_are_the_same_in_the_browser(site: Site) -> None:
    page, _ = site.open("tab formulas (1.3.3)")
    found = page.evaluate(
        """async () => {
          const { Sheet, formatOf, shifted, shown } = await import('/ui/gabarits/sheet.js');
          const { cells, formats, shown: expected, shifted: cases } = await (await fetch('/sheet.json')).json();
          const sheet = new Sheet(cells);
          const texts = Object.fromEntries(Object.keys(expected).map((at) => [at, shown(sheet.value(at), formatOf(cells[at], formats[at]))]));
          return { texts, copies: cases.map((entry) => shifted(entry.raw, ...entry.by)) };
        }"""
    )
    vectors = json.loads(SHEET_VECTORS.read_text(encoding="utf-8"))
    assert found == {"texts": vectors["shown"], "copies": [case["gives"] for case in vectors["shifted"]]}
    page.context.close()


def test_spreadsheet_with_the_mouse_and_reload(site: Site) -> None:
    page, made = site.open("tab formulas (1.3.3)")
    page.click("[data-focus=cell-B5]")
    page.keyboard.type("=somme(")
    page.hover("[data-focus=cell-B2]")
    page.mouse.down()
    page.hover("[data-focus=cell-B4]")
    page.mouse.up()
    page.keyboard.type(")")
    page.keyboard.press("Enter")
    assert sent(page)["cells"]["B5"] == "=somme(B2:B4)"
    assert page.evaluate("document.activeElement.dataset.focus") == "cell-B5"  # the last line
    page.select_option("[data-focus=format]", "euro")
    assert "€" in page.locator("[data-focus=cell-B5]").inner_text()
    page.hover("[data-focus=cell-C2]")
    page.mouse.down()
    page.hover("[data-focus=cell-C4]")
    page.mouse.up()
    page.click("button:has-text('Copier dans la sélection')")
    assert live(page) == "2 cellules remplies."
    page.dblclick("[data-focus=cell-A5]")
    page.keyboard.type("Total")
    page.click("[data-focus=cell-D2]")
    page.keyboard.type("2/2/26")
    page.reload()
    page.wait_for_selector(".gab-body > *")
    passes(page, made)
    page.click("[data-focus=undo]")
    assert made.check is not None
    assert not made.check(sent(page)).ok
    page.context.close()


def test_spreadsheet_with_the_keyboard_alone(site: Site) -> None:
    page, made = site.open("tab formulas (1.3.3)")
    reach(page, "cell-A1")
    press(page, "ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown")
    page.keyboard.type("Total")
    press(page, "Enter", "ArrowRight")
    page.keyboard.type("=SOMME(B2:B4)")
    press(page, "Enter")
    reach(page, "format", "Shift+Tab")
    page.keyboard.type("Monnaie")
    reach(page, "cell-B5")
    press(page, "ArrowUp", "ArrowUp", "ArrowUp", "ArrowRight", "Control+c", "ArrowDown", "Shift+ArrowDown", "Control+v")
    press(page, "ArrowUp", "ArrowRight")
    page.keyboard.type("02/02/2026")
    press(page, "Enter")
    passes(page, made)
    page.context.close()


def test_spreadsheet_text_version_on_a_phone(site: Site) -> None:
    page, made = site.open("tab formulas (1.3.3)", 360)
    page.tap("[data-focus=twin]")
    page.fill("[data-focus=twin-A5]", "Total")
    page.fill("[data-focus=twin-B5]", "=SOMME(B2:B4)")
    page.fill("[data-focus=twin-D2]", "2/2/2026")
    page.fill("[data-focus=range]", "C2:C4")
    page.tap("button:has-text('Copier dans la sélection')")
    page.fill("[data-focus=range]", "B5")
    page.select_option("[data-focus=format]", "euro")
    passes(page, made)
    page.context.close()


@pytest.mark.parametrize("twin", [False, True])
def test_spreadsheet_sort_filter_width_and_choice(site: Site, twin: bool) -> None:
    page, made = site.open("tab sort and filter (1.3.4)")
    if twin:
        page.click("[data-focus=twin]")
        page.fill("[data-focus=range]", "A1")
    else:
        page.click("[data-focus=cell-A1]")
    page.click("button:has-text('Ajuster au contenu')")
    page.select_option("[data-focus=sort-by]", "B")
    page.select_option("[data-focus=sort-order]", "desc")
    page.click("[data-focus=Trier]")
    if twin:
        page.fill("[data-focus=range]", "b2:b4")
    else:
        page.click("[data-focus=cell-B2]")
        page.click("[data-focus=cell-B4]", modifiers=["Shift"])
    page.click("[data-focus=choose]")
    page.fill("[data-focus=answer]", "Jeudi")
    page.select_option("[data-focus=filter-value]", "jeudi")
    passes(page, made)
    page.context.close()


@pytest.mark.parametrize("twin", [False, True])
def test_form_and_properties_both_ways(site: Site, twin: bool) -> None:
    page, made = site.open("form (2.2.1)", 360)
    if twin:
        page.click("[data-focus=twin]")
    fails(page, made)
    page.click("[data-focus=send]")
    assert live(page) == "« Mot de passe » est obligatoire."
    fails(page, made)
    page.select_option("[data-focus=field-file]", "film.mp4")
    page.fill("[data-focus=field-end]", "2026-06-15")
    page.fill("[data-focus=field-code]", "Lagune-42")
    page.check("[data-focus=field-ok]")
    page.click("[data-focus=mark-phone]")
    page.click("[data-focus=send]")
    passes(page, made)
    page.reload()
    page.wait_for_selector(".gab-body > *")
    passes(page, made)
    page.context.close()

    page, made = site.open("meta (1.2.7)", 360)
    file = next(entry["id"] for entry in (made.state or {})["files"] if entry["name"] == "lac.jpg")
    if twin:
        page.click("[data-focus=twin]")
    else:
        page.click(f"[data-focus=open-{file}]")
    page.check(f"[data-focus='line-{file}:1']")
    page.click(f"[data-focus=choose-{file}]")
    fails(page, made)
    page.fill("[data-focus=answer]", "Héron")
    passes(page, made)
    page.reload()
    page.wait_for_selector(".gab-body > *")
    passes(page, made)
    page.context.close()
