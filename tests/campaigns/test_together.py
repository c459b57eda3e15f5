"""The same pupil twice in the same instant, on real connections: one row, one outcome, nobody gets an error."""

from datetime import timedelta

import pytest

from pix.accounts.access import Person
from pix.assessment.models import Answer, Assessment, KnowledgeState
from pix.assessment.queries import knowledge_of, rebuild
from pix.campaigns.actions import play
from pix.campaigns.models import Campaign, Participation
from pix.campaigns.queries.table import frame_of
from pix.content import releases
from tests.factories import bank
from tests.factories.cast import AT, Cast, make_cast
from tests.factories.playing import WRONG, begin, play_to_the_end, rentree, right, table_again
from tests.factories.together import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def shipped(bank: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.factories.bank import shipped as compiled

    monkeypatch.setattr(releases, "_current", compiled())


@pytest.fixture
def cast() -> Cast:
    assert bank.shipped()
    return make_cast()


def test_a_double_click_stores_one_answer_and_both_get_its_outcome(cast: Cast) -> None:
    part, table = begin(cast.emma, rentree(cast))
    other = table_again(cast.emma, part)
    good, wrong = right(table), WRONG
    results = together(
        lambda: play.answer(table=table, rank=1, sent=good, at=AT + timedelta(seconds=3)),
        lambda: play.answer(table=other, rank=1, sent=wrong, at=AT + timedelta(seconds=3)),
    )
    stored = Answer.objects.get(assessment_id=part.assessment)
    assert [result.outcome for result in results] == [stored.outcome, stored.outcome]
    assert sorted(result.again for result in results) == [False, True]
    assert Assessment.objects.get(pk=part.assessment).answered == 1


def test_two_starts_at_once_make_one_participation(cast: Cast) -> None:
    campaign = rentree(cast)
    results = together(
        *[lambda: play.start(person=Person(cast.emma), campaign=campaign, at=AT) for _ in range(3)],
    )
    row = Participation.objects.get(campaign=campaign)
    for result in results:
        assert result == row or isinstance(result, play.Refused), result
    assert Campaign.objects.get(pk=campaign.pk).participants_count == 1
    assert Assessment.objects.filter(participation=row.pk).count() == 1


def test_sending_twice_at_once_counts_once(cast: Cast) -> None:
    campaign = rentree(cast)
    part, _ = begin(cast.emma, campaign)
    part = play_to_the_end(cast.emma, part, good=lambda rank: False)
    at = AT + timedelta(hours=1)
    results = together(*[lambda: play.share(person=Person(cast.emma), participation=part, at=at) for _ in range(2)])
    assert [result.shared_at for result in results] == [at, at]
    assert Campaign.objects.get(pk=campaign.pk).shared_count == 1
    assert part.tubes.count() == 10


def test_two_campaigns_answered_at_once_keep_both_evidences(cast: Cast) -> None:
    first, one = begin(cast.emma, rentree(cast))
    second, other = begin(cast.emma, rentree(cast, name="Autre"), seed=12)
    results = together(
        lambda: play.answer(table=one, rank=1, sent=WRONG, at=AT + timedelta(seconds=3)),
        lambda: play.answer(table=other, rank=1, sent=WRONG, at=AT + timedelta(seconds=4)),
    )
    assert [result.again for result in results] == [False, False]
    assert Answer.objects.filter(assessment_id__in=[first.assessment, second.assessment]).count() == 2
    rebuilt = rebuild(cast.emma, {"campaign": lambda run: frame_of(run.scope, run.release)})
    stored = {key: row.state.evidence.keys() for key, row in knowledge_of(cast.emma).items()}
    assert {key: state.evidence.keys() for key, state in rebuilt.items()} == stored
    assert KnowledgeState.objects.filter(user=cast.emma).count() == len(stored)
