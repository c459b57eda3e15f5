"""Decisions about a run in progress: pure functions of plain values."""

BLOCK = 5
"""Answers between two checkpoints."""


def ends_block(answered: int) -> bool:
    """True after every fifth answer."""
    return answered > 0 and answered % BLOCK == 0


def place_in_block(rank: int) -> tuple[int, int]:
    """« Question n sur m » inside the block of five, for the question of this rank (from 1)."""
    return (rank - 1) % BLOCK + 1, BLOCK


def push_recent(recent: str, outcome: int) -> str:
    """The outcomes of the present block, one digit each."""
    return str(outcome) if len(recent) >= BLOCK else recent + str(outcome)
