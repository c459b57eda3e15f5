"""Every address of the program. Each has its line in the who-may table (tests/house/who_may.py)."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("pix.web.public.urls")),
    path("", include("pix.web.app.account.factors")),
    path("", include("pix.web.app.account.passkeys")),
    path("", include("pix.web.app.urls")),
    path("orga/", include("pix.web.orga.urls")),
    path("certif/", include("pix.web.certif.urls")),
    path("pilotage/", include("pix.web.admin.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("", include("pix.web.demo.urls")))

handler400 = "pix.web.public.errors.bad_request"
handler403 = "pix.web.public.errors.forbidden"
handler404 = "pix.web.public.errors.not_found"
handler429 = "pix.web.public.errors.too_many"
handler500 = "pix.web.public.errors.server_error"
