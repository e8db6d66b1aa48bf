"""The portal's cache: Redis, but for the counters of sign-in.

Redis may throw out any entry with an end when its memory is full, and whoever fills it could guess passwords without a
limit. django-allauth and Django REST framework count in the default cache and let nobody choose another, so what they
count is told apart by its key.
"""

from typing import Any

from django.core.cache import BaseCache, caches

from mobility_portal.fail_open_cache import FailOpenRedisCache

# Rates and used codes of allauth, used tokens of its OpenID Connect, and tries at the API that were not let in.
OF_SIGN_IN = ("allauth:", "allauth.", "jwt:iss=", "throttle_stranger_")


class PortalCache(FailOpenRedisCache):
    """Calls for several keys at once are Redis's alone: nobody counts with them."""

    def _kept(self, key: str) -> BaseCache | None:
        return caches["sign_in_limits"] if key.startswith(OF_SIGN_IN) else None

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        kept = self._kept(key)
        return kept.get(key, default, version) if kept else super().get(key, default, version)

    def set(self, key: str, value: Any, *args: Any, **kwargs: Any) -> None:
        kept = self._kept(key)
        if kept:
            kept.set(key, value, *args, **kwargs)
        else:
            super().set(key, value, *args, **kwargs)

    def add(self, key: str, value: Any, *args: Any, **kwargs: Any) -> bool:
        kept = self._kept(key)
        return kept.add(key, value, *args, **kwargs) if kept else super().add(key, value, *args, **kwargs)

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        kept = self._kept(key)
        return kept.incr(key, delta, version) if kept else super().incr(key, delta, version)

    def touch(self, key: str, *args: Any, **kwargs: Any) -> bool:
        kept = self._kept(key)
        return kept.touch(key, *args, **kwargs) if kept else super().touch(key, *args, **kwargs)

    def delete(self, key: str, *args: Any, **kwargs: Any) -> bool:
        kept = self._kept(key)
        return kept.delete(key, *args, **kwargs) if kept else super().delete(key, *args, **kwargs)

    def has_key(self, key: str, version: int | None = None) -> bool:
        kept = self._kept(key)
        return kept.has_key(key, version) if kept else super().has_key(key, version)
