"""Keys made from people's texts: search, order and matching, with one table for every room (spec: schools 9.2)."""

import re
import unicodedata

_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i"})
_SPACES = re.compile(r"\s+")


def unaccent(text: str) -> str:
    """Lower case, ligatures opened, accents dropped; spaces and signs stay."""
    folded = text.lower().translate(_LETTERS)
    decomposed = unicodedata.normalize("NFD", folded)
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not "\u0300" <= c <= "\u036f"))


def search_key(text: str) -> str:
    """What search and order compare: case, accents, ligatures and spaces folded."""
    return _SPACES.sub(" ", unaccent(text)).strip()


def match_key(text: str) -> str:
    """What identity matching compares: letters and digits of every script, nothing else."""
    return "".join(c for c in unaccent(text) if c.isalnum())


def squeeze(text: str) -> str:
    """Trimmed, inner white space collapsed to one space."""
    return _SPACES.sub(" ", text).strip()
