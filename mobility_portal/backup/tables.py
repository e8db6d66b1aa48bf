"""Every table of a database with a checksum that two servers agree on. Knows nothing of Django."""

from typing import Any

from psycopg2 import sql

from mobility_portal.backup.manifest import Table

# What a value looks like as text must not hang on the session, the server or the operator's locale.
_SESSION = (
    "SET LOCAL DateStyle = 'ISO, YMD'",
    "SET LOCAL IntervalStyle = 'postgres'",
    "SET LOCAL TimeZone = 'UTC'",
    "SET LOCAL extra_float_digits = 1",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL xmloption = 'content'",
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL search_path = pg_catalog",
)
_OURS = """
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname NOT LIKE 'pg\\_%%' AND n.nspname <> 'information_schema' AND c.relkind = ANY(%s)
      AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                      AND d.deptype = 'e')
    ORDER BY 1, 2
"""
_LOGGED = "AND c.relpersistence = 'p' ORDER"


def checksums(connection: Any) -> list[Table]:
    """Of every table and materialized view, in the transaction that is open; sequential scans, one per table.

    Without unlogged tables: what the database itself forgets after a crash is in no backup.
    """
    with connection.cursor() as cursor:
        for statement in _SESSION:
            cursor.execute(statement)
        cursor.execute("SELECT n.nspname, c.relname" + _OURS.replace("ORDER", _LOGGED), [["r", "m"]])
        return [checksum_of(cursor, schema, name) for schema, name in cursor.fetchall()]


def checksum_of(cursor: Any, schema: str, name: str) -> Table:
    """Count and sum of the rows' SHA-256, whatever their order.

    Each row's text is hashed; the first and the second 64 bits of the hashes are summed apart, as exact numbers. Equal
    rows, in any order, give equal sums; a lost, doubled or changed row changes them (by chance not in 1 of 2^128).
    """
    cursor.execute(
        sql.SQL(
            "SELECT count(*), coalesce(sum(('x' || left(h, 16))::bit(64)::bigint::numeric), 0)::text,"
            " coalesce(sum(('x' || substr(h, 17, 16))::bit(64)::bigint::numeric), 0)::text FROM"
            " (SELECT encode(sha256(convert_to(\"a whole row\"::text, 'UTF8')), 'hex') AS h FROM ONLY {}.{}"
            ' AS "a whole row") AS hashed'
        ).format(sql.Identifier(schema), sql.Identifier(name))
    )
    rows, first, second = cursor.fetchone()
    return Table(name if schema == "public" else f"{schema}.{name}", rows, f"{first}:{second}")


def is_empty(connection: Any) -> bool:
    """Whether the database has no table, view or sequence of anybody's; what extensions brought does not count."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT n.nspname, c.relname" + _OURS, [["r", "m", "v", "S", "p", "f"]])
        return cursor.fetchone() is None


def migrations(connection: Any) -> dict[str, list[str]]:
    """App -> names applied; nothing where the portal never ran."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.django_migrations') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return {}
        cursor.execute("SELECT app, name FROM public.django_migrations ORDER BY app, name")
        found: dict[str, list[str]] = {}
        for app, name in cursor.fetchall():
            found.setdefault(app, []).append(name)
        return found
