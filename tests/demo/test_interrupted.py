"""Somebody closes the window while the demonstration is being prepared: the next start begins again from nothing."""

from pathlib import Path

import pytest

from pix.accounts.models import User
from pix.campaigns.models import Campaign, Participation
from pix.learners.models import Pupil
from pix.organizations.models import Organization
from pix.web.demo import cast, seed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_an_interrupted_filling_starts_again_from_nothing(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    played = []
    play = seed._play

    def interrupted(*given: object) -> None:
        if len(played) == 2:
            raise KeyboardInterrupt
        played.append(given)
        play(*given)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(seed, "_play", interrupted)
        # Two schools are enough to stop in the middle of.
        patch.setattr(cast, "SCHOOLS", (cast.SCHOOLS[0], cast.SCHOOLS[1], cast.SCHOOLS[4]))
        with pytest.raises(KeyboardInterrupt):
            seed.ensure(say=lambda text: None, small=True)
        assert not (place / seed.MARK).exists()
        left = Participation.objects.count()
        assert (Organization.objects.count(), Campaign.objects.count()) == (3, 1)
        assert 0 < left <= 2
        old = set(Organization.objects.values_list("uuid", flat=True))
        patch.setattr(seed, "_play", play)
        seed.ensure(say=lambda text: None, small=True)
    assert (place / seed.MARK).exists()
    assert Organization.objects.count() == 3
    assert not old & set(Organization.objects.values_list("uuid", flat=True))
    assert Campaign.objects.count() == 2
    assert User.objects.filter(email="test@pix.fr").count() == 1
    assert Pupil.objects.filter(last_name__iexact="pix", first_name="Emma").count() == 1
    assert Participation.objects.count() > left
