"""Addresses of the school's team."""

from django.urls import path

from pix.web.orga.team import views

urlpatterns = [path("equipe", views.team, name="team")]
