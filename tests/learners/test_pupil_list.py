"""« Élèves » and one pupil's page as read models (schools 7 and 8), and what campaigns tell of a pupil."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.http import Http404

from pix.assessment.engine.scoring import UNITS_PER_PIX
from pix.assessment.models import KnowledgeState, ProfileSummary
from pix.content import releases
from pix.learners import actions
from pix.learners.access import may_import, pupil_of_school
from pix.learners.enums import Certifiability, Method
from pix.learners.models import Enrolment, Pupil
from pix.learners.queries import PupilFilters, classes_of, pupil_page, pupils_of, years_of
from pix.learners.rules.certifiability import Detail
from pix.organizations.access import Member
from tests.campaigns import making
from tests.factories.cast import make_pupil, pupil_account
from tests.learners.rolls import AT, adult, begin, load, roll, school, teammate

pytestmark = pytest.mark.django_db


@pytest.fixture
def member() -> Member:
    return school()


def names(member: Member, **filters: Any) -> list[str]:
    return [line.first_name for line in pupils_of(member.organization, PupilFilters(**filters)).lines]


@pytest.fixture
def people(member: Member) -> dict[str, Pupil]:
    """Zoé (username, certifiable), Éva (e-mail, not certifiable), Noé without account, Luc who left."""
    home = member.organization
    zoe, eva = pupil_account("Zoé", "Œuvrard", "zoe.oeuvrard2207"), adult("Éva", "Béraud")
    rows = {
        "Zoé": make_pupil(home, "Zoé", "Œuvrard", division="10A", user=zoe, ine="1"),
        "Éva": make_pupil(home, "Éva", "béraud", division="3B", user=eva, ine="2"),
        "Noé": make_pupil(home, "Noé", "Núñez", division="3A", ine="3"),
        "Luc": make_pupil(home, "Luc", "Adam", division="9Z", ine="4"),
    }
    Pupil.objects.filter(pk=rows["Luc"].pk).update(active=False, deactivated_at=AT)
    ProfileSummary.objects.create(user=zoe, certifiable=True, level_one_competences=5, updated_at=AT)
    ProfileSummary.objects.create(user=eva, certifiable=False, level_one_competences=4, updated_at=AT)
    make_pupil(school(uai="0999002B").organization, "Intrus", "Ailleurs", division="1X", ine="5")
    return rows


@pytest.mark.proves("T-021")
def test_order_and_words(member: Member, people: dict[str, Pupil]) -> None:
    found = pupils_of(member.organization, PupilFilters())
    assert [line.last_name for line in found.lines] == ["béraud", "Núñez", "Œuvrard"]
    assert (found.total, found.count, found.divisions) == (3, 3, ("3A", "3B", "10A"))
    zoe = found.lines[2]
    assert (zoe.methods, zoe.certifiability, zoe.certifiable_at) == ((Method.USERNAME,), Certifiability.ELIGIBLE, AT)
    noe = found.lines[1]
    assert (noe.methods, noe.certifiability.label, noe.certifiable_at) == ((), "Non communiqué", None)


@pytest.mark.proves("E-026")
@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"name": "nunez"}, ["Noé"]),
        ({"name": " OEU zo "}, ["Zoé"]),
        ({"name": "béraud éva"}, ["Éva"]),
        ({"name": "adam"}, []),
        ({"divisions": ("3A", "3B")}, ["Éva", "Noé"]),
        ({"methods": ("none",)}, ["Noé"]),
        ({"methods": ("email", "none")}, ["Éva", "Noé"]),
        ({"methods": ("username",)}, ["Zoé"]),
        ({"certifiability": ("eligible",)}, ["Zoé"]),
        ({"certifiability": ("non_eligible", "not_available")}, ["Éva", "Noé"]),
        ({"certifiability": ("eligible",), "divisions": ("3A",)}, []),
        ({"name": "beraut"}, ["Éva"]),
        ({"name": "Nounez"}, ["Noé"]),
        ({"methods": ("no_gar",)}, ["Éva", "Noé", "Zoé"]),
        ({"methods": ("gar", "username")}, ["Zoé"]),
        ({"methods": ("gar",), "certifiability": ("eligible",)}, []),
        ({"sort": "classe"}, ["Noé", "Éva", "Zoé"]),
        ({"sort": "-classe"}, ["Zoé", "Éva", "Noé"]),
        ({"sort": "-participations"}, ["Noé", "Éva", "Zoé"]),
        ({"sort": "-nom"}, ["Zoé", "Noé", "Éva"]),
    ],
    ids=str,
)
def test_filters_and_order(
    member: Member, people: dict[str, Pupil], filters: dict[str, Any], expected: list[str]
) -> None:
    Pupil.objects.filter(pk=people["Noé"].pk).update(participation_count=2)
    assert names(member, **filters) == expected


def test_the_more_recent_certifiability_wins(member: Member, people: dict[str, Pupil]) -> None:
    later = AT + timedelta(days=1)
    Pupil.objects.filter(pk=people["Zoé"].pk).update(is_certifiable=False, certifiable_at=later)
    Pupil.objects.filter(pk=people["Éva"].pk).update(is_certifiable=True, certifiable_at=AT - timedelta(days=1))
    lines = {line.first_name: line for line in pupils_of(member.organization, PupilFilters()).lines}
    assert (lines["Zoé"].certifiability, lines["Zoé"].certifiable_at) == (Certifiability.NON_ELIGIBLE, later)
    assert (lines["Éva"].certifiability, lines["Éva"].certifiable_at) == (Certifiability.NON_ELIGIBLE, AT)
    Pupil.objects.filter(pk=people["Zoé"].pk).update(user=None)
    assert names(member, certifiability=("non_eligible",)) == ["Éva", "Zoé"]


def test_pages_of_fifty(member: Member) -> None:
    for number in range(51):
        make_pupil(member.organization, f"P{number:02d}", "Durand", ine=str(number))
    first, second = (pupils_of(member.organization, PupilFilters(), page) for page in (1, 2))
    assert (len(first.lines), [line.first_name for line in second.lines]) == (50, ["P50"])


def test_the_list_costs_the_same_at_one_and_three(member: Member, django_assert_num_queries: Any) -> None:
    everything = PupilFilters(
        name="b",
        divisions=("5A",),
        methods=("email", "no_gar"),
        certifiability=("eligible", "not_available"),
        sort="classe",
    )
    make_pupil(member.organization, "B", "B", ine="1", user=adult())
    for filters in (PupilFilters(), everything):
        with django_assert_num_queries(3):
            assert pupils_of(member.organization, filters).count == 1
    for number in (2, 3):
        make_pupil(member.organization, "B", "B", ine=str(number), user=adult())
    for filters in (PupilFilters(), everything):
        with django_assert_num_queries(3):
            assert pupils_of(member.organization, filters).count == 3


@pytest.mark.proves("T-022")
def test_namesakes_are_told_apart(member: Member) -> None:
    for ine in ("0123456789A", "0123456789B"):
        make_pupil(member.organization, "Lucas", "Martin", ine=ine)
    make_pupil(member.organization, "Lucas", "Martinez", ine="0123456789C")
    assert [line.ine_end for line in pupils_of(member.organization, PupilFilters()).lines] == ["89A", "89B", ""]


def test_an_earlier_year_has_its_pupils_and_its_classes(member: Member, people: dict[str, Pupil]) -> None:
    """Luc left, Zoé was in another class, Noé came this year; what Luc does since is not this school's to see."""
    luc = pupil_account("Luc", "Adam", "luc.adam0101")
    Pupil.objects.filter(pk=people["Luc"].pk).update(user=luc, is_certifiable=False, certifiable_at=AT)
    ProfileSummary.objects.create(user=luc, certifiable=True, level_one_competences=9, updated_at=AT)
    Enrolment.objects.bulk_create(
        Enrolment(pupil=people[name], school_year="2025-2026", division=division)
        for name, division in (("Luc", "3C"), ("Zoé", "9A"))
    )
    found = pupils_of(member.organization, PupilFilters(school_year="2025-2026"))
    assert (found.total, found.divisions) == (2, ("3C", "9A"))
    assert [(line.first_name, line.division, line.active) for line in found.lines] == [
        ("Luc", "3C", False),
        ("Zoé", "9A", True),
    ]
    assert [line.certifiability for line in found.lines] == [Certifiability.NON_ELIGIBLE, Certifiability.ELIGIBLE]
    assert [line.towards is None for line in found.lines] == [True, False]
    assert names(member, school_year="2025-2026", divisions=("9A",), name="zoe") == ["Zoé"]
    assert names(member, school_year="2025-2026", divisions=("10A",)) == []


