"""Addresses of the import of the roll, inside a school's space."""

from django.urls import path

from pix.web.orga.imports import views

urlpatterns = [
    path("import", views.page, name="import"),
    path("import/envoi", views.upload, name="import-upload"),
    path("import/etat", views.state, name="import-state"),
    path("import/<uuid:imported>/appliquer", views.confirm, name="import-confirm"),
    path("import/<uuid:imported>/abandonner", views.abandon, name="import-abandon"),
    path("import/<uuid:imported>/erreurs", views.errors, name="import-errors"),
    path("import/<uuid:imported>/erreurs.csv", views.errors_csv, name="import-errors-csv"),
    path("import/<uuid:imported>/annuler", views.undo, name="import-undo"),
    path("import/<uuid:imported>/lignes-valides", views.keep_valid, name="import-keep-valid"),
]
