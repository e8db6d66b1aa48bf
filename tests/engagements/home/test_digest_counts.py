"""A digest of a busy period: what came after it hides nothing, and what is not listed is counted."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from engagements.home.mail import send_digests
from engagements.models import Activity, User
from engagements.permissions import Role
from tests.engagements.discussion.discussion import house

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)  # a Tuesday, 8 in the morning in New York


def write(here, by, count, at):
    Activity.objects.bulk_create(
        Activity(
            engagement=here, by=by, at=at, verb="logged", noun="milestone", object_id=1, title="A", line=f"{at:%H}"
        )
        for _ in range(count)
    )


def test_a_busy_period_is_counted_whole_and_what_came_later_hides_nothing(settings):
    settings.PORTAL_URL = "https://portal.example.org"
    here, _, people, _ = house()
    User.objects.filter(pk=people[Role.ADVISER].pk).update(digest="daily", joined_at=datetime(2026, 10, 1, tzinfo=UTC))
    User.objects.exclude(pk=people[Role.ADVISER].pk).update(digest="none")
    write(here, people[Role.LEAD], 63, MORNING - timedelta(hours=6))
    write(here, people[Role.LEAD], 70, MORNING - timedelta(minutes=10))  # of the next period
    assert send_digests(now=MORNING) == 1
    (letter,) = mail.outbox
    html = letter.alternatives[0][0]
    assert letter.subject.endswith("63 changes") and letter.body.count("“A”") == 50
    assert "13 more: https://portal.example.org/" in letter.body
    assert re.search(r"<a href=.https://portal.example.org/.[^>]*>[^<]*\b13 more</a>", html)
