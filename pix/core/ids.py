"""Public identifiers: UUIDv7, so that they sort by creation and reveal no count."""

from uuid import UUID

from uuid_utils.compat import uuid7 as _uuid7


def uuid7() -> UUID:
    """A new time-ordered public identifier (standard ``uuid.UUID``, version 7)."""
    return _uuid7()
