"""Solves MDP: a password built from the words of the world that keeps every rule of the author."""

from collections.abc import Callable, Iterator

from pix.core.texts import unaccent
from pix.generators import world

_SIGNS = ("-", "+", "!", "?", "#")


def build(length: int, words: int, fine: Callable[[str], bool]) -> str:
    """The first password found that is fine; the last one tried when none is (rules that nothing can keep)."""
    password = ""
    for password in _tries(length, words):
        if fine(password):
            break
    return password


def _tries(length: int, words: int) -> Iterator[str]:
    pool = [word for word in map(unaccent, world.SECRET_WORDS) if word.isascii() and word.isalpha()]
    for start in range(len(pool)):
        turned = pool[start:] + pool[:start]
        for rank, sign in enumerate(_SIGNS):
            count = max(words, 1)
            while len(_joined(turned[:count], sign, rank, start)) < length:
                count += 1
            yield _joined(turned[:count], sign, rank, start)
    # Facts that forbid most letters: rarer and rarer signs.
    for first in "abcdefghijklmnopqrstuvwxyz":
        for second in "bcdefghijklmnopqrstuvwxyza":
            block = f"{first}{second}"
            listed = [block + chr(97 + (rank * 7) % 26) + second for rank in range(max(words, length // 5 + 1))]
            yield f"{'-'.join(listed).capitalize()}-7!"


def _joined(words: list[str], sign: str, rank: int, start: int) -> str:
    return (
        f"{sign.join([words[0].capitalize(), *words[1:]])}{sign}{(start * 7 + rank * 3) % 8 + 2}{(start + rank) % 10}"
    )
