"""« Où en suis-je ? »: the steps of the school's year, each with its present state and its one action."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from pix.accounts.queries import invite_second_factor
from pix.campaigns.queries.orga import CampaignFilters, CampaignLine, campaigns_of
from pix.core import clock
from pix.learners.access import may_import
from pix.learners.queries import RollFacts, roll_facts
from pix.organizations.access import Member
from pix.web.orga.guard import frame, member


@require_safe
@member
def home(request: HttpRequest, actor: Member) -> HttpResponse:
    """The guide's steps that this space can take today."""
    facts = roll_facts(actor.organization, clock.now())
    everyone = CampaignFilters(mine=False, sort="-participants")
    found = campaigns_of(actor.organization, actor.user, everyone)
    received = campaigns_of(actor.organization, actor.user, CampaignFilters(mine=False, sort="-resultats"))
    steps = _steps(actor, facts, found.lines, received.lines)
    invite = actor.is_admin and invite_second_factor(actor.user)
    # A school that never imported reads the same in the first step.
    new_year = not facts.imported_this_year and facts.imported_at is not None and may_import(actor)
    context = frame(actor, "home", steps=steps, facts=facts, invite=invite, new_year=new_year)
    return render(request, "orga/home/home.html", context)


def _steps(
    actor: Member, facts: RollFacts, most_taken: tuple[CampaignLine, ...], most_received: tuple[CampaignLine, ...]
) -> list[dict[str, Any]]:
    here = {"organization": str(actor.organization.uuid)}
    first = most_taken[0] if most_taken else None
    sent = most_received[0] if most_received and most_received[0].received else None
    rolled = facts.imported_this_year and not facts.running
    steps: list[dict[str, Any]] = [
        {
            "mark": "A",
            "title": _("Importer la base élèves"),
            "done": rolled,
            "text": _roll_text(facts),
            "href": reverse("orga:import" if may_import(actor) else "orga:pupils", kwargs=here),
            "action": _roll_action(facts, may_import(actor)),
        },
        {
            "mark": "C",
            "title": _("Créer une campagne de rentrée"),
            "done": first is not None,
            "text": _("Un parcours par niveau\u202f; chaque campagne donne un code."),
            "href": reverse("orga:campaigns" if first else "orga:campaign-new", kwargs=here),
            "action": _("Voir les campagnes") if first else _("Créer une campagne"),
        },
        {
            "mark": "C",
            "title": _("Donner le code aux élèves"),
            "done": first is not None and first.participants > 0,
            "text": _(
                "Les élèves le saisissent dans «\u202fJ'ai un code\u202f»\u202f; ils ouvrent leur compte au passage."
            ),
            "href": reverse("orga:campaign-code", kwargs={**here, "campaign": str(first.uuid)}) if first else "",
            "action": _("Afficher le code"),
        },
        {
            "mark": "D",
            "title": _("Lire les résultats"),
            "done": sent is not None,
            "text": _("Dès qu'un élève envoie ses résultats, ils se lisent par classe et par compétence."),
            "href": reverse("orga:campaign-results", kwargs={**here, "campaign": str((sent or first).uuid)})  # type: ignore[union-attr]
            if sent or first
            else "",
            "action": _("Voir les résultats"),
        },
    ]
    current = next((step for step in steps if not step["done"]), None)
    return [
        {**step, "state": "done" if step["done"] else ("current" if step is current else "todo")}
        | ({} if step["done"] or step is current else {"href": ""})
        for step in steps
    ]


def _roll_action(facts: RollFacts, may: bool) -> str:
    if not may:
        return _("Voir les élèves")
    if facts.running:
        return _("Voir l'état de l'import")
    return _("Ouvrir") if facts.imported_this_year else _("Importer la liste")


def _roll_text(facts: RollFacts) -> str:
    if facts.running:
        return _("Un import est en cours.")
    if facts.imported_at is None:
        return _("Sans elle, aucun élève ne peut rejoindre une campagne de votre établissement.")
    known = ngettext("{n} élève actif.", "{n} élèves actifs.", facts.pupils).format(n=facts.pupils)
    done = _("Dernier fichier importé avec succès le {day} par {name}.").format(
        day=clock.paris(facts.imported_at).strftime("%d/%m/%Y"), name=facts.imported_by
    )
    return f"{known} {done}"
