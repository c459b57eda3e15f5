"""Reading the journal: newest first, by what it is about and by date, one page after the other."""

import operator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from pix.audit.models import Event

PAGE = 50


@dataclass(frozen=True, slots=True)
class JournalPage:
    """``older``: what asks for the next page, empty at the end."""

    lines: tuple[Event, ...]
    older: str


def journal(
    *,
    reference: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    before: str = "",
    size: int = PAGE,
) -> JournalPage:
    """A page. ``reference``: id of a person or an object, exactly, as actor, target or school; ``until`` excluded.

    ``before``: ``older`` of the page above; anything else reads as the first page.
    """
    rows = Event.objects.order_by("-at", "-id")
    if since is not None:
        rows = rows.filter(at__gte=since)
    if until is not None:
        rows = rows.filter(at__lt=until)
    key = _key(before)
    if key is not None:
        rows = rows.filter(Q(at__lt=key[0]) | Q(at=key[0], id__lt=key[1]))
    if reference:
        # Each place has its index: three short reads cost less than one that mixes them.
        found = {
            row.pk: row
            for place in ("target", "actor", "organization")
            for row in rows.filter(**{place: reference})[: size + 1]
        }
        lines = sorted(found.values(), key=operator.attrgetter("at", "pk"), reverse=True)[: size + 1]
    else:
        lines = list(rows[: size + 1])
    older = f"{lines[size - 1].at.isoformat()}_{lines[size - 1].pk}" if len(lines) > size else ""
    return JournalPage(tuple(lines[:size]), older)


def _key(before: str) -> tuple[datetime, int] | None:
    at, _, number = before.rpartition("_")
    try:
        moment, pk = datetime.fromisoformat(at), int(number)
    except ValueError:
        return None
    return (moment, pk) if moment.tzinfo is not None and 0 <= pk < 2**63 else None


def details(line: Event) -> list[tuple[str, Any]]:
    """What the line says besides: names and values, in order."""
    return sorted(line.meta.items())
