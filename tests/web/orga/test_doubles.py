"""« Doublons » and the pupils made by hand, on screen."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from pix.core import clock
from pix.learners import actions
from pix.learners.models import Pupil, RollRepair
from tests.factories import bank
from tests.factories.cast import Cast, make_pupil, pupil_account
from tests.web.orga.test_imports import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shipped() -> None:
    bank.install()


@pytest.fixture
def twin(cast: Cast) -> Pupil:
    """Emma's provisional twin."""
    row = make_pupil(cast.school, "EMMA", "Pix", division="3eme1")
    Pupil.objects.filter(pk=row.pk).update(provisional=True)
    return row


def place(cast: Cast, name: str, **more: Any) -> str:
    return reverse(f"orga:{name}", kwargs={"organization": cast.school.uuid, **more})


def pair(cast: Cast, twin: Pupil) -> dict[str, Any]:
    return {"one": twin.uuid, "other": cast.emma_pupil.uuid}


def new(cast: Cast, client: Client, **changes: str) -> Any:
    typed = {
        "uuid": str(uuid4()), "last_name": "Ben Ali", "first_name": "Lina", "birth_date": "2013-05-04", "sex": "F",
        "division": "6B",
    }  # fmt: skip
    return client.post(place(cast, "pupil-new"), typed | changes)


def test_a_pupil_is_made_by_hand_and_marked(cast: Cast) -> None:
    client = cast.client("admin")
    assert "Ajouter un élève" in text_of(client.get(place(cast, "pupils")))
    page = text_of(client.get(new(cast, client).url))
    assert "La fiche provisoire de Lina Ben Ali a été créée." in page
    assert "Fiche provisoire" in page
    assert "provisoire" in text_of(client.get(place(cast, "pupils")))
    assert "Lina" in text_of(client.get(place(cast, "doubles-provisional")))
    assert "Ajouter un élève" not in text_of(cast.client("member").get(place(cast, "pupils")))


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("last_name", " ", "Saisissez le nom de famille."),
        ("birth_date", "31/02/2013", "Saisissez une date qui existe, sous la forme JJ/MM/AAAA."),
        ("birth_date", "2090-01-01", "Vérifiez l'année de naissance."),
        ("sex", "X", "Choisissez le sexe."),
        ("division", "", "Saisissez la classe."),
    ],
)
def test_a_faulty_form_says_what_to_do_and_loses_nothing(cast: Cast, field: str, typed: str, said: str) -> None:
    response = new(cast, cast.client("admin"), **{field: typed})
    assert response.status_code == 422
    assert said in text_of(response)
    assert 'value="Lina"' in response.content.decode()
    assert Pupil.objects.count() == 1


def test_a_probable_double_is_shown_before_it_is_made(cast: Cast) -> None:
    client = cast.client("admin")
    like = {"first_name": "emma", "last_name": "PIX", "birth_date": "09/03/2013"}
    response = new(cast, client, **like)
    assert (response.status_code, Pupil.objects.count()) == (422, 1)
    assert "Cet élève est peut-être déjà dans la base" in text_of(response)
    assert new(cast, client, **like, sure="on").status_code == 302
    assert Pupil.objects.filter(provisional=True).count() == 1


