"""`/metrics`: who may read it, and that a Prometheus understands it."""

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from mobility_portal.observing import notes
from tests.factories.engagements import UserFactory

TOKEN = "t" * 32


def families(client=None) -> dict:
    answer = (client or Client()).get("/metrics", headers={"host": "127.0.0.1:8000"})
    assert answer.status_code == 200
    return {family.name: family for family in text_string_to_metric_families(answer.content.decode())}


def value(family, **labels) -> float:
    (found,) = [sample.value for sample in family.samples if labels.items() <= sample.labels.items()]
    return found


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "127.0.0.1:8000"}, 200),
        ({"host": "localhost"}, 200),
        ({"host": "[::1]:8000"}, 200),
        ({"host": "portal.example.org"}, 404),
        ({"host": "localhost", "x-forwarded-for": "127.0.0.1"}, 404),
        ({"host": "localhost", "via": "1.1 front"}, 404),
    ],
)
def test_without_a_token_only_this_machine_may_read(db, settings, headers, status):
    settings.ALLOWED_HOSTS = ["*"]
    assert Client().get("/metrics", headers=headers).status_code == status


def test_another_address_may_not(db):
    assert Client(REMOTE_ADDR="10.0.0.9").get("/metrics", headers={"host": "localhost"}).status_code == 404


def test_behind_a_proxy_nobody_may_without_a_token(db, settings):
    settings.BEHIND_HTTPS = True
    assert Client().get("/metrics", headers={"host": "localhost"}).status_code == 404


@pytest.mark.parametrize("sent", ["", "Bearer ", f"Bearer {TOKEN}x", f"Basic {TOKEN}", TOKEN, "Bearer ü"])
def test_with_a_token_nothing_else_will_do(db, settings, sent):
    settings.METRICS_TOKEN = TOKEN
    assert Client().get("/metrics", headers={"host": "localhost", "authorization": sent}).status_code == 404


def test_with_a_token_its_bearer_may_from_anywhere(db, settings):
    settings.METRICS_TOKEN = TOKEN
    client = Client(REMOTE_ADDR="10.0.0.9")
    assert client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200


def test_an_administrators_session_is_no_token(db, settings):
    settings.METRICS_TOKEN = TOKEN
    client = Client()
    client.force_login(UserFactory(is_staff=True))
    assert client.get("/metrics", headers={"host": "localhost"}).status_code == 404


def test_requests_are_counted_by_pattern_and_class_of_status(db):
    before = families().get("portal_request_seconds")
    for number in range(3):
        Client().get(f"/nonsense/{number}/")
    after = families()["portal_request_seconds"]
    labels = {"route": "(no such address)", "status": "4xx"}

    def total(family):
        return sum(s.value for s in family.samples if s.name.endswith("_count") and labels.items() <= s.labels.items())

    assert total(after) == (total(before) if before else 0) + 3
    assert "nonsense" not in str(after.samples)


def test_every_subject_of_the_brief_is_there(db):
    found = families()
    assert {
        "portal_requests_in_progress",
        "portal_queue_messages",
        "portal_queue_oldest_seconds",
        "portal_worker_alive",
        "portal_imports_oldest_waiting_seconds",
        "portal_feeds_failing",
        "portal_mail_oldest_waiting_seconds",
        "portal_disk_free_bytes",
        "portal_database_size_bytes",
        "portal_database_connections",
        "portal_task_period_seconds",
        "portal_errors_last_day",
        "portal_build_info",
    } <= set(found)
    assert all(sample.value == 1 for sample in found["portal_section_readable"].samples)
    assert {sample.labels["place"] for sample in found["portal_disk_free_bytes"].samples} == {"home", "documents"}


def test_the_last_success_of_a_task_is_there(db):
    notes.note_task("engagements.tasks.check_feeds", now=1_000.0, seconds=0.25)
    notes.note_task("engagements.tasks.check_feeds", now=2_000.0, seconds=0.5, error="ValueError")
    found = families()
    task = {"task": "engagements.tasks.check_feeds"}
    assert value(found["portal_task_last_success_timestamp_seconds"], **task) == 1_000.0
    assert value(found["portal_task_last_failure_timestamp_seconds"], **task) == 2_000.0


def test_without_a_broker_the_database_is_still_told(db, settings):
    from mobility_portal.embedded.processes import choose_port

    settings.REDIS_URL = f"redis://127.0.0.1:{choose_port(None)}/0"
    found = families()
    readable = {s.labels["section"]: s.value for s in found["portal_section_readable"].samples}
    assert readable["queues"] == readable["errors"] == readable["schedule"] == 0 and readable["database"] == 1
    assert "portal_database_size_bytes" in found


def test_few_statements(db, django_assert_max_num_queries):
    families()
    with django_assert_max_num_queries(20):
        families()
