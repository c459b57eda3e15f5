"""A mail leaves once through a real mail server; a server that is down costs time, never a mail."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from django.db import transaction
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from config import env
from pix.core.ids import uuid7
from pix.jobs.models import Attempt
from pix.jobs.worker import DELAYS, run_pending
from pix.mailing.actions import deliver, forget_sent, post, send_again
from pix.mailing.models import Mail
from pix.mailing.queries import outbox
from tests.postgres import free_port

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


class Sink:
    """A mail server that keeps what it is given; ``answer`` is what it says to each message."""

    def __init__(self) -> None:
        self.received: list[tuple[str, list[str], EmailMessage]] = []
        self.answer = "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answer.startswith("250"):
            message = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.received.append((envelope.mail_from, envelope.rcpt_tos, message))
        return self.answer


@pytest.fixture
def port(settings: Any, monkeypatch: pytest.MonkeyPatch) -> int:
    """Where the program looks for its mail server, told as an operator tells it."""
    port = free_port()
    monkeypatch.setenv("PIX_MAIL_URL", f"smtp://127.0.0.1:{port}")
    for name, value in env.mail("PIX_MAIL_URL").items():
        setattr(settings, name, value)
    settings.DEFAULT_FROM_EMAIL = "Pix <ne-pas-repondre@pix.test>"
    return port


@pytest.fixture
def sink(port: int) -> Iterator[Sink]:
    kept = Sink()
    server = Controller(kept, hostname="127.0.0.1", port=port)
    server.start()
    yield kept
    server.stop()


def a_mail(**changes: Any) -> Mail:
    values: dict[str, Any] = {
        "kind": "essai",
        "to": "zoe@nulle.test",
        "subject": "Confirmez votre adresse : « Élève »",
        "text": "Bonjour Zoé,\n\nÇa marche ? Cœur, naïve, 5 €.\n.\nFin",
        "at": AT,
        **changes,
    }
    return post(**values)


def test_a_mail_arrives_once_with_its_accents(sink: Sink) -> None:
    mail = a_mail()
    assert deliver(mail=mail.uuid, at=AT) is True
    [(sender, to, message)] = sink.received
    assert (sender, to) == ("ne-pas-repondre@pix.test", ["zoe@nulle.test"])
    assert message["From"] == "Pix <ne-pas-repondre@pix.test>"
    assert message["Subject"] == "Confirmez votre adresse : « Élève »"
    assert message.get_content_type() == "text/plain"
    assert message.get_content().replace("\r\n", "\n").strip() == mail.text
    mail.refresh_from_db()
    assert mail.sent_at == AT
    assert deliver(mail=mail.uuid, at=AT + timedelta(minutes=1)) is False
    assert len(sink.received) == 1
    mail.refresh_from_db()
    assert mail.sent_at == AT


def test_a_mail_with_a_page_keeps_its_text(sink: Sink) -> None:
    deliver(mail=a_mail(html="<p>Bonjour <b>Zoé</b></p>").uuid, at=AT)
    message = sink.received[0][2]
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_a_mail_leaves_by_its_job(sink: Sink) -> None:
    mail = a_mail()
    assert sink.received == []  # written with its cause, sent afterwards
    run_pending()
    assert len(sink.received) == 1
    assert [(row.uuid, row.sent_at is not None) for row in outbox()] == [(mail.uuid, True)]
    run_pending()
    assert len(sink.received) == 1


def test_a_cause_that_is_undone_takes_its_mail_with_it(sink: Sink) -> None:
    def sign_up() -> None:
        with transaction.atomic():
            a_mail()
            raise OSError

    with pytest.raises(OSError):
        sign_up()
    run_pending()
    assert (sink.received, Mail.objects.count(), DBTaskResult.objects.count()) == ([], 0, 0)


def test_a_subject_on_several_lines_adds_no_header(sink: Sink) -> None:
    deliver(mail=a_mail(subject="Bonjour\r\nBcc: autre@nulle.test").uuid, at=AT)
    [(_, to, message)] = sink.received
    assert (to, message["Bcc"], message["Subject"]) == (["zoe@nulle.test"], None, "Bonjour Bcc: autre@nulle.test")


def test_with_the_server_down_the_mail_waits_and_leaves_later(port: int) -> None:
    with time_machine.travel(AT, tick=False) as now:
        mail = a_mail()
        run_pending()
        job = DBTaskResult.objects.get()
        assert (job.status, job.exception_class_path) == (TaskResultStatus.READY, "builtins.ConnectionRefusedError")
        assert job.run_after == AT + DELAYS[0]
        run_pending()
        assert Attempt.objects.get(job=job.pk).count == 1  # not before its time
        now.shift(DELAYS[0])
        run_pending()
        assert Attempt.objects.get(job=job.pk).count == 2
        mail.refresh_from_db()
        assert mail.sent_at is None
        kept = Sink()
        server = Controller(kept, hostname="127.0.0.1", port=port)
        # The server's own thread waits on real time.
        with time_machine.travel(AT + timedelta(hours=1), tick=True):
            server.start()
            try:
                run_pending()
            finally:
                server.stop()
    assert [to for _, to, _ in kept.received] == [["zoe@nulle.test"]]
    mail.refresh_from_db()
    job.refresh_from_db()
    assert (mail.sent_at is not None, job.status) == (True, TaskResultStatus.SUCCESSFUL)
    assert not Attempt.objects.exists()


def test_a_server_that_refuses_is_asked_again(sink: Sink) -> None:
    sink.answer = "451 Revenez plus tard"
    mail = a_mail()
    run_pending()
    assert DBTaskResult.objects.get().status == TaskResultStatus.READY
    sink.answer = "250 OK"
    DBTaskResult.objects.update(run_after=AT)
    run_pending()
    mail.refresh_from_db()
    assert (len(sink.received), mail.sent_at is not None) == (1, True)


def test_a_mail_that_does_not_exist_is_no_fault(port: int) -> None:
    assert deliver(mail=uuid7(), at=AT) is False


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("", {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}),
        ("smtps://bob:p%40ss@mail.test", {"EMAIL_PORT": 465, "EMAIL_USE_SSL": True, "EMAIL_HOST_PASSWORD": "p@ss"}),
        ("smtp://u:p@mail.test:587", {"EMAIL_USE_TLS": True, "EMAIL_USE_SSL": False}),
        ("smtp+tls://mail.test", {"EMAIL_PORT": 587, "EMAIL_USE_TLS": True}),
        ("smtp://mail.test", {"EMAIL_HOST": "mail.test", "EMAIL_PORT": 25, "EMAIL_USE_SSL": False}),
    ],
)
def test_the_mail_server_is_told_in_one_address(
    monkeypatch: pytest.MonkeyPatch, url: str, expected: dict[str, object]
) -> None:
    monkeypatch.setenv("PIX_MAIL_URL", url)
    assert expected.items() <= env.mail("PIX_MAIL_URL").items()


@pytest.mark.parametrize("url", ["http://mail.test", "smtp://", "mail.test:25"])
def test_a_wrong_address_stops_the_program_at_boot(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("PIX_MAIL_URL", url)
    with pytest.raises(env.BadSetting, match="PIX_MAIL_URL"):
        env.mail("PIX_MAIL_URL")


def test_a_mail_that_a_long_breakdown_kept_is_queued_again(sink: Sink) -> None:
    kept = a_mail()
    DBTaskResult.objects.all().delete()  # its job gave up
    assert send_again(at=AT + timedelta(minutes=30)) == 0  # its own attempts are not over
    assert send_again(at=AT + timedelta(days=4)) == 0  # too old to be of use
    assert send_again(at=AT + timedelta(hours=5)) == 1
    run_pending()
    kept.refresh_from_db()
    assert (len(sink.received), kept.sent_at is not None) == (1, True)
    assert send_again(at=AT + timedelta(hours=6)) == 0


def test_mails_that_left_are_forgotten_after_a_month(sink: Sink) -> None:
    sent, waiting = a_mail(), a_mail()
    deliver(mail=sent.uuid, at=AT)
    assert forget_sent(at=AT + timedelta(days=29)) == 0
    assert forget_sent(at=AT + timedelta(days=31)) == 1
    assert list(Mail.objects.values_list("uuid", flat=True)) == [waiting.uuid]
