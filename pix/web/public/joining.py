"""``/rejoindre``: the link of an invitation, opened with an account or by opening one (schools 1.5).

A GET writes nothing, so a visitor who is signed in is asked which account they mean, and a POST accepts.
"""

from typing import Any

from allauth.account.utils import perform_login
from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from pix.accounts.queries import user_by_login
from pix.accounts.rules import PASSWORD_RULE, is_good_password
from pix.core import clock
from pix.organizations.access import invitation_by_link
from pix.organizations.actions import InvitationClosed, Joined, UnknownInvitation, accept, register
from pix.organizations.enums import InvitationState, JoinOutcome, Service
from pix.organizations.queries import InvitationLink
from pix.web.public.accounts import LoginView
from pix.web.public.views import JOINING
from pix.web.team.letters import join_path

KNOWN = gettext_lazy("Cette adresse e-mail est déjà enregistrée, connectez-vous.")


class RegisterForm(forms.Form):
    """« Je m'inscris », behind a valid invitation: here a known address may be said."""

    prefix = "inscription"
    first_name = forms.CharField(label=gettext_lazy("Prénom"), max_length=255)
    last_name = forms.CharField(label=gettext_lazy("Nom"), max_length=255)
    email = forms.EmailField(label=gettext_lazy("Adresse e-mail"), max_length=254)
    password = forms.CharField(label=gettext_lazy("Mot de passe"), strip=False)
    terms = forms.BooleanField(
        label=gettext_lazy("J'accepte les conditions d'utilisation et la politique de confidentialité."),
        error_messages={
            "required": gettext_lazy("Vous devez accepter les conditions d'utilisation pour créer un compte.")
        },
    )

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).strip().lower()
        if user_by_login(email) is not None:
            raise forms.ValidationError(KNOWN)
        return email

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        if not is_good_password(password):
            raise forms.ValidationError(_(PASSWORD_RULE))
        return password

    def said(self, name: str) -> str:
        return " ".join(str(text) for text in self.errors.get(name, ()))

    def given(self, name: str) -> str:
        return str(self[name].value() or "")


def _asked(request: HttpRequest) -> InvitationLink:
    """The invitation that the address or the form names; 404 for an unknown number or a wrong code."""
    given = request.POST if request.method == "POST" else request.GET
    return invitation_by_link(given.get("invitation", ""), given.get("code", ""), clock.now())


def _closed(request: HttpRequest, link: InvitationLink) -> HttpResponse:
    """Used up or taken back: the sign-in page says it."""
    if link.state is InvitationState.ACCEPTED:
        text = _("Cette invitation a déjà été acceptée. Connectez-vous pour ouvrir votre espace.")
    else:
        text = _("Cette invitation n'est plus valide. Demandez à un administrateur de l'espace de vous en envoyer une.")
    messages.warning(request, text)
    return redirect("account_login")


def _space(link: InvitationLink) -> str:
    if link.service is Service.CERTIF:
        return reverse("certif:home", kwargs={"centre": str(link.space)})
    return reverse("orga:home", kwargs={"organization": str(link.space)})


def _page(
    request: HttpRequest,
    link: InvitationLink,
    status: int = 200,
    *,
    form: RegisterForm | None = None,
    login_form: Any = None,
) -> HttpResponse:
    context = {
        "link": link,
        "form": form or RegisterForm(),
        "login_error": " ".join(login_form.non_field_errors()) if login_form else "",
        "typed_login": (login_form["login"].value() or "") if login_form else "",
    }
    return render(request, "public/join.html", context, status=status)


def _stopped(request: HttpRequest, status: int, title: str, text: str, actions: list[dict[str, str]]) -> HttpResponse:
    context = {"error_code": str(status), "error_title": title, "error_text": text, "error_actions": actions}
    return render(request, "public/error.html", context, status=status)


