"""Addresses of a school's space; each starts with the school, so that a link is enough to know whose page it is."""

from django.urls import include, path

from pix.web.orga import enter

app_name = "orga"
urlpatterns = [
    path("", enter.enter, name="enter"),
    path("<uuid:organization>/", include("pix.web.orga.home.urls")),
    path("<uuid:organization>/", include("pix.web.orga.pupils.urls")),
    path("<uuid:organization>/", include("pix.web.orga.imports.urls")),
    path("<uuid:organization>/", include("pix.web.orga.team.urls")),
    path("<uuid:organization>/", include("pix.web.orga.campaigns.urls")),
]
