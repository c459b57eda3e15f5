"""What must cost nothing: a worker killed anywhere, two administrators, a pupil who joins while the roll is written."""

import re
from pathlib import Path
from threading import Event as Signal
from typing import Any
from unittest.mock import patch

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError

from pix.audit.models import Event
from pix.learners import actions
from pix.learners.access import may_import, must_import
from pix.learners.actions import applying, checking, staged
from pix.learners.models import Enrolment, Pupil, PupilImport, StagedRow
from pix.learners.queries import last_import
from pix.organizations.enums import OrganizationType
from tests.factories.together import together
from tests.interop.siecle_files import pupil, siecle
from tests.learners.rolls import (
    AT,
    PASSWORD,
    YEAR,
    Upload,
    begin,
    finish,
    ine,
    known,
    load,
    roll,
    school,
    snapshot,
    states,
)

pytestmark = pytest.mark.django_db
HERE = Path(__file__).resolve().parent


class Killed(BaseException):
    """The worker dies: nothing of ours runs any more."""


FAULTS = [Killed, DatabaseError, MemoryError]


def attempt(place: Any, name: str, fault: type[BaseException], act: Any) -> None:
    try:
        with patch.object(place, name, side_effect=fault("cut")):
            act()
    except (Killed, DatabaseError, MemoryError):
        pass


CHECKS = ["read_file", "planned", "preview", "school_year_warning", "_end_check"]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", CHECKS)
def test_a_check_cut_at_each_step(name: str, fault: type[BaseException]) -> None:
    """Killed: the job run again ends it. A fault of ours: failed, the file can be sent again. The roll never moves."""
    member = school()
    load(member, roll(1, 2))
    before = snapshot()
    opened = actions.open_import(member=member, upload=Upload(roll(2, 3)), school_year=YEAR, at=AT)
    attempt(checking, name, fault, lambda: actions.check(imported=opened.uuid, at=AT))
    opened.refresh_from_db()
    assert opened.state == ("checking" if fault is Killed or name == "_end_check" else "failed")
    assert snapshot() == before
    if opened.state == "failed":
        opened = actions.open_import(member=member, upload=Upload(roll(2, 3)), school_year=YEAR, at=AT)
    actions.check(imported=opened.uuid, at=AT)
    actions.check(imported=opened.uuid, at=AT)
    opened.refresh_from_db()
    assert finish(member, opened).state == "imported"


STEPS = [
    (applying, "read_file"), (applying, "planned"), (StagedRow.objects, "bulk_create"), (applying, "_lock"),
    (staged, "write_pupils"), (staged, "write_enrolments"), (applying, "_deactivate"), (applying, "_link"),
    (applying, "record"), (applying.undoing, "applied_by"), (applying, "_end"), (applying, "_tidy"),
]  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(("place", "name"), STEPS, ids=[name for _, name in STEPS])
def test_an_application_cut_at_each_step(place: Any, name: str, fault: type[BaseException]) -> None:
    """Case 49: everything or nothing; killed, the job run again finishes and writes nothing twice."""
    member = school()
    load(member, roll(1, 2))
    before = snapshot()
    ready = begin(member, siecle(pupil(2, divisions="D:4B"), pupil(3)))
    actions.confirm(member=member, imported=ready, at=AT)
    attempt(place, name, fault, lambda: actions.apply(imported=ready.uuid, at=AT))
    ready.refresh_from_db()
    if name == "_tidy":
        assert ready.state == "imported"
    else:
        assert snapshot() == before
        assert ready.state == ("applying" if fault is Killed else "failed")
        assert not Event.objects.filter(verb="learners.apply_import", target=str(ready.uuid)).exists()
    if ready.state == "failed":
        assert StagedRow.objects.count() == 0
        load(member, siecle(pupil(2, divisions="D:4B"), pupil(3)))
    actions.apply(imported=ready.uuid, at=AT)
    actions.apply(imported=ready.uuid, at=AT)
    assert states(member.organization)[-1] == "imported"
    rows = Pupil.objects.order_by("ine").values_list("ine", "active", "division")
    assert list(rows) == [(ine(1), False, "4A"), (ine(2), True, "4B"), (ine(3), True, "4A")]
    assert (Enrolment.objects.count(), StagedRow.objects.count()) == (3, 0)