def _welcome(request: HttpRequest, joined: Joined) -> HttpResponse:
    """Inside the space; or, for somebody who was there already, the way to it."""
    link = joined.link
    if joined.outcome is JoinOutcome.ALREADY_MEMBER:
        return _stopped(
            request,
            412,
            _("Vous êtes déjà membre de cet espace"),
            _("Votre compte fait déjà partie de l'équipe de {name}\u202f: cette invitation n'a rien changé.").format(
                name=link.space_name
            ),
            [{"label": _("Ouvrir l'espace"), "href": _space(link)}],
        )
    messages.success(
        request,
        _("Vous faites maintenant partie de l'équipe de {name}\u202f: {role}.").format(
            name=link.space_name, role=_(joined.role.label)
        ),
    )
    return redirect(_space(link))


def _too_late(request: HttpRequest, closed: InvitationClosed) -> HttpResponse:
    """Accepted or cancelled between the page and the click."""
    if closed.service is Service.ORGA:
        text = _("L'invitation a déjà été acceptée ou annulée.")
    elif closed.state is InvitationState.ACCEPTED:
        text = _("Cette invitation a déjà été acceptée.")
    else:
        text = _("Cette invitation n'est plus valide.")
    here = [{"label": _("Ouvrir mes espaces"), "href": reverse("public:spaces")}]
    return _stopped(request, 409, _("Invitation déjà utilisée"), text, here)


def _accept(request: HttpRequest, link: InvitationLink) -> HttpResponse:
    user: Any = request.user
    try:
        return _welcome(request, accept(invitation=link.uuid, code=link.code, user=user, at=clock.now()))
    except UnknownInvitation:
        raise Http404 from None
    except InvitationClosed as closed:
        return _too_late(request, closed)


@login_not_required
@require_safe
def join(request: HttpRequest) -> HttpResponse:
    """Names the space; two ways in, or the account that is signed in."""
    link = _asked(request)
    return _page(request, link) if link.state is InvitationState.PENDING else _closed(request, link)


@require_POST
def join_accept(request: HttpRequest) -> HttpResponse:
    """« Rejoindre avec ce compte »."""
    return _accept(request, _asked(request))


@login_not_required
@require_POST
def join_other(request: HttpRequest) -> HttpResponse:
    """« Utiliser un autre compte »: signed out, then the page again."""
    link = _asked(request)
    logout(request)
    return redirect(join_path(link))


class JoinSignIn(LoginView):
    """« J'ai déjà un compte »: signing in joins, unless something more is asked first (second factor, address to prove)."""

    http_method_names = ("post",)
    link: InvitationLink

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST":
            self.link = _asked(request)
            if self.link.state is not InvitationState.PENDING:
                return _closed(request, self.link)
            if request.user.is_authenticated:
                return redirect(join_path(self.link))
        return super().dispatch(request, *args, **kwargs)

    def get_success_url(self) -> str:
        return join_path(self.link)

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        return _accept(self.request, self.link) if self.request.user.is_authenticated else response

    def form_invalid(self, form: Any) -> HttpResponse:
        return _page(self.request, self.link, self.status_of(form), login_form=form)


@login_not_required
@require_POST
def join_register(request: HttpRequest) -> HttpResponse:
    """« Je m'inscris »: an account, and the space when its address is the invited one."""
    link = _asked(request)
    if link.state is not InvitationState.PENDING:
        return _closed(request, link)
    if request.user.is_authenticated:
        return redirect(join_path(link))
    form = RegisterForm(request.POST)
    if not form.is_valid():
        return _page(request, link, 422, form=form)
    given = {name: value for name, value in form.cleaned_data.items() if name != "terms"}
    try:
        made = register(invitation=link.uuid, code=link.code, **given, at=clock.now())
    except IntegrityError:
        form.add_error("email", KNOWN)
        return _page(request, link, 422, form=form)
    except InvitationClosed as closed:
        return _too_late(request, closed)
    if made.joined is None:
        # Where the first sign-in leads, once the address is proven from this browser.
        request.session[JOINING] = join_path(link)
        messages.info(
            request,
            _(
                "Une fois votre adresse confirmée, connectez-vous\u202f: vous rejoindrez alors {name}. Depuis un autre ordinateur, rouvrez d'abord le lien de l'invitation."
            ).format(name=link.space_name),
        )
    response: HttpResponse = perform_login(request, made.user, redirect_url=join_path(link))
    return _welcome(request, made.joined) if made.joined else response
