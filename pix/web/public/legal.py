"""Legal pages, help, site map: texts of the program, completed with who runs this instance."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pix.accounts import legal


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs the instance; a value that was not given says so instead of staying empty."""

    name: str
    address: str
    email: str
    phone: str
    publisher: str
    host: str
    dpo: str
    missing: tuple[str, ...]
    """Settings still to be given."""


def operator() -> Operator:
    """The operator of the settings, ready to be written on a page."""
    given = settings.OPERATOR
    optional = {"PIX_OPERATOR_PHONE"}

    def value(name: str) -> str:
        if given[name] or name in optional:
            return str(given[name])
        text = _("[à compléter par l'exploitant de cette instance]")
        return f"{text} ({name})" if settings.DEMO else text

    return Operator(
        name=value("PIX_OPERATOR_NAME"),
        address=value("PIX_OPERATOR_ADDRESS"),
        email=value("PIX_OPERATOR_EMAIL"),
        phone=value("PIX_OPERATOR_PHONE"),
        publisher=value("PIX_PUBLISHER"),
        host=value("PIX_HOST_COMPANY"),
        dpo=value("PIX_DPO_EMAIL"),
        missing=tuple(name for name, text in given.items() if not text and name not in optional),
    )


def _document(request: HttpRequest, name: str, title: str, version: date) -> HttpResponse:
    """A document written whole in each language: ``public/legal/<name>.<language>.html``."""
    language = "en" if translation.get_language() == "en" else "fr"
    context = {
        "title": title,
        "version": version,
        "body": f"public/legal/{name}.{language}.html",
        "translated": language != "fr",
        "operator": operator(),
    }
    return render(request, "public/legal/document.html", context)


@login_not_required
@require_safe
def notice(request: HttpRequest) -> HttpResponse:
    """« Mentions légales »."""
    return _document(request, "notice", _("Mentions légales"), legal.NOTICE)


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """« Données personnelles »: what is kept, how long, and one's rights (``#droits``)."""
    return _document(request, "privacy", _("Données personnelles"), legal.PRIVACY)


@login_not_required
@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    """Terms of use of the three spaces (``#app``, ``#orga``, ``#certif``)."""
    return _document(request, "terms", _("Conditions générales d'utilisation"), max(legal.TERMS.values()))


@login_not_required
@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    """Help: whom to ask, and what to do first."""
    return render(request, "public/legal/contact.html", {"operator": operator()})


@login_not_required
@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    """Every place of the site that one can reach without a link of one's own."""
    return render(request, "public/legal/site_map.html", {})
