"""What people want to hear about and when: each mail goes once, at the time its reader chose."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from engagements.home.mail import send_digests
from engagements.models import Notification, NotificationChoice, User
from engagements.notifications.actions.choices import choose
from engagements.notifications.mail import send_collected, send_outgoing
from engagements.notifications.queries.choices import choices_of
from engagements.notifications.rules import last_morning
from engagements.permissions import Role
from tests.engagements.discussion.discussion import as_, house
from tests.engagements.notifications.test_page import tell
from tests.factories.engagements import NOW, MilestoneFactory

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # ten in the morning in New York
TUESDAY_EARLY, TUESDAY = datetime(2026, 11, 24, 11, 59, tzinfo=UTC), datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
NEXT_MONDAY = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)


@pytest.fixture
def person(settings):
    settings.PORTAL_URL = "https://portal.example.org"
    here, _, mine, _ = house()
    User.objects.update(joined_at=MONDAY - timedelta(days=30), digest="none")
    return here, User.objects.get(pk=mine[Role.ADVISER].pk)


def told(here, user, kind, now=MONDAY):
    return tell(user, MilestoneFactory(engagement=here), kind=kind, line=f"About {kind}", now=now)


def test_by_default_mentions_and_assignments_come_at_once_and_changes_with_the_digest(person):
    here, user = person
    for kind in Notification.Kind.values:
        told(here, user, kind)
    assert send_outgoing(now=MONDAY) == 2 and send_collected(now=NEXT_MONDAY) == 0
    assert choices_of(user) == {"mention": "at_once", "assignment": "at_once", "change": "never"}


@pytest.mark.parametrize(
    ("when", "at", "expected"),
    [
        ("daily", TUESDAY_EARLY, 0),
        ("daily", TUESDAY, 1),
        ("weekly", TUESDAY, 0),
        ("weekly", NEXT_MONDAY, 1),
        ("never", NEXT_MONDAY, 0),
    ],
)
def test_what_is_collected_goes_once_in_the_morning_where_they_live(person, when, at, expected):
    here, user = person
    choose(email={"mention": when}, by=user, now=MONDAY)
    for _ in range(3):
        told(here, user, "mention")
    assert send_outgoing(now=MONDAY) == 0
    assert [send_collected(now=at), send_collected(now=at)] == [expected, 0]
    if expected:
        (letter,) = mail.outbox
        assert letter.body.count("About mention") == 3 and "3 notifications" in letter.subject
        assert "https://portal.example.org/notifications/?show=unread" in letter.alternatives[0][0]


def test_a_choice_does_not_reach_back(person):
    """What was left out before is not mailed all at once when somebody changes their mind."""
    here, user = person
    choose(email={"mention": "never"}, by=user, now=MONDAY)
    told(here, user, "mention", now=MONDAY + timedelta(hours=1))
    choose(email={"mention": "at_once"}, by=user, now=MONDAY + timedelta(hours=2))
    assert send_outgoing(now=TUESDAY) == 0
    told(here, user, "mention", now=MONDAY + timedelta(hours=3))
    assert send_outgoing(now=TUESDAY) == 1


def test_changes_by_mails_of_their_own_are_not_taken_by_the_digest(person):
    here, user = person
    User.objects.filter(pk=user.pk).update(digest="daily")
    choose(email={"change": "daily"}, by=user, now=MONDAY - timedelta(hours=1))
    row = told(here, user, "change")
    send_digests(now=TUESDAY)
    row.refresh_from_db()
    assert row.sent_at is None and send_collected(now=TUESDAY) == 1


def test_the_page_keeps_choices_with_who_made_them_and_refuses_others(person):
    _, user = person
    client = as_(user)
    wanted = {"mention": "daily", "assignment": "at_once", "change": "weekly", "digest": "weekly"}
    assert client.post("/notifications/choices/", wanted).status_code == 302
    assert choices_of(user) == {"mention": "daily", "assignment": "at_once", "change": "weekly"}
    assert User.objects.get(pk=user.pk).digest == "weekly"
    kept = NotificationChoice.pgh_event_model.objects.values_list("kind", "pgh_context__user")
    assert set(kept) == {("mention", user.pk), ("change", user.pk)}
    assert client.post("/notifications/choices/", wanted | {"mention": "hourly"}).status_code == 422
    assert choices_of(user)["mention"] == "daily"
    with pytest.raises(IntegrityError), transaction.atomic():
        NotificationChoice.objects.create(user=user, kind="assignment", email="hourly", changed_at=NOW)


def test_one_press_at_the_end_of_a_mail_ends_that_kind_alone(person, client):
    here, user = person
    told(here, user, "assignment")
    send_outgoing(now=MONDAY)
    (letter,) = mail.outbox
    link = letter.extra_headers["List-Unsubscribe"][1:-1].removeprefix("https://portal.example.org")
    assert client.get(link).status_code == 200 and choices_of(user)["assignment"] == "at_once"
    assert client.post(link).status_code == 200
    assert choices_of(user) == {"mention": "at_once", "assignment": "never", "change": "never"}


def test_mornings_are_by_the_clock_on_the_wall():
    from zoneinfo import ZoneInfo

    zone = ZoneInfo("America/New_York")
    here = datetime(2026, 11, 1, 6, 59, tzinfo=zone)  # the day the clocks go back
    assert last_morning(here, weekly=False) == datetime(2026, 10, 31, 7, tzinfo=zone)
    assert last_morning(here, weekly=True) == datetime(2026, 10, 26, 7, tzinfo=zone)
