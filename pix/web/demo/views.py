"""Pages of the demonstration: who to be, what to load, the outbox, the clock, the gallery of components."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pix.core import clock
from pix.mailing.queries import outbox as outbox_mails
from pix.web.demo import cast

SAMPLES = cast.SAMPLES
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SHIFTS = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "four-days": timedelta(days=4),
    "month": timedelta(days=30),
}


@login_not_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The roles one can try, the sample files, the outbox, the clock."""
    return render(
        request,
        "demo/start.html",
        {"roles": cast.roles(), "samples": cast.samples(), "campaigns": cast.campaigns(), "password": cast.PASSWORD},
    )


@login_not_required
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the demonstration's people, in one click."""
    role = cast.role(request.POST.get("role", ""))
    if role is None:
        raise Http404
    login(request, role.user, backend=BACKEND)
    return redirect(role.opens)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def ent(request: HttpRequest) -> HttpResponse:
    """A make-believe ENT: the médiacentre's tile opens the personal space, signed in, on the code page."""
    pupils = cast.ent_pupils()
    if request.method == "POST":
        chosen = next((pupil for pupil in pupils if str(pupil.uuid) == request.POST.get("pupil")), None)
        if chosen is None:
            raise Http404
        login(request, chosen, backend=BACKEND)
        return redirect("app:code")
    return render(request, "demo/ent.html", {"pupils": pupils, "school": cast.SCHOOLS[0].name})


@login_not_required
@require_safe
def sample(request: HttpRequest, name: str) -> FileResponse:
    """One sample file, by its exact name."""
    if name not in {entry.name for entry in cast.samples()}:
        raise Http404
    return FileResponse((SAMPLES / name).open("rb"), as_attachment=True, filename=name)


@login_not_required
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """Every mail that the demonstration wrote."""
    return render(request, "demo/outbox.html", {"mails": outbox_mails()})


@login_not_required
@require_safe
def mail(request: HttpRequest, mail: UUID) -> HttpResponse:
    """One mail, as its reader sees it."""
    found = next((row for row in outbox_mails(most=1000) if row.uuid == mail), None)
    if found is None:
        raise Http404
    return render(request, "demo/mail.html", {"mail": found})


@login_not_required
@require_POST
def move_clock(request: HttpRequest) -> HttpResponse:
    """Move the demonstration's clock forward, or bring it back to the real time."""
    step = request.POST.get("step", "")
    if step == "back":
        clock.move(timedelta(0))
        messages.success(request, _("L'horloge est revenue à l'heure réelle."))
    elif step in SHIFTS:
        clock.move(clock.offset() + SHIFTS[step])
        messages.success(request, _("L'horloge a avancé."))
    else:
        raise Http404
    return redirect("demo:start")


@login_not_required
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component with all its states."""
    return render(request, "ui/gallery.html", {})
