"""Addresses of the school's pupils."""

from django.urls import path

from pix.web.orga.pupils import views

urlpatterns = [
    path("eleves", views.pupils, name="pupils"),
    path("eleves/<uuid:pupil>", views.pupil, name="pupil"),
]
