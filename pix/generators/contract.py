"""What a generator and a gabarit give: everything comes out of one draw, so it can be rebuilt from its seed.

``seed`` → ``random.Random(seed)`` → ``make(rng, params)`` → ``Draw``. Nothing else is stored: the same bytes and the
same answer come back for a complaint, an audit or a jury (content plan 7.1).
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol


@dataclass(frozen=True, slots=True)
class Verdict:
    """Judgement of a state or of a returned file: success, and in French what is missing (shown after the run)."""

    ok: bool
    unmet: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Returned:
    """A file that a pupil sends back: its claimed name and its bytes (already under the size limit)."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class File:
    """A file to download; its bytes are made at download time only, always the same for one seed."""

    name: str
    media_type: str
    build: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Preview:
    """The accessible twin of a file: the same information, readable with a keyboard and a screen reader.

    ``table``: ``{"caption", "header": [str], "rows": [[str]]}`` · ``tree``: ``{"name", "children": [...]}`` (a leaf has
    no ``children``; optional ``"detail"``) · ``text``: ``{"lines": [str]}`` · ``list``: ``{"items": [str]}``.
    """

    kind: Literal["table", "tree", "text", "list"]
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Draw:
    """One pupil's variant."""

    values: Mapping[str, Any] = field(default_factory=dict)
    """Fill ``{{ name }}`` in the question's texts."""
    solution: str | None = None
    """In the syntax of the template (learning 1.5); replaces the question's own solution."""
    files: tuple[File, ...] = ()
    preview: Preview | None = None
    state: Mapping[str, Any] | None = None
    """Initial state handed to the web component. Must not hold or reveal the answer."""
    check: Callable[[Any], Verdict] | None = None
    """Judges what comes back: the final state (a JSON value) or a ``Returned`` file. ``None`` for classic templates.

    Must accept any JSON value or bytes without raising: what is malformed is a failure that says why."""
    solve: Callable[[], Any] | None = None
    """Gives ``example``; called only by the checks of the bank, the demonstration and the tests, never for a pupil's page."""
    shown_solution: str | None = None
    """The right answer in words, for the correction."""

    @property
    def example(self) -> Any:
        """A final state (or a ``Returned`` file) that ``check`` accepts: proves that the task can be done."""
        return self.solve() if self.solve is not None else None


class Make(Protocol):
    """``make(rng, params)``: pure; all randomness from ``rng``; raises ``BadParams`` on parameters it does not know."""

    def __call__(self, rng: random.Random, params: Mapping[str, Any]) -> Draw: ...


class BadParams(ValueError):
    """The author's parameters are wrong; the message is for the author and names the key."""
