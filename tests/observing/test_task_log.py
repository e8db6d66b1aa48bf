"""What a task leaves: one line with the id of the request that queued it, and when it last succeeded."""

import json
import logging
import time

import pytest
from celery import shared_task
from celery.contrib.testing.worker import start_worker
from django.conf import settings as django_settings

from atlas.web.request_id import begin_request, end_request
from mobility_portal.celery import app
from mobility_portal.observing import notes
from mobility_portal.observing.log_format import JsonFormatter
from mobility_portal.request_id import current_request_id

QUEUE = "test-task-log"
seen: list[str] = []


@shared_task(name="test.observe")
def observe(fails: bool) -> None:
    seen.append(current_request_id())
    if fails:
        raise ValueError("no value 'Ada Quist'")


@pytest.fixture
def lines():
    handler = logging.Handler()
    handler.said = []
    handler.setFormatter(JsonFormatter())
    handler.emit = lambda record: handler.said.append(json.loads(handler.format(record)))
    logging.getLogger("portal.task").addHandler(handler)
    yield handler.said
    logging.getLogger("portal.task").removeHandler(handler)


def wait_for(lines, number):
    deadline = time.monotonic() + 20
    while len(lines) < number:
        assert time.monotonic() < deadline, lines
        time.sleep(0.02)
    return lines


@pytest.mark.django_db(transaction=True)
def test_a_task_through_the_broker_has_the_id_of_its_request_and_says_how_it_ended(lines):
    seen.clear()
    token = begin_request("a" * 16)
    try:
        observe.apply_async((False,), queue=QUEUE)
        observe.apply_async((True,), queue=QUEUE)
    finally:
        end_request(token)
    observe.apply_async((False,), queue=QUEUE)  # as the scheduler does, outside any request
    with start_worker(app, pool="solo", queues=[QUEUE], perform_ping_check=False, loglevel="WARNING"):
        first, failed, other = wait_for(lines, 3)
    assert seen[:2] == ["a" * 16] * 2 and len(seen[2]) == 16 and seen[2] != "a" * 16
    assert (first["task"], first["outcome"], first["request_id"]) == ("test.observe", "success", "a" * 16)
    assert first["duration_ms"] >= 0 and first["waited_ms"] >= 0 and first["statements"] == 0 and first["task_id"]
    assert (failed["outcome"], failed["level"], failed["error"]) == ("failure", "ERROR", "ValueError: no value [text]")
    assert "Ada" not in json.dumps(lines) and other["request_id"] == seen[2]
    run = notes.task_runs()["test.observe"]
    assert (run.succeeded, run.failed, run.error) == (2, 1, "ValueError") and run.succeeded_at and run.failed_at
    assert current_request_id() == ""


def test_a_task_called_in_place_belongs_to_its_caller(lines):
    seen.clear()
    token = begin_request("b" * 16)
    try:
        observe.apply((False,))
    finally:
        end_request(token)
    assert seen == ["b" * 16] and lines == []


def test_a_note_that_cannot_be_kept_costs_no_second_wait(settings, monkeypatch):
    from mobility_portal.embedded.processes import choose_port

    monkeypatch.setattr(notes, "_pause_until", 0.0)
    settings.REDIS_URL = f"redis://127.0.0.1:{choose_port(None)}/0"
    notes.note_error("/", "ValueError", now=1.0, reference="")
    assert notes._pause_until > time.monotonic()
    settings.REDIS_URL = django_settings.REDIS_URL
    monkeypatch.setattr(notes, "_client", lambda: pytest.fail("asked again at once"))
    notes.note_error("/", "ValueError", now=1.0, reference="")
