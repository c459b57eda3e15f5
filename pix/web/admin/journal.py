"""« Journal »: who did what to what, when; read only, and no more than what the journal holds."""

from datetime import date, datetime, time, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pix.accounts.access import Staff
from pix.audit.queries import details, journal
from pix.core import clock
from pix.web.admin.frame import frame
from pix.web.admin.guard import staff
from pix.web.admin.verbs import verb_of


@require_safe
@staff
def read(request: HttpRequest, actor: Staff) -> HttpResponse:
    """By reference of a person or an object, and by dates; the address holds opaque ids only."""
    errors: dict[str, str] = {}
    reference = request.GET.get("objet", "").strip()
    if "@" in reference:
        errors["objet"] = _("Écrivez une référence, pas une adresse\u202f: la fiche du compte la donne.")
    since, until = _day(request, "du", errors), _day(request, "au", errors)
    if since and until and until < since:
        errors["au"] = _("Cette date est avant la première.")
    page = None
    if not errors:
        page = journal(
            reference=reference,
            since=_midnight(since) if since else None,
            until=_midnight(until + timedelta(days=1)) if until else None,
            before=request.GET.get("avant", ""),
        )
    context = frame(
        "journal",
        page=page,
        verb_of=verb_of,
        lines=[(line, details(line)) for line in page.lines] if page else [],
        typed={name: request.GET.get(name, "") for name in ("objet", "du", "au")},
        errors=errors,
        filtered=bool(reference or since or until or errors),
        paged="avant" in request.GET,
    )
    return render(request, "admin/journal.html", context, status=422 if errors else 200)


def _day(request: HttpRequest, name: str, errors: dict[str, str]) -> date | None:
    """A date as the browser's field gives it, or as people write it."""
    text = request.GET.get(name, "").strip()
    if not text:
        return None
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            found = datetime.strptime(text, form).date()  # noqa: DTZ007 - a day, not an instant
        except ValueError:
            continue
        if 1970 <= found.year < 9000:
            return found
    errors[name] = _("Écrivez une date, par exemple 15/09/2026.")
    return None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.PARIS)
