"""Pages open to all, looked at on a desk and on a phone; English and back; an account recovered through the outbox."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import DESK, PHONE, Visitor, path_of

Arrive = Callable[[tuple[int, int]], Visitor]
PAGES = (
    "/",
    "/connexion",
    "/inscription",
    "/campagnes",
    "/recuperer-mon-compte",
    "/recuperer-mon-compte/envoye",
    "/mentions-legales",
    "/donnees-personnelles",
    "/conditions-utilisation",
    "/accessibilite",
    "/aide",
    "/plan-du-site",
)
ANAIS = {"ine": "0901000067x", "first_name": "anais", "last_name": "Bailly", "day": "30", "month": "01", "year": "2014"}
"""A pupil of the first sample file, who joined and answered when the demonstration was made."""


@pytest.mark.proves("T-006", "T-007")
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["ordinateur", "telephone"])
def test_every_public_page_in_both_languages(size: tuple[int, int], visitor: Arrive) -> None:
    """axe has no remark, nothing overflows, the foot leads to every legal page, in French and in English."""
    one = visitor(size)
    for path in PAGES:
        one.go(path)
        expect(one.page.get_by_role("contentinfo").get_by_role("link")).to_have_count(6)
    one.press("English")
    for path in PAGES:
        one.go(path)
        assert one.page.evaluate("document.documentElement.lang") == "en"
        assert not re.search(r"\b(votre|vous|dans|pour|avec)\b", one.page.get_by_role("main").inner_text()), path


@pytest.mark.proves("T-042")
def test_english_and_back_on_the_same_page(desk: Visitor) -> None:
    page = desk.go("/connexion?next=/mes-parcours")
    expect(page.get_by_role("heading", level=1)).to_have_text("Connectez-vous")
    desk.press("English")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert page.url.endswith("/connexion?next=/mes-parcours")
    expect(page.get_by_label("Password", exact=True)).to_be_visible()
    desk.go("/recuperer-mon-compte")
    expect(page.get_by_role("heading", level=1)).to_have_text("Recover my account")
    desk.press("Français")
    expect(page.get_by_role("heading", level=1)).to_have_text("Récupérer mon compte")


def fill(visitor: Visitor, typed: dict[str, str]) -> None:
    for name, value in typed.items():
        visitor.page.locator(f"#id_{name}").fill(value)


@pytest.mark.proves("E-169")
def test_a_former_pupil_recovers_the_account(desk: Visitor) -> None:
    """From the sign-in page to the personal space: INE, honour and address, message, password, results still there."""
    page = desk.go("/connexion")
    desk.press("Récupérer mon compte", "link")
    fill(desk, ANAIS | {"first_name": "Zoé"})
    desk.press("Rechercher mon compte")
    expect(page.get_by_role("alert")).to_contain_text("Aucun compte ne correspond")
    fill(desk, ANAIS)
    desk.press("Rechercher mon compte")
    expect(page.get_by_role("main")).to_contain_text("anais.bailly3001")
    page.locator("#id_email").fill("anais@maison.test")
    page.get_by_label("Je certifie sur l'honneur").check()
    desk.press("Recevoir le message")
    desk.press("Ouvrir le courrier de la démonstration", "link")
    page.get_by_role("link", name="Récupérez votre compte").first.click()
    desk.look()
    link = re.search(r"/recuperer-mon-compte/[0-9a-f]{64}", page.get_by_role("main").inner_text())
    assert link is not None
    desk.go(link[0])
    page.locator("#id_password").fill("NouveauMot2")
    page.get_by_label("J'accepte les conditions").check()
    desk.press("Récupérer mon compte")
    expect(page.get_by_text("Votre compte est récupéré.")).to_be_visible()
    page.locator("#id_login").fill("Anais@maison.test")
    page.locator("#id_password").fill("NouveauMot2")
    desk.press("Je me connecte")
    assert path_of(page.url) == "/accueil"
    desk.go("/mes-parcours")
    expect(page.locator("main a[href^='/parcours/']").first).to_be_visible()
    desk.go(link[0])
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce lien a déjà servi")