def test_years_are_those_of_the_imports(member: Member) -> None:
    load(member, at=AT - timedelta(days=365), school_year="2025-2026")
    load(member)
    load(member, roll(1))
    begin(member, roll(1, 2), school_year="2026-2027")
    assert years_of(member.organization) == ("2026-2027", "2025-2026")


@pytest.mark.proves("E-045")
def test_what_is_reached_and_what_is_near(
    member: Member, people: dict[str, Pupil], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(releases, "_current", making.small_bank())
    eva = people["Éva"].user
    for competence, level, pix in (("4.1", 0, 4), ("1.2", 1, 8), ("1.1", 0, 3)):
        KnowledgeState.objects.create(
            user=eva, competence=competence, level=level, pix=pix, units=pix * UNITS_PER_PIX, data=""
        )
    towards = {line.first_name: line.towards for line in pupils_of(member.organization, PupilFilters()).lines}
    near, missing = ("Sécuriser l'environnement", "Mener une recherche"), (4, 5)
    assert towards["Éva"] == Detail(1, 5, reached=("Gérer des données",), near=near, missing=missing)
    assert (towards["Zoé"], towards["Noé"]) == (Detail(0, 5), None)


def test_a_school_that_does_not_manage_its_pupils_sees_what_was_sent_only(
    member: Member, people: dict[str, Pupil]
) -> None:
    """Without automatic certifiability only the profile collection counts (schools 8)."""
    member.organization.manages_pupils = False
    Pupil.objects.filter(pk=people["Noé"].pk).update(is_certifiable=True, certifiable_at=AT)
    assert names(member, certifiability=("eligible",)) == ["Noé"]
    assert names(member, certifiability=("not_available",)) == ["Éva", "Zoé"]
    assert {line.towards for line in pupils_of(member.organization, PupilFilters()).lines} == {None}


def test_classes_in_the_order_of_people(member: Member) -> None:
    for number, division in enumerate(("10A", "3eme3", "4e 1", "é1", "E2", "")):
        make_pupil(member.organization, "A", "A", ine=str(number), division=division)
    assert classes_of(member.organization) == ("3eme3", "4e 1", "10A", "é1", "E2")


@pytest.mark.proves("T-016")
def test_a_pupil_of_another_school_does_not_exist(member: Member, people: dict[str, Pupil]) -> None:
    stranger = school(uai="0999003C")
    assert pupil_of_school(member, people["Zoé"].uuid).pk == people["Zoé"].pk
    with pytest.raises(Http404):
        pupil_of_school(stranger, people["Zoé"].uuid)
    assert (may_import(member), may_import(teammate(member))) == (True, False)


def test_a_pupil_without_activity(member: Member, people: dict[str, Pupil]) -> None:
    page = pupil_page(pupil_of_school(member, people["Noé"].uuid))
    assert (page.pupil.first_name, page.activity, page.figures) == ("Noé", (), {})


# --- what campaigns tell ---


def started(
    pupil: Pupil, campaign: Any, at: datetime, *, first: bool = True, status: str = "started"
) -> dict[str, Any] | None:
    actions.note_participation(
        pupil=pupil, campaign=campaign, campaign_name="Rentrée", type="assessment", status=status, started_at=at,
        first=first, at=at,
    )  # fmt: skip
    pupil.refresh_from_db()
    return pupil.last_participation


def test_the_last_participation_is_the_one_started_last(people: dict[str, Pupil]) -> None:
    noe, one, two = people["Noé"], uuid4(), uuid4()
    monday, tuesday = datetime(2026, 11, 2, 8, tzinfo=UTC), datetime(2026, 11, 3, 8, tzinfo=UTC)
    assert started(noe, two, tuesday) == {
        "campaign": str(two), "name": "Rentrée", "type": "assessment", "status": "started", "at": tuesday.isoformat(),
    }  # fmt: skip
    last = started(noe, one, monday)
    assert last is not None
    assert (last["campaign"], noe.participation_count) == (str(two), 2)
    actions.note_status(pupil=noe, campaign=one, status="shared", at=tuesday)
    actions.note_status(pupil=noe, campaign=two, status="to_share", at=tuesday)
    noe.refresh_from_db()
    assert noe.last_participation is not None
    assert noe.last_participation["status"] == "to_share"


def test_a_retry_replaces_and_is_not_counted_again(people: dict[str, Pupil]) -> None:
    noe, one = people["Noé"], uuid4()
    started(noe, one, AT)
    last = started(noe, one, AT + timedelta(days=5), first=False)
    assert last is not None
    assert (noe.participation_count, last["at"]) == (1, (AT + timedelta(days=5)).isoformat())


def test_a_stale_pupil_in_hand_does_no_harm(people: dict[str, Pupil]) -> None:
    stale = Pupil.objects.get(pk=people["Noé"].pk)
    started(people["Noé"], uuid4(), AT)
    started(stale, uuid4(), AT + timedelta(hours=1))
    assert stale.participation_count == 2


def test_nothing_is_known_before_the_first(people: dict[str, Pupil]) -> None:
    actions.note_status(pupil=people["Noé"], campaign=uuid4(), status="shared", at=AT)
    people["Noé"].refresh_from_db()
    assert people["Noé"].last_participation is None
