"""A run: tutorial, questions, checkpoints, corrections, results, sending."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from markupsafe import Markup

from pix.accounts.actions import see_tutorial
from pix.assessment import actions as assessment
from pix.assessment.marking import MAX_RETURNED_BYTES, Submission
from pix.assessment.rules import place_in_block
from pix.campaigns.access.play import participation_of
from pix.campaigns.actions import play
from pix.campaigns.enums import Status
from pix.campaigns.queries.pupil import corrections_of, results_of
from pix.campaigns.queries.table import Table
from pix.campaigns.rules import progress
from pix.content import releases
from pix.core import clock
from pix.generators.contract import Returned
from pix.web.app.frame import frame
from pix.web.app.guard import Person, person, table
from pix.web.app.play.report import report_form
from pix.web.app.play.shown import MalformedAnswer, asks_for_file, expected_answer, given_answer, shown

TUTORIAL_CARDS = 5


def _place(run: UUID, rank: int) -> str:
    return reverse("app:question", kwargs={"run": run, "rank": rank})


def _next_place(at: Table) -> str:
    """Where this run stands: its question, or its results."""
    if at.sitting.open_question:
        return _place(at.sitting.uuid, at.sitting.rank)
    return reverse("app:results", kwargs={"run": at.sitting.uuid})


@require_safe
@table
def resume(request: HttpRequest, at: Table) -> HttpResponse:
    """« Reprendre »: the served question, same rank, on any computer."""
    return redirect(_next_place(at))


@require_http_methods(["GET", "HEAD", "POST"])
@person
def tutorial(request: HttpRequest, actor: Person, run: UUID) -> HttpResponse:
    """Five cards before the first question, once in a life; « Ignorer » leaves at any card."""
    participation_of(actor, run)
    if request.method == "POST":
        see_tutorial(user=actor.user, at=clock.now())
        return redirect("app:resume", run=run)
    card = min(max(1, _number(request.GET.get("carte"), 1)), TUTORIAL_CARDS)
    return render(request, "app/play/tutorial.html", {"run": run, "card": card, "cards": TUTORIAL_CARDS})


def _number(text: str | None, default: int) -> int:
    return int(text) if text is not None and text.isdecimal() and len(text) < 6 else default


@require_safe
@table
def question(request: HttpRequest, at: Table, rank: int) -> HttpResponse:
    """The open question; any other rank leads to it."""
    if rank != at.sitting.rank or not at.sitting.open_question:
        return redirect(_next_place(at))
    if at.closed:
        return _closed(request)
    if rank == 1 and at.user.tutorial_seen_at is None:
        return redirect("app:tutorial", run=at.sitting.uuid)
    return render(request, "app/play/question.html", _question_context(at))


def _closed(request: HttpRequest) -> HttpResponse:
    return render(request, "app/play/closed.html", frame(request, "runs"), status=403)


def _question_context(at: Table, **context: Any) -> dict[str, Any]:
    number, size = place_in_block(at.sitting.rank)
    run, rank = at.sitting.uuid, at.sitting.rank
    here = {"run": run, "rank": rank}
    return {
        "journey_title": at.title,
        "question_number": rank,
        "block_done": number - 1,
        "block_size": size,
        "leave_href": reverse("app:runs"),
        "leave_dialog": "quitter",
        "answer_action": reverse("app:answer", kwargs=here),
        "pass_value": "1",
        "shown": shown(at.sitting),
        "run": run,
        "rank": rank,
        "level_gained": None,
        "problem": "",
        "notice": "",
        "values": QueryDict(),
        **report_form(run, rank),
        **context,
    }


def _submission(request: HttpRequest, *, takes_file: bool) -> Submission:
    """What the form brought. A file too large is a problem said to the pupil, nothing stored; one that was not asked
    for is left aside."""
    returned = None
    sent = request.FILES.get("fichier")
    if sent is not None and "passer" not in request.POST and takes_file:
        if (sent.size or 0) > MAX_RETURNED_BYTES:
            raise MalformedAnswer("FILE_TOO_LARGE", "a returned file has at most 2 MB")
        returned = Returned(name=str(sent.name or "fichier"), content=sent.read())
    left = request.POST.get("temps", "")
    return Submission(
        skipped="passer" in request.POST,
        fields={key: list(values) for key, values in request.POST.lists()},
        returned=returned,
        time_left=int(left) if left.removeprefix("-").isdecimal() and len(left) < 6 else None,
        focus_lost=request.POST.get("fenetre") == "quittee",
    )


PROBLEMS = {
    "EMPTY_ANSWER": "Pour valider, donne une réponse. Sinon, passe.",
    "FIELDS_MISMATCH": "Pour valider, remplis toutes les cases. Sinon, passe.",
    "TOO_FEW_CHOICES": "Pour valider, coche au moins deux réponses. Sinon, passe.",
    "UNKNOWN_CHOICE": "Pour valider, choisis une réponse de la liste. Sinon, passe.",
    "ANSWER_TOO_LONG": "Ta réponse est trop longue : raccourcis-la.",
    "FILE_TOO_LARGE": "Ton fichier dépasse 2 Mo : vérifie que c'est le bon, puis renvoie-le.",
}


@require_POST
@table
def answer(request: HttpRequest, at: Table, rank: int) -> HttpResponse:
    """Record the answer and show what follows: the next question, the checkpoint or the end.

    The first answer to a question counts; sent twice, its first outcome comes back and the run goes on from where it is.
    """
    fragment = bool(request.headers.get("HX-Request"))
    try:
        sent = _submission(request, takes_file=rank == at.sitting.rank and asks_for_file(at.sitting))
        done = play.answer(table=at, rank=rank, sent=sent, at=clock.now())
    except MalformedAnswer as error:
        if rank != at.sitting.rank:  # the run went on in another tab
            return _go(request, _next_place(at), at)
        context = _question_context(
            at, problem=_(PROBLEMS.get(error.code, PROBLEMS["EMPTY_ANSWER"])), values=request.POST
        )
        return render(request, _template(fragment), context, status=422)
    except assessment.NotAsked:
        return _go(request, _next_place(at), at, notice=_("Cette question a déjà sa réponse : voici la suivante."))
    except assessment.Ended:
        return _go(request, reverse("app:results", kwargs={"run": at.sitting.uuid}))
    except play.Closed:
        response = _closed(request)
        if fragment:
            response["HX-Redirect"] = _place(at.sitting.uuid, at.sitting.rank)
        return response
    if done.finished:
        return _go(request, reverse("app:results", kwargs={"run": at.sitting.uuid}))
    if done.block_ended:
        return _go(request, reverse("app:checkpoint", kwargs={"run": at.sitting.uuid}))
    notice = _("Ta première réponse à cette question est gardée : voici la suite.") if done.again else ""
    return _go(request, _next_place(done.table), done.table, notice=notice, level_gained=_gained(done.level_gained))


def _gained(level: tuple[str, int] | None) -> dict[str, Any] | None:
    if level is None:
        return None
    competence = releases.current().competences.get(level[0])
    return {"level": level[1], "name": competence.name if competence else level[0]}


def _template(fragment: bool) -> str:
    return "app/play/_question.html" if fragment else "app/play/question.html"


def _go(request: HttpRequest, place: str, at: Table | None = None, **context: Any) -> HttpResponse:
    """On to a page: a redirection for a plain form; for htmx the next question itself, or a change of page."""
    if not request.headers.get("HX-Request"):
        return redirect(place)
    if at is None or not at.sitting.open_question:
        return HttpResponse(status=204, headers={"HX-Redirect": place})
    response = render(request, "app/play/_question.html", _question_context(at, **context))
    response["HX-Push-Url"] = place
    return response


@require_safe
@table
def file(request: HttpRequest, at: Table, rank: int, number: int) -> HttpResponse:
    """A file of the open question, made for this pupil from the seed."""
    if rank != at.sitting.rank or not at.sitting.open_question:
        raise Http404
    files = shown(at.sitting).variant.files
    if not 0 <= number < len(files):
        raise Http404
    chosen = files[number]
    response = HttpResponse(chosen.build(), content_type=chosen.media_type)
    response["Content-Disposition"] = content_disposition_header(True, chosen.name) or "attachment"
    return response


@require_POST
@person
def focus_lost(request: HttpRequest, actor: Person, run: UUID, rank: int) -> HttpResponse:
    """The window of a focus question was left: kept on the server."""
    participation_of(actor, run)
    assessment.lose_focus(assessment=run, user=actor.user, rank=rank, at=clock.now())
    return HttpResponse(status=204)


@require_safe
@person
def checkpoint(request: HttpRequest, actor: Person, run: UUID) -> HttpResponse:
    """Every five answers: what was right, wrong, passed, the tutorials, then on."""
    part = participation_of(actor, run)
    answers = corrections_of(actor, run)
    if not answers:
        return redirect("app:resume", run=run)
    first = (len(answers) - 1) // 5 * 5
    return render(
        request,
        "app/play/checkpoint.html",
        {
            "run": run,
            "part": part,
            "answers": answers[first:],
            "answered": len(answers),
            "title": part.campaign.title or part.campaign.journey_name,
            "progress": progress(completed=False, assessed=part.assessed, targeted=part.targeted),
            "over": part.status != Status.STARTED,
        },
    )


@require_safe
@person
def correction(request: HttpRequest, actor: Person, run: UUID, rank: int) -> HttpResponse:
    """One answer, the right one, why, and how to do better next time."""
    part = participation_of(actor, run)
    found = corrections_of(actor, run, first=rank, last=rank)
    if not found:
        raise Http404
    return render(
        request,
        "app/play/correction.html",
        {
            "run": run,
            "part": part,
            "answer": found[0],
            "title": part.campaign.title or part.campaign.journey_name,
            "instruction": Markup(found[0].variant.instruction_html),  # noqa: S704 - compiled without HTML
            "explanation": Markup(found[0].variant.explanation_html),  # noqa: S704 - compiled without HTML
            "given": given_answer(found[0].variant, found[0].value),
            "expected": expected_answer(found[0].variant),
            **report_form(run, rank),
        },
    )


@require_safe
@person
def results(request: HttpRequest, actor: Person, run: UUID) -> HttpResponse:
    """The end of the run: the stage in words, the figures, what next, and the sending."""
    part = participation_of(actor, run)
    if part.status == Status.STARTED:
        return render(request, "app/play/not_over.html", frame(request, "runs", run=run), status=409)
    return render(
        request,
        "app/play/results.html",
        frame(
            request,
            "runs",
            run=run,
            results=(found := results_of(part)),
            bars=[
                {
                    "label": f"{one.index} {one.name}",
                    "value": one.percent,
                    "text": f"{one.percent} %",
                    "detail": f"{one.validated} / {one.targeted}",
                    "area": int(one.area) if one.area else 0,
                }
                for one in found.competences
            ],
            answers=corrections_of(actor, run),
            now=clock.now(),
            max_level=settings.MAX_LEVEL,
        ),
    )


@require_POST
@person
def share(request: HttpRequest, actor: Person, run: UUID) -> HttpResponse:
    """« J'envoie mes résultats »: once; a second click changes nothing."""
    part = participation_of(actor, run)
    try:
        play.share(person=actor, participation=part, at=clock.now())
    except play.Closed:
        return _closed(request)
    except play.NotOver:
        return render(request, "app/play/not_over.html", frame(request, "runs", run=run), status=409)
    return redirect("app:results", run=run)
