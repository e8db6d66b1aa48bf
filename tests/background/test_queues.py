"""Every task has its queue and its time, and some worker takes from each queue."""

import time

import pytest
from django.conf import settings

from engagements.base.fair_order import fair_order
from mobility_portal import beat_schedule
from mobility_portal.background.queues import ALL, GROUPS, TASKS, Queue, rule_of
from mobility_portal.celery import app


def test_every_task_goes_to_its_queue_and_has_an_end():
    app.loader.import_default_modules()
    assert set(TASKS) <= set(app.tasks)
    for name in (name for name in app.tasks if not name.startswith("celery.")):
        task, rule = app.tasks[name], rule_of(name)
        assert app.amqp.router.route({}, name)["queue"].name == rule.queue.value
        soft = task.soft_time_limit or settings.CELERY_TASK_SOFT_TIME_LIMIT
        hard = task.time_limit or settings.CELERY_TASK_TIME_LIMIT
        assert (soft, hard) == (rule.seconds, rule.kill_after) and 0 < soft < hard, name


def test_each_queue_has_one_group_of_workers_and_an_import_shares_its_own_with_nothing():
    taken = [queue for group in GROUPS for queue in group.queues]
    assert sorted(taken) == sorted(ALL)
    alone = {group.queues for group in GROUPS if {"imports", "mail"} & set(group.queues)}
    assert alone == {(Queue.IMPORTS,), (Queue.MAIL,)}


def test_what_beat_sends_is_a_task():
    app.loader.import_default_modules()
    sent = [entry["task"] for entry in (beat_schedule.SCHEDULE | beat_schedule.DEMO_SCHEDULE).values()]
    assert set(sent) <= set(app.tasks)


@pytest.mark.parametrize(
    ("waiting", "busy", "order"),
    [
        ([], [], []),
        ([(1, "a"), (2, "a"), (3, "a"), (4, "b")], [], [1, 4, 2, 3]),
        ([(1, "a"), (2, "b"), (3, "c")], ["a", "a"], [2, 3, 1]),
    ],
)
def test_everybodys_first_comes_before_anybodys_second(waiting, busy, order):
    assert fair_order(waiting, busy=busy) == order


def test_ordering_thousands_is_quick():
    began = time.monotonic()
    fair_order((n, n % 7) for n in range(20_000))
    assert time.monotonic() - began < 1
