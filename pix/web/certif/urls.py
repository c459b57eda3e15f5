"""Addresses of a centre's space; each starts with the centre."""

from django.urls import include, path

from pix.organizations.enums import Service
from pix.web.certif import views
from pix.web.certif.guard import frame, member
from pix.web.team.pages import TeamPages

app_name = "certif"
urlpatterns = [
    path("", views.enter, name="enter"),
    path("<uuid:centre>/", views.home, name="home"),
    path("<uuid:centre>/ouvrir", views.switch, name="switch"),
    path("<uuid:centre>/", include(TeamPages(Service.CERTIF, "centre", member, frame).urls())),
]
