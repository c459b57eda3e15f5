"""Writing and sending mails: the row is written with its cause, the sending follows in a job."""

from datetime import datetime, timedelta
from email.utils import formataddr
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction

from pix.jobs.queue import enqueue
from pix.mailing.models import Mail


def post(*, kind: str, to: str, subject: str, text: str, html: str = "", sender: str = "", at: datetime) -> Mail:
    """Put a mail in the outbox and its sending in the queue, in the caller's transaction.

    ``sender``: a name to show beside the sending address.
    """
    with transaction.atomic():
        mail = Mail.objects.create(
            kind=kind,
            to=to,
            sender=" ".join(sender.split())[:120],
            subject=" ".join(subject.split())[:255],
            text=text,
            html=html,
            created_at=at,
        )
        enqueue("pix.mailing.tasks.deliver_mail", str(mail.uuid))
    return mail


SEND_AGAIN_FROM, SEND_AGAIN_UNTIL = timedelta(hours=1), timedelta(days=3)
KEEP_SENT = timedelta(days=30)


def send_again(*, at: datetime) -> int:
    """Queue the mails that never left, older than an hour and younger than three days; gives their number.

    A mail server that is down for an afternoon outlives the attempts of a job. A mail sent meanwhile is not sent twice.
    """
    waiting = Mail.objects.filter(
        sent_at=None, created_at__lte=at - SEND_AGAIN_FROM, created_at__gte=at - SEND_AGAIN_UNTIL
    )
    mails = list(waiting.values_list("uuid", flat=True))
    for mail in mails:
        enqueue("pix.mailing.tasks.deliver_mail", str(mail))
    return len(mails)


def forget_sent(*, at: datetime) -> int:
    """Delete the mails that left a month ago: addresses, names and links are not kept for nothing; gives their number."""
    return Mail.objects.filter(sent_at__lt=at - KEEP_SENT).delete()[0]


def deliver(*, mail: UUID, at: datetime) -> bool:
    """Hand one mail to the mail server, once: False when it had gone already.

    Raises what the mail server raises, so that the job is tried again. A crash between the server's « accepted » and
    our note may send a mail twice: a mail twice costs less than a mail lost.
    """
    row = Mail.objects.filter(uuid=mail, sent_at=None).first()
    if row is None:
        return False
    address = settings.DEFAULT_FROM_EMAIL
    # A name only beside a bare address: the setting may bring its own.
    origin = formataddr((row.sender, address)) if row.sender and "<" not in address else address
    message = EmailMultiAlternatives(row.subject, row.text, origin, [row.to])
    if row.html:
        message.attach_alternative(row.html, "text/html")
    message.send()
    row.sent_at = at
    row.save(update_fields=["sent_at"])
    return True


def forget(address: str) -> int:
    """Delete what was ever written to this address, sent or not; gives the number of mails."""
    return Mail.objects.filter(to__iexact=address).delete()[0]
