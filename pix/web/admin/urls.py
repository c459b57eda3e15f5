"""Addresses of the staff's pages."""

from django.urls import path

from pix.web.admin import accounts, journal, providers, reports, schools, views

app_name = "admin"
urlpatterns = [
    path("", views.activations, name="activations"),
    path("demandes/<uuid:demand>/traitee", views.handled, name="activation-handled"),
    path("fournisseurs", providers.providers, name="providers"),
    path("fournisseurs/<slug:key>/etat", providers.state, name="provider-state"),
    path("comptes", accounts.search, name="accounts"),
    path("comptes/<uuid:account>", accounts.show, name="account"),
    path("comptes/<uuid:account>/ouvrir", accounts.open_sheet, name="account-open"),
    path("comptes/<uuid:account>/identifiants", accounts.reveal, name="account-reveal"),
    path("comptes/<uuid:account>/<slug:act>", accounts.act, name="account-act"),
    path("comptes/<uuid:account>/methodes/<str:provider>/<slug:act>", accounts.method_act, name="account-method"),
    path("comptes/<uuid:account>/eleves/<uuid:school>/detacher", accounts.unlink, name="account-unlink"),
    path("etablissements", schools.listing, name="schools"),
    path("etablissements/<uuid:school>", schools.show, name="school"),
    path("etablissements/<uuid:school>/corriger", schools.correct, name="school-correct"),
    path("etablissements/<uuid:school>/archiver", schools.archive, name="school-archive"),
    path("etablissements/<uuid:school>/rouvrir", schools.reopen, name="school-reopen"),
    path("signalements", reports.reports, name="reports"),
    path("signalements/<str:question>/traite", reports.handled, name="report-handled"),
    path("journal", journal.read, name="journal"),
]
