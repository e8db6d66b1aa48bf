"""Limits of one statement, one wait for a lock and one idle transaction, by the kind of process.

The server ends what takes longer, so a page that went wrong holds a connection and its locks no longer than this.
`PORTAL_PROCESS` says what a process is: gunicorn and Celery set it. Commands have no limits: somebody watches them.
Long work of the web asks for more within its transaction: `atlas/ingest/operations.py`, putting a release in use.
"""

from dataclasses import dataclass

WEB, WORKER = "web", "worker"


@dataclass(frozen=True)
class Limits:
    """Seconds; 0 for none."""

    statement: float
    lock: float
    idle_in_transaction: float


LIMITS = {
    # A page takes well under a second; the largest table of an area 3 s on a slow machine.
    WEB: Limits(statement=30, lock=10, idle_in_transaction=60),
    # An import loads 73,000 tracts in one statement and waits for another import of the same data set.
    WORKER: Limits(statement=3_600, lock=1_800, idle_in_transaction=3_600),
}


def database_options(process: str) -> str:
    """What libpq sends when it connects; "" for a process without limits.

    >>> database_options("web")
    '-c statement_timeout=30000 -c lock_timeout=10000 -c idle_in_transaction_session_timeout=60000'
    """
    limits = LIMITS.get(process)
    if limits is None:
        return ""
    settings = {
        "statement_timeout": limits.statement,
        "lock_timeout": limits.lock,
        "idle_in_transaction_session_timeout": limits.idle_in_transaction,
    }
    return " ".join(f"-c {name}={round(1000 * seconds)}" for name, seconds in settings.items())
