"""Reads what authors write (proposals, solutions) and what pupils send (answers), before anything is judged.

Source: learning 1.5 and 2.4. Two families of errors: ``MalformedContent`` is the author's (refused at publication,
``Unplayable`` at run), ``MalformedAnswer`` is the sender's (HTTP 422, nothing stored). YAML is read with strings only.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import yaml

MAX_ANSWER_LENGTH = 10_000
"""Characters of one answer or of one field; beyond, the sender is not a pupil typing."""

LABEL_FROM = 7
"""A text block of at least this many characters before a field names it (« longer than 6 »)."""


class MalformedContent(ValueError):
    """The author's text cannot be read. ``code`` is stable, the message is for the author."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class MalformedAnswer(ValueError):
    """What was sent is not an answer to this question: 422. ``code``: ``EMPTY_ANSWER``, ``FIELDS_MISMATCH``,
    ``UNKNOWN_CHOICE`` or ``ANSWER_TOO_LONG``."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class QuestionType(StrEnum):
    """Types that the engine corrects; ``INTERACTIVE`` is judged by the checker of its template."""

    QCU = "QCU"
    QCM = "QCM"
    QROC = "QROC"
    QROCM_IND = "QROCM-ind"
    QROCM_DEP = "QROCM-dep"
    INTERACTIVE = "interactive"


@dataclass(frozen=True, slots=True)
class Treatments:
    """Which treatments of free text are on (learning 2.3); ``keep``: extra significant symbols of the question."""

    t1: bool = True
    t2: bool = True
    t3: bool = True
    keep: str = ""


ALL_ON = Treatments()


@dataclass(frozen=True, slots=True)
class Field:
    """One place to fill. ``options`` is ``None`` for free text; ``label`` names the field to everybody."""

    key: str
    label: str
    placeholder: str = ""
    aria: str = ""
    options: tuple[str, ...] | None = None
    value: str = ""


@dataclass(frozen=True, slots=True)
class Playable:
    """A question that can be shown and judged.

    ``choices``: texts of a QCU or QCM. ``blocks``: Markdown texts and fields in reading order. ``expected``: right
    indices (1-based, sorted) of a QCU or QCM. ``variants``: accepted texts per solution key (key ``""`` for a QROC).
    """

    type: QuestionType
    choices: tuple[str, ...] = ()
    blocks: tuple[str | Field, ...] = ()
    expected: tuple[int, ...] = ()
    variants: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    format: str = "mots"
    treatments: Treatments = ALL_ON

    @property
    def fields(self) -> tuple[Field, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Field))


@dataclass(frozen=True, slots=True)
class Unplayable:
    """A question whose content is wrong: status ``unimplemented``, no evidence, staff alerted."""

    code: str
    message: str


Answer = str | tuple[int, ...] | dict[str, str]
"""Free text, chosen indices, or field key → text."""


# --- what authors write -------------------------------------------------------------------------------------------

_DASH = re.compile(r"\n[ \t]*-[ \t]*")
_ATTRIBUTE = r'[ \t]+(?:options=\[(?:"(?:\\.|[^"\\])*"|[^\]"])*\]|value="[^"]*")'
_FIELD = re.compile(rf"\$\{{(?P<body>[^}}]*)\}}(?P<after>(?:{_ATTRIBUTE})*)")
_ATTRIBUTES = re.compile(_ATTRIBUTE)
_BODY = re.compile(r"\s*(?P<key>[^\s#§]+)\s*(?:#(?P<placeholder>[^§]*))?(?:§(?P<aria>.*))?", re.DOTALL)
_INDEX = re.compile(r"[1-9][0-9]{0,3}")


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def split_choices(proposals: str) -> tuple[str, ...]:
    """The choices of a dash list. A line without dash continues the choice above; the first dash may be absent."""
    parts = _DASH.split("\n" + _lines(proposals).strip())
    return tuple(text for text in (part.strip() for part in parts) if text)


def split_blocks(proposals: str) -> tuple[str | Field, ...]:
    """Markdown texts and fields in reading order; white blocks are dropped.

    A field is named by its aria label, else by the text just before it when longer than 6 characters, else
    « Réponse {n} ». Raises ``MalformedContent`` (``BAD_FIELD``, ``DUPLICATE_FIELD``).
    """
    text = _lines(proposals)
    blocks: list[str | Field] = []
    keys: set[str] = set()
    end = 0
    for match in _FIELD.finditer(text):
        before = text[end : match.start()]
        end = match.end()
        if before.strip():
            blocks.append(before)
        made = _field(match["body"], match["after"], before.strip(), len(keys) + 1)
        if made.key in keys:
            raise MalformedContent("DUPLICATE_FIELD", f"field « {made.key} » appears twice")
        keys.add(made.key)
        blocks.append(made)
    if text[end:].strip():
        blocks.append(text[end:])
    return tuple(blocks)


def _field(body: str, after: str, before: str, number: int) -> Field:
    inside = "".join(_ATTRIBUTES.findall(body))
    match = _BODY.fullmatch(_ATTRIBUTES.sub("", body))
    if match is None:
        raise MalformedContent("BAD_FIELD", f"field « ${{{body}}} » cannot be read")
    options: tuple[str, ...] | None = None
    value = ""
    for attribute in _ATTRIBUTES.findall(inside + after):
        name, _, written = attribute.strip().partition("=")
        if name == "value":
            value = written[1:-1]
            continue
        try:
            listed = json.loads(written)
        except ValueError:
            listed = None
        if not isinstance(listed, list) or not listed or not all(isinstance(option, str) for option in listed):
            raise MalformedContent("BAD_FIELD", f"options of field « {match['key']} » must be a list of texts")
        options = tuple(listed)
    aria = (match["aria"] or "").strip()
    label = aria or (before if len(before) >= LABEL_FROM else f"Réponse {number}")
    return Field(match["key"], label, (match["placeholder"] or "").strip(), aria, options, value)


def _indices(solution: str, choices: int) -> tuple[int, ...]:
    tokens = [token.strip() for token in solution.strip().split(",")]
    if not all(_INDEX.fullmatch(token) for token in tokens):
        raise MalformedContent("BAD_SOLUTION", f"solution « {solution.strip()} » is not a list of indices")
    indices = tuple(sorted(int(token) for token in tokens))
    if indices[-1] > choices:
        raise MalformedContent("UNKNOWN_CHOICE", f"solution names choice {indices[-1]}, there are {choices}")
    if len(set(indices)) != len(indices):
        raise MalformedContent("BAD_SOLUTION", "the same choice is named twice in the solution")
    return indices


def _text_variants(values: Sequence[object], key: str) -> tuple[str, ...]:
    texts = tuple(value.strip() for value in values if isinstance(value, str) and value.strip())
    if not texts or not all(isinstance(value, str) for value in values):
        raise MalformedContent("BAD_SOLUTION", f"no usable variant{f' for « {key} »' if key else ''}")
    return texts


def _strings(text: str) -> object:
    """YAML where every scalar stays text (``12``, ``yes``, ``1.0``)."""
    return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 (builds texts, lists and maps only)


def read_variants(solution: str) -> dict[str, tuple[str, ...]]:
    """Solution of a QROCM: key → variants. A single text stands for a list of one. Raises ``MalformedContent``."""
    try:
        loaded = _strings(_lines(solution))
    except yaml.YAMLError as error:
        raise MalformedContent("BAD_SOLUTION", f"solution is not YAML: {error}") from None
    if not isinstance(loaded, dict) or not loaded:
        raise MalformedContent("SOLUTION_NOT_A_MAP", "the solution of a QROCM is a map: key → list of variants")
    variants: dict[str, tuple[str, ...]] = {}
    for key, values in loaded.items():
        if not isinstance(key, str) or not key.strip():
            raise MalformedContent("BAD_SOLUTION", "a key of the solution is not a text")
        variants[key.strip()] = _text_variants(values if isinstance(values, list) else [values], key)
    return variants


def read_question(
    type: str,
    proposals: str,
    solution: str,
    *,
    format: str = "mots",
    treatments: Treatments = ALL_ON,
    auto_reply: bool = False,
) -> Playable:
    """Reads one question, texts already filled with the pupil's draw. ``QROCM`` alone is read as ``QROCM-ind``.

    ``auto_reply``: the embed answers, so a QROC may have no field. Raises ``MalformedContent``.
    """
    try:
        kind = QuestionType("QROCM-ind" if type == "QROCM" else type)
    except ValueError:
        raise MalformedContent("UNKNOWN_TYPE", f"type « {type} » cannot be played") from None
    if kind is QuestionType.INTERACTIVE:
        return Playable(kind)
    if kind in (QuestionType.QCU, QuestionType.QCM):
        choices = split_choices(proposals)
        expected = _indices(solution, len(choices))
        if kind is QuestionType.QCU and len(expected) != 1:
            raise MalformedContent("BAD_SOLUTION", "a QCU has exactly one right choice")
        return Playable(kind, choices=choices, expected=expected)
    blocks = split_blocks(proposals)
    fields = [block for block in blocks if isinstance(block, Field)]
    if kind is QuestionType.QROC:
        if len(fields) != 1 and not (auto_reply and not fields):
            raise MalformedContent("FIELD_COUNT", f"a QROC has exactly one field, not {len(fields)}")
        lines = [line for line in _lines(solution).split("\n") if line.strip()]
        variants = {"": _text_variants(lines, "")}
    else:
        if not fields:
            raise MalformedContent("FIELD_COUNT", "a QROCM has at least one field")
        variants = read_variants(solution)
        if kind is QuestionType.QROCM_DEP and len(variants) < len(fields):
            raise MalformedContent("FIELD_COUNT", f"{len(fields)} fields for {len(variants)} solution keys")
        if kind is QuestionType.QROCM_IND and not {f.key for f in fields} <= variants.keys():
            raise MalformedContent("FIELDS_MISMATCH", "a field has no solution")
    return Playable(kind, blocks=blocks, variants=variants, format=format, treatments=treatments)


def read_for_run(
    type: str,
    proposals: str,
    solution: str,
    *,
    format: str = "mots",
    treatments: Treatments = ALL_ON,
    auto_reply: bool = False,
) -> Playable | Unplayable:
    """``read_question`` for a run in progress: wrong content gives ``Unplayable``, never an error for the pupil."""
    try:
        return read_question(type, proposals, solution, format=format, treatments=treatments, auto_reply=auto_reply)
    except MalformedContent as error:
        return Unplayable(error.code, str(error))


# --- what pupils send ---------------------------------------------------------------------------------------------


def _storable(text: str) -> str:
    """Without what a database cannot hold: NUL, lone surrogates."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def read_answer(question: Playable, value: str | Sequence[str] | Mapping[str, object]) -> Answer:
    """The answer in the shape of its question, from a form, a stored answer or an imported log.

    ``value``: text, list of ticked indices, map of fields, or the stored text (``1,3``; YAML or JSON map).
    Raises ``MalformedAnswer``. A skipped question has no answer: never call this for it.
    """
    if question.type in (QuestionType.QROCM_IND, QuestionType.QROCM_DEP):
        return _read_fields(question, value)
    if isinstance(value, Mapping):
        raise MalformedAnswer("FIELDS_MISMATCH", "this question has no named fields")
    text = _storable(value if isinstance(value, str) else ",".join(value))
    if not text.strip():
        raise MalformedAnswer("EMPTY_ANSWER", "nothing was answered")
    if len(text) > MAX_ANSWER_LENGTH:
        raise MalformedAnswer("ANSWER_TOO_LONG", f"an answer has at most {MAX_ANSWER_LENGTH} characters")
    if question.type not in (QuestionType.QCU, QuestionType.QCM):
        return text
    tokens = [token.strip() for token in text.split(",")]
    if question.type is QuestionType.QCU and len(tokens) != 1:
        raise MalformedAnswer("UNKNOWN_CHOICE", "a single choice is required")
    for token in tokens:
        if not _INDEX.fullmatch(token) or int(token) > len(question.choices):
            raise MalformedAnswer("UNKNOWN_CHOICE", f"« {token[:20]} » is not one of the choices")
    return tuple(sorted(int(token) for token in tokens))


