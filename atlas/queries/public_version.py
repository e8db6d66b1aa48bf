"""What changes with everything that public pages show: the key of pages that are kept."""

from weakref import WeakSet

import psycopg2
from django.db import connection

_VERSION = """
SELECT (SELECT n FROM atlas_generation),
       (SELECT string_agg(id::text, ',' ORDER BY id) FROM atlas_public_change)
"""
_prepared: WeakSet = WeakSet()  # of the driver's connections, which hold the statement planned


def public_version() -> str:
    """Equal twice: nothing that a public page reads was committed in between. One statement.

    The numbers of `atlas_public_change` are those of committed transactions, few since `forget_public_changes` removes
    old ones. Inside a transaction its own writes may hide behind one number: nothing read there may be kept.
    """
    generation, changes = _read()
    return f"{generation}:{changes or ''}"


def _read() -> tuple[int, str | None]:
    """Asked at every request of a page that is kept, so planned once and past Django's cursor: 30 µs, not 200.

    A connection that broke, or that a pooler gave to somebody else, is asked Django's way, which connects anew.
    """
    if connection.connection is None:
        connection.ensure_connection()
    raw = connection.connection
    try:
        with raw.cursor() as cursor:
            if raw not in _prepared:
                cursor.execute(f"PREPARE atlas_public_version AS {_VERSION}")
                _prepared.add(raw)
            cursor.execute("EXECUTE atlas_public_version")
            return cursor.fetchone()
    except psycopg2.Error:
        if connection.in_atomic_block:
            raise
        connection.close()
    with connection.cursor() as cursor:
        cursor.execute(_VERSION)
        return cursor.fetchone()
