"""A passkey in a real browser, with Chromium's own virtual authenticator: added, used at the sign-in, taken away."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import DESK, READING, Demo, Visitor
from tests.e2e.test_account import OLD, sign_in

LOGIN = "proviseur@trois-rivieres.test"


@pytest.fixture
def yann(browser: Browser, demo: Demo) -> Iterator[Visitor]:
    """In front of the site by its name, with a key that answers at once."""
    context = browser.new_context(
        viewport={"width": DESK[0], "height": DESK[1]},
        locale="fr-FR",
        timezone_id="Europe/Paris",
        reduced_motion="reduce",
    )
    context.set_default_timeout(15_000)
    one = Visitor(context, demo.url.replace("127.0.0.1", "localhost"), DESK[0])
    browser_side = context.new_cdp_session(one.page)
    browser_side.send("WebAuthn.enable")
    browser_side.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {
            "protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }},
    )  # fmt: skip
    yield one
    one.leave()


def confirm(one: Visitor) -> None:
    one.page.get_by_label("Mot de passe actuel").fill(OLD)
    one.page.wait_for_timeout(READING)
    one.press("Continuer")


def test_a_key_is_added_and_opens(yann: Visitor) -> None:
    title = yann.page.get_by_role("heading", level=1)
    sign_in(yann, LOGIN, OLD)
    yann.go("/mon-compte/double-authentification")
    yann.press("Ajouter une clé d'accès", "link")
    confirm(yann)
    yann.page.get_by_label("Nom de la clé").fill("Clé du bureau")
    yann.page.wait_for_timeout(READING)
    yann.page.get_by_role("button", name="Ajouter", exact=True).click()
    expect(title).to_have_text("Vos codes de secours")
    yann.look()
    # The same key again: the browser knows it.
    yann.go("/mon-compte/double-authentification/cles/ajouter")
    yann.page.get_by_label("Nom de la clé").fill("La même")
    yann.page.wait_for_timeout(READING)
    yann.page.get_by_role("button", name="Ajouter", exact=True).click()
    expect(yann.page.get_by_role("alert")).to_contain_text("Cette clé est déjà sur votre compte.")
    yann.look()

    yann.context.clear_cookies()
    sign_in(yann, LOGIN, OLD)
    expect(title).to_have_text("Utilisez votre clé d'accès")
    yann.page.wait_for_timeout(READING)
    yann.page.get_by_role("button", name="Utiliser ma clé d'accès").click()
    expect(title).to_contain_text("Où en suis-je")
    yann.look()

    # As it was, for the other journeys.
    yann.go("/mon-compte/double-authentification")
    yann.page.get_by_role("link", name="Retirer Clé du bureau").click()
    yann.look()
    confirm(yann)
    yann.page.wait_for_timeout(READING)
    yann.press("Retirer")
    expect(yann.page.get_by_text("Clé d'accès retirée.")).to_be_visible()


def test_an_address_in_numbers_leads_to_the_name(desk: Visitor) -> None:
    sign_in(desk, LOGIN, OLD)
    desk.go("/mon-compte/double-authentification")
    link = desk.page.get_by_role("link", name="Ouvrir avec «\u202flocalhost\u202f»")
    expect(link).to_have_attribute("href", desk.page.url.replace("127.0.0.1", "localhost"))
