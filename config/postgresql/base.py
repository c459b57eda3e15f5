"""Django's PostgreSQL backend, that asks « are you there? » after a rest only, not at each request of a busy class."""

from time import monotonic

from django.db.backends.postgresql import base

RESTED = 2.0
"""Seconds without a request after which a kept connection is checked before use."""


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that served a request a moment ago is taken for alive; one that failed is closed by Django itself."""

    _served_at = 0.0

    def close_if_unusable_or_obsolete(self) -> None:
        """Called by Django at both ends of a request."""
        failed = self.errors_occurred
        super().close_if_unusable_or_obsolete()
        if self.connection is None or failed:
            self._served_at = 0.0
        elif monotonic() - self._served_at < RESTED:
            self.health_check_done = True

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        self._served_at = monotonic()

    def close_if_health_check_failed(self) -> None:
        """The question itself, when it is asked."""
        super().close_if_health_check_failed()
        if self.health_check_done:
            self._served_at = monotonic()
