"""Changing one's address, in two steps: the password and the new address, then the code that it received."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from pix.accounts.access import Person
from pix.accounts.actions import emails, passwords
from pix.accounts.queries import email_change_of
from pix.core import clock
from pix.web.app.account.views import BLOCKED, WRONG_PASSWORD
from pix.web.app.frame import frame
from pix.web.app.guard import person

TEXTS = {
    "ACCOUNT_WITH_EMAIL_ALREADY_EXISTS": "Cette adresse e-mail est déjà utilisée par un compte.",
    "INVALID_VERIFICATION_CODE": "Ce code n'est pas le bon. Vérifiez les six chiffres du message.",
    "EXPIRED_OR_NULL_EMAIL_MODIFICATION_DEMAND": "Ce code n'est plus valable. Demandez-en un autre.",
}


def _mail(name: str, **context: Any) -> dict[str, str]:
    """Subject and text of a mail of this page; what the verb puts in stays between braces."""
    template = {"code": "app/account/mails/code.txt", "changed": "app/account/mails/changed.txt"}[name]
    subject, _blank, text = render_to_string(template, context).partition("\n")
    return {"subject": subject, "text": text.lstrip("\n")}


def _page(request: HttpRequest, status: int = 200, **context: Any) -> HttpResponse:
    shown = {"typed": "", "email_error": "", "password_error": "", **context}
    return render(request, "app/account/email.html", frame(request, **shown), status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("current")
@person
def ask(request: HttpRequest, actor: Person) -> HttpResponse:
    """Only for accounts that have an address (schools 12)."""
    if not actor.user.email:
        raise PermissionDenied
    if request.method != "POST":
        return _page(request)
    typed = request.POST.get("email", "").strip()
    try:
        validate_email(typed)
    except ValidationError:
        return _page(
            request, 422, typed=typed, email_error=_("Saisissez une adresse e-mail, par exemple nom@domaine.fr.")
        )
    # The person's name is theirs to choose: braces in it are no place to put the code in.
    first_name = actor.user.first_name.replace("{", "").replace("}", "")
    try:
        emails.ask_email_change(
            user=actor.user,
            password=request.POST.get("current", ""),
            email=typed,
            at=clock.now(),
            **_mail("code", first_name=first_name, brand=settings.BRAND),
        )
    except passwords.Blocked:
        return _page(request, 403, typed=typed, password_error=_(BLOCKED))
    except emails.WrongPassword:
        return _page(request, 422, typed=typed, password_error=_(WRONG_PASSWORD))
    except emails.EmailRefused as refused:
        return _page(request, refused.status, typed=typed, email_error=_(TEXTS[refused.code]))
    return redirect("app:account-email-code")


@require_http_methods(["GET", "HEAD", "POST"])
@person
def confirm(request: HttpRequest, actor: Person) -> HttpResponse:
    """Six digits, ten minutes, five tries."""
    now = clock.now()
    waiting = email_change_of(actor.user, now)
    if request.method != "POST":
        return _code_page(request, waiting) if waiting else redirect("app:account")
    first_name = actor.user.first_name.replace("{", "").replace("}", "")
    try:
        email = emails.confirm_email_change(
            user=actor.user,
            code=request.POST.get("code", ""),
            at=now,
            **_mail("changed", first_name=first_name, brand=settings.BRAND),
        )
    except emails.EmailRefused as refused:
        return _code_page(request, waiting, refused.status, error=_(TEXTS[refused.code]))
    messages.success(request, _("Votre adresse est maintenant {email}.").format(email=email))
    return redirect("app:account")


def _code_page(request: HttpRequest, waiting: str | None, status: int = 200, error: str = "") -> HttpResponse:
    context = frame(request, waiting=waiting, error=error)
    return render(request, "app/account/email_code.html", context, status=status)
