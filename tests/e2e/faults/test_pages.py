"""Faults that must cost nothing: a cut network, an expired sign-in, two tabs, the back button, a double click.

Every test plays on the real program, then counts what its database holds: nothing lost, nothing doubled. The demo is
one of their own, because some of them kill it.
"""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import READING, Demo, Visitor
from tests.e2e.faults.backstage import (
    PASSWORD,
    VALIDATE,
    Backstage,
    choose,
    expect_one_answer,
    expect_question,
    fill_sign_in,
    gone_by_itself,
    not_answered,
    sign_in,
    sit_down,
    validate,
)

KEPT = "Ta réponse est gardée"


@pytest.mark.proves("T-033")
def test_the_network_is_cut_while_answering(someone: Visitor, backstage: Backstage) -> None:
    pupil = backstage.pupil()
    page = sit_down(someone, pupil)
    value = choose(page, 1)
    someone.context.set_offline(True)
    validate(page)
    expect(page.locator("[data-network]")).to_contain_text(KEPT)
    expect_question(page, pupil.rank)
    someone.look()
    assert not_answered(backstage, pupil)
    someone.context.set_offline(False)
    expect_question(page, pupil.rank + 1)
    expect(page.locator("[data-network]")).to_be_hidden()
    expect_one_answer(backstage, pupil, value)
    someone.look()


@pytest.mark.proves("T-033")
def test_the_tab_is_closed_without_network(someone: Visitor, backstage: Backstage) -> None:
    pupil = backstage.pupil()
    page = sit_down(someone, pupil)
    value = choose(page, 2)
    someone.context.set_offline(True)
    validate(page)
    expect(page.locator("[data-network]")).to_contain_text(KEPT)
    page.close()
    assert not_answered(backstage, pupil)
    someone.context.set_offline(False)
    someone.page = page = someone.context.new_page()
    page.goto(f"{someone.home}/parcours/{pupil.run}")
    expect_question(page, pupil.rank + 1)
    expect_one_answer(backstage, pupil, value)
    gone_by_itself(someone, pupil)


def test_the_answer_arrives_but_its_receipt_is_lost(someone: Visitor, backstage: Backstage) -> None:
    """The worst moment of a cut: the server has written, the page does not know."""
    pupil = backstage.pupil()
    page = sit_down(someone, pupil)
    value = choose(page, 0)
    lost = []

    def lose(route: Any) -> None:
        route.fetch()
        lost.append(1)
        route.abort()

    page.route("**/reponse", lose, times=1)
    validate(page)
    expect_question(page, pupil.rank + 1)
    assert lost
    expect_one_answer(backstage, pupil, value)
    someone.look()


def test_the_sign_in_expires_in_the_middle(someone: Visitor, backstage: Backstage) -> None:
    pupil = backstage.pupil()
    page = sit_down(someone, pupil)
    value = choose(page, 1)
    someone.context.clear_cookies(name="session")
    validate(page)
    page.wait_for_url("**/connexion?*")
    someone.look()
    assert not_answered(backstage, pupil)
    fill_sign_in(someone, pupil.login, PASSWORD)
    expect_question(page, pupil.rank + 1)
    expect_one_answer(backstage, pupil, value)
    gone_by_itself(someone, pupil)


def test_a_returned_file_is_kept_too(someone: Visitor, backstage: Backstage, tmp_path: Path) -> None:
    """The work of a quarter of an hour, sent when the sign-in has just expired."""
    pupil = backstage.pupil((1, 2, 3, 4), kind="file")
    page = sit_down(someone, pupil)
    content = bytes(range(256)) * 2000
    page.locator("#id_fichier").set_input_files({"name": "été.ods", "mimeType": "", "buffer": content})
    someone.context.clear_cookies(name="session")
    validate(page)
    page.wait_for_url("**/connexion?*")
    someone.look()
    assert not_answered(backstage, pupil)
    fill_sign_in(someone, pupil.login, PASSWORD)
    expect_question(page, pupil.rank + 1)
    found = backstage.facts(pupil)
    assert (found["answered"], found["files"]) == (pupil.rank, [content.hex()])
    gone_by_itself(someone, pupil)


def test_the_same_question_in_two_tabs(someone: Visitor, backstage: Backstage) -> None:
    pupil = backstage.pupil()
    first = sit_down(someone, pupil)
    someone.page = second = someone.context.new_page()
    someone.go(pupil.place)
    expect_question(second, pupil.rank)
    value, other = choose(first, 0), choose(second, 1)
    assert value != other
    validate(first)
    expect_question(first, pupil.rank + 1)
    validate(second)
    expect_question(second, pupil.rank + 1)
    expect(second.get_by_text("Ta première réponse à cette question est gardée : voici la suite.")).to_be_visible()
    expect_one_answer(backstage, pupil, value)
    someone.look()
    someone.page = first
    someone.look()


def test_the_back_button_after_answers(someone: Visitor, backstage: Backstage) -> None:
    pupil = backstage.pupil((5,))
    page = sit_down(someone, pupil)
    value = choose(page, 1)
    validate(page)
    page.wait_for_url("**/bilan")
    someone.look()
    page.get_by_role("link", name="Continuer").click()
    expect_question(page, pupil.rank + 1)
    someone.look()
    page.go_back()
    page.wait_for_url("**/bilan")
    someone.look()
    page.go_back()
    expect_question(page, pupil.rank + 1)
    someone.look()
    expect_one_answer(backstage, pupil, value)


