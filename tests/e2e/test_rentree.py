"""The main road of the guide: a roll goes in, a campaign is made, a pupil on a phone answers and sends, the head reads.

Its pictures are those of the guide and of the README.
"""

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import DESK, PHONE, READING, Demo, Visitor

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
HEAD, HEAD_PASSWORD = "test@pix.fr", "ilovePix!"
PUPIL_PASSWORD = "Brumeville1"


def sign_in(visitor: Visitor, login: str, password: str) -> None:
    visitor.go("/connexion")
    visitor.page.get_by_label("Adresse e-mail ou identifiant").fill(login)
    visitor.page.get_by_label("Mot de passe", exact=True).fill(password)
    visitor.press("Je me connecte")


def import_roll(head: Visitor, file: str) -> None:
    """« Élèves » → « Importer la liste » → the preview → « Appliquer l'import »."""
    page = head.page
    page.get_by_role("link", name="Élèves", exact=True).first.click()
    head.look()
    head.press("Importer la liste", role="link")
    head.picture("import-accueil")
    page.locator("input[type=file]").set_input_files(str(SAMPLES / file))
    page.get_by_role("button", name=re.compile("Importer")).click()
    page.get_by_role("button", name="Appliquer l'import").wait_for(timeout=30_000)
    head.look()
    head.picture("import-apercu", full=True)
    head.press("Appliquer l'import")
    expect(page.get_by_text(re.compile("Dernier fichier importé avec succès le"))).to_be_visible(timeout=30_000)
    head.look()
    head.picture("import-reussi")


def create_campaign(head: Visitor) -> str:
    """« Campagnes » → « Créer une campagne »; gives the code."""
    page = head.page
    page.get_by_role("link", name="Campagnes", exact=True).first.click()
    head.look()
    page.get_by_role("link", name="Créer une campagne").first.click()
    head.look()
    page.get_by_label("Nom de la campagne").fill("Parcours de rentrée 5e")
    choose_journey(page)
    page.get_by_role("radio", name=re.compile("^Évaluer les participants")).check(force=True)
    page.get_by_role("radio", name=re.compile("^Non")).check(force=True)
    page.get_by_label("Titre du parcours").fill("Rentrée 5e")
    head.picture("campagne-creation", full=True)
    head.press("Créer la campagne")
    expect(page.get_by_text("La campagne est désormais créée !")).to_be_visible()
    code = re.search(r"\b[BCDFGHJKMPQRTVWXY]{6}[2346789]{3}\b", page.inner_text("main"))
    assert code is not None
    head.picture("campagne-code")
    return code[0]


def choose_journey(page: Page) -> None:
    """Category, search and list combine; the list alone is enough."""
    page.get_by_label("Rechercher par nom").fill("rentree 5e")
    expect(page.get_by_text("1 parcours dans la liste")).to_be_visible()
    # The plain list becomes a field with search once it has come back.
    page.locator("input[role=combobox]").click()
    page.get_by_role("option", name=re.compile("Parcours de rentrée 5e")).first.click()
    expect(page.get_by_text("Sujets : 10")).to_be_visible()


