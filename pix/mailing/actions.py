"""Writing and sending mails: the row is written with its cause, the sending follows in a job."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction

from pix.jobs.queue import enqueue
from pix.mailing.models import Mail


def post(*, kind: str, to: str, subject: str, text: str, html: str = "", at: datetime) -> Mail:
    """Put a mail in the outbox and its sending in the queue, in the caller's transaction."""
    with transaction.atomic():
        mail = Mail.objects.create(
            kind=kind, to=to, subject=" ".join(subject.split())[:255], text=text, html=html, created_at=at
        )
        enqueue("pix.mailing.tasks.deliver_mail", str(mail.uuid))
    return mail


def deliver(*, mail: UUID, at: datetime) -> bool:
    """Hand one mail to the mail server, once: False when it had gone already.

    Raises what the mail server raises, so that the job is tried again. A crash between the server's « accepted » and
    our note may send a mail twice: a mail twice costs less than a mail lost.
    """
    row = Mail.objects.filter(uuid=mail, sent_at=None).first()
    if row is None:
        return False
    message = EmailMultiAlternatives(row.subject, row.text, settings.DEFAULT_FROM_EMAIL, [row.to])
    if row.html:
        message.attach_alternative(row.html, "text/html")
    message.send()
    row.sent_at = at
    row.save(update_fields=["sent_at"])
    return True
