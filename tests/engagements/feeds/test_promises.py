"""What the database holds whoever writes: no approval by oneself, nothing rewritten, nothing of another engagement."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from engagements.discussion.mail.visibility import visible_notification
from engagements.feeds.actions.checking import fail
from engagements.feeds.rules.answers import FeedProblem
from engagements.models import Feed, FeedKey, FeedReading, FeedSecret, FeedVintage, Notification
from engagements.permissions import Role
from tests.engagements.discussion.discussion import house
from tests.factories.engagements import NOW
from tests.factories.feeds import make_feed, waiting_reading
from tests.factories.indicators import make_indicator

pytestmark = pytest.mark.django_db
STAFF, LEAD = Role.CITY_STAFF, Role.LEAD


@pytest.fixture
def world():
    here, there, people, others = house()
    feed = make_feed(make_indicator(here, people[STAFF]), people[STAFF], "", kind="push")
    return feed, people, make_indicator(there, others[STAFF])


def refused(call, name: str) -> None:
    with pytest.raises(DatabaseError, match=name), transaction.atomic():
        call()


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"cadence": "hourly"}, "feed_cadence_declared"),
        ({"kind": "fax", "address": "https://example.org/"}, "feed_kind_declared"),
        ({"address": "https://example.org/a.csv"}, "feed_address_of_its_kind"),
        ({"kind": "csv", "address": "ftp://example.org/"}, "feed_address_of_its_kind"),
        ({"kind": "csv", "address": "https://me:secret@example.org/"}, "feed_address_of_its_kind"),
        ({"trusted_at": NOW}, "feed_trusted_pair"),
        ({"name": " "}, "feed_has_name"),
        ({"stage": "spent"}, "feed_of_one_thing"),
    ],
)
def test_a_feed_is_what_it_says(world, change, name):
    feed, _, _ = world
    refused(lambda: Feed.objects.filter(pk=feed.pk).update(**change), name)


def test_nobody_approves_their_own_feed_and_none_is_of_another_engagement(world):
    feed, people, elsewhere = world
    rows = Feed.objects.filter(pk=feed.pk)
    refused(lambda: rows.update(trusted_by=people[STAFF], trusted_at=NOW), "feed_trusted_by_another")
    refused(lambda: rows.update(indicator=elsewhere), "bound to something of its own engagement")
    refused(lambda: Feed.objects.get().delete(), "Cannot delete")


def test_an_indicator_has_one_feed_at_a_time(world):
    feed, people, _ = world
    with pytest.raises(IntegrityError, match="feed_one_of_indicator"), transaction.atomic():
        Feed.objects.filter(pk=feed.pk).first()
        copy = Feed.objects.get(pk=feed.pk)
        copy.pk = None
        copy.save(force_insert=True)


def test_what_a_feed_said_stays_as_it_was_said(world):
    feed, people, _ = world
    row = waiting_reading(feed)
    rows = FeedReading.objects.filter(pk=row.pk)
    refused(lambda: rows.update(value=10), "stays as it was said")
    refused(lambda: rows.update(state="accepted"), "feed_reading_decided_with_reason")
    rows.update(state="refused", decided_by=people[LEAD], decided_at=NOW, reason="No")
    refused(lambda: rows.update(state="taken"), "decided once")
    refused(lambda: rows.delete(), "Cannot delete")
    refused(lambda: FeedVintage.objects.update(rows=2), "Cannot update or delete")


def test_a_secret_is_encrypted_or_named_and_a_key_ends_once(world):
    feed, people, _ = world
    about = {"feed": feed, "set_by": people[STAFF], "set_at": NOW}
    for wrong in ({}, {"variable": "SECRET_KEY"}, {"variable": "FEED_TOKEN_A", "encrypted": "x"}):
        refused(lambda wrong=wrong: FeedSecret.objects.create(**about, **wrong), "feed_secret_of_one_kind")
    key = FeedKey.objects.create(
        feed=feed, sha256="a", first_characters="mf_", created_by=people[STAFF], created_at=NOW
    )
    keys = FeedKey.objects.filter(pk=key.pk)
    keys.update(revoked_by=people[LEAD], revoked_at=NOW)
    refused(lambda: keys.update(revoked_by=None, revoked_at=None), "Cannot update")


def test_the_mail_about_a_failing_feed_leads_to_it_and_only_its_team(world):
    feed, people, _ = world
    fail(feed, FeedProblem("A web page came instead of data.", "Open it in a browser."), NOW)
    told = Notification.objects.get(noun="feed")
    seen = visible_notification(told)
    assert told.user == people[STAFF] and seen is not None and seen.path == f"/feeds/{feed.pk}/"
    assert "A web page came" in seen.line and "Open it in a browser" in seen.line
    told.user = people[Role.FUNDER]
    assert visible_notification(told) is None
