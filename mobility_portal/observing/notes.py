"""Small facts kept in Redis by whatever runs: when each task last ended, and which errors there were.

Redis and not the database: they are written when the database is away or a transaction is broken, many times a minute,
and are worth nothing a month later. Nothing that is decided depends on them. While Redis is away they are not written,
and nobody waits for it twice within five seconds.
"""

import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import redis
from django.conf import settings

_RUNS = "portal:task-runs"
_ERRORS = "portal:errors:"  # and the day
DAYS_OF_ERRORS = 14
_PAUSE = 5.0  # seconds
_pause_until = 0.0


@dataclass(frozen=True)
class TaskRun:
    """How a task fared. Times in seconds since 1970, None: never since Redis remembers. `seconds`: of the last run."""

    task: str
    succeeded_at: float | None = None
    failed_at: float | None = None
    seconds: float = 0.0
    succeeded: int = 0
    failed: int = 0
    error: str = ""  # class of the last one


@dataclass(frozen=True)
class ErrorNote:
    """Errors of one class at one place on one day (UTC); `reference` is the request id of the last."""

    day: str
    place: str
    kind: str
    number: int
    last_at: float
    reference: str


def note_task(task: str, *, now: float, seconds: float, error: str = "") -> None:
    """`error`: the class of what it ended with, "" when it succeeded."""

    def write(client: redis.Redis) -> None:
        kept: Any = client.hget(_RUNS, task)
        old = json.loads(kept) if kept else {}
        new = {**old, "seconds": round(seconds, 3)}
        if error:
            new |= {"failed_at": now, "failed": old.get("failed", 0) + 1, "error": error}
        else:
            new |= {"succeeded_at": now, "succeeded": old.get("succeeded", 0) + 1}
        client.hset(_RUNS, task, json.dumps(new))

    _try(write)


def task_runs() -> dict[str, TaskRun]:
    """By name of the task. Raises redis.RedisError."""
    found: Any = _client().hgetall(_RUNS)
    return {task.decode(): TaskRun(task=task.decode(), **json.loads(said)) for task, said in found.items()}


def note_error(place: str, kind: str, *, now: float, reference: str) -> None:
    key = f"{_ERRORS}{_day(now)}"
    what = json.dumps([place, kind])

    def write(client: redis.Redis) -> None:
        pipe = client.pipeline(transaction=False)
        pipe.hincrby(key, f"n{what}", 1)
        pipe.hset(key, f"l{what}", json.dumps([now, reference]))
        pipe.expire(key, DAYS_OF_ERRORS * 86_400)
        pipe.execute()

    _try(write)


def error_notes(now: float) -> tuple[ErrorNote, ...]:
    """Of the last 14 days, the latest first. Raises redis.RedisError."""
    days = [_day(now - back * 86_400) for back in range(DAYS_OF_ERRORS)]
    pipe = _client().pipeline(transaction=False)
    for day in days:
        pipe.hgetall(f"{_ERRORS}{day}")
    found = []
    for day, fields in zip(days, pipe.execute(), strict=True):
        for name, number in fields.items():
            if not name.startswith(b"n"):
                continue
            place, kind = json.loads(name[1:])
            last_at, reference = json.loads(fields.get(b"l" + name[1:], b'[0, ""]'))
            found.append(ErrorNote(day, place, kind, int(number), last_at, reference))
    return tuple(sorted(found, key=lambda note: -note.last_at))


def client() -> redis.Redis:
    """The one of this process, with timeouts of less than a second."""
    return _client()


def _client() -> redis.Redis:
    return _client_of(settings.REDIS_URL)


@lru_cache(maxsize=4)
def _client_of(url: str) -> redis.Redis:
    """Its pool notices a fork and is shared by threads."""
    return redis.Redis.from_url(url, retry=None, **settings.REDIS_TIMEOUTS)


def _try(write: Callable[[redis.Redis], None]) -> None:
    global _pause_until
    if time.monotonic() < _pause_until:
        return
    try:
        write(_client())
    except redis.RedisError as error:
        _pause_until = time.monotonic() + _PAUSE
        logging.getLogger(__name__).warning("A note for administrators was not kept: %s", type(error).__name__)


def _day(now: float) -> str:
    return datetime.fromtimestamp(now, UTC).date().isoformat()
