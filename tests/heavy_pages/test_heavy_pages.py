"""How many heavy pages one reader may ask for: by address, by account, and while Redis is away."""

import time
from types import SimpleNamespace

import pytest
import redis
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from atlas.web.rate_limits import Bucket
from mobility_portal.fail_open_cache import FailOpenRedisCache
from mobility_portal.heavy_pages import bucket as buckets
from mobility_portal.heavy_pages.bucket import OwnBuckets, next_state, take_token
from tests.factories import portal
from tests.factories.engagements import UserFactory

AREA = f"/areas/{'a' * 32}/"


@given(
    at_once=st.integers(1, 20),
    per_minute=st.integers(1, 600),
    pauses=st.lists(st.floats(0, 30), min_size=1, max_size=60),
)
def test_never_more_than_the_bucket_holds_and_what_came_back(at_once, per_minute, pauses):
    bucket, now, full_at, taken = Bucket(at_once, per_minute), 0.0, 0.0, 0
    for pause in pauses:
        now += pause
        full_at, wait = next_state(full_at, now, bucket)
        taken += wait == 0
        assert taken <= at_once + now * per_minute / 60 + 1e-6
        if wait:  # and then one is there
            assert next_state(full_at, now + wait, bucket)[1] == 0


def test_redis_counts_as_the_formula_does():
    bucket = Bucket(at_once=3, per_minute=60)
    assert [take_token("somebody", bucket) for _ in range(5)] == [0, 0, 0, 1, 1]
    assert take_token("somebody else", bucket) == 0
    assert [take_token("one a minute", Bucket(1, 1)) for _ in range(2)] == [0, 60]


def test_without_redis_each_process_counts_for_itself(monkeypatch):
    class Away:
        def get_client(self, *args, **kwargs):
            raise redis.ConnectionError

    monkeypatch.setattr(FailOpenRedisCache, "_cache", Away())
    monkeypatch.setattr(FailOpenRedisCache, "_away_until", 0.0)
    monkeypatch.setattr(buckets, "own_buckets", OwnBuckets(lambda: 1000.0))
    assert [take_token("somebody", Bucket(2, 60)) for _ in range(3)] == [0, 0, 1]
    monkeypatch.undo()
    FailOpenRedisCache._away_until = time.monotonic()
    assert cache.add("is-it-there", 1)


def test_a_process_remembers_a_bounded_number_of_readers():
    own = OwnBuckets(lambda: 1000.0, most=10)
    for reader in range(50):
        own.take(str(reader), Bucket(1, 1))
    assert len(own) == 10


@pytest.fixture
def two(settings):
    settings.HEAVY_PAGES_PER_MINUTE = 2


@pytest.mark.django_db
def test_a_page_says_when_to_come_again(client, two):
    statuses = [client.get(AREA).status_code for _ in range(3)]
    assert statuses == [404, 404, 429]
    answer = client.get(AREA)
    assert 1 <= int(answer["Retry-After"]) <= 30
    assert answer["Cache-Control"] == "no-store"
    assert answer["Retry-After"] in answer.content.decode()
    assert client.get("/healthz").status_code == 200
    assert client.get(AREA, REMOTE_ADDR="192.0.2.1").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("path", [f"/api/v1{AREA}", f"{AREA}where.csv"])
def test_programs_get_a_problem_document(client, two, path):
    for _ in range(2):
        client.get(path)
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (429, "application/problem+json")
    assert answer.json()["status"] == 429
    assert answer["Retry-After"]


@pytest.mark.django_db
def test_an_account_is_counted_by_itself_and_may_ask_for_more(client, two):
    for _ in range(3):
        client.get(AREA)
    client.force_login(UserFactory())
    assert [client.get(AREA).status_code for _ in range(5)] == [404] * 4 + [429]
    client.force_login(UserFactory())
    assert client.get(AREA).status_code == 404


@pytest.mark.parametrize(("behind_https", "status"), [(False, 429), (True, 200)])
def test_the_address_is_what_the_proxy_wrote(settings, two, behind_https, status):
    from mobility_portal.heavy_pages.middleware import HeavyPagesMiddleware

    settings.BEHIND_HTTPS = behind_https
    middleware = HeavyPagesMiddleware(lambda request: HttpResponse())
    for reader in range(4):
        request = RequestFactory().get(AREA, headers={"X-Forwarded-For": f"198.51.100.9, 192.0.2.{reader}"})
        answer = middleware(request)
    assert answer.status_code == status


@pytest.mark.django_db(transaction=True)
def test_a_kept_page_is_not_counted(two, tmp_path):
    """Each reads the page of a city as often as they like; with choices nobody made before it is made, and counted."""
    portal.build(tmp_path)
    reader = Client(headers={"host": "testserver"})
    assert {reader.get("/cities/springfield/").status_code for _ in range(5)} == {200}
    chosen = [reader.get(f"/cities/springfield/?weights=share&tract={code}") for code in portal.CITY_TRACTS[:3]]
    assert [answer.status_code for answer in chosen][-1] == 429


@pytest.mark.django_db
@pytest.mark.parametrize("path", [AREA, f"/api/v1{AREA}"])
def test_who_is_turned_away_by_the_front_is_told_when_to_come_again(client, path):
    answer = client.get(path, **{"gunicorn.socket": SimpleNamespace(is_turned_away=True)})
    assert (answer.status_code, int(answer["Retry-After"]) > 0) == (503, True)
    assert client.get(path, **{"gunicorn.socket": SimpleNamespace(is_turned_away=False)}).status_code == 404


@pytest.mark.django_db
def test_zero_sets_no_limit(client, settings):
    settings.HEAVY_PAGES_PER_MINUTE = 0
    assert {client.get(AREA).status_code for _ in range(20)} == {404}
