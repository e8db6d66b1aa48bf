"""When a figure is fine, when it is to be watched, and when somebody must act: by worked cases."""

import json
from datetime import timedelta

import pytest
from celery.schedules import crontab
from django.utils import timezone

from engagements.models import Feed, FeedStatus
from engagements.permissions import Role
from mobility_portal.backup.models import Backup
from mobility_portal.observing import notes
from mobility_portal.observing.figures import State, worst
from mobility_portal.observing.reads import backups, disk, errors, feeds, queues, schedule
from mobility_portal.observing.reads.schedule import period
from mobility_portal.observing.task_log import PUBLISHED_AT
from mobility_portal.observing.words import ago, how_long
from tests.factories.engagements import EngagementFactory, member
from tests.factories.feeds import make_feed
from tests.factories.indicators import make_indicator

NOW = timezone.now()
DAY = 86_400.0


def named(figures, name, **labels):
    (found,) = [each for each in figures if each.name == name and labels.items() <= dict(each.labels).items()]
    return found


def test_the_most_pressing_counts():
    assert worst([]) is State.FINE and worst([State.WATCH, State.ACT, State.FINE]) is State.ACT


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.25, "0.2 seconds"), (30, "30 seconds"), (300, "5 minutes"), (93_600, "26 hours"), (259_200, "3 days")],
)
def test_times_have_the_largest_unit_that_leaves_two_of_it(seconds, said):
    assert how_long(seconds) == said


def test_what_lies_in_the_future_by_another_clock_is_now():
    assert ago(NOW + timedelta(seconds=5), NOW) == "now"


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        (30.0, 30.0),
        (timedelta(hours=1), 3600.0),
        (crontab(minute="0", hour="3"), DAY),
        (crontab(minute="0"), 3600.0),
        (crontab(minute="0", hour="3", day_of_week="1"), 7 * DAY),
        (crontab(minute="0", hour="3", day_of_month="1"), 31 * DAY),
        (crontab(minute="0", hour="3", day_of_month="1", month_of_year="1,4,7,10"), 366 * DAY),
    ],
)
def test_how_often_a_task_runs(given, seconds):
    assert period(given) == seconds


@pytest.mark.parametrize(
    ("succeeded", "failed", "state"),
    [
        (None, None, State.FINE),  # a portal that just started
        (5.0, None, State.FINE),
        (5.0, 20.0, State.FINE),  # failed, then succeeded
        (20.0, 5.0, State.WATCH),
        (None, 5.0, State.ACT),
        (3 * 900.0 + 700.0, None, State.ACT),
    ],
)
def test_a_task_is_late_after_three_periods_and_ten_minutes(settings, succeeded, failed, state):
    settings.CELERY_BEAT_SCHEDULE = {"send-mail": {"task": "test.mail", "schedule": 900.0}}
    now = NOW.timestamp()
    if failed is not None:
        notes.note_task("test.mail", now=now - failed, seconds=1, error="ValueError")
    if succeeded is not None:
        notes.note_task("test.mail", now=now - succeeded, seconds=1)
    assert named(schedule.read(NOW), "task_last_success_timestamp_seconds").state is state


def test_a_queue_is_as_old_as_its_oldest_message(settings):
    client = notes.client()
    client.delete("mail")
    try:
        for waited in (700, 20):  # the broker's client pushes at the left and takes at the right
            client.lpush("mail", json.dumps({"headers": {PUBLISHED_AT: NOW.timestamp() - waited}}))
        found = queues.read(NOW)
        assert named(found, "queue_messages", queue="mail").value == 2
        oldest = named(found, "queue_oldest_seconds", queue="mail")
        assert oldest.value == pytest.approx(700, abs=1) and oldest.state is State.ACT
        client.delete("mail")
        client.lpush("mail", b"no message of ours", json.dumps({"headers": {}}))
        assert named(queues.read(NOW), "queue_oldest_seconds", queue="mail").value == 0
    finally:
        client.delete("mail")


def test_the_disk_of_a_folder_that_is_not_there_yet(settings, tmp_path, monkeypatch):
    settings.DOCUMENTS_DIR = tmp_path / "not" / "yet"
    assert {each.labels["place"]: each.value > 0 for each in disk.read(NOW)} == {"home": True, "documents": True}
    for free, state in ((6e9, State.FINE), (4e9, State.WATCH), (5e8, State.ACT)):
        usage = type("usage", (), {"free": int(free), "total": int(1e10)})
        monkeypatch.setattr(disk.shutil, "disk_usage", lambda folder, usage=usage: usage)
        assert {each.state for each in disk.read(NOW)} == {state}


@pytest.mark.django_db
@pytest.mark.parametrize(("hours", "state"), [(1, State.FINE), (30, State.WATCH), (60, State.ACT)])
def test_a_backup_of_last_night_is_fine(hours, state):
    Backup.objects.create(
        started_at=NOW - timedelta(hours=hours), seconds=3, file_name="one", size=10**9, sha256="0" * 64
    )
    found = named(backups.read(NOW), "last_backup_age_seconds")
    assert found.state is state and found.value == pytest.approx(hours * 3600)


@pytest.mark.django_db
def test_a_backup_that_failed_after_a_good_one_is_told():
    for problem in ("", "The disk was full."):
        made = {} if problem else {"file_name": "one", "size": 1, "sha256": "0" * 64}
        Backup.objects.create(
            started_at=NOW - timedelta(hours=2 if not problem else 1), seconds=3, problem=problem, **made
        )
    found = backups.read(NOW)
    assert named(found, "last_backup_age_seconds").state is State.FINE
    assert named(found, "last_backup_try_failed").state is State.ACT


@pytest.mark.django_db
def test_without_any_backup_somebody_must_act():
    found = named(backups.read(NOW), "last_backup_age_seconds")
    assert found.state is State.ACT and found.value is None


@pytest.mark.django_db
def test_feeds_that_fail_and_feeds_nobody_asks():
    engagement = EngagementFactory()
    person = member(Role.CITY_STAFF, engagement)
    one, other = (make_feed(make_indicator(engagement, person, name=name), person, "", kind="push") for name in "ab")
    FeedStatus.objects.update_or_create(feed=one, defaults={"failures": 3, "next_at": NOW})
    FeedStatus.objects.update_or_create(feed=other, defaults={"failures": 0, "next_at": NOW - timedelta(hours=2)})
    found = feeds.read(NOW)
    assert named(found, "feeds_active").value == Feed.objects.count() == 2
    assert named(found, "feeds_failing").value == 1 and named(found, "feeds_failing").state is State.WATCH
    assert named(found, "feeds_overdue").value == 1 and named(found, "feeds_overdue").state is State.ACT


def test_errors_of_the_last_day_count_and_older_ones_do_not():
    now = NOW.timestamp()
    notes.note_error("/", "ValueError", now=now - 10, reference="a" * 16)
    notes.note_error("/", "ValueError", now=now - 3 * DAY, reference="b" * 16)
    (found,) = errors.read(NOW)
    assert found.value == 1 and found.state is State.WATCH
