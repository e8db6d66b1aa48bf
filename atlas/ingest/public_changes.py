"""Keeps the list of public changes short: its length is read with every page."""

from django.db import connection

MOST, KEPT = 200, 20  # rows before and after


def forget_public_changes() -> int:
    """Removes all but the newest rows once there are more than MOST. Returns how many went.

    Each removal makes kept pages old, as a change does: so it is done seldom.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM atlas_public_change WHERE (SELECT count(*) FROM atlas_public_change) > %s"
            " AND id NOT IN (SELECT id FROM atlas_public_change ORDER BY id DESC LIMIT %s)",
            [MOST, KEPT],
        )
        return cursor.rowcount
