"""Every address of the program, the demo's included, for the tests that walk them all."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path

from config.urls import handler400, handler403, handler404, handler500
from config.urls import urlpatterns as always

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = list(always)
if not settings.DEMO and find_spec("pix.web.demo.urls"):
    urlpatterns.append(path("", include("pix.web.demo.urls")))
