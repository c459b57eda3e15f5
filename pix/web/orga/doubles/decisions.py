"""What an administrator decides about a doubtful record: one POST each, undone from « Décisions »."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pix.core import clock
from pix.learners import actions
from pix.learners.access import must_import, pupil_of_school, repair_of
from pix.organizations.access import Member
from pix.stewardship import merging
from pix.web.orga.doubles.views import compare_page, list_page
from pix.web.orga.guard import admin


def _decide(
    request: HttpRequest, actor: Member, act: Callable[[], Any], done: str, to: str = "doubles"
) -> HttpResponse:
    """Act and go back to the list; 409, with the list as it is now, when somebody else decided meanwhile."""
    try:
        act()
    except actions.RollMoved:
        text = _("Une fiche a changé entre-temps\u202f: rien n'a été modifié. Voici ce qu'il reste à vérifier.")
        return list_page(request, actor, 409, text)
    except merging.TooLate:
        return list_page(request, actor, 409, _("Cette décision a plus de 30 jours\u202f: elle ne s'annule plus."))
    messages.success(request, done)
    return redirect(f"orga:{to}", organization=actor.organization.uuid)


@require_POST
@admin
def merge(request: HttpRequest, actor: Member, one: UUID, other: UUID) -> HttpResponse:
    """« Fusionner »: the record to keep and, of two accounts, the one that stays."""
    must_import(actor)
    pair = {str(uuid): pupil_of_school(actor, uuid) for uuid in (one, other)}
    kept = pair.get(request.POST.get("fiche", ""))
    if kept is None:
        return compare_page(request, actor, one, other, 422, _("Choisissez la fiche à garder."))
    second = next((row for row in pair.values() if row != kept), kept)
    try:
        return _decide(
            request,
            actor,
            lambda: merging.merge_pupils(
                by=actor, kept=kept, other=second, account_of=pair.get(request.POST.get("compte", "")), at=clock.now()
            ),
            _("Les deux fiches de {name} n'en font plus qu'une.").format(name=f"{kept.first_name} {kept.last_name}"),
        )
    except merging.NotKeepable:
        text = _("Gardez la fiche qui a un INE\u202f: c'est elle que le prochain import reconnaîtra.")
        return compare_page(request, actor, one, other, 422, text)


@require_POST
@admin
def different(request: HttpRequest, actor: Member, one: UUID, other: UUID) -> HttpResponse:
    """« Ce ne sont pas des doublons »."""
    must_import(actor)
    pupil, second = pupil_of_school(actor, one), pupil_of_school(actor, other)
    return _decide(
        request,
        actor,
        lambda: actions.declare_different(by=actor, pupil=pupil, other=second, at=clock.now()),
        _("C'est noté\u202f: ces deux fiches ne seront plus proposées."),
    )


@require_POST
@admin
def detach(request: HttpRequest, actor: Member, pupil: UUID) -> HttpResponse:
    """« Détacher le compte »."""
    must_import(actor)
    row = pupil_of_school(actor, pupil)
    return _decide(
        request,
        actor,
        lambda: actions.detach(by=actor, pupil=row, at=clock.now()),
        _("Le compte de {name} est détaché. L'élève pourra en relier un autre avec un code de campagne.").format(
            name=f"{row.first_name} {row.last_name}"
        ),
    )


@require_POST
@admin
def keep_account(request: HttpRequest, actor: Member, pupil: UUID) -> HttpResponse:
    """« C'est bien son compte »: a shared account that the school has looked at."""
    must_import(actor)
    row = pupil_of_school(actor, pupil)
    return _decide(
        request,
        actor,
        lambda: actions.declare_different(by=actor, pupil=row, other=None, at=clock.now()),
        _("C'est noté\u202f: ce compte ne sera plus signalé."),
    )


@require_POST
@admin
def remove(request: HttpRequest, actor: Member, pupil: UUID) -> HttpResponse:
    """« Retirer » a provisional record."""
    must_import(actor)
    row = pupil_of_school(actor, pupil)
    return _decide(
        request,
        actor,
        lambda: actions.remove_provisional(by=actor, pupil=row, at=clock.now()),
        _("La fiche provisoire de {name} est retirée.").format(name=f"{row.first_name} {row.last_name}"),
        "doubles-provisional",
    )


@require_POST
@admin
def undo(request: HttpRequest, actor: Member, repair: UUID) -> HttpResponse:
    """« Annuler » a decision of the last 30 days."""
    row = repair_of(actor, repair)
    return _decide(
        request,
        actor,
        lambda: merging.undo_repair(by=actor, repair=row, at=clock.now()),
        _("La décision est annulée."),
        "doubles-decided",
    )
