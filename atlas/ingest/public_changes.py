"""Keeps the lists of changes short: their length is read with every page that is kept."""

from django.db import connection

MOST, KEPT = 200, 20  # rows before and after


def forget_public_changes(table: str = "atlas_public_change") -> int:
    """Removes all but the newest rows once there are more than MOST. Returns how many went.

    `table`: a list of that form. Each removal makes what is kept old, as a change does: so it is done seldom.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {table} WHERE (SELECT count(*) FROM {table}) > %s"  # noqa: S608 - our own names
            f" AND id NOT IN (SELECT id FROM {table} ORDER BY id DESC LIMIT %s)",
            [MOST, KEPT],
        )
        return cursor.rowcount