class Run:
    """A pupil in front of the questions: answers right, wrong or passes, and remembers what kinds were met."""

    def __init__(self, pupil: Visitor, truth: "Truth") -> None:
        self.pupil, self.page, self.truth = pupil, pupil.page, truth
        self.kinds: set[str] = set()

    def answer_all(self, most: int = 60) -> None:
        for _ in range(most):
            path = self.page.url.split("?")[0]
            if path.endswith("/resultats"):
                return
            if path.endswith("/bilan"):
                self.pupil.look()
                self.page.get_by_role("link", name=re.compile("Continuer|Voir mes résultats")).click()
                self.page.wait_for_load_state("networkidle")
                self.pupil.look()
                continue
            self.one()
        raise AssertionError("le parcours ne finit pas")

    def one(self) -> None:
        page = self.page
        place = page.locator("#question")
        rank = place.get_attribute("data-rank")
        run = place.get_attribute("data-run")
        assert rank is not None
        assert run is not None
        number = int(rank)
        answer = self.truth(run)
        page.wait_for_timeout(READING)
        self.kinds.add(answer["kind"])
        if number % 4 == 0:
            page.get_by_role("button", name="Je passe").click()
        else:
            self.fill(answer, wrong=number % 4 == 3)
            page.get_by_role("button", name="Je valide").click()
        page.wait_for_function(
            "([rank]) => { const at = document.querySelector('#question');"
            " return !at || at.dataset.rank !== rank || !!at.querySelector('.banner-error'); }",
            arg=[rank],
        )
        page.wait_for_load_state("networkidle")
        assert page.locator("#question .banner-error").count() == 0, page.locator("#question").inner_text()
        self.pupil.look()

    def fill(self, answer: dict[str, Any], *, wrong: bool) -> None:
        page = self.page
        kind, right = answer["kind"], answer["right"]
        if kind == "choices":
            boxes = page.locator("#question [name=answer]")
            wanted = {str(value) for value in right}
            if wrong:
                others = [
                    v for v in (boxes.nth(i).get_attribute("value") for i in range(boxes.count())) if v not in wanted
                ]
                wanted = {str(value) for value in others[: max(1, len(wanted))]}
            for index in range(boxes.count()):
                if boxes.nth(index).get_attribute("value") in wanted:
                    page.locator(f"label[for='{boxes.nth(index).get_attribute('id')}']").click()
        elif kind == "fields":
            for name, text in dict(right).items():
                field = page.locator(f"#question [name='{name}']")
                if field.evaluate("e => e.tagName") == "SELECT":
                    field.select_option(text)
                else:
                    field.fill("aucune idée" if wrong else text)
        elif kind == "file":
            page.locator("#id_fichier").set_input_files(
                {
                    "name": str(answer["name"]),
                    "mimeType": "application/octet-stream",
                    "buffer": bytes.fromhex(str(right)),
                }
            )
        else:
            # The component keeps its state in the hidden field that it sends: the journey of each component by mouse and
            # keyboard is tested beside; here the state of a pupil who knows is handed over as the component would.
            page.evaluate(
                "state => { const tool = document.querySelector('#question .gab');"
                " tool.past.push('{}'); tool.querySelector('input[name=answer]').value = state; }",
                json.dumps(right),
            )


Truth = Callable[[str], dict[str, Any]]


@pytest.fixture
def truth(demo: Demo) -> Truth:
    """What a pupil who knows would answer, read from the demo's own database by its own code, in another process."""
    from tests.e2e.truth import asker

    return asker(demo)


@pytest.mark.proves(
    "A-077", "A-083", "A-084", "A-085", "A-092", "A-099", "C-019", "C-021", "C-022", "C-027", "C-032", "C-049", "C-050",
    "C-051", "C-065", "C-069", "C-070", "C-072", "C-081", "C-083", "C-085", "C-089", "C-091", "C-099", "C-100", "C-101",
    "C-102", "C-103", "C-112", "T-030",
)  # fmt: skip
def test_from_the_roll_to_the_results(visitor: Callable[[tuple[int, int]], Visitor], truth: Truth) -> None:
    head = visitor(DESK)
    sign_in(head, HEAD, HEAD_PASSWORD)
    import_roll(head, "college-0999001A-janvier.xml")
    code = create_campaign(head)
    kinds: set[str] = set()
    for size in (PHONE, DESK):
        pupil = visitor(size)
        join(pupil, code, size)
        run = Run(pupil, truth)
        picture(pupil, "question", size)
        run.answer_all()
        kinds |= run.kinds
        picture(pupil, "resultats-eleve", size)
        if size == PHONE:
            pupil.picture("tour-pupil")
        pupil.press("J'envoie mes résultats")
        expect(pupil.page.get_by_text("Merci, vos résultats ont bien été envoyés !")).to_be_visible()
        pupil.go("/accueil")
        expect(pupil.page.get_by_label("Saisis ton code")).to_be_visible()
        expect(pupil.page.get_by_text("Terminé")).to_be_visible()
    assert "interactive" in kinds  # which ones come is drawn
    follow(head)


