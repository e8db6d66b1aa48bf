"""How long what is kept about people stays, beyond what ends by itself elsewhere. Pure.

Sessions, sources of the security log, public-records files, sign-in counters and map uploads end where they are made.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Limit:
    """`days` after the moment that `counts_from` says in words."""

    days: int
    counts_from: str


LIMITS = {
    "notifications_read": Limit(180, "when it was read"),
    "notifications_unread": Limit(400, "when it was made"),
    "sent_mail": Limit(400, "the end of the period it told of"),
    "forms_sent": Limit(400, "when it was sent"),
    "api_calls": Limit(7, "when it was made"),
    "keys_ended": Limit(400, "when it ended"),
    "invitations_closed": Limit(180, "when it was used, withdrawn or too old"),
    "received_mail": Limit(90, "when it came"),
    "refusing_addresses": Limit(400, "when mail failed last"),
    "runs": Limit(90, "the run"),
}


def cutoff(kind: str, now: datetime) -> datetime:
    """What counts from a moment before this one has been kept long enough. Raises KeyError for an unknown kind."""
    return now - timedelta(days=LIMITS[kind].days)


def is_over(kind: str, since: datetime, now: datetime) -> bool:
    """Whether it goes: kept longer than stated, to the moment."""
    return since < cutoff(kind, now)
