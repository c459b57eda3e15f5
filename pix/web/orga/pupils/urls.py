"""Addresses of the school's pupils."""

from django.urls import path

from pix.web.orga.pupils import accounts, sheets, views

urlpatterns = [
    path("eleves", views.pupils, name="pupils"),
    path("eleves/liste.csv", sheets.export, name="pupils-export"),
    path("eleves/fiche.pdf", sheets.sheet, name="pupils-sheet"),
    path("eleves/cartes.pdf", sheets.cards, name="pupils-cards"),
    path("eleves/mots-de-passe", accounts.passwords, name="pupil-passwords"),
    path("eleves/<uuid:pupil>", views.pupil, name="pupil"),
    path("eleves/<uuid:pupil>/nom", accounts.name, name="pupil-name"),
    path("eleves/<uuid:pupil>/compte", accounts.account, name="pupil-account"),
    path("eleves/<uuid:pupil>/compte/identifiant", accounts.username, name="pupil-username"),
    path("eleves/<uuid:pupil>/compte/mot-de-passe", accounts.password, name="pupil-password"),
    path("eleves/<uuid:pupil>/compte/debloquer", accounts.unblock, name="pupil-unblock"),
]
