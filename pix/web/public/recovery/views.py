"""Four steps: who I am, is it my account and where to write, the message, a new password."""

from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from pix.accounts.actions import BadPassword
from pix.accounts.rules import masked_email
from pix.core import clock
from pix.learners import actions as learners
from pix.learners.queries import Demand, FoundAccount, RecoveryUnknown, demand_of, found_account
from pix.learners.rules import KeyState, RecoveryRefusal
from pix.web.public.recovery.forms import AddressForm, IdentityForm, PasswordForm

KEPT, KEPT_SECONDS = "recovery", 3600
"""Key of the visit's own data: the record that was found, for an hour."""

UNKNOWN = "Aucun compte ne correspond à ces informations. Vérifiez votre INE, vos prénom et nom, et votre date de naissance, tels que votre établissement les connaissait."
TAKEN = "Cette adresse e-mail est déjà enregistrée. Connectez-vous avec elle, ou donnez une autre adresse."
TOO_MANY = "Trop de recherches depuis ce réseau. Réessayez dans une heure."


def _stopped(request: HttpRequest, status: int, title: str, text: str, *links: tuple[str, str]) -> HttpResponse:
    context = {"title": title, "text": text, "links": links}
    return render(request, "public/recovery/stopped.html", context, status=status)


def _refused(request: HttpRequest, refusal: RecoveryRefusal) -> HttpResponse:
    request.session.pop(KEPT, None)
    support = (_("Contacter l'assistance"), reverse("public:contact"))
    if refusal is RecoveryRefusal.CONFLICT:
        text = _(
            "Ce compte est lié à plusieurs INE\u202f: nous ne pouvons pas savoir à qui il est. L'assistance peut démêler la situation avec vous."
        )
        return _stopped(request, refusal.status, _("Conflit"), text, support)
    text = _("Ce compte a déjà été récupéré une fois\u202f: il s'ouvre avec l'adresse e-mail donnée ce jour-là.")
    sign_in = (_("Je me connecte"), reverse("account_login"))
    return _stopped(request, refusal.status, _("Compte déjà récupéré"), text, sign_in, support)


def _identity_page(request: HttpRequest, form: IdentityForm, status: int = 200, error: str = "") -> HttpResponse:
    return render(request, "public/recovery/identity.html", {"form": form, "error": error}, status=status)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def identity(request: HttpRequest) -> HttpResponse:
    """INE, first name, last name, birth date."""
    if request.method != "POST":
        return _identity_page(request, IdentityForm())
    form = IdentityForm(request.POST)
    if not form.is_valid():
        return _identity_page(request, form, 422)
    typed = form.cleaned_data
    try:
        pupil = learners.search_account(
            ine=typed["ine"],
            first_name=typed["first_name"],
            last_name=typed["last_name"],
            birth_date=typed["birth_date"],
            address=get_adapter().get_client_ip(request),
            at=clock.now(),
        )
    except learners.TooManySearches:
        return _identity_page(request, form, 429, _(TOO_MANY))
    except RecoveryUnknown:
        return _identity_page(request, form, 404, _(UNKNOWN))
    except learners.RecoveryRefused as error:
        return _refused(request, error.refusal)
    request.session[KEPT] = {"pupil": str(pupil), "at": clock.now().timestamp()}
    return redirect("public:recovery-address")


def _kept(request: HttpRequest) -> tuple[UUID, FoundAccount] | None:
    """The record that this visit found less than an hour ago, and its account."""
    kept: dict[str, Any] = request.session.get(KEPT) or {}
    if not kept or clock.now().timestamp() - kept["at"] > KEPT_SECONDS:
        return None
    pupil = UUID(kept["pupil"])
    found = found_account(pupil)
    return (pupil, found) if found else None


