"""Whoever fills Redis until it throws out entries guesses no more passwords than anybody else."""

import pytest
from django.core.cache import cache
from django.test import Client
from redis import Redis

from engagements.models import User
from mobility_portal.embedded.home import Home
from mobility_portal.embedded.services import ensure
from tests.factories.engagements import PASSWORD
from tests.runtime.places import temporary_home

LOGIN = "/accounts/login/"


@pytest.fixture
def small_redis(settings):
    """One of our own with a megabyte to spare, as the cache of this test."""
    with temporary_home() as folder:
        services = ensure(Home(folder), frozenset({"valkey"}))
        url = services.environment()["REDIS_URL"]
        settings.CACHES = {**settings.CACHES, "default": {**settings.CACHES["default"], "LOCATION": url}}
        with Redis.from_url(url) as redis:
            redis.config_set("maxmemory", redis.info("memory")["used_memory"] + 1_000_000)
            yield redis
        services.release()


@pytest.mark.django_db
def test_a_full_redis_gives_no_further_guess(small_redis):
    User.objects.create_user("ann@example.org", PASSWORD, name="Ann")
    cache.set("a-counter-in-redis", 1, 3600)
    client = Client()
    refused = []
    for n in range(8):
        page = client.post(LOGIN, {"login": "ann@example.org", "password": f"wrong-{n}"}).content.decode()
        refused.append("Too many" in page)
        for filler in range(300):  # what anybody can make the portal keep, as much as they like
            cache.set(f"page-{n}-{filler}", b"x" * 10_000, 3600)
    assert small_redis.info("stats")["evicted_keys"] > 500
    assert cache.get("a-counter-in-redis") is None, "what is counted in Redis is gone"
    assert refused == [False] * 5 + [True] * 3
    assert client.post(LOGIN, {"login": "ann@example.org", "password": PASSWORD}).status_code == 200, "too late"
