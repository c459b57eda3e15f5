"""« Élèves » in a real browser: two filters together, one pupil, a password for one use, cards; keyboard and axe."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import DESK, PHONE, Visitor
from tests.e2e.test_rentree import HEAD, HEAD_PASSWORD, sign_in

PASSWORD = "Brumeville2"


def open_pupils(visitor: Visitor) -> str:
    """Signed in, on « Élèves »; gives the path of the list."""
    sign_in(visitor, HEAD, HEAD_PASSWORD)
    visitor.page.goto(re.sub(r"(/orga/[0-9a-f-]+)/.*", r"\1/eleves", visitor.page.url))
    visitor.look()
    return re.sub(r".*(/orga/.*)", r"\1", visitor.page.url)


@pytest.mark.proves("E-034", "E-035", "E-039", "A-083")
def test_a_class_and_a_status_together(visitor: Callable[[tuple[int, int]], Visitor]) -> None:
    head = visitor(DESK)
    open_pupils(head)
    page = head.page
    expect(page.get_by_role("heading", level=1)).to_contain_text("Élèves (")
    for menu, box in (("Classe", "3A"), ("Certificabilité", "Non Certifiable")):
        page.locator("summary", has_text=re.compile(f"^{menu}")).focus()
        page.keyboard.press("Enter")
        page.get_by_label(box, exact=True).press("Space")
    head.press("Filtrer")
    chips = page.get_by_role("list", name="Filtres actifs").get_by_role("link")
    expect(chips).to_have_count(2)
    expect(chips.first).to_contain_text("3A")
    shown = page.locator("td[data-label=Classe]").all_inner_texts()
    assert shown
    assert set(shown) == {"3A"}
    expect(page.locator(".filters-count")).to_have_text(f"{len(shown)} élèves")
    head.press("Effacer les filtres", role="link")
    expect(chips).to_have_count(0)


@pytest.mark.proves("E-046", "E-048", "D-055")
def test_a_password_for_one_use(visitor: Callable[[tuple[int, int]], Visitor]) -> None:
    """The head finds a pupil by a name that is nearly right; the pupil comes in once and must choose."""
    head = visitor(DESK)
    path = open_pupils(head)
    page = head.go(f"{path}?nom=beatriks+pix")
    page.get_by_role("row", name=re.compile("Béatrix")).locator("th a").click()
    head.look()
    expect(page.get_by_text("Liste de toutes les participations")).to_be_visible()
    page.get_by_role("link", name="Gérer le compte").press("Enter")
    window = page.get_by_role("dialog", name="Gestion du compte Pix de l'élève")
    expect(window).to_be_visible()
    head.look()
    page.keyboard.press("Escape")
    expect(window).to_be_hidden()
    page.get_by_role("link", name="Gérer le compte").click()
    window.get_by_role("button", name="Réinitialiser le mot de passe").click()
    page.wait_for_url("**/compte/mot-de-passe")
    head.look()
    given = page.locator(".one-time").inner_text()
    assert re.fullmatch("[a-hjkmnp-z]{6}[2-9]{2}", given)
    login = page.locator(".banner [translate=no]").first.inner_text()

    pupil = visitor(PHONE)
    sign_in(pupil, login.upper(), given)
    expect(pupil.page.get_by_role("heading", level=1)).to_contain_text("mot de passe")
    choose = pupil.page.locator("input[type=password]")
    for field in choose.all():
        field.fill(PASSWORD)
    pupil.page.locator("main form button[type=submit]").last.click()
    pupil.page.wait_for_load_state("networkidle")
    pupil.look()
    again = visitor(PHONE)
    sign_in(again, login, given)
    expect(again.page.get_by_role("alert").first).to_be_visible()
    sign_in(again, login, PASSWORD)
    assert "/connexion" not in again.page.url


@pytest.mark.proves("E-047", "C-080")
def test_a_selection_and_its_files(visitor: Callable[[tuple[int, int]], Visitor]) -> None:
    head = visitor(DESK)
    path = open_pupils(head)
    page = head.go(f"{path}?classe=5B&methode=username")
    with page.expect_download() as cards:
        page.locator("summary", has_text="Imprimer, télécharger").click()
        page.get_by_role("link", name="Cartes d'accès (PDF)").click()
    assert cards.value.suggested_filename.endswith("_cartes_5B.pdf")
    assert cards.value.path().read_bytes().startswith(b"%PDF")
    send = page.get_by_role("button", name="Réinitialiser les mots de passe des élèves sélectionnés")
    expect(send).to_be_disabled()
    page.get_by_label("Sélectionner toute la colonne").press("Space")
    count = page.locator("tbody tr").count()
    expect(page.locator("[data-selection-count]")).to_have_text(f"{count} élèves sélectionnés")
    page.locator("tbody input[type=checkbox]").first.press("Space")
    expect(page.locator("[data-selection-count]")).to_have_text(f"{count - 1} élèves sélectionnés")
    send.click()
    page.wait_for_url("**/mots-de-passe?**")
    head.look()
    expect(page.locator("tbody tr")).to_have_count(count - 1)
    with page.expect_download() as passwords:
        page.get_by_role("button", name="Réinitialiser et télécharger le fichier (CSV)").click()
    assert re.fullmatch(r"\d{8}_\d{4}_mots_de_passe_eleves\.csv", passwords.value.suggested_filename)
    lines = passwords.value.path().read_text("utf-8-sig").splitlines()
    assert len(lines) == count
    expect(
        page.get_by_text("La réinitialisation des mots de passe des élèves sélectionnés a été effectuée.")
    ).to_be_visible()


def test_on_a_phone(phone: Visitor) -> None:
    path = open_pupils(phone)
    phone.go(f"{path}?classe=3A&nom=a")
    phone.page.locator("tbody th a").first.click()
    phone.look()
    phone.page.get_by_role("link", name="Gérer le compte").click()
    expect(phone.page.get_by_role("dialog", name=re.compile("Gestion du compte"))).to_be_visible()
    phone.look()
