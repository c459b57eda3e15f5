"""The accessibility statement: what the tests verify, what nobody has verified yet, whom to tell, where to complain."""

import json
from functools import cache
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from pix.accounts import legal
from pix.web.public.legal import operator

DATA = Path(__file__).with_name("accessibility.json")
"""Written by ``pix accessibility --write`` from the tests; a test holds it up to date."""

SENTENCES = {
    "T-001": _("L'interface est en français, avec les mots de l'école."),
    "T-002": _("Tout se fait au clavier\u202f: le focus se voit à chaque arrêt, un lien mène droit au contenu."),
    "T-003": _("Les contrastes sont suffisants et aucune information ne passe par la seule couleur."),
    "T-004": _("Images, icônes, graphiques et tableaux ont un nom pour les lecteurs d'écran."),
    "T-005": _("Rien ne se perd à 200 % de zoom ni sur un écran de 360 pixels."),
    "T-020": _("Les dates sont écrites comme on les lit en France."),
    "T-030": _("Aucune page ne charge de contenu d'un autre site."),
}


@cache
def _facts() -> dict[str, list[str]]:
    found: dict[str, list[str]] = json.loads(DATA.read_text(encoding="utf-8"))
    return found


@login_not_required
@require_safe
def statement(request: HttpRequest) -> HttpResponse:
    """« Accessibilité : partiellement conforme »."""
    facts = _facts()
    context = {
        "version": legal.ACCESSIBILITY,
        "operator": operator(),
        "checked": [SENTENCES[one] for one in facts["criteria"]],
        "unchecked": [text for one, text in SENTENCES.items() if one not in facts["criteria"]],
        "pages": len(facts["pages"]),
    }
    return render(request, "public/legal/accessibility.html", context)
