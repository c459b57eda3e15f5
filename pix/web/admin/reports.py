"""« Signalements »: the questions that pupils found wrong, without anybody's name."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from pix.accounts.access import Staff
from pix.assessment.actions import handle_reports
from pix.assessment.queries import reported_questions
from pix.content import releases
from pix.core import clock
from pix.web.admin.frame import frame
from pix.web.admin.guard import staff


@require_safe
@staff
def reports(request: HttpRequest, actor: Staff) -> HttpResponse:
    """The most reported first, with the subject of each."""
    bank = releases.current()
    lines = []
    for one in reported_questions():
        question = bank.questions.get(one.question)
        lines.append(
            {
                "reported": one,
                "subject": bank.tubes[bank.skills[question.skill].tube].title if question else "",
                "template": question.template if question else "",
                "troubles": [(_(kind.label), count) for kind, count in one.troubles],
            }
        )
    return render(request, "admin/reports.html", frame("reports", lines=lines))


@require_POST
@staff
def handled(request: HttpRequest, actor: Staff, question: str) -> HttpResponse:
    """« C'est traité », for what the page showed; what came since stays."""
    until = _instant(request.POST.get("jusqu_a", ""))
    if until is None:
        raise Http404
    count = handle_reports(question=question, by=actor.user.uuid, until=until, at=clock.now())
    if not count:
        raise Http404
    text = ngettext("{n} signalement traité.", "{n} signalements traités.", count)
    messages.success(request, text.format(n=count))
    return redirect("admin:reports")


def _instant(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None
