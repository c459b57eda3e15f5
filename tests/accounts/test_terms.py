"""Terms of use: asked once after the first sign-in, again for a newer version, never of a pupil (schools 3.2)."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
import time_machine
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pix.accounts.actions import accept_terms, create_account
from pix.accounts.actions.terms import publish_terms
from pix.accounts.enums import LegalService, TermsStatus
from pix.accounts.models import LegalAcceptance, LegalDocument, User
from pix.accounts.queries import terms_of
from pix.accounts.rules import terms_status
from pix.organizations.actions import open_centre
from tests.accounts.test_signing_in import sign_up, words
from tests.factories.cast import AT, PASSWORD, Cast
from tests.factories.together import together

FIRST, SECOND = datetime(2024, 9, 1, tzinfo=UTC), AT + timedelta(days=30)


@pytest.mark.parametrize(
    ("current", "accepted", "exempt", "status"),
    [
        (None, None, False, TermsStatus.NOT_APPLICABLE),
        (FIRST, None, False, TermsStatus.REQUESTED),
        (FIRST, FIRST, False, TermsStatus.ACCEPTED),
        (SECOND, FIRST, False, TermsStatus.UPDATE_REQUESTED),
        (FIRST, None, True, TermsStatus.NOT_APPLICABLE),
    ],
)
def test_where_a_person_stands(
    current: datetime | None, accepted: datetime | None, exempt: bool, status: TermsStatus
) -> None:
    assert terms_status(current=current, accepted=accepted, exempt=exempt) is status


@pytest.fixture
def published(db: None) -> None:
    for service in LegalService:
        publish_terms(service=service, version_at=FIRST, at=FIRST)


def home(cast: Cast) -> str:
    return f"/orga/{cast.school.uuid}/"


@pytest.mark.proves("A-022")
@pytest.mark.django_db
def test_orga_waits_for_them_once(published: None, cast: Cast) -> None:
    client = cast.client("admin")
    asked = client.get(home(cast))
    assert asked["Location"] == f"/cgu?service=orga&next=%2Forga%2F{cast.school.uuid}%2F"
    assert client.get(f"{home(cast)}eleves")["Location"].startswith("/cgu")
    assert (
        client.post(reverse("orga:campaign-new", args=[cast.school.uuid]), {"name": "x"})["Location"]
        == "/cgu?service=orga"
    )
    page = client.get(asked["Location"])
    assert "J'accepte les conditions d'utilisation" in words(page)
    assert client.get(home(cast)).status_code == 302  # looking accepts nothing
    assert client.post("/cgu", {"service": "orga", "next": home(cast)})["Location"] == home(cast)
    assert client.get(home(cast)).status_code == 200
    assert "Vous les avez acceptées le" in words(client.get("/cgu"))
    assert Client().get("/cgu").status_code == 302
    later = cast.client("admin")
    assert later.get(home(cast)).status_code == 200


@pytest.mark.proves("A-047")
@pytest.mark.django_db
def test_the_same_account_opens_certif_after_its_own_terms(published: None, cast: Cast) -> None:
    centre = open_centre(name="Centre", uai=cast.school.uai, at=AT)
    client = cast.client("admin")
    place = f"/certif/{centre.uuid}/"
    asked = client.get(place)
    assert asked["Location"] == f"/cgu?service=certif&next=%2Fcertif%2F{centre.uuid}%2F"
    client.post("/cgu", {"service": "certif", "next": place})
    assert client.get(place).status_code == 200
    assert cast.client("other_admin").get(place).status_code == 404  # a stranger is not asked for anything


@pytest.mark.proves("A-022")
@pytest.mark.django_db
def test_a_newer_version_is_asked_from_its_date(published: None, cast: Cast) -> None:
    accept_terms(user=cast.alice, service=LegalService.ORGA, at=AT)
    publish_terms(service=LegalService.ORGA, version_at=SECOND, at=AT)
    with time_machine.travel(AT, tick=False) as clock:
        assert cast.client("admin").get(home(cast)).status_code == 200
        clock.move_to(SECOND)
        client = cast.client("admin")
        assert client.get(home(cast)).status_code == 302
        assert "Elles ont changé" in words(client.get("/cgu"))
        client.post("/cgu", {"service": "orga"})
        assert client.get(home(cast)).status_code == 200
    assert LegalAcceptance.objects.filter(user=cast.alice, document__service="orga").count() == 2


@pytest.mark.django_db
def test_a_stranger_learns_nothing(published: None, cast: Cast) -> None:
    assert cast.client("pupil").get(home(cast)).status_code == 404
    assert cast.client("other_admin").get(home(cast)).status_code == 404


@pytest.mark.django_db
def test_a_background_call_is_led_there_too(published: None, cast: Cast) -> None:
    answer = cast.client("admin").get(f"{home(cast)}eleves", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == "/cgu?service=orga"


@pytest.mark.django_db
def test_the_personal_space_waits_for_nothing(published: None, cast: Cast) -> None:
    assert cast.client("pupil").get("/accueil").status_code == 200
    assert not LegalAcceptance.objects.filter(user=cast.emma).exists()
    assert terms_of(cast.emma, LegalService.APP, AT, exempt=True).status is TermsStatus.NOT_APPLICABLE


@pytest.mark.django_db
def test_signing_up_accepts_those_of_the_personal_space(published: None) -> None:
    sign_up("zoe@nulle.test")
    zoe = User.objects.get(email="zoe@nulle.test")
    assert [row.document.service for row in LegalAcceptance.objects.filter(user=zoe)] == ["app"]


@pytest.mark.django_db
def test_after_accepting_one_stays_here(published: None, cast: Cast) -> None:
    answer = cast.client("admin").post("/cgu", {"service": "orga", "next": "https://ailleurs.test/"})
    assert answer["Location"] == "/espaces"


@pytest.mark.django_db
def test_the_check_costs_no_statement(cast: Cast) -> None:
    """What is owed comes with the sign-in."""
    client = cast.client("admin")
    with CaptureQueriesContext(connection) as without:
        client.get(home(cast))
    publish_terms(service=LegalService.ORGA, version_at=FIRST, at=FIRST)
    accept_terms(user=cast.alice, service=LegalService.ORGA, at=AT)
    with CaptureQueriesContext(connection) as with_terms:
        assert client.get(home(cast)).status_code == 200
    assert len(with_terms) == len(without)


@pytest.mark.django_db(transaction=True)
def test_accepting_twice_at_once_leaves_one_line() -> None:
    publish_terms(service=LegalService.ORGA, version_at=FIRST, at=FIRST)
    user = create_account(first_name="A", last_name="B", email="a@b.test", password=PASSWORD, at=AT)

    def accept() -> None:
        accept_terms(user=user, service=LegalService.ORGA, at=AT)

    assert together(accept, accept) == [None, None]
    assert LegalAcceptance.objects.count() == 1


@pytest.mark.django_db
def test_one_version_is_published_once(published: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        publish_terms(service=LegalService.ORGA, version_at=FIRST, at=AT)


@pytest.mark.django_db
def test_every_service_has_a_first_version() -> None:
    """The migration that publishes them, run on a base that has the first already."""
    LegalDocument.objects.create(service="orga", version_at=FIRST)
    import_module("pix.accounts.migrations.0004_first_terms").publish(apps, None)
    assert sorted(LegalDocument.objects.values_list("service", flat=True)) == ["app", "certif", "orga"]


@pytest.mark.django_db
def test_my_account_says_where_one_stands(published: None, cast: Cast) -> None:
    """Alice opened hers before the terms were published; Emma is a pupil of a managing school: nothing is asked."""
    LegalAcceptance.objects.filter(user=cast.alice).delete()
    alice, emma = cast.client("admin"), cast.client("pupil")
    assert "Lire et accepter les conditions d'utilisation" in words(alice.get("/mon-compte"))
    alice.post("/cgu", {"service": "app", "next": "/mon-compte"})
    assert "Conditions d'utilisation acceptées le" in words(alice.get("/mon-compte"))
    shown = words(emma.get("/mon-compte"))  # the footer leads to them all the same
    assert "Lire et accepter" not in shown
    assert "acceptées le" not in shown
