"""How long the database lets a page, a job and a command wait."""

import os
import subprocess
import sys

import pytest
from django.db import OperationalError, connections

from atlas.ingest import operations
from mobility_portal import gunicorn_settings
from mobility_portal.time_limits import database
from mobility_portal.time_limits.database import LIMITS, Limits, database_options
from tests.runtime.places import PROJECT

NAMES = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")


def test_a_page_has_less_time_than_a_job_and_a_command_as_much_as_it_likes():
    web, worker = LIMITS["web"], LIMITS["worker"]
    assert 0 < web.statement < worker.statement
    assert 0 < web.lock < worker.lock
    assert 0 < web.idle_in_transaction < worker.idle_in_transaction
    assert database_options("") == ""


@pytest.mark.parametrize(
    ("process", "named"),
    [("web", dict(item.split("=") for item in gunicorn_settings.raw_env)), ("worker", {"PORTAL_PROCESS": "worker"})],
)
def test_the_settings_hand_them_to_the_driver(process, named):
    code = "from mobility_portal import settings; print(settings.DATABASES['default']['OPTIONS']['options'])"
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, env=os.environ | named, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == database_options(process)


@pytest.fixture
def short(monkeypatch, transactional_db):
    """A connection of a process whose limits are a tenth of a second."""
    monkeypatch.setitem(database.LIMITS, "web", Limits(0.1, 0.1, 0.1))
    own = connections.create_connection("default")
    own.settings_dict = own.settings_dict | {
        "OPTIONS": own.settings_dict.get("OPTIONS", {}) | {"options": database_options("web")}
    }
    yield own
    own.close()


def test_the_server_ends_what_takes_longer(short):
    with short.cursor() as cursor:
        for name in NAMES:
            cursor.execute(f"SHOW {name}")
            assert cursor.fetchone() == ("100ms",)
        with pytest.raises(OperationalError, match="statement timeout"):
            cursor.execute("SELECT pg_sleep(5)")


@pytest.mark.django_db(transaction=True)
def test_putting_a_release_in_use_may_take_longer(monkeypatch):
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        operations._lock_dataset("outcomes")
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == (operations.STATEMENT_TIMEOUT,)
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)
