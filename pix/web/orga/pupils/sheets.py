"""What « Élèves » prints and downloads, as the list is filtered: the class sheet, the access cards, the list in CSV."""

import io
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from pix.core import clock
from pix.documents import csv, names, pdf
from pix.documents.cells import Cell, Table
from pix.learners import queries
from pix.learners.actions.accounts import GivenLine
from pix.learners.enums import Certifiability, Method
from pix.learners.queries import PupilLine
from pix.organizations.access import Member
from pix.web.jinja import french_date
from pix.web.orga.guard import member
from pix.web.orga.pupils.forms import filters_of
from pix.web.orga.pupils.views import words

Groups = list[tuple[str, list[Any]]]


@require_safe
@member
def export(request: HttpRequest, actor: Member) -> HttpResponse:
    """The list in CSV: every pupil that the filters keep, not a page of them."""
    said = words()
    headers = (
        _("Nom"), _("Prénom"), _("Date de naissance"), _("Classe"), _("Méthode(s) de connexion"),
        _("Nombre de participations"), _("Dernière participation"), _("Campagne"), _("Type"), _("Statut"),
        _("Certificabilité"), _("Date de certificabilité"), _("Compétences au niveau 1"),
    )  # fmt: skip

    def row(line: PupilLine) -> Sequence[Cell]:
        last = line.last_participation
        return (
            line.last_name,
            line.first_name,
            french_date(line.birth_date),
            line.division,
            _methods(line),
            line.participation_count,
            french_date(last.at) if last else "",
            last.campaign if last else "",
            said["type_label"](last.type) if last else "",
            said["status_label"](last.status) if last else "",
            _(line.certifiability.label),
            french_date(line.certifiable_at),
            line.towards.count if line.towards else None,
        )

    lines = queries.all_pupils_of(actor.organization, filters_of(request.GET))
    stream = io.BytesIO()
    csv.write(Table(_("Élèves"), headers, map(row, lines)), stream)
    return sent(stream.getvalue(), csv.CONTENT_TYPE, "eleves", lines, "csv")


@require_safe
@member
def sheet(request: HttpRequest, actor: Member) -> HttpResponse:
    """« Fiche de la classe »: a table a class, with what a teacher needs on the day."""
    lines = queries.all_pupils_of(actor.organization, filters_of(request.GET))
    groups = [
        pdf.TableGroup(
            _class_title(division),
            ngettext("{n} élève", "{n} élèves", len(own)).format(n=len(own)),
            [_row(line) for line in own],
        )
        for division, own in _by_class(lines)
    ]
    made = pdf.Sheet(
        title=_("Fiche de la classe"),
        author=actor.organization.name,
        footer=_footer(actor),
        headers=[_("Nom"), _("Prénom"), _("Date de naissance"), _("Identifiant"), _("Méthode(s) de connexion"), _("Certificabilité")],
        widths=[5, 4, 4, 6, 4, 4],
        groups=groups or [pdf.TableGroup(_("Aucun élève."), "", [])],
        language=translation.get_language() or "fr",
    )  # fmt: skip
    try:
        drawn = pdf.tables(made, at=clock.now())
    except pdf.TooMuch as error:
        raise BadRequest from error
    return sent(drawn, pdf.CONTENT_TYPE, "fiche", lines, "pdf")


@require_safe
@member
def cards(request: HttpRequest, actor: Member) -> HttpResponse:
    """« Cartes d'accès »: one a pupil, without any password: those are given once, when they are made."""
    lines = queries.all_pupils_of(actor.organization, filters_of(request.GET))
    made = [
        (division, [pdf.Card(f"{one.first_name} {one.last_name}", _card(one, actor), _note(one)) for one in own])
        for division, own in _by_class(lines)
    ]
    link = request.build_absolute_uri(reverse("app:code"))
    return sent(_drawn(actor, made, link), pdf.CONTENT_TYPE, "cartes", lines, "pdf")


def password_cards(request: HttpRequest, actor: Member, given: Sequence[GivenLine]) -> bytes:
    """The cards of those who have just got a password for one use."""
    note = _("À la première connexion, tu choisis ton mot de passe à toi. Ne prête pas cette carte.")
    made = [
        (
            division,
            [
                pdf.Card(
                    f"{one.first_name} {one.last_name}",
                    [
                        (_("Classe"), one.division),
                        (_("Identifiant"), one.username),
                        (_("Mot de passe à usage unique"), one.password),
                    ],
                    note,
                )
                for one in own
            ],
        )
        for division, own in _by_class(given)
    ]
    return _drawn(actor, made, request.build_absolute_uri(reverse("account_login")))


def sent(content: bytes, content_type: str, word: str, lines: Sequence[Any], extension: str) -> HttpResponse:
    """A file to save, named by the day, what it is and its class when there is one."""
    divisions = {line.division for line in lines}
    day = clock.paris(clock.now()).strftime("%Y%m%d")
    stem = f"{day}_{word}" + (f"_{divisions.pop()}" if len(divisions) == 1 else "")
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = names.disposition(names.file_name(stem, extension))
    return response


def _drawn(actor: Member, groups: Iterable[tuple[str, list[pdf.Card]]], link: str) -> bytes:
    """``link``: where every code leads, its address in full letters on each card."""
    made = pdf.Cards(
        title=_("Cartes d'accès à {brand}").format(brand=settings.BRAND),
        author=actor.organization.name,
        footer=_footer(actor),
        link=link,
        link_label=_("Code QR de l'adresse {address}").format(address=link),
        address=link.partition("://")[2],
        groups=[pdf.CardGroup(_class_title(division), own) for division, own in groups]
        or [pdf.CardGroup(_("Aucun élève."), [])],
        language=translation.get_language() or "fr",
    )
    try:
        return pdf.cards(made, at=clock.now())
    except pdf.TooMuch as error:
        raise BadRequest from error


def _by_class(lines: Iterable[Any]) -> Groups:
    """Classes in their natural order, each with its people in the order they came in."""
    ranked = sorted(lines, key=lambda line: queries.natural(line.division))
    return [(division, list(own)) for division, own in groupby(ranked, key=lambda line: line.division)]


def _class_title(division: str) -> str:
    return _("Classe {division}").format(division=division) if division else _("Sans classe")


def _footer(actor: Member) -> str:
    school = actor.organization
    return " – ".join(part for part in (school.name, school.uai, french_date(clock.now())) if part)


def _methods(line: PupilLine) -> str:
    return ", ".join(_(method.label) for method in line.methods) or _("Aucune")


def _row(line: PupilLine) -> list[str]:
    status = _(line.certifiability.label)
    if line.towards and line.certifiability is Certifiability.NON_ELIGIBLE:
        status = f"{status} {line.towards.count}/{line.towards.needed}"
    name = line.last_name + (f" ({_('INE …{end}').format(end=line.ine_end)})" if line.ine_end else "")
    return [name, line.first_name, french_date(line.birth_date), line.username or "–", _methods(line), status]


def _card(line: PupilLine, actor: Member) -> list[tuple[str, str]]:
    if line.username:
        login = (_("Identifiant"), line.username)
    elif Method.GAR in line.methods or (not line.linked and actor.organization.uses_gar):
        login = (_("Connexion"), _("par le médiacentre"))
    elif line.linked:
        login = (_("Connexion"), _("avec ton adresse e-mail"))
    else:
        login = (_("Connexion"), _("à créer avec le code d'un parcours"))
    return [(_("Classe"), line.division or "–"), login]


def _note(line: PupilLine) -> str:
    if line.username:
        return _("Mot de passe oublié\u202f? Demande à un enseignant.")
    return ""