def test_compare_merge_and_undo(cast: Cast, twin: Pupil) -> None:
    client = cast.client("admin")
    assert text_of(client.get(place(cast, "doubles-count"))).strip() == "Doublons (1)"
    assert "Fiche provisoire et fiche importée" in text_of(client.get(place(cast, "doubles")))
    page = text_of(client.get(place(cast, "doubles-compare", **pair(cast, twin))))
    assert "aucun (fiche provisoire)" in page
    assert "différent" in page
    merge = place(cast, "doubles-merge", **pair(cast, twin))
    assert client.post(merge).status_code == 422
    refused = client.post(merge, {"fiche": str(twin.uuid)})
    assert refused.status_code == 422
    assert "Gardez la fiche qui a un INE" in text_of(refused)
    done = client.post(merge, {"fiche": str(cast.emma_pupil.uuid)}, follow=True)
    assert "n'en font plus qu'une." in text_of(done)
    assert "Rien à vérifier." in text_of(done)
    old = client.get(place(cast, "pupil", pupil=twin.uuid))
    assert (old.status_code, old.url) == (302, place(cast, "pupil", pupil=cast.emma_pupil.uuid))
    again = client.post(merge, {"fiche": str(cast.emma_pupil.uuid)})
    assert again.status_code == 409
    assert "rien n'a été modifié" in text_of(again)
    assert "Fiches fusionnées" in text_of(client.get(place(cast, "doubles-decided")))
    undo = place(cast, "doubles-undo", repair=RollRepair.objects.get().uuid)
    assert "La décision est annulée." in text_of(client.post(undo, follow=True))
    assert client.post(undo).status_code == 409
    twin.refresh_from_db()
    assert (twin.active, twin.merged_into) == (True, None)


def test_different_detach_remove(cast: Cast, twin: Pupil) -> None:
    client = cast.client("admin")
    Pupil.objects.filter(pk=twin.pk).update(user=pupil_account("Emma", "Pix", "emma2"))
    page = text_of(client.get(place(cast, "doubles-compare", **pair(cast, twin))))
    assert "Compte à garder" in page
    client.post(place(cast, "doubles-detach", pupil=twin.uuid))
    client.post(place(cast, "doubles-different", **pair(cast, twin)))
    assert "Rien à vérifier." in text_of(client.get(place(cast, "doubles")))
    client.post(place(cast, "doubles-remove", pupil=twin.uuid))
    twin.refresh_from_db()
    assert (twin.user, twin.active) == (None, False)
    kinds = list(RollRepair.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["unlink", "distinct", "removal"]


def test_a_shared_account_is_looked_at(cast: Cast) -> None:
    client = cast.client("admin")
    make_pupil(cast.other_school, "Autre", "Pix", ine="2", user=cast.emma)
    page = text_of(client.get(place(cast, "doubles")))
    assert "Ce compte est aussi celui d'un élève qui a un autre INE." in page
    assert "Autre Pix" not in page
    assert "Galets" not in page
    client.post(place(cast, "doubles-keep-account", pupil=cast.emma_pupil.uuid))
    assert "Rien à vérifier." in text_of(client.get(place(cast, "doubles")))


def test_after_thirty_days_a_decision_stays(cast: Cast, twin: Pupil) -> None:
    at = clock.now() - timedelta(days=31)
    made = actions.declare_different(by=cast.alice_member, pupil=twin, other=cast.emma_pupil, at=at)
    response = cast.client("admin").post(place(cast, "doubles-undo", repair=made.uuid))
    assert response.status_code == 409
    assert "plus de 30 jours" in text_of(response)


@pytest.mark.proves("T-016")
def test_another_school_s_records_do_not_exist(cast: Cast, twin: Pupil) -> None:
    charlie = cast.client("other_admin")
    own = make_pupil(cast.other_school, "Luc", "Roy", ine="5")
    made = actions.declare_different(by=cast.alice_member, pupil=twin, other=cast.emma_pupil, at=clock.now())
    elsewhere = {"organization": cast.other_school.uuid}
    for name, ids in (
        ("doubles-merge", {"one": own.uuid, "other": twin.uuid}),
        ("doubles-different", {"one": twin.uuid, "other": own.uuid}),
        ("doubles-detach", {"pupil": twin.uuid}),
        ("doubles-undo", {"repair": made.uuid}),
    ):
        address = reverse(f"orga:{name}", kwargs=elsewhere | ids)
        assert charlie.post(address, {"fiche": str(own.uuid)}).status_code == 404, name
    assert RollRepair.objects.get().undone_at is None


def test_the_page_costs_the_same_at_one_and_three(cast: Cast, django_assert_max_num_queries: Any) -> None:
    client = cast.client("admin")
    for number in (1, 2):
        make_pupil(cast.school, "Emma", "Pix", ine=str(number))
        with django_assert_max_num_queries(12):
            client.get(place(cast, "doubles"))
