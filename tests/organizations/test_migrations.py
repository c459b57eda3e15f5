"""Schools that were there before centres, and before the search."""

from importlib import import_module

import pytest
from django.apps import apps

from pix.organizations.enums import OrganizationType
from pix.organizations.models import Centre, CentreMembership, Organization
from tests.factories.cast import AT, Cast
from tests.organizations.making import roles

pytestmark = pytest.mark.django_db


def test_each_open_school_gets_its_centre_and_administrators(cast: Cast) -> None:
    CentreMembership.objects.all().delete()
    Centre.objects.all().delete()
    twin = Organization.objects.create(name="Double", uai=cast.school.uai, created_at=AT)
    Organization.objects.create(name="Sans UAI", created_at=AT)
    Organization.objects.create(name="École", uai="0999010K", type=OrganizationType.PRIMARY, created_at=AT)
    Organization.objects.create(name="Fermé", uai="0999011L", created_at=AT, archived_at=AT)
    twin.memberships.create(user=cast.charlie, role="admin", created_at=AT)
    move = import_module("pix.organizations.migrations.0003_centres_of_schools")
    for _ in range(2):
        move.open_centres(apps, None)
    assert {centre.uai: roles(centre) for centre in Centre.objects.all()} == {
        "0999001A": {"Alice": "admin", "Charlie": "admin"},
        "0999002B": {"Charlie": "admin"},
    }


def test_each_school_gets_what_the_search_compares(cast: Cast) -> None:
    Organization.objects.create(name="L'Œuvre  Élève", created_at=AT)
    Organization.objects.update(search_key="")
    move = import_module("pix.organizations.migrations.0004_search_key")
    for _ in range(2):
        move.fold(apps, None)
    assert sorted(Organization.objects.values_list("search_key", flat=True)) == [
        "college des galets 0999002b", "college simone-lumiere 0999001a", "l'oeuvre eleve",
    ]  # fmt: skip
