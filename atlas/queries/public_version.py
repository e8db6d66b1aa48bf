"""What changes with everything that public pages show: the key of pages that are kept."""

from django.db import connection

_VERSION = """
SELECT (SELECT n FROM atlas_generation),
       (SELECT string_agg(id::text, ',' ORDER BY id) FROM atlas_public_change)
"""


def public_version() -> str:
    """Equal twice: nothing that a public page reads was committed in between. One statement.

    The numbers of `atlas_public_change` are those of committed transactions, few since `forget_public_changes` removes
    old ones. Inside a transaction its own writes may hide behind one number: nothing read there may be kept.
    """
    with connection.cursor() as cursor:
        cursor.execute(_VERSION)
        generation, changes = cursor.fetchone()
    return f"{generation}:{changes or ''}"
