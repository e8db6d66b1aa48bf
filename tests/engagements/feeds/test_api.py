"""Feeds by API: binding, moving, deciding; and a key that opens one feed, counted, hashed, revocable."""

import pytest
from django.core.cache import cache
from django.test import Client

from engagements.models import Feed, FeedKey, FeedReading, IndicatorValue
from engagements.permissions import Role
from tests.engagements.discussion.discussion import as_, house
from tests.factories.engagements import NOW
from tests.factories.feeds import make_feed
from tests.factories.indicators import make_indicator

pytestmark = pytest.mark.django_db
STAFF, LEAD = Role.CITY_STAFF, Role.LEAD
COLUMNS = {"date": "day", "value": "seen"}


@pytest.fixture
def world():
    cache.clear()
    here, _, people, others = house()
    indicator = make_indicator(here, people[STAFF], target=None, target_on=None)
    feed = make_feed(indicator, people[STAFF], "", people[LEAD], kind="push", columns=COLUMNS)
    return here, people, others, indicator, feed


def post(client, path, data, **headers):
    return client.post(path, data, content_type="application/json", headers=headers)


def key_of(people, feed) -> str:
    answer = post(as_(people[STAFF]), f"/api/v1/feeds/{feed.pk}/keys/", {})
    assert answer.status_code == 201
    return answer.json()["secret"]


def push(feed, secret, *rows):
    return post(
        Client(),
        f"/api/v1/feeds/{feed.pk}/push/",
        {"rows": [dict(zip(("day", "seen"), row, strict=True)) for row in rows]},
        Authorization=f"Bearer {secret}",
    )


def test_a_key_pushes_values_once_and_corrects_them(world):
    _, people, _, indicator, feed = world
    secret = key_of(people, feed)
    first = push(feed, secret, ("2026-08", 40), ("2026-09", 42))
    assert first.status_code == 201 and first.json()["added"] == 2 and first.json()["vintage"] == 1
    again = push(feed, secret, ("2026-08", 40), ("2026-09", 42))
    assert again.json() == {"vintage": None, "added": 0, "corrected": 0, "waiting": 0, "problems": []}
    assert push(feed, secret, ("2026-09", 43)).json()["corrected"] == 1
    assert IndicatorValue.objects.get(period_end="2026-09-30").value == 43
    assert push(feed, secret, ("2026-10", 430)).json()["waiting"] == 1


def test_a_key_is_kept_as_a_hash_and_opens_nothing_else(world):
    here, people, _, _, feed = world
    secret = key_of(people, feed)
    assert secret.startswith("mf_") and secret not in str(FeedKey.objects.values())
    other = make_feed(
        make_indicator(here, people[STAFF], name="Another"), people[STAFF], "", kind="push", columns=COLUMNS
    )
    assert push(other, secret, ("2026-09", 42)).status_code == 401
    assert push(feed, f"{secret}x", ("2026-09", 42)).status_code == 401
    for path in ("/api/v1/indicators/", f"/api/v1/feeds/{feed.pk}/", "/api/v1/feeds/"):
        assert Client().get(path, headers={"Authorization": f"Bearer {secret}"}).status_code == 401
    assert as_(people[STAFF]).post(f"/api/v1/feeds/{feed.pk}/push/").status_code == 401
    assert secret not in as_(people[STAFF]).get(f"/feeds/{feed.pk}/").content.decode()


def test_a_revoked_key_opens_nothing(world):
    _, people, _, _, feed = world
    secret = key_of(people, feed)
    key = FeedKey.objects.get()
    assert post(as_(people[Role.EXPERT]), f"/api/v1/feed-keys/{key.pk}/end/", {}).status_code == 404
    assert post(as_(people[LEAD]), f"/api/v1/feed-keys/{key.pk}/end/", {}).status_code == 201
    assert push(feed, secret, ("2026-09", 42)).status_code == 401


def test_a_key_is_limited(world, monkeypatch):
    _, people, _, _, feed = world
    from engagements.feeds.api import FeedKeyThrottle

    monkeypatch.setattr(FeedKeyThrottle, "get_rate", lambda self: "2/hour")
    secret = key_of(people, feed)
    answers = [push(feed, secret, ("2026-09", 42)) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429] and answers[2]["Retry-After"]


@pytest.mark.parametrize(
    ("rows", "part"),
    [
        ([], "rows"),
        ([{"day": "2026-09"}] * 2_001, "2000"),
        ("x", "list"),
        ([{"day": "soon", "seen": 5}], "can’t be read"),
        ([{"month": "2026-09", "seen": 5}], "is not there"),
        ([{"day": "2026-09", "seen": -5}], "less than 0"),
        ([{"day": "2026-09", "seen": 1e300}], "beyond a trillion"),
        ([{"day": "2026-09", "seen": {"a": 1}}], "rows"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(world, rows, part):
    _, people, _, _, feed = world
    answer = post(
        Client(), f"/api/v1/feeds/{feed.pk}/push/", {"rows": rows}, Authorization=f"Bearer {key_of(people, feed)}"
    )
    assert answer.status_code in (201, 400)
    assert not IndicatorValue.objects.exists()
    assert answer.status_code == 201 or part in answer.content.decode()


def test_a_paused_feed_takes_no_push(world):
    _, people, _, _, feed = world
    secret = key_of(people, feed)
    seen = {"to": "pause", "version": Feed.objects.get().version}
    assert post(as_(people[LEAD]), f"/api/v1/feeds/{feed.pk}/moves/", seen).json()["is_paused"]
    assert push(feed, secret, ("2026-09", 42)).status_code == 400


def test_binding_reading_and_deciding_by_api(world):
    here, people, _, _, feed = world
    another = make_indicator(here, people[STAFF], name="Another")
    sent = {"indicator": another.pk, "kind": "push", "cadence": "monthly", "columns": COLUMNS}
    for role, status in {STAFF: 201, Role.EXPERT: 404, Role.FUNDER: 404, Role.LOCAL_PARTNER: 404}.items():
        Feed.objects.filter(indicator=another).update(archived_at=NOW, archived_by=people[LEAD])
        assert post(as_(people[role]), "/api/v1/feeds/", sent).status_code == status
    assert post(as_(people[STAFF]), "/api/v1/feeds/", sent | {"stage": "spent"}).status_code == 400
    assert post(as_(people[STAFF]), "/api/v1/feeds/", sent | {"kind": "csv"}).status_code == 400
    secret = key_of(people, feed)
    push(feed, secret, ("2026-08", 40), ("2026-09", 420))
    listed = as_(people[Role.EXPERT]).get(f"/api/v1/feeds/{feed.pk}/values/").json()
    assert [row["state"] for row in listed["results"]] == ["waiting", "taken"]
    waiting = FeedReading.objects.get(state="waiting")
    decided = post(
        as_(people[LEAD]), f"/api/v1/feed-values/{waiting.pk}/decision/", {"accept": True, "reason": "Counted twice"}
    )
    assert decided.status_code == 201 and decided.json()["state"] == "accepted"
    shown = as_(people[LEAD]).get(f"/api/v1/feeds/{feed.pk}/").json()
    assert shown["through"] == "2026-09-30" and shown["waiting"] == 0
    assert as_(people[Role.FUNDER]).get(f"/api/v1/feeds/{feed.pk}/").status_code == 404
