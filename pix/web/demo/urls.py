"""Addresses of the demonstration."""

from django.urls import path

from pix.web.demo import views

app_name = "demo"
urlpatterns = [
    path("demo", views.start, name="start"),
    path("demo/entrer", views.enter, name="enter"),
    path("demo/ent", views.ent, name="ent"),
    path("demo/ent/connexion", views.ent_connect, name="ent-connect"),
    path("demo/fichiers/<str:name>", views.sample, name="sample"),
    path("demo/courrier", views.outbox, name="outbox"),
    path("demo/courrier/<uuid:mail>", views.mail, name="mail"),
    path("demo/horloge", views.move_clock, name="clock"),
    path("galerie", views.gallery, name="gallery"),
]
