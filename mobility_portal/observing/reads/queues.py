"""Workers, and the messages that wait for one."""

import json
from datetime import datetime

from django.utils.translation import gettext as _

from mobility_portal import heartbeat
from mobility_portal.background.queues import ALL, OLD_QUEUE
from mobility_portal.observing import notes
from mobility_portal.observing.figures import Figure, State
from mobility_portal.observing.task_log import PUBLISHED_AT
from mobility_portal.observing.words import count, how_long

_ACT_AFTER, _WATCH_AFTER = 600.0, 60.0  # seconds that the oldest message waits; beat's own ones expire sooner


def read(now: datetime) -> tuple[Figure, ...]:
    """One round trip to the broker."""
    pipe = notes.client().pipeline(transaction=False)
    for queue in ALL:
        pipe.exists(*heartbeat.keys([queue]))
        pipe.llen(queue)
        pipe.lindex(queue, -1)  # the broker's client pushes at the left and takes at the right
    found = pipe.execute()
    each = zip(ALL, found[::3], found[1::3], found[2::3], strict=True)
    return tuple(
        figure
        for queue, beats, length, oldest in each
        for figure in (_worker(queue, bool(beats)), *_queue(queue, length, oldest, now))
        if figure.labels["queue"] != OLD_QUEUE or length
    )


def _worker(queue: str, beats: bool) -> Figure:
    return Figure(
        "worker_alive",
        _("Worker of %(name)s") % {"name": queue},
        "" if beats else _("none answers"),
        float(beats),
        {"queue": queue},
        State.FINE if beats else State.ACT,
        _("Start the worker again. Until then what waits in its queue is not done; nothing is lost."),
    )


def _queue(queue: str, length: int, oldest: bytes | None, now: datetime) -> list[Figure]:
    waited = _waited(oldest, now)
    state = State.ACT if waited > _ACT_AFTER else State.WATCH if waited > _WATCH_AFTER else State.FINE
    shown = (
        _("%(number)s waiting, the oldest for %(time)s") % {"number": count(length), "time": how_long(waited)}
        if length
        else _("nothing waits")
    )
    labels = {"queue": queue}
    advice = _("If a worker runs, it is busy: give it more processes, or wait for the import that runs.")
    label = _("Queue of %(name)s") % {"name": queue}
    return [
        Figure("queue_messages", label, "", length, labels),
        Figure("queue_oldest_seconds", label, shown, waited, labels, state, advice),
    ]


def _waited(message: bytes | None, now: datetime) -> float:
    """Seconds; 0 for none, and for one of an older release, which does not say when it was sent."""
    if message is None:
        return 0.0
    try:
        sent = json.loads(message)["headers"].get(PUBLISHED_AT)
    except (ValueError, KeyError, TypeError):
        return 0.0
    return max(0.0, now.timestamp() - sent) if isinstance(sent, int | float) else 0.0
