"""The staff at work: a person found and helped, a school corrected, and the journal that tells it."""

import re

from playwright.sync_api import expect

from tests.e2e.conftest import Visitor
from tests.e2e.test_rentree import sign_in

STAFF, PASSWORD = "pilotage@pix.fr", "ilovePix!"


def test_a_person_is_helped_and_the_journal_tells_it(desk: Visitor) -> None:
    page = desk.page
    sign_in(desk, STAFF, PASSWORD)
    desk.go("/pilotage/")
    desk.press("Comptes", role="link")
    page.get_by_label("Adresse e-mail, identifiant").fill("Idriss")
    desk.press("Chercher")
    expect(page.get_by_role("alert")).to_contain_text("Aucun compte n'a exactement")
    expect(page.get_by_label("Adresse e-mail, identifiant")).to_have_value("Idriss")
    page.get_by_label("Adresse e-mail, identifiant").fill("enseignant@pix.fr")
    desk.press("Chercher")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Idriss")
    assert "enseignant" not in page.url
    expect(page.get_by_text("e***@pix.fr")).to_be_visible()
    desk.press("Afficher l'adresse et l'identifiant")
    expect(page.get_by_text("enseignant@pix.fr")).to_be_visible()
    desk.press("Envoyer le message de nouveau mot de passe", role="link")
    # With the keyboard alone: the reason, then Enter.
    page.get_by_label("Raison").fill("demande 412")
    page.get_by_label("Raison").press("Enter")
    expect(page.get_by_text("Le message est parti.")).to_be_visible()
    desk.look()
    desk.press("Voir dans le journal", role="link")
    rows = page.locator("tbody tr")
    expect(rows.nth(0)).to_contain_text("envoie un message de mot de passe")
    expect(rows.nth(0)).to_contain_text("demande 412")
    expect(rows.nth(2)).to_contain_text("Cherche un compte")
    assert "enseignant" not in page.content()


def test_a_school_is_corrected_on_a_phone(phone: Visitor) -> None:
    page = phone.page
    sign_in(phone, STAFF, PASSWORD)
    phone.go("/pilotage/etablissements")
    page.get_by_label("UAI, nom ou ville").fill("agricole VAL")
    phone.press("Filtrer")
    expect(page.locator("tbody tr")).to_have_count(1)
    phone.press("Lycée agricole du Val d'Orge", role="link")
    phone.press("Corriger", role="link")
    page.get_by_label("Nouvelle boîte fonctionnelle").fill("legta@educagri.test")
    page.locator("form[data-once]").evaluate("form => form.noValidate = true")
    phone.press("Enregistrer")
    expect(page.get_by_role("alert")).to_contain_text("Indiquez la raison de cet acte.")
    expect(page.get_by_label("Nouvelle boîte fonctionnelle")).to_have_value("legta@educagri.test")
    page.get_by_label("Raison").fill("demande 413")
    phone.press("Enregistrer")
    expect(page.get_by_text("L'établissement est corrigé.")).to_be_visible()
    phone.press("Archiver", role="link")
    expect(page.get_by_text(re.compile("Toute l'équipe perd l'accès"))).to_be_visible()
    phone.go("/pilotage/journal")
    row = page.locator("tbody tr", has_text="Corrige un établissement").first
    expect(row).to_contain_text("legta.val-orge@educagri.test → legta@educagri.test")