def test_the_head_reads_the_same_pages_on_a_phone(visitor: Callable[[tuple[int, int]], Visitor]) -> None:
    head = visitor(PHONE)
    sign_in(head, HEAD, HEAD_PASSWORD)
    page = head.page
    space = page.url.split("?")[0].rstrip("/")
    path = "/" + space.split("/", 3)[3]
    for place in ("", "/campagnes", "/campagnes/creer", "/eleves", "/import", "/equipe", "/parcours/5e"):
        head.go(path + place)
    head.go(path + "/campagnes?onglet=toutes")
    page.get_by_role("link", name="Parcours de rentrée 5e").first.click()
    head.look()
    campaign = "/" + page.url.split("?")[0].split("/", 3)[3]
    for place in ("/resultats", "/parametres", "/code"):
        head.go(campaign + place)


def picture(visitor: Visitor, name: str, size: tuple[int, int]) -> None:
    visitor.picture(f"{name}-{'telephone' if size == PHONE else 'ordinateur'}")


CHILDREN = {DESK: ("Louise", "Gonçalves", "18", "07", "2013"), PHONE: ("Marie-Lou", "Charpentier", "15", "05", "2015")}
"""Two pupils who arrive with the January file: they have no account yet."""


def join(pupil: Visitor, code: str, size: tuple[int, int]) -> str:
    """Logged out: the code, the identity, the username offered, the password, the tutorial; gives the username."""
    page = pupil.page
    pupil.go("/campagnes")
    page.get_by_label("Saisissez votre code").fill(f" {code[:6].lower()} {code[6:]} ")
    page.get_by_role("button", name="Accéder au parcours").click()
    page.get_by_role("button", name="Continuer").click()
    pupil.look()
    pupil.press("Je m'inscris", role="link")
    first, last, day, month, year = CHILDREN[size]
    page.get_by_label("Prénom").fill(first)
    page.get_by_label("Nom", exact=True).fill(last.lower())
    page.get_by_label("Jour (JJ)").fill(day)
    page.get_by_label("Mois (MM)").fill(month)
    page.get_by_label("Année (AAAA)").fill(year)
    page.get_by_role("button", name=re.compile("C'est parti")).click()
    page.wait_for_load_state("networkidle")
    pupil.look()
    username = page.get_by_label("Mon identifiant").input_value()
    assert re.fullmatch(rf"[a-z]+\.[a-z]+{day}{month}", username), username
    page.get_by_label("Mot de passe", exact=True).fill(PUPIL_PASSWORD)
    picture(pupil, "identifiant", size)
    pupil.press("Je m'inscris")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Rentrée 5e")
    picture(pupil, "presentation", size)
    pupil.press("Je commence")
    pupil.press("Suivant", role="link")
    picture(pupil, "didacticiel", size)
    pupil.press("Ignorer")
    expect(page.get_by_role("heading", level=1)).to_have_text("Question 1")
    return username


def follow(head: Visitor) -> None:
    """« Activité », « Résultats », the file."""
    page = head.page
    page.get_by_role("link", name="Campagnes", exact=True).first.click()
    head.look()
    page.get_by_role("link", name="Parcours de rentrée 5e").first.click()
    head.look()
    expect(page.get_by_role("link", name=re.compile(r"^Résultats")).first).to_contain_text("2")
    page.get_by_role("link", name=re.compile(r"^Résultats")).first.click()
    head.look()
    expect(page.get_by_role("table").last).to_contain_text("CHARPENTIER")
    with page.expect_download() as waiting:
        page.get_by_role("link", name=re.compile("Exporter les résultats")).first.click()
    content = Path(waiting.value.path()).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][:4] == ["Nom de l'organisation", "ID Campagne", "Code", "Nom de la campagne"]
    assert [row[5] for row in rows[1:]] == ["CHARPENTIER", "GONÇALVES"]
    show_a_full_campaign(head)


def show_a_full_campaign(head: Visitor) -> None:
    """The campaign that the demo's virtual pupils answered: what the pictures of the tour show."""
    page = head.page
    page.get_by_role("link", name="Campagnes", exact=True).first.click()
    head.look()
    page.get_by_role("link", name="Parcours de rentrée 5e").last.click()
    head.look()
    head.picture("tour-orga")
    page.get_by_role("link", name=re.compile(r"^Résultats")).first.click()
    head.look()
    head.picture("tour-results")
