"""What every page owes to everybody: keyboard, zoom, names, French, paper, and tables that colleagues can share.

Each test is one person who opens the main pages of a face, on a desk or on a phone. axe and the house's own checks run on
every page (``Visitor.look``); what follows is what they do not see.
"""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import openpyxl
import pytest
from odf.namespaces import OFFICENS, TABLENS
from odf.opendocument import load
from odf.table import Table, TableRow
from playwright.sync_api import Page, expect

from pix.core.texts import search_key
from tests.e2e.conftest import DESK, PHONE, Visitor, path_of

Arrive = Callable[[tuple[int, int]], Visitor]

STOPS = 25
"""Stops of the Tab key that are looked at on each page."""

ENGLISH = re.compile(
    r"\b(the|and|your|please|submit|cancel|next|previous|loading|password|log ?in|logout|sign ?(?:in|up|out)|search|results"
    r"|students?|teachers?|schools?|save|delete|close|settings|required|optional|welcome|home|error|failed|unknown|yes"
    r"|this|with|from|select all|no file|choose)\b",
    re.IGNORECASE,
)
"""Words that only a forgotten English text holds."""

TEXTS = """() => {
  const said = [document.title, document.body.innerText];
  for (const one of document.querySelectorAll('[aria-label],[placeholder],[title],[alt]'))
    for (const name of ['aria-label', 'placeholder', 'title', 'alt'])
      if (one.getAttribute(name)) said.push(one.getAttribute(name));
  return said;
}"""

FOCUS = """() => {
  const at = document.activeElement;
  if (!at || at === document.body || at === document.documentElement) return null;
  const drawn = (one, part) => {
    const style = getComputedStyle(one, part);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
      && !/rgba\\(\\d+, \\d+, \\d+, 0\\)|transparent/.test(style.outlineColor);
  };
  const around = [at, ...(at.labels ?? []), ...['.radio-card', '.dropzone', '.choice', '.combobox'].map((name) => at.closest(name)).filter(Boolean)];
  const box = at.getBoundingClientRect();
  const labelled = [...(at.labels ?? [])].some((label) => label.getBoundingClientRect().width > 4);
  return {
    name: (at.id || at.className || at.tagName) + ' « ' + (at.innerText ?? '').trim().slice(0, 30) + ' »',
    skip: at.classList.contains('skip-link'),
    drawn: around.some((one) => drawn(one) || drawn(one, '::after') || drawn(one, '::before')),
    seen: (box.width > 1 && box.height > 1) || labelled,
    on: box.bottom > 0 && box.top < innerHeight,
  };
}"""

NAMES = """() => {
  const faults = [];
  const text = (id) => (document.getElementById(id)?.textContent ?? '').trim();
  const named = (one) => (one.getAttribute('aria-label') ?? '').trim() ||
    (one.getAttribute('aria-labelledby') ?? '').split(/\\s+/).filter(Boolean).map(text).join(' ').trim();
  for (const one of document.querySelectorAll('svg')) {
    if (one.closest('[aria-hidden=true]') || one.closest('defs') || one.parentElement.closest('svg[role=img]')) continue;
    if (!['img', 'group'].includes(one.getAttribute('role')) || !named(one)) faults.push('dessin sans nom : ' + one.outerHTML.slice(0, 90));
  }
  for (const one of document.querySelectorAll('figure.chart')) {
    if (!named(one)) faults.push('graphique sans nom : ' + one.outerHTML.slice(0, 90));
    const rows = one.querySelectorAll('.twin table tbody tr').length;
    if (one.querySelector('svg[role=img]:not(.icon)') && !rows) faults.push('graphique sans tableau : ' + named(one));
  }
  for (const one of document.querySelectorAll('table')) {
    if (!named(one) && !(one.caption?.textContent ?? '').trim()) faults.push('tableau sans nom : ' + one.outerHTML.slice(0, 90));
    if ([...one.querySelectorAll('th')].some((head) => !head.scope)) faults.push('en-tête sans portée : ' + one.outerHTML.slice(0, 90));
  }
  for (const one of document.querySelectorAll('.tag, .banner, .toast, .figure-card'))
    if (!one.innerText.trim() && one.offsetParent) faults.push('état sans mot : ' + one.outerHTML.slice(0, 90));
  const marks = {banner: 1, main: 1};
  if (document.querySelectorAll('main').length !== marks.main) faults.push('une page a un contenu principal');
  if (document.documentElement.lang !== 'fr') faults.push('langue : ' + document.documentElement.lang);
  return faults;
}"""

