"""What a team does with a campaign: create, edit, archive."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest

from pix.audit.models import Event
from pix.campaigns import rules
from pix.campaigns.actions import manage
from pix.campaigns.enums import Problem
from pix.campaigns.models import Campaign
from pix.campaigns.rules import CampaignRefused
from pix.content import releases
from pix.core.ids import uuid7
from pix.organizations.enums import Role
from tests.campaigns import making
from tests.campaigns.making import AT

pytestmark = pytest.mark.django_db


def test_creation_freezes_the_active_playable_skills_under_the_caps() -> None:
    home = making.school()
    alice = making.teammate(home, Role.ADMIN, "Alice")
    made = making.campaign(
        home, alice, name="  Parcours  de rentrée 5e ", title=" Bienvenue ", landing_text=" Bonjour "
    )
    made = Campaign.objects.get(pk=made.pk)
    assert (made.name, made.title, made.landing_text) == ("Parcours de rentrée 5e", "Bienvenue", "Bonjour")
    assert made.owner == alice
    assert rules.is_code(made.code)
    assert [skill for skill, _, _, _ in made.skills] == [
        "1.1.1-N1", "1.1.1-N2", "1.1.2-N1", "1.1.2-N2", "1.2.1-N1", "1.2.1-N2", "1.2.1-N3", "4.1.1-N1", "4.1.1-N2", "4.1.1-N3",
    ]  # fmt: skip
    assert made.skills[0] == ["1.1.1-N1", "1.1.1", "1.1", 1]
    assert made.targeted == 10
    assert list(made.tubes.order_by("order").values_list("tube", "targeted", "max_level")) == [
        ("1.1.1", 2, 2),
        ("1.1.2", 2, 2),
        ("1.2.1", 3, 3),
        ("4.1.1", 3, 3),
    ]
    assert made.release == releases.current().id
    assert made.journey_name == "[CLG] Parcours de rentrée 5e"
    assert [stage.threshold for stage in rules.stages_of(made.rules)] == [0, 21, 51, 81]
    assert (made.rules["engine"], made.rules["engine_version"]) == ("classic", 1)
    assert made.rules["replay_delay_seconds"] == 4 * 24 * 3600
    assert made.rules["automatic_sending"] is False
    line = Event.objects.get(verb="campaigns.create_campaign")
    assert (line.actor, line.target, line.organization) == (str(alice.uuid), str(made.uuid), str(home.uuid))


def test_later_content_never_moves_a_campaign(monkeypatch: pytest.MonkeyPatch) -> None:
    home = making.school()
    alice = making.teammate(home)
    before = making.campaign(home, alice)
    later = making.small_bank("later")
    monkeypatch.setattr(releases, "_current", making.Bank(_without(later, "1.1.2"), "b" * 64))
    after = making.campaign(home, alice)
    assert Campaign.objects.get(pk=before.pk).targeted == 10
    assert after.targeted == 8
    assert after.release != before.release


def _without(bank: making.Bank, tube: str) -> making.Release:
    return making.Release(
        name="later",
        areas=tuple(bank.areas.values()),
        competences=tuple(bank.competences.values()),
        tubes=tuple(bank.tubes.values()),
        skills=tuple(skill for skill in bank.skills.values() if skill.tube != tube),
        questions=tuple(bank.questions.values()),
        tutorials=(),
        parcours=tuple(bank.parcours.values()),
    )


@pytest.mark.proves("C-051")
def test_a_taken_code_is_drawn_again() -> None:
    home = making.school()
    alice = making.teammate(home)
    first = making.campaign(home, alice, draw=lambda: "BCDFGH234")
    drawn: Iterator[str] = iter(["BCDFGH234", "BCDFGH234", "BCDFGH236"])
    second = making.campaign(home, alice, draw=lambda: next(drawn))
    assert (first.code, second.code) == ("BCDFGH234", "BCDFGH236")
    assert second.tubes.count() == 4
    with pytest.raises(RuntimeError, match="no free code"):
        making.campaign(home, alice, draw=lambda: "BCDFGH234")


def test_the_same_form_twice_makes_one_campaign() -> None:
    home = making.school()
    alice = making.teammate(home)
    token = uuid7()
    first = making.campaign(home, alice, uuid=token)
    second = making.campaign(home, alice, uuid=token, name="Autre")
    assert second.pk == first.pk
    assert Campaign.objects.count() == 1
    assert Event.objects.filter(verb="campaigns.create_campaign").count() == 1


def test_a_form_of_another_school_gives_nothing_away() -> None:
    home, other = making.school(), making.school("Lycée")
    token = uuid4()
    first = making.campaign(home, making.teammate(home), uuid=token)
    second = making.campaign(other, making.teammate(other), uuid=token)
    assert second.pk != first.pk
    assert second.organization == other


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"name": ""}, Problem.NAME_REQUIRED),
        ({"journey": "cache"}, Problem.JOURNEY_REQUIRED),
        ({"journey": "inconnu"}, Problem.JOURNEY_REQUIRED),
        ({"journey": "vide"}, Problem.EMPTY_JOURNEY),
        ({"multiple_sending": None}, Problem.MULTIPLE_REQUIRED),
        ({"type": "profile"}, Problem.JOURNEY_FORBIDDEN),
    ],
)
def test_a_wrong_campaign_leaves_nothing(changed: dict[str, object], problem: Problem) -> None:
    home = making.school()
    alice = making.teammate(home)
    with pytest.raises(CampaignRefused) as refused:
        making.campaign(home, alice, **changed)
    assert refused.value.problems == (problem,)
    assert Campaign.objects.count() == 0
    assert Event.objects.count() == 0


@pytest.mark.proves("C-048")
def test_the_owner_is_an_active_member_of_the_school() -> None:
    home, other = making.school(), making.school("Lycée")
    alice, bob = making.teammate(home, Role.ADMIN, "Alice"), making.teammate(home)
    stranger = making.teammate(other)
    assert making.campaign(home, alice, owner=bob.pk).owner == bob
    with pytest.raises(CampaignRefused) as refused:
        making.campaign(home, alice, owner=stranger.pk)
    assert refused.value.problems == (Problem.OWNER_NOT_MEMBER,)
    bob.memberships.update(disabled_at=AT)
    with pytest.raises(CampaignRefused):
        making.campaign(home, alice, owner=bob.pk)


@pytest.mark.proves("C-053", "C-054")
def test_editing_changes_words_and_owner_only() -> None:
    home = making.school()
    alice, bob = making.teammate(home, Role.ADMIN, "Alice"), making.teammate(home)
    made = making.campaign(home, alice)
    code, skills = made.code, made.skills
    changed = manage.edit_campaign(
        campaign=made,
        name="Rentrée É",
        title="Titre",
        landing_text="",
        owner=bob.pk,
        by=alice,
        at=AT + timedelta(hours=1),
    )
    assert changed == ["name", "title", "owner"]
    stored = Campaign.objects.get(pk=made.pk)
    assert (stored.name, stored.search_key, stored.title, stored.owner) == ("Rentrée É", "rentree e", "Titre", bob)
    assert (stored.code, stored.skills, stored.multiple_sending) == (code, skills, False)
    assert Event.objects.get(verb="campaigns.edit_campaign").meta == {"fields": ["name", "title", "owner"]}
    same = {"name": "Rentrée É", "title": "Titre", "landing_text": "", "owner": bob.pk}
    assert manage.edit_campaign(campaign=made, by=alice, at=AT, **same) == []  # type: ignore[arg-type]
    assert Event.objects.filter(verb="campaigns.edit_campaign").count() == 1


def test_an_owner_who_left_may_stay_but_not_come() -> None:
    home = making.school()
    alice, bob = making.teammate(home, Role.ADMIN, "Alice"), making.teammate(home)
    made = making.campaign(home, bob)
    bob.memberships.update(disabled_at=AT)
    assert manage.edit_campaign(campaign=made, name="N", title="", landing_text="", owner=bob.pk, by=alice, at=AT) == [
        "name"
    ]
    manage.edit_campaign(campaign=made, name="N", title="", landing_text="", owner=alice.pk, by=alice, at=AT)
    with pytest.raises(CampaignRefused) as refused:
        manage.edit_campaign(campaign=made, name="", title="", landing_text="", owner=bob.pk, by=alice, at=AT)
    assert refused.value.problems == (Problem.NAME_REQUIRED, Problem.OWNER_NOT_MEMBER)
    assert Campaign.objects.get(pk=made.pk).name == "N"


def test_archiving_and_back_leaves_one_line_each() -> None:
    home = making.school()
    alice = making.teammate(home)
    made = making.campaign(home, alice)
    assert manage.archive_campaign(campaign=made, by=alice, at=AT) is True
    assert manage.archive_campaign(campaign=made, by=alice, at=AT + timedelta(days=1)) is False
    stored = Campaign.objects.get(pk=made.pk)
    assert (stored.archived_at, stored.archived_by) == (AT, alice)
    assert manage.unarchive_campaign(campaign=made, by=alice, at=AT) is True
    assert Campaign.objects.get(pk=made.pk).archived_at is None
    verbs = list(Event.objects.order_by("id").values_list("verb", flat=True))[1:]
    assert verbs == ["campaigns.archive_campaign", "campaigns.unarchive_campaign"]
