"""« Ouvrez tous la page » : a class signs in, types the code and starts within one minute, on the smallest server."""

import time
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from pix.assessment.models import Answer, Assessment
from pix.campaigns.models import Campaign, Participation
from pix.content import releases
from tests.factories import bank
from tests.factories.cast import AT, PASSWORD, make_cast, make_pupil, pupil_account
from tests.factories.playing import rentree
from tests.factories.together import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
PUPILS = 30


@pytest.mark.proves("T-032")
def test_thirty_pupils_start_in_the_same_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each on a connection of their own: sign in, code, start, first question, first answer. No error, nothing lost."""
    from pix.accounts.actions import see_tutorial

    monkeypatch.setattr(releases, "_current", bank.shipped())
    cache.clear()
    cast = make_cast()
    campaign = rentree(cast)
    logins = []
    for number in range(PUPILS):
        login = f"eleve.classe{number:04}"
        user = pupil_account("Élève", f"Classe {number}", login)
        see_tutorial(user=user, at=AT)
        make_pupil(
            cast.school,
            "Élève",
            f"Classe {number}",
            ine=f"09010{number:05}A",
            birth=date(2013, 1, 1 + number),
            user=user,
        )
        logins.append(login)

    def one(login: str) -> list[int]:
        client = Client()
        seen: list[Any] = [client.post("/connexion", {"login": login, "password": PASSWORD})]
        seen.append(client.get("/campagnes", {"code": campaign.code}))
        seen.append(client.get(reverse("app:landing", kwargs={"code": campaign.code})))
        seen.append(client.post(reverse("app:start", kwargs={"code": campaign.code})))
        page = client.get(seen[-1]["Location"], follow=True)
        seen.append(page)
        question = page.request["PATH_INFO"]
        assert question.endswith("/questions/1"), question
        seen.append(client.post(question + "/reponse", {"passer": "1"}))
        return [response.status_code for response in seen]

    started = time.monotonic()
    results = together(*[lambda login=login: one(login) for login in logins])  # type: ignore[misc]
    assert results == [[302, 302, 200, 302, 200, 302]] * PUPILS
    assert time.monotonic() - started < 60
    parts = Participation.objects.filter(campaign=campaign)
    assert parts.values("pupil").distinct().count() == parts.count() == PUPILS
    assert Assessment.objects.filter(participation__in=parts.values("pk"), answered=1).count() == PUPILS
    assert Answer.objects.count() == PUPILS
    assert Campaign.objects.get(pk=campaign.pk).participants_count == PUPILS
