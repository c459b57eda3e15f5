"""Decisions about the roll and its pupils: what an import changes, which accounts it links, who a person is."""

from pix.learners.rules.imports import effective_state, school_years_offered
from pix.learners.rules.joining import (
    AccountFace,
    PupilRecord,
    Refusal,
    joining_refusal,
    met_by_mediacentre,
    unexpected_account,
)
from pix.learners.rules.links import AccountFacts, AccountRecord, LinkPlan, LinkRule, RefusedLink, link_accounts
from pix.learners.rules.logins import propose_username
from pix.learners.rules.matching import Candidate, Typed, birth_date_of, match_person
from pix.learners.rules.recovery import (
    SEARCHES,
    WINDOW,
    KeyState,
    RecoveryRefusal,
    ine_of,
    key_state,
    recovery_refusal,
    searches_kept,
)
from pix.learners.rules.rolls import (
    Change,
    KnownPupil,
    Leaving,
    LeavingReason,
    Modified,
    RollPlan,
    plan,
    plan_digest,
)

__all__ = [
    "SEARCHES",
    "WINDOW",
    "AccountFace",
    "AccountFacts",
    "AccountRecord",
    "Candidate",
    "Change",
    "KeyState",
    "KnownPupil",
    "Leaving",
    "LeavingReason",
    "LinkPlan",
    "LinkRule",
    "Modified",
    "PupilRecord",
    "RecoveryRefusal",
    "Refusal",
    "RefusedLink",
    "RollPlan",
    "Typed",
    "birth_date_of",
    "effective_state",
    "ine_of",
    "joining_refusal",
    "key_state",
    "link_accounts",
    "match_person",
    "met_by_mediacentre",
    "plan",
    "plan_digest",
    "propose_username",
    "recovery_refusal",
    "school_years_offered",
    "searches_kept",
    "unexpected_account",
]
