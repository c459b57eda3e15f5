"""Whose run it is: the doors of the pupil's side. Everything that is not the person's own is 404."""

from uuid import UUID

from django.http import Http404

from pix.accounts.access import Person
from pix.assessment.models import Assessment
from pix.campaigns.models import Participation
from pix.campaigns.queries.table import Table, read_table


def table_of(person: Person, run: UUID) -> Table:
    """One's own run. Raises 404 for anybody else's."""
    table = read_table(person.user, run)
    if table is None:
        raise Http404
    return table


def participation_of(person: Person, run: UUID) -> Participation:
    """The participation of one's own run. Raises 404."""
    stored = Assessment.objects.filter(uuid=run, user=person.user).values_list("participation", flat=True).first()
    row = (
        Participation.objects.select_related("campaign__organization", "pupil")
        .filter(pk=stored, user=person.user, deleted_at=None)
        .first()
        if stored
        else None
    )
    if row is None:
        raise Http404
    return row
