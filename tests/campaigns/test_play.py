"""A pupil's run, from the code to the sending: nothing lost, nothing doubled, figures frozen once sent."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from pix.accounts.access import Person
from pix.assessment import actions as assessment
from pix.assessment.engine.knowledge import CompetenceState, Evidence
from pix.assessment.engine.scoring import UNITS_PER_PIX
from pix.assessment.enums import Outcome
from pix.assessment.marking import MalformedAnswer, Submission
from pix.assessment.models import Answer, Assessment, KnowledgeState, ProfileSummary
from pix.assessment.queries import knowledge_of, rebuild
from pix.audit.models import Event
from pix.campaigns.access.play import table_of
from pix.campaigns.actions import play
from pix.campaigns.enums import CampaignType, Refusal, Status
from pix.campaigns.models import Campaign, Participation, ParticipationCompetence, ParticipationTube
from pix.campaigns.queries.pupil import cards_of, corrections_of, results_of, run_uuid
from pix.campaigns.queries.table import frame_of
from pix.content import releases
from pix.core.exact import pct
from pix.learners.enums import Certifiability
from pix.learners.models import Pupil
from pix.learners.queries import PupilFilters, pupils_of
from tests.factories import bank
from tests.factories.cast import AT, Cast, make_pupil, pupil_account
from tests.factories.playing import WRONG, begin, play_to_the_end, rentree, right, table_again

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shipped(bank: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests play the shipped bank, not the small one of their neighbours."""
    from tests.factories.bank import shipped as compiled

    monkeypatch.setattr(releases, "_current", compiled())


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return rentree(cast)


def test_first_question_is_of_level_two_and_stored_with_the_run(cast: Cast, campaign: Campaign) -> None:
    part, table = begin(cast.emma, campaign)
    assert (part.status, table.sitting.rank) == (Status.STARTED, 1)
    assert table.sitting.open_skill.endswith("-N2")
    assert table_again(cast.emma, part).sitting.open_question == table.sitting.open_question


@pytest.mark.proves("C-086")
def test_two_pupils_of_different_strength_see_different_paths(cast: Cast, campaign: Campaign) -> None:
    other = pupil_account("Noé", "Pix", "noe.pix0101")
    make_pupil(cast.school, "Noé", "Pix", ine="2", user=other)
    strong, _ = begin(cast.emma, campaign)
    weak, _ = begin(other, campaign)
    play_to_the_end(cast.emma, strong)
    play_to_the_end(other, weak, good=lambda rank: False)
    paths = [
        list(Answer.objects.filter(assessment_id=part.assessment).order_by("rank").values_list("question", flat=True))
        for part in (strong, weak)
    ]
    assert paths[0] != paths[1]


def test_all_right_gives_a_hundred_percent_and_the_highest_stage(cast: Cast, campaign: Campaign) -> None:
    part, _ = begin(cast.emma, campaign)
    part = play_to_the_end(cast.emma, part)
    assert (part.status, part.percent, part.validated, part.stage) == (Status.TO_SHARE, 100, campaign.targeted, 3)


def test_all_passed_gives_zero_and_the_lowest_stage(cast: Cast, campaign: Campaign) -> None:
    part, _ = begin(cast.emma, campaign)
    part = play_to_the_end(cast.emma, part, good=lambda rank: False)
    assert (part.percent, part.validated, part.stage) == (0, 0, 0)


@pytest.mark.proves("C-091")
def test_sending_freezes_the_figures_of_sujets_and_competences(cast: Cast, campaign: Campaign) -> None:
    part, _ = begin(cast.emma, campaign)
    part = play_to_the_end(cast.emma, part, good=lambda rank: rank % 2 == 0)
    sent = play.share(person=Person(cast.emma), participation=part, at=AT + timedelta(hours=1))
    assert sent.status == Status.SHARED
    tubes = list(ParticipationTube.objects.filter(participation=sent))
    competences = list(ParticipationCompetence.objects.filter(participation=sent))
    assert len(tubes) == 10
    assert sum(tube.validated for tube in tubes) == sum(one.validated for one in competences) == sent.validated
    assert sum(one.targeted for one in competences) == sent.targeted == campaign.targeted
    assert sent.percent == pct(sent.validated, sent.targeted)
    assert sent.flags.count("v") == sent.validated


