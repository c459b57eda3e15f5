"""Addresses of a school's space; each starts with the school, so that a link is enough to know whose page it is."""

from django.urls import include, path

from pix.organizations.enums import Service
from pix.web.orga import enter
from pix.web.orga.guard import frame, member
from pix.web.team.pages import TeamPages

app_name = "orga"
urlpatterns = [
    path("", enter.enter, name="enter"),
    path("<uuid:organization>/", include("pix.web.orga.home.urls")),
    path("<uuid:organization>/", include("pix.web.orga.pupils.urls")),
    path("<uuid:organization>/", include("pix.web.orga.imports.urls")),
    path("<uuid:organization>/", include("pix.web.orga.certifiability.urls")),
    path("<uuid:organization>/", include("pix.web.orga.doubles.urls")),
    path("<uuid:organization>/", include(TeamPages(Service.ORGA, "organization", member, frame).urls())),
    path("<uuid:organization>/ouvrir", enter.switch, name="switch"),
    path("<uuid:organization>/", include("pix.web.orga.campaigns.urls")),
]
