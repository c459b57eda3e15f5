"""What a school reads of its campaigns: sets, filters, figures, and how many statements each page costs."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from pix.accounts.models import User
from pix.campaigns.access import orga as access
from pix.campaigns.enums import Status
from pix.campaigns.models import Campaign
from pix.campaigns.queries import journeys, orga, sets
from pix.campaigns.queries.orga import CampaignFilters
from pix.campaigns.queries.sets import Filters
from pix.organizations.access import member_of
from pix.organizations.enums import Role
from pix.organizations.models import Organization
from tests.campaigns import making
from tests.campaigns.making import AT

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def home() -> Organization:
    return making.school()


@pytest.fixture
def alice(home: Organization) -> User:
    return making.teammate(home, Role.ADMIN, "Alice", "Martin")


@pytest.fixture
def asked(home: Organization, alice: User) -> Campaign:
    return making.campaign(home, alice, multiple_sending=True)


# --- doors ---


def test_another_schools_campaign_does_not_exist(home: Organization, alice: User, asked: Campaign) -> None:
    other = making.school("Lycée")
    charlie = making.teammate(other, Role.ADMIN, "Charlie")
    assert access.campaign_of(member_of(alice, home.uuid), asked.uuid) == asked
    with pytest.raises(Http404):
        access.campaign_of(member_of(charlie, other.uuid), asked.uuid)
    with pytest.raises(Http404):
        access.editable_campaign(member_of(charlie, other.uuid), asked.uuid)


@pytest.mark.proves("C-048")
def test_only_the_owner_and_administrators_edit(home: Organization, alice: User, asked: Campaign) -> None:
    bob, dora = making.teammate(home), making.teammate(home, Role.MEMBER, "Dora")
    bobs = making.campaign(home, bob)
    assert access.editable_campaign(member_of(bob, home.uuid), bobs.uuid) == bobs
    assert access.editable_campaign(member_of(alice, home.uuid), bobs.uuid) == bobs
    for campaign in (bobs, asked):
        assert not access.may_edit(member_of(dora, home.uuid), campaign)
        with pytest.raises(PermissionDenied):
            access.editable_campaign(member_of(dora, home.uuid), campaign.uuid)


def test_deleted_rows_do_not_open(home: Organization, alice: User, asked: Campaign) -> None:
    row = making.participation(asked, making.pupil(home), flags="v")
    assert access.participation_in(asked, row.uuid) == row
    elsewhere = making.campaign(home, alice)
    with pytest.raises(Http404):
        access.participation_in(elsewhere, row.uuid)
    row.deleted_at = AT
    row.save()
    with pytest.raises(Http404):
        access.participation_in(asked, row.uuid)
    Campaign.objects.update(deleted_at=AT)
    with pytest.raises(Http404):
        access.campaign_of(member_of(alice, home.uuid), asked.uuid)


# --- list ---


def names(found: orga.CampaignList) -> list[str]:
    return [line.name for line in found.lines]


@pytest.mark.proves("C-059", "C-060")
def test_tabs_and_filters_of_the_list(home: Organization, alice: User) -> None:
    bob = making.teammate(home, Role.MEMBER, "Béatrice", "Durand")
    for number, (name, by) in enumerate([("Rentrée 4e", alice), ("Médias", alice), ("Rentrée 3e", bob)]):
        making.campaign(home, by, name=name, at=AT + number * DAY)
    old = making.campaign(home, alice, name="Ancienne", at=AT)
    old.archived_at = AT
    old.save()
    assert names(orga.campaigns_of(home, alice, CampaignFilters())) == ["Médias", "Rentrée 4e"]
    everyone = CampaignFilters(mine=False)
    assert names(orga.campaigns_of(home, alice, everyone)) == ["Rentrée 3e", "Médias", "Rentrée 4e"]
    assert names(orga.campaigns_of(home, alice, CampaignFilters(archived=True))) == ["Ancienne"]
    assert names(orga.campaigns_of(home, alice, CampaignFilters(mine=False, search="RENTREE 4"))) == ["Rentrée 4e"]
    assert names(orga.campaigns_of(home, alice, CampaignFilters(mine=False, owner="beatrice"))) == ["Rentrée 3e"]
    by_name = CampaignFilters(mine=False, sort="nom")
    assert names(orga.campaigns_of(home, alice, by_name)) == ["Médias", "Rentrée 3e", "Rentrée 4e"]
    assert names(orga.campaigns_of(home, alice, CampaignFilters(search="introuvable"))) == []


def test_the_list_of_one_school_never_shows_another(home: Organization, alice: User) -> None:
    other = making.school("Lycée")
    making.campaign(other, making.teammate(other), name="Ailleurs")
    found = orga.campaigns_of(home, alice, CampaignFilters(mine=False))
    assert (names(found), found.first) == ([], True)
    making.campaign(home, making.teammate(home), name="De Bob")
    found = orga.campaigns_of(home, alice, CampaignFilters())
    assert (names(found), found.first) == ([], False)


def test_fifty_campaigns_a_page(home: Organization, alice: User) -> None:
    for number in range(51):
        making.campaign(home, alice, name=f"Campagne {number:02}", at=AT + number * DAY)
    first = orga.campaigns_of(home, alice, CampaignFilters())
    assert (len(first.lines), first.page.paginator.num_pages, first.lines[0].name) == (50, 2, "Campagne 50")
    assert names(orga.campaigns_of(home, alice, CampaignFilters(), page=2)) == ["Campagne 00"]


# --- sets ---


def test_a_replaying_pupil_stays_in_the_results(home: Organization, asked: Campaign) -> None:
    emma = making.pupil(home)
    sent = making.participation(asked, emma, flags="vvvvv", superseded=True)
    again = making.participation(asked, emma, Status.STARTED, flags="v", at=AT + 5 * DAY)
    assert list(sets.received(asked)) == [sent]
    assert list(sets.current(asked)) == [again]
    assert list(sets.everyone(asked).order_by("id")) == [sent, again]
    found = orga.results(asked)
    assert [(line.percent, line.sendings) for line in found.lines] == [(50, 1)]
    activity = orga.activity(asked)
    assert [(line.status, line.percent, line.participations) for line in activity.lines] == [(Status.STARTED, None, 2)]


@pytest.mark.proves("C-042")
def test_the_latest_sending_counts_and_tells_its_evolution(home: Organization, asked: Campaign) -> None:
    emma = making.pupil(home)
    making.participation(asked, emma, flags="vvv", superseded=True)
    making.participation(asked, emma, flags="vvvvv", at=AT + 5 * DAY)
    (line,) = orga.results(asked).lines
    assert (line.percent, line.sendings, line.trend) == (50, 2, "up")


def test_deleted_participations_count_nowhere(home: Organization, asked: Campaign) -> None:
    making.participation(asked, making.pupil(home), flags="v" * 10, deleted_at=AT)
    activity, results = orga.activity(asked), orga.results(asked)
    assert (activity.total, activity.shared, activity.lines, activity.empty) == (0, 0, (), True)
    assert (results.received, results.mean, results.lines) == (0, None, ())


# --- activity ---


@pytest.fixture
def busy(home: Organization, asked: Campaign) -> Campaign:
    """Five pupils: two sent (80 %, 20 %), one waits, two are under way; classes 5A (twice spelt), 5B and none."""
    making.participation(asked, making.pupil(home, "Zoé", "Abel", "5A"), flags="v" * 8 + "ff")
    making.participation(asked, making.pupil(home, "Éva", "Bé", " 5a"), flags="vv" + "f" * 8, at=AT + DAY)
    making.participation(
        asked, making.pupil(home, "Ines", "Cé", "5B"), Status.TO_SHARE, flags="vvvvvvvvvv", at=AT + DAY
    )
    making.participation(asked, making.pupil(home, "Jean-Paul", "Dé", ""), Status.STARTED, flags="v", at=AT + 2 * DAY)
    making.participation(asked, making.pupil(home, "Kim", "Dé", "5B"), Status.STARTED, at=AT + 2 * DAY)
    return asked


@pytest.mark.proves("C-101", "C-102", "C-106")
def test_cards_and_statuses(busy: Campaign) -> None:
    found = orga.activity(busy)
    assert (found.total, found.shared, found.received) == (5, 2, 2)
    assert [(share.status, share.count) for share in found.statuses] == [
        (Status.STARTED, 2),
        (Status.TO_SHARE, 1),
        (Status.SHARED, 2),
    ]
    assert [(line.last_name, line.first_name) for line in found.lines] == [
        ("Abel", "Zoé"), ("Bé", "Éva"), ("Cé", "Ines"), ("Dé", "Jean-Paul"), ("Dé", "Kim"),
    ]  # fmt: skip
    # What is not sent is the pupil's own: no percentage, even at the end of the run.
    assert [line.percent for line in found.lines] == [80, 20, None, None, None]


@pytest.mark.proves("C-104", "C-105")
def test_curves_of_starts_and_sendings(busy: Campaign) -> None:
    curves = orga.activity(busy).curves
    assert [day.isoformat() for day in curves.days] == ["2024-09-20", "2024-09-21", "2024-09-22"]
    assert (curves.started, curves.shared) == ((1, 3, 5), (1, 2, 2))


@pytest.mark.proves("T-020")
def test_days_are_those_of_paris(home: Organization, asked: Campaign) -> None:
    late = datetime(2024, 9, 20, 22, 30, tzinfo=UTC)  # half past midnight on the 21st in Paris
    making.participation(asked, making.pupil(home), flags="v", at=late)
    assert [day.isoformat() for day in orga.activity(asked).curves.days] == ["2024-09-21"]


@pytest.mark.proves("C-118", "C-119", "C-120")
def test_filters_of_the_participants(busy: Campaign) -> None:
    def last_names(**asked_for: object) -> list[str]:
        found = orga.activity(busy, Filters(**asked_for))  # type: ignore[arg-type]
        assert found.total == len(found.lines)
        return [line.first_name for line in found.lines]

    assert [(choice.value, choice.label) for choice in orga.activity(busy).classes] == [
        ("5a", "5A"), ("5b", "5B"), (sets.NO_CLASS, "Sans classe"),
    ]  # fmt: skip
    assert last_names(classes=("5a",)) == ["Zoé", "Éva"]
    assert last_names(classes=("5b", sets.NO_CLASS)) == ["Ines", "Jean-Paul", "Kim"]
    assert last_names(status="started") == ["Jean-Paul", "Kim"]
    assert last_names(search="eva") == ["Éva"]
    assert last_names(search="dé jean-p") == ["Jean-Paul"]
    assert last_names(classes=("5b",), status="started", search="k") == ["Kim"]
    assert last_names(classes=("6z",)) == []


def test_the_status_chart_stays_whole_under_its_own_filter(busy: Campaign) -> None:
    found = orga.activity(busy, Filters(status="shared", classes=("5a", "5b")))
    assert (found.total, found.shared) == (2, 2)
    assert [share.count for share in found.statuses] == [1, 1, 2]


@pytest.mark.proves("C-124")
def test_orders_and_pages(home: Organization, asked: Campaign) -> None:
    for number in range(30):
        flags = "v" * (number % 11)
        making.participation(asked, making.pupil(home, f"P{number:02}", "Nom"), flags=flags or "f", at=AT)
    first = orga.activity(asked)
    assert (len(first.lines), first.page.paginator.num_pages) == (25, 2)
    second = orga.activity(asked, page=2, size=25)
    assert [line.first_name for line in second.lines] == ["P25", "P26", "P27", "P28", "P29"]
    assert len(orga.activity(asked, size=10).lines) == 10
    assert len(orga.activity(asked, size=7).lines) == 25
    best = orga.activity(asked, sort="-resultat", size=10)
    assert [line.percent for line in best.lines][:3] == [100, 100, 90]
    assert [line.first_name for line in best.lines][:2] == ["P10", "P21"]
    assert orga.activity(asked, sort="-nom").lines[0].first_name == "P29"


def test_what_is_not_sent_does_not_show_through_the_order(busy: Campaign) -> None:
    busy.participations.filter(status=Status.TO_SHARE).update(percent=100)
    ordered = [line.percent for line in orga.activity(busy, sort="-resultat").lines]
    assert ordered == [80, 20, None, None, None]


# --- results ---


@pytest.mark.proves("D-010", "D-012", "D-014", "D-015", "D-016")
def test_mean_distribution_and_stage_filter(busy: Campaign) -> None:
    found = orga.results(busy)
    assert (found.received, found.total, found.mean, found.mean_stage) == (2, 2, 50, 1)
    assert [(share.start, share.end, share.count) for share in found.shares] == [
        (0, 20, 1), (21, 50, 0), (51, 80, 1), (81, 100, 0),
    ]  # fmt: skip
    assert [(line.first_name, line.stage) for line in found.lines] == [("Zoé", 2), ("Éva", 0)]
    fragile = orga.results(busy, Filters(stages=(0, 1)))
    assert ([line.first_name for line in fragile.lines], fragile.total, fragile.mean) == (["Éva"], 1, 20)
    assert [share.count for share in fragile.shares] == [1, 0, 1, 0]
    assert fragile.received == 2
    assert orga.results(busy, Filters(stages=(0, 2))).total == 2
    assert orga.results(busy, Filters(stages=(3,))).mean is None
    assert orga.results(busy, Filters(stages=(0,), search="zoe")).lines == ()
    assert orga.results(busy, Filters(stages=(9,))).total == 0


def test_the_mean_is_of_counts_never_of_percentages(home: Organization, alice: User) -> None:
    asked = making.campaign(home, alice)
    for number, validated in enumerate((1, 2)):
        row = making.participation(asked, making.pupil(home, f"P{number}"), flags="v" * validated)
        row.targeted, row.percent = 3, (33, 67)[number]
        row.save()
    assert (orga.results(asked).mean, orga.results(asked).mean_stage) == (50, 1)


def test_without_stages_ten_bins(home: Organization, alice: User) -> None:
    asked = making.campaign(home, alice, journey="plat")
    assert asked.targeted == 5
    making.participation(asked, making.pupil(home), flags="v")
    found = orga.results(asked)
    assert (found.mean_stage, found.lines[0].stage) == (None, None)
    assert len(found.shares) == 10
    assert [(share.label, share.count) for share in found.shares][:3] == [
        ("0 à 10 %", 0),
        ("11 à 20 %", 1),
        ("21 à 30 %", 0),
    ]
    # A stage asked in the address means nothing here.
    assert orga.results(asked, Filters(stages=(1,))).total == 1


# --- one participation ---


@pytest.mark.proves("C-115", "C-116", "C-123")
def test_one_participation_and_its_attempts(home: Organization, asked: Campaign) -> None:
    emma = making.pupil(home)
    first = making.participation(asked, emma, flags="vvvv", superseded=True)
    second = making.participation(asked, emma, Status.STARTED, flags="vff", at=AT + 5 * DAY)
    page = orga.participant(asked, access.participation_in(asked, first.uuid))
    assert (page.progress, page.percent, page.stage, page.number) == (100, 40, 1, 1)
    assert [(one.name, one.area, one.validated, one.targeted, one.percent) for one in page.competences] == [
        ("Mener une recherche", "1", 4, 4, 100),
        ("Gérer des données", "1", 0, 3, 0),
        ("Sécuriser l'environnement", "4", 0, 3, 0),
    ]
    assert [(attempt.number, attempt.uuid) for attempt in page.attempts] == [(1, first.uuid), (2, second.uuid)]
    page = orga.participant(asked, access.participation_in(asked, second.uuid))
    assert (page.progress, page.percent, page.stage, page.competences, page.number) == (30, None, None, (), 2)


# --- cost ---


@pytest.mark.parametrize("rows", [1, 3])
def test_statements_do_not_grow_with_rows(home: Organization, alice: User, asked: Campaign, rows: int) -> None:
    for number in range(rows):
        emma = making.pupil(home, f"P{number}", "Nom", f"5{number}")
        making.participation(asked, emma, flags="vv", superseded=True)
        last = making.participation(asked, emma, flags="vvv", at=AT + 5 * DAY)
        making.campaign(home, making.teammate(home), name=f"C{number}")
    filters = Filters(classes=("50",), search="p", stages=(1,))

    def statements(work: object) -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            work()  # type: ignore[operator]
        return len(seen)

    # Four more come before each page: session, membership, campaign, other spaces. Twelve in all at most.
    assert statements(lambda: orga.campaigns_of(home, alice, CampaignFilters(mine=False))) == 2
    assert statements(lambda: orga.activity(asked)) == 7
    assert statements(lambda: orga.activity(asked, filters)) == 7
    assert statements(lambda: orga.results(asked)) == 4
    assert statements(lambda: orga.results(asked, filters)) == 5
    assert statements(lambda: orga.participant(asked, access.participation_in(asked, last.uuid))) == 4


# --- parcours ---


@pytest.mark.proves("C-028", "C-029", "C-030", "C-031")
def test_parcours_are_filtered_by_category_and_name_together() -> None:
    def codes(category: str = "", search: str = "") -> list[str]:
        return [choice.code for choice in journeys.journeys(category, search)]

    assert codes() == ["5e", "plat", "vide", "autre"]
    assert journeys.categories() == ["Parcours de rentrée / 6e", "Thématiques", "Autres"]
    assert codes("Thématiques") == ["plat", "vide"]
    assert codes(search="RENTREE") == ["5e"]
    assert codes("Thématiques", "rentree") == []
    assert codes("Thématiques", "education medias") == ["plat"]
    assert [choice.playable for choice in journeys.journeys()] == [True, True, False, True]


@pytest.mark.proves("C-034")
def test_what_a_parcours_holds() -> None:
    page = journeys.page("5e")
    assert page is not None
    assert (page.summary.tubes, page.summary.skills, len(page.summary.stages)) == (4, 10, 4)
    assert [(tube.title, tube.competence, tube.area.code, tube.max_level, tube.tablet, tube.phone) for tube in page.tubes] == [
        ("Requête", "Mener une recherche", "1", 3, True, True),
        ("Source", "Mener une recherche", "1", 3, True, True),
        ("Dossier", "Gérer des données", "1", 3, True, True),
        ("Mot de passe", "Sécuriser l'environnement", "4", 3, False, False),
    ]  # fmt: skip
    assert journeys.page("cache") is None
    assert journeys.summary("inconnu") is None
