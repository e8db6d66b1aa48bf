"""Due dates by a private link."""

from datetime import date, datetime, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from engagements.milestones.actions.milestones import change_milestone
from engagements.models import CalendarFeed
from engagements.people.actions.tokens import make_calendar_feed
from engagements.permissions import Role
from tests.factories.engagements import (
    NOW,
    EngagementFactory,
    InitiativeFactory,
    MilestoneFactory,
    UserFactory,
    member,
    pair,
)

pytestmark = pytest.mark.django_db


def feed(secret: str):
    return Client().get(f"/calendar/{secret}.ics")


def events(response) -> dict[str, dict]:
    assert response.status_code == 200
    return {str(event["uid"]): event for event in Calendar.from_ical(response.content).walk("VEVENT")}


def link(user, engagement=None) -> str:
    return make_calendar_feed(by=user, now=timezone.now(), engagement=engagement)[1]


def test_a_day_is_a_whole_day_that_takes_no_time():
    milestone = MilestoneFactory(
        title="Plan, with; marks\\ and ü" + "x" * 100, funder_note="Soon.", due_on=date(2026, 12, 15)
    )
    user = member(Role.ADVISER, milestone.engagement)
    response = feed(link(user))
    (event,) = events(response).values()
    assert event["uid"] == f"milestone-{milestone.pk}@mobility-portal"
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (date(2026, 12, 15), date(2026, 12, 16))
    assert str(event["summary"]).endswith(milestone.title) and event["transp"] == "TRANSPARENT"
    assert str(event["url"]).endswith(f"/milestones/{milestone.pk}/")
    lines = response.content.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines) and b"\n" not in b"".join(lines)


def test_it_rings_at_nine_a_week_and_a_day_before():
    milestone = MilestoneFactory(title="Sign it")
    (event,) = events(feed(link(member(Role.ADVISER, milestone.engagement)))).values()
    midnight = datetime.combine(milestone.due_on, time.min)
    rings = [midnight + alarm.decoded("trigger") for alarm in event.walk("VALARM")]
    assert rings == [datetime(2026, 12, 8, 9), datetime(2026, 12, 14, 9)]
    assert {str(alarm["action"]) for alarm in event.walk("VALARM")} == {"DISPLAY"}
    assert all("Sign it" in alarm["description"] for alarm in event.walk("VALARM"))


def test_the_answer_is_private_and_not_indexed():
    response = feed(link(UserFactory()))
    assert response["Content-Type"] == "text/calendar; charset=utf-8" and response["X-Robots-Tag"].startswith("noindex")
    assert response["Cache-Control"] == "private, no-cache" and response["Referrer-Policy"] == "no-referrer"
    assert not response.cookies


def test_a_moved_date_keeps_its_uid_and_finished_and_archived_ones_vanish():
    engagement = EngagementFactory()
    user = member(Role.ADVISER, engagement)
    moved, cancelled, archived, done = (MilestoneFactory(engagement=engagement) for _ in range(4))
    secret = link(user)
    before = events(feed(secret))
    assert len(before) == 4
    change_milestone(
        milestone=moved.pk,
        changes={"due_on": date(2027, 1, 9)},
        expected_version=1,
        slip_reason="data",
        by=user,
        now=NOW,
    )
    type(cancelled).objects.filter(pk=cancelled.pk).update(status="cancelled")
    type(done).objects.filter(pk=done.pk).update(status="done", started_on=NOW.date(), done_on=NOW.date())
    type(archived).objects.filter(pk=archived.pk).update(archived_at=NOW, archived_by=user)
    ((uid, event),) = events(feed(secret)).items()
    assert (
        uid in before and event.decoded("dtstart") == date(2027, 1, 9) and event["sequence"] > before[uid]["sequence"]
    )


def test_each_role_finds_what_it_may_see_in_its_words():
    mine, other = pair()
    for place in (mine, other, EngagementFactory()):
        MilestoneFactory(engagement=place, status="blocked", acceptance_evidence="Internal")
    for role, count in {
        Role.LEAD: 2,
        Role.ADVISER: 2,
        Role.EXPERT: 1,
        Role.CITY_STAFF: 2,
        Role.LOCAL_PARTNER: 1,
        Role.FUNDER: 2,
    }.items():
        user = member(role, mine)
        found = feed(link(user))
        assert len(events(found)) == count, role
        assert len(events(feed(link(user, mine.pk)))) == 1
        text = found.content.decode()
        assert "Internal" not in text and "Blocked" in text


def test_who_lost_the_role_or_was_deactivated_loses_the_content_at_once():
    milestone = MilestoneFactory()
    user = member(Role.ADVISER, milestone.engagement)
    secrets = [link(user), link(user, milestone.engagement_id)]
    assert all(len(events(feed(secret))) == 1 for secret in secrets)
    user.roles.update(ended_on=timezone.localdate())
    assert all(not events(feed(secret)) for secret in secrets)
    user.is_active = False
    user.save()
    assert [feed(secret).status_code for secret in secrets] == [404, 404]


def test_links_are_made_shown_once_replaced_and_ended_on_the_page():
    milestone = MilestoneFactory()
    user = member(Role.CITY_STAFF, milestone.engagement)
    client = Client()
    client.force_login(user)
    made = client.post("/me/calendar/", {"engagement": milestone.engagement_id})
    address = made.context["link"]
    assert address in made.content.decode() and made["Cache-Control"] == "private, no-store"
    secret = address.rsplit("/", 1)[1].removesuffix(".ics")
    assert secret not in client.get("/me/calendar/").content.decode()
    assert not CalendarFeed.objects.filter(sha256__contains=secret).exists() and len(secret) >= 43
    assert Client().get(address).status_code == 200
    second = client.post("/me/calendar/", {"engagement": milestone.engagement_id}).context["link"]
    assert Client().get(address).status_code == 404 and Client().get(second).status_code == 200
    (row,) = CalendarFeed.objects.filter(revoked_at=None)
    stranger = Client()
    stranger.force_login(UserFactory())
    assert stranger.post(f"/me/calendar/{row.pk}/revoke/").status_code == 404
    assert Client().get(second).status_code == 200
    assert client.post(f"/me/calendar/{row.pk}/revoke/").status_code == 302
    assert Client().get(second).status_code == 404


def test_no_link_for_what_one_may_not_see_and_none_that_are_guessed():
    other = EngagementFactory(initiative=InitiativeFactory())
    client = Client()
    client.force_login(member(Role.LEAD, EngagementFactory()))
    assert client.post("/me/calendar/", {"engagement": other.pk}).status_code == 422
    assert not CalendarFeed.objects.exists()
    for secret in ("x", "ü", "a" * 500, "%00"):
        assert feed(secret).status_code == 404


def test_what_is_long_past_is_left_out():
    milestone = MilestoneFactory(engagement=EngagementFactory(starts_on=None))
    user = member(Role.ADVISER, milestone.engagement)
    type(milestone).objects.update(due_on=timezone.localdate() - timedelta(days=400))
    assert not events(feed(link(user)))


def test_a_feed_asks_as_often_for_many_as_for_two():
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    engagement = EngagementFactory()
    secret, found = link(member(Role.FUNDER, engagement)), []
    feed(secret)
    for more in (2, 30):
        for _ in range(more):
            MilestoneFactory(engagement=engagement)
        with CaptureQueriesContext(connection) as asked:
            feed(secret)
        found.append(len(asked))
    assert found[0] == found[1] <= 8
