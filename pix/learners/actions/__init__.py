"""Writes on the roll: imports, links to accounts, what campaigns tell of a pupil."""

from pix.learners.actions.applying import apply
from pix.learners.actions.certifiability import (
    begin_night,
    choose_certifiability,
    compute_certifiability,
    look_again,
    set_collection,
)
from pix.learners.actions.checking import check
from pix.learners.actions.imports import (
    FileGone,
    ImportRefused,
    ImportRunning,
    StateMoved,
    abandon,
    confirm,
    keep_valid_rows,
    open_import,
    sweep_imports,
)
from pix.learners.actions.links import (
    JoiningRefused,
    PupilNotFound,
    UsernameTaken,
    find_pupil,
    joinable,
    link_pupil,
    link_silently,
    propose,
    register_pupil,
)
from pix.learners.actions.mediacentre import add_mediacentre, find_newcomer, welcome_newcomer
from pix.learners.actions.participations import note_participation, note_status
from pix.learners.actions.recovery import (
    AddressTaken,
    KeyClosed,
    Letter,
    RecoveryRefused,
    TooManySearches,
    ask_recovery,
    forget_recoveries,
    search_account,
    sweep_recoveries,
    use_recovery,
)
from pix.learners.actions.undoing import NotUndoable, open_undo

__all__ = [
    "AddressTaken",
    "FileGone",
    "ImportRefused",
    "ImportRunning",
    "JoiningRefused",
    "KeyClosed",
    "Letter",
    "NotUndoable",
    "PupilNotFound",
    "RecoveryRefused",
    "StateMoved",
    "TooManySearches",
    "UsernameTaken",
    "abandon",
    "add_mediacentre",
    "apply",
    "ask_recovery",
    "begin_night",
    "check",
    "choose_certifiability",
    "compute_certifiability",
    "confirm",
    "find_newcomer",
    "find_pupil",
    "forget_recoveries",
    "joinable",
    "keep_valid_rows",
    "link_pupil",
    "link_silently",
    "look_again",
    "note_participation",
    "note_status",
    "open_import",
    "open_undo",
    "propose",
    "register_pupil",
    "search_account",
    "set_collection",
    "sweep_imports",
    "sweep_recoveries",
    "use_recovery",
    "welcome_newcomer",
]
