"""Writing the journal, inside the transaction of what it tells."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pix.audit.models import Event


def record(
    verb: str,
    *,
    at: datetime,
    actor: UUID | str = "",
    target: UUID | str | int = "",
    organization: UUID | str = "",
    **meta: Any,
) -> None:
    """Add one line. ``meta`` holds JSON values only, and no more personal data than the act needs."""
    Event.objects.create(
        at=at, actor=str(actor), verb=verb, target=str(target), organization=str(organization), meta=meta
    )
