"""Errors said in French: what happened, what to do, what was kept."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def _page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    context = {"error_code": str(status), "error_title": title, "error_text": text}
    return render(request, "public/error.html", context, status=status)


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _page(
        request,
        400,
        _("Demande incomprise"),
        _("L'adresse ou le formulaire est incomplet. Revenez en arrière et recommencez."),
    )


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _page(
        request,
        403,
        _("Page réservée"),
        _("Votre rôle ne permet pas d'ouvrir cette page. Un administrateur de votre espace peut le modifier."),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(
        request,
        403,
        _("Formulaire expiré"),
        _("Cette page est restée ouverte trop longtemps, ou les cookies sont bloqués. Rechargez-la puis recommencez."),
    )


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _page(
        request,
        404,
        _("Page introuvable"),
        _("Cette page n'existe pas, ou vous n'y avez pas accès. Vérifiez l'adresse."),
    )


def too_many(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _page(
        request,
        429,
        _("Trop d'essais"),
        _("Trop de demandes sont parties d'ici en peu de temps. Attendez quelques minutes, puis recommencez."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        500,
        _("Une erreur est survenue"),
        _(
            "Rien de ce que vous aviez enregistré n'est perdu. Réessayez dans un instant ; si l'erreur revient, prévenez l'assistance."
        ),
    )
