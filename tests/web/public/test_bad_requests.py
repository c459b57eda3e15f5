"""What nobody asks with good intentions gets a page in French all the same."""

from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client

from pix.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/campagnes?code=%00", "/campagnes/%00", "/connexion?next=%00"])
def test_a_nul_in_an_address_is_a_bad_request(address: str) -> None:
    response = Client().get(address)
    assert response.status_code == 400
    assert "Demande incomprise" in response.content.decode()


def test_an_unknown_host_is_a_bad_request() -> None:
    response = Client().get("/healthz", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "Demande incomprise" in response.content.decode()


@pytest.fixture
def lost(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr("pix.accounts.sessions._person", refuse)


def test_without_a_database_the_error_page_is_still_drawn(lost: None) -> None:
    User.objects.create(email="a@b.test", first_name="A", last_name="B")
    response = Client(raise_request_exception=False).get("/espaces")
    assert response.status_code == 500
    assert "Une erreur est survenue" in response.content.decode()
