"""A pupil whom the médiacentre sends for the first time: the birth date once, or the account that they already have."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from pix.accounts.identities import GAR, SIGNED_IN_BY, IdentityTaken, Pending, drop_pending
from pix.core import clock
from pix.learners import actions as learners
from pix.web.app.entry import views as entry
from pix.web.app.entry.forms import Identity, identity_born
from pix.web.app.frame import frame

KEPT = "mediacentre"
"""Key of the sign-in's own data: the pupil who was found, and what was said of their account."""
TAKEN = "Le médiacentre ouvre déjà un autre compte pour vous. Demandez de l'aide à un enseignant."


def _birth_page(
    request: HttpRequest, asked: entry.Campaign, newcomer: Pending, typed: Identity, error: str = "", status: int = 200
) -> HttpResponse:
    context = frame(
        request,
        "code",
        asked=asked,
        school=asked.organization.name,
        newcomer=newcomer,
        typed=typed,
        error=_(error) if error else "",
    )
    return render(request, "app/entry/birth_date.html", context, status=status)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@entry.campaign
def birth_date(request: HttpRequest, asked: entry.Campaign) -> HttpResponse:
    """The names come from the médiacentre and are not asked; account, link and sign-in come together."""
    newcomer = entry.waiting(request)
    if newcomer is None:
        return entry.go("app:entrance", asked)
    if request.method != "POST":
        return _birth_page(request, asked, newcomer, Identity())
    typed = identity_born(request.POST, newcomer.first_name, newcomer.last_name)
    if entry.too_many(request, asked):
        return _birth_page(request, asked, newcomer, typed, entry.TOO_MANY, 429)
    if typed.birth_date is None:
        return _birth_page(request, asked, newcomer, typed, entry.INVALID, 422)
    school = asked.organization
    pupil: UUID | None = None
    try:
        pupil = learners.find_newcomer(organization=school, identity=newcomer, birth_date=typed.birth_date)
        user = learners.welcome_newcomer(organization=school, pupil=pupil, identity=newcomer, at=clock.now())
    except learners.PupilNotFound:
        return _birth_page(request, asked, newcomer, typed, entry.UNKNOWN, 404)
    except learners.JoiningRefused as error:
        if error.refusal.code not in ("R11", "R12", "R31", "R32"):
            return entry.refused(request, asked, error)
        text = error.refusal.said(brand=settings.BRAND, translate=_)
        request.session[KEPT] = {"campaign": str(asked.uuid), "pupil": str(pupil), "text": text}
        return _account_page(request, asked, text, _form(request), error.refusal.status)
    return _enter(request, asked, user)


def _enter(request: HttpRequest, asked: entry.Campaign, user: Any) -> HttpResponse:
    drop_pending(request.session)
    request.session.pop(KEPT, None)
    login(request, user, backend=entry.BACKEND)
    request.session[SIGNED_IN_BY] = GAR
    return entry.go("app:landing", asked)


def _form(request: HttpRequest, posted: Any = None) -> Any:
    """The sign-in form of the settings: its words, its limits and its refusals are those of the sign-in page."""
    return import_string(settings.ACCOUNT_FORMS["login"])(posted, request=request)


def _account_page(request: HttpRequest, asked: entry.Campaign, text: str, form: Any, status: int) -> HttpResponse:
    context = frame(
        request,
        "code",
        asked=asked,
        text=text,
        form=form,
        next_place=reverse("app:entrance", kwargs={"code": asked.code}),
    )
    return render(request, "app/entry/own_account.html", context, status=status)


@login_not_required
@require_POST
@entry.campaign
def own_account(request: HttpRequest, asked: entry.Campaign) -> HttpResponse:
    """Signs in with the account that the pupil already has; the médiacentre opens it from now on.

    The identity is added before anything else that the sign-in may ask (a new password), so that it is not lost.
    """
    newcomer, kept = entry.waiting(request), request.session.get(KEPT)
    if newcomer is None or kept is None or kept["campaign"] != str(asked.uuid):
        return entry.go("app:entrance", asked)
    form = _form(request, request.POST)
    if not form.is_valid():
        return _account_page(request, asked, kept["text"], form, 422)
    try:
        learners.add_mediacentre(
            organization=asked.organization,
            pupil=UUID(kept["pupil"]),
            user=form.user,
            identity=newcomer,
            at=clock.now(),
        )
    except learners.PupilNotFound:
        return _birth_page(request, asked, newcomer, Identity(), entry.UNKNOWN, 404)
    except IdentityTaken:
        return _account_page(request, asked, _(TAKEN), _form(request), 409)
    except learners.JoiningRefused as error:
        text = error.refusal.said(brand=settings.BRAND, translate=_)
        return _account_page(request, asked, text, _form(request), error.refusal.status)
    drop_pending(request.session)
    request.session.pop(KEPT, None)
    response: HttpResponse = form.login(request, redirect_url=reverse("app:landing", kwargs={"code": asked.code}))
    if request.user.is_authenticated:
        request.session[SIGNED_IN_BY] = GAR
    return response


@login_not_required
@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """« Vous n'êtes pas … ? »: the identity that waits is forgotten, and whatever this browser was in the middle of."""
    if not request.user.is_authenticated:
        request.session.flush()
    return redirect("public:signed-out")
