"""Every way in which publishers misbehave, against a server that does."""

import os
from datetime import date, timedelta

import pytest

from engagements.feeds.actions import reading
from engagements.feeds.actions.checking import check_due, check_now
from engagements.feeds.actions.feeds import change_feed, trust_feed
from engagements.feeds.rules.answers import FeedProblem
from engagements.models import EngagementRole, Feed, FeedReading, FeedStatus, FeedVintage, IndicatorValue, Notification
from engagements.permissions import Role
from tests.engagements.discussion.discussion import house
from tests.factories.engagements import NOW
from tests.factories.feeds import COLUMNS, SEEN, as_now, csv_of, make_feed, year
from tests.factories.indicators import ValueEntry, approved, make_indicator, move
from tests.factories.publisher import publisher

pytestmark = pytest.mark.django_db
STAFF, LEAD = Role.CITY_STAFF, Role.LEAD
OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))


@pytest.fixture
def server(settings):
    settings.FEED_PRIVATE_HOSTS = frozenset({"127.0.0.1"})
    with publisher() as running:
        yield running


@pytest.fixture
def world(server):
    here, _, people, _ = house()
    indicator = make_indicator(here, people[STAFF], target=None, target_on=None)
    return server, people, indicator


def test_a_year_is_read_approved_and_kept_by_vintage(world):
    server, people, indicator = world
    make_feed(indicator, people[STAFF], server.put("/a.csv", year()), people[LEAD])
    assert check_due(now=NOW) == 1
    rows = IndicatorValue.objects.order_by("period_end")
    assert [row.value for row in rows] == list(SEEN)
    assert {(row.status, row.entered_by, row.approved_by) for row in rows} == {
        ("approved", people[STAFF], people[LEAD])
    }
    assert FeedVintage.objects.get().added == 12 and FeedReading.objects.filter(state="taken").count() == 12
    assert check_due(now=NOW) == 0
    assert check_due(now=NOW + timedelta(days=1)) == 1 and FeedVintage.objects.count() == 1


def test_without_trust_values_wait_for_review_as_typed_ones_do(world):
    server, people, indicator = world
    make_feed(indicator, people[STAFF], server.put("/a.csv", year()))
    check_due(now=NOW)
    assert set(IndicatorValue.objects.values_list("status", "approved_by")) == {("in_review", None)}
    feed = Feed.objects.get()
    trust_feed(feed=feed.pk, expected_version=feed.version, by=people[LEAD], now=NOW)
    assert set(IndicatorValue.objects.values_list("status", "approved_by")) == {("approved", people[LEAD].pk)}


def test_the_same_bytes_say_more_once_a_period_has_ended(world):
    server, people, indicator = world
    feed = make_feed(indicator, people[STAFF], server.put("/a.csv", year(("2026-11", 62))), people[LEAD])
    check_now(feed, now=NOW)
    assert IndicatorValue.objects.count() == 12
    check_now(as_now(feed), now=NOW + timedelta(days=8))
    assert IndicatorValue.objects.filter(value=62, period_end="2026-11-30", status="approved").exists()


def test_a_token_is_sent_over_https_only(settings):
    settings.FEED_PRIVATE_HOSTS = frozenset()
    with pytest.raises(FeedProblem, match="https only"):
        reading.read_source(reading.Source("csv", "http://example.org/a.csv", "", "s3cret"))


def test_a_value_corrected_later_is_a_new_vintage_and_both_are_kept(world):
    server, people, indicator = world
    feed = make_feed(indicator, people[STAFF], server.put("/a.csv", year(("2026-10", 62))), people[LEAD])
    check_now(feed, now=NOW)
    server.put("/a.csv", year(("2026-10", 61)))
    check_now(as_now(feed), now=NOW + timedelta(days=1))
    first, second = FeedReading.objects.filter(period_start=OCTOBER[0]).order_by("pk")
    assert (first.value, second.value, second.corrects, second.vintage.number) == (62, 61, first, 2)
    value = IndicatorValue.objects.get(period_start=OCTOBER[0])
    assert (value.value, value.status, value.revision, value.change_reason) == (61, "approved", 1, "source_error")
    assert second.indicator_value == value


