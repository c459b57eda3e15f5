"""The keys of a school: activation by the mailbox, two colleagues invited, a role raised, a removal in an open session,
and the switch from one school to the other."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import DESK, PHONE, Demo, Visitor
from tests.e2e.test_rentree import HEAD, HEAD_PASSWORD, sign_in

PASSWORD = "Brumeville1"


def open_mail(visitor: Visitor, to: str) -> None:
    """The last mail to this address in the demonstration's outbox; follow its link."""
    visitor.go("/demo/courrier")
    visitor.page.locator("tr", has_text=to).first.get_by_role("link").click()
    visitor.look()
    visitor.page.locator("a[href*='/rejoindre?']").click()
    visitor.look()


def register(visitor: Visitor, first: str, last: str, email: str) -> None:
    page = visitor.page
    page.get_by_label("Prénom").fill(first)
    page.get_by_label("Nom", exact=True).fill(last)
    page.get_by_role("textbox", name="Adresse e-mail", exact=True).fill(email)
    page.locator("#id_inscription-password").fill(PASSWORD)
    page.get_by_label(re.compile("J'accepte les conditions")).check()
    visitor.press("Je m'inscris")
    expect(page.get_by_text("Vous faites maintenant partie de l'équipe")).to_be_visible()
    terms = page.get_by_role("button", name="J'accepte les conditions d'utilisation")
    if terms.count():
        visitor.press("J'accepte les conditions d'utilisation")


@pytest.mark.proves("A-002", "A-005", "A-006", "A-013", "A-014", "A-015", "A-016", "A-018", "A-019", "A-020")
def test_from_the_form_to_administrator_by_the_mailbox(
    visitor: Callable[[tuple[int, int]], Visitor], demo: Demo
) -> None:
    head = visitor(DESK)
    head.go("/connexion")
    head.press("Activez ou récupérez votre espace Pix Orga", role="link")
    head.page.get_by_label("UAI/RNE de l'établissement").fill("1111111A")
    head.page.get_by_label("Votre prénom").fill("Ada")
    head.page.get_by_label("Votre nom").fill("Byron")
    head.press("Envoyer")
    expect(head.page.get_by_role("link", name=re.compile("n'est pas reconnu"))).to_be_visible()
    expect(head.page.get_by_label("Votre prénom")).to_have_value("Ada")
    head.page.get_by_label("UAI/RNE de l'établissement").fill("0999004d")
    head.press("Envoyer")
    expect(head.page.get_by_text("c***@ac-brumeville.test")).to_be_visible()
    open_mail(head, "ce.0999004d@ac-brumeville.test")
    expect(head.page.get_by_role("heading", level=1)).to_contain_text("Lycée professionnel de Brumeville")
    register(head, "Ada", "Byron", "ce.0999004d@ac-brumeville.test")
    head.page.get_by_role("link", name="Équipe", exact=True).click()
    head.look()
    # The former administrator is still listed, and may be removed.
    rows = head.page.locator("tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("Baptiste")
    expect(rows.nth(1)).to_contain_text("Administrateur")
    head.go("/certif/")
    head.press("J'accepte les conditions d'utilisation")  # once for each space
    expect(head.page.get_by_text("Les sessions ne sont pas encore ouvertes")).to_be_visible()
    head.page.locator(".school summary").click()
    menu = head.page.locator(".school .menu-list")
    expect(menu).to_contain_text("Pix Orga")
    # The link served once.
    other = visitor(PHONE)
    other.go("/demo/courrier")
    other.page.locator("tr", has_text="ce.0999004d@ac-brumeville.test").first.get_by_role("link").click()
    other.look()
    other.page.locator("a[href*='/rejoindre?']").click()
    other.look()
    expect(other.page.get_by_text("Cette invitation a déjà été acceptée.")).to_be_visible()


@pytest.mark.proves("A-025", "A-026", "A-031", "A-032", "A-037", "A-038", "A-039")
def test_colleagues_invited_raised_removed_while_they_work(
    visitor: Callable[[tuple[int, int]], Visitor], demo: Demo
) -> None:
    head = visitor(DESK)
    sign_in(head, "direction@galets.test", HEAD_PASSWORD)
    head.page.get_by_role("link", name="Équipe", exact=True).click()
    head.look()
    head.press("Inviter un membre", role="link")
    head.page.get_by_label("Adresse(s) e-mail").fill("noe@galets.test\nlea@galets.test")
    head.press("Inviter")
    expect(head.page.get_by_text("Invitations (2)")).to_be_visible()
    colleagues = {}
    for first, last in (("Noé", "Duval"), ("Léa", "Morin")):
        email = f"{'noe' if first == 'Noé' else 'lea'}@galets.test"
        one = visitor(PHONE if first == "Léa" else DESK)
        open_mail(one, email)
        register(one, first, last, email)
        colleagues[first] = one
    head.go(head.page.url.replace("/invitations", ""))
    expect(head.page.locator("tbody tr")).to_have_count(3)
    head.page.locator("tr", has_text="Duval").locator("summary").click()
    head.page.locator("tr", has_text="Duval").get_by_role("link", name="Modifier le rôle").click()
    head.look()
    head.page.get_by_role("radio", name="Administrateur").check(force=True)
    head.press("Enregistrer")
    expect(head.page.locator("tr", has_text="Duval")).to_contain_text("Administrateur")
    # Léa works in an open session; the head removes her; her next click is refused.
    lea = colleagues["Léa"]
    home = lea.page.url
    head.page.locator("tr", has_text="Morin").locator("summary").click()
    head.page.locator("tr", has_text="Morin").get_by_text("Supprimer", exact=True).click()
    expect(head.page.get_by_role("dialog")).to_contain_text("Confirmez-vous la suppression")
    head.press("Oui, supprimer le membre")
    expect(head.page.get_by_text(re.compile("Léa Morin a été supprimé avec succès"))).to_be_visible()
    lea.go(home)
    expect(lea.page.get_by_text("Page introuvable")).to_be_visible()


@pytest.mark.proves("A-052", "A-053", "A-054", "A-055")
def test_one_account_two_schools(visitor: Callable[[tuple[int, int]], Visitor], demo: Demo) -> None:
    head = visitor(PHONE)
    sign_in(head, HEAD, HEAD_PASSWORD)
    head.go("/orga/")
    for school in ("Lycée des Trois-Rivières", "Collège Simone-Lumière", "Lycée des Trois-Rivières"):
        head.page.locator(".school summary").click()
        head.page.locator(".school .menu-list button", has_text=school).first.click()
        head.page.wait_for_load_state("networkidle")
        head.look()
        expect(head.page.locator(".school-name")).to_contain_text(school)
    head.page.locator(".account summary").click()
    head.press("Se déconnecter")
    sign_in(head, HEAD, HEAD_PASSWORD)
    expect(head.page.locator(".school-name")).to_contain_text("Lycée des Trois-Rivières")
    # Back where other journeys expect to find it.
    head.page.locator(".school summary").click()
    head.page.locator(".school .menu-list button", has_text="Collège Simone-Lumière").first.click()
    head.page.wait_for_load_state("networkidle")
    head.look()
