"""Accounts in a real browser: a forgotten password by the outbox, the rule while typing, devices, a second factor."""

import re
import time
from collections.abc import Callable

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import expect

from pix.accounts.rules import is_good_password
from tests.e2e.conftest import DESK, PHONE, READING, Visitor

Arrive = Callable[[tuple[int, int]], Visitor]
OLD, NEW = "ilovePix!", "Brumeville2"


def sign_in(one: Visitor, login: str, password: str) -> None:
    one.go("/connexion")
    one.page.get_by_label("Adresse e-mail ou identifiant").fill(login)
    one.page.get_by_label("Mot de passe", exact=True).fill(password)
    one.page.wait_for_timeout(READING)
    one.press("Je me connecte")


@pytest.mark.proves("A-050")
def test_a_forgotten_password_is_chosen_again(visitor: Arrive) -> None:
    """Idriss, teacher, on a phone: the mail, the rule while typing, in; the old password no longer opens."""
    idriss = visitor(PHONE)
    login = "enseignant@pix.fr"
    idriss.go("/connexion")
    idriss.press("Mot de passe oublié\u202f?", "link")
    idriss.page.get_by_label("Adresse e-mail").fill(login)
    idriss.page.wait_for_timeout(READING)
    idriss.press("Recevoir le lien")
    expect(idriss.page.get_by_role("heading", level=1)).to_have_text("Vérifiez votre messagerie")
    idriss.press("Ouvrir le courrier de la démonstration", "link")
    idriss.page.get_by_role("link", name="Choisir un nouveau mot de passe").first.click()
    idriss.look()
    link = re.search(r"http://\S+/mot-de-passe-oublie/\S+", idriss.page.inner_text("main"))
    assert link
    idriss.page.goto(link[0])
    idriss.look()
    idriss.page.get_by_label("Nouveau mot de passe").fill(NEW)
    idriss.page.wait_for_timeout(READING)
    idriss.press("Je choisis ce mot de passe")
    expect(idriss.page.get_by_role("heading", level=1)).to_have_text("Votre mot de passe est changé")
    sign_in(idriss, login, OLD)
    expect(idriss.page.get_by_role("alert")).to_contain_text("saisis sont incorrects")
    sign_in(idriss, login, NEW)
    expect(idriss.page.get_by_role("heading", level=1)).to_contain_text("Où en suis-je")
    idriss.page.goto(link[0])
    idriss.look()
    expect(idriss.page.get_by_role("heading", level=1)).to_have_text("Ce lien n'est plus valable")


@pytest.mark.proves("A-049")
def test_the_rule_answers_while_typing(visitor: Arrive) -> None:
    """The list ticks itself; the eye shows; the browser's rule is the server's, whatever the script."""
    zoe = visitor(DESK)
    zoe.go("/inscription")
    field = zoe.page.get_by_label("Mot de passe", exact=True)
    lines = zoe.page.locator("[data-password-rule] li")
    expect(lines).to_have_count(4)
    field.fill("Brume")
    met = zoe.page.locator("[data-password-rule] li.is-met")
    expect(met).to_have_text([re.compile("une majuscule"), re.compile("une minuscule")])
    expect(zoe.page.locator("[data-rule-voice]")).to_have_text("il manque encore 8 caractères, un chiffre")
    zoe.look()
    field.fill("Brumeville2")
    expect(met).to_have_count(4)
    expect(zoe.page.locator("[data-rule-voice]")).to_have_text("Le mot de passe respecte la règle.")
    zoe.page.get_by_role("button", name="Afficher le mot de passe").click()
    expect(field).to_have_attribute("type", "text")
    tried = [
        "Abcdefg1", "Abcdef1", "abcdefg1", "ABCDEFG1", "Abcdefgh", "Éàçèùôî1", "Жжжжжжж1", "Ωωωωωωω٣", "ǅabcdef1",
        "😀Abcdef1", "😀😀😀😀Ab1", "Aa1" + "a" * 252, "Aa1" + "a" * 253, "Straßeß1", "ⅷⅧabcde1", "中文字ABcd12", "Aª345678", "A²bcdefg",
    ]  # fmt: skip
    module = zoe.page.evaluate(
        "() => performance.getEntriesByType('resource').map((one) => one.name).find((name) => /\\/password[.\\w]*\\.js$/.test(name))"
    )
    judged = zoe.page.evaluate(
        "async ([module, tried]) => { const { isGood } = await import(module); return tried.map(isGood); }",
        [module, tried],
    )
    assert dict(zip(tried, judged, strict=True)) == {one: is_good_password(one) for one in tried}


def test_a_device_is_signed_out_from_another(visitor: Arrive) -> None:
    desk, phone = visitor(DESK), visitor(PHONE)
    for one in (desk, phone):
        sign_in(one, "proviseur@lp-brumeville.test", OLD)
    desk.page.locator("details.account summary").click()
    desk.press("Mon compte", "link")
    devices = desk.page.locator("section[aria-labelledby=appareils] tbody tr")
    expect(devices).to_have_count(2)
    expect(devices.first).to_contain_text("Cet appareil")
    desk.page.wait_for_timeout(READING)
    devices.nth(1).get_by_role("button").click()
    desk.page.wait_for_load_state("networkidle")
    desk.look()
    expect(devices).to_have_count(1)
    phone.page.reload()
    phone.look()
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("Connectez-vous")
    desk.page.reload()
    desk.look()
    expect(desk.page.get_by_role("heading", level=1)).to_have_text("Mon compte")


def test_a_second_factor_is_set_and_asked_for(visitor: Arrive) -> None:
    """Yann sets it from the invitation of his space, on a phone's width, then signs in with it elsewhere."""
    yann = visitor(PHONE)
    sign_in(yann, "direction@val-orge.test", OLD)
    yann.press("Activer", "link")
    yann.press("Activer", "link")
    yann.page.get_by_label("Mot de passe actuel").fill(OLD)
    yann.page.wait_for_timeout(READING)
    yann.press("Continuer")
    secret = yann.page.locator("main code").inner_text()
    yann.page.get_by_label("Code de l'application").fill(_code(secret))
    yann.page.wait_for_timeout(READING)
    yann.press("Activer")
    expect(yann.page.get_by_role("heading", level=1)).to_have_text("Vos codes de secours")
    spare = yann.page.locator("main li code").first.inner_text()
    yann.press("C'est noté", "link")
    elsewhere = visitor(DESK)
    sign_in(elsewhere, "direction@val-orge.test", OLD)
    expect(elsewhere.page.get_by_role("heading", level=1)).to_have_text("Saisissez votre code")
    elsewhere.page.get_by_label("Code").fill(spare)
    elsewhere.page.wait_for_timeout(READING)
    elsewhere.press("Je me connecte")
    expect(elsewhere.page.get_by_role("heading", level=1)).to_contain_text("Où en suis-je")


def _code(secret: str) -> str:
    code: str = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    return code
