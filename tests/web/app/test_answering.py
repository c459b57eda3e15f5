"""The page that thirty pupils load at once: statements counted, wrong forms answered kindly, both kinds of browsers."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from pix.accounts.actions import see_tutorial
from pix.accounts.models import Session
from pix.assessment.models import Answer, Assessment, ReturnedFile
from pix.campaigns.models import Campaign, Participation
from pix.content import releases
from tests.factories import bank
from tests.factories.cast import AT, Cast
from tests.factories.playing import begin, rentree, right, table_again

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def played_bank(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(releases, "_current", bank.shipped())
    with time_machine.travel(AT + timedelta(minutes=5), tick=False):
        yield


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    see_tutorial(user=cast.emma, at=AT)
    return rentree(cast)


@pytest.fixture
def part(cast: Cast, campaign: Campaign) -> Participation:
    return begin(cast.emma, campaign)[0]


@pytest.fixture
def emma(cast: Cast) -> Client:
    return cast.client("pupil")


def place(part: Participation, rank: int) -> str:
    run = Assessment.objects.get(pk=part.assessment)
    return f"/parcours/{run.uuid}/questions/{rank}/reponse"


def good(cast: Cast, part: Participation) -> dict[str, Any]:
    sent = right(table_again(cast.emma, part))
    return {"valider": "1", **(sent.fields or {})}


def data_statements(seen: CaptureQueriesContext) -> list[str]:
    aside = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
    return [query["sql"] for query in seen if not query["sql"].upper().startswith(aside)]


def test_an_answer_and_the_next_question_take_four_statements(cast: Cast, part: Participation, emma: Client) -> None:
    emma.post(place(part, 1), {"passer": "1"}, headers=HTMX)
    for rank in (2, 3):
        address = place(part, rank)
        with CaptureQueriesContext(connection) as seen:
            response = emma.post(address, {"passer": "1"}, headers=HTMX)
        assert response.status_code == 200
        assert f"Question {rank + 1}" in response.content.decode()
        assert len(data_statements(seen)) == 4, data_statements(seen)


def test_the_statements_do_not_grow_with_the_run(cast: Cast, part: Participation, emma: Client) -> None:
    """The end of a block may add four."""
    counts = []
    for rank in range(1, 9):
        data, address = good(cast, part), place(part, rank)
        with CaptureQueriesContext(connection) as seen:
            emma.post(address, data, headers=HTMX)
        counts.append(len(data_statements(seen)))
        if not Assessment.objects.get(pk=part.assessment).open_question:
            break
    assert max(counts) <= 8
    assert sorted(counts)[len(counts) // 2] == 4


def test_without_javascript_the_plain_form_leads_to_the_next_page(
    cast: Cast, part: Participation, emma: Client
) -> None:
    response = emma.post(place(part, 1), good(cast, part))
    run = Assessment.objects.get(pk=part.assessment)
    assert (response.status_code, response["Location"]) == (302, f"/parcours/{run.uuid}/questions/2")
    assert "Question 2" in emma.get(response["Location"]).content.decode()


def test_an_empty_answer_is_said_beside_and_nothing_is_stored(cast: Cast, part: Participation, emma: Client) -> None:
    response = emma.post(place(part, 1), {"valider": "1"}, headers=HTMX)
    assert response.status_code == 422
    assert "Sinon, passe." in response.content.decode()
    assert not Answer.objects.exists()


def test_a_second_tab_gets_the_first_outcome_politely(cast: Cast, part: Participation, emma: Client) -> None:
    emma.post(place(part, 1), good(cast, part), headers=HTMX)
    again = emma.post(place(part, 1), {"passer": "1"}, headers=HTMX)
    assert "Ta première réponse à cette question est gardée" in again.content.decode()
    assert Answer.objects.get().outcome == 1


def test_a_question_not_served_yet_leads_to_the_current_one(cast: Cast, part: Participation, emma: Client) -> None:
    response = emma.post(place(part, 4), {"passer": "1"}, headers=HTMX)
    assert response["HX-Push-Url"].endswith("/questions/1")
    assert not Answer.objects.exists()


def test_a_revoked_sign_in_is_asked_again_and_nothing_is_stored(cast: Cast, part: Participation, emma: Client) -> None:
    Session.objects.all().delete()
    assert emma.post(place(part, 1), {"passer": "1"}, headers=HTMX).status_code == 401
    plain = emma.post(place(part, 1), {"passer": "1"})
    assert plain["Location"].startswith("/connexion?next=/parcours/")
    assert not Answer.objects.exists()


def test_a_changed_password_ends_the_sign_in(cast: Cast, part: Participation, emma: Client) -> None:
    cast.emma.set_password("Autrement1")
    cast.emma.save()
    assert emma.post(place(part, 1), {"passer": "1"}, headers=HTMX).status_code == 401


def test_a_file_too_large_is_refused_in_words(cast: Cast, part: Participation, emma: Client) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    _ask(part, lambda question: question.template == "RENDU")
    big = SimpleUploadedFile("gros.odt", b"x" * 2_000_001)
    response = emma.post(place(part, 1), {"valider": "1", "fichier": big}, headers=HTMX)
    assert response.status_code == 422
    assert "dépasse 2 Mo" in response.content.decode()


def test_a_file_too_large_for_a_question_already_answered_goes_on(
    cast: Cast, part: Participation, emma: Client
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    emma.post(place(part, 1), {"passer": "1"}, headers=HTMX)
    big = SimpleUploadedFile("gros.odt", b"x" * 2_000_001)
    response = emma.post(place(part, 1), {"valider": "1", "fichier": big}, headers=HTMX)
    assert response.status_code == 200
    assert "dépasse 2 Mo" not in response.content.decode()
    assert Answer.objects.count() == 1


def test_a_file_that_was_not_asked_for_is_left_aside(cast: Cast, part: Participation, emma: Client) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    _ask(part, lambda question: question.template == "QCU")
    extra = SimpleUploadedFile("extra.odt", b"x" * 5000)
    response = emma.post(place(part, 1), {"valider": "1", "answer": "1", "fichier": extra}, headers=HTMX)
    assert response.status_code == 200
    assert not ReturnedFile.objects.exists()


def test_one_box_of_several_is_not_an_answer_yet(cast: Cast, part: Participation, emma: Client) -> None:
    _ask(part, lambda question: question.template == "QCM")
    response = emma.post(place(part, 1), {"valider": "1", "answer": ["1"]}, headers=HTMX)
    assert response.status_code == 422
    assert "coche au moins deux réponses" in response.content.decode()
    assert not Answer.objects.exists()


@pytest.mark.parametrize("typed", ["{oups", "file:///C:/photo.jpg", "{}"])
def test_a_text_that_looks_like_something_else_is_shown_as_typed(
    cast: Cast, part: Participation, emma: Client, typed: str
) -> None:
    _ask(part, lambda question: question.template == "QROC")
    emma.post(place(part, 1), {"valider": "1", "answer": typed}, headers=HTMX)
    run = Assessment.objects.get(pk=part.assessment).uuid
    assert typed in emma.get(f"/parcours/{run}/reponses/1").content.decode()


def test_the_first_button_of_the_form_is_the_answer(cast: Cast, part: Participation, emma: Client) -> None:
    """Enter presses the first button: a keyboard must never pass a question that was answered."""
    page = html.fromstring(emma.get(place(part, 1).removesuffix("/reponse")).content.decode())
    assert page.xpath("(//form[@data-answer]//button[@type='submit'])[1]/@name") == ["valider"]


def test_another_key_draws_other_variants_and_no_page_breaks(
    cast: Cast, part: Participation, emma: Client, settings: Any
) -> None:
    from pix.assessment import marking

    run = Assessment.objects.get(pk=part.assessment)
    for rank in range(1, 6):
        assert emma.post(place(part, rank), good(cast, part), headers=HTMX).status_code in {200, 204}
    settings.VARIANT_KEY = "another"
    marking._drawn.cache_clear()
    try:
        assert emma.get(f"/parcours/{run.uuid}/bilan").status_code == 200
        for rank in range(1, 6):
            assert emma.get(f"/parcours/{run.uuid}/reponses/{rank}").status_code == 200
    finally:
        marking._drawn.cache_clear()


def test_half_a_sign_is_refused_before_the_database(cast: Cast, part: Participation, emma: Client) -> None:
    _ask(part, lambda question: question.template == "EXPLO")
    response = emma.post(place(part, 1), {"valider": "1", "answer": '{"nodes": "\\ud83d"}'}, headers=HTMX)
    assert response.status_code == 422
    assert not Answer.objects.exists()


@pytest.mark.parametrize("state", ["", "{", "[]", "null", json.dumps({"nodes": 3}), "9" * 300_000])
def test_no_state_sent_by_a_page_can_break_the_answer(
    cast: Cast, part: Participation, emma: Client, state: str
) -> None:
    bank_now = releases.current()
    tool = next(q for q in bank_now.questions.values() if q.template == "EXPLO" and q.skill in _targets(part))
    Assessment.objects.filter(pk=part.assessment).update(open_question=tool.id, open_skill=tool.skill)
    response = emma.post(place(part, 1), {"valider": "1", "answer": state}, headers=HTMX)
    assert response.status_code in {200, 422}


def _ask(part: Participation, fits: Callable[[Any], bool]) -> None:
    """Make a question of this kind the open one."""
    asked = next(q for q in releases.current().questions.values() if fits(q))
    Assessment.objects.filter(pk=part.assessment).update(open_question=asked.id, open_skill=asked.skill)


def _targets(part: Participation) -> set[str]:
    return {skill[0] for skill in part.campaign.skills}


def test_a_file_of_the_question_is_the_same_at_each_download(cast: Cast, part: Participation, emma: Client) -> None:
    bank_now = releases.current()
    asked = next(q for q in bank_now.questions.values() if q.generator == "F13" and q.skill in _targets(part))
    Assessment.objects.filter(pk=part.assessment).update(open_question=asked.id, open_skill=asked.skill)
    run = Assessment.objects.get(pk=part.assessment)
    first, second = (emma.get(f"/parcours/{run.uuid}/questions/1/fichiers/0") for _ in range(2))
    assert first["Content-Type"] == "application/zip"
    assert first["Content-Disposition"].startswith("attachment; filename=")
    assert first.content == second.content
    assert first.content[:2] == b"PK"
