"""The way in from an OpenID Connect provider: the library's exchange, then our own identities (schools 10.2)."""

from typing import Any

from allauth.account.utils import perform_login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import statekit
from allauth.socialaccount.providers.openid_connect import views as library
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from pix.accounts import identities, openid
from pix.core import clock

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
NAME_LENGTH = 255
# Nineteen minutes for an exchange (schools 12); the library has ten, and no setting for it.
statekit.STATE_TTL = 19 * 60


class Adapter(DefaultSocialAccountAdapter):
    """After the exchange, ours: one table of identities for every provider, and no account opened unasked."""

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        found = sociallogin.user
        raise ImmediateHttpResponse(
            _welcome(
                request,
                sociallogin.account.provider,
                sociallogin.account.uid,
                (found.first_name or "").strip()[:NAME_LENGTH],
                (found.last_name or "").strip()[:NAME_LENGTH],
            )
        )

    def on_authentication_error(self, request: HttpRequest, provider: Any, **details: Any) -> None:
        raise ImmediateHttpResponse(_failed(request))


def _failed(request: HttpRequest, status: int = 400) -> HttpResponse:
    return render(
        request,
        "public/mediacentre.html",
        {
            "title": _("La connexion n'a pas abouti"),
            "text": _(
                "Elle a été annulée, ou la page est restée ouverte trop longtemps. Recommencez depuis la connexion."
            ),
        },
        status=status,
    )


def _welcome(request: HttpRequest, key: str, uid: str, first_name: str, last_name: str) -> HttpResponse:
    at, method = clock.now(), openid.method_of(key)
    user = identities.come_in(provider=method, external_id=uid, first_name=first_name, last_name=last_name, at=at)
    if user is not None and not user.is_active:
        return redirect("account_inactive")
    request.session.flush()
    if user is not None:
        # Through the steps of any sign-in: the provider's word does not stand for a second factor of ours.
        response: HttpResponse = perform_login(request, user, redirect_url=reverse(settings.LOGIN_REDIRECT_URL))
        return response
    identities.keep_pending(request.session, identities.Pending(method, uid, first_name, last_name), at=at)
    return redirect("public:openid-account", provider_id=key)


def _known(key: str) -> openid.OpenIdProvider:
    found = openid.provider_of(key)
    if found is None:
        raise Http404
    return found


@login_not_required
@require_safe
def leave(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Off to the provider. A link rather than a form: the content policy lets no form end on another site."""
    _known(provider_id)
    response: HttpResponse = library.login(request, provider_id)
    return response


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """The provider sends the browser back by a GET, which writes nothing: a form posts the same address to us."""
    found = _known(provider_id)
    if request.method != "POST":
        return render(request, "public/openid_return.html", {"provider": found, "place": request.get_full_path()})
    response: HttpResponse = library.callback(request, provider_id)
    return response


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest, provider_id: str) -> HttpResponse:
    """An identity without an account: sign in with the account one has, or open a new one."""
    found, at = _known(provider_id), clock.now()
    try:
        waiting = identities.pending_of(request.session, openid.method_of(found.key), at=at)
    except identities.PendingExpired:
        identities.drop_pending(request.session)
        return _failed(request, 401)
    if waiting is None:
        return redirect("account_login")
    form = import_string(settings.ACCOUNT_FORMS["login"])(
        request.POST if request.POST.get("choice") == "link" else None, request=request
    )
    page: dict[str, Any] = {"provider": found, "waiting": waiting, "form": form, "typed": request.POST, "errors": {}}
    if request.method != "POST":
        return render(request, "public/openid_account.html", page)
    if request.POST.get("choice") == "link":
        return _link(request, waiting, form, page)
    names = [request.POST.get(name, "").strip()[:NAME_LENGTH] for name in ("first_name", "last_name")]
    page["errors"] = {
        name: text
        for name, text, wrong in (
            ("first_name", _("Votre prénom n'est pas renseigné."), not names[0]),
            ("last_name", _("Votre nom n'est pas renseigné."), not names[1]),
            (
                "terms",
                _("Vous devez accepter les conditions d'utilisation pour créer un compte."),
                "terms" not in request.POST,
            ),
        )
        if wrong
    }
    if page["errors"]:
        return render(request, "public/openid_account.html", page, status=422)
    try:
        user = identities.open_account(
            provider=waiting.provider,
            external_id=waiting.external_id,
            first_name=names[0],
            last_name=names[1],
            terms=True,
            at=at,
        )
    except identities.IdentityTaken:
        return _failed(request, 409)
    identities.drop_pending(request.session)
    login(request, user, backend=BACKEND)
    return redirect(settings.LOGIN_REDIRECT_URL)


def _link(request: HttpRequest, waiting: identities.Pending, form: Any, page: dict[str, Any]) -> HttpResponse:
    if not form.is_valid():
        return render(request, "public/openid_account.html", page, status=422)
    try:
        identities.add_method(
            user=form.user,
            provider=waiting.provider,
            external_id=waiting.external_id,
            first_name=waiting.first_name,
            last_name=waiting.last_name,
            at=clock.now(),
        )
    except (identities.IdentityTaken, identities.AlreadyIdentified):
        return _failed(request, 409)
    identities.drop_pending(request.session)
    response: HttpResponse = form.login(request)
    return response
