"""Address of the front page of a school's space."""

from django.urls import path

from pix.web.orga.home import views

urlpatterns = [path("", views.home, name="home")]
