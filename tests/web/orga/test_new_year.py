"""« Nouvelle année scolaire » (schools 4.7): administrators are told until a file of this year has made the roll."""

from datetime import timedelta

import pytest
import time_machine

from pix.learners import actions
from pix.learners.models import PupilImport
from pix.organizations.access import Member
from tests.learners.rolls import AT, load, roll, school, teammate
from tests.web.orga.test_imports import address, client_of, files, text_of

__all__ = ["files"]
pytestmark = pytest.mark.django_db
SUMMER = AT.replace(year=2027, month=8, day=25)
PAGES = ("home", "pupils", "campaigns")


def told(member: Member) -> list[str]:
    """The pages that show the banner."""
    client = client_of(member)
    found = []
    for name in PAGES:
        text = text_of(client.get(address(name, member)))
        if "La base élèves de cette année n'a pas encore été importée." in text:
            assert "Les résultats des années passées restent accessibles : l'import n'en efface aucun." in text
            found.append(name)
    return found


def test_on_the_school_s_pages_until_a_file_of_the_year_is_imported() -> None:
    member = school()
    with time_machine.travel(AT, tick=False):
        load(member, roll(1))
        assert told(member) == []
    with time_machine.travel(SUMMER, tick=False):
        assert told(member) == list(PAGES)
        assert told(teammate(member)) == []
        # Imported again for the year that ends: still the new one's turn. All its pupils are known: no matter.
        load(member, roll(1), at=SUMMER)
        assert told(member) == list(PAGES)
        load(member, roll(1), at=SUMMER + timedelta(hours=1), school_year="2027-2028")
        assert told(member) == []
        last = PupilImport.objects.latest("id")
        undo = actions.open_undo(member=member, imported=last, at=SUMMER + timedelta(hours=2))
        actions.confirm(member=member, imported=undo, at=SUMMER + timedelta(hours=2))
        actions.apply(imported=undo.uuid, at=SUMMER + timedelta(hours=2))
        assert told(member) == list(PAGES)


def test_a_school_that_imports_nobody_is_told_nothing() -> None:
    member = school()
    member.organization.manages_pupils = False
    member.organization.save()
    with time_machine.travel(SUMMER, tick=False):
        assert told(member) == []
