"""Addresses of those who are not signed in."""

from allauth.account import views as library
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path

from pix.web.public import accessibility, legal, views
from pix.web.public.recovery import views as recovery

pages = (
    [
        path("", views.welcome, name="welcome"),
        path("espaces", views.spaces, name="spaces"),
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
        path("conditions-utilisation", legal.terms, name="terms"),
        path("accessibilite", accessibility.statement, name="accessibility"),
        path("aide", legal.contact, name="contact"),
        path("plan-du-site", legal.site_map, name="site-map"),
    ],
    "public",
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(pages)),
    path(
        "connexion",
        login_not_required(library.LoginView.as_view(template_name="public/login.html")),
        name="account_login",
    ),
    path(
        "inscription",
        login_not_required(library.SignupView.as_view(template_name="public/signup.html")),
        name="account_signup",
    ),
    path(
        "deconnexion",
        login_not_required(library.LogoutView.as_view(template_name="public/logout.html")),
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