def test_06_and_08_the_same_ine_twice_touches_nobody() -> None:
    """Case 6: nothing is written. Case 8: « lignes valides » refuses both rows, and the pupil who has this INE stays."""
    member = school()
    load(member, roll(1, 2))
    before = snapshot()
    twice = siecle(pupil(2, divisions="D:9Z"), pupil(4), pupil(2, PRENOM="Zoé"))
    refused = begin(member, twice)
    assert refused.state == "refused"
    assert snapshot() == before
    face = last_import(member.organization, AT)
    assert face is not None
    assert [text.partition(" (DURAND")[0] for text in face.row_errors] == ["Ligne 3 : INE déjà présent (ligne 1)"]
    actions.keep_valid_rows(member=member, imported=refused, at=AT)
    actions.check(imported=refused.uuid, at=AT)
    refused.refresh_from_db()
    assert refused.counts["refused"] == 2
    two = Pupil.objects.filter(ine=ine(2)).values().get()
    finish(member, refused)
    assert Pupil.objects.filter(ine=ine(2)).values().get() == two
    assert list(Pupil.objects.filter(active=True).order_by("ine").values_list("ine", flat=True)) == [ine(2), ine(4)]


@pytest.mark.parametrize("type", [OrganizationType.SUP, OrganizationType.PRO, OrganizationType.PRIMARY])
def test_50_the_administrator_of_another_kind_of_space(type: OrganizationType) -> None:
    member = school()
    member.organization.type = type
    assert not may_import(member)
    with pytest.raises(PermissionDenied):
        must_import(member)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_confirm_at_once() -> None:
    member = school()
    ready = begin(member, roll(1, 2))
    rows = [PupilImport.objects.get(pk=ready.pk) for _ in range(2)]
    results = together(*[lambda row=row: actions.confirm(member=member, imported=row, at=AT) for row in rows])
    assert sorted(type(one).__name__ for one in results) == ["PupilImport", "StateMoved"]
    assert Event.objects.filter(verb="learners.confirm_import").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_apply_the_same_import() -> None:
    """Once, whoever wins: never half, never twice."""
    member = school()
    ready = begin(member, roll(*range(1, 20)))
    actions.confirm(member=member, imported=ready, at=AT)
    results = together(*[lambda: actions.apply(imported=ready.uuid, at=AT)] * 2)
    ready.refresh_from_db()
    assert results == [None, None]
    assert (ready.state, Pupil.objects.count()) in [("imported", 19), ("failed", 0)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [1, 2])
def test_a_pupil_joins_while_the_import_applies(number: int) -> None:
    """In the middle of the writing: whoever stays is linked after it and keeps the account; a leaver is not found."""
    member = school()
    load(member, roll(1, 2))
    ready = begin(member, siecle(pupil(2, divisions="D:4B"), pupil(3)))
    actions.confirm(member=member, imported=ready, at=AT)
    row, writing, joining = known(member.organization, number), Signal(), Signal()
    whole = staged.write_enrolments

    def slow(one: PupilImport) -> None:
        writing.set()
        joining.wait(10)
        whole(one)

    def join() -> Any:
        assert writing.wait(10)
        joining.set()
        return actions.register_pupil(
            organization=member.organization, pupil=row.uuid, username="lea.durand0405", password=PASSWORD, at=AT
        )

    with patch.object(staged, "write_enrolments", slow):
        _applied, joined = together(lambda: actions.apply(imported=ready.uuid, at=AT), join)
    assert states(member.organization) == ["imported", "imported"]
    after = known(member.organization, number)
    if number == 1:
        assert isinstance(joined, actions.PupilNotFound | actions.JoiningRefused)
        assert (after.active, after.user_id) == (False, None)
    else:
        assert (after.active, after.division, after.user_id) == (True, "4B", joined.pk)


def test_every_numbered_case_has_its_test() -> None:
    """Cases 1 to 73 of schools 16.1 to 16.4, named by their number in the tests of the readers, the roll and the page."""
    text = "".join(
        path.read_text(encoding="utf-8")
        for folder in (HERE, HERE.parent / "interop", HERE.parent / "web" / "orga")
        for path in folder.glob("test_*.py")
    )
    named: set[int] = set()
    for name in re.findall(r"def test_((?:\d\d_(?:and_)?)+)", text):
        named.update(map(int, re.findall(r"\d\d", name)))
    named.update(int(number) for number in re.findall(r"\"(\d\d)-[a-z0-9]", text))
    for said in re.findall(r"[Cc]ases? (\d+(?:(?:, | and )\d+)*)", text):
        named.update(map(int, re.findall(r"\d+", said)))
    assert set(range(1, 74)) - named == set()
