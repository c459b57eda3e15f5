"""A campaign of the shipped bank and pupils who answer it, through the real doors."""

from datetime import datetime, timedelta
from typing import Any

from pix.accounts.access import Person
from pix.accounts.models import User
from pix.assessment.marking import Submission, variant_of
from pix.campaigns.actions import play
from pix.campaigns.actions.manage import create_campaign
from pix.campaigns.models import Campaign, Participation
from pix.campaigns.queries.pupil import run_uuid
from pix.campaigns.queries.table import Table, read_table
from pix.web.demo.seed import right_answer
from tests.factories.cast import AT, Cast

WRONG = Submission(skipped=True)


def rentree(cast: Cast, **changes: Any) -> Campaign:
    """« Parcours de rentrée 5e », created by Alice."""
    values: dict[str, Any] = {
        "organization": cast.school,
        "by": cast.alice,
        "name": "Parcours de rentrée 5e",
        "type": "assessment",
        "journey": "5e",
        "title": "Rentrée 5e",
        "multiple_sending": False,
        "at": AT,
        **changes,
    }
    return create_campaign(**values)


def begin(user: User, campaign: Campaign, *, at: datetime = AT, seed: int = 7) -> tuple[Participation, Table]:
    part = play.start(person=Person(user), campaign=campaign, at=at, seed=seed)
    return part, table_again(user, part)


def table_again(user: User, part: Participation) -> Table:
    part.refresh_from_db()
    table = read_table(user, run_uuid(part))
    assert table is not None
    return table


def right(table: Table) -> Submission:
    """The right answer to the open question."""
    sitting = table.sitting
    variant = variant_of(
        release=sitting.release, question=sitting.open_question, person=sitting.user_uuid, attempt=sitting.uuid
    )
    return right_answer(variant)


def play_to_the_end(
    user: User, part: Participation, *, at: datetime = AT, good: Any = lambda rank: True
) -> Participation:
    """Answer every question: right when ``good(rank)``, else passed."""
    table = table_again(user, part)
    while table.sitting.open_question:
        at += timedelta(seconds=30)
        rank = table.sitting.rank
        sent = right(table) if good(rank) else WRONG
        play.answer(table=table, rank=rank, sent=sent, at=at)
        table = table_again(user, part)
    part.refresh_from_db()
    return part
