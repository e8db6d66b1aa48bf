"""Which failures are outages: they pass, and the same request is worth sending again."""

import errno
from dataclasses import dataclass
from enum import StrEnum

import redis
from django.db import DatabaseError, InterfaceError, OperationalError
from kombu.exceptions import OperationalError as BrokerError


class Outage(StrEnum):
    """What is away, as logs and metrics name it."""

    DATABASE_AWAY = "database_away"
    READ_ONLY = "read_only"
    BUSY = "busy"
    DISK_FULL = "disk_full"
    BROKER_AWAY = "broker_away"


@dataclass(frozen=True)
class _Rule:
    states: tuple[str, ...]
    outage: Outage


# By SQLSTATE (appendix A of the manual of Postgres), or the class that its first two characters are; the first fits.
_RULES = (
    _Rule(("25006",), Outage.READ_ONLY),  # read_only_sql_transaction
    _Rule(("53100", "58030"), Outage.DISK_FULL),  # disk_full, io_error
    _Rule(("53", "54001", "55P03", "57014", "40001", "40P01", "25P03", "25P04"), Outage.BUSY),
    _Rule(("08", "57", "28", "3D", "58"), Outage.DATABASE_AWAY),
)
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})
_NO_HANDLES = frozenset({errno.EMFILE, errno.ENFILE})
_BROKER_WORDS = ("MISCONF", "OOM ", "READONLY", "LOADING", "MASTERDOWN")
_DEPTH = 6  # causes of causes that are looked at

# Seconds after which asking again makes sense, for Retry-After.
RETRY_AFTER = {
    Outage.DATABASE_AWAY: 5,
    Outage.READ_ONLY: 60,
    Outage.BUSY: 5,
    Outage.DISK_FULL: 300,
    Outage.BROKER_AWAY: 5,
}


def find_outage(error: BaseException | None) -> Outage | None:
    """The outage behind an exception, or None for a fault of the portal's own."""
    for _step in range(_DEPTH):
        if error is None:
            return None
        found = _of(error)
        if found is not None:
            return found
        error = error.__cause__
    return None


def _of(error: BaseException) -> Outage | None:
    if isinstance(error, DatabaseError | InterfaceError):
        return _of_database(error)
    if isinstance(error, redis.ConnectionError | redis.TimeoutError | BrokerError):
        return Outage.BROKER_AWAY
    if isinstance(error, redis.ResponseError):
        return Outage.BROKER_AWAY if str(error).startswith(_BROKER_WORDS) else None
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        return Outage.DISK_FULL
    if isinstance(error, OSError) and error.errno in _NO_HANDLES:
        return Outage.BUSY
    return None


def _of_database(error: BaseException) -> Outage | None:
    state = getattr(error.__cause__, "pgcode", None) or ""
    for rule in _RULES:
        if state and state.startswith(rule.states):
            return rule.outage
    # A connection that was refused or broke has no state: the server had no time to name one.
    is_lost = isinstance(error, OperationalError | InterfaceError) or type(error) is DatabaseError
    return Outage.DATABASE_AWAY if is_lost and not state else None
