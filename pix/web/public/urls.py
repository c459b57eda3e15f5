"""Addresses of those who are not signed in."""

from allauth.account import views as library
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path, re_path

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

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(pages)),
    path("fournisseur/<slug:provider_id>", openid.leave, name="openid_connect_login"),
    path("fournisseur/<slug:provider_id>/retour", openid.come_back, name="openid_connect_callback"),
    path(
        "connexion",
        login_not_required(accounts.LoginView.as_view()),
        name="account_login",
    ),
    path("mot-de-passe-a-usage-unique", one_time.choose, name="account_choose_password"),
    path(
        "mot-de-passe-oublie",
        login_not_required(library.PasswordResetView.as_view(template_name="public/reset.html")),
        name="account_reset_password",
    ),
    path(
        "mot-de-passe-oublie/message-envoye",
        login_not_required(library.PasswordResetDoneView.as_view(template_name="public/reset_sent.html")),
        name="account_reset_password_done",
    ),
    path(
        "mot-de-passe-oublie/termine",
        login_not_required(library.PasswordResetFromKeyDoneView.as_view(template_name="public/reset_done.html")),
        name="account_reset_password_from_key_done",
    ),
    re_path(
        "^mot-de-passe-oublie/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)$",
        login_not_required(library.PasswordResetFromKeyView.as_view(template_name="public/reset_key.html")),
        name="account_reset_password_from_key",
    ),
    path(
        "inscription",
        login_not_required(library.SignupView.as_view(template_name="public/signup.html")),
        name="account_signup",
    ),
    path(
        "deconnexion",
        login_not_required(mediacentre.Leaving.as_view(template_name="public/logout.html")),
        name="account_logout",
    ),
    path(
        "verification",
        login_not_required(library.EmailVerificationSentView.as_view(template_name="public/verification_sent.html")),
        name="account_email_verification_sent",
    ),
    path(
        "confirmer-mon-adresse/<str:key>",
        login_not_required(library.ConfirmEmailView.as_view(template_name="public/confirm_email.html")),
        name="account_confirm_email",
    ),
    path(
        "compte-ferme",
        login_not_required(library.AccountInactiveView.as_view(template_name="public/inactive.html")),
        name="account_inactive",
    ),
]
