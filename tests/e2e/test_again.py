"""Forms that are sent twice: a message asked for again waits some seconds, a double click is one sending."""

import re
import time

from playwright.sync_api import Route, expect

from tests.e2e.conftest import READING, Visitor

FORGOTTEN = "/mot-de-passe-oublie"
WAITING = re.compile(r"^Envoyé, nouvelle demande possible dans (30|2\d) s$")


def ask(one: Visitor, email: str) -> None:
    one.page.get_by_label("Adresse e-mail").fill(email)
    one.page.wait_for_timeout(READING)
    one.press("Recevoir le lien")


def test_another_message_waits_thirty_seconds(phone: Visitor) -> None:
    page = phone.page
    phone.go(FORGOTTEN)
    ask(phone, "personne@nulle-part.test")
    expect(page.get_by_role("heading", level=1)).to_have_text("Vérifiez votre messagerie")

    phone.go(FORGOTTEN)
    button = page.locator("form[data-again] [type=submit]")
    expect(button).to_have_text(WAITING)
    expect(button).to_have_attribute("aria-disabled", "true")
    phone.look()
    # Enter in the field waits too.
    page.get_by_label("Adresse e-mail").fill("personne@nulle-part.test")
    page.get_by_label("Adresse e-mail").press("Enter")
    page.wait_for_timeout(READING)
    assert page.url.endswith(FORGOTTEN)
    expect(button).not_to_have_attribute("aria-busy", "true")

    page.evaluate("() => sessionStorage.setItem('again:' + location.pathname, String(Date.now() - 31000))")
    expect(button).to_have_text("Recevoir le lien")
    expect(button).not_to_have_attribute("aria-disabled", "true")
    ask(phone, "personne@nulle-part.test")
    expect(page.get_by_role("heading", level=1)).to_have_text("Vérifiez votre messagerie")


def test_what_was_refused_is_mended_at_once(desk: Visitor) -> None:
    desk.go(FORGOTTEN)
    desk.page.evaluate("() => { document.querySelector('form[data-again]').noValidate = true }")
    ask(desk, "rien")
    button = desk.page.locator("form[data-again] [type=submit]")
    expect(desk.page.locator(".error-summary")).to_be_visible()
    expect(button).to_have_text("Recevoir le lien")
    expect(button).not_to_have_attribute("aria-disabled", "true")


def test_a_double_click_posts_once(desk: Visitor) -> None:
    """Also a form that says nothing of it: here, the switch of the language, while the server takes its time."""
    sent: list[str] = []

    def slowly(route: Route) -> None:
        sent.append(route.request.url)
        time.sleep(0.6)
        route.continue_()

    desk.page.route("**/langue", slowly)
    desk.go("/connexion")
    desk.page.wait_for_timeout(READING)
    desk.page.evaluate(
        "() => { const form = document.querySelector('form.language'), button = form.querySelector('button');"
        " form.requestSubmit(button); setTimeout(() => form.requestSubmit(button), 150); }"
    )
    expect(desk.page.get_by_role("heading", level=1)).to_have_text("Sign in")
    desk.look()
    assert len(sent) == 1
