"""Pages of feeds: who opens which, what a trial shows, what is typed wrong, and what is never shown."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagements.feeds.actions.checking import check_due, check_now
from engagements.models import Feed, FeedKey, FeedReading, FeedSecret, FeedStatus, IndicatorValue
from engagements.permissions import Role
from tests.engagements.discussion.discussion import allowed, as_, house
from tests.factories.engagements import NOW
from tests.factories.feeds import as_now, make_feed, year
from tests.factories.indicators import make_indicator
from tests.factories.publisher import publisher

pytestmark = pytest.mark.django_db
STAFF, LEAD, ADVISER, EXPERT = Role.CITY_STAFF, Role.LEAD, Role.ADVISER, Role.EXPERT
TEAM = {LEAD, ADVISER, EXPERT, STAFF}
LATER = NOW + timedelta(days=3_000)  # pages write with the clock of the machine
KEEPERS = {LEAD, ADVISER, STAFF}


@pytest.fixture
def server(settings):
    settings.FEED_PRIVATE_HOSTS = frozenset({"127.0.0.1"})
    with publisher() as running:
        yield running


@pytest.fixture
def world(server):
    here, _, people, others = house()
    indicator = make_indicator(here, people[STAFF], target=None, target_on=None)
    return server, here, people, others, indicator


def body(answer) -> str:
    return answer.content.decode()


def form(address: str, owner, **more) -> dict:
    return {
        "submission": str(uuid.uuid4()),
        "kind": "csv",
        "address": address,
        "date_column": "month",
        "value_column": "seen",
        "cadence": "monthly",
        "owner": owner.pk,
    } | more


def test_each_page_opens_for_those_who_may(world):
    server, here, people, others, indicator = world
    feed = make_feed(indicator, people[STAFF], server.put("/a.csv", year()))
    other = make_indicator(here, people[STAFF], name="Another")
    assert allowed(people, "/feeds/") == TEAM
    assert allowed(people, f"/feeds/{feed.pk}/") == TEAM
    for page in (f"/feeds/{feed.pk}/edit/", f"/feeds/{feed.pk}/archive/", f"/indicators/{other.pk}/feed/"):
        assert allowed(people, page) == KEEPERS
    assert allowed(people, f"/engagements/{here.slug}/feeds/new/") == KEEPERS
    assert not allowed(
        {role: person for role, person in others.items() if role not in (LEAD, Role.FUNDER)}, f"/feeds/{feed.pk}/"
    )


@pytest.mark.parametrize("role", [role for role in Role if role not in KEEPERS])
def test_others_change_nothing(world, role):
    server, _, people, _, indicator = world
    feed = make_feed(indicator, people[STAFF], "", kind="push")
    browser = as_(people[role])
    for to in ("pause", "resume", "trust", "check"):
        assert browser.post(f"/feeds/{feed.pk}/move/", {"to": to, "version": 1}).status_code in (403, 404)
    assert browser.post(f"/feeds/{feed.pk}/keys/").status_code in (403, 404)
    assert browser.post(f"/feeds/{feed.pk}/archive/", {"why": "x", "version": 1}).status_code in (403, 404)
    assert not FeedKey.objects.exists() and Feed.objects.get().version == 1


def test_a_trial_shows_first_rows_and_values_and_keeps_nothing(world):
    server, _, people, _, indicator = world
    address = server.put("/a.csv", year(("2026-10", 62)))
    page = f"/indicators/{indicator.pk}/feed/"
    typed = form(address, people[STAFF], date_column="", value_column="", token="s3cret-token")
    answer = as_(people[STAFF]).post(page, typed | {"try": "1"})
    text = body(answer)
    assert answer.status_code == 200 and not Feed.objects.exists()
    assert "62 people" in text and "Oct 2026" in text and "2025-10" in text and "13 values" in text
    assert 'value="month"' in text and "s3cret-token" not in text
    assert server.seen[-1][2]["Authorization"] == "Bearer s3cret-token"
    sealed = re.search(r'name="sealed_token" value="([^"]+)"', text)[1]
    saved = as_(people[STAFF]).post(page, form(address, people[STAFF], sealed_token=sealed) | {"save": "1"})
    feed = Feed.objects.get()
    assert saved.status_code == 302 and saved["Location"] == f"/feeds/{feed.pk}/"
    assert FeedSecret.objects.get().encrypted and "s3cret" not in FeedSecret.objects.get().encrypted
    check_due(now=LATER)
    assert server.seen[-1][2]["Authorization"] == "Bearer s3cret-token"
    for shown in (f"/feeds/{feed.pk}/", f"/feeds/{feed.pk}/edit/", "/feeds/", f"/api/v1/feeds/{feed.pk}/"):
        assert "s3cret" not in body(as_(people[STAFF]).get(shown))


@pytest.mark.parametrize(
    ("more", "part"),
    [
        ({"address": ""}, "Give the address"),
        ({"address": "http://127.0.0.2/a.csv"}, "private network"),
        ({"address": "http://2130706434/a.csv"}, "private network"),
        ({"address": "http://0x7f.0.0.2/a.csv"}, "private network"),
        ({"address": "http://[::1]/a.csv"}, "private network"),
        ({"address": "http://[::ffff:10.0.0.1]/a.csv"}, "private network"),
        ({"address": "http://[64:ff9b::a00:1]/a.csv"}, "private network"),
        ({"address": "http://169.254.169.254/latest/meta-data"}, "private network"),
        ({"address": "http://localhost/a.csv"}, "private network"),
        ({"address": "http://printer.local/a.csv"}, "private network"),
        ({"address": "ftp://example.org/a.csv"}, "http or https"),
        ({"address": "https://me:secret@example.org/a.csv"}, "user name"),
        ({"address": "https://8.8.8.8/a.csv?token=abc"}, "token"),
        ({"address": "https://8.8.8.8/a.csv", "kind": "arcgis"}, "layer"),
        ({"address": "https://8.8.8.8/a.csv", "kind": "socrata"}, "data set id"),
        ({"value_column": ""}, "column of the value"),
        ({"date_column": ""}, "column of the date"),
        ({"low_column": "low"}, "two ends"),
        ({"numerator_column": "a", "denominator_column": "b"}, "Only a share"),
        ({"token": "a b"}, "no spaces"),
        ({"token_variable": "SECRET_KEY"}, "FEED_TOKEN_"),
        ({"cadence": "hourly"}, "valid choice"),
    ],
)
def test_what_is_typed_wrong_is_told_and_nothing_is_kept(world, more, part):
    server, _, people, _, indicator = world
    typed = form(server.put("/a.csv", year()), people[STAFF]) | more
    answer = as_(people[STAFF]).post(f"/indicators/{indicator.pk}/feed/", typed | {"save": "1"})
    assert answer.status_code == 422 and part in body(answer) and not Feed.objects.exists()


def test_a_token_of_the_server_goes_to_its_own_host_only(world, monkeypatch):
    server, _, people, _, indicator = world
    monkeypatch.setenv("FEED_TOKEN_CITY", "data.example.org t0ken")
    typed = form(server.put("/a.csv", year()), people[STAFF], token_variable="FEED_TOKEN_CITY")
    as_(people[STAFF]).post(f"/indicators/{indicator.pk}/feed/", typed | {"save": "1"})
    check_due(now=LATER)
    assert not server.seen and "another host" in FeedStatus.objects.get().problem
    monkeypatch.setenv("FEED_TOKEN_CITY", "127.0.0.1 t0ken")
    check_due(now=LATER + timedelta(days=2))
    assert server.seen[-1][2]["Authorization"] == "Bearer t0ken" and IndicatorValue.objects.count() == 12


def test_a_token_does_not_follow_to_another_host_nor_to_a_new_address(world):
    server, _, people, _, indicator = world
    page = f"/indicators/{indicator.pk}/feed/"
    as_(people[STAFF]).post(page, form(server.put("/a.csv", year()), people[STAFF], token="s3cret") | {"save": "1"})
    feed = Feed.objects.get()
    typed = form("https://8.8.8.8/a.csv", people[STAFF], version=feed.version)
    assert as_(people[STAFF]).post(f"/feeds/{feed.pk}/edit/", typed | {"save": "1"}).status_code == 302
    assert not FeedSecret.objects.exists()


def test_a_lead_approves_what_another_defined_and_not_what_is_their_own(world):
    server, here, people, _, indicator = world
    feed = make_feed(indicator, people[STAFF], server.put("/a.csv", year()))
    browser = as_(people[LEAD])
    assert "Approve this feed" in body(browser.get(f"/feeds/{feed.pk}/"))
    browser.post(f"/feeds/{feed.pk}/move/", {"to": "trust", "version": feed.version})
    assert Feed.objects.get().trusted_by == people[LEAD]
    own = make_feed(make_indicator(here, people[LEAD], name="Own"), people[LEAD], server.put("/b.csv", year()))
    assert "Approve this feed" not in body(browser.get(f"/feeds/{own.pk}/"))
    browser.post(f"/feeds/{own.pk}/move/", {"to": "trust", "version": own.version})
    assert Feed.objects.get(pk=own.pk).trusted_by is None


def test_a_waiting_value_is_accepted_or_refused_with_a_reason_once(world):
    server, _, people, _, indicator = world
    feed = make_feed(indicator, people[STAFF], server.put("/a.csv", year(("2026-10", 620))), people[LEAD])
    check_now(feed, now=NOW)
    waiting = FeedReading.objects.get(state="waiting")
    page = f"/feed-values/{waiting.pk}/decide/"
    assert "620 people" in body(as_(people[EXPERT]).get(f"/feeds/{feed.pk}/"))
    assert as_(people[EXPERT]).post(page, {"accept": "yes", "reason": "Seen"}).status_code == 403
    assert as_(people[Role.FUNDER]).post(page, {"accept": "yes", "reason": "Seen"}).status_code == 404
    as_(people[LEAD]).post(page, {"accept": "yes", "reason": " "})
    waiting.refresh_from_db()
    assert waiting.state == "waiting"
    as_(people[LEAD]).post(page, {"accept": "yes", "reason": "A second site opened"})
    waiting.refresh_from_db()
    value = waiting.indicator_value
    assert (waiting.state, waiting.decided_by, value.value, value.status, value.approved_by) == (
        "accepted",
        people[LEAD],
        620,
        "approved",
        people[LEAD],
    )
    as_(people[LEAD]).post(page, {"accept": "no", "reason": "No"})
    waiting.refresh_from_db()
    assert waiting.state == "accepted"


def test_what_its_owner_accepts_is_approved_by_somebody_else(world):
    server, _, people, _, indicator = world
    feed = make_feed(indicator, people[STAFF], server.put("/a.csv", year(("2026-10", 620))), people[LEAD])
    check_now(feed, now=NOW)
    waiting = FeedReading.objects.get(state="waiting")
    as_(people[STAFF]).post(f"/feed-values/{waiting.pk}/decide/", {"accept": "yes", "reason": "Seen"})
    assert IndicatorValue.objects.get(value=620).status == "in_review"


def test_a_refused_value_is_not_asked_about_again(world):
    server, _, people, _, indicator = world
    feed = make_feed(indicator, people[STAFF], server.put("/a.csv", year(("2026-10", 620))), people[LEAD])
    check_now(feed, now=NOW)
    waiting = FeedReading.objects.get(state="waiting")
    as_(people[LEAD]).post(f"/feed-values/{waiting.pk}/decide/", {"accept": "no", "reason": "An extra zero"})
    server.put("/a.csv", year(("2026-10", 620)) + b"\n")
    check_now(as_now(feed), now=NOW + timedelta(days=1))
    assert not FeedReading.objects.filter(state="waiting").exists() and not IndicatorValue.objects.filter(value=620)


def test_paused_archived_and_changed_feeds(world):
    server, _, people, _, indicator = world
    feed = make_feed(indicator, people[STAFF], server.put("/a.csv", year()), people[LEAD])
    browser = as_(people[ADVISER])
    browser.post(f"/feeds/{feed.pk}/move/", {"to": "pause", "version": feed.version})
    assert check_due(now=NOW) == 0
    browser.post(f"/feeds/{feed.pk}/move/", {"to": "resume", "version": Feed.objects.get().version})
    assert check_due(now=NOW + timedelta(days=400)) == 1
    version = Feed.objects.get().version
    sent = {"submission": str(uuid.uuid4()), "version": version, "why": "The program ended"}
    assert browser.post(f"/feeds/{feed.pk}/archive/", sent).status_code == 302
    assert check_due(now=NOW + timedelta(days=999)) == 0 and IndicatorValue.objects.count() == 12
    assert browser.get(f"/feeds/{feed.pk}/").status_code == 404


def test_the_indicators_page_says_age_source_and_what_waits(world):
    server, _, people, _, indicator = world
    feed = make_feed(indicator, people[STAFF], server.put("/a.csv", year(("2026-10", 620))), people[LEAD])
    check_now(feed, now=NOW)
    text = body(as_(people[ADVISER]).get(f"/indicators/{indicator.pk}/"))
    assert "hrough September 30, 2026" in text and "days old" in text
    assert f"/feeds/{feed.pk}/#vintages" in text and "1 value waits" in text
    assert f"/feeds/{feed.pk}/" not in body(as_(people[Role.FUNDER]).get(f"/indicators/{indicator.pk}/"))


def test_pages_cost_the_same_number_of_statements_whatever_is_in_them(world):
    server, here, people, _, indicator = world
    feed = make_feed(indicator, people[STAFF], server.put("/a.csv", year()), people[LEAD])
    check_now(feed, now=NOW)

    def cost(page: str) -> int:
        browser = as_(people[LEAD])
        browser.get(page)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert browser.get(page).status_code == 200
        return len(seen)

    before = [cost("/feeds/"), cost(f"/feeds/{feed.pk}/")]
    server.put("/a.csv", year(("2026-10", 620)).replace(b",55", b",56").replace(b",57", b",58"))
    check_now(as_now(feed), now=NOW + timedelta(days=1))
    for n in range(3):
        make_feed(make_indicator(here, people[STAFF], name=f"More {n}"), people[STAFF], server.put(f"/{n}.csv", year()))
    assert [cost("/feeds/"), cost(f"/feeds/{feed.pk}/")] == before
