"""« Activez ou récupérez votre espace »: the head of a school gets the keys by its official mailbox (schools 1.1)."""

from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import salted_hmac
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.http import require_safe

from pix.core import clock
from pix.core.texts import squeeze
from pix.organizations.actions import TooManyRequests, activate
from pix.organizations.enums import ActivationOutcome
from pix.web.team.letters import activation_letters

SENT = "activation-sent"
"""Session key: the masked mailbox, for the page that follows."""


class ActivationForm(forms.Form):
    """Three fields; whether the UAI exists is the domain's word, not the form's."""

    uai = forms.CharField(
        label=gettext_lazy("UAI/RNE de l'établissement"),
        max_length=20,
        error_messages={"required": gettext_lazy("L'UAI/RNE n'est pas renseigné.")},
    )
    first_name = forms.CharField(
        label=gettext_lazy("Votre prénom"),
        max_length=100,
        error_messages={"required": gettext_lazy("Votre prénom n'est pas renseigné.")},
    )
    last_name = forms.CharField(
        label=gettext_lazy("Votre nom"),
        max_length=100,
        error_messages={"required": gettext_lazy("Votre nom n'est pas renseigné.")},
    )

    def _name(self, field: str) -> str:
        """One line of words: the name goes into a mail that others read, where no link of a stranger belongs."""
        name = squeeze(self.cleaned_data[field])
        if any(sign in name for sign in "/:@<>") or "www." in name.lower():
            raise forms.ValidationError(_("Saisissez seulement un nom, sans adresse ni lien."))
        return name

    def clean_first_name(self) -> str:
        return self._name("first_name")

    def clean_last_name(self) -> str:
        return self._name("last_name")

    def said(self, name: str) -> str:
        return " ".join(str(text) for text in self.errors.get(name, ()))

    def given(self, name: str) -> str:
        return str(self[name].value() or "")


@method_decorator(login_not_required, name="dispatch")
class Activation(View):
    """The form, and its answer."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, ActivationForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ActivationForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, 422)
        given = form.cleaned_data
        try:
            done = activate(
                **given,
                source=_print(request),
                write=activation_letters(request, given["first_name"], given["last_name"]),
                at=clock.now(),
            )
        except TooManyRequests:
            return self._page(request, form, 429, _("Une erreur est survenue. Réessayez dans une heure."))
        if done.outcome is not ActivationOutcome.SENT:
            text = f"{_(done.outcome.message)} {_('Merci de contacter le support.')}"
            return self._page(request, form, done.outcome.status, text, field=done.outcome.status in {404, 422})
        request.session[SENT] = done.mailbox
        return redirect("public:activation-sent")

    def _page(
        self, request: HttpRequest, form: ActivationForm, status: int = 200, error: str = "", *, field: bool = False
    ) -> HttpResponse:
        """``error``: beside the UAI when it is what must be corrected, else above the form."""
        context: dict[str, Any] = {"form": form, "error": error, "error_of_uai": error if field else ""}
        return render(request, "public/activation.html", context, status=status)


def _print(request: HttpRequest) -> str:
    """A keyed print of the visitor's network address: enough to count, not to find anybody."""
    return salted_hmac("pix.activation", get_adapter().get_client_ip(request), algorithm="sha256").hexdigest()


@login_not_required
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Which mailbox (masked) receives the link, and what to do when nothing comes."""
    mailbox = request.session.get(SENT)
    if mailbox is None:
        return redirect("public:activation")
    return render(request, "public/activation_sent.html", {"mailbox": mailbox})


@login_not_required
@require_safe
def rights(request: HttpRequest) -> HttpResponse:
    """« En savoir plus sur mes droits »: what becomes of the names typed in the form."""
    return render(request, "public/activation_rights.html", {})


@login_not_required
@require_safe
def ways_in(request: HttpRequest) -> HttpResponse:
    """The three ways into a school's space, side by side."""
    return render(request, "public/ways_in.html", {})
