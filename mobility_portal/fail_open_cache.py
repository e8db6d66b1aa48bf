"""A Redis cache whose absence makes pages slower, never wrong."""

import logging
import time
from typing import Any, ClassVar

from django.core.cache.backends.redis import RedisCache
from django.utils.functional import cached_property
from redis.exceptions import ConnectionError, ResponseError, TimeoutError

from mobility_portal.caches.redis_client import PlainRedisClient

logger = logging.getLogger(__name__)

PAUSE = 5.0  # seconds without a try after a failure: requests do not each wait for a timeout
# What a server says that answers and keeps nothing: its disk or memory is full, it is a copy, or it only starts.
_KEEPS_NOTHING = ("MISCONF", "OOM ", "READONLY", "LOADING", "MASTERDOWN")


class FailOpenRedisCache(RedisCache):
    """While Redis is away every read is a miss and every write is dropped, said once per outage.

    Only connection trouble, and a server that keeps nothing, is forgiven: a wrong command, or a value that is neither
    JSON nor bytes, still raises.
    """

    _away_until = 0.0  # monotonic seconds, shared by the threads of a process
    _said = False
    # Django makes a cache for each thread. Their connections are shared: a thread that ends leaves no open socket.
    _clients: ClassVar[dict[str, Any]] = {}

    def __init__(self, server: Any, params: dict[str, Any]):
        super().__init__(server, params)
        self._class = PlainRedisClient

    @cached_property
    def _cache(self) -> Any:
        own: Any = self  # the stubs leave out what Django's class keeps
        key = repr((own._servers, sorted(own._options.items(), key=str)))
        if key not in FailOpenRedisCache._clients:
            FailOpenRedisCache._clients[key] = own._class(own._servers, **own._options)
        return FailOpenRedisCache._clients[key]

    def _forgive(self, operation, when_away):
        if time.monotonic() < FailOpenRedisCache._away_until:
            return when_away
        try:
            result = operation()
        except (ConnectionError, TimeoutError, ResponseError) as error:
            if isinstance(error, ResponseError) and not str(error).startswith(_KEEPS_NOTHING):
                raise
            FailOpenRedisCache._away_until = time.monotonic() + PAUSE
            if not FailOpenRedisCache._said:
                logger.warning("The cache does not answer, pages are computed afresh: %s", type(error).__name__)
            FailOpenRedisCache._said = True
            return when_away
        FailOpenRedisCache._said = False
        return result

    def add(self, *args, **kwargs):
        # True, as if stored: nobody else could have stored it either.
        return self._forgive(lambda: super(FailOpenRedisCache, self).add(*args, **kwargs), True)

    def get(self, key, default=None, version=None):
        return self._forgive(lambda: super(FailOpenRedisCache, self).get(key, default, version), default)

    def set(self, *args, **kwargs):
        return self._forgive(lambda: super(FailOpenRedisCache, self).set(*args, **kwargs), None)

    def incr(self, key, delta=1, version=None):
        return self._forgive(lambda: super(FailOpenRedisCache, self).incr(key, delta, version), delta)

    def touch(self, *args, **kwargs):
        return self._forgive(lambda: super(FailOpenRedisCache, self).touch(*args, **kwargs), False)

    def delete(self, *args, **kwargs):
        return self._forgive(lambda: super(FailOpenRedisCache, self).delete(*args, **kwargs), False)

    def get_many(self, *args, **kwargs):
        return self._forgive(lambda: super(FailOpenRedisCache, self).get_many(*args, **kwargs), {})

    def set_many(self, data, *args, **kwargs):
        return self._forgive(lambda: super(FailOpenRedisCache, self).set_many(data, *args, **kwargs), list(data))

    def delete_many(self, *args, **kwargs):
        return self._forgive(lambda: super(FailOpenRedisCache, self).delete_many(*args, **kwargs), None)

    def has_key(self, *args, **kwargs):
        return self._forgive(lambda: super(FailOpenRedisCache, self).has_key(*args, **kwargs), False)

    def clear(self):
        return self._forgive(lambda: super(FailOpenRedisCache, self).clear(), False)
