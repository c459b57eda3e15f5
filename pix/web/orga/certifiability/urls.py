"""Address of what a school is told of certifiability."""

from django.urls import path

from pix.web.orga.certifiability import views

urlpatterns = [path("eleves/certificabilite", views.certifiability, name="certifiability")]
