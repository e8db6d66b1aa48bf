"""A worker says every few seconds that it lives, so that a health check costs one read, not a broadcast."""

import logging

import redis
from celery import bootsteps
from django.conf import settings

logger = logging.getLogger(__name__)

KEY = "portal:worker-heartbeat"
EVERY = 3  # seconds
FORGOTTEN_AFTER = 10  # seconds


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
        self._beat()
        self.entry = parent.timer.call_repeatedly(EVERY, self._beat)

    def stop(self, parent):
        if self.entry:
            self.entry.cancel()
            self.entry = None

    def _beat(self) -> None:
        try:
            with connect() as connection:
                connection.set(KEY, "alive", ex=FORGOTTEN_AFTER)
        except redis.RedisError as error:
            # The worker's own connection notices and retries; a missing beat is the truth meanwhile.
            logger.warning("No heartbeat: %s", type(error).__name__)