def test_an_outlier_waits_and_changes_nothing(world):
    server, people, indicator = world
    feed = make_feed(indicator, people[STAFF], server.put("/a.csv", year(("2026-10", 620))), people[LEAD])
    check_now(feed, now=NOW)
    waiting = FeedReading.objects.get(state="waiting")
    assert waiting.value == 620 and "z-score" in waiting.why
    assert not IndicatorValue.objects.filter(period_start=OCTOBER[0]).exists()
    assert set(Notification.objects.filter(noun="feed").values_list("user", flat=True)) >= {people[STAFF].pk}
    server.put("/a.csv", year(("2026-10", 62)))
    check_now(as_now(feed), now=NOW + timedelta(hours=1))
    waiting.refresh_from_db()
    assert waiting.state == "replaced" and IndicatorValue.objects.get(period_start=OCTOBER[0]).value == 62


def test_what_a_person_entered_is_not_overwritten(world):
    server, people, indicator = world
    approved(indicator, people, ValueEntry(70), period=OCTOBER)
    feed = make_feed(indicator, people[STAFF], server.put("/a.csv", year(("2026-10", 62))), people[LEAD])
    check_now(feed, now=NOW)
    assert FeedReading.objects.get(state="waiting").period_start == OCTOBER[0]
    assert IndicatorValue.objects.get(period_start=OCTOBER[0]).value == 70


def test_a_locked_value_waits_too(world):
    server, people, indicator = world
    move(approved(indicator, people, ValueEntry(60), period=OCTOBER), "locked", people[LEAD])
    feed = make_feed(indicator, people[STAFF], server.put("/a.csv", year(("2026-10", 62))), people[LEAD])
    check_now(feed, now=NOW)
    assert "locked" in FeedReading.objects.get(state="waiting").why


def failing(feed, **more) -> FeedStatus:
    check_now(feed, now=NOW)
    assert not FeedVintage.objects.exists() and not IndicatorValue.objects.exists()
    found = FeedStatus.objects.get()
    assert found.failures == 1 and found.problem and found.next_at > NOW
    return found


@pytest.mark.parametrize(
    ("trick", "part"),
    [
        ("error", "500"),
        ("page", "web page"),
        ("picture", "image/png"),
        ("short", "cut"),
        ("huge", "20 MB"),
        ("endless", "20 MB"),
        ("bomb", "20 MB"),
        ("inner", "only https"),
        ("private", "private network"),
        ("elsewhere", "only https"),
        ("round", "redirects more than"),
    ],
)
def test_a_publisher_that_misbehaves_is_told_and_nothing_is_kept(world, trick, part):
    server, people, indicator = world
    found = failing(make_feed(indicator, people[STAFF], server.put("/a.csv", year(), trick), people[LEAD]))
    assert part in found.problem and found.advice


@pytest.mark.parametrize("trick", ["hang", "drip", "slow_head"])
def test_a_server_that_hangs_or_drips_is_left(world, trick, monkeypatch):
    server, people, indicator = world
    monkeypatch.setattr(reading, "SECONDS", 0.6)
    address = server.put("/a.csv", csv_of(*(("2026-09", n) for n in range(500))), trick)
    found = failing(make_feed(indicator, people[STAFF], address, people[LEAD]))
    assert "0.6 seconds" in found.problem or "in time" in found.problem or "slowly" in found.problem


def test_a_packed_answer_is_unpacked(world):
    server, people, indicator = world
    check_now(make_feed(indicator, people[STAFF], server.put("/a.csv", year(), "packed"), people[LEAD]), now=NOW)
    assert IndicatorValue.objects.count() == 12


def test_a_publisher_that_asks_to_wait_is_left_alone_for_so_long(world):
    server, people, indicator = world
    found = failing(make_feed(indicator, people[STAFF], server.put("/a.csv", year(), "too_many"), people[LEAD]))
    assert found.next_at == NOW + timedelta(hours=1)


def test_a_column_that_is_gone_stops_the_feed_and_names_what_there_is(world):
    server, people, indicator = world
    address = server.put("/a.csv", csv_of(("2026-09", 5), head="month,visits"))
    found = failing(make_feed(indicator, people[STAFF], address, people[LEAD]))
    assert "“seen” is not there" in found.problem and "visits" in found.problem and "columns" in found.advice


