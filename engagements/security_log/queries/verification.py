"""Whether the security log is as it was written: every link, every event, every anchor."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from engagements.models import SecurityEvent
from engagements.models.security import SecurityLink
from engagements.security_log.queries.facts import facts_of
from engagements.security_log.rules import FIRST, link_hash

UNLINKED_AFTER = timedelta(minutes=15)  # the worker links within a minute; longer: it is away, or a link is gone
BACKDATED = timedelta(days=1)  # a clock is set back by less
MOST_PROBLEMS = 100
_BATCH = 2_000


@dataclass(frozen=True)
class Finding:
    """`problems` in words, the first hundred; `links` that were read; `waiting`: events not linked yet."""

    links: int
    last_hash: str
    waiting: int
    anchors: int
    problems: tuple[str, ...]


def verify(*, anchors: Sequence[tuple[int, str]], now: datetime) -> Finding:
    """Reads the whole chain in its order, in batches of 2,000. Writes nothing and raises nothing for what it finds."""
    problems: list[str] = []
    wanted = dict(anchors)
    before, expected, count = FIRST, 1, 0
    latest: datetime | None = None
    for position, kept, event, event_id in _links():
        count += 1
        if position != expected:
            problems.append(f"Positions {expected} to {position - 1} are missing.")
        if event is None:
            problems.append(f"Position {position}: event {event_id} is missing.")
        elif link_hash(before, position, facts_of(event)) != kept:
            problems.append(f"Position {position}: event {event_id}, its place or the hash is not what was written.")
        elif latest is not None and latest - event.at > BACKDATED:
            problems.append(f"Position {position}: event {event_id} is dated a day or more before what it follows.")
        if event is not None:
            latest = max(latest or event.at, event.at)
        if wanted.pop(position, kept) != kept:
            problems.append(f"Position {position} is not what its anchor says: the chain was written anew.")
        before, expected = kept, position + 1
    problems += [f"Position {position} has an anchor and is missing: the end was cut off." for position in wanted]
    unlinked = SecurityEvent.objects.filter(link=None)
    late = unlinked.filter(at__lt=now - UNLINKED_AFTER).count()
    if late:
        problems.append(f"Events without a place in the chain after 15 minutes: {late}. Is the worker running?")
    return Finding(count, before if count else "", unlinked.count(), len(anchors), tuple(problems[:MOST_PROBLEMS]))


def _links() -> Iterator[tuple[int, str, SecurityEvent | None, int]]:
    rows = SecurityLink.objects.order_by("position").values_list("position", "hash", "event_id")
    found = rows.iterator(chunk_size=_BATCH)
    while some := list(islice(found, _BATCH)):
        events = SecurityEvent.objects.in_bulk([event_id for _, _, event_id in some])
        for position, kept, event_id in some:
            yield position, kept, events.get(event_id), event_id
