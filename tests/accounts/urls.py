"""The program's addresses, and one page that breaks the rule it must not break: it writes on a GET."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path

from pix.accounts.models import User
from tests.house.urls import handler400, handler403, handler404, handler429, handler500
from tests.house.urls import urlpatterns as always

__all__ = ["handler400", "handler403", "handler404", "handler429", "handler500", "urlpatterns"]


@login_not_required
def rename(request: HttpRequest) -> HttpResponse:
    User.objects.update(first_name="Écrit")
    return HttpResponse("ok")


def staff_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns: list[URLPattern | URLResolver] = [
    *always,
    path("essai/renommer", rename, name="rename"),
    path("essai/", include(([path("equipe", staff_page, name="page")], "admin"))),
]
