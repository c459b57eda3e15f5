"""Addresses of the doubles and of the pupils made by hand. A pair is two pupils, in any order."""

from django.urls import path

from pix.web.orga.doubles import decisions, views

PAIR = "eleves/doublons/<uuid:one>/<uuid:other>"

urlpatterns = [
    path("eleves/nouveau", views.new_pupil, name="pupil-new"),
    path("eleves/doublons", views.doubles, name="doubles"),
    path("eleves/doublons/nombre", views.count, name="doubles-count"),
    path("eleves/doublons/provisoires", views.provisional, name="doubles-provisional"),
    path("eleves/doublons/decisions", views.decided, name="doubles-decided"),
    path("eleves/doublons/decisions/<uuid:repair>/annuler", decisions.undo, name="doubles-undo"),
    path("eleves/doublons/<uuid:pupil>/detacher", decisions.detach, name="doubles-detach"),
    path("eleves/doublons/<uuid:pupil>/garder-le-compte", decisions.keep_account, name="doubles-keep-account"),
    path("eleves/doublons/<uuid:pupil>/retirer", decisions.remove, name="doubles-remove"),
    path(PAIR, views.compare, name="doubles-compare"),
    path(f"{PAIR}/fusionner", decisions.merge, name="doubles-merge"),
    path(f"{PAIR}/differents", decisions.different, name="doubles-different"),
]
