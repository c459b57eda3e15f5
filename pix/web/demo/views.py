"""Pages of the demonstration: who to be, what to load, the outbox, the clock, the gallery of components."""

import base64
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pix.core import clock
from pix.mailing.queries import outbox as outbox_mails
from pix.web.demo import cast, identity_provider
from pix.web.demo.simulators import simulators

SAMPLES = cast.SAMPLES
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ENT = "ent"
"""Cookie of the make-believe ENT: the pupil who is signed in to it."""
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
        {
            "roles": cast.roles(),
            "samples": cast.samples(),
            "campaigns": cast.campaigns(),
            "password": cast.PASSWORD,
            "try_uai": cast.TRY_UAI,
        },
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
    """A make-believe ENT: who is signed in to it, and the médiacentre's tile, which opens the personal space."""
    if request.method == "POST":
        chosen = cast.ent_pupil(request.POST.get("pupil", ""))
        if chosen is None:
            raise Http404
        response = redirect("public:saml-connect")
        response.set_signed_cookie(
            ENT, str(chosen.uuid), max_age=3600, path=reverse("demo:ent"), samesite="Lax", httponly=True
        )
        return response
    new, own, known = cast.ent_pupils()
    return render(request, "demo/ent.html", {"new": new, "own": own, "known": known, "school": cast.SCHOOLS[0].name})


@login_not_required
@require_safe
def ent_connect(request: HttpRequest) -> HttpResponse:
    """The ENT's identity provider: answers a request of ours with a signed assertion, posted by the browser."""
    asked = identity_provider.read_request(request.GET.get("SAMLRequest", ""))
    folder = settings.VAR / "ent"
    if asked is None or asked.acs != request.build_absolute_uri(reverse("public:saml-acs")) or not folder.is_dir():
        raise Http404
    pupil = cast.ent_pupil(request.get_signed_cookie(ENT, "", max_age=3600) or "")
    if pupil is None:
        return redirect("demo:ent")
    made = identity_provider.answer(
        asked, cast.ido_of(pupil.uuid), pupil.first_name, pupil.last_name, at=clock.real_now()
    )
    sealed = identity_provider.signed(made, identity_provider.keys_of(folder))
    fields = {
        "SAMLResponse": base64.b64encode(sealed).decode("ascii"),
        "RelayState": request.GET.get("RelayState", "")[:80],
    }
    return render(request, "demo/ent_answer.html", {"place": asked.acs, "fields": fields, "name": pupil.first_name})


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
    return render(request, "ui/gallery.html", {"simulators": simulators()})
