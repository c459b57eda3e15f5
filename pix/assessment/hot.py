"""The statements of the hot path, the same on both databases: one joined read elsewhere, three guarded writes here.

Everything else goes through the ORM. Guards: the unique keys of the log, and the versions that were read.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from pix.assessment.engine.knowledge import CompetenceState
from pix.assessment.models import Assessment
from pix.assessment.sitting import KnowledgeRow, Sitting, read_history, read_seen

ASSESSMENT_COLUMNS = (
    "id", "uuid", "user_id", "kind", "state", "scope", "participation", "engine", "release", "seed", "replay",
    "answered", "open_question", "open_skill", "served_at", "focus_lost_at", "recent", "history", "version", "created_at",
)  # fmt: skip
KNOWLEDGE_COLUMNS = ("competence", "data", "seen", "level", "version")


def selected(alias: str, columns: Sequence[str]) -> str:
    """``a.id, a.uuid, …``"""
    return ", ".join(f"{alias}.{column}" for column in columns)


def instant_of(value: Any) -> datetime | None:
    """A stored instant: SQLite gives a naive value in UTC, PostgreSQL an aware one."""
    if value is None:
        return None
    found = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def uuid_of(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)


def stored_uuid(value: UUID) -> Any:
    return value if connection.features.has_native_uuid_field else value.hex


def stored_instant(value: datetime | None) -> Any:
    return connection.ops.adapt_datetimefield_value(value)


def sitting_of(columns: Mapping[str, Any], user_uuid: UUID, knowledge: Sequence[Sequence[Any]]) -> Sitting:
    """A ``Sitting`` from the raw columns of its row and the raw rows of its person's knowledge."""
    created = instant_of(columns["created_at"])
    assert created is not None
    return Sitting(
        id=columns["id"],
        uuid=uuid_of(columns["uuid"]),
        user_id=columns["user_id"],
        user_uuid=user_uuid,
        kind=columns["kind"],
        state=columns["state"],
        scope=columns["scope"],
        participation=columns["participation"],
        engine=columns["engine"],
        release=columns["release"],
        seed=columns["seed"],
        replay=bool(columns["replay"]),
        answered=columns["answered"],
        open_question=columns["open_question"],
        open_skill=columns["open_skill"],
        served_at=instant_of(columns["served_at"]),
        focus_lost_at=instant_of(columns["focus_lost_at"]),
        recent=columns["recent"],
        history=read_history(columns["history"]),
        version=columns["version"],
        created_at=created,
        knowledge={
            row[0]: KnowledgeRow(
                row[0], CompetenceState.load(row[1], row[0]), read_seen(row[0], row[2]), row[3], row[4]
            )
            for row in knowledge
            if row[0] is not None
        },
    )


def sitting_of_row(row: Assessment, user_uuid: UUID, knowledge: Mapping[str, KnowledgeRow]) -> Sitting:
    """A ``Sitting`` from the ORM's row."""
    columns = {name: getattr(row, name) for name in ASSESSMENT_COLUMNS}
    return replace(sitting_of(columns, user_uuid, ()), knowledge=knowledge)


_INSERT_ANSWER = (
    "INSERT INTO assessment_answer (assessment_id, rank, question, outcome, value, time_spent, time_left, at) "
    "VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
)
_UPDATE_ASSESSMENT = (
    "UPDATE assessment_assessment SET answered = %s, open_question = %s, open_skill = %s, served_at = %s, "
    "focus_lost_at = NULL, recent = %s, history = %s, state = %s, completed_at = %s, version = version + 1 "
    "WHERE id = %s AND version = %s"
)
_UPSERT_KNOWLEDGE = (
    "INSERT INTO assessment_knowledgestate (user_id, competence, data, seen, units, level, pix, last_evidence_at, version) "
    "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 1) "
    "ON CONFLICT (user_id, competence) DO UPDATE SET data = excluded.data, seen = excluded.seen, units = excluded.units, "
    "level = excluded.level, pix = excluded.pix, last_evidence_at = excluded.last_evidence_at, "
    "version = assessment_knowledgestate.version + 1 WHERE assessment_knowledgestate.version = %s"
)


@contextmanager
def round_trip() -> Iterator[None]:
    """What is sent in this block leaves together on PostgreSQL, with one wait for all; counts are known after it."""
    if connection.vendor != "postgresql":
        yield
        return
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


def _sent(sql: str, values: Sequence[Any]) -> Callable[[], int]:
    cursor = connection.cursor()
    cursor.execute(sql, values)
    return lambda: int(cursor.rowcount)


def insert_answer(values: Sequence[Any]) -> Callable[[], int]:
    """Gives the number of rows written, to be asked for after the round trip."""
    return _sent(_INSERT_ANSWER, values)


def update_assessment(values: Sequence[Any]) -> Callable[[], int]:
    """The same: 0 when the row changed since it was read."""
    return _sent(_UPDATE_ASSESSMENT, values)


def upsert_knowledge(values: Sequence[Any]) -> Callable[[], int]:
    """The same: 0 when the row changed since it was read."""
    return _sent(_UPSERT_KNOWLEDGE, values)
