"""« Signaler un problème »: from a question or from its correction, without leaving the page."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pix.assessment import actions as assessment
from pix.assessment.enums import Trouble
from pix.campaigns.access.play import participation_of
from pix.core import clock
from pix.web.app.guard import Person, person

MOST_SIGNS = 500


def report_form(run: UUID, rank: int, **context: Any) -> dict[str, Any]:
    """What the form needs, wherever it stands."""
    return {
        "report_action": reverse("app:report", kwargs={"run": run, "rank": rank}),
        "troubles": [{"value": one.value, "label": _(one.label)} for one in Trouble],
        "report_signs": MOST_SIGNS,
        "report_errors": {},
        "report_typed": {},
        **context,
    }


@require_POST
@person
def report(request: HttpRequest, actor: Person, run: UUID, rank: int) -> HttpResponse:
    """Keep it and thank; sent twice, the last stands. What is refused keeps what was typed."""
    participation_of(actor, run)
    typed = {"trouble": request.POST.get("probleme", ""), "text": request.POST.get("precisions", "").strip()}
    errors = {}
    if typed["trouble"] not in set(Trouble):
        errors["trouble"] = _("Choisis ce qui ne va pas.")
    elif typed["trouble"] == Trouble.OTHER and not typed["text"]:
        errors["text"] = _("Écris en quelques mots ce qui ne va pas.")
    if len(typed["text"]) > MOST_SIGNS:
        errors["text"] = _("500 signes au plus : raccourcis ton texte.")
    fragment = bool(request.headers.get("HX-Request"))
    if errors:
        context = {**report_form(run, rank, report_errors=errors, report_typed=typed), "run": run, "rank": rank}
        return render(request, "app/play/_report.html" if fragment else "app/play/report.html", context, status=422)
    if not assessment.report_question(
        assessment=run,
        user=actor.user,
        rank=rank,
        trouble=Trouble(typed["trouble"]),
        text=typed["text"],
        at=clock.now(),
    ):
        raise Http404
    if fragment:
        return render(request, "app/play/_report.html", {"report_done": True})
    messages.success(request, _("Merci : ton signalement est transmis à l'équipe qui écrit les questions."))
    return redirect(reverse("app:question", kwargs={"run": run, "rank": rank}))