def test_an_owner_hears_once_a_day_and_not_of_a_blip(world):
    server, people, indicator = world
    feed = make_feed(indicator, people[STAFF], server.put("/a.csv", year(), *["error"] * 9), people[LEAD])
    told = Notification.objects.filter(noun="feed", user=people[STAFF], line__contains="500")
    counts = []
    for hours in (0, 1, 2, 24, 26):
        check_now(as_now(feed), now=NOW + timedelta(hours=hours))
        counts.append(told.count())
    assert counts == [0, 1, 1, 1, 2]
    server.put("/a.csv", year())
    check_now(as_now(feed), now=NOW + timedelta(hours=27))
    assert FeedStatus.objects.get().failures == 0 and not FeedStatus.objects.get().problem


def test_one_feed_that_fails_holds_no_other_up(world):
    server, people, indicator = world
    other = make_indicator(indicator.engagement, people[STAFF], name="Another")
    make_feed(indicator, people[STAFF], server.put("/a.csv", year(), "error"), people[LEAD])
    make_feed(other, people[STAFF], server.put("/b.csv", year()), people[LEAD])
    assert check_due(now=NOW) == 2
    assert IndicatorValue.objects.filter(indicator=other).count() == 12


def test_a_feed_without_an_owner_asks_nothing_and_tells_the_leads(world):
    server, people, indicator = world
    feed = make_feed(indicator, people[STAFF], server.put("/a.csv", year()), people[LEAD])
    EngagementRole.objects.filter(user=people[STAFF]).update(ended_on=NOW.date() - timedelta(days=1))
    check_now(feed, now=NOW)
    assert not server.gets("/a.csv") and "owner" in FeedStatus.objects.get().problem
    assert Notification.objects.filter(noun="feed", user=people[LEAD]).exists()


def test_socrata_and_arcgis_are_read_with_their_tokens_in_headers(world, monkeypatch):
    server, people, indicator = world
    rows = b'[{"month":"2026-09-01T00:00:00.000","seen":"12"},{"month":"2026-08-01T00:00:00.000","seen":"11"}]'
    from engagements.feeds.rules.requests import request_address

    address = f"{server.address}/Health/Visits/abcd-1234"
    server.put(request_address("socrata", address, "").removeprefix(server.address), rows)
    monkeypatch.setitem(os.environ, "FEED_TOKEN_DATA", "127.0.0.1 s3cret")
    got = reading.read_source(reading.Source("socrata", address, "", "s3cret"))
    assert len(got.table.rows) == 2 and server.seen[-1][2]["X-App-Token"] == "s3cret"
    layer = f"{server.address}/rest/FeatureServer/0"
    page = b'{"exceededTransferLimit":%s,"features":[{"attributes":{"month":1788220800000,"seen":%d}}]}'
    for number, body in enumerate((page % (b"true", 5), page % (b"false", 6))):
        server.put(request_address("arcgis", layer, "", number).removeprefix(server.address), body)
    got = reading.read_source(reading.Source("arcgis", layer, "", "s3cret"))
    assert [row["seen"] for row in got.table.rows] == [5, 6]
    assert server.seen[-1][2]["X-Esri-Authorization"] == "Bearer s3cret"


def test_a_changed_map_reads_the_same_bytes_again_and_asks_for_trust_again(world):
    server, people, indicator = world
    body = b"month,seen,visits\n2026-08,5,50\n2026-09,6,60\n"
    feed = make_feed(indicator, people[STAFF], server.put("/a.csv", body), people[LEAD])
    check_now(feed, now=NOW)
    feed = as_now(feed)
    columns = COLUMNS | {"value": "visits"}
    change_feed(feed=feed.pk, changes={"columns": columns}, expected_version=feed.version, by=people[STAFF], now=NOW)
    feed = as_now(feed)
    assert feed.trusted_by is None
    check_now(feed, now=NOW)
    assert FeedReading.objects.filter(value=60).exists()


def test_a_problem_names_no_secret(world):
    server, people, indicator = world
    with pytest.raises(FeedProblem) as refused:
        reading.read_source(reading.Source("csv", f"{server.address}/none.csv", "", "s3cret"))
    assert "s3cret" not in str(refused.value) and "s3cret" not in repr(reading.Source("csv", "x", "", "s3cret"))
