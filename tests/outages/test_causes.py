"""An outage is told from a fault by what the server or the system says, not by the wording."""

import errno

import psycopg2
import pytest
import redis
from django.db import (
    DatabaseError,
    InterfaceError,
    InternalError,
    OperationalError,
    connection,
    connections,
    transaction,
)
from kombu.exceptions import OperationalError as BrokerError

from mobility_portal.embedded.processes import choose_port
from mobility_portal.outages.causes import RETRY_AFTER, Outage, find_outage
from mobility_portal.outages.postgres import base as postgres


def as_django_raises(kind: type[Exception], state: str | None) -> Exception:
    cause = Exception("of the driver")
    cause.pgcode = state
    error = kind("said something")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (as_django_raises(OperationalError, None), Outage.DATABASE_AWAY),
        (as_django_raises(InterfaceError, None), Outage.DATABASE_AWAY),
        (as_django_raises(OperationalError, "57P01"), Outage.DATABASE_AWAY),  # admin_shutdown
        (as_django_raises(OperationalError, "57P03"), Outage.DATABASE_AWAY),  # cannot_connect_now
        (as_django_raises(OperationalError, "53300"), Outage.BUSY),  # too_many_connections
        (as_django_raises(OperationalError, "57014"), Outage.BUSY),  # statement timeout
        (as_django_raises(OperationalError, "55P03"), Outage.BUSY),  # lock timeout
        (as_django_raises(OperationalError, "40P01"), Outage.BUSY),  # deadlock
        (as_django_raises(OperationalError, "53100"), Outage.DISK_FULL),
        (as_django_raises(InternalError, "25006"), Outage.READ_ONLY),
        (as_django_raises(InternalError, "XX000"), None),
        (as_django_raises(DatabaseError, "42P01"), None),  # undefined_table
        (OSError(errno.ENOSPC, "no room"), Outage.DISK_FULL),
        (OSError(errno.EDQUOT, "quota"), Outage.DISK_FULL),
        (OSError(errno.EMFILE, "too many files"), Outage.BUSY),
        (FileNotFoundError(errno.ENOENT, "gone"), None),
        (redis.ConnectionError("refused"), Outage.BROKER_AWAY),
        (redis.ResponseError("MISCONF can't persist"), Outage.BROKER_AWAY),
        (redis.ResponseError("WRONGTYPE"), None),
        (BrokerError("refused"), Outage.BROKER_AWAY),
        (ValueError("a fault"), None),
        (None, None),
    ],
)
def test_what_is_an_outage(error, outage):
    assert find_outage(error) is outage
    wrapped = RuntimeError("a panel failed")
    wrapped.__cause__ = error
    assert find_outage(wrapped) is outage
    assert outage is None or RETRY_AFTER[outage] > 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("setting", "statement", "outage"),
    [
        ("SET LOCAL statement_timeout = '20ms'", "SELECT pg_sleep(5)", Outage.BUSY),
        ("SET LOCAL transaction_read_only = on", "CREATE TABLE there_is_none (n int)", Outage.READ_ONLY),
    ],
)
def test_what_postgres_itself_raises(setting, statement, outage):
    with pytest.raises(DatabaseError) as raised, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(setting)
        cursor.execute(statement)
    assert find_outage(raised.value) is outage


@pytest.mark.django_db
def test_a_host_that_does_not_answer_is_not_asked_by_every_request(monkeypatch):
    tries = []

    def slow(self, conn_params):
        tries.append(conn_params)
        raise psycopg2.OperationalError("timeout expired")

    monkeypatch.setattr(postgres.base.DatabaseWrapper, "get_new_connection", slow)
    monkeypatch.setattr(postgres, "SLOW", -1.0)
    monkeypatch.setattr(postgres.DatabaseWrapper, "_away_until", 0.0)
    for _ in range(3):
        with pytest.raises(OperationalError) as raised:
            connections.create_connection("default").ensure_connection()
        assert find_outage(raised.value) is Outage.DATABASE_AWAY
    assert len(tries) == 1
    monkeypatch.setattr(postgres, "SLOW", 60.0)  # refused at once: the next one may find it back
    monkeypatch.setattr(postgres.DatabaseWrapper, "_away_until", 0.0)
    for _ in range(2):
        with pytest.raises(OperationalError):
            connections.create_connection("default").ensure_connection()
    assert len(tries) == 3


@pytest.mark.django_db
def test_a_database_that_is_not_there():
    other = connections.create_connection("default")
    other.settings_dict = other.settings_dict | {"HOST": "127.0.0.1", "PORT": choose_port(None)}
    with pytest.raises(OperationalError) as raised:
        other.ensure_connection()
    assert find_outage(raised.value) is Outage.DATABASE_AWAY
