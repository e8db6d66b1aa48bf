"""Rows as they are, or as they were: the live table, or the newest event of each object until a moment.

History is kept by triggers, so what was known at a moment is the last thing written until then, whoever wrote it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pghistory
from django.db import connection, models


@dataclass(frozen=True)
class Sql:
    """A statement, or a part of one in parentheses, with its parameters in order."""

    text: str
    params: tuple[Any, ...] = ()


def event_table(model: type[models.Model]) -> str:
    (events,) = pghistory.core.event_models(tracks_model=model)
    return events._meta.db_table


def rows_at(model: type[models.Model], columns: str, where: str, params: tuple, as_of: datetime | None) -> Sql:
    """`columns` besides id, as SQL; `where` goes by columns that never change for an object, such as its engagement.

    With `as_of`: as they were at that moment, without those that were not there yet or not any more.
    """
    if as_of is None:
        return Sql(f"(SELECT id, {columns} FROM {model._meta.db_table} WHERE {where})", params)  # noqa: S608 - our own names; values go as parameters
    return Sql(
        f"""(SELECT id, {columns} FROM (
            SELECT DISTINCT ON (pgh_obj_id) pgh_label, {columns}, pgh_obj_id AS id
            FROM {event_table(model)} WHERE pgh_created_at <= %s AND {where}
            ORDER BY pgh_obj_id, pgh_id DESC) newest WHERE pgh_label <> 'delete')""",  # noqa: S608 - our own names; values go as parameters
        (as_of, *params),
    )


def read(text: str, params: tuple) -> list[tuple]:
    """Rows of one statement."""
    with connection.cursor() as cursor:
        cursor.execute(text, params)
        return cursor.fetchall()
