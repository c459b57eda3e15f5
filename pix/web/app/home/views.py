"""The personal space: a code to type, what waits, the sixteen competences."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pix.assessment.queries import profile_of
from pix.campaigns.queries.pupil import cards_of
from pix.content import releases
from pix.learners.queries.certifiability import viewers_of
from pix.web.app.frame import frame
from pix.web.app.guard import Person, person


@require_safe
@person
def home(request: HttpRequest, actor: Person) -> HttpResponse:
    """« J'ai un code » first, then what waits."""
    cards = cards_of(actor)
    return render(request, "app/home/home.html", frame(request, "home", cards=cards[:4], more=len(cards) > 4))


@require_safe
@person
def runs(request: HttpRequest, actor: Person) -> HttpResponse:
    """« Mes parcours », each with its state and its one action."""
    return render(request, "app/home/runs.html", frame(request, "runs", cards=cards_of(actor)))


@require_safe
@person
def competences(request: HttpRequest, actor: Person) -> HttpResponse:
    """Level and pix of the sixteen competences, by domain, and the total."""
    bank = releases.current()
    own = profile_of(actor.user)
    areas = [
        (area, [(competence, own.get(competence.id)) for competence in bank.competences_of(area.code)])
        for area in bank.areas.values()
    ]
    total = sum(line.pix for key, line in own.items() if key in bank.competences)
    started = sum(1 for line in own.values() if line.level >= 1)
    return render(
        request,
        "app/home/competences.html",
        frame(request, "competences", areas=areas, total=total, level_one=started, viewers=viewers_of(actor.user)),
    )
