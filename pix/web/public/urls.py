"""Addresses of those who are not signed in."""

from typing import Any

from allauth.account import views as library
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views import View

from pix.web.public import (
    accessibility,
    accounts,
    activation,
    joining,
    legal,
    mediacentre,
    one_time,
    openid,
    terms,
    views,
)
from pix.web.public.recovery import views as recovery

pages = (
    [
        path("", views.welcome, name="welcome"),
        path("espaces", views.spaces, name="spaces"),
        path("cgu", terms.terms, name="terms"),
        path("healthz", views.healthz, name="healthz"),
        path("readyz", views.readyz, name="readyz"),
        # Recovery, legal pages, language
        path("langue", views.language, name="language"),
        path("recuperer-mon-compte", recovery.identity, name="recovery"),
        path("recuperer-mon-compte/adresse", recovery.address, name="recovery-address"),
        path("recuperer-mon-compte/envoye", recovery.sent, name="recovery-sent"),
        path("recuperer-mon-compte/<str:key>", recovery.key, name="recovery-key"),
        path("mentions-legales", legal.notice, name="notice"),
        path("donnees-personnelles", legal.privacy, name="privacy"),
        path("conditions-utilisation", legal.terms, name="legal-terms"),
        path("accessibilite", accessibility.statement, name="accessibility"),
        path("aide", legal.contact, name="contact"),
        path("plan-du-site", legal.site_map, name="site-map"),
        path("demande-administration-sco", activation.Activation.as_view(), name="activation"),
        path("demande-administration-sco/envoyee", activation.sent, name="activation-sent"),
        path("demande-administration-sco/mes-droits", activation.rights, name="activation-rights"),
        path("acces-etablissement", activation.ways_in, name="ways-in"),
        path("rejoindre", joining.join, name="join"),
        path("rejoindre/accepter", joining.join_accept, name="join-accept"),
        path("rejoindre/autre-compte", joining.join_other, name="join-other"),
        path("rejoindre/connexion", login_not_required(joining.JoinSignIn.as_view()), name="join-sign-in"),
        path("rejoindre/inscription", joining.join_register, name="join-register"),
        path("saml/metadata.xml", mediacentre.metadata, name="saml-metadata"),
        path("saml/connexion", mediacentre.connect, name="saml-connect"),
        path("saml/acs", mediacentre.acs, name="saml-acs"),
        path("fournisseur/<slug:provider_id>/compte", openid.account, name="openid-account"),
        path("nonconnecte", mediacentre.signed_out, name="signed-out"),
    ],
    "public",
)

_LIBRARY: list[tuple[str, type[View], str, str]] = [
    ("connexion", accounts.LoginView, "", "account_login"),
    ("mot-de-passe-oublie", library.PasswordResetView, "reset", "account_reset_password"),
    (
        "mot-de-passe-oublie/message-envoye",
        library.PasswordResetDoneView,
        "reset_sent",
        "account_reset_password_done",
    ),
    (
        "mot-de-passe-oublie/termine",
        library.PasswordResetFromKeyDoneView,
        "reset_done",
        "account_reset_password_from_key_done",
    ),
    ("inscription", library.SignupView, "signup", "account_signup"),
    ("deconnexion", mediacentre.Leaving, "logout", "account_logout"),
    ("verification", library.EmailVerificationSentView, "verification_sent", "account_email_verification_sent"),
    ("confirmer-mon-adresse/<str:key>", library.ConfirmEmailView, "confirm_email", "account_confirm_email"),
    ("compte-ferme", library.AccountInactiveView, "inactive", "account_inactive"),
]
"""Pages of the account library, open to all: address, view, template of ours (none: the view names it), name."""


def _open(view: type[View], template: str) -> Any:
    return login_not_required(view.as_view(**({"template_name": f"public/{template}.html"} if template else {})))


urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(pages)),
    path("fournisseur/<slug:provider_id>", openid.leave, name="openid_connect_login"),
    path("fournisseur/<slug:provider_id>/retour", openid.come_back, name="openid_connect_callback"),
    path("mot-de-passe-a-usage-unique", one_time.choose, name="account_choose_password"),
    *(path(place, _open(view, template), name=name) for place, view, template, name in _LIBRARY),
    re_path(
        "^mot-de-passe-oublie/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)$",
        _open(library.PasswordResetFromKeyView, "reset_key"),
        name="account_reset_password_from_key",
    ),
]
