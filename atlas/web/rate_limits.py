"""Every rate limit of the portal, how one is counted, and whose address it is counted for.

Sign-in, links and second factors are counted by django-allauth, the API of the cities' work by Django REST framework,
areas by `consume_rate_limit`, searches by `count_finding`, what everybody reads by `count_public_read`, heavy pages by
`mobility_portal.heavy_pages`. The settings hand the tables to the first two. While the cache is away only heavy pages
are counted, by each process for itself.
"""

import time
from dataclasses import dataclass
from ipaddress import ip_address

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

HOUR = 3600
MINUTE = 60

# django-allauth: times/period/whose, several with a comma. The key is an address, or a person at the second factor.
ACCOUNTS: dict[str, str] = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/300s/key",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "open_invitation": "20/m/ip",
    "open_share_link": "30/m/ip",
    "open_update_link": "30/m/ip",
    "open_reply_link": "30/m/ip",
    "invite": "30/h/user",
    "inbound_mail": "300/m/ip",  # the mail service's calls
}
SECOND_FACTOR: dict[str, str] = {"webauthn_login": "10/m/ip"}

# Django REST framework, for the API of the cities' work.
API: dict[str, str] = {
    "token": "600/min",  # one access token
    "person": "1200/min",  # all tokens and sessions of somebody
    "feed_key": "60/hour",  # one key of a program that pushes to a feed
    "stranger": "60/min",  # requests that were not let in, by address
}


# API answers and files that everybody may read, by address without an account; PUBLIC_READS_PER_MINUTE says otherwise.
PUBLIC_READS = 600

# Heavy pages and files within a minute, and at once; HEAVY_PAGES_PER_MINUTE says otherwise. A page of an area asks for
# a dozen, its charts and its map.
HEAVY_PAGES = 120


@dataclass(frozen=True)
class Bucket:
    """So many at once; what was taken comes back at `per_minute`. Both are 1 or more."""

    at_once: int
    per_minute: int


@dataclass(frozen=True)
class Budget:
    """What is left of a minute's public reads, this one taken; `reset_seconds` until it is whole again, 1 to 60."""

    limit: int
    used: int
    reset_seconds: int

    @property
    def remaining(self) -> int:
        return max(0, self.limit - self.used)

    @property
    def is_spent(self) -> bool:
        return self.used > self.limit


@dataclass(frozen=True)
class Hourly:
    """How often within an hour: for one address without an account, and for one account."""

    stranger: int
    person: int


# Anybody may make areas; a machine may not fill the database.
AREAS = {
    "area": Hourly(240, 2_400),  # areas; a file of districts costs one for each it makes
    "file": Hourly(30, 300),  # files that are read and counted
    "feed": Hourly(0, 60),  # a publisher is asked because somebody tries a feed out
}


# The search box, by address: a person types no faster. Suggestions are asked for while somebody types.
FINDING = {"address": 10, "location": 20, "suggestion": 240}  # a minute


def count_finding(request: HttpRequest, what: str) -> bool:
    """Takes one of the minute's FINDING[what]; False when none is left.

    Addresses of visitors are kept as keyed hashes for a minute and nowhere else. Raises KeyError for a limit nobody
    declared.
    """
    window = int(time.time()) // MINUTE
    key = f"finding-{what}-{window}-{salted_hmac('finding', client_address(request)).hexdigest()[:32]}"
    cache.add(key, 0, MINUTE)
    return _add(key, 1, MINUTE) <= FINDING[what]


def consume_rate_limit(request: HttpRequest, what: str, cost: int = 1) -> bool:
    """Takes `cost` from what this address, or this account, has left of the hour of AREAS[what]; False when it is not
    there.

    Addresses are kept as keyed hashes for an hour and nowhere else. Raises KeyError for a limit nobody declared.
    """
    signed_in = request.user.is_authenticated
    most = AREAS[what].person if signed_in else AREAS[what].stranger
    who = f"person {request.user.pk}" if signed_in else client_address(request)
    key = f"areas-{what}-{salted_hmac('areas', who).hexdigest()[:32]}"
    cache.add(key, 0, HOUR)
    if _add(key, cost) <= most:
        return True
    _add(key, -cost)
    return False


def count_public_read(request: HttpRequest) -> Budget | None:
    """Takes one from what this address may read within the minute; None for who is signed in, and without a limit.

    Minutes begin with the clock's. Addresses are kept as keyed hashes for a minute and nowhere else.
    """
    limit = settings.PUBLIC_READS_PER_MINUTE
    if not limit or (settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated):
        return None
    window, gone = divmod(int(time.time()), MINUTE)
    key = f"public-read-{window}-{salted_hmac('public-read', client_address(request)).hexdigest()[:32]}"
    cache.add(key, 0, MINUTE)
    return Budget(limit, _add(key, 1, MINUTE), MINUTE - gone)


def client_address(request: HttpRequest) -> str:
    """The IP address a request came from, written one way; "" where none is known.

    Behind a proxy it is what the proxy wrote last in X-Forwarded-For; without one that header is anybody's invention.
    """
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_HTTPS else ""
    found = forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
    if found.startswith("["):  # [2001:db8::1]:443
        found = found[1:].partition("]")[0]
    elif found.count(":") == 1:  # 192.0.2.1:443
        found = found.partition(":")[0]
    try:
        return str(ip_address(found))
    except ValueError:
        return ""


def _add(key: str, cost: int, seconds: int = HOUR) -> int:
    try:
        return cache.incr(key, cost)
    except ValueError:  # the time ended between two commands
        cache.set(key, cost, seconds)
        return cost