def _letter(request: HttpRequest, template: str, found: FoundAccount, **values: Any) -> learners.Letter:
    text = render_to_string(template, {"found": found, "hours": settings.RECOVERY_HOURS, **values})
    subject, _blank, body = text.partition("\n")
    return learners.Letter(subject, body.lstrip("\n"))


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest) -> HttpResponse:
    """The account that was found, the word of honour and the new address."""
    kept = _kept(request)
    if kept is None:
        return redirect("public:recovery")
    pupil, found = kept
    form = AddressForm(request.POST) if request.method == "POST" else AddressForm()

    def page(status: int = 200) -> HttpResponse:
        return render(request, "public/recovery/address.html", {"form": form, "found": found}, status=status)

    if request.method != "POST":
        return page()
    if not form.is_valid():
        return page(422)
    email = form.cleaned_data["email"]

    def letter(key: str) -> learners.Letter:
        link = request.build_absolute_uri(reverse("public:recovery-key", kwargs={"key": key}))
        return _letter(request, "public/mails/recovery.txt", found, link=link)

    notice = _letter(
        request,
        "public/mails/recovery_notice.txt",
        found,
        new_email=masked_email(email),
        contact=request.build_absolute_uri(reverse("public:contact")),
    )
    try:
        learners.ask_recovery(pupil=pupil, email=email, letter=letter, notice=notice, at=clock.now())
    except RecoveryUnknown:
        return redirect("public:recovery")
    except learners.RecoveryRefused as error:
        return _refused(request, error.refusal)
    except learners.AddressTaken:
        form.add_error("email", _(TAKEN))
        return page(400)
    # One message for one search: the limit on searches is the limit on messages.
    request.session.pop(KEPT, None)
    return redirect("public:recovery-sent")


@login_not_required
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """A message is on its way."""
    return render(request, "public/recovery/sent.html", {"hours": settings.RECOVERY_HOURS})


def _closed(request: HttpRequest, state: KeyState) -> HttpResponse:
    again = (_("Recommencer la recherche"), reverse("public:recovery"))
    sign_in = (_("Je me connecte"), reverse("account_login"))
    if state is KeyState.USED:
        text = _("Il a servi à récupérer votre compte. Connectez-vous avec l'adresse e-mail où vous l'avez reçu.")
        return _stopped(request, 403, _("Ce lien a déjà servi"), text, sign_in)
    text = _("Il n'était valable que {hours} heures. Refaites la recherche pour recevoir un nouveau message.")
    return _stopped(request, 401, _("Ce lien a expiré"), text.format(hours=settings.RECOVERY_HOURS), again)


def _unknown(request: HttpRequest) -> HttpResponse:
    text = _("Vérifiez que l'adresse est entière, ou refaites la recherche pour recevoir un nouveau message.")
    again = (_("Recommencer la recherche"), reverse("public:recovery"))
    return _stopped(request, 404, _("Ce lien n'existe pas"), text, again)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def key(request: HttpRequest, key: str) -> HttpResponse:
    """The link of the message: a password, the terms, and the account is back."""
    try:
        demand = demand_of(key, clock.now())
    except RecoveryUnknown:
        return _unknown(request)
    if demand.state is not KeyState.OPEN:
        return _closed(request, demand.state)
    form = PasswordForm(request.POST) if request.method == "POST" else PasswordForm()
    if request.method != "POST":
        return _password_page(request, key, demand, form)
    if not form.is_valid():
        return _password_page(request, key, demand, form, 422)
    try:
        learners.use_recovery(key=key, password=form.cleaned_data["password"], at=clock.now())
    except BadPassword as error:
        form.add_error("password", _(str(error)))
        return _password_page(request, key, demand, form, 422)
    except RecoveryUnknown:
        return _unknown(request)
    except learners.KeyClosed as error:
        return _closed(request, error.state)
    except learners.RecoveryRefused as error:
        return _refused(request, error.refusal)
    except learners.AddressTaken:
        text = _("Un compte a été ouvert avec cette adresse entre-temps. Refaites la recherche avec une autre adresse.")
        again = (_("Recommencer la recherche"), reverse("public:recovery"))
        return _stopped(request, 400, _("Adresse déjà utilisée"), text, again)
    messages.success(request, _("Votre compte est récupéré. Connectez-vous avec votre nouvelle adresse e-mail."))
    return redirect("account_login")


def _password_page(
    request: HttpRequest, key: str, demand: Demand, form: PasswordForm, status: int = 200
) -> HttpResponse:
    context = {"form": form, "demand": demand, "key": key}
    return render(request, "public/recovery/password.html", context, status=status)