ON_PAPER = """() => [...document.querySelectorAll('.topbar,.deskbar,.sidenav,.questionbar,.footer,.skip-link,.demo-ribbon,.toasts,.comfort-button,.filters-fields,.btn')]
  .filter((one) => one.checkVisibility()).map((one) => one.className)"""


@dataclass
class Stroll:
    """One person who goes from page to page; faults are kept to the end, all said at once."""

    visitor: Visitor
    faults: list[str] = field(default_factory=list)
    dates: int = 0
    charts: int = 0
    tables: int = 0

    @property
    def page(self) -> Page:
        return self.visitor.page

    def blame(self, text: str) -> None:
        self.faults.append(f"{path_of(self.page.url)} à {self.visitor.width} px : {text}")

    def see(self, path: str) -> None:
        self.visitor.go(path)
        self.names()
        self.words()
        if self.visitor.width == DESK[0]:
            self.keyboard()
            self.paper()
            self.zoom()

    def names(self) -> None:
        for fault in self.page.evaluate(NAMES):
            self.blame(fault)
        self.charts += self.page.locator("figure.chart").count()
        self.tables += self.page.locator("main table").count()

    def words(self) -> None:
        said = self.page.evaluate(TEXTS)
        for text in said:
            if found := ENGLISH.search(text):
                start = max(0, found.start() - 30)
                self.blame(f"mot anglais « {found[0]} » dans « {text[start : found.end() + 30]} »")
            if found := re.search(r"\b(\d{4}-\d\d-\d\d|\d{1,2}/\d{1,2}/\d\d)\b(?!/)", text):
                self.blame(f"date qui n'est pas écrite comme en France : {found[0]}")
            for day, month in re.findall(r"\b(\d\d)/(\d\d)/\d{4}\b", text):
                self.dates += 1
                if not (1 <= int(day) <= 31 and 1 <= int(month) <= 12):
                    self.blame(f"date impossible : {day}/{month}")

    def keyboard(self) -> None:
        """The first stop is the skip link; each stop is seen; the link leads to the content."""
        page = self.page
        page.evaluate("() => { document.activeElement?.blur(); scrollTo(0, 0); }")
        for stop in range(STOPS):
            page.keyboard.press("Tab")
            at = page.evaluate(FOCUS)
            if at is None:
                break
            if stop == 0 and not at["skip"]:
                self.blame(f"le premier arrêt du clavier n'est pas le lien d'évitement mais {at['name']}")
            if not (at["drawn"] and at["seen"] and at["on"]):
                self.blame(f"focus qui ne se voit pas : {at}")
        page.evaluate("() => { document.activeElement?.blur(); document.querySelector('.skip-link').focus(); }")
        page.keyboard.press("Enter")
        if page.evaluate("() => document.activeElement.id") != "contenu":
            self.blame("le lien d'évitement ne mène pas au contenu")
        page.evaluate("() => history.replaceState(null, '', location.pathname + location.search)")

    def zoom(self) -> None:
        """Twice as big is half as wide: 640 points for a desk, 320 for the smallest screen."""
        for width in (640, 320):
            self.page.set_viewport_size({"width": width, "height": 512})
            over = self.page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
            if over > 0:
                self.blame(f"déborde de {over} px à {width} px de large")
        self.page.set_viewport_size({"width": DESK[0], "height": DESK[1]})

    def paper(self) -> None:
        self.page.emulate_media(media="print")
        if left := self.page.evaluate(ON_PAPER):
            self.blame(f"reste à l'impression : {sorted(set(left))}")
        if not self.page.evaluate("() => document.querySelector('h1').checkVisibility()"):
            self.blame("le titre manque à l'impression")
        self.page.emulate_media(media="screen")


@pytest.fixture
def stroll(visitor: Arrive) -> Callable[[tuple[int, int]], Stroll]:
    return lambda size: Stroll(visitor(size))


def enter(visitor: Visitor, role: str) -> Page:
    """Be one of the people of the demonstration, by its start page."""
    visitor.go("/demo")
    visitor.page.locator(f"form:has(input[value='{role}']) button").click()
    visitor.page.wait_for_load_state("networkidle")
    visitor.look()
    return visitor.page


def hrefs(page: Page, selector: str) -> list[str]:
    return [link.get_attribute("href") or "" for link in page.locator(selector).all()]


