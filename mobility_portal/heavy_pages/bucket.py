"""A bucket of tokens for each reader: so many at once, then so many a minute.

Kept as one number, the time at which the bucket will be full again (the generic cell rate algorithm: ITU-T I.371,
annex A, in its virtual-scheduling form). Redis holds it for all processes; while Redis is away each process counts for
itself, so a limit never lets everything pass and never stops anybody by mistake for long.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from django.core.cache import cache

from atlas.web.rate_limits import Bucket

_MOST_READERS = 10_000  # that one process counts by itself
# KEYS: the reader's. ARGV: seconds for one token, tokens at once. Returns seconds to wait, 0 where one was taken.
_TAKE = """
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local step, most = tonumber(ARGV[1]), tonumber(ARGV[2])
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now)
local wait = full - now - step * (most - 1)
if wait > 0 then return tostring(wait) end
redis.call('SET', KEYS[1], string.format('%.6f', full + step), 'PX', math.ceil((full + step - now) * 1000) + 1000)
return '0'
"""


def next_state(full_at: float, now: float, bucket: Bucket) -> tuple[float, float]:
    """(when the bucket is full again, seconds to wait): a token is taken where nothing is to wait for.

    >>> next_state(0.0, 100.0, Bucket(at_once=2, per_minute=60))
    (101.0, 0.0)
    >>> next_state(102.0, 100.0, Bucket(at_once=2, per_minute=60))
    (102.0, 1.0)
    """
    step = 60 / bucket.per_minute
    full_at = max(full_at, now)
    wait = full_at - now - step * (bucket.at_once - 1)
    return (full_at, wait) if wait > 1e-9 else (full_at + step, 0.0)


class OwnBuckets:
    """Of one process, while Redis is away; of the readers seen last."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, most: int = _MOST_READERS):
        self._clock, self._most = clock, most
        self._full: OrderedDict[str, float] = OrderedDict()
        self._lock = Lock()

    def take(self, key: str, bucket: Bucket) -> float:
        with self._lock:
            now = self._clock()
            self._full[key], wait = next_state(self._full.pop(key, now), now, bucket)
            while len(self._full) > self._most:
                self._full.popitem(last=False)
            return wait

    def __len__(self) -> int:
        return len(self._full)


own_buckets = OwnBuckets()


def take_token(key: str, bucket: Bucket) -> int:
    """Whole seconds to wait; 0: a token was taken."""
    store = cache._cache  # type: ignore[attr-defined]  # django-stubs leave out what the Redis cache keeps
    name = cache.make_key(f"heavy:{key}")
    step = 60 / bucket.per_minute

    def ask() -> str:
        return store.get_client(name, write=True).eval(_TAKE, 1, name, step, bucket.at_once)

    said = cache._forgive(ask, None)  # type: ignore[attr-defined]
    wait = own_buckets.take(key, bucket) if said is None else float(said)
    return math.ceil(wait)
