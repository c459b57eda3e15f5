"""« Mon compte »: who I am here, my password, my devices."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pix.accounts.access import Person
from pix.accounts.actions import passwords, sign_ins
from pix.accounts.enums import LegalService
from pix.accounts.queries import email_change_of, export_of, has_second_factor, sign_ins_of, terms_of
from pix.core import clock
from pix.organizations.queries import spaces_of
from pix.stewardship.queries import schools_of_pupil
from pix.web.app.frame import frame
from pix.web.app.guard import person

WRONG_PASSWORD = "Ce mot de passe n'est pas celui de votre compte."  # noqa: S105 - a sentence
BLOCKED = "Trop de mots de passe incorrects ont été saisis. Réessayez plus tard."


@require_safe
@person
def account(request: HttpRequest, actor: Person) -> HttpResponse:
    """The page from which everything starts."""
    now = clock.now()
    pupil = bool(schools_of_pupil(actor.user))
    context = frame(
        request,
        terms=terms_of(actor.user, LegalService.APP, now, exempt=pupil),
        sign_ins=sign_ins_of(actor.user, request.session.session_key, clock.real_now()),
        waiting=email_change_of(actor.user, now),
        export=export_of(actor.user),
        has_password=actor.user.has_usable_password(),
        spaces=spaces_of(actor.user)[:1],
        second_factor=has_second_factor(actor.user),
    )
    return render(request, "app/account/account.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("current", "password")
@person
def password(request: HttpRequest, actor: Person) -> HttpResponse:
    """The present password, then another; the other devices are signed out."""
    if not actor.user.has_usable_password():
        # Signed in by the school's portal: there is no password to change.
        return redirect("app:account")
    if request.method != "POST":
        return _password_page(request)
    now = clock.now()
    new = request.POST.get("password", "")
    status, current_error = check(actor, request.POST.get("current", ""))
    if current_error:
        return _password_page(request, status, current_error=current_error)
    try:
        passwords.change_password(user=actor.user, password=new, keep=request.session.session_key, at=now)
    except passwords.BadPassword as error:
        return _password_page(request, 422, password_error=_(str(error)))
    update_session_auth_hash(request, actor.user)
    get_adapter(request).send_notification_mail("account/email/password_changed", actor.user)
    messages.success(request, _("Votre mot de passe est changé. Les autres appareils ont été déconnectés."))
    return redirect("app:account")


def check(actor: Person, typed: str) -> tuple[int, str]:
    """Whether the present password is right: a status and what to say, nothing when it is."""
    if not typed:
        return 422, _("Saisissez votre mot de passe actuel.")
    try:
        right = passwords.check_password(user=actor.user, password=typed, at=clock.now())
    except passwords.Blocked:
        return 403, _(BLOCKED)
    return (200, "") if right else (422, _(WRONG_PASSWORD))


def _password_page(request: HttpRequest, status: int = 200, **errors: Any) -> HttpResponse:
    context = frame(request, **{"current_error": "", "password_error": "", **errors})
    return render(request, "app/account/password.html", context, status=status)


@require_POST
@person
def end_sign_ins(request: HttpRequest, actor: Person) -> HttpResponse:
    """« Déconnecter » one device, or all the others."""
    now = clock.now()
    if "others" in request.POST:
        ended = sign_ins.end_other_sign_ins(user=actor.user, keep=request.session.session_key, at=now)
        text = ngettext("{n} appareil déconnecté.", "{n} appareils déconnectés.", ended).format(n=ended)
    elif sign_ins.end_sign_in(user=actor.user, ref=request.POST.get("ref", ""), at=now):
        text = _("L'appareil est déconnecté.")
    else:
        raise Http404
    messages.success(request, text)
    return redirect("app:account")
