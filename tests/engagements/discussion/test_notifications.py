"""Fifty people at one milestone: nothing that was written is lost."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from engagements.base.editing import Conflict
from engagements.milestones.actions.milestones import change_milestone
from engagements.milestones.actions.progress import log_progress
from engagements.models import Activity, Milestone, ProgressEntry
from engagements.permissions import Role
from tests.factories.engagements import NOW, EngagementFactory, MilestoneFactory, member

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(deeds):
    def run(deed):
        try:
            return deed()
        except Conflict as conflict:
            return conflict
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        return list(pool.map(run, deeds))


def test_fifty_advisers_lose_no_line():
    engagement = EngagementFactory()
    milestone = MilestoneFactory(engagement=engagement)
    advisers = [member(Role.ADVISER, engagement) for _ in range(50)]
    statuses = ("in_progress", "at_risk", "blocked")
    at_once(
        lambda n=n, by=by: log_progress(
            milestone=milestone.pk, status=statuses[n % 3], line=f"line {n}", by=by, now=NOW, submission=uuid.uuid4()
        )
        for n, by in enumerate(advisers)
    )
    entries = list(ProgressEntry.objects.order_by("pk"))
    assert sorted(entry.line for entry in entries) == sorted(f"line {n}" for n in range(50))
    assert [a.status for a in entries[:-1]] == [b.old_status for b in entries[1:]]  # each saw the one before
    milestone.refresh_from_db()
    assert milestone.status == entries[-1].status and Activity.objects.count() == 50


def test_one_submission_sent_ten_times_at_once_is_one_entry():
    engagement = EngagementFactory()
    milestone, by, key = MilestoneFactory(engagement=engagement), member(Role.ADVISER, engagement), uuid.uuid4()
    found = at_once(
        (lambda: log_progress(milestone=milestone.pk, status="blocked", line="x", by=by, now=NOW, submission=key),) * 10
    )
    assert len({entry.pk for entry in found}) == 1 and ProgressEntry.objects.count() == 1


def test_two_editors_of_one_field_one_is_shown_both():
    engagement = EngagementFactory()
    milestone, by = MilestoneFactory(engagement=engagement), member(Role.ADVISER, engagement)
    found = at_once(
        lambda title=title: change_milestone(
            milestone=milestone.pk, changes={"title": title}, expected_version=1, by=by, now=NOW
        )
        for title in ("One", "Two")
    )
    (conflict,) = [each for each in found if isinstance(each, Conflict)]
    (kept,) = [each for each in found if isinstance(each, Milestone)]
    assert conflict.theirs == {"title": kept.title} and {kept.title, conflict.yours["title"]} == {"One", "Two"}
