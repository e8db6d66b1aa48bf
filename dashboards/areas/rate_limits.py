"""How many areas one address may make: anybody may, a machine may not fill the database."""

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

HOUR = 3600
STRANGERS, SIGNED_IN = 240, 2_400  # areas an hour; a file of districts costs one for each it makes
FILES = 30  # files an hour that are read and counted


def consume_rate_limit(request: HttpRequest, what: str, cost: int = 1) -> bool:
    """Takes `cost` from what this address, or this person, has left of the hour; False when it is not there.

    Addresses are kept as keyed hashes for an hour and nowhere else. While the cache is away nothing is counted.
    """
    signed_in = request.user.is_authenticated
    most = FILES * (10 if signed_in else 1) if what == "file" else SIGNED_IN if signed_in else STRANGERS
    who = f"person {request.user.pk}" if signed_in else reader_address(request)
    key = f"areas-{what}-{salted_hmac('areas', who).hexdigest()[:32]}"
    cache.add(key, 0, HOUR)
    if _add(key, cost) <= most:
        return True
    _add(key, -cost)
    return False


def _add(key: str, cost: int) -> int:
    try:
        return cache.incr(key, cost)
    except ValueError:  # the hour ended between two commands
        cache.set(key, cost, HOUR)
        return cost


def reader_address(request: HttpRequest) -> str:
    """What the proxy in front wrote last; without one the header is anybody's invention."""
    if settings.BEHIND_HTTPS:
        return request.headers.get("X-Forwarded-For", "").split(",")[-1].strip()
    return request.META.get("REMOTE_ADDR", "")