def public(stroll: Stroll) -> None:
    for path in ("/", "/connexion", "/inscription", "/verification", "/compte-ferme", "/campagnes", "/rien-ici"):
        stroll.see(path)
    assert stroll.page.get_by_role("heading", name="Page introuvable").is_visible()


def app(stroll: Stroll) -> None:
    page = enter(stroll.visitor, "emma")
    for path in ("/accueil", "/mes-parcours", "/competences", "/campagnes", "/deconnexion"):
        stroll.see(path)
    stroll.see("/mes-parcours")
    run = hrefs(page, "main a[href^='/parcours/']")[0].split("/")[2]
    for rank in (1, 5):
        stroll.see(f"/parcours/{run}/reponses/{rank}")
    stroll.visitor.go(f"/parcours/{run}")
    stroll.see(path_of(page.url))


def orga(stroll: Stroll) -> None:
    page = enter(stroll.visitor, "head")
    space = re.match(r"/orga/[0-9a-f-]{36}", path_of(page.url))
    assert space is not None
    for path in ("", "/campagnes?onglet=toutes", "/campagnes/creer", "/eleves", "/import", "/equipe", "/parcours/5e"):
        stroll.see(space[0] + path)
    stroll.visitor.go(space[0] + "/eleves?classe=3eme3")
    stroll.see(hrefs(page, "main tbody a")[0])
    stroll.visitor.go(space[0] + "/campagnes?onglet=toutes&tri=creation")
    campaign = hrefs(page, "main tbody a")[0]
    for path in ("", "/resultats", "/parametres", "/modifier", "/code"):
        stroll.see(campaign + path)
    stroll.visitor.go(campaign + "/resultats")
    stroll.see(hrefs(page, "main tbody a")[0])
    assert stroll.charts >= 2
    assert stroll.tables >= 4
    assert stroll.dates >= 10


def demo(stroll: Stroll) -> None:
    for path in ("/demo", "/demo/ent", "/demo/courrier"):
        stroll.see(path)
    # The gallery names its icons, in English as the code does, and shows what no real page shows at once.
    stroll.visitor.go("/galerie")
    stroll.names()


@pytest.mark.proves("T-001", "T-002", "T-003", "T-004", "T-005", "T-020", "T-030")
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["ordinateur", "telephone"])
@pytest.mark.parametrize("places", [public, app, orga, demo], ids=lambda places: places.__name__)
def test_every_page(
    places: Callable[[Stroll], None], size: tuple[int, int], stroll: Callable[[tuple[int, int]], Stroll]
) -> None:
    """axe has no remark (contrast included), nothing overflows even zoomed twice, every stop of the keyboard is seen,
    charts and states have words, texts and dates are French, paper shows the content alone, nothing comes from elsewhere."""
    walk = stroll(size)
    places(walk)
    assert walk.faults == [], "\n".join(walk.faults)


def test_the_comfort_of_reading_is_remembered(desk: Visitor) -> None:
    page = desk.go("/")
    text = "() => parseFloat(getComputedStyle(document.querySelector('main p')).fontSize)"
    before = page.evaluate(text)
    page.get_by_role("button", name="Confort de lecture").click()
    page.get_by_label("Très grande").check(force=True)
    page.get_by_label("Contraste renforcé").check(force=True)
    desk.look()
    page.get_by_role("dialog").get_by_role("button", name="Fermer").last.click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    bigger = page.evaluate(text)
    assert bigger >= before * 1.2
    page.reload()
    desk.look()
    assert page.evaluate(text) == bigger
    desk.go("/connexion")
    root = page.locator("html")
    expect(root).to_have_attribute("data-text", "larger")
    expect(root).to_have_attribute("data-contrast", "high")
    page.get_by_role("button", name="Confort de lecture").click()
    page.get_by_role("button", name="Réglages d'origine").click()
    page.reload()
    desk.look()
    assert root.get_attribute("data-text") is None


def pupils(page: Page) -> list[tuple[str, str, str]]:
    """Family name, first name and class of each line; other columns depend on who reads."""
    lines = page.locator("main table tbody tr")
    cells = (lines.locator(f"[data-label='{label}']").all_inner_texts() for label in ("Nom", "Prénom", "Classe"))
    return list(zip(*cells, strict=True))


