"""What a school and its pupils are told of certifiability."""

import re
from typing import Any

import pytest
from django.urls import reverse
from lxml import html

from config import commands
from pix.assessment.models import ProfileSummary
from pix.learners.models import Pupil
from tests.factories import bank
from tests.factories.cast import AT, Cast, make_pupil
from tests.web.orga.test_imports import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shipped() -> None:
    bank.install()


def page(cast: Cast, role: str = "member") -> str:
    return text_of(cast.client(role).get(f"/orga/{cast.school.uuid}/eleves/certificabilite"))


@pytest.mark.proves("E-033", "E-038")
def test_the_school_reads_the_rule_and_that_sharing_is_on(cast: Cast) -> None:
    ProfileSummary.objects.create(user=cast.emma, certifiable=True, level_one_competences=5, updated_at=AT)
    make_pupil(cast.school, "Noé", "Pix", ine="2")
    make_pupil(cast.school, "Éva", "Pix", ine="3")
    said = page(cast)
    assert "Le partage de la certificabilité est activé" in said
    assert "niveau 1 dans 5 compétences différentes" in said
    cards = html.fromstring(
        cast.client("member").get(f"/orga/{cast.school.uuid}/eleves/certificabilite").content.decode()
    ).find_class("figure-card")
    assert [re.sub(r"\s+", " ", one.text_content()).strip() for one in cards] == [
        "Certifiable1", "Non Certifiable0", "Non communiqué2",
    ]  # fmt: skip
    assert "Comprendre la certificabilité" in text_of(cast.client("member").get(f"/orga/{cast.school.uuid}/eleves"))


def test_without_sharing_it_says_so(cast: Cast) -> None:
    type(cast.school).objects.filter(pk=cast.school.pk).update(manages_pupils=False)
    assert "Le partage de la certificabilité n'est pas activé" in page(cast)


@pytest.mark.proves("E-033")
def test_the_pupil_is_told_who_sees_it(cast: Cast) -> None:
    told = "Ton établissement (Collège Simone-Lumière) voit si ton profil est certifiable"
    client = cast.client("pupil")
    assert told in text_of(client.get(reverse("app:competences")))
    Pupil.objects.filter(pk=cast.emma_pupil.pk).update(user=None)
    assert "partage" not in text_of(client.get(reverse("app:competences")))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--all"], [None, None, False, None]),
        (["--never"], [None, None, True, None]),
        (
            ["--since", "2026-11-20T21:00", "--until", "2026-11-21T21:00"],
            ["2026-11-20T21:00:00+01:00", "2026-11-21T21:00:00+01:00", False, None],
        ),
    ],
)
def test_the_command_queues_the_same_job(words: list[str], expected: list[Any]) -> None:
    from django_tasks_db.models import DBTaskResult

    assert commands.certifiability(words) == 0
    assert [job.args_kwargs["args"] for job in DBTaskResult.objects.all()] == [expected]
