"""« Signaler un problème »: from the question, from the correction, then on the staff's page."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from pix.accounts.actions import see_tutorial
from pix.assessment.actions import handle_reports
from pix.assessment.models import Answer, Assessment, QuestionReport
from pix.campaigns.models import Participation
from pix.content import releases
from tests.factories import bank
from tests.factories.cast import AT, Cast
from tests.factories.playing import begin, rentree
from tests.web.team.test_team_pages import words

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
LIST = "/pilotage/signalements"


@pytest.fixture(autouse=True)
def played_bank(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(releases, "_current", bank.shipped())
    with time_machine.travel(AT + timedelta(minutes=5), tick=False):
        yield


@pytest.fixture
def part(cast: Cast) -> Participation:
    see_tutorial(user=cast.emma, at=AT)
    return begin(cast.emma, rentree(cast))[0]


def place(part: Participation, rank: int, end: str = "signalement") -> str:
    run = Assessment.objects.get(pk=part.assessment)
    return f"/parcours/{run.uuid}/questions/{rank}/{end}"


def say(client: Client, where: str, trouble: str = "display", text: str = "", **more: Any) -> Any:
    return client.post(where, {"probleme": trouble, "precisions": text}, **more)


@pytest.mark.proves("C-098")
def test_from_the_question_to_the_staff(cast: Cast, part: Participation) -> None:
    emma, staff = cast.client("pupil"), cast.client("staff")
    assert "Aucun signalement" in words(staff.get(LIST))
    page = emma.get(place(part, 1, "").rstrip("/"))
    assert "Signaler un problème" in words(page)
    answer = say(emma, place(part, 1), text="La carte est vide", headers=HTMX)
    assert "ton signalement est transmis" in words(answer)
    assert "<form" not in answer.content.decode()
    # Without JavaScript, and again: one report, the last.
    again = say(emma, place(part, 1), "other", "Je ne vois rien", follow=True)
    assert "ton signalement est transmis" in words(again)
    row = QuestionReport.objects.get()
    assert (row.trouble, row.text, row.question) == ("other", "Je ne vois rien", Assessment.objects.get().open_question)
    listed = staff.get(LIST)
    told = words(listed)
    assert row.question in told
    assert "Autre chose" in told
    assert "Je ne vois rien" in told
    assert cast.emma.first_name not in told
    assert cast.emma.username not in told

    done = f"{LIST}/{row.question}/traite"
    assert staff.post(done, {"jusqu_a": "hier"}).status_code == 404
    assert "1 signalement traité." in words(staff.post(done, {"jusqu_a": row.at.isoformat()}, follow=True))
    assert staff.post(done, {"jusqu_a": row.at.isoformat()}).status_code == 404
    assert row.question not in words(staff.get(LIST))


def test_from_the_correction_of_an_answered_question(cast: Cast, part: Participation) -> None:
    emma = cast.client("pupil")
    emma.post(place(part, 1, "reponse"), {"passer": "1"})
    run = Assessment.objects.get()
    assert "Signaler un problème" in words(emma.get(f"/parcours/{run.uuid}/reponses/1"))
    assert say(emma, place(part, 1), "answer").status_code == 302
    assert QuestionReport.objects.get().question == Answer.objects.get().question
    # A question that was never asked cannot be reported.
    assert say(emma, place(part, 9)).status_code == 404


@pytest.mark.parametrize(
    ("trouble", "text", "told"),
    [
        ("", "", "Choisis ce qui ne va pas."),
        ("nonsense", "x", "Choisis ce qui ne va pas."),
        ("other", "  ", "Écris en quelques mots ce qui ne va pas."),
        ("display", "a" * 501, "500 signes au plus"),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_what_is_missing_is_said_and_what_was_typed_stays(
    cast: Cast, part: Participation, trouble: str, text: str, told: str, headers: dict[str, str]
) -> None:
    answer = say(cast.client("pupil"), place(part, 1), trouble, text, headers=headers)
    assert answer.status_code == 422
    assert told in words(answer)
    assert text.strip()[:100] in answer.content.decode()
    assert not QuestionReport.objects.exists()


def test_what_comes_while_one_reads_is_not_closed(cast: Cast, part: Participation) -> None:
    say(cast.client("pupil"), place(part, 1))
    row = QuestionReport.objects.get()
    shown = row.at
    QuestionReport.objects.update(at=shown + timedelta(seconds=1))
    assert handle_reports(question=row.question, by=cast.stan.uuid, until=shown, at=timezone.now()) == 0
    assert QuestionReport.objects.filter(handled_at=None).count() == 1


def test_what_was_closed_opens_again(cast: Cast, part: Participation) -> None:
    emma = cast.client("pupil")
    say(emma, place(part, 1))
    row = QuestionReport.objects.get()
    assert handle_reports(question=row.question, by=cast.stan.uuid, until=row.at, at=row.at) == 1
    say(emma, place(part, 1), "file")
    assert QuestionReport.objects.filter(handled_at=None, trouble="file").count() == 1
