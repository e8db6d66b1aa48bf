"""What comes back: the days worked by hand, one next one whoever makes it, and where it ends."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from engagements.milestones.actions.milestones import add_milestone, change_milestone
from engagements.milestones.actions.progress import log_progress
from engagements.milestones.actions.recurrence import make_due
from engagements.milestones.rules import Occurrence, due_on, next_occurrence
from engagements.models import Engagement, EngagementRole, Milestone
from engagements.permissions import Role
from tests.factories.engagements import EngagementFactory, MilestoneFactory, member

NOW = timezone.now()
TODAY = timezone.localdate(NOW)


@pytest.mark.parametrize(
    ("anchor", "every", "number", "due"),
    [
        (date(2027, 1, 31), "monthly", 1, date(2027, 2, 28)),
        (date(2027, 1, 31), "monthly", 2, date(2027, 3, 31)),
        (date(2026, 11, 30), "quarterly", 1, date(2027, 2, 28)),
        (date(2026, 11, 30), "quarterly", 2, date(2027, 5, 30)),
        (date(2024, 2, 29), "yearly", 1, date(2025, 2, 28)),
        (date(2024, 2, 29), "yearly", 4, date(2028, 2, 29)),
        (date(2026, 12, 15), "monthly", 0, date(2026, 12, 15)),
    ],
)
def test_the_day_counts_from_the_first(anchor, every, number, due):
    assert due_on(anchor, every, number) == due


def test_periods_that_went_by_are_not_made_up():
    today = date(2026, 11, 30)
    assert next_occurrence(date(2026, 6, 15), "monthly", 0, None, today) == Occurrence(6, date(2026, 12, 15))
    assert next_occurrence(date(2026, 12, 15), "monthly", 0, None, today) == Occurrence(1, date(2027, 1, 15))
    assert next_occurrence(date(2026, 6, 15), "quarterly", 0, date(2026, 12, 14), today) is None
    assert next_occurrence(date(2026, 9, 15), "quarterly", 0, date(2026, 12, 15), today).due_on == date(2026, 12, 15)


@pytest.fixture
def work(db):
    here = EngagementFactory()
    return here, member(Role.ADVISER, here)


def repeating(here, adviser, due: date, **other) -> Milestone:
    given = {"title": "Quarterly call", "stage": "field", "repeats": "quarterly", "owner": adviser.pk} | other
    return add_milestone(engagement=here.pk, due_on=due, by=adviser, now=NOW, **given)


def test_done_makes_the_next_one_with_what_stays(work):
    here, adviser = work
    first = repeating(here, adviser, TODAY + timedelta(days=3), acceptance_evidence="Minutes")
    log_progress(milestone=first.pk, status="done", line="Held", by=adviser, now=NOW)
    (following,) = Milestone.objects.exclude(pk=first.pk)
    assert (following.title, following.owner, following.acceptance_evidence) == ("Quarterly call", adviser, "Minutes")
    assert following.due_on == due_on(TODAY + timedelta(days=3), "quarterly", 1)
    assert (following.status, following.repeat_of, following.repeats) == ("planned", first, "quarterly")
    log_progress(milestone=first.pk, status="in_progress", line="Again", by=adviser, now=NOW)
    log_progress(milestone=first.pk, status="done", line="Held again", by=adviser, now=NOW)
    assert Milestone.objects.count() == 2 and make_due(now=NOW) == 0


def test_a_moved_date_does_not_move_the_row(work):
    here, adviser = work
    due = TODAY + timedelta(days=3)
    first = repeating(here, adviser, due)
    change_milestone(
        milestone=first.pk, changes={"due_on": due + timedelta(days=20)}, expected_version=1, slip_reason="data",
        by=adviser, now=NOW,
    )  # fmt: skip
    log_progress(milestone=first.pk, status="done", line="Held", by=adviser, now=NOW)
    assert Milestone.objects.get(repeat_of=first).due_on == due_on(due, "quarterly", 1)


def test_the_worker_makes_what_is_due_once_and_leaves_what_ended(work):
    here, adviser = work
    come = repeating(here, adviser, TODAY)
    repeating(here, adviser, TODAY + timedelta(days=1), title="Not yet")
    ended = repeating(here, adviser, TODAY, title="Ends", repeats_until=TODAY + timedelta(days=40))
    canceled = repeating(here, adviser, TODAY, title="Canceled")
    log_progress(milestone=canceled.pk, status="cancelled", line="No more", by=adviser, now=NOW)
    archived = repeating(here, adviser, TODAY, title="Archived")
    Milestone.objects.filter(pk=archived.pk).update(archived_at=NOW, archived_by=adviser)
    assert (make_due(now=NOW), make_due(now=NOW)) == (1, 0)
    (made,) = Milestone.objects.exclude(repeat_of=None)
    assert made.repeat_of == come and not ended.next_ones.exists()


def test_it_ends_with_the_engagement_and_an_owner_who_left_is_left_out(work):
    here, adviser = work
    lead = member(Role.LEAD, here)
    first = repeating(here, adviser, TODAY)
    Engagement.objects.filter(pk=here.pk).update(ends_on=TODAY + timedelta(days=30))
    assert make_due(now=NOW) == 0
    Engagement.objects.filter(pk=here.pk).update(ends_on=None)
    EngagementRole.objects.filter(user=adviser).update(ended_on=TODAY)
    Milestone.objects.filter(pk=first.pk).update(repeats_by=lead)
    assert make_due(now=NOW) == 1 and Milestone.objects.get(repeat_of=first).owner is None


def test_what_cannot_repeat_is_refused(work):
    here, adviser = work
    with pytest.raises(ValidationError) as refused:
        repeating(here, adviser, TODAY, repeats_until=TODAY - timedelta(days=1))
    assert "repeats_until" in refused.value.message_dict
    row = MilestoneFactory(engagement=here, due_on=None, source="the record", done_on=None)
    with pytest.raises(ValidationError) as refused:
        change_milestone(milestone=row.pk, changes={"repeats": "monthly"}, expected_version=1, by=adviser, now=NOW)
    assert "repeats" in refused.value.message_dict
    off = repeating(here, adviser, TODAY)
    change_milestone(milestone=off.pk, changes={"repeats": ""}, expected_version=1, by=adviser, now=NOW)
    off.refresh_from_db()
    assert (off.repeats, off.repeats_from, off.repeats_by) == ("", None, None) and make_due(now=NOW) == 0


def test_the_database_has_the_last_word(work):
    here, adviser = work
    first = repeating(here, adviser, TODAY)
    MilestoneFactory(engagement=here, repeat_of=first)
    elsewhere = EngagementFactory()
    for broken in (
        lambda: MilestoneFactory(engagement=here, repeat_of=first),
        lambda: MilestoneFactory(engagement=elsewhere, repeat_of=first),
        lambda: MilestoneFactory(engagement=here, repeats="daily", repeats_from=TODAY, repeats_by=adviser),
        lambda: MilestoneFactory(engagement=here, repeats="monthly"),
        lambda: MilestoneFactory(engagement=here, repeats_until=TODAY),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            broken()


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one():
    here = EngagementFactory()
    adviser = member(Role.ADVISER, here)
    for number in range(5):
        repeating(here, adviser, TODAY, title=f"Call {number}")

    def run(_) -> int:
        try:
            return make_due(now=NOW)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        made = sum(pool.map(run, range(4)))
    assert made + make_due(now=NOW) == 5 == Milestone.objects.exclude(repeat_of=None).count()