def test_a_double_click_answers_once(someone: Visitor, backstage: Backstage) -> None:
    pupil = backstage.pupil()
    page = sit_down(someone, pupil)
    value = choose(page, 1)
    page.get_by_role("button", name=VALIDATE).dblclick()
    expect_question(page, pupil.rank + 1)
    page.wait_for_load_state("networkidle")
    expect_question(page, pupil.rank + 1)
    expect_one_answer(backstage, pupil, value)
    someone.look()


def test_the_second_click_does_not_pass_the_next_question(someone: Visitor, backstage: Backstage) -> None:
    """A fast server: the next question stands under the finger when the second click of a double click falls."""
    pupil = backstage.pupil()
    page = sit_down(someone, pupil)
    page.evaluate(
        "() => new MutationObserver((_, watch) => { watch.disconnect();"
        " document.querySelector('#question [name=passer]').click(); document.body.dataset.second = 'fallen'; })"
        ".observe(document.getElementById('question').parentNode, {childList: true})"
    )
    page.get_by_role("button", name="Je passe").click()
    expect_question(page, pupil.rank + 1)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.body.dataset.second") == "fallen"
    expect_question(page, pupil.rank + 1)
    assert backstage.facts(pupil)["answered"] == pupil.rank
    someone.look()


def test_a_double_click_sends_once(someone: Visitor, backstage: Backstage) -> None:
    pupil = backstage.pupil(())
    before = backstage.facts(pupil)
    assert (before["status"], before["sendings"]) == ("to_share", 0)
    page = sign_in(someone, pupil.login, PASSWORD, f"/parcours/{pupil.run}/resultats")
    page.get_by_role("button", name="J'envoie mes résultats").dblclick()
    expect(page.get_by_text("Merci, vos résultats ont bien été envoyés !")).to_be_visible()
    someone.look()
    after = backstage.facts(pupil)
    assert (after["status"], after["sendings"]) == ("shared", 1)
    assert after["shared_count"] == before["shared_count"] + 1


def test_two_sendings_at_the_same_moment(someone: Visitor, backstage: Backstage) -> None:
    """Two tabs, or a form sent twice by a browser without scripts: the page cannot stop it, the program does."""
    pupil = backstage.pupil(())
    before = backstage.facts(pupil)
    page = sign_in(someone, pupil.login, PASSWORD, f"/parcours/{pupil.run}/resultats")
    statuses = page.evaluate(
        "() => { const form = document.querySelector('form[action$=\"/envoi\"]');"
        " const send = () => fetch(form.action, {method: 'POST', body: new FormData(form)}).then((r) => r.status);"
        " return Promise.all([send(), send(), send()]); }"
    )
    assert statuses == [200, 200, 200]
    after = backstage.facts(pupil)
    assert (after["status"], after["sendings"]) == ("shared", 1)
    assert after["shared_count"] == before["shared_count"] + 1


def test_the_campaign_is_archived_in_the_middle_of_a_run(someone: Visitor, backstage: Backstage) -> None:
    """The pupil is told once; the page does not reload for ever with the answer that nobody takes."""
    pupil = backstage.pupil(own_campaign=True)
    page = sit_down(someone, pupil)
    choose(page, 1)
    assert backstage.ask("archive", pupil.run)
    loads: list[str] = []
    page.on("load", lambda loaded: loads.append(loaded.url))
    validate(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce parcours a été désactivé")
    page.wait_for_load_state("networkidle")
    someone.look()
    assert len(loads) == 1
    assert not_answered(backstage, pupil)


def test_enter_validates_what_was_chosen(someone: Visitor, backstage: Backstage) -> None:
    """A keyboard alone: Enter must never pass a question that was answered."""
    pupil = backstage.pupil()
    page = sit_down(someone, pupil)
    value = choose(page, 1)
    page.wait_for_timeout(READING)
    page.locator(f"#question input[name=answer][value='{value}']").press("Enter")
    expect_question(page, pupil.rank + 1)
    expect_one_answer(backstage, pupil, value)
    someone.look()


def test_a_server_that_always_refuses_lets_go_of_the_pupil(someone: Visitor, backstage: Backstage) -> None:
    """Three refusals, then the answer may be changed: only a cut network is waited for."""
    pupil = backstage.pupil()
    page = sit_down(someone, pupil)
    page.route("**/reponse", lambda route: route.fulfill(status=500, body="no"))
    choose(page, 1)
    validate(page)
    expect(page.locator("[data-network]")).to_contain_text("change-la, ou passe la question", timeout=15_000)
    someone.look()
    page.unroute("**/reponse")
    value = choose(page, 0)
    validate(page)
    expect_question(page, pupil.rank + 1)
    expect_one_answer(backstage, pupil, value)
    someone.look()


def test_a_browser_without_scripts(browser: Browser, demo: Demo, backstage: Backstage) -> None:
    pupil = backstage.pupil()
    context = browser.new_context(java_script_enabled=False, locale="fr-FR", viewport={"width": 360, "height": 740})
    try:
        page = context.new_page()
        page.goto(f"{demo.url}/connexion?next=/parcours/{pupil.run}")
        page.get_by_label("Adresse e-mail ou identifiant").fill(pupil.login)
        page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Je me connecte").click()
        expect_question(page, pupil.rank)
        value = choose(page, 1)
        validate(page)
        expect_question(page, pupil.rank + 1)
        expect_one_answer(backstage, pupil, value)
        assert page.url.endswith(f"/questions/{pupil.rank + 1}")
        page.go_back()
        expect_question(page, pupil.rank + 1)
        validate(page)
        expect(page.locator("#question .banner-error")).to_have_count(1)
        expect_one_answer(backstage, pupil, value)
        page.get_by_role("button", name="Je passe").click()
        expect_question(page, pupil.rank + 2)
        expect_one_answer(backstage, pupil, "", pupil.rank + 1)
    finally:
        context.close()
