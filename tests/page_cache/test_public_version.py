"""The version of public pages survives what happens to connections."""

import psycopg2
import pytest
from django.db import Error, connection

from atlas.queries.public_version import public_version

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_connection_the_server_ended_is_made_anew():
    before = public_version()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (own,) = cursor.fetchone()
    other = psycopg2.connect(**connection.get_connection_params() | {"cursor_factory": None})
    with other, other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [own])
    other.close()
    assert public_version() == before


def test_a_statement_a_pooler_lost_is_asked_anew():
    before = public_version()
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    assert public_version() == before
    assert public_version() == before  # and planned again


def test_a_missing_table_is_an_error_of_the_database():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE atlas_public_change RENAME TO atlas_gone")
    try:
        with pytest.raises(Error):
            public_version()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE atlas_gone RENAME TO atlas_public_change")
