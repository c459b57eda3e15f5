"""The file of a campaign's results: one line a participation, built whole before it is sent (learning 10.1 to 10.3)."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import BinaryIO

from pix.campaigns.enums import Status
from pix.campaigns.models import Campaign, Participation, ParticipationCompetence
from pix.campaigns.queries import sets
from pix.campaigns.queries.orga import bank_of
from pix.campaigns.queries.sets import EVERYTHING, Filters
from pix.campaigns.rules import reached_stage, stages_of, tally
from pix.core import clock
from pix.documents import csv, names, ods, xlsx
from pix.documents.cells import Cell, Table, rate
from pix.organizations.enums import OrganizationType

NA = "NA"
CHUNK = 500
"""Participations whose frozen competences are read together."""

_WRITERS = {
    "csv": (csv.write, csv.CONTENT_TYPE),
    "ods": (ods.write, ods.CONTENT_TYPE),
    "xlsx": (xlsx.write, xlsx.CONTENT_TYPE),
}
FORMATS = tuple(_WRITERS)


@dataclass(frozen=True, slots=True)
class ResultsFile:
    """A whole file waiting to be sent; closing ``stream`` deletes it."""

    stream: BinaryIO
    name: str
    content_type: str
    disposition: str


@dataclass(frozen=True, slots=True)
class _Group:
    """Columns of one competence or one area."""

    name: str
    competences: frozenset[str]
    targeted: int


def results_file(campaign: Campaign, format: str, *, filters: Filters = EVERYTHING, at: datetime) -> ResultsFile:
    """The results as ``csv``, ``ods`` or ``xlsx``; exactly the participations that ``filters`` keep, all by default.

    Raises ``KeyError`` for another format. Memory does not grow with the campaign: rows go to a temporary file.
    """
    write, content_type = _WRITERS[format]
    name = file_name(campaign, format, at)
    # Deleted with its last reference, so a failure on the way leaves nothing behind.
    stream: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115 - handed to the response, which closes it
    try:
        write(table(campaign, filters), stream)
        stream.seek(0)
    except BaseException:
        stream.close()
        raise
    return ResultsFile(stream, name, content_type, names.disposition(name))


def file_name(campaign: Campaign, extension: str, at: datetime) -> str:
    """``Resultats-{name}-{id}-2024-10-01-1405.csv``, on the 24-hour clock of Paris."""
    stamp = clock.paris(at).strftime("%Y-%m-%d-%H%M")
    tail = f"-{campaign.pk}-{stamp}"
    return names.file_name(f"Resultats-{campaign.name[: names.STEM_MAX - 10 - len(tail)]}{tail}", extension)


def table(campaign: Campaign, filters: Filters = EVERYTHING) -> Table:
    """Headers of learning 10.3 and a stream of rows: last name, first name, then latest first."""
    school = campaign.organization
    with_class = school.manages_pupils and school.type == OrganizationType.SCO
    stages = stages_of(campaign.rules)
    competences, areas = _groups(campaign)
    headers = [
        "Nom de l'organisation",
        "ID Campagne",
        "Code",
        "Nom de la campagne",
        "Parcours",
        "Nom du Participant",
        "Prénom du Participant",
        *(["Classe"] if with_class else []),
        "% de progression",
        "Date de début",
        "Partage (O/N)",
        "Date du partage",
        *([f"Palier obtenu (/{len(stages) - 1})"] if len(stages) > 1 else []),
        "% maitrise de l'ensemble des acquis du profil",
    ]
    for competence in competences:
        headers += [
            f"% de maitrise des acquis de la compétence {competence.name}",
            f"Nombre d'acquis du profil cible dans la compétence {competence.name}",
            f"Acquis maitrisés dans la compétence {competence.name}",
        ]
    for area in areas:
        headers += [
            f"% de maitrise des acquis du domaine {area.name}",
            f"Nombre d'acquis du profil cible du domaine {area.name}",
            f"Acquis maitrisés du domaine {area.name}",
        ]
    return Table(campaign.name, headers, _rows(campaign, filters, with_class, competences + areas))


def _groups(campaign: Campaign) -> tuple[list[_Group], list[_Group]]:
    """Competences, then areas, that the campaign targets, in content order."""
    bank = bank_of(campaign)
    order = {competence: rank for rank, competence in enumerate(bank.competences)}
    frozen = sorted(
        tally(campaign.skills).competences, key=lambda one: (order.get(one.competence, len(order)), one.competence)
    )
    competences = [
        _Group(
            bank.competences[one.competence].name if one.competence in bank.competences else one.competence,
            frozenset([one.competence]),
            one.targeted,
        )
        for one in frozen
    ]
    areas = []
    for area in bank.areas.values():
        own = [
            one
            for one in frozen
            if one.competence in bank.competences and bank.competences[one.competence].area == area.code
        ]
        if own:
            areas.append(_Group(area.name, frozenset(one.competence for one in own), sum(one.targeted for one in own)))
    return competences, areas


def _rows(campaign: Campaign, filters: Filters, with_class: bool, groups: list[_Group]) -> Iterator[list[Cell]]:
    school = campaign.organization
    stages = stages_of(campaign.rules)
    thresholds = [stage.threshold for stage in stages]
    everyone = sets.everyone(campaign)
    classes = sets.class_choices(everyone) if filters.classes else []
    rows = (
        sets.filtered(everyone, campaign, filters, classes)
        .select_related("pupil")
        .only(
            *("status", "created_at", "shared_at", "targeted", "validated", "assessed", "percent"),
            *("pupil__last_name", "pupil__first_name", "pupil__division"),
        )
        .order_by("pupil__order_key", "-created_at", "id")
        .iterator(chunk_size=CHUNK)
    )
    first: list[Cell] = [school.name, campaign.pk, campaign.code, campaign.name, campaign.journey_name]
    while chunk := list(islice(rows, CHUNK)):
        frozen = _frozen(chunk)
        for row in chunk:
            shared = row.status == Status.SHARED
            cells: list[Cell] = [*first, row.pupil.last_name, row.pupil.first_name]
            if with_class:
                cells.append(row.pupil.division.strip() or None)
            cells += [
                _progress(row, campaign),
                _day(row.created_at),
                "Oui" if shared else "Non",
                _day(row.shared_at) if shared and row.shared_at else NA,
            ]
            if len(stages) > 1:
                cells.append(reached_stage(thresholds, row.percent) if shared else NA)
            cells.append(rate(row.validated, row.targeted) if shared else NA)
            own = frozen.get(row.pk, {})
            for group in groups:
                if not shared:
                    cells += [NA, NA, NA]
                    continue
                mastered = sum(own[code] for code in group.competences if code in own)
                cells += [rate(mastered, group.targeted), group.targeted, mastered]
            yield cells


def _frozen(chunk: list[Participation]) -> dict[int, dict[str, int]]:
    """Validated skills by competence, frozen at sending, of these participations."""
    shared = [row.pk for row in chunk if row.status == Status.SHARED]
    found: dict[int, dict[str, int]] = {}
    rows = ParticipationCompetence.objects.filter(participation__in=shared)
    for participation, competence, validated in rows.values_list("participation", "competence", "validated"):
        found.setdefault(participation, {})[competence] = validated
    return found


def _progress(row: Participation, campaign: Campaign) -> int | Decimal:
    """1 once completed, else assessed / targeted with 3 decimals."""
    if row.status != Status.STARTED:
        return 1
    return rate(row.assessed, row.targeted or campaign.targeted, 3)


def _day(instant: datetime) -> date:
    return clock.paris(instant).date()
