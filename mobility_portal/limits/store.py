"""A cache in Postgres for the counters of sign-in: nothing is thrown out before its time, and Redis may be away.

One statement for each call, as long as nothing else asks for the same key. Values are JSON. Rows that are over are
removed a few at a time by whoever writes the next.
"""

import json
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection
from django.utils.crypto import salted_hmac

from mobility_portal.caches.plain_values import check_plain
from mobility_portal.limits.models import SignInCounter

_TABLE = SignInCounter._meta.db_table
_UNTIL = "clock_timestamp() + %s * interval '1 second'"
_REMOVED = 10  # rows that are over, removed with each new one: so the table can't grow beyond what is in force
# The names are our own: values go by placeholders.
_GET = f"SELECT value FROM {_TABLE} WHERE key = %s AND expires_at > clock_timestamp()"  # noqa: S608 - our own names; values go as parameters
_WRITE = f"""
    WITH over AS (
        SELECT key FROM {_TABLE} WHERE expires_at <= clock_timestamp() AND key <> %s
        ORDER BY expires_at LIMIT {_REMOVED} FOR UPDATE SKIP LOCKED
    ), removed AS (DELETE FROM {_TABLE} WHERE key IN (SELECT key FROM over))
    INSERT INTO {_TABLE} (key, value, expires_at) VALUES (%s, %s, {_UNTIL})
    ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at
"""  # noqa: S608 - our own names; values go as parameters
_ADD = f"{_WRITE} WHERE {_TABLE}.expires_at <= clock_timestamp() RETURNING true"
_TOUCH = f"UPDATE {_TABLE} SET expires_at = {_UNTIL} WHERE key = %s AND expires_at > clock_timestamp()"  # noqa: S608 - our own names; values go as parameters
_DELETE = f"DELETE FROM {_TABLE} WHERE key = %s AND expires_at > clock_timestamp()"  # noqa: S608 - our own names; values go as parameters
_COUNT = f"""
    UPDATE {_TABLE} SET value = to_jsonb(value::text::bigint + %s)
    WHERE key = %s AND expires_at > clock_timestamp() RETURNING value
"""  # noqa: S608 - our own names; values go as parameters


class SignInLimits(BaseCache):
    """Raises django.db.Error while the database is away: nobody can sign in then either."""

    def __init__(self, location: str, params: dict[str, Any]):
        super().__init__(params)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        rows = self._run(_GET, self._hash(key, version))
        return json.loads(rows[0][0]) if rows else default

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._run(_WRITE, *self._row(key, value, timeout, version))

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(self._run(_ADD, *self._row(key, value, timeout, version)))

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._changed(_TOUCH, self._seconds(timeout), self._hash(key, version))

    def delete(self, key: str, version: int | None = None) -> bool:
        return self._changed(_DELETE, self._hash(key, version))

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Raises ValueError where nothing is counted under `key`."""
        rows = self._run(_COUNT, delta, self._hash(key, version))
        if not rows:
            raise ValueError("Nothing is counted under this key.")
        return int(json.loads(rows[0][0]))

    def clear(self) -> None:
        SignInCounter.objects.all().delete()

    def _row(self, key: str, value: Any, timeout: Any, version: int | None) -> tuple[Any, ...]:
        check_plain(value)
        name = self._hash(key, version)
        return name, name, json.dumps(value, allow_nan=False), self._seconds(timeout)

    def _hash(self, key: str, version: int | None) -> str:
        """Addresses and e-mail addresses are among the keys, and a dump of the database may go far."""
        return salted_hmac("sign-in limits", self.make_key(key, version), algorithm="sha256").hexdigest()

    def _seconds(self, timeout: Any) -> float:
        """From now, so that the database's clock alone counts. Everything here ends: "for ever" is ten years."""
        if timeout is DEFAULT_TIMEOUT:
            timeout = self.default_timeout
        return 3650 * 86_400.0 if timeout is None else float(timeout)

    def _run(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def _changed(self, statement: str, *values: Any) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.rowcount > 0
