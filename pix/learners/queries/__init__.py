"""Reads of the roll: the pupils of a school, its imports, and the pupil that an account is."""

from pix.learners.queries.accounts import AccountPage, ChosenPupil, account_page, chosen_pupils
from pix.learners.queries.activity import ActivityLine, PupilPage, pupil_page
from pix.learners.queries.imports import (
    Banner,
    ImportFace,
    Notice,
    Preview,
    RollFacts,
    banner_of,
    findings_of,
    last_import,
    last_success,
    notice_of,
    roll_facts,
)
from pix.learners.queries.joining import Match, Newcomer, newcomers, pupil_of, silent_match
from pix.learners.queries.pupils import (
    LastParticipation,
    PupilFilters,
    PupilLine,
    PupilList,
    all_pupils_of,
    classes_of,
    natural,
    pupils_of,
    years_of,
)
from pix.learners.queries.recovery import Demand, FoundAccount, RecoveryUnknown, demand_of, found_account
from pix.learners.queries.undoing import Undoable, Undone, undo_facts

__all__ = [
    "AccountPage",
    "ActivityLine",
    "Banner",
    "ChosenPupil",
    "Demand",
    "FoundAccount",
    "ImportFace",
    "LastParticipation",
    "Match",
    "Newcomer",
    "Notice",
    "Preview",
    "PupilFilters",
    "PupilLine",
    "PupilList",
    "PupilPage",
    "RecoveryUnknown",
    "RollFacts",
    "Undoable",
    "Undone",
    "account_page",
    "all_pupils_of",
    "banner_of",
    "chosen_pupils",
    "classes_of",
    "demand_of",
    "findings_of",
    "found_account",
    "last_import",
    "last_success",
    "natural",
    "newcomers",
    "notice_of",
    "pupil_of",
    "pupil_page",
    "pupils_of",
    "roll_facts",
    "silent_match",
    "undo_facts",
    "years_of",
]
