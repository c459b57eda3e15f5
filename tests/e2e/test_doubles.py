"""A pupil made by hand doubles one of the roll: seen, compared, merged, undone, in one sitting."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.conftest import DESK, PHONE, Visitor
from tests.e2e.test_rentree import HEAD, HEAD_PASSWORD, sign_in


def test_a_double_is_merged_and_the_merge_undone(visitor: Callable[[tuple[int, int]], Visitor]) -> None:
    head = visitor(DESK)
    page = head.page
    sign_in(head, HEAD, HEAD_PASSWORD)
    space = "/" + page.url.split("?")[0].rstrip("/").split("/", 3)[3]
    head.go(space + "/eleves")
    row = page.locator("tbody tr").first
    last = row.locator("th a").inner_text()
    first, born, division = (
        row.locator(f"td[data-label='{label}']").inner_text() for label in ("Prénom", "Date de naissance", "Classe")
    )
    head.press("Ajouter un élève", role="link")
    page.get_by_label("Nom de famille").fill(last.lower())
    page.get_by_label("Prénom").fill(first)
    page.get_by_label("Date de naissance").fill("-".join(reversed(born.strip().split("/"))))
    page.get_by_label("Féminin").check()
    page.get_by_label("Classe").fill(division)
    head.press("Créer la fiche provisoire")
    expect(page.get_by_text("Cet élève est peut-être déjà dans la base")).to_be_visible()
    page.get_by_label("C'est un autre élève, créer sa fiche").check()
    head.press("Créer la fiche provisoire")
    expect(page.get_by_text(re.compile("La fiche provisoire de .* a été créée")).first).to_be_visible()
    page.get_by_label("Fil d'Ariane").get_by_role("link", name="Élèves").click()
    head.look()
    page.get_by_role("link", name=re.compile(r"Doublons \(\d+\)")).click()
    head.look()
    line = page.locator("tbody tr", has_text=first).filter(has_text="provisoire")
    line.get_by_role("link").click()
    head.look()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Est-ce le même élève")
    phone = visitor(PHONE)
    sign_in(phone, HEAD, HEAD_PASSWORD)
    for place in ("/eleves/doublons", "/eleves/doublons/provisoires", "/eleves/nouveau", "/eleves/certificabilite"):
        phone.go(space + place)
    phone.go("/" + page.url.split("/", 3)[3])
    head.press("Fusionner les deux fiches")
    expect(page.get_by_text("n'en font plus qu'une").first).to_be_visible()
    head.press("Décisions", role="link")
    page.get_by_role("button", name=re.compile("^Annuler")).first.click()
    page.wait_for_load_state("networkidle")
    head.look()
    expect(page.get_by_text(re.compile("Annulée le")).first).to_be_visible()
    head.press("Fiches provisoires", role="link")
    page.get_by_role("button", name=re.compile(f"Retirer la fiche provisoire de {first}", re.IGNORECASE)).click()
    page.wait_for_load_state("networkidle")
    head.look()
    expect(page.get_by_text("est retirée").first).to_be_visible()
