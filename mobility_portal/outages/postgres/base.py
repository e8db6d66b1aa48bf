"""ENGINE of DATABASES. A refused connection is tried each time; one that timed out is not, for a moment."""

import time
from typing import Any, ClassVar

import psycopg2
from django.db.backends.postgresql import base

SLOW, PAUSE = 0.5, 1.0  # seconds: a try that took longer, and without another try after it


class DatabaseWrapper(base.DatabaseWrapper):
    """All threads of a process share what one of them found out."""

    _away_until: ClassVar[float] = 0.0  # monotonic seconds

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Raises OperationalError as psycopg2 does."""
        began = time.monotonic()
        if began < DatabaseWrapper._away_until:
            raise psycopg2.OperationalError("The database did not answer a moment ago.")
        try:
            return super().get_new_connection(conn_params)
        except psycopg2.OperationalError:
            if time.monotonic() - began > SLOW:
                DatabaseWrapper._away_until = time.monotonic() + PAUSE
            raise