def test_sending_twice_gives_the_first_sending(cast: Cast, campaign: Campaign) -> None:
    part, _ = begin(cast.emma, campaign)
    part = play_to_the_end(cast.emma, part)
    first = play.share(person=Person(cast.emma), participation=part, at=AT + timedelta(hours=1))
    second = play.share(person=Person(cast.emma), participation=part, at=AT + timedelta(hours=2))
    campaign.refresh_from_db()
    assert second.shared_at == first.shared_at
    assert campaign.shared_count == 1
    assert ParticipationTube.objects.filter(participation=first).count() == 10
    assert Event.objects.filter(verb="campaigns.share").count() == 1


def test_sending_before_the_end_is_refused(cast: Cast, campaign: Campaign) -> None:
    part, _ = begin(cast.emma, campaign)
    with pytest.raises(play.NotOver):
        play.share(person=Person(cast.emma), participation=part, at=AT)


def test_answers_after_sending_in_another_campaign_never_move_sent_results(cast: Cast, campaign: Campaign) -> None:
    part, _ = begin(cast.emma, campaign)
    part = play_to_the_end(cast.emma, part, good=lambda rank: False)
    sent = play.share(person=Person(cast.emma), participation=part, at=AT + timedelta(hours=1))
    before = results_of(sent)
    later = AT + timedelta(days=5)
    second, _ = begin(cast.emma, rentree(cast, name="Deuxième"), at=later)
    play_to_the_end(cast.emma, second, at=later)
    sent.refresh_from_db()
    assert results_of(sent) == before


# --- Double click, two tabs, network retry (learning 2.5, 14) ---------------------------------------------------------


def test_a_second_submission_of_the_same_rank_gives_the_first_outcome(cast: Cast, campaign: Campaign) -> None:
    part, table = begin(cast.emma, campaign)
    first = play.answer(table=table, rank=1, sent=right(table), at=AT + timedelta(seconds=9))
    again = play.answer(table=table_again(cast.emma, part), rank=1, sent=WRONG, at=AT + timedelta(seconds=10))
    assert (first.outcome, again.outcome) == (Outcome.OK, Outcome.OK)
    assert (first.again, again.again) == (False, True)
    assert Answer.objects.filter(assessment_id=part.assessment).count() == 1


def test_two_tabs_with_the_same_table_store_one_answer(cast: Cast, campaign: Campaign) -> None:
    part, table = begin(cast.emma, campaign)
    one, other = table, table_again(cast.emma, part)
    first = play.answer(table=one, rank=1, sent=WRONG, at=AT + timedelta(seconds=5))
    second = play.answer(table=other, rank=1, sent=right(other), at=AT + timedelta(seconds=6))
    assert (first.outcome, second.outcome, second.again) == (Outcome.SKIPPED, Outcome.SKIPPED, True)
    assert Answer.objects.filter(assessment_id=part.assessment).count() == 1
    run = Assessment.objects.get(pk=part.assessment)
    assert (run.answered, run.open_question) == (1, second.table.sitting.open_question)


def test_an_answer_to_a_question_not_served_yet_is_refused(cast: Cast, campaign: Campaign) -> None:
    _part, table = begin(cast.emma, campaign)
    with pytest.raises(assessment.NotAsked):
        play.answer(table=table, rank=3, sent=WRONG, at=AT)


def test_an_empty_answer_stores_nothing(cast: Cast, campaign: Campaign) -> None:
    part, table = begin(cast.emma, campaign)
    with pytest.raises(MalformedAnswer):
        play.answer(table=table, rank=1, sent=Submission(fields={}), at=AT)
    assert not Answer.objects.filter(assessment_id=part.assessment).exists()


def test_knowledge_written_by_another_run_meanwhile_is_not_overwritten(cast: Cast, campaign: Campaign) -> None:
    """Two campaigns open in two tabs: the second answer decides again on what the first one wrote."""
    _part, table = begin(cast.emma, campaign)
    _other, other_table = begin(cast.emma, rentree(cast, name="Autre"), seed=7)
    play.answer(table=other_table, rank=1, sent=right(other_table), at=AT + timedelta(seconds=5))
    play.answer(table=table, rank=1, sent=right(table), at=AT + timedelta(seconds=6))
    stored = {key: row.state for key, row in knowledge_of(cast.emma).items()}
    assert stored == rebuild(cast.emma, {"campaign": lambda run: frame_of(run.scope, run.release)})


