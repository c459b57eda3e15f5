"""Reading the outbox (demonstration and staff only)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pix.mailing.models import Mail


@dataclass(frozen=True, slots=True)
class OutboxMail:
    uuid: UUID
    kind: str
    to: str
    subject: str
    text: str
    created_at: datetime
    sent_at: datetime | None


def outbox(*, most: int = 100) -> list[OutboxMail]:
    """The latest mails, newest first."""
    rows = Mail.objects.order_by("-created_at", "-id").values_list(
        "uuid", "kind", "to", "subject", "text", "created_at", "sent_at"
    )
    return [OutboxMail(*row) for row in rows[:most]]
