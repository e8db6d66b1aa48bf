"""One line of the log for each background task, with the id of the request that queued it, and how tasks fared."""

import logging
import time
from contextlib import ExitStack
from contextvars import Token
from dataclasses import dataclass
from typing import Any

from celery import signals
from django.db import connection

from atlas.web.request_id import begin_request, current_request_id, end_request, new_request_id
from mobility_portal.observing import notes
from mobility_portal.observing.statements import StatementCount

logger = logging.getLogger("portal.task")
REQUEST_ID, PUBLISHED_AT = "portal_request_id", "portal_published_at"  # headers of a message


@dataclass
class _Running:
    began: float
    waited: float | None  # seconds in its queue
    statements: StatementCount
    end: ExitStack
    error: BaseException | None = None


_running: dict[str, _Running] = {}  # by id of the task: a process of the pool works on one, a test's threads on more


@signals.before_task_publish.connect
def add_headers(headers: dict[str, Any] | None = None, **rest: Any) -> None:
    """A beat task belongs to no request: it gets an id of its own when it starts."""
    if headers is not None:
        headers[PUBLISHED_AT] = time.time()
        if request_id := current_request_id():
            headers[REQUEST_ID] = request_id


@signals.task_prerun.connect
def begin(task_id: str, task: Any, **rest: Any) -> None:
    if task.request.is_eager:
        return  # part of the request that called it
    token: Token[str] = begin_request(_header(task, REQUEST_ID) or new_request_id())
    published = _header(task, PUBLISHED_AT)
    counted, end = StatementCount(), ExitStack()
    end.callback(end_request, token)
    end.enter_context(connection.execute_wrapper(counted))
    waited = max(0.0, time.time() - published) if published else None
    _running[task_id] = _Running(time.perf_counter(), waited, counted, end)


@signals.task_failure.connect
def remember_error(task_id: str, exception: BaseException, **rest: Any) -> None:
    """Comes before `task_postrun`; alone where the process of the pool was killed, in the worker's main process."""
    running = _running.get(task_id)
    if running is not None:
        running.error = exception
        return
    task = getattr(rest.get("sender"), "name", "unknown")
    _tell(task, task_id, "failure", exception, {})
    notes.note_task(task, now=time.time(), seconds=0.0, error=type(exception).__name__)


@signals.task_postrun.connect
def finish(task_id: str, task: Any, state: str | None = None, **rest: Any) -> None:
    running = _running.pop(task_id, None)
    if running is None:
        return
    seconds = time.perf_counter() - running.began
    with running.end:
        fields = {
            "duration_ms": round(seconds * 1000, 1),
            "waited_ms": None if running.waited is None else round(running.waited * 1000),
            "statements": running.statements.number,
            "statements_ms": round(running.statements.seconds * 1000, 1),
        }
        outcome = (state or "unknown").lower()
        _tell(task.name, task_id, outcome, running.error, fields)
        error = type(running.error).__name__ if running.error else "" if outcome == "success" else outcome
        notes.note_task(task.name, now=time.time(), seconds=seconds, error=error)


def _tell(task: str, task_id: str, outcome: str, error: BaseException | None, fields: dict[str, Any]) -> None:
    failed = error is not None
    told = (type(error), error, error.__traceback__) if error is not None else None
    fields = {"task": task, "task_id": task_id, "outcome": outcome, **fields}
    logger.log(
        logging.ERROR if failed else logging.INFO, "%s %s", task, outcome, exc_info=told, extra={"fields": fields}
    )


def _header(task: Any, name: str) -> Any:
    """Celery makes headers of a message attributes of the request of the task."""
    return getattr(task.request, name, None) or (task.request.headers or {}).get(name)
