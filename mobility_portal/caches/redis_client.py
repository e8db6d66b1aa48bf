"""Django's client of Redis, for which an entry that can't be read is not there."""

import logging
from typing import Any

from django.core.cache.backends.redis import RedisCacheClient

from mobility_portal.caches.plain_values import NotReadable, PlainSerializer

logger = logging.getLogger(__name__)


class PlainRedisClient(RedisCacheClient):
    def __init__(self, servers: list[str], **options: Any):
        super().__init__(servers, **{"serializer": PlainSerializer, **options})

    def get(self, key: Any, default: Any) -> Any:
        try:
            return super().get(key, default)
        except NotReadable:
            _tell(key)
            return default

    def get_many(self, keys: Any) -> dict[Any, Any]:
        missing = object()
        found = {key: self.get(key, missing) for key in keys}
        return {key: value for key, value in found.items() if value is not missing}


def _tell(key: str) -> None:
    # Only what kind of entry it is: what follows may name a person.
    logger.warning("An entry of the cache is not this portal's and was left alone: %s...", key.split(":")[2][:20])
