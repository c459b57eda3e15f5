"""Every address of the program, the demo's included, for the tests that walk them all."""

from django.urls import URLResolver, include, path

from config.urls import handler400, handler403, handler404, handler429, handler500
from config.urls import urlpatterns as always

__all__ = ["handler400", "handler403", "handler404", "handler429", "handler500", "urlpatterns"]

urlpatterns = list(always)
# Whether ``config.urls`` has them depends on the settings at its first import.
if not any(isinstance(one, URLResolver) and one.namespace == "demo" for one in urlpatterns):
    urlpatterns.append(path("", include("pix.web.demo.urls")))
