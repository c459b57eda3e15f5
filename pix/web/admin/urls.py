"""Addresses of the staff's pages."""

from django.urls import path

from pix.web.admin import views

app_name = "admin"
urlpatterns = [
    path("", views.activations, name="activations"),
    path("demandes/<uuid:demand>/traitee", views.handled, name="activation-handled"),
]
