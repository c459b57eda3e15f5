"""Addresses of the staff's pages."""

from django.urls import path

from pix.web.admin import providers, views

app_name = "admin"
urlpatterns = [
    path("", views.activations, name="activations"),
    path("demandes/<uuid:demand>/traitee", views.handled, name="activation-handled"),
    path("fournisseurs", providers.providers, name="providers"),
    path("fournisseurs/<slug:key>/etat", providers.state, name="provider-state"),
]
