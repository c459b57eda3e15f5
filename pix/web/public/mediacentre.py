"""The way in from the médiacentre (GAR): our metadata, the departure, the return, and the page after signing out."""

import logging
from functools import cache
from pathlib import Path
from typing import Any

from allauth.account.views import LogoutView
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from pix.accounts import exchanges, identities
from pix.core import clock
from pix.interop import gar

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
log = logging.getLogger("pix.mediacentre")


@cache
def _file(path: Path, written: float) -> bytes:
    return path.read_bytes()


def _provider(request: HttpRequest) -> gar.Provider:
    """The configured provider. Raises 404 on an instance that has none."""
    path: Path | None = settings.GAR_METADATA
    if path is None or not path.is_file():
        raise Http404
    return gar.read_provider(_file(path, path.stat().st_mtime), base=request.build_absolute_uri("/"))


def _us(request: HttpRequest) -> gar.Us:
    """Our side, under the name by which this instance was called (ALLOWED_HOSTS holds the names)."""
    place = request.build_absolute_uri
    return gar.Us(
        settings.GAR_ENTITY or place(reverse("public:saml-metadata")),
        place(reverse("public:saml-acs")),
        *settings.GAR_ATTRIBUTES,
    )


@login_not_required
@require_safe
def metadata(request: HttpRequest) -> HttpResponse:
    """Our own description, for the operators of the provider."""
    return HttpResponse(gar.our_metadata(_us(request)), content_type="application/samlmetadata+xml")


@login_not_required
@require_safe
def connect(request: HttpRequest) -> HttpResponse:
    """The médiacentre's tile: off to the identity provider, with a request that its answer must quote."""
    state, place = exchanges.new_state(), request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(
        place, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        place = ""
    asked = gar.new_request(_us(request), _provider(request), state=state)
    key = exchanges.browser_key(_browser_keys(request))
    exchange = exchanges.Exchange(asked.id, place, exchanges.browser_print(key))
    exchanges.open_exchange(state=state, exchange=exchange, at=clock.real_now())
    response = redirect(asked.url)
    _keep_key(response, key)
    return response


def _key_names() -> list[str]:
    """The cookies that hold the browser's key: behind TLS, two that no other host can set."""
    return ["__Host-mediacentre", "__Host-mediacentre-old"] if settings.HTTPS else ["mediacentre"]


def _keep_key(response: HttpResponse, key: str) -> None:
    """The answer is posted from another site: only ``SameSite=None`` lets a cookie come with it.

    Safari up to iOS 12 takes ``None`` for the strictest rule, and wants to read nothing. Without TLS browsers refuse
    ``None``: the provider of the demonstration is of the same site, for which ``Lax`` does.
    """
    life = int(exchanges.LIFE.total_seconds())
    name, *twin = _key_names()
    if not settings.HTTPS:
        response.set_cookie(name, key, max_age=life, httponly=True, samesite="Lax")
        return
    response.set_cookie(name, key, max_age=life, secure=True, httponly=True, samesite="None")
    response.set_cookie(twin[0], key, max_age=life, secure=True, httponly=True)


def _browser_keys(request: HttpRequest) -> list[str]:
    return [request.COOKIES[name] for name in _key_names() if name in request.COOKIES]


def _refused(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    return render(request, "public/mediacentre.html", {"title": title, "text": text}, status=status)


def _unreadable(request: HttpRequest) -> HttpResponse:
    return _refused(
        request,
        400,
        _("La connexion depuis le médiacentre n'a pas abouti"),
        _(
            "Le lien a peut-être déjà servi, ou la page est restée ouverte trop longtemps. "
            "Retournez dans votre médiacentre et cliquez de nouveau sur la tuile {brand}."
        ).format(brand=settings.BRAND),
    )


@csrf_exempt
@login_not_required
@require_POST
def acs(request: HttpRequest) -> HttpResponse:
    """The provider's answer. Nothing of it is believed before its signature, its dates and its request are checked."""
    provider = _provider(request)
    now, state = clock.real_now(), request.POST.get("RelayState", "")[:100]
    exchange = exchanges.exchange_of(state=state, at=now)
    try:
        read = gar.read_response(
            _us(request),
            provider,
            request.POST.get("SAMLResponse", ""),
            request=exchange.request if exchange else "",
        )
    except gar.Refused as error:
        log.warning("answer refused: %s", error)
        if error.problem is gar.Problem.INCOMPLETE:
            return _refused(
                request,
                422,
                _("Il manque une information"),
                _(
                    "Le médiacentre n'a pas transmis ton identifiant, ton prénom ou ton nom. "
                    "Préviens un enseignant\u202f: l'établissement peut le corriger."
                ),
            )
        return _unreadable(request)
    if exchange is None or not exchange.asked_by(_browser_keys(request)):
        # Somebody's own answer, slipped to another browser so that it works in their name; the honest one still serves.
        log.warning("answer refused: asked by another browser")
        return _unreadable(request)
    try:
        if not exchanges.close_exchange(state=state):
            raise identities.AssertionReplayed
        identities.spend_assertion(assertion=read.assertion, expires=read.expires)
    except identities.AssertionReplayed:
        log.warning("answer refused: replayed")
        return _unreadable(request)
    return _welcome(request, read.identity, exchange.next_place or reverse("app:code"))


def _welcome(request: HttpRequest, identity: gar.Identity, place: str) -> HttpResponse:
    """A known identity is signed in; an unknown one waits for a code and a birth date."""
    at = clock.now()
    user = identities.come_in(
        provider=identities.GAR,
        external_id=identity.ido,
        first_name=identity.first_name,
        last_name=identity.last_name,
        at=at,
    )
    if user is not None and not user.is_active:
        return redirect("account_inactive")
    # Whoever was here before, on a shared computer, is gone.
    request.session.flush()
    if user is not None:
        login(request, user, backend=BACKEND)
        request.session[identities.SIGNED_IN_BY] = identities.GAR
        return redirect(place)
    pending = identities.Pending(identities.GAR, identity.ido, identity.first_name, identity.last_name)
    identities.keep_pending(request.session, pending, at=at)
    return redirect(place)


@login_not_required
@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    """After the sign-out of somebody who came from the médiacentre: never the sign-in form."""
    return render(
        request,
        "public/mediacentre.html",
        {
            "title": _("Vous êtes bien déconnecté(e)"),
            "text": _(
                "Pour revenir, ouvrez {brand} depuis votre médiacentre. Sur un ordinateur partagé, fermez aussi votre ENT."
            ).format(brand=settings.BRAND),
        },
    )


class Leaving(LogoutView):
    """The library's sign-out; those who came from the médiacentre are led to their own page, whatever was asked."""

    def get_redirect_url(self) -> Any:
        if self.request.session.get(identities.SIGNED_IN_BY) == identities.GAR:
            return reverse("public:signed-out")
        return super().get_redirect_url()