@pytest.mark.proves("T-017")
def test_a_list_is_sorted_filtered_paged_and_shared_by_its_address(visitor: Arrive) -> None:
    head = visitor(DESK)
    page = enter(head, "head")
    page.get_by_role("link", name="Élèves", exact=True).first.click()
    head.look()
    first = pupils(page)
    page.get_by_role("link", name="Suivante").click()
    head.look()
    assert not set(pupils(page)) & set(first)
    page.locator("th").get_by_role("link", name=re.compile(r"^Nom\s*tri")).click()
    head.look()
    assert search_key(pupils(page)[0][0]) > search_key(first[-1][0]) > search_key(first[0][0])
    page.get_by_label("Rechercher un élève").fill("ma")
    page.locator("summary", has_text="Classe").first.click()
    for division in ("5A", "5B", "4A"):
        page.get_by_label(division, exact=True).check(force=True)
    page.get_by_role("button", name="Filtrer").click()
    page.wait_for_load_state("networkidle")
    head.look()
    kept = pupils(page)
    assert kept
    assert {row[2] for row in kept} <= {"5A", "5B", "4A"}
    assert all("ma" in search_key(f"{row[1]} {row[0]}") for row in kept)
    page.locator("th").get_by_role("link", name=re.compile(r"^Classe\s*tri")).click()
    head.look()
    kept = pupils(page)
    classes = [row[2] for row in kept]
    assert classes == sorted(classes)
    address = page.url
    assert "tri=classe" in address

    colleague = visitor(DESK)
    enter(colleague, "teacher")
    colleague.go(address)
    assert pupils(colleague.page) == kept
    assert colleague.page.get_by_label("Rechercher un élève").input_value() == "ma"
    colleague.page.get_by_role("link", name="Effacer les filtres").click()
    colleague.look()
    assert "nom=" not in urlsplit(colleague.page.url).query
    assert len(pupils(colleague.page)) > len(kept)


def cell(value: Any) -> str:
    """One cell as a person reads it, whichever the format: dates and numbers come typed from a spreadsheet."""
    if value is None:
        return ""
    if isinstance(value, (datetime, date)):
        return f"{value:%Y-%m-%d}"
    text = str(value)
    if re.fullmatch(r"-?\d+(?:[.,]\d+)?", text):
        return f"{float(text.replace(',', '.')):g}"
    return re.sub(r"^(\d{4}-\d\d-\d\d)T00:00:00$", r"\1", text)


def of_csv(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return [
        [cell(value) for value in line] for line in csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")
    ]


def of_xlsx(content: bytes) -> list[list[str]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    return [[cell(value) for value in line] for line in sheet.iter_rows(values_only=True)]


def of_ods(content: bytes) -> list[list[str]]:
    table = load(io.BytesIO(content)).spreadsheet.getElementsByType(Table)[0]
    found = []
    for line in table.getElementsByType(TableRow):
        values: list[str] = []
        for one in line.childNodes:
            get = one.attributes.get
            value = get((OFFICENS, "date-value")) or get((OFFICENS, "value")) or text_of(one)
            values += [cell(value)] * int(get((TABLENS, "number-columns-repeated")) or 1)
        found.append(values)
    return found


def text_of(node: Any) -> str:
    return node.data if node.nodeType == node.TEXT_NODE else "".join(text_of(one) for one in node.childNodes)


@pytest.mark.proves("T-018")
def test_three_files_hold_the_same_table(desk: Visitor) -> None:
    page = enter(desk, "head")
    space = "/".join(path_of(page.url).split("/")[:3])
    desk.go(space + "/campagnes?onglet=toutes&tri=creation")
    desk.go(hrefs(page, "main tbody a")[0] + "/resultats?tri=nom")
    files: dict[str, bytes] = {}
    for name in ("Exporter les résultats (.csv)", "Tableur OpenDocument (.ods)", "Tableur Excel (.xlsx)"):
        if not page.get_by_role("link", name=name).is_visible():
            page.locator("summary", has_text="Autres formats").click()
        with page.expect_download() as waiting:
            page.get_by_role("link", name=name).click()
        file = waiting.value
        assert file.suggested_filename.startswith("Resultats-Parcours de rentrée 5e-")
        files[file.suggested_filename.rpartition(".")[2]] = Path(file.path()).read_bytes()
    plain, sheet, book = of_csv(files["csv"]), of_ods(files["ods"]), of_xlsx(files["xlsx"])
    assert len(plain) > 50
    assert len(plain[0]) > 14
    assert "PIX" in {line[5].upper() for line in plain}
    assert [line[: len(plain[0])] for line in book] == plain
    assert [line[: len(plain[0])] for line in sheet] == plain
