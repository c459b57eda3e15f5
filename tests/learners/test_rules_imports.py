"""States of an import and the school years it may be for: schools 4.2 and 4.3."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pix.learners.enums import RUNNING, ImportState
from pix.learners.rules import effective_state, school_years_offered

NOW = datetime(2026, 9, 10, 12, 0, tzinfo=UTC)
S = ImportState

SILENCES = [
    ("48-applying-31-min", S.APPLYING, 31, False, S.FAILED),
    ("applying-29-min", S.APPLYING, 29, False, S.APPLYING),
    ("checking", S.CHECKING, 30, False, S.FAILED),
    ("uploading", S.UPLOADING, 45, False, S.FAILED),
    ("paused-in-september", S.CHECKING, 600, True, S.CHECKING),
    ("a-preview-waits", S.READY, 31, False, S.READY),
    ("a-preview-waits-a-day", S.READY, 24 * 60, False, S.ABANDONED),
    ("imported-for-long", S.IMPORTED, 10_000, False, S.IMPORTED),
    ("refused-for-long", S.REFUSED, 10_000, False, S.REFUSED),
]


@pytest.mark.parametrize(("state", "minutes", "paused", "read"), [pytest.param(*case, id=i) for i, *case in SILENCES])
def test_what_a_date_alone_changes(state: S, minutes: int, paused: bool, read: S) -> None:
    updated = NOW - timedelta(minutes=minutes)
    assert effective_state(state, updated_at=updated, at=NOW, paused=paused) is read


BANNERS = {
    S.UPLOADING: "L'import du fichier peut prendre quelques minutes. Merci de ne pas quitter cette page.",
    S.CHECKING: "Le contenu du fichier est en cours de validation.",
    S.APPLYING: "Le contenu du fichier est validé, l'import des participants est en cours.",
    S.FAILED: "L'import des participants a échoué.",
}


@pytest.mark.parametrize("state", list(ImportState))
def test_every_state_has_its_words_and_its_way_out(state: S) -> None:
    assert state.banner.endswith(".")
    assert state.banner == BANNERS.get(state, state.banner)
    assert bool(state.next) == (state in RUNNING or state is S.REFUSED)
    assert state.running == (state in RUNNING)


def test_the_banner_of_success_has_date_and_author() -> None:
    text = S.IMPORTED.banner.format(date="15/07/2024", author="Chef d'établissement")
    assert text == "Dernier fichier importé avec succès le 15/07/2024 par Chef d'établissement."


@pytest.mark.parametrize(
    ("day", "years"),
    [
        (date(2026, 5, 31), ("2025-2026",)),
        (date(2026, 6, 1), ("2025-2026", "2026-2027")),
        (date(2026, 7, 31), ("2025-2026", "2026-2027")),
        (date(2026, 8, 1), ("2026-2027", "2025-2026")),
        (date(2026, 9, 30), ("2026-2027", "2025-2026")),
        (date(2026, 10, 1), ("2026-2027",)),
    ],
)
def test_school_years_offered(day: date, years: tuple[str, ...]) -> None:
    assert school_years_offered(day) == years
