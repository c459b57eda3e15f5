"""OpenID Connect providers: which there are, one more, out of use or in use again (schools 10.2)."""

from django import forms
from django.contrib import messages
from django.core.validators import URLValidator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from pix.accounts import openid
from pix.accounts.access import Staff
from pix.core import clock
from pix.web.admin.frame import frame
from pix.web.admin.guard import staff

HTTPS = gettext_lazy("Indiquez une adresse qui commence par https://.")


class ProviderForm(forms.Form):
    """One more provider. The secret is typed, and never shown again."""

    name = forms.CharField(label=gettext_lazy("Nom affiché sur le bouton"), max_length=40)
    key = forms.SlugField(
        label=gettext_lazy("Mot court"),
        max_length=30,
        help_text=gettext_lazy("Lettres, chiffres et tirets, par exemple « fwb ». Il ne change plus ensuite."),
    )
    server_url = forms.CharField(
        label=gettext_lazy("Adresse du serveur"),
        max_length=500,
        validators=[URLValidator(schemes=["https"], message=HTTPS)],
        help_text=gettext_lazy("En https, telle que le fournisseur la donne."),
    )
    client_id = forms.CharField(label=gettext_lazy("Identifiant client"), max_length=191)
    secret = forms.CharField(
        label=gettext_lazy("Secret client"),
        max_length=191,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Il n'est plus jamais affiché : gardez-le ailleurs."),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for field in self.fields.values():
            field.error_messages["required"] = _("Ce champ est obligatoire.")


@sensitive_post_parameters("secret")
@require_http_methods(["GET", "HEAD", "POST"])
@staff
def providers(request: HttpRequest, actor: Staff) -> HttpResponse:
    """The list, and the form of one more."""
    form = ProviderForm()
    if request.method == "POST":
        form = ProviderForm(request.POST)
        if form.is_valid():
            try:
                openid.add_provider(**form.cleaned_data, by=str(actor.user.uuid), at=clock.now())
            except ValueError:
                form.add_error("key", _("Ce mot court est déjà pris. Choisissez-en un autre."))
            else:
                messages.success(request, _("Le fournisseur est ajouté. Son bouton paraît sur la page de connexion."))
                return redirect("admin:providers")
    context = frame("providers", form=form, providers=openid.all_providers())
    return render(request, "admin/providers.html", context, status=422 if form.errors else 200)


@require_POST
@staff
def state(request: HttpRequest, actor: Staff, key: str) -> HttpResponse:
    """« Désactiver » and « Réactiver »; asked twice, the second changes nothing."""
    if key not in {one.key for one in openid.all_providers()}:
        raise Http404
    by, at = str(actor.user.uuid), clock.now()
    if "enable" in request.POST:
        openid.enable_provider(key=key, by=by, at=at)
        messages.success(request, _("Le fournisseur est de nouveau en service."))
    else:
        openid.disable_provider(key=key, by=by, at=at)
        messages.success(request, _("Le fournisseur est désactivé. Personne n'entre plus par lui."))
    return redirect("admin:providers")
