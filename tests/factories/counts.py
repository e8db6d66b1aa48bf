"""What the portal counted of this test's requests."""

from django.core.cache import cache, caches


def forget_counts() -> None:
    """As if an hour had passed: limits in Redis and those of sign-in, which are in Postgres."""
    cache.clear()
    caches["sign_in_limits"].clear()
