"""What Postgres needs to find names with typos: two extensions that come with it, one function and one index.

A managed server may not let the portal's account add extensions. Then names are found as they are written, and
`enable_name_search` says who has to do what; each start of the portal tries again.
"""

from typing import Any

from django.db import Error, transaction

EXTENSIONS = ("pg_trgm", "unaccent")
FUNCTION = "atlas_plain_name"  # lower case without accents; both sides of each comparison go through it
_SCHEMA = "SELECT quote_ident(n.nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace"


def enable_name_search(connection: Any) -> str:
    """Adds what is missing; "" once everything is there, else a sentence that says what stands in the way.

    May run at any time and in a transaction of its own or another's.
    """
    if has_name_search(connection):
        return ""
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            for name in EXTENSIONS:
                cursor.execute(f"CREATE EXTENSION IF NOT EXISTS {name}")
            _add_function_and_index(cursor)
    except Error as refused:
        reason = str(refused).strip().partition("\n")[0]
        return (
            "Names are searched without tolerance for typos: the database did not let the portal add what that needs "
            f"({reason}). Ask its administrator to run CREATE EXTENSION pg_trgm; CREATE EXTENSION unaccent; "
            "in the portal's database, then start the portal again."
        )
    return ""


def has_name_search(connection: Any) -> bool:
    """Whether names can be found with typos. One statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_class WHERE relname = 'atlas_tract_plain_name'")
        return cursor.fetchone() is not None


def _add_function_and_index(cursor: Any) -> None:
    """An index needs a function that never changes its answer; `unaccent` with its dictionary named is one, though
    Postgres can't know that."""
    cursor.execute(f"{_SCHEMA} WHERE e.extname = 'unaccent'")
    (unaccent,) = cursor.fetchone()
    cursor.execute(f"{_SCHEMA} WHERE e.extname = 'pg_trgm'")
    (trigrams,) = cursor.fetchone()
    cursor.execute(
        f"CREATE OR REPLACE FUNCTION {FUNCTION}(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS "
        f"$$ SELECT lower({unaccent}.unaccent('{unaccent}.unaccent'::regdictionary, $1)) $$"
    )
    cursor.execute(
        "CREATE INDEX IF NOT EXISTS atlas_tract_plain_name ON atlas_tract USING gin "
        f"({FUNCTION}(name) {trigrams}.gin_trgm_ops) WHERE vintage = 2010"
    )


def remove_name_search(connection: Any) -> None:
    """Takes function and index away; the extensions may be somebody else's and stay."""
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX IF EXISTS atlas_tract_plain_name")
        cursor.execute(f"DROP FUNCTION IF EXISTS {FUNCTION}(text)")