def test_two_starts_at_once_give_one_participation(cast: Cast, campaign: Campaign) -> None:
    first, _ = begin(cast.emma, campaign)
    with pytest.raises(play.Refused) as refused:
        begin(cast.emma, campaign)
    assert refused.value.refusal is Refusal.ALREADY_PARTICIPATED
    assert refused.value.run == run_uuid(first)
    with pytest.raises(IntegrityError), transaction.atomic():
        Participation.objects.create(
            campaign=campaign, pupil=cast.emma_pupil, user=cast.emma, status=Status.STARTED, created_at=AT
        )


# --- A server killed between two statements ---------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["insert_answer", "upsert_knowledge", "update_assessment"])
def test_a_crash_in_the_middle_of_an_answer_leaves_nothing_half_written(
    cast: Cast, campaign: Campaign, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    from pix.assessment import hot

    part, table = begin(cast.emma, campaign)
    real = getattr(hot, where)

    def dies(values: Any) -> Any:
        real(values)
        raise KeyboardInterrupt

    monkeypatch.setattr(hot, where, dies)
    with pytest.raises(KeyboardInterrupt):
        play.answer(table=table, rank=1, sent=right(table), at=AT + timedelta(seconds=5))
    monkeypatch.undo()
    monkeypatch.setattr(releases, "_current", bank.shipped())
    assert not Answer.objects.filter(assessment_id=part.assessment).exists()
    assert not KnowledgeState.objects.filter(user=cast.emma).exists()
    again = table_again(cast.emma, part)
    assert again.sitting.open_question == table.sitting.open_question
    done = play.answer(table=again, rank=1, sent=right(again), at=AT + timedelta(seconds=8))
    assert (done.outcome, done.again) == (Outcome.OK, False)


# --- The log is the truth ---------------------------------------------------------------------------------------------


def test_rebuild_from_the_log_equals_what_is_stored_byte_for_byte(cast: Cast, campaign: Campaign) -> None:
    part, _ = begin(cast.emma, campaign)
    play_to_the_end(cast.emma, part, good=lambda rank: rank % 3 != 0)
    later = AT + timedelta(days=6)
    second, _ = begin(cast.emma, rentree(cast, name="Suite"), at=later, seed=99)
    play_to_the_end(cast.emma, second, at=later, good=lambda rank: rank % 2 == 0)
    rebuilt = rebuild(cast.emma, {"campaign": lambda run: frame_of(run.scope, run.release)})
    stored = dict(KnowledgeState.objects.filter(user=cast.emma).values_list("competence", "data"))
    assert {key: state.dump(key) for key, state in rebuilt.items()} == {
        key: data for key, data in stored.items() if key in rebuilt
    }
    assert all(row.state.evidence == {} for key, row in knowledge_of(cast.emma).items() if key not in rebuilt)


@pytest.mark.proves("C-087")
def test_what_is_known_from_elsewhere_is_not_asked_again(cast: Cast, campaign: Campaign) -> None:
    part, _ = begin(cast.emma, campaign)
    play_to_the_end(cast.emma, part)
    second, _ = begin(cast.emma, rentree(cast, name="Deuxième"), at=AT + timedelta(days=1))
    assert (second.status, second.percent) == (Status.TO_SHARE, 100)
    assert results_of(second).nothing_asked


@pytest.mark.proves("C-094")
def test_results_feed_the_profile(cast: Cast, campaign: Campaign) -> None:
    part, _ = begin(cast.emma, campaign)
    play_to_the_end(cast.emma, part)
    rows = KnowledgeState.objects.filter(user=cast.emma)
    assert sum(row.pix for row in rows) > 0
    assert {row.competence for row in rows} == {skill[2] for skill in campaign.skills}


def test_results_follow_what_is_learnt_elsewhere_until_they_are_sent(cast: Cast, campaign: Campaign) -> None:
    """What the pupil is shown is what the school receives (learning 7.1)."""
    part, _ = begin(cast.emma, campaign)
    part = play_to_the_end(cast.emma, part, good=lambda rank: False)
    stored = part.percent
    later = AT + timedelta(days=6)  # failures may be asked again
    second, _ = begin(cast.emma, rentree(cast, name="Suite"), at=later, seed=99)
    play_to_the_end(cast.emma, second, at=later)
    shown = results_of(Participation.objects.get(pk=part.pk))
    card = next(card for card in cards_of(Person(cast.emma)) if card.run == run_uuid(part))
    sent = play.share(person=Person(cast.emma), participation=part, at=later + timedelta(days=1))
    assert shown.percent == card.percent == sent.percent > stored
    assert results_of(sent).percent == shown.percent


def test_the_pix_that_are_sent_are_those_of_the_moment(cast: Cast, campaign: Campaign) -> None:
    """A few pix in each competence, and no level yet."""
    part, _ = begin(cast.emma, campaign)
    ProfileSummary.objects.filter(user=cast.emma).delete()
    part = play_to_the_end(cast.emma, part, good=lambda rank: rank <= 2)
    ProfileSummary.objects.update_or_create(user=cast.emma, defaults={"pix": 0, "updated_at": AT})
    sent = play.share(person=Person(cast.emma), participation=part, at=AT + timedelta(hours=1))
    assert sent.pix == sum(row.pix for row in KnowledgeState.objects.filter(user=cast.emma)) > 0


# --- Refusals and replays ---------------------------------------------------------------------------------------------


@pytest.mark.proves("C-043")
def test_without_multiple_sending_a_sent_campaign_cannot_be_replayed(cast: Cast, campaign: Campaign) -> None:
    part, _ = begin(cast.emma, campaign)
    part = play_to_the_end(cast.emma, part, good=lambda rank: False)
    play.share(person=Person(cast.emma), participation=part, at=AT + timedelta(hours=1))
    with pytest.raises(play.Refused) as refused:
        begin(cast.emma, campaign, at=AT + timedelta(days=30))
    assert refused.value.refusal is Refusal.ALREADY_PARTICIPATED


@pytest.mark.proves("C-038", "C-039")
def test_with_multiple_sending_the_code_opens_again_four_days_after_sending(cast: Cast) -> None:
    campaign = rentree(cast, multiple_sending=True)
    part, _ = begin(cast.emma, campaign)
    part = play_to_the_end(cast.emma, part, good=lambda rank: False)
    sent_at = AT + timedelta(hours=1)
    play.share(person=Person(cast.emma), participation=part, at=sent_at)
    with pytest.raises(play.Refused) as refused:
        begin(cast.emma, campaign, at=sent_at + timedelta(days=4, seconds=-1))
    assert (refused.value.refusal, refused.value.opens_at) == (Refusal.TOO_EARLY, sent_at + timedelta(days=4))
    again, table = begin(cast.emma, campaign, at=sent_at + timedelta(days=4))
    assert (again.status, table.sitting.replay) == (Status.STARTED, True)
    part.refresh_from_db()
    assert part.superseded


@pytest.mark.proves("C-040", "C-041")
def test_a_replay_asks_only_what_was_failed_or_passed_and_a_sibling_first(cast: Cast) -> None:
    campaign = rentree(cast, multiple_sending=True)
    part, _ = begin(cast.emma, campaign)
    part = play_to_the_end(cast.emma, part, good=lambda rank: rank % 2 == 1)
    first = play.share(person=Person(cast.emma), participation=part, at=AT + timedelta(hours=1))
    mastered = {skill[0] for skill, flag in zip(campaign.skills, first.flags, strict=True) if flag == "v"}
    asked_before = set(Answer.objects.filter(assessment_id=part.assessment).values_list("question", flat=True))
    later = AT + timedelta(days=5)
    again, _ = begin(cast.emma, campaign, at=later)
    again = play_to_the_end(cast.emma, again, at=later)
    asked = list(Answer.objects.filter(assessment_id=again.assessment).values_list("question", flat=True))
    bank_now = releases.current()
    assert asked
    assert not {bank_now.questions[question].skill for question in asked} & mastered
    with_sibling = [q for q in asked if len(bank_now.questions_of(bank_now.questions[q].skill)) > 1]
    assert not set(with_sibling) & asked_before
    assert again.percent > first.percent


def test_a_stranger_cannot_open_the_run(cast: Cast, campaign: Campaign) -> None:
    from django.http import Http404

    part, _ = begin(cast.emma, campaign)
    with pytest.raises(Http404):
        table_of(Person(cast.bob), run_uuid(part))


def test_a_pupil_of_no_roll_is_sent_to_the_reconciliation(cast: Cast, campaign: Campaign) -> None:
    lonely = pupil_account("Zoé", "Ailleurs", "zoe.ailleurs0101")
    with pytest.raises(play.Refused) as refused:
        begin(lonely, campaign)
    assert refused.value.refusal is Refusal.NOT_LINKED


def test_an_archived_campaign_takes_no_answer(cast: Cast, campaign: Campaign) -> None:
    part, table = begin(cast.emma, campaign)
    Campaign.objects.filter(pk=campaign.pk).update(archived_at=AT)
    with pytest.raises(play.Closed):
        play.answer(table=table_again(cast.emma, part), rank=1, sent=right(table), at=AT)


# --- What the pages read ----------------------------------------------------------------------------------------------


@pytest.mark.proves("C-093")
def test_cards_show_what_waits_first(cast: Cast, campaign: Campaign) -> None:
    begun, _ = begin(cast.emma, rentree(cast, name="Commencé"))
    part, _ = begin(cast.emma, campaign)
    play_to_the_end(cast.emma, part)
    assert [card.status for card in cards_of(Person(cast.emma))] == [Status.TO_SHARE, Status.STARTED]
    assert begun.status == Status.STARTED


def test_corrections_show_what_was_answered_and_how_to_do_better(cast: Cast, campaign: Campaign) -> None:
    part, table = begin(cast.emma, campaign)
    play.answer(table=table, rank=1, sent=WRONG, at=AT + timedelta(seconds=5))
    [line] = corrections_of(Person(cast.emma), run_uuid(part))
    assert (line.rank, line.outcome, line.value) == (1, Outcome.SKIPPED, "")
    assert line.tutorials


# --- Certifiability, as the school sees it -----------------------------------------------------------------------------


@pytest.mark.proves("E-028", "E-029", "E-030", "E-031")
def test_the_school_sees_at_once_a_level_that_moves(cast: Cast, campaign: Campaign) -> None:
    assert seen(cast) == (Certifiability.NOT_AVAILABLE, None)
    # Emma stands on the threshold: four competences at level 1, and in each of the others a hair's breadth lacks.
    enough, codes = 8 * UNITS_PER_PIX, list(releases.current().competences)
    for place, code in enumerate(codes[::-1]):
        worth = enough if place < 4 else enough - 1
        known = CompetenceState(
            {f"{code}.99-N1": Evidence(validated=True, direct=True, at=1, assessment=1, units=worth)}
        )
        KnowledgeState.objects.create(
            user=cast.emma, competence=code, data=known.dump(code), units=worth, level=worth // enough, version=1
        )
    assessment.ensure_summary(user_id=cast.emma.pk, at=AT)
    assert seen(cast) == (Certifiability.NON_ELIGIBLE, AT)
    part, table = begin(cast.emma, campaign)
    at = AT + timedelta(seconds=30)
    play.answer(table=table, rank=1, sent=WRONG, at=at)
    assert seen(cast) == (Certifiability.NON_ELIGIBLE, AT)
    table = table_again(cast.emma, part)
    done = play.answer(table=table, rank=2, sent=right(table), at=at + timedelta(seconds=30))
    assert done.level_gained is not None
    assert seen(cast) == (Certifiability.ELIGIBLE, at + timedelta(seconds=30))


@pytest.mark.proves("E-032")
def test_a_profile_that_is_sent_counts_at_once_and_is_dated(cast: Cast, campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(type=CampaignType.PROFILE)
    part, _ = begin(cast.emma, campaign)
    part = play_to_the_end(cast.emma, part)
    at = AT + timedelta(days=2)
    play.share(person=Person(cast.emma), participation=part, at=at)
    summary = ProfileSummary.objects.get(user=cast.emma)
    assert seen(cast) == (certifiability(summary.certifiable), at)
    # Detached, the account's own profile is no longer seen; what was sent remains.
    Pupil.objects.filter(user=cast.emma).update(user=None)
    assert seen(cast) == (certifiability(summary.certifiable), at)


def test_an_assessment_that_is_sent_is_no_collection(cast: Cast, campaign: Campaign) -> None:
    part, _ = begin(cast.emma, campaign)
    play.share(person=Person(cast.emma), participation=play_to_the_end(cast.emma, part), at=AT + timedelta(days=2))
    Pupil.objects.filter(user=cast.emma).update(user=None)
    assert seen(cast) == (Certifiability.NOT_AVAILABLE, None)


def certifiability(value: bool) -> Certifiability:
    return Certifiability.ELIGIBLE if value else Certifiability.NON_ELIGIBLE


def seen(cast: Cast) -> tuple[Certifiability, Any]:
    line = pupils_of(cast.school, PupilFilters()).lines[0]
    return line.certifiability, line.certifiable_at
