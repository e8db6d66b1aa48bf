"""With Redis off the portal is right, if slower: nothing waits and nothing raises where it should not."""

import time

import pytest
from django.core.cache.backends.redis import RedisCache
from kombu.exceptions import OperationalError

from mobility_portal.celery import app
from mobility_portal.embedded.processes import choose_port
from mobility_portal.fail_open_cache import FailOpenRedisCache
from tests.patience import patience


@pytest.fixture
def nowhere(settings, monkeypatch):
    """The address of a Redis that is not there."""
    monkeypatch.setattr(FailOpenRedisCache, "_away_until", 0.0)
    monkeypatch.setattr(FailOpenRedisCache, "_said", False)
    settings.REDIS_URL = f"redis://127.0.0.1:{choose_port(None)}/0"
    return settings.REDIS_URL


def test_cache_misses(nowhere, caplog):
    cache = FailOpenRedisCache(nowhere, {})
    assert isinstance(cache, RedisCache)
    assert cache.get("page", "computed") == "computed"
    cache.set("page", "kept")
    assert cache.get_many(["page"]) == {}
    assert [record.levelname for record in caplog.records] == ["WARNING"]


@patience
def test_publishing_fails_within_a_second(nowhere, patience):
    began = time.monotonic()
    with app.connection_for_write(nowhere) as connection, pytest.raises(OperationalError):
        app.send_task("atlas.tasks.recover_jobs", connection=connection)
    assert time.monotonic() - began < 1 * patience


@pytest.mark.django_db
def test_health_answers(client, nowhere):
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json()["broker"] == "down"
    assert response.json()["worker"] == "unknown"
