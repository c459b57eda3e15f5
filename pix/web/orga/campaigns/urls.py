"""Addresses of a school's campaigns."""

from django.urls import path

from pix.web.orga.campaigns import views

urlpatterns = [
    path("campagnes", views.campaigns, name="campaigns"),
    path("campagnes/creer", views.create, name="campaign-new"),
    path("parcours/<str:code>", views.journey, name="campaign-journey"),
    path("campagnes/<uuid:campaign>", views.activity, name="campaign"),
    path("campagnes/<uuid:campaign>/resultats", views.results, name="campaign-results"),
    path("campagnes/<uuid:campaign>/parametres", views.settings, name="campaign-settings"),
    path("campagnes/<uuid:campaign>/modifier", views.edit, name="campaign-edit"),
    path("campagnes/<uuid:campaign>/archivage", views.archive, name="campaign-archive"),
    path("campagnes/<uuid:campaign>/code", views.code, name="campaign-code"),
    path("campagnes/<uuid:campaign>/export.<str:format>", views.export, name="campaign-export"),
    path(
        "campagnes/<uuid:campaign>/participations/<uuid:participation>", views.participant, name="campaign-participant"
    ),
]
