"""A worker says every few seconds that it lives, so that a health check costs one read, not a broadcast."""

import logging
from collections.abc import Iterable

import redis
from celery import bootsteps
from django.conf import settings

from mobility_portal.background.queues import Queue

logger = logging.getLogger(__name__)

KEY = "portal:worker-heartbeat"  # and a colon and the queue: one beat for each that somebody takes from
EVERY = 3  # seconds
FORGOTTEN_AFTER = 10  # seconds


def keys(queues: Iterable[str] = tuple(Queue)) -> list[str]:
    """Of the beats of these queues; all of them together say that every kind of work is done."""
    return [f"{KEY}:{queue}" for queue in queues]


def connect() -> redis.Redis:
    """A connection that fails fast: one try, sub-second timeouts."""
    return redis.Redis.from_url(settings.REDIS_URL, retry=None, **settings.REDIS_TIMEOUTS)


class WorkerHeartbeat(bootsteps.StartStopStep):
    """Runs in the worker's main process, beside its pool: a busy worker still beats."""

    requires = {"celery.worker.consumer.tasks:Tasks"}

    def __init__(self, parent, **kwargs):
        super().__init__(parent, **kwargs)
        self.entry = None

    def start(self, parent):
        taken = keys(parent.app.amqp.queues.consume_from)
        self._beat(taken)
        self.entry = parent.timer.call_repeatedly(EVERY, self._beat, (taken,))

    def stop(self, parent):
        if self.entry:
            self.entry.cancel()
            self.entry = None

    def _beat(self, taken: list[str]) -> None:
        try:
            with connect() as connection:
                for key in taken:
                    connection.set(key, "alive", ex=FORGOTTEN_AFTER)
        except redis.RedisError as error:
            # The worker's own connection notices and retries; a missing beat is the truth meanwhile.
            logger.warning("No heartbeat: %s", type(error).__name__)
