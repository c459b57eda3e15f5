"""Reads an author's parameters strictly: an unknown key is an error that names it, never ignored."""

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pix.generators.contract import BadParams

_TRUE = {"true", "oui", "yes", "1"}
_FALSE = {"false", "non", "no", "0"}


class Reader:
    """One mapping written by an author, with its place for messages. Every key read is ticked off; ``done`` refuses the rest.

    Substitution gives texts, so numbers and booleans are also read from their text form.
    """

    def __init__(self, raw: Any, where: str, rng: random.Random) -> None:
        if not isinstance(raw, Mapping):
            raise BadParams(f"{where}: a mapping is expected")
        self._raw: Mapping[str, Any] = raw
        self.where = where
        self.rng = rng
        self._seen: set[str] = set()

    def fail(self, key: str, why: str) -> BadParams:
        return BadParams(f"{self.where}.{key}: {why}")

    def has(self, key: str) -> bool:
        return self._raw.get(key) is not None

    def names(self) -> list[str]:
        return [str(key) for key in self._raw]

    def raw(self, key: str, default: Any = None) -> Any:
        self._seen.add(key)
        value = self._raw.get(key)
        return default if value is None else value

    def required(self, key: str) -> Any:
        if not self.has(key):
            raise self.fail(key, "missing")
        return self.raw(key)

    def text(self, key: str, default: str | None = None) -> str:
        """``default=None`` makes the key compulsory. ``{one_of: [...]}`` is drawn."""
        value = self.raw(key, default)
        if value is None:
            raise self.fail(key, "missing")
        return self.as_text(value, key)

    def as_text(self, value: Any, key: str) -> str:
        if (
            isinstance(value, Mapping)
            and set(value) == {"one_of"}
            and isinstance(value["one_of"], list)
            and value["one_of"]
        ):
            value = self.rng.choice(value["one_of"])
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise self.fail(key, "a text is expected")
        return str(value)

    def whole(self, key: str, default: int | None = None, low: int = 0, high: int = 10**9) -> int:
        value = self.raw(key, default)
        if value is None:
            raise self.fail(key, "missing")
        if isinstance(value, str) and value.strip().lstrip("-").isdecimal():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.fail(key, "a whole number is expected")
        if not low <= value <= high:
            raise self.fail(key, f"between {low} and {high}, not {value}")
        return value

    def boolean(self, key: str, default: bool = False) -> bool:
        return self.as_boolean(self.raw(key, default), key)

    def as_boolean(self, value: Any, key: str) -> bool:
        if isinstance(value, str) and value.strip().lower() in _TRUE | _FALSE:
            return value.strip().lower() in _TRUE
        if not isinstance(value, bool):
            raise self.fail(key, "true or false is expected")
        return value

    def choice(self, key: str, allowed: Sequence[str], default: str | None = None) -> str:
        value = self.text(key, default)
        if value not in allowed:
            raise self.fail(key, f"one of {', '.join(allowed)}, not {value!r}")
        return value

    def texts(self, key: str, default: Sequence[str] | None = ()) -> list[str]:
        """A list of texts; a lone text is a list of one."""
        value = self.raw(key, None if default is None else list(default))
        if value is None:
            raise self.fail(key, "missing")
        if not isinstance(value, list | tuple):
            value = [value]
        return [self.as_text(entry, f"{key}[{rank}]") for rank, entry in enumerate(value)]

    def subset(self, key: str, allowed: Sequence[str]) -> list[str]:
        """Tools: by default all; the author's list keeps the order of ``allowed``."""
        chosen = self.texts(key, allowed)
        for entry in chosen:
            if entry not in allowed:
                raise self.fail(key, f"{entry!r} is not one of {', '.join(allowed)}")
        return [entry for entry in allowed if entry in chosen]

    def entries(self, key: str, default: Sequence[Any] | None = ()) -> list[Any]:
        value = self.raw(key, None if default is None else list(default))
        if value is None:
            raise self.fail(key, "missing")
        if not isinstance(value, list):
            raise self.fail(key, "a list is expected")
        return value

    def sub(self, key: str) -> "Reader":
        return Reader(self.required(key), f"{self.where}.{key}", self.rng)

    def subs(self, key: str, default: Sequence[Any] | None = (), lone: str = "") -> Iterator["Reader"]:
        """Readers of a list of mappings; ``lone`` = the key that a bare text stands for."""
        for rank, entry in enumerate(self.entries(key, default)):
            bare = lone and (not isinstance(entry, Mapping) or set(entry) == {"one_of"})
            yield Reader({lone: entry} if bare else entry, f"{self.where}.{key}[{rank}]", self.rng)

    def done(self) -> None:
        unknown = sorted(str(key) for key in self._raw if str(key) not in self._seen)
        if unknown:
            raise BadParams(f"{self.where}: unknown key {', '.join(unknown)}")


def goals(params: Reader, verbs: Sequence[str], default: Sequence[Any] | None = None) -> list[tuple[str, Reader]]:
    """``goals`` as (verb, reader); each entry has exactly one verb beside ``say``. Raises ``BadParams``."""
    found = []
    for reader in params.subs("goals", default):
        here = [key for key in reader.names() if key in verbs]
        if len(here) != 1:
            raise BadParams(f"{reader.where}: one verb among {', '.join(verbs)} is expected")
        found.append((here[0], reader))
    if not found and default is None:
        raise BadParams(f"{params.where}.goals: at least one goal is expected")
    return found
