"""What is made up says so in every list, file, mail and answer, where it stands beside real work."""

import io
import re
from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest
from django.core import mail
from django.utils import timezone

from engagements.discussion.mail.visibility import visible_notification
from engagements.home.mail import send_digests
from engagements.home.queries.activity import activity
from engagements.home.queries.tasks import tasks_of
from engagements.models import Activity, Engagement, ExpertRequest, Indicator, IndicatorValue, Notification, User
from engagements.permissions import Role
from tests.engagements.discussion.discussion import as_
from tests.factories.engagements import MilestoneFactory, give, member, pair
from tests.factories.plans import make_plan
from tests.factories.reviews import decided

pytestmark = pytest.mark.django_db
MARK = 'class="sample-mark"'
MORNING = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
TODAY = MORNING.date()


@pytest.fixture
def work():
    """One person who works in a real city and in a made-up one, with one thing of each kind in both."""
    real, invented = pair()
    Engagement.objects.filter(pk=invented.pk).update(is_fictional=True)
    invented.refresh_from_db()
    adviser = member(Role.ADVISER, real)
    give(adviser, Role.ADVISER, invented)
    for engagement in (real, invented):
        kind = {"engagement": engagement, "is_fictional": engagement.is_fictional}
        milestone = MilestoneFactory(title="A step", owner=adviser, due_on=timezone.localdate(), **kind)
        make_plan(engagement, adviser, is_fictional=engagement.is_fictional)
        ExpertRequest.objects.create(
            engagement=engagement, question="How sure?", asked_by=adviser, owner=adviser, asked_at=MORNING, due_on=TODAY
        )
        indicator = Indicator.objects.create(
            **kind,
            kind="performance",
            name="Jobs",
            definition="Who has one",
            unit="people",
            direction="rising",
            outcome_family="employment",
        )
        IndicatorValue.objects.create(
            **kind,
            indicator=indicator,
            period_start=date(2026, 1, 1),
            period_end=date(2026, 3, 31),
            value=3,
            entered_by=adviser,
            entered_at=MORNING,
        )
        Activity.objects.create(
            engagement=engagement,
            by=None,
            at=MORNING - timedelta(hours=6),
            verb="logged",
            noun="milestone",
            object_id=milestone.pk,
            title="A step",
        )
    return real, invented, adviser


def test_tasks_and_the_feed_tell_real_from_made_up(work):
    _, invented, adviser = work
    tasks = tasks_of(adviser, today=timezone.localdate())
    assert {task.noun for task in tasks} >= {"milestone", "plan", "expertrequest"}
    for task in tasks:
        assert task.is_fictional == (task.engagement_slug == invented.slug), task
    for row in activity(adviser):
        assert row.is_fictional == (row.engagement_slug == invented.slug)


@pytest.mark.parametrize("address", ["/todo/", "/milestones/", "/requests/"])
def test_lists_over_several_cities_mark_what_is_made_up(work, address):
    *_, adviser = work
    assert MARK in as_(adviser).get(address).content.decode(), address


@pytest.mark.parametrize(
    "end", ["milestones/", "indicators/", "plans/", "documents/", "records/", "risks/", "history/"]
)
def test_lists_of_a_made_up_city_say_so_and_those_of_a_real_one_do_not(work, end):
    real, invented, adviser = work
    marked, plain = (
        as_(adviser).get(f"/engagements/{each.slug}/{end}").content.decode().lower() for each in (invented, real)
    )
    assert "sample-mark" in marked or "strip-demo" in marked
    assert "sample-mark" not in plain and "strip-demo" not in plain


def test_files_have_a_column_that_says_it(work):
    real, invented, adviser = work
    client = as_(adviser)
    for engagement in (real, invented):
        plan = engagement.plans.get()
        ends = [f"/engagements/{engagement.slug}/{end}/export.csv" for end in ("milestones", "indicators")]
        for address in (*ends, f"/plans/{plan.pk}/plan.csv", f"/plans/{plan.pk}/tracts.csv"):
            table = pd.read_csv(io.BytesIO(client.get(address).content))
            assert set(table["fictional"]) <= {engagement.is_fictional}, address
            assert len(table) or address.endswith("tracts.csv")


def test_files_of_the_timeline_and_of_an_indicator_have_it_too(work):
    real, invented, adviser = work
    client = as_(adviser)
    lead = member(Role.LEAD, real)  # nobody approves what they entered
    decided("value", IndicatorValue.objects.all(), lead, "approved", MORNING)
    IndicatorValue.objects.update(status="approved", approved_by=lead, approved_at=MORNING)
    for engagement in (real, invented):
        indicator = Indicator.objects.get(engagement=engagement)
        for address in (f"/engagements/{engagement.slug}/timeline.csv", f"/indicators/{indicator.pk}/actuals.csv"):
            table = pd.read_csv(io.BytesIO(client.get(address).content))
            assert len(table) and set(table["fictional"]) == {engagement.is_fictional}, address


def test_answers_of_the_api_say_it(work):
    _, invented, adviser = work
    client = as_(adviser)
    for end in ("milestones", "plans", "requests", "activity", "indicators", "engagements"):
        found = client.get(f"/api/v1/{end}/").json()
        rows = found["results"] if isinstance(found, dict) else found
        assert {row["is_fictional"] for row in rows} == {True, False}, end


def test_mails_say_it(work, settings):
    real, invented, adviser = work
    settings.PORTAL_URL = "https://portal.example.org"
    User.objects.filter(pk=adviser.pk).update(digest="daily", joined_at=datetime(2026, 10, 1, tzinfo=UTC))
    User.objects.exclude(pk=adviser.pk).update(digest="none")
    assert send_digests(now=MORNING) == 1
    letter = mail.outbox[0]
    for words in (letter.body, re.sub(r"<li\b[^>]*>", "\n", letter.alternatives[0][0])):
        of_invented = [line for line in words.splitlines() if invented.city.name in line]
        assert len(of_invented) >= 3 and all("(demo)" in line for line in of_invented)
        assert not any("(demo)" in line for line in words.splitlines() if real.city.name in line)
    told = Notification.objects.create(
        user=adviser,
        kind="assignment",
        engagement=invented,
        noun="milestone",
        object_id=invented.milestones.get().pk,
        line="A step is yours",
        created_at=MORNING,
    )
    assert visible_notification(told).city == f"{invented.city.name}, demo"
