"""`/livez` and `/readyz`: what each depends on, and whom they answer."""

from datetime import timedelta

from django.db import OperationalError, connection
from django.db.backends.postgresql.base import DatabaseWrapper
from django.test import Client
from django.utils import timezone

from mobility_portal.backup.models import Backup
from mobility_portal.embedded.processes import choose_port
from mobility_portal.observing import applied_migrations
from mobility_portal.observing.applied_migrations import are_applied


def test_livez_asks_nobody_and_any_name_of_the_host_will_do(settings):
    settings.SECURE_SSL_REDIRECT, settings.REDIS_URL = True, f"redis://127.0.0.1:{choose_port(None)}/0"
    answer = Client().get("/livez", headers={"host": "10.1.2.3:8000"})
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert "no-store" in answer["Cache-Control"] and answer["X-Request-ID"]
    assert Client().post("/livez").status_code == 405


def test_readyz_is_503_without_a_database_and_says_no_secret(db, monkeypatch):
    def away(self, *arguments):
        raise OperationalError("password=hunter2")

    with monkeypatch.context() as patch:
        patch.setattr(DatabaseWrapper, "cursor", away)
        answer = Client().get("/readyz", headers={"host": "10.1.2.3:8000"})
    assert answer.status_code == 503 and answer.json()["state"] == "not ready"
    assert b"hunter2" not in answer.content


def test_readyz_is_degraded_without_a_broker(db, settings):
    settings.REDIS_URL = f"redis://127.0.0.1:{choose_port(None)}/0"
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["state"], answer.json()["broker"]) == (200, "degraded", "down")


def test_readyz_is_503_while_a_migration_waits(db):
    applied_migrations._believed_until.clear()
    assert are_applied()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'mobility_portal'")
    applied_migrations._believed_until.clear()
    answer = Client().get("/readyz")
    assert answer.status_code == 503 and answer.json()["migrations"] == "waiting"


def test_healthz_says_what_readyz_says(db):
    one, other = Client().get("/healthz").json(), Client().get("/readyz").json()
    assert one == other and {"database", "broker", "worker", "live_releases"} <= set(one)


def test_readyz_tells_the_age_of_the_last_backup_and_is_ready_without_one(db):
    assert Client().get("/readyz").json()["last_backup_hours"] is None
    began = timezone.now() - timedelta(hours=5)
    Backup.objects.create(started_at=began, seconds=3, file_name="one", size=1, sha256="0" * 64)
    Backup.objects.create(started_at=timezone.now(), seconds=3, problem="The disk was full.")
    answer = Client().get("/readyz")
    assert answer.status_code == 200 and answer.json()["last_backup_hours"] == 5.0