def _read_fields(question: Playable, value: object) -> dict[str, str]:
    if isinstance(value, str):
        if not value.strip():
            raise MalformedAnswer("EMPTY_ANSWER", "nothing was answered")
        value = _load_fields(value)
    expected = {field.key for field in question.fields}
    if not isinstance(value, Mapping) or set(value) != expected:
        raise MalformedAnswer("FIELDS_MISMATCH", "the fields sent are not the fields of the question")
    texts: dict[str, str] = {}
    for made in question.fields:
        text = value[made.key]
        text = _storable(text) if isinstance(text, str) else ""
        if not text.strip():
            raise MalformedAnswer("FIELDS_MISMATCH", f"field « {made.key} » is empty")
        if len(text) > MAX_ANSWER_LENGTH:
            raise MalformedAnswer("ANSWER_TOO_LONG", f"a field has at most {MAX_ANSWER_LENGTH} characters")
        texts[made.key] = text
    return texts


def _load_fields(text: str) -> object:
    if len(text) > 20 * MAX_ANSWER_LENGTH:
        raise MalformedAnswer("ANSWER_TOO_LONG", "the answer is too long")
    try:
        loaded = json.loads(text)
        if isinstance(loaded, dict) and all(isinstance(item, str) for item in loaded.values()):
            return loaded
    except (ValueError, RecursionError):
        pass
    if len(text) > MAX_ANSWER_LENGTH:  # Reading YAML is slow: old logs only, never a way to keep the server busy.
        raise MalformedAnswer("ANSWER_TOO_LONG", "the answer is too long")
    try:
        return _strings(text)
    except (yaml.YAMLError, RecursionError):
        return None


def stored_form(answer: Answer) -> str:
    """The text kept in the log; ``read_answer`` reads it back to the same answer."""
    if isinstance(answer, str):
        return answer
    if isinstance(answer, dict):
        return json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    return ",".join(str(index) for index in answer)
