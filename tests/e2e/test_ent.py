"""From the ENT's tile to the first question: a real exchange with the demonstration's identity provider, on a phone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import DESK, PHONE, Visitor


def open_tile(visitor: Visitor, group: str, pupil: str = "") -> str:
    """Choose a pupil at the ENT (the first of the group, or this one) and press the tile; gives their line."""
    page = visitor.go("/demo/ent")
    choice = page.locator(f"#id_pupil_{group}")
    line = next(text for text in choice.locator("option").all_inner_texts() if pupil in text)
    choice.select_option(label=line)
    page.locator(f"form:has(#id_pupil_{group})").get_by_role("button").click()
    page.wait_for_url("**/campagnes")
    # The provider's own page posts its form by itself: there is no time to look at it.
    visitor.unseen.discard("/demo/ent/connexion")
    visitor.look()
    return line


def code_of_the_school(visitor: Visitor) -> str:
    page = visitor.go("/demo")
    return page.locator("tr", has_text="Simone-Lumière").locator("strong").first.inner_text()


def type_code(visitor: Visitor, name: str, code: str) -> None:
    visitor.page.get_by_label(f"{name}, saisissez votre code").fill(code)
    visitor.press("Accéder au parcours")


@pytest.mark.proves("C-067")
def test_the_first_visit_asks_a_birth_date_and_the_second_nothing(
    visitor: Callable[[tuple[int, int]], Visitor],
) -> None:
    phone = visitor(PHONE)
    code = code_of_the_school(phone)
    line = open_tile(phone, "new")
    person = line.split(",")[0]
    first_name = person.split()[0]
    type_code(phone, first_name, code)
    page = phone.page
    expect(page.get_by_label("Prénom")).to_have_value(first_name)
    expect(page.get_by_label("Prénom")).not_to_be_editable()
    born = re.search(r"(\d\d)/(\d\d)/(\d{4})", line)
    assert born is not None
    for label, value in zip(("Jour (JJ)", "Mois (MM)", "Année (AAAA)"), born.groups(), strict=True):
        page.get_by_label(label).fill(value)
    phone.press("C'est parti\u202f!")
    expect(page).to_have_url(re.compile("/presentation$"))
    expect(page.get_by_text(re.compile(f"Vous n'êtes pas {re.escape(person)}"))).to_be_visible()
    phone.press("Je commence")
    phone.press("Ignorer")
    expect(page.get_by_role("heading", level=1)).to_have_text("Question 1")

    desk = visitor(DESK)
    open_tile(desk, "known", person)
    type_code(desk, first_name, code)
    expect(desk.page.locator("#question")).to_be_visible()  # straight to the question that waits
    desk.page.goto(desk.home + "/campagnes")
    desk.look()
    desk.press("Se déconnecter")
    assert desk.page.url.endswith("/nonconnecte")
    assert desk.page.get_by_label("Mot de passe").count() == 0
