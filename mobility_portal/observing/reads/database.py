"""The database: its size, and how many of its connections are taken."""

from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from mobility_portal.observing.applied_migrations import are_applied
from mobility_portal.observing.figures import Figure, State
from mobility_portal.observing.words import count, gigabytes, how_long

_ACT_SHARE, _WATCH_SHARE = 0.9, 0.75
_LONG = 300.0  # seconds of one transaction
# No text of a statement is read, only for how long one runs.
_SQL = """
SELECT pg_database_size(current_database()),
       (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
       current_setting('max_connections')::int,
       coalesce((SELECT extract(epoch FROM max(clock_timestamp() - xact_start)) FROM pg_stat_activity
                 WHERE datname = current_database() AND pid <> pg_backend_pid()
                   AND backend_type = 'client backend'), 0)::float,
       current_setting('server_version')
"""


def read(now: datetime) -> tuple[Figure, ...]:
    """Two statements at most."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL)
        size, taken, most, longest, version = cursor.fetchone()
    applied = are_applied()
    share = taken / most
    return (
        Figure("database_size_bytes", _("Size"), gigabytes(size), size),
        Figure(
            "database_connections",
            _("Connections"),
            _("%(taken)s of %(most)s taken") % {"taken": count(taken), "most": count(most)},
            taken,
            state=State.ACT if share > _ACT_SHARE else State.WATCH if share > _WATCH_SHARE else State.FINE,
            advice=_("Raise max_connections of the server, or run fewer web processes and workers."),
        ),
        Figure("database_connections_limit", _("Connections at most"), "", most),
        Figure(
            "database_longest_transaction_seconds",
            _("Longest transaction that runs"),
            how_long(longest) if longest else _("none"),
            longest,
            state=State.WATCH if longest > _LONG else State.FINE,
            advice=_("An import or a backup may take this long. Anything else should be looked into."),
        ),
        Figure(
            "migrations_applied",
            _("Tables of this version"),
            _("all there") if applied else _("some are missing"),
            float(applied),
            state=State.FINE if applied else State.ACT,
            advice=_("Run manage.py migrate with this version of the code."),
        ),
        Figure("database_version", _("Postgres"), version),
    )
